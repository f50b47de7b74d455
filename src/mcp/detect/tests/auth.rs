use super::*;
use crate::domain::{AuthKind, Confidence, Era, FaultKind, Transport};

fn refusing(status: u16, values: &'static [&'static str]) -> Ran {
    Server::new()
        .on(DISCOVER, move || challenge(status, values))
        .detect()
}

#[test]
fn a_challenge_without_metadata_is_taken_at_its_word() {
    for (status, values, auth, confidence) in [
        (
            401,
            &["Bearer"] as &[&str],
            AuthKind::Bearer,
            Confidence::Certain,
        ),
        (
            401,
            &["bearer realm=\"x\", error=\"invalid_token\""],
            AuthKind::Bearer,
            Confidence::Certain,
        ),
        (
            401,
            &["Basic realm=\"x\""],
            AuthKind::Basic,
            Confidence::Certain,
        ),
        (
            401,
            &["Digest nonce=\"1\"", "Basic realm=\"x\""],
            AuthKind::Basic,
            Confidence::Certain,
        ),
        (
            401,
            &["Basic realm=\"x\"", "Bearer"],
            AuthKind::Bearer,
            Confidence::Certain,
        ),
        (
            401,
            &["ApiKey header=\"X-Key\""],
            AuthKind::Header,
            Confidence::Likely,
        ),
        (401, &[], AuthKind::Bearer, Confidence::Guess),
        (
            403,
            &["Bearer error=\"insufficient_scope\""],
            AuthKind::Bearer,
            Confidence::Certain,
        ),
        (403, &[], AuthKind::Unknown, Confidence::Guess),
    ] {
        let ran = Server::new()
            .on(DISCOVER, move || {
                let headers: Vec<_> = values
                    .iter()
                    .map(|value| ("www-authenticate", *value))
                    .collect();
                with_headers(status, &headers, "")
            })
            .detect();
        let found = ran.found();
        assert_eq!(
            (found.auth, found.confidence),
            (auth, confidence),
            "{status} {values:?}"
        );
        assert_eq!(found.oauth, None);
        assert!(
            found.evidence[0]
                .answer
                .raw()
                .starts_with(&status.to_string())
        );
        assert!(found.evidence.len() >= 3, "the places looked at are named");
    }
}

#[test]
fn an_authentication_that_cannot_be_done_is_named() {
    for values in [
        &["Digest nonce=\"1\""] as &[&str],
        &["Negotiate"],
        &["NTLM", "Negotiate"],
        &["DPoP algs=\"ES256\""],
    ] {
        let ran = refusing(401, Box::leak(values.to_vec().into_boxed_slice()));
        assert_eq!(ran.fault().kind, FaultKind::Server, "{values:?}");
        assert!(
            ran.fault().message.contains("wants authentication by"),
            "{}",
            ran.fault()
        );
        assert!(!ran.fault().hints.is_empty());
    }
}

#[test]
fn metadata_that_cannot_be_asked_for_leaves_the_question_open() {
    let down = || plain(500, "text/plain", "");
    let ran = Server::new()
        .on(DISCOVER, || challenge(401, &["Bearer"]))
        .on(
            "GET https://a.example/.well-known/oauth-protected-resource/mcp",
            down,
        )
        .detect();
    assert_eq!(
        (ran.found().auth, ran.found().confidence),
        (AuthKind::Unknown, Confidence::Guess)
    );
    let ran = Server::new()
        .on(DISCOVER, || challenge(401, &["Basic realm=x"]))
        .on(
            "GET https://a.example/.well-known/oauth-protected-resource/mcp",
            down,
        )
        .detect();
    assert_eq!(ran.found().auth, AuthKind::Basic);
}

#[test]
fn a_page_for_every_path_is_no_metadata() {
    let page = || plain(200, "text/html", "<title>app</title>");
    let ran = Server::new()
        .on(DISCOVER, || challenge(401, &["Bearer"]))
        .on(
            "GET https://a.example/.well-known/oauth-protected-resource/mcp",
            page,
        )
        .on(
            "GET https://a.example/.well-known/oauth-protected-resource",
            || json_body(200, &json!({"error": "x"})),
        )
        .on(
            "GET https://a.example/.well-known/oauth-authorization-server",
            || json_body(200, &json!({})),
        )
        .detect();
    assert_eq!(ran.found().auth, AuthKind::Bearer);
}

#[test]
fn a_server_that_protects_only_its_lists_is_not_open() {
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
    server.answers[3].1 = Box::new(|| challenge(401, &["Bearer"]));
    let ran = server.detect();
    let found = ran.found();
    assert_eq!(found.auth, AuthKind::Bearer);
    assert_eq!(
        (found.transport, found.era),
        (Some(Transport::StreamableHttp), Some(Era::Legacy))
    );
    assert!(ran.asked().contains(&"DELETE /mcp".to_owned()));
}

#[test]
fn a_modern_server_that_protects_only_its_lists_is_not_open() {
    let ran = Server::new()
        .on(DISCOVER, || discovered(&json!(["2026-07-28"])))
        .on(LIST, || challenge(403, &["Bearer scope=\"read\""]))
        .detect();
    assert_eq!(
        (ran.found().auth, ran.found().era),
        (AuthKind::Bearer, Some(Era::Modern))
    );
}

#[test]
fn a_refusal_of_initialize_or_of_the_stream_counts_too() {
    let ran = Server::new()
        .on(INITIALIZE, || challenge(401, &["Basic realm=x"]))
        .detect();
    assert_eq!(
        (ran.found().auth, ran.found().era),
        (AuthKind::Basic, Some(Era::Legacy))
    );
    let ran = Server::new()
        .on(EVENTS, || challenge(401, &["Bearer"]))
        .detect();
    assert_eq!(
        (ran.found().auth, ran.found().transport),
        (AuthKind::Bearer, None)
    );
}

#[test]
fn a_refusal_leaves_open_what_speaks_there() {
    let ran = refusing(401, &["Bearer"]);
    let found = ran.found();
    assert_eq!(
        (found.transport, found.era, found.protocol.as_deref()),
        (None, None, None)
    );
}
