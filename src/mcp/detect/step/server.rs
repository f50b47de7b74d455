//! What each of the server's own answers means.

use serde_json::{Map, Value};

use super::{Detector, Found, Stage};
use crate::domain::{Era, ServerIdentity, Transport, Untrusted};
use crate::mcp::detect::asked::Asked;
use crate::mcp::detect::evidence;
use crate::mcp::detect::probe::{
    Answer, Effect, LEGACY_VERSIONS, MODERN_VERSION, SSE_VERSION, Session,
};
use crate::mcp::detect::said::{self, Said};
use crate::mcp::detect::verdict::{self, Seen};

impl Detector {
    pub(super) fn discovered(&mut self, status: u16, said: Said, brief: Untrusted) -> Effect {
        let theirs = match &said {
            Said::Result(result) if fine(status) => texts(result.get("supportedVersions")),
            Said::Error {
                code: -32022, data, ..
            } => Some(texts(data.get("supported")).unwrap_or_default()),
            Said::Error {
                code: -32020 | -32021,
                ..
            } => return self.modern(None, brief),
            Said::Error { code: -32601, .. } if status == 404 => return self.modern(None, brief),
            _ => None,
        };
        let Some(theirs) = theirs else {
            self.note(brief, "it does not speak MCP 2026-07-28");
            self.seen.push(Seen { status, said });
            return self.ask(Stage::Initialize);
        };
        if theirs.iter().any(|version| version.raw() == MODERN_VERSION) {
            let server = match &said {
                Said::Result(result) => identity(result),
                _ => None,
            };
            return self.modern(server, brief);
        }
        let legacy = LEGACY_VERSIONS
            .iter()
            .find(|known| theirs.iter().any(|one| one.raw() == **known));
        match legacy {
            Some(version) => {
                self.note(brief, "it speaks MCP of the older family");
                self.session.version = (*version).to_owned();
                self.seen.push(Seen { status, said });
                self.ask(Stage::Initialize)
            }
            None => {
                self.note(brief, "it speaks no version that callboard knows");
                self.done(Err(verdict::versions(&self.url, &theirs)))
            }
        }
    }

    fn modern(&mut self, server: Option<ServerIdentity>, brief: Untrusted) -> Effect {
        self.note(brief, format!("MCP {MODERN_VERSION} over Streamable HTTP"));
        self.found = Found {
            transport: Some(Transport::StreamableHttp),
            protocol: Some(MODERN_VERSION.to_owned()),
            era: Some(Era::Modern),
            server,
            listed: false,
        };
        self.ask(Stage::List)
    }

    pub(super) fn initialized(
        &mut self,
        status: u16,
        said: Said,
        session_id: Option<String>,
        brief: Untrusted,
    ) -> Effect {
        if let Said::Error {
            code: -32022, data, ..
        } = &said
        {
            let theirs = texts(data.get("supported")).unwrap_or_default();
            if theirs.iter().any(|version| version.raw() == MODERN_VERSION) {
                // What it made of the modern request is what is wrong with it.
                self.note(brief, "it does not speak MCP of the older family");
                return self.nothing_found();
            }
            self.note(brief, "it speaks no version that callboard knows");
            return self.done(Err(verdict::versions(&self.url, &theirs)));
        }
        let result = match said {
            Said::Result(result)
                if fine(status) && result.get("protocolVersion").is_some_and(Value::is_string) =>
            {
                result
            }
            said => {
                self.note(brief, "it does not speak MCP over Streamable HTTP");
                if matches!(said, Said::Error { .. }) {
                    // What it says to words it knows counts for more.
                    let answered = |one: &Seen| matches!(one.said, Said::Error { .. });
                    self.seen.retain(|one| !answered(one));
                }
                self.seen.push(Seen { status, said });
                return self.ask(Stage::Events);
            }
        };
        let version = result
            .get("protocolVersion")
            .and_then(Value::as_str)
            .unwrap_or_default();
        self.session = Session {
            id: session_id,
            version: version.to_owned(),
        };
        if !LEGACY_VERSIONS.contains(&version) {
            self.note(brief, "it speaks no version that callboard knows");
            self.failure = Some(verdict::versions(&self.url, &[Untrusted::new(version)]));
            return self.leave();
        }
        self.note(brief, format!("MCP {version} over Streamable HTTP"));
        self.found = Found {
            transport: Some(Transport::StreamableHttp),
            protocol: Some(version.to_owned()),
            era: Some(Era::Legacy),
            server: identity(&result),
            listed: false,
        };
        self.ask(Stage::Announce)
    }

    pub(super) fn streamed(&mut self, status: u16, said: Said, brief: Untrusted) -> Effect {
        let endpoint = match &said {
            Said::Event(name, data) if name == "endpoint" && fine(status) => data.trim(),
            _ => {
                self.note(brief, "it does not speak MCP over HTTP+SSE");
                self.seen.push(Seen { status, said });
                return self.nothing_found();
            }
        };
        let target = self.url.join(endpoint).ok();
        if target.is_none_or(|target| target.origin() != self.url.origin()) {
            let fault = verdict::foreign_endpoint(&self.url, endpoint);
            self.note(brief, "its messages would go to another host");
            return self.done(Err(fault));
        }
        self.note(brief, "MCP 2024-11-05 over HTTP+SSE");
        self.found.transport = Some(Transport::Sse);
        self.found.protocol = Some(SSE_VERSION.to_owned());
        self.found.era = Some(Era::Legacy);
        self.settle()
    }

    pub(super) fn announced(&mut self, answer: Answer) -> Effect {
        if self.refused(&answer) {
            return self.leave();
        }
        self.ask(Stage::List)
    }

    pub(super) fn listed(&mut self, answer: Answer) -> Effect {
        if self.refused(&answer) {
            return self.leave();
        }
        if let Answer::Response(response) = answer {
            let brief = evidence::brief(&response);
            let status = response.status;
            let said = said::read(response, 3);
            let brief = evidence::with_error(brief, &said);
            // A long list is a list. A server without functions has no method for it.
            let open = matches!(
                said,
                Said::Result(_) | Said::TooLarge | Said::Error { code: -32601, .. }
            );
            self.found.listed = open && (fine(status) || status == 404);
            let means = if self.found.listed {
                "its functions can be listed without a sign-in"
            } else {
                "it is open, but does not list its functions"
            };
            self.note(brief, means);
        }
        self.leave()
    }

    /// Whether an open server turns out to want a sign-in after all.
    fn refused(&mut self, answer: &Answer) -> bool {
        let Answer::Response(response) = answer else {
            return false;
        };
        let Some(asked) = Asked::read(response) else {
            return false;
        };
        self.note(evidence::brief(response), asked.means());
        self.asked = Some(asked);
        true
    }
}

fn fine(status: u16) -> bool {
    (200..300).contains(&status)
}

/// A list of texts, at most 32 of them.
fn texts(value: Option<&Value>) -> Option<Vec<Untrusted>> {
    let list = value?.as_array()?;
    Some(
        list.iter()
            .filter_map(Value::as_str)
            .take(32)
            .map(Untrusted::from)
            .collect(),
    )
}

/// `serverInfo`: in the result of the legacy family, in its `_meta` of the modern.
fn identity(result: &Map<String, Value>) -> Option<ServerIdentity> {
    let in_meta = || {
        result
            .get("_meta")?
            .get("io.modelcontextprotocol/serverInfo")
    };
    let info = result.get("serverInfo").or_else(in_meta)?.as_object()?;
    let text =
        |key: &str| Untrusted::new(info.get(key).and_then(Value::as_str).unwrap_or_default());
    Some(ServerIdentity {
        name: text("name"),
        version: text("version"),
    })
}
