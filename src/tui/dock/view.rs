//! How prompts look: a heavy frame at the bottom, the question, the keys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders};

use super::vault::{Stage, places};
use super::{Kind, Prompt, asked, call, consent, keys, several, vault};
use crate::domain::VaultKind;
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::screen::connectors::fault_lines;
use crate::tui::terminal::Link;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::rows;

/// Rows of a prompt that are not its text: the frame, and the keys in it.
const CHROME: u16 = 3;

/// How many rows the prompt on the screen wants; none where there is none.
pub(in crate::tui) fn height(model: &Model, width: u16) -> u16 {
    let Some(prompt) = model.dock.prompts.front() else {
        return 0;
    };
    if prompt.put_off {
        return 1;
    }
    let lines = head(model, prompt, width).len() + body(model, prompt, width).len();
    let most = match &prompt.kind {
        // Its address has to be seen whole. What else is on the screen keeps a few rows.
        Kind::Consent(_) if model.focus.in_dock() => model.size.height,
        _ => model.size.height / 2,
    };
    u16::try_from(lines)
        .unwrap_or(u16::MAX)
        .saturating_add(CHROME)
        .clamp(CHROME + 1, most.max(CHROME + 1))
}

/// Rows for the part that scrolls.
fn room(model: &Model, prompt: &Prompt) -> usize {
    let area = layout::areas(model).dock;
    let head = head(model, prompt, area.width).len();
    usize::from(area.height.saturating_sub(CHROME)).saturating_sub(head)
}

/// How many lines scroll.
pub(super) fn lines_of(model: &Model, prompt: &Prompt) -> usize {
    body(model, prompt, model.size.width).len()
}

/// How many lines must have been on the screen before a yes counts: all of what is
/// asked, but of a form only the server's words, since its fields are filled in one by
/// one.
pub(super) fn lines_to_see(model: &Model, prompt: &Prompt) -> usize {
    match &prompt.kind {
        Kind::Asked(asking) if asking.form.is_some() => {
            asking.lines(model, inner(model.size.width)).len()
        }
        _ => lines_of(model, prompt),
    }
}

/// The line below the last one on the screen.
pub(super) fn bottom(model: &Model, prompt: &Prompt) -> usize {
    if !layout::fits(model.size) {
        return 0;
    }
    let end = prompt.top.saturating_add(room(model, prompt));
    end.min(lines_of(model, prompt))
}

/// The furthest that it scrolls.
pub(super) fn last_top(model: &Model, prompt: &Prompt) -> usize {
    lines_of(model, prompt).saturating_sub(room(model, prompt))
}

/// How far one key reads on.
pub(super) fn page(model: &Model) -> usize {
    model
        .dock
        .prompts
        .front()
        .map_or(1, |prompt| room(model, prompt).saturating_sub(1).max(1))
}

/// What stays in sight.
fn head(model: &Model, prompt: &Prompt, width: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let width = inner(width);
    match &prompt.kind {
        Kind::Call(question) => call::claims(theme, question, width),
        Kind::Remove(question) => rows::wrapped(
            theme,
            Role::Text,
            &format!(
                "Forget {}, its secrets and the permissions of its functions? {} takes it back, but \
                 its secrets are gone for good.",
                question.name,
                model.key(Action::Undo)
            ),
            width,
            "",
        ),
        Kind::Logout(question) => rows::wrapped(theme, Role::Text, &question.words(), width, ""),
        Kind::Asked(asking) => state_of(model, asking, width),
        Kind::Consent(consenting) => consent::head(model, consenting),
        Kind::Several(_) | Kind::StepUp(_) | Kind::Vault(_) | Kind::Warning(_) => vec![],
    }
}

/// What became of an answer to a server's question.
fn state_of(model: &Model, asking: &asked::Asking, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = Vec::new();
    if asking.waiting {
        let text = format!("{} one moment", theme.spinner(model.tasks.spin));
        lines.push(Line::styled(text, theme.style(Role::Quiet)));
    }
    if let Some(fault) = &asking.fault {
        lines.extend(fault_lines(model, fault, width));
    }
    lines
}

/// What scrolls.
fn body(model: &Model, prompt: &Prompt, width: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let width = inner(width);
    match &prompt.kind {
        Kind::Call(question) => call::lines(theme, question, width),
        Kind::Several(question) => several::lines(theme, question, width),
        Kind::Remove(_) | Kind::Logout(_) => vec![],
        Kind::StepUp(question) => question.lines(theme, width),
        Kind::Consent(consenting) => consent::lines(model, consenting, width).0,
        Kind::Vault(question) => vault_lines(model, question, width),
        Kind::Asked(asking) => asked_lines(model, asking, width).0,
        Kind::Warning(warning) => warning.lines(theme, width),
    }
}

/// A server's question as lines, and where the cursor of its form is.
fn asked_lines(
    model: &Model,
    asking: &asked::Asking,
    width: usize,
) -> (Vec<Line<'static>>, Option<(usize, usize)>) {
    let mut lines = asking.lines(model, width);
    let here = model.focus == Focus::DockForm;
    let mut cursor = None;
    if let Some(sheet) = asking.sheet(model, width, here) {
        lines.push(Line::raw(""));
        let above = lines.len();
        cursor = sheet
            .cursor
            .map(|(line, cell)| (line.saturating_add(above), cell));
        lines.extend(sheet.lines);
    }
    (lines, cursor)
}

/// Where a form of a server's question has to be scrolled to, so that the chosen field
/// is on the screen.
pub(super) fn top_of_form(model: &Model, prompt: &Prompt) -> Option<usize> {
    let width = inner(model.size.width);
    let asking = match &prompt.kind {
        Kind::Asked(asking) => asking,
        Kind::Consent(consenting) => return top_of_line(model, prompt, consenting),
        _ => return None,
    };
    let sheet = asking.sheet(model, width, true)?;
    let above = asking.lines(model, width).len().saturating_add(1);
    let field = sheet.fields.get(sheet.chosen?)?;
    let room = room(model, prompt).max(1);
    let mut top = prompt.top;
    if field.end.saturating_add(above) > top.saturating_add(room) {
        top = field.end.saturating_add(above).saturating_sub(room);
    }
    // What the server says is in sight again with the first field.
    if sheet.chosen == Some(0) && field.end.saturating_add(above) <= room {
        return Some(0);
    }
    Some(top.min(field.start.saturating_add(above)))
}

/// The same for the line for a browser's answer, with what is said below it.
fn top_of_line(model: &Model, prompt: &Prompt, one: &consent::Consenting) -> Option<usize> {
    let width = inner(model.size.width);
    let (line, end) = consent::lines(model, one, width).1?;
    let top = prompt.top.max(end.saturating_sub(room(model, prompt)));
    Some(top.min(line))
}

/// Draws what a prompt shows over everything else, where it does.
pub(in crate::tui) fn cover(model: &Model, frame: &mut Frame<'_>) {
    if let Some(Kind::Consent(one)) = model.dock.prompts.front().map(|it| &it.kind)
        && model.focus == Focus::DockConsent
    {
        consent::cover(model, one, frame);
    }
}

/// Which cells of the screen are links: the address of a sign-in, line by line.
pub(in crate::tui) fn links(model: &Model) -> Vec<Link> {
    let Some(prompt) = model.dock.prompts.front() else {
        return vec![];
    };
    let Kind::Consent(one) = &prompt.kind else {
        return vec![];
    };
    if prompt.put_off || !layout::fits(model.size) || one.is_covered(model) {
        return vec![];
    }
    let area = layout::areas(model).dock;
    let [_, middle, _] = parts(area, head(model, prompt, area.width).len());
    let links = consent::links(model, one, inner(area.width)).into_iter();
    links
        .filter_map(|(line, first, cells, address)| {
            let row = u16::try_from(line.checked_sub(prompt.top)?).ok()?;
            let (first, cells) = (u16::try_from(first).ok()?, u16::try_from(cells).ok()?);
            let (x, y) = (middle.x.checked_add(first)?, middle.y.checked_add(row)?);
            if row >= middle.height {
                return None;
            }
            Link::new(x, y, cells, &address)
        })
        .collect()
}

/// The inside of a prompt: what stays in sight, what scrolls, the keys.
fn parts(area: Rect, head: usize) -> [Rect; 3] {
    let inside = layout::padded(area);
    let head = u16::try_from(head).unwrap_or(0).min(inside.height);
    let room = inside.height.saturating_sub(head.saturating_add(1));
    [
        Rect {
            height: head,
            ..inside
        },
        Rect {
            y: inside.y.saturating_add(head),
            height: room,
            ..inside
        },
        Rect {
            y: inside.bottom().saturating_sub(1),
            height: 1,
            ..inside
        },
    ]
}

fn inner(width: u16) -> usize {
    usize::from(width.saturating_sub(4)).max(8)
}

fn vault_lines(model: &Model, question: &vault::Question, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = Vec::new();
    match &question.stage {
        Stage::Place(chosen) => {
            let text = "Secrets are sealed in one file. Where is its key to be? Chosen once for this board.";
            lines.extend(rows::wrapped(theme, Role::Text, text, width, ""));
            let places = places(model);
            for (row, (_, title, _)) in places.iter().enumerate() {
                lines.push(place(theme, row == *chosen, title));
            }
            if let Some((kind, _, why)) = places.get(*chosen) {
                let failed = model.dock.no_keyring.as_deref();
                let failed = failed.filter(|_| *kind == VaultKind::Keyring);
                let why = failed.map_or((*why).to_owned(), |why| {
                    let again = model.words("{choose-place} tries it again.");
                    format!("! It failed its test: {why}. {again}")
                });
                let why = why.as_str();
                lines.extend(rows::wrapped(theme, Role::Quiet, why, width, ""));
            }
        }
        Stage::New {
            first,
            second,
            on_second,
        } => {
            let text = "A passphrase for the vault. It is kept nowhere: whoever forgets it loses the secrets.";
            lines.extend(rows::wrapped(theme, Role::Text, text, width, ""));
            lines.push(masked(theme, "Passphrase", first.length(), !on_second));
            lines.push(masked(theme, "Once more  ", second.length(), *on_second));
        }
        Stage::Unlock(field) => {
            let text = "The vault is locked; connectors that need a secret wait for it.";
            lines.extend(rows::wrapped(theme, Role::Text, text, width, ""));
            lines.push(masked(theme, "Passphrase", field.length(), true));
        }
    }
    if question.waiting {
        let text = format!("{} one moment", theme.spinner(model.tasks.spin));
        lines.push(Line::styled(text, theme.style(Role::Quiet)));
    }
    if let Some(fault) = &question.fault {
        lines.extend(fault_lines(model, fault, width));
    }
    lines
}

fn place(theme: Theme, chosen: bool, title: &str) -> Line<'static> {
    let sign = if chosen { theme.pick("▸", ">") } else { " " };
    let style = theme.style(if chosen { Role::Chosen } else { Role::Text });
    Line::styled(format!("{sign} {title:<15}"), style)
}

fn masked(theme: Theme, label: &str, length: usize, here: bool) -> Line<'static> {
    let dots = theme.pick("•", "*").repeat(length.min(32));
    let style = theme.style(if here { Role::Focus } else { Role::Quiet });
    let cursor = if here { "_" } else { " " };
    Line::from(vec![
        Span::styled(format!("{label:<11} "), theme.style(Role::Quiet)),
        Span::styled(format!("[ {dots}{cursor:<1} ]"), style),
    ])
}

/// The line that stands for a prompt that was put off.
fn folded(model: &Model, title: &str, width: usize) -> Line<'static> {
    let theme = model.theme;
    let (key, others) = (model.key(Action::ToDock), model.dock.prompts.len());
    let mut words = " opens it".to_owned();
    if others > 1 {
        words.push_str(&format!("; {others} wait"));
    }
    let cells = sanitise::width(&key).saturating_add(sanitise::width(&words));
    let room = width.saturating_sub(cells.saturating_add(3));
    Line::from(vec![
        Span::styled(sanitise::cut(title, room), theme.style(Role::Asking)),
        Span::raw("  "),
        Span::styled(key, theme.style(Role::Key)),
        Span::raw(words),
    ])
}

/// Draws the prompt on the screen.
pub(in crate::tui) fn view(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let Some(prompt) = model.dock.prompts.front() else {
        return;
    };
    let theme = model.theme;
    let width = inner(area.width);
    let title = match &prompt.kind {
        Kind::Call(question) => call::title(theme, question, width),
        Kind::Remove(question) => format!(" Remove {} ", question.name),
        Kind::Several(question) => several::title(question),
        Kind::Vault(_) => " Vault ".to_owned(),
        Kind::Asked(asking) => asking.title(theme, width),
        Kind::Logout(question) => question.title(),
        Kind::StepUp(question) => question.title(),
        Kind::Consent(consenting) => consent::title(consenting),
        Kind::Warning(warning) => warning.title(theme),
    };
    if prompt.put_off {
        let line = folded(model, title.trim_end(), usize::from(area.width));
        frame.render_widget(line, area);
        return;
    }
    let mut block = Block::new()
        .borders(Borders::ALL)
        .border_set(theme.border(true))
        .border_style(theme.style(Role::Asking))
        .title(Line::styled(title, theme.style(Role::Strong)));
    if model.dock.has_more() {
        let numbers = model.dock.prompts.iter().map(|one| one.number);
        let place = numbers.filter(|number| *number <= prompt.number).count();
        let total = model.dock.prompts.len();
        block = block.title(Line::raw(format!(" {place} of {total} ")).right_aligned());
    }
    frame.render_widget(block, area);
    let head = head(model, prompt, area.width);
    let [above, middle, last] = parts(area, head.len());
    rows::text(frame, above, theme, head, 0);
    let body = body(model, prompt, area.width);
    rows::text(frame, middle, theme, body, prompt.top);
    frame.render_widget(keys::line(model, prompt, usize::from(last.width)), last);
    let cursor = match (&prompt.kind, model.focus) {
        (Kind::Asked(asking), Focus::DockForm) => asked_lines(model, asking, width).1,
        (Kind::Consent(one), Focus::DockPaste) => {
            let line = consent::lines(model, one, width).1.map(|(line, _)| line);
            line.zip(consent::cursor(one, width))
        }
        _ => None,
    };
    if let Some((line, cell)) = cursor
        && let Some(row) = line.checked_sub(prompt.top)
        && row < usize::from(middle.height)
    {
        let x = u16::try_from(cell)
            .unwrap_or(0)
            .min(middle.width.saturating_sub(1));
        let y = u16::try_from(row).unwrap_or(0);
        frame.set_cursor_position((middle.x.saturating_add(x), middle.y.saturating_add(y)));
    }
}
