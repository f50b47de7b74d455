//! What servers ask back, at the board: every face sees it, one answer wins, and
//! whatever ends otherwise is a no.

mod ends;
mod whole;

use std::sync::{Arc, Mutex};

use callboard::domain::{
    Asked, Fault, FaultKind, JournalEvent, Question, QuestionAnswer, QuestionEnd,
};
use callboard::link::{Client, EventStream};
use callboard::protocol::{
    AnswerQuestion, Call, CallAnswer, CallStep, EventKind, FunctionOf, Journal, Questions,
};
use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::support::board::Board;
use crate::support::fake::{Behaviour, FLOOD, FakeServer, Function};
use crate::support::rude_face::PATIENCE;

type Running = JoinHandle<Result<CallAnswer, Fault>>;

/// A board with a server that asks back.
async fn asking(behaviour: Behaviour) -> (FakeServer, Board) {
    let server = FakeServer::start(behaviour.functions(Function::asking()));
    let board = Board::start().await;
    board.add_open("air", &server.url).await.unwrap();
    (server, board)
}

/// One of every way that messages travel.
fn everyone() -> [Behaviour; 3] {
    [
        Behaviour::modern(),
        Behaviour::legacy("2025-11-25"),
        Behaviour::sse(),
    ]
}

async fn call_of(client: &Client, function: &str, ask_back: bool) -> Call {
    let view = client
        .send(&FunctionOf {
            name: "air".to_owned(),
            function: function.to_owned(),
        })
        .await
        .unwrap();
    Call {
        name: "air".to_owned(),
        function: function.to_owned(),
        arguments: Map::new(),
        approved_digest: Some(view.function.digest),
        ask_back,
    }
}

/// Starts a call that may ask.
async fn start(client: &Client, function: &str) -> Running {
    let call = call_of(client, function, true).await;
    let client = client.clone();
    tokio::spawn(async move { client.run(&call, &mut |_| {}).await })
}

async fn next(events: &mut EventStream) -> EventKind {
    let event = timeout(PATIENCE, events.next()).await.unwrap();
    event.expect("the stream goes on").kind
}

async fn opened(events: &mut EventStream) -> Question {
    loop {
        if let EventKind::QuestionOpened(question) = next(events).await {
            return *question;
        }
    }
}

async fn closed(events: &mut EventStream, of: &Question) -> QuestionEnd {
    loop {
        match next(events).await {
            EventKind::QuestionClosed { id, end } if id == of.id => return end,
            _ => {}
        }
    }
}

async fn give(client: &Client, question: &Question, answer: QuestionAnswer) -> Result<(), Fault> {
    let id = question.id.clone();
    client.send(&AnswerQuestion { id, answer }).await
}

fn accept(content: Value) -> QuestionAnswer {
    match content {
        Value::Object(content) => QuestionAnswer::Accept { content },
        _ => panic!("an object"),
    }
}

async fn ended(running: Running) -> Value {
    let answer = timeout(PATIENCE, running).await.unwrap().unwrap();
    answer.unwrap().result["structuredContent"]["answers"].clone()
}

async fn questions_in_journal(client: &Client) -> Vec<String> {
    let lines = client.send(&Journal::default()).await.unwrap();
    lines
        .into_iter()
        .filter(|line| line.event == JournalEvent::Question)
        .map(|line| line.rule.unwrap())
        .collect()
}

/// Waits for what is written a moment later.
async fn journal_says(client: &Client, expected: &[&str]) {
    let wait = async {
        while questions_in_journal(client).await != expected {
            tokio::task::yield_now().await;
        }
    };
    let said = timeout(PATIENCE, wait).await;
    assert!(said.is_ok(), "{:?}", questions_in_journal(client).await);
}

#[tokio::test]
async fn a_form_is_asked_of_every_face_and_its_answer_reaches_the_server() {
    for behaviour in everyone() {
        let (_server, board) = asking(behaviour).await;
        let client = &board.client;
        let mut one = client.events(None).await.unwrap();
        let mut other = client.events(None).await.unwrap();
        let running = start(client, "form").await;
        let question = opened(&mut one).await;
        assert_eq!(opened(&mut other).await, question);
        assert_eq!(question.connector_name, "air");
        assert_eq!(question.function.as_ref().unwrap().raw(), "form");
        let Asked::Form { message, schema } = &question.asked else {
            panic!("a form");
        };
        assert_eq!(message.raw(), "Where do you fly to?");
        let fields: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(fields, ["city", "seat", "bags"], "in the server's order");
        let mut late = client.events(None).await.unwrap();
        let EventKind::Snapshot(snapshot) = next(&mut late).await else {
            panic!("a snapshot comes first");
        };
        assert_eq!(snapshot.questions, std::slice::from_ref(&question));
        let content = json!({ "city": "Lima", "bags": 2 });
        give(client, &question, accept(content.clone()))
            .await
            .unwrap();
        for events in [&mut one, &mut other, &mut late] {
            let end = QuestionEnd::Answered {
                answer: "accepted".to_owned(),
                by: "operator".to_owned(),
            };
            assert_eq!(closed(events, &question).await, end);
        }
        let answers = json!([{ "action": "accept", "content": content }]);
        assert_eq!(ended(running).await, answers);
        assert_eq!(client.send(&Questions {}).await.unwrap(), []);
        journal_says(client, &["form accepted"]).await;
        assert_eq!(
            board.shell.holds("Lima"),
            Vec::<String>::new(),
            "an answer is kept nowhere"
        );
    }
}

#[tokio::test]
async fn a_wrong_answer_keeps_the_question_open_and_a_late_one_is_told_who_was_first() {
    let (server, board) = asking(Behaviour::modern()).await;
    let client = &board.client;
    let mut events = client.events(None).await.unwrap();
    let running = start(client, "form").await;
    let question = opened(&mut events).await;
    for wrong in [
        json!({}),
        json!({ "city": "X" }),
        json!({ "city": "Lima", "bags": 9 }),
    ] {
        let fault = give(client, &question, accept(wrong)).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::User, "{fault}");
    }
    assert_eq!(client.send(&Questions {}).await.unwrap().len(), 1);
    assert_eq!(server.count("tools/call"), 1, "nothing wrong went out");
    give(client, &question, QuestionAnswer::Decline)
        .await
        .unwrap();
    let fault = give(client, &question, accept(json!({ "city": "Lima" })))
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::NotFound);
    assert_eq!(
        fault.message,
        "operator was first: the question is declined"
    );
    assert_eq!(ended(running).await, json!([{ "action": "decline" }]));
}

#[tokio::test]
async fn a_page_is_agreed_to_and_never_fetched() {
    for behaviour in everyone() {
        let (_server, board) = asking(behaviour).await;
        let client = &board.client;
        let mut events = client.events(None).await.unwrap();
        let running = start(client, "page").await;
        let question = opened(&mut events).await;
        let Asked::Url { url, .. } = &question.asked else {
            panic!("a page");
        };
        assert_eq!(url.raw(), "https://pay.example/fee?ticket=7");
        give(client, &question, accept(json!({}))).await.unwrap();
        let answers = ended(running).await;
        assert_eq!(answers, json!([{ "action": "accept" }]));
    }
}

#[tokio::test]
async fn several_rounds_are_several_questions() {
    for behaviour in everyone() {
        let (_server, board) = asking(behaviour).await;
        let client = &board.client;
        let mut events = client.events(None).await.unwrap();
        let running = start(client, "rounds").await;
        for stop in ["Lima", "Cusco", "Puno"] {
            let question = opened(&mut events).await;
            give(client, &question, accept(json!({ "city": stop })))
                .await
                .unwrap();
        }
        let answers = ended(running).await;
        let cities: Vec<&Value> = answers
            .as_array()
            .unwrap()
            .iter()
            .map(|answer| &answer["content"]["city"])
            .collect();
        assert_eq!(cities, ["Lima", "Cusco", "Puno"]);
    }
}

#[tokio::test]
async fn two_at_once_are_both_open_and_each_has_its_answer() {
    for behaviour in everyone() {
        let (_server, board) = asking(behaviour).await;
        let client = &board.client;
        let mut events = client.events(None).await.unwrap();
        let running = start(client, "twice").await;
        let first = opened(&mut events).await;
        let second = opened(&mut events).await;
        assert_eq!(client.send(&Questions {}).await.unwrap().len(), 2);
        give(client, &second, accept(json!({ "city": "Rome" })))
            .await
            .unwrap();
        give(client, &first, QuestionAnswer::Cancel).await.unwrap();
        let actions: Vec<Value> = ended(running)
            .await
            .as_array()
            .unwrap()
            .iter()
            .map(|answer| answer["action"].clone())
            .collect();
        assert_eq!(actions, ["cancel", "accept"]);
    }
}

#[tokio::test]
async fn a_server_cannot_flood_the_operator() {
    for behaviour in everyone() {
        let (_server, board) = asking(behaviour).await;
        let client = &board.client;
        let mut events = client.events(None).await.unwrap();
        let running = start(client, "flood").await;
        let mut open = Vec::new();
        for _ in 0..4 {
            open.push(opened(&mut events).await);
        }
        // What is too much is declined at once, and that is written down.
        let many = vec!["form declined: too many of its questions wait already"; FLOOD - 4];
        journal_says(client, &many).await;
        assert_eq!(client.send(&Questions {}).await.unwrap(), open);
        for question in &open {
            give(client, question, QuestionAnswer::Cancel)
                .await
                .unwrap();
        }
        let answers = ended(running).await;
        let count = |action: &str| {
            let all = answers.as_array().unwrap();
            all.iter()
                .filter(|answer| answer["action"] == action)
                .count()
        };
        assert_eq!((count("cancel"), count("decline")), (4, FLOOD - 4));
    }
}

#[tokio::test]
async fn a_form_that_cannot_be_filled_in_is_no_question() {
    for behaviour in everyone() {
        let modern = behaviour.era == crate::support::fake::Era::Modern;
        let (_server, board) = asking(behaviour).await;
        let client = &board.client;
        let running = start(client, "wrong").await;
        let answers = ended(running).await;
        if modern {
            assert_eq!(answers, json!([{ "action": "decline" }]));
        } else {
            assert_eq!(answers[0]["code"], -32602);
        }
        journal_says(
            client,
            &["question declined: its form asks for more than plain values"],
        )
        .await;
    }
}

#[tokio::test]
async fn who_does_not_want_to_be_asked_is_told_what_was_declined() {
    for behaviour in everyone() {
        let (_server, board) = asking(behaviour).await;
        let client = &board.client;
        let mut events = client.events(None).await.unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let call = call_of(client, "form", false).await;
        let hear = Arc::clone(&said);
        let answer = client
            .run(&call, &mut |step| hear.lock().unwrap().push(step))
            .await
            .unwrap();
        let answers = &answer.result["structuredContent"]["answers"];
        assert_eq!(*answers, json!([{ "action": "decline" }]));
        let said = said.lock().unwrap().clone();
        let [CallStep::Declined { message, .. }] = said.as_slice() else {
            panic!("{said:?}");
        };
        assert_eq!(message.as_ref().unwrap().raw(), "Where do you fly to?");
        loop {
            match next(&mut events).await {
                EventKind::QuestionOpened(_) => panic!("nobody is asked"),
                EventKind::Journal(line) if line.event == JournalEvent::Call => break,
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn a_call_that_waits_for_a_page_is_made_again_after_the_yes() {
    let (server, board) = asking(Behaviour::legacy("2025-11-25")).await;
    let client = &board.client;
    let mut events = client.events(None).await.unwrap();
    let running = start(client, "page-first").await;
    let question = opened(&mut events).await;
    assert!(matches!(question.asked, Asked::Url { .. }));
    give(client, &question, accept(json!({}))).await.unwrap();
    assert_eq!(ended(running).await, json!([]));
    assert_eq!(server.count("tools/call"), 2);
    let running = start(client, "page-first").await;
    let question = opened(&mut events).await;
    give(client, &question, QuestionAnswer::Decline)
        .await
        .unwrap();
    let fault = running.await.unwrap().unwrap_err();
    assert!(
        fault.message.contains("a page has to be visited first"),
        "{fault}"
    );
    assert_eq!(server.count("tools/call"), 3);
}
