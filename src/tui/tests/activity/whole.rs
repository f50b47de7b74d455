//! One call whole: what the journal says of it, and the viewer below.

use serde_json::{Value, json};

use super::{every_kind, with};
use crate::domain::Fault;
use crate::protocol::CallRecord;
use crate::tui::effect::{Answer, Ask, Effect};
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;
use crate::tui::tests::board::{function, functions};
use crate::tui::tests::runner::{Runner, pictures};

/// The board says what it has of the call that is opened, and what the functions of
/// its connector are.
#[track_caller]
fn answer_whole(runner: &mut Runner, record: Result<CallRecord, Fault>) {
    let asks = runner.asks();
    assert!(matches!(asks[0].1, Ask::WholeCall(_)), "{asks:?}");
    runner.answer(asks[0].0, record.map(|it| Answer::WholeCall(Box::new(it))));
    if let Some((ticket, Ask::Functions(_))) = asks.get(1) {
        runner.hides("arguments {");
        runner.answer(*ticket, Ok(Answer::Functions(functions().into())));
    }
}

/// A call with these arguments and this result, opened.
pub(in crate::tui::tests) fn call(
    width: u16,
    height: u16,
    arguments: Value,
    result: Value,
) -> Runner {
    let mut runner = with(width, height, every_kind());
    runner.keys("<enter>");
    let record = CallRecord {
        entry: every_kind().pop().unwrap(),
        arguments: Some(arguments),
        result: Some(result),
    };
    answer_whole(&mut runner, Ok(record));
    runner
}

fn issues() -> Value {
    let issue = |number: u64| json!({ "number": number, "title": format!("Issue {number}"), "state": "open" });
    json!({
        "content": [{ "type": "text", "text": "# Two issues\n\nAs asked." }],
        "structuredContent": { "issues": [issue(7), issue(12)] },
    })
}

#[test]
fn a_call_is_shown_whole_as_far_as_the_board_has_it() {
    let whole = |w, h, keys: &str, record: Option<Result<CallRecord, Fault>>| {
        let mut runner = with(w, h, every_kind());
        runner.keys(keys);
        if let Some(record) = record {
            answer_whole(&mut runner, record);
        }
        runner
    };
    let record = |arguments, result| CallRecord {
        entry: every_kind().pop().unwrap(),
        arguments,
        result,
    };
    let text = "found \u{1b}[2J it";
    pictures!("activity_call", |w, h| whole(
        w,
        h,
        "<enter>",
        Some(Ok(record(
            Some(json!({ "repo": "acme/api", "number": 12 })),
            Some(json!({ "content": [{ "type": "text", "text": text }] })),
        )))
    ));
    pictures!("activity_call_gone", |w, h| whole(
        w,
        h,
        "<enter>",
        Some(Ok(record(None, None)))
    ));
    pictures!("activity_call_loading", |w, h| whole(w, h, "<enter>", None));
    pictures!("activity_call_failed", |w, h| whole(
        w,
        h,
        "<enter>",
        Some(Err(Fault::not_found("this board knows no such request")))
    ));
    pictures!("activity_permission_whole", |w, h| whole(
        w,
        h,
        "gjj<enter>",
        None
    ));
    let mut runner = whole(80, 24, "<enter>", None);
    runner.keys("<esc>");
    assert_eq!(runner.model.focus, Focus::Activity);
}

#[test]
fn what_a_whole_call_looks_like_in_the_viewer() {
    let arguments = || json!({ "repo": "acme/api", "labels": ["bug", "limiter"] });
    pictures!("activity_call_table", |w, h| {
        let mut runner = call(w, h, arguments(), issues());
        runner.keys("L");
        runner
    });
    pictures!("activity_call_search", |w, h| {
        let mut runner = call(w, h, arguments(), issues());
        runner.keys("/limiter<enter>");
        runner
    });
    pictures!("activity_call_save", |w, h| {
        let mut runner = call(w, h, arguments(), issues());
        runner.keys("o");
        runner
    });
}

#[test]
fn a_whole_call_is_folded_searched_copied_and_saved_like_a_result() {
    let arguments = json!({ "repo": "acme/api" });
    let mut runner = call(120, 40, arguments, issues());
    assert_eq!(runner.model.focus, Focus::Viewer(Tab::Activity));
    runner.shows("Issue 7");
    runner.keys("-");
    runner.hides("Issue 7");
    runner.keys("/acme<enter>");
    runner.shows("\"acme/api\"");
    runner.effects.clear();
    runner.keys("y");
    let copied = |it: &Effect| matches!(it, Effect::Copy(text) if text == "acme/api");
    assert!(runner.wanted().iter().any(copied));
    runner.keys("o<enter>");
    let wanted = runner.wanted();
    let written = wanted.iter().find_map(|it| match it {
        Effect::WriteFile(_, path, bytes) => Some((path.clone(), bytes.clone())),
        _ => None,
    });
    let (path, bytes) = written.unwrap();
    assert!(path.to_str().unwrap().starts_with("get_issue-"), "{path:?}");
    let file: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(
        file,
        json!({ "arguments": { "repo": "acme/api" }, "result": issues() })
    );
    runner.keys("<esc>M");
    runner.shows("Two issues");
    runner.keys("<esc><esc>");
    assert_eq!(runner.model.focus, Focus::Activity);
    // Another call begins anew.
    runner.keys("<enter>");
    runner.hides("Two issues");
}

#[test]
fn secrets_among_the_arguments_are_shown_copied_and_written_nowhere() {
    let mut function = function("get_issue");
    function.input_schema = json!({ "properties": { "pin": { "format": "password" } } }).into();
    let mut runner = with(80, 24, every_kind());
    runner.keys("<enter>");
    let asks = runner.asks();
    let record = CallRecord {
        entry: every_kind().pop().unwrap(),
        arguments: Some(
            json!({ "pin": "hunter2", "login": { "api_key": "hunter3" }, "repo": "a/b" }),
        ),
        result: None,
    };
    runner.answer(asks[0].0, Ok(Answer::WholeCall(Box::new(record))));
    // Until the function has said which of them are secrets, none is shown.
    runner.hides("hunter");
    runner.hides("a/b");
    runner.answer(asks[1].0, Ok(Answer::Functions(vec![function].into())));
    runner.shows("a/b");
    runner.shows("secrets are not shown");
    runner.hides("hunter");
    runner.effects.clear();
    runner.keys("yo<enter>");
    let wanted = format!("{:?}", runner.wanted());
    assert!(
        wanted.contains("WriteFile") && wanted.contains("Copy"),
        "{wanted}"
    );
    assert!(!wanted.contains("hunter"), "{wanted}");
    let bytes = |text: &str| {
        format!("{:?}", text.as_bytes())
            .trim_matches(['[', ']'])
            .to_owned()
    };
    assert!(!wanted.contains(&bytes("hunter")), "{wanted}");
    assert!(!format!("{:?}", runner.model).contains("hunter"));
}

#[test]
fn a_call_that_was_not_run_has_no_result() {
    let mut runner = with(80, 24, every_kind());
    runner.keys("kkkkkk<enter>");
    let record = CallRecord {
        entry: every_kind()[7].clone(),
        arguments: Some(json!({})),
        result: None,
    };
    answer_whole(&mut runner, Ok(record));
    runner.shows("there is none: it was not run");
    runner.shows("denied by you");
}
