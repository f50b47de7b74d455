//! Misbehaviour in what messages say.

use serde_json::{Value, json};

use super::conversation::progress;
use super::record::Request;
use super::shared::Outlet;
use super::{Behaviour, Function, Misbehaviour, Offers, Resource};

/// How long [`Misbehaviour::HugeAnswer`] is, in bytes.
const HUGE: usize = 50 * 1024 * 1024;
/// How many messages [`Misbehaviour::NotificationFlood`] sends.
const FLOOD: usize = 20_000;
/// How many messages [`Misbehaviour::ListChangedFlood`] sends.
const LIST_FLOOD: usize = 10_000;

/// The functions of a server whose list is bad.
pub fn functions(misbehaviour: Misbehaviour, elsewhere: Option<&str>) -> Option<Vec<Function>> {
    let odd = match misbehaviour {
        Misbehaviour::ManyFunctions => return Some(Function::many(100_000)),
        Misbehaviour::NamelessFunction => Function::raw(json!({
            "description": "has no name", "inputSchema": { "type": "object" }
        })),
        Misbehaviour::SchemalessFunction => Function::raw(json!({
            "name": "schemaless", "description": "has no schema"
        })),
        Misbehaviour::EscapesInName => Function::new(
            "ev\u{1b}[31mil\u{1b}]0;owned\u{7}\u{202e}\r\n",
            "safe\u{1b}[2J\u{200b}\u{e0041}",
        ),
        Misbehaviour::MegabyteDescription => Function::new("wordy", &"word ".repeat(200_000)),
        Misbehaviour::NetworkReference => Function::new("remote", "Its schema is elsewhere").with(
            "inputSchema",
            json!({ "type": "object", "properties": {
                "text": { "$ref": format!("{}/schema.json", elsewhere?) }
            } }),
        ),
        Misbehaviour::DeepSchema => {
            Function::new("deep", "Its schema is deep").with("inputSchema", json!("@deep-schema@"))
        }
        Misbehaviour::SameNameTwice => Function::new("echo", "Another of the same name"),
        _ => return None,
    };
    let mut functions = Function::usual();
    functions.push(odd);
    Some(functions)
}

/// What a server offers whose offers are bad.
pub fn offers(behaviour: &Behaviour) -> Offers {
    let mut offers = behaviour.offers.clone();
    match behaviour.misbehaviour.map(|(misbehaviour, _)| misbehaviour) {
        Some(Misbehaviour::ManyResources) => {
            let many = (0..100_000).map(|n| Resource::text(&format!("note://{n}"), "one of many"));
            offers.resources = many.collect();
        }
        Some(Misbehaviour::EscapesInOffers) => {
            let odd = "note://ev\u{1b}[31mil\u{1b}]0;owned\u{7}\u{202e}\r\n";
            offers.resources.push(
                Resource::text(odd, "still\u{1b}[2J read").with("title", json!("\u{1b}[2Jsafe")),
            );
            offers
                .templates
                .push(json!({ "uriTemplate": format!("{odd}{{n}}"), "name": odd }));
            offers.prompts.push(json!({
                "name": "ev\u{1b}[31mil", "description": "safe\u{1b}[2J\u{200b}\u{e0041}",
                "arguments": [{ "name": "wh\u{1b}o", "description": "\u{1b}]0;x\u{7}" }],
            }));
        }
        Some(Misbehaviour::OddOffers) => {
            let odd = [
                json!({ "name": "without an address" }),
                json!({ "uri": 7, "name": "a number for one" }),
                json!({ "uri": "note://today", "name": "evil twin" }),
                json!({ "uri": "note://odd", "name": 7, "size": -1, "mimeType": [] }),
                json!("a text"),
                json!(null),
            ];
            let odd = odd.map(|definition| Resource {
                definition,
                ..Resource::text("", "odd")
            });
            offers.resources.extend(odd);
            offers
                .templates
                .push(json!({ "name": "without a template" }));
            offers
                .prompts
                .push(json!({ "name": 7, "arguments": "none" }));
            offers.prompts.push(json!({
                "name": "odd", "arguments": [7, { "name": "a", "required": "yes" }, { "name": "a" }],
            }));
        }
        _ => {}
    }
    offers
}

/// The text of a message, made wrong where the server misbehaves with it.
pub fn text(bites: Option<Misbehaviour>, request: &Request, mut message: Value) -> String {
    let Some(misbehaviour) = bites else {
        return message.to_string();
    };
    shape(misbehaviour, request, &mut message);
    let text = message.to_string();
    match misbehaviour {
        Misbehaviour::JsonNotMcp => json!({ "status": "ok", "version": 3 }).to_string(),
        Misbehaviour::MalformedJson => text[..text.len() / 2].to_owned(),
        Misbehaviour::ByteOrderMark => format!("\u{feff}{text}"),
        Misbehaviour::HugeAnswer | Misbehaviour::HugeResource => {
            text.replace("@odd@", &"x".repeat(HUGE))
        }
        Misbehaviour::DeepJson => text.replace("\"@odd@\"", &nested("[", "]", 100_000)),
        Misbehaviour::HugeNumbers => text.replace(
            "\"@odd@\"",
            "[123456789012345678901234567890, 9007199254740993, 1e400, -0.0]",
        ),
        Misbehaviour::NotANumber => text.replace("\"@odd@\"", "NaN"),
        Misbehaviour::LoneSurrogate => text.replace("@odd@", "\\ud800"),
        Misbehaviour::DuplicateKeys => text.replace("\"@twice@\":null", &twice(request)),
        Misbehaviour::DeepSchema => text.replace(
            "\"@deep-schema@\"",
            &nested("{\"type\":\"object\",\"properties\":{\"x\":", "}}", 2_500),
        ),
        _ => text,
    }
}

/// What can be said as a value; the rest gets a place to put it.
fn shape(misbehaviour: Misbehaviour, request: &Request, message: &mut Value) {
    let method = request.method();
    match misbehaviour {
        Misbehaviour::WrongId => message["id"] = json!("not-yours"),
        Misbehaviour::ResultAndError => {
            message["result"] = message.get("result").cloned().unwrap_or_else(|| json!({}));
            message["error"] = json!({ "code": -32603, "message": "and an error" });
        }
        Misbehaviour::WrongVersion if method == "initialize" => {
            message["result"]["protocolVersion"] = json!("1999-01-01");
        }
        Misbehaviour::WrongVersion if method == "server/discover" => {
            message["result"]["supportedVersions"] = json!(["1999-01-01"]);
        }
        Misbehaviour::InitializeFails if matches!(&*method, "initialize" | "server/discover") => {
            *message = json!({
                "jsonrpc": "2.0",
                "id": message["id"],
                "error": { "code": -32603, "message": "the database is away" }
            });
        }
        Misbehaviour::EndlessPages => {
            let cursor = request.body["params"]["cursor"].as_str().unwrap_or("0");
            let page: u64 = cursor.parse().unwrap_or(0);
            let function = Function::new(&format!("function-{page}"), "One of endlessly many");
            message["result"]["tools"] = json!([function.definition]);
            message["result"]["nextCursor"] = json!((page + 1).to_string());
        }
        Misbehaviour::ShapelessOffers if message["result"].is_object() => {
            for key in [
                "resources",
                "resourceTemplates",
                "prompts",
                "contents",
                "messages",
            ] {
                if let Some(list) = message["result"].get_mut(key) {
                    *list = json!({ "not": "a list" });
                }
            }
        }
        Misbehaviour::HugeResource if method == "resources/read" => {
            message["result"]["contents"][0]["text"] = json!("@odd@");
        }
        Misbehaviour::RepeatingCursor => message["result"]["nextCursor"] = json!("again"),
        Misbehaviour::HugeAnswer | Misbehaviour::LoneSurrogate if method == "tools/call" => {
            message["result"]["content"] = json!([{ "type": "text", "text": "@odd@" }]);
        }
        Misbehaviour::HugeAnswer
        | Misbehaviour::LoneSurrogate
        | Misbehaviour::DeepJson
        | Misbehaviour::HugeNumbers
        | Misbehaviour::NotANumber
            if message["result"].is_object() =>
        {
            message["result"]["structuredContent"] = json!({ "odd": "@odd@" });
        }
        Misbehaviour::DuplicateKeys if message["result"].is_object() => {
            message["result"]["@twice@"] = Value::Null;
        }
        _ => {}
    }
}

/// A second member of a name that the result has already.
fn twice(request: &Request) -> String {
    match request.method().as_str() {
        "tools/list" => "\"tools\":[]".to_owned(),
        "resources/read" => "\"contents\":[]".to_owned(),
        "tools/call" => "\"content\":[{\"type\":\"text\",\"text\":\"the other value\"}]".to_owned(),
        _ => "\"capabilities\":{}".to_owned(),
    }
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    let inside = if open.ends_with(':') { "{}" } else { "" };
    [&open.repeat(depth), inside, &close.repeat(depth)].concat()
}

/// Whether a call has to be answered by a stream for it.
pub fn needs_stream(misbehaviour: Misbehaviour) -> bool {
    matches!(
        misbehaviour,
        Misbehaviour::NotificationFlood
            | Misbehaviour::ProgressBackwards
            | Misbehaviour::ProgressAfterResult
            | Misbehaviour::ProgressWrongToken
    )
}

/// Sends the result of a call with what goes wrong around it.
pub fn send_result(
    bites: Option<Misbehaviour>,
    request: &Request,
    outlet: &Outlet,
    result: String,
) {
    let token = &request.body["params"]["_meta"]["progressToken"];
    let send = |message: String| drop(outlet.send(message));
    match bites {
        Some(Misbehaviour::NotificationFlood) => {
            let log = json!({
                "jsonrpc": "2.0",
                "method": "notifications/message",
                "params": { "level": "info", "data": "still here" }
            })
            .to_string();
            (0..FLOOD).for_each(|_| send(log.clone()));
            send(result);
        }
        Some(Misbehaviour::ProgressBackwards) => {
            (1..=3).rev().for_each(|step| send(progress(token, step)));
            send(result);
        }
        Some(Misbehaviour::ProgressAfterResult) => {
            send(result);
            (1..=3).for_each(|step| send(progress(token, step)));
        }
        Some(Misbehaviour::ProgressWrongToken) => {
            send(progress(&json!("not-yours"), 1));
            send(result);
        }
        _ => send(result),
    }
}

/// What a stream for list changes begins with.
pub fn greet_listener(
    misbehaviour: Option<Misbehaviour>,
    outlet: &Outlet,
    subscription: Option<&Value>,
) {
    if misbehaviour != Some(Misbehaviour::ListChangedFlood) {
        return;
    }
    let mut message = json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" });
    if let Some(id) = subscription {
        message["params"] = json!({ "_meta": { "io.modelcontextprotocol/subscriptionId": id } });
    }
    for _ in 0..LIST_FLOOD {
        let _ = outlet.send(message.to_string());
    }
}
