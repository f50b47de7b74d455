//! What a server asks back during a call: a form to be filled in, or a page to be
//! visited (MCP elicitation). The question lives at the board; this shows it and sends
//! the answer, and whoever answers first, here or at another face, has answered.

use ratatui::text::{Line, Span};

use super::{Kind, drafts};
use crate::domain::{Asked, Fault, FaultKind, Question, QuestionAnswer, QuestionEnd, QuestionId};
use crate::guard::{question, sanitise};
use crate::protocol::{AnswerQuestion, EventKind};
use crate::tui::action::Action;
use crate::tui::clipboard;
use crate::tui::effect::{Ask, Effect};
use crate::tui::focus::Focus;
use crate::tui::form::{Done, Draft, Filling, Keys, Prefill, Sheet};
use crate::tui::input::Key;
use crate::tui::model::{Model, Purpose};
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::field::Typed;
use crate::tui::widget::{rows, server};

/// A question of the board's, as far as it is answered here.
#[derive(Debug)]
pub(super) struct Asking {
    pub(super) question: Question,
    /// The form, where one is wanted.
    pub(super) form: Option<Box<Filling>>,
    /// What is wrong with the last answer.
    pub(super) fault: Option<Fault>,
    /// An answer is on its way.
    pub(super) waiting: bool,
}

impl Asking {
    fn of(question: Question, draft: Option<&Draft>) -> Self {
        let form = match &question.asked {
            Asked::Form { schema, .. } => Some(Box::new(match draft {
                Some(draft) => Filling::of_draft(schema, Prefill::All, draft),
                None => Filling::new(schema, Prefill::All),
            })),
            Asked::Url { .. } => None,
        };
        Self {
            question,
            form,
            fault: None,
            waiting: false,
        }
    }

    /// Where the keys go.
    pub(super) fn focus(&self) -> Focus {
        match self.form {
            Some(_) => Focus::DockForm,
            None => Focus::DockPage,
        }
    }

    /// What stands in the frame.
    pub(super) fn title(&self, theme: Theme, width: usize) -> String {
        let name = sanitise::cut(&self.question.connector_name, 32);
        match &self.question.function {
            Some(function) => {
                let function = server::quoted(theme, function, width / 2);
                format!(" {name} {function} asks back ")
            }
            None => format!(" {name} asks "),
        }
    }

    /// The form, as lines.
    pub(super) fn sheet(&self, model: &Model, width: usize, here: bool) -> Option<Sheet> {
        let keys = if here { Keys::Here } else { Keys::Elsewhere };
        let say = |sentence: &str| model.words(sentence);
        Some(self.form.as_ref()?.painted(model.brush(&say), width, keys))
    }

    /// Takes a key that types into the form. Returns whether it did.
    pub(super) fn key(&mut self, key: Key) -> bool {
        let Some(form) = &mut self.form else {
            return false;
        };
        let typed = form.key(key);
        if typed == Typed::Changed {
            self.fault = None;
        }
        // Whoever takes a choice for a field must not answer by a letter.
        typed != Typed::NotMine || key.typed().is_some()
    }

    /// Takes a paste into the form.
    pub(super) fn paste(&mut self, text: &str) {
        if let Some(said) = self.form.as_mut().and_then(|form| form.paste(text)) {
            self.fault = Some(Fault::user(said));
        }
    }

    /// The server's words, and the page where one is to be visited.
    pub(super) fn lines(&self, model: &Model, width: usize) -> Vec<Line<'static>> {
        let theme = model.theme;
        let said = |role, text: &str| rows::wrapped(theme, role, text, width, "");
        let quiet = |text: &str| said(Role::Quiet, text);
        let (Asked::Form { message, .. } | Asked::Url { message, .. }) = &self.question.asked;
        let mut lines = quiet(match &self.question.asked {
            Asked::Form { .. } => "The server wants to know. What you fill in is sent to it:",
            Asked::Url { .. } => {
                "The server wants you to visit a page; callboard does not open it:"
            }
        });
        lines.extend(server::behind_gutter(theme, message, width));
        if let Asked::Url { url, .. } = &self.question.asked {
            lines.push(Line::raw(""));
            lines.extend(server::behind_gutter(theme, url, width));
            let host = question::host(url).unwrap_or_default();
            lines.push(Line::from(vec![
                Span::styled("It is at ", theme.style(Role::Quiet)),
                Span::styled(sanitise::cut(&host, width), theme.style(Role::Strong)),
            ]));
            if question::looks_alike(&host) {
                let text = "! This host has letters that may look like others.";
                lines.extend(said(Role::Warn, text));
            }
            if url.raw().to_ascii_lowercase().starts_with("http:") {
                let text = "! The way there is not encrypted: others may read what you type.";
                lines.extend(said(Role::Warn, text));
            }
        }
        if let Some(end) = self.question.expires_at {
            let left = remaining(end.as_millis().saturating_sub(model.clock.wall.as_millis()));
            lines.extend(quiet(&format!(
                "It waits {left} more; then the server is told no."
            )));
        }
        lines
    }
}

/// How long something waits, in minutes; in seconds below one.
fn remaining(milliseconds: i64) -> String {
    let seconds = milliseconds.max(0) / 1000;
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        // The next minute is said when the present one has begun.
        format!("{} min", seconds.saturating_add(59) / 60)
    }
}

/// Hears what the board says of questions.
pub(super) fn heard(model: &mut Model, event: &EventKind) -> Vec<Effect> {
    match event {
        EventKind::Snapshot(board) => {
            let open = |id: &QuestionId| board.questions.iter().any(|one| one.id == *id);
            super::retain(model, |prompt| match &prompt.kind {
                Kind::Asked(asking) => open(&asking.question.id),
                _ => true,
            });
            for question in &board.questions {
                opened(model, question);
            }
            vec![]
        }
        EventKind::QuestionOpened(question) => {
            opened(model, question);
            vec![]
        }
        EventKind::QuestionClosed { id, end } => closed(model, id, end),
        _ => vec![],
    }
}

fn opened(model: &mut Model, question: &Question) {
    let known = model.dock.prompts.iter().any(|prompt| match &prompt.kind {
        Kind::Asked(asking) => asking.question.id == question.id,
        _ => false,
    });
    if !known {
        let draft = model.dock.left.take(question);
        let asking = Asking::of(question.clone(), draft.as_ref());
        super::join(model, Kind::Asked(asking));
    }
}

fn closed(model: &mut Model, id: &QuestionId, end: &QuestionEnd) -> Vec<Effect> {
    let mut ours = None;
    let mut left = None;
    super::retain(model, |prompt| match &prompt.kind {
        Kind::Asked(asking) if asking.question.id == *id => {
            ours = Some(asking.waiting);
            left = drafts::of(asking);
            false
        }
        _ => true,
    });
    let over = matches!(end, QuestionEnd::Withdrawn | QuestionEnd::Expired);
    // A function that is called again asks the same again.
    let kept = match left.filter(|_| over && ours == Some(false)) {
        Some((question, draft)) => {
            model.dock.left.keep(question, draft);
            "; what you typed is kept, in case it asks again"
        }
        None => "",
    };
    match (ours, end) {
        // What was answered here was said when it was.
        (None | Some(true), _) => vec![],
        (Some(false), QuestionEnd::Answered { answer, by }) => {
            vec![model.say(format!("the question was {answer} elsewhere, by {by}"))]
        }
        (Some(false), QuestionEnd::Withdrawn) => vec![model.say(format!(
            "the server's question is over: its call has ended{kept}"
        ))],
        (Some(false), QuestionEnd::Expired) => vec![model.say(format!(
            "nobody answered the server's question in time: it was told no{kept}"
        ))],
    }
}

/// Sends an answer. The prompt stays until the board has taken it.
fn answer(model: &mut Model, answer: QuestionAnswer) -> Vec<Effect> {
    let Some(asking) = here(model) else {
        return vec![];
    };
    if asking.waiting {
        return vec![];
    }
    asking.waiting = true;
    asking.fault = None;
    let id = asking.question.id.clone();
    let said = match &answer {
        QuestionAnswer::Accept { .. } => "answered",
        QuestionAnswer::Decline => "declined; the function was told",
        QuestionAnswer::Cancel => "put away; the function was told",
    };
    let ask = Ask::AnswerQuestion(AnswerQuestion {
        id: id.clone(),
        answer,
    });
    vec![model.ask(Purpose::Question(id, said), ask)]
}

/// The board took an answer, or did not.
pub(in crate::tui) fn answered(
    model: &mut Model,
    id: &QuestionId,
    said: &'static str,
    result: Result<(), Fault>,
) -> Vec<Effect> {
    match result {
        Ok(()) => {
            super::retain(model, |prompt| match &prompt.kind {
                Kind::Asked(asking) => asking.question.id != *id,
                _ => true,
            });
            vec![model.say(said)]
        }
        Err(fault) => {
            let asking = model
                .dock
                .prompts
                .iter_mut()
                .find_map(|prompt| match &mut prompt.kind {
                    Kind::Asked(asking) if asking.question.id == *id => Some(asking),
                    _ => None,
                });
            let Some(asking) = asking else {
                return vec![model.complain(&fault)];
            };
            // Somebody else was first, or it is over: the event that says so is near.
            let gone = fault.kind == FaultKind::NotFound;
            asking.waiting = gone;
            asking.fault = Some(fault);
            vec![]
        }
    }
}

fn here(model: &mut Model) -> Option<&mut Asking> {
    match model
        .dock
        .prompts
        .front_mut()
        .map(|prompt| &mut prompt.kind)
    {
        Some(Kind::Asked(asking)) => Some(asking),
        _ => None,
    }
}

/// The form is sent, or the page agreed to.
pub(super) fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(asking) = here(model) else {
        return vec![];
    };
    let content = match &mut asking.form {
        None => serde_json::Map::new(),
        Some(form) => match form.submit() {
            Some(content) => content,
            // What is wrong stands at the fields.
            None => return vec![],
        },
    };
    answer(model, QuestionAnswer::Accept { content })
}

/// The server is told no.
pub(super) fn decline(model: &mut Model) -> Vec<Effect> {
    answer(model, QuestionAnswer::Decline)
}

/// The page's address goes to the clipboard.
pub(super) fn copy_link(model: &mut Model) -> Vec<Effect> {
    let Some(Asking {
        question: Question {
            asked: Asked::Url { url, .. },
            ..
        },
        ..
    }) = here(model)
    else {
        return vec![];
    };
    let url = url.raw().to_owned();
    clipboard::copy(model, "the address", &url, "select it with the mouse")
}

/// Does what a key stands for in the form.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let done = here(model)
        .and_then(|asking| asking.form.as_mut())
        .map(|form| form.act(action));
    match done {
        Some(Done::Said(why)) => vec![model.say(why)],
        _ => vec![],
    }
}
