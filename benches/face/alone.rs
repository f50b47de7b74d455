//! The interface without a terminal: what drawing and searching take by themselves.

use std::hint::black_box;
use std::time::Duration;

use callboard::search::{Haystack, Words};
use callboard::tui::bench::Face;

use super::spread::Spread;
use super::table::Table;
use super::{MANY, Options};

/// How often each is done.
const TIMES: usize = 300;

const FRAME: Duration = Duration::from_millis(1);
const FILTER: Duration = Duration::from_millis(10);
const SEARCH: Duration = Duration::from_millis(10);

pub fn measure(_: &Options, table: &mut Table) {
    let mut face = Face::with_functions(MANY).unwrap();
    let mut same = Spread::default();
    for _ in 0..TIMES {
        same.time(|| face.frame());
    }
    table.times("a frame over 10,000 functions, the same", FRAME, &same);
    let mut pages = Spread::default();
    for at in 0..TIMES {
        face.key(if at % 2 == 0 { "pgdn" } else { "pgup" });
        face.rest();
        pages.time(|| face.frame());
    }
    table.times("  another page, with other details", FRAME, &pages);
    let mut filter = Spread::default();
    face.key("/");
    for at in 0..TIMES {
        // Four letters in, and four taken away.
        let key = [
            "s",
            "e",
            "a",
            "r",
            "backspace",
            "backspace",
            "backspace",
            "backspace",
        ][at % 8];
        filter.time(|| {
            face.key(key);
            face.frame()
        });
    }
    table.times("a letter in the filter, and its frame", FILTER, &filter);
    let servers: Vec<Haystack> = (0..20_000).map(entry).collect();
    let mut search = Spread::default();
    for at in 0..TIMES / 10 {
        let typed = ["n", "notion", "search pages", "io.github.example", "nte"][at % 5];
        search.time(|| {
            Words::new(black_box(typed))
                .rank(servers.iter().enumerate())
                .len()
        });
    }
    table.times("a search in a directory of 20,000", SEARCH, &search);
    let worst = format!("slowest {:.1?}", search.percentile(100));
    Table::note("  of five different ones", &worst);
}

fn entry(number: usize) -> Haystack {
    let id = format!("io.github.example-{number}/notes-mcp-server");
    let about = "Search, read and write the pages, issues and projects of your workspace";
    Haystack::new(&["Notes", "Example"], &id, about)
}
