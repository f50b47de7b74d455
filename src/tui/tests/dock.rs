use super::board::{connector, functions, snapshot};
use super::functions::showing;
use super::runner::{Runner, pictures};
use crate::domain::{Fault, VaultKind};
use crate::tui::effect::{Answer, Ask, Effect, Msg, Timer, Work};
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;

/// The question about `create_issue`, which is on *ask*, just opened.
pub(super) fn asked(width: u16, height: u16) -> Runner {
    let mut runner = showing(width, height, functions());
    runner.keys("jtacme/api<tab><alt-n><alt-enter>");
    assert_eq!(runner.model.focus, Focus::DockCall, "{}", runner.screen());
    assert!(
        runner
            .wanted()
            .iter()
            .all(|effect| !matches!(effect, Effect::Work(..)))
    );
    runner
}

pub(super) fn has_run(runner: &mut Runner) -> bool {
    runner
        .wanted()
        .iter()
        .any(|effect| matches!(effect, Effect::Work(_, Work::Call(_))))
}

#[test]
fn what_the_dock_looks_like() {
    pictures!("dock_call_not_armed", asked);
    pictures!("dock_call_armed", |w, h| {
        let mut runner = asked(w, h);
        runner.wait(1200);
        runner.timer(Timer::Arm(0));
        runner
    });
    pictures!("dock_vault", |w, h| {
        let mut board = snapshot(vec![]);
        board.vault.kind = None;
        let mut runner = Runner::on(w, h, board);
        runner.keys(
            "cwiki<tab>https://w.example/mcp<tab><tab><right><right><tab>x<tab><tab> <alt-enter>",
        );
        runner
    });
    pictures!("dock_unlock", |w, h| {
        let mut board = snapshot(vec![connector("a")]);
        board.vault.kind = Some(VaultKind::Passphrase);
        board.vault.locked = true;
        board.connectors[0].status = crate::domain::Status::Locked;
        let mut runner = Runner::on(w, h, board);
        runner.keys("rhunter");
        runner
    });
}

#[test]
fn y_runs_it_once_the_question_is_armed() {
    let mut runner = asked(80, 24);
    runner.wait(1200);
    runner.keys("y");
    let (_, work) = runner.worked();
    let Work::Call(call) = work else {
        panic!("no call");
    };
    assert_eq!(call.arguments["repo"], "acme/api");
    assert_eq!(
        call.approved_digest.as_deref(),
        Some("create_issue-digest-0123456789abcdef")
    );
}

#[test]
fn keys_typed_ahead_run_nothing_and_begin_the_wait_anew() {
    let mut runner = asked(80, 24);
    runner.keys("yyyy");
    assert!(!has_run(&mut runner));
    runner.wait(700);
    runner.keys("y");
    assert!(
        !has_run(&mut runner),
        "a second after the last key elsewhere"
    );
    runner.wait(100);
    runner.keys("y");
    assert!(
        !has_run(&mut runner),
        "no quarter of a second since that key"
    );
    runner.wait(300);
    runner.keys("y");
    assert!(has_run(&mut runner));
}

#[test]
fn enter_escape_space_and_pastes_never_allow() {
    for keys in [
        "<enter>",
        " ",
        "<alt-enter>",
        "a",
        "Y",
        "<ctrl-c>",
        "<tab>",
        "<esc>",
        "n",
    ] {
        let mut runner = asked(80, 24);
        runner.wait(5000);
        runner.keys(keys);
        runner.wait(5000);
        assert!(!has_run(&mut runner), "{keys} ran it");
    }
    let mut runner = asked(80, 24);
    runner.wait(5000);
    runner.paste("y\ny");
    runner.wait(5000);
    assert!(!has_run(&mut runner));
}

#[test]
fn a_question_that_never_reached_the_screen_is_not_armed() {
    let mut runner = asked(80, 24);
    // Time passes, but nothing says that the frame arrived.
    for _ in 0..100 {
        runner.keys("z");
    }
    runner.keys("y");
    assert!(!has_run(&mut runner));
}

#[test]
fn leaving_the_question_disarms_it_until_it_has_the_keys_again() {
    let mut runner = asked(80, 24);
    runner.wait(1200);
    runner.msg(Msg::Painted);
    runner.keys("?");
    assert_eq!(runner.model.focus, Focus::Help);
    runner.keys("j<esc>");
    runner.keys("y");
    assert!(!has_run(&mut runner));
}

/// Arguments of several screens.
pub(super) fn long_arguments() -> String {
    let body: Vec<String> = (0..20).map(|n| format!("\"k{n}\": \"v{n}\"")).collect();
    let must = "\"repo\": \"a/b\", \"title\": \"t\"";
    format!("{{{must}, {}}}", body.join(","))
}

#[test]
fn long_arguments_must_have_been_on_the_screen() {
    let mut runner = showing(80, 24, functions());
    runner.keys("jt<alt-j><ctrl-k>");
    runner.paste(&long_arguments());
    runner.keys("<alt-enter>");
    assert_eq!(runner.model.focus, Focus::DockCall, "{}", runner.screen());
    runner.wait(2000);
    runner.keys("y");
    assert!(!has_run(&mut runner));
    runner.shows("y works when you have seen all of it");
    for _ in 0..30 {
        runner.keys(" ");
        runner.wait(400);
    }
    runner.keys("y");
    assert!(has_run(&mut runner));
}

#[test]
fn esc_says_no_and_keeps_the_arguments() {
    let mut runner = asked(80, 24);
    runner.keys("<esc>");
    runner.shows("nothing was run; the arguments are kept");
    assert_eq!(runner.model.focus, Focus::Arguments);
    runner.shows("acme/api");
}

#[test]
fn a_wrong_passphrase_is_asked_for_again() {
    let mut board = snapshot(vec![connector("a")]);
    board.vault.kind = Some(VaultKind::Passphrase);
    board.vault.locked = true;
    board.connectors[0].status = crate::domain::Status::Locked;
    let mut runner = Runner::on(80, 24, board.clone());
    runner.keys("r");
    runner.keys("wrong q<enter>");
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::Unlock(unlock) if unlock.passphrase.is_some()));
    runner.answer(
        ticket,
        Err(Fault::config("the passphrase does not open the vault")),
    );
    runner.shows("the passphrase does not open the vault");
    runner.keys("right<enter>");
    let (ticket, _) = runner.asked();
    board.vault.locked = false;
    runner.answer(ticket, Ok(Answer::Vault(board.vault)));
    assert!(!runner.model.dock.is_open());
    assert_eq!(runner.model.tab, Tab::Connectors);
}

#[test]
fn two_new_passphrases_that_differ_are_typed_again() {
    let mut board = snapshot(vec![]);
    board.vault.kind = None;
    let mut runner = Runner::on(80, 24, board);
    runner.keys(
        "cwiki<tab>https://w.example/mcp<tab><tab><right><right><tab>x<tab><tab> <alt-enter>",
    );
    runner.keys("j<enter>one<enter>two<enter>");
    runner.shows("the two were not the same");
    assert!(
        runner
            .wanted()
            .iter()
            .all(|effect| !matches!(effect, Effect::Ask(..)))
    );
    assert!(!format!("{:?}", runner.model).contains("two\""));
}

/// A function that signs in, with its secret typed, and the question about it.
fn with_a_secret(width: u16, height: u16) -> Runner {
    let mut login = super::board::function("login");
    login.input_schema = serde_json::json!({ "type": "object", "required": ["user", "pin"],
        "properties": {
            "user": { "type": "string" },
            "pin": { "type": "string", "format": "password" },
            "more": { "type": "object" } } })
    .into();
    let mut runner = showing(width, height, vec![login]);
    runner.keys("t<alt-j><ctrl-k>");
    let more = r#"{"client_secret": "p4ssphrase", "note": "hi"}"#;
    runner.paste(&format!(
        r#"{{"user": "ann", "pin": "hunter2", "more": {more}}}"#
    ));
    runner.keys("<alt-j><alt-enter>");
    assert_eq!(runner.model.focus, Focus::DockCall, "{}", runner.screen());
    runner
}

#[test]
fn secrets_among_the_arguments_are_sent_and_not_shown() {
    pictures!("dock_call_secret", |w, h| {
        let mut runner = with_a_secret(w, h);
        runner.light();
        runner
    });
    let mut runner = with_a_secret(120, 40);
    runner.shows("•••••• (7 characters, not shown)");
    runner.shows("\"client_secret\": •••••• (10 characters, not shown)");
    runner.shows("\"note\": \"hi\"");
    let screen = runner.screen();
    let (_, dock) = screen.split_once('┏').unwrap();
    assert!(!dock.contains("hunter2") && !dock.contains("p4ssphrase"));
    let said = format!("{:?}", runner.model.dock);
    assert!(!said.contains("hunter2") && !said.contains("p4ssphrase"));
    runner.light();
    runner.keys("y");
    let (_, work) = runner.worked();
    let Work::Call(call) = work else {
        panic!("no call");
    };
    assert_eq!(call.arguments["pin"], "hunter2");
    assert_eq!(call.arguments["more"]["client_secret"], "p4ssphrase");
}

#[test]
fn a_paste_answers_nothing_and_the_question_counts_anew() {
    let mut runner = asked(80, 24);
    runner.light();
    runner.shows("y run it this once");
    runner.paste("y");
    runner.shows("y works in a moment");
    runner.pass(900);
    runner.keys("y");
    assert!(!has_run(&mut runner), "a second after the paste");
    runner.pass(200);
    runner.keys("y");
    assert!(has_run(&mut runner));
}

#[test]
fn help_disarms_the_question_and_the_way_back_arms_it() {
    let mut runner = asked(80, 24);
    runner.light();
    runner.keys("?<esc>");
    runner.pass(900);
    runner.keys("y");
    assert!(!has_run(&mut runner));
    runner.pass(200);
    runner.keys("y");
    assert!(has_run(&mut runner));
}

#[test]
fn what_lights_the_keys_up_is_a_timer_and_no_further_key() {
    let mut runner = asked(80, 24);
    runner.msg(Msg::Painted);
    let timers = |runner: &mut Runner| -> Vec<u128> {
        let wanted = runner.wanted().into_iter();
        wanted
            .filter_map(|effect| match effect {
                Effect::Timer(Timer::Arm(_), after) => Some(after.as_millis()),
                _ => None,
            })
            .collect()
    };
    assert_eq!(timers(&mut runner), [1000]);
    runner.msg(Msg::Painted);
    assert_eq!(timers(&mut runner), [0u128; 0], "one is enough");
    runner.pass(900);
    runner.keys("z");
    assert_eq!(timers(&mut runner), [250]);
}

#[test]
fn a_screen_that_was_too_small_must_have_shown_it_again() {
    let mut runner = asked(80, 24);
    runner.light();
    let size = |runner: &mut Runner, width, height| runner.msg(Msg::Resized { width, height });
    size(&mut runner, 40, 10);
    runner.keys("y");
    size(&mut runner, 80, 24);
    runner.pass(5000);
    runner.keys("y");
    assert!(!has_run(&mut runner), "it did not come back yet");
    runner.wait(399);
    runner.pass(0);
    runner.keys("y");
    assert!(has_run(&mut runner));
}
