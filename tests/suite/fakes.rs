//! The fakes do what they say, by plain HTTP.

use crate::support::fake::{Behaviour, FakeServer};

#[test]
fn a_server_starts() {
    let server = FakeServer::start(Behaviour::modern());
    assert!(server.url.starts_with("http://127.0.0.1:"));
}
