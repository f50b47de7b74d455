//! Questions at a plain terminal: typed, line by line.

use std::thread::{sleep, spawn};
use std::time::Duration;

use callboard::domain::QuestionAnswer;
use callboard::link::Client;
use callboard::protocol::{AnswerQuestion, Call, FunctionOf, Questions};
use serde_json::{Map, Value, json};

use crate::support::fake::{Behaviour, FakeServer, Function};
use crate::support::shell::Shell;
use crate::support::terminal::Terminal;

const PROGRAM: &str = env!("CARGO_BIN_EXE_callboard");

/// The program takes nothing for an answer that was typed sooner after a question.
const READING: Duration = Duration::from_millis(450);

fn connected() -> (FakeServer, Shell) {
    let behaviour = Behaviour::modern().functions(Function::asking());
    let server = FakeServer::start(behaviour);
    let shell = Shell::new();
    let words = ["add", "air", &server.url, "--trust", "--auth", "none"];
    let _ = shell.run(&words).succeeded();
    (server, shell)
}

fn call(shell: &Shell, function: &str) -> Terminal {
    Terminal::run(shell, &[PROGRAM, "call", "air", function, "--yes"])
}

/// Types an answer to a question that has just been shown.
fn answers(terminal: &mut Terminal, letter: &str) {
    sleep(READING);
    terminal.types(&format!("{letter}\r"));
}

#[test]
fn a_form_is_asked_field_by_field() {
    let (_server, shell) = connected();
    let mut terminal = call(&shell, "form");
    terminal.shows("│ Where do you fly to?");
    terminal.shows("l: leave open >");
    answers(&mut terminal, "y");
    terminal.shows("field 1 of 3: \"city\", required: a text");
    terminal.types("\r");
    terminal.shows("\"city\" must be given");
    terminal.types("X\r");
    terminal.shows("\"city\" must have at least 2 characters");
    terminal.types("Lima\r");
    terminal.shows("  │ 1: Window");
    terminal.shows("an empty line gives its default:");
    terminal.shows("  │ \"aisle\"");
    terminal.types("1\r");
    terminal.shows("field 3 of 3: \"bags\", optional: a whole number");
    terminal.types("four\r");
    terminal.shows("\"bags\" must be a whole number");
    terminal.types("\r");
    terminal.shows("\"seat\": \"window\"");
    terminal.types("y\r");
    let sent = json!([{ "action": "accept", "content": { "city": "Lima", "seat": "window" } }]);
    terminal.shows(&sent.to_string());
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_page_is_shown_and_no_empty_line_agrees() {
    let (_server, shell) = connected();
    let mut terminal = call(&shell, "page");
    terminal.shows("a page of pay.example:");
    terminal.shows("  https://pay.example/fee?ticket=7");
    answers(&mut terminal, "");
    terminal.shows("one of these letters");
    terminal.types("n\r");
    terminal.shows("[{\"action\":\"decline\"}]");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn ctrl_c_takes_the_call_back_with_its_question() {
    let (_server, shell) = connected();
    let mut terminal = call(&shell, "form");
    terminal.shows("l: leave open >");
    terminal.types("\x03");
    assert_eq!(terminal.ends(), 1);
    let log = shell.run(&["log"]).succeeded().stdout;
    assert!(log.contains("form withdrawn"), "{log}");
}

#[test]
fn what_is_typed_ahead_answers_nothing() {
    let (_server, shell) = connected();
    let mut terminal = Terminal::run(&shell, &[PROGRAM, "watch"]);
    terminal.shows("Ctrl-c ends this");
    terminal.types("y\ry\ry\r");
    let calling = somebody_calls(&shell, "page");
    terminal.shows("a page of pay.example:");
    answers(&mut terminal, "n");
    assert_eq!(calling.join().unwrap(), json!([{ "action": "decline" }]));
    terminal.shows("declined");
}

#[test]
fn plain_says_how_the_board_fares_and_who_answered_elsewhere() {
    let (_server, shell) = connected();
    let mut terminal = Terminal::run(&shell, &[PROGRAM, "--plain"]);
    terminal.shows("connectors: 1 · 1 connected · 0 failed");
    terminal.shows("no question waits");
    terminal.shows("Ctrl-c ends this");
    let calling = somebody_calls(&shell, "twice");
    terminal.shows("air asks during \"twice\":");
    terminal.shows("│ The first?");
    let (first, _) = open(&shell);
    give(&shell, &first, QuestionAnswer::Cancel);
    terminal.shows("answered elsewhere, by operator: cancelled");
    terminal.shows("│ The second?");
    answers(&mut terminal, "l");
    terminal.shows("it stays open");
    let (second, _) = open(&shell);
    give(&shell, &second, QuestionAnswer::Decline);
    calling.join().unwrap();
    terminal.types("\x03");
    assert_eq!(terminal.ends(), 0);
    terminal.waits("without escape sequences", |screen| {
        !screen.alternate_screen()
    });
}

/// A call of somebody else, who wants to be asked.
fn somebody_calls(shell: &Shell, function: &'static str) -> std::thread::JoinHandle<Value> {
    let folders = shell.folders();
    spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let client = Client::attach(&folders).await.unwrap();
            let of = FunctionOf {
                name: "air".to_owned(),
                function: function.to_owned(),
            };
            let digest = client.send(&of).await.unwrap().function.digest;
            let call = Call {
                name: of.name,
                function: of.function,
                arguments: Map::new(),
                approved_digest: Some(digest),
                ask_back: true,
            };
            let answer = client.run(&call, &mut |_| {}).await.unwrap();
            answer.result["structuredContent"]["answers"].clone()
        })
    })
}

/// The oldest open question's id, and how many there are.
fn open(shell: &Shell) -> (callboard::domain::QuestionId, usize) {
    let folders = shell.folders();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let open = runtime.block_on(async {
        let client = Client::attach(&folders).await.unwrap();
        client.send(&Questions {}).await.unwrap()
    });
    (open[0].id.clone(), open.len())
}

fn give(shell: &Shell, id: &callboard::domain::QuestionId, answer: QuestionAnswer) {
    let folders = shell.folders();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = Client::attach(&folders).await.unwrap();
        let id = id.clone();
        client.send(&AnswerQuestion { id, answer }).await.unwrap();
    });
}
