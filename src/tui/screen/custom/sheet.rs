//! The form as lines, and which lines belong to which slot.

mod client;
mod entry;
mod look;

use ratatui::text::{Line, Span};

use super::check::wrong;
use super::form::{AUTH_CHOICES, AuthChoice, Slot, State};
use crate::domain::AuthKind;
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::focus::Focus;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::connectors::fault_lines;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::field::visible;
use crate::tui::widget::rows;

/// Cells for the labels.
const LABELS: usize = 19;

/// See the module.
pub(super) struct Sheet<'a> {
    pub(super) model: &'a Model,
    pub(super) theme: Theme,
    pub(super) width: usize,
    pub(super) lines: Vec<Line<'static>>,
    slots: Vec<(Slot, usize, usize)>,
    /// Lines with something that can be pressed.
    controls: Vec<usize>,
    /// Line and cell of the cursor.
    cursor: Option<(usize, usize)>,
}

/// The form in so many cells.
pub(super) fn sheet(model: &Model, width: usize) -> Sheet<'_> {
    let mut sheet = Sheet {
        model,
        theme: model.theme,
        width,
        lines: Vec::new(),
        slots: Vec::new(),
        controls: Vec::new(),
        cursor: None,
    };
    for slot in model.tabs.custom.slots() {
        let first = sheet.lines.len();
        sheet.slot(slot);
        let last = sheet.lines.len().saturating_sub(1);
        sheet.slots.push((slot, first, last));
    }
    sheet.outcome();
    sheet
}

impl<'a> Sheet<'a> {
    /// How many lines.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// First and last line of a slot.
    pub(super) fn lines_of(&self, slot: Slot) -> (usize, usize) {
        self.slots
            .iter()
            .find(|(other, _, _)| *other == slot)
            .map_or((0, 0), |(_, first, last)| (*first, *last))
    }

    /// The slot that a line belongs to.
    pub(super) fn slot_at(&self, line: usize) -> Option<Slot> {
        let mut slots = self.slots.iter();
        let found = slots.find(|(_, first, last)| (*first..=*last).contains(&line));
        found.map(|(slot, _, _)| *slot)
    }

    /// Whether a line has a tick, a choice or a button, and not words about it.
    pub(super) fn is_control(&self, line: usize) -> bool {
        self.controls.contains(&line)
    }

    /// Where the cursor stands: line and cell.
    pub(super) fn cursor(&self) -> Option<(usize, usize)> {
        self.cursor
    }

    /// The lines.
    pub(super) fn into_lines(self) -> Vec<Line<'static>> {
        self.lines
    }

    pub(super) fn form(&self) -> &'a State {
        &self.model.tabs.custom
    }

    fn is_here(&self, slot: Slot) -> bool {
        self.model.focus == Focus::Form && self.form().here() == slot
    }

    fn slot(&mut self, slot: Slot) {
        match slot {
            Slot::Kind => self.kind(),
            Slot::Name => self.text(slot, "Connector name", ""),
            Slot::Remote => self.remote(),
            Slot::Variable(_) | Slot::SecretVariable(_) | Slot::ChosenVariable(_) => {
                self.variable(slot);
            }
            Slot::MoreHeader(_) => self.more_header(slot),
            Slot::Url => self.text(slot, "Connection server", ""),
            Slot::Command => self.text(slot, "Command line", ""),
            Slot::Description => self.text(slot, "Description", "optional"),
            Slot::User => self.text(slot, "User", ""),
            Slot::HeaderName => self.text(slot, "Header's name", ""),
            Slot::Token => self.secret(slot, "Token"),
            Slot::Password => self.secret(slot, "Password"),
            Slot::HeaderValue => self.secret(slot, "Header's value"),
            Slot::Auth => self.auth(),
            Slot::PlainHttp => self.tick(
                slot,
                self.form().plain_http,
                "allow plain http; no secret is ever sent over it",
            ),
            Slot::Options => self.options(),
            Slot::Authorities => self.text(slot, "  CA file", "PEM"),
            Slot::KeepAuthorities => self.tick(
                slot,
                self.form().reach.keep_authorities,
                "keep the authorities it has",
            ),
            Slot::Proxy => self.text(slot, "  Proxy", ""),
            Slot::TimeOut => self.text(slot, "  Time-out", "seconds; empty: 30, for a call 300"),
            Slot::Variables => self.text(slot, "  Variables", "names"),
            Slot::Trust => self.trust(),
            Slot::Connect => self.connect(),
            of_the_client => self.client(of_the_client),
        }
        if slot == Slot::Variables {
            self.below(&self.about_variables(), Role::Quiet);
        }
        self.about_entry(slot);
        if !matches!(slot, Slot::Connect)
            && let Some(why) = wrong(self.model, slot)
        {
            // While it is typed it is not wrong yet, only not right.
            let (sign, role) = if self.is_here(slot) && !self.form().tried {
                (self.theme.pick("·", "-"), Role::Quiet)
            } else {
                (self.theme.pick("✕", "x"), Role::Bad)
            };
            self.below(&format!("{sign} {why}"), role);
        }
    }

    fn label(&self, slot: Slot, text: &str) -> Vec<Span<'static>> {
        let here = self.is_here(slot);
        // Esc leaves the field, and Enter goes back to it.
        let left = self.model.focus == Focus::FormIdle && self.form().here() == slot;
        let sign = if here || left {
            self.theme.pick("▸", ">")
        } else {
            " "
        };
        let role = if here {
            Role::Focus
        } else if left {
            Role::Text
        } else {
            Role::Quiet
        };
        vec![Span::styled(
            format!("{sign}{text:<width$}", width = LABELS - 1),
            self.theme.style(role),
        )]
    }

    /// A line of callboard's under a field, wrapped.
    pub(super) fn below(&mut self, text: &str, role: Role) {
        let room = self.width.saturating_sub(LABELS + 1).max(16);
        for (place, line) in sanitise::wrap(text, room).into_iter().enumerate() {
            let indent = if place == 0 { "" } else { "  " };
            let line = format!("{}{indent}{line}", " ".repeat(LABELS));
            self.lines.push(Line::styled(line, self.theme.style(role)));
        }
    }

    fn kind(&mut self) {
        self.controls.push(self.lines.len());
        let mut spans = self.label(Slot::Kind, "Kind");
        let program = self.form().program;
        spans.extend(self.choices(
            Slot::Kind,
            &[("server", !program), ("local program", program)],
        ));
        self.lines.push(Line::from(spans));
    }

    fn choices(&self, slot: Slot, choices: &[(&str, bool)]) -> Vec<Span<'static>> {
        let mut spans = Vec::new();
        for (text, chosen) in choices {
            if *chosen {
                let role = if self.is_here(slot) {
                    Role::Chosen
                } else {
                    Role::Strong
                };
                spans.push(Span::styled(format!("({text})"), self.theme.style(role)));
            } else {
                spans.push(Span::styled(
                    format!(" {text} "),
                    self.theme.style(Role::Quiet),
                ));
            }
            spans.push(Span::raw(" "));
        }
        spans
    }

    /// A box of this many cells for a field, and what is behind it.
    fn text(&mut self, slot: Slot, label: &str, behind: &str) {
        let mut spans = self.label(slot, label);
        let behind_cells = if behind.is_empty() {
            0
        } else {
            behind.len() + 1
        };
        let most = self.width.saturating_sub(LABELS + 4 + behind_cells + 1);
        let room = match slot {
            Slot::Name => most.min(34),
            Slot::TimeOut | Slot::CallbackPort => 5,
            _ => most.max(8),
        };
        let here = self.is_here(slot);
        let Some(field) = self.form().field(slot) else {
            return;
        };
        // A field that has not the keys shows its beginning.
        let (shown, cell) = if here {
            field.window(room)
        } else {
            (sanitise::cut(&visible(field.text()), room), 0)
        };
        spans.extend(boxed(self.theme, &shown, room, here));
        if !behind.is_empty() {
            spans.push(Span::styled(
                format!(" {behind}"),
                self.theme.style(Role::Quiet),
            ));
        }
        if here {
            self.cursor = Some((self.lines.len(), LABELS + 2 + cell));
        }
        self.lines.push(Line::from(spans));
    }

    fn secret(&mut self, slot: Slot, label: &str) {
        let mut spans = self.label(slot, label);
        let room = self.width.saturating_sub(LABELS + 5).clamp(8, 34);
        let here = self.is_here(slot);
        let length = self.form().secret(slot).map_or(0, |field| field.length());
        let dots = self
            .theme
            .pick("•", "*")
            .repeat(length.min(room.saturating_sub(1)));
        let cell = length.min(room.saturating_sub(1));
        spans.extend(boxed(self.theme, &dots, room, here));
        if here {
            self.cursor = Some((self.lines.len(), LABELS + 2 + cell));
        }
        self.lines.push(Line::from(spans));
        let kind = self.form().auth_in_force();
        let keeps = length == 0 && kind.is_some_and(|kind| self.form().keeps_secret(kind));
        let place = match self.model.mirror.vault.as_ref() {
            Some(vault) => match vault.kind {
                Some(kind) if vault.locked => {
                    format!("kept in: vault ({}), locked now", kind.word())
                }
                Some(kind) => format!("kept in: vault ({})", kind.word()),
                None => match self.model.dock.vault_wish {
                    Some(kind) => format!("to be kept in: vault ({})", kind.word()),
                    None => "you are asked where to keep it".to_owned(),
                },
            },
            None => String::new(),
        };
        let text = if slot == Slot::ClientSecret {
            self.about_client_secret(&place)
        } else if keeps {
            "empty: the one in the vault stays".to_owned()
        } else {
            place
        };
        self.below(&text, Role::Quiet);
    }

    fn auth(&mut self) {
        self.controls.push(self.lines.len());
        let mut spans = self.label(Slot::Auth, "Authentication");
        let chosen = self.form().auth;
        let choices: Vec<(&str, bool)> = AUTH_CHOICES
            .iter()
            .filter(|choice| {
                self.form().editing.is_none()
                    || **choice != AuthChoice::Detected
                    || chosen == **choice
                    || self.form().needs_trust()
            })
            .map(|choice| (auth_word(*choice), *choice == chosen))
            .collect();
        let room = self.width.saturating_sub(LABELS);
        let mut used = 0;
        for choice in choices {
            let cells = sanitise::width(choice.0) + 3;
            if used > 0 && used + cells > room + 1 {
                let line = std::mem::replace(&mut spans, vec![Span::raw(" ".repeat(LABELS))]);
                self.lines.push(Line::from(line));
                self.controls.push(self.lines.len());
                used = 0;
            }
            used += cells;
            spans.extend(self.choices(Slot::Auth, &[choice]));
        }
        self.lines.push(Line::from(spans));
        self.claim();
        self.look();
    }

    fn about_variables(&self) -> String {
        match &self.form().editing {
            Some(editing) if editing.variables.is_empty() => "it was added with none".to_owned(),
            Some(editing) => format!(
                "it has {}; name one to take its value anew from this terminal",
                editing.variables.join(", ")
            ),
            None => "passed on from this terminal, kept in the vault".to_owned(),
        }
    }

    /// The line that stands for the options, and what is to be known of them.
    fn options(&mut self) {
        let set = self.form().options_set();
        let open = self.form().reach.open;
        let text = set.as_deref().unwrap_or("none set");
        self.folds(Slot::Options, "Options", text, set.is_some(), open);
    }

    fn tick(&mut self, slot: Slot, ticked: bool, text: &str) {
        self.controls.push(self.lines.len());
        let mut spans = self.label(slot, "");
        let sign = if ticked { "[x]" } else { "[ ]" };
        let role = if self.is_here(slot) {
            Role::Chosen
        } else {
            Role::Text
        };
        spans.push(Span::styled(sign, self.theme.style(role)));
        let room = self.width.saturating_sub(LABELS + 4);
        spans.push(Span::raw(format!(" {}", sanitise::cut(text, room))));
        self.lines.push(Line::from(spans));
    }

    fn trust(&mut self) {
        self.lines.push(Line::raw(""));
        let warning = if self.form().program {
            "! A local program runs as you and can do what you can. Start only programs that you trust; what they return may try to instruct your agent."
        } else {
            "! Custom connectors reach servers that nobody has reviewed. Connect only to servers you trust. Their functions may change, and what they return may try to instruct your agent."
        };
        let lines = rows::wrapped(
            self.theme,
            Role::Warn,
            warning,
            self.width.saturating_sub(2),
            "  ",
        );
        for mut line in lines {
            line.spans.insert(0, Span::raw(" "));
            self.lines.push(line);
        }
        let whom = self.form().host().unwrap_or_else(|| {
            let what = if self.form().program {
                "this program"
            } else {
                "this server"
            };
            what.to_owned()
        });
        self.tick(Slot::Trust, self.form().trust, &format!("I trust {whom}"));
    }

    fn connect(&mut self) {
        self.controls.push(self.lines.len());
        let mut spans = self.label(Slot::Connect, "");
        let role = if self.is_here(Slot::Connect) {
            Role::Chosen
        } else {
            Role::Strong
        };
        let word = if self.form().editing.is_some() {
            "Save"
        } else {
            "Connect"
        };
        spans.push(Span::styled(format!("[ {word} ]"), self.theme.style(role)));
        let key = format!("  {}", self.model.key(Action::Connect));
        spans.push(Span::styled(key, self.theme.style(Role::Quiet)));
        self.lines.push(Line::from(spans));
    }

    /// The stages of connecting, and what went wrong.
    fn outcome(&mut self) {
        let theme = self.theme;
        let form = self.form();
        let renaming = self
            .model
            .is_under_way(|purpose| *purpose == Purpose::Rename);
        if form.connecting.is_some() || renaming || !form.stages.is_empty() {
            let (spin, room) = (self.model.tasks.spin, self.width.saturating_sub(LABELS));
            for mut spans in form.stages.lines(theme, spin, room) {
                spans.insert(0, Span::raw(" ".repeat(LABELS)));
                self.lines.push(Line::from(spans));
            }
            if self.form().connecting.is_some() {
                let text = self.model.words("{cancel} cancels");
                self.below(&text, Role::Quiet);
            }
        }
        if let Some(fault) = self.form().fault.clone() {
            let lines = fault_lines(self.model, &fault, self.width.saturating_sub(2));
            for mut line in lines {
                line.spans.insert(0, Span::raw(" "));
                self.lines.push(line);
            }
        }
        // What comes behind the button is kept in sight with it.
        let end = self.lines.len().saturating_sub(1);
        for (slot, _, last) in &mut self.slots {
            if *slot == Slot::Connect {
                *last = end;
            }
        }
    }
}

fn auth_word(choice: AuthChoice) -> &'static str {
    match choice {
        AuthChoice::Detected => "detected",
        AuthChoice::Given(AuthKind::Oauth) => "oauth",
        AuthChoice::Given(kind) => kind.word(),
    }
}

fn boxed(theme: Theme, text: &str, room: usize, here: bool) -> Vec<Span<'static>> {
    let frame = theme.style(if here { Role::Focus } else { Role::Quiet });
    let used = sanitise::width(text);
    vec![
        Span::styled("[ ", frame),
        Span::raw(text.to_owned()),
        Span::styled(
            "_".repeat(room.saturating_sub(used)),
            theme.style(Role::Quiet),
        ),
        Span::styled(" ]", frame),
    ]
}
