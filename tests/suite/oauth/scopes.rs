//! Rows 13 to 15: what is asked for.

use callboard::mcp::challenge::read_challenges;
use callboard::mcp::oauth::StepUp;
use serde_json::json;

use super::case::{Case, Person, request, run};
use crate::support::authority::Behaviour;

/// The scope that was asked for.
async fn asked(behaviour: Behaviour) -> Option<String> {
    let outcome = Case::new(behaviour).run().await;
    outcome.works();
    outcome.authority.at("/authorize")[0].parameter("scope")
}

const NO_SCOPE: &str =
    "Bearer resource_metadata=\"{origin}/.well-known/oauth-protected-resource/mcp\"";

#[tokio::test]
async fn the_challenge_s_scopes_come_first() {
    assert_eq!(
        asked(Behaviour::good()).await.as_deref(),
        Some("read write")
    );
}

#[tokio::test]
async fn a_server_that_nobody_has_asked_yet_is_asked_what_it_wants() {
    let outcome = Case::good()
        .change(|request, _| request.challenge = None)
        .run()
        .await;
    assert_eq!(outcome.works().scopes_asked, ["read", "write"]);
    let asked = outcome.authority.at("/mcp").pop().unwrap();
    assert_eq!(asked.header("mcp-method"), Some("server/discover"));
}

#[tokio::test]
async fn a_challenge_without_end_is_cut_where_it_is_reported() {
    let endless = format!("Bearer realm=\"{}\"", "a".repeat(9000));
    let outcome = Case::new(Behaviour::good().challenge(&endless))
        .change(|request, _| request.challenge = None)
        .run()
        .await;
    outcome.works();
    let exchanges = outcome.steps.iter().flat_map(|step| &step.exchanges);
    for exchange in exchanges {
        let letters = exchange.answer.raw().chars().count();
        assert!(letters < 500, "{letters} of {}", exchange.request);
    }
}

#[tokio::test]
async fn the_resource_s_scopes_come_second() {
    let scope = asked(Behaviour::good().challenge(NO_SCOPE)).await;
    assert_eq!(scope.as_deref(), Some("read write extra"));
}

#[tokio::test]
async fn the_authorization_server_s_own_list_is_never_asked_for() {
    let behaviour = Behaviour::good()
        .challenge(NO_SCOPE)
        .resource(json!({ "scopes_supported": null }));
    assert_eq!(asked(behaviour).await, None);
}

#[tokio::test]
async fn staying_signed_in_is_asked_for_where_the_server_knows_it() {
    let behaviour = Behaviour::good().server(json!({ "scopes_supported": ["offline_access"] }));
    assert_eq!(
        asked(behaviour).await.as_deref(),
        Some("read write offline_access")
    );
}

#[tokio::test]
async fn the_operator_s_scopes_stand_instead_of_all_others() {
    let outcome = Case::good()
        .set(|set| set.scopes = vec!["read".to_owned()])
        .run()
        .await;
    assert_eq!(outcome.works().scopes_asked, ["read"]);
}

#[tokio::test]
async fn what_was_granted_is_kept_beside_what_was_asked() {
    let outcome = Case::new(Behaviour::good().tokens(json!({ "scope": "read" })))
        .run()
        .await;
    let record = outcome.works();
    assert_eq!(record.scopes_asked, ["read", "write"]);
    assert_eq!(record.scopes, ["read"]);
    let shown = record.shown();
    assert_eq!(shown.scopes_asked.len(), 2);
    assert_eq!(shown.scopes[0].words.as_deref(), Some("read"));
}

#[tokio::test]
async fn a_step_up_asks_for_everything_and_shows_what_is_new() {
    let outcome = Case::good().run().await;
    let record = outcome.works().clone();
    let header = "Bearer error=\"insufficient_scope\", scope=\"files:delete\"";
    let challenge = &read_challenges([header])[0];
    let step = StepUp::read(challenge, &record.scopes_asked, &record.scopes).unwrap();
    let mut more = request(&outcome.authority).await;
    more.step_up = Some(step);
    more.earlier = Some(record.clone());
    let more = run(outcome.authority, None, more, Person::Browser).await;
    assert_eq!(more.works().scopes, ["read", "write", "files:delete"]);
    let added = &more.consent().added;
    assert_eq!(added.len(), 1);
    assert_eq!(added[0].words.as_deref(), Some("delete: files"));
    // The old token is of use until the new one is there.
    assert!(more.authority.lets_in(record.access_token.expose()));
}
