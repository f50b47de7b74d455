//! Who is let in.

use reqwest::header::WWW_AUTHENTICATE;
use serde_json::json;

use super::client::{Client, http};
use crate::support::fake::{Auth, Behaviour, FakeServer, Tls};

async fn status(server: &FakeServer, header: Option<(&str, &str)>) -> u16 {
    let mut client = Client::modern(server);
    if let Some((name, value)) = header {
        client.headers.push((name.to_owned(), value.to_owned()));
    }
    let response = client.send("tools/list", json!({})).await.unwrap();
    response.status().as_u16()
}

#[tokio::test]
async fn each_kind_of_key_opens_its_own_door() {
    let token = || "s3cret".to_owned();
    for (auth, name, value) in [
        (Auth::Bearer(token()), "authorization", "Bearer s3cret"),
        (Auth::Oauth(token()), "authorization", "Bearer s3cret"),
        (
            Auth::Basic("u".into(), token()),
            "authorization",
            "Basic dTpzM2NyZXQ=",
        ),
        (
            Auth::Header("X-Api-Key".into(), token()),
            "x-api-key",
            "s3cret",
        ),
    ] {
        let server = FakeServer::start(Behaviour::modern().auth(auth.clone()));
        assert_eq!(status(&server, None).await, 401, "{auth:?}");
        assert_eq!(
            status(&server, Some((name, "wrong"))).await,
            401,
            "{auth:?}"
        );
        assert_eq!(status(&server, Some((name, value))).await, 200, "{auth:?}");
        assert!(server.requests()[2].mentions(value));
    }
}

#[tokio::test]
async fn some_doors_do_not_open() {
    for (auth, expected) in [(Auth::Bare401, 401), (Auth::Forbidden, 403)] {
        let server = FakeServer::start(Behaviour::modern().auth(auth));
        let any = Some(("authorization", "Bearer any"));
        assert_eq!(status(&server, any).await, expected);
    }
}

#[tokio::test]
async fn oauth_is_described_from_the_challenge_on() {
    let behaviour = Behaviour::modern().auth(Auth::Oauth("t".into()));
    let server = FakeServer::start(behaviour);
    let response = Client::modern(&server)
        .send("server/discover", json!({}))
        .await
        .unwrap();
    let challenge = response.headers()[WWW_AUTHENTICATE].to_str().unwrap();
    let pointer = challenge.split('"').nth(1).unwrap().to_owned();
    let resource: serde_json::Value = http()
        .get(pointer)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(resource["resource"], server.url);
    let issuer = resource["authorization_servers"][0].as_str().unwrap();
    let metadata = format!("{issuer}/.well-known/oauth-authorization-server");
    let metadata: serde_json::Value = http()
        .get(metadata)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(metadata["issuer"], issuer);
    assert_eq!(
        metadata["code_challenge_methods_supported"],
        json!(["S256"])
    );
}

#[tokio::test]
async fn a_lazy_server_lists_for_everybody_and_calls_for_some() {
    let behaviour = Behaviour::modern().auth(Auth::Bearer("t".into())).lazy();
    let server = FakeServer::start(behaviour);
    assert_eq!(status(&server, None).await, 200);
    let mut client = Client::modern(&server);
    let params = json!({ "name": "echo", "arguments": { "text": "x" } });
    let refused = client.send("tools/call", params).await.unwrap();
    assert_eq!(refused.status(), 401);
}

#[tokio::test]
async fn only_a_good_certificate_is_trusted() {
    for (tls, good) in [
        (Tls::Good, true),
        (Tls::Expired, false),
        (Tls::SelfSigned, false),
        (Tls::WrongName, false),
    ] {
        let server = FakeServer::start(Behaviour::modern().tls(tls));
        let answer = Client::modern(&server).send("tools/list", json!({})).await;
        assert_eq!(answer.is_ok(), good, "{tls:?}: {answer:?}");
        assert_eq!(server.requests().len(), usize::from(good));
    }
}
