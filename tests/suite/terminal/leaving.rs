//! How it gives the terminal back.

use std::time::Duration;

use rustix::process::Signal;

use crate::support::shell::Shell;
use crate::support::terminal::Terminal;

/// A second, and what a busy machine adds.
const SOON: Duration = Duration::from_secs(5);

fn opened() -> (Shell, Terminal) {
    let shell = Shell::new();
    let terminal = Terminal::open(&shell);
    terminal.shows("This board has no connectors yet.");
    (shell, terminal)
}

/// Processor time that a process has used so far, in hundredths of a second.
#[cfg(target_os = "linux")]
fn ticks(pid: i32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    Some(fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap())
}

/// Whether it has ended, and waits to be reaped.
#[cfg(target_os = "linux")]
fn is_over(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.contains(") Z ")
}

#[test]
#[cfg(target_os = "linux")]
fn a_window_that_is_closed_ends_the_face_at_once_and_burns_nothing() {
    let (shell, mut terminal) = opened();
    let (pid, board) = (terminal.pid(), shell.board());
    let before = ticks(pid).unwrap();
    terminal.close();
    let begin = std::time::Instant::now();
    while !is_over(pid) {
        assert!(begin.elapsed() < SOON, "the face outlives its terminal");
        std::thread::sleep(Duration::from_millis(2));
    }
    let used = ticks(pid).unwrap() - before;
    assert!(used < 30, "{used} ticks to end");
    terminal.ends();
    assert_eq!(shell.board(), board, "the board goes on");
}

#[test]
fn signals_that_end_it_give_the_terminal_back_and_leave_the_board() {
    for signal in [Signal::HUP, Signal::TERM] {
        let (shell, mut terminal) = opened();
        let board = shell.board();
        terminal.waits("taken over", |screen| {
            screen.alternate_screen() && screen.bracketed_paste()
        });
        terminal.signal(signal);
        terminal.ends_within(SOON);
        terminal.is_given_back();
        assert_eq!(shell.board(), board);
    }
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let mut shell = Shell::new();
    shell.set("PS1", "ready> ");
    let mut terminal = Terminal::run(&shell, &["/bin/sh", "-i"]);
    terminal.shows("ready>");
    terminal.types(&format!("{}\n", env!("CARGO_BIN_EXE_callboard")));
    terminal.shows("This board has no connectors yet.");
    terminal.types("\x1a");
    terminal.is_given_back();
    terminal.waits("the shell's", |screen| {
        let text = screen.contents();
        text.contains("Stopped") && text.trim_end().ends_with("ready>")
    });
    terminal.types("echo $((40 + 2))\n");
    terminal.waits("42", |screen| {
        screen.contents().lines().any(|line| line == "42")
    });
    terminal.types("fg\n");
    terminal.waits("taken over again", |screen| {
        screen.alternate_screen() && screen.contents().contains("no connectors yet")
    });
    terminal.types("c");
    terminal.shows("Custom MCP Connector");
    terminal.types("\x1b1");
    terminal.shows("no connectors yet");
    terminal.types("q");
    terminal.is_given_back();
    terminal.types("exit\n");
    terminal.ends();
}

/// A dark background, and what it can.
const REPLY: &str = "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\x1b[?62;22c";

/// An interactive shell in a terminal that is asked for its background.
fn asked() -> (Shell, Terminal) {
    let mut shell = Shell::new();
    shell.set("PS1", "ready> ");
    shell.set("COLORTERM", "truecolor");
    let mut terminal = Terminal::run(&shell, &["/bin/sh", "-i"]);
    terminal.shows("ready>");
    terminal.types(&format!("{}\n", env!("CARGO_BIN_EXE_callboard")));
    terminal.is_asked();
    (shell, terminal)
}

/// The shell has its terminal again, and nobody has typed anything into it.
fn nothing_is_typed(terminal: &mut Terminal) {
    terminal.is_given_back();
    terminal.waits("the shell's", |screen| {
        screen.contents().trim_end().ends_with("ready>")
    });
    terminal.types("echo $((40 + 2))\n");
    terminal.waits("42 and nothing else", |screen| {
        let text = screen.contents();
        text.lines().any(|line| line == "42") && !text.contains("rgb") && !text.contains("62;22")
    });
    terminal.types("exit\n");
    terminal.ends();
}

#[test]
fn a_late_reply_of_the_terminal_is_waited_for_and_not_typed_into_the_shell() {
    let (_shell, mut terminal) = asked();
    terminal.types("q");
    let waits = terminal.stays(Duration::from_millis(100), vt100::Screen::alternate_screen);
    assert!(waits, "it left before the terminal had answered");
    terminal.types(REPLY);
    nothing_is_typed(&mut terminal);
}

#[test]
fn a_reply_that_never_comes_does_not_keep_anybody() {
    let (_shell, mut terminal) = asked();
    terminal.types("q");
    nothing_is_typed(&mut terminal);
}

#[test]
fn a_late_reply_is_not_typed_into_the_shell_after_ctrl_z_either() {
    let (_shell, mut terminal) = asked();
    terminal.types("\x1a");
    assert!(terminal.stays(Duration::from_millis(100), vt100::Screen::alternate_screen));
    terminal.types(REPLY);
    terminal.is_given_back();
    terminal.shows("Stopped");
    terminal.types("fg\n");
    terminal.waits("taken over again", vt100::Screen::alternate_screen);
    terminal.shows("no connectors yet");
    terminal.types("q");
    nothing_is_typed(&mut terminal);
}

#[test]
fn without_a_terminal_it_says_so_in_plain_words() {
    let shell = Shell::new();
    let run = shell.run(&[]);
    assert_ne!(run.code, 0);
    assert!(
        run.stderr
            .contains("the interface needs a terminal, and there is none here"),
        "{}",
        run.stderr
    );
}
