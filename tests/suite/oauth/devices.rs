//! Row 32: a code that is typed on another device (RFC 8628).

use callboard::domain::FaultKind;
use serde_json::json;

use super::case::{Case, Person};
use crate::support::authority::{Behaviour, Reply};

#[tokio::test]
async fn a_code_typed_elsewhere_is_enough() {
    let behaviour = Behaviour::good().device(&["authorization_pending"]);
    let outcome = Case::new(behaviour).person(Person::Nobody).run().await;
    let record = outcome.works();
    let device = outcome.consent().device.clone().unwrap();
    assert_eq!(device.code.raw(), "WDJB-MJHT");
    assert!(device.url.ends_with("/activate"));
    assert!(device.url_with_code.unwrap().contains("WDJB-MJHT"));
    assert_eq!(record.scopes, ["read", "write"]);
    let seen = outcome.authority.at("/device");
    assert_eq!(seen[0].field("scope").as_deref(), Some("read write"));
    let registered = outcome.authority.at("/register")[0].json();
    assert!(registered["grant_types"].as_array().unwrap().len() == 3);
}

#[tokio::test]
async fn the_browser_may_be_faster_than_the_code() {
    let pending = ["authorization_pending"; 60];
    let outcome = Case::new(Behaviour::good().device(&pending)).run().await;
    outcome.works();
    assert_eq!(outcome.pages[0].status, 200);
}

#[tokio::test]
async fn a_server_that_wants_slower_questions_gets_them() {
    let begun = std::time::Instant::now();
    let behaviour = Behaviour::good().device(&["slow_down"]);
    let outcome = Case::new(behaviour).person(Person::Nobody).run().await;
    outcome.works();
    // One second, then five more than that.
    assert!(begun.elapsed().as_secs() >= 7);
    assert_eq!(outcome.authority.count("/token"), 2);
}

#[tokio::test]
async fn a_person_who_refuses_on_the_other_device_ends_the_sign_in() {
    let behaviour = Behaviour::good().device(&["access_denied"]);
    let outcome = Case::new(behaviour).person(Person::Nobody).run().await;
    outcome.fails(FaultKind::Denied, "refuses the device code: access_denied");
}

#[tokio::test]
async fn a_code_that_has_expired_leaves_the_browser() {
    let behaviour = Behaviour::good().device(&["expired_token"]);
    let outcome = Case::new(behaviour)
        .person(Person::Nobody)
        .set(|set| set.consent_seconds = Some(3))
        .run()
        .await;
    outcome.fails(FaultKind::SignIn, "nobody answered in time");
    assert!(outcome.refused[0].message.contains("expired_token"));
}

#[tokio::test]
async fn a_server_with_device_codes_alone_is_signed_in_to() {
    let mut behaviour = Behaviour::good().device(&[]);
    behaviour.server["authorization_endpoint"] = json!(null);
    behaviour.server["code_challenge_methods_supported"] = json!(null);
    let outcome = Case::new(behaviour).run().await;
    assert!(outcome.works().redirect_url.is_none());
    assert_eq!(outcome.consent().url, None);
    assert_eq!(outcome.consent().callback_port, None);
}

#[tokio::test]
async fn a_client_that_the_device_endpoint_does_not_know_is_said_to_be_lost() {
    let mut behaviour = Behaviour::good().device(&[]);
    behaviour.server["authorization_endpoint"] = json!(null);
    let unknown = || Reply::json(401, &json!({ "error": "invalid_client" }));
    let outcome = Case::new(behaviour.clone().instead("/device", unknown()))
        .run()
        .await;
    let failed = outcome.fails(FaultKind::SignIn, "gives no device code: invalid_client");
    assert!(failed.client_lost);
    let outcome = Case::new(behaviour.device(&["invalid_client"])).run().await;
    let failed = outcome.fails(FaultKind::SignIn, "refuses the device code: invalid_client");
    assert!(failed.client_lost);
}

#[tokio::test]
async fn a_device_code_that_cannot_be_had_leaves_the_browser() {
    let behaviour = Behaviour::good()
        .device(&[])
        .instead("/device", Reply::error("unauthorized_client"));
    let outcome = Case::new(behaviour).run().await;
    outcome.works();
    assert!(outcome.refused[0].message.contains("gives no device code"));
    assert!(outcome.consent().device.is_none());
}

#[tokio::test]
async fn a_page_for_the_code_that_is_no_web_address_is_not_shown() {
    let evil = Reply::json(
        200,
        &json!({ "device_code": "d", "user_code": "A",
        "verification_uri": "javascript:alert(1)", "expires_in": 60 }),
    );
    let behaviour = Behaviour::good().device(&[]).instead("/device", evil);
    let outcome = Case::new(behaviour).run().await;
    outcome.works();
    assert!(outcome.consent().device.is_none());
    assert!(
        outcome.refused[0]
            .message
            .contains("wrong verification_uri")
    );
}

#[tokio::test]
async fn a_server_without_any_way_for_a_person_is_told_of() {
    let behaviour = Behaviour::good().server(json!({ "authorization_endpoint": null }));
    let outcome = Case::new(behaviour).run().await;
    outcome.fails(FaultKind::SignIn, "no page where a person could approve");
}
