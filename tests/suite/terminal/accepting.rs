//! A changed definition at a plain terminal: shown, then asked about.

use serde_json::json;

use crate::support::fake::{Behaviour, FakeServer, Function};
use crate::support::shell::Shell;
use crate::support::terminal::Terminal;

const PROGRAM: &str = env!("CARGO_BIN_EXE_callboard");

#[test]
fn what_changed_is_shown_and_enter_accepts_nothing() {
    let named = |words: &str| vec![Function::new("one", words)];
    let server = FakeServer::start(Behaviour::modern().functions(named("As it was")));
    let shell = Shell::new();
    let words = ["add", "wiki", &server.url, "--trust"];
    let _ = shell.run(&words).succeeded();
    server.set_functions_silently(named("As it is"));
    let _ = shell.run(&["refresh", "wiki"]).succeeded();
    for (typed, code, state) in [("\r", 4, "changed"), ("y\r", 0, "accepted")] {
        let mut terminal = Terminal::run(&shell, &[PROGRAM, "always", "wiki", "one"]);
        terminal.shows("- │ As it was");
        terminal.shows("+ │ As it is");
        terminal.shows("Accept one as it is now? [y/N]");
        terminal.types(typed);
        assert_eq!(terminal.ends(), code);
        let functions = shell.json(&["functions", "wiki"]);
        assert_eq!(functions[0]["state"], json!(state));
    }
}
