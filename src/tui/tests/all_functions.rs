//! The functions of all connectors: asked for as needed, filtered, marked.

use super::board::{all_kinds, connector, function, functions, snapshot};
use super::functions::showing;
use super::runner::{Runner, pictures};
use crate::domain::{Fault, FaultKind, Function, Permission};
use crate::protocol::{ConnectorView, EventKind, ListFunctions};
use crate::tui::effect::{Answer, Ask, Msg, Ticket};
use crate::tui::focus::Focus;

/// All connectors, on the screen; the questions for their functions.
fn all(width: u16, height: u16, connectors: Vec<ConnectorView>) -> (Runner, Vec<(Ticket, String)>) {
    let mut runner = Runner::on(width, height, snapshot(connectors));
    runner.keys("4<esc>g<enter>");
    let asked = lists(&mut runner);
    (runner, asked)
}

/// Whose functions were asked for.
fn lists(runner: &mut Runner) -> Vec<(Ticket, String)> {
    let asks = runner.asks().into_iter();
    asks.filter_map(|(ticket, ask)| match ask {
        Ask::Functions(ListFunctions { name }) => Some((ticket, name)),
        _ => None,
    })
    .collect()
}

fn answer(runner: &mut Runner, asked: &[(Ticket, String)], name: &str, list: Vec<Function>) {
    let (ticket, _) = asked.iter().find(|(_, other)| other == name).expect(name);
    runner.answer(*ticket, Ok(Answer::Functions(list.into())));
}

/// Every state that a connector can be in.
fn mixed(width: u16, height: u16) -> Runner {
    let (mut runner, asked) = all(width, height, all_kinds());
    answer(&mut runner, &asked, "github", functions());
    answer(
        &mut runner,
        &asked,
        "wiki",
        vec![function("read_page"), function("write_page")],
    );
    answer(&mut runner, &asked, "linear", vec![]);
    answer(&mut runner, &asked, "old", vec![]);
    let (ticket, _) = asked.iter().find(|(_, name)| name == "crm").unwrap();
    let fault = Fault::new(FaultKind::Config, "the database is locked").hint("try again");
    runner.answer(*ticket, Err(fault));
    runner.effects.clear();
    runner
}

#[test]
fn what_all_connectors_look_like() {
    pictures!("all_functions", |w, h| {
        let mut runner = mixed(w, h);
        runner.keys("jj");
        runner.rest();
        runner
    });
    pictures!("all_functions_loading", |w, h| all(w, h, all_kinds()).0);
    pictures!("all_functions_filtered", |w, h| {
        let mut runner = mixed(w, h);
        runner.keys("p p nvn/s<enter>");
        runner
    });
    pictures!("all_functions_of_a_connector_that_failed", |w, h| {
        let mut runner = mixed(w, h);
        runner.keys("g<enter>");
        runner
    });
    pictures!("all_functions_none_match", |w, h| {
        let mut runner = mixed(w, h);
        runner.keys("/zzz");
        runner
    });
}

#[test]
fn every_row_says_whose_it_is_and_the_order_stays() {
    let runner = mixed(120, 40);
    let screen = runner.screen();
    let places: Vec<usize> = [
        "crm ",
        "github      get",
        "github      search",
        "linear ",
        "old ",
    ]
    .into_iter()
    .map(|text| {
        screen
            .find(text)
            .unwrap_or_else(|| panic!("{text}\n{screen}"))
    })
    .collect();
    assert!(places.is_sorted(), "{screen}");
    runner.shows("wiki        read_page");
    runner.shows("not to be had: the database is");
    runner.shows("sign-in needed");
    runner.shows("disabled, has listed nothing");
    runner.shows("reading its functions");
}

#[test]
fn lists_are_asked_for_a_few_at_a_time() {
    let many = (0..30).map(|n| connector(&format!("c{n}"))).collect();
    let (mut runner, asked) = all(80, 24, many);
    // The first one was asked for when the tab was opened.
    assert_eq!(asked.len(), 8);
    let (ticket, _) = asked[0];
    runner.answer(ticket, Ok(Answer::Functions(vec![function("one")].into())));
    assert_eq!(
        lists(&mut runner).len(),
        1,
        "one came, one more is asked for"
    );
}

#[test]
fn a_connector_that_comes_later_is_asked_for_too() {
    let (mut runner, asked) = all(80, 24, vec![connector("a")]);
    answer(&mut runner, &asked, "a", vec![function("one")]);
    runner.effects.clear();
    runner.event(EventKind::Connector(Box::new(connector("b"))));
    assert_eq!(lists(&mut runner).len(), 1);
    runner.msg(Msg::Lost(Fault::new(FaultKind::Network, "gone")));
    runner.event(EventKind::Connector(Box::new(connector("c"))));
    assert!(lists(&mut runner).is_empty(), "nobody is there to be asked");
}

#[test]
fn one_key_goes_between_all_and_the_connector_of_the_row() {
    let mut runner = mixed(120, 40);
    runner.keys("jjj");
    runner.keys("0");
    runner.shows("github · 5 functions");
    runner.keys("<enter>");
    runner.shows("┬ \"delete_repo\" ");
    runner.keys("<esc>0");
    runner.shows("all connectors");
    runner.keys("<enter>");
    runner.shows("┬ \"delete_repo\" ");
    assert_eq!(runner.model.focus, Focus::FunctionDetail);
}

#[test]
fn a_line_of_a_connector_leads_to_what_mends_it() {
    let mut runner = mixed(80, 24);
    runner.keys("g");
    runner.shows("r reconnect");
    runner.hides("a always");
    runner.keys("a");
    runner.shows("there is no function here");
    runner.keys("e");
    runner.shows("Edit crm");
}

#[test]
fn filters_combine_and_escape_takes_them_away_one_after_another() {
    let mut runner = showing(120, 40, functions());
    let count = |runner: &Runner| {
        let screen: String = runner
            .screen()
            .lines()
            .map(|line| line.chars().take(58).collect::<String>())
            .collect();
        [
            "get_issue",
            "create_issue",
            "delete_repo",
            "search_code",
            "watch",
        ]
        .map(|name| screen.contains(&format!(" {name}")))
    };
    runner.keys("pp");
    runner.shows("github · 3 of 5 · on ask");
    runner.keys("n");
    runner.shows("github · 2 of 5 · on ask · changed or new");
    runner.keys("/watch<enter>");
    assert_eq!(count(&runner), [false, false, false, false, true]);
    runner.keys("v");
    runner.shows("1 marked");
    runner.keys("<esc>");
    runner.hides("marked");
    runner.keys("<esc>");
    assert_eq!(count(&runner), [false, false, false, true, true]);
    runner.keys("<esc>");
    runner.shows("github · 3 of 5 · on ask ");
    runner.keys("<esc>");
    runner.shows("github · 5 functions");
    runner.keys("ww");
    assert_eq!(count(&runner), [false, true, false, false, false]);
    runner.keys("<esc><esc>");
    runner.shows("Functions of which connector?");
}

#[test]
fn everything_shown_is_marked_and_the_marks_are_inverted() {
    let mut runner = mixed(120, 40);
    runner.keys("/issue<enter>V");
    runner.shows("2 marked");
    runner.keys("<esc>");
    runner.hides("marked");
    runner.keys("Vi");
    runner.hides("marked");
    runner.keys("i<esc>");
    runner.keys("<esc>V");
    runner.shows("7 marked");
    runner.keys("0");
    runner.hides("7 marked");
}

#[test]
fn marks_at_several_connectors_are_set_at_each_and_what_failed_is_named() {
    let mut runner = mixed(120, 40);
    runner.keys("/_page<enter>V");
    runner.keys("/<ctrl-u>get_issue<enter>v");
    runner.effects.clear();
    runner.keys("s");
    let asks = runner.asks();
    let permits: Vec<(Ticket, String)> = asks
        .into_iter()
        .filter_map(|(ticket, ask)| match ask {
            Ask::Permit(permit) => {
                assert_eq!(permit.permission, Permission::Ask);
                Some((ticket, permit.name))
            }
            _ => None,
        })
        .collect();
    let names: Vec<&str> = permits.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["github", "wiki"]);
    let permitted = crate::protocol::Permitted {
        functions: vec!["get_issue".into()],
        permission: Permission::Ask,
    };
    runner.answer(permits[0].0, Ok(Answer::Permitted(permitted)));
    runner.hides("is on ask now");
    let fault = Fault::new(FaultKind::Denied, "the server changed it while you read it");
    runner.answer(permits[1].0, Err(fault));
    runner.shows("1 function is on ask now; nothing was set at wiki: the server changed it");
    runner.shows("2 marked");
}
