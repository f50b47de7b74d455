//! What servers ask back: forms to be filled in, and pages to be visited.

mod kept;

use serde_json::{Value, json};

use super::board::{connector, functions, snapshot};
use super::runner::{Runner, pictures, wall};
use crate::domain::{Asked, Question, QuestionAnswer, QuestionEnd, QuestionId};
use crate::protocol::{EventKind, SnapshotView};
use crate::tui::effect::{Ask, Effect, Msg};
use crate::tui::focus::Focus;

/// A question of `plays`, during a call of `reserve_seat`.
pub(super) fn question(id: &str, asked: Asked) -> Question {
    Question {
        id: QuestionId::new(id),
        opened_at: wall(),
        expires_at: Some(wall().after(std::time::Duration::from_secs(300))),
        connector: connector("plays").id,
        connector_name: "plays".to_owned(),
        function: Some("reserve_seat".into()),
        asked,
    }
}

/// It asks which seat.
pub(super) fn seat() -> Asked {
    form(
        "Which seat?",
        json!({ "row": { "type": "string", "enum": ["A", "B"] }, "seat": { "type": "integer" },
            "name": { "type": "string", "description": "Whose name stands on the ticket" } }),
        &["row", "seat"],
    )
}

fn form(message: &str, properties: Value, required: &[&str]) -> Asked {
    Asked::Form {
        message: message.into(),
        schema: json!({ "type": "object", "required": required, "properties": properties }),
    }
}

/// It wants this page visited.
pub(super) fn page(url: &str) -> Asked {
    Asked::Url {
        message: "Pay for the seat, then come back.".into(),
        url: url.into(),
    }
}

fn pay() -> Asked {
    page("https://pay.example/checkout?order=4711")
}

/// A board where these questions wait, and the list of connectors that has the keys.
fn board(questions: Vec<Question>) -> SnapshotView {
    let mut board = snapshot(vec![connector("plays"), connector("github")]);
    board.questions = questions;
    board
}

fn on(width: u16, height: u16, questions: Vec<Question>) -> Runner {
    let mut runner = Runner::on(width, height, board(questions));
    runner.msg(Msg::Painted);
    runner
}

fn one(asked: Asked) -> Runner {
    on(80, 24, vec![question("q-1", asked)])
}

fn answers(runner: &mut Runner) -> Vec<QuestionAnswer> {
    let asks = runner.asks().into_iter();
    asks.filter_map(|(_, ask)| match ask {
        Ask::AnswerQuestion(answer) => Some(answer.answer),
        _ => None,
    })
    .collect()
}

fn visited() -> QuestionAnswer {
    QuestionAnswer::Accept {
        content: serde_json::Map::new(),
    }
}

#[test]
fn what_questions_of_servers_look_like() {
    pictures!("asked_form_waits", |w, h| on(
        w,
        h,
        vec![question("q-1", seat())]
    ));
    pictures!("asked_form", |w, h| {
        let mut runner = on(w, h, vec![question("q-1", seat())]);
        runner.keys("!<right><tab>7<tab>Ann");
        runner.light();
        runner
    });
    pictures!("asked_form_wrong", |w, h| {
        let mut runner = on(w, h, vec![question("q-1", seat())]);
        runner.keys("!");
        runner.light();
        runner.keys("<alt-enter>");
        runner
    });
    pictures!("asked_page_waits", |w, h| on(
        w,
        h,
        vec![question("q-1", pay())]
    ));
    pictures!("asked_page_not_armed", |w, h| {
        let mut runner = on(w, h, vec![question("q-1", pay())]);
        runner.keys("!");
        runner
    });
    pictures!("asked_page", |w, h| {
        let mut runner = on(w, h, vec![question("q-1", pay())]);
        runner.keys("!");
        runner.light();
        runner
    });
    pictures!("asked_page_doubtful", |w, h| {
        let url = format!("http://xn--pypal-4ve.example:8443/{}", "long/".repeat(60));
        let mut runner = on(w, h, vec![question("q-1", page(&url))]);
        runner.keys("!");
        runner.light();
        runner
    });
    pictures!("asked_form_long", |w, h| {
        let mut runner = on(w, h, vec![question("q-1", long())]);
        runner.keys("!");
        runner.light();
        runner
    });
    pictures!("asked_several_wait", |w, h| {
        let mut runner = on(w, h, vec![question("q-1", seat()), question("q-2", pay())]);
        let mut plays = connector("plays");
        plays.status = crate::domain::Status::Changed;
        runner.event(EventKind::Connector(Box::new(plays)));
        runner.keys("!<ctrl-n>");
        runner.light();
        runner
    });
}

#[test]
fn what_a_server_asks_back_takes_no_keys_until_it_is_gone_to() {
    for asked in [seat(), pay()] {
        let mut runner = one(asked);
        assert_eq!(runner.model.focus, Focus::Connectors);
        runner.wait(5000);
        runner.keys("jky<alt-enter>");
        assert!(answers(&mut runner).is_empty());
    }
}

#[test]
fn a_form_of_a_server_is_filled_in_and_sent_once_it_is_armed() {
    let mut runner = one(seat());
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
    let [QuestionAnswer::Accept { content }] = &sent[..] else {
        panic!("{sent:?}\n{}", runner.screen());
    };
    assert_eq!(json!(content), json!({ "row": "A", "seat": 7 }));
    // What was sent is not sent twice.
    runner.keys("<alt-enter>");
    runner.wait(2000);
    runner.keys("<alt-enter>");
    assert!(answers(&mut runner).is_empty());
}

#[test]
fn leaving_a_server_s_question_answers_nothing_and_a_no_is_sent_as_one() {
    let mut runner = one(seat());
    runner.keys("!<esc>");
    assert_eq!(runner.model.focus, Focus::Connectors);
    assert!(answers(&mut runner).is_empty());
    runner.keys("!<alt-d>");
    assert_eq!(answers(&mut runner), [QuestionAnswer::Decline]);
}

#[test]
fn a_page_is_agreed_to_a_second_after_the_key_that_went_to_it() {
    let mut runner = one(pay());
    runner.keys("!");
    assert_eq!(runner.model.focus, Focus::DockPage);
    // The key comes 50 ms later: one short of a second.
    runner.wait(949);
    runner.keys("y");
    assert!(answers(&mut runner).is_empty());
    // That key was typed ahead, and the quiet begins with it.
    runner.pass(199);
    runner.keys("y");
    assert!(answers(&mut runner).is_empty());
    runner.pass(200);
    runner.keys("y");
    assert_eq!(answers(&mut runner), [visited()]);
}

#[test]
fn a_page_is_agreed_to_when_it_has_been_on_the_screen_for_a_while() {
    let mut runner = Runner::on(80, 24, board(vec![question("q-1", pay())]));
    runner.keys("!");
    runner.pass(60_000);
    runner.keys("y");
    assert!(answers(&mut runner).is_empty(), "the frame never arrived");
    runner.wait(349);
    runner.keys("y");
    assert!(answers(&mut runner).is_empty(), "399 ms on the screen");
    runner.pass(200);
    runner.keys("y");
    assert_eq!(answers(&mut runner), [visited()]);
}

#[test]
fn nothing_but_its_key_agrees_to_a_page() {
    for keys in [
        "<enter>",
        " ",
        "<alt-enter>",
        "<ctrl-r>",
        "Y",
        "a",
        "<ctrl-c>",
        "<tab>",
        "<esc>",
        "c",
        "j",
    ] {
        let mut runner = one(pay());
        runner.keys("!");
        runner.light();
        runner.keys(keys);
        assert!(answers(&mut runner).is_empty(), "{keys} answered");
    }
    let mut runner = one(pay());
    runner.keys("!");
    runner.light();
    runner.paste("y\ny");
    assert!(answers(&mut runner).is_empty());
    runner.keys("y");
    assert!(
        answers(&mut runner).is_empty(),
        "a paste begins the second anew"
    );
    runner.pass(1200);
    runner.keys("y");
    assert_eq!(answers(&mut runner), [visited()]);
}

#[test]
fn a_page_is_declined_at_once_and_left_without_an_answer() {
    let mut runner = one(pay());
    runner.keys("!<esc>");
    assert!(answers(&mut runner).is_empty());
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.keys("!n");
    assert_eq!(answers(&mut runner), [QuestionAnswer::Decline]);
}

#[test]
fn the_address_of_a_page_is_copied_and_opened_by_nobody() {
    let mut runner = one(pay());
    runner.keys("!");
    runner.light();
    runner.wanted();
    runner.keys("c");
    let wanted = runner.wanted();
    let copied = wanted.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(copied, Some("https://pay.example/checkout?order=4711"));
    runner.shows("callboard does not open it");
}

#[test]
fn a_page_with_more_to_read_is_read_first() {
    let mut asked = pay();
    if let Asked::Url { message, .. } = &mut asked {
        *message = "Read this. \n".repeat(30).into();
    }
    let mut runner = one(asked);
    runner.keys("!");
    runner.light();
    runner.keys("y");
    assert!(answers(&mut runner).is_empty());
    runner.shows("Space reads on");
    // Keys typed ahead pass nothing over.
    runner.keys("        ");
    runner.wait(2000);
    runner.keys("y");
    assert!(answers(&mut runner).is_empty());
    for _ in 0..10 {
        runner.keys(" ");
        runner.wait(400);
    }
    runner.shows("pay.example");
    runner.keys("y");
    assert_eq!(answers(&mut runner), [visited()]);
}

#[test]
fn a_host_of_look_alike_letters_and_a_way_that_is_not_encrypted_are_said() {
    let mut runner = one(page("http://xn--pypal-4ve.example/"));
    runner.keys("!");
    runner.shows("letters that may look like others");
    runner.shows("not encrypted");
    let mut runner = one(pay());
    runner.keys("!");
    runner.hides("look like others");
    runner.hides("not encrypted");
    runner.shows("It waits 5 min more");
}

#[test]
fn the_next_question_counts_anew_when_it_comes_to_the_front() {
    let other = page("https://other.example/");
    let mut runner = on(80, 24, vec![question("q-1", pay()), question("q-2", other)]);
    runner.keys("!");
    runner.light();
    runner.shows("1 of 2");
    runner.keys("<tab>y");
    runner.shows("other.example");
    runner.shows("2 of 2");
    runner.pass(5000);
    runner.keys("y");
    assert!(answers(&mut runner).is_empty(), "it did not arrive yet");
    runner.wait(400);
    runner.keys("y");
    assert_eq!(answers(&mut runner), [visited()]);
}

#[test]
fn a_question_that_is_over_takes_its_keys_with_it() {
    let mut runner = on(80, 24, vec![question("q-1", pay()), question("q-2", pay())]);
    runner.keys("!");
    runner.light();
    runner.event(EventKind::QuestionClosed {
        id: QuestionId::new("q-1"),
        end: QuestionEnd::Withdrawn,
    });
    // A key that was meant for the first does not reach the second.
    runner.keys("y");
    assert!(answers(&mut runner).is_empty());
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.shows("its call has ended");
    runner.shows("! goes to this question");
}

/// A form whose words do not fit beside its fields.
fn long() -> Asked {
    form(
        &(1..=30)
            .map(|n| format!("Rule {n} of the house.\n"))
            .collect::<String>(),
        json!({ "agreed": { "type": "boolean" } }),
        &[],
    )
}

#[test]
fn a_form_with_many_words_is_read_from_its_beginning() {
    let mut runner = one(long());
    runner.keys("!");
    runner.light();
    runner.shows("Rule 1 of");
    runner.shows("PgDn reads on");
    runner.keys("<alt-enter>");
    assert!(answers(&mut runner).is_empty());
    // Whoever goes to a field is there at once, and has read nothing by that.
    runner.keys("<right>");
    runner.shows("agreed");
    runner.wait(2000);
    runner.keys("<alt-enter>");
    assert!(answers(&mut runner).is_empty());
    for _ in 0..8 {
        runner.keys("<pgup>");
        runner.wait(300);
    }
    runner.shows("Rule 1 of");
    for _ in 0..8 {
        runner.keys("<pgdn>");
        runner.wait(300);
    }
    runner.wait(2000);
    runner.keys("<alt-enter>");
    assert_eq!(answers(&mut runner).len(), 1, "{}", runner.screen());
}

#[test]
fn a_question_comes_while_functions_are_looked_through_and_takes_nothing() {
    let mut runner = super::functions::showing(80, 24, functions());
    runner.keys("j");
    runner.event(EventKind::QuestionOpened(Box::new(question("q-1", pay()))));
    runner.light();
    assert_eq!(runner.model.focus, Focus::Functions);
    runner.keys("y");
    assert!(answers(&mut runner).is_empty());
}

#[test]
fn a_question_that_is_put_off_is_one_line_until_it_is_gone_back_to() {
    let mut runner = one(seat());
    let rows = |runner: &Runner| crate::tui::layout::areas(&runner.model).dock.height;
    runner.shows("Which seat?");
    assert!(rows(&runner) > 5);
    runner.keys("!<right><esc>");
    if runner.model.focus.in_dock() {
        runner.keys("<esc>");
    }
    assert_eq!(rows(&runner), 1);
    runner.shows("asks back");
    runner.shows("! opens it");
    runner.hides("Which seat?");
    runner.keys("!");
    runner.shows("Which seat?");
    assert_eq!(runner.model.focus, Focus::DockForm);
}

#[test]
fn a_new_question_is_whole_where_another_was_put_off() {
    let mut runner = one(seat());
    runner.keys("!<esc>");
    if runner.model.focus.in_dock() {
        runner.keys("<esc>");
    }
    runner.hides("Which seat?");
    runner.event(EventKind::QuestionOpened(Box::new(question("q-2", pay()))));
    runner.shows("Pay for the seat");
    runner.keys("!<esc>");
    runner.shows("! opens it; 2 wait");
}

#[test]
fn questions_are_counted_among_what_needs_you() {
    one(seat()).shows("! 1 needs you");
    on(
        80,
        24,
        vec![question("q-1", seat()), question("q-2", pay())],
    )
    .shows("! 2 need you");
}

#[test]
fn how_long_a_question_waits_is_told_in_minutes_and_not_by_a_clock() {
    let mut asked = question("q-1", seat());
    for (seconds, told) in [(300, "It waits 5 min more"), (61, "2 min"), (42, "42 s")] {
        asked.expires_at = Some(wall().after(std::time::Duration::from_secs(seconds)));
        on(80, 24, vec![asked.clone()]).shows(told);
    }
}
