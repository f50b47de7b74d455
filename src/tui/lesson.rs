//! The guided path of the demo: a few lessons in the place of the prompts, each over
//! when what it teaches was done. It answers nothing and never takes the keys.

mod steps;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};

use super::action::Action;
use super::model::Model;
use super::theme::Role;
use super::widget::rows;
use crate::protocol::EventKind;

use steps::STEPS;

/// What the lessons have to know of the practice server that is added by hand.
#[derive(Clone, Debug, Default)]
pub struct Lesson {
    /// A name for its connector.
    pub name: String,
    /// Where it listens.
    pub url: String,
    /// The token that it wants. No secret: it is on the screen.
    pub token: String,
}

/// How far the path was gone.
#[derive(Debug)]
pub(super) struct State {
    pub(super) lesson: Lesson,
    step: usize,
    hidden: bool,
    /// A function of a practice server was run.
    pub(super) called: bool,
}

impl State {
    /// At its beginning.
    pub(super) fn of(lesson: Lesson) -> Self {
        Self {
            lesson,
            step: 0,
            hidden: false,
            called: false,
        }
    }
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) {
    let Some(state) = &mut model.lesson else {
        return;
    };
    match action {
        Action::LessonHide => state.hidden = !state.hidden,
        _ if state.hidden => state.hidden = false,
        _ => {
            state.step = state
                .step
                .saturating_add(1)
                .min(STEPS.len().saturating_sub(1))
        }
    }
}

/// The board said something.
pub(super) fn heard(model: &mut Model, event: &EventKind) {
    if let (Some(state), EventKind::Journal(entry)) = (&mut model.lesson, event) {
        state.called |= entry.event == crate::domain::JournalEvent::Call;
    }
}

/// Goes on where a lesson was followed.
pub(super) fn settle(model: &mut Model) {
    let Some(state) = &model.lesson else { return };
    let done = STEPS
        .get(state.step)
        .is_some_and(|step| (step.done)(model, state));
    if let (true, Some(state)) = (done, &mut model.lesson) {
        state.step = state.step.saturating_add(1);
        state.called = false;
    }
}

/// How many rows it wants.
pub(super) fn height(model: &Model, width: u16) -> u16 {
    match &model.lesson {
        Some(state) if !state.hidden => {
            let lines = lines(model, state, width).len();
            u16::try_from(lines).unwrap_or(0).saturating_add(2)
        }
        _ => 0,
    }
}

fn lines(model: &Model, state: &State, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width.saturating_sub(4)).max(8);
    let Some(step) = STEPS.get(state.step) else {
        return vec![];
    };
    (step.text)(&state.lesson)
        .iter()
        .flat_map(|text| rows::wrapped(model.theme, Role::Text, &model.words(text), width, ""))
        .collect()
}

/// Draws it.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let Some(state) = &model.lesson else { return };
    let theme = model.theme;
    let title = format!(
        " Lesson {} of {} ",
        state.step.saturating_add(1),
        STEPS.len()
    );
    let block = Block::new()
        .borders(Borders::ALL)
        .border_set(theme.border(false))
        .border_style(theme.style(Role::Quiet))
        .title(Line::styled(title, theme.style(Role::Strong)))
        .title(keys(model).right_aligned());
    let inside = block.inner(area);
    frame.render_widget(block, area);
    let inside = Rect {
        x: inside.x.saturating_add(1),
        width: inside.width.saturating_sub(2),
        ..inside
    };
    frame.render_widget(Paragraph::new(lines(model, state, area.width)), inside);
}

fn keys(model: &Model) -> Line<'static> {
    let key = |action| Span::styled(model.key(action), model.theme.style(Role::Key));
    Line::from(vec![
        Span::raw(" "),
        key(Action::LessonNext),
        Span::raw(" skips it  "),
        key(Action::LessonHide),
        Span::raw(" hides it "),
    ])
}
