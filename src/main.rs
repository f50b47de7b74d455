//! The `callboard` program: parse, choose a face, exit code.

mod demo;

use std::process::ExitCode;

use callboard::cli::{self, Choice, Request};
use callboard::config::{Environment, Home, Settings};
use callboard::daemon::{ServeOptions, close_inherited, serve};
use callboard::domain::Fault;
use callboard::tui;

fn main() -> ExitCode {
    let json;
    let ended = match cli::parse(std::env::args_os().collect()) {
        Choice::Ended(code) => return code,
        Choice::Command(request) => {
            json = request.json();
            command(request)
        }
        Choice::Interface { foreground, calm } => {
            json = false;
            interface(foreground, calm)
        }
        Choice::Demo => {
            json = false;
            practise()
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
    let code = runtime.block_on(cli::run(request, home, environment, tui::check_keys));
    // A question that was broken off leaves a thread behind that still reads.
    runtime.shutdown_background();
    Ok(code)
}

/// Opens the terminal interface. With `foreground` the board runs in this process
/// and ends with it; with `calm` nothing moves by itself.
fn interface(foreground: bool, calm: bool) -> Result<ExitCode, Fault> {
    let (home, environment) = surroundings()?;
    cli::refuse_dumb_terminal(&environment)?;
    let folder = std::env::current_dir().unwrap_or_else(|_| "/".into());
    let start = tui::Start {
        home: home.clone(),
        start: !foreground,
        calm,
        settings: Settings::load(&home, &environment)?,
        lesson: None,
    };
    let face = tui::run(start, tui::TerminalEnv::new(environment, folder));
    let runtime = runtime()?;
    let leave = if foreground {
        runtime.block_on(hosted(home, face))
    } else {
        runtime.block_on(face)
    };
    // A terminal that takes nothing any more must not hold the process.
    runtime.shutdown_background();
    leave.map(|_| ExitCode::SUCCESS)
}

/// Opens the terminal interface on practice servers.
fn practise() -> Result<ExitCode, Fault> {
    let runtime = runtime()?;
    let left = runtime.block_on(demo::run(Environment::of_this_process()));
    runtime.shutdown_background();
    left.map(|()| ExitCode::SUCCESS)
}

/// Runs the board beside the interface, and ends it when that is left.
async fn hosted(
    home: Home,
    face: impl Future<Output = Result<tui::Leave, Fault>>,
) -> Result<tui::Leave, Fault> {
    let options = ServeOptions::default();
    let end = options.end.clone();
    let board = serve(home, options, |_| {});
    tokio::pin!(board);
    let leave = tokio::select! {
        leave = face => leave,
        ended = &mut board => {
            return Err(match ended {
                Err(fault) => fault,
                Ok(()) => Fault::internal("the board ended before the interface"),
            });
        }
    };
    end.cancel();
    board.await?;
    leave
}

/// Runs the board in this process.
fn board(background: bool) -> Result<ExitCode, Fault> {
    if background {
        close_inherited();
    }
    let (home, environment) = surroundings()?;
    // A face that started it has said what is wrong with the settings.
    let settings = Settings::load(&home, &environment).ok();
    let options = ServeOptions {
        background,
        client_metadata_url: settings
            .as_ref()
            .and_then(Settings::client_metadata_url)
            .map(str::to_owned),
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
