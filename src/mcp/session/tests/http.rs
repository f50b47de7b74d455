//! Streamable HTTP as it should be, in both families.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Map, Value, json};
use tokio::sync::{Barrier, mpsc};
use tokio_util::sync::CancellationToken;

use super::{
    asking::Mute,
    fake::{Asked, Fake, Out, legacy, modern, text, tool},
    *,
};
use crate::domain::Secret;

#[tokio::test]
async fn a_modern_server_needs_one_request_to_connect() {
    let fake = Fake::serve(|asked, out| async {
        if let Some((asked, mut out)) = modern(asked, out).await {
            let mut result = text("hi");
            result["resultType"] = json!("complete");
            result["structuredContent"] = json!({"big": 18446744073709551615u64});
            out.result(&asked, result).await;
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let info = tried.session.info();
    assert_eq!(
        (info.era, info.transport),
        (Era::Modern, Transport::StreamableHttp)
    );
    assert_eq!(info.protocol, "2026-07-28");
    assert_eq!(info.server.name.raw(), "new");
    assert_eq!(
        tried.stages,
        [Stage::Reach, Stage::Negotiate, Stage::ListFunctions]
    );
    let functions = tried.session.list_functions().await.unwrap();
    assert_eq!(Value::Object(functions[0].definition.clone()), tool("echo"));
    let answer = call(&tried.session, "echo").await.unwrap();
    assert_eq!(answer.result["vendor"], 1);
    assert_eq!(
        answer.result["structuredContent"]["big"],
        18446744073709551615u64
    );
    assert!(answer.bytes > 50);
    let asked = fake.asked("tools/call").await;
    assert_eq!(asked.headers["mcp-method"], "tools/call");
    assert_eq!(asked.headers["mcp-name"], "echo");
    assert_eq!(fake.log(), ["server/discover", "tools/list", "tools/call"]);
}

#[tokio::test]
async fn a_legacy_server_is_found_and_its_session_ended() {
    let fake = Fake::serve(|asked, out| async {
        if let Some((asked, mut out)) = legacy(asked, out).await {
            out.result(&asked, text("hi")).await;
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let info = tried.session.info();
    assert_eq!(
        (info.era, info.protocol.as_str()),
        (Era::Legacy, "2025-06-18")
    );
    assert_eq!(info.instructions.as_ref().unwrap().raw(), "be kind");
    assert_eq!(
        call(&tried.session, "echo").await.unwrap().result,
        text("hi")
    );
    assert_eq!(
        fake.asked("tools/call").await.headers["mcp-session-id"],
        "s1"
    );
    tried.session.close().await;
    assert_eq!(fake.asked("DELETE").await.headers["mcp-session-id"], "s1");
}

#[tokio::test]
async fn what_was_remembered_saves_the_guess_and_may_be_wrong() {
    let old = Fake::serve(|asked, out| async { drop(legacy(asked, out).await) }).await;
    let mut remembered = plan(&old.url);
    remembered.transport = Some(Transport::StreamableHttp);
    remembered.era = Some(Era::Legacy);
    connect(remembered.clone()).await.unwrap();
    assert!(!old.log().contains(&"server/discover".to_owned()));
    let new = Fake::serve(|asked, out| async { drop(modern(asked, out).await) }).await;
    remembered.target = plan(&new.url).target;
    let tried = connect(remembered).await.unwrap();
    assert_eq!(tried.session.info().era, Era::Modern);
    assert_eq!(new.log(), ["initialize", "server/discover"]);
}

#[tokio::test]
async fn every_page_is_read() {
    let fake = Fake::serve(|asked, out| async {
        let (asked, mut out) = match asked.what() {
            "tools/list" => (asked, out),
            _ => return drop(legacy(asked, out).await),
        };
        let result = match asked.body["params"]["cursor"].as_str() {
            None => json!({"tools": [tool("a"), {"name": 7}], "nextCursor": "p2"}),
            Some("p2") => json!({"tools": [tool("b")], "nextCursor": "p3"}),
            Some(_) => json!({"tools": [tool("c")]}),
        };
        out.result(&asked, result).await;
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let functions = within(tried.session.list_functions()).await.unwrap();
    let names: Vec<_> = functions.iter().map(|f| f.name.raw()).collect();
    assert_eq!(names, ["a", "b", "c"]);
}

async fn slow_steps(asked: Asked, mut out: Out) {
    let token = &asked.body["params"]["_meta"]["progressToken"];
    out.open_stream().await;
    for (done, words) in [(1, "one"), (3, "three"), (2, "back"), (4, "four")] {
        let params =
            json!({"progressToken": token, "progress": done, "total": 4, "message": words});
        let note = json!({"jsonrpc": "2.0", "method": "notifications/progress", "params": params});
        out.event(&note).await;
    }
    let answer = json!({"jsonrpc": "2.0", "id": asked.id(), "result": text("done")});
    out.event(&answer).await;
}

#[tokio::test]
async fn progress_only_ever_grows() {
    let fake = Fake::serve(|asked, out| async {
        if let Some((asked, out)) = legacy(asked, out).await {
            slow_steps(asked, out).await;
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let mut seen = Vec::new();
    let answer = within(tried.session.call(
        "echo",
        Map::new(),
        &mut |p: Progress| seen.push((p.progress, p.message.unwrap().raw().to_owned())),
        &Mute,
        CancellationToken::new(),
    ))
    .await
    .unwrap();
    assert_eq!(answer.result, text("done"));
    let said: Vec<_> = seen.iter().map(|(n, words)| (*n, words.as_str())).collect();
    assert_eq!(said, [(1.0, "one"), (3.0, "three"), (4.0, "four")]);
}

#[tokio::test]
async fn calls_run_side_by_side() {
    let both = Arc::new(Barrier::new(2));
    let fake = Fake::serve(move |asked, out| {
        let both = Arc::clone(&both);
        async move {
            if let Some((asked, mut out)) = modern(asked, out).await {
                both.wait().await;
                let name = asked.body["params"]["name"].as_str().unwrap().to_owned();
                out.result(&asked, text(&name)).await;
            }
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let (a, b) = tokio::join!(call(&tried.session, "a"), call(&tried.session, "b"));
    assert_eq!(a.unwrap().result, text("a"));
    assert_eq!(b.unwrap().result, text("b"));
}

#[tokio::test]
async fn a_cancelled_call_is_cancelled_at_a_legacy_server() {
    let fake = Fake::serve(|asked, out| async {
        if let Some((_, mut out)) = legacy(asked, out).await {
            out.open_stream().await;
            out.hung_up().await;
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let cancel = CancellationToken::new();
    let mut quiet = |_: Progress| {};
    let running = tried
        .session
        .call("echo", Map::new(), &mut quiet, &Mute, cancel.clone());
    let taken_back = async {
        let id = fake.asked("tools/call").await.id();
        cancel.cancel();
        id
    };
    let (ended, id) = within(async { tokio::join!(running, taken_back) }).await;
    assert_eq!(ended, Err(CallFault::Cancelled));
    let notice = fake.asked("notifications/cancelled").await;
    assert_eq!(notice.body["params"]["requestId"], id);
}

#[tokio::test]
async fn a_dropped_call_is_cancelled_at_a_modern_server_by_hanging_up() {
    let (tell, mut gone) = mpsc::channel(1);
    let fake = Fake::serve(move |asked, out| {
        let tell = tell.clone();
        async move {
            if let Some((_, mut out)) = modern(asked, out).await {
                out.hung_up().await;
                tell.send(()).await.unwrap();
            }
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    {
        let running = call(&tried.session, "echo");
        tokio::pin!(running);
        tokio::select! {
            _ = &mut running => panic!("it never answers"),
            _ = fake.asked("tools/call") => {}
        }
    }
    within(gone.recv()).await.unwrap();
}

#[tokio::test]
async fn a_session_the_server_forgot_is_made_anew() {
    let calls = Arc::new(AtomicUsize::new(0));
    let fake = Fake::serve(move |asked, out| {
        let calls = Arc::clone(&calls);
        async move {
            if let Some((asked, mut out)) = legacy(asked, out).await {
                match calls.fetch_add(1, Ordering::SeqCst) {
                    0 => out.status(404, "", "").await,
                    _ => out.result(&asked, text("again")).await,
                }
            }
        }
    })
    .await;
    let mut tried = connect(plan(&fake.url)).await.unwrap();
    assert_eq!(
        call(&tried.session, "echo").await.unwrap().result,
        text("again")
    );
    // In the new session the list may be another.
    assert_eq!(
        within(tried.events.recv()).await,
        Some(SessionEvent::FunctionsChanged)
    );
    let log = fake.log();
    assert_eq!(log.iter().filter(|what| *what == "initialize").count(), 2);
}

#[tokio::test]
async fn a_session_that_stays_dead_is_said_to_be_over() {
    let fake = Fake::serve(|asked, out| async {
        if let Some((_, mut out)) = legacy(asked, out).await {
            out.status(404, "", "").await;
        }
    })
    .await;
    let mut tried = connect(plan(&fake.url)).await.unwrap();
    let ended = call(&tried.session, "echo").await.unwrap_err();
    assert!(matches!(ended, CallFault::NotSent(_)), "{ended:?}");
    assert!(tried.closed().await.message.contains("session"));
}

#[tokio::test]
async fn a_legacy_server_tells_of_changes_on_its_stream() {
    let fake = Fake::serve(|asked, mut out| async {
        if asked.what() == "GET" {
            out.open_stream().await;
            let note = json!({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"});
            out.event(&note).await;
            out.hung_up().await;
        } else {
            legacy(asked, out).await;
        }
    })
    .await;
    let mut tried = connect(plan(&fake.url)).await.unwrap();
    assert_eq!(
        within(tried.events.recv()).await,
        Some(SessionEvent::FunctionsChanged)
    );
}

#[tokio::test]
async fn a_modern_server_tells_of_changes_when_asked() {
    let fake = Fake::serve(|asked, mut out| async {
        match asked.what() {
            "server/discover" => {
                let result = json!({
                    "resultType": "complete", "supportedVersions": ["2026-07-28"], "ttlMs": 0,
                    "cacheScope": "private", "capabilities": {"tools": {"listChanged": true}},
                });
                out.result(&asked, result).await;
            }
            "subscriptions/listen" => {
                out.open_stream().await;
                let meta = json!({"io.modelcontextprotocol/subscriptionId": asked.id()});
                let filter = json!({"toolsListChanged": true});
                for (method, params) in [
                    (
                        "notifications/subscriptions/acknowledged",
                        json!({"notifications": filter, "_meta": meta}),
                    ),
                    ("notifications/tools/list_changed", json!({"_meta": meta})),
                ] {
                    out.event(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
                        .await;
                }
                out.hung_up().await;
            }
            _ => drop(modern(asked, out).await),
        }
    })
    .await;
    let mut tried = connect(plan(&fake.url)).await.unwrap();
    assert_eq!(
        within(tried.events.recv()).await,
        Some(SessionEvent::FunctionsChanged)
    );
}

#[tokio::test]
async fn credentials_travel_with_every_request_and_along_a_redirect_that_stays() {
    let fake = Fake::serve(|asked, mut out| async {
        if asked.path == "/mcp" {
            out.status(307, "location: /real\r\n", "").await;
        } else if let Some((asked, mut out)) = legacy(asked, out).await {
            out.result(&asked, text("hi")).await;
        }
    })
    .await;
    let mut with_token = plan(&fake.url);
    with_token.credentials = Credentials::Bearer(Secret::new("t0p"));
    let tried = connect(with_token).await.unwrap();
    call(&tried.session, "echo").await.unwrap();
    for what in ["server/discover", "initialize", "tools/call"] {
        assert_eq!(
            fake.asked(what).await.headers["authorization"],
            "Bearer t0p"
        );
    }
}

#[tokio::test]
async fn parameters_that_travel_in_headers_are_put_there() {
    let refusals = Arc::new(AtomicUsize::new(0));
    let fake = Fake::serve(move |asked, mut out| {
        let refusals = Arc::clone(&refusals);
        async move {
            match asked.what() {
                "tools/list" => {
                    let schema = json!({"type": "object", "properties": {
                        "region": {"type": "string", "x-mcp-header": "Region"},
                    }});
                    let tools = json!([{"name": "echo", "inputSchema": schema, "vendor": 1}]);
                    let result = json!({"resultType": "complete", "tools": tools, "ttlMs": 0, "cacheScope": "private"});
                    out.result(&asked, result).await;
                }
                "tools/call" if refusals.fetch_add(1, Ordering::SeqCst) == 0 => {
                    out.error(400, &asked, -32020, "header missing").await;
                }
                "tools/call" => {
                    let region = asked.headers["mcp-param-region"].clone();
                    out.result(&asked, text(&region)).await;
                }
                _ => drop(modern(asked, out).await),
            }
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let functions = tried.session.list_functions().await.unwrap();
    assert_eq!(functions[0].definition["vendor"], 1);
    let arguments = Map::from_iter([("region".to_owned(), json!("eu"))]);
    let answer = call_with(&tried.session, "echo", arguments).await.unwrap();
    assert_eq!(answer.result, text("eu"));
    let log = fake.log();
    assert_eq!(
        log[log.len() - 3..],
        ["tools/call", "tools/list", "tools/call"]
    );
}

#[tokio::test]
async fn a_server_that_went_away_is_noticed_while_nobody_calls() {
    let fake = Fake::serve(|asked, mut out| async {
        if asked.what() == "GET" {
            out.open_stream().await;
            out.hung_up().await;
        } else {
            legacy(asked, out).await;
        }
    })
    .await;
    let mut tried = connect(plan(&fake.url)).await.unwrap();
    fake.asked("GET").await;
    drop(fake);
    assert_eq!(tried.closed().await.kind, FaultKind::Network);
}

#[test]
fn what_its_asker_was_told_had_not_left_does_not_leave() {
    let wire = Wire::new();
    let id = rmcp::model::RequestId::Number(7);
    let kind = wire::Kind::Whole;
    wire.open(&id, kind, None);
    assert!(wire.leaves(&id));
    assert!(!wire.keep_back(&id), "it may have reached the server");
    wire.came_back(&id);
    assert!(wire.keep_back(&id));
    let _ = wire.take(&id);
    wire.open(&id, kind, None);
    assert!(!wire.leaves(&id));
}
