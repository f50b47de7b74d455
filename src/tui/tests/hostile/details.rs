//! The details of a connector, tab by tab, with a server that is hostile wherever it
//! can be.

use std::collections::BTreeSet;

use serde_json::json;

use super::{HOSTILE, bytes, only_our_sequences};
use crate::domain::{
    Evidence, JournalEvent, OAuthNeeds, Prompt, PromptArgument, Resource, ResourceTemplate,
    Resources, Untrusted,
};
use crate::protocol::{ConnectorView, Reading};
use crate::tui::effect::{Answer, Ask, Effect, Errand, Found, Work, WorkStep};
use crate::tui::focus::Focus;
use crate::tui::tests::board::{called, connector, function, snapshot};
use crate::tui::tests::runner::Runner;
use crate::tui::theme::Signs;

/// A connector all of whose server's words are these.
fn evil(text: &str) -> ConnectorView {
    let words = Untrusted::new(text);
    let mut evil = connector("evil");
    let identity = evil.server.as_mut().unwrap();
    identity.name = words.clone();
    identity.version = words.clone();
    evil.stderr = vec![words.clone()];
    evil.evidence = vec![Evidence {
        request: "POST /mcp".to_owned(),
        answer: words.clone(),
        means: "nothing".to_owned(),
    }];
    evil.oauth = Some(OAuthNeeds {
        issuer: words.clone(),
        registration: vec![],
        device: false,
        pkce: true,
        scopes: vec![words.clone(), words.clone()],
        resource: Some(words.clone()),
        authorization_endpoint: Some(words),
        broken: None,
    });
    evil
}

fn resources(text: &str) -> Resources {
    let words = Untrusted::new(text);
    Resources {
        resources: vec![Resource {
            uri: words.clone(),
            name: words.clone(),
            title: Some(words.clone()),
            description: Some(words.clone()),
            mime_type: Some(words.clone()),
            size: Some(1),
        }],
        templates: vec![ResourceTemplate {
            uri_template: Untrusted::new(format!("x://{{a}}/{text}")),
            name: words.clone(),
            title: Some(words.clone()),
            description: Some(words.clone()),
            mime_type: Some(words),
        }],
        subscribe: true,
    }
}

fn prompts(text: &str) -> Vec<Prompt> {
    let words = Untrusted::new(text);
    let argument = PromptArgument {
        name: words.clone(),
        description: Some(words.clone()),
        required: false,
    };
    vec![Prompt {
        name: words.clone(),
        title: Some(words.clone()),
        description: Some(words),
        arguments: vec![argument],
    }]
}

fn reading(text: &str) -> Box<Reading> {
    let content = json!({ "type": "text", "text": text });
    Box::new(Reading {
        result: json!({
            "description": text,
            "contents": [{ "uri": text, "mimeType": text, "text": text },
                { "uri": text, "mimeType": text, "blob": text }],
            "messages": [{ "role": text, "content": content }],
        }),
        bytes: 9,
    })
}

/// Answers whatever is asked.
fn tell(runner: &mut Runner, text: &str) {
    for effect in runner.wanted() {
        match effect {
            Effect::Ask(ticket, Ask::Functions(_)) => {
                let mut bad = function(text);
                bad.title = Some(Untrusted::new(text));
                bad.description = Untrusted::new(text);
                runner.answer(ticket, Ok(Answer::Functions(vec![bad].into())));
            }
            Effect::Work(ticket, Work::Details(errand)) => match errand {
                Errand::Journal(_) => {
                    let mut line = called(1, "2026-11-22T13:57:00Z", text);
                    line.connector = Some("evil".to_owned());
                    line.agent = Some(text.to_owned());
                    line.rule = Some(text.to_owned());
                    let mut set = line.clone();
                    set.seq = 2;
                    set.event = JournalEvent::Permission;
                    runner.found(ticket, Found::Journal(vec![line, set]));
                }
                Errand::Resources(_) => {
                    runner.found(ticket, Found::Resources(resources(text)));
                }
                Errand::Prompts(_) => runner.found(ticket, Found::Prompts(prompts(text))),
                Errand::Read(_) | Errand::Fill(_) => {
                    runner.found(ticket, Found::Reading(reading(text)));
                }
                Errand::Watch(_) => runner.step(ticket, WorkStep::Reading(reading(text))),
            },
            _ => {}
        }
    }
}

/// Ways through the details, and into what they list.
const WAYS: &[&[&str]] = &[
    &["<enter>", "v", "v"],
    &["<enter><tab>", "/a", "<esc>", "<enter>"],
    &[
        "<enter><tab><tab>",
        "<enter>",
        "x",
        "<alt-enter>",
        "J+",
        "<esc>",
    ],
    &["<enter><tab><tab>", "j<enter>", "T", "<esc>", "jw"],
    &["<enter><tab><tab>", "G<enter>", "b", "<alt-enter>", "<esc>"],
    &["<enter><tab><tab><tab>"],
    &[
        "<enter><tab><tab><tab><tab>",
        "<enter>",
        "<esc>",
        "j<enter>",
    ],
];

#[test]
fn no_words_of_a_server_are_obeyed_in_its_details() {
    for text in HOSTILE {
        for (width, height, signs) in [(120, 40, Signs::Unicode), (80, 24, Signs::Ascii)] {
            for way in WAYS {
                let mut runner = Runner::on(width, height, snapshot(vec![evil(text)]));
                runner.model.theme.signs = signs;
                for keys in *way {
                    runner.keys(keys);
                    tell(&mut runner, text);
                    let bytes = bytes(&runner);
                    only_our_sequences(&bytes);
                    let plain = signs == Signs::Unicode || bytes.is_ascii();
                    assert!(plain, "{keys}: {}", runner.screen());
                }
            }
        }
    }
}

#[test]
fn the_ways_lead_through_all_of_the_details() {
    let mut seen = BTreeSet::new();
    for way in WAYS {
        let mut runner = Runner::on(80, 24, snapshot(vec![evil("plain")]));
        for keys in *way {
            runner.keys(keys);
            tell(&mut runner, "plain");
            seen.insert(runner.model.focus);
        }
    }
    for focus in [
        Focus::ConnectorDetail,
        Focus::ConnectorFunctions,
        Focus::ConnectorOffers,
        Focus::ConnectorHistory,
        Focus::OfferForm,
        Focus::OfferReading,
        Focus::JournalLine,
    ] {
        assert!(seen.contains(&focus), "{focus:?} of {seen:?}");
    }
}
