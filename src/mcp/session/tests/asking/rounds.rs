//! Servers that ask by a result or an error: the call is sent again.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::super::{
    fake::{Fake, legacy, modern, text},
    *,
};
use super::{Somebody, accept, answer, ask, call_asked, form};
use crate::domain::{Asked, QuestionAnswer};

/// A modern server that asks these, a round each, and then answers with what came.
async fn asking_in_rounds(rounds: usize) -> Fake {
    Fake::serve(move |asked, out| async move {
        let Some((asked, mut out)) = modern(asked, out).await else {
            return;
        };
        let params = &asked.body["params"];
        let round = match params["requestState"].as_str() {
            None => 0,
            Some(state) => state.strip_prefix("opaque ").unwrap().parse().unwrap(),
        };
        if round == rounds {
            let mut result = text("done");
            result["resultType"] = json!("complete");
            result["came"] = params["inputResponses"].clone();
            return out.result(&asked, result).await;
        }
        let result = json!({
            "resultType": "input_required",
            "inputRequests": { "the one": { "method": "elicitation/create", "params": form() } },
            "requestState": format!("opaque {}", round + 1),
        });
        out.result(&asked, result).await;
    })
    .await
}

#[tokio::test]
async fn a_modern_server_gets_its_answers_and_its_state_round_after_round() {
    let fake = asking_in_rounds(2).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let who = Somebody::with([accept(json!({ "zone": "EU" })), QuestionAnswer::Decline]);
    let answer = call_asked(&tried.session, &who).await.unwrap();
    assert_eq!(
        answer.result["came"],
        json!({ "the one": { "action": "decline" } })
    );
    let calls: Vec<Value> = fake.all("tools/call");
    let responses: Vec<&Value> = calls
        .iter()
        .map(|c| &c["params"]["inputResponses"])
        .collect();
    let first = json!({ "the one": { "action": "accept", "content": { "zone": "EU" } } });
    assert_eq!(responses[..2], [&Value::Null, &first]);
    let ids: std::collections::HashSet<String> =
        calls.iter().map(|call| call["id"].to_string()).collect();
    assert_eq!(ids.len(), 3, "each round is a request of its own");
    let meta = &calls[0]["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"];
    assert_eq!(meta["elicitation"], json!({ "form": {}, "url": {} }));
    let asked = who.asked.lock().unwrap();
    let Asked::Form { schema, .. } = &asked[0].0 else {
        panic!("a form");
    };
    assert_eq!(schema.to_string(), form()["requestedSchema"].to_string());
}

#[tokio::test]
async fn a_modern_server_that_asks_without_end_is_given_up() {
    let fake = asking_in_rounds(usize::MAX).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let ended = call(&tried.session, "echo").await;
    let Err(CallFault::Refused(fault)) = ended else {
        panic!("{ended:?}");
    };
    assert!(fault.message.contains("more than 10 times"), "{fault}");
}

#[tokio::test]
async fn a_modern_server_that_only_wants_time_gets_it_for_a_while() {
    let only_state = |rounds: usize| async move {
        let seen = Arc::new(AtomicUsize::new(0));
        Fake::serve(move |asked, out| {
            let seen = Arc::clone(&seen);
            async move {
                if let Some((asked, mut out)) = modern(asked, out).await {
                    let mut result = text("at last");
                    result["resultType"] = json!("complete");
                    if seen.fetch_add(1, Ordering::Relaxed) < rounds {
                        result = json!({ "resultType": "input_required", "requestState": "s" });
                    }
                    out.result(&asked, result).await;
                }
            }
        })
        .await
    };
    let fake = only_state(3).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let answer = call(&tried.session, "echo").await.unwrap();
    assert_eq!(answer.result["content"], text("at last")["content"]);
    let fake = only_state(usize::MAX).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    assert!(matches!(
        call(&tried.session, "echo").await,
        Err(CallFault::Refused(_))
    ));
}

#[tokio::test]
async fn a_modern_server_may_not_send_requests() {
    let (tell, answers) = watch::channel(Value::Null);
    let fake = Fake::serve(move |asked, mut out| {
        let (tell, mut answers) = (tell.clone(), answers.clone());
        async move {
            if asked.method == "POST" && asked.body["id"] == "q1" {
                tell.send_replace(asked.body["error"].clone());
                return out.status(202, "", "").await;
            }
            if let Some((asked, mut out)) = modern(asked, out).await {
                out.open_stream().await;
                out.event(&ask("q1", &form())).await;
                let said = answers
                    .wait_for(|said| !said.is_null())
                    .await
                    .unwrap()
                    .clone();
                let mut result = json!({ "said": said["code"] });
                result["resultType"] = json!("complete");
                out.event(&answer(&asked, result)).await;
            }
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let who = Somebody::default();
    let answer = call_asked(&tried.session, &who).await.unwrap();
    assert_eq!(answer.result["said"], -32601);
    assert!(who.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_call_refused_until_a_page_was_visited_is_made_again_after_a_yes() {
    let refusing = || async {
        let visited = Arc::new(AtomicBool::new(false));
        Fake::serve(move |asked, out| {
            let visited = Arc::clone(&visited);
            async move {
                if let Some((asked, mut out)) = legacy(asked, out).await {
                    if visited.swap(true, Ordering::Relaxed) {
                        return out.result(&asked, text("thanks")).await;
                    }
                    let page = json!({
                        "mode": "url", "elicitationId": "e",
                        "url": "https://x.example/go", "message": "Visit",
                    });
                    let error = json!({
                        "code": -32042, "message": "not yet", "data": { "elicitations": [page] },
                    });
                    let body = json!({ "jsonrpc": "2.0", "id": asked.id(), "error": error });
                    out.json(200, "", &body).await;
                }
            }
        })
        .await
    };
    let fake = refusing().await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let who = Somebody::with([accept(json!({}))]);
    assert_eq!(
        call_asked(&tried.session, &who).await.unwrap().result,
        text("thanks")
    );
    let fake = refusing().await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let ended = call(&tried.session, "echo").await;
    let Err(CallFault::Refused(fault)) = ended else {
        panic!("{ended:?}");
    };
    assert!(fault.message.contains("-32042"), "{fault}");
    assert!(fault.hints[0].contains("page"), "{fault:?}");
    assert_eq!(
        fake.all("tools/call").len(),
        1,
        "without a yes it is not made again"
    );
}
