//! A connector that signs in is changed: what belongs to one server, issuer or client
//! goes to no other.

use serde_json::json;

use super::face::{Face, approved, consented, shell};
use crate::support::authority::{Authority, Behaviour, Preset};
use crate::support::shell::Shell;

async fn signed_in(shell: &Shell, authority: &Authority) {
    let face = Face::adding(shell, "wiki", authority);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["status"], "connected");
}

#[tokio::test]
async fn another_url_gets_nothing_of_the_sign_in_and_the_old_server_takes_it_back() {
    let (authority, other) = (
        Authority::start(Behaviour::good()),
        Authority::start(Behaviour::good()),
    );
    let shell = shell("file");
    signed_in(&shell, &authority).await;
    let given = authority.secrets();
    let refused = shell
        .run(&["edit", "wiki", "--url", &other.url])
        .ended_with(2);
    assert!(refused.stderr.contains("--trust"), "{}", refused.stderr);
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).succeeded();
    let edit = ["edit", "wiki", "--url", &other.url, "--trust"];
    let edited = shell.run(&edit).ended_with(3);
    assert!(
        edited.stderr.contains("callboard login wiki"),
        "{}",
        edited.stderr
    );
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).ended_with(3);
    let face = Face::running(&shell, &["login", "wiki"]);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["sign_in"]["issuer"], json!(other.origin));
    assert!(other.count("/mcp") > 0);
    assert_eq!(other.count("/register"), 1, "a client of its own");
    for (what, secret) in given {
        for path in ["/mcp", "/token", "/register", "/authorize", "/revoke"] {
            let leaked = other.at(path).iter().any(|seen| seen.mentions(&secret));
            assert!(!leaked, "{what} at {path}");
        }
    }
    let before_login = other.at("/mcp");
    assert_eq!(before_login[0].header("authorization"), None);
    assert_eq!(authority.count("/revoke"), 2);
}

#[tokio::test]
async fn another_path_of_the_same_server_is_another_resource() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    signed_in(&shell, &authority).await;
    let url = format!("{}/other", authority.origin);
    assert_ne!(
        shell.run(&["edit", "wiki", "--url", &url, "--trust"]).code,
        0
    );
    // It is asked who may come in, with nothing in hand.
    let _ = shell.run(&["login", "wiki", "--no-wait"]);
    let asked = authority.at("/other");
    assert!(!asked.is_empty());
    assert!(
        asked
            .iter()
            .all(|seen| seen.header("authorization").is_none())
    );
    assert_eq!(shell.json(&["show", "wiki"])["sign_in"], json!(null));
    // The way back is a new sign-in as well.
    let back = ["edit", "wiki", "--url", &authority.url, "--trust"];
    let _ = shell.run(&back).ended_with(3);
}

#[tokio::test]
async fn the_same_url_changes_nothing_of_the_sign_in() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    signed_in(&shell, &authority).await;
    let before = shell.json(&["show", "wiki"])["sign_in"].clone();
    let edit = ["edit", "wiki", "--url", &authority.url, "--trust"];
    let _ = shell.run(&edit).succeeded();
    let _ = shell
        .run(&["edit", "wiki", "--description", "ours"])
        .succeeded();
    assert_eq!(shell.json(&["show", "wiki"])["sign_in"], before);
    assert_eq!(authority.count("/revoke"), 0);
}

fn client(id: &'static str, secret: Option<&'static str>) -> Preset {
    Preset {
        id,
        secret,
        redirect: "http://127.0.0.1/back",
    }
}

#[tokio::test]
async fn how_it_signs_in_is_changed_and_counts_from_the_next_sign_in_on() {
    let behaviour = Behaviour::good()
        .preset(client("mine", Some("client-s3cret")))
        .preset(client("bare", None));
    let authority = Authority::start(behaviour);
    let mut shell = shell("file");
    shell.set("CLIENT", "client-s3cret");
    signed_in(&shell, &authority).await;
    // A port that is free just now.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let (redirect, typed) = (format!("http://127.0.0.1:{port}/back"), port.to_string());
    let edit = [
        &["edit", "wiki", "--client-id", "mine"][..],
        &["--client-secret-env", "CLIENT"],
        &[
            "--scope",
            "read",
            "--scope",
            "write",
            "--redirect-url",
            &redirect,
        ],
        &["--callback-port", &typed],
    ]
    .concat();
    let edited = shell.run(&edit).succeeded();
    assert!(
        edited.stderr.contains("callboard login wiki"),
        "{}",
        edited.stderr
    );
    let shown = shell.json(&["show", "wiki"]);
    let options = &shown["sign_in_options"];
    assert_eq!(options["client_id"], "mine");
    assert_eq!(options["scopes"], json!(["read", "write"]));
    assert_eq!(options["callback_port"], json!(port));
    assert_eq!(options["redirect_url"], json!(redirect));
    assert_eq!(shown["sign_in"]["registration"], "dynamic", "as it was");
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).succeeded();
    let face = Face::running(&shell, &["login", "wiki"]);
    let consent = face.consent();
    assert_eq!(consent["callback"], json!(redirect));
    consented(&consent).await;
    let end = face.ended(0);
    assert_eq!(end["sign_in"]["registration"], "manual");
    assert_eq!(end["sign_in"]["client_id"], "mine");
    // Another client has nothing of the secret.
    let _ = shell
        .run(&["edit", "wiki", "--client-id", "bare"])
        .succeeded();
    let face = Face::running(&shell, &["login", "wiki"]);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["sign_in"]["client_id"], "bare");
    assert_eq!(
        authority
            .at("/token")
            .last()
            .unwrap()
            .field("client_secret"),
        None
    );
    // And all of it is taken back.
    let reset = [
        "client-id",
        "scope",
        "callback-port",
        "redirect-url",
        "issuer",
    ];
    let words: Vec<&str> = reset.iter().flat_map(|one| ["--reset", one]).collect();
    let _ = shell
        .run(&[&["edit", "wiki"][..], &words].concat())
        .succeeded();
    let options = shell.json(&["show", "wiki"])["sign_in_options"].clone();
    for key in ["client_id", "callback_port", "redirect_url", "issuer"] {
        assert_eq!(options[key], json!(null), "{key}");
    }
    assert_eq!(options["scopes"], json!([]));
    assert!(shell.holds("s3cret").is_empty());
}

#[tokio::test]
async fn a_connector_that_did_not_sign_in_does_once_it_is_told_how() {
    let authority = Authority::start(Behaviour::good());
    let mut shell = shell("file");
    shell.set("TOKEN", "anything");
    let add = [
        "add",
        "wiki",
        &authority.url,
        "--trust",
        "--token-env",
        "TOKEN",
    ];
    let _ = shell
        .run(&[&add[..], &["--no-connect"]].concat())
        .succeeded();
    let both = ["edit", "wiki", "--auth", "bearer", "--scope", "read"];
    let _ = shell.run(&both).ended_with(2);
    let _ = shell.run(&["edit", "wiki", "--scope", "read"]);
    assert_eq!(shell.json(&["show", "wiki"])["auth"], "oauth");
    let face = Face::running(&shell, &["login", "wiki"]);
    let consent = face.consent();
    assert_eq!(consent["scopes"].as_array().unwrap().len(), 1);
    consented(&consent).await;
    assert_ne!(face.ended(0)["sign_in"], json!(null));
}

#[tokio::test]
async fn an_edit_that_makes_no_sense_is_refused_before_anything_is_changed() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    signed_in(&shell, &authority).await;
    for flags in [
        &["--redirect-url", "javascript:alert(1)"][..],
        &["--redirect-url", "http://other.example/back"],
        &["--callback-port", "0"],
        &["--client-metadata-url", "http://plain.example/client.json"],
        &["--issuer", "not an address"],
        &["--scope", "two words"],
        &["--client-id", ""],
    ] {
        let run = shell.run(&[&["edit", "wiki"], flags].concat());
        assert_eq!(run.code, 2, "{flags:?}: {}", run.everything());
    }
    let shown = shell.json(&["show", "wiki"]);
    assert_eq!(shown["sign_in_options"]["redirect_url"], json!(null));
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).succeeded();
}

#[tokio::test]
async fn a_consent_that_waits_for_the_old_address_ends_with_it() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding_with(&shell, "wiki", &authority, &["--no-wait"]);
    let consent = face.consent();
    let _ = face.ended(3);
    let other = format!("{}/other", authority.origin);
    assert_ne!(
        shell
            .run(&["edit", "wiki", "--url", &other, "--trust"])
            .code,
        0
    );
    let address = approved(&consent).await;
    let late = shell.run_with(&["login", "wiki", "--paste", "-"], &address);
    let late = late.ended_with(5);
    assert!(
        late.stderr.contains("no sign-in of wiki waits"),
        "{}",
        late.stderr
    );
    assert_eq!(authority.count("/token"), 0);
}
