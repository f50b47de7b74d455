//! Servers that ask back during a call; `rounds` has those that do it by their
//! results and errors.

mod rounds;

use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Map, Value, json};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::{
    fake::{Asked as Request, Fake, Out, legacy, text},
    *,
};
use crate::domain::{Asked, QuestionAnswer};

/// Nobody is asked.
pub(super) struct Mute;

impl AskBack for Mute {
    fn willing(&self) -> bool {
        false
    }

    fn ask(&self, _asked: Asked, _certain: bool) -> BoxFuture<'_, QuestionAnswer> {
        std::future::ready(QuestionAnswer::Decline).boxed()
    }

    fn refused(&self, _why: &str) {}
}

/// Somebody who has these answers, each after a while.
#[derive(Default)]
struct Somebody {
    answers: Mutex<VecDeque<QuestionAnswer>>,
    after: Duration,
    asked: Mutex<Vec<(Asked, bool)>>,
    refused: Mutex<Vec<String>>,
    taken_back: AtomicUsize,
    news: Notify,
}

/// Notices when a question is taken back.
struct Taken<'a>(&'a Somebody, bool);

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if !self.1 {
            self.0.taken_back.fetch_add(1, Ordering::Relaxed);
            self.0.news.notify_one();
        }
    }
}

impl Somebody {
    fn with(answers: impl IntoIterator<Item = QuestionAnswer>) -> Self {
        Self {
            answers: Mutex::new(answers.into_iter().collect()),
            ..Self::default()
        }
    }
}

impl AskBack for Somebody {
    fn willing(&self) -> bool {
        true
    }

    fn ask(&self, asked: Asked, certain: bool) -> BoxFuture<'_, QuestionAnswer> {
        self.asked.lock().unwrap().push((asked, certain));
        self.news.notify_one();
        let answer = self.answers.lock().unwrap().pop_front();
        let taken = Taken(self, false);
        async move {
            let mut taken = taken;
            tokio::time::sleep(self.after).await;
            let answer = match answer {
                Some(answer) => answer,
                None => std::future::pending().await,
            };
            taken.1 = true;
            answer
        }
        .boxed()
    }

    fn refused(&self, why: &str) {
        self.refused.lock().unwrap().push(why.to_owned());
    }
}

fn accept(content: Value) -> QuestionAnswer {
    match content {
        Value::Object(content) => QuestionAnswer::Accept { content },
        _ => panic!("an object"),
    }
}

async fn call_asked(session: &Session, who: &dyn AskBack) -> Result<CallAnswer, CallFault> {
    let never = CancellationToken::new();
    within(session.call("echo", Map::new(), &mut |_: Progress| {}, who, never)).await
}

fn form() -> Value {
    // Members that rmcp's models do not know, in an order that they do not keep.
    json!({
        "message": "Which?",
        "requestedSchema": {
            "type": "object",
            "properties": {
                "zone": { "type": "string", "x-vendor": 1 },
                "all": { "type": "boolean", "default": true }
            },
            "required": ["zone"]
        }
    })
}

fn ask(id: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "elicitation/create", "params": params })
}

/// A legacy server that asks this on the stream of each call, and answers with what
/// came back.
async fn asking(params: Value) -> Fake {
    let (tell, answers) = watch::channel(Value::Null);
    Fake::serve(move |asked, out| {
        let (tell, mut answers) = (tell.clone(), answers.clone());
        let params = params.clone();
        async move {
            let Some((asked, mut out)) = heard(asked, out, &tell).await else {
                return;
            };
            out.open_stream().await;
            out.event(&ask("q1", &params)).await;
            let said = answers
                .wait_for(|said| !said.is_null())
                .await
                .unwrap()
                .clone();
            out.event(&answer(&asked, json!({ "said": said }))).await;
        }
    })
    .await
}

fn answer(asked: &Request, result: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": asked.id(), "result": result })
}

/// Answers what every legacy server must, and keeps what comes back to `q1`.
async fn heard(
    asked: Request,
    mut out: Out,
    tell: &watch::Sender<Value>,
) -> Option<(Request, Out)> {
    if asked.method == "POST" && asked.body["id"] == "q1" {
        let body = &asked.body;
        tell.send_replace(body.get("result").or(body.get("error")).unwrap().clone());
        out.status(202, "", "").await;
        return None;
    }
    legacy(asked, out).await
}

#[tokio::test]
async fn a_legacy_server_s_form_comes_as_it_was_sent_and_its_answer_goes_back() {
    let fake = asking(form()).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let who = Somebody::with([accept(json!({ "zone": "EU", "all": false }))]);
    let answer = call_asked(&tried.session, &who).await.unwrap();
    let said = json!({ "action": "accept", "content": { "zone": "EU", "all": false } });
    assert_eq!(answer.result, json!({ "said": said }));
    let asked = who.asked.lock().unwrap().clone();
    let [(Asked::Form { message, schema }, true)] = asked.as_slice() else {
        panic!("one form, of this call for certain: {asked:?}");
    };
    assert_eq!(message.raw(), "Which?");
    assert_eq!(schema.to_string(), form()["requestedSchema"].to_string());
    let offered = &fake.asked("initialize").await.body["params"]["capabilities"];
    assert_eq!(offered["elicitation"], json!({ "form": {}, "url": {} }));
}

#[tokio::test]
async fn a_page_is_agreed_to_without_content() {
    let page = json!({
        "mode": "url", "message": "Pay", "url": "https://x.example/pay", "elicitationId": "e",
    });
    let fake = asking(page).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let who = Somebody::with([accept(json!({}))]);
    let answer = call_asked(&tried.session, &who).await.unwrap();
    assert_eq!(answer.result, json!({ "said": { "action": "accept" } }));
}

#[tokio::test]
async fn who_is_not_to_be_asked_is_not() {
    let fake = asking(form()).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let answer = call(&tried.session, "echo").await.unwrap();
    assert_eq!(answer.result, json!({ "said": { "action": "decline" } }));
}

#[tokio::test]
async fn a_form_that_nobody_can_fill_in_is_an_error_to_the_server() {
    let nested = json!({ "message": "m", "requestedSchema": {
        "type": "object",
        "properties": { "a": { "type": "object", "properties": {} } }
    } });
    let fake = asking(nested).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let who = Somebody::default();
    let answer = call_asked(&tried.session, &who).await.unwrap();
    assert_eq!(answer.result["said"]["code"], -32602);
    assert_eq!(
        *who.refused.lock().unwrap(),
        ["its form asks for more than plain values"]
    );
    assert!(who.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn waiting_for_an_answer_is_no_lack_of_life() {
    let fake = asking(form()).await;
    let mut patient = plan(&fake.url);
    patient.options.timeout_seconds = Some(1);
    let tried = connect(patient).await.unwrap();
    let who = Somebody {
        after: Duration::from_millis(1300),
        ..Somebody::with([QuestionAnswer::Decline])
    };
    let answer = call_asked(&tried.session, &who).await.unwrap();
    assert_eq!(answer.result, json!({ "said": { "action": "decline" } }));
}

#[tokio::test]
async fn a_question_goes_with_its_call() {
    let fake = asking(form()).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let who = Somebody::default();
    let cancel = CancellationToken::new();
    let mut quiet = |_: Progress| {};
    let running = tried
        .session
        .call("echo", Map::new(), &mut quiet, &who, cancel.clone());
    let taken_back = async {
        who.news.notified().await;
        cancel.cancel();
    };
    let (ended, ()) = within(async { tokio::join!(running, taken_back) }).await;
    assert_eq!(ended, Err(CallFault::Cancelled));
    assert_eq!(who.taken_back.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_server_that_takes_its_question_back_is_believed() {
    let (gone, wait) = watch::channel(false);
    let fake = Fake::serve(move |asked, out| {
        let mut wait = wait.clone();
        async move {
            let Some((asked, mut out)) = legacy(asked, out).await else {
                return;
            };
            out.open_stream().await;
            out.event(&ask("q1", &form())).await;
            let back = json!({
                "jsonrpc": "2.0", "method": "notifications/cancelled",
                "params": { "requestId": "q1" },
            });
            out.event(&back).await;
            wait.wait_for(|gone| *gone).await.unwrap();
            out.event(&answer(&asked, text("without you"))).await;
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let who = Somebody::default();
    let noticed = async {
        while who.taken_back.load(Ordering::Relaxed) == 0 {
            // A question that came and went before it was put is gone as well.
            if tokio::time::timeout(Duration::from_millis(200), who.news.notified())
                .await
                .is_err()
            {
                break;
            }
        }
        gone.send(true).unwrap();
    };
    let (answer, ()) = tokio::join!(call_asked(&tried.session, &who), noticed);
    assert_eq!(answer.unwrap().result, text("without you"));
    assert_eq!(
        who.taken_back.load(Ordering::Relaxed),
        who.asked.lock().unwrap().len()
    );
}

#[tokio::test]
async fn what_is_asked_outside_of_any_call_is_declined_and_said_once() {
    let (tell, answers) = watch::channel(Value::Null);
    let fake = Fake::serve(move |asked, mut out| {
        let tell = tell.clone();
        async move {
            if asked.method == "GET" {
                out.open_stream().await;
                for _ in 0..3 {
                    out.event(&ask("q1", &form())).await;
                }
                return out.hung_up().await;
            }
            drop(heard(asked, out, &tell).await);
        }
    })
    .await;
    let mut tried = connect(plan(&fake.url)).await.unwrap();
    let mut answers = answers;
    let said = within(answers.wait_for(|said| !said.is_null())).await;
    assert_eq!(*said.unwrap(), json!({ "action": "decline" }));
    let event = within(tried.events.recv()).await;
    assert_eq!(event, Some(SessionEvent::AskedOutside));
    tried.session.close().await;
    assert_eq!(tried.events.try_recv().ok(), None);
}

#[tokio::test]
async fn a_program_s_question_belongs_to_the_one_call_there_is() {
    let plan = stdio::server(
        "",
        r#"
  *'"tools/call"'*) kept=$id; say "{\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":\"elicitation/create\",\"params\":{\"message\":\"m\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}}}" ;;
  *'"id":"q1"'*) case "$line" in *'"a":7'*) said=seven ;; *) said=other ;; esac
    say "{\"jsonrpc\":\"2.0\",\"id\":$kept,\"result\":{\"said\":\"$said\"}}" ;;
"#,
    );
    let tried = connect(plan).await.unwrap();
    let who = Somebody::with([accept(json!({ "a": 7 }))]);
    let answer = call_asked(&tried.session, &who).await.unwrap();
    assert_eq!(answer.result, json!({ "said": "seven" }));
    assert!(who.asked.lock().unwrap()[0].1, "no other call is under way");
}

#[tokio::test]
async fn two_questions_at_once_are_both_put() {
    let (tell, mut answers) = mpsc::channel::<Value>(4);
    let (done, wait) = watch::channel(false);
    let fake = Fake::serve(move |asked, mut out| {
        let (tell, mut wait) = (tell.clone(), wait.clone());
        async move {
            if asked.method == "POST" && asked.body["result"].is_object() {
                tell.send(asked.body.clone()).await.unwrap();
                return out.status(202, "", "").await;
            }
            if let Some((asked, mut out)) = legacy(asked, out).await {
                out.open_stream().await;
                out.event(&ask("q1", &form())).await;
                out.event(&ask("q2", &form())).await;
                wait.wait_for(|done| *done).await.unwrap();
                out.event(&answer(&asked, text("both"))).await;
            }
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let who = Somebody::with([QuestionAnswer::Cancel, QuestionAnswer::Decline]);
    let both = async {
        let mut came = vec![answers.recv().await.unwrap(), answers.recv().await.unwrap()];
        came.sort_by_key(|one| one["id"].to_string());
        done.send(true).unwrap();
        came
    };
    let (answer, came) = tokio::join!(call_asked(&tried.session, &who), both);
    assert_eq!(answer.unwrap().result, text("both"));
    assert_eq!(came[0]["result"]["action"], "cancel");
    assert_eq!(came[1]["result"]["action"], "decline");
}
