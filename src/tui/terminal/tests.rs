use std::io::{Read, Write, stdout};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rustix::termios::tcgetattr;

use super::*;

/// This very test, as a program of its own.
const STUMBLES: &str = "tui::terminal::tests::stumbles_in_a_terminal";

#[test]
#[ignore = "run by the test below, in a terminal that may be spoilt"]
fn stumbles_in_a_terminal() {
    let _screen = Screen::take().unwrap();
    stdout().write_all(&enter(true)).unwrap();
    stdout().flush().unwrap();
    panic!("a stumble");
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_says_what_happened() {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let terminal = std::fs::File::open(pair.master.tty_name().unwrap()).unwrap();
    let modes = || {
        let settings = tcgetattr(&terminal).unwrap();
        (
            settings.input_modes,
            settings.output_modes,
            settings.local_modes,
        )
    };
    let before = modes();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["--exact", STUMBLES, "--ignored", "--nocapture"]);
    let mut child = pair.slave.spawn_command(command).unwrap();
    let mut said = Vec::new();
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut buffer = [0; 1024];
    while place(&said, b"a stumble").is_none() {
        let count = reader.read(&mut buffer).unwrap();
        said.extend_from_slice(&buffer[..count]);
    }
    assert_eq!(modes(), before);
    let text = String::from_utf8_lossy(&said);
    let entered = place(&said, ENTER).expect(&text);
    let left = place(&said, LEAVE).expect(&text);
    assert!(
        entered < left && left < place(&said, b"a stumble").unwrap(),
        "{text}"
    );
    // What else it says must not keep it.
    drop((reader, pair, terminal));
    assert!(!child.wait().unwrap().success());
}

fn place(said: &[u8], wanted: &[u8]) -> Option<usize> {
    said.windows(wanted.len()).position(|part| part == wanted)
}
