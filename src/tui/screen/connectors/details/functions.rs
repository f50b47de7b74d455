//! The functions of a connector in short. What may be done with one is in tab 4,
//! where Enter goes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::picked::{First, Parts, parts};
use super::{area, text};
use crate::domain::{FunctionState, Status};
use crate::protocol::ConnectorView;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::mirror::{Known, Listed, Packed};
use crate::tui::model::{Model, Purpose};
use crate::tui::pointer::Click;
use crate::tui::screen::connectors::view::{fault_lines, functions as so_many, lacks_secret};
use crate::tui::screen::connectors::{chosen, in_detail};
use crate::tui::screen::functions::{self as tab_4, Claim};
use crate::tui::tab::Tab;
use crate::tui::theme::{Role, Theme};
use crate::tui::update::load_functions;
use crate::tui::widget::cursor::Hit;
use crate::tui::widget::{rows, server};

/// All functions of the chosen connector, as far as they are known.
fn all(model: &Model) -> Option<&Packed> {
    chosen(model).map(|connector| model.mirror.functions_of(&connector.id))
}

/// Those that have all these words.
fn shown<'a>(model: &'a Model, words: &[String]) -> Vec<Listed<'a>> {
    let has = |function: Listed<'_>, word: &String| {
        function.raw_name().to_lowercase().contains(word)
            || function.permission().word().contains(word.as_str())
            || Claim::of(function.hints()).word().contains(word.as_str())
            || state_word(function).contains(word.as_str())
    };
    let all = all(model).into_iter().flat_map(Packed::iter);
    all.filter(|function| words.iter().all(|word| has(*function, word)))
        .collect()
}

fn state_word(function: Listed<'_>) -> &'static str {
    match function.state() {
        FunctionState::Accepted => "",
        FunctionState::New | FunctionState::Changed => function.state().word(),
    }
}

/// How many there are of each permission; or why there is none.
fn head(model: &Model, connector: &ConnectorView, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let counts = connector.functions;
    let mut lines = Vec::new();
    if counts.total > 0 {
        let mut spans = vec![Span::raw(format!("{}:", so_many(counts.total)))];
        for (permission, count) in [
            (crate::domain::Permission::Always, counts.always),
            (crate::domain::Permission::Ask, counts.ask),
            (crate::domain::Permission::Block, counts.block),
        ] {
            let (sign, role) = theme.permission(permission);
            spans.push(Span::styled(format!("  {sign} {count}"), theme.style(role)));
            spans.push(Span::raw(format!(" {}", permission.word())));
        }
        lines.push(Line::from(spans));
    }
    if counts.changed > 0 {
        let text = format!(
            "! {} changed or new; agents do not get them until you set their permission",
            counts.changed
        );
        lines.extend(rows::wrapped(theme, Role::Warn, &text, width, "  "));
    }
    lines
}

/// What stands there instead of functions.
fn nothing(model: &Model, connector: &ConnectorView, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let quiet = |text: &str| vec![Line::styled(model.words(text), theme.style(Role::Quiet))];
    let mut lines = match model.mirror.functions.get(&connector.id) {
        None if !in_detail(model) => return quiet("{open} lists them"),
        None | Some(Known::Loading) => {
            let of = Purpose::Functions(connector.id.clone());
            return quiet(&model.waiting("reading the functions", |it| *it == of));
        }
        Some(Known::Here(functions)) if !functions.is_empty() => {
            return quiet("nothing matches; {leave-details} shows all again");
        }
        Some(Known::Here(_)) => {
            let mut lines = quiet("it has listed no functions");
            if let Some(fault) = &connector.fault {
                lines.extend(fault_lines(model, fault, width));
            }
            lines
        }
        Some(Known::Missing(fault)) => fault_lines(model, fault, width),
    };
    lines.extend(mending(model, connector, width));
    lines
}

/// The key that has a connector work, so that its server can be asked.
pub(super) fn mending(
    model: &Model,
    connector: &ConnectorView,
    width: usize,
) -> Vec<Line<'static>> {
    let text = match connector.status {
        Status::Locked => "{unlock} opens the vault, and it connects",
        _ if lacks_secret(connector) => "{edit} gives its secret again",
        Status::SignIn => "somebody has to sign in at the server; Sign-in says how",
        Status::Disabled => "{toggle} switches it on",
        Status::Failed => "{reconnect} tries again; {edit} changes how it is reached",
        Status::Connecting => return vec![],
        Status::Connected | Status::Changed => "{reconnect} asks the server again",
    };
    rows::wrapped(model.theme, Role::Key, &model.words(text), width, "")
}

fn divide(model: &Model, area: Rect) -> Parts {
    let width = usize::from(text::inside(area).width);
    let head = chosen(model).map_or(0, |connector| head(model, connector, width).len());
    parts(area, head, super::has_filter(model), 0)
}

/// Draws them.
pub(super) fn view(
    model: &Model,
    connector: &ConnectorView,
    frame: &mut Frame<'_>,
    area: Rect,
    focused: bool,
) {
    let theme = model.theme;
    let parts = divide(model, area);
    let width = usize::from(text::inside(area).width);
    let head = head(model, connector, width);
    rows::text(frame, text::inside(parts.head), theme, head, 0);
    super::view::filter(model, frame, parts.filter);
    let functions = shown(model, &model.tabs.connectors.details.functions.words());
    if functions.is_empty() {
        let lines = nothing(model, connector, width);
        rows::text(frame, text::inside(parts.rows), theme, lines, 0);
        return;
    }
    let cursor = model.tabs.connectors.details.functions.cursor;
    let width = usize::from(parts.rows.width);
    let row = |place: usize| functions.get(place).map(|it| row(theme, *it, width));
    super::view::list(
        frame,
        parts.rows,
        theme,
        cursor,
        functions.len(),
        focused,
        row,
    );
}

fn row(theme: Theme, function: Listed<'_>, width: usize) -> Line<'static> {
    let (sign, role) = theme.function(function.permission(), function.state());
    let (_, word_role) = theme.permission(function.permission());
    let (hint, hint_role) = match function.state() {
        FunctionState::Accepted => (Claim::of(function.hints()).word(), Role::Quiet),
        FunctionState::New | FunctionState::Changed => (function.state().word(), Role::Warn),
    };
    let names = width.saturating_sub(1 + 2 + 8 + 1 + 9).max(8);
    Line::from(vec![
        Span::styled(format!(" {sign} "), theme.style(role)),
        Span::styled(
            rows::cell(function.permission().word(), 8),
            theme.style(word_role),
        ),
        Span::raw(rows::cell(
            &server::name(theme, &function.name(), names),
            names,
        )),
        Span::styled(format!(" {hint}"), theme.style(hint_role)),
    ])
}

fn key_of(functions: &[Listed<'_>], row: usize) -> Option<String> {
    functions.get(row).map(|it| it.raw_name().to_owned())
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let height = usize::from(divide(model, area(model)).rows.height);
    let mut picked = std::mem::take(&mut model.tabs.connectors.details.functions);
    let functions = shown(model, &picked.words());
    let moved = picked.go(
        action,
        functions.len(),
        height,
        |row| key_of(&functions, row),
        First::Stays,
    );
    let here = functions
        .get(picked.cursor.row)
        .map(|function| function.name());
    model.tabs.connectors.details.functions = picked;
    if moved {
        return Some(vec![]);
    }
    if action != Action::OpenRow {
        return None;
    }
    let id = chosen(model)?.id.clone();
    let Some(name) = here else {
        return Some(vec![model.say("there is no function here")]);
    };
    model.open_tab(Tab::Functions);
    Some(tab_4::show_function(model, &id, &name))
}

/// Takes the mouse over the list.
pub(super) fn clicked(model: &mut Model, click: Click) -> Hit {
    let rows = divide(model, area(model)).rows;
    let mut picked = std::mem::take(&mut model.tabs.connectors.details.functions);
    let functions = shown(model, &picked.words());
    let hit = picked.click(
        click,
        rows,
        functions.len(),
        |row| key_of(&functions, row),
        First::Stays,
    );
    model.tabs.connectors.details.functions = picked;
    hit
}

/// Keeps the list within its bounds.
pub(super) fn settle(model: &mut Model) {
    let height = usize::from(divide(model, area(model)).rows.height);
    let mut picked = std::mem::take(&mut model.tabs.connectors.details.functions);
    let functions = shown(model, &picked.words());
    picked.settle(
        functions.len(),
        height,
        |row| key_of(&functions, row),
        First::Stays,
    );
    model.tabs.connectors.details.functions = picked;
}

/// What it still has to be told: the functions themselves, once somebody looks.
pub(super) fn wants(model: &mut Model) -> Vec<Effect> {
    let Some(id) = chosen(model).map(|connector| connector.id.clone()) else {
        return vec![];
    };
    if !in_detail(model) || model.mirror.functions.get(&id).is_some() {
        return vec![];
    }
    load_functions(model, &id).into_iter().collect()
}

/// Whether an action has something to act on.
pub(super) fn offers(model: &Model, action: Action) -> bool {
    match action {
        Action::OpenRow => {
            let words = model.tabs.connectors.details.functions.words();
            !shown(model, &words).is_empty()
        }
        Action::Filter => all(model).is_some_and(|it| !it.is_empty()),
        _ => true,
    }
}
