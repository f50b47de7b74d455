//! Rows 1 to 12 of the client's duties: from the refusal to the endpoints.

use callboard::domain::FaultKind;
use serde_json::json;

use super::case::{Case, Person};
use crate::support::authority::{Behaviour, Reply};

const RESOURCE: &str = "/.well-known/oauth-protected-resource/mcp";
const SERVER: &str = "/.well-known/oauth-authorization-server";

#[tokio::test]
async fn a_good_server_is_signed_in_to() {
    let outcome = Case::good().run().await;
    let record = outcome.works();
    assert_eq!(record.issuer, outcome.authority.origin);
    assert_eq!(record.resource, outcome.authority.url);
    assert_eq!(record.scopes, ["read", "write"]);
    assert!(record.is_refreshable() && record.expires_at.is_some());
    assert_eq!(outcome.pages[0].status, 200);
    assert!(outcome.pages[0].text.contains("go back to the terminal"));
    let states: Vec<String> = outcome
        .steps
        .iter()
        .map(|step| format!("{:?}", step.state))
        .collect();
    assert_eq!(states, ["Done"; 5]);
}

#[tokio::test]
async fn a_refusal_without_a_challenge_leads_to_the_well_known_places() {
    let outcome = Case::new(Behaviour::good().no_challenge()).run().await;
    assert_eq!(outcome.works().scopes, ["read", "write", "extra"]);
}

#[tokio::test]
async fn a_metadata_address_inside_a_quoted_description_is_no_address() {
    let trick = "Bearer error_description=\"see resource_metadata={other}/prm, scope=admin\"";
    let outcome = Case::new(Behaviour::good().challenge(trick))
        .with_another(Behaviour::good())
        .run()
        .await;
    assert_eq!(outcome.works().scopes, ["read", "write", "extra"]);
    outcome.other_is_left_alone();
}

#[tokio::test]
async fn the_bearer_challenge_is_found_among_others() {
    let several = "Basic realm=\"a, Bearer scope=b\", Bearer scope=\"read\", \
                   resource_metadata=\"{origin}/prm\", Digest nonce=\"x\"";
    let behaviour = Behaviour::good().challenge(several).resource_at(&["/prm"]);
    assert_eq!(Case::new(behaviour).run().await.works().scopes, ["read"]);
}

#[tokio::test]
async fn the_resource_s_document_may_be_at_the_root() {
    let behaviour = Behaviour::good()
        .no_challenge()
        .resource_at(&["/.well-known/oauth-protected-resource"]);
    let outcome = Case::new(behaviour).run().await;
    outcome.works();
    assert_eq!(outcome.authority.count(RESOURCE), 1);
}

#[tokio::test]
async fn a_document_that_moved_on_its_own_host_is_followed() {
    let behaviour = Behaviour::good()
        .resource_at(&["/moved"])
        .instead(RESOURCE, Reply::redirect(302, "/moved"));
    Case::new(behaviour).run().await.works();
}

#[tokio::test]
async fn a_document_that_redirects_forever_is_given_up() {
    let mut behaviour = Behaviour::good().resource_at(&[]);
    for _ in 0..12 {
        behaviour = behaviour.instead(RESOURCE, Reply::redirect(307, RESOURCE));
    }
    let outcome = Case::new(behaviour).run().await;
    outcome.fails(FaultKind::SignIn, "redirects too often");
}

#[tokio::test]
async fn a_server_that_is_busy_is_tried_again_later_and_not_signed_in_to_elsewhere() {
    let busy = Reply::new(503, "").with("retry-after", "30");
    let outcome = Case::new(Behaviour::good().instead(RESOURCE, busy))
        .run()
        .await;
    let failed = outcome.fails(FaultKind::Server, "busy or broken now");
    assert!(failed.fault.retry);
    assert_eq!(failed.fault.retry_after_ms, Some(30_000));
    assert_eq!(outcome.authority.count("/token"), 0);
}

#[tokio::test]
async fn a_document_that_is_too_large_is_not_read() {
    let huge = Reply::new(200, &"x".repeat(70_000));
    let outcome = Case::new(Behaviour::good().instead(RESOURCE, huge))
        .run()
        .await;
    outcome.fails(FaultKind::Server, "larger than 64 KiB");
}

#[tokio::test]
async fn a_document_that_is_no_json_is_none() {
    let page = Reply::new(200, "<html>sign in</html>");
    let behaviour = Behaviour::good().resource_at(&[]).instead(RESOURCE, page);
    let outcome = Case::new(behaviour).run().await;
    outcome.fails(FaultKind::SignIn, "cannot be read");
}

#[tokio::test]
async fn a_document_for_another_resource_is_refused() {
    let behaviour = Behaviour::good().resource(json!({ "resource": "{origin}/other" }));
    let outcome = Case::new(behaviour).run().await;
    outcome.fails(FaultKind::SignIn, "is for another resource");
    assert_eq!(outcome.authority.count(SERVER), 0);
}

#[tokio::test]
async fn a_document_without_a_resource_is_refused() {
    let behaviour = Behaviour::good().resource(json!({ "resource": null }));
    let outcome = Case::new(behaviour).run().await;
    outcome.fails(FaultKind::SignIn, "does not say which resource it is for");
}

#[tokio::test]
async fn a_resource_above_the_server_is_asked_for_letter_by_letter() {
    let behaviour = Behaviour::good().resource(json!({ "resource": "{origin}" }));
    let outcome = Case::new(behaviour).run().await;
    assert_eq!(outcome.works().resource, outcome.authority.origin);
    let asked = &outcome.authority.at("/authorize")[0];
    assert_eq!(
        asked.parameter("resource"),
        Some(outcome.authority.origin.clone())
    );
}

#[tokio::test]
async fn the_second_authorization_server_is_asked_where_the_first_is_dead() {
    let behaviour = Behaviour::good()
        .resource(json!({ "authorization_servers": ["{origin}/nothing", "{origin}"] }));
    let outcome = Case::new(behaviour).run().await;
    assert_eq!(outcome.works().issuer, outcome.authority.origin);
}

#[tokio::test]
async fn the_operator_chooses_among_authorization_servers() {
    let both = json!({ "authorization_servers": ["{other}", "{origin}"] });
    let outcome = Case::new(Behaviour::good().resource(both))
        .with_another(Behaviour::good())
        .change(|request, authority| request.sign_in.issuer = Some(authority.origin.clone()))
        .run()
        .await;
    assert_eq!(outcome.works().issuer, outcome.authority.origin);
    outcome.other_is_left_alone();
}

#[tokio::test]
async fn an_authorization_server_that_the_operator_did_not_choose_is_refused() {
    let outcome = Case::good()
        .set(|set| set.issuer = Some("https://mine.example".to_owned()))
        .run()
        .await;
    outcome.fails(FaultKind::Denied, "names another authorization server");
    assert_eq!(outcome.authority.count(SERVER), 0);
}

#[tokio::test]
async fn a_resource_that_names_no_authorization_server_is_told_so() {
    let behaviour = Behaviour::good().resource(json!({ "authorization_servers": [] }));
    let outcome = Case::new(behaviour).run().await;
    outcome.fails(FaultKind::SignIn, "names no authorization server");
}

#[tokio::test]
async fn an_openid_provider_is_found() {
    let behaviour = Behaviour::good().server_at(&["/.well-known/openid-configuration"]);
    Case::new(behaviour).run().await.works();
}

/// Where the document of an issuer with a path may be.
async fn with_a_path(place: &'static str) {
    let behaviour = Behaviour::good()
        .resource(json!({ "authorization_servers": ["{origin}/tenant/7"] }))
        .server(json!({ "issuer": "{origin}/tenant/7" }))
        .server_at(&[place]);
    let outcome = Case::new(behaviour).run().await;
    let expected = format!("{}/tenant/7", outcome.authority.origin);
    assert_eq!(outcome.works().issuer, expected);
}

#[tokio::test]
async fn an_issuer_with_a_path_has_it_behind_the_well_known_place() {
    with_a_path("/.well-known/oauth-authorization-server/tenant/7").await;
}

#[tokio::test]
async fn an_openid_issuer_with_a_path_may_have_it_behind_the_well_known_place() {
    with_a_path("/.well-known/openid-configuration/tenant/7").await;
}

#[tokio::test]
async fn an_openid_issuer_with_a_path_may_have_it_before_the_well_known_place() {
    with_a_path("/tenant/7/.well-known/openid-configuration").await;
}

#[tokio::test]
async fn a_document_of_another_issuer_is_refused() {
    let behaviour = Behaviour::good().server(json!({ "issuer": "https://bank.example" }));
    let outcome = Case::new(behaviour).run().await;
    outcome.fails(
        FaultKind::SignIn,
        "is of another issuer (“https://bank.example” instead of",
    );
    assert_eq!(outcome.authority.count("/register"), 0);
}

#[tokio::test]
async fn a_document_without_an_issuer_is_refused() {
    let behaviour = Behaviour::good().server(json!({ "issuer": null }));
    Case::new(behaviour)
        .run()
        .await
        .fails(FaultKind::SignIn, "does not name its issuer");
}

#[tokio::test]
async fn a_slash_behind_a_bare_issuer_is_forgiven() {
    let behaviour = Behaviour::good().server(json!({ "issuer": "{origin}/" }));
    Case::new(behaviour).run().await.works();
}

#[tokio::test]
async fn a_server_of_2025_03_26_has_its_metadata_at_the_root() {
    let behaviour = Behaviour::good().no_challenge().resource_at(&[]);
    let outcome = Case::new(behaviour).run().await;
    assert_eq!(outcome.works().resource, outcome.authority.url);
    assert!(outcome.works().scopes.is_empty());
}

#[tokio::test]
async fn endpoints_that_nobody_published_are_not_believed() {
    let behaviour = Behaviour::good()
        .no_challenge()
        .resource_at(&[])
        .server_at(&[]);
    let outcome = Case::new(behaviour).run().await;
    let failed = outcome.fails(FaultKind::Denied, "publishes no OAuth metadata");
    assert!(
        failed
            .fault
            .hints
            .iter()
            .any(|hint| hint.contains("--allow-no-pkce"))
    );
    assert_eq!(outcome.authority.count("/register"), 0);
}

#[tokio::test]
async fn endpoints_that_nobody_published_are_used_where_the_operator_accepts_it() {
    let mut behaviour = Behaviour::good()
        .no_challenge()
        .resource_at(&[])
        .server_at(&[]);
    behaviour.server = json!({});
    let outcome = Case::new(behaviour)
        .set(|set| set.unadvertised_pkce = true)
        .run()
        .await;
    outcome.works();
    assert!(outcome.consent().unadvertised_pkce);
}

#[tokio::test]
async fn a_server_that_does_not_speak_of_pkce_is_refused() {
    for methods in [json!(null), json!([]), json!(["plain"]), json!("S256")] {
        let behaviour =
            Behaviour::good().server(json!({ "code_challenge_methods_supported": methods }));
        let outcome = Case::new(behaviour).run().await;
        outcome.fails(FaultKind::Denied, "does not say that it checks PKCE");
        assert_eq!(outcome.authority.count("/register"), 0);
    }
}

#[tokio::test]
async fn pkce_is_sent_also_where_the_operator_does_without_the_promise() {
    let behaviour = Behaviour::good().server(json!({ "code_challenge_methods_supported": null }));
    let outcome = Case::new(behaviour)
        .set(|set| set.unadvertised_pkce = true)
        .run()
        .await;
    outcome.works();
    let asked = &outcome.authority.at("/authorize")[0];
    assert_eq!(
        asked.parameter("code_challenge_method").as_deref(),
        Some("S256")
    );
}

#[tokio::test]
async fn the_resource_is_named_wherever_a_token_is_asked_for() {
    let outcome = Case::good().run().await;
    let url = Some(outcome.authority.url.clone());
    assert_eq!(
        outcome.authority.at("/authorize")[0].parameter("resource"),
        url
    );
    assert_eq!(outcome.authority.at("/token")[0].field("resource"), url);
}

#[tokio::test]
async fn a_failed_sign_in_shows_each_request_with_its_answer_cause_and_cure() {
    let outcome = Case::good().person(Person::Browser).change(|_, authority| {
        authority.instead("/token", Reply::error("invalid_grant"));
    });
    let outcome = outcome.run().await;
    let failed = outcome.fails(FaultKind::SignIn, "refuses the code: invalid_grant");
    let last = failed.steps.last().unwrap();
    assert!(last.cause.as_deref().unwrap().contains("invalid_grant"));
    assert!(last.cure.as_deref().unwrap().starts_with("sign in again"));
    let exchange = &last.exchanges[0];
    assert!(exchange.request.starts_with("POST http://127.0.0.1:"));
    assert!(exchange.answer.raw().starts_with("400 "));
    assert!(exchange.curl.contains("--data-urlencode \"code=$CODE\""));
    assert_eq!(failed.steps.len(), 5);
}
