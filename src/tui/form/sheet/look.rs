//! Labels, boxes and states of single fields.

use ratatui::text::Span;
use serde_json::Value;

use super::super::kind::Choice;
use super::super::node::{Content, Name, Node, Pick, Stance};
use super::super::rows::{Part, Row};
use super::{Painter, member};
use crate::domain::Untrusted;
use crate::guard::sanitise;
use crate::tui::action::Say;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::editor::Editor;
use crate::tui::widget::rows::cell;
use crate::tui::widget::server;

/// Lines of a description below the field that has the keys.
pub(super) const SAID: usize = 6;
/// Lines of a long text, where the keys are and elsewhere.
const LINES: (usize, usize) = (10, 3);
/// Choices that are listed below one that is searched.
const LISTED: usize = 6;
/// Levels that a label is set in for.
const INDENTS: usize = 5;

/// How far a label is set in, in cells.
pub(super) fn indent(row: &Row<'_>) -> usize {
    row.indent.min(INDENTS).saturating_mul(2)
}

/// How wide a label is, without what it is set in by.
pub(super) fn label_width(theme: Theme, row: &Row<'_>) -> usize {
    sanitise::width(&text_of_label(theme, row, 60))
}

/// A label in exactly so many cells.
pub(super) fn label(theme: Theme, row: &Row<'_>, cells: usize) -> String {
    let indent = indent(row);
    let room = cells.saturating_sub(indent).max(4);
    let text = text_of_label(theme, row, room);
    cell(&format!("{}{text}", " ".repeat(indent)), cells)
}

fn text_of_label(theme: Theme, row: &Row<'_>, cells: usize) -> String {
    match (row.place.part, member(row.node)) {
        (Part::Add, _) => String::new(),
        (Part::Key, _) => "name".to_owned(),
        (Part::Value, Some(name)) => {
            let mark = if row.node.about.required { " *" } else { "" };
            let name = server::name(theme, name, cells.saturating_sub(mark.len()));
            format!("{name}{mark}")
        }
        (Part::Value, None) => match (&row.node.about.name, row.place.path.last()) {
            (Name::Item, Some(place)) => format!("{}", place.saturating_add(1)),
            (Name::Free, _) => "value".to_owned(),
            (Name::Top, _) => "all".to_owned(),
            _ => String::new(),
        },
    }
}

/// What is to be known of a value that is not there, or not only there.
pub(super) fn state(node: &Node) -> Option<String> {
    let filled = node.content.is_filled();
    match node.stance {
        Stance::Null => Some("null".to_owned()),
        Stance::Left if filled => Some("left out".to_owned()),
        Stance::Given if filled => None,
        Stance::Given => match (&node.content, &node.about.name) {
            (Content::Text(_) | Content::Long(_) | Content::Secret(_), _) => {
                Some("empty text".to_owned())
            }
            (Content::List(_) | Content::Ticks(_), _) => Some("empty list".to_owned()),
            (Content::Group(_), _) => Some("nothing in it".to_owned()),
            _ => Some("required".to_owned()),
        },
        _ if filled => None,
        _ if node.about.required => Some("required".to_owned()),
        _ => Some(match &node.about.default {
            Some(default) => format!("not given, else {}", short(default)),
            None => "not given".to_owned(),
        }),
    }
}

/// The first of the choices that is none: what is the case where nothing is chosen.
pub(super) fn state_of_choice(node: &Node, chosen: Option<usize>) -> Option<String> {
    let optional = !node.is_fixed();
    match (node.stance, chosen) {
        (Stance::Null, _) => Some("null".to_owned()),
        (Stance::Left, Some(_)) => Some("left out".to_owned()),
        (_, None) => state(node),
        (_, Some(_)) if optional => Some("not given".to_owned()),
        _ => None,
    }
}

/// A value in a few cells; texts have quotes.
fn short(value: &Value) -> String {
    let json = sanitise::json_ascii_safe(value);
    if sanitise::width(&json) <= 24 {
        return json;
    }
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) => {
            super::super::words::quoted(&text.chars().take(40).collect::<String>())
        }
        _ => sanitise::cut(&json, 24),
    }
}

/// Cells that a state takes before a value.
pub(super) fn state_width(node: &Node) -> usize {
    match state(node).filter(|_| node.content.is_filled()) {
        Some(state) => sanitise::width(&state).saturating_add(3),
        None => 0,
    }
}

/// One of several values, as it is shown: by its title or by itself.
pub(super) fn choice(theme: Theme, choice: &Choice, cells: usize) -> String {
    match (&choice.title, &choice.value) {
        (Some(title), _) => server::quoted(theme, title, cells),
        (None, Value::String(text)) => {
            server::quoted(theme, &Untrusted::from(text.as_str()), cells)
        }
        (None, value) => sanitise::cut(&sanitise::json_ascii_safe(value), cells),
    }
}

/// What the server says of a field: its title, if that says more than the name, and
/// its description.
pub(super) fn described(node: &Node) -> Option<Untrusted> {
    let about = &node.about;
    let title = about.title.as_ref().filter(
        |title| !matches!(&about.name, Name::Member(name) if same(name.raw(), title.raw())),
    );
    match (title, &about.description) {
        (Some(title), Some(text)) if title != text => {
            Some(format!("{}: {}", title.raw(), text.raw()).into())
        }
        (Some(text), _) | (None, Some(text)) => Some(text.clone()),
        (None, None) => None,
    }
}

/// Whether two names differ in nothing but how they are written.
fn same(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    letters(one) == letters(other)
}

/// What callboard knows of a field: what it takes, and whether it must be given.
pub(super) fn words(theme: Theme, say: Say<'_>, node: &Node) -> String {
    let about = &node.about;
    let mut text = about.words.clone();
    if about.nullable {
        text.push_str(", or null");
    }
    if matches!(node.content, Content::Secret(_)) {
        text.push_str("; a secret: not shown, not remembered");
    }
    if let Content::Pick(pick) = &node.content
        && let Some(choice) = pick.chosen.and_then(|place| pick.choices.get(place))
        && choice.title.is_some()
    {
        text.push_str(&format!("; sends {}", short(&choice.value)));
    }
    let dot = theme.dot();
    if matches!(about.name, Name::Member(_)) {
        let must = if about.required {
            "required"
        } else {
            "optional"
        };
        text.push_str(&format!("{dot}{must}"));
    }
    if matches!(node.content, Content::Long(_) | Content::Json(..)) {
        text.push_str(&format!("{dot}{}", say("{next-pane} goes on")));
    }
    text
}

impl Painter<'_> {
    /// Cells inside a box.
    pub(super) fn boxes(&self, most: usize) -> usize {
        self.room().saturating_sub(4).min(most).max(6)
    }

    /// A value of one line in a box; its state stands before it, or instead of it.
    pub(super) fn one_line(
        &mut self,
        node: &Node,
        mut label: Vec<Span<'static>>,
        (shown, cell): (String, usize),
        room: usize,
        focus: bool,
    ) {
        let state = state(node).map(|state| sanitise::cut(&state, room.saturating_sub(2)));
        let state = state.map_or_else(String::new, |state| format!("({state})"));
        let filled = node.content.is_filled();
        let gap = if filled && !state.is_empty() { " " } else { "" };
        let used = [state.as_str(), gap, shown.as_str()]
            .iter()
            .map(|text| sanitise::width(text))
            .sum::<usize>();
        if focus {
            let before = if filled {
                sanitise::width(&state).saturating_add(gap.len())
            } else {
                0
            };
            let x = self.margin().saturating_add(2).saturating_add(before);
            self.cursor = Some((self.lines.len(), x.saturating_add(cell)));
        }
        let frame = self
            .theme
            .style(if focus { Role::Focus } else { Role::Quiet });
        let quiet = self.theme.style(Role::Quiet);
        label.push(Span::styled("[ ", frame));
        label.push(Span::styled(format!("{state}{gap}"), quiet));
        label.push(Span::raw(shown));
        label.push(Span::styled("_".repeat(room.saturating_sub(used)), quiet));
        label.push(Span::styled(" ]", frame));
        self.push(label);
    }

    /// A value of several lines, in a box as far as there is room.
    pub(super) fn lines_of(
        &mut self,
        node: &Node,
        editor: &Editor,
        label: Vec<Span<'static>>,
        focus: bool,
    ) {
        let room = self.boxes(usize::MAX);
        let (rows, (line, cell)) = editor.wrapped(room);
        let state = state(node).map(|state| format!("({state})"));
        if rows.len() <= 1 && (state.is_none() || !node.content.is_filled()) {
            let shown = rows.into_iter().next().unwrap_or_default();
            self.one_line(node, label, (shown, cell), room, focus);
            return;
        }
        let most = if focus { LINES.0 } else { LINES.1 };
        let top = line.saturating_add(1).saturating_sub(most);
        let top = if focus { top } else { 0 };
        let total = rows.len();
        let mut before = label;
        if let Some(state) = state {
            before.push(Span::styled(state, self.theme.style(Role::Quiet)));
            let margin = vec![Span::raw(" ".repeat(self.margin()))];
            let first = std::mem::replace(&mut before, margin);
            self.push(first);
        }
        let frame = self
            .theme
            .style(if focus { Role::Focus } else { Role::Quiet });
        for (place, row) in rows.into_iter().enumerate().skip(top).take(most) {
            if focus && place == line {
                let x = self.margin().saturating_add(2).saturating_add(cell);
                self.cursor = Some((self.lines.len(), x));
            }
            let margin = vec![Span::raw(" ".repeat(self.margin()))];
            let mut spans = std::mem::replace(&mut before, margin);
            let used = sanitise::width(&row);
            spans.push(Span::styled("[ ", frame));
            spans.push(Span::raw(row));
            spans.push(Span::styled(
                "_".repeat(room.saturating_sub(used)),
                self.theme.style(Role::Quiet),
            ));
            spans.push(Span::styled(" ]", frame));
            self.push(spans);
        }
        let below = total.saturating_sub(top.saturating_add(most));
        let text = match (top, below) {
            (0, 0) => return,
            (0, below) => format!("{below} lines more"),
            (top, 0) => format!("{top} lines above"),
            (top, below) => format!("{top} lines above, {below} below"),
        };
        self.below(&text, Role::Quiet);
    }

    /// A choice among many: the one that is chosen, and where the keys are those
    /// that the letters typed find.
    pub(super) fn pulled(
        &mut self,
        node: &Node,
        pick: &Pick,
        mut label: Vec<Span<'static>>,
        focus: bool,
    ) {
        let theme = self.theme;
        let room = self.boxes(46).saturating_sub(2);
        let chosen = pick.chosen.and_then(|place| pick.choices.get(place));
        let state = state_of_choice(node, pick.chosen);
        let text = match (chosen, node.is_given() && node.stance != Stance::Null) {
            (Some(one), true) => choice(theme, one, room),
            _ => format!("({})", state.unwrap_or_default()),
        };
        let used = sanitise::width(&text);
        let role = if focus { Role::Focus } else { Role::Quiet };
        label.push(Span::styled("[ ", theme.style(role)));
        label.push(Span::raw(text));
        label.push(Span::raw(" ".repeat(room.saturating_sub(used))));
        let sign = theme.pick("▾", "v");
        label.push(Span::styled(format!(" {sign} ]"), theme.style(role)));
        self.push(label);
        if focus {
            self.matches(pick);
        }
    }

    fn matches(&mut self, pick: &Pick) {
        let theme = self.theme;
        let found = pick.matches();
        let typed = if pick.search.is_empty() {
            "letters find one".to_owned()
        } else {
            let search = super::super::words::quoted(&pick.search);
            match found.len() {
                0 => format!("{search} is in none of them"),
                1 => format!("{search} is in one of them"),
                many => format!("{search} is in {many} of them"),
            }
        };
        self.below(&typed, Role::Quiet);
        let at = found.iter().position(|place| Some(*place) == pick.chosen);
        let top = at
            .unwrap_or(0)
            .saturating_sub(LISTED / 2)
            .min(found.len().saturating_sub(LISTED));
        let margin = " ".repeat(self.margin());
        let room = self.room().saturating_sub(2);
        for place in found.into_iter().skip(top).take(LISTED) {
            let Some(one) = pick.choices.get(place) else {
                continue;
            };
            let chosen = pick.chosen == Some(place);
            let role = if chosen { Role::Chosen } else { Role::Text };
            let sign = if chosen { theme.pick("▸", ">") } else { " " };
            self.push(vec![
                Span::raw(margin.clone()),
                Span::styled(
                    format!("{sign} {}", choice(theme, one, room)),
                    theme.style(role),
                ),
            ]);
        }
    }

    /// The line that adds to a list or to free members.
    pub(super) fn add_line(&mut self, node: &Node, mut label: Vec<Span<'static>>, focus: bool) {
        let text = match node.content {
            Content::List(_) => "[ + add an item ]",
            _ => "[ + add a member with a name of yours ]",
        };
        let role = if focus { Role::Chosen } else { Role::Quiet };
        let text = sanitise::cut(text, self.room());
        label.push(Span::styled(text, self.theme.style(role)));
        self.push(label);
    }

    /// The name of a free member.
    pub(super) fn key_line(&mut self, row: &Row<'_>, mut label: Vec<Span<'static>>, focus: bool) {
        let Some(field) = row.key else {
            self.push(label);
            return;
        };
        let room = self.boxes(34);
        let (shown, cell) = field.window(room);
        let used = sanitise::width(&shown);
        if focus {
            let x = self.margin().saturating_add(2).saturating_add(cell);
            self.cursor = Some((self.lines.len(), x));
        }
        let frame = self
            .theme
            .style(if focus { Role::Focus } else { Role::Quiet });
        label.push(Span::styled("[ ", frame));
        label.push(Span::raw(shown));
        label.push(Span::styled(
            "_".repeat(room.saturating_sub(used)),
            self.theme.style(Role::Quiet),
        ));
        label.push(Span::styled(" ]", frame));
        self.push(label);
    }
}
