//! How far connecting is, where it was begun here: only whoever begins it is told its
//! stages.

use ratatui::text::Span;

use super::sheet::Sheet;
use crate::domain::{ConnectorId, Status};
use crate::protocol::{AddStep, ConnectorView};
use crate::tui::effect::WorkStep;
use crate::tui::model::{Model, Purpose};
use crate::tui::theme::Role;
use crate::tui::widget::stages::Stages;

/// One connector that connects, or did.
#[derive(Debug)]
pub(super) struct Moving {
    /// Milliseconds of the face's clock.
    since: u64,
    stages: Stages,
}

/// Connecting begins.
pub(in crate::tui::screen::connectors) fn begin(model: &mut Model, id: &ConnectorId) {
    let moving = Moving {
        since: model.clock.now,
        stages: Stages::default(),
    };
    let details = &mut model.tabs.connectors.details;
    details.moving.insert(id.clone(), moving);
}

/// It said a stage.
pub(in crate::tui) fn stage(model: &mut Model, id: &ConnectorId, step: WorkStep) {
    let details = &mut model.tabs.connectors.details;
    if let (Some(moving), WorkStep::Stage(AddStep { name, state, .. })) =
        (details.moving.get_mut(id), step)
    {
        moving.stages.take(name, state);
    }
}

/// It ended. Where it came to nothing, the stage that failed stays in sight.
pub(in crate::tui) fn moved(model: &mut Model, id: &ConnectorId, well: bool) {
    let moving = &mut model.tabs.connectors.details.moving;
    match moving.get_mut(id) {
        Some(failed) if !well && !failed.stages.is_empty() => failed.stages.fail(),
        _ => {
            moving.remove(id);
        }
    }
}

/// Forgets how far others came that are gone, or are well by now.
pub(super) fn settle(model: &mut Model) {
    let under_way: Vec<ConnectorId> = model
        .tasks
        .under_way
        .values()
        .filter_map(|purpose| match purpose {
            Purpose::Connector(id, _) => Some(id.clone()),
            _ => None,
        })
        .collect();
    let mirror = &model.mirror;
    let details = &mut model.tabs.connectors.details;
    details.moving.retain(|id, _| {
        let failed = mirror.connector(id).is_some_and(|connector| {
            !matches!(connector.status, Status::Connected | Status::Changed)
        });
        failed || under_way.contains(id)
    });
}

/// The stages, how long it has been, and the key that ends it.
pub(super) fn lines(model: &Model, sheet: &mut Sheet, connector: &ConnectorView) {
    let details = &model.tabs.connectors.details;
    let Some(moving) = details.moving.get(&connector.id) else {
        return;
    };
    let theme = sheet.theme;
    if !moving.stages.is_empty() {
        for line in moving.stages.lines(theme, model.tasks.spin, sheet.room()) {
            sheet.spans("", line);
        }
    }
    let of_this =
        |purpose: &Purpose| matches!(purpose, Purpose::Connector(id, _) if *id == connector.id);
    if model.is_under_way(of_this) {
        let seconds = model.clock.now.saturating_sub(moving.since) / 1000;
        let spans = vec![
            Span::styled(
                format!("{} {seconds} s", theme.spinner(model.tasks.spin)),
                theme.style(Role::Quiet),
            ),
            Span::styled(
                format!("{}{}", theme.dot(), model.words("{cancel} cancels")),
                theme.style(Role::Key),
            ),
        ];
        sheet.spans("", spans);
    }
}
