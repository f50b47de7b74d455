//! Tab 4.
use super::super::*;
use crate::domain::{ConnectorId, Fault};
use effect::*;
use model::Model;
#[derive(Debug, Default)]
pub(in crate::tui) struct State {}
pub(in crate::tui) fn step(_: &mut Model, _: Ticket, _: WorkStep) {}
pub(in crate::tui) fn settle(_: &mut Model) {}
pub(in crate::tui) fn pasted(_: &mut Model, _: &str) {}
pub(in crate::tui) fn key(_: &mut Model, _: input::Key) -> Option<Vec<Effect>> {
    None
}
pub(in crate::tui) fn act(_: &mut Model, _: action::Action) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn cancel(_: &mut Model) -> Option<Vec<Effect>> {
    None
}
pub(in crate::tui) fn opened(_: &mut Model) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn show(_: &mut Model, _: &ConnectorId) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn loaded(_: &mut Model, _: &ConnectorId) {}
pub(in crate::tui) fn permitted(
    _: &mut Model,
    _: &ConnectorId,
    _: Result<Answer, Fault>,
) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn saved(_: &mut Model, _: Result<(), Fault>) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn called(_: &mut Model, _: Ticket, _: Result<WorkEnd, Fault>) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn approved(_: &mut Model, _: dock::Question) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn denied(_: &mut Model) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn view(_: &Model, _: &mut ratatui::Frame<'_>, _: ratatui::layout::Rect) {}
