//! The table of commands.

use clap::{Parser, Subcommand};

use super::{
    add, board, call, change, connectors, detect, directory, functions, generate, log, permission,
    prompts, resources, settings, sign_in, vault, watch,
};

/// A terminal board for MCP connectors: connect servers, read what their functions
/// do, and decide what may run.
///
/// Without a command it opens the terminal interface. The board itself runs in the
/// background and outlives the terminal; any command starts it where none runs.
#[derive(Debug, Parser)]
#[command(
    name = "callboard",
    version,
    max_term_width = 100,
    after_help = "\
Exit codes: 0 done · 1 the server or the network failed, or a function answered with an error ·
2 wrong usage · 3 sign-in needed · 4 denied or blocked · 5 no such connector, function, resource or
prompt · 6 configuration or storage · 7 not a working MCP server · 70 a fault of callboard's own."
)]
pub(super) struct CommandLine {
    /// Print one JSON document, or JSON Lines where the command streams
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Host the board in this process, and end it with the interface
    #[arg(long)]
    pub(super) foreground: bool,
    /// Let nothing move by itself on the screen of the interface
    #[arg(long)]
    pub(super) calm: bool,
    /// Without a command: say how the board fares and ask its questions line by line
    #[arg(long)]
    pub(super) plain: bool,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Every command, in the order of the help.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Try callboard on practice servers, with nothing to set up and no network
    Demo,
    /// Find out what stands behind a URL: transport, protocol, authentication
    Detect(detect::DetectArgs),
    /// Add a connector: a server on the network, or a local program after `--`
    Add(add::AddArgs),
    /// Find servers that are known, and add one of them
    Directory(directory::DirectoryArgs),
    /// List the connectors
    List,
    /// Show one connector whole
    Show(connectors::Name),
    /// Change a connector
    Edit(change::EditArgs),
    /// Give a connector another name
    Rename(change::RenameArgs),
    /// Forget a connector, its secrets and its permissions
    Remove(change::RemoveArgs),
    /// Switch a connector on and connect it
    Enable(connectors::Name),
    /// Switch a connector off
    Disable(connectors::Name),
    /// Connect anew and list the functions again
    Refresh(connectors::Name),
    /// Sign in to a connector's server, or finish a sign-in that waits
    Login(sign_in::LoginArgs),
    /// Sign out: the server takes the tokens back, and they are forgotten
    Logout(connectors::Name),
    /// List the functions of a connector
    Functions(connectors::Name),
    /// Show one function whole: schema, permission, last calls
    Function(functions::FunctionArgs),
    /// Let functions run without asking
    Always(permission::PermitArgs),
    /// Let functions run when somebody says yes each time
    Ask(permission::PermitArgs),
    /// Never let functions run
    Block(permission::PermitArgs),
    /// Run a function
    Call(call::CallArgs),
    /// Answer what servers ask, line by line as it comes
    Watch(watch::WatchArgs),
    /// Take back the last change of a permission, an enabling or a removal
    Undo,
    /// List what a connector offers to be read, or read one of it
    Resources(resources::ResourcesArgs),
    /// List the prompts of a connector, or have one filled in
    Prompts(prompts::PromptsArgs),
    /// Show calls and decisions
    Log(log::LogArgs),
    /// Say whether the board is up and how it fares
    Status,
    /// End the board
    Stop,
    /// Run the board in this process
    Serve(board::ServeArgs),
    /// Open the vault
    Unlock(vault::UnlockArgs),
    /// Close the vault
    Lock,
    /// Look for what is wrong and say what mends it
    Doctor,
    /// Show where everything is and the settings in force, or change one
    Config(settings::ConfigArgs),
    /// Print completions for a shell
    Completions(generate::CompletionsArgs),
    /// Print the manual page
    Man(generate::ManArgs),
}
