//! What is wrong is said where somebody looks, and with what mends it.

use serde_json::json;

use crate::support::fake::{Auth, Behaviour, FakeServer};
use crate::support::shell::Shell;

#[test]
fn locking_the_vault_ends_what_was_made_with_its_secrets() {
    let server = FakeServer::start(Behaviour::modern().auth(Auth::Bearer("t0ken-of-mine".into())));
    let open = FakeServer::start(Behaviour::modern());
    let mut shell = Shell::new();
    shell.set("CALLBOARD_VAULT", "file");
    shell.set("TOKEN", "t0ken-of-mine");
    let words = ["add", "b", &server.url, "--trust", "--token-env", "TOKEN"];
    let _ = shell.run(&words).succeeded();
    let _ = shell.run(&["add", "o", &open.url, "--trust"]).succeeded();
    let _ = shell.run(&["always", "b", "echo"]).succeeded();
    let _ = shell.run(&["lock"]).succeeded();
    // Whoever asks waits for nothing but the board's own bookkeeping.
    let call = shell.run(&["call", "b", "echo", "text=a"]).ended_with(6);
    assert!(
        call.stderr.contains("the vault is locked"),
        "{}",
        call.stderr
    );
    let status = |name: &str| shell.json(&["show", name])["status"].clone();
    assert_eq!(status("b"), json!("locked"));
    assert_eq!(status("o"), json!("connected"));
    assert_eq!(shell.json(&["status"])["connectors"]["locked"], json!(1));
    let _ = shell.run(&["unlock"]).succeeded();
    let _ = shell.run(&["call", "b", "echo", "text=a"]).succeeded();
}

#[test]
fn a_connector_that_never_listed_says_what_is_wrong_with_it() {
    let shell = Shell::new();
    let closed = "http://127.0.0.1:9/mcp";
    let _ = shell
        .run(&["add", "closed", closed, "--trust"])
        .ended_with(1);
    let call = shell
        .run(&["call", "closed", "echo", "--yes"])
        .ended_with(1);
    assert!(call.stderr.contains("refused"), "{}", call.stderr);
}

#[test]
fn a_connector_added_without_connecting_is_not_said_to_be_tried_again() {
    let shell = Shell::new();
    let words = [
        "add",
        "nc",
        "http://127.0.0.1:9/mcp",
        "--trust",
        "--no-connect",
    ];
    let run = shell.run(&words).ended_with(1);
    assert!(
        run.stderr.contains("nc is kept, switched off"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("tried again"), "{}", run.stderr);
}

#[test]
fn a_damaged_vault_is_not_called_a_missing_one() {
    let shell = Shell::new();
    let secrets = shell.home().join("board/secrets");
    std::fs::create_dir_all(&secrets).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode;
    std::fs::set_permissions(&secrets, mode(0o700)).unwrap();
    std::fs::write(secrets.join("vault"), "junk").unwrap();
    std::fs::set_permissions(secrets.join("vault"), mode(0o600)).unwrap();
    let _ = shell.run(&["list"]).succeeded();
    let status = shell.run(&["status"]).succeeded();
    assert!(
        status.stdout.contains("cannot be opened"),
        "{}",
        status.stdout
    );
    let doctor = shell.run(&["doctor"]).ended_with(6);
    assert!(doctor.stdout.contains("damaged"), "{}", doctor.stdout);
    assert_eq!(std::fs::read(secrets.join("vault")).unwrap(), b"junk");
}

#[test]
fn settings_that_make_no_sense_stop_a_command_before_it_begins() {
    let mut shell = Shell::new();
    shell.set("CALLBOARD_VAULT", "bogus");
    let run = shell.run(&["list"]);
    assert!(run.stderr.contains("bogus"), "{}", run.stderr);
    shell.unset("CALLBOARD_VAULT");
    shell.set("CALLBOARD_BOARD", "https://board.example");
    let run = shell.run(&["list"]).ended_with(6);
    assert!(run.stderr.contains("CALLBOARD_BOARD"), "{}", run.stderr);
}

#[test]
fn an_edit_that_is_kept_says_so_though_the_server_is_away() {
    let shell = Shell::new();
    let _ = shell.run(&["add", "closed", "http://127.0.0.1:9/mcp", "--trust"]);
    let run = shell
        .run(&["edit", "closed", "--timeout", "7"])
        .ended_with(1);
    assert!(
        run.stderr.contains("what you changed is kept"),
        "{}",
        run.stderr
    );
}

#[test]
fn plain_says_how_the_board_fares_where_nobody_can_be_asked() {
    let shell = Shell::new();
    let run = shell.run(&["--plain"]).succeeded();
    assert!(run.stdout.contains("connectors: "), "{}", run.stdout);
    assert!(run.stdout.contains("no question waits"), "{}", run.stdout);
    assert!(run.stderr.contains("at a terminal"), "{}", run.stderr);
}

#[test]
fn an_answer_that_is_none_names_those_there_are() {
    let shell = Shell::new();
    let words = ["call", "wiki", "echo", "--answer", "declin"];
    let run = shell.run(&words).ended_with(2);
    assert!(run.stderr.contains("decline, cancel"), "{}", run.stderr);
    assert!(
        run.stderr.contains("callboard call --help"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("not JSON"), "{}", run.stderr);
}
