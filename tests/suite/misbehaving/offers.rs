//! Servers whose resources and prompts are wrong.

use std::collections::BTreeMap;

use callboard::domain::{Fault, FaultKind};
use callboard::protocol::{GetPrompt, ListPrompts, ListResources, ReadResource};
use serde_json::json;

use super::expected::Expected;
use super::{addition, assert_named, text};
use crate::support::board::Board;
use crate::support::fake::{Behaviour, FakeServer, Misbehaviour, Phase};

/// How much a board may grow for one server, in MiB: six of the largest answers, since
/// many small values take more than their bytes.
const GROWTH: u64 = 96;

/// What is asked.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Resources,
    Reading,
    Prompts,
    FillingIn,
}

async fn ask(board: &Board, name: &str, asked: Asked) -> Result<(), Fault> {
    let name = name.to_owned();
    let client = &board.client;
    match asked {
        Asked::Resources => client.send(&ListResources { name }).await.map(drop),
        Asked::Prompts => client.send(&ListPrompts { name }).await.map(drop),
        Asked::Reading => {
            let uri = "note://today".to_owned();
            client.send(&ReadResource { name, uri }).await.map(drop)
        }
        Asked::FillingIn => {
            let get = GetPrompt {
                name,
                prompt: "talk".to_owned(),
                arguments: BTreeMap::new(),
            };
            client.send(&get).await.map(drop)
        }
    }
}

#[tokio::test]
async fn each_ends_in_a_fault_that_names_it_and_the_session_goes_on() {
    use Asked::{FillingIn, Prompts, Reading, Resources};
    use FaultKind::{Network, NotMcp, Server};
    use Misbehaviour::*;
    let board = Board::start().await;
    for (misbehaviour, asked, kind, phrase) in [
        (
            EndlessPages,
            Resources,
            Server,
            "resources does not end: more than 200 pages",
        ),
        (
            EndlessPages,
            Prompts,
            Server,
            "prompts does not end: more than 200 pages",
        ),
        (
            RepeatingCursor,
            Resources,
            Server,
            "the same page again and again",
        ),
        (
            ManyResources,
            Resources,
            Server,
            "more than 10000 resources",
        ),
        (
            ShapelessOffers,
            Resources,
            NotMcp,
            "list of resources is not a list",
        ),
        (
            ShapelessOffers,
            Prompts,
            NotMcp,
            "list of prompts is not a list",
        ),
        (
            ShapelessOffers,
            Reading,
            NotMcp,
            "no resource: it has no list of contents",
        ),
        (
            ShapelessOffers,
            FillingIn,
            NotMcp,
            "no prompt: it has no list of messages",
        ),
        (HugeResource, Reading, Server, "larger than 16 MiB"),
        (HugeAnswer, FillingIn, Server, "larger than 16 MiB"),
        (DeepJson, Reading, NotMcp, "more than 64 levels deep"),
        (DuplicateKeys, Reading, NotMcp, "\"contents\" stands twice"),
        (HugeNumbers, FillingIn, NotMcp, "longer than 64 bits"),
        (LoneSurrogate, Reading, NotMcp, "half a surrogate pair"),
        (HtmlPage, Reading, NotMcp, "web page"),
        (ServerError, Reading, Server, "failed with HTTP 500"),
        (UnauthorizedSilently, Reading, FaultKind::SignIn, "sign-in"),
        (
            ClosesAfterRequest,
            Reading,
            Network,
            "closed the connection in the middle",
        ),
        (GzipBomb, Reading, NotMcp, "compresses its answer"),
        (EndlessJson, Resources, Server, "larger than 16 MiB"),
        (NeverAnswers, Resources, Network, "within 2 s"),
        (NeverAnswers, Reading, Network, "no sign of life for 2 s"),
    ] {
        let what = format!("{misbehaviour:?}, {asked:?}");
        let behaviour = Behaviour::misbehaving(misbehaviour)
            .at(Phase::Offers)
            .offering();
        let name = format!("m{}-{}", misbehaviour as usize, asked as usize);
        let server = FakeServer::start(behaviour);
        let add = addition(&name, &server, misbehaviour);
        board.send_open(&add).await.unwrap();
        let before = board.peak();
        // Twice: what was wrong once does not spoil the session.
        for _ in 0..2 {
            let fault = ask(&board, &name, asked).await.expect_err(&what);
            assert_named(&what, &fault, Expected { kind, phrase });
        }
        let called = board.call(&name, "echo", json!({ "text": "x" })).await;
        assert_eq!(text(&called.unwrap().result), "x", "{what}");
        let grown = board.peak().saturating_sub(before);
        assert!(grown < GROWTH, "{what}: grew by {grown} MiB");
    }
}

#[tokio::test]
async fn what_is_wrong_with_one_entry_hides_no_other() {
    let board = Board::start().await;
    for (misbehaviour, resources, templates, prompts) in [
        (Misbehaviour::OddOffers, 5, 1, 3),
        (Misbehaviour::EscapesInOffers, 5, 2, 3),
    ] {
        let name = format!("m{}", misbehaviour as usize);
        let server = FakeServer::start(Behaviour::misbehaving(misbehaviour));
        board.add_open(&name, &server.url).await.unwrap();
        let request = ListResources { name: name.clone() };
        let listed = board.client.send(&request).await.unwrap();
        assert_eq!(listed.resources.len(), resources, "{misbehaviour:?}");
        assert_eq!(listed.templates.len(), templates, "{misbehaviour:?}");
        assert_eq!(listed.resources[0].name.raw(), "today", "{misbehaviour:?}");
        let listed = board.client.send(&ListPrompts { name }).await.unwrap();
        assert_eq!(listed.len(), prompts, "{misbehaviour:?}");
    }
}

#[tokio::test]
async fn an_address_with_escapes_is_asked_for_as_it_is_and_shown_harmlessly() {
    let board = Board::start().await;
    let server = FakeServer::start(Behaviour::misbehaving(Misbehaviour::EscapesInOffers));
    board.add_open("odd", &server.url).await.unwrap();
    let name = "odd".to_owned();
    let request = ListResources { name: name.clone() };
    let listed = board.client.send(&request).await.unwrap();
    let uri = listed.resources[4].uri.raw().to_owned();
    assert!(uri.contains('\u{1b}'));
    let read = ReadResource {
        name,
        uri: uri.clone(),
    };
    let reading = board.client.send(&read).await.unwrap();
    assert_eq!(reading.result["contents"][0]["text"], "still\u{1b}[2J read");
    for words in [
        &["resources", "odd"][..],
        &["prompts", "odd"],
        &["resources", "odd", "--json"],
        &["prompts", "odd", "--json"],
    ] {
        let run = board.shell.run(words).succeeded();
        let odd =
            |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}\u{e0041}".contains(c);
        assert!(!run.everything().contains(odd), "{words:?}: {}", run.stdout);
    }
    let run = board
        .shell
        .run(&["resources", "odd", &uri, "--json"])
        .succeeded();
    assert_eq!(run.json()["contents"][0]["uri"], json!(uri));
}
