//! The interface without a terminal and without a board, for the benchmarks.

use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use serde_json::json;

use super::effect::{Answer, Effect, Msg, Timer};
use super::input::{Input, Key};
use super::model::{Clock, Model, Size};
use super::terminal::Gathering;
use super::theme::{Palette, Signs, Theme};
use super::update::update;
use super::view::view;
use crate::domain::{
    AuthKind, AuthMethod, ConnectionOptions, ConnectorId, ConnectorName, Era, Function,
    FunctionCounts, FunctionState, Hints, Permission, Status, Target, Timestamp, Transport,
    Untrusted, VaultState,
};
use crate::protocol::{BoardInfo, ConnectorView, EventKind, Person, Role, SnapshotView};

/// The size that is measured.
const SIZE: Size = Size {
    width: 120,
    height: 40,
};

/// A face that shows functions of one connector.
pub struct Face {
    model: Model,
    terminal: Terminal<Gathering<Vec<u8>>>,
    /// The last timer for details that was set.
    rest: Option<Timer>,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face").finish_non_exhaustive()
    }
}

impl Face {
    /// A face with so many functions on the screen; `None` where it could not be
    /// brought there.
    pub fn with_functions(count: usize) -> Option<Self> {
        let theme = Theme {
            palette: Palette::Sixteen,
            contrast: super::theme::Contrast::Usual,
            pictures: super::theme::Pictures::None,
            signs: Signs::Unicode,
            calm: true,
        };
        let area = Rect::new(0, 0, SIZE.width, SIZE.height);
        let options = TerminalOptions {
            viewport: Viewport::Fixed(area),
        };
        let backend = Gathering::new(Vec::new(), SIZE.width, SIZE.height);
        let mut face = Self {
            model: Model::new(SIZE, theme, Clock::default()),
            terminal: Terminal::with_options(backend, options).ok()?,
            rest: None,
        };
        face.take(Msg::Board(Box::new(EventKind::Snapshot(Box::new(
            snapshot()?,
        )))));
        let asked = face.press("f")?;
        let ticket = asked.iter().find_map(|effect| match effect {
            Effect::Ask(ticket, _) => Some(*ticket),
            _ => None,
        })?;
        let functions: Vec<Function> = (0..count).map(function).collect();
        face.take(Msg::Answered(
            ticket,
            Ok(Answer::Functions(functions.into())),
        ));
        face.frame();
        Some(face)
    }

    /// A key as the configuration writes it: `j`, `enter`, `ctrl-d`.
    pub fn key(&mut self, key: &str) {
        self.press(key);
    }

    fn press(&mut self, key: &str) -> Option<Vec<Effect>> {
        let key = Key::parse(key)?;
        Some(self.take(Msg::Input(Input::Key(key))))
    }

    /// The keys rest: details follow the chosen row.
    pub fn rest(&mut self) {
        if let Some(timer) = self.rest.take() {
            self.take(Msg::Timer(timer));
        }
    }

    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        let clock = self.model.clock;
        let effects = update(&mut self.model, clock, msg);
        for effect in &effects {
            if let Effect::Timer(timer @ Timer::Rest(_), _) = effect {
                self.rest = Some(*timer);
            }
        }
        effects
    }

    /// Draws a frame. Returns the bytes that it sends.
    pub fn frame(&mut self) -> usize {
        let model = &self.model;
        // Gathering bytes cannot fail.
        self.terminal.draw(|frame| view(model, frame)).ok();
        self.terminal.backend_mut().taken().len()
    }
}

fn snapshot() -> Option<SnapshotView> {
    Some(SnapshotView {
        board: BoardInfo {
            pid: 1,
            version: crate::protocol::VERSION.to_owned(),
            started_at: Timestamp::default(),
        },
        person: Person {
            name: "operator".to_owned(),
            role: Role::Admin,
        },
        connectors: vec![connector()?],
        vault: VaultState {
            kind: None,
            locked: false,
            why: String::new(),
            warning: None,
        },
        storage: None,
        questions: Vec::new(),
        consents: Vec::new(),
        held: Vec::new(),
        agents: Vec::new(),
    })
}

fn connector() -> Option<ConnectorView> {
    let url = "https://many.example/mcp".to_owned();
    Some(ConnectorView {
        name: ConnectorName::parse("many").ok()?,
        url: url.clone(),
        description: String::new(),
        auth: AuthKind::None,
        enabled: true,
        status: Status::Connected,
        fault: None,
        protocol: None,
        functions: FunctionCounts::default(),
        sign_in: None,
        sign_in_options: crate::domain::SignInOptions::default(),
        signing_in: false,
        sign_in_report: None,
        scopes_wanted: Vec::new(),
        server: None,
        since: Timestamp::default(),
        id: ConnectorId::new("many"),
        transport: Some(Transport::StreamableHttp),
        era: Some(Era::Modern),
        latency_ms: Some(1),
        retry_at: None,
        target: Target::Http { url, query: false },
        method: AuthMethod::None,
        options: ConnectionOptions::default(),
        trusted_at: Timestamp::default(),
        oauth: None,
        evidence: Vec::new(),
        stderr: Vec::new(),
    })
}

/// A function of the usual length, a little different from the others.
fn function(number: usize) -> Function {
    let verb = ["get", "create", "delete", "list", "search", "update"]
        .get(number % 6)
        .copied()
        .unwrap_or("get");
    let thing = ["issue", "page", "branch", "review", "member"]
        .get(number % 5)
        .copied()
        .unwrap_or("issue");
    let name = format!("{verb}_{thing}_{number}");
    Function {
        title: Some(Untrusted::new(format!("{verb} {thing} number {number}"))),
        description: Untrusted::new(
            format!("Does {verb} with one {thing}, or with several where the server can. ")
                .repeat(4),
        ),
        permission: match number % 3 {
            0 => Permission::Always,
            1 => Permission::Ask,
            _ => Permission::Block,
        },
        state: if number.is_multiple_of(97) {
            FunctionState::Changed
        } else {
            FunctionState::Accepted
        },
        hints: Hints {
            read_only: Some(number.is_multiple_of(2)),
            destructive: Some(number.is_multiple_of(11)),
            ..Hints::default()
        },
        input_schema: json!({
            "type": "object",
            "required": ["repository", "query"],
            "properties": {
                "repository": { "type": "string", "description": "Owner and name" },
                "query": { "type": "string", "description": "Words that it has to have" },
                "labels": { "type": "array", "items": { "type": "string" } },
                "page": { "type": "integer", "minimum": 1, "default": 1 },
            },
        })
        .into(),
        output_schema: None,
        digest: format!("{number:064x}"),
        name: Untrusted::new(name),
    }
}
