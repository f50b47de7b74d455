//! One sign-in from beginning to end, and what has to hold of every one.

use std::time::Duration;

use callboard::domain::{
    ConnectionOptions, Consent, ConsentId, Fault, FaultKind, Secret, SignInOptions, SignInStep,
};
use callboard::mcp::challenge::{Challenge, find, read_challenges};
use callboard::mcp::network::Network;
use callboard::mcp::oauth::{
    Pasted, SignInEvent, SignInFault, SignInRecord, SignInRequest, sign_in,
};
use tokio::sync::{mpsc, oneshot};
use url::Url;

use crate::support::authority::{Authority, Behaviour, Page, browse, location_of};

/// What everything secret has in it.
pub const MARK: &str = "s3cret";

/// What the person does once there is something to approve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// Approves in a browser on this machine.
    Browser,
    /// Approves elsewhere and pastes the address it ended on.
    PastesAddress,
    PastesQuery,
    PastesCode,
    PastesCodeAndState,
    /// Pastes this first, then approves in a browser.
    PastesFirst(&'static str),
    /// Opens this behind the callback address first, then approves.
    OpensFirst(&'static str),
    /// Does nothing.
    Nobody,
}

type Change = Box<dyn FnOnce(&mut SignInRequest, &Authority) + Send>;

/// A sign-in to try.
pub struct Case {
    behaviour: Behaviour,
    second: Option<Behaviour>,
    person: Person,
    change: Change,
}

/// What came of it.
pub struct Outcome {
    pub result: Result<SignInRecord, SignInFault>,
    pub authority: Authority,
    pub other: Option<Authority>,
    pub consents: Vec<Consent>,
    /// What came back and was not the answer.
    pub refused: Vec<Fault>,
    pub steps: Vec<SignInStep>,
    pub pages: Vec<Page>,
    /// What the person was told of each paste.
    pub verdicts: Vec<Result<(), Fault>>,
}

impl Case {
    pub fn new(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            second: None,
            person: Person::Browser,
            change: Box::new(|_, _| {}),
        }
    }

    pub fn good() -> Self {
        Self::new(Behaviour::good())
    }

    pub fn person(mut self, person: Person) -> Self {
        self.person = person;
        self
    }

    /// A second authority, `{other}` in the first one's texts.
    pub fn with_another(mut self, behaviour: Behaviour) -> Self {
        self.second = Some(behaviour);
        self
    }

    pub fn set(self, change: impl FnOnce(&mut SignInOptions) + Send + 'static) -> Self {
        self.change(|request, _| change(&mut request.sign_in))
    }

    pub fn change(
        mut self,
        change: impl FnOnce(&mut SignInRequest, &Authority) + Send + 'static,
    ) -> Self {
        let before = self.change;
        self.change = Box::new(|request, authority| {
            before(request, authority);
            change(request, authority);
        });
        self
    }

    /// Signs in.
    pub async fn run(self) -> Outcome {
        let other = self.second.map(Authority::start);
        let mut behaviour = self.behaviour;
        if let Some(other) = &other {
            behaviour.other = other.origin.clone();
        }
        let authority = Authority::start(behaviour);
        let mut request = request(&authority).await;
        (self.change)(&mut request, &authority);
        run(authority, other, request, self.person).await
    }
}

/// What a sign-in to an authority begins with.
pub async fn request(authority: &Authority) -> SignInRequest {
    SignInRequest {
        id: ConsentId::new("consent-1"),
        server: Url::parse(&authority.url).unwrap(),
        challenge: challenge_of(&authority.url).await,
        options: ConnectionOptions::default(),
        sign_in: SignInOptions {
            consent_seconds: Some(20),
            ..SignInOptions::default()
        },
        client_secret: None,
        earlier: None,
        step_up: None,
        fresh_client: false,
        asking: std::sync::Arc::default(),
    }
}

async fn challenge_of(url: &str) -> Option<Challenge> {
    let network = Network::new().unwrap();
    let client = network.client(&ConnectionOptions::default()).unwrap();
    let response = client.post(url).send().await.unwrap();
    assert_eq!(response.status(), 401);
    let value = response
        .headers()
        .get("www-authenticate")?
        .to_str()
        .unwrap();
    find(&read_challenges([value]), "bearer").cloned()
}

/// Signs in and looks at what has to hold whatever happens.
pub async fn run(
    authority: Authority,
    other: Option<Authority>,
    request: SignInRequest,
    person: Person,
) -> Outcome {
    let network = Network::new().unwrap();
    let (paste, pasted) = mpsc::channel(4);
    let (told, mut tells) = mpsc::unbounded_channel();
    let acting = tokio::spawn(async move {
        let mut acted = Acted::default();
        while let Some(event) = tells.recv().await {
            match event {
                SignInEvent::Step(step) => {
                    acted
                        .steps
                        .retain(|known: &SignInStep| known.stage != step.stage);
                    acted.steps.push(step);
                }
                SignInEvent::Refused(fault) => acted.refused.push(fault),
                SignInEvent::Consent(consent) => {
                    acted.consents.push(*consent.clone());
                    act(person, &consent, &paste, &mut acted).await;
                }
            }
        }
        acted
    });
    let mut on_event = move |event| told.send(event).unwrap();
    let result = tokio::time::timeout(
        Duration::from_secs(60),
        sign_in(&network, request, pasted, &mut on_event),
    )
    .await
    .expect("a sign-in ends");
    drop(on_event);
    let acted = acting.await.unwrap();
    let outcome = Outcome {
        result,
        authority,
        other,
        consents: acted.consents,
        refused: acted.refused,
        steps: acted.steps,
        pages: acted.pages,
        verdicts: acted.verdicts,
    };
    outcome.holds();
    outcome
}

#[derive(Default)]
struct Acted {
    consents: Vec<Consent>,
    refused: Vec<Fault>,
    steps: Vec<SignInStep>,
    pages: Vec<Page>,
    verdicts: Vec<Result<(), Fault>>,
}

async fn act(person: Person, consent: &Consent, paste: &mpsc::Sender<Pasted>, acted: &mut Acted) {
    let Some(url) = consent.url.as_deref() else {
        return;
    };
    match person {
        Person::Nobody => return,
        Person::PastesFirst(text) => acted.verdicts.push(pasting(paste, text).await),
        Person::OpensFirst(query) => {
            let wrong = format!("{}{query}", consent.redirect_url.as_deref().unwrap());
            acted.pages.push(browse(&wrong).await);
        }
        _ => {}
    }
    let location = location_of(url).await;
    let query = location.split_once('?').map_or("", |(_, query)| query);
    let value = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs
            .find(|(known, _)| known == name)
            .unwrap()
            .1
            .into_owned()
    };
    match person {
        Person::PastesAddress => acted.verdicts.push(pasting(paste, &location).await),
        Person::PastesQuery => acted.verdicts.push(pasting(paste, query).await),
        Person::PastesCode => acted.verdicts.push(pasting(paste, &value("code")).await),
        Person::PastesCodeAndState => {
            let both = format!("{}#{}", value("code"), value("state"));
            acted.verdicts.push(pasting(paste, &both).await);
        }
        // The browser keeps the fragment to itself.
        _ => acted
            .pages
            .push(browse(location.split('#').next().unwrap()).await),
    }
}

async fn pasting(paste: &mpsc::Sender<Pasted>, text: &str) -> Result<(), Fault> {
    let (verdict, judged) = oneshot::channel();
    let text = Secret::new(text);
    assert!(paste.send(Pasted { text, verdict }).await.is_ok());
    judged.await.unwrap()
}

impl Outcome {
    /// What has to hold of every sign-in.
    fn holds(&self) {
        let mut written = serde_json::to_string(&self.steps).unwrap();
        written.push_str(&serde_json::to_string(&self.consents).unwrap());
        written.push_str(&serde_json::to_string(&self.refused).unwrap());
        written.push_str(&format!("{:?}{:?}", self.result, self.pages));
        if let Err(failed) = &self.result {
            written.push_str(&serde_json::to_string(&failed.fault).unwrap());
            written.push_str(&serde_json::to_string(&failed.steps).unwrap());
            assert!(!failed.fault.hints.is_empty(), "no cure: {}", failed.fault);
            assert!(!failed.fault.message.ends_with('.'), "{}", failed.fault);
        }
        assert!(!written.contains(MARK), "a secret is shown: {written}");
        for seen in self.authority.at("/token") {
            assert!(
                seen.field("resource").is_some(),
                "no resource: {}",
                seen.body
            );
            if seen.field("grant_type").as_deref() == Some("authorization_code") {
                assert_eq!(seen.field("code_verifier").unwrap().len(), 43);
            }
        }
        if let Ok(record) = &self.result {
            let token = record.access_token.expose();
            let from = self.other.iter().chain([&self.authority]);
            assert!(from.into_iter().any(|one| one.lets_in(token)));
            let kept = record.to_secret().unwrap();
            assert_eq!(&SignInRecord::from_secret(&kept).unwrap(), record);
        }
    }

    /// It worked.
    pub fn works(&self) -> &SignInRecord {
        match &self.result {
            Ok(record) => record,
            Err(failed) => panic!("{}\n{:#?}", failed.fault, failed.steps),
        }
    }

    /// It failed, and said this.
    pub fn fails(&self, kind: FaultKind, words: &str) -> &SignInFault {
        match &self.result {
            Ok(_) => panic!("it worked"),
            Err(failed) => {
                assert!(failed.fault.message.contains(words), "{}", failed.fault);
                assert_eq!(failed.fault.kind, kind, "{}", failed.fault);
                failed
            }
        }
    }

    /// Nothing was asked of the second authority.
    pub fn other_is_left_alone(&self) {
        let seen = self.other.as_ref().unwrap().seen();
        assert!(seen.is_empty(), "{seen:?}");
    }

    pub fn consent(&self) -> &Consent {
        self.consents.first().expect("a person was asked")
    }
}
