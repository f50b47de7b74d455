//! Detection without a network: a server is a list of what it answers to what.

mod auth;
mod driven;
mod oauth;
mod transport;
mod wrong;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use url::Url;

use super::evidence;
use super::probe::{Answer, Content, Effect, Probe, REQUEST_LIMIT, Response};
use super::step::Detector;
use crate::domain::{Detection, Fault};

const URL: &str = "https://a.example/mcp";
const DISCOVER: &str = "POST /mcp server/discover";
const INITIALIZE: &str = "POST /mcp initialize";
const LIST: &str = "POST /mcp tools/list";
const EVENTS: &str = "GET /mcp";

/// A server that answers 404 to whatever it was not told about.
#[derive(Default)]
struct Server {
    answers: Vec<(String, Box<dyn Fn() -> Answer>)>,
}

/// What a detection came to.
struct Ran {
    result: Result<Detection, Fault>,
    probes: Vec<Probe>,
}

impl Server {
    fn new() -> Self {
        Self::default()
    }

    fn on(mut self, question: &str, answer: impl Fn() -> Answer + 'static) -> Self {
        self.answers.push((question.to_owned(), Box::new(answer)));
        self
    }

    fn detect(&self) -> Ran {
        self.detect_at(URL)
    }

    fn detect_at(&self, url: &str) -> Ran {
        let (mut detector, mut effect) = Detector::new(Url::parse(url).expect("a URL"));
        let mut probes = Vec::new();
        loop {
            let probe = match effect {
                Effect::Done(result) => {
                    return Ran {
                        result: *result,
                        probes,
                    };
                }
                Effect::Send(probe) => *probe,
            };
            assert!(probes.len() < REQUEST_LIMIT, "too many requests");
            let question = evidence::question(&probe);
            probes.push(probe);
            let known = self.answers.iter().find(|(asked, _)| *asked == question);
            effect = detector.step(known.map_or_else(
                || plain(404, "text/plain", "not here"),
                |(_, answer)| answer(),
            ));
        }
    }
}

impl Ran {
    fn found(&self) -> &Detection {
        self.result
            .as_ref()
            .unwrap_or_else(|fault| panic!("{fault:?}"))
    }

    fn fault(&self) -> &Fault {
        self.result.as_ref().expect_err("a fault")
    }

    fn asked(&self) -> Vec<String> {
        self.probes.iter().map(evidence::question).collect()
    }
}

fn answer(status: u16, headers: &[(&str, &str)], content: Content) -> Answer {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            HeaderName::from_bytes(name.as_bytes()).expect("a name"),
            HeaderValue::from_bytes(value.as_bytes()).expect("a value"),
        );
    }
    let at = "2026-11-06T08:49:07Z".parse().expect("a time");
    Answer::Response(Response {
        status,
        headers: map,
        content,
        at,
    })
}

fn with_headers(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    answer(
        status,
        headers,
        Content::Document(Bytes::from(body.to_owned())),
    )
}

fn plain(status: u16, media_type: &str, body: &str) -> Answer {
    with_headers(status, &[("content-type", media_type)], body)
}

fn json_body(status: u16, body: &Value) -> Answer {
    plain(status, "application/json", &body.to_string())
}

fn result(id: u64, result: &Value) -> Answer {
    json_body(200, &json!({"jsonrpc": "2.0", "id": id, "result": result}))
}

fn error(status: u16, id: &Value, code: i64, data: &Value) -> Answer {
    json_body(
        status,
        &json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": "no \u{1b}[31mway", "data": data}}),
    )
}

fn challenge(status: u16, values: &[&str]) -> Answer {
    let headers: Vec<_> = values
        .iter()
        .map(|value| ("www-authenticate", *value))
        .collect();
    with_headers(status, &headers, "")
}

fn event(name: &str, data: &str) -> Answer {
    let content = Content::Event {
        name: name.to_owned(),
        data: data.to_owned(),
    };
    answer(200, &[("content-type", "text/event-stream")], content)
}

fn discovered(versions: &Value) -> Answer {
    result(
        1,
        &json!({
            "resultType": "complete", "supportedVersions": versions, "capabilities": {},
            "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "wiki", "version": "3"}},
        }),
    )
}

fn initialized(version: &str) -> Value {
    json!({"protocolVersion": version, "capabilities": {}, "serverInfo": {"name": "wiki", "version": "3"}})
}

fn listed() -> Answer {
    result(3, &json!({"tools": []}))
}

/// A server of the legacy family, open.
fn legacy() -> Server {
    Server::new()
        .on(DISCOVER, || error(200, &json!(1), -32601, &Value::Null))
        .on(INITIALIZE, || result(2, &initialized("2025-06-18")))
        .on("POST /mcp notifications/initialized", || {
            with_headers(202, &[], "")
        })
        .on(LIST, listed)
}

/// Answers of every shape, to be mixed at random.
fn any_answer(choice: u8, id: u64) -> Answer {
    match choice % 20 {
        0 => discovered(&json!(["2026-07-28"])),
        1 => error(404, &json!(id), -32601, &Value::Null),
        2 => error(
            400,
            &json!(id),
            -32022,
            &json!({"supported": ["2025-06-18"]}),
        ),
        3 => result(id, &initialized("2025-11-25")),
        4 => challenge(401, &["Bearer resource_metadata=\"/prm\""]),
        5 => challenge(403, &[]),
        6 => with_headers(307, &[("location", "/mcp/x")], ""),
        7 => with_headers(302, &[("location", "/y")], ""),
        8 => plain(404, "text/html", "<title>x</title>"),
        9 => event("endpoint", "/messages"),
        10 => event("message", "{}"),
        11 => answer(200, &[], Content::TooLarge),
        12 => answer(200, &[], Content::Unfinished),
        13 => Answer::Failed(Fault::internal("x")),
        14 => json_body(
            200,
            &json!({"resource": URL, "authorization_servers": ["https://a.example/t", "https://b.example/u"]}),
        ),
        15 => json_body(
            200,
            &json!({"issuer": "https://a.example/t", "authorization_endpoint": 7}),
        ),
        16 => with_headers(
            200,
            &[
                ("mcp-session-id", "s"),
                ("content-type", "application/json"),
            ],
            &json!({"jsonrpc": "2.0", "id": id, "result": initialized("2025-11-25")}).to_string(),
        ),
        17 => plain(500, "text/plain", ""),
        18 => listed(),
        _ => plain(405, "text/plain", ""),
    }
}

proptest::proptest! {
    #[test]
    fn whatever_is_answered_it_ends_within_its_limits(choices in proptest::collection::vec(0_u8..20, 40)) {
        let (mut detector, mut effect) = Detector::new(Url::parse(URL).expect("a URL"));
        let (mut sent, mut session, mut ended) = (0, false, false);
        let mut choices = choices.into_iter();
        while let Effect::Send(probe) = effect {
            sent += 1;
            ended |= probe.method == http::Method::DELETE;
            assert!(probe.url.scheme() == "https");
            let id = match probe.wants { super::Wants::Reply(id) => id, _ => 2 };
            let choice = choices.next().expect("it ends before that");
            session |= choice == 16 && id == 2 && probe.method == http::Method::POST && probe.wants == super::Wants::Reply(2);
            effect = detector.step(any_answer(choice, id));
        }
        assert!(sent <= REQUEST_LIMIT, "{sent}");
        assert_eq!(session, ended, "a session is ended, and nothing else is");
        assert!(detector.evidence().len() <= REQUEST_LIMIT);
    }
}
