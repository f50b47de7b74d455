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

#[test]
fn long_arguments_must_have_been_on_the_screen() {
    let mut runner = showing(80, 24, functions());
    runner.keys("jt<alt-j><ctrl-k>");
    let body: Vec<String> = (0..60).map(|n| format!("\"k{n}\": \"v{n}\"")).collect();
    let must = "\"repo\": \"a/b\", \"title\": \"t\"";
    runner.paste(&format!("{{{must}, {}}}", body.join(",")));
    runner.keys("<alt-enter>");
    assert_eq!(runner.model.focus, Focus::DockCall, "{}", runner.screen());
    runner.wait(2000);
    runner.keys("y");
    assert!(!has_run(&mut runner));
    runner.shows("y works when you have seen all of it");
    for _ in 0..60 {
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

/// A server asks back which seat, while a list has the keys.
fn asked_back() -> Runner {
    let mut board = snapshot(vec![connector("plays")]);
    board.questions.push(crate::domain::Question {
        id: crate::domain::QuestionId::new("q-1"),
        opened_at: super::runner::wall(),
        expires_at: None,
        connector: connector("plays").id,
        connector_name: "plays".to_owned(),
        function: Some("reserve_seat".into()),
        asked: crate::domain::Asked::Form {
            message: "Which seat?".into(),
            schema: serde_json::json!({ "type": "object", "required": ["row", "seat"],
                "properties": {
                    "row": { "type": "string", "enum": ["A", "B"] },
                    "seat": { "type": "integer" } } }),
        },
    });
    let mut runner = Runner::on(80, 24, board);
    runner.msg(Msg::Painted);
    runner
}

fn answers(runner: &mut Runner) -> Vec<crate::domain::QuestionAnswer> {
    let wanted = runner.wanted();
    let answers = wanted.into_iter().filter_map(|effect| match effect {
        Effect::Ask(_, Ask::AnswerQuestion(answer)) => Some(answer.answer),
        _ => None,
    });
    answers.collect()
}

#[test]
fn what_a_server_asks_back_takes_no_keys_until_it_is_gone_to() {
    let mut runner = asked_back();
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.wait(5000);
    runner.keys("jk<alt-enter>");
    assert!(answers(&mut runner).is_empty());
}

#[test]
fn a_form_of_a_server_is_filled_in_and_sent_once_it_is_armed() {
    let mut runner = asked_back();
    runner.keys("!");
    assert_eq!(runner.model.focus, Focus::DockForm);
    // The letter that declines a page is none here: it could be typed into a field.
    runner.shows("Alt-d decline");
    runner.keys("n<right><tab>7<alt-enter>");
    assert!(
        answers(&mut runner).is_empty(),
        "too early: it is not armed"
    );
    runner.msg(Msg::Painted);
    runner.wait(2000);
    runner.keys("<alt-enter>");
    let sent = answers(&mut runner);
    let [crate::domain::QuestionAnswer::Accept { content }] = &sent[..] else {
        panic!("{sent:?}\n{}", runner.screen());
    };
    let wanted = serde_json::json!({ "row": "A", "seat": 7 });
    assert_eq!(serde_json::json!(content), wanted);
}

#[test]
fn leaving_a_server_s_question_answers_nothing_and_a_no_is_sent_as_one() {
    let mut runner = asked_back();
    runner.keys("!<esc>");
    assert_eq!(runner.model.focus, Focus::Connectors);
    assert!(answers(&mut runner).is_empty());
    runner.keys("!<alt-d>");
    assert_eq!(
        answers(&mut runner),
        [crate::domain::QuestionAnswer::Decline]
    );
}
