//! Practice servers are spoken to as any others are, by callboard's own sessions.

use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::domain::{
    Asked, ConnectionOptions, FaultKind, Progress, QuestionAnswer, Secret, Target,
};
use crate::mcp::network::Network;
use crate::mcp::session::{AskBack, ConnectPlan, Credentials, Session, SessionEvent};

async fn connect(
    server: &PracticeServer,
    credentials: Credentials,
) -> Result<(Session, mpsc::Receiver<SessionEvent>), Fault> {
    let plan = ConnectPlan {
        target: Target::Http {
            url: server.url.clone(),
            query: false,
        },
        transport: None,
        era: None,
        credentials,
        options: ConnectionOptions::default(),
    };
    let (tell, events) = mpsc::channel(64);
    let session = Session::connect(&Network::new()?, plan, &mut |_| {}, tell).await?;
    Ok((session, events))
}

async fn open(practice: &Practice, name: &str) -> (Session, mpsc::Receiver<SessionEvent>) {
    let server = practice
        .servers()
        .iter()
        .find(|server| server.name == name)
        .unwrap();
    let credentials = match server.ticket {
        Ticket::None => Credentials::None,
        Ticket::Bearer(token) => Credentials::Bearer(Secret::new(token.to_owned())),
        Ticket::Basic(user, password) => Credentials::Basic {
            user: user.to_owned(),
            password: Secret::new(password.to_owned()),
        },
        Ticket::SignIn => panic!("{name} wants a sign-in"),
    };
    connect(server, credentials).await.unwrap()
}

/// Takes the seat that is asked for.
struct Guest;

impl AskBack for Guest {
    fn willing(&self) -> bool {
        true
    }

    fn ask(&self, _asked: Asked, _certain: bool) -> BoxFuture<'_, QuestionAnswer> {
        let content = serde_json::from_value(json!({ "row": "B", "seat": 7 })).unwrap();
        Box::pin(async { QuestionAnswer::Accept { content } })
    }

    fn refused(&self, why: &str) {
        panic!("{why}");
    }
}

async fn call(session: &Session, name: &str, arguments: Value, on: &mut Vec<Progress>) -> Value {
    let arguments: Map<String, Value> = serde_json::from_value(arguments).unwrap();
    let mut said = |progress| on.push(progress);
    let cancel = CancellationToken::new();
    let answer = session
        .call(name, arguments, &mut said, &Guest, cancel)
        .await
        .unwrap();
    answer.result
}

#[tokio::test]
async fn every_practice_server_lets_in_whoever_shows_its_ticket() {
    let practice = Practice::start().await.unwrap();
    let servers = practice.servers().iter();
    for server in servers.filter(|server| server.ticket != Ticket::SignIn) {
        let (session, _events) = open(&practice, server.name).await;
        let functions = session.list_functions().await.unwrap();
        assert!(!functions.is_empty(), "{}", server.name);
    }
}

#[tokio::test]
async fn whoever_shows_no_ticket_is_asked_to_sign_in() {
    let practice = Practice::start().await.unwrap();
    for server in practice.servers() {
        if server.ticket == Ticket::None {
            continue;
        }
        let fault = connect(server, Credentials::None).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::SignIn, "{}", server.name);
    }
}

#[tokio::test]
async fn what_is_put_on_the_bill_is_listed() {
    let practice = Practice::start().await.unwrap();
    let (session, _events) = open(&practice, "plays").await;
    let added = json!({ "title": "Faust", "author": "Goethe", "acts": 2 });
    call(&session, "add_play", added, &mut vec![]).await;
    let listed = call(&session, "list_plays", json!({}), &mut vec![]).await;
    assert_eq!(listed["structuredContent"]["plays"][4]["title"], "Faust");
}

#[tokio::test]
async fn a_longer_bill_changes_no_function_and_takes_the_new_title() {
    let practice = Practice::start().await.unwrap();
    let (session, _events) = open(&practice, "plays").await;
    let before = session.list_functions().await.unwrap();
    let added = json!({ "title": "Faust", "author": "Goethe", "acts": 2 });
    call(&session, "add_play", added, &mut vec![]).await;
    assert_eq!(session.list_functions().await.unwrap(), before);
    let title = json!({ "title": "Faust" });
    let told = call(&session, "describe_play", title.clone(), &mut vec![]).await;
    let words = told["content"][0]["text"].as_str().unwrap();
    assert!(words.starts_with("# Faust"), "{words}");
    call(&session, "remove_play", title, &mut vec![]).await;
    assert_eq!(session.list_functions().await.unwrap(), before);
}

#[tokio::test]
async fn setting_the_stage_says_how_far_it_is() {
    let practice = Practice::start().await.unwrap();
    let (session, _events) = open(&practice, "stagehand").await;
    let mut said = vec![];
    call(&session, "set_stage", json!({ "pieces": 2 }), &mut said).await;
    assert!(said.iter().any(|one| one.total == Some(2.0)), "{said:?}");
}

#[tokio::test]
async fn a_rewritten_script_is_announced_and_listed_otherwise() {
    let practice = Practice::start().await.unwrap();
    let (session, mut events) = open(&practice, "rehearsal").await;
    let before = session.list_functions().await.unwrap().len();
    call(&session, "rewrite_script", json!({}), &mut vec![]).await;
    assert_eq!(events.recv().await, Some(SessionEvent::FunctionsChanged));
    assert_eq!(session.list_functions().await.unwrap().len(), before + 1);
}

#[tokio::test]
async fn a_seat_is_reserved_by_answering_what_is_asked_back() {
    let practice = Practice::start().await.unwrap();
    let (session, _events) = open(&practice, "plays").await;
    let answer = call(&session, "reserve_seat", json!({}), &mut vec![]).await;
    assert_eq!(answer["content"][0]["text"], "Row B, seat 7, is yours.");
}
