//! Rows 23 to 26 and 33: what a token endpoint gives, and taking it back.

use callboard::domain::{ConnectionOptions, FaultKind};
use callboard::mcp::network::Network;
use callboard::mcp::oauth::{Revoked, SignInRecord, revoke};
use serde_json::{Value, json};

use super::case::Case;
use crate::support::authority::{Authority, Behaviour, Reply};

async fn with_tokens(keys: Value) -> super::case::Outcome {
    Case::new(Behaviour::good().tokens(keys)).run().await
}

#[tokio::test]
async fn a_token_without_an_end_is_used_until_it_is_refused() {
    let outcome = with_tokens(json!({ "expires_in": null })).await;
    let record = outcome.works();
    assert_eq!(record.expires_at, None);
    assert_eq!(record.refresh_at(), None);
}

#[tokio::test]
async fn a_lifetime_may_be_a_text() {
    let outcome = with_tokens(json!({ "expires_in": "3600" })).await;
    let record = outcome.works();
    let life = record
        .issued_at
        .age_at(record.expires_at.unwrap())
        .as_secs();
    assert!((3599..=3601).contains(&life), "{life}");
}

/// A token of 20 seconds must not be refreshed on every call.
#[tokio::test]
async fn a_short_life_is_used_for_the_most_part() {
    let outcome = with_tokens(json!({ "expires_in": 20 })).await;
    let record = outcome.works();
    let ahead = record
        .issued_at
        .age_at(record.refresh_at().unwrap())
        .as_secs();
    assert!((14..=15).contains(&ahead), "{ahead}");
}

#[tokio::test]
async fn a_sign_in_without_a_refresh_token_is_told_apart() {
    let outcome = with_tokens(json!({ "refresh_token": null })).await;
    assert!(!outcome.works().is_refreshable());
    assert!(!outcome.works().shown().refreshable);
}

#[tokio::test]
async fn a_token_type_may_be_in_any_letters_or_missing() {
    with_tokens(json!({ "token_type": "bearer" })).await.works();
    with_tokens(json!({ "token_type": null })).await.works();
}

#[tokio::test]
async fn a_token_of_another_kind_is_not_used() {
    let outcome = with_tokens(json!({ "token_type": "DPoP" })).await;
    outcome.fails(FaultKind::SignIn, "is a token of another kind than Bearer");
}

#[tokio::test]
async fn a_token_that_would_end_a_header_is_not_used() {
    let outcome = with_tokens(json!({ "access_token": "s3cret\r\nX-Evil: 1" })).await;
    outcome.fails(FaultKind::SignIn, "that cannot be one");
}

#[tokio::test]
async fn an_answer_without_a_token_is_no_sign_in() {
    let outcome = with_tokens(json!({ "access_token": null })).await;
    outcome.fails(FaultKind::SignIn, "holds no access token");
}

#[tokio::test]
async fn an_error_with_status_200_is_an_error() {
    let slack = Reply::json(200, &json!({ "ok": false, "error": "invalid_code" }));
    let outcome = Case::new(Behaviour::good().instead("/token", slack))
        .run()
        .await;
    outcome.fails(FaultKind::SignIn, "refuses the code: invalid_code");
}

#[tokio::test]
async fn an_error_page_is_told_as_one() {
    let page = Reply::new(403, "<html>blocked by the firewall</html>");
    let outcome = Case::new(Behaviour::good().instead("/token", page))
        .run()
        .await;
    let failed = outcome.fails(FaultKind::SignIn, "answers the code with 403 and no reason");
    let exchange = &failed.steps.last().unwrap().exchanges[0];
    assert!(exchange.answer.raw().contains("blocked by the firewall"));
}

#[tokio::test]
async fn a_token_endpoint_that_is_busy_is_not_a_refusal() {
    let busy = Reply::new(429, "").with("retry-after", "7");
    let outcome = Case::new(Behaviour::good().instead("/token", busy))
        .run()
        .await;
    let failed = outcome.fails(FaultKind::Server, "busy or broken now");
    assert_eq!(failed.fault.retry_after_ms, Some(7_000));
}

#[tokio::test]
async fn the_account_is_read_from_an_id_token() {
    use base64::Engine as _;
    let part =
        |value: Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({ "sub": "7", "email": "ana@x.example" });
    let id_token = format!("{}.{}.x", part(json!({ "alg": "RS256" })), part(claims));
    let outcome = with_tokens(json!({ "id_token": id_token })).await;
    let account = outcome.works().shown().account.unwrap();
    assert_eq!(account.raw(), "ana@x.example");
}

#[tokio::test]
async fn nothing_secret_can_be_printed() {
    let mut behaviour = Behaviour::good();
    behaviour.registers_only = Some("client_secret_post");
    let outcome = Case::new(behaviour).run().await;
    let record = outcome.works();
    assert!(!format!("{record:#?}").contains("s3cret"));
    assert!(
        !serde_json::to_string(&record.shown())
            .unwrap()
            .contains("s3cret")
    );
    assert_eq!(record.secrets().len(), 3);
    let kept = record.to_secret().unwrap();
    assert!(!format!("{kept:?}").contains("s3cret"));
    for broken in ["", "{}", "{\"version\":2}"] {
        let fault = SignInRecord::from_secret(&callboard::domain::Secret::new(broken)).unwrap_err();
        assert_eq!(fault.kind, FaultKind::SignIn);
    }
}

async fn revoked(authority: &Authority, record: &SignInRecord) -> Revoked {
    let network = Network::new().unwrap();
    let mut shown = Vec::new();
    let result = revoke(
        &network,
        &ConnectionOptions::default(),
        record,
        &mut |exchange| {
            shown.push(serde_json::to_string(exchange).unwrap());
        },
    )
    .await;
    assert!(!shown.concat().contains("s3cret"));
    assert_eq!(shown.len(), authority.count("/revoke"));
    result
}

#[tokio::test]
async fn tokens_are_taken_back_refresh_token_first() {
    let outcome = Case::good().run().await;
    let record = outcome.works();
    assert_eq!(revoked(&outcome.authority, record).await, Revoked::Accepted);
    assert!(!outcome.authority.lets_in(record.access_token.expose()));
    let seen = outcome.authority.at("/revoke");
    let hints: Vec<_> = seen
        .iter()
        .filter_map(|one| one.field("token_type_hint"))
        .collect();
    assert_eq!(hints, ["refresh_token", "access_token"]);
}

#[tokio::test]
async fn a_server_that_takes_nothing_back_is_told_apart() {
    let behaviour = Behaviour::good().server(json!({ "revocation_endpoint": null }));
    let outcome = Case::new(behaviour).run().await;
    assert_eq!(
        revoked(&outcome.authority, outcome.works()).await,
        Revoked::NotOffered
    );
}

#[tokio::test]
async fn a_revocation_that_is_refused_says_so() {
    let outcome = Case::good().run().await;
    outcome
        .authority
        .instead("/revoke", Reply::new(503, "later"));
    match revoked(&outcome.authority, outcome.works()).await {
        Revoked::Failed(fault) => assert!(fault.message.contains("answered 503"), "{fault}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_takes_back_refresh_tokens_alone_has_accepted() {
    let outcome = Case::good().run().await;
    outcome.authority.instead("/revoke", Reply::new(200, ""));
    outcome
        .authority
        .instead("/revoke", Reply::error("unsupported_token_type"));
    assert_eq!(
        revoked(&outcome.authority, outcome.works()).await,
        Revoked::Accepted
    );
}
