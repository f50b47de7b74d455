//! Questions to whoever sits at the terminal.
//!
//! Callers look at [`Terminal::can_ask`] first: off a terminal nothing is asked.
//! Ctrl-c at any question breaks the command off.

use std::io::{self, Write};

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
        Ok(if read == 0 { None } else { Some(line) })
    });
    let line = tokio::select! {
        biased;
        _ = tokio::signal::ctrl_c() => return Err(Failure::Cancelled),
        read = read => read.map_err(|_| broken()).and_then(|read: io::Result<_>| read.map_err(|_| broken()))?,
    };
    match line {
        Some(line) => Ok(line.trim().to_owned()),
        // Ctrl-d: nobody answers.
        None => Err(Failure::Cancelled),
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
                        .hint("give the secret by a flag; `callboard add --help` lists them")
                        .into(),
                );
            }
            Err(_) => return Err(broken().into()),
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

fn stopped(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof
    )
}

fn broken() -> Fault {
    Fault::user("the terminal cannot be asked")
}
