//! The `callboard` program: parse, choose a face, exit code.

use std::process::ExitCode;

use callboard::cli::{self, Choice, Request};
use callboard::config::{Environment, Home};
use callboard::daemon::{ServeOptions, close_inherited, serve};
use callboard::domain::Fault;

fn main() -> ExitCode {
    let json;
    let ended = match cli::parse(std::env::args_os().collect()) {
        Choice::Ended(code) => return code,
        Choice::Command(request) => {
            json = request.json();
            command(request)
        }
        Choice::Interface { foreground } => {
            json = false;
            interface(foreground)
        }
        Choice::Board { background } => {
            json = false;
            board(background)
        }
    };
    ended.unwrap_or_else(|fault| cli::complain(&fault, json))
}

/// Runs a command.
fn command(request: Request) -> Result<ExitCode, Fault> {
    let (home, environment) = surroundings()?;
    let runtime = runtime()?;
    let code = runtime.block_on(cli::run(request, home, environment));
    // A question that was broken off leaves a thread behind that still reads.
    runtime.shutdown_background();
    Ok(code)
}

/// Opens the terminal interface.
fn interface(_foreground: bool) -> Result<ExitCode, Fault> {
    surroundings()?;
    Err(Fault::internal("the terminal interface is not built in")
        .hint("`callboard --help` lists the commands"))
}

/// Runs the board in this process.
fn board(background: bool) -> Result<ExitCode, Fault> {
    if background {
        close_inherited();
    }
    let (home, _) = surroundings()?;
    let options = ServeOptions {
        background,
        ..ServeOptions::default()
    };
    runtime()?.block_on(serve(home, options, |record| {
        if !background {
            cli::say_serving(record);
        }
    }))?;
    Ok(ExitCode::SUCCESS)
}

fn surroundings() -> Result<(Home, Environment), Fault> {
    let environment = Environment::of_this_process();
    let home = Home::find(&environment)?;
    Ok((home, environment))
}

fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::internal(format!("cannot start: {error}")))
}
