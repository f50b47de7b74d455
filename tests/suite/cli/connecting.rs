//! Adding, showing, changing and removing connectors.

use serde_json::json;

use crate::support::fake::{Auth, Behaviour, FakeServer, Function, Misbehaviour};
use crate::support::program::stdio_server;
use crate::support::shell::Shell;

const TOKEN: &str = "canary-9f2c51";

#[test]
fn an_open_server_is_added_shown_renamed_and_removed() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let added = shell
        .run(&["add", "wiki", &server.url, "--trust", "--json"])
        .succeeded();
    let first: serde_json::Value =
        serde_json::from_str(added.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(first["event"], json!("step"));
    assert_eq!(added.last_json()["event"], json!("connected"));
    let list = shell.json(&["list"]);
    assert_eq!(list[0]["name"], json!("wiki"));
    assert_eq!(list[0]["status"], json!("connected"));
    assert_eq!(list[0]["auth"], json!("none"));
    assert_eq!(list[0]["functions"]["ask"], json!(6));
    let _ = shell.run(&["always", "wiki", "echo"]).succeeded();
    let _ = shell.run(&["rename", "wiki", "docs"]).succeeded();
    let functions = shell.json(&["functions", "docs"]);
    assert_eq!(functions[0]["name"], json!("echo"));
    assert_eq!(functions[0]["permission"], json!("always"));
    let _ = shell.run(&["remove", "docs"]).ended_with(4);
    let _ = shell.run(&["remove", "docs", "--yes"]).succeeded();
    assert_eq!(shell.json(&["list"]), json!([]));
}

#[test]
fn a_name_that_no_connector_has_comes_back_with_the_nearest() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    for words in [
        &["show", "wkii"][..],
        &["functions", "wikki"],
        &["disable", "wik"],
        &["remove", "Wikii", "--yes"],
    ] {
        let run = shell.run(words).ended_with(5);
        assert!(run.stderr.contains("did you mean wiki?"), "{}", run.stderr);
    }
    let run = shell.run(&["call", "wiki", "ecko", "--yes"]).ended_with(5);
    assert!(run.stderr.contains("did you mean echo?"), "{}", run.stderr);
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    let _ = shell
        .run(&["add", "WIKI", &server.url, "--trust"])
        .ended_with(2);
}

#[test]
fn a_token_reaches_the_server_and_nothing_else() {
    let server = FakeServer::start(Behaviour::modern().auth(Auth::Bearer(TOKEN.to_owned())));
    let mut shell = Shell::new();
    let missing = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .ended_with(2);
    assert!(missing.stderr.contains("--token-env"), "{}", missing.stderr);
    assert_eq!(shell.json(&["list"]), json!([]), "nothing was kept");
    shell.set("WIKI_TOKEN", TOKEN);
    let words = [
        "add",
        "wiki",
        &server.url,
        "--trust",
        "--token-env",
        "WIKI_TOKEN",
    ];
    let added = shell.run(&words).succeeded();
    let shown = shell.run(&["show", "wiki", "--json"]).succeeded();
    assert_eq!(shown.json()["auth"], json!("bearer"));
    assert!(!added.everything().contains(TOKEN));
    assert!(!shown.everything().contains(TOKEN));
    assert_eq!(shell.holds(TOKEN), Vec::<String>::new());
}

#[test]
fn a_token_may_come_on_stdin_and_be_wrong() {
    let server = FakeServer::start(Behaviour::modern().auth(Auth::Bearer(TOKEN.to_owned())));
    let shell = Shell::new();
    let words = ["add", "wiki", &server.url, "--trust", "--token-stdin"];
    let _ = shell.run_with(&words, &format!("{TOKEN}\n")).succeeded();
    let words = ["add", "other", &server.url, "--trust", "--token-stdin"];
    let run = shell.run_with(&words, "wrong-one\n");
    assert_ne!(run.code, 0);
    assert!(!run.everything().contains("wrong-one"));
}

#[test]
fn a_key_in_the_address_is_kept_like_any_secret() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let url = format!("{}?key={TOKEN}", server.url);
    let added = shell.run(&["add", "wiki", &url, "--trust"]).succeeded();
    assert!(!added.everything().contains(TOKEN));
    let shown = shell.run(&["show", "wiki", "--json"]).succeeded();
    assert_eq!(shown.json()["url"], json!(format!("{}?…", server.url)));
    assert!(!shown.everything().contains(TOKEN));
    assert_eq!(shell.holds(TOKEN), Vec::<String>::new());
    let calls = server.requests();
    let mut calls = calls.iter().filter(|call| call.path.starts_with("/mcp"));
    assert!(calls.all(|call| call.path.contains(TOKEN)));
}

#[test]
fn user_and_password_and_headers_reach_the_server() {
    let basic = Auth::Basic("ana".to_owned(), TOKEN.to_owned());
    let basic = FakeServer::start(Behaviour::modern().auth(basic));
    let header = Auth::Header("X-Api-Key".to_owned(), TOKEN.to_owned());
    let header = FakeServer::start(Behaviour::modern().auth(header));
    let mut shell = Shell::new();
    shell.set("SECRET", TOKEN);
    let words = ["--user", "ana", "--password-env", "SECRET"];
    let words = [&["add", "one", &basic.url, "--trust"], &words[..]].concat();
    let _ = shell.run(&words).succeeded();
    let words = ["--header", "X-Api-Key=SECRET"];
    let words = [&["add", "two", &header.url, "--trust"], &words[..]].concat();
    let _ = shell.run(&words).succeeded();
    let list = shell.json(&["list"]);
    assert_eq!(list[0]["auth"], json!("basic"));
    assert_eq!(list[1]["auth"], json!("header"));
}

#[test]
fn a_server_that_wants_a_sign_in_is_kept() {
    let server = FakeServer::start(Behaviour::modern().auth(Auth::Oauth("t".to_owned())));
    let shell = Shell::new();
    let run = shell
        .run(&["add", "wiki", &server.url, "--trust", "--json"])
        .ended_with(3);
    assert_eq!(run.last_json()["error"]["kind"], json!("sign-in"));
    assert_eq!(shell.json(&["list"])[0]["status"], json!("sign-in"));
}

#[test]
fn what_is_no_mcp_server_is_not_kept_and_what_does_not_answer_is() {
    let page = FakeServer::start(Behaviour::misbehaving(Misbehaviour::HtmlPage));
    let mut gone = FakeServer::start(Behaviour::modern());
    gone.stop();
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "page", &page.url, "--trust"])
        .ended_with(7);
    let run = shell
        .run(&["add", "gone", &gone.url, "--trust"])
        .ended_with(1);
    assert!(run.stderr.contains("gone is kept"), "{}", run.stderr);
    let list = shell.json(&["list"]);
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["name"], json!("gone"));
    let _ = shell.run(&["refresh", "gone"]).ended_with(1);
    gone.restart();
    let _ = shell.run(&["refresh", "gone"]).succeeded();
}

#[test]
fn detection_stores_nothing() {
    let server = FakeServer::start(Behaviour::modern().auth(Auth::Bearer("t".to_owned())));
    let shell = Shell::new();
    let found = shell.json(&["detect", &server.url]);
    assert_eq!(found["auth"], json!("bearer"));
    assert_ne!(found["evidence"], json!([]));
    let open = FakeServer::start(Behaviour::modern());
    let found = shell.json(&["detect", &open.url]);
    assert_eq!(found["auth"], json!("none"));
    assert_eq!(found["transport"], json!("streamable-http"));
    assert_eq!(found["era"], json!("modern"));
    assert_eq!(shell.json(&["list"]), json!([]));
}

#[test]
fn a_local_program_is_found_on_the_path_and_gets_its_variable() {
    let mut shell = Shell::new();
    shell.set("PASSED_ON", TOKEN);
    let program = stdio_server();
    let program = program.to_str().unwrap();
    let words = [
        "add",
        "local",
        "--trust",
        "--env",
        "PASSED_ON",
        "--",
        program,
        "normal",
    ];
    let _ = shell.run(&words).succeeded();
    let shown = shell.json(&["show", "local"]);
    assert_eq!(shown["transport"], json!("stdio"));
    assert_eq!(shown["target"]["command"], json!(program));
    assert_eq!(shell.holds(TOKEN), Vec::<String>::new());
}

#[test]
fn switched_off_and_on_again_nothing_is_forgotten() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    let _ = shell.run(&["block", "wiki", "fail"]).succeeded();
    let _ = shell.run(&["disable", "wiki"]).succeeded();
    assert_eq!(shell.json(&["list"])[0]["status"], json!("disabled"));
    let _ = shell.run(&["enable", "wiki"]).succeeded();
    let list = shell.json(&["list"]);
    assert_eq!(list[0]["status"], json!("connected"));
    assert_eq!(list[0]["functions"]["block"], json!(1));
}

#[test]
fn a_servers_words_cannot_reach_the_terminal() {
    let rude = Function::new("rude", "a\u{1b}[2Jb\u{202e}c\u{200b}d\u{7}");
    let server = FakeServer::start(Behaviour::modern().functions(vec![rude]));
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    for words in [
        &["functions", "wiki"][..],
        &["function", "wiki", "rude"],
        &["functions", "wiki", "--json"],
        &["function", "wiki", "rude", "--json"],
    ] {
        let run = shell.run(words).succeeded();
        let hidden = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}".contains(c);
        assert!(
            !run.stdout.contains(hidden),
            "{words:?}: {}",
            run.stdout.escape_debug()
        );
    }
    let document = shell.json(&["functions", "wiki"]);
    assert_eq!(
        document[0]["description"],
        json!("a\u{1b}[2Jb\u{202e}c\u{200b}d\u{7}"),
        "nothing is lost on the way to a script"
    );
}
