use serde_json::json;

use super::activity::whole::call;
use super::activity::{every_kind, many, with};
use super::board::{all_kinds, connector, function, functions, snapshot};
use super::directory::with_servers;
use super::dock::{asked, has_run, long_arguments};
use super::functions::showing;
use super::run::answered;
use super::runner::Runner;
use crate::tui::effect::{Answer, Ask, Effect};
use crate::tui::focus::Focus;
use crate::tui::tab::{TABS, Tab};

#[test]
fn a_click_on_a_tab_opens_it_at_every_width() {
    for (width, height) in [(60, 20), (80, 24), (100, 30), (120, 40), (300, 100)] {
        let mut runner = Runner::on(width, height, snapshot(all_kinds()));
        for spec in &TABS[1..] {
            let name = if width == 60 { spec.tiny } else { spec.short };
            let (words, tab) = (&format!("{} {name}", spec.number), spec.tab);
            runner.click_on(words);
            assert_eq!(runner.model.tab, tab, "{width}");
            let (column, row) = runner.place_of(words);
            let last = column + u16::try_from(words.len()).unwrap() - 1;
            runner.keys("<esc>1");
            runner.click(last, row);
            assert_eq!(runner.model.tab, tab, "{width}");
        }
        let end = width - 1;
        runner.click(end, 0);
        assert_eq!(runner.model.tab, Tab::Activity, "{width}: no tab is there");
    }
}

#[test]
fn a_click_chooses_a_connector_and_a_second_one_opens_it() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.click_on("◐ linear");
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.click_on("◐ linear");
    assert_eq!(runner.model.focus, Focus::ConnectorDetail);
    runner.shows("linear.example");
    let mut wide = Runner::on(120, 40, snapshot(all_kinds()));
    wide.click_on("◐ linear");
    wide.click_on("Status");
    assert_eq!(wide.model.focus, Focus::ConnectorDetail);
    // The row is chosen, but the keys were elsewhere: they come back first.
    wide.click_on("◐ linear");
    assert_eq!(wide.model.focus, Focus::Connectors);
    wide.click_on("◐ linear");
    assert_eq!(wide.model.focus, Focus::ConnectorDetail);
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_nothing_else() {
    let many: Vec<_> = (0..60).map(|n| connector(&format!("c{n:02}"))).collect();
    let mut runner = Runner::on(120, 40, snapshot(many));
    runner.wheel_over("c05", 1);
    runner.hides(" c02 ");
    runner.shows(" c03 ");
    runner.wheel_over("Status", 2);
    runner.shows(" c03 ");
    assert_eq!(runner.model.focus, Focus::Connectors, "the keys stay");
    runner.wheel_over("c05", -4);
    runner.shows(" c00 ");
    let mut functions = showing(
        80,
        24,
        (0..60).map(|n| function(&format!("f{n:02}"))).collect(),
    );
    functions.wheel_over("f05", 2);
    functions.shows("f06");
    functions.hides("f05");
}

#[test]
fn functions_are_chosen_opened_and_picked_by_clicks() {
    let mut runner = showing(80, 24, functions());
    runner.click_on("delete_repo");
    runner.keys("b");
    let (_, ask) = runner.asked();
    assert!(format!("{ask:?}").contains("delete_repo"));
    runner.click_on("delete_repo");
    assert_eq!(runner.model.focus, Focus::FunctionDetail);
    runner.keys("<esc><esc>");
    assert_eq!(runner.model.focus, Focus::Picker);
    runner.click_on("github");
    assert_eq!(runner.model.focus, Focus::Functions);
    runner.keys("/re<enter>");
    runner.click_on("/ re");
    assert_eq!(runner.model.focus, Focus::Filter);
    let mut run = showing(120, 40, functions());
    run.keys("jt");
    run.click_on("get_issue");
    assert_eq!(run.model.focus, Focus::Functions);
    run.click_on("Alt-Enter checks");
    assert_eq!(run.model.focus, Focus::Arguments);
}

#[test]
fn a_click_puts_the_keys_into_a_field_and_a_second_one_presses_what_is_there() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys("3");
    runner.click_on("Connection server");
    runner.keys("https://w.example/mcp");
    runner.shows("[ https://w.example/mcp");
    runner.click_on("[ ] I trust");
    runner.hides("[x] I trust");
    runner.click_on("[ ] I trust");
    runner.shows("[x] I trust");
    // Words beside it press nothing.
    runner.click_on("nobody has reviewed");
    runner.shows("[x] I trust");
    runner.click_on("Kind");
    runner.click_on("Kind");
    runner.shows("(local program)");
    runner.click_on("[ Connect ]");
    runner.wanted();
    runner.click_on("Description");
    runner.keys("mine");
    runner.shows("[ mine");
    runner.wheel_over("Description", -1);
    runner.keys("prog");
    runner.shows("[ prog");
}

#[test]
fn a_click_never_answers_a_question_and_counts_as_typing_elsewhere() {
    let mut runner = asked(80, 24);
    runner.wait(5000);
    // Whatever takes a click is wider than three cells.
    for column in (0..80).step_by(3) {
        for row in 10..24 {
            let before = runner.model.dock.is_open();
            assert!(before, "{column} {row}");
            runner.click(column, row);
            runner.wait(10);
            assert!(!has_run(&mut runner), "{column} {row}");
        }
    }
    let mut runner = asked(80, 24);
    runner.wait(5000);
    runner.click_on("Run it this once?");
    runner.keys("y");
    assert!(!has_run(&mut runner), "it counts anew from the click");
    runner.wait(500);
    runner.keys("y");
    assert!(!has_run(&mut runner));
    runner.wait(1200);
    runner.keys("y");
    assert!(has_run(&mut runner));
}

#[test]
fn a_click_gives_the_keys_to_a_question_and_takes_them_away() {
    let mut runner = asked(80, 24);
    runner.click(5, 3);
    assert_eq!(runner.model.focus, Focus::Arguments);
    runner.shows("! goes to this question");
    runner.click_on("goes to this question");
    assert_eq!(runner.model.focus, Focus::DockCall);
    runner.click_on("1 Connectors");
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.keys("y");
    assert!(!has_run(&mut runner));
}

#[test]
fn the_wheel_reads_a_question_line_by_line_and_skips_nothing() {
    let mut runner = showing(80, 24, functions());
    runner.keys("jt<alt-j><ctrl-k>");
    runner.paste(&long_arguments());
    runner.keys("<alt-enter>");
    assert_eq!(runner.model.focus, Focus::DockCall, "{}", runner.screen());
    runner.wait(2000);
    // All at once, with no frame in between: what was not drawn was not seen.
    runner.wheel_over("Run it this once?", 40);
    runner.keys("     ");
    runner.wait(2000);
    runner.keys("y");
    assert!(!has_run(&mut runner));
    for _ in 0..50 {
        runner.wheel_over("Run it this once?", 1);
        runner.wait(300);
    }
    runner.keys("y");
    assert!(has_run(&mut runner), "{}", runner.screen());
}

#[test]
fn a_key_that_the_footer_lists_is_done_by_a_click_on_it() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("wiki")]));
    runner.click_on("reconnect");
    runner.worked();
    runner.click_on("? help");
    assert_eq!(runner.model.focus, Focus::Help);
    runner.click_on("Esc back");
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.keys("x");
    runner.click_on("y remove  ");
    runner.click_on("y remove  ");
    let asks = |it: &Effect| matches!(it, Effect::Ask(_, Ask::Remove(_)));
    assert!(!runner.wanted().iter().any(asks));
}

#[test]
fn the_palette_and_the_help_take_the_mouse() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys(":");
    runner.click_on("reconnect");
    runner.click_on("reconnect");
    runner.worked();
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.keys(":");
    runner.wheel_over("Go or do", 1);
    runner.wheel_over("open", 2);
    assert_eq!(runner.model.focus, Focus::Palette);
    runner.click(0, 22);
    assert_eq!(
        runner.model.focus,
        Focus::Connectors,
        "a click beside it leaves"
    );
    runner.keys("?");
    let before = runner.screen();
    runner.wheel_over("Keys here", 1);
    assert_ne!(runner.screen(), before);
    runner.wheel_over("Keys here", -1);
    assert_eq!(runner.screen(), before);
}

#[test]
fn servers_of_the_directory_are_chosen_opened_searched_and_filtered_by_clicks() {
    let mut runner = with_servers(120, 40);
    runner.click_on("   Ledger  ");
    assert_eq!(runner.model.focus, Focus::Directory);
    runner.shows("\"Ledger\" ");
    runner.click_on("any sign-in");
    runner.hides("any sign-in");
    runner.keys("<esc>");
    runner.click_on("any transport");
    runner.hides("any transport");
    runner.keys("<esc>");
    runner.click_on(" title, publisher");
    assert_eq!(runner.model.focus, Focus::DirectorySearch);
    runner.keys("<esc>");
    runner.click_on("   Ledger  ");
    runner.click_on("   Ledger  ");
    assert_eq!(runner.model.tab, Tab::Custom, "{}", runner.screen());
    // Where the preview is not beside it, a second click opens that.
    let mut narrow = with_servers(80, 24);
    narrow.click_on("   Ledger  ");
    narrow.click_on("   Ledger  ");
    assert_eq!(narrow.model.focus, Focus::DirectoryDetail);
}

#[test]
fn lines_of_the_journal_are_chosen_and_opened_by_clicks_and_scrolled_by_the_wheel() {
    let mut runner = with(80, 24, every_kind());
    runner.click_on("search_code");
    runner.effects.clear();
    runner.click_on("search_code");
    assert_eq!(runner.model.focus, Focus::ActivityDetail);
    runner.shows("line 4 of the journal");
    runner.keys("<esc>/get<enter>");
    runner.click_on("/ get");
    assert_eq!(runner.model.focus, Focus::ActivityFilter);
    let mut runner = with(80, 24, many(1, 100));
    runner.wheel_over("f90", -2);
    runner.shows("f78");
    runner.hides("f100");
    runner.wheel_over("f80", 9);
    runner.shows("f100");
    runner.hides("new below");
}

#[test]
fn a_viewer_takes_the_mouse_wherever_it_stands() {
    let rows: Vec<_> = (0..60)
        .map(|n| json!({ "n": n, "t": format!("row {n}") }))
        .collect();
    let result = json!({ "content": [{ "type": "text", "text": "some words" }],
        "structuredContent": { "rows": rows } });
    let call = call(80, 24, json!({ "repo": "acme/api" }), result.clone());
    for (mut runner, row) in [(answered(80, 24, result), "content"), (call, "result")] {
        let focus = runner.model.focus;
        runner.click_on(" JSON ");
        runner.click_on(" table ");
        runner.shows("[table]");
        runner.click_on("row 3");
        runner.shows("row 4 of 60");
        runner.wheel_over("row 3", 3);
        runner.hides("row 3 ");
        runner.click_on("row 12");
        runner.click_on("row 12");
        runner.shows("row 13");
        runner.keys("<esc>");
        runner.click_on(" tree ");
        let folded = format!("▸ {row}: ");
        runner.click_on(&folded);
        runner.shows(&folded);
        runner.click_on(&folded);
        runner.shows(&format!("▾ {row}: "));
        runner.keys("/row<enter>");
        runner.keys("/ro");
        let typing = runner.model.focus;
        runner.wheel_over("structuredContent", 1);
        assert_eq!(runner.model.focus, typing, "what is typed is not lost");
        runner.keys("<esc>");
        assert_eq!(runner.model.focus, focus);
    }
}

#[test]
fn a_click_on_a_notice_takes_it_away() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("wiki")]));
    runner.keys("u");
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Ok(Answer::Done));
    runner.keys("<ctrl-c>");
    runner.shows("nothing is under way here");
    runner.click_on("nothing is under way here");
    runner.hides("nothing is under way here");
}

#[test]
fn where_nothing_is_drawn_the_mouse_does_nothing() {
    let mut runner = Runner::on(40, 10, snapshot(vec![connector("wiki")]));
    for row in 0..12 {
        for column in 0..44 {
            runner.click(column, row);
        }
    }
    assert!(runner.wanted().is_empty());
    assert_eq!(runner.model.focus, Focus::Connectors);
}
