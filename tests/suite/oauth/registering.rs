//! Rows 16 to 19: how callboard becomes known.

use callboard::domain::{FaultKind, Registration, Secret};
use callboard::mcp::oauth::ClientAuth;
use serde_json::json;

use super::case::{Case, Person, request, run};
use crate::support::authority::{Behaviour, Preset, Reply};

const DOCUMENT: &str = "https://callboard.example/client-metadata.json";

fn preset(secret: Option<&'static str>) -> Preset {
    Preset {
        id: "mine",
        secret,
        redirect: "http://127.0.0.1/callback",
    }
}

#[tokio::test]
async fn a_client_registered_by_hand_comes_first() {
    let behaviour = Behaviour::good()
        .preset(preset(None))
        .server(json!({ "client_id_metadata_document_supported": true }));
    let outcome = Case::new(behaviour)
        .set(|set| {
            set.client_id = Some("mine".to_owned());
            set.client_metadata_url = Some(DOCUMENT.to_owned());
        })
        .run()
        .await;
    assert_eq!(outcome.works().client.kind, Registration::Manual);
    assert_eq!(outcome.authority.count("/register"), 0);
}

/// The secret of a client registered by hand goes the way the server takes it.
async fn with_secret(methods: serde_json::Value, auth: ClientAuth) {
    let behaviour = Behaviour::good()
        .preset(preset(Some("preset s3cret+&%")))
        .server(json!({ "token_endpoint_auth_methods_supported": methods }));
    let outcome = Case::new(behaviour)
        .set(|set| set.client_id = Some("mine".to_owned()))
        .change(|request, _| request.client_secret = Some(Secret::new("preset s3cret+&%")))
        .run()
        .await;
    assert_eq!(outcome.works().client.auth, auth);
    let asked = &outcome.authority.at("/token")[0];
    assert_eq!(
        asked.header("authorization").is_some(),
        auth == ClientAuth::Basic
    );
    assert_eq!(asked.field("client_id").as_deref(), Some("mine"));
    assert_eq!(
        asked.field("client_secret").is_some(),
        auth == ClientAuth::Post
    );
}

#[tokio::test]
async fn a_secret_goes_as_basic_where_the_server_says_nothing() {
    with_secret(json!(null), ClientAuth::Basic).await;
}

#[tokio::test]
async fn a_secret_goes_into_the_form_where_the_server_wants_that() {
    with_secret(
        json!(["private_key_jwt", "client_secret_post"]),
        ClientAuth::Post,
    )
    .await;
}

/// The Python SDK lists both and reads the form alone where a token is taken back.
#[tokio::test]
async fn a_secret_goes_the_way_that_the_server_lists_first() {
    let both = json!(["none", "client_secret_post", "client_secret_basic"]);
    with_secret(both, ClientAuth::Post).await;
}

#[tokio::test]
async fn a_server_that_takes_no_secret_is_told_of() {
    let behaviour = Behaviour::good()
        .preset(preset(Some("preset-s3cret")))
        .server(json!({ "token_endpoint_auth_methods_supported": ["private_key_jwt"] }));
    let outcome = Case::new(behaviour)
        .set(|set| set.client_id = Some("mine".to_owned()))
        .change(|request, _| request.client_secret = Some(Secret::new("preset-s3cret")))
        .run()
        .await;
    outcome.fails(FaultKind::SignIn, "takes no client secret");
}

#[tokio::test]
async fn a_client_metadata_document_comes_before_a_registration() {
    let behaviour =
        Behaviour::good().server(json!({ "client_id_metadata_document_supported": true }));
    let outcome = Case::new(behaviour)
        .set(|set| set.client_metadata_url = Some(DOCUMENT.to_owned()))
        .run()
        .await;
    assert_eq!(outcome.works().client.kind, Registration::Cimd);
    assert_eq!(outcome.works().client.id, DOCUMENT);
    assert_eq!(outcome.authority.count("/register"), 0);
    assert_eq!(outcome.consent().registration, Registration::Cimd);
}

#[tokio::test]
async fn a_client_metadata_document_is_used_where_the_server_takes_one_alone() {
    let outcome = Case::good()
        .set(|set| set.client_metadata_url = Some(DOCUMENT.to_owned()))
        .run()
        .await;
    assert_eq!(outcome.works().client.kind, Registration::Dynamic);
}

#[tokio::test]
async fn a_server_that_registers_nobody_leads_to_a_form_with_the_exact_redirect_url() {
    let behaviour = Behaviour::good().server(json!({ "registration_endpoint": null,
        "service_documentation": "{origin}/docs" }));
    let outcome = Case::new(behaviour).run().await;
    let failed = outcome.fails(FaultKind::SignIn, "registers no clients by itself");
    let form = failed.by_hand.as_ref().unwrap();
    let redirect = form.redirect_url.clone().unwrap();
    assert!(redirect.starts_with("http://127.0.0.1:") && redirect.ends_with("/callback"));
    assert!(
        failed
            .fault
            .hints
            .iter()
            .any(|hint| hint.contains(&redirect))
    );
    assert_eq!(
        form.documentation,
        Some(format!("{}/docs", outcome.authority.origin))
    );
    assert_eq!(form.scopes.len(), 2);
    assert!(outcome.consents.is_empty());
}

#[tokio::test]
async fn a_registration_endpoint_in_an_inner_network_is_not_used() {
    let behaviour = Behaviour::good()
        .server(json!({ "registration_endpoint": "http://169.254.169.254/register" }));
    let outcome = Case::new(behaviour).run().await;
    let failed = outcome.fails(FaultKind::SignIn, "registers no clients by itself");
    assert!(
        failed
            .fault
            .hints
            .iter()
            .any(|hint| hint.contains("wrong registration_endpoint"))
    );
}

#[tokio::test]
async fn a_registration_says_what_kind_of_client_it_is() {
    let outcome = Case::good().run().await;
    outcome.works();
    let said = outcome.authority.at("/register")[0].json();
    assert_eq!(said["application_type"], "native");
    assert_eq!(said["token_endpoint_auth_method"], "none");
    assert_eq!(
        said["grant_types"],
        json!(["authorization_code", "refresh_token"])
    );
    assert_eq!(said["scope"], "read write");
    assert_eq!(
        said["redirect_uris"][0].as_str(),
        outcome.works().redirect_url.as_deref()
    );
}

#[tokio::test]
async fn a_registration_that_is_refused_says_why() {
    let refusal = Reply::json(
        400,
        &json!({ "error": "invalid_software_statement",
        "error_description": "ask the owner" }),
    );
    let outcome = Case::new(Behaviour::good().instead("/register", refusal))
        .run()
        .await;
    let failed = outcome.fails(FaultKind::SignIn, "does not register callboard");
    assert!(failed.fault.message.contains("ask the owner"));
    assert!(
        failed
            .fault
            .hints
            .iter()
            .any(|hint| hint.contains("/callback"))
    );
}

#[tokio::test]
async fn a_registration_endpoint_that_is_closed_says_so() {
    for status in [401, 403, 404] {
        let outcome = Case::new(Behaviour::good().instead("/register", Reply::new(status, "no")))
            .run()
            .await;
        outcome.fails(
            FaultKind::SignIn,
            &format!("the registration with {status}"),
        );
    }
}

/// oidc-provider refuses scopes of a resource in a registration and grants them all the
/// same.
#[tokio::test]
async fn a_server_that_registers_no_scopes_is_asked_without_them() {
    let refusal = Reply::error("invalid_client_metadata");
    let outcome = Case::new(Behaviour::good().instead("/register", refusal))
        .run()
        .await;
    assert_eq!(outcome.works().scopes, ["read", "write"]);
    let asked = outcome.authority.at("/register");
    assert!(asked[0].json()["scope"].is_string());
    assert!(asked[1].json()["scope"].is_null());
    assert_eq!(asked[1].json()["token_endpoint_auth_method"], "none");
}

/// Asks once more for a client with a secret.
async fn registers_only(method: &'static str, auth: ClientAuth) {
    let mut behaviour = Behaviour::good();
    behaviour.registers_only = Some(method);
    let outcome = Case::new(behaviour).run().await;
    let record = outcome.works();
    assert_eq!(record.client.auth, auth);
    assert!(record.client.secret.is_some());
}

#[tokio::test]
async fn a_server_without_public_clients_gives_a_secret_for_basic() {
    registers_only("client_secret_basic", ClientAuth::Basic).await;
}

#[tokio::test]
async fn a_server_without_public_clients_gives_a_secret_for_the_form() {
    registers_only("client_secret_post", ClientAuth::Post).await;
}

#[tokio::test]
async fn a_server_that_knows_localhost_alone_gets_localhost() {
    let mut behaviour = Behaviour::good();
    behaviour.localhost_only = true;
    let outcome = Case::new(behaviour).run().await;
    let redirect = outcome.works().redirect_url.clone().unwrap();
    assert!(redirect.starts_with("http://localhost:"));
    assert_eq!(outcome.authority.count("/register"), 2);
}

#[tokio::test]
async fn a_redirect_url_that_is_refused_is_named() {
    let mut behaviour = Behaviour::good();
    behaviour.localhost_only = true;
    let redirect = "http://127.0.0.1:41799/back".to_owned();
    let outcome = Case::new(behaviour)
        .set(move |set| set.redirect_url = Some(redirect))
        .run()
        .await;
    let failed = outcome.fails(FaultKind::SignIn, "invalid_redirect_uri");
    assert!(
        failed
            .fault
            .hints
            .iter()
            .any(|hint| hint.contains("http://127.0.0.1:41799/back"))
    );
}

#[tokio::test]
async fn a_registration_with_another_redirect_url_is_refused() {
    let behaviour =
        Behaviour::good().registered(json!({ "redirect_uris": ["https://evil.example/"] }));
    let outcome = Case::new(behaviour).run().await;
    outcome.fails(FaultKind::SignIn, "registered another redirect URL");
    assert!(outcome.consents.is_empty());
}

#[tokio::test]
async fn a_registration_without_a_name_is_refused() {
    let behaviour = Behaviour::good().registered(json!({ "client_id": null }));
    Case::new(behaviour)
        .run()
        .await
        .fails(FaultKind::SignIn, "names no client_id");
}

#[tokio::test]
async fn a_second_sign_in_registers_nothing() {
    let mut behaviour = Behaviour::good();
    behaviour.exact_redirects = true;
    let outcome = Case::new(behaviour).run().await;
    let record = outcome.works().clone();
    let mut again = request(&outcome.authority).await;
    // On a busy machine another test may have the port meanwhile; that is another case.
    again.sign_in.callback_port = None;
    again.earlier = Some(record.clone());
    let again = run(outcome.authority, None, again, Person::Browser).await;
    let second = again.works();
    if second.redirect_url == record.redirect_url {
        assert_eq!(second.client, record.client);
        assert_eq!(again.authority.count("/register"), 1);
    } else {
        assert_eq!(again.authority.count("/register"), 2);
    }
    assert_eq!(second.generation, record.generation + 1);
}

#[tokio::test]
async fn a_client_that_the_server_forgot_is_registered_anew() {
    let outcome = Case::good().run().await;
    let record = outcome.works().clone();
    outcome.authority.forget_clients();
    let mut again = request(&outcome.authority).await;
    again.earlier = Some(record.clone());
    again.fresh_client = true;
    let again = run(outcome.authority, None, again, Person::Browser).await;
    assert_ne!(again.works().client.id, record.client.id);
}

#[tokio::test]
async fn a_client_that_the_token_endpoint_does_not_know_is_said_to_be_lost() {
    let outcome = Case::new(Behaviour::good().instead(
        "/token",
        Reply::json(401, &json!({ "error": "invalid_client" })),
    ))
    .run()
    .await;
    assert!(
        outcome
            .fails(FaultKind::SignIn, "invalid_client")
            .client_lost
    );
}

#[tokio::test]
async fn a_machine_account_needs_no_person() {
    let behaviour = Behaviour::good().preset(preset(Some("preset-s3cret")));
    let outcome = Case::new(behaviour)
        .set(|set| {
            set.machine = true;
            set.client_id = Some("mine".to_owned());
        })
        .change(|request, authority| {
            request.sign_in.issuer = Some(authority.origin.clone());
            request.client_secret = Some(Secret::new("preset-s3cret"));
        })
        .run()
        .await;
    let record = outcome.works();
    assert!(record.machine && record.redirect_url.is_none());
    assert!(outcome.consents.is_empty());
    let asked = &outcome.authority.at("/token")[0];
    assert_eq!(
        asked.field("grant_type").as_deref(),
        Some("client_credentials")
    );
    assert_eq!(asked.field("scope").as_deref(), Some("read write"));
}

/// Nobody would see where the secret goes (CVE-2026-104850).
#[tokio::test]
async fn a_machine_account_s_secret_goes_to_a_named_issuer_alone() {
    let outcome = Case::good()
        .set(|set| {
            set.machine = true;
            set.client_id = Some("mine".to_owned());
        })
        .change(|request, _| request.client_secret = Some(Secret::new("preset-s3cret")))
        .run()
        .await;
    outcome.fails(FaultKind::User, "needs its authorization server named");
    assert_eq!(outcome.authority.count("/token"), 0);
}
