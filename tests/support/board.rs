//! A background board and a face attached to it: the board is a process of its own,
//! started by the command line, so that its memory can be read and its files searched.

use std::fs;

use callboard::config::Home;
use callboard::domain::{AuthMethod, ConnectionOptions, ConnectorName, Fault, Function, VaultKind};
use callboard::link::Client;
use callboard::protocol::{
    Add, AuthWanted, Call, CallAnswer, CarriedSecret, ChooseVault, ConnectorView, FunctionOf,
    Functions, Refresh, Show, Status, StatusView, TargetWanted,
};
use serde_json::{Map, Value};

use super::shell::Shell;

/// How long a server of these tests may take to answer, in seconds.
pub const SHORT: u32 = 2;

/// A board with a face. Ends when dropped.
pub struct Board {
    pub shell: Shell,
    pub client: Client,
}

impl Board {
    pub async fn start() -> Self {
        Self::of(Shell::new()).await
    }

    /// The board of this shell.
    pub async fn of(shell: Shell) -> Self {
        let _ = shell.run(&["list"]).succeeded();
        let home = Home::under(&shell.home().join("board"));
        let client = Client::attach(&home).await.unwrap();
        let choose = ChooseVault {
            kind: VaultKind::Memory,
            passphrase: None,
        };
        client.send(&choose).await.unwrap();
        Self { shell, client }
    }

    /// Adds a server as a person does who leaves everything to detection.
    pub async fn add(&self, name: &str, url: &str) -> Result<ConnectorView, Fault> {
        self.send_add(&wanted(name, url)).await
    }

    /// Adds a server that is known to want nothing: no detection before.
    pub async fn add_open(&self, name: &str, url: &str) -> Result<ConnectorView, Fault> {
        self.send_open(&wanted(name, url)).await
    }

    /// The same with an addition of one's own.
    pub async fn send_open(&self, add: &Add) -> Result<ConnectorView, Fault> {
        let add = Add {
            auth: AuthWanted::Given(AuthMethod::None),
            ..add.clone()
        };
        self.send_add(&add).await
    }

    pub async fn send_add(&self, add: &Add) -> Result<ConnectorView, Fault> {
        self.client.run(add, &mut |_| {}).await
    }

    pub async fn refresh(&self, name: &str) -> Result<ConnectorView, Fault> {
        let name = name.to_owned();
        self.client.run(&Refresh { name }, &mut |_| {}).await
    }

    /// Calls a function after a yes to what it is now.
    pub async fn call(
        &self,
        name: &str,
        function: &str,
        arguments: Value,
    ) -> Result<CallAnswer, Fault> {
        let view = self
            .client
            .send(&FunctionOf {
                name: name.to_owned(),
                function: function.to_owned(),
            })
            .await?;
        let call = Call {
            name: name.to_owned(),
            function: function.to_owned(),
            arguments: match arguments {
                Value::Object(arguments) => arguments,
                _ => Map::new(),
            },
            approved_digest: Some(view.function.digest),
            ask_back: false,
        };
        self.client.run(&call, &mut |_| {}).await
    }

    pub async fn functions(&self, name: &str) -> Vec<Function> {
        let name = name.to_owned();
        self.client.send(&Functions { name }).await.unwrap()
    }

    pub async fn show(&self, name: &str) -> ConnectorView {
        let name = name.to_owned();
        self.client.send(&Show { name }).await.unwrap()
    }

    /// Looks until it is so; fails after 30 s.
    pub async fn wait_until(&self, name: &str, so: impl Fn(&ConnectorView) -> bool) {
        let mut events = self.client.events(None).await.unwrap();
        let wait = async {
            // An event says that something differs; the view says what it is now.
            while !so(&self.show(name).await) {
                events.next().await.unwrap();
            }
        };
        let waited = tokio::time::timeout(std::time::Duration::from_secs(30), wait).await;
        assert!(
            waited.is_ok(),
            "waited in vain: {:?}",
            self.show(name).await
        );
    }

    pub async fn status(&self) -> StatusView {
        self.client.send(&Status {}).await.unwrap()
    }

    pub fn pid(&self) -> u32 {
        self.client.record().pid
    }

    /// The most memory it ever had resident, in MiB.
    pub fn peak(&self) -> u64 {
        self.memory("VmHWM:")
    }

    /// The memory it has resident now, in MiB.
    pub fn resident(&self) -> u64 {
        self.memory("VmRSS:")
    }

    fn memory(&self, field: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with(field)).unwrap();
        let kib = line.split_whitespace().nth(1).unwrap();
        kib.parse::<u64>().unwrap() / 1024
    }
}

/// An addition that trusts and connects, with a short time limit.
pub fn wanted(name: &str, url: &str) -> Add {
    Add {
        name: ConnectorName::parse(name).unwrap(),
        description: String::new(),
        target: TargetWanted::Http {
            url: url.to_owned(),
        },
        auth: AuthWanted::Auto,
        user: None,
        secrets: Vec::new(),
        options: ConnectionOptions {
            timeout_seconds: Some(SHORT),
            ..ConnectionOptions::default()
        },
        trust: true,
        connect: true,
        sign_in: callboard::domain::SignInOptions::default(),
    }
}

pub fn carried(secret: &str) -> CarriedSecret {
    CarriedSecret::from(callboard::domain::Secret::new(secret))
}
