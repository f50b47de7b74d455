//! The command line.
//!
//! Every command is one file: its arguments, what it asks the board, and how the
//! answer looks. From the arguments clap makes the help, the completions and the
//! manual, so these never differ. Results go to stdout and everything else to
//! stderr; `docs/cli.md` is the contract that scripts rely on.
//!
//! This module decides nothing about connectors or permissions: the board does.

mod add;
mod args;
mod ask;
mod board;
mod call;
mod change;
mod connectors;
mod context;
mod destination;
mod detect;
mod directory;
mod doctor;
#[cfg(test)]
mod example;
mod functions;
mod generate;
mod log;
mod moment;
mod nearest;
mod operation;
mod output;
mod permission;
mod pieces;
mod prompts;
mod question;
mod report;
mod resources;
mod secrets;
mod settings;
mod sign_in;
mod table;
mod terminal;
mod undo;
mod vault;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};

use args::{Command, CommandLine};
pub use context::CheckKeys;
use context::Context;
use output::Output;
use report::{Ending, Failure};
use terminal::Terminal;

use crate::config::{Environment, Home};
use crate::domain::Fault;
use crate::protocol::BoardRecord;

/// What the words on the command line ask for.
#[derive(Debug)]
pub enum Choice {
    /// The terminal interface.
    Interface {
        /// Whether this process is to host the board too.
        foreground: bool,
        /// Whether nothing is to move by itself, whatever the settings say.
        calm: bool,
    },
    /// The terminal interface on a board to practise on.
    Demo,
    /// The board, in this process.
    Board {
        /// Whether a face started it: it then leaves the terminal.
        background: bool,
    },
    /// A command; [`run`] runs it.
    Command(Request),
    /// Nothing is left to do.
    Ended(ExitCode),
}

/// A command with its arguments.
#[derive(Debug)]
pub struct Request {
    command: Box<Command>,
    json: bool,
}

impl Request {
    /// Whether the result, and a fault, are for a script.
    pub fn json(&self) -> bool {
        self.json
    }
}

/// Reads the words of a command line, the program's own name first. Help, version
/// and what was typed wrong are answered here.
pub fn parse(words: Vec<OsString>) -> Choice {
    let json = wants_json(&words);
    let command = command_of(&words);
    let parsed = match CommandLine::try_parse_from(words) {
        Ok(parsed) => parsed,
        Err(error) => return Choice::Ended(answer(&error, command.as_deref(), json)),
    };
    let json = parsed.json;
    match parsed.command {
        None if json => {
            let fault =
                Fault::user("--json needs a command").hint("`callboard --help` lists the commands");
            Choice::Ended(complain(&fault, true))
        }
        None if parsed.plain && parsed.foreground => {
            let fault = Fault::user("--foreground goes with the terminal interface alone")
                .hint("`callboard --plain` uses the board in the background");
            Choice::Ended(complain(&fault, json))
        }
        None if parsed.plain => Choice::Command(Request {
            command: Box::new(Command::Watch(watch::WatchArgs { plain: true })),
            json,
        }),
        None => Choice::Interface {
            foreground: parsed.foreground,
            calm: parsed.calm,
        },
        Some(_) if parsed.plain => {
            let fault = Fault::user("--plain goes without a command")
                .hint("commands are plain by themselves; `callboard watch` asks questions");
            Choice::Ended(complain(&fault, json))
        }
        Some(_) if parsed.foreground => {
            let fault = Fault::user("--foreground goes with the terminal interface alone")
                .hint("`callboard serve` runs the board in this process");
            Choice::Ended(complain(&fault, json))
        }
        Some(_) if parsed.calm => {
            let fault = Fault::user("--calm goes with the terminal interface alone")
                .hint("leave it out: nothing moves where a command prints");
            Choice::Ended(complain(&fault, json))
        }
        Some(Command::Demo) if json => {
            let fault = Fault::user("the demo is for people: it has no --json")
                .hint("a board for scripts is any with CALLBOARD_HOME set to a folder of its own");
            Choice::Ended(complain(&fault, true))
        }
        Some(Command::Demo) => Choice::Demo,
        Some(Command::Serve(serve)) => Choice::Board {
            background: serve.background,
        },
        Some(command) => Choice::Command(Request {
            command: Box::new(command),
            json,
        }),
    }
}

/// Runs a command and says how it ended. What the settings say of keys `check_keys`
/// judges, for the interface.
pub async fn run(
    request: Request,
    home: Home,
    environment: Environment,
    check_keys: CheckKeys,
) -> ExitCode {
    let terminal = Terminal::of_this_process(&environment);
    let context = Context {
        home,
        environment,
        terminal,
        output: Output::new(request.json),
        check_keys,
    };
    let json = request.json;
    // What follows or watches has no other end than being broken off.
    let endless = match &*request.command {
        Command::Log(args) => args.follow,
        Command::Resources(args) => args.follow,
        command => matches!(command, Command::Watch(_)),
    };
    let ended = tokio::select! {
        // First, so that the signals are listened to before anything is asked.
        biased;
        () = broken_off() => {
            context.terminal.progress("");
            if endless { Ok(0) } else { Err(Failure::Cancelled) }
        }
        ended = perform(&context, *request.command) => ended,
    };
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(failure) => report::failure(&failure, json),
    }
}

/// Waits for Ctrl-c or SIGTERM. Dropping what runs then cancels it at the board and
/// gives the terminal back as it was.
async fn broken_off() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            // Then SIGTERM ends the process as it always does.
            Err(_) => std::future::pending().await,
        }
    };
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        _ = terminated => {}
        () = interrupted => {}
    }
}

async fn perform(context: &Context, command: Command) -> Ending {
    match command {
        Command::Add(args) => add::run(context, args).await,
        Command::Always(args) => permission::always(context, args).await,
        Command::Ask(args) => permission::ask(context, args).await,
        Command::Block(args) => permission::block(context, args).await,
        Command::Call(args) => call::run(context, args).await,
        Command::Completions(args) => generate::completions(context, &args),
        Command::Config(args) => settings::run(context, args),
        Command::Detect(args) => detect::run(context, args).await,
        Command::Directory(args) => directory::run(context, args).await,
        Command::Disable(args) => change::disable(context, args).await,
        Command::Doctor => doctor::run(context).await,
        Command::Edit(args) => change::edit(context, args).await,
        Command::Enable(args) => change::enable(context, args).await,
        Command::Function(args) => functions::one(context, args).await,
        Command::Functions(args) => functions::all(context, args).await,
        Command::List => connectors::list(context).await,
        Command::Lock => vault::lock(context).await,
        Command::Log(args) => log::run(context, args).await,
        Command::Login(args) => sign_in::login(context, args).await,
        Command::Logout(args) => sign_in::logout(context, args).await,
        Command::Man(args) => generate::man(context, &args),
        Command::Prompts(args) => prompts::run(context, args).await,
        Command::Refresh(args) => change::refresh(context, args).await,
        Command::Remove(args) => change::remove(context, args).await,
        Command::Rename(args) => change::rename(context, args).await,
        Command::Resources(args) => resources::run(context, args).await,
        Command::Show(args) => connectors::show(context, args).await,
        Command::Status => board::status(context).await,
        Command::Stop => board::stop(context).await,
        Command::Undo => undo::run(context).await,
        Command::Unlock(args) => vault::unlock(context, &args).await,
        Command::Watch(args) => watch::run(context, args).await,
        // `parse` has made a choice of its own of it.
        Command::Serve(_) | Command::Demo => {
            Err(Fault::internal("this is not a command of a face").into())
        }
    }
}

/// Refuses the interface where the terminal says of itself that it can do nothing.
///
/// # Errors
/// `user`, with the command that does the same in lines.
pub fn refuse_dumb_terminal(environment: &Environment) -> Result<(), Fault> {
    watch::refuse_dumb(environment.get("TERM"))
}

/// Says a fault that happened outside of any command.
pub fn complain(fault: &Fault, json: bool) -> ExitCode {
    report::failure(&Failure::Fault(fault.clone()), json)
}

/// Says that a board in this process listens, and where.
pub fn say_serving(record: &BoardRecord) {
    let terminal = Terminal::of_this_process(&Environment::of_this_process());
    terminal.say(&format!(
        "the board, process {}, listens on {}; Ctrl-c ends it",
        record.pid, record.socket
    ));
}

/// What clap has to say: help and version on stdout, a fault as any other.
fn answer(error: &clap::Error, command: Option<&str>, json: bool) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match error.print() {
            Err(failed) => report::failure(&Failure::from(failed), json),
            Ok(()) => ExitCode::SUCCESS,
        },
        _ => complain(&report::usage(error, command), json),
    }
}

/// The command that is meant, for faults that come before the words are understood.
fn command_of(words: &[OsString]) -> Option<String> {
    let mut plain = words.iter().skip(1).filter_map(|word| word.to_str());
    let name = plain.find(|word| !word.starts_with('-'))?;
    let whole = CommandLine::command();
    whole
        .find_subcommand(name)
        .map(|it| it.get_name().to_owned())
}

/// Whether `--json` stands among the words, for faults that come before these are
/// understood. What follows `--` belongs to a program.
fn wants_json(words: &[OsString]) -> bool {
    words
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| word == "--json")
}

#[cfg(test)]
mod tests;
