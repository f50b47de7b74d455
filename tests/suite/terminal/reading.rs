//! Reading what changed, and the journal, in a real terminal.

use crate::support::fake::{Behaviour, FakeServer, Function};
use crate::support::shell::Shell;
use crate::support::terminal::Terminal;

#[test]
fn a_change_is_read_word_by_word_and_accepted_and_written_down() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let other = FakeServer::start(Behaviour::modern());
    for (name, url) in [("wiki", &server.url), ("notes", &other.url)] {
        let _ = shell.run(&["add", name, url, "--trust"]).succeeded();
    }
    server.set_functions_silently(vec![Function::new(
        "echo",
        "Answers with what it was given, and keeps a copy",
    )]);
    let _ = shell.run(&["refresh", "wiki"]).succeeded();
    let mut terminal = Terminal::open(&shell);
    terminal.shows("1 function changed or new");
    // Of all connectors, those that changed.
    terminal.types("40");
    terminal.shows("all connectors · 7 functions");
    terminal.shows("notes");
    terminal.types("n");
    terminal.hides("notes");
    terminal.types("y");
    terminal.shows("read it first");
    terminal.shows("What changed");
    terminal.shows("it was given, and keeps a copy");
    // It counts as read once it has been on the screen for a moment; the notice is
    // there for longer than that.
    terminal.hides("read it first");
    terminal.types("y");
    terminal.shows("accepted; it stays on ask");
    // It is called, and the call is in the journal.
    terminal.types("\x1b");
    terminal.shows("all connectors · 7 functions");
    terminal.types("Ga");
    terminal.shows("1 function is on always now");
    terminal.types("5");
    terminal.shows("definition accepted");
    terminal.shows("set to always");
    let _ = shell
        .run(&["call", "wiki", "echo", "text=hello"])
        .succeeded();
    terminal.shows("● answered");
    terminal.shows("1 call in ");
    terminal.types("x");
    terminal.shows("nothing matches");
    terminal.types("\x1b");
    terminal.shows("● answered");
}
