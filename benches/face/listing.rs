//! Keys in a list of 10,000 functions, on the line.

use std::time::{Duration, Instant};

use super::process;
use super::spread::Spread;
use super::table::Table;
use super::terminal::Terminal;
use super::{Full, Options};

/// How often each key is pressed: all within one page.
const TIMES: usize = 30;

/// Silence after which the screen stays as it is.
const SILENCE: Duration = Duration::from_millis(400);

/// How long a frame may take before there is none.
const PATIENCE: Duration = Duration::from_secs(2);

const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";

const ROW_BYTES: usize = 250;
const ROW_TIME: Duration = Duration::from_millis(3);
const FILTER_TIME: Duration = Duration::from_millis(10);
const MEMORY: u64 = 15 << 20;

pub fn measure(_: &Options, table: &mut Table) {
    let full = Full::start();
    let terminal = Terminal::open(&full.board.shell, true);
    terminal.shows("server-0");
    let begun = Instant::now();
    terminal.presses("f");
    terminal.shows("get_issue_0");
    let shown = begun.elapsed();
    terminal.rests(SILENCE);
    Table::note(
        "the list of 10,000 functions opened",
        &format!("{shown:.1?}"),
    );
    rows(&terminal, table);
    filter(&terminal, table);
    let memory = process::memory(terminal.pid());
    table.size("memory of the face with that list", MEMORY, memory.resident);
    Table::note("  in detail", &memory.to_string());
    for (key, text, row, name) in [
        // The newest is chosen, and stands last.
        ("5", "answered", UP, "one row up in Activity"),
        ("2", "Atlassian", DOWN, "one row down in the directory"),
    ] {
        let terminal = Terminal::open(&full.board.shell, true);
        // On the tab that was open last.
        terminal.shows("21 up");
        terminal.presses(key);
        terminal.shows(text);
        terminal.rests(SILENCE);
        tab(&terminal, row, name);
    }
}

fn rows(terminal: &Terminal, table: &mut Table) {
    let (mut time, mut bytes) = (Spread::default(), Vec::new());
    let (mut details_time, mut details) = (Spread::default(), Vec::new());
    for _ in 0..TIMES {
        let (pressed, before) = (Instant::now(), terminal.presses("j"));
        let frame = terminal.frame(before, PATIENCE).unwrap();
        time.push(frame.at - pressed);
        bytes.push(frame.bytes);
        terminal.rests(SILENCE);
        let upto = terminal.count();
        details.push(upto - before - frame.bytes);
        details_time.push(terminal.first_and_last().1 - pressed);
    }
    table.bytes("one row down in it", ROW_BYTES, &bytes);
    table.times("  painted", ROW_TIME, &time);
    Table::note("  its details, when the keys rest", &between(&details));
    Table::note("  when they are there", &details_time.to_string());
    held(terminal, table);
}

/// A key that is held down: thirty a second.
fn held(terminal: &Terminal, table: &mut Table) {
    terminal.presses("g");
    terminal.rests(SILENCE);
    let before = terminal.count();
    for _ in 0..TIMES {
        terminal.presses("j");
        std::thread::sleep(Duration::from_millis(33));
    }
    let during = terminal.count() - before;
    terminal.rests(SILENCE);
    table.bytes(
        "  of a key that is held, each",
        ROW_BYTES,
        &[during / TIMES],
    );
}

fn filter(terminal: &Terminal, table: &mut Table) {
    terminal.presses("/");
    terminal.rests(SILENCE);
    let (mut time, mut bytes) = (Spread::default(), Vec::new());
    for letter in "search_issue".chars().chain("\x7f".repeat(12).chars()) {
        let (pressed, before) = (Instant::now(), terminal.presses(&letter.to_string()));
        let frame = terminal.frame(before, PATIENCE).unwrap();
        time.push(frame.at - pressed);
        bytes.push(frame.bytes);
        terminal.rests(SILENCE);
    }
    table.times("a letter in the filter, painted", FILTER_TIME, &time);
    Table::note("  bytes of it", &between(&bytes));
}

/// Another row in the list of another tab, for which nothing is laid down.
fn tab(terminal: &Terminal, row: &str, name: &str) {
    let (mut time, mut bytes) = (Spread::default(), Vec::new());
    for _ in 0..TIMES / 2 {
        let (pressed, before) = (Instant::now(), terminal.presses(row));
        let frame = terminal.frame(before, PATIENCE).unwrap();
        time.push(frame.at - pressed);
        bytes.push(frame.bytes);
        terminal.rests(SILENCE);
    }
    Table::note(name, &between(&bytes));
    Table::note("  painted", &time.to_string());
}

fn between(bytes: &[usize]) -> String {
    let (least, most) = (bytes.iter().min(), bytes.iter().max());
    format!(
        "{} to {} bytes, of {}",
        least.unwrap_or(&0),
        most.unwrap_or(&0),
        bytes.len()
    )
}
