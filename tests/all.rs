//! The one integration test binary: `suite` holds the tests, `support` what they
//! run against.
#![allow(unreachable_pub)]
// Helpers of tests are outside `#[test]`, where the lints do not spare them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing, clippy::string_slice)]

mod suite;
mod support;
