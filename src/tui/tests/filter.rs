use super::board::{all_kinds, snapshot};
use super::functions::showing;
use super::runner::{Runner, pictures};
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;

#[test]
fn what_a_filtered_list_looks_like() {
    pictures!("connectors_filtered", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(all_kinds()));
        runner.keys("/li");
        runner
    });
}

#[test]
fn letters_behind_a_slash_are_text_and_never_commands() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("/crx");
    assert_eq!(runner.model.focus, Focus::ConnectorFilter);
    assert!(runner.wanted().is_empty());
    runner.shows("nothing matches; Esc shows all again");
    runner.keys("<backspace>m");
    runner.shows("crm");
    runner.hides("linear");
    runner.keys("<enter>x");
    runner.shows("Remove crm");
    runner.keys("<esc><esc>");
    runner.shows("linear");
}

#[test]
fn the_filter_reads_names_addresses_and_descriptions() {
    for (words, found) in [
        ("pull github", "github"),
        ("linear.example", "linear"),
        ("WIK", "wiki"),
    ] {
        let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
        runner.keys(&format!("/{words}"));
        runner.shows(found);
        runner.hides("slow");
        runner.keys("<esc>");
        runner.shows("slow");
        assert_eq!(runner.model.focus, Focus::Connectors);
    }
}

#[test]
fn a_slash_where_nothing_is_filtered_says_so() {
    let mut runner = showing(80, 24, vec![]);
    runner.keys("1<enter>/");
    runner.shows("nothing to filter here");
    assert!(
        !runner
            .wanted()
            .iter()
            .any(|effect| matches!(effect, Effect::Ask(..)))
    );
}
