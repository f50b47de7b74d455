//! Tab 3: the form.
use super::super::*;
use crate::domain::Fault;
use crate::protocol::ConnectorView;
use effect::*;
use model::Model;
#[derive(Debug, Default)]
pub(in crate::tui) struct State {}
impl State {
    pub(in crate::tui) fn is_typing(&self) -> bool {
        false
    }
}
pub(in crate::tui) fn step(_: &mut Model, _: Ticket, _: WorkStep) {}
pub(in crate::tui) fn settle(_: &mut Model) {}
pub(in crate::tui) fn pasted(_: &mut Model, _: &str) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn key(_: &mut Model, _: input::Key) -> Option<Vec<Effect>> {
    None
}
pub(in crate::tui) fn act(_: &mut Model, _: action::Action) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn cancel(_: &mut Model) -> Option<Vec<Effect>> {
    None
}
pub(in crate::tui) fn detect_now(_: &mut Model, _: u64) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn renamed(_: &mut Model, _: Result<Answer, Fault>) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn detected(_: &mut Model, _: Ticket, _: Result<WorkEnd, Fault>) {}
pub(in crate::tui) fn connected(
    _: &mut Model,
    _: Ticket,
    _: Result<WorkEnd, Fault>,
) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn connect(_: &mut Model) -> Vec<Effect> {
    vec![]
}
pub(in crate::tui) fn begin_new(m: &mut Model) {
    m.open_tab(tab::Tab::Custom);
}
pub(in crate::tui) fn begin_edit(_: &mut Model, _: &ConnectorView) {}
pub(in crate::tui) fn view(_: &Model, _: &mut ratatui::Frame<'_>, _: ratatui::layout::Rect) {}
