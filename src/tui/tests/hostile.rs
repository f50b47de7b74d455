//! Nothing that a server says reaches the terminal as anything but text, and no
//! sequence of keys, sizes and events does what was not asked for.

mod details;
mod dock;

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::layout::Rect;
use ratatui::{TerminalOptions, Viewport};

use super::arguments::rich;
use super::board::{all_kinds, called, connector, function, functions, remembered, snapshot};
use super::directory::{listing, open, servers};
use super::functions::showing;
use super::run::answered;
use super::runner::Runner;
use crate::domain::{Evidence, Fault, FaultKind, FunctionState, JournalEvent, Untrusted};
use crate::protocol::{CallRecord, EventKind};
use crate::tui::effect::{Answer, Ask, Effect, Msg, Ticket, Work};
use crate::tui::terminal::Gathering;
use crate::tui::theme::Signs;
use crate::tui::view::view;

/// Texts that try to be more than text.
const HOSTILE: &[&str] = &[
    "\u{1b}[2J\u{1b}[H\u{1b}]0;owned\u{7}",
    "\u{1b}]52;c;eXl5\u{7}",
    "\u{9b}31mred",
    "\u{202e}drowssap\u{202c}",
    "\u{e0001}\u{e0068}\u{e0069}",
    "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}",
    "\r\n\u{b}\u{c}\u{8}\u{7f}",
    "\u{200b}\u{200d}\u{2060}\u{feff}",
    "┃ y once · s this session",
    "👩‍👩‍👧‍👦🏳️‍🌈",
];

/// The bytes that a frame sends.
fn bytes(runner: &Runner) -> Vec<u8> {
    let size = runner.model.size;
    let mut out = Vec::new();
    let mut terminal = Terminal::with_options(
        Gathering::new(&mut out, size.width, size.height),
        TerminalOptions {
            viewport: Viewport::Fixed(Rect::new(0, 0, size.width, size.height)),
        },
    )
    .unwrap();
    let links = crate::tui::dock::links(&runner.model);
    terminal.backend_mut().set_links(links);
    terminal.draw(|frame| view(&runner.model, frame)).unwrap();
    drop(terminal);
    out
}

/// Every escape sequence in the bytes is one that drawing makes: colours, places of
/// the cursor, and links, each of which is closed before the next one.
fn only_our_sequences(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    let (mut linked, mut ends) = (false, false);
    for (place, piece) in text.split('\u{1b}').enumerate() {
        if place == 0 {
            continue;
        }
        if let Some(rest) = piece.strip_prefix("]8;") {
            let (id, address) = rest.split_once(';').unwrap();
            let web = address.starts_with("https://") || address.starts_with("http://");
            assert_eq!(address.is_empty(), linked, "{piece:?}");
            let name = if linked { "" } else { "id=callboard" };
            assert_eq!(id, name, "{piece:?}");
            assert!(address.is_empty() || web, "{piece:?}");
            assert!(
                address.bytes().all(|byte| byte.is_ascii_graphic()),
                "{piece:?}"
            );
            linked = !linked;
            ends = true;
            continue;
        }
        if std::mem::take(&mut ends) {
            assert!(piece.starts_with('\\'), "{piece:?}");
            continue;
        }
        let end = piece.find(|c: char| c.is_ascii_alphabetic()).unwrap();
        let sequence: String = piece.chars().take(end + 1).collect();
        let ours = sequence.starts_with('[')
            && matches!(
                sequence.chars().last(),
                Some('m' | 'H' | 'G' | 'l' | 'h' | 'J' | 'K' | 'X')
            );
        assert!(ours, "{sequence:?}");
    }
    for letter in text.chars() {
        let control = letter.is_control() && letter != '\u{1b}';
        assert!(!control, "U+{:04X} reaches the terminal", u32::from(letter));
        let hidden = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{e0000}'..='\u{e007f}' | '\u{200b}' | '\u{2060}' | '\u{feff}');
        assert!(!hidden, "U+{:04X} reaches the terminal", u32::from(letter));
    }
}

#[test]
fn no_words_of_a_server_are_obeyed_by_the_terminal() {
    for text in HOSTILE {
        let words = Untrusted::new(*text);
        let mut evil = connector("evil");
        let identity = evil.server.as_mut().unwrap();
        identity.name = words.clone();
        identity.version = words.clone();
        evil.stderr = vec![words.clone(), words.clone()];
        evil.evidence = vec![Evidence {
            request: "POST /mcp".to_owned(),
            answer: words.clone(),
            means: "nothing".to_owned(),
        }];
        let mut runner = Runner::on(120, 40, snapshot(vec![evil]));
        only_our_sequences(&bytes(&runner));
        let mut bad = function(text);
        bad.title = Some(words.clone());
        bad.description = words.clone();
        bad.input_schema = serde_json::json!({ "properties": { *text: {
            "type": "string", "description": text, "enum": [text], "default": text } } })
        .into();
        runner = showing(120, 40, vec![bad]);
        only_our_sequences(&bytes(&runner));
        runner.keys("<enter>t");
        only_our_sequences(&bytes(&runner));
        runner.paste(text);
        runner.keys("<tab><right>");
        only_our_sequences(&bytes(&runner));
        runner.keys("<alt-j><ctrl-k>");
        runner.paste(&serde_json::json!({ *text: text }).to_string());
        only_our_sequences(&bytes(&runner));
        runner.keys("<alt-enter>");
        only_our_sequences(&bytes(&runner));
    }
}

/// A server of the directory all of whose words are these.
fn listed(text: &str) -> serde_json::Value {
    let input = serde_json::json!({ "description": text, "isRequired": true, "default": text,
        "placeholder": text, "choices": [text, "x"] });
    let header = serde_json::json!({ "name": "X-Key", "description": text, "isSecret": true,
        "isRequired": true, "default": text });
    serde_json::json!({
        "server": { "name": "com.example/evil", "title": text, "description": text, "version": text,
            "remotes": [{ "type": "sse", "url": "https://{a}.example.com/{b}",
                "variables": { "a": { "description": text, "placeholder": text }, "b": input },
                "headers": [header.clone(), header] }] },
        "_meta": {
            "io.callboard.directory/curated": { "publisher": text, "authentication": "header", "checked": text },
            "io.modelcontextprotocol.registry/official": { "status": "deprecated", "statusMessage": text },
        },
    })
}

#[test]
fn no_words_of_the_directory_are_obeyed_by_the_terminal() {
    for text in HOSTILE {
        for signs in [Signs::Unicode, Signs::Ascii] {
            let mut runner = open(120, 40, vec![], vec![listed(text)]);
            runner.model.theme.signs = signs;
            let look = |runner: &Runner| {
                let bytes = bytes(runner);
                only_our_sequences(&bytes);
                assert!(
                    signs == Signs::Unicode || bytes.is_ascii(),
                    "{}",
                    runner.screen()
                );
            };
            look(&runner);
            for keys in ["l", "a", "x<down><right>", "<alt-enter>", "<esc>2/"] {
                runner.keys(keys);
                look(&runner);
            }
            runner.paste(text);
            look(&runner);
        }
    }
}

/// A result that is hostile wherever it can be.
fn result(text: &str) -> serde_json::Value {
    let markdown = format!(
        "# {text}\n\n- [{text}](https://x.example/{text})\n\n|a|\n|-|\n|{text}|\n\n```{text}\n{text}\n```"
    );
    serde_json::json!({
        "content": [
            { "type": "text", "text": text, "annotations": { "audience": [text], "lastModified": text } },
            { "type": "text", "text": markdown },
            { "type": "image", "mimeType": text, "data": text },
            { "type": "resource_link", "uri": text, "name": text, "title": text, "mimeType": text, "description": text },
            { "type": "resource", "resource": { "uri": text, "mimeType": text, "text": text } },
            { "type": text },
        ],
        "structuredContent": { text: [{ text: text, "n": [text] }, { text: { text: text } }] },
    })
}

/// Keys that show every view of a result, and what is inside of some.
const VIEWS: &[&str] = &[
    "T",
    "M",
    "<pgdn>",
    "L",
    "<enter>",
    "G<enter>",
    "<esc><esc>",
    "J+G",
    "P",
    "I",
    "jjjj<enter>",
    "<esc>",
    "R+",
    "/a<enter>",
    "o",
    "<esc>",
];

#[test]
fn no_words_of_a_result_are_obeyed_in_any_view() {
    for text in HOSTILE {
        let mut runner = answered(120, 40, result(text));
        for keys in VIEWS {
            runner.keys(keys);
            only_our_sequences(&bytes(&runner));
        }
        let mut runner = answered(80, 24, result(text));
        runner.model.theme.signs = Signs::Ascii;
        for keys in VIEWS {
            runner.keys(keys);
            assert!(bytes(&runner).is_ascii(), "{keys}: {}", runner.screen());
        }
    }
}

/// Answers what the two lists ask the board.
fn answer_everything(runner: &mut Runner) {
    let asks: Vec<(Ticket, Ask)> = runner
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Ask(ticket, ask) => Some((*ticket, ask.clone())),
            _ => None,
        })
        .collect();
    for (ticket, ask) in asks {
        let answer = match ask {
            Ask::Functions(_) => Answer::Functions(functions().into()),
            Ask::Function(_) => {
                let accepted = serde_json::json!({ "description": HOSTILE[0] });
                let view = remembered(&functions()[3], Some(accepted), vec![]);
                Answer::Function(Box::new(view))
            }
            Ask::Journal(_) => {
                let at = "2026-11-21T13:57:00Z";
                Answer::Journal(vec![called(1, at, "get_issue"), called(9, at, HOSTILE[1])])
            }
            _ => continue,
        };
        runner.answer(ticket, Ok(answer));
    }
}

#[test]
fn no_words_in_the_journal_are_obeyed_by_the_terminal() {
    for text in HOSTILE {
        let mut entry = called(1, "2026-11-22T13:57:00Z", text);
        entry.agent = Some((*text).to_owned());
        entry.connector = Some((*text).to_owned());
        entry.rule = Some((*text).to_owned());
        entry.arguments_digest = Some((*text).to_owned());
        let mut set = entry.clone();
        set.seq = 2;
        set.event = JournalEvent::Permission;
        let mut runner = Runner::on(120, 40, snapshot(vec![connector("a")]));
        runner.keys("5");
        let (ticket, _) = runner.asked();
        runner.answer(ticket, Ok(Answer::Journal(vec![entry.clone(), set])));
        only_our_sequences(&bytes(&runner));
        runner.keys("acfk<enter>");
        let record = CallRecord {
            entry,
            arguments: Some(serde_json::json!({ *text: text })),
            result: Some(serde_json::json!({ "content": [{ "type": "text", "text": text }] })),
        };
        let asked = runner.asks().pop();
        if let Some((ticket, _)) = asked {
            runner.answer(ticket, Ok(Answer::WholeCall(Box::new(record))));
        }
        only_our_sequences(&bytes(&runner));
    }
}

#[test]
fn no_words_of_a_change_are_obeyed_by_the_terminal() {
    for text in HOSTILE {
        let mut now = function("changed");
        now.state = FunctionState::Changed;
        now.description = Untrusted::new(*text);
        let accepted = serde_json::json!({
            "description": format!("{text} {text}"),
            *text: { *text: text },
        });
        for width in [80, 120] {
            let mut runner = Runner::on(width, 40, snapshot(vec![connector("github")]));
            runner.keys("f");
            let (ticket, _) = runner.asked();
            runner.answer(ticket, Ok(Answer::Functions(vec![now.clone()].into())));
            runner.keys("<enter>");
            let (ticket, _) = runner.asked();
            let view = remembered(&now, Some(accepted.clone()), vec![]);
            runner.answer(ticket, Ok(Answer::Function(Box::new(view))));
            runner.shows("What changed");
            only_our_sequences(&bytes(&runner));
        }
    }
}

#[test]
fn a_poor_terminal_gets_ascii_alone() {
    for text in HOSTILE {
        let mut bad = function(text);
        bad.description = Untrusted::new(format!("{text} é 漢字"));
        let mut runner = showing(120, 40, vec![bad]);
        runner.model.theme.signs = Signs::Ascii;
        for keys in ["<enter>", "1", "3ü<tab>https://ü.example", "?"] {
            runner.keys(keys);
            assert!(bytes(&runner).is_ascii(), "{}", runner.screen());
        }
    }
}

#[derive(Clone, Debug)]
enum Move {
    Keys(&'static str),
    Paste(&'static str),
    Size(u16, u16),
    Event(u8),
    Lost,
    Painted,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    const KEYS: &[&str] = &[
        "j",
        "k",
        "<enter>",
        "<esc>",
        "<tab>",
        "<shift-tab>",
        "1",
        "2",
        "3",
        "4",
        "?",
        "!",
        "y",
        "n",
        " ",
        "x",
        "c",
        "e",
        "r",
        "f",
        "t",
        "v",
        "a",
        "s",
        "b",
        "A",
        "/",
        "g",
        "G",
        "<pgdn>",
        "<alt-enter>",
        "<ctrl-c>",
        "<left>",
        "<right>",
        "<up>",
        "<down>",
        "<backspace>",
        "o",
        "[",
        "]",
        "5",
        "0",
        "p",
        "w",
        "V",
        "i",
        "d",
        "{}",
        "https://a.example",
        "<alt-j>",
        "<alt-n>",
        "<alt-a>",
        "<alt-r>",
        "J",
        "<del>",
    ];
    let one = prop_oneof![
        12 => proptest::sample::select(KEYS).prop_map(Move::Keys),
        1 => proptest::sample::select(HOSTILE).prop_map(Move::Paste),
        1 => (0u16..200, 0u16..60).prop_map(|(w, h)| Move::Size(w, h)),
        1 => (0u8..6).prop_map(Move::Event),
        1 => Just(Move::Lost),
        1 => Just(Move::Painted),
    ];
    proptest::collection::vec(one, 1..50)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_sequence_of_keys_sizes_and_events_panics_or_answers_an_unarmed_question(moves in moves()) {
        let mut all = functions();
        all.insert(0, rich());
        let mut runner = showing(80, 24, all);
        let mut line = 0;
        for one in moves {
            match one {
                Move::Keys(keys) => runner.keys(keys),
                Move::Paste(text) => runner.paste(text),
                Move::Size(width, height) => runner.msg(Msg::Resized { width, height }),
                Move::Event(0) => runner.event(EventKind::Removed { id: connector("github").id }),
                Move::Event(1) => runner.event(EventKind::Snapshot(Box::new(snapshot(all_kinds())))),
                Move::Event(2) => runner.event(EventKind::Stopping),
                Move::Event(3) => answer_everything(&mut runner),
                Move::Event(4) => {
                    line += 1;
                    let entry = called(line, "2026-11-22T13:57:00Z", "get_issue");
                    runner.event(EventKind::Journal(Box::new(entry)));
                }
                Move::Event(_) => runner.event(EventKind::Functions { id: connector("github").id }),
                Move::Lost => runner.msg(Msg::Lost(Fault::new(FaultKind::Network, "gone"))),
                Move::Painted => runner.msg(Msg::Painted),
            }
            only_our_sequences(&bytes(&runner));
            // Keys come 50 ms apart here, so no question is ever armed.
            for effect in runner.wanted() {
                if let Effect::Work(_, Work::Call(call)) = &effect {
                    prop_assert!(call.approved_digest.is_none(), "an unarmed question was answered");
                }
                if let Effect::Ask(ticket, Ask::Directory(_)) = effect {
                    runner.answer(ticket, Ok(Answer::Directory(Box::new(listing(servers())))));
                }
            }
        }
    }
}
