use super::*;
use crate::domain::FaultKind;

/// An answer, and the kind and the words of the fault it ends in.
type Row = (fn() -> Answer, FaultKind, &'static str);

/// The same answer to every way of speaking to it.
fn always(answer: fn() -> Answer) -> Ran {
    Server::new()
        .on(DISCOVER, answer)
        .on(INITIALIZE, answer)
        .on(EVENTS, answer)
        .detect()
}

#[test]
fn every_wrong_end_has_its_name() {
    let rows: [Row; 22] = [
        (
            || plain(200, "text/html", "<title>Welcome \u{1b}[2J</title>"),
            FaultKind::NotMcp,
            "is a web page (“Welcome",
        ),
        (
            || plain(200, "text/html; charset=utf-8", "<p>"),
            FaultKind::NotMcp,
            "is a web page",
        ),
        (
            || json_body(200, &json!({"hello": "world"})),
            FaultKind::NotMcp,
            "with JSON that is not MCP",
        ),
        (
            || json_body(200, &json!([1, 2])),
            FaultKind::NotMcp,
            "with JSON that is not MCP",
        ),
        (
            || json_body(200, &json!({"jsonrpc": "2.0", "id": 9, "result": {}})),
            FaultKind::NotMcp,
            "with JSON that is not MCP",
        ),
        (
            || with_headers(200, &[], ""),
            FaultKind::NotMcp,
            "answers with nothing (200)",
        ),
        (
            || with_headers(202, &[], ""),
            FaultKind::NotMcp,
            "answers with nothing (202)",
        ),
        (
            || plain(200, "image/png", "PNG"),
            FaultKind::NotMcp,
            "not MCP (image/png)",
        ),
        (
            || plain(404, "text/html", "<title>404</title>"),
            FaultKind::NotMcp,
            "there is nothing at https://a.example/mcp (404)",
        ),
        (
            || plain(405, "text/plain", ""),
            FaultKind::NotMcp,
            "answers no way of speaking MCP (405)",
        ),
        (
            || plain(406, "text/plain", ""),
            FaultKind::NotMcp,
            "406 Not Acceptable",
        ),
        (
            || plain(400, "application/json", "{}"),
            FaultKind::NotMcp,
            "400 Bad Request",
        ),
        (
            || plain(429, "text/plain", ""),
            FaultKind::Server,
            "too many requests",
        ),
        (
            || plain(503, "text/plain", ""),
            FaultKind::Server,
            "503: not available now",
        ),
        (
            || plain(500, "text/plain", ""),
            FaultKind::Server,
            "500 Internal Server Error",
        ),
        (
            || plain(502, "text/html", "<title>nginx</title>"),
            FaultKind::Server,
            "502 Bad Gateway",
        ),
        (
            || plain(407, "text/plain", ""),
            FaultKind::Network,
            "the proxy wants a user",
        ),
        (
            || answer(200, &[], Content::TooLarge),
            FaultKind::NotMcp,
            "sends more than",
        ),
        (
            || answer(200, &[], Content::Unfinished),
            FaultKind::NotMcp,
            "does not end",
        ),
        (
            || {
                answer(
                    200,
                    &[],
                    Content::Cut(Fault::new(FaultKind::Network, "cut").hint("again")),
                )
            },
            FaultKind::Network,
            "cut",
        ),
        (
            || event("ping", "{}"),
            FaultKind::NotMcp,
            "an event stream that is not MCP",
        ),
        (
            || error(200, &Value::Null, -32600, &Value::Null),
            FaultKind::NotMcp,
            "refuses to begin a session: “no",
        ),
    ];
    for (row, kind, says) in rows {
        let ran = always(row);
        let fault = ran.fault();
        assert_eq!(fault.kind, kind, "{says}: {fault}");
        assert!(fault.message.contains(says), "{says}: {fault}");
        assert!(!fault.message.contains('\u{1b}'), "{fault:?}");
        assert!(
            !fault.message.ends_with('.') && !fault.hints.is_empty(),
            "{fault:?}"
        );
    }
}

#[test]
fn json_rpc_under_a_wrong_content_type_is_named() {
    let ran = Server::new()
        .on(INITIALIZE, || {
            let body = json!({"jsonrpc": "2.0", "id": 2, "result": initialized("2025-11-25")});
            plain(200, "text/plain", &body.to_string())
        })
        .detect();
    assert!(
        ran.fault()
            .message
            .contains("wrong content type (text/plain)"),
        "{}",
        ran.fault()
    );
}

#[test]
fn a_server_says_when_to_come_back() {
    for (value, milliseconds) in [("7", 7_000), ("Fri, 06 Nov 2026 08:49:37 GMT", 30_000)] {
        let ran = Server::new()
            .on(DISCOVER, move || {
                with_headers(429, &[("retry-after", value)], "")
            })
            .detect();
        assert_eq!(ran.fault().retry_after_ms, Some(milliseconds));
        assert!(ran.fault().retry);
    }
}

#[test]
fn what_the_network_did_ends_the_detection() {
    let ran = Server::new()
        .on(DISCOVER, || {
            Answer::Failed(Fault::new(FaultKind::Network, "refused"))
        })
        .detect();
    assert_eq!(ran.fault().message, "refused");
    assert_eq!(ran.probes.len(), 1);
}

#[test]
fn a_redirect_elsewhere_is_named_and_not_followed() {
    for (status, location) in [
        (301, "/other"),
        (302, "https://login.example/sso?key=hunter2"),
        (303, "/other"),
        (307, "https://b.example/mcp"),
        (307, "http://a.example/mcp"),
        (308, "https://a.example:444/mcp"),
        (307, "https://me:hunter2@a.example/mcp"),
    ] {
        let ran = Server::new()
            .on(DISCOVER, move || {
                with_headers(status, &[("location", location)], "")
            })
            .detect();
        let fault = ran.fault();
        assert_eq!(fault.kind, FaultKind::User, "{location}");
        assert!(
            fault.message.contains("redirects to http"),
            "{location}: {fault}"
        );
        assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
        assert_eq!(ran.probes.len(), 1, "{location}");
    }
    let ran = Server::new()
        .on(DISCOVER, || with_headers(302, &[], ""))
        .detect();
    assert_eq!(ran.fault().kind, FaultKind::NotMcp);
}

#[test]
fn a_redirect_loop_ends() {
    let ran = Server::new()
        .on(DISCOVER, || with_headers(307, &[("location", "/mcp")], ""))
        .detect();
    assert!(ran.fault().message.contains("in a circle"));
    let ran = Server::new()
        .on(DISCOVER, || with_headers(307, &[("location", "/b")], ""))
        .on("POST /b server/discover", || {
            with_headers(307, &[("location", "/mcp")], "")
        })
        .detect();
    assert!(ran.fault().message.contains("in a circle"));
    assert!(ran.probes.len() <= 6);
}

#[test]
fn a_server_of_another_time_is_named_by_its_versions() {
    for first in [
        (|| discovered(&json!(["2099-01-01", "\u{1b}[31m"]))) as fn() -> Answer,
        || {
            error(
                400,
                &json!(1),
                -32022,
                &json!({"supported": ["2099-01-01"]}),
            )
        },
    ] {
        let ran = Server::new().on(DISCOVER, first).detect();
        assert_eq!(ran.fault().kind, FaultKind::NotMcp);
        assert!(
            ran.fault().message.contains("2099-01-01"),
            "{}",
            ran.fault()
        );
        assert!(!ran.fault().message.contains('\u{1b}'));
    }
}

#[test]
fn a_web_page_for_get_tells_more_than_a_post_that_is_not_allowed() {
    let ran = Server::new()
        .on(DISCOVER, || plain(405, "text/plain", ""))
        .on(INITIALIZE, || plain(405, "text/plain", ""))
        .on(EVENTS, || plain(200, "text/html", "<title>Wiki</title>"))
        .detect();
    assert!(
        ran.fault().message.contains("web page (“Wiki”)"),
        "{}",
        ran.fault()
    );
}

#[test]
fn no_fault_shows_a_query() {
    let ran = Server::new().detect_at("https://a.example/mcp?key=hunter2");
    assert!(!format!("{:?}", ran.fault()).contains("hunter2"));
}
