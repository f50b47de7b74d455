//! Resources and prompts, in both families.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc};

use super::{
    fake::{Asked, Fake, Out, legacy, modern},
    *,
};
use crate::domain::Secret;

const UPDATED: &str = "notifications/resources/updated";

fn contents(text: &str) -> Value {
    json!({"contents": [{"uri": "x://a", "text": text, "vendor": {"kept": true}}], "vendor": 1})
}

fn note(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

/// A session with a server that answers by `answer` what is left of its family.
async fn session_with<F, Fut>(fake: F) -> (Arc<Session>, Fake, mpsc::Receiver<SessionEvent>)
where
    F: Fn(Asked, Out) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send,
{
    let fake = Fake::serve(fake).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    (Arc::new(tried.session), fake, tried.events)
}

#[tokio::test]
async fn every_page_is_listed_and_a_server_without_templates_has_none() {
    let (session, fake, _events) = session_with(|asked, out| async {
        let Some((asked, mut out)) = legacy(asked, out).await else {
            return;
        };
        match (asked.what(), asked.body["params"]["cursor"].as_str()) {
            ("resources/list", None) => {
                let result =
                    json!({"resources": [{"uri": "x://a", "name": "a"}], "nextCursor": "2"});
                out.result(&asked, result).await;
            }
            ("resources/list", Some(_)) => {
                out.result(&asked, json!({"resources": [{"uri": "x://b"}]}))
                    .await;
            }
            ("prompts/list", _) => {
                out.result(&asked, json!({"prompts": [{"name": "greet"}]}))
                    .await;
            }
            _ => out.error(200, &asked, -32601, "Method not found").await,
        }
    })
    .await;
    let listed = within(session.list_resources()).await.unwrap();
    let uris: Vec<_> = listed.resources.iter().map(|one| one.uri.raw()).collect();
    assert_eq!(uris, ["x://a", "x://b"]);
    assert!(listed.templates.is_empty());
    assert_eq!(within(session.list_prompts()).await.unwrap().len(), 1);
    assert!(fake.log().contains(&"resources/templates/list".to_owned()));
}

#[tokio::test]
async fn what_is_read_comes_through_as_it_was_sent() {
    let (session, fake, _events) = session_with(|asked, out| async {
        if let Some((asked, mut out)) = modern(asked, out).await {
            let mut result = contents("hi");
            result["resultType"] = json!("complete");
            result["contents"][0]["big"] = json!(18446744073709551615u64);
            out.result(&asked, result).await;
        }
    })
    .await;
    let odd = "x://\u{1b}[2J/é\r\n";
    let read = within(session.read_resource(odd)).await.unwrap();
    assert_eq!(read.result["vendor"], 1);
    assert_eq!(read.result["contents"][0]["vendor"], json!({"kept": true}));
    assert_eq!(read.result["contents"][0]["big"], 18446744073709551615u64);
    assert!(read.bytes > 50);
    let asked = fake.asked("resources/read").await;
    assert_eq!(asked.body["params"]["uri"], odd);
    assert!(asked.headers["mcp-name"].starts_with("=?base64?"));
}

#[tokio::test]
async fn a_prompt_is_filled_in_with_texts() {
    let (session, fake, _events) = session_with(|asked, out| async {
        if let Some((asked, mut out)) = legacy(asked, out).await {
            out.result(&asked, json!({"messages": [], "vendor": 1}))
                .await;
        }
    })
    .await;
    let arguments = BTreeMap::from([("who".to_owned(), "7".to_owned())]);
    let filled = within(session.get_prompt("greet", &arguments))
        .await
        .unwrap();
    assert_eq!(filled.result, json!({"messages": [], "vendor": 1}));
    let params = &fake.asked("prompts/get").await.body["params"];
    assert_eq!(params["name"], "greet");
    assert_eq!(params["arguments"], json!({"who": "7"}));
}

#[tokio::test]
async fn a_resource_that_is_not_there_is_told_from_a_server_that_fails() {
    for (code, kind) in [
        (-32002, FaultKind::NotFound),
        (-32602, FaultKind::NotFound),
        (-32603, FaultKind::Server),
    ] {
        let (session, _fake, _events) = session_with(move |asked, out| async move {
            if let Some((asked, mut out)) = legacy(asked, out).await {
                out.error(200, &asked, code, "no \u{1b}[2J such").await;
            }
        })
        .await;
        let fault = within(session.read_resource("x://a")).await.unwrap_err();
        assert_eq!(fault.kind, kind, "{code}");
        assert!(fault.message.contains("no ⟨U+001B⟩[2J such"), "{fault}");
    }
}

#[tokio::test]
async fn what_a_fault_quotes_has_no_secret_in_it() {
    let fake = Fake::serve(|asked, out| async {
        if let Some((asked, mut out)) = legacy(asked, out).await {
            let words = asked.headers["authorization"].clone();
            out.error(200, &asked, -32002, &words).await;
        }
    })
    .await;
    let mut with_token = plan(&fake.url);
    with_token.credentials = Credentials::Bearer(Secret::new("s3cr3t-key"));
    let tried = connect(with_token).await.unwrap();
    let session = Arc::new(tried.session);
    for fault in [
        within(session.read_resource("x://a")).await.unwrap_err(),
        within(session.list_resources()).await.unwrap_err(),
        within(session.get_prompt("p", &BTreeMap::new()))
            .await
            .unwrap_err(),
        within(session.watch("x://a")).await.unwrap_err(),
    ] {
        assert!(fault.message.contains("Bearer •••"), "{fault}");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_named() {
    for (result, phrase) in [
        (json!({"contents": "text"}), "no list of contents"),
        (json!({}), "no list of contents"),
        (json!(7), "no list of contents"),
    ] {
        let (session, _fake, _events) = session_with(move |asked, out| {
            let result = result.clone();
            async move {
                if let Some((asked, mut out)) = legacy(asked, out).await {
                    out.result(&asked, result).await;
                }
            }
        })
        .await;
        let fault = within(session.read_resource("x://a")).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::NotMcp);
        assert!(fault.message.contains(phrase), "{fault}");
    }
}

#[tokio::test]
async fn a_dropped_reading_is_taken_back() {
    let (session, fake, _events) = session_with(|asked, out| async {
        if let Some((_, mut out)) = legacy(asked, out).await {
            out.open_stream().await;
            out.hung_up().await;
        }
    })
    .await;
    let id = tokio::select! {
        _ = session.read_resource("x://a") => panic!("it never answers"),
        asked = fake.asked("resources/read") => asked.id(),
    };
    let notice = fake.asked("notifications/cancelled").await;
    assert_eq!(notice.body["params"]["requestId"], id);
}

/// A legacy server whose stream says what is put in here.
async fn legacy_telling(
    tell: Arc<Notify>,
    said: &'static [&'static str],
) -> (Arc<Session>, Fake, mpsc::Receiver<SessionEvent>) {
    session_with(move |asked, mut out| {
        let tell = Arc::clone(&tell);
        async move {
            if asked.what() == "GET" {
                out.open_stream().await;
                loop {
                    tell.notified().await;
                    for uri in said {
                        out.event(&note(UPDATED, json!({ "uri": uri }))).await;
                    }
                }
            } else if let Some((asked, mut out)) = legacy(asked, out).await {
                out.result(&asked, json!({})).await;
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_legacy_server_is_told_of_the_first_watcher_and_of_the_last() {
    let tell = Arc::new(Notify::new());
    let (session, fake, _events) = legacy_telling(Arc::clone(&tell), &["x://a/part"]).await;
    fake.asked("GET").await;
    let mut one = within(session.watch("x://a")).await.unwrap();
    let mut two = within(session.watch("x://a")).await.unwrap();
    tell.notify_one();
    loop {
        // The stream that was opened first may be a doubt.
        match within(one.changed()).await.unwrap() {
            Change::Updated => break,
            other => assert_eq!(other, Change::Perhaps),
        }
    }
    while within(two.changed()).await.unwrap() != Change::Updated {}
    let count = |what: &str| fake.log().iter().filter(|one| *one == what).count();
    assert_eq!(count("resources/subscribe"), 1);
    drop(one);
    // Whoever comes now joins whoever is there.
    let three = within(session.watch("x://a")).await.unwrap();
    assert_eq!(count("resources/unsubscribe"), 0);
    drop((two, three));
    let told = fake.asked("resources/unsubscribe").await;
    assert_eq!(told.body["params"]["uri"], "x://a");
    assert_eq!(count("resources/subscribe"), 1);
}

#[tokio::test]
async fn updates_of_what_nobody_watches_go_by() {
    let tell = Arc::new(Notify::new());
    let said: &[&str] = &["x://b", "x://ab", "\u{1b}]0;x\u{7}", "", "x://a"];
    let (session, fake, _events) = legacy_telling(Arc::clone(&tell), said).await;
    fake.asked("GET").await;
    let mut watch = within(session.watch("x://a")).await.unwrap();
    let mut other = within(session.watch("x://other")).await.unwrap();
    tell.notify_one();
    while within(watch.changed()).await.unwrap() != Change::Updated {}
    // What came before the one that counts is through by now.
    let heard = other.settle();
    assert!(!heard, "it heard of what it does not watch");
}

#[tokio::test]
async fn a_legacy_server_that_forgot_its_session_is_asked_again() {
    let forgets = Arc::new(AtomicUsize::new(0));
    let (session, fake, _events) = session_with(move |asked, out| {
        let forgets = Arc::clone(&forgets);
        async move {
            let Some((asked, mut out)) = legacy(asked, out).await else {
                return;
            };
            if asked.what() == "resources/read" && forgets.fetch_add(1, Ordering::SeqCst) == 0 {
                out.status(404, "", "").await;
            } else {
                out.result(&asked, contents("hi")).await;
            }
        }
    })
    .await;
    let mut watch = within(session.watch("x://a")).await.unwrap();
    within(session.read_resource("x://a")).await.unwrap();
    assert_eq!(within(watch.changed()).await.unwrap(), Change::Perhaps);
    let subscribed = fake.log();
    let times = subscribed
        .iter()
        .filter(|what| *what == "resources/subscribe");
    assert_eq!(times.count(), 2);
}

/// Answers the stream of a modern server with these, after the acknowledgement.
async fn stream(asked: &Asked, out: &mut Out, taken: Value, said: &[Value]) {
    let meta = json!({"io.modelcontextprotocol/subscriptionId": asked.id()});
    out.open_stream().await;
    let taken = json!({"notifications": taken, "_meta": meta});
    out.event(&note("notifications/subscriptions/acknowledged", taken))
        .await;
    for params in said {
        let mut params = params.clone();
        params["_meta"] = meta.clone();
        out.event(&note(UPDATED, params)).await;
    }
}

#[tokio::test]
async fn a_modern_server_holds_a_stream_for_each_resource() {
    let (gone, mut hung_up) = mpsc::channel(1);
    let (session, fake, _events) = session_with(move |asked, mut out| {
        let gone = gone.clone();
        async move {
            if asked.what() == "subscriptions/listen" {
                let wanted = asked.body["params"]["notifications"].clone();
                // A part of what is watched: not what was asked for by name.
                let said = [json!({"uri": "x://a/part"}), json!({"uri": "x://stranger"})];
                stream(&asked, &mut out, wanted, &said).await;
                out.hung_up().await;
                gone.send(()).await.unwrap();
            } else {
                modern(asked, out).await;
            }
        }
    })
    .await;
    let mut watch = within(session.watch("x://a")).await.unwrap();
    assert_eq!(within(watch.changed()).await.unwrap(), Change::Updated);
    let asked = fake.asked("subscriptions/listen").await;
    assert_eq!(
        asked.body["params"]["notifications"],
        json!({"resourceSubscriptions": ["x://a"]})
    );
    drop(watch);
    within(hung_up.recv()).await.unwrap();
    let streams = fake.log();
    let streams = streams
        .iter()
        .filter(|what| *what == "subscriptions/listen");
    assert_eq!(streams.count(), 1, "no update ended the stream");
}

#[tokio::test]
async fn a_stream_that_broke_is_opened_again_and_leaves_a_doubt() {
    let times = Arc::new(AtomicUsize::new(0));
    let (session, _fake, _events) = session_with(move |asked, mut out| {
        let times = Arc::clone(&times);
        async move {
            if asked.what() == "subscriptions/listen" {
                let wanted = asked.body["params"]["notifications"].clone();
                stream(&asked, &mut out, wanted, &[]).await;
                if times.fetch_add(1, Ordering::SeqCst) > 0 {
                    out.hung_up().await;
                }
            } else {
                modern(asked, out).await;
            }
        }
    })
    .await;
    let mut watch = within(session.watch("x://a")).await.unwrap();
    assert_eq!(within(watch.changed()).await.unwrap(), Change::Perhaps);
}

#[tokio::test]
async fn a_server_that_does_not_tell_is_named() {
    let (session, _fake, _events) = session_with(|asked, out| async {
        if let Some((asked, mut out)) = legacy(asked, out).await {
            out.error(200, &asked, -32601, "Method not found").await;
        }
    })
    .await;
    let fault = within(session.watch("x://a")).await.unwrap_err();
    assert!(fault.message.contains("does not tell when"), "{fault}");

    let (session, _fake, _events) = session_with(|asked, mut out| async {
        if asked.what() == "subscriptions/listen" {
            stream(&asked, &mut out, json!({}), &[]).await;
            out.hung_up().await;
        } else {
            modern(asked, out).await;
        }
    })
    .await;
    let fault = within(session.watch("x://a")).await.unwrap_err();
    assert!(fault.message.contains("does not tell when"), "{fault}");
}

#[tokio::test]
async fn a_watch_ends_with_its_session() {
    let tell = Arc::new(Notify::new());
    let (session, _fake, _events) = legacy_telling(tell, &[]).await;
    let mut watch = within(session.watch("x://a")).await.unwrap();
    session.close().await;
    loop {
        match within(watch.changed()).await.unwrap() {
            Change::SessionOver => break,
            other => assert_eq!(other, Change::Perhaps),
        }
    }
    assert!(session.is_over());
}

#[tokio::test]
async fn changed_lists_are_said_in_both_families() {
    let (_session, _fake, mut events) = session_with(|asked, mut out| async move {
        if asked.what() == "GET" {
            out.open_stream().await;
            let method = "notifications/prompts/list_changed";
            out.event(&note(method, json!({}))).await;
            out.hung_up().await;
        } else {
            legacy(asked, out).await;
        }
    })
    .await;
    let said = within(events.recv()).await;
    assert_eq!(said, Some(SessionEvent::OffersChanged));

    let (_session, _fake, mut events) = session_with(|asked, mut out| async move {
        match asked.what() {
            "server/discover" => {
                let result = json!({
                    "resultType": "complete", "supportedVersions": ["2026-07-28"], "ttlMs": 0,
                    "cacheScope": "private",
                    "capabilities": {"resources": {"listChanged": true}, "tools": {}},
                });
                out.result(&asked, result).await;
            }
            "subscriptions/listen" => {
                let wanted = asked.body["params"]["notifications"].clone();
                assert_eq!(wanted, json!({"resourcesListChanged": true}));
                stream(&asked, &mut out, wanted, &[]).await;
                let meta = json!({"io.modelcontextprotocol/subscriptionId": asked.id()});
                let method = "notifications/resources/list_changed";
                out.event(&note(method, json!({ "_meta": meta }))).await;
                out.hung_up().await;
            }
            _ => drop(modern(asked, out).await),
        }
    })
    .await;
    let said = within(events.recv()).await;
    assert_eq!(said, Some(SessionEvent::OffersChanged));
}
