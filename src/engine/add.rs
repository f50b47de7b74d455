//! Adding a connector.

use std::sync::PoisonError;

use tokio_util::sync::CancellationToken;

use super::connectors::cancelled;
use super::credentials::{PROXY_PASSWORD, QUERY, part_proxy, part_query, record_name};
use super::{Engine, Steps, keeper};
use crate::domain::{
    AuthKind, AuthMethod, ConnectionOptions, Connector, ConnectorId, Detection, Evidence, Fault,
    FaultKind, FunctionCounts, JournalEvent, OAuthNeeds, Secret, Target, Timestamp,
};
use crate::guard::address::{is_loopback, read_address};
use crate::mcp::detect::{DetectRequest, detect};
use crate::protocol::{
    Add, AddStep, AuthWanted, ConnectorView, Login, SecretName, Step, StepState, TargetWanted,
};
use crate::store::StoredConnector;

/// What was learned before anything is kept.
struct Plan {
    target: Target,
    auth: AuthMethod,
    secrets: Vec<(String, Secret)>,
    options: ConnectionOptions,
    detection: Option<Detection>,
    /// Detection failed in a way that may pass.
    passing: Option<Fault>,
}

impl Engine {
    /// Adds a connector, and connects it where asked to.
    ///
    /// # Errors
    /// `user` for what makes no sense and `not-mcp` for what is no MCP server:
    /// nothing is kept then. Otherwise the connector is kept, and the fault says
    /// why it is not connected.
    pub async fn add(
        &self,
        add: Add,
        steps: Steps<AddStep>,
        cancel: CancellationToken,
    ) -> Result<ConnectorView, Fault> {
        self.board.require_admin("add connectors")?;
        if !add.trust {
            return Err(
                Fault::user("a connector is added only where you trust its server")
                    .hint("`--trust` says that you do"),
            );
        }
        crate::mcp::oauth::check_options(&add.sign_in)?;
        // Two additions of one name at a time are one too many.
        let _coming = self.reserve(&add.name.folded())?;
        let plan = tokio::select! {
            plan = self.plan(&add, &steps) => plan?,
            () = cancel.cancelled() => return Err(cancelled()),
        };
        let passing = plan.passing.clone();
        let id = self.keep(&add, plan).await?;
        self.note(JournalEvent::Added, &id).await;
        keeper::begin(&self.board, &id);
        self.board.publish(&id);
        if !add.connect {
            return match passing {
                Some(fault) => Err(kept(fault, &add)),
                None => self.board.view(&id),
            };
        }
        let signs_in = self.board.stored(&id)?.connector.auth == AuthMethod::Oauth;
        let connected = if signs_in {
            // Its keeper finds out that it waits for the sign-in, and says so.
            self.board.order(&id, keeper::Order::renew());
            let login = Login::default();
            self.sign_in(&id, &login, steps, cancel).await
        } else {
            self.connect(&id, steps, cancel).await
        };
        match connected {
            Err(fault) if signs_in => Err(kept(fault, &add)),
            Ok(view) => Ok(view),
            Err(fault) if matches!(fault.kind, FaultKind::User | FaultKind::NotMcp) => {
                let _ = self.forget(&id).await?;
                Err(fault)
            }
            // Removed meanwhile: nothing is kept.
            Err(fault) if fault.kind == FaultKind::NotFound => Err(fault),
            Err(fault) => Err(kept(fault, &add)),
        }
    }

    fn reserve(&self, folded: &str) -> Result<Coming<'_>, Fault> {
        let taken = self.board.with_entries(|entries| {
            entries
                .values()
                .any(|entry| entry.stored.connector.name.folded() == folded)
        });
        let mut coming = self
            .board
            .coming
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if taken || coming.iter().any(|name| name == folded) {
            return Err(crate::store::StoreError::NameTaken.into());
        }
        coming.push(folded.to_owned());
        Ok(Coming {
            engine: self,
            folded: folded.to_owned(),
        })
    }

    async fn plan(&self, add: &Add, steps: &Steps<AddStep>) -> Result<Plan, Fault> {
        let mut options = add.options.clone();
        let mut secrets: Vec<(String, Secret)> = add
            .secrets
            .iter()
            .map(|(name, secret)| (record_name(name), secret.0.clone()))
            .collect();
        if let Some(password) = part_proxy(&mut options)? {
            secrets.push((PROXY_PASSWORD.to_owned(), password));
        }
        let url = match &add.target {
            TargetWanted::Program {
                command,
                args,
                path,
                cwd,
            } => {
                return Ok(Plan {
                    target: Target::Program {
                        command: command.clone(),
                        args: args.clone(),
                        env: variables(add),
                        path: path.clone(),
                        cwd: cwd.clone(),
                    },
                    auth: AuthMethod::None,
                    secrets,
                    options,
                    detection: None,
                    passing: None,
                });
            }
            TargetWanted::Http { url } => read_address(url, options.plain_http)?,
        };
        let looked_at = self.look(add, url.as_str(), steps).await;
        let (detection, passing) = match looked_at {
            Ok(detection) => (detection, None),
            Err(fault) if matches!(fault.kind, FaultKind::User | FaultKind::NotMcp) => {
                return Err(fault);
            }
            Err(fault) => (None, Some(fault)),
        };
        let url = match &detection {
            Some(detection) => read_address(&detection.url, options.plain_http)?,
            None => url,
        };
        let auth = method(add, detection.as_ref())?;
        if url.scheme() == "http" && !is_loopback(&url) && auth != AuthMethod::None {
            return Err(
                Fault::user("no secret is sent by plain http to another machine")
                    .hint("use an https:// address"),
            );
        }
        let (bare, query) = part_query(url);
        let target = Target::Http {
            url: bare,
            query: query.is_some(),
        };
        secrets.extend(query.map(|query| (QUERY.to_owned(), query)));
        Ok(Plan {
            target,
            auth,
            secrets,
            options,
            detection,
            passing,
        })
    }

    /// Detects, unless everything was said already and connecting will tell.
    async fn look(
        &self,
        add: &Add,
        url: &str,
        steps: &Steps<AddStep>,
    ) -> Result<Option<Detection>, Fault> {
        if add.auth != AuthWanted::Auto && add.connect {
            return Ok(None);
        }
        let request = DetectRequest {
            url: url.to_owned(),
            options: add.options.clone(),
        };
        let say = |state, evidence| {
            steps.say(AddStep {
                name: Step::Detect,
                state,
                evidence,
                sign_in: None,
            });
        };
        say(StepState::Started, None);
        let mut on_evidence = |evidence: &Evidence| say(StepState::Started, Some(evidence.clone()));
        let found = detect(&self.board.network, &request, &mut on_evidence).await;
        match &found {
            Ok(_) => say(StepState::Done, None),
            Err(_) => say(StepState::Failed, None),
        }
        found.map(Some)
    }

    async fn keep(&self, add: &Add, plan: Plan) -> Result<ConnectorId, Fault> {
        let id = fresh_id()?;
        let (transport, era, oauth, evidence) = match plan.detection {
            Some(found) => (found.transport, found.era, found.oauth, found.evidence),
            None => (None, None, None::<OAuthNeeds>, Vec::new()),
        };
        let stored = StoredConnector {
            connector: Connector {
                id: id.clone(),
                name: add.name.clone(),
                description: add.description.clone(),
                target: plan.target,
                auth: plan.auth,
                transport,
                era,
                enabled: add.connect,
                options: plan.options,
                trusted_at: Timestamp::now(),
                pinned_at: None,
            },
            oauth,
            evidence,
            sign_in_options: add.sign_in.clone(),
            sign_in: None,
        };
        self.board
            .keep_secrets(&stored.connector, plan.secrets)
            .await?;
        let person = self.board.whoever_asks().id.clone();
        let inserted = self
            .board
            .store()
            .await
            .insert_connector(&stored, &person)
            .await;
        if let Err(error) = inserted {
            let orphan = id.clone();
            // What cannot be taken back is sealed for an id that nobody has.
            let _ = self
                .board
                .vault
                .with(move |vault| vault.remove_connector(&orphan))
                .await;
            return Err(self.board.storage_failed(error));
        }
        self.board.with_entries(|entries| {
            let entry = super::board::Entry::new(stored, FunctionCounts::default());
            entries.insert(id.clone(), entry);
        });
        Ok(id)
    }
}

/// A name that is being added; free again when dropped.
struct Coming<'a> {
    engine: &'a Engine,
    folded: String,
}

impl Drop for Coming<'_> {
    fn drop(&mut self) {
        self.engine
            .board
            .coming
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|name| *name != self.folded);
    }
}

/// Says that a connector is kept though it is not connected.
fn kept(fault: Fault, add: &Add) -> Fault {
    let name = &add.name;
    if !add.connect {
        fault.hint(format!(
            "{name} is kept, switched off; `callboard enable {name}` connects it"
        ))
    } else if fault.kind == FaultKind::SignIn {
        fault.hint(format!(
            "{name} is kept; `callboard edit {name}` changes how it signs in"
        ))
    } else if fault.retry {
        fault.hint(format!(
            "{name} is kept and tried again by itself; `callboard show {name}` says how it stands"
        ))
    } else {
        fault.hint(format!(
            "{name} is kept; mend it with `callboard edit {name}`, then `callboard refresh {name}`"
        ))
    }
}

fn variables(add: &Add) -> Vec<String> {
    add.secrets
        .iter()
        .filter_map(|(name, _)| match name {
            SecretName::Env(variable) => Some(variable.clone()),
            _ => None,
        })
        .collect()
}

/// How a new connector authenticates: as said; else as detected, unless what was
/// given says more.
fn method(add: &Add, detection: Option<&Detection>) -> Result<AuthMethod, Fault> {
    if let AuthWanted::Given(method) = &add.auth {
        return Ok(method.clone());
    }
    if let Some(given) = given(add) {
        return Ok(given);
    }
    match detection.map(|found| found.auth) {
        None | Some(AuthKind::None) => Ok(AuthMethod::None),
        Some(AuthKind::Oauth) => Ok(AuthMethod::Oauth),
        Some(AuthKind::Bearer) => Err(Fault::user("the server wants a Bearer token")
            .hint("give it with `--token-env VARIABLE` or `--token-stdin`")),
        Some(AuthKind::Basic) => Err(Fault::user("the server wants a user and a password")
            .hint("give them with `--user NAME` and `--password-stdin`")),
        Some(AuthKind::Header | AuthKind::Unknown) => Err(Fault::user(
            "the server wants to be authenticated, and does not say how",
        )
        .hint("give `--token-stdin`, or `--header NAME=VARIABLE`, as its documentation says")),
    }
}

/// What the secrets themselves say about how they are used.
fn given(add: &Add) -> Option<AuthMethod> {
    let mut headers = Vec::new();
    for (name, _) in &add.secrets {
        match name {
            SecretName::Token => return Some(AuthMethod::Bearer),
            SecretName::Password => {
                return Some(AuthMethod::Basic {
                    user: add.user.clone().unwrap_or_default(),
                });
            }
            SecretName::Header(header) => headers.push(header.clone()),
            SecretName::ClientSecret => return Some(AuthMethod::Oauth),
            SecretName::Env(_) => {}
        }
    }
    (!headers.is_empty()).then_some(AuthMethod::Header { names: headers })
}

fn fresh_id() -> Result<ConnectorId, Fault> {
    let mut bytes = [0_u8; 12];
    getrandom::fill(&mut bytes)
        .map_err(|error| Fault::internal(format!("no random numbers: {error}")))?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(ConnectorId::new(format!("c{hex}")))
}
