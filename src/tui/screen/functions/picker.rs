//! The choice of the connector whose functions are shown: all of them, or one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::scope::{show, show_all};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::pointer::{self, Click};
use crate::tui::screen::{custom, directory};
use crate::tui::theme::Role;
use crate::tui::widget::cursor::Hit;
use crate::tui::widget::rows;

/// The cells of a name.
const NAMES: usize = 34;

/// How many lines there are: all connectors together come first.
fn lines(model: &Model) -> usize {
    match model.mirror.connectors.len() {
        0 => 0,
        connectors => connectors.saturating_add(1),
    }
}

fn height(model: &Model) -> usize {
    usize::from(layout::inside(layout::areas(model).body).height)
}

/// Keeps it within its bounds.
pub(super) fn settle(model: &mut Model) {
    let (lines, height) = (lines(model), height(model));
    model.tabs.functions.picker.settle(lines, height);
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let (lines, height) = (lines(model), height(model));
    if model.tabs.functions.picker.go(action, lines, height) {
        return vec![];
    }
    match action {
        Action::AllConnectors if lines > 0 => show_all(model),
        Action::PickConnector if lines > 0 => {
            let place = model.tabs.functions.picker.row.checked_sub(1);
            let Some(place) = place else {
                return show_all(model);
            };
            let picked = model.mirror.connectors.get(place);
            match picked.map(|connector| connector.id.clone()) {
                Some(id) => show(model, &id),
                None => vec![],
            }
        }
        Action::NewConnector => {
            custom::begin_new(model);
            vec![]
        }
        Action::FromDirectory => directory::visit(model),
        _ => vec![],
    }
}

/// Takes the mouse.
pub(super) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let area = layout::inside(layout::areas(model).body);
    let lines = lines(model);
    let had = pointer::focus(model, click, Focus::Picker);
    match model.tabs.functions.picker.click(click, area, lines) {
        Hit::Chosen if had => act(model, Action::PickConnector),
        _ => vec![],
    }
}

/// Draws it.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let theme = model.theme;
    let title = vec![Span::styled(
        " Functions of which connector? ",
        theme.style(Role::Strong),
    )];
    let inside = rows::pane(frame, body, theme, title, model.focus == Focus::Picker);
    if model.mirror.connectors.is_empty() {
        let lines = vec![
            Line::raw(""),
            Line::from(vec![
                Span::raw("  There is no connector yet. "),
                Span::styled(model.key(Action::NewConnector), theme.style(Role::Key)),
                Span::raw(" connects one."),
            ]),
        ];
        rows::text(frame, inside, theme, lines, 0);
        return;
    }
    let cursor = model.tabs.functions.picker;
    let shown: Vec<Line<'static>> = (cursor.top..lines(model))
        .take(usize::from(inside.height))
        .map(|place| {
            let line = line(model, place);
            if place == cursor.row {
                line.patch_style(theme.style(Role::Chosen))
            } else {
                line
            }
        })
        .collect();
    rows::text(frame, inside, theme, shown, 0);
    rows::more(frame, inside, theme, cursor.top, lines(model));
}

fn line(model: &Model, place: usize) -> Line<'static> {
    let theme = model.theme;
    let connectors = &model.mirror.connectors;
    let Some(connector) = place.checked_sub(1).and_then(|place| connectors.get(place)) else {
        let total = connectors.iter().map(|it| it.functions.total).sum();
        return Line::from(vec![
            Span::styled(theme.pick(" ≡ ", " = "), theme.style(Role::Key)),
            Span::raw(rows::cell("all connectors", NAMES)),
            Span::raw(count(total)),
        ]);
    };
    let (sign, role) = theme.status(connector.status);
    Line::from(vec![
        Span::styled(format!(" {sign} "), theme.style(role)),
        Span::raw(rows::cell(connector.name.as_str(), NAMES)),
        Span::raw(count(connector.functions.total)),
    ])
}

fn count(total: usize) -> String {
    match total {
        0 => "none listed".to_owned(),
        1 => "   1 function".to_owned(),
        many => format!("{many:>4} functions"),
    }
}
