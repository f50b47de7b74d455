//! How the box looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use super::Consenting;
use crate::domain::Scope;
use crate::guard::{question, sanitise};
use crate::protocol::ConsentEnd;
use crate::tui::action::Action;
use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::screen::connectors::fault_lines;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::qr::{self, NoCode};
use crate::tui::widget::{rows, server};

/// What stands before each part, and in its further lines.
const INDENT: &str = "   ";

/// Scopes that are listed at most.
const SCOPES: usize = 20;

/// What stands in the frame.
pub(in crate::tui::dock) fn title(one: &Consenting) -> String {
    let name = sanitise::cut(one.view.name.as_str(), 32);
    match &one.over {
        None => format!(" Sign in to {name} "),
        Some(ConsentEnd::Expired) => format!(" Sign in to {name}: nobody answered "),
        Some(_) => format!(" Sign in to {name}: it failed "),
    }
}

/// What stays in sight: that something is on its way.
pub(super) fn head(model: &Model, one: &Consenting) -> Vec<Line<'static>> {
    if !one.sending {
        return vec![];
    }
    let text = format!("{} one moment", model.theme.spinner(model.tasks.spin));
    vec![Line::styled(text, model.theme.style(Role::Quiet))]
}

/// The box as lines, while they are gathered.
struct Page<'a> {
    model: &'a Model,
    width: usize,
    lines: Vec<Line<'static>>,
    /// Where the line for the answer is, and where what is said of it ends.
    field: Option<(usize, usize)>,
    /// Lines with a part of an address: where, so many cells of it, and all of it.
    links: Vec<(usize, usize, String)>,
}

impl Page<'_> {
    fn text(&mut self, role: Role, text: &str) {
        let lines = rows::wrapped(self.model.theme, role, text, self.width, INDENT);
        self.lines.extend(lines);
    }

    /// The same for a text that is no part of a list.
    fn plain(&mut self, role: Role, text: &str) {
        let lines = rows::wrapped(self.model.theme, role, text, self.width, "");
        self.lines.extend(lines);
    }

    /// A text whose keys are marked, in one line where that fits.
    fn with_keys(&mut self, text: &str, keys: &[(Action, &str)]) {
        let theme = self.model.theme;
        let mut spans = vec![Span::raw(format!("{text}  "))];
        for (place, (action, what)) in keys.iter().enumerate() {
            let dot = if place > 0 { theme.dot() } else { "" };
            spans.push(Span::raw(dot));
            spans.push(Span::styled(
                self.model.key(*action),
                theme.style(Role::Key),
            ));
            spans.push(Span::raw(format!(" {what}")));
        }
        let line = Line::from(spans);
        if line.width() <= self.width {
            self.lines.push(line);
            return;
        }
        self.text(Role::Text, text);
        let said = keys
            .iter()
            .map(|(action, what)| format!("{} {what}", self.model.key(*action)));
        let said: Vec<String> = said.collect();
        let all = format!("{INDENT}{}", said.join(theme.dot()));
        self.text(Role::Key, &all);
    }

    /// A key in the place of the indentation.
    fn key(&self, action: Action) -> Span<'static> {
        let key = rows::cell(&self.model.key(action), INDENT.len());
        Span::styled(key, self.model.theme.style(Role::Key))
    }

    /// An address, all of it, in lines that can be selected.
    fn address(&mut self, url: &str) {
        // The last column is where the marks for more stand.
        let room = self.width.saturating_sub(INDENT.len() + 1).max(8);
        let letters: Vec<char> = url.chars().filter(char::is_ascii_graphic).collect();
        for piece in letters.chunks(room) {
            let piece: String = piece.iter().collect();
            self.links
                .push((self.lines.len(), piece.len(), url.to_owned()));
            self.lines.push(Line::from(vec![
                Span::raw(INDENT),
                Span::styled(piece, self.model.theme.style(Role::Strong)),
            ]));
        }
    }
}

/// All that the box says, and where its line for the answer is, with the line behind
/// what is said of it.
pub(in crate::tui::dock) fn lines(
    model: &Model,
    one: &Consenting,
    width: usize,
) -> (Vec<Line<'static>>, Option<(usize, usize)>) {
    let page = page(model, one, width);
    (page.lines, page.field)
}

/// Which lines are part of an address: their number, the first cell and how many, and
/// the whole of it.
pub(in crate::tui::dock) fn links(
    model: &Model,
    one: &Consenting,
    width: usize,
) -> Vec<(usize, usize, usize, String)> {
    let links = page(model, one, width).links.into_iter();
    links
        .map(|(line, cells, url)| (line, INDENT.len(), cells, url))
        .collect()
}

fn page<'a>(model: &'a Model, one: &Consenting, width: usize) -> Page<'a> {
    let mut page = Page {
        model,
        width,
        lines: Vec::new(),
        field: None,
        links: Vec::new(),
    };
    let has_keys = matches!(
        model.focus,
        Focus::DockConsent | Focus::DockPaste | Focus::DockConsentOver
    );
    match &one.over {
        Some(end) => over(&mut page, one, end),
        None if has_keys => whole(&mut page, one),
        None => brief(&mut page, one),
    }
    page
}

/// While something else has the keys.
fn brief(page: &mut Page<'_>, one: &Consenting) {
    let host = host(one);
    let left = left(page.model, one);
    page.text(
        Role::Text,
        &format!("Waits for your yes at {host}: {left}."),
    );
}

fn over(page: &mut Page<'_>, one: &Consenting, end: &ConsentEnd) {
    page.plain(Role::Text, super::ends_of(end));
    if let ConsentEnd::Failed(fault) = end {
        let lines = fault_lines(page.model, fault, page.width);
        page.lines.extend(lines);
    }
    if !one.paste.text().is_empty() {
        page.text(
            Role::Quiet,
            "What you had pasted was for this sign-in alone.",
        );
    }
}

fn whole(page: &mut Page<'_>, one: &Consenting) {
    let consent = &one.view.consent;
    let mut number = 0;
    let mut next = || {
        number += 1;
        number
    };
    if let Some(url) = &consent.url {
        let text = format!("{}  Open this address in any browser:", next());
        page.with_keys(
            &text,
            &[
                (Action::OpenAddress, "open here"),
                (Action::CopyAddress, "copy"),
                (Action::QrCode, "QR code"),
            ],
        );
        page.address(url);
    }
    asked_for(page, one);
    if consent.url.is_some() {
        waits(page, one, next());
        answer(page, one, next());
    }
    device(page, one, next());
}

fn host(one: &Consenting) -> String {
    sanitise::cut(&one.view.consent.host, 80)
}

/// How long it waits still.
fn left(model: &Model, one: &Consenting) -> String {
    match one.minutes_left(model) {
        None => "it ends now".to_owned(),
        Some(1) => "less than a minute left".to_owned(),
        Some(minutes) => format!("{minutes} min left"),
    }
}

/// Whose yes it is, and to what.
fn asked_for(page: &mut Page<'_>, one: &Consenting) {
    let theme = page.model.theme;
    let consent = &one.view.consent;
    let scopes = match consent.scopes.as_slice() {
        [] => "asks for what the server gives by itself".to_owned(),
        scopes => format!("asks for: {}", names(theme, scopes)),
    };
    let host = host(one);
    page.text(
        Role::Text,
        &format!("{INDENT}Host {host}{}{scopes}", theme.dot()),
    );
    if !consent.added.is_empty() {
        let added = names(theme, &consent.added);
        page.text(Role::Warn, &format!("{INDENT}! New among them: {added}"));
    }
    if question::looks_alike(&consent.host) {
        let text = format!("{INDENT}! This host has letters that may look like others.");
        page.text(Role::Warn, &text);
    }
    if consent.unadvertised_pkce {
        let text =
            format!("{INDENT}! The server does not say that it checks PKCE; you accepted that.");
        page.text(Role::Warn, &text);
    }
}

/// Scopes as the server calls them, each with what it seems to mean.
pub(in crate::tui) fn names(theme: Theme, scopes: &[Scope]) -> String {
    let mut all: Vec<String> = scopes
        .iter()
        .take(SCOPES)
        .map(|scope| {
            let name = server::quoted(theme, &scope.name, 60);
            match &scope.words {
                Some(words) => format!("{name} ({words})"),
                None => name,
            }
        })
        .collect();
    let more = scopes.len().saturating_sub(SCOPES);
    if more > 0 {
        all.push(format!("and {more} more"));
    }
    all.join(", ")
}

fn waits(page: &mut Page<'_>, one: &Consenting, number: usize) {
    let theme = page.model.theme;
    let left = left(page.model, one);
    let dots = theme.ellipsis();
    let text = match one.view.consent.callback_port {
        Some(port) => {
            format!("{number}  Approve there. This box waits on 127.0.0.1:{port} {dots} {left}")
        }
        None => format!("{number}  Approve there, then paste the answer below {dots} {left}"),
    };
    page.text(Role::Text, &text);
}

/// For those whose browser is elsewhere.
fn answer(page: &mut Page<'_>, one: &Consenting, number: usize) {
    let model = page.model;
    let theme = model.theme;
    let port = one.view.consent.callback_port;
    let text = match port {
        Some(_) => {
            "Browser on another machine? It will end on a page that cannot load. Paste that \
             page's address here:"
        }
        None => "Paste the address of the page that the browser ends at:",
    };
    let text = format!("{number}  {text}");
    page.text(Role::Text, &text);
    let field = page.lines.len();
    let (shown, _) = one.paste.window(field_room(page.width));
    let role = if one.typing { Role::Focus } else { Role::Quiet };
    let missing = field_room(page.width).saturating_sub(sanitise::width(&shown));
    let before = if one.typing {
        Span::raw(INDENT)
    } else {
        page.key(Action::PasteAnswer)
    };
    page.lines.push(Line::from(vec![
        before,
        Span::styled("[ ", theme.style(role)),
        Span::raw(shown),
        Span::styled("_".repeat(missing), theme.style(Role::Quiet)),
        Span::styled(" ]", theme.style(role)),
    ]));
    let said = one.verdict.as_ref().or(one.view.refused.as_ref());
    if let Some(fault) = said.filter(|_| !one.sending) {
        let room = page.width.saturating_sub(INDENT.len());
        for line in fault_lines(model, fault, room) {
            let mut spans = vec![Span::raw(INDENT)];
            spans.extend(line.spans);
            page.lines.push(Line::from(spans).style(line.style));
        }
    }
    page.field = Some((field, page.lines.len()));
    if let Some(port) = port {
        let line = model.reach.tunnel(port);
        let mut lines = rows::wrapped(
            theme,
            Role::Text,
            &format!("or run this there first:  {line}"),
            page.width.saturating_sub(INDENT.len()),
            "",
        )
        .into_iter();
        let first = lines.next().unwrap_or_default();
        let mut spans = vec![page.key(Action::CopyTunnel)];
        spans.extend(first.spans);
        page.lines.push(Line::from(spans));
        page.lines.extend(lines.map(|line| {
            let mut spans = vec![Span::raw(INDENT)];
            spans.extend(line.spans);
            Line::from(spans)
        }));
    }
}

/// Cells for the text in the line for the answer.
fn field_room(width: usize) -> usize {
    width.saturating_sub(INDENT.len() + 4).clamp(8, 72)
}

fn device(page: &mut Page<'_>, one: &Consenting, number: usize) {
    let Some(device) = &one.view.consent.device else {
        return;
    };
    let theme = page.model.theme;
    let code = server::quoted(theme, &device.code, 40);
    if one.view.consent.url.is_some() {
        let text = format!("{number}  Or on any device: open this address and type {code}");
        page.text(Role::Text, &text);
        page.address(&device.url);
        return;
    }
    let left = left(page.model, one);
    let text = format!("{number}  On any device, open this address and type {code}:");
    page.with_keys(
        &text,
        &[(Action::CopyAddress, "copy"), (Action::QrCode, "QR code")],
    );
    page.address(&device.url);
    let dots = theme.ellipsis();
    page.text(
        Role::Text,
        &format!("{INDENT}This box waits until you have {dots} {left}"),
    );
}

/// The cell of the cursor in the line for the answer, while it is typed into.
pub(in crate::tui::dock) fn cursor(one: &Consenting, width: usize) -> Option<usize> {
    let cell = one.paste.window(field_room(width)).1;
    one.typing.then_some(cell.saturating_add(INDENT.len() + 2))
}

/// Draws the QR code over everything, where one is to be seen.
pub(in crate::tui::dock) fn cover(model: &Model, one: &Consenting, frame: &mut Frame<'_>) {
    let Some(text) = one.in_code() else {
        return;
    };
    let theme = model.theme;
    let area = Rect::new(0, 0, model.size.width, model.size.height);
    frame.render_widget(Clear, area);
    let what = if one.is_code_of_device() {
        "The address for another device"
    } else {
        "The address to open; a phone ends on a page that cannot load: paste that page's address"
    };
    let key = model.key(Action::QrCode);
    let back = model.key(Action::PutAway);
    let keys = match (one.has_both(), one.is_code_of_device()) {
        (true, true) => format!("{key} the other address{}{back} back", theme.dot()),
        _ => format!("{key} or {back} back"),
    };
    let words = sanitise::wrap(
        &format!("{what}{}{keys}", theme.dot()),
        usize::from(area.width),
    );
    let rows_of_words = u16::try_from(words.len()).unwrap_or(1);
    let (width, height) = (area.width, area.height.saturating_sub(rows_of_words));
    let drawn = qr::lines(theme, text, usize::from(width), usize::from(height));
    let (code, room) = match drawn {
        Ok(code) => {
            let cells = code.first().map_or(0, Line::width);
            (code, u16::try_from(cells).unwrap_or(width))
        }
        Err(why) => (no_code(model, why, usize::from(width)), width),
    };
    let rows_of_code = u16::try_from(code.len()).unwrap_or(height).min(height);
    let left = width.saturating_sub(room) / 2;
    rows::text(
        frame,
        Rect::new(left, 0, room, rows_of_code),
        theme,
        code,
        0,
    );
    let below = Rect::new(0, rows_of_code, width, rows_of_words);
    let words = words
        .into_iter()
        .map(|line| Line::styled(line, theme.style(Role::Quiet)));
    rows::text(frame, below, theme, words.collect(), 0);
}

/// Why there is no code, and what helps instead.
fn no_code(model: &Model, why: NoCode, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let copy = model.key(Action::CopyAddress);
    let text = match why {
        NoCode::TooLarge { columns, rows } => format!(
            "The QR code of this address needs {columns} by {rows} cells, and this terminal has \
             {} by {} with the words below. Make it larger, or its letters smaller; {copy} copies \
             the address.",
            model.size.width, model.size.height
        ),
        NoCode::TooLong => {
            format!("This address is too long for a QR code; {copy} copies it.")
        }
    };
    rows::wrapped(theme, Role::Text, &text, width, "")
}
