//! From `exec` to what is on the screen.

use std::time::Duration;

use super::process;
use super::running::Board;
use super::spread::Spread;
use super::table::{Limit, Table};
use super::terminal::Terminal;
use super::{Full, Options};

/// How often each is opened.
const TIMES: usize = 15;

/// Silence after which a screen is whole.
const SILENCE: Duration = Duration::from_millis(400);

const FIRST_PAINT: Duration = Duration::from_millis(20);
const WHOLE: Duration = Duration::from_millis(50);
const BYTES: usize = 8_000;
const MEMORY: u64 = 15 << 20;

/// What opening took.
#[derive(Default)]
struct Openings {
    byte: Spread,
    paint: Spread,
    whole: Spread,
    bytes: Vec<usize>,
    memory: u64,
}

impl Openings {
    fn open(&mut self, board: &Board, answers: bool) {
        let terminal = Terminal::open(&board.shell, answers);
        terminal.frame(0, Duration::from_secs(20)).unwrap();
        terminal.rests(SILENCE);
        let frame = terminal.frame(0, Duration::ZERO).unwrap();
        let (first, last) = terminal.first_and_last();
        self.byte.push(first - terminal.begun);
        self.paint.push(frame.at - terminal.begun);
        self.whole.push(last - terminal.begun);
        self.bytes.push(terminal.count());
        self.memory = self.memory.max(process::memory(terminal.pid()).resident);
    }
}

pub fn measure(_: &Options, table: &mut Table) {
    let mut none = Openings::default();
    for _ in 0..TIMES {
        // The board that it starts ends with this.
        none.open(&Board::absent(), false);
    }
    table.times("first paint, no board runs", FIRST_PAINT, &none.paint);
    Table::note("  its first byte", &none.byte.to_string());
    Table::note(
        "  until a board was started and shown",
        &none.whole.to_string(),
    );
    table.bytes("  bytes of it", BYTES, &none.bytes);
    table.size("  memory of the face", MEMORY, none.memory);

    let full = Full::start();
    for (answers, terminal) in [(false, "a silent terminal"), (true, "one that answers")] {
        let mut seen = Openings::default();
        for _ in 0..TIMES {
            seen.open(&full.board, answers);
        }
        let name = |what: &str| format!("{what}, {terminal}");
        table.times(
            &name("first paint, 21 connectors"),
            FIRST_PAINT,
            &seen.paint,
        );
        Table::note("  its first byte", &seen.byte.to_string());
        table.times(&name("whole first screen"), WHOLE, &seen.whole);
        table.bytes(&name("bytes of it"), BYTES, &seen.bytes);
        table.size(&name("memory of the face"), MEMORY, seen.memory);
    }
    let program = std::fs::metadata(env!("CARGO_BIN_EXE_callboard")).unwrap();
    let (limit, length) = (20 << 20, program.len());
    let over = length > limit;
    table.row(
        "release binary",
        Limit::Memory(limit),
        over,
        &super::mebibytes(length),
    );
}
