//! The network against servers on this machine, TLS included.

pub(in crate::mcp) mod loopback;

use std::time::Duration;

use loopback::{Authority, Loopback, Reply, http};
use tokio::time::Instant;

use super::*;
use crate::domain::FaultKind;

fn options() -> ConnectionOptions {
    ConnectionOptions::default()
}

fn url(text: &str) -> url::Url {
    url::Url::parse(text).expect("a URL")
}

/// What a request to an address fails with.
async fn failing(network: &Network, options: &ConnectionOptions, address: &str) -> Fault {
    let client = network.client(options).expect("a client");
    let request = client.get(address).timeout(Duration::from_secs(20));
    let error = match request.send().await {
        Err(error) => error,
        Ok(response) => response.bytes().await.expect_err("a failure"),
    };
    let fault = fault(&error, &url(address));
    assert_eq!(fault.kind, FaultKind::Network, "{fault:?}");
    assert!(
        !fault.hints.is_empty() && !fault.message.ends_with('.'),
        "{fault:?}"
    );
    assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
    fault
}

#[tokio::test]
async fn plain_http_reads_no_certificates_and_shares_one_pool() {
    let server = Loopback::http(|_| http(200, "text/plain", "hello")).await;
    let network = Network::new().expect("a network");
    for _ in 0..2 {
        let client = network.client(&options()).expect("a client");
        let body = client
            .get(server.url("/"))
            .send()
            .await
            .expect("an answer")
            .text()
            .await;
        assert_eq!(body.expect("a body"), "hello");
    }
    assert!(!network.roots.are_read());
    let seen = server.seen();
    assert!(
        seen[0].contains(concat!("user-agent: callboard/", env!("CARGO_PKG_VERSION"))),
        "{}",
        seen[0]
    );
    assert!(!seen[0].contains("accept-encoding"), "{}", seen[0]);
}

#[tokio::test]
async fn a_redirect_is_brought_back_and_not_followed() {
    let server = Loopback::http(|_| {
        Reply::Whole("HTTP/1.1 302 Found\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n".into())
    })
    .await;
    let client = Network::new()
        .expect("a network")
        .client(&options())
        .expect("a client");
    let response = client
        .get(server.url("/a"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 302);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_refused_connection_and_an_unknown_host_are_named() {
    let network = Network::new().expect("a network");
    let closed = Loopback::closed().await;
    let fault = failing(
        &network,
        &options(),
        &format!("http://{closed}/?key=hunter2"),
    )
    .await;
    assert!(
        fault
            .message
            .contains(&format!("{closed} refused the connection")),
        "{fault}"
    );
    assert!(fault.retry);
    // A label of 64 letters is no name, so nobody on the network is asked for it.
    let fault = failing(
        &network,
        &options(),
        &format!("http://{}.localhost.invalid/", "a".repeat(64)),
    )
    .await;
    assert!(fault.message.starts_with("no such host: aaa"), "{fault}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_named() {
    let network = Network::new().expect("a network");
    let hung_up = Loopback::http(|_| Reply::Whole(Vec::new())).await;
    let cut = Loopback::http(|_| {
        Reply::Whole(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec())
    })
    .await;
    for server in [hung_up, cut] {
        let fault = failing(&network, &options(), &server.url("/")).await;
        assert!(
            fault
                .message
                .contains("closed the connection in the middle")
                || fault.message.contains("reset"),
            "{fault}"
        );
    }
    let chatter = Loopback::http(|_| Reply::Whole(b"SSH-2.0-OpenSSH\r\n\r\n\r\n".to_vec())).await;
    let fault = failing(&network, &options(), &chatter.url("/")).await;
    assert!(fault.message.contains("does not speak HTTP"), "{fault}");
}

#[tokio::test]
async fn each_fault_of_a_certificate_has_its_name() {
    let network = Network::new().expect("a network");
    let authority = Authority::new();
    let trusting = ConnectionOptions {
        ca_pem: Some(authority.pem()),
        ..options()
    };
    let rows = [
        (authority.expired("localhost"), &trusting, "has expired"),
        (
            authority.not_yet_valid("localhost"),
            &trusting,
            "is not valid yet",
        ),
        (
            authority.valid("other.example"),
            &trusting,
            "is for another name",
        ),
        (
            authority.valid("localhost"),
            &options(),
            "is self-signed or by an authority",
        ),
        (
            Authority::self_signed("localhost", false),
            &trusting,
            "is self-signed or by an authority",
        ),
        (
            Authority::self_signed("localhost", true),
            &trusting,
            "is an authority's own",
        ),
    ];
    for (certificate, options, says) in rows {
        let server = Loopback::https(certificate, |_| http(200, "text/plain", "")).await;
        let fault = failing(&network, options, &server.url("/?key=hunter2")).await;
        assert!(fault.message.contains(says), "{says}: {fault}");
        assert!(fault.message.contains("localhost"), "{fault}");
        assert!(!fault.retry, "{fault}");
    }
    let server = Loopback::https(authority.valid("localhost"), |_| {
        http(200, "text/plain", "hello")
    })
    .await;
    let client = network.client(&trusting).expect("a client");
    let response = client.get(server.url("/")).send().await.expect("an answer");
    assert_eq!(response.text().await.expect("a body"), "hello");
}

#[tokio::test]
async fn tls_where_there_is_none_and_none_where_there_is_are_named() {
    let network = Network::new().expect("a network");
    let server = Loopback::http(|_| http(200, "text/plain", "")).await;
    let address = server.url("/").replace("http://", "https://");
    let fault = failing(&network, &options(), &address).await;
    assert!(fault.message.contains("does not speak TLS"), "{fault}");
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_never_used_for_this_machine() {
    let dead = Loopback::closed().await;
    let environment =
        ProxyEnvironment::read(|name| (name == "ALL_PROXY").then(|| format!("http://{dead}")));
    let network = Network::with_proxies(environment).expect("a network");
    let server = Loopback::http(|_| http(200, "text/plain", "")).await;
    let client = network.client(&options()).expect("a client");
    for host in ["localhost", "127.0.0.1", "app.localhost"] {
        let address = server.url("/").replace("localhost", host);
        assert!(client.get(&address).send().await.is_ok(), "{address}");
    }
    let fault = failing(&network, &options(), "https://a.example/").await;
    assert!(
        fault.message.contains("the proxy cannot be reached"),
        "{fault}"
    );
}

#[tokio::test]
async fn a_proxy_of_the_environment_that_cannot_be_read_is_not_gone_around() {
    let environment =
        ProxyEnvironment::read(|name| (name == "https_proxy").then(|| "ftp://x".to_owned()));
    let network = Network::with_proxies(environment).expect("a network");
    let fault = network.client(&options()).expect_err("a fault");
    assert_eq!(fault.kind, FaultKind::Config);
    assert!(fault.message.contains("https_proxy"));
}

#[tokio::test]
async fn a_connectors_own_proxy_gets_its_user_and_password() {
    let proxy = Loopback::http(|_| http(200, "text/plain", "by proxy")).await;
    let own = |user: &str| ConnectionOptions {
        proxy: Some(proxy.url("").replace("http://", &format!("http://{user}"))),
        ..options()
    };
    let network = Network::new().expect("a network");
    let client = network.client(&own("me:hunter2@")).expect("a client");
    let response = client
        .get("http://a.example/x")
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.text().await.expect("a body"), "by proxy");
    let seen = proxy.seen();
    assert!(
        seen[0].starts_with("GET http://a.example/x HTTP/1.1"),
        "{}",
        seen[0]
    );
    assert!(
        seen[0].contains("proxy-authorization: Basic bWU6aHVudGVyMg=="),
        "{}",
        seen[0]
    );
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told_apart_from_the_server() {
    let network = Network::new().expect("a network");
    for (status, says) in [
        (407, "the proxy wants a user and a password"),
        (403, "the proxy refused to make"),
    ] {
        let proxy = Loopback::http(move |_| http(status, "text/plain", "")).await;
        let own = ConnectionOptions {
            proxy: Some(proxy.url("").replace("http://", "http://me:hunter2@")),
            ..options()
        };
        let fault = failing(&network, &own, "https://a.example/").await;
        assert!(fault.message.contains(says), "{fault}");
        assert!(proxy.seen()[0].starts_with("CONNECT a.example:443"));
    }
}

#[test]
fn a_ca_file_that_is_none_is_refused() {
    let network = Network::new().expect("a network");
    for (pem, says) in [
        ("", "holds no certificate"),
        ("hello", "holds no certificate"),
        (
            "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
            "certificate 1",
        ),
        (
            "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
            "certificate 1",
        ),
    ] {
        let options = ConnectionOptions {
            ca_pem: Some(pem.to_owned()),
            ..options()
        };
        let fault = network.client(&options).expect_err("a fault");
        assert_eq!(fault.kind, FaultKind::User);
        assert!(fault.message.contains(says), "{fault}");
    }
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    let claimed = Loopback::http(|_| {
        Reply::Whole(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n".to_vec())
    })
    .await;
    let endless =
        Loopback::http(|_| Reply::Endless("HTTP/1.1 200 OK\r\n\r\n".into(), vec![b'x'; 4096]))
            .await;
    let fits = Loopback::http(|_| http(200, "text/plain", "fits")).await;
    let client = Network::new()
        .expect("a network")
        .client(&options())
        .expect("a client");
    let soon = || Instant::now() + Duration::from_secs(20);
    for server in [claimed, endless] {
        let response = client.get(server.url("/")).send().await.expect("an answer");
        assert!(matches!(
            bounded_body(response, 1000, soon()).await,
            Err(BodyFault::TooLarge)
        ));
    }
    let response = client.get(fits.url("/")).send().await.expect("an answer");
    assert_eq!(
        bounded_body(response, 4, soon()).await.expect("a body"),
        "fits"
    );
    let quiet = Loopback::http(|_| Reply::Hold("HTTP/1.1 200 OK\r\n\r\n".into())).await;
    let response = client.get(quiet.url("/")).send().await.expect("an answer");
    let now = Instant::now() + Duration::from_millis(1);
    assert!(matches!(
        bounded_body(response, 4, now).await,
        Err(BodyFault::TooSlow)
    ));
}
