use super::*;
use crate::domain::{AuthKind, Confidence, Era, Transport};

fn header<'a>(probe: &'a Probe, name: &str) -> Option<&'a str> {
    let found = probe.headers.iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn a_modern_server_is_found_by_its_discovery() {
    let ran = Server::new()
        .on(DISCOVER, || {
            discovered(&json!(["2025-11-25", "2026-07-28"]))
        })
        .on(LIST, listed)
        .detect();
    let found = ran.found();
    assert_eq!(found.transport, Some(Transport::StreamableHttp));
    assert_eq!(found.era, Some(Era::Modern));
    assert_eq!(found.protocol.as_deref(), Some("2026-07-28"));
    assert_eq!(
        (found.auth, found.confidence),
        (AuthKind::None, Confidence::Certain)
    );
    assert_eq!(found.server.as_ref().expect("a name").name.raw(), "wiki");
    let first = &ran.probes[0];
    assert_eq!(header(first, "mcp-protocol-version"), Some("2026-07-28"));
    assert_eq!(header(first, "mcp-method"), Some("server/discover"));
    assert_eq!(
        header(first, "accept"),
        Some("application/json, text/event-stream")
    );
    let body: Value = serde_json::from_slice(first.body.as_ref().expect("a body")).expect("JSON");
    let meta = &body["params"]["_meta"];
    assert_eq!(
        meta["io.modelcontextprotocol/protocolVersion"],
        "2026-07-28"
    );
    assert!(meta["io.modelcontextprotocol/clientCapabilities"].is_object());
    assert_eq!(header(&ran.probes[1], "mcp-method"), Some("tools/list"));
}

#[test]
fn an_error_that_only_the_modern_family_has_is_a_modern_server() {
    for (status, code) in [(400, -32020), (400, -32021), (404, -32601), (200, -32021)] {
        let ran = Server::new()
            .on(DISCOVER, move || {
                error(status, &json!(1), code, &Value::Null)
            })
            .detect();
        assert_eq!(ran.found().era, Some(Era::Modern), "{status} {code}");
        assert_eq!(ran.found().auth, AuthKind::None);
    }
}

#[test]
fn a_discovery_in_an_event_stream_counts_too() {
    let body = json!({"jsonrpc": "2.0", "id": 1, "result": {"supportedVersions": ["2026-07-28"]}});
    let ran = Server::new()
        .on(DISCOVER, move || event("message", &body.to_string()))
        .detect();
    assert_eq!(ran.found().era, Some(Era::Modern));
}

#[test]
fn a_legacy_server_is_found_whatever_it_answers_to_discovery() {
    let firsts: [fn() -> Answer; 8] = [
        || error(200, &json!(1), -32601, &Value::Null),
        || error(200, &Value::Null, -32600, &Value::Null),
        || error(400, &Value::Null, -32000, &Value::Null),
        || plain(400, "text/plain", "Bad Request: no session"),
        || plain(500, "text/html", "<h1>oops</h1>"),
        || with_headers(202, &[], ""),
        || {
            answer(
                200,
                &[("content-type", "text/event-stream")],
                Content::Unfinished,
            )
        },
        || json_body(200, &json!({"jsonrpc": "2.0", "id": 1, "result": {}})),
    ];
    for first in firsts {
        let mut server = legacy();
        server.answers[0].1 = Box::new(first);
        let ran = server.detect();
        let found = ran.found();
        assert_eq!(found.era, Some(Era::Legacy));
        assert_eq!(found.transport, Some(Transport::StreamableHttp));
        assert_eq!(found.protocol.as_deref(), Some("2025-06-18"));
        assert_eq!(
            (found.auth, found.confidence),
            (AuthKind::None, Confidence::Certain)
        );
        assert!(found.evidence.len() >= 3);
    }
}

#[test]
fn a_server_that_names_an_older_version_is_asked_for_that_one() {
    for first in [
        (|| discovered(&json!(["2025-03-26"]))) as fn() -> Answer,
        || {
            error(
                400,
                &json!(1),
                -32022,
                &json!({"supported": ["2024-11-05", "2025-03-26"]}),
            )
        },
    ] {
        let ran = Server::new()
            .on(DISCOVER, first)
            .on(INITIALIZE, || result(2, &initialized("2025-03-26")))
            .detect();
        assert_eq!(ran.found().protocol.as_deref(), Some("2025-03-26"));
        let body: Value =
            serde_json::from_slice(ran.probes[1].body.as_ref().expect("a body")).expect("JSON");
        assert_eq!(body["params"]["protocolVersion"], "2025-03-26");
    }
}

#[test]
fn a_session_is_used_and_ended() {
    let mut server = legacy();
    server.answers[1].1 = Box::new(|| {
        let body = json!({"jsonrpc": "2.0", "id": 2, "result": initialized("2025-11-25")});
        with_headers(
            200,
            &[
                ("content-type", "application/json"),
                ("mcp-session-id", "s1"),
            ],
            &body.to_string(),
        )
    });
    let ran = server.detect();
    assert_eq!(ran.found().auth, AuthKind::None);
    let asked = ran.asked();
    assert!(asked.contains(&"DELETE /mcp".to_owned()), "{asked:?}");
    for probe in ran.probes.iter().skip(2).take(3) {
        assert_eq!(header(probe, "mcp-session-id"), Some("s1"));
        assert_eq!(header(probe, "mcp-protocol-version"), Some("2025-11-25"));
    }
}

#[test]
fn a_session_is_ended_even_where_the_version_is_unknown() {
    let ran = Server::new()
        .on(INITIALIZE, || {
            let body = json!({"jsonrpc": "2.0", "id": 2, "result": initialized("2099-01-01")});
            with_headers(
                200,
                &[
                    ("content-type", "application/json"),
                    ("mcp-session-id", "s1"),
                ],
                &body.to_string(),
            )
        })
        .detect();
    assert!(
        ran.fault().message.contains("2099-01-01"),
        "{}",
        ran.fault()
    );
    assert_eq!(ran.asked().last().map(String::as_str), Some("DELETE /mcp"));
}

#[test]
fn a_server_on_http_and_sse_is_found_by_its_endpoint_event() {
    for endpoint in [
        "/messages?session=1",
        "https://a.example/messages",
        "messages",
    ] {
        let ran = Server::new()
            .on(DISCOVER, || plain(405, "text/plain", "no"))
            .on(INITIALIZE, || plain(404, "text/html", "<title>no</title>"))
            .on(EVENTS, move || event("endpoint", endpoint))
            .detect();
        let found = ran.found();
        assert_eq!(found.transport, Some(Transport::Sse), "{endpoint}");
        assert_eq!(found.protocol.as_deref(), Some("2024-11-05"));
        assert_eq!(
            (found.auth, found.confidence),
            (AuthKind::None, Confidence::Likely)
        );
    }
}

#[test]
fn an_endpoint_on_another_origin_is_refused() {
    for endpoint in [
        "https://evil.example/messages",
        "//evil.example/m",
        "http://a.example/m",
        "https://a.example:444/m",
        "javascript:x",
    ] {
        let ran = Server::new()
            .on(EVENTS, move || event("endpoint", endpoint))
            .detect();
        assert!(
            ran.fault().message.contains("to another host"),
            "{endpoint}: {}",
            ran.fault()
        );
    }
}

#[test]
fn a_redirect_on_the_same_origin_is_followed_with_its_method() {
    for status in [307, 308] {
        let ran = Server::new()
            .on(DISCOVER, move || {
                with_headers(status, &[("location", "/mcp/?key=1")], "")
            })
            .on("POST /mcp/ server/discover", || {
                discovered(&json!(["2026-07-28"]))
            })
            .on("POST /mcp/ tools/list", listed)
            .detect();
        assert_eq!(ran.found().url, "https://a.example/mcp/?key=1");
        assert_eq!(ran.probes[1].method, "POST");
        assert_eq!(ran.probes[1].body, ran.probes[0].body);
    }
}

#[test]
fn a_list_too_long_to_read_is_a_list_all_the_same() {
    let mut server = legacy();
    server.answers[3].1 = Box::new(|| {
        answer(
            200,
            &[("content-type", "application/json")],
            Content::TooLarge,
        )
    });
    assert_eq!(server.detect().found().confidence, Confidence::Certain);
}

#[test]
fn a_list_that_fails_leaves_the_conclusion_likely() {
    let mut server = legacy();
    server.answers[3].1 = Box::new(|| Answer::Failed(Fault::internal("gone")));
    let ran = server.detect();
    assert_eq!(
        (ran.found().auth, ran.found().confidence),
        (AuthKind::None, Confidence::Likely)
    );
}
