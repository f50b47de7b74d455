//! What an authority does.

use std::collections::VecDeque;

use serde_json::{Value, json};

/// An answer given instead of the right one.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Reply {
    pub fn new(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
        }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, &body.to_string()).with("content-type", "application/json")
    }

    /// An OAuth error with status 400.
    pub fn error(code: &str) -> Self {
        Self::json(
            400,
            &json!({ "error": code, "error_description": format!("says {code}") }),
        )
    }

    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, "").with("location", location)
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What comes back from the consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    Code,
    Denied,
    WrongState,
    NoState,
    WrongIssuer,
    NoIssuer,
    /// A refusal that names another issuer.
    DeniedByAnother,
    TwoCodes,
    EmptyCode,
    /// A token in the fragment.
    Implicit,
    /// An error that needs another login.
    LoginRequired,
}

/// A client that was registered by hand.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    pub id: &'static str,
    pub secret: Option<&'static str>,
    pub redirect: &'static str,
}

/// Everything a test can choose. In every text `{origin}` is this server and `{other}`
/// is [`Behaviour::other`].
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// `WWW-Authenticate` of the MCP server.
    pub challenge: Option<String>,
    /// Paths with the resource's document.
    pub resource_at: Vec<&'static str>,
    /// Keys of that document that differ; null takes one away.
    pub resource: Value,
    /// Paths with the authorization server's document.
    pub server_at: Vec<&'static str>,
    pub server: Value,
    /// Answers given instead at a path, one after the other.
    pub instead: Vec<(&'static str, Reply)>,
    pub returns: Returns,
    pub presets: Vec<Preset>,
    /// What a registration answers differently.
    pub registered: Value,
    /// Registers clients of this kind alone.
    pub registers_only: Option<&'static str>,
    /// Redirect URLs have to fit letter by letter.
    pub exact_redirects: bool,
    /// Refuses redirect URLs with 127.0.0.1 in them.
    pub localhost_only: bool,
    /// What a token answer says differently.
    pub tokens: Value,
    /// How long the first access token of a sign-in lives, in seconds.
    pub first_life: Option<u64>,
    /// Whether a refresh token is used once.
    pub rotates: bool,
    /// What device polls are told before the tokens.
    pub polls: VecDeque<&'static str>,
    pub other: String,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            challenge: Some(
                "Bearer resource_metadata=\"{origin}/.well-known/oauth-protected-resource/mcp\", \
                 scope=\"read write\""
                    .to_owned(),
            ),
            resource_at: vec!["/.well-known/oauth-protected-resource/mcp"],
            resource: json!({}),
            server_at: vec!["/.well-known/oauth-authorization-server"],
            server: json!({}),
            instead: Vec::new(),
            returns: Returns::Code,
            presets: Vec::new(),
            registered: json!({}),
            registers_only: None,
            exact_redirects: false,
            localhost_only: false,
            tokens: json!({}),
            first_life: None,
            rotates: true,
            polls: VecDeque::new(),
            other: "https://other.invalid".to_owned(),
        }
    }
}

impl Behaviour {
    pub fn good() -> Self {
        Self::default()
    }

    pub fn challenge(mut self, text: &str) -> Self {
        self.challenge = Some(text.to_owned());
        self
    }

    pub fn no_challenge(mut self) -> Self {
        self.challenge = None;
        self
    }

    pub fn resource(mut self, keys: Value) -> Self {
        self.resource = keys;
        self
    }

    pub fn resource_at(mut self, paths: &[&'static str]) -> Self {
        self.resource_at = paths.to_vec();
        self
    }

    pub fn server(mut self, keys: Value) -> Self {
        self.server = keys;
        self
    }

    pub fn server_at(mut self, paths: &[&'static str]) -> Self {
        self.server_at = paths.to_vec();
        self
    }

    pub fn instead(mut self, path: &'static str, reply: Reply) -> Self {
        self.instead.push((path, reply));
        self
    }

    pub fn returns(mut self, returns: Returns) -> Self {
        self.returns = returns;
        self
    }

    pub fn preset(mut self, preset: Preset) -> Self {
        self.presets.push(preset);
        self
    }

    pub fn registered(mut self, keys: Value) -> Self {
        self.registered = keys;
        self
    }

    pub fn tokens(mut self, keys: Value) -> Self {
        self.tokens = keys;
        self
    }

    pub fn first_life(mut self, seconds: u64) -> Self {
        self.first_life = Some(seconds);
        self
    }

    pub fn other(mut self, origin: &str) -> Self {
        self.other = origin.to_owned();
        self
    }

    /// Offers device codes; polls are told this before the tokens.
    pub fn device(mut self, polls: &[&'static str]) -> Self {
        self.server["device_authorization_endpoint"] = json!("{origin}/device");
        self.polls = polls.iter().copied().collect();
        self
    }
}
