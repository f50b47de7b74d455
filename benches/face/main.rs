//! The interface as somebody at a terminal meets it: the release program in a
//! pseudo-terminal of 120x40, a board, and what that takes in time, bytes and memory.
//!
//! Each number stands beside its limit. `cargo bench --bench face` measures all of
//! it, `-- rows` one part, `-- idle --minute` an idle minute whole. With `--check` it
//! fails where a number is over its limit: that is for a machine with nothing else to do.
#![allow(unreachable_pub, dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing, clippy::print_stdout)]

mod alone;
mod listing;
mod opening;
mod resting;
mod table;
mod terminal;

#[path = "../../tests/support/fake.rs"]
mod fake;
#[path = "../board/process.rs"]
mod process;
#[path = "../board/running.rs"]
mod running;
#[path = "../board/servers.rs"]
mod servers;
#[path = "../../tests/support/shell.rs"]
mod shell;
#[path = "../board/spread.rs"]
mod spread;

use callboard::domain::Permission;
use callboard::protocol::{Call, Permit, Selection};
use fake::{Behaviour, FakeServer, Function};
use running::Board;

use table::Table;

/// How many functions the long list has: as many as a server may offer.
const MANY: usize = 10_000;

/// A part: its name, and what runs it.
type Part = (&'static str, fn(&Options, &mut Table));

const PARTS: &[Part] = &[
    ("alone", alone::measure),
    ("opening", opening::measure),
    ("rows", listing::measure),
    ("idle", resting::measure),
];

/// What was asked for.
struct Options {
    /// Idle for a whole minute, where a third of one is enough to see something.
    minute: bool,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (options, chosen): (Vec<&str>, Vec<&str>) = words
        .iter()
        .map(String::as_str)
        .partition(|word| word.starts_with('-'));
    let asked = Options {
        minute: options.contains(&"--minute"),
    };
    let mut table = Table::default();
    for (name, part) in PARTS {
        if chosen.is_empty() || chosen.iter().any(|word| name.contains(word)) {
            println!("\n== {name}");
            part(&asked, &mut table);
        }
    }
    table.end();
    if options.contains(&"--check") && table.is_over() {
        std::process::exit(1);
    }
}

/// How many calls the journal has.
const CALLS: usize = 60;

/// A board with one server of [`MANY`] functions and twenty of fifty each.
struct Full {
    board: Board,
    /// They answer as long as this lives.
    servers: Vec<FakeServer>,
}

impl Full {
    fn start() -> Self {
        let mut servers = servers::start();
        let many = Behaviour::modern()
            .functions((0..MANY).map(function).collect())
            .page(500);
        servers.insert(0, FakeServer::start(many));
        let board = Board::fresh();
        let urls: Vec<String> = servers.iter().map(|server| server.url.clone()).collect();
        board.add_all(&urls);
        board.runtime.block_on(call(&board));
        Self { board, servers }
    }
}

/// Fills the journal.
async fn call(board: &Board) {
    let client = board.client().await;
    let name = "server-1".to_owned();
    let permit = Permit {
        name: name.clone(),
        functions: Selection::All,
        permission: Permission::Always,
        seen_digest: None,
    };
    client.send(&permit).await.unwrap();
    let call = Call {
        ask_back: false,
        name,
        function: "echo".to_owned(),
        arguments: serde_json::Map::from_iter([("text".to_owned(), "hello".into())]),
        approved_digest: None,
    };
    for _ in 0..CALLS {
        client.run(&call, &mut |_| {}).await.unwrap();
    }
}

/// A function of the usual length, a little different from the others.
fn function(number: usize) -> Function {
    let verbs = ["get", "create", "delete", "list", "search", "update"];
    let things = ["issue", "page", "branch", "review", "member"];
    let (verb, thing) = (verbs[number % verbs.len()], things[number % things.len()]);
    let about = format!("Does {verb} with one {thing}, or with several where the server can. ");
    Function::raw(serde_json::json!({
        "name": format!("{verb}_{thing}_{number}"),
        "title": format!("{verb} {thing} number {number}"),
        "description": about.repeat(4),
        "inputSchema": {
            "type": "object",
            "required": ["repository", "query"],
            "properties": {
                "repository": { "type": "string", "description": "Owner and name" },
                "query": { "type": "string", "description": "Words that it has to have" },
                "labels": { "type": "array", "items": { "type": "string" } },
                "page": { "type": "integer", "minimum": 1, "default": 1 },
            },
        },
        "annotations": {
            "readOnlyHint": number.is_multiple_of(2),
            "destructiveHint": number.is_multiple_of(11),
        },
    }))
}

#[allow(clippy::cast_precision_loss)]
fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
