//! Servers that break rules: each ends in a fault that names it.

use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::{
    fake::{Asked, Fake, Out, legacy, modern, text},
    *,
};
use crate::domain::Secret;

/// A modern server whose functions answer by `answer`.
async fn calls_end_in<F, Fut>(answer: F) -> (CallFault, Fake)
where
    F: Fn(Asked, Out) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send,
{
    let fake = Fake::serve(move |asked, out| {
        let answer = answer.clone();
        async move {
            if let Some((asked, out)) = modern(asked, out).await {
                answer(asked, out).await;
            }
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    (call(&tried.session, "echo").await.unwrap_err(), fake)
}

/// A server that answers everything by `answer`.
async fn connecting_ends_in<F, Fut>(answer: F) -> (Fault, Fake)
where
    F: Fn(Asked, Out) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send,
{
    let fake = Fake::serve(answer).await;
    (connect(plan(&fake.url)).await.err().unwrap(), fake)
}

fn unknown(ended: CallFault) -> String {
    match ended {
        CallFault::Unknown(fault) => fault.message,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_401_without_a_word_is_a_sign_in_and_ends_the_search() {
    let (fault, fake) = connecting_ends_in(|_, mut out| async move {
        out.status(401, "", "").await;
    })
    .await;
    assert_eq!(fault.kind, FaultKind::SignIn);
    assert_eq!(fake.log().len(), 1);
}

#[tokio::test]
async fn a_401_on_a_call_is_a_sign_in_too() {
    let (ended, _fake) = calls_end_in(|_, mut out| async move {
        out.status(401, "www-authenticate: Bearer\r\n", "").await;
    })
    .await;
    assert!(matches!(ended, CallFault::SignIn(_)), "{ended:?}");
}

#[tokio::test]
async fn a_403_and_a_429_are_the_server_s_own() {
    let (fault, _fake) =
        connecting_ends_in(|_, mut out| async move { out.status(403, "", "").await }).await;
    assert_eq!((fault.kind, fault.retry), (FaultKind::Server, false));
    let (fault, _fake) = connecting_ends_in(|_, mut out| async move {
        out.status(429, "retry-after: 7\r\n", "").await;
    })
    .await;
    assert_eq!(fault.retry_after_ms, Some(7000));
}

#[tokio::test]
async fn nothing_follows_a_redirect_elsewhere() {
    let other = Fake::serve(|asked, out| async { drop(modern(asked, out).await) }).await;
    let place = format!("location: {}\r\n", other.url);
    let fake = Fake::serve(move |_, mut out| {
        let place = place.clone();
        async move { out.status(308, &place, "").await }
    })
    .await;
    let mut with_token = plan(&fake.url);
    with_token.credentials = Credentials::Bearer(Secret::new("t0p"));
    let fault = connect(with_token).await.err().unwrap();
    assert!(fault.message.contains("redirects elsewhere"), "{fault}");
    assert_eq!(fake.log().len(), 1);
    assert!(other.log().is_empty());
}

#[tokio::test]
async fn a_redirect_in_a_circle_ends() {
    let (fault, fake) = connecting_ends_in(|_, mut out| async move {
        out.status(307, "location: /mcp\r\n", "").await;
    })
    .await;
    assert!(fault.message.contains("circle"), "{fault}");
    assert_eq!(fake.log().len(), 6);
}

#[tokio::test]
async fn a_web_page_is_not_a_server() {
    let (fault, fake) = connecting_ends_in(|_, mut out| async move {
        out.status(200, "content-type: text/html\r\n", "<h1>hello</h1>")
            .await;
    })
    .await;
    assert_eq!(fault.kind, FaultKind::NotMcp);
    assert!(fault.message.contains("web page"), "{fault}");
    assert_eq!(fake.log(), ["server/discover", "initialize", "GET"]);
}

#[tokio::test]
async fn json_that_is_not_the_protocol_is_named() {
    let (fault, _fake) =
        connecting_ends_in(|_, mut out| async move { out.json(200, "", &json!({"ok": 1})).await })
            .await;
    assert_eq!(fault.kind, FaultKind::NotMcp);
}

#[tokio::test]
async fn a_server_that_fails_at_unknown_methods_is_tried_the_old_way() {
    let fake = Fake::serve(|asked, mut out| async {
        match asked.what() {
            "server/discover" => out.status(500, "", "").await,
            _ => drop(legacy(asked, out).await),
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    assert_eq!(tried.session.info().era, Era::Legacy);
}

#[tokio::test]
async fn an_unknown_version_is_named_with_what_the_server_knows() {
    let (fault, _fake) = connecting_ends_in(|asked, mut out| async move {
        let error = json!({"code": -32022, "message": "no", "data": {"supported": ["2099-01-01"]}});
        let body = json!({"jsonrpc": "2.0", "id": asked.id(), "error": error});
        out.json(400, "", &body).await;
    })
    .await;
    assert!(fault.message.contains("2099-01-01"), "{fault}");
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_read() {
    let (ended, _fake) = calls_end_in(|_, mut out| async move {
        out.raw(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 52428800\r\n\r\n",
        )
        .await;
        out.hung_up().await;
    })
    .await;
    assert!(unknown(ended).contains("larger"));
    let (ended, _fake) = calls_end_in(|_, mut out| async move {
        out.raw("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n")
            .await;
        for _ in 0..50 {
            out.raw(&"9".repeat(1024 * 1024)).await;
        }
    })
    .await;
    assert!(unknown(ended).contains("larger"));
}

#[tokio::test]
async fn an_event_without_end_is_cut() {
    let (ended, _fake) = calls_end_in(|_, mut out| async move {
        out.open_stream().await;
        for _ in 0..50 {
            out.raw(&format!("data: {}\n", "9".repeat(1024 * 1024)))
                .await;
        }
    })
    .await;
    assert!(unknown(ended).contains("larger"));
}

#[tokio::test]
async fn a_stream_of_nothing_but_comments_ends_by_time() {
    let fake = Fake::serve(|asked, out| async {
        if let Some((_, mut out)) = modern(asked, out).await {
            out.open_stream().await;
            out.raw(": still here\n\n").await;
            out.hung_up().await;
        }
    })
    .await;
    let mut impatient = plan(&fake.url);
    impatient.options.timeout_seconds = Some(1);
    let tried = connect(impatient).await.unwrap();
    let ended = call(&tried.session, "echo").await.unwrap_err();
    assert!(unknown(ended).contains("no sign of life"));
}

#[tokio::test]
async fn headers_that_do_not_come_end_by_time() {
    let fake = Fake::serve(|_, mut out| async move { out.hung_up().await }).await;
    let mut impatient = plan(&fake.url);
    impatient.options.timeout_seconds = Some(1);
    let fault = connect(impatient).await.err().unwrap();
    assert_eq!((fault.kind, fault.retry), (FaultKind::Network, true));
    assert_eq!(fake.log().len(), 1);
}

#[tokio::test]
async fn an_answer_cut_in_the_middle_may_have_run() {
    let (ended, fake) = calls_end_in(|_, mut out| async move {
        out.open_stream().await;
        out.raw("data: {\"jsonrpc\":\"2.0\",").await;
    })
    .await;
    unknown(ended);
    let sent = fake
        .log()
        .iter()
        .filter(|what| *what == "tools/call")
        .count();
    assert_eq!(sent, 1);
    let (ended, _fake) = calls_end_in(|_, _| async {}).await;
    unknown(ended);
}

#[tokio::test]
async fn keys_that_come_twice_spoil_one_answer_and_not_the_session() {
    let fake = Fake::serve(|asked, out| async {
        if let Some((asked, mut out)) = modern(asked, out).await {
            let id = asked.id();
            let twice =
                format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{"content":[],"content":[]}}}}"#);
            match asked.body["params"]["name"].as_str() {
                Some("json") => {
                    out.status(200, "content-type: application/json\r\n", &twice)
                        .await
                }
                Some("stream") => {
                    out.open_stream().await;
                    out.raw(&format!("data: {twice}\n\n")).await;
                    out.hung_up().await;
                }
                _ => out.result(&asked, text("fine")).await,
            }
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    for name in ["json", "stream"] {
        let ended = call(&tried.session, name).await.unwrap_err();
        assert!(unknown(ended).contains("twice"));
    }
    assert_eq!(
        call(&tried.session, "echo").await.unwrap().result,
        text("fine")
    );
}

#[tokio::test]
async fn an_error_of_the_server_is_quoted_harmlessly() {
    let (ended, _fake) = calls_end_in(|asked, mut out| async move {
        out.error(200, &asked, -32602, "bad \u{1b}[31m argument")
            .await;
    })
    .await;
    let CallFault::Refused(fault) = ended else {
        panic!("{ended:?}");
    };
    assert!(fault.message.contains("-32602") && !fault.message.contains('\u{1b}'));
}

#[tokio::test]
async fn a_list_that_never_ends_is_named() {
    let fake = Fake::serve(|asked, mut out| async {
        match asked.what() {
            "tools/list" => {
                out.result(&asked, json!({"tools": [], "nextCursor": "again"}))
                    .await;
            }
            _ => drop(legacy(asked, out).await),
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let fault = within(tried.session.list_functions()).await.unwrap_err();
    assert!(fault.message.contains("does not end"), "{fault}");
}

#[tokio::test]
async fn a_server_that_is_gone_gets_nothing_and_the_session_is_over() {
    let fake = Fake::serve(|asked, out| async { drop(modern(asked, out).await) }).await;
    let mut tried = connect(plan(&fake.url)).await.unwrap();
    drop(fake);
    let gone = async {
        loop {
            match call(&tried.session, "echo").await {
                Err(CallFault::NotSent(fault)) => return fault,
                // The listener is closed a moment after its task is.
                other => assert!(other.is_err()),
            }
        }
    };
    let fault = within(gone).await;
    assert_eq!(fault.kind, FaultKind::Network);
    tried.closed().await;
}

#[tokio::test]
async fn a_call_cancelled_before_it_begins_is_not_sent() {
    let fake = Fake::serve(|asked, out| async { drop(modern(asked, out).await) }).await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let arguments: Map<String, Value> = Map::new();
    let ended = tried
        .session
        .call("echo", arguments, &mut |_| {}, &asking::Mute, cancel)
        .await;
    assert_eq!(ended, Err(CallFault::Cancelled));
    assert_eq!(fake.log(), ["server/discover"]);
}

#[tokio::test]
async fn one_call_that_breaks_leaves_the_others_alone() {
    let (let_go, wait) = tokio::sync::watch::channel(false);
    let fake = Fake::serve(move |asked, out| {
        let mut wait = wait.clone();
        async move {
            if let Some((asked, mut out)) = modern(asked, out).await
                && asked.body["params"]["name"] == "slow"
            {
                wait.wait_for(|go| *go).await.unwrap();
                out.result(&asked, text("still here")).await;
            }
        }
    })
    .await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let broken_meanwhile = async {
        fake.asked("tools/call").await;
        let ended = call(&tried.session, "breaks").await.unwrap_err();
        let_go.send(true).unwrap();
        ended
    };
    let (slow, ended) = tokio::join!(call(&tried.session, "slow"), broken_meanwhile);
    unknown(ended);
    assert_eq!(slow.unwrap().result, text("still here"));
}
