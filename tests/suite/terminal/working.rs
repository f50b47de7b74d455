//! What is done with it.

use rustix::process::{Pid, Signal, kill_process};

use crate::support::fake::{Behaviour, FakeServer};
use crate::support::shell::Shell;
use crate::support::terminal::Terminal;

/// Adds a server through the form by keys, from tab 1 on, and waits for its functions.
fn add(terminal: &mut Terminal, name: &str, url: &str) {
    terminal.types("c");
    terminal.shows("Custom MCP Connector");
    terminal.types(&format!("{name}\t{url}"));
    terminal.shows("detected: no authentication");
    // Description, authentication, options, trust.
    terminal.types("\t\t\t\t ");
    terminal.shows("[x] I trust 127.0.0.1");
    terminal.types("\x1b\r");
    terminal.shows("review what it may do");
}

fn board_with(server: &FakeServer) -> Shell {
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    shell
}

#[test]
fn a_server_is_added_read_permitted_and_run_by_keys_alone() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let mut terminal = Terminal::open(&shell);
    terminal.shows("This board has no connectors yet.");
    terminal.shows("to connect any MCP server");
    add(&mut terminal, "wiki", &server.url);
    terminal.shows("ask    echo");
    terminal.types("/echo\r");
    terminal.hides("binary");
    terminal.types("a");
    terminal.shows("always echo");
    terminal.types("t");
    terminal.shows("Alt-Enter checks them");
    // Its text is required and empty so far.
    terminal.shows("(required)");
    terminal.types("hello from the keys\x1b\r");
    terminal.shows("answered");
    terminal.shows("hello from the keys");
    assert_eq!(server.count("tools/call"), 1);
    terminal.types("y");
    terminal.copies("hello from the keys");
    terminal.shows("19 characters");
}

#[test]
fn leaving_leaves_the_board_and_coming_back_finds_it() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = board_with(&server);
    let mut terminal = Terminal::open(&shell);
    terminal.shows("wiki");
    let board = shell.board();
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
    terminal.is_given_back();
    terminal.shows("the board keeps running");
    let again = Terminal::open(&shell);
    again.shows("wiki");
    assert_eq!(shell.board(), board);
}

#[test]
fn two_interfaces_see_what_the_other_does() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = board_with(&server);
    let mut one = Terminal::open(&shell);
    let mut other = Terminal::open(&shell);
    one.shows("wiki");
    other.shows("wiki");
    one.types(" ");
    other.shows("disabled");
    other.types(" ");
    one.shows("6 functions");
    let _ = shell.run(&["remove", "wiki", "--yes"]).succeeded();
    one.shows("This board has no connectors yet.");
    other.shows("This board has no connectors yet.");
}

#[test]
fn a_board_that_is_killed_is_said_and_found_again_and_nothing_typed_is_lost() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = board_with(&server);
    let mut terminal = Terminal::open(&shell);
    terminal.shows("wiki");
    terminal.types("c");
    terminal.types("half-typed");
    terminal.shows("[ half-typed");
    shell.kill_board();
    terminal.shows("no board");
    terminal.shows("[ half-typed");
    terminal.types("\x1b1");
    terminal.shows("the board is gone");
    // Somebody else starts it: it is found without a key.
    let _ = shell.run(&["list"]).succeeded();
    terminal.shows("1 up");
    shell.kill_board();
    terminal.shows("no board");
    // Nobody else does: a key starts it.
    terminal.types("r");
    terminal.shows("1 up");
    terminal.types("3");
    terminal.shows("[ half-typed");
}

#[test]
fn a_terminal_that_changes_its_size_is_drawn_anew() {
    let shell = Shell::new();
    let terminal = Terminal::open(&shell);
    terminal.shows("no connectors yet");
    terminal.resize(120, 40);
    terminal.waits("120 columns wide", |screen| {
        screen
            .rows(0, 120)
            .nth(1)
            .is_some_and(|row| row.trim_end().chars().count() == 120)
    });
    terminal.resize(60, 20);
    terminal.waits("60 columns wide", |screen| {
        screen
            .rows(0, 60)
            .nth(1)
            .is_some_and(|row| row.trim_end().chars().count() == 60)
    });
}

#[test]
fn a_program_gets_the_variables_that_were_named() {
    let mut shell = Shell::new();
    shell.set("SERVER_TOKEN", "hunter2-of-the-terminal");
    let program = crate::support::program::stdio_server();
    let mut terminal = Terminal::open(&shell);
    terminal.shows("no connectors yet");
    terminal.types("c");
    terminal.shows("Connector name");
    terminal.types("\x1b[Z \tlocal\t");
    terminal.types(program.to_str().unwrap());
    terminal.types("\t\t\r");
    terminal.shows("Variables");
    terminal.types("\tABSENT\t\t \x1b\r");
    terminal.shows("ABSENT is not set here, or empty");
    terminal.types("\x15SERVER_TOKEN\x1b\r");
    terminal.shows("review what it may do");
    let shown = shell.json(&["show", "local"]);
    assert!(shown.to_string().contains("SERVER_TOKEN"), "{shown}");
    assert!(shell.holds("hunter2-of-the-terminal").is_empty());
}

/// The board must not hear what is meant for the face.
#[test]
fn an_interrupt_from_outside_ends_the_face_alone() {
    let shell = Shell::new();
    let mut terminal = Terminal::open(&shell);
    terminal.shows("no connectors yet");
    let board = shell.board();
    kill_process(Pid::from_raw(terminal.pid()).unwrap(), Signal::INT).unwrap();
    terminal.ends();
    terminal.is_given_back();
    assert_eq!(shell.board(), board);
}
