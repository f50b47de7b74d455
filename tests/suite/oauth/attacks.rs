//! What a hostile server tries, with the number under which it worked elsewhere.

use callboard::domain::{FaultKind, Secret};
use serde_json::json;
use url::Url;

use super::case::{Case, MARK, Person, request, run};
use crate::support::authority::{Authority, Behaviour, Preset, Reply, Returns};

const RESOURCE: &str = "/.well-known/oauth-protected-resource/mcp";

/// CVE-2025-6514: the authorization endpoint became a command.
#[tokio::test]
async fn an_authorization_endpoint_that_is_no_web_address_is_refused() {
    for endpoint in [
        "javascript:alert(1)//x",
        "data:text/html,<script>x</script>",
        "file:///etc/passwd",
        "a:$(cmd.exe /c whoami > c:\\temp\\pwned.txt)?response_type=code",
        "calc.exe",
        "//evil.example/authorize",
    ] {
        let behaviour = Behaviour::good().server(json!({ "authorization_endpoint": endpoint }));
        let outcome = Case::new(behaviour).run().await;
        outcome.fails(
            FaultKind::SignIn,
            "names a wrong authorization_endpoint: it",
        );
        assert!(outcome.consents.is_empty());
    }
}

/// CVE-2026-119025: `$(…)` in an address that was opened by a shell. The address is
/// one argument here, and nothing but ASCII without blanks, quotes or line breaks.
#[tokio::test]
async fn an_address_to_open_holds_nothing_that_ends_an_argument() {
    let endpoint = "{origin}/authorize?x=\"$(calc)'`\u{1b}]8;;\u{202e}\n y";
    let behaviour = Behaviour::good().server(json!({ "authorization_endpoint": endpoint }));
    let outcome = Case::new(behaviour).run().await;
    outcome.works();
    let url = outcome.consent().url.clone().unwrap();
    let odd = |c: char| !c.is_ascii_graphic() || "\"'<>`\\^{}|".contains(c);
    assert!(!url.contains(odd), "{url}");
}

/// CVE-2026-51994: the resource's metadata address led into an inner network.
#[tokio::test]
async fn a_metadata_address_in_an_inner_network_is_not_asked() {
    for inner in [
        "http://169.254.169.254/latest",
        "https://10.0.0.1/prm",
        "file:///etc/passwd",
    ] {
        let challenge = format!("Bearer resource_metadata=\"{inner}\"");
        let behaviour = Behaviour::good().challenge(&challenge).resource_at(&[]);
        let outcome = Case::new(behaviour).run().await;
        outcome.fails(
            FaultKind::Denied,
            "the metadata address that the server names",
        );
    }
}

/// The same by way of the authorization server and its endpoints.
#[tokio::test]
async fn nothing_that_metadata_names_leads_into_an_inner_network() {
    let behaviour =
        Behaviour::good().resource(json!({ "authorization_servers": ["https://192.168.1.1"] }));
    let outcome = Case::new(behaviour).run().await;
    outcome.fails(FaultKind::Denied, "points into a private network");
    for endpoint in [
        "https://10.0.0.1/token",
        "http://as.example/token",
        "https://[fe80::1]/t",
    ] {
        let behaviour = Behaviour::good().server(json!({ "token_endpoint": endpoint }));
        let outcome = Case::new(behaviour).run().await;
        outcome.fails(FaultKind::SignIn, "names a wrong token_endpoint");
        assert_eq!(outcome.authority.count("/register"), 0);
    }
}

/// CVE-2026-111769, CVE-2026-116685, CVE-2026-64684: redirects took secrets along.
#[tokio::test]
async fn a_redirect_takes_no_secret_along() {
    for status in [301, 302, 303, 307, 308] {
        let away = Reply::redirect(status, "{other}/token");
        let outcome = Case::new(Behaviour::good().instead("/token", away))
            .with_another(Behaviour::good())
            .run()
            .await;
        outcome.fails(FaultKind::SignIn, "redirects the code");
        outcome.other_is_left_alone();
    }
}

#[tokio::test]
async fn a_registration_that_is_redirected_is_not_followed() {
    let away = Reply::redirect(307, "{other}/register");
    let outcome = Case::new(Behaviour::good().instead("/register", away))
        .with_another(Behaviour::good())
        .run()
        .await;
    outcome.fails(FaultKind::SignIn, "redirects the registration");
    outcome.other_is_left_alone();
}

#[tokio::test]
async fn a_document_that_redirects_to_another_host_is_not_followed() {
    let away = Reply::redirect(302, "{other}/.well-known/oauth-protected-resource/mcp");
    let behaviour = Behaviour::good().resource_at(&[]).instead(RESOURCE, away);
    let outcome = Case::new(behaviour)
        .with_another(Behaviour::good())
        .run()
        .await;
    outcome.fails(FaultKind::SignIn, "redirects to another host");
    outcome.other_is_left_alone();
}

/// CVE-2026-104850: a server named another authorization server and was sent the
/// refresh token and the client's secret of the first.
#[tokio::test]
async fn another_authorization_server_gets_nothing_of_the_first() {
    let mut first = Behaviour::good();
    first.registers_only = Some("client_secret_basic");
    let outcome = Case::new(first).run().await;
    let record = outcome.works().clone();
    assert!(record.client.secret.is_some());
    // The same server now names another one.
    let evil = Authority::start(Behaviour::good());
    let moved = json!({ "resource": "{origin}/mcp", "authorization_servers": [evil.origin] });
    outcome
        .authority
        .instead(RESOURCE, Reply::json(200, &moved));
    let mut again = request(&outcome.authority).await;
    again.earlier = Some(record);
    let asked = run(outcome.authority, Some(evil), again, Person::Browser).await;
    let evil = asked.other.as_ref().unwrap();
    assert_eq!(asked.works().issuer, evil.origin);
    let host = Url::parse(&evil.origin).unwrap();
    assert_eq!(asked.consent().host, host.host_str().unwrap());
    assert_eq!(evil.count("/register"), 1);
    for seen in evil.seen() {
        assert!(
            !seen.mentions("client-s3cret") && !seen.mentions("refresh-s3cret"),
            "{seen:?}"
        );
    }
}

/// The same with a client that was registered by hand: there is no question at all.
#[tokio::test]
async fn a_secret_that_the_operator_gave_stays_with_its_authorization_server() {
    let preset = Preset {
        id: "mine",
        secret: Some("preset-s3cret"),
        redirect: "http://127.0.0.1/callback",
    };
    let authority = Authority::start(Behaviour::good().preset(preset));
    let with_client = async |authority: &Authority, earlier| {
        let mut made = request(authority).await;
        made.sign_in.client_id = Some("mine".to_owned());
        made.client_secret = Some(Secret::new("preset-s3cret"));
        made.earlier = earlier;
        made
    };
    let first = with_client(&authority, None).await;
    let outcome = run(authority, None, first, Person::Browser).await;
    let record = outcome.works().clone();
    let evil = Authority::start(Behaviour::good());
    let moved = json!({ "resource": "{origin}/mcp", "authorization_servers": [evil.origin] });
    outcome
        .authority
        .instead(RESOURCE, Reply::json(200, &moved));
    let again = with_client(&outcome.authority, Some(record)).await;
    let outcome = run(outcome.authority, Some(evil), again, Person::Browser).await;
    outcome.fails(FaultKind::Denied, "names another authorization server");
    outcome.other_is_left_alone();
}

fn with_own_client(device_only: bool) -> Case {
    let preset = Preset {
        id: "mine",
        secret: Some("preset-s3cret"),
        redirect: "http://127.0.0.1/callback",
    };
    let mut behaviour = Behaviour::good()
        .preset(preset)
        .device(&["authorization_pending"; 60]);
    if device_only {
        behaviour.polls.clear();
        behaviour.server["authorization_endpoint"] = json!(null);
    }
    Case::new(behaviour)
        .set(|set| set.client_id = Some("mine".to_owned()))
        .change(|request, _| request.client_secret = Some(Secret::new("preset-s3cret")))
}

/// And before any sign-in: a device code is asked for before a person sees where.
#[tokio::test]
async fn a_secret_that_the_operator_gave_waits_until_a_person_has_seen_where_it_goes() {
    let outcome = with_own_client(false).run().await;
    outcome.works();
    assert_eq!(outcome.authority.count("/device"), 0);
    assert!(outcome.consent().device.is_none());
    assert!(outcome.refused[0].hints[0].contains("--issuer"));
    let outcome = with_own_client(true).run().await;
    outcome.fails(FaultKind::User, "nobody has named");
    for seen in outcome.authority.seen() {
        assert!(!seen.mentions("preset-s3cret"), "{seen:?}");
    }
    let named = with_own_client(true)
        .change(|request, authority| request.sign_in.issuer = Some(authority.origin.clone()));
    named.run().await.works();
}

/// And where the resource's document is taken away, so that the server itself would be
/// the authorization server.
#[tokio::test]
async fn a_server_that_hides_its_metadata_gets_no_secret_either() {
    let outcome = Case::new(Behaviour::good().no_challenge().resource_at(&[]))
        .set(|set| {
            set.issuer = Some("https://mine.example".to_owned());
            set.client_id = Some("mine".to_owned());
        })
        .change(|request, _| request.client_secret = Some(Secret::new("preset-s3cret")))
        .run()
        .await;
    outcome.fails(FaultKind::Denied, "names another authorization server");
    assert!(
        outcome
            .authority
            .seen()
            .iter()
            .all(|seen| !seen.mentions("preset-s3cret"))
    );
}

/// CVE-2025-69196, CVE-2026-16326: a token that served another server.
#[tokio::test]
async fn a_token_goes_to_the_server_it_is_for_and_no_other() {
    let outcome = Case::good().run().await;
    let record = outcome.works();
    let at = |text: &str| record.bearer_for(&Url::parse(text).unwrap()).is_ok();
    assert!(at(&outcome.authority.url));
    assert!(!at("https://evil.example/mcp"));
    assert!(!at(&format!("{}/other", outcome.authority.origin)));
    assert!(!at(&outcome
        .authority
        .url
        .replace("127.0.0.1", "localhost")));
    assert!(!at(&outcome.authority.url.replace("http:", "https:")));
}

/// CVE-2026-27896: two readers of one document.
#[tokio::test]
async fn a_document_with_a_key_twice_is_refused() {
    let twice = "{\"resource\":\"{origin}/mcp\",\"authorization_servers\":[\"{origin}\"],\
                 \"authorization_servers\":[\"{other}\"]}";
    let behaviour = Behaviour::good()
        .resource_at(&[])
        .instead(RESOURCE, Reply::new(200, twice));
    let outcome = Case::new(behaviour)
        .with_another(Behaviour::good())
        .run()
        .await;
    outcome.fails(FaultKind::SignIn, "stands twice");
    outcome.other_is_left_alone();
}

#[tokio::test]
async fn a_key_in_capitals_is_another_key() {
    let behaviour = Behaviour::good().server(json!({ "Token_Endpoint": "{other}/token" }));
    let outcome = Case::new(behaviour)
        .with_another(Behaviour::good())
        .run()
        .await;
    outcome.works();
    outcome.other_is_left_alone();
}

/// Mix-up (RFC 9207): the answer of one server for a sign-in at another.
#[tokio::test]
async fn an_answer_of_another_server_is_refused_before_its_code_goes_anywhere() {
    for returns in [
        Returns::WrongIssuer,
        Returns::NoIssuer,
        Returns::DeniedByAnother,
    ] {
        let outcome = Case::new(Behaviour::good().returns(returns))
            .set(|set| set.consent_seconds = Some(1))
            .run()
            .await;
        outcome.fails(FaultKind::SignIn, "nobody answered in time");
        assert_eq!(outcome.refused.len(), 1, "{returns:?}");
        assert_eq!(outcome.pages[0].status, 400);
        assert_eq!(outcome.authority.count("/token"), 0);
    }
}

/// A page in the operator's browser that knows the port.
#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_refused_and_ends_nothing() {
    for query in [
        "?code=x&state=guessed",
        "?code=x",
        "?error=access_denied&state=no",
        "",
    ] {
        let outcome = Case::good().person(Person::OpensFirst(query)).run().await;
        outcome.works();
        assert_eq!(outcome.pages[0].status, 400, "{query}");
        assert_eq!(outcome.pages[1].status, 200);
        assert_eq!(outcome.refused.len(), 1);
    }
}

/// An endpoint that brings parameters of its own to replace ours.
#[tokio::test]
async fn an_authorization_endpoint_cannot_say_our_parameters() {
    for name in [
        "state",
        "redirect_uri",
        "client_id",
        "code_challenge",
        "scope",
    ] {
        let endpoint = format!("{{origin}}/authorize?{name}=x");
        let behaviour = Behaviour::good().server(json!({ "authorization_endpoint": endpoint }));
        let outcome = Case::new(behaviour).run().await;
        outcome.fails(FaultKind::SignIn, &format!("already says {name}"));
    }
}

/// A server that quotes what it was given.
#[tokio::test]
async fn a_secret_that_the_server_quotes_is_left_out_of_the_report() {
    let outcome = Case::good()
        .change(|_, authority| {
            let echo = json!({ "error": "invalid_grant", "error_description": "no code {code}" });
            authority.instead("/token", Reply::json(400, &echo));
        })
        .run()
        .await;
    let code = outcome.authority.at("/token")[0].field("code").unwrap();
    assert!(code.contains(MARK));
    let failed = outcome.fails(FaultKind::SignIn, "invalid_grant (“no code •••”)");
    assert!(
        !serde_json::to_string(&failed.steps)
            .unwrap()
            .contains(&code)
    );
}

#[tokio::test]
async fn an_error_in_escape_sequences_reaches_no_terminal() {
    let rude = json!({ "error": "invalid_grant\u{1b}[2J",
        "error_description": "\u{1b}]0;owned\u{7}\u{202e}x" });
    let outcome = Case::new(Behaviour::good().instead("/token", Reply::json(400, &rude)))
        .run()
        .await;
    let failed = outcome.fails(FaultKind::SignIn, "refuses the code");
    assert!(
        !failed
            .fault
            .message
            .contains(['\u{1b}', '\u{7}', '\u{202e}'])
    );
}
