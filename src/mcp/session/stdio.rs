//! Messages to and from a local program: one per line on its input and output.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rmcp::{
    RoleClient,
    model::{ClientJsonRpcMessage, ServerJsonRpcMessage, ServerRequest},
    transport::Transport,
};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStderr, ChildStdin, ChildStdout},
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{
    SessionEvent,
    events::{MAX_EVENT, too_much, unreadable},
    fault::{self, Reach, WireFault, closed},
    program::{self, Group, Start},
    wire::{self, Wire},
};
use crate::domain::{Fault, FaultKind, Untrusted};

/// Messages that wait for rmcp.
const BUFFER: usize = 64;
/// Longest line of standard error that is kept whole, in bytes.
const MAX_ERROR_LINE: usize = 4096;
/// Lines of standard error that a fault may quote.
const LAST_WORDS: usize = 5;
/// Lines on standard output that are no messages before it is too much.
const MAX_NOISE: usize = 1000;
/// How long what a program wrote before its end may take to be read.
const DRAIN: Duration = Duration::from_millis(500);

type Outgoing = (Vec<u8>, oneshot::Sender<io::Result<()>>);

/// A running program.
pub(super) struct StdioTransport {
    wire: Arc<Wire>,
    outgoing: mpsc::Sender<Outgoing>,
    incoming: mpsc::Receiver<ServerJsonRpcMessage>,
    stop: CancellationToken,
    keeper: Option<JoinHandle<()>>,
}

impl StdioTransport {
    /// Starts the program.
    pub(super) fn start(
        what: &Start<'_>,
        wire: Arc<Wire>,
        events: mpsc::Sender<SessionEvent>,
    ) -> Result<Self, Fault> {
        let (mut child, group) = program::start(what)?;
        let missing = || Fault::internal("a started program has no pipes");
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().ok_or_else(missing)?;
        let errors = child.stderr.take().ok_or_else(missing)?;
        wire.reach();
        let stop = CancellationToken::new();
        let words = Arc::new(LastWords::default());
        let (outgoing, to_write) = mpsc::channel(BUFFER);
        let (tell, incoming) = mpsc::channel(BUFFER);
        tokio::spawn(write(input, to_write, stop.clone()));
        let keeper = Keeper {
            child,
            group,
            stop: stop.clone(),
            reader: tokio::spawn(read(output, Arc::clone(&wire), tell.clone())),
            listener: tokio::spawn(listen(errors, Arc::clone(&words), events)),
            wire: Arc::clone(&wire),
            words,
            tell,
        };
        Ok(Self {
            wire,
            outgoing,
            incoming,
            stop,
            keeper: Some(tokio::spawn(keeper.keep())),
        })
    }
}

impl Transport<RoleClient> for StdioTransport {
    type Error = WireFault;

    fn send(
        &mut self,
        item: ClientJsonRpcMessage,
    ) -> impl Future<Output = Result<(), WireFault>> + Send + 'static {
        let outgoing = self.outgoing.clone();
        let wire = Arc::clone(&self.wire);
        async move {
            wire.expect(&item);
            let gone = |reach| WireFault::new(closed(&wire), reach).lost();
            let mut line = serde_json::to_vec(&item).map_err(|_| {
                let fault = Fault::internal("a message could not be written");
                WireFault::new(fault, Reach::NotSent)
            })?;
            line.push(b'\n');
            if let Some(id) = wire::id_of_request(&item)
                && !wire.leaves(&id)
            {
                return Err(WireFault::new(fault::unsent(&wire), Reach::NotSent));
            }
            let (done, written) = oneshot::channel();
            outgoing
                .send((line, done))
                .await
                .map_err(|_| gone(Reach::NotSent))?;
            match written.await {
                Ok(Ok(())) => Ok(()),
                _ => Err(gone(Reach::Unknown)),
            }
        }
    }

    async fn receive(&mut self) -> Option<ServerJsonRpcMessage> {
        self.incoming.recv().await
    }

    async fn close(&mut self) -> Result<(), WireFault> {
        self.stop.cancel();
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.await;
        }
        Ok(())
    }
}

impl Drop for StdioTransport {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The last lines a program said.
#[derive(Default)]
struct LastWords(Mutex<VecDeque<Untrusted>>);

impl LastWords {
    fn add(&self, line: Untrusted) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LAST_WORDS {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn all(&self) -> Vec<Untrusted> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().cloned().collect()
    }
}

/// Owns the program until it is gone.
struct Keeper {
    child: Child,
    group: Group,
    stop: CancellationToken,
    reader: JoinHandle<()>,
    listener: JoinHandle<()>,
    wire: Arc<Wire>,
    words: Arc<LastWords>,
    /// Held so that rmcp hears of the end only after its reason was noted.
    tell: mpsc::Sender<ServerJsonRpcMessage>,
}

impl Keeper {
    async fn keep(mut self) {
        let status = tokio::select! {
            () = self.stop.cancelled() => return self.end().await,
            status = self.child.wait() => status.ok(),
            _ = &mut self.reader => {
                let wait = tokio::time::timeout(DRAIN, self.child.wait()).await;
                wait.ok().and_then(Result::ok)
            }
        };
        if status.is_some() {
            self.group.sweep();
        }
        let _ = tokio::time::timeout(DRAIN, &mut self.listener).await;
        if !self.reader.is_finished() {
            let _ = tokio::time::timeout(DRAIN, &mut self.reader).await;
        }
        let mut fault = program::ended(status, &self.words.all());
        if let Some(remark) = self.wire.remarked() {
            fault = fault.hint(remark);
        }
        self.wire.note(fault);
        if status.is_none() {
            self.stop.cancel();
            return self.end().await;
        }
        self.stop.cancel();
        self.reader.abort();
        self.listener.abort();
    }

    async fn end(mut self) {
        drop(self.tell);
        self.group.end(&mut self.child).await;
        self.reader.abort();
        self.listener.abort();
    }
}

async fn write(
    mut input: ChildStdin,
    mut lines: mpsc::Receiver<Outgoing>,
    stop: CancellationToken,
) {
    loop {
        let (line, done) = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            next = lines.recv() => match next {
                Some(next) => next,
                None => return,
            },
        };
        let written = tokio::select! {
            () = stop.cancelled() => return,
            written = async {
                input.write_all(&line).await?;
                input.flush().await
            } => written,
        };
        let broken = written.is_err();
        let _ = done.send(written);
        if broken {
            return;
        }
    }
}

async fn read(output: ChildStdout, wire: Arc<Wire>, tell: mpsc::Sender<ServerJsonRpcMessage>) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    let mut noise = 0;
    loop {
        match next_line(&mut output, MAX_EVENT, &mut line).await {
            Ok(Line::Whole) => {}
            Ok(Line::TooLong) => return wire.note(too_much()),
            Ok(Line::End) | Err(_) => return,
        }
        let text = line.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let message = match wire.absorb(text).and_then(|a| wire::typed(a.message)) {
            Ok(message) => Some(message),
            Err(reason) => wire.rescue(text, unreadable(&reason)),
        };
        match message {
            Some(ServerJsonRpcMessage::Request(request)) if is_ours(&request.request) => {
                let words = "the program repeats what it is told; it is no MCP server";
                return wire.note(Fault::new(FaultKind::NotMcp, words));
            }
            Some(message) => {
                if tell.send(message).await.is_err() {
                    return;
                }
            }
            None => {
                noise += 1;
                wire.remark("it wrote text that is not MCP to its standard output");
                if noise > MAX_NOISE {
                    let words = "the program writes text that is not MCP to its standard output";
                    return wire.note(Fault::new(FaultKind::NotMcp, words));
                }
            }
        }
    }
}

/// Whether only a client ever sends this request.
fn is_ours(request: &ServerRequest) -> bool {
    match request {
        ServerRequest::CustomRequest(request) => {
            matches!(request.method.as_str(), "initialize" | "server/discover")
        }
        _ => false,
    }
}

async fn listen(errors: ChildStderr, words: Arc<LastWords>, events: mpsc::Sender<SessionEvent>) {
    let mut errors = BufReader::new(errors);
    let mut line = Vec::new();
    loop {
        match next_line(&mut errors, MAX_ERROR_LINE, &mut line).await {
            Ok(Line::Whole | Line::TooLong) => {}
            Ok(Line::End) | Err(_) => return,
        }
        let text = Untrusted::from(String::from_utf8_lossy(line.trim_ascii_end()).into_owned());
        if text.is_empty() {
            continue;
        }
        words.add(text.clone());
        // A program that says much leaves room for what matters more.
        if events.capacity() > events.max_capacity() / 2 {
            let _ = events.try_send(SessionEvent::Stderr(text));
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Line {
    Whole,
    /// As much as was allowed; the rest follows as a line of its own.
    TooLong,
    End,
}

async fn next_line<R: AsyncBufRead + Unpin>(
    from: &mut R,
    most: usize,
    line: &mut Vec<u8>,
) -> io::Result<Line> {
    line.clear();
    loop {
        let buffer = from.fill_buf().await?;
        if buffer.is_empty() {
            return Ok(if line.is_empty() {
                Line::End
            } else {
                Line::Whole
            });
        }
        let room = most.saturating_sub(line.len());
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let take = end.unwrap_or(buffer.len()).min(room);
        line.extend(buffer.iter().take(take));
        if end == Some(take) {
            from.consume(take + 1);
            return Ok(Line::Whole);
        }
        from.consume(take);
        if line.len() >= most {
            return Ok(Line::TooLong);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_bounded() {
        let mut from = BufReader::with_capacity(3, &b"ab\n\nabcdefgh\nlast"[..]);
        let mut seen = Vec::new();
        let mut line = Vec::new();
        loop {
            let end = next_line(&mut from, 5, &mut line).await.unwrap();
            if end == Line::End {
                break;
            }
            seen.push((String::from_utf8(line.clone()).unwrap(), end == Line::Whole));
        }
        let seen: Vec<_> = seen
            .iter()
            .map(|(text, whole)| (text.as_str(), *whole))
            .collect();
        assert_eq!(
            seen,
            [
                ("ab", true),
                ("", true),
                ("abcde", false),
                ("fgh", true),
                ("last", true)
            ]
        );
    }
}
