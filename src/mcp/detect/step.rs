//! The detection as a pure step: an answer goes in, the next request comes out.

mod server;

use url::Url;

use super::asked::Asked;
use super::evidence;
use super::metadata::{Finding, Search};
use super::probe::{
    self, Answer, Effect, LEGACY_VERSIONS, Probe, REDIRECT_LIMIT, REQUEST_LIMIT, Response, Session,
};
use super::said;
use super::verdict::{self, Seen};
use crate::domain::{
    AuthKind, Confidence, Detection, Era, Evidence, Fault, ServerIdentity, Transport, Untrusted,
};

/// Finds out what stands behind one URL.
#[derive(Debug)]
pub struct Detector {
    url: Url,
    stage: Stage,
    sent: usize,
    redirects: usize,
    /// What was asked last, as evidence calls it.
    question: String,
    evidence: Vec<Evidence>,
    seen: Vec<Seen>,
    session: Session,
    found: Found,
    asked: Option<Asked>,
    search: Option<Search>,
    /// A fault found while a session stood that has to be ended first.
    failure: Option<Fault>,
}

/// What is known of the server so far.
#[derive(Debug, Default)]
struct Found {
    transport: Option<Transport>,
    protocol: Option<String>,
    era: Option<Era>,
    server: Option<ServerIdentity>,
    /// The list of functions was given without credentials.
    listed: bool,
}

/// Which answer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Discover,
    Initialize,
    Events,
    Announce,
    List,
    Leave,
    Metadata,
    Done,
}

impl Detector {
    /// Starts with a URL that [`crate::guard::address::read_address`] let through.
    pub fn new(url: Url) -> (Self, Effect) {
        let mut detector = Self {
            url,
            stage: Stage::Discover,
            sent: 0,
            redirects: 0,
            question: String::new(),
            evidence: Vec::new(),
            seen: Vec::new(),
            session: Session::default(),
            found: Found::default(),
            asked: None,
            search: None,
            failure: None,
        };
        let effect = detector.ask(Stage::Discover);
        (detector, effect)
    }

    /// What was found out so far, in order.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// Takes the answer to the last request in.
    pub fn step(&mut self, answer: Answer) -> Effect {
        match self.stage {
            Stage::Discover | Stage::Initialize | Stage::Events => self.step_server(answer),
            Stage::Announce => self.announced(answer),
            Stage::List => self.listed(answer),
            Stage::Leave => self.left(),
            Stage::Metadata => self.read_metadata(answer),
            Stage::Done => self.done(Err(Fault::internal("a detection went on after its end"))),
        }
    }

    fn ask(&mut self, stage: Stage) -> Effect {
        let probe = match stage {
            Stage::Discover => probe::modern(&self.url, "server/discover", 1),
            Stage::Initialize => {
                let version = self.session.version.clone();
                let version = if version.is_empty() {
                    LEGACY_VERSIONS[0]
                } else {
                    version.as_str()
                };
                probe::initialize(&self.url, version, 2)
            }
            Stage::Events => probe::events(&self.url),
            Stage::Announce => self.session.initialized(&self.url),
            Stage::List if self.found.era == Some(Era::Modern) => {
                probe::modern(&self.url, "tools/list", 3)
            }
            Stage::List => self.session.list(&self.url, 3),
            Stage::Leave => self.session.delete(&self.url),
            Stage::Metadata | Stage::Done => return self.next_metadata(),
        };
        self.send(stage, probe)
    }

    fn send(&mut self, stage: Stage, probe: Probe) -> Effect {
        if self.sent >= REQUEST_LIMIT {
            return match stage {
                Stage::Metadata => self.conclude(),
                _ => self.nothing_found(),
            };
        }
        self.sent += 1;
        self.stage = stage;
        self.question = evidence::question(&probe);
        Effect::Send(Box::new(probe))
    }

    fn done(&mut self, result: Result<Detection, Fault>) -> Effect {
        self.stage = Stage::Done;
        Effect::Done(Box::new(result))
    }

    fn nothing_found(&mut self) -> Effect {
        let fault = verdict::nothing_found(&self.url, std::mem::take(&mut self.seen));
        self.done(Err(fault))
    }

    fn note(&mut self, answer: Untrusted, means: impl Into<String>) {
        self.evidence.push(Evidence {
            request: self.question.clone(),
            answer,
            means: means.into(),
        });
    }

    /// Discover, initialize and the event stream: what may find the server.
    fn step_server(&mut self, answer: Answer) -> Effect {
        let response = match answer {
            Answer::Failed(fault) => return self.done(Err(fault)),
            Answer::Response(response) => response,
        };
        let brief = evidence::brief(&response);
        if (300..400).contains(&response.status) {
            return self.redirected(&response, brief);
        }
        if let Some(fault) = verdict::at_once(&self.url, &response) {
            self.note(brief, "it cannot be told now");
            return self.done(Err(fault));
        }
        if let Some(asked) = Asked::read(&response) {
            self.note(brief, asked.means());
            self.asked = Some(asked);
            if self.stage == Stage::Initialize {
                // It let the modern request through to a plain refusal.
                self.found.transport = Some(Transport::StreamableHttp);
                self.found.era = Some(Era::Legacy);
            }
            return self.settle();
        }
        let status = response.status;
        let session_id = response.header("mcp-session-id").map(str::to_owned);
        let id = if self.stage == Stage::Discover { 1 } else { 2 };
        let said = said::read(response, id);
        let brief = evidence::with_error(brief, &said);
        match self.stage {
            Stage::Discover => self.discovered(status, said, brief),
            Stage::Initialize => self.initialized(status, said, session_id, brief),
            _ => self.streamed(status, said, brief),
        }
    }

    /// 307 and 308 keep the method and are followed on one origin; everything else
    /// is the operator's to decide.
    fn redirected(&mut self, response: &Response, brief: Untrusted) -> Effect {
        let target = response
            .header("location")
            .and_then(|place| self.url.join(place).ok());
        let same = target.filter(|target| {
            let clean = target.username().is_empty() && target.password().is_none();
            let kept = matches!(response.status, 307 | 308);
            kept && clean && target.origin() == self.url.origin()
        });
        let Some(mut target) = same else {
            self.note(brief, "it is elsewhere");
            let target = response
                .header("location")
                .and_then(|place| self.url.join(place).ok());
            return self.done(Err(verdict::redirect(target.as_ref(), &self.url)));
        };
        self.redirects += 1;
        target.set_fragment(None);
        if self.redirects > REDIRECT_LIMIT || target == self.url {
            return self.done(Err(verdict::redirect_loop(&self.url)));
        }
        self.note(brief, "it is elsewhere on the same host");
        self.url = target;
        self.ask(self.stage)
    }

    /// Ends the session, if there is one, before anything else.
    fn leave(&mut self) -> Effect {
        match self.session.id {
            Some(_) => self.ask(Stage::Leave),
            None => self.left(),
        }
    }

    fn left(&mut self) -> Effect {
        match self.failure.take() {
            Some(fault) => self.done(Err(fault)),
            None => self.settle(),
        }
    }

    /// Turns to the question of OAuth, which an open server too may offer.
    fn settle(&mut self) -> Effect {
        self.search = Some(match &self.asked {
            Some(asked) => Search::new(&self.url, asked.bearer()),
            None => Search::optional(&self.url),
        });
        self.next_metadata()
    }

    fn next_metadata(&mut self) -> Effect {
        match self.search.as_mut().and_then(Search::next) {
            Some(url) => self.send(Stage::Metadata, probe::document(&url)),
            None => self.conclude(),
        }
    }

    fn read_metadata(&mut self, answer: Answer) -> Effect {
        let brief = match &answer {
            Answer::Response(response) => evidence::brief(response),
            Answer::Failed(fault) => Untrusted::new(fault.message.as_str()),
        };
        if let Some(search) = &mut self.search {
            let means = search.told(answer);
            self.note(brief, means);
        }
        self.next_metadata()
    }

    fn conclude(&mut self) -> Effect {
        let finding = self
            .search
            .take()
            .map_or(Finding::Nothing, Search::conclude);
        let judged = match (&self.asked, finding) {
            (Some(asked), finding) => asked.conclude(finding, &self.url),
            // An open server that offers OAuth is open all the same.
            (None, finding) => {
                let confidence = if self.found.listed {
                    Confidence::Certain
                } else {
                    Confidence::Likely
                };
                let offered = match finding {
                    Finding::Oauth(needs, _) if needs.broken.is_none() => Some(*needs),
                    _ => None,
                };
                Ok((AuthKind::None, confidence, offered))
            }
        };
        let result = judged.map(|(auth, confidence, oauth)| Detection {
            url: self.url.to_string(),
            transport: self.found.transport,
            protocol: self.found.protocol.take(),
            era: self.found.era,
            auth,
            confidence,
            evidence: self.evidence.clone(),
            oauth,
            server: self.found.server.take(),
        });
        self.done(result)
    }
}
