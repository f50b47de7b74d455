//! What comes from the terminal: keys as they are bound, the mouse, and what the
//! terminal says by itself.

use std::fs;

use vt100::{MouseProtocolEncoding, MouseProtocolMode};

use crate::support::shell::Shell;
use crate::support::terminal::Terminal;

#[test]
fn the_mouse_opens_a_tab_and_is_given_back() {
    let shell = Shell::new();
    let mut terminal = Terminal::open(&shell);
    terminal.shows("This board has no connectors yet.");
    terminal.waits("the mouse taken", |screen| {
        screen.mouse_protocol_mode() == MouseProtocolMode::PressRelease
            && screen.mouse_protocol_encoding() == MouseProtocolEncoding::Sgr
    });
    // The third tab, then the second field; the buttons are let go.
    terminal.types("\x1b[<0;28;1M\x1b[<0;28;1m");
    terminal.shows("Custom MCP Connector");
    terminal.types("\x1b[<0;10;5M\x1b[<0;10;5m");
    terminal.types("https://w.example");
    terminal.shows("[ https://w.example_");
    terminal.types("\x1b1q");
    terminal.ends();
    terminal.is_given_back();
}

#[test]
fn a_mouse_that_is_not_wanted_is_left_to_the_terminal() {
    let mut shell = Shell::new();
    shell.set("CALLBOARD_MOUSE", "false");
    let terminal = Terminal::open(&shell);
    terminal.shows("This board has no connectors yet.");
    terminal.waits("the mouse left", |screen| {
        screen.bracketed_paste() && screen.mouse_protocol_mode() == MouseProtocolMode::None
    });
}

#[test]
fn keys_of_the_configuration_work_and_are_shown() {
    let shell = Shell::new();
    let folders = shell.folders();
    fs::create_dir_all(&folders.config).unwrap();
    fs::write(
        folders.config_file(),
        "[keys]\nnew-connector = \"f7\"\nquit = [\"W\", \"alt-q\"]\n",
    )
    .unwrap();
    let mut terminal = Terminal::open(&shell);
    terminal.shows("This board has no connectors yet.");
    terminal.shows("F7 new");
    terminal.types("qc\x1b[18~");
    terminal.shows("Custom MCP Connector");
    terminal.types("\x1bq");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn what_the_terminal_says_by_itself_is_never_typed() {
    let shell = Shell::new();
    let mut terminal = Terminal::open(&shell);
    terminal.shows("This board has no connectors yet.");
    terminal.types("c");
    terminal.shows("Custom MCP Connector");
    terminal.types("wi\x1b]11;rgb:1e1e/");
    terminal.types("1e1e/1e1e\x1b");
    terminal.types("\\k\x1b_Gi=31;OK\x1b\\i\x1b[?62;4;22c-\x1b[24;80R1");
    terminal.shows("[ wiki-1_");
}

#[test]
fn the_palette_does_what_is_typed_into_it() {
    let shell = Shell::new();
    let mut terminal = Terminal::open(&shell);
    terminal.shows("This board has no connectors yet.");
    terminal.types(":leav");
    terminal.shows("Leaves; the board keeps running");
    terminal.types("\r");
    assert_eq!(terminal.ends(), 0);
    terminal.shows("the board keeps running; callboard comes back to it");
}
