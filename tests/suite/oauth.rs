//! Signing in, against an authority that keeps every rule of OAuth 2.1 and breaks one
//! on request. Each test is one row: what happens when.

mod attacks;
mod case;
mod consent;
mod devices;
mod discovery;
mod refreshing;
mod registering;
mod scopes;
mod tokens;
