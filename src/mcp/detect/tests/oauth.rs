use super::*;
use crate::domain::{AuthKind, Confidence, OAuthNeeds, Registration};

const POINTER: &str = "Bearer resource_metadata=\"https://a.example/prm\"";
const NEAR: &str = "GET https://a.example/.well-known/oauth-protected-resource/mcp";
const ROOT: &str = "GET https://a.example/.well-known/oauth-protected-resource";
const ISSUER: &str = "https://id.example";
const AS: &str = "GET https://id.example/.well-known/oauth-authorization-server";

fn resource() -> Value {
    json!({"resource": URL, "authorization_servers": [ISSUER], "scopes_supported": ["read", "write"]})
}

fn server_document(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": "https://id.example/authorize",
        "token_endpoint": "https://id.example/token",
        "registration_endpoint": "https://id.example/register",
        "code_challenge_methods_supported": ["S256"],
    })
}

/// How a server answers.
type Reply = Box<dyn Fn() -> Answer>;

fn asking(values: &'static [&'static str]) -> Server {
    Server::new().on(DISCOVER, move || challenge(401, values))
}

fn needs(ran: &Ran) -> &OAuthNeeds {
    assert_eq!(ran.found().auth, AuthKind::Oauth);
    ran.found().oauth.as_ref().expect("what OAuth needs")
}

fn broken(ran: &Ran) -> &str {
    needs(ran)
        .broken
        .as_deref()
        .expect("a fault in the metadata")
}

#[test]
fn a_pointer_leads_to_the_resource_and_its_authorization_server() {
    let ran = asking(&[POINTER])
        .on("GET /prm", || json_body(200, &resource()))
        .on(AS, || json_body(200, &server_document(ISSUER)))
        .detect();
    let needs = needs(&ran);
    assert_eq!(ran.found().confidence, Confidence::Certain);
    assert_eq!(needs.issuer.raw(), ISSUER);
    assert_eq!(
        needs.registration,
        [Registration::Dynamic, Registration::Manual]
    );
    assert!(needs.pkce && !needs.device);
    assert_eq!(needs.broken, None);
    assert_eq!(needs.resource.as_ref().map(|one| one.raw()), Some(URL));
    let scopes: Vec<_> = needs.scopes.iter().map(|one| one.raw()).collect();
    assert_eq!(scopes, ["read", "write"]);
    assert_eq!(ran.asked(), [DISCOVER, "GET /prm", AS]);
}

#[test]
fn without_a_pointer_the_well_known_places_are_looked_at_in_order() {
    for (place, asked) in [(NEAR, 2), (ROOT, 3)] {
        let ran = asking(&[])
            .on(place, || json_body(200, &resource()))
            .on(AS, || json_body(200, &server_document(ISSUER)))
            .detect();
        assert_eq!(needs(&ran).broken, None);
        assert_eq!(ran.asked().len(), asked + 1);
        assert_eq!(ran.asked()[asked - 1], place);
    }
}

#[test]
fn an_issuer_with_a_path_is_looked_for_at_its_three_places() {
    let issuer = "https://id.example/t/1";
    for place in [
        "GET https://id.example/.well-known/oauth-authorization-server/t/1",
        "GET https://id.example/.well-known/openid-configuration/t/1",
        "GET https://id.example/t/1/.well-known/openid-configuration",
    ] {
        let ran = asking(&[])
            .on(NEAR, move || {
                json_body(
                    200,
                    &json!({"resource": URL, "authorization_servers": [issuer]}),
                )
            })
            .on(place, move || json_body(200, &server_document(issuer)))
            .detect();
        assert_eq!(needs(&ran).broken, None, "{place}");
    }
}

#[test]
fn the_scopes_of_the_challenge_come_first() {
    let ran = asking(&["Bearer scope=\"one two\", resource_metadata=\"/prm\""])
        .on("GET /prm", || json_body(200, &resource()))
        .on(AS, || json_body(200, &server_document(ISSUER)))
        .detect();
    let scopes: Vec<_> = needs(&ran).scopes.iter().map(|one| one.raw()).collect();
    assert_eq!(scopes, ["one", "two"]);
}

#[test]
fn what_a_sign_in_needs_is_read_from_the_document() {
    let mut document = server_document("https://id.example/");
    document["client_id_metadata_document_supported"] = json!(true);
    document["device_authorization_endpoint"] = json!("https://id.example/device");
    let keys = document.as_object_mut().expect("an object");
    keys.remove("code_challenge_methods_supported");
    keys.remove("registration_endpoint");
    let ran = asking(&[])
        .on(NEAR, || json_body(200, &resource()))
        .on(AS, move || json_body(200, &document))
        .detect();
    let needs = needs(&ran);
    assert_eq!(
        needs.registration,
        [Registration::Cimd, Registration::Manual]
    );
    assert!(needs.device && !needs.pkce);
    assert_eq!(needs.broken, None, "a slash behind a bare host is forgiven");
}

#[test]
fn an_authorization_server_at_the_origin_is_the_old_way() {
    let ran = asking(&["Bearer"])
        .on(
            "GET https://a.example/.well-known/oauth-authorization-server",
            || json_body(200, &server_document("https://a.example")),
        )
        .detect();
    assert_eq!(ran.found().confidence, Confidence::Likely);
    assert_eq!(needs(&ran).issuer.raw(), "https://a.example");
}

#[test]
fn oauth_comes_before_basic() {
    let ran = asking(&["Basic realm=x", POINTER])
        .on("GET /prm", || json_body(200, &resource()))
        .on(AS, || json_body(200, &server_document(ISSUER)))
        .detect();
    assert_eq!(ran.found().auth, AuthKind::Oauth);
}

#[test]
fn a_pointer_that_leads_nowhere_is_made_up_for_by_a_well_known_place() {
    let ran = asking(&[POINTER])
        .on(NEAR, || json_body(200, &resource()))
        .on(AS, || json_body(200, &server_document(ISSUER)))
        .detect();
    assert_eq!(needs(&ran).broken, None);
}

#[test]
fn broken_metadata_says_which_address_and_why() {
    let rows: [(Value, &str); 5] = [
        (
            json!({"resource": "https://b.example/mcp", "authorization_servers": [ISSUER]}),
            "is for another resource",
        ),
        (
            json!({"resource": "https://a.example/mcp2", "authorization_servers": [ISSUER]}),
            "is for another resource",
        ),
        (json!({"resource": URL}), "names no authorization server"),
        (
            json!({"authorization_servers": [ISSUER]}),
            "does not say which resource",
        ),
        (
            json!({"resource": URL, "authorization_servers": ["http://id.example"]}),
            "is plain http",
        ),
    ];
    for (document, why) in rows {
        let ran = asking(&[])
            .on(NEAR, move || json_body(200, &document))
            .detect();
        let broken = broken(&ran);
        assert!(broken.contains(why), "{broken}");
        assert!(
            broken.contains("https://a.example/.well-known/oauth-protected-resource/mcp"),
            "{broken}"
        );
    }
}

#[test]
fn a_resource_above_the_server_covers_it() {
    for named in [
        "https://a.example",
        "https://a.example/",
        "https://a.example/mcp/",
    ] {
        let ran = asking(&[])
            .on(NEAR, move || {
                json_body(
                    200,
                    &json!({"resource": named, "authorization_servers": [ISSUER]}),
                )
            })
            .on(AS, || json_body(200, &server_document(ISSUER)))
            .detect();
        assert_eq!(needs(&ran).broken, None, "{named}");
    }
}

#[test]
fn an_authorization_server_that_cannot_be_used_is_named() {
    let change = |key: &'static str, value: Value| {
        move || {
            let mut document = server_document(ISSUER);
            document[key] = value.clone();
            json_body(200, &document)
        }
    };
    let rows: [(Reply, &str); 7] = [
        (
            Box::new(change("issuer", json!("https://evil.example"))),
            "is of another issuer (“https://evil.example”)",
        ),
        (
            Box::new(change("issuer", Value::Null)),
            "does not name its issuer",
        ),
        (
            Box::new(change(
                "authorization_endpoint",
                json!("javascript:alert(1)"),
            )),
            "neither https nor http",
        ),
        (
            Box::new(change(
                "authorization_endpoint",
                json!("http://id.example/a"),
            )),
            "is plain http",
        ),
        (
            Box::new(change("token_endpoint", json!("https://10.0.0.1/token"))),
            "a private network",
        ),
        (
            Box::new(change("token_endpoint", Value::Null)),
            "has no token_endpoint",
        ),
        (Box::new(|| plain(500, "text/plain", "")), "answered 500"),
    ];
    for (answer, why) in rows {
        let mut server = asking(&[]).on(NEAR, || json_body(200, &resource()));
        server.answers.push((AS.to_owned(), answer));
        let ran = server.detect();
        let broken = broken(&ran);
        assert!(
            broken.contains(why) && broken.contains("https://id.example/.well-known/"),
            "{why}: {broken}"
        );
    }
}

#[test]
fn an_address_of_an_inner_network_is_never_asked() {
    for pointer in [
        "https://169.254.169.254/latest",
        "https://10.0.0.1/prm",
        "https://[fd00::1]/prm",
        "https://[::ffff:10.0.0.1]/prm",
        "https://127.0.0.1/prm",
        "https://localhost/prm",
        "http://a.example/prm",
        "https://0.0.0.0/prm",
        "https://me:pw@a.example/prm",
        "file:///etc/passwd",
    ] {
        let value = format!("Bearer resource_metadata=\"{pointer}\"");
        let ran = Server::new()
            .on(DISCOVER, move || challenge(401, &[value.as_str()]))
            .detect();
        assert!(
            broken(&ran).contains("the metadata address that the challenge names"),
            "{pointer}"
        );
        for probe in &ran.probes {
            assert_eq!(probe.url.host_str(), Some("a.example"), "{pointer}");
            assert_eq!(probe.url.scheme(), "https");
        }
    }
}

#[test]
fn a_server_on_this_machine_may_name_this_machine() {
    let ran = Server::new()
        .on(DISCOVER, || challenge(401, &["Bearer resource_metadata=\"http://localhost:9000/prm\""]))
        .on("GET /prm", || {
            json_body(200, &json!({"resource": "http://127.0.0.1:8000/mcp", "authorization_servers": ["http://localhost:9000"]}))
        })
        .on("GET http://localhost:9000/.well-known/oauth-authorization-server", || {
            let mut document = server_document("http://localhost:9000");
            document["token_endpoint"] = json!("http://localhost:9000/token");
            json_body(200, &document)
        })
        .detect_at("http://127.0.0.1:8000/mcp");
    assert_eq!(needs(&ran).broken, None);
}

#[test]
fn a_metadata_redirect_stays_on_its_origin() {
    let ran = asking(&[POINTER])
        .on("GET /prm", || {
            with_headers(302, &[("location", "/prm2")], "")
        })
        .on("GET /prm2", || json_body(200, &resource()))
        .on(AS, || json_body(200, &server_document(ISSUER)))
        .detect();
    assert_eq!(needs(&ran).broken, None);
    let ran = asking(&[POINTER])
        .on("GET /prm", || {
            with_headers(302, &[("location", "https://169.254.169.254/")], "")
        })
        .detect();
    assert!(broken(&ran).contains("redirects to another host"));
}

#[test]
fn endless_redirects_and_servers_stay_within_the_limit() {
    let ran = asking(&[POINTER])
        .on("GET /prm", || {
            with_headers(302, &[("location", "/prm")], "")
        })
        .detect();
    assert!(broken(&ran).contains("redirects too often"));
    let issuers: Vec<String> = (0..50)
        .map(|n| format!("https://id{n}.example/t"))
        .collect();
    let ran = asking(&[])
        .on(NEAR, move || {
            json_body(
                200,
                &json!({"resource": URL, "authorization_servers": issuers}),
            )
        })
        .detect();
    assert!(ran.probes.len() <= REQUEST_LIMIT);
    assert!(broken(&ran).contains("answered 404"));
}

#[test]
fn an_open_server_may_offer_oauth_all_the_same() {
    let ran = legacy()
        .on(NEAR, || json_body(200, &resource()))
        .on(AS, || json_body(200, &server_document(ISSUER)))
        .detect();
    assert_eq!(
        (ran.found().auth, ran.found().confidence),
        (AuthKind::None, Confidence::Certain)
    );
    assert_eq!(
        ran.found().oauth.as_ref().map(|one| one.issuer.raw()),
        Some(ISSUER)
    );
}
