use super::board::{all_kinds, connector, functions, snapshot};
use super::dock::{asked, has_run};
use super::functions::showing;
use super::runner::{Runner, pictures};
use crate::tui::action::{ACTIONS, Action, Context};
use crate::tui::effect::{Ask, Effect};
use crate::tui::focus::Focus;
use crate::tui::overlay::look::actions;
use crate::tui::tab::Tab;

#[test]
fn what_the_palette_looks_like() {
    pictures!("palette", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(all_kinds()));
        runner.keys(":");
        runner
    });
    pictures!("palette_found", |w, h| {
        let mut runner = showing(w, h, functions());
        runner.keys(":re<down>");
        runner
    });
    let mut small = showing(60, 20, functions());
    small.keys(":always");
    insta::assert_snapshot!("palette_found_60x20", small.screen());
    let mut nothing = showing(80, 24, functions());
    nothing.keys(":qqqq");
    nothing.shows("nothing matches");
}

#[test]
fn what_the_help_looks_like() {
    pictures!("help", |w, h| {
        let mut runner = showing(w, h, functions());
        runner.keys("?");
        runner
    });
    pictures!("help_searched", |w, h| {
        let mut runner = showing(w, h, functions());
        runner.keys("?/block");
        runner
    });
    let mut small = Runner::on(60, 20, snapshot(all_kinds()));
    small.keys("?G");
    insta::assert_snapshot!("help_60x20", small.screen());
    let mut field = Runner::on(80, 24, snapshot(all_kinds()));
    field.keys("3<tab><f1>G");
    insta::assert_snapshot!("help_in_a_field_80x24", field.screen());
}

#[test]
fn a_few_letters_find_an_action_and_enter_does_it_where_the_keys_were() {
    let mut runner = showing(80, 24, functions());
    runner.keys("j:blo<enter>");
    assert_eq!(runner.model.focus, Focus::Functions);
    let (_, ask) = runner.asked();
    assert!(matches!(ask, Ask::Permit(permit) if format!("{permit:?}").contains("create_issue")));
}

#[test]
fn it_says_which_key_would_have_done_it_and_why_one_does_not_work() {
    let mut runner = Runner::on(120, 40, snapshot(vec![connector("wiki")]));
    runner.keys(":recon");
    runner.shows("reconnect");
    runner.shows(" r ");
    runner.keys("<ctrl-u>run-call<ctrl-u>try");
    runner.shows("only on a function, in the list or in its details");
    runner.keys("<enter>");
    runner.shows("try it: only on a function");
    assert_eq!(runner.model.focus, Focus::Palette, "it stays open");
    runner.keys("<ctrl-u>unlock");
    runner.shows("the vault is not locked");
    runner.keys("<esc>");
    assert_eq!(runner.model.focus, Focus::Connectors);
    assert!(runner.wanted().is_empty());
}

#[test]
fn it_goes_to_connectors_and_tabs() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("3<tab>half<alt-x>go to crm<enter>");
    assert_eq!(
        (runner.model.tab, runner.model.focus),
        (Tab::Connectors, Focus::Connectors)
    );
    runner.keys("x");
    runner.shows("Remove crm");
    runner.keys("<esc>:activ<enter>");
    assert_eq!(runner.model.tab, Tab::Activity);
    runner.keys("3");
    runner.shows("half");
}

#[test]
fn a_colon_is_a_letter_in_a_field_and_another_key_opens_it_there() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("3<tab><tab>https://x:1<alt-x>");
    assert_eq!(runner.model.focus, Focus::Palette);
    runner.keys("<alt-x>");
    assert_eq!(runner.model.focus, Focus::Form);
    runner.shows("[ https://x:1");
    // On a choice of the form no letter does anything but help and the palette.
    runner.keys("<down><down><down>q:");
    assert_eq!(runner.model.focus, Focus::Palette);
    runner.keys("<ctrl-c>");
    assert_eq!(runner.model.focus, Focus::Form);
}

#[test]
fn whoever_goes_back_finds_everything_as_it_was() {
    let mut runner = showing(80, 24, functions());
    runner.keys("jj");
    let before = runner.screen();
    for keys in [
        ":abc<esc>",
        "?<esc>",
        "?/x<esc><esc>",
        ":?<f1><esc>",
        "?:<esc>",
    ] {
        runner.keys(keys);
        if runner.model.overlay.is_some() {
            runner.keys("<esc>");
        }
        assert_eq!(runner.model.focus, Focus::Functions, "{keys}");
        assert_eq!(runner.screen(), before, "{keys}");
    }
    assert!(runner.wanted().is_empty());
}

/// What only a prompt has keys for answers it.
fn answers(action: Action) -> bool {
    let spec = action.spec().unwrap();
    let in_tabs = |context: &Context| {
        let mut tabs = Focus::ALL.iter().filter(|focus| focus.tab().is_some());
        tabs.any(|focus| focus.contexts().contains(context))
    };
    !spec.contexts.iter().any(in_tabs)
}

#[test]
fn nothing_that_answers_a_question_is_in_the_palette_from_anywhere() {
    for asked in [
        Action::AllowCall,
        Action::DenyCall,
        Action::ConfirmRemove,
        Action::DockBack,
    ] {
        assert!(answers(asked));
    }
    for focus in Focus::ALL {
        let mut runner = asked(80, 24);
        runner.model.focus = *focus;
        if focus.in_overlay() {
            continue;
        }
        if focus.tab().is_some() && focus.tab() != Some(runner.model.tab) {
            runner.model.tab = focus.tab().unwrap();
        }
        runner.model.places.insert(runner.model.tab, *focus);
        runner.keys("<alt-x>");
        let found = actions(&runner.model);
        for (action, works) in &found {
            assert!(!answers(*action), "{action:?} from {focus:?}");
            let spec = action.spec().unwrap();
            let wide = [Context::Global, Context::Tabs];
            let wide = spec.contexts.iter().any(|it| wide.contains(it));
            assert!(
                !focus.in_dock() || wide || !works,
                "{action:?} from {focus:?}"
            );
        }
    }
}

#[test]
fn a_question_is_not_answered_through_the_palette_or_the_help() {
    for typed in [
        "run once",
        "allow-call",
        "do not run",
        "y",
        "remove",
        "to the prompt",
    ] {
        let mut runner = asked(80, 24);
        runner.wait(5000);
        runner.keys(":");
        assert_eq!(runner.model.focus, Focus::Palette, "{typed}");
        runner.wait(5000);
        runner.keys(&format!("{typed}<enter>"));
        runner.wait(5000);
        assert!(!has_run(&mut runner), "{typed}");
        assert!(runner.model.dock.is_open(), "{typed}");
    }
}

#[test]
fn after_an_overlay_a_question_counts_anew_and_can_then_be_answered() {
    for keys in ["?<esc>", ":<esc>", ":abc<esc>"] {
        let mut runner = asked(80, 24);
        runner.wait(5000);
        runner.keys(keys);
        assert_eq!(runner.model.focus, Focus::DockCall, "{keys}");
        runner.keys("y");
        assert!(!has_run(&mut runner), "{keys}");
        runner.wait(1300);
        runner.keys("y");
        assert!(has_run(&mut runner), "{keys}");
    }
}

#[test]
fn a_question_that_went_away_behind_an_overlay_gives_the_keys_to_the_tab() {
    let mut runner = asked(80, 24);
    runner.keys("?");
    runner.model.dock = crate::tui::dock::Dock::default();
    runner.keys("<esc>");
    assert_eq!(runner.model.focus, Focus::Arguments);
}

#[test]
fn the_help_has_every_key_that_counts_and_a_sentence_for_it() {
    let mut runner = showing(120, 40, functions());
    runner.keys("?");
    let mut seen = runner.screen();
    for _ in 0..9 {
        runner.keys("<pgdn>");
        seen.push_str(&runner.screen());
    }
    for spec in ACTIONS {
        let here = Focus::Functions.contexts();
        let counts = spec.contexts.iter().any(|context| here.contains(context));
        // What the palette alone has is found there.
        if counts && !spec.keys.is_empty() {
            assert!(seen.contains(spec.doc), "{}", spec.name);
        }
    }
    assert!(seen.contains("waits for a sign-in or a secret"));
}

#[test]
fn the_help_is_searched_by_keys_and_words_and_clears_before_it_leaves() {
    let mut runner = showing(80, 24, functions());
    runner.keys("?/block");
    runner.shows("Never lets it run");
    runner.hides("Opens the next tab");
    runner.keys("<enter>");
    assert_eq!(runner.model.focus, Focus::Help);
    runner.keys("<esc>");
    runner.shows("Opens what is chosen");
    runner.keys("/zzzz");
    runner.shows("nothing matches");
    runner.keys("<esc><esc>");
    assert_eq!(runner.model.focus, Focus::Functions);
}

#[test]
fn in_a_field_the_help_lists_the_keys_that_work_there_first() {
    let mut runner = Runner::on(120, 40, snapshot(all_kinds()));
    runner.keys("3<tab><f1>");
    runner.shows("Alt-x");
    let screen = runner.screen();
    let (works, left) = screen.split_once("Once the field is left").unwrap();
    assert!(
        works.contains("Alt-1") && !works.contains(" q "),
        "{screen}"
    );
    assert!(left.contains("Leaves; the board keeps running"), "{screen}");
}

#[test]
fn a_paste_into_the_palette_is_looked_for_and_does_nothing() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys(":");
    runner.paste("remove\n");
    runner.shows("Forgets the connector");
    assert_eq!(runner.model.focus, Focus::Palette);
    assert!(
        !runner
            .wanted()
            .iter()
            .any(|effect| matches!(effect, Effect::Ask(..) | Effect::Work(..)))
    );
}

#[test]
fn what_is_chosen_stays_chosen_when_the_board_changes_behind_it() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    let before = runner.model.mirror.connectors[1].clone();
    runner.keys(":go to<down>");
    runner.event(crate::protocol::EventKind::Connector(Box::new(connector(
        "aaa",
    ))));
    runner.keys("<enter>");
    let chosen = crate::tui::screen::connectors::chosen(&runner.model).unwrap();
    assert_eq!(chosen.id, before.id);
}

#[test]
fn the_palette_goes_to_what_a_server_offers_from_anywhere() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    runner.keys("5:resour<enter>");
    assert_eq!(runner.model.tab, Tab::Connectors);
    assert_eq!(runner.model.focus, Focus::ConnectorOffers);
}

#[test]
fn the_palette_gives_the_mouse_to_the_terminal_and_takes_it_again() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    runner.model.mouse = true;
    for taken in [false, true] {
        runner.wanted();
        runner.keys(":mouse<enter>");
        let wanted = runner.wanted();
        let mouse = |effect: &Effect| matches!(effect, Effect::Mouse(it) if *it == taken);
        assert!(wanted.iter().any(mouse), "{wanted:?}");
    }
}
