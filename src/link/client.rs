//! A face's end of the link.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tokio::time::{Duration, Instant, sleep};

use super::events::EventStream;
use super::find::{Found, find, host_name, usable};
use super::start::start;
use crate::config::Home;
use crate::domain::{Fault, FaultKind};
use crate::protocol::{BoardRecord, Endpoint, Frame, Operation, VERSION, VERSION_HEADER};

/// How long a board that holds its lock may take to listen.
const LISTEN_WAIT: Duration = Duration::from_secs(10);

/// How often a socket that is about to be there is tried.
const LISTEN_STEP: Duration = Duration::from_millis(10);

/// A board, as a face speaks to it. Cheap to clone; each request has a connection
/// of its own.
#[derive(Clone, Debug)]
pub struct Client {
    socket: Arc<PathBuf>,
    record: Arc<BoardRecord>,
}

impl Client {
    /// Attaches to the board of this home.
    ///
    /// # Errors
    /// `not-found` where none runs; `config` where it cannot be spoken to.
    pub async fn attach(home: &Home) -> Result<Self, Fault> {
        match Self::attach_if_running(home).await? {
            Some(client) => Ok(client),
            None => Err(Fault::not_found("no board is running")
                .hint("`callboard` starts one, as does every command that needs it")),
        }
    }

    /// Attaches to the board of this home, and starts it first where none runs.
    ///
    /// # Errors
    /// Why it could not be started or spoken to.
    pub async fn attach_or_start(home: &Home) -> Result<Self, Fault> {
        if let Some(client) = Self::attach_if_running(home).await? {
            return Ok(client);
        }
        let program = std::env::current_exe().map_err(|error| {
            Fault::internal(format!("callboard does not find its own program: {error}"))
        })?;
        match start(&program, home).await {
            Ok(()) => Self::attach(home).await,
            // Another face was faster: its board is this home's board.
            Err(fault) => match Self::attach_if_running(home).await? {
                Some(client) => Ok(client),
                None => Err(fault),
            },
        }
    }

    async fn attach_if_running(home: &Home) -> Result<Option<Self>, Fault> {
        let deadline = Instant::now() + LISTEN_WAIT;
        loop {
            let record = match find(home)? {
                Found::None => return Ok(None),
                Found::Starting => None,
                Found::Running(record) => Some(record),
            };
            if let Some(record) = record {
                usable(&record, &host_name())?;
                let client = Self {
                    socket: Arc::new(PathBuf::from(&record.socket)),
                    record: Arc::new(record),
                };
                match client.connect().await {
                    Ok(_) => return Ok(Some(client)),
                    Err(fault) if Instant::now() >= deadline => return Err(fault),
                    Err(_) => {}
                }
            } else if Instant::now() >= deadline {
                return Err(Fault::config("a board is starting and does not get on")
                    .hint(format!("its log is {}", home.log_file().display())));
            }
            sleep(LISTEN_STEP).await;
        }
    }

    /// What the board said of itself in its lock file.
    pub fn record(&self) -> &BoardRecord {
        &self.record
    }

    /// Where the board listens.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// A sentence for a face whose version is not the board's, though they
    /// understand each other.
    pub fn version_note(&self) -> Option<String> {
        (self.record.version != VERSION).then(|| {
            format!(
                "the board is callboard {}, this is {VERSION}; `callboard stop` and start again to have one version",
                self.record.version
            )
        })
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// The board's fault, or `network` where the board is gone.
    pub async fn send<R: Endpoint>(&self, request: &R) -> Result<R::Answer, Fault> {
        let response = self.post(R::PATH, request).await?;
        let ok = response.status() == StatusCode::OK;
        let body = response
            .into_body()
            .collect()
            .await
            .map_err(|error| board_gone(&error))?
            .to_bytes();
        if ok {
            serde_json::from_slice(&body).map_err(|error| misunderstood(&error))
        } else {
            Err(serde_json::from_slice(&body).unwrap_or_else(|error| misunderstood(&error)))
        }
    }

    /// Runs an operation, saying each step. Dropping the future cancels it.
    ///
    /// # Errors
    /// The board's fault, or `network` where the board is gone.
    pub async fn run<O: Operation>(
        &self,
        operation: &O,
        on_step: &mut (dyn FnMut(O::Step) + Send),
    ) -> Result<O::Answer, Fault> {
        let response = self.post(O::PATH, operation).await?;
        let ok = response.status() == StatusCode::OK;
        let mut lines = Lines::new(response.into_body());
        while let Some(line) = lines.next().await? {
            if !ok {
                return Err(
                    serde_json::from_slice(&line).unwrap_or_else(|error| misunderstood(&error))
                );
            }
            let frame: Frame<O::Step, O::Answer> =
                serde_json::from_slice(&line).map_err(|error| misunderstood(&error))?;
            match frame {
                Frame::Step(step) => on_step(step),
                Frame::Done(answer) => return Ok(answer),
                Frame::Fault(fault) => return Err(fault),
            }
        }
        Err(board_gone(&"the answer broke off"))
    }

    /// The stream of events after the one with this id; a snapshot first where
    /// that is `None` or no longer kept.
    ///
    /// # Errors
    /// `network` where the board is gone.
    pub async fn events(&self, after: Option<u64>) -> Result<EventStream, Fault> {
        let mut request = Request::builder()
            .method(Method::GET)
            .uri("/v1/events")
            .header(hyper::header::HOST, "board")
            .header(VERSION_HEADER, VERSION);
        if let Some(after) = after {
            request = request.header("last-event-id", after.to_string());
        }
        let request = request
            .body(Full::new(Bytes::new()))
            .map_err(|error| Fault::internal(error.to_string()))?;
        let response = self.exchange(request).await?;
        Ok(EventStream::new(Lines::new(response.into_body())))
    }

    async fn post<T: serde::Serialize>(
        &self,
        path: &str,
        value: &T,
    ) -> Result<Response<Incoming>, Fault> {
        let body = serde_json::to_vec(value).map_err(|error| Fault::internal(error.to_string()))?;
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(hyper::header::HOST, "board")
            .header(hyper::header::CONTENT_TYPE, "application/json")
            .header(VERSION_HEADER, VERSION)
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| Fault::internal(error.to_string()))?;
        self.exchange(request).await
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Fault> {
        let stream = self.connect().await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| board_gone(&error))?;
        // Ends with the response's body, or when that is dropped.
        tokio::spawn(connection);
        sender
            .send_request(request)
            .await
            .map_err(|error| board_gone(&error))
    }

    /// Connects, and makes sure that whoever listens there is this very user.
    async fn connect(&self) -> Result<UnixStream, Fault> {
        let stream = UnixStream::connect(&*self.socket)
            .await
            .map_err(|error| board_gone(&error))?;
        let peer = stream
            .peer_cred()
            .map_err(|error| Fault::internal(error.to_string()))?;
        if peer.uid() != rustix::process::getuid().as_raw() {
            return Err(Fault::config(format!(
                "{} belongs to another user",
                self.socket.display()
            ))
            .hint("set CALLBOARD_HOME to a folder of your own"));
        }
        Ok(stream)
    }
}

/// The lines of a body, as they come.
#[derive(Debug)]
pub(super) struct Lines {
    body: Incoming,
    pending: Vec<u8>,
    /// How much of `pending` holds no line end for certain.
    searched: usize,
}

impl Lines {
    fn new(body: Incoming) -> Self {
        Self {
            body,
            pending: Vec::new(),
            searched: 0,
        }
    }

    /// The next line, without its end; `None` after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        loop {
            let unsearched = self.pending.get(self.searched..).unwrap_or_default();
            if let Some(at) = unsearched.iter().position(|byte| *byte == b'\n') {
                let rest = self.pending.split_off(self.searched + at + 1);
                let mut line = std::mem::replace(&mut self.pending, rest);
                line.pop();
                self.searched = 0;
                return Ok(Some(line));
            }
            self.searched = self.pending.len();
            match self.body.frame().await {
                None if self.pending.is_empty() => return Ok(None),
                None => {
                    self.searched = 0;
                    return Ok(Some(std::mem::take(&mut self.pending)));
                }
                Some(Err(error)) => return Err(board_gone(&error)),
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.pending.extend_from_slice(data);
                    }
                }
            }
        }
    }
}

fn board_gone(error: &dyn std::fmt::Display) -> Fault {
    Fault::new(
        FaultKind::Network,
        format!("the board does not answer ({error})"),
    )
    .hint("`callboard status` says whether it runs; every command starts it again")
    .retryable()
}

fn misunderstood(error: &dyn std::fmt::Display) -> Fault {
    Fault::internal(format!("the board's answer cannot be read ({error})"))
        .hint("`callboard stop`, then try again")
}
