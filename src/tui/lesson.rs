//! The guided path of the demo: a few lessons in the place of the prompts, each over
//! when all that it teaches was done, which is ticked off one by one. It answers nothing
//! and never takes the keys.

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

use steps::{Goal, Reached, STEPS};

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
    /// What was done of each lesson, in the order of its goals.
    done: Vec<Vec<bool>>,
}

impl State {
    /// At its beginning.
    pub(super) fn of(lesson: Lesson) -> Self {
        Self {
            lesson,
            step: 0,
            hidden: false,
            done: STEPS
                .iter()
                .map(|step| vec![false; step.goals.len()])
                .collect(),
        }
    }

    /// Ticks the goals that are reached, and says whether that ended the lesson. One
    /// that was over before stays for as long as it is looked at.
    fn tick(&mut self, reached: impl Fn(&Goal) -> bool) -> bool {
        let (Some(step), Some(done)) = (STEPS.get(self.step), self.done.get_mut(self.step)) else {
            return false;
        };
        let mut ticked = false;
        for (goal, done) in step.goals.iter().zip(done.iter_mut()) {
            if !*done && reached(goal) {
                *done = true;
                ticked = true;
            }
        }
        ticked && done.iter().all(|done| *done)
    }

    fn go_on(&mut self) {
        let last = STEPS.len().saturating_sub(1);
        self.step = self.step.saturating_add(1).min(last);
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
        Action::LessonBack => {
            state.step = state.step.saturating_sub(1);
            // What is so already is ticked, and takes nobody forward again.
            look(model);
        }
        _ => state.go_on(),
    }
}

/// A key was pressed that stands for this.
pub(super) fn did(model: &mut Model, action: Action) {
    ticked(model, |goal| match goal.reached {
        Reached::Did(did) => did(action),
        _ => false,
    });
}

/// The board said something.
pub(super) fn heard(model: &mut Model, event: &EventKind) {
    let EventKind::Journal(entry) = event else {
        return;
    };
    ticked(model, |goal| match goal.reached {
        Reached::Heard(heard) => heard(entry),
        _ => false,
    });
}

fn ticked(model: &mut Model, reached: impl Fn(&Goal) -> bool) {
    if let Some(state) = &mut model.lesson
        && state.tick(reached)
    {
        state.go_on();
    }
}

/// Goes on where a lesson was followed.
pub(super) fn settle(model: &mut Model) {
    if look(model)
        && let Some(state) = &mut model.lesson
    {
        state.go_on();
    }
}

/// Ticks what the screen and the board are like now, and says whether that ended the
/// lesson.
fn look(model: &mut Model) -> bool {
    let Some(mut state) = model.lesson.take() else {
        return false;
    };
    let lesson = state.lesson.clone();
    let over = state.tick(|goal| match goal.reached {
        Reached::Seen(seen) => seen(model, &lesson),
        _ => false,
    });
    model.lesson = Some(state);
    over
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
    let mut lines: Vec<Line<'static>> = (step.text)(&state.lesson)
        .iter()
        .flat_map(|text| rows::wrapped(model.theme, Role::Text, &model.words(text), width, ""))
        .collect();
    let done = state.done.get(state.step).map_or(&[][..], Vec::as_slice);
    lines.extend(ticks(model, step.goals, done, width));
    lines
}

/// What is to be done, with a sign before what was.
fn ticks(model: &Model, goals: &[Goal], done: &[bool], width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines: Vec<Line<'static>> = Vec::new();
    for (goal, done) in goals.iter().zip(done) {
        let (sign, role) = match done {
            true => (theme.pick("✓", "+"), Role::Good),
            false => (theme.pick("○", "-"), Role::Quiet),
        };
        let span = Span::styled(
            format!("{sign} {}", model.words(goal.word)),
            theme.style(role),
        );
        match lines.last_mut() {
            Some(line) if line.width() + 3 + span.width() <= width => {
                line.push_span(Span::raw("   "));
                line.push_span(span);
            }
            _ => lines.push(Line::from(span)),
        }
    }
    lines
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
        key(Action::LessonBack),
        Span::raw(" back  "),
        key(Action::LessonNext),
        Span::raw(" skips it  "),
        key(Action::LessonHide),
        Span::raw(" hides it "),
    ])
}
