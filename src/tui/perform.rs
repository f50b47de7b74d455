//! Does what the step wants done: each effect is a task that ends in a message.

mod browser;
mod errand;
mod gather;
mod picture;
mod program;
mod scratch;

use std::collections::HashMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

use super::effect::{Answer, Ask, Effect, Msg, Ticket, Work, WorkEnd, WorkStep};
use super::environment::TerminalEnv;
use super::mirror::Packed;
use crate::config::Home;
use crate::domain::{Fault, FaultKind, Function};
use crate::link::Client;

pub(super) use program::find;
pub(super) use scratch::Scratch;

/// The board, once it was reached.
type Board = Arc<Mutex<Option<Client>>>;

/// See the module.
#[derive(Debug)]
pub(super) struct Performer {
    home: Home,
    environment: TerminalEnv,
    board: Board,
    messages: UnboundedSender<Msg>,
    works: HashMap<Ticket, AbortHandle>,
    attached: Option<AbortHandle>,
}

impl Performer {
    /// Nothing is under way yet.
    pub(super) fn new(
        home: Home,
        environment: TerminalEnv,
        messages: UnboundedSender<Msg>,
    ) -> Self {
        Self {
            home,
            environment,
            board: Board::default(),
            messages,
            works: HashMap::new(),
            attached: None,
        }
    }

    /// The place that this face runs in.
    pub(super) fn environment(&self) -> &TerminalEnv {
        &self.environment
    }

    /// Where a private file can be for a moment.
    pub(super) fn run_folder(&self) -> &Path {
        &self.home.run
    }

    /// Takes note that something has ended.
    pub(super) fn forget(&mut self, ticket: Ticket) {
        self.works.remove(&ticket);
    }

    /// Does one thing, or starts to.
    pub(super) fn perform(&mut self, effect: Effect) {
        let messages = self.messages.clone();
        match effect {
            Effect::Attach { start } => {
                let task = attach(self.home.clone(), start, Arc::clone(&self.board), messages);
                if let Some(before) = self.attached.replace(tokio::spawn(task).abort_handle()) {
                    before.abort();
                }
            }
            Effect::Ask(ticket, question) => {
                let board = self.client();
                tokio::spawn(async move {
                    let result = match board {
                        Ok(client) => ask(&client, question).await,
                        Err(fault) => Err(fault),
                    };
                    messages.send(Msg::Answered(ticket, result)).ok();
                });
            }
            Effect::Work(ticket, work) => self.start(ticket, work),
            Effect::Cancel(ticket) => {
                if let Some(task) = self.works.remove(&ticket) {
                    task.abort();
                }
            }
            Effect::Timer(timer, after) => {
                tokio::spawn(async move {
                    tokio::time::sleep(after).await;
                    messages.send(Msg::Timer(timer)).ok();
                });
            }
            Effect::WriteFile(ticket, path, bytes) => {
                let path = self.resolve(&path);
                tokio::task::spawn_blocking(move || {
                    let result = write_new(&path, &bytes).map(|()| Answer::Done);
                    messages.send(Msg::Answered(ticket, result)).ok();
                });
            }
            Effect::Gather(ticket, wanted) => {
                let path = wanted.authorities.as_deref().map(|path| self.resolve(path));
                let environment = self.environment.clone();
                tokio::task::spawn_blocking(move || {
                    let found = gather::gather(path.as_deref(), wanted.variables, &environment);
                    let result = Ok(Answer::Gathered(found));
                    messages.send(Msg::Answered(ticket, result)).ok();
                });
            }
            Effect::Paint(ticket, job) => picture::draw(ticket, *job, &messages),
            Effect::Browse(ticket, url) => {
                let environment = self.environment.clone();
                tokio::spawn(async move {
                    let opened = browser::open(&url, &environment).await;
                    let result = opened.map(Answer::Opened);
                    messages.send(Msg::Answered(ticket, result)).ok();
                });
            }
            // The loop's own.
            Effect::Leave
            | Effect::Suspend
            | Effect::Redraw
            | Effect::Mouse(_)
            | Effect::EditOutside(..)
            | Effect::Copy(_) => {}
        }
    }

    fn client(&self) -> Result<Client, Fault> {
        let board = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        board.clone().ok_or_else(|| {
            Fault::new(FaultKind::Network, "the board does not answer yet")
                .hint("`callboard status` says whether it runs; every command starts it again")
                .retryable()
        })
    }

    fn start(&mut self, ticket: Ticket, work: Work) {
        let messages = self.messages.clone();
        let board = self.client();
        let environment = self.environment.clone();
        let task = tokio::spawn(async move {
            let steps = messages.clone();
            let mut on_step = move |step| {
                steps.send(Msg::Step(ticket, step)).ok();
            };
            let result = match board {
                Ok(client) => run(&client, work, &environment, &mut on_step).await,
                Err(fault) => Err(fault),
            };
            messages.send(Msg::Ended(ticket, result)).ok();
        });
        self.works.insert(ticket, task.abort_handle());
    }

    /// A path as typed: `~/` is the home folder, the rest starts where the
    /// terminal is.
    fn resolve(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix("~"), self.environment.home()) {
            (Ok(rest), Some(home)) => Path::new(home).join(rest),
            _ => self.environment.folder().join(path),
        }
    }
}

/// Reaches the board and passes on what it says, until it says no more.
async fn attach(home: Home, start: bool, board: Board, messages: UnboundedSender<Msg>) {
    let fault = match listen(&home, start, &board, &messages).await {
        Ok(()) => Fault::new(FaultKind::Network, "the board is gone").retryable(),
        Err(fault) => fault,
    };
    messages.send(Msg::Lost(fault)).ok();
}

async fn listen(
    home: &Home,
    start: bool,
    board: &Board,
    messages: &UnboundedSender<Msg>,
) -> Result<(), Fault> {
    let client = if start {
        Client::attach_or_start(home).await?
    } else {
        Client::attach(home).await?
    };
    *board.lock().unwrap_or_else(PoisonError::into_inner) = Some(client.clone());
    messages.send(Msg::Attached).ok();
    let mut events = client.events(None).await?;
    while let Some(event) = events.next().await {
        if messages.send(Msg::Board(Box::new(event.kind))).is_err() {
            break;
        }
    }
    Ok(())
}

async fn ask(client: &Client, question: Ask) -> Result<Answer, Fault> {
    let connector = |view| Answer::Connector(Box::new(view));
    match question {
        Ask::Functions(request) => {
            let mut functions = Packed::default();
            let mut take = |some: Vec<Function>| some.iter().for_each(|it| functions.push(it));
            client.run(&request, &mut take).await?;
            functions.close();
            Ok(Answer::Functions(functions))
        }
        Ask::Function(request) => {
            let view = client.send(&request).await?;
            Ok(Answer::Function(Box::new(view)))
        }
        Ask::Permit(request) => client.send(&request).await.map(Answer::Permitted),
        Ask::Accept(request) => client.send(&request).await.map(Answer::Permitted),
        Ask::Journal(request) => client.send(&request).await.map(Answer::Journal),
        Ask::WholeCall(request) => {
            let record = client.send(&request).await?;
            Ok(Answer::WholeCall(Box::new(record)))
        }
        Ask::Disable(request) => client.send(&request).await.map(connector),
        Ask::Rename(request) => client.send(&request).await.map(connector),
        Ask::Remove(request) => {
            let answer = client.send(&request).await?;
            Ok(Answer::Forgotten(Box::new(answer)))
        }
        Ask::Directory(request) => {
            let answer = client.send(&request).await?;
            Ok(Answer::Directory(Box::new(answer)))
        }
        Ask::ProbeKeyring(request) => client.send(&request).await.map(Answer::Vault),
        Ask::ChooseVault(request) => client.send(&request).await.map(Answer::Vault),
        Ask::AnswerQuestion(request) => client.send(&request).await.map(|()| Answer::Done),
        Ask::PasteLogin(request) => client.send(&request).await.map(|()| Answer::Done),
        Ask::CancelLogin(request) => client.send(&request).await.map(|()| Answer::Done),
        Ask::Logout(request) => {
            let answer = client.send(&request).await?;
            Ok(Answer::LoggedOut(Box::new(answer)))
        }
        Ask::Unlock(request) => client.send(&request).await.map(Answer::Vault),
        Ask::Undo(request) => client.send(&request).await.map(Answer::Undone),
    }
}

async fn run(
    client: &Client,
    work: Work,
    environment: &TerminalEnv,
    on_step: &mut (dyn FnMut(WorkStep) + Send),
) -> Result<WorkEnd, Fault> {
    let connector = |view| WorkEnd::Connector(Box::new(view));
    match work {
        Work::Detect(request) => {
            let mut step = |evidence| on_step(WorkStep::Evidence(evidence));
            let detection = client.run(&request, &mut step).await?;
            Ok(WorkEnd::Detection(Box::new(detection)))
        }
        Work::Add(mut request, command) => {
            if let Some(words) = command {
                request.target = program::resolve(&words, environment)?;
            }
            let mut step = |step| on_step(WorkStep::Stage(step));
            client.run(&*request, &mut step).await.map(connector)
        }
        Work::Edit(request) => {
            let mut step = |step| on_step(WorkStep::Stage(step));
            client.run(&*request, &mut step).await.map(connector)
        }
        Work::Enable(request) => {
            let mut step = |step| on_step(WorkStep::Stage(step));
            client.run(&request, &mut step).await.map(connector)
        }
        Work::Refresh(request) => {
            let mut step = |step| on_step(WorkStep::Stage(step));
            client.run(&request, &mut step).await.map(connector)
        }
        Work::Login(request) => {
            let mut step = |step| on_step(WorkStep::Stage(step));
            client.run(&*request, &mut step).await.map(connector)
        }
        Work::Call(request) => {
            let mut step = |step| on_step(WorkStep::Call(step));
            let answer = client.run(&*request, &mut step).await?;
            Ok(WorkEnd::Called(Box::new(answer)))
        }
        Work::Details(errand) => {
            let found = errand::run(client, errand, on_step).await?;
            Ok(WorkEnd::Details(found))
        }
    }
}

/// Writes a file that is not there yet, for its owner alone.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let failed = |error: std::io::Error| {
        let why = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "it is there already".to_owned(),
            _ => error.to_string(),
        };
        Fault::user(format!("{} was not written: {why}", path.display()))
            .hint("type another name; {save-now} writes it")
    };
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    file.write_all(bytes).map_err(failed)
}
