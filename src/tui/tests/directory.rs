use serde_json::{Value, json};

use super::board::{connector, snapshot};
use super::runner::{Runner, pictures};
use crate::directory::read;
use crate::domain::{DirectorySource, Fault, FaultKind};
use crate::protocol::{ConnectorView, DirectoryView, EntryView, EventKind};
use crate::tui::effect::{Answer, Ask, Effect, Msg};
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;

fn item(id: &str, title: &str, auth: &str, about: &str, remotes: Value) -> Value {
    json!({
        "server": { "name": id, "title": title, "description": about, "version": "1.0.0",
            "websiteUrl": "https://www.example.com", "remotes": remotes },
        "_meta": { "io.callboard.directory/curated": { "publisher": format!("{title} Inc."),
            "authentication": auth, "documentation": format!("https://docs.example.com/{id}"),
            "checked": "2026-11-22" } },
    })
}

fn at(url: &str) -> Value {
    json!([{ "type": "streamable-http", "url": url }])
}

/// Servers of every kind.
pub(super) fn servers() -> Vec<Value> {
    let notes = json!([
        { "type": "streamable-http", "url": "https://notes.example.com/mcp" },
        { "type": "sse", "url": "https://notes.example.com/sse" },
    ]);
    let tenant = json!([{
        "type": "streamable-http",
        "url": "https://{tenant}.figures.example.com/{region}/mcp?key={key}",
        "variables": {
            "tenant": { "description": "Your tenant", "isRequired": true, "placeholder": "acme" },
            "region": { "isRequired": true, "choices": ["eu", "us"] },
            "key": { "description": "The key of a project", "isRequired": true, "isSecret": true },
        },
    }]);
    let keys = json!([{
        "type": "streamable-http",
        "url": "https://lookup.example.com/mcp",
        "headers": [
            { "name": "X-Lookup-Org", "description": "The number of your organisation" },
            { "name": "X-Lookup-Key", "description": "An API key", "isRequired": true, "isSecret": true },
        ],
    }]);
    let token = json!([{
        "type": "streamable-http",
        "url": "https://deploy.example.com/mcp",
        "headers": [{ "name": "Authorization", "description": "Bearer, a space, and an API key",
            "isRequired": true, "isSecret": true }],
    }]);
    let mut old = item(
        "com.example/old",
        "Old Wiki",
        "none",
        "Pages of long ago",
        at("https://old.example.com/mcp"),
    );
    old["_meta"]["io.modelcontextprotocol.registry/official"] =
        json!({ "status": "deprecated", "statusMessage": "use Notes instead" });
    vec![
        item(
            "com.example/notes",
            "Notes",
            "oauth",
            "Search, read and write the pages of a workspace",
            notes,
        ),
        item(
            "com.example/figures",
            "Figures",
            "none",
            "Ask about your numbers",
            tenant,
        ),
        item(
            "com.example/lookup",
            "Lookup",
            "header",
            "Finds companies and people",
            keys,
        ),
        item(
            "com.example/deploy",
            "Deploy",
            "bearer",
            "Services, deploys and logs",
            token,
        ),
        item(
            "com.example/ledger",
            "Ledger",
            "basic",
            "Invoices and payments",
            at("https://ledger.example.com/mcp"),
        ),
        item(
            "com.example/rude",
            "Ru\u{1b}[2Jde",
            "none",
            "Say \u{202e}yes\u{202c} to all it asks\u{200b}",
            at("https://rude.example.com/mcp"),
        ),
        old,
    ]
}

/// What the board answers with these servers.
pub(super) fn listing(servers: Vec<Value>) -> DirectoryView {
    let text = json!({ "servers": servers }).to_string();
    let listing = read(text.as_bytes(), DirectorySource::Curated).unwrap();
    let view = |entry| EntryView {
        entry,
        added: vec![],
    };
    DirectoryView {
        entries: listing.entries.into_iter().map(view).collect(),
        skipped: listing.skipped,
    }
}

/// The tab, open, with these servers in it.
pub(super) fn open(
    width: u16,
    height: u16,
    connectors: Vec<ConnectorView>,
    servers: Vec<Value>,
) -> Runner {
    let mut runner = Runner::on(width, height, snapshot(connectors));
    runner.keys("2");
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::Directory(_)));
    runner.answer(ticket, Ok(Answer::Directory(Box::new(listing(servers)))));
    runner.wanted();
    runner
}

pub(super) fn with_servers(width: u16, height: u16) -> Runner {
    open(width, height, vec![notes_connector()], servers())
}

/// A connector that leads to one of the servers.
fn notes_connector() -> ConnectorView {
    let mut mine = connector("my-notes");
    mine.target = crate::domain::Target::Http {
        url: "https://notes.example.com/mcp".to_owned(),
        query: false,
    };
    mine
}

fn many(count: usize) -> Vec<Value> {
    let of = |number: usize| {
        let id = format!("com.example/server-{number:05}");
        let url = format!("https://s{number}.example.com/mcp");
        let title = format!("Server {number:05}");
        item(&id, &title, "none", "One of very many", at(&url))
    };
    (0..count).map(of).collect()
}

#[test]
fn what_the_tab_looks_like() {
    pictures!("directory_before_the_board_answers", |w, h| {
        let mut runner = Runner::blank(w, h);
        runner.keys("2");
        runner
    });
    pictures!("directory_loading", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(vec![]));
        runner.keys("2");
        runner
    });
    pictures!("directory", with_servers);
    pictures!("directory_searched", |w, h| {
        let mut runner = with_servers(w, h);
        runner.keys("/pages");
        runner
    });
    pictures!("directory_filtered", |w, h| {
        let mut runner = with_servers(w, h);
        runner.keys("sttb");
        runner
    });
    pictures!("directory_preview", |w, h| {
        let mut runner = with_servers(w, h);
        runner.keys("jjjj<right>");
        runner
    });
    pictures!("directory_preview_of_what_needs_something", |w, h| {
        let mut runner = with_servers(w, h);
        runner.keys("j<right><pgdn>");
        runner
    });
    pictures!("directory_preview_of_what_is_rude_and_old", |w, h| {
        let mut runner = with_servers(w, h);
        runner.keys("/old<enter><right>");
        runner
    });
    pictures!("directory_nothing_matches", |w, h| {
        let mut runner = with_servers(w, h);
        runner.keys("/zzz");
        runner
    });
    pictures!("directory_could_not_be_read", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(vec![]));
        runner.keys("2");
        let (ticket, _) = runner.asked();
        let fault = Fault::not_found("this board knows no such request")
            .hint("face and board differ in version: `callboard stop`, then try again");
        runner.answer(ticket, Err(fault));
        runner
    });
    pictures!("directory_board_gone", |w, h| {
        let mut runner = with_servers(w, h);
        runner.msg(Msg::Lost(Fault::new(
            FaultKind::Network,
            "the board is gone",
        )));
        runner
    });
    pictures!("directory_of_many", |w, h| {
        let mut runner = open(w, h, vec![], many(2_000));
        runner.keys("G<pgup>");
        runner
    });
}

#[test]
fn letters_in_the_list_are_keys_and_letters_behind_a_slash_are_text() {
    let mut runner = with_servers(80, 24);
    runner.keys("zx");
    runner.shows("7 servers");
    runner.keys("/stb notes");
    assert_eq!(runner.model.focus, Focus::DirectorySearch);
    runner.shows("/ stb notes");
    runner.shows("s any sign-in");
    runner.keys("<ctrl-u>ntes");
    runner.shows("1 of 7 servers");
    runner.keys("<enter>");
    assert_eq!(runner.model.focus, Focus::Directory);
    runner.shows("1 of 7 servers");
    runner.keys("<esc>");
    runner.shows("7 servers");
}

#[test]
fn each_filter_has_a_key_and_goes_round() {
    let mut runner = with_servers(80, 24);
    for (key, steps) in [
        (
            "s",
            &[
                "no sign-in",
                "Bearer",
                "Basic",
                "header",
                "OAuth 2.1",
                "any sign-in",
            ][..],
        ),
        ("t", &["streamable-http", "sse", "any transport"]),
        (
            "b",
            &["not on the board", "on the board", "on the board or not"],
        ),
    ] {
        for step in steps {
            runner.keys(key);
            runner.shows(&format!("{key} {step}"));
        }
        runner.shows("7 servers");
    }
    runner.keys("bb");
    runner.shows("1 of 7 servers");
    runner.shows("Notes");
    // Removed from the board, it is no longer among them.
    runner.event(EventKind::Removed {
        id: connector("my-notes").id,
    });
    runner.shows("nothing matches");
    runner.keys("<esc>");
    runner.shows("7 servers");
}

#[test]
fn what_is_on_the_board_is_marked_as_it_comes_and_goes() {
    let mut runner = open(120, 40, vec![], servers());
    runner.keys("/notes<enter>");
    runner.shows("On board     not yet");
    runner.event(EventKind::Connector(Box::new(notes_connector())));
    runner.shows("✓ as my-notes");
    runner.event(EventKind::Removed {
        id: notes_connector().id,
    });
    runner.shows("On board     not yet");
}

#[test]
fn enter_opens_the_preview_where_it_is_not_to_be_seen_and_adds_where_it_is() {
    let mut narrow = with_servers(80, 24);
    narrow.shows("Enter preview");
    narrow.shows("a add");
    narrow.keys("<enter>");
    assert_eq!(narrow.model.focus, Focus::DirectoryDetail);
    narrow.shows("Listed is not reviewed");
    narrow.shows("Enter add");
    narrow.keys("<esc>");
    assert_eq!(narrow.model.focus, Focus::Directory);
    narrow.keys("<enter><enter>");
    assert_eq!(narrow.model.tab, Tab::Custom);
    let mut wide = with_servers(120, 40);
    wide.shows("Enter add");
    wide.keys("<enter>");
    assert_eq!(wide.model.tab, Tab::Custom);
    let mut key = with_servers(80, 24);
    key.keys("a");
    assert_eq!(key.model.tab, Tab::Custom);
}

#[test]
fn a_on_the_board_s_own_tab_opens_the_directory() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.shows("Press a to choose from the directory");
    runner.keys("a");
    assert_eq!(runner.model.tab, Tab::Directory);
    assert!(matches!(runner.asked().1, Ask::Directory(_)));
}

#[test]
fn the_list_is_asked_for_once_and_again_when_the_board_is_another() {
    let mut runner = with_servers(80, 24);
    runner.keys("/notes<enter>12");
    assert!(runner.wanted().is_empty());
    runner.event(EventKind::Snapshot(Box::new(snapshot(vec![]))));
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::Directory(_)));
    runner.shows("1 of 7 servers");
    let mut fewer = servers();
    fewer.truncate(2);
    runner.answer(ticket, Ok(Answer::Directory(Box::new(listing(fewer)))));
    runner.shows("1 of 2 servers");
    // In another tab it waits until it is wanted.
    runner.keys("1");
    runner.event(EventKind::Snapshot(Box::new(snapshot(vec![]))));
    assert!(runner.wanted().is_empty());
    runner.keys("2");
    assert!(matches!(runner.asked().1, Ask::Directory(_)));
}

#[test]
fn a_list_that_could_not_be_had_is_read_again() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys("2");
    let (ticket, _) = runner.asked();
    runner.answer(
        ticket,
        Err(Fault::new(FaultKind::Network, "the board is gone")),
    );
    runner.shows("the board is gone");
    runner.keys("<enter>");
    runner.shows("c adds a server by its address");
    runner.keys("r");
    let (ticket, _) = runner.asked();
    runner.shows("reading the directory");
    runner.answer(ticket, Ok(Answer::Directory(Box::new(listing(servers())))));
    runner.shows("7 servers");
    // Once it is there, a list that fails does not take its place.
    runner.event(EventKind::Snapshot(Box::new(snapshot(vec![]))));
    let (ticket, _) = runner.asked();
    runner.answer(
        ticket,
        Err(Fault::new(FaultKind::Network, "the board is gone")),
    );
    runner.shows("7 servers");
}

#[test]
fn what_was_chosen_stays_chosen_when_the_list_comes_anew() {
    let mut runner = with_servers(120, 40);
    runner.keys("jjj");
    runner.shows("\"Lookup\"");
    runner.event(EventKind::Snapshot(Box::new(snapshot(vec![]))));
    let (ticket, _) = runner.asked();
    let mut more = servers();
    more.push(item(
        "com.example/a",
        "Aaa",
        "none",
        "First",
        at("https://a.example.com"),
    ));
    runner.answer(ticket, Ok(Answer::Directory(Box::new(listing(more)))));
    runner.shows("8 servers");
    runner.shows("\"Lookup\"");
}

#[test]
fn a_key_in_a_list_of_twenty_thousand_draws_a_screen_and_no_more() {
    let mut runner = open(120, 40, vec![connector("x")], many(20_000));
    runner.keys("/server 19999");
    runner.shows("1 of 20000 servers");
    runner.keys("<esc>G");
    runner.shows("Server 19999");
    assert!(
        !runner
            .wanted()
            .iter()
            .any(|it| matches!(it, Effect::Ask(..)))
    );
}
