//! Known servers: looked for, looked at, added.

use serde_json::{Value, json};

use crate::support::fake::{Behaviour, FakeServer, Tls, authority_pem};
use crate::support::shell::Shell;

/// A proxy that nobody listens at: whatever is tried never leaves this machine.
const NOWHERE: &str = "http://127.0.0.1:9";

fn ids(found: &Value) -> Vec<&str> {
    let found = found.as_array().unwrap();
    found.iter().map(|it| it["id"].as_str().unwrap()).collect()
}

#[test]
fn a_few_letters_find_a_server_and_its_id_shows_it() {
    let shell = Shell::new();
    let found = shell.json(&["directory", "search", "ntion"]);
    assert_eq!(ids(&found)[0], "com.notion/mcp");
    let shown = shell.json(&["directory", "show", "com.notion/mcp"]);
    assert_eq!(shown, found[0]);
    assert_eq!(shown["publisher"], json!("Notion"));
    assert_eq!(shown["authentication"], json!("oauth"));
    assert_eq!(
        shown["remotes"][0]["url"],
        json!("https://mcp.notion.com/mcp")
    );
    assert_eq!(shown["remotes"][0]["transport"], json!("streamable-http"));
    assert_eq!(shown["added"], json!([]));
    let text = shell.run(&["directory", "show", "com.notion/mcp"]);
    let text = text.succeeded().stdout;
    for part in [
        "\"https://mcp.notion.com/mcp\"  streamable-http",
        "OAuth 2.1, says its documentation",
        "Listed is not reviewed",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn without_words_all_are_listed_by_title_and_filters_leave_some() {
    let shell = Shell::new();
    let all = shell.json(&["directory", "search"]);
    let count = all.as_array().unwrap().len();
    assert!(count >= 40);
    let titles: Vec<String> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["title"].as_str().unwrap().to_lowercase())
        .collect();
    assert!(titles.is_sorted());
    let some = shell.json(&[
        "directory",
        "search",
        "--auth",
        "none",
        "--transport",
        "sse",
    ]);
    assert!(!ids(&some).is_empty() && ids(&some).len() < count);
    for entry in some.as_array().unwrap() {
        assert_eq!(entry["authentication"], json!("none"));
    }
    let nothing = shell.run(&["directory", "search", "zzzz-qqqq"]).succeeded();
    assert_eq!(nothing.stdout, "");
    assert!(
        nothing.stderr.contains("callboard add NAME URL"),
        "{}",
        nothing.stderr
    );
}

#[test]
fn an_id_that_no_entry_has_comes_back_with_the_nearest() {
    let shell = Shell::new();
    for (typed, meant) in [
        ("com.notoin/mcp", "did you mean com.notion/mcp?"),
        ("notion-mcp", "did you mean com.notion/mcp"),
        ("\u{1b}[2J", "directory search WORDS"),
    ] {
        for action in ["show", "add"] {
            let run = shell.run(&["directory", action, typed]).ended_with(5);
            assert!(run.stderr.contains(meant), "{}", run.stderr);
            assert!(!run.stderr.contains('\u{1b}'));
        }
    }
    let _ = shell
        .run(&["directory", "show", "COM.Notion/MCP"])
        .succeeded();
}

#[test]
fn what_is_on_the_board_already_is_said() {
    let shell = Shell::new();
    let url = "https://mcp.notion.com/mcp";
    let words = [
        "add",
        "mine",
        url,
        "--trust",
        "--no-connect",
        "--proxy",
        NOWHERE,
    ];
    let _ = shell.run(&words);
    let shown = shell.json(&["directory", "show", "com.notion/mcp"]);
    assert_eq!(shown["added"], json!(["mine"]));
    let added = shell.json(&["directory", "search", "--added"]);
    assert_eq!(ids(&added), ["com.notion/mcp"]);
    let others = shell.json(&["directory", "search", "notion", "--not-added"]);
    assert!(!ids(&others).contains(&"com.notion/mcp"));
    // A second account is fine; the name that is made is another one.
    let words = [
        "directory",
        "add",
        "com.notion/mcp",
        "--trust",
        "--no-connect",
        "--proxy",
        NOWHERE,
    ];
    let run = shell.run(&words);
    assert!(
        run.stderr.contains("the board has it already, as mine"),
        "{}",
        run.stderr
    );
    let list = shell.json(&["list"]);
    assert_eq!(list[1]["name"], json!("notion"));
    assert_eq!(list[1]["url"], json!(url));
    assert_eq!(list[1]["description"], shown["description"]);
    assert_eq!(list[1]["enabled"], json!(false));
}

#[test]
fn an_entry_with_a_variable_is_added_at_the_address_that_it_makes() {
    let server = FakeServer::start(Behaviour::modern().tls(Tls::Good));
    let shell = Shell::new();
    let ca = shell.home().join("ca.pem");
    std::fs::write(&ca, authority_pem()).unwrap();
    let ca = ca.to_str().unwrap();
    let host = server.url.strip_prefix("https://").unwrap();
    let host = format!("host={}", host.strip_suffix("/mcp").unwrap());
    let words = [
        "directory",
        "add",
        "com.gitlab/mcp",
        "lab",
        "--set",
        &host,
        "--ca",
        ca,
    ];
    let refused = shell.run(&words).ended_with(2);
    assert!(refused.stderr.contains("--trust"), "{}", refused.stderr);
    assert_eq!(shell.json(&["list"]), json!([]), "nothing without trust");
    let words = [&words[..], &["--trust", "--json"]].concat();
    let added = shell.run(&words).succeeded();
    assert_eq!(added.last_json()["event"], json!("connected"));
    let shown = shell.json(&["show", "lab"]);
    assert_eq!(
        shown["url"],
        json!(server.url.replace("/mcp", "/api/v4/mcp"))
    );
    assert_eq!(shown["status"], json!("connected"));
}

#[test]
fn what_is_missing_or_wrong_is_named_before_anything_is_sent() {
    let shell = Shell::new();
    let long = "x".repeat(40);
    for (words, said) in [
        (
            &["com.dynatrace/dynatrace-mcp"][..],
            "--set environment=VALUE",
        ),
        (
            &["com.dynatrace/dynatrace-mcp", "--set", "environment=a/b"],
            "is part of a host name",
        ),
        (
            &["com.dynatrace/dynatrace-mcp", "--set", "envronment=a"],
            "did you mean environment?",
        ),
        (&["com.notion/mcp", "--set", "x=y"], "leave --set out"),
        (
            &["com.datadoghq/mcp", "--set", "domain=evil.example"],
            "one of mcp.datadoghq.com, ",
        ),
        (&["com.notion/mcp", "--remote", "9"], "numbers them"),
        (&["com.notion/mcp", &long], "at most 32 characters"),
        (
            &["tools.ref/ref-tools-mcp"],
            "--header X-Ref-Api-Key=ENVVAR",
        ),
        (&["com.render/mcp", "--trust"], "--token-env"),
        (&["com.razorpay/mcp", "--trust"], "--user NAME"),
    ] {
        let words = [&["directory", "add"], words].concat();
        let run = shell.run(&words).ended_with(2);
        assert!(run.stderr.contains(said), "{words:?}: {}", run.stderr);
    }
    assert_eq!(shell.json(&["list"]), json!([]));
}

#[test]
fn a_server_is_found_by_its_title_whatever_the_case() {
    let shell = Shell::new();
    let found = shell.json(&["directory", "show", "github"]);
    assert_eq!(found["title"], serde_json::json!("GitHub"));
    let run = shell.run(&["directory", "show", "nosuch"]).ended_with(5);
    assert!(!run.stderr.contains("did you mean"), "{}", run.stderr);
}
