use serde_json::{Value, json};

use super::*;
use crate::domain::{AuthKind, EntryStatus, Transport};
use crate::guard::address::template::Template;

fn list(servers: &Value) -> Listing {
    let text = json!({ "servers": servers }).to_string();
    read(text.as_bytes(), DirectorySource::Registry).unwrap()
}

fn ids(listing: &Listing) -> Vec<&str> {
    listing.entries.iter().map(|it| it.id.as_str()).collect()
}

/// A server with one address.
fn server(name: &str, url: &str) -> Value {
    json!({ "server": { "name": name, "title": name, "description": "x", "version": "1.0.0",
        "remotes": [{ "type": "streamable-http", "url": url }] } })
}

#[test]
fn the_list_inside_the_program_has_no_fault() {
    let read = read(BUNDLED.as_bytes(), DirectorySource::Curated).unwrap();
    let text: Value = serde_json::from_str(BUNDLED).unwrap();
    let listed = text["servers"].as_array().unwrap();
    assert_eq!(read.skipped, 0);
    assert_eq!(read.entries.len(), listed.len());
    assert_eq!(json!(listed.len()), text["metadata"]["count"]);
    assert!(read.entries.len() >= 40);
    let addresses = |servers: &[Value]| -> usize {
        let remotes = servers.iter().map(|it| &it["server"]["remotes"]);
        remotes.map(|it| it.as_array().unwrap().len()).sum()
    };
    let kept: usize = read.entries.iter().map(|it| it.remotes.len()).sum();
    assert_eq!(kept, addresses(listed), "an address was left out");
    assert_eq!(bundled(), &read);
}

#[test]
fn the_list_inside_the_program_keeps_the_rules_of_its_page() {
    let mut addresses = BTreeSet::new();
    for entry in &bundled().entries {
        let id = entry.id.as_str();
        assert!(entry.publisher.is_some(), "{id} names no publisher");
        assert!(
            entry.authentication.is_some(),
            "{id} says no authentication"
        );
        assert!(entry.documentation.is_some(), "{id} names no page");
        let day = entry.checked.as_ref().unwrap().raw();
        assert!(
            jiff::civil::Date::strptime("%Y-%m-%d", day).is_ok(),
            "{id}: {day}"
        );
        let words = entry.description.raw().chars().count();
        assert!((1..=100).contains(&words), "{id}: {words} characters");
        for remote in &entry.remotes {
            let url = remote.url.raw();
            assert!(url.starts_with("https://"), "{id}: {url}");
            assert!(addresses.insert(url), "{url} stands twice");
            assert!(
                remote.variables.iter().all(|it| it.description.is_some()),
                "{id}"
            );
        }
    }
}

#[test]
fn a_registry_s_entry_is_read_whole() {
    let listing = list(&json!([{
        "server": {
            "$schema": "https://example.com/schema.json",
            "name": "com.example/mcp",
            "description": "Analytics\u{1b}[2J",
            "version": "0.2.4",
            "unheard_of": { "a": 1 },
            "websiteUrl": "javascript:alert(1)",
            "packages": [{ "registryType": "npm" }],
            "remotes": [
                { "type": "stdio", "url": "https://no.example" },
                { "type": "streamable-http", "url": "https://{tenant}.example.com/mcp?key={key}",
                  "variables": {
                      "tenant": { "description": "Your tenant", "isRequired": true, "choices": ["a", "b"] },
                      "key": { "isSecret": true, "isRequired": true },
                      "other": {} },
                  "headers": [{ "name": "Authorization", "value": "Bearer {k}", "isRequired": true, "isSecret": true }] },
                { "type": "sse", "url": "https://example.com/{unsaid}/sse" },
            ],
        },
        "_meta": {
            "io.modelcontextprotocol.registry/official": { "status": "deprecated", "statusMessage": "use v2", "isLatest": true },
            "io.callboard.directory/curated": { "publisher": "Somebody else", "authentication": "none" },
        },
    }]));
    assert_eq!(listing.skipped, 0);
    let entry = &listing.entries[0];
    assert_eq!(
        entry.title.raw(),
        "com.example/mcp",
        "there is no other name"
    );
    assert_eq!(entry.description.raw(), "Analytics\u{1b}[2J");
    assert_eq!(entry.status, EntryStatus::Deprecated);
    assert_eq!(entry.status_message.as_ref().unwrap().raw(), "use v2");
    assert_eq!(entry.website, None);
    assert_eq!(
        entry.publisher, None,
        "a registry cannot speak for callboard"
    );
    assert_eq!(entry.authentication, None);
    assert_eq!(entry.remotes.len(), 2, "no local program");
    let [first, second] = &entry.remotes[..] else {
        panic!()
    };
    let names: Vec<&str> = first.variables.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["tenant", "key"]);
    assert_eq!(first.variables[0].choices.len(), 2);
    assert!(first.variables[1].secret && first.headers[0].required);
    assert_eq!(second.transport, Transport::Sse);
    assert!(
        second.variables[0].required,
        "an address needs all its parts"
    );
}

#[test]
fn what_makes_no_sense_is_left_out_and_counted() {
    let long = "x".repeat(2_000);
    let mut bad = vec![
        json!(7),
        json!({}),
        server("no slash", "https://a.example"),
        server("com.example/a\u{1b}[2J", "https://a.example"),
        server("com.example/ftp", "ftp://a.example"),
        server("com.example/user", "https://ana:x@a.example"),
        server("com.example/brace", "https://a.example/{x"),
        server(
            "com.example/long",
            &format!("https://a.example/{long}{long}"),
        ),
    ];
    for (key, value) in [
        ("description", json!(long)),
        ("title", json!(["x"])),
        ("remotes", json!("https://a.example")),
        ("remotes", json!(vec![json!({}); 17])),
    ] {
        let mut item = server("com.example/x", "https://a.example");
        item["server"][key] = value;
        bad.push(item);
    }
    for (key, value) in [
        ("headers", json!([{ "name": "X Key" }])),
        ("headers", json!([{ "name": "X-Key", "isSecret": "yes" }])),
        ("variables", json!({ "x": { "isSecret": true } })),
    ] {
        let mut item = server("com.example/x", "https://a.example/{x}");
        item["server"]["remotes"][0][key] = value;
        bad.push(item);
    }
    let count = bad.len();
    bad.push(server("com.example/good", "https://a.example"));
    bad.push(server("com.example/good", "https://b.example"));
    let listing = list(&json!(bad));
    assert_eq!(ids(&listing), ["com.example/good"]);
    assert_eq!(listing.skipped, count + 1);
    assert_eq!(listing.entries[0].remotes[0].url.raw(), "https://a.example");
}

#[test]
fn what_is_deleted_old_or_local_is_left_out_and_no_fault() {
    let mut deleted = server("com.example/deleted", "https://a.example");
    deleted["_meta"]["io.modelcontextprotocol.registry/official"] = json!({ "status": "deleted" });
    let mut old = server("com.example/old", "https://a.example");
    old["_meta"]["io.modelcontextprotocol.registry/official"] = json!({ "isLatest": false });
    let local = json!({ "server": { "name": "com.example/local", "packages": [] } });
    let listing = list(&json!([deleted, old, local]));
    assert_eq!(listing, Listing::default());
}

#[test]
fn entries_stand_by_title_whatever_the_case() {
    let mut items = Vec::new();
    for (name, title) in [
        ("x/3", "beta"),
        ("x/2", "Alpha"),
        ("x/1", "Beta"),
        ("x/0", "alpha"),
    ] {
        let mut item = server(name, &format!("https://{}.example", name.replace('/', "-")));
        item["server"]["title"] = json!(title);
        items.push(item);
    }
    assert_eq!(ids(&list(&json!(items))), ["x/0", "x/2", "x/1", "x/3"]);
}

#[test]
fn a_text_that_is_no_list_is_a_fault() {
    for text in [
        "",
        "[]",
        "{\"servers\":{}}",
        "<html>",
        "{\"servers\":[],\"servers\":[]}",
    ] {
        let fault = read(text.as_bytes(), DirectorySource::Registry).unwrap_err();
        assert!(
            fault.message.starts_with("the list of servers"),
            "{}",
            fault.message
        );
    }
}

#[test]
fn a_secret_that_somebody_must_bring_is_told_from_one_that_helps() {
    let of = |id: &str| {
        let entry = bundled()
            .entries
            .iter()
            .find(|it| it.id.as_str() == id)
            .unwrap();
        entry.secret_needed(&entry.remotes[0])
    };
    assert_eq!(of("com.render/mcp"), Some(AuthKind::Bearer));
    assert_eq!(of("com.razorpay/mcp"), Some(AuthKind::Basic));
    assert_eq!(of("tools.ref/ref-tools-mcp"), Some(AuthKind::Header));
    assert_eq!(of("io.github.upstash/context7"), None, "it works without");
    assert_eq!(
        of("com.notion/mcp"),
        None,
        "a sign-in is no secret to bring"
    );
}

#[test]
fn every_variable_of_the_list_can_be_filled_in() {
    for entry in &bundled().entries {
        for remote in &entry.remotes {
            let template = Template::parse(remote.url.raw()).unwrap();
            assert_eq!(template.variables().len(), remote.variables.len());
        }
    }
}
