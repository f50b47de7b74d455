//! Tests against MCP servers that others wrote.
//!
//! `.ci/real-servers cargo test --locked --test real -- --ignored` starts the
//! servers, runs these and stops the servers again. Without them the tests are
//! passed over; asked for all the same, they fail.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "real/raw.rs"]
mod raw;
#[path = "real/servers.rs"]
mod servers;

use servers::Servers;

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn server_everything_answers_over_streamable_http() {
    let server = Servers::started().everything_http;
    let result = raw::initialize(&server.url, None).await;
    assert!(raw::names_itself(&result), "{result}");
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn server_everything_answers_over_sse() {
    let server = Servers::started().everything_sse;
    let result = raw::initialize_over_sse(&server.url).await;
    assert!(raw::names_itself(&result), "{result}");
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn server_everything_answers_over_stdio() {
    let program = Servers::started().everything_stdio;
    let result = raw::initialize_over_stdio(&program).await;
    assert!(raw::names_itself(&result), "{result}");
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn fastmcp_answers_whoever_asks() {
    let server = Servers::started().fast;
    let result = raw::initialize(&server.url, None).await;
    assert_eq!(result["serverInfo"]["name"], "fast");
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn fastmcp_answers_over_stdio() {
    let program = Servers::started().fast_stdio;
    let result = raw::initialize_over_stdio(&program).await;
    assert_eq!(result["serverInfo"]["name"], "fast");
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn fastmcp_answers_only_with_its_bearer_token() {
    let server = Servers::started().fast_bearer;
    let challenge = raw::refusal(&server.url, None).await;
    assert!(challenge.starts_with("Bearer"), "{challenge}");
    raw::refusal(&server.url, Some("Bearer wrong".to_owned())).await;

    let result = raw::initialize(&server.url, Some(server.authorization())).await;
    assert_eq!(result["serverInfo"]["name"], "fast");
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn fastmcp_behind_nginx_answers_only_with_user_and_password() {
    let server = Servers::started().fast_basic;
    let challenge = raw::refusal(&server.url, None).await;
    assert!(challenge.starts_with("Basic realm="), "{challenge}");

    let result = raw::initialize(&server.url, Some(server.authorization())).await;
    assert_eq!(result["serverInfo"]["name"], "fast");
}
