//! What it takes when nobody does anything.

use std::time::Duration;

use super::process;
use super::table::{Limit, Table};
use super::terminal::Terminal;
use super::{Full, Options};

/// Silence after which it is idle.
const SILENCE: Duration = Duration::from_secs(3);

/// How much of a minute is looked at unless it is asked for whole.
const PART: Duration = Duration::from_secs(20);

/// The tabs, the keys that go there, and a text of each.
const TABS: &[(&str, &str, &str)] = &[
    ("connectors", "1", "My Connectors"),
    ("functions", "4", "get_issue_0"),
    ("Activity", "5", "Activity"),
];

pub fn measure(options: &Options, table: &mut Table) {
    let time = if options.minute {
        Duration::from_mins(1)
    } else {
        PART
    };
    let full = Full::start();
    for (name, keys, text) in TABS {
        let terminal = Terminal::open(&full.board.shell, true);
        terminal.shows("server-0");
        terminal.presses(keys);
        terminal.shows(text);
        terminal.rests(SILENCE);
        let (bytes, used) = (terminal.count(), process::used(terminal.pid()));
        std::thread::sleep(time);
        let bytes = terminal.count() - bytes;
        let used = process::used(terminal.pid()).since(used);
        table.bytes(&format!("idle for {time:?} on {name}"), 0, &[bytes]);
        // A processor counts in ticks; less than one is none that anybody sees.
        let over = used.time >= Duration::from_millis(1);
        let limit = Limit::milliseconds(0);
        table.row("  processor time", limit, over, &used.to_string());
    }
}
