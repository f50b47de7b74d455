//! The arguments of a function in an editor, which gets the terminal meanwhile.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::process::Signal;

use crate::support::fake::{Behaviour, FakeServer};
use crate::support::shell::Shell;
use crate::support::terminal::Terminal;

/// A shell whose editor is this script, and whose server's `echo` may always run.
fn shell_with(server: &FakeServer, editor: &str) -> Shell {
    let mut shell = Shell::new();
    let script = shell.home().join("my editor");
    fs::write(&script, format!("#!/bin/sh\n{editor}\n")).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let line = format!("'{}' --wait", script.display());
    shell.set("EDITOR", &line);
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    let _ = shell.run(&["always", "wiki", "echo"]).succeeded();
    shell
}

/// The form of `echo`, open, with something typed.
fn form(shell: &Shell) -> Terminal {
    let mut terminal = Terminal::open(shell);
    terminal.shows("wiki");
    terminal.types("f");
    terminal.shows("always echo");
    terminal.types("/echo\r");
    terminal.hides("binary");
    terminal.types("t");
    terminal.shows("(required)");
    terminal.types("typed here");
    terminal.shows("[ typed here");
    terminal
}

/// The same form in another terminal, after the line of the first was lost.
fn come_back(shell: &Shell, mut from: Terminal) -> Terminal {
    from.signal(Signal::HUP);
    from.ends();
    let terminal = Terminal::open(shell);
    terminal.shows("[ typed here!");
    terminal
}

/// Whether anything of an editor's is left in the board's folder.
fn is_clean(shell: &Shell) -> bool {
    let run = shell.home().join("board/run");
    let left = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("callboard-edit")
    };
    !fs::read_dir(run)
        .unwrap()
        .any(|entry| left(&entry.unwrap().path()))
}

#[test]
fn an_editor_has_the_terminal_and_a_private_file_and_what_it_leaves_is_sent() {
    let server = FakeServer::start(Behaviour::modern());
    let script = r#"
ls -ld "$2" | cut -c1-10 > "$HOME/modes"
ls -ld "$(dirname "$2")" | cut -c1-10 >> "$HOME/modes"
cp "$2" "$HOME/before"
echo "the editor asks"
read line
printf '{ "text": "%s" }' "$line" > "$2"
touch "$2~""#;
    let shell = shell_with(&server, script);
    let mut terminal = form(&shell);
    terminal.types("\x1be");
    terminal.shows("the editor asks");
    assert!(!is_clean(&shell));
    // Every key is the editor's.
    terminal.types("said to the editor\r");
    terminal.shows("[ said to the editor");
    terminal.shows("the arguments are as the editor left them");
    assert!(is_clean(&shell));
    let modes = fs::read_to_string(shell.home().join("modes")).unwrap();
    assert_eq!(modes, "-rw-------\ndrwx------\n");
    let before = fs::read_to_string(shell.home().join("before")).unwrap();
    assert_eq!(before, "{\n  \"text\": \"typed here\"\n}\n");
    terminal.types("\x1b\r");
    terminal.shows("answered");
    terminal.shows("said to the editor");
    assert_eq!(server.count("tools/call"), 1);
}

#[test]
fn ctrl_c_in_an_editor_ends_the_editor_alone_and_loses_nothing() {
    let server = FakeServer::start(Behaviour::modern());
    let script = "echo 'the editor asks'; echo spoilt > \"$2\"; read line";
    let shell = shell_with(&server, script);
    let mut terminal = form(&shell);
    terminal.types("\x1be");
    terminal.shows("the editor asks");
    terminal.types("\x03");
    terminal.shows("my editor was ended by a signal");
    terminal.shows("[ typed here");
    assert!(is_clean(&shell));
    // The keys are the form's again, and Ctrl-c is no signal.
    terminal.types(" and on\x03");
    terminal.shows("[ typed here and on");
    terminal.shows("nothing is under way here");
}

#[test]
fn an_editor_that_fails_or_is_not_there_changes_nothing() {
    let server = FakeServer::start(Behaviour::modern());
    let mut shell = shell_with(&server, "echo spoilt > \"$2\"; stty -echo; exit 3");
    let mut terminal = form(&shell);
    terminal.types("\x1be");
    terminal.shows("my editor ended with 3; the arguments are as they were");
    terminal.shows("[ typed here");
    terminal.types("!");
    terminal.shows("[ typed here!");
    shell.set("VISUAL", "no-such-editor -x");
    let mut terminal = come_back(&shell, terminal);
    terminal.types("\x1be");
    terminal.shows("VISUAL names no-such-editor, which is not there");
    terminal.shows("[ typed here!");
    shell.unset("VISUAL");
    shell.unset("EDITOR");
    let mut terminal = come_back(&shell, terminal);
    terminal.types("\x1be");
    terminal.shows("neither VISUAL nor EDITOR names an editor");
    terminal.shows("\"text\": \"typed here!\"");
    terminal.types("\x1b\r");
    terminal.shows("answered");
}
