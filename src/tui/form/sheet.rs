//! A form as lines, and which lines belong to which field.

mod look;

use std::ops::Range;

use ratatui::text::{Line, Span};

use super::Form;
use super::node::{Content, Group, List, Name, Node, Pick, Stance, Ticks, Variants};
use super::rows::{Part, Row, rows};
use crate::domain::Untrusted;
use crate::guard::sanitise;
use crate::tui::action::Say;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::server;

/// Whether the keys are in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Keys {
    /// They are: a field has them.
    Here,
    /// The field was left with Esc; it stays marked.
    Left,
    /// They are elsewhere.
    Elsewhere,
}

/// The lines of a form.
#[derive(Debug)]
pub(in crate::tui) struct Sheet {
    /// From above.
    pub(in crate::tui) lines: Vec<Line<'static>>,
    /// The lines of each field that can have the keys.
    pub(in crate::tui) fields: Vec<Range<usize>>,
    /// Which of them has them.
    pub(in crate::tui) chosen: Option<usize>,
    /// Line and cell of the cursor.
    pub(in crate::tui) cursor: Option<(usize, usize)>,
}

impl Sheet {
    /// The first line to be drawn in so many rows, so that the chosen field is on the
    /// screen, where it was `top` before.
    pub(in crate::tui) fn top(&self, top: usize, height: usize) -> usize {
        let height = height.max(1);
        let last = self.lines.len().saturating_sub(height);
        let chosen = self.chosen.and_then(|chosen| self.fields.get(chosen));
        let Some(field) = chosen else {
            return top.min(last);
        };
        // The beginning is shown whenever there is room for it.
        if field.end <= height {
            return 0;
        }
        let mut top = top;
        if field.end > top.saturating_add(height) {
            top = field.end.saturating_sub(height);
        }
        top = top.min(field.start);
        // A field that is taller than the screen shows where the cursor is.
        if let Some((line, _)) = self.cursor {
            if line >= top.saturating_add(height) {
                top = line.saturating_add(1).saturating_sub(height);
            }
            top = top.min(line);
        }
        top.min(last)
    }
}

/// What a form is drawn with.
#[derive(Clone, Copy)]
pub(in crate::tui) struct Brush<'a> {
    pub(in crate::tui) theme: Theme,
    /// The keys in force.
    pub(in crate::tui) say: Say<'a>,
}

/// Draws a form, line by line.
struct Painter<'a> {
    theme: Theme,
    say: Say<'a>,
    width: usize,
    /// Cells for the labels.
    labels: usize,
    keys: Keys,
    lines: Vec<Line<'static>>,
    cursor: Option<(usize, usize)>,
}

impl Form {
    /// The form in so many cells.
    pub(in crate::tui) fn painted(&self, brush: Brush<'_>, width: usize, keys: Keys) -> Sheet {
        let Brush { theme, say } = brush;
        let rows = rows(&self.top);
        let labels = rows
            .iter()
            .map(|row| look::indent(row).saturating_add(look::label_width(theme, row)))
            .max()
            .unwrap_or(0)
            .clamp(6, (width / 3).clamp(8, 30));
        let mut painter = Painter {
            theme,
            say,
            width,
            labels,
            keys,
            lines: Vec::new(),
            cursor: None,
        };
        if let Some(fault) = &self.fault {
            painter.fault(fault, 0);
        }
        let mut fields = Vec::with_capacity(rows.len());
        let mut chosen = None;
        for row in &rows {
            let here = row.place == self.here && keys != Keys::Elsewhere;
            if here {
                chosen = Some(fields.len());
            }
            let first = painter.lines.len();
            painter.row(row, here);
            fields.push(first..painter.lines.len());
        }
        painter.unseen(&self.top, 0);
        Sheet {
            lines: painter.lines,
            fields,
            chosen,
            cursor: painter.cursor,
        }
    }
}

impl Painter<'_> {
    fn row(&mut self, row: &Row<'_>, here: bool) {
        let focus = here && self.keys == Keys::Here;
        let label = self.label(row, here, focus);
        let before = self.lines.len();
        match row.place.part {
            Part::Add => {
                self.add_line(row.node, label, focus);
                return;
            }
            Part::Key => {
                self.key_line(row, label, focus);
                return;
            }
            Part::Value => self.value(row.node, label, focus),
        }
        // A value always has a line, and its words stand below it.
        debug_assert!(self.lines.len() > before);
        self.about(row.node, here);
        if let Content::Group(group) = &row.node.content
            && !group.open
        {
            return;
        }
        self.unseen(row.node, row.indent.saturating_add(1));
    }

    /// Cells before the values.
    fn margin(&self) -> usize {
        self.labels.saturating_add(4)
    }

    /// Cells for the values.
    fn room(&self) -> usize {
        self.width.saturating_sub(self.margin()).max(12)
    }

    fn label(&self, row: &Row<'_>, here: bool, focus: bool) -> Vec<Span<'static>> {
        let theme = self.theme;
        let sign = if here { theme.pick("▸", ">") } else { " " };
        let role = if focus { Role::Focus } else { Role::Text };
        let theirs =
            matches!(row.node.about.name, Name::Member(_)) && row.place.part == Part::Value;
        let gutter = if theirs { theme.gutter() } else { "  " };
        vec![
            Span::styled(sign, theme.style(Role::Focus)),
            Span::styled(gutter, theme.style(Role::Focus)),
            Span::styled(look::label(theme, row, self.labels), theme.style(role)),
            Span::raw(" "),
        ]
    }

    fn value(&mut self, node: &Node, label: Vec<Span<'static>>, focus: bool) {
        match &node.content {
            Content::Text(field) | Content::Number { field, .. } => {
                let narrow = matches!(node.content, Content::Number { .. });
                let room = self.boxes(if narrow { 24 } else { usize::MAX });
                let (shown, cell) = field.window(room.saturating_sub(look::state_width(node)));
                self.one_line(node, label, (shown, cell), room, focus);
            }
            Content::Secret(field) => {
                let room = self.boxes(34);
                let most = room.saturating_sub(1);
                let cell = field.length().min(most);
                let dots = self.theme.pick("•", "*").repeat(cell);
                self.one_line(node, label, (dots, cell), room, focus);
            }
            Content::Long(editor) => self.lines_of(node, editor, label, focus),
            Content::Json(editor, _) => self.lines_of(node, editor, label, focus),
            Content::Pick(pick) if pick.is_searched() => self.pulled(node, pick, label, focus),
            Content::Pick(pick) => self.inline(node, pick, label, focus),
            Content::Ticks(ticks) => self.ticks(node, ticks, label, focus),
            Content::List(list) => self.list(node, list, label, focus),
            Content::Group(group) => self.group(node, group, label, focus),
            Content::Variants(variants) => self.variants(node, variants, label, focus),
        }
    }

    fn list(&mut self, node: &Node, list: &List, label: Vec<Span<'static>>, focus: bool) {
        let text = match list.items.len() {
            _ if !node.is_given() => look::state(node).unwrap_or_default(),
            0 => look::state(node).unwrap_or_else(|| "no items".to_owned()),
            1 => "1 item".to_owned(),
            many => format!("{many} items"),
        };
        self.header(list.open, list.items.is_empty(), &text, label, focus);
    }

    fn group(&mut self, node: &Node, group: &Group, label: Vec<Span<'static>>, focus: bool) {
        let given = group.nodes().filter(|node| node.is_given()).count();
        let text = match (node.is_given(), &group.members) {
            (false, _) => look::state(node).unwrap_or_default(),
            _ if node.stance == Stance::Null => look::state(node).unwrap_or_default(),
            (true, Some(_)) if group.len() > 0 => format!("{given} of {} given", group.len()),
            (true, _) => "nothing in it".to_owned(),
        };
        self.header(group.open, false, &text, label, focus);
    }

    /// The line that stands for several fields.
    fn header(
        &mut self,
        open: bool,
        adds: bool,
        text: &str,
        mut label: Vec<Span<'static>>,
        focus: bool,
    ) {
        let sign = if open { "[-] " } else { "[+] " };
        let role = if focus { Role::Chosen } else { Role::Text };
        label.push(Span::styled(sign, self.theme.style(Role::Key)));
        label.push(Span::styled(text.to_owned(), self.theme.style(role)));
        if focus {
            let how = match (adds, open) {
                (true, _) => "  {press} adds one",
                (false, true) => "  {press} folds",
                (false, false) => "  {press} opens",
            };
            label.push(Span::styled((self.say)(how), self.theme.style(Role::Quiet)));
        }
        self.push(label);
    }

    fn variants(
        &mut self,
        node: &Node,
        variants: &Variants,
        label: Vec<Span<'static>>,
        focus: bool,
    ) {
        let theme = self.theme;
        let most = self.room().saturating_sub(2).clamp(8, 40);
        let mut choices = Vec::new();
        if let Some(state) = look::state_of_choice(node, variants.chosen) {
            choices.push((state, variants.chosen.is_none() || !node.is_given()));
        }
        for (place, (name, _)) in variants.forms.iter().enumerate() {
            let text = match name {
                super::kind::FormName::Theirs(name) => server::quoted(theme, name, most),
                super::kind::FormName::Ours(name) => name.clone(),
            };
            let chosen = node.is_given() && variants.chosen == Some(place);
            choices.push((text, chosen));
        }
        self.choices(choices, label, focus);
    }

    fn inline(&mut self, node: &Node, pick: &Pick, label: Vec<Span<'static>>, focus: bool) {
        let most = self.room().saturating_sub(2).clamp(8, 40);
        let mut choices = Vec::new();
        if let Some(state) = look::state_of_choice(node, pick.chosen) {
            choices.push((state, pick.chosen.is_none() || !node.is_given()));
        }
        for (place, choice) in pick.choices.iter().enumerate() {
            let chosen = node.is_given() && pick.chosen == Some(place);
            choices.push((look::choice(self.theme, choice, most), chosen));
        }
        self.choices(choices, label, focus);
    }

    /// Choices beside each other, on as many lines as they take.
    fn choices(&mut self, choices: Vec<(String, bool)>, label: Vec<Span<'static>>, focus: bool) {
        let theme = self.theme;
        let room = self.room();
        let margin = self.margin();
        let mut line = label;
        let mut used = 0_usize;
        for (text, chosen) in choices {
            let cells = sanitise::width(&text).saturating_add(3);
            if used > 0 && used.saturating_add(cells) > room.saturating_add(1) {
                let next = vec![Span::raw(" ".repeat(margin))];
                let full = std::mem::replace(&mut line, next);
                self.push(full);
                used = 0;
            }
            used = used.saturating_add(cells);
            let (text, role) = match (chosen, focus) {
                (true, true) => (format!("({text})"), Role::Chosen),
                (true, false) => (format!("({text})"), Role::Strong),
                (false, _) => (format!(" {text} "), Role::Quiet),
            };
            line.push(Span::styled(text, theme.style(role)));
            line.push(Span::raw(" "));
        }
        self.push(line);
    }

    fn ticks(&mut self, node: &Node, ticks: &Ticks, label: Vec<Span<'static>>, focus: bool) {
        let theme = self.theme;
        let room = self.room();
        let margin = self.margin();
        let most = room.saturating_sub(5).clamp(8, 40);
        let mut line = label;
        let mut used = 0_usize;
        if let Some(state) = look::state(node).filter(|_| !node.content.is_filled()) {
            let text = format!("({state}) ");
            used = sanitise::width(&text);
            line.push(Span::styled(text, theme.style(Role::Quiet)));
        }
        for (place, (choice, on)) in ticks.choices.iter().zip(&ticks.ticked).enumerate() {
            let text = look::choice(theme, choice, most);
            let cells = sanitise::width(&text).saturating_add(6);
            if used > 0 && used.saturating_add(cells) > room.saturating_add(2) {
                let next = vec![Span::raw(" ".repeat(margin))];
                let full = std::mem::replace(&mut line, next);
                self.push(full);
                used = 0;
            }
            used = used.saturating_add(cells);
            let here = focus && place == ticks.at;
            let role = if here { Role::Chosen } else { Role::Text };
            let tick = if *on { "[x] " } else { "[ ] " };
            line.push(Span::styled(format!("{tick}{text}"), theme.style(role)));
            line.push(Span::raw("  "));
        }
        self.push(line);
    }

    fn push(&mut self, spans: Vec<Span<'static>>) {
        self.lines.push(Line::from(spans));
    }

    /// What the server says of a field and what callboard knows of it: all of it
    /// where the keys are, else one line.
    fn about(&mut self, node: &Node, here: bool) {
        let theme = self.theme;
        let margin = " ".repeat(self.margin());
        let room = self.room();
        if let Some(text) = look::described(node) {
            if here {
                let lines = server::behind_gutter(theme, &text, room);
                let more = lines.len().saturating_sub(look::SAID);
                for mut line in lines.into_iter().take(look::SAID) {
                    line.spans.insert(0, Span::raw(margin.clone()));
                    self.lines.push(line);
                }
                if more > 0 {
                    let text = format!("{more} lines more; the details have them");
                    self.below(&text, Role::Quiet);
                }
            } else {
                let gutter = theme.gutter();
                let room = room.saturating_sub(sanitise::width(gutter));
                self.lines.push(Line::from(vec![
                    Span::raw(margin),
                    Span::styled(gutter, theme.style(Role::Focus)),
                    Span::styled(server::name(theme, &text, room), theme.style(Role::Quiet)),
                ]));
            }
        }
        if here {
            let words = look::words(theme, self.say, node);
            self.below(&words, Role::Quiet);
        }
        if let Some(wrong) = &node.wrong {
            let margin = self.margin();
            self.fault(&wrong.said(self.say), margin);
        }
    }

    /// Words of callboard's below a value.
    fn below(&mut self, text: &str, role: Role) {
        let margin = " ".repeat(self.margin());
        for line in sanitise::wrap(text, self.room()) {
            self.lines.push(Line::styled(
                format!("{margin}{line}"),
                self.theme.style(role),
            ));
        }
    }

    fn fault(&mut self, text: &str, margin: usize) {
        let sign = self.theme.pick("✕", "x");
        let room = self.width.saturating_sub(margin).saturating_sub(2).max(10);
        for (place, line) in sanitise::wrap(text, room).into_iter().enumerate() {
            let sign = if place == 0 { sign } else { " " };
            self.lines.push(Line::styled(
                format!("{}{sign} {line}", " ".repeat(margin)),
                self.theme.style(Role::Bad),
            ));
        }
    }

    /// That an object has more members than fields.
    fn unseen(&mut self, node: &Node, indent: usize) {
        let Content::Group(group) = &node.content else {
            return;
        };
        if group.more > 0 && (group.bare || group.open) {
            let text = "members more have no field here; raw JSON ({raw-view}) takes all of them";
            let text = format!("{} {}", group.more, (self.say)(text));
            let margin = indent.saturating_mul(2).saturating_add(3);
            let room = self.width.saturating_sub(margin).max(10);
            for line in sanitise::wrap(&text, room) {
                let line = format!("{}{line}", " ".repeat(margin));
                self.lines
                    .push(Line::styled(line, self.theme.style(Role::Warn)));
            }
        }
    }
}

/// A text of the server's that a label is made of.
fn member(node: &Node) -> Option<&Untrusted> {
    match &node.about.name {
        Name::Member(name) => Some(name),
        _ => None,
    }
}
