//! A sign-in driven from outside: who starts it, who consents, and what is kept of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use callboard::domain::{ConnectionOptions, Consent, ConsentId, Exchange, Fault, SignInOptions};
use callboard::mcp::challenge::{Challenge, find, read_challenges};
use callboard::mcp::network::Network;
use callboard::mcp::oauth::{
    RefreshFault, Refreshed, Revoked, Shelf, SignInEvent, SignInFault, SignInRecord, SignInRequest,
    StepUp, refresh, revoke, sign_in,
};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, mpsc};
use url::Url;

/// How long a sign-in may take.
const LIMIT: Duration = Duration::from_secs(60);

/// What a sign-in to a server begins with.
pub fn request(server: &str) -> SignInRequest {
    SignInRequest {
        id: ConsentId::new("consent-1"),
        server: Url::parse(server).unwrap(),
        challenge: None,
        options: ConnectionOptions::default(),
        sign_in: SignInOptions {
            consent_seconds: Some(50),
            ..SignInOptions::default()
        },
        client_secret: None,
        earlier: None,
        step_up: None,
        fresh_client: false,
        asking: Arc::default(),
    }
}

/// A second sign-in for more scopes.
pub fn stepping_up(record: &SignInRecord, challenge: &Challenge) -> SignInRequest {
    let step = StepUp::read(challenge, &record.scopes_asked, &record.scopes);
    SignInRequest {
        earlier: Some(record.clone()),
        step_up: Some(step.expect("more scopes are asked for")),
        challenge: Some(challenge.clone()),
        ..request(record.server.as_str())
    }
}

/// Signs in; `person` is given the consent and does whatever a person would.
pub async fn signed_in<F>(
    request: SignInRequest,
    person: impl FnOnce(Consent) -> F + Send + 'static,
) -> Result<SignInRecord, SignInFault>
where
    F: Future<Output = ()> + Send + 'static,
{
    let network = Network::new().unwrap();
    // Nobody pastes anything.
    let (_paste, pasted) = mpsc::channel(1);
    let mut person = Some(person);
    let mut acting = None;
    let mut on_event = |event| {
        if let SignInEvent::Consent(consent) = event
            && let Some(person) = person.take()
        {
            acting = Some(tokio::spawn(person(*consent)));
        }
    };
    let signing = sign_in(&network, request, pasted, &mut on_event);
    let result = tokio::time::timeout(LIMIT, signing)
        .await
        .expect("a sign-in ends");
    if let Some(acting) = acting {
        acting.await.unwrap();
    }
    result
}

/// The record of one sign-in, in memory.
pub struct Memory {
    kept: Mutex<SignInRecord>,
    lock: Arc<AsyncMutex<()>>,
}

impl Memory {
    pub fn holding(record: &SignInRecord) -> Self {
        Self {
            kept: Mutex::new(record.clone()),
            lock: Arc::default(),
        }
    }
}

impl Shelf for Memory {
    type Guard = OwnedMutexGuard<()>;

    async fn lock(&self) -> Result<Self::Guard, Fault> {
        Ok(Arc::clone(&self.lock).lock_owned().await)
    }

    async fn load(&self) -> Result<Option<SignInRecord>, Fault> {
        Ok(Some(self.kept.lock().unwrap().clone()))
    }

    async fn save(&self, record: &SignInRecord) -> Result<(), Fault> {
        *self.kept.lock().unwrap() = record.clone();
        Ok(())
    }
}

/// Refreshes once.
pub async fn refreshed(record: &SignInRecord) -> Result<SignInRecord, RefreshFault> {
    let (network, options) = (Network::new().unwrap(), ConnectionOptions::default());
    let shelf = Memory::holding(record);
    refresh(&network, &options, &shelf, record.generation, &mut |_| {})
        .await
        .map(Refreshed::into_record)
}

/// Takes the tokens back, and says how many requests that took.
pub async fn revoked(record: &SignInRecord) -> (Revoked, usize) {
    let (network, options) = (Network::new().unwrap(), ConnectionOptions::default());
    let mut sent = 0;
    let mut count = |_: &Exchange| sent += 1;
    let revoked = revoke(&network, &options, record, &mut count).await;
    (revoked, sent)
}

/// What a server answers to a request with this token: the status, and its challenge.
pub async fn asked(
    server: &str,
    token: &str,
    session: Option<&str>,
    body: &serde_json::Value,
) -> (u16, Option<Challenge>, Option<String>, String) {
    let client = Network::new().unwrap();
    let client = client.client(&ConnectionOptions::default()).unwrap();
    let mut asked = client
        .post(server)
        .bearer_auth(token)
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .body(body.to_string());
    if let Some(session) = session {
        asked = asked.header("mcp-session-id", session);
    }
    let response = asked.send().await.unwrap();
    let status = response.status().as_u16();
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    let challenges = header("www-authenticate");
    let challenges = read_challenges(challenges.as_deref());
    let session = header("mcp-session-id");
    let challenge = find(&challenges, "bearer").cloned();
    (status, challenge, session, response.text().await.unwrap())
}
