//! Everything that is known of one server of the directory, as lines.

use ratatui::text::{Line, Span};

use crate::domain::{
    AuthKind, ConnectorName, DirectoryEntry, DirectorySource, EntryInput, EntryStatus, Remote,
    Untrusted,
};
use crate::guard::sanitise;
use crate::tui::model::Model;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server};

/// Width of the labels.
const LABELS: usize = 12;

/// Longest text of one fact, in cells.
const LONGEST: usize = 400;

/// Lines under construction: a label, a value, wrapped.
struct Sheet {
    theme: Theme,
    width: usize,
    lines: Vec<Line<'static>>,
}

impl Sheet {
    fn fact(&mut self, label: &str, text: &str) {
        self.styled(label, text, Role::Text);
    }

    fn styled(&mut self, label: &str, text: &str, role: Role) {
        let room = self.width.saturating_sub(LABELS + 1).max(16);
        for (place, line) in sanitise::wrap(text, room).into_iter().enumerate() {
            let label = if place == 0 { label } else { "" };
            let value = vec![Span::styled(line, self.theme.style(role))];
            self.lines
                .push(rows::labelled(self.theme, label, LABELS, value));
        }
    }

    fn blank(&mut self) {
        self.lines.push(Line::raw(""));
    }

    fn quoted(&self, text: &Untrusted) -> String {
        server::quoted(self.theme, text, LONGEST)
    }
}

/// The entry at a place.
pub(super) fn lines(model: &Model, place: usize, width: usize) -> Vec<Line<'static>> {
    let catalogue = model.tabs.directory.catalogue();
    let Some((catalogue, entry)) = catalogue.and_then(|it| Some((it, it.entry(place)?))) else {
        return vec![];
    };
    let mut sheet = Sheet {
        theme: model.theme,
        width,
        lines: Vec::new(),
    };
    if !entry.description.is_empty() {
        sheet.lines = server::behind_gutter(model.theme, &entry.description, width);
        sheet.blank();
    }
    if entry.status == EntryStatus::Deprecated {
        deprecated(&mut sheet, entry);
    }
    on_the_board(&mut sheet, catalogue.added(place));
    origin(&mut sheet, entry);
    for (number, remote) in entry.remotes.iter().enumerate() {
        address(&mut sheet, entry, remote, number);
    }
    sheet.blank();
    warning(&mut sheet, entry);
    let text = model.words(
        "{open-entry} adds it: the form opens filled in, and nothing is connected before you say so",
    );
    let lines = rows::wrapped(model.theme, Role::Key, &text, width, "");
    sheet.lines.extend(lines);
    sheet.lines
}

fn deprecated(sheet: &mut Sheet, entry: &DirectoryEntry) {
    let why = entry.status_message.as_ref().map(|why| sheet.quoted(why));
    let text = match why {
        Some(why) => format!("! its publisher advises against it: {why}"),
        None => "! its publisher advises against it".to_owned(),
    };
    let lines = rows::wrapped(sheet.theme, Role::Warn, &text, sheet.width, "  ");
    sheet.lines.extend(lines);
    sheet.blank();
}

fn on_the_board(sheet: &mut Sheet, added: &[ConnectorName]) {
    if added.is_empty() {
        sheet.fact("On board", "not yet");
        return;
    }
    let names: Vec<&str> = added.iter().map(ConnectorName::as_str).collect();
    let sign = sheet.theme.pick("✓", "+");
    let text = format!(
        "{sign} as {}; adding it again is another account",
        names.join(", ")
    );
    sheet.styled("On board", &text, Role::Good);
}

fn origin(sheet: &mut Sheet, entry: &DirectoryEntry) {
    let publisher = match &entry.publisher {
        Some(publisher) => sheet.quoted(publisher),
        // All that a registry has had proved.
        None => format!("whoever owns {}", entry.id.namespace()),
    };
    sheet.fact("Publisher", &publisher);
    let auth = match entry.authentication {
        Some(AuthKind::None) => "nothing, says its documentation".to_owned(),
        Some(kind) => format!("{}, says its documentation", kind.title()),
        None => "not said; looking at it tells".to_owned(),
    };
    sheet.fact("Signs in by", &auth);
    if let Some(page) = &entry.documentation {
        sheet.fact("Documented", &sheet.quoted(page));
    }
    if let Some(page) = &entry.website {
        sheet.fact("Home page", &sheet.quoted(page));
    }
    if let Some(version) = &entry.version {
        sheet.fact("Version", &sheet.quoted(version));
    }
    let source = match entry.source {
        DirectorySource::Curated => "callboard's own list",
        DirectorySource::Registry => "a registry",
    };
    let read = entry.checked.as_ref().map_or(String::new(), |day| {
        format!(", read on {}", server::name(sheet.theme, day, 20))
    });
    sheet.fact("Listed in", &format!("{source}{read}"));
    sheet.fact("Id", entry.id.as_str());
}

fn address(sheet: &mut Sheet, entry: &DirectoryEntry, remote: &Remote, number: usize) {
    sheet.blank();
    let label = match entry.remotes.len() {
        1 => "Address".to_owned(),
        _ => format!("Address {}", number.saturating_add(1)),
    };
    sheet.styled(&label, &sheet.quoted(&remote.url), Role::Strong);
    sheet.fact("", remote.transport.word());
    for variable in &remote.variables {
        let name = format!("{{{}}}", variable.name);
        needs(sheet, &name, variable);
    }
    for header in &remote.headers {
        needs(sheet, &format!("header {}", header.name), header);
    }
}

/// What somebody has to bring, or may.
fn needs(sheet: &mut Sheet, name: &str, input: &EntryInput) {
    let dot = sheet.theme.dot();
    let mut text = name.to_owned();
    text.push_str(dot);
    text.push_str(if input.required { "needed" } else { "optional" });
    if input.secret {
        text.push_str(", secret");
    }
    if !input.choices.is_empty() {
        text.push_str(&format!(", one of {}", input.choices.len()));
    }
    if let Some(default) = &input.default {
        text.push_str(&format!(", usually {}", sheet.quoted(default)));
    }
    sheet.fact("", &text);
    if let Some(words) = &input.description {
        sheet.styled("", &format!("  {}", sheet.quoted(words)), Role::Quiet);
    }
}

fn warning(sheet: &mut Sheet, entry: &DirectoryEntry) {
    let whose = match entry.source {
        DirectorySource::Curated => "callboard says where it is, not what it does",
        DirectorySource::Registry => "whoever wrote the entry says so, and nobody has read it",
    };
    let text = format!(
        "! Listed is not reviewed: {whose}. Connect only to servers you trust; what they return may try to instruct your agent."
    );
    let lines = rows::wrapped(sheet.theme, Role::Warn, &text, sheet.width, "  ");
    sheet.lines.extend(lines);
    sheet.blank();
}
