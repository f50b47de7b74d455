//! HTTP+SSE of 2024-11-05.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};

use super::{
    fake::{Asked, Fake, Out, text, tool},
    *,
};

type Line = mpsc::Sender<Option<Value>>;

/// Answers on the one stream; a call of `die` ends it.
async fn old(asked: Asked, mut out: Out, stream: Arc<Mutex<Option<Line>>>, endpoint: &str) {
    if asked.method == "GET" {
        let (tell, mut lines) = mpsc::channel(8);
        *stream.lock().await = Some(tell);
        out.open_stream().await;
        out.raw(&format!(": hello\n\nevent: endpoint\ndata: {endpoint}\n\n"))
            .await;
        while let Some(Some(line)) = lines.recv().await {
            out.event(&line).await;
        }
        return;
    }
    if asked.path == "/mcp" {
        return out.status(405, "", "").await;
    }
    out.status(202, "", "").await;
    let result = match asked.what() {
        "initialize" => json!({
            "protocolVersion": "2024-11-05",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "older", "version": "0"},
        }),
        "tools/list" => json!({"tools": [tool("echo")]}),
        "tools/call" => text("hi"),
        _ => return,
    };
    let line = match asked.body["params"]["name"].as_str() {
        Some("die") => None,
        _ => Some(json!({"jsonrpc": "2.0", "id": asked.id(), "result": result})),
    };
    if let Some(stream) = stream.lock().await.as_ref() {
        let _ = stream.send(line).await;
    }
}

async fn serve(endpoint: &'static str) -> Fake {
    let stream = Arc::new(Mutex::new(None));
    Fake::serve(move |asked, out| old(asked, out, Arc::clone(&stream), endpoint)).await
}

#[tokio::test]
async fn an_old_server_is_found_listed_and_called() {
    let fake = serve("/messages?session=1").await;
    let tried = connect(plan(&fake.url)).await.unwrap();
    let info = tried.session.info();
    assert_eq!(
        (info.transport, info.protocol.as_str()),
        (Transport::Sse, "2024-11-05")
    );
    let functions = within(tried.session.list_functions()).await.unwrap();
    assert_eq!(Value::Object(functions[0].definition.clone()), tool("echo"));
    assert_eq!(
        call(&tried.session, "echo").await.unwrap().result,
        text("hi")
    );
    assert_eq!(fake.asked("tools/call").await.path, "/messages?session=1");
}

#[tokio::test]
async fn messages_are_not_sent_elsewhere() {
    let fake = serve("http://192.0.2.1/messages").await;
    let mut plan = plan(&fake.url);
    plan.transport = Some(Transport::Sse);
    let fault = connect(plan).await.err().unwrap();
    assert!(fault.message.contains("elsewhere"), "{fault}");
}

#[tokio::test]
async fn a_stream_that_ends_takes_its_calls_along() {
    let fake = serve("/messages").await;
    let mut tried = connect(plan(&fake.url)).await.unwrap();
    let ended = call(&tried.session, "die").await.unwrap_err();
    assert!(matches!(ended, CallFault::Unknown(_)), "{ended:?}");
    assert!(tried.closed().await.message.contains("stream"));
    let ended = call(&tried.session, "echo").await.unwrap_err();
    assert!(matches!(ended, CallFault::NotSent(_)), "{ended:?}");
}
