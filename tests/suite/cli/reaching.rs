//! Certificate authorities and proxies of one connector.

use serde_json::json;

use crate::support::fake::{Behaviour, FakeServer, Tls, authority_pem};
use crate::support::proxy::Proxy;
use crate::support::shell::Shell;

const PASSWORD: &str = "canary-b81d07";

fn with_authority(shell: &Shell) -> String {
    let file = shell.home().join("ca.pem");
    std::fs::write(&file, authority_pem()).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_server_of_an_unknown_authority_is_reached_with_its_certificate_alone() {
    let server = FakeServer::start(Behaviour::modern().tls(Tls::Good));
    let shell = Shell::new();
    let refused = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .ended_with(1);
    assert!(refused.stderr.contains("--ca FILE"), "{}", refused.stderr);
    let _ = shell.run(&["remove", "wiki", "--yes"]);
    let ca = with_authority(&shell);
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust", "--ca", &ca])
        .succeeded();
    // The file is needed no more: its text belongs to the connector.
    std::fs::remove_file(ca).unwrap();
    let _ = shell.run(&["stop"]).succeeded();
    let answer = shell.run(&["refresh", "wiki"]).succeeded();
    assert!(answer.stdout.contains("connected"), "{}", answer.stdout);
    // And it is trusted for that connector, not for another one.
    let _ = shell
        .run(&["add", "other", &server.url, "--trust"])
        .ended_with(1);
}

#[test]
fn a_proxy_of_one_connector_carries_all_of_it_and_its_password_is_kept_secret() {
    let server = FakeServer::start(Behaviour::modern().tls(Tls::Good));
    let proxy = Proxy::start();
    let mut shell = Shell::new();
    shell.set("CALLBOARD_VAULT", "file");
    let ca = with_authority(&shell);
    let address = format!("http://ana:{PASSWORD}@{}", proxy.address);
    let added = shell
        .run(&[
            "add",
            "wiki",
            &server.url,
            "--trust",
            "--ca",
            &ca,
            "--proxy",
            &address,
        ])
        .succeeded();
    assert!(!added.everything().contains(PASSWORD));
    let asked_so_far = proxy.heads().len();
    assert!(asked_so_far > 0);
    for head in proxy.heads() {
        assert!(head.starts_with("CONNECT 127.0.0.1:"), "{head}");
        // base64 of ana:canary-b81d07
        assert!(head.contains("YW5hOmNhbmFyeS1iODFkMDc="), "{head}");
    }
    let _ = shell.run(&["stop"]).succeeded();
    let called = shell.json(&["call", "wiki", "echo", "text=hi", "--yes"]);
    assert_eq!(called["content"][0]["text"], json!("hi"));
    assert!(proxy.heads().len() > asked_so_far);
    let shown = shell.run(&["show", "wiki", "--json"]).succeeded();
    assert!(!shown.everything().contains(PASSWORD));
    assert_eq!(shell.holds(PASSWORD), Vec::<String>::new());
}

#[test]
fn the_password_of_one_proxy_is_not_given_to_another() {
    let server = FakeServer::start(Behaviour::modern().tls(Tls::Good));
    let (first, second) = (Proxy::start(), Proxy::start());
    let mut shell = Shell::new();
    shell.set("CALLBOARD_VAULT", "file");
    let ca = with_authority(&shell);
    // Without a scheme, as people write it.
    let with_password = format!("ana:{PASSWORD}@{}", first.address);
    let mut words = vec!["add", "wiki", &server.url, "--trust", "--ca", &ca];
    words.extend(["--proxy", &with_password]);
    let _ = shell.run(&words).succeeded();
    assert_eq!(shell.holds(PASSWORD), Vec::<String>::new());
    let other = format!("http://ana@{}", second.address);
    let _ = shell.run(&["edit", "wiki", "--proxy", &other]).succeeded();
    assert!(!second.heads().is_empty());
    for head in second.heads() {
        assert!(!head.contains("YW5hOmNhbmFyeS1iODFkMDc="), "{head}");
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let server = FakeServer::start(Behaviour::modern().tls(Tls::Good));
    let shell = Shell::new();
    let ca = with_authority(&shell);
    let run = shell
        .run(&[
            "detect",
            &server.url,
            "--ca",
            &ca,
            "--proxy",
            "http://127.0.0.1:9",
        ])
        .ended_with(1);
    assert!(run.stderr.contains("proxy"), "{}", run.stderr);
}
