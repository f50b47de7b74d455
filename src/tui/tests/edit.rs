use super::board::{all_kinds, snapshot};
use super::runner::Runner;
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;

#[test]
fn escape_twice_goes_back_to_where_the_edit_was_asked_for() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("j<enter>e");
    runner.shows("Edit github");
    runner.shows("Alt-Enter save");
    runner.keys("2<esc><esc>");
    assert_eq!(runner.model.tab, Tab::Connectors);
    assert_eq!(runner.model.focus, Focus::ConnectorDetail);
    runner.shows("the edit of github was left; nothing was saved");
    runner.keys("3");
    runner.shows("Custom MCP Connector");
    runner.hides("[ github");
}

#[test]
fn a_half_filled_new_form_outlives_an_edit() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("cnotes<esc>1je");
    runner.shows("Edit github");
    runner.keys("<esc><esc>3");
    runner.shows("[ notes");
    runner.keys("<esc>1ec");
    runner.keys("<esc>1c");
    runner.shows("[ notes");
}

#[test]
fn x_never_throws_an_edit_away() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("je2<esc>");
    runner.hides("empty the form");
    runner.keys("x");
    runner.shows("[ github2");
    runner.shows("this is an edit");
}
