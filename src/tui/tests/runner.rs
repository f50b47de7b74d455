//! Drives the interface with typed keys, time and messages.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use crate::domain::{Fault, Timestamp};
use crate::guard::sanitise;
use crate::protocol::{EventKind, SnapshotView};
use crate::tui::effect::{
    Answer, Ask, Effect, Errand, Found, Msg, Ticket, Timer, Work, WorkEnd, WorkStep,
};
use crate::tui::input::{Input, Key, Mouse, MouseKind};
use crate::tui::model::{Clock, Model, Size};
use crate::tui::tests::theme;
use crate::tui::update::update;
use crate::tui::view::view;

/// The interface under test.
pub(super) struct Runner {
    pub(super) model: Model,
    now: u64,
    /// What it wanted done and nobody has looked at yet.
    pub(super) effects: Vec<Effect>,
}

/// The moment at which tests begin.
pub(super) fn wall() -> Timestamp {
    Timestamp::parse("2026-11-22T14:00:00Z").unwrap()
}

impl Runner {
    /// An interface that knows nothing yet.
    pub(super) fn blank(width: u16, height: u16) -> Self {
        let theme = theme();
        let clock = Clock {
            now: 0,
            wall: wall(),
        };
        Self {
            model: Model::new(Size { width, height }, theme, clock),
            now: 0,
            effects: Vec::new(),
        }
    }

    /// An interface attached to this board.
    pub(super) fn on(width: u16, height: u16, snapshot: SnapshotView) -> Self {
        let mut runner = Self::blank(width, height);
        runner.event(EventKind::Snapshot(Box::new(snapshot)));
        runner.effects.clear();
        runner
    }

    /// Gives it a message.
    pub(super) fn msg(&mut self, msg: Msg) {
        let clock = Clock {
            now: self.now,
            wall: wall(),
        };
        let effects = update(&mut self.model, clock, msg);
        self.effects.extend(effects);
    }

    /// The board says something.
    pub(super) fn event(&mut self, event: EventKind) {
        self.msg(Msg::Board(Box::new(event)));
    }

    /// Types: `"jj<enter>wiki<tab>"`. Keys come 50 ms apart.
    pub(super) fn keys(&mut self, text: &str) {
        let mut rest = text.chars();
        while let Some(letter) = rest.next() {
            let key = if letter == '<' {
                let name: String = rest.by_ref().take_while(|letter| *letter != '>').collect();
                Key::parse(&name)
            } else if letter == ' ' {
                Key::parse("space")
            } else {
                Key::parse(&letter.to_string())
            };
            self.now += 50;
            self.msg(Msg::Input(Input::Key(key.expect(text))));
        }
    }

    /// Pastes.
    pub(super) fn paste(&mut self, text: &str) {
        self.msg(Msg::Input(Input::Paste(text.to_owned())));
    }

    /// Clicks on a cell.
    pub(super) fn click(&mut self, column: u16, row: u16) {
        self.mouse(MouseKind::Press, column, row);
    }

    /// Clicks on the first place where the screen shows a text.
    #[track_caller]
    pub(super) fn click_on(&mut self, text: &str) {
        let (column, row) = self.place_of(text);
        self.click(column, row);
    }

    /// Turns the wheel over the first place where the screen shows a text: so many
    /// steps down, or up where they are less than none.
    #[track_caller]
    pub(super) fn wheel_over(&mut self, text: &str, steps: i32) {
        let (column, row) = self.place_of(text);
        for _ in 0..steps.abs() {
            let kind = if steps > 0 {
                MouseKind::WheelDown
            } else {
                MouseKind::WheelUp
            };
            self.mouse(kind, column, row);
        }
    }

    fn mouse(&mut self, kind: MouseKind, column: u16, row: u16) {
        self.now += 50;
        let mouse = Mouse { kind, column, row };
        self.msg(Msg::Input(Input::Mouse(mouse)));
    }

    /// Where the screen first shows a text.
    #[track_caller]
    pub(super) fn place_of(&self, text: &str) -> (u16, u16) {
        let screen = self.screen();
        let found = screen.lines().zip(0..).find_map(|(line, row)| {
            let before = line.split_once(text)?.0;
            Some((u16::try_from(sanitise::width(before)).unwrap(), row))
        });
        found.unwrap_or_else(|| panic!("no {text:?} in\n{screen}"))
    }

    /// Time passes, and what was drawn has reached the terminal.
    pub(super) fn wait(&mut self, milliseconds: u64) {
        self.msg(Msg::Painted);
        self.now += milliseconds;
    }

    /// Time passes, and nothing says that the frame arrived.
    pub(super) fn pass(&mut self, milliseconds: u64) {
        self.now += milliseconds;
    }

    /// The keys of a prompt light up: what was drawn has arrived, time passes, and its
    /// timer runs out.
    pub(super) fn light(&mut self) {
        self.wait(2000);
        self.timer(Timer::Arm(0));
    }

    /// A timer runs out.
    pub(super) fn timer(&mut self, timer: Timer) {
        self.msg(Msg::Timer(timer));
    }

    /// The keys rest, so that details follow the chosen row.
    pub(super) fn rest(&mut self) {
        let timers = self.effects.iter().filter_map(|effect| match effect {
            Effect::Timer(timer @ Timer::Rest(_), _) => Some(*timer),
            _ => None,
        });
        for timer in timers.collect::<Vec<_>>() {
            self.timer(timer);
        }
    }

    /// Everything that it asked the board since it was last looked at.
    pub(super) fn asks(&mut self) -> Vec<(Ticket, Ask)> {
        self.wanted()
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Ask(ticket, ask) => Some((ticket, ask)),
                _ => None,
            })
            .collect()
    }

    /// What it wanted done since it was last asked, spinning and notices left out.
    pub(super) fn wanted(&mut self) -> Vec<Effect> {
        self.effects
            .drain(..)
            .filter(|effect| {
                !matches!(
                    effect,
                    Effect::Timer(Timer::Spin | Timer::Notice(_) | Timer::Rest(_), _)
                )
            })
            .collect()
    }

    /// The one question that it asked the board.
    #[track_caller]
    pub(super) fn asked(&mut self) -> (Ticket, Ask) {
        let wanted = self.wanted();
        wanted
            .iter()
            .find_map(|effect| match effect {
                Effect::Ask(ticket, ask) => Some((*ticket, ask.clone())),
                _ => None,
            })
            .unwrap_or_else(|| panic!("nothing asked: {wanted:?}"))
    }

    /// Everything that the details of a connector asked for.
    pub(super) fn errands(&mut self) -> Vec<(Ticket, Errand)> {
        self.wanted()
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Work(ticket, Work::Details(errand)) => Some((ticket, errand)),
                _ => None,
            })
            .collect()
    }

    /// The one thing that they asked for.
    #[track_caller]
    pub(super) fn errand(&mut self) -> (Ticket, Errand) {
        let mut errands = self.errands();
        assert_eq!(errands.len(), 1, "{errands:?}");
        errands.remove(0)
    }

    /// What they asked for came.
    pub(super) fn found(&mut self, ticket: Ticket, found: Found) {
        self.end(ticket, Ok(WorkEnd::Details(found)));
    }

    /// The one thing that it had the board do, what the details of a connector asked
    /// for left out.
    #[track_caller]
    pub(super) fn worked(&mut self) -> (Ticket, Work) {
        let wanted = self.wanted();
        wanted
            .iter()
            .find_map(|effect| match effect {
                Effect::Work(_, Work::Details(_)) => None,
                Effect::Work(ticket, work) => Some((*ticket, work.clone())),
                _ => None,
            })
            .unwrap_or_else(|| panic!("nothing done: {wanted:?}"))
    }

    /// A question is answered.
    pub(super) fn answer(&mut self, ticket: Ticket, result: Result<Answer, Fault>) {
        self.msg(Msg::Answered(ticket, result));
    }

    /// Something under way says a step.
    pub(super) fn step(&mut self, ticket: Ticket, step: WorkStep) {
        self.msg(Msg::Step(ticket, step));
    }

    /// Something under way ends.
    pub(super) fn end(&mut self, ticket: Ticket, result: Result<WorkEnd, Fault>) {
        self.msg(Msg::Ended(ticket, result));
    }

    /// The screen as cells.
    pub(super) fn buffer(&self) -> Buffer {
        let Size { width, height } = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view(&self.model, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as text.
    pub(super) fn screen(&self) -> String {
        let Size { width, height } = self.model.size;
        let buffer = self.buffer();
        let mut lines = Vec::new();
        for y in 0..height {
            let mut line = String::new();
            let mut x = 0;
            while x < width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                // A wide character covers the cell behind it.
                x += u16::try_from(sanitise::width(symbol).max(1)).unwrap();
            }
            lines.push(line.trim_end().to_owned());
        }
        lines.join("\n")
    }

    /// Whether the screen shows a text.
    #[track_caller]
    pub(super) fn shows(&self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "no {text:?} in\n{screen}");
    }

    /// Whether the screen does not.
    #[track_caller]
    pub(super) fn hides(&self, text: &str) {
        let screen = self.screen();
        assert!(!screen.contains(text), "{text:?} in\n{screen}");
    }
}

/// Takes pictures at both sizes that the interface is designed for.
macro_rules! pictures {
    ($name:literal, $prepare:expr) => {
        for (width, height) in [(80, 24), (120, 40)] {
            let prepare: &dyn Fn(u16, u16) -> $crate::tui::tests::runner::Runner = &$prepare;
            let runner = prepare(width, height);
            insta::assert_snapshot!(format!("{}_{width}x{height}", $name), runner.screen());
        }
    };
}
pub(super) use pictures;
