//! A client that others wrote understands the fakes: rmcp, which knows nothing of
//! this project.

use rmcp::model::{CallToolRequestParams, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::json;

use super::client::http;
use crate::support::fake::{Answers, Behaviour, Era, FakeServer};

async fn lists_and_calls(behaviour: Behaviour) -> (usize, String) {
    let server = FakeServer::start(behaviour);
    let transport = StreamableHttpClientTransport::with_client(
        http(),
        StreamableHttpClientTransportConfig::with_uri(server.url.clone()),
    );
    let lifecycle = ClientLifecycleMode::Auto {
        preferred_versions: vec![ProtocolVersion::V_2026_07_28],
        legacy_version: None,
    };
    let client = ().serve_with_lifecycle(transport, lifecycle).await.unwrap();
    let functions = client.list_all_tools().await.unwrap().len();
    let arguments = json!({ "text": "hello" }).as_object().cloned().unwrap();
    let call = CallToolRequestParams::new("echo").with_arguments(arguments);
    let result = client.call_tool(call).await.unwrap();
    let text = result.content[0].as_text().unwrap().text.clone();
    client.cancel().await.unwrap();
    (functions, text)
}

#[tokio::test]
async fn rmcp_lists_and_calls_in_every_version() {
    let mut behaviours = vec![Behaviour::modern(), Behaviour::modern().era(Era::Both)];
    behaviours.extend(Era::LEGACY.map(Behaviour::legacy));
    for behaviour in behaviours {
        for answers in [Answers::Json, Answers::Sse] {
            let behaviour = behaviour.clone().page(4).answers(answers);
            let era = behaviour.era;
            let seen = lists_and_calls(behaviour).await;
            assert_eq!(seen, (6, "hello".to_owned()), "{era:?} {answers:?}");
        }
    }
}
