//! Connecting twenty servers, and what the board holds before and after.

use std::time::{Duration, Instant};

use super::running::Board;
use super::servers::{SERVERS, slow_way_to, start};
use super::spread::Spread;
use super::{process, row};

/// How long an idle board is watched.
const WATCH: Duration = Duration::from_secs(5);

/// How long a board is left alone first: until threads that wait for more to do
/// have given up, so that what is watched is rest and not the end of work.
const SETTLE: Duration = Duration::from_secs(12);

/// How late each connection to the slow server stands.
const SLOW: Duration = Duration::from_secs(2);

/// Resident memory, and processor time while nothing happens.
pub fn memory() {
    let board = Board::fresh();
    rest("empty board", &board);
    let servers = start();
    board.add_all(&urls(&servers));
    row("20 just added", &process::memory(board.pid()).to_string());
    rest("20 added", &board);
    let streams = servers.iter().map(|server| server.record().listeners);
    row(
        "streams open at the servers",
        &streams.sum::<usize>().to_string(),
    );
    board.stop();
    board.start();
    board.connected(SERVERS, Instant::now());
    row(
        "20 just connected",
        &process::memory(board.pid()).to_string(),
    );
    rest("20 connected", &board);
}

fn rest(what: &str, board: &Board) {
    let pid = board.pid();
    std::thread::sleep(SETTLE);
    let before = process::used(pid);
    if before.time.is_zero() {
        row(&format!("{what}, at rest"), "not known on this system");
        return;
    }
    std::thread::sleep(WATCH);
    let used = process::used(pid).since(before);
    row(
        &format!("{what}, at rest"),
        &process::memory(pid).to_string(),
    );
    row(&format!("{what}, 5 s at rest"), &used.to_string());
}

/// Time until all are connected.
pub fn connecting() {
    let servers = start();
    let mut added = Spread::default();
    let mut known = Spread::default();
    for _ in 0..5 {
        let board = Board::fresh();
        added.push(board.add_all(&urls(&servers)).into_iter().max().unwrap());
        board.stop();
        let begun = Instant::now();
        board.start();
        known.push(board.connected(SERVERS, begun));
    }
    row(
        "20 servers added at once: detect, connect, list, keep",
        &added.to_string(),
    );
    row(
        "20 known servers, from the start of the board",
        &known.to_string(),
    );

    let mut with_slow = urls(&servers);
    with_slow[0] = slow_way_to(&servers[0], SLOW);
    let mut others = Spread::default();
    let mut slow = Spread::default();
    let mut known = Spread::default();
    for _ in 0..3 {
        let board = Board::fresh();
        let took = board.add_all(&with_slow);
        slow.push(took[0]);
        others.push(took[1..].iter().copied().max().unwrap());
        board.stop();
        let begun = Instant::now();
        board.start();
        known.push(board.connected(SERVERS - 1, begun));
    }
    row(
        "one of them 2 s late: the other 19 added",
        &others.to_string(),
    );
    row("one of them 2 s late: that one added", &slow.to_string());
    row(
        "one of them 2 s late: the other 19 known",
        &known.to_string(),
    );
}

fn urls(servers: &[super::fake::FakeServer]) -> Vec<String> {
    servers.iter().map(|server| server.url.clone()).collect()
}
