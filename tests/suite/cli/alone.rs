//! What needs no board, and what starts none.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::support::shell::{Run, Shell};

#[test]
fn asking_for_a_board_that_does_not_run_starts_none() {
    let shell = Shell::new();
    for word in ["status", "stop"] {
        let run = shell.run(&[word]).ended_with(5);
        assert!(run.stdout.is_empty(), "{word}");
        assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    }
    let run = shell.run(&["status", "--json"]).ended_with(5);
    assert_eq!(run.json()["running"], json!(false));
    assert_eq!(run.json()["error"]["kind"], json!("not-found"));
    for words in [
        &["doctor"][..],
        &["config"],
        &["completions", "bash"],
        &["man"],
    ] {
        let run = shell.run(words).succeeded();
        assert!(!run.stdout.is_empty(), "{words:?}");
    }
    assert!(!shell.home().join("board/run/board.lock").exists());
}

#[test]
fn wrong_usage_is_a_document_where_one_was_asked_for() {
    let shell = Shell::new();
    for words in [
        &["lst", "--json"][..],
        &["--json", "add", "wiki"],
        &["add", "wi__ki", "https://wiki.example", "--json"],
        &["add", "wiki", "https://wiki.example", "--json"],
        &["add", "wiki", "ftp://wiki.example", "--trust", "--json"],
        &["add", "wiki", "http://wiki.example", "--trust", "--json"],
        &["add", "wiki", "--json", "--trust", "--", "no-such-program"],
        &["--json"],
    ] {
        let run = shell.run(words).ended_with(2);
        let error = &run.json()["error"];
        assert_eq!(error["kind"], json!("user"), "{words:?}");
        assert_ne!(error["hints"], json!([]), "{words:?}");
        assert!(run.stderr.is_empty(), "{words:?}: {}", run.stderr);
    }
}

#[test]
fn a_fault_is_one_sentence_and_a_hint_on_stderr() {
    let shell = Shell::new();
    let run = shell
        .run(&["add", "wiki", "https://wiki.example"])
        .ended_with(2);
    assert_eq!(
        run.stderr,
        "error: nobody has said that wiki.example can be trusted\n\
         hint: --trust says so; connect only to servers you trust\n"
    );
}

#[test]
fn settings_are_checked_kept_and_shown_with_where_they_come_from() {
    let mut shell = Shell::new();
    shell.unset("CALLBOARD_VAULT");
    let file = shell.home().join("board/config/config.toml");
    let _ = shell
        .run(&["config", "set", "calm", "perhaps"])
        .ended_with(2);
    assert!(!file.exists());
    let _ = shell.run(&["config", "set", "calm", "true"]).succeeded();
    shell.set("CALLBOARD_VAULT", "file");
    let config = shell.json(&["config"]);
    assert_eq!(config["paths"]["settings"], json!(file));
    let sources: Vec<&Value> = config["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|setting| &setting["source"])
        .collect();
    assert_eq!(
        sources[..3],
        [&json!("environment"), &json!("default"), &json!("file")]
    );
    fs::write(&file, "calm = true\nvualt = 1\n").unwrap();
    let run = shell.run(&["config", "set", "calm", "false"]).ended_with(6);
    assert!(run.stderr.contains("line 2, column 1"), "{}", run.stderr);
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "calm = true\nvualt = 1\n"
    );
}

#[test]
fn keys_are_checked_and_shown_with_the_settings() {
    let shell = Shell::new();
    let file = shell.home().join("board/config/config.toml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "[keys]\nreconnect = [\"f5\", \"R\"]\n").unwrap();
    let config = shell.json(&["config"]);
    let last = config["settings"].as_array().unwrap().last().unwrap();
    let bound = json!({
        "key": "keys.reconnect",
        "value": ["f5", "R"],
        "source": "file",
        "variable": null,
    });
    assert_eq!(*last, bound);
    let shown = shell.run(&["config"]).succeeded().stdout;
    assert!(
        shown.contains("keys.reconnect") && shown.contains("f5, R"),
        "{shown}"
    );
    // Where a key cannot be bound, the interface does not open; what has no keys goes on.
    fs::write(&file, "[keys]\nreconnect = \"x\"\n").unwrap();
    for words in [
        [].as_slice(),
        &["config"],
        &["config", "set", "calm", "true"],
    ] {
        let run = shell.run(words).ended_with(6);
        let said = "config.toml, line 2, column 13: x would do two things on a connector";
        assert!(run.stderr.contains(said), "{words:?}: {}", run.stderr);
    }
    let doctor = shell.run(&["doctor"]).ended_with(6);
    assert!(
        doctor.stdout.contains("line 2, column 13"),
        "{}",
        doctor.stdout
    );
    let _ = shell.run(&["list"]).succeeded();
}

#[test]
fn doctor_finds_what_is_open_to_others() {
    let shell = Shell::new();
    let secrets = shell.home().join("board/secrets");
    fs::create_dir_all(&secrets).unwrap();
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o755)).unwrap();
    let run = shell.run(&["doctor", "--json"]).ended_with(6);
    let report = run.json();
    assert_eq!(report["ok"], json!(false));
    let wrong: Vec<&Value> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["state"] == json!("wrong"))
        .collect();
    assert_eq!(wrong.len(), 1, "{report}");
    let mend = wrong[0]["hint"].as_str().unwrap();
    assert_eq!(mend, format!("chmod 700 {}", secrets.display()));
}

#[test]
fn a_reader_that_has_had_enough_is_no_fault() {
    let shell = Shell::new();
    let mut child = shell.start(&["completions", "zsh"]);
    let mut first = [0];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let run = Run::of(child).succeeded();
    assert!(run.stderr.is_empty(), "{}", run.stderr);
}
