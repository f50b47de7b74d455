//! The dock: what servers ask back and what is asked about their functions, in the
//! words of a hostile one; and that nothing is answered that was not armed.

use proptest::prelude::*;
use serde_json::json;

use super::{HOSTILE, bytes, only_our_sequences};
use crate::domain::{
    Asked, Fault, FaultKind, Permission, Question, QuestionAnswer, QuestionEnd, QuestionId, Status,
};
use crate::protocol::{ConnectorView, EventKind, Selection};
use crate::tui::effect::{Ask, Effect, Msg, Ticket, Work};
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::tests::asked::{page, question, seat};
use crate::tui::tests::board::{connector, function, functions, snapshot};
use crate::tui::tests::dock::asked;
use crate::tui::tests::functions::showing;
use crate::tui::tests::runner::Runner;
use crate::tui::theme::Signs;

/// A form all of whose words are these.
fn form(text: &str) -> Asked {
    Asked::Form {
        message: text.into(),
        schema: json!({ "type": "object", "title": text, "required": ["a"], "properties": {
            "a": { "type": "string", "title": text, "description": text, "default": text },
            text: { "type": "string", "enum": [text, "x"], "enumNames": [text, text] },
            "list": { "type": "array", "items": { "type": "string", "enum": [text, "y"] } },
            "n": { "type": "integer", "description": text, "minimum": 3 } } }),
    }
}

#[test]
fn no_words_of_a_question_are_obeyed_by_the_terminal() {
    read_questions(Signs::Unicode);
}

#[test]
fn no_words_of_a_question_are_obeyed_by_a_terminal_of_ascii() {
    read_questions(Signs::Ascii);
}

fn read_questions(signs: Signs) {
    for text in HOSTILE {
        let mut board = snapshot(vec![connector("plays")]);
        let url = format!("https://a.example/{text}");
        board.questions = vec![question("q-1", form(text)), question("q-2", page(&url))];
        for question in &mut board.questions {
            question.function = Some((*text).into());
        }
        if let Asked::Url { message, .. } = &mut board.questions[1].asked {
            *message = (*text).into();
        }
        let mut runner = Runner::on(80, 24, board);
        runner.model.theme.signs = signs;
        let look = |runner: &Runner| {
            let bytes = bytes(runner);
            only_our_sequences(&bytes);
            let plain = signs == Signs::Unicode || bytes.is_ascii();
            assert!(plain, "{}", runner.screen());
        };
        look(&runner);
        for keys in [
            "!",
            "<pgdn>",
            "<pgdn>",
            "<tab><right>",
            "<tab><right>",
            "<tab>x<alt-enter>",
            "<ctrl-n>",
            " ",
            "c",
            " ",
            "<esc>",
            "!<tab>",
        ] {
            // Before its keys light up, and with them lit.
            runner.keys(keys);
            if signs == Signs::Unicode {
                look(&runner);
            }
            runner.light();
            if signs == Signs::Ascii {
                look(&runner);
            }
        }
        runner.paste(text);
        runner.keys("<alt-enter>");
        look(&runner);
        let id = QuestionId::new("q-1");
        let end = QuestionEnd::Withdrawn;
        runner.event(EventKind::QuestionClosed { id, end });
        look(&runner);
    }
}

#[test]
fn no_words_in_what_is_asked_before_a_call_are_obeyed() {
    for text in HOSTILE {
        for signs in [Signs::Unicode, Signs::Ascii] {
            let mut runner = showing(80, 24, vec![function(text)]);
            runner.model.theme.signs = signs;
            runner.keys("t<alt-j><ctrl-k>");
            let arguments = json!({ *text: text, "password": text, "in": { *text: [text] } });
            runner.paste(&arguments.to_string());
            runner.keys("<alt-enter>");
            assert_eq!(runner.model.focus, Focus::DockCall, "{}", runner.screen());
            for _ in 0..4 {
                let bytes = bytes(&runner);
                only_our_sequences(&bytes);
                let plain = signs == Signs::Unicode || bytes.is_ascii();
                assert!(plain, "{}", runner.screen());
                runner.light();
                runner.keys(" ");
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Move {
    Key(&'static str),
    Paste(&'static str),
    Pass(u64),
    Painted,
    Size(u16, u16),
    Event(u8),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    // Those that answer come often.
    const KEYS: &[&str] = &[
        "!",
        "!",
        "!",
        "y",
        "y",
        "y",
        "y",
        "<alt-enter>",
        "<alt-enter>",
        "<alt-enter>",
        "<ctrl-r>",
        "n",
        " ",
        " ",
        "<enter>",
        "<esc>",
        "<tab>",
        "<ctrl-n>",
        "<pgdn>",
        "<pgdn>",
        "j",
        "k",
        "1",
        "4",
        "5",
        "<f1>",
        "<right>",
        "<right>",
        "7",
        "<alt-d>",
        "<down>",
        "v",
        "a",
        "t",
        "c",
        ":",
    ];
    let one = prop_oneof![
        10 => proptest::sample::select(KEYS).prop_map(Move::Key),
        4 => (0u64..1500).prop_map(Move::Pass),
        4 => Just(Move::Painted),
        1 => proptest::sample::select(HOSTILE).prop_map(Move::Paste),
        1 => (50u16..130, 15u16..45).prop_map(|(w, h)| Move::Size(w, h)),
        2 => (0u8..9).prop_map(Move::Event),
    ];
    proptest::collection::vec(one, 1..80)
}

fn faring(status: Status) -> Box<ConnectorView> {
    Box::new(ConnectorView {
        status,
        ..connector("plays")
    })
}

/// What the outside knows of when a prompt may be answered.
#[derive(Default)]
struct Watch {
    /// The last key or paste that was not meant for the prompt.
    elsewhere: u64,
    /// The last key that was.
    key: u64,
    /// Which prompt is on the screen, and since when.
    painted: Option<(u64, u64)>,
}

impl Watch {
    /// Whether a yes counts now.
    fn armed(&self, runner: &Runner, before: Focus, prompt: Option<u64>) -> Result<(), String> {
        let now = runner.model.clock.now;
        if !before.in_dock() {
            return Err(format!("{before:?} had the keys"));
        }
        if now < self.elsewhere + 1000 {
            return Err(format!("{now}: a key elsewhere at {}", self.elsewhere));
        }
        let painted = self.painted.filter(|(which, _)| Some(*which) == prompt);
        if painted.is_none_or(|(_, at)| now < at + 400) {
            return Err(format!("{now}: on the screen since {painted:?}"));
        }
        if before != Focus::DockForm && now < self.key + 250 {
            return Err(format!("{now}: a key at {}", self.key));
        }
        Ok(())
    }

    fn after(&mut self, runner: &Runner, one: &Move, before: Focus) {
        let now = runner.model.clock.now;
        match one {
            Move::Key(_) if before.in_dock() => self.key = now,
            Move::Key(_) => self.elsewhere = now,
            Move::Paste(_) if before != Focus::DockForm => self.elsewhere = now,
            _ => {}
        }
        let front = runner.model.dock.front();
        if !layout::fits(runner.model.size) {
            self.painted = None;
        }
        self.painted = self.painted.filter(|(which, _)| Some(*which) == front);
        if let (Move::Painted, None, Some(front), true) =
            (one, self.painted, front, layout::fits(runner.model.size))
        {
            self.painted = Some((front, now));
        }
    }
}

/// Whether an effect lets something happen that has to be asked about.
fn is_yes(effect: &Effect, before: Focus) -> bool {
    match effect {
        Effect::Work(_, Work::Call(call)) => call.approved_digest.is_some(),
        Effect::Ask(_, Ask::AnswerQuestion(answer)) => {
            matches!(answer.answer, QuestionAnswer::Accept { .. })
        }
        Effect::Ask(_, Ask::Permit(permit)) if permit.permission == Permission::Always => {
            let several = matches!(&permit.functions, Selection::Seen(names) if names.len() > 1);
            several || before.in_dock()
        }
        _ => false,
    }
}

fn event(runner: &mut Runner, number: u8, asked: &mut u32, last: Option<Ticket>) {
    let id = QuestionId::new(format!("q-{asked}"));
    match number {
        0..=2 => {
            *asked += 1;
            let what = match number {
                0 => seat(),
                1 => page("https://pay.example/"),
                _ => form(HOSTILE[0]),
            };
            let one: Question = question(&format!("q-{asked}"), what);
            runner.event(EventKind::QuestionOpened(Box::new(one)));
        }
        3 => runner.event(EventKind::QuestionClosed {
            id,
            end: QuestionEnd::Expired,
        }),
        4 => runner.event(EventKind::Connector(faring(Status::Changed))),
        5 => runner.event(EventKind::Connector(faring(Status::Connected))),
        6 => runner.msg(Msg::Lost(Fault::new(FaultKind::Network, "gone"))),
        7 => {
            let mut board = snapshot(vec![connector("github"), connector("plays")]);
            board.questions = vec![question(&format!("q-{asked}"), seat())];
            runner.event(EventKind::Snapshot(Box::new(board)));
        }
        _ => {
            if let Some(ticket) = last {
                runner.answer(ticket, Err(Fault::user("that does not fit")));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(28))]
    #[test]
    fn nothing_is_answered_that_was_not_armed(begin in 0u8..3, moves in moves()) {
        let mut runner = match begin {
            0 => asked(80, 24),
            1 => {
                let mut runner = showing(80, 24, functions());
                runner.keys("vva");
                runner
            }
            _ => showing(80, 24, functions()),
        };
        runner.event(EventKind::Connector(faring(Status::Connected)));
        runner.wanted();
        let mut watch = Watch { elsewhere: runner.model.clock.now, ..Watch::default() };
        let (mut count, mut last) = (0, None);
        for one in moves {
            let (before, front) = (runner.model.focus, runner.model.dock.front());
            match &one {
                Move::Key(key) => runner.keys(key),
                Move::Paste(text) => runner.paste(text),
                Move::Pass(time) => runner.pass(*time),
                Move::Painted => runner.msg(Msg::Painted),
                Move::Size(width, height) => {
                    runner.msg(Msg::Resized { width: *width, height: *height });
                }
                Move::Event(number) => event(&mut runner, *number, &mut count, last),
            }
            for effect in runner.wanted() {
                if is_yes(&effect, before) {
                    let key = matches!(one, Move::Key("y" | "<alt-enter>" | "<ctrl-r>"));
                    prop_assert!(key, "{one:?} answered");
                    let armed = watch.armed(&runner, before, front);
                    prop_assert!(armed.is_ok(), "{armed:?}");
                }
                if let Effect::Ask(ticket, Ask::AnswerQuestion(_)) = effect {
                    last = Some(ticket);
                }
            }
            watch.after(&runner, &one, before);
        }
        only_our_sequences(&bytes(&runner));
    }
}

/// The watch above would see it: the same keys with time between them do answer.
#[test]
fn what_is_armed_is_answered() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("plays")]));
    runner.event(EventKind::QuestionOpened(Box::new(question(
        "q-1",
        page("https://pay.example/"),
    ))));
    let mut watch = Watch::default();
    let moves = [
        Move::Key("!"),
        Move::Painted,
        Move::Pass(1000),
        Move::Key("y"),
    ];
    let mut yes = 0;
    for one in moves {
        let (before, front) = (runner.model.focus, runner.model.dock.front());
        match &one {
            Move::Key(key) => runner.keys(key),
            Move::Pass(time) => runner.pass(*time),
            _ => runner.msg(Msg::Painted),
        }
        let wanted = runner.wanted();
        if wanted.iter().any(|effect| is_yes(effect, before)) {
            yes += 1;
            assert_eq!(watch.armed(&runner, before, front), Ok(()));
            assert!(Watch::default().armed(&runner, before, front).is_err());
        }
        watch.after(&runner, &one, before);
    }
    assert_eq!(yes, 1);
}
