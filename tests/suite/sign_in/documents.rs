//! A client ID metadata document: used in its place of the order, and by nobody who
//! did not set it.

use serde_json::{Value, json};

use super::face::{Face, consented, shell};
use crate::support::authority::{Authority, Behaviour, Preset};
use crate::support::shell::Shell;

const DOCUMENT: &str = "https://callboard.example/client-metadata.json";

fn takes_documents() -> Behaviour {
    Behaviour::good().server(json!({ "client_id_metadata_document_supported": true }))
}

async fn signed_in(shell: &Shell, authority: &Authority, more: &[&str]) -> Value {
    let face = Face::adding_with(shell, "wiki", authority, more);
    consented(&face.consent()).await;
    let end = face.ended(0);
    assert_eq!(end["status"], "connected");
    end["sign_in"].clone()
}

#[tokio::test]
async fn it_is_off_until_it_is_set() {
    let authority = Authority::start(takes_documents());
    let shell = shell("file");
    let sign_in = signed_in(&shell, &authority, &[]).await;
    assert_eq!(sign_in["registration"], "dynamic");
}

#[tokio::test]
async fn it_comes_before_a_registration_and_lasts_through_renewal_and_restart() {
    let authority = Authority::start(takes_documents());
    let shell = shell("file");
    let set = ["config", "set", "client_metadata_url", DOCUMENT];
    let _ = shell.run(&set).succeeded();
    let sign_in = signed_in(&shell, &authority, &[]).await;
    assert_eq!(sign_in["registration"], "cimd");
    assert_eq!(sign_in["client_id"], DOCUMENT);
    assert_eq!(authority.count("/register"), 0);
    let asked = authority.at("/authorize")[0].clone();
    assert_eq!(asked.parameter("client_id").as_deref(), Some(DOCUMENT));
    let _ = shell.run(&["stop"]).succeeded();
    authority.end_access();
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).succeeded();
    for seen in authority.at("/token") {
        assert_eq!(seen.field("client_id").as_deref(), Some(DOCUMENT));
        assert_eq!(seen.field("client_secret"), None);
    }
    assert_eq!(authority.refreshes(), 1);
}

#[tokio::test]
async fn a_server_that_takes_none_registers() {
    let authority = Authority::start(Behaviour::good());
    let mut shell = shell("file");
    shell.set("CALLBOARD_CLIENT_METADATA_URL", DOCUMENT);
    let sign_in = signed_in(&shell, &authority, &[]).await;
    assert_eq!(sign_in["registration"], "dynamic");
}

#[tokio::test]
async fn a_client_of_ones_own_comes_first_and_a_document_of_ones_own_next() {
    let preset = Preset {
        id: "mine",
        secret: None,
        redirect: "http://127.0.0.1/callback",
    };
    let authority = Authority::start(takes_documents().preset(preset));
    let mut shell = shell("file");
    shell.set("CALLBOARD_CLIENT_METADATA_URL", DOCUMENT);
    let own = "https://ana.example/client.json";
    let sign_in = signed_in(&shell, &authority, &["--client-metadata-url", own]).await;
    assert_eq!(sign_in["client_id"], own);
    let _ = shell
        .run(&["edit", "wiki", "--client-id", "mine"])
        .succeeded();
    let face = Face::running(&shell, &["login", "wiki"]);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["sign_in"]["registration"], "manual");
    assert_eq!(authority.count("/register"), 0);
}

#[tokio::test]
async fn an_address_that_cannot_be_a_client_is_refused_where_it_is_set() {
    let authority = Authority::start(takes_documents());
    let shell = shell("file");
    for wrong in ["http://callboard.example/client.json", "c.json"] {
        let run = shell.run(&["config", "set", "client_metadata_url", wrong]);
        assert!([2, 6].contains(&run.code), "{wrong}: {}", run.everything());
    }
    let add = [
        "add",
        "wiki",
        &authority.url,
        "--trust",
        "--client-metadata-url",
    ];
    for wrong in [
        "https://callboard.example",
        "https://ana@callboard.example/c.json",
        "https://callboard.example/c.json#x",
        "https://callboard.example/a/../c.json",
    ] {
        let run = shell.run(&[&add[..], &[wrong]].concat()).ended_with(2);
        assert!(run.stderr.contains("metadata document"), "{}", run.stderr);
        assert_eq!(shell.json(&["list"]), json!([]), "{wrong}: added");
    }
}
