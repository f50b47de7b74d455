//! The list of keys: what each does where the keys were before, in groups, and what
//! the signs on the screen mean.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use super::{Kind, close, signs};
use crate::guard::sanitise;
use crate::tui::action::{Action, ActionSpec, Group};
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::keymap;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::pointer::Click;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::cursor::{scroll, wheel};
use crate::tui::widget::field::{Field, Typed};
use crate::tui::widget::rows;

/// The list of keys.
#[derive(Debug, Default)]
pub(super) struct Help {
    /// What is searched for.
    filter: Field,
    top: usize,
}

impl Help {
    /// Takes a key that types into the search.
    pub(super) fn key(&mut self, key: Key) -> Option<Vec<Effect>> {
        let typed = self.filter.key(key);
        if typed == Typed::Changed {
            self.top = 0;
        }
        (typed != Typed::NotMine).then(Vec::new)
    }

    /// Takes a paste. Returns what is to be said of it.
    pub(super) fn paste(&mut self, text: &str) -> Option<&'static str> {
        self.top = 0;
        self.filter.paste(text)
    }
}

/// A group of the list.
struct Part {
    title: &'static str,
    /// Keys and what they do.
    rows: Vec<(String, &'static ActionSpec)>,
}

fn help(model: &mut Model) -> Option<&mut Help> {
    match &mut model.overlay.as_mut()?.kind {
        Kind::Help(help) => Some(help),
        Kind::Palette(_) => None,
    }
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let (lines, height) = size(model);
    let Some(help) = help(model) else {
        return vec![];
    };
    if scroll(&mut help.top, action, lines, height) {
        return vec![];
    }
    match action {
        Action::HelpFilter => model.focus = Focus::HelpFilter,
        Action::FilterDone => model.focus = Focus::Help,
        Action::FilterClear => {
            help.filter = Field::default();
            model.focus = Focus::Help;
        }
        // Esc takes the search away before it leaves.
        Action::Back if !help.filter.text().is_empty() => help.filter = Field::default(),
        Action::Back => close(model),
        _ => {}
    }
    vec![]
}

/// The mouse over it.
pub(super) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let (lines, height) = size(model);
    let row_of_search = layout::inside(layout::areas(model).body).y;
    let Some(help) = help(model) else {
        return vec![];
    };
    wheel(&mut help.top, click, lines, height);
    if click.is_press() {
        let on_it = click.row == row_of_search && !help.filter.text().is_empty();
        model.focus = if on_it {
            Focus::HelpFilter
        } else {
            Focus::Help
        };
    }
    vec![]
}

/// Keeps it within its bounds.
pub(super) fn settle(model: &mut Model) {
    let (lines, height) = size(model);
    if let Some(help) = help(model) {
        help.top = help.top.min(lines.saturating_sub(height));
    }
}

/// How many lines there are, and how many fit.
fn size(model: &Model) -> (usize, usize) {
    let Some(Kind::Help(help)) = model.overlay.as_ref().map(|overlay| &overlay.kind) else {
        return (0, 0);
    };
    let area = list_area(model, help, layout::areas(model).body);
    let lines = lines(model, help, usize::from(area.width)).len();
    (lines, usize::from(area.height))
}

/// Whether the search has a line.
fn has_filter(model: &Model, help: &Help) -> bool {
    model.focus == Focus::HelpFilter || !help.filter.text().is_empty()
}

fn list_area(model: &Model, help: &Help, body: Rect) -> Rect {
    let inside = layout::inside(body);
    let used = u16::from(has_filter(model, help));
    Rect::new(
        inside.x,
        inside.y.saturating_add(used),
        inside.width,
        inside.height.saturating_sub(used),
    )
}

/// What counts where the keys were before.
fn parts(model: &Model) -> Vec<Part> {
    let from = model
        .overlay
        .as_ref()
        .map_or(model.focus, |overlay| overlay.from);
    let typing = from.is_field() && (from != Focus::Form || model.tabs.custom.is_typing());
    let mut here: Vec<&ActionSpec> = Vec::new();
    for spec in keymap::here(from) {
        if !here.iter().any(|known| known.action == spec.action) {
            here.push(spec);
        }
    }
    let mut parts = [
        (Some(Group::Here), "Here"),
        (Some(Group::Lists), "In lists, texts and panes"),
        (Some(Group::Everywhere), "Everywhere"),
        (None, "Once the field is left"),
    ]
    .map(|(group, title)| {
        (
            group,
            Part {
                title,
                rows: vec![],
            },
        )
    });
    for spec in here {
        let keys = model.keymap.keys(from, spec);
        if keys.is_empty() {
            continue;
        }
        let (typed, working): (Vec<Key>, Vec<Key>) =
            keys.iter().partition(|key| typing && key.typed().is_some());
        let group = from
            .contexts()
            .iter()
            .find(|context| spec.contexts.contains(context))
            .map(|context| context.group());
        // What would be typed here works in no field at all.
        let (group, keys) = if working.is_empty() {
            (None, typed)
        } else {
            (group, working)
        };
        if let Some((_, part)) = parts.iter_mut().find(|(of, _)| *of == group) {
            part.rows.push((keymap::shown(&keys), spec));
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

fn lines(model: &Model, help: &Help, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let typed = help.filter.text().to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let fits = |texts: &[&str]| {
        let text = texts.join(" ").to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let keys = (width / 4).clamp(13, 20);
    let mut lines = Vec::new();
    for part in parts(model) {
        let rows: Vec<_> = part
            .rows
            .into_iter()
            .filter(|(keys, spec)| fits(&[keys, spec.doc, spec.title, spec.name]))
            .collect();
        heading(theme, &mut lines, part.title, rows.is_empty());
        for (shown, spec) in rows {
            let shown = Span::styled(shown, theme.style(Role::Key));
            row(theme, &mut lines, vec![shown], spec.doc, keys, width);
        }
    }
    let legend: Vec<_> = signs::legend(theme)
        .into_iter()
        .filter(|sign| fits(&[sign.sign, sign.means]))
        .collect();
    heading(theme, &mut lines, "Signs", legend.is_empty());
    for sign in legend {
        let shown = Span::styled(sign.sign, theme.style(sign.role));
        row(theme, &mut lines, vec![shown], sign.means, keys, width);
    }
    if lines.is_empty() {
        lines.push(Line::styled(
            model.words(" nothing matches; {back} shows all again"),
            theme.style(Role::Quiet),
        ));
    }
    lines
}

fn heading(theme: Theme, lines: &mut Vec<Line<'static>>, title: &'static str, empty: bool) {
    if empty {
        return;
    }
    if !lines.is_empty() {
        lines.push(Line::raw(""));
    }
    lines.push(Line::styled(format!(" {title}"), theme.style(Role::Strong)));
}

/// A row: what stands at the left in so many cells, a sentence behind it, wrapped.
fn row(
    theme: Theme,
    lines: &mut Vec<Line<'static>>,
    mut left: Vec<Span<'static>>,
    sentence: &str,
    cells: usize,
    width: usize,
) {
    let used: usize = left.iter().map(Span::width).sum();
    let room = width.saturating_sub(cells + 4).max(16);
    let mut sentences = sanitise::wrap(sentence, room).into_iter();
    left.insert(0, Span::raw("  "));
    if used > cells {
        // More keys than fit beside it: the sentence stands below.
        lines.push(Line::from(left));
    } else {
        left.push(Span::raw(" ".repeat(cells.saturating_sub(used) + 1)));
        left.push(Span::raw(sentences.next().unwrap_or_default()));
        lines.push(Line::from(left));
    }
    for sentence in sentences {
        lines.push(Line::styled(
            format!("{}{sentence}", " ".repeat(cells + 3)),
            theme.style(Role::Text),
        ));
    }
}

/// Draws it.
pub(super) fn view(model: &Model, help: &Help, frame: &mut Frame<'_>, body: Rect) {
    let theme = model.theme;
    frame.render_widget(Clear, body);
    let title = vec![Span::styled(" Keys here ", theme.style(Role::Strong))];
    let inside = rows::pane(frame, body, theme, title, true);
    if has_filter(model, help) {
        let here = model.focus == Focus::HelpFilter;
        rows::filter(frame, inside, theme, &help.filter, here);
    }
    let area = list_area(model, help, body);
    let lines = lines(model, help, usize::from(area.width));
    rows::text(frame, area, theme, lines, help.top);
}
