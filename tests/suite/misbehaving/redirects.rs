//! Nothing secret goes where it does not belong.

use callboard::domain::{AuthMethod, FaultKind};
use callboard::protocol::{Add, AuthWanted, SecretName};

use super::addition;
use crate::support::board::{Board, carried, wanted};
use crate::support::fake::{Behaviour, FakeServer, Misbehaviour, Phase};

const SECRET: &str = "canary-5a17d0";

fn ways() -> Vec<(AuthMethod, SecretName)> {
    let header = "X-Api-Key".to_owned();
    vec![
        (AuthMethod::Bearer, SecretName::Token),
        (
            AuthMethod::Basic {
                user: "ana".to_owned(),
            },
            SecretName::Password,
        ),
        (
            AuthMethod::Header {
                names: vec![header.clone()],
            },
            SecretName::Header(header),
        ),
    ]
}

/// Each way of carrying a secret, and a redirect in each phase of a connector.
#[tokio::test]
async fn a_secret_follows_no_redirect_to_another_origin() {
    let board = Board::start().await;
    for (number, (method, secret)) in ways().into_iter().enumerate() {
        for misbehaviour in [
            Misbehaviour::RedirectElsewhere,
            Misbehaviour::RedirectToPlain,
        ] {
            for phase in [Phase::Connect, Phase::List, Phase::Call] {
                let behaviour = Behaviour::misbehaving(misbehaviour).at(phase);
                let server = FakeServer::start(behaviour);
                let plain = u8::from(misbehaviour == Misbehaviour::RedirectToPlain);
                let name = format!("r{number}-{plain}-{}", phase as usize);
                let mut add = addition(&name, &server, misbehaviour);
                add.auth = AuthWanted::Given(method.clone());
                add.secrets = vec![(secret.clone(), carried(SECRET))];
                let fault = match board.send_add(&add).await {
                    Err(fault) => fault,
                    Ok(_) => {
                        let arguments = serde_json::json!({ "text": "x" });
                        board.call(&name, "echo", arguments).await.unwrap_err()
                    }
                };
                assert_eq!(fault.kind, FaultKind::Server, "{name}: {fault:?}");
                assert!(fault.message.contains("redirects elsewhere"), "{fault:?}");
                assert!(!server.requests().is_empty(), "{name}");
                assert_eq!(server.elsewhere().record().connections, 0, "{name}");
            }
        }
    }
}

/// What a query holds may be a key; it stays behind too.
#[tokio::test]
async fn a_query_follows_no_redirect_to_another_origin() {
    let board = Board::start().await;
    let server = FakeServer::start(Behaviour::misbehaving(Misbehaviour::RedirectElsewhere));
    let url = format!("{}?key={SECRET}", server.url);
    for add in [
        board.add("one", &url).await,
        board.add_open("two", &url).await,
    ] {
        let fault = add.unwrap_err();
        assert!(!format!("{fault:?}").contains(SECRET), "{fault:?}");
    }
    assert!(server.requests()[0].mentions(SECRET));
    assert_eq!(server.elsewhere().record().connections, 0);
}

/// `plain_http` is for servers that want nothing. 192.0.2.1 is nobody's (RFC 5737):
/// refusing has to come before anything is looked up or sent.
#[tokio::test]
async fn plain_http_to_another_machine_never_carries_a_secret() {
    let board = Board::start().await;
    for (method, secret) in ways() {
        let mut add = Add {
            auth: AuthWanted::Given(method),
            secrets: vec![(secret, carried(SECRET))],
            ..wanted("plain", "http://192.0.2.1/mcp")
        };
        for allowed in [false, true] {
            add.options.plain_http = allowed;
            let fault = board.send_add(&add).await.unwrap_err();
            assert_eq!(fault.kind, FaultKind::User, "{fault:?}");
            assert!(fault.message.contains("plain http"), "{fault:?}");
        }
    }
    assert_eq!(board.status().await.connectors.total, 0);
}
