//! Looking at a server, adding it, reading what its functions claim, permitting
//! them, and taking it off the board again: the same for each of them.

use serde_json::{Value, json};

use crate::keeping::calls;
use crate::servers::Server;
use crate::shell::Shell;

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn server_everything_over_streamable_http() {
    let server = Server::everything_http();
    let found = looked_at(&server);
    assert_eq!(found["protocol"], json!("2025-11-25"));
    assert_eq!(found["era"], json!("legacy"));
    from_adding_to_removing(&server, "echo", &["message=hello"], "Echo: hello\n");
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn server_everything_over_sse() {
    let server = Server::everything_sse();
    let found = looked_at(&server);
    assert_eq!(
        found["protocol"],
        json!("2024-11-05"),
        "the transport's own"
    );
    assert_eq!(found["era"], json!("legacy"));
    from_adding_to_removing(&server, "echo", &["message=hello"], "Echo: hello\n");
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn server_everything_over_stdio() {
    let server = Server::everything_stdio();
    from_adding_to_removing(&server, "echo", &["message=hello"], "Echo: hello\n");
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn fastmcp_without_authentication() {
    let server = Server::fast();
    let found = looked_at(&server);
    assert_eq!(found["protocol"], json!("2026-07-28"));
    assert_eq!(found["era"], json!("modern"));
    assert_eq!(found["server"], json!({"name": "fast", "version": "1.0.0"}));
    from_adding_to_removing(&server, "echo", &["text=hello"], "hello\n");
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn fastmcp_with_a_bearer_token() {
    let server = Server::fast_bearer();
    looked_at(&server);
    a_secret_is_needed_and_kept(&server);
    from_adding_to_removing(&server, "echo", &["text=hello"], "hello\n");
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn fastmcp_with_user_and_password_behind_nginx() {
    let server = Server::fast_basic();
    looked_at(&server);
    a_secret_is_needed_and_kept(&server);
    from_adding_to_removing(&server, "echo", &["text=hello"], "hello\n");
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn fastmcp_over_stdio() {
    from_adding_to_removing(&Server::fast_stdio(), "echo", &["text=hello"], "hello\n");
}

/// Detection sees what is there, says why it thinks so, and keeps nothing.
fn looked_at(server: &Server) -> Value {
    let shell = Shell::new();
    let found = shell.json(&["detect", server.url().unwrap()]);
    assert_eq!(found["url"], json!(server.url()));
    assert_eq!(found["auth"], json!(server.access.word()));
    assert_eq!(found["oauth"], json!(null));
    if server.access.secret().is_none() {
        assert_eq!(found["transport"], json!(server.transport));
    }
    let evidence = found["evidence"].as_array().unwrap();
    assert!(evidence.len() > 1, "{found}");
    for each in evidence {
        for key in ["request", "answer", "means"] {
            assert!(each[key].is_string(), "{each}");
        }
    }
    let first = &evidence[0]["answer"];
    let challenged = first.as_str().unwrap().contains("WWW-Authenticate");
    assert_eq!(challenged, server.access.secret().is_some(), "{first}");
    assert_eq!(shell.json(&["list"]), json!([]));
    found
}

/// What happens without the secret, with a wrong one, and with the right one from
/// either side.
fn a_secret_is_needed_and_kept(server: &Server) {
    let mut shell = Shell::new();
    shell.set("CALLBOARD_VAULT", "file");
    let run = server.add_without_secret(&shell).ended_with(2);
    let hints = run.json()["error"]["hints"].to_string();
    assert!(hints.contains(server.access.flag()), "{hints}");
    assert_eq!(shell.json(&["list"]), json!([]), "nothing is kept");

    let run = server.add_with(&mut shell, "not-the-one").ended_with(3);
    assert_eq!(run.last_json()["error"]["kind"], json!("sign-in"));
    let list = shell.json(&["list"]);
    assert_eq!(list[0]["status"], json!("sign-in"), "{list}");
    assert_eq!(list[0]["fault"]["kind"], json!("sign-in"), "{list}");
    let _ = server.mend(&mut shell).succeeded();
    assert_eq!(server.shown(&shell)["status"], json!("connected"));

    let run = server.add_by_stdin(&shell, "by-stdin").succeeded();
    assert_eq!(run.last_json()["status"], json!("connected"));
    for secret in [server.access.secret().unwrap(), "not-the-one"] {
        assert_eq!(shell.holds(secret), Vec::<String>::new());
    }
}

fn from_adding_to_removing(server: &Server, function: &str, words: &[&str], answer: &str) {
    let mut shell = Shell::new();
    let added = server.add(&mut shell);
    let lines: Vec<Value> = added
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let done = |name: &str| {
        lines.iter().any(|line| {
            line["event"] == json!("step")
                && line["name"] == json!(name)
                && line["state"] == json!("done")
        })
    };
    assert!(done("negotiate") && done("list-functions"), "{lines:?}");
    assert_eq!(lines.last().unwrap()["event"], json!("connected"));
    it_is_on_the_board(server, &shell);
    its_functions_make_claims(server, &shell);
    permissions_are_obeyed(server, &shell, function, words, answer);
    let call = [&["call", server.name, function], words].concat();
    it_is_refreshed_and_switched_off_and_on(server, &shell, &call);
    let _ = shell.run(&["remove", server.name]).ended_with(4);
    let _ = shell.run(&["remove", server.name, "--yes"]).succeeded();
    assert_eq!(shell.json(&["list"]), json!([]));
    let _ = shell.run(&["show", server.name]).ended_with(5);
}

fn it_is_on_the_board(server: &Server, shell: &Shell) {
    let list = shell.json(&["list"]);
    let shown = server.shown(shell);
    for connector in [&list[0], &shown] {
        assert_eq!(connector["name"], json!(server.name));
        assert_eq!(connector["status"], json!("connected"), "{connector}");
        assert_eq!(connector["auth"], json!(server.access.word()));
        assert_eq!(connector["protocol"], json!(server.protocol));
        assert_eq!(connector["enabled"], json!(true));
        assert_eq!(connector["fault"], json!(null));
        let counts = &connector["functions"];
        assert_eq!(counts["ask"], counts["total"], "new ones are on ask");
    }
    assert_eq!(shown["transport"], json!(server.transport));
    assert_eq!(shown["server"]["name"], json!(server.calls_itself));
    assert_eq!(shown["sign_in"], json!(null));
    assert!(shown["since"].as_str().unwrap().ends_with('Z'));
    let status = shell.json(&["status"]);
    assert_eq!(status["connectors"]["connected"], json!(1));
}

fn its_functions_make_claims(server: &Server, shell: &Shell) {
    let functions = shell.json(&["functions", server.name]);
    let functions = functions.as_array().unwrap();
    for function in functions {
        assert_eq!(function["permission"], json!("ask"), "{function}");
        assert_eq!(function["state"], json!("accepted"), "{function}");
        assert!(function["input_schema"].is_object(), "{function}");
    }
    let named = |name: &str| {
        let found = functions.iter().find(|each| each["name"] == json!(name));
        found.unwrap_or_else(|| panic!("no {name} in {functions:?}"))
    };
    let echo = named("echo");
    assert_eq!(echo["hints"]["read_only"], json!(true));
    if server.calls_itself == "fast" {
        assert_eq!(echo["title"], json!("Echo"));
        assert_eq!(
            echo["description"],
            json!("Gives the text back as it came.")
        );
        assert_eq!(echo["hints"]["destructive"], json!(null), "nothing claimed");
        assert_eq!(named("fail")["hints"]["destructive"], json!(true));
        assert_eq!(named("add")["hints"]["idempotent"], json!(true));
    } else {
        assert_eq!(
            named("toggle-simulated-logging")["hints"]["read_only"],
            json!(false)
        );
    }
    let one = shell.json(&["function", server.name, "echo"]);
    assert_eq!(one["name"], json!("echo"));
    assert_eq!(one["last_calls"], json!([]));
}

fn permissions_are_obeyed(
    server: &Server,
    shell: &Shell,
    function: &str,
    words: &[&str],
    answer: &str,
) {
    let call = [&["call", server.name, function], words].concat();
    let call_with_yes = [&call[..], &["--yes"]].concat();
    let run = shell.run(&call).ended_with(4);
    assert!(run.stderr.contains("--yes"), "{}", run.stderr);
    let _ = shell.run(&["block", server.name, function]).succeeded();
    let _ = shell.run(&call_with_yes).ended_with(4);
    assert_eq!(calls(shell, server.name), 0, "nothing was sent");

    let set = shell.json(&["always", server.name, function]);
    assert_eq!(set["permission"], json!("always"));
    assert_eq!(set["functions"], json!([function]));
    assert_eq!(shell.run(&call).succeeded().stdout, answer);
    let _ = shell.run(&["ask", server.name, function]).succeeded();
    let _ = shell.run(&call).ended_with(4);
    assert_eq!(shell.run(&call_with_yes).succeeded().stdout, answer);
    assert_eq!(calls(shell, server.name), 2);
    let _ = shell.run(&["always", server.name, function]).succeeded();
}

fn it_is_refreshed_and_switched_off_and_on(server: &Server, shell: &Shell, call: &[&str]) {
    let run = shell.run(&["refresh", server.name, "--json"]).succeeded();
    assert_eq!(run.json()["functions"]["always"], json!(1));
    let _ = shell.run(&["disable", server.name]).succeeded();
    assert_eq!(server.shown(shell)["status"], json!("disabled"));
    let run = shell.run(call).ended_with(6);
    assert!(run.stderr.contains("callboard enable"), "{}", run.stderr);
    let run = shell.run(&["enable", server.name, "--json"]).succeeded();
    assert_eq!(run.json()["status"], json!("connected"));
    assert_eq!(run.json()["functions"]["always"], json!(1));
}
