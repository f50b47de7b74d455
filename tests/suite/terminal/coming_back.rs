//! Leaving, and coming back to the same place.

use rustix::process::Signal;

use crate::support::fake::{Behaviour, FakeServer, Function};
use crate::support::shell::Shell;
use crate::support::terminal::Terminal;

fn connected() -> (FakeServer, Shell) {
    let behaviour = Behaviour::modern().functions(Function::asking());
    let server = FakeServer::start(behaviour);
    let shell = Shell::new();
    let words = ["add", "air", &server.url, "--trust", "--auth", "none"];
    let _ = shell.run(&words).succeeded();
    (server, shell)
}

#[test]
fn tab_filter_and_a_half_filled_form_are_there_after_leaving() {
    let (_server, shell) = connected();
    let mut terminal = Terminal::open(&shell);
    terminal.shows("air");
    terminal.types("f");
    terminal.shows("form");
    terminal.types("/twice\r");
    terminal.shows("/ twice");
    terminal.types("3half-typed");
    terminal.shows("[ half-typed");
    terminal.types("\x1b");
    terminal.shows("x empty the form");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);

    let mut terminal = Terminal::open(&shell);
    terminal.shows("[ half-typed");
    terminal.types("\x1b");
    terminal.shows("x empty the form");
    terminal.types("4");
    terminal.shows("/ twice");
    terminal.hides("form");
}

#[test]
fn a_lost_line_costs_no_place_either() {
    let (_server, shell) = connected();
    let mut terminal = Terminal::open(&shell);
    terminal.types("3half-typed");
    terminal.shows("[ half-typed");
    terminal.signal(Signal::HUP);
    terminal.ends();

    let mut terminal = Terminal::open(&shell);
    terminal.shows("[ half-typed");
    // The terminal itself is gone, as when its window is closed.
    terminal.types(" twice");
    terminal.shows("[ half-typed twice");
    terminal.close();

    let terminal = Terminal::open(&shell);
    terminal.shows("[ half-typed twice");
}
