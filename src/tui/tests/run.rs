use serde_json::json;

use super::board::{connector, functions};
use super::functions::showing;
use super::runner::{Runner, pictures};
use crate::domain::{Fault, FaultKind, Progress};
use crate::protocol::{CallAnswer, CallStep};
use crate::tui::effect::{Answer, Effect, Ticket, Work, WorkEnd, WorkStep};
use crate::tui::focus::Focus;

/// `get_issue` is on *always*: it runs at once.
fn running(width: u16, height: u16) -> (Runner, Ticket) {
    let mut runner = showing(width, height, functions());
    runner.keys("t<alt-enter>");
    let (ticket, work) = runner.worked();
    assert!(matches!(work, Work::Call(call) if call.approved_digest.is_none()));
    (runner, ticket)
}

pub(super) fn answered(width: u16, height: u16, result: serde_json::Value) -> Runner {
    let (mut runner, ticket) = running(width, height);
    let answer = CallAnswer {
        result,
        bytes: 120,
        duration_ms: 42,
    };
    runner.end(ticket, Ok(WorkEnd::Called(Box::new(answer))));
    runner
}

fn text(text: &str) -> serde_json::Value {
    json!({ "content": [{ "type": "text", "text": text }] })
}

#[test]
fn what_running_looks_like() {
    pictures!("run_arguments", |w, h| {
        let mut runner = showing(w, h, functions());
        runner.keys("jt");
        runner
    });
    pictures!("run_arguments_wrong", |w, h| {
        let mut runner = showing(w, h, functions());
        runner.keys("jt<tab>Rate limit<tab><tab>9<alt-enter>");
        runner
    });
    pictures!("run_arguments_raw_wrong", |w, h| {
        let mut runner = showing(w, h, functions());
        runner.keys("jt<alt-j><right>,<alt-enter>");
        runner
    });
    pictures!("run_progress", |w, h| {
        let (mut runner, ticket) = running(w, h);
        let progress = Progress {
            progress: 30.0,
            total: Some(80.0),
            message: Some("reading \u{1b}]0;x\u{7}pages".into()),
        };
        runner.step(ticket, WorkStep::Call(CallStep::Progress(progress)));
        runner
    });
    pictures!("run_answer", |w, h| {
        answered(
            w,
            h,
            text("Issue 12: Rate limit is wrong\nopened by ann\u{202e}nna"),
        )
    });
    pictures!("run_answer_json", |w, h| {
        let mut runner = answered(w, h, text("hello"));
        runner.keys("v");
        runner
    });
    pictures!("run_answer_to_a_file", |w, h| {
        let mut runner = answered(w, h, text("hello"));
        runner.keys("o");
        runner
    });
    pictures!("run_failed", |w, h| {
        let (mut runner, ticket) = running(w, h);
        let fault = Fault::new(FaultKind::Server, "the server ended while it ran")
            .hint("it may have been done; look before you run it again");
        runner.end(ticket, Err(fault));
        runner
    });
}

#[test]
fn a_blocked_function_and_a_changed_one_do_not_run() {
    let mut runner = showing(80, 24, functions());
    runner.keys("jjt");
    runner.shows("is on block, which never runs");
    assert_eq!(runner.model.focus, Focus::Functions);
    runner.keys("jt");
    runner.shows("is not what you accepted");
    assert!(runner.wanted().is_empty());
}

#[test]
fn arguments_are_read_strictly_before_anything_is_sent() {
    let mut runner = showing(80, 24, functions());
    runner.keys("t<alt-j><ctrl-k>");
    runner.paste("{\"a\": 1, \"a\": 2}");
    runner.keys("<alt-enter>");
    assert!(runner.wanted().is_empty());
    runner.shows("stands twice");
    runner.keys("<home>[<end>]<alt-enter>");
    assert!(runner.wanted().is_empty());
}

#[test]
fn arguments_that_are_no_object_are_refused() {
    let mut runner = showing(80, 24, functions());
    runner.keys("t<alt-j><ctrl-k>[1]<alt-enter>");
    runner.shows("the arguments are an object");
    assert!(runner.wanted().is_empty());
}

#[test]
fn ctrl_c_cancels_and_a_late_answer_is_dropped() {
    let (mut runner, ticket) = running(80, 24);
    runner.keys("<ctrl-c>");
    assert!(matches!(runner.wanted()[..], [Effect::Cancel(of)] if of == ticket));
    runner.shows("you cancelled it while it ran");
    let answer = CallAnswer {
        result: text("too late"),
        bytes: 8,
        duration_ms: 1,
    };
    runner.end(ticket, Ok(WorkEnd::Called(Box::new(answer))));
    runner.hides("too late");
}

#[test]
fn what_was_typed_is_there_the_next_time() {
    let mut runner = showing(80, 24, functions());
    runner.keys("t<alt-j><ctrl-k>{\"n\": 7}<esc>");
    assert_eq!(runner.model.focus, Focus::ArgumentsIdle);
    runner.keys("<esc>");
    assert_eq!(runner.model.focus, Focus::Functions);
    runner.keys("jkt");
    runner.shows("name   [ n_");
    runner.shows("value  [ 7_");
}

#[test]
fn a_result_is_written_where_it_is_said() {
    let mut runner = answered(80, 24, text("hello"));
    runner.keys("o<ctrl-u>out.txt<enter>");
    let wanted = runner.wanted();
    let [Effect::WriteFile(ticket, path, bytes)] = &wanted[..] else {
        panic!("{wanted:?}");
    };
    assert_eq!(
        (path.to_str(), &bytes[..]),
        (Some("out.txt"), &b"hello"[..])
    );
    runner.answer(
        *ticket,
        Err(Fault::user("out.txt was not written: it is there already")),
    );
    runner.shows("it is there already");
    runner.keys("2<enter>");
    let wanted = runner.wanted();
    let [Effect::WriteFile(ticket, ..)] = &wanted[..] else {
        panic!("{wanted:?}");
    };
    runner.answer(*ticket, Ok(Answer::Done));
    runner.shows("written to out.txt2");
    assert_eq!(runner.model.focus, Focus::Outcome);
}

#[test]
fn a_function_that_says_it_failed_is_shown_as_failed() {
    let runner = answered(
        80,
        24,
        json!({ "isError": true, "content": [{ "type": "text", "text": "no such repo" }] }),
    );
    runner.shows("the function says that it failed");
    runner.shows("no such repo");
}

#[test]
fn the_run_goes_on_while_another_tab_is_looked_at() {
    let (mut runner, ticket) = running(80, 24);
    runner.keys("1");
    let answer = CallAnswer {
        result: text("done meanwhile"),
        bytes: 8,
        duration_ms: 1,
    };
    runner.end(ticket, Ok(WorkEnd::Called(Box::new(answer))));
    runner.shows("the function has answered: 4 shows it");
    runner.keys("4");
    runner.shows("done meanwhile");
}

#[test]
fn a_board_without_the_function_sends_nothing() {
    let mut runner = showing(80, 24, functions());
    runner.keys("t");
    runner.event(crate::protocol::EventKind::Functions {
        id: connector("github").id,
    });
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Ok(Answer::Functions(vec![].into())));
    runner.keys("<alt-enter>");
    runner.shows("the server does not list it any more");
}

#[test]
fn tab_stays_in_a_result_and_says_what_leaves_it() {
    let mut runner = answered(80, 24, text("hello"));
    for key in ["<tab>", "<shift-tab>"] {
        runner.keys(key);
        assert_eq!(runner.model.focus, Focus::Outcome);
        runner.shows("Esc goes back to the functions");
        runner.shows("hello");
    }
    runner.keys("<esc>");
    assert_eq!(runner.model.focus, Focus::Functions);
}

#[test]
fn while_a_function_runs_the_footer_names_the_key_that_cancels_it() {
    let (runner, _) = running(80, 24);
    runner.shows("Ctrl-c cancel");
    runner.hides("t again");
    answered(80, 24, text("hello")).hides("Ctrl-c cancel");
}
