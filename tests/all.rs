//! The one integration test binary: `suite` holds the tests, `support` what they
//! run against.

mod suite;
mod support;
