//! `completions` and `man`, from the table of commands.

use clap::{Args, Command, CommandFactory, ValueEnum};
use clap_complete::Shell as Completer;
use clap_mangen::Man;

use super::args::CommandLine;
use super::context::Context;
use super::nearest::nearest;
use super::report::Ending;
use crate::domain::Fault;

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// The shells there are completions for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shell {
    /// Put it in ~/.local/share/bash-completion/completions/callboard
    Bash,
    /// Put it as _callboard in a folder of $fpath
    Zsh,
    /// Put it in ~/.config/fish/completions/callboard.fish
    Fish,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The page of this command instead of the first one
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn completions(context: &Context, args: &CompletionsArgs) -> Ending {
    let shell = match args.shell {
        Shell::Bash => Completer::Bash,
        Shell::Zsh => Completer::Zsh,
        Shell::Fish => Completer::Fish,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut CommandLine::command(), "callboard", &mut script);
    context.output.bytes(&script)?;
    Ok(0)
}

pub(super) fn man(context: &Context, args: &ManArgs) -> Ending {
    let mut page = Vec::new();
    Man::new(page_of(args.command.as_deref())?)
        .render(&mut page)
        .map_err(|error| Fault::internal(format!("cannot make the page: {error}")))?;
    context.output.bytes(&page)?;
    Ok(0)
}

/// The command that a page is about.
fn page_of(name: Option<&str>) -> Result<Command, Fault> {
    let mut whole = CommandLine::command().disable_help_flag(true);
    whole.build();
    let Some(name) = name else { return Ok(whole) };
    let names: Vec<&str> = whole.get_subcommands().map(Command::get_name).collect();
    match whole.find_subcommand(name) {
        // Built, it calls itself `callboard-NAME`.
        Some(command) => Ok(command.clone()),
        None => {
            let fault = Fault::user(format!("there is no command {name:?}"));
            Err(match nearest(name, &names) {
                Some(near) => fault.hint(format!("did you mean {near}?")),
                None => fault.hint("`callboard --help` lists the commands"),
            })
        }
    }
}
