//! Questions to whoever sits at the terminal, and what comes on stdin.
//!
//! Callers look at [`Terminal::can_ask`] first: off a terminal nothing is asked.
//! Reading happens on a thread of its own, so that Ctrl-c breaks the command off at
//! any moment.

use std::io::{self, BufRead, Read, Write};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use super::report::Failure;
use super::terminal::Terminal;
use crate::domain::{Fault, Secret};

/// Asks for a line.
pub(super) async fn line(question: &str) -> Result<String, Failure> {
    let question = format!("{question} ");
    let read = tokio::task::spawn_blocking(move || {
        let mut stderr = io::stderr().lock();
        stderr.write_all(question.as_bytes())?;
        stderr.flush()?;
        drop(stderr);
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line)?;
        Ok::<_, io::Error>((read > 0).then_some(line))
    });
    match read.await {
        Ok(Ok(Some(line))) => Ok(line.trim().to_owned()),
        // Ctrl-d: nobody answers.
        Ok(Ok(None)) => Err(Failure::Cancelled),
        Ok(Err(_)) | Err(_) => Err(Fault::user("the terminal cannot be asked").into()),
    }
}

/// Asks a question that is answered by *no* unless somebody types `y`.
pub(super) async fn yes(terminal: &Terminal, question: &str) -> Result<bool, Failure> {
    // What was typed before the question could be read is no answer to it.
    terminal.forget_typed();
    let answer = line(&format!("{question} [y/N]")).await?;
    Ok(answer == "y")
}

/// Asks for a secret; nothing of it is seen. An empty one is asked for again.
pub(super) async fn secret(question: &str) -> Result<Secret, Failure> {
    let _kept = TerminalAsItWas::now();
    loop {
        let prompt = format!("{question}: ");
        let read = tokio::task::spawn_blocking(move || rpassword::prompt_password(prompt));
        match read.await {
            Ok(Ok(text)) if text.is_empty() => {}
            Ok(Ok(text)) => return Ok(Secret::new(text)),
            Ok(Err(error)) if stopped(&error) => return Err(Failure::Cancelled),
            Ok(Err(error)) => {
                return Err(
                    Fault::user(format!("the terminal cannot be asked: {error}"))
                        .hint("a flag can bring the secret; --help lists them")
                        .into(),
                );
            }
            Err(_) => return Err(Fault::user("the terminal cannot be asked").into()),
        }
    }
}

/// Asks for a new passphrase, twice.
pub(super) async fn new_passphrase(terminal: &Terminal) -> Result<Secret, Failure> {
    loop {
        let first = secret("New passphrase for the vault").await?;
        let second = secret("The same again").await?;
        if first == second {
            return Ok(first);
        }
        terminal.say("the two differ; once more");
    }
}

/// All of stdin, at most so many bytes.
pub(super) async fn stdin(limit: u64) -> Result<Vec<u8>, Fault> {
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(bytes)
    });
    match read.await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(Fault::user(format!("cannot read stdin: {error}"))),
        Err(_) => Err(Fault::user("cannot read stdin")),
    }
}

/// The first line of standard input, which need not have ended; at most so many bytes.
///
/// # Errors
/// Where it cannot be read, or holds something other than text.
pub(super) async fn stdin_line(limit: u64) -> Result<String, Fault> {
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .take(limit)
            .read_until(b'\n', &mut bytes)?;
        Ok::<_, io::Error>(bytes)
    });
    let bytes = match read.await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return Err(Fault::user(format!("cannot read stdin: {error}"))),
        Err(_) => return Err(Fault::user("cannot read stdin")),
    };
    String::from_utf8(bytes).map_err(|_| Fault::user("what is on stdin is not UTF-8"))
}

fn stopped(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof
    )
}

/// Gives the terminal back as it was, whenever a question for a secret is dropped:
/// its thread may be raising a signal, or never get to it.
struct TerminalAsItWas(Option<Termios>);

impl TerminalAsItWas {
    fn now() -> Self {
        Self(tcgetattr(io::stdin()).ok())
    }
}

impl Drop for TerminalAsItWas {
    fn drop(&mut self) {
        if let Some(state) = &self.0 {
            // A terminal that is gone needs nothing back.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, state);
        }
    }
}
