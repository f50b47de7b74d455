use super::*;

const CALLBACK: &str = "http://127.0.0.1:41763/callback";

fn server(cimd: bool, dynamic: bool) -> ServerMetadata {
    let at = |path: &str| {
        Url::parse("https://as.example")
            .unwrap()
            .join(path)
            .unwrap()
    };
    ServerMetadata {
        issuer: "https://as.example".to_owned(),
        authorization: Some(at("/authorize")),
        token: at("/token"),
        registration: dynamic.then(|| at("/register")),
        device: None,
        revocation: None,
        pkce: true,
        cimd,
        names_itself: false,
        client_auth: None,
        scopes: Vec::new(),
        documentation: None,
        refused: Vec::new(),
        assumed: false,
    }
}

fn options(id: Option<&str>, document: Option<&str>) -> SignInOptions {
    SignInOptions {
        client_id: id.map(str::to_owned),
        client_metadata_url: document.map(str::to_owned),
        ..SignInOptions::default()
    }
}

fn planned(
    server: &ServerMetadata,
    options: &SignInOptions,
    earlier: Option<Earlier<'_>>,
) -> Result<Plan, Fault> {
    plan(
        server,
        options,
        None,
        earlier,
        Some(CALLBACK),
        Timestamp::from_millis(0),
    )
}

#[test]
fn registration_goes_by_hand_then_by_document_then_dynamically() {
    let document = Some("https://x.example/client.json");
    let kind = |found: Result<Plan, Fault>| match found.unwrap() {
        Plan::Known(client) => Some((client.kind, client.id)),
        Plan::Dynamic(_) => Some((Registration::Dynamic, String::new())),
        Plan::ByHand => None,
    };
    let all = server(true, true);
    let by_hand = planned(&all, &options(Some("mine"), document), None);
    assert_eq!(
        kind(by_hand),
        Some((Registration::Manual, "mine".to_owned()))
    );
    let cimd = planned(&all, &options(None, document), None);
    let expected = (
        Registration::Cimd,
        "https://x.example/client.json".to_owned(),
    );
    assert_eq!(kind(cimd), Some(expected));
    let dynamic = Some((Registration::Dynamic, String::new()));
    assert_eq!(kind(planned(&all, &options(None, None), None)), dynamic);
    let plain = server(false, true);
    assert_eq!(
        kind(planned(&plain, &options(None, document), None)),
        dynamic
    );
    let none = server(false, false);
    assert_eq!(kind(planned(&none, &options(None, document), None)), None);
}

#[test]
fn a_registration_that_fits_is_not_repeated_and_serves_one_issuer_alone() {
    let client = Client {
        kind: Registration::Dynamic,
        id: "c1".to_owned(),
        secret: Some(Secret::new("s")),
        secret_expires_at: Some(Timestamp::from_millis(1)),
        auth: ClientAuth::Basic,
    };
    let earlier = |issuer, redirect| {
        Some(Earlier {
            client: &client,
            issuer,
            redirect: Some(redirect),
        })
    };
    let (all, usual) = (server(false, true), options(None, None));
    let known = planned(&all, &usual, earlier("https://as.example", CALLBACK)).unwrap();
    assert_eq!(known, Plan::Known(client.clone()));
    for (issuer, redirect) in [
        ("https://evil.example", CALLBACK),
        ("https://as.example", "http://127.0.0.1:7/callback"),
    ] {
        let found = planned(&all, &usual, earlier(issuer, redirect)).unwrap();
        assert!(matches!(found, Plan::Dynamic(_)), "{issuer} {redirect}");
    }
    let late = Timestamp::from_millis(2);
    let earlier = earlier("https://as.example", CALLBACK);
    let found = plan(&all, &usual, None, earlier, Some(CALLBACK), late).unwrap();
    assert!(matches!(found, Plan::Dynamic(_)));
}

#[test]
fn a_document_s_address_is_checked() {
    for text in [
        "http://x.example/c.json",
        "https://x.example",
        "https://x.example/",
        "https://u@x.example/c",
        "https://x.example/c#f",
        "https://x.example/a/../c",
        "client.json",
    ] {
        assert!(read_document_url(text).is_err(), "{text}");
    }
    assert!(read_document_url("https://x.example/c.json").is_ok());
}

#[test]
fn an_answer_to_a_registration_is_read_with_care() {
    let answer = |value: Value| read(value.as_object().unwrap(), CALLBACK, ClientAuth::None);
    assert!(answer(json!({})).is_err());
    assert!(answer(json!({ "client_id": "" })).is_err());
    assert!(answer(json!({ "client_id": "a\nb" })).is_err());
    let other = json!({ "client_id": "a", "redirect_uris": ["https://evil.example/"] });
    assert!(answer(other).is_err());
    let signed = json!({ "client_id": "a", "token_endpoint_auth_method": "private_key_jwt" });
    assert!(answer(signed).is_err());
    let lost = json!({ "client_id": "a", "token_endpoint_auth_method": "client_secret_post" });
    assert!(answer(lost).is_err());
    let secret = answer(json!({ "client_id": "a", "client_secret": "s",
        "client_secret_expires_at": 0 }))
    .unwrap();
    assert_eq!(secret.auth, ClientAuth::Basic);
    assert_eq!(secret.secret_expires_at, None);
}
