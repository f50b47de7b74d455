//! How a fake server behaves.

use super::{Function, Misbehaviour, Offers, Phase};

/// Which protocol family and version it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    /// 2026-07-28 alone: stateless, `server/discover`.
    Modern,
    /// One of [`Era::LEGACY`]: `initialize`, sessions.
    Legacy(&'static str),
    /// Modern requests and `initialize` (2025-11-25) alike.
    Both,
}

impl Era {
    /// The modern protocol version.
    pub const MODERN: &'static str = "2026-07-28";
    /// The legacy protocol versions, oldest first.
    pub const LEGACY: [&'static str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    /// The version a legacy client gets.
    pub fn legacy_version(self) -> Option<&'static str> {
        match self {
            Self::Modern => None,
            Self::Legacy(version) => Some(version),
            Self::Both => Some("2025-11-25"),
        }
    }
}

/// How messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// One endpoint, `/mcp`.
    Streamable,
    /// HTTP+SSE of 2024-11-05: stream at `/sse`, messages to `/messages`.
    Sse,
}

/// How a POST is answered where the server may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    Json,
    Sse,
}

/// What a client has to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    None,
    /// `Authorization: Bearer` with this token; 401 with a Bearer challenge.
    Bearer(String),
    /// User and password; 401 with a Basic challenge.
    Basic(String, String),
    /// Name and value; 401 without a challenge.
    Header(String, String),
    /// 401 without a challenge, whatever is shown.
    Bare401,
    /// 403, whatever is shown.
    Forbidden,
    /// 401 that points at protected-resource metadata (RFC 9728), which points at
    /// authorization-server metadata (RFC 8414), both served here. A bearer of
    /// this token is let in.
    Oauth(String),
}

/// What stands behind an `https` URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Valid for 127.0.0.1 and localhost, signed by
    /// [`authority_pem`](super::authority_pem).
    Good,
    /// The same, ended in 2020.
    Expired,
    /// Signed by itself.
    SelfSigned,
    /// Signed by the authority, for another name.
    WrongName,
}

/// Everything a test can choose. Start from [`Behaviour::modern`],
/// [`Behaviour::legacy`], [`Behaviour::sse`] or [`Behaviour::misbehaving`].
#[derive(Clone, Debug)]
pub struct Behaviour {
    pub era: Era,
    pub wire: Wire,
    pub answers: Answers,
    pub auth: Auth,
    /// Only `tools/call` is protected.
    pub lazy_auth: bool,
    pub functions: Vec<Function>,
    /// Resources and prompts; none at first.
    pub offers: Offers,
    /// Functions, resources and prompts per page; all on one where `None`.
    pub page: Option<usize>,
    pub tls: Option<Tls>,
    /// What it does wrong, and when.
    pub misbehaviour: Option<(Misbehaviour, Phase)>,
    /// What the server calls itself.
    pub name: String,
    /// Guidance for the model.
    pub instructions: Option<String>,
}

impl Behaviour {
    /// A modern server with the functions of [`Function::usual`].
    pub fn modern() -> Self {
        Self {
            era: Era::Modern,
            wire: Wire::Streamable,
            answers: Answers::Json,
            auth: Auth::None,
            lazy_auth: false,
            functions: Function::usual(),
            offers: Offers::default(),
            page: None,
            tls: None,
            misbehaviour: None,
            name: "fake".to_owned(),
            instructions: None,
        }
    }

    /// A server of one legacy version over Streamable HTTP, with sessions.
    pub fn legacy(version: &'static str) -> Self {
        Self {
            era: Era::Legacy(version),
            ..Self::modern()
        }
    }

    /// A server of 2024-11-05 over HTTP+SSE.
    pub fn sse() -> Self {
        Self {
            wire: Wire::Sse,
            ..Self::legacy("2024-11-05")
        }
    }

    /// A server that does this wrong, of the era where that is possible.
    pub fn misbehaving(misbehaviour: Misbehaviour) -> Self {
        let mut behaviour = if misbehaviour.is_legacy() {
            Self::legacy("2025-11-25")
        } else {
            Self::modern()
        };
        behaviour.tls = misbehaviour.tls();
        behaviour.misbehaviour = Some((misbehaviour, misbehaviour.during()));
        match misbehaviour.during() {
            Phase::Offers => behaviour.offering(),
            _ => behaviour,
        }
    }

    /// Offers the resources and prompts of [`Offers::usual`] too.
    pub fn offering(self) -> Self {
        self.offers(Offers::usual())
    }

    pub fn offers(mut self, offers: Offers) -> Self {
        self.offers = offers;
        self
    }

    /// Misbehaves in another phase than the usual one.
    pub fn at(mut self, phase: Phase) -> Self {
        if let Some((_, when)) = &mut self.misbehaviour {
            *when = phase;
        }
        self
    }

    pub fn era(mut self, era: Era) -> Self {
        self.era = era;
        self
    }

    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// Lists are open, calls protected.
    pub fn lazy(mut self) -> Self {
        self.lazy_auth = true;
        self
    }

    pub fn answers(mut self, answers: Answers) -> Self {
        self.answers = answers;
        self
    }

    pub fn functions(mut self, functions: Vec<Function>) -> Self {
        self.functions = functions;
        self
    }

    pub fn page(mut self, functions: usize) -> Self {
        self.page = Some(functions);
        self
    }

    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }
}
