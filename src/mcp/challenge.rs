//! Splits `WWW-Authenticate` into challenges (RFC 9110 section 11.6.1).
