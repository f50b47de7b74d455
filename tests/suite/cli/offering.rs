//! Resources and prompts.

use std::fs;
use std::io::{BufRead, BufReader};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::fake::{Auth, Behaviour, FakeServer};
use crate::support::shell::{Run, Shell};
use crate::support::terminal::Terminal;

fn connected(behaviour: Behaviour) -> (FakeServer, Shell) {
    let server = FakeServer::start(behaviour);
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    (server, shell)
}

fn offering() -> (FakeServer, Shell) {
    connected(Behaviour::modern().offering())
}

#[test]
fn resources_are_listed_with_their_families() {
    let (_server, shell) = offering();
    let run = shell.run(&["resources", "wiki"]).succeeded();
    for words in [
        "note://today",
        "\"Today\"",
        "22",
        "note://page/{n}",
        "\"One page\"",
    ] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    let listed = shell.json(&["resources", "wiki"]);
    assert_eq!(
        listed["resources"][2],
        json!({
            "uri": "note://pixel", "name": "pixel", "title": null, "description": null,
            "mimeType": "image/png", "size": 70,
        })
    );
    assert_eq!(
        listed["resourceTemplates"][0]["uriTemplate"],
        "note://page/{n}"
    );
    assert_eq!(listed["subscribe"], json!(true));
}

#[test]
fn a_text_comes_out_exactly_as_it_is() {
    let (server, shell) = offering();
    let run = shell
        .run(&["resources", "wiki", "note://today"])
        .succeeded();
    assert_eq!(run.stdout, "first line\nsecond line");
    server.set_text("note://today", "raw\u{1b}[2J");
    let run = shell
        .run(&["resources", "wiki", "note://today"])
        .succeeded();
    assert_eq!(run.stdout, "raw\u{1b}[2J", "a pipe obeys nothing");
    let run = shell
        .run(&["resources", "wiki", "note://page/7"])
        .succeeded();
    assert_eq!(run.stdout, "page 7");
    let result = shell.json(&["resources", "wiki", "note://today"]);
    assert_eq!(result["contents"][0]["vendor"], json!({"kept": true}));
}

#[test]
fn what_is_no_text_goes_into_a_pipe_or_a_file() {
    let (server, shell) = offering();
    let child = shell.start(&["resources", "wiki", "note://pixel"]);
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.starts_with(b"\x89PNG"));
    let words = ["resources", "wiki", "note://pixel", "--output", "pixel.png"];
    let _ = shell.run(&words).succeeded();
    let file = fs::read(shell.home().join("pixel.png")).unwrap();
    assert_eq!(file, output.stdout);
    let reads = server.count("resources/read");
    let _ = shell.run(&words).ended_with(2);
    assert_eq!(server.count("resources/read"), reads, "nothing was asked");
    let words = [
        "resources",
        "wiki",
        "note://page/1",
        "--output",
        "1",
        "--json",
    ];
    let written = shell.run(&words).succeeded().json();
    assert_eq!(
        written,
        json!({"output": "1", "bytes": 6, "mime_type": "text/plain"})
    );
}

#[test]
fn a_terminal_gets_no_bytes_and_nothing_that_it_would_obey() {
    let (server, shell) = offering();
    server.set_text("note://today", "safe\u{1b}]0;owned\u{7} and sound");
    let program = env!("CARGO_BIN_EXE_callboard");
    let mut terminal = Terminal::run(&shell, &[program, "resources", "wiki", "note://today"]);
    terminal.shows("safe⟨U+001B⟩]0;owned⟨U+0007⟩ and sound");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = Terminal::run(&shell, &[program, "resources", "wiki", "note://pixel"]);
    terminal.shows("--output FILE keeps it");
    assert_eq!(terminal.ends(), 2);
}

#[test]
fn an_address_that_is_not_there_comes_back_with_the_nearest() {
    let (_server, shell) = offering();
    let run = shell
        .run(&["resources", "wiki", "note://tody"])
        .ended_with(5);
    assert!(run.stderr.contains("no such resource"), "{}", run.stderr);
    assert!(
        run.stderr.contains("did you mean note://today?"),
        "{}",
        run.stderr
    );
    let run = shell.run(&["resources", "wiki", "x"]).ended_with(5);
    assert!(
        run.stderr.contains("`callboard resources wiki` lists"),
        "{}",
        run.stderr
    );
    let run = shell.run(&["resources", "wki"]).ended_with(5);
    assert!(run.stderr.contains("wiki"), "{}", run.stderr);
}

#[test]
fn a_server_without_them_ends_with_five() {
    let (_server, shell) = connected(Behaviour::legacy("2025-11-25"));
    let run = shell.run(&["resources", "wiki"]).ended_with(5);
    assert!(
        run.stderr.starts_with("error: wiki offers no resources\n"),
        "{}",
        run.stderr
    );
    let run = shell
        .run(&["prompts", "wiki", "greet", "--json"])
        .ended_with(5);
    assert_eq!(run.json()["error"]["message"], "wiki offers no prompts");
    let words = ["resources", "wiki", "note://today", "--follow"];
    let _ = shell.run(&words).ended_with(5);
}

#[test]
fn a_closed_vault_is_said_and_nothing_is_asked() {
    let token = Auth::Bearer("s3cr3t-key".to_owned());
    let server = FakeServer::start(Behaviour::modern().offering().auth(token));
    let mut shell = Shell::new();
    let file = shell.home().join("passphrase");
    fs::write(&file, "correct horse\n").unwrap();
    shell.set("CALLBOARD_VAULT", "passphrase");
    shell.set("CALLBOARD_PASSPHRASE_FILE", file.to_str().unwrap());
    shell.set("TOKEN", "s3cr3t-key");
    let words = [
        "add",
        "wiki",
        &server.url,
        "--trust",
        "--token-env",
        "TOKEN",
    ];
    let _ = shell.run(&words).succeeded();
    let _ = shell.run(&["resources", "wiki"]).succeeded();
    shell.unset("CALLBOARD_PASSPHRASE_FILE");
    let _ = shell.run(&["lock"]).succeeded();
    for words in [
        &["resources", "wiki"][..],
        &["resources", "wiki", "note://today"],
        &["resources", "wiki", "note://today", "--follow"],
        &["prompts", "wiki"],
    ] {
        let run = shell.run(words).ended_with(6);
        assert!(run.stderr.contains("callboard unlock"), "{}", run.stderr);
    }
    assert_eq!(server.count("resources/list"), 1);
    assert_eq!(server.count("resources/read"), 0);
}

#[test]
fn prompts_are_listed_and_filled_in() {
    let (_server, shell) = offering();
    let run = shell.run(&["prompts", "wiki"]).succeeded();
    assert!(run.stdout.contains("greet  \"Greet\""), "{}", run.stdout);
    assert!(
        run.stdout.contains("who, required  \"Whom\""),
        "{}",
        run.stdout
    );
    let listed = shell.json(&["prompts", "wiki"]);
    assert_eq!(
        listed["prompts"][0]["arguments"][0]["required"],
        json!(true)
    );

    let run = shell.run(&["prompts", "wiki", "greet", "who=Ana", "how=Hi"]);
    assert_eq!(run.succeeded().stdout, "Hi, Ana!\n");
    let run = shell.run(&["prompts", "wiki", "talk"]).succeeded();
    assert_eq!(
        run.stdout,
        "user:\n  │ How are you?\nassistant:\n  │ Fine.\n  │ user:\n  │ And you?\n\
         user:\n  [image/png, 70 bytes; --json has it]\n"
    );
    let result = shell.json(&["prompts", "wiki", "greet", "who=Ana"]);
    assert_eq!(result["vendor"], json!(1));
}

#[test]
fn what_a_prompt_needs_is_named_before_it_is_asked_for() {
    let (server, shell) = offering();
    for (words, code, named) in [
        (&["greet"][..], 2, "the prompt greet needs who"),
        (&["greet", "whoo=Ana"], 2, "did you mean who?"),
        (&["greet", "who"], 2, "ARG=VALUE"),
        (&["gret", "who=Ana"], 5, "did you mean greet?"),
    ] {
        let words = [&["prompts", "wiki"], words].concat();
        let run = shell.run(&words).ended_with(code);
        assert!(run.stderr.contains(named), "{}", run.stderr);
    }
    assert_eq!(server.count("prompts/get"), 0);
}

#[test]
fn a_resource_is_followed_until_it_is_broken_off() {
    for behaviour in [Behaviour::modern(), Behaviour::legacy("2025-11-25")] {
        let (server, shell) = connected(behaviour.offering());
        let mut child = shell.start(&["resources", "wiki", "note://counter", "--follow", "--json"]);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = || -> Value {
            let line = lines.next().unwrap().unwrap();
            serde_json::from_str::<Value>(&line).unwrap()["contents"][0]["text"].clone()
        };
        assert_eq!(next(), "0");
        for text in ["1", "2"] {
            while server.set_text("note://counter", text) == 0 {
                std::thread::yield_now();
            }
            while next() != text {}
        }
        let pid = i32::try_from(child.id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
        let run = Run::of(child).succeeded();
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn each_reading_that_is_followed_begins_on_its_own_line() {
    let (server, shell) = offering();
    let mut child = shell.start(&["resources", "wiki", "note://counter", "--follow"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "0");
    while server.set_text("note://counter", "a\nb") == 0 {
        std::thread::yield_now();
    }
    assert_eq!(lines.next().unwrap().unwrap(), "a");
    assert_eq!(lines.next().unwrap().unwrap(), "b");
    // Whoever reads no more ends it with the next one.
    drop(lines);
    server.set_text("note://counter", "c");
    let _ = Run::of(child).succeeded();
    let words = ["resources", "wiki", "note://pixel", "--follow"];
    let run = shell.run(&words).ended_with(2);
    assert!(run.stderr.contains("--json"), "{}", run.stderr);
}

#[test]
fn what_does_not_go_together_is_refused() {
    let shell = Shell::new();
    for words in [
        &["resources", "wiki", "--follow"][..],
        &["resources", "wiki", "--output", "x"],
        &["resources", "wiki", "x://a", "--follow", "--output", "x"],
    ] {
        let _ = shell.run(words).ended_with(2);
    }
}
