//! A connector for tests of how things look.

use crate::domain::{
    AuthKind, AuthMethod, ConnectionOptions, ConnectorId, ConnectorName, Era, Evidence,
    FunctionCounts, ServerIdentity, Status, Target, Timestamp, Transport,
};
use crate::protocol::ConnectorView;

/// A connector that is connected, and whose server says rude things.
pub(super) fn connector() -> ConnectorView {
    let at = Timestamp::parse("2026-11-22T08:00:00Z").unwrap();
    let url = "https://wiki.example/mcp".to_owned();
    ConnectorView {
        name: ConnectorName::parse("wiki").unwrap(),
        url: url.clone(),
        description: "Team wiki".to_owned(),
        auth: AuthKind::Bearer,
        enabled: true,
        status: Status::Connected,
        fault: None,
        protocol: Some("2026-07-28".to_owned()),
        functions: FunctionCounts {
            total: 12,
            always: 3,
            ask: 8,
            block: 1,
            changed: 0,
        },
        sign_in: None,
        sign_in_options: crate::domain::SignInOptions::default(),
        signing_in: false,
        sign_in_report: None,
        scopes_wanted: Vec::new(),
        server: Some(ServerIdentity {
            name: "wi\u{1b}[2Jki".into(),
            version: "1.2".into(),
        }),
        since: at,
        id: ConnectorId::new("c1"),
        transport: Some(Transport::StreamableHttp),
        era: Some(Era::Modern),
        latency_ms: Some(38),
        retry_at: None,
        target: Target::Http { url, query: false },
        method: AuthMethod::Bearer,
        options: ConnectionOptions::default(),
        trusted_at: at,
        oauth: None,
        evidence: vec![Evidence {
            request: "POST /mcp".to_owned(),
            answer: "401, Bearer realm=\"wiki\"".into(),
            means: "it wants a token".to_owned(),
        }],
        stderr: Vec::new(),
    }
}
