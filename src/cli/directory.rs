//! `directory`: servers that are known, looked for, looked at and added.

mod add;
mod view;

use clap::{Args, Subcommand, ValueEnum};

use super::context::Context;
use super::nearest::nearest;
use super::report::Ending;
use super::secrets::AuthFlag;
use crate::domain::{AuthKind, Fault, FaultKind, Transport};
use crate::guard::sanitise;
use crate::link::Client;
use crate::protocol::{Directory, EntryView, SearchDirectory, ShowEntry};

/// How many ids a fault proposes.
const PROPOSED: u32 = 3;

/// Arguments of `directory`.
#[derive(Debug, Args)]
pub(super) struct DirectoryArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the servers that fit, the best first; all of them without words
    Search(SearchArgs),
    /// Show one server whole
    Show {
        /// The server, by its id or its title
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Add one as a connector
    Add(Box<add::EntryArgs>),
}

/// Arguments of `directory search`.
#[derive(Debug, Args)]
struct SearchArgs {
    /// Words or parts of them: title, publisher, id, description
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// Only those that authenticate like this, as their documentation says
    #[arg(long, value_enum)]
    auth: Option<AuthFilter>,
    /// Only those that are reached like this
    #[arg(long, value_enum)]
    transport: Option<TransportFilter>,
    /// Only those that are on the board already
    #[arg(long)]
    added: bool,
    /// Only those that are not
    #[arg(long, conflicts_with = "added")]
    not_added: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AuthFilter {
    None,
    Bearer,
    Basic,
    Header,
    Oauth,
}

impl From<AuthFilter> for AuthKind {
    fn from(filter: AuthFilter) -> Self {
        match filter {
            AuthFilter::None => Self::None,
            AuthFilter::Bearer => Self::Bearer,
            AuthFilter::Basic => Self::Basic,
            AuthFilter::Header => Self::Header,
            AuthFilter::Oauth => Self::Oauth,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TransportFilter {
    StreamableHttp,
    Sse,
}

impl From<TransportFilter> for Transport {
    fn from(filter: TransportFilter) -> Self {
        match filter {
            TransportFilter::StreamableHttp => Self::StreamableHttp,
            TransportFilter::Sse => Self::Sse,
        }
    }
}

pub(super) async fn run(context: &Context, args: DirectoryArgs) -> Ending {
    match args.action {
        Action::Search(args) => search(context, args).await,
        Action::Show { id } => show(context, &id).await,
        Action::Add(args) => add::run(context, *args).await,
    }
}

async fn search(context: &Context, args: SearchArgs) -> Ending {
    let client = context.board().await?;
    let search = SearchDirectory {
        words: args.words.join(" "),
        authentication: args.auth.map(Into::into),
        transport: args.transport.map(Into::into),
        added: (args.added || args.not_added).then_some(args.added),
        limit: None,
    };
    let found = client.send(&search).await?;
    if context.json() {
        context.output.document(&found)?;
        return Ok(0);
    }
    if found.is_empty() {
        context.terminal.say(
            "nothing in the directory fits; `callboard add NAME URL` adds a server by its address",
        );
        return Ok(0);
    }
    let table = view::table(&found, context.terminal.paint(), context.terminal.form());
    context
        .output
        .text(&table.lines(context.terminal.width()))?;
    Ok(0)
}

async fn show(context: &Context, id: &str) -> Ending {
    let client = context.board().await?;
    let found = entry(&client, id).await?;
    context
        .output
        .either(&found, || view::whole(&found, &context.terminal))?;
    Ok(0)
}

/// One entry, by its id or by a title that no other has; what none has comes back with
/// the nearest ids.
async fn entry(client: &Client, id: &str) -> Result<EntryView, Fault> {
    let answer = client.send(&ShowEntry { id: id.to_owned() }).await;
    let Err(fault) = answer else { return answer };
    // A board that knows no directory at all says *not found* too, with a hint.
    if fault.kind != FaultKind::NotFound || !fault.hints.is_empty() {
        return Err(fault);
    }
    let called = called(client, id).await;
    match called.as_slice() {
        [] => {}
        [one] => return client.send(&ShowEntry { id: one.clone() }).await,
        several => {
            let shown = sanitise::line(&id.into(), 60);
            let fault = Fault::not_found(format!("{} servers are called {shown}", several.len()));
            return Err(fault.hint(format!("say which by its id: {}", several.join(", "))));
        }
    }
    Err(match proposed(client, id).await {
        ids if ids.is_empty() => fault.hint("`callboard directory search WORDS` finds ids"),
        ids => fault.hint(format!("did you mean {}?", ids.join(" or "))),
    })
}

/// The ids of those that have this title, whatever the case.
async fn called(client: &Client, title: &str) -> Vec<String> {
    let Ok(all) = client.send(&Directory {}).await else {
        return Vec::new();
    };
    let title = title.trim().to_lowercase();
    all.entries
        .into_iter()
        .filter(|it| it.entry.title.raw().to_lowercase() == title)
        .map(|it| it.entry.id.into())
        .collect()
}

/// Ids that may have been meant: one that is spelt almost like it, or else those
/// that a search finds.
async fn proposed(client: &Client, id: &str) -> Vec<String> {
    let Ok(all) = client.send(&Directory {}).await else {
        return Vec::new();
    };
    let ids: Vec<&str> = all.entries.iter().map(|it| it.entry.id.as_str()).collect();
    if let Some(near) = nearest(id, &ids) {
        return vec![near.to_owned()];
    }
    let mut words: Vec<&str> = id
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !matches!(*word, "com" | "io" | "mcp" | "server"))
        .collect();
    words.truncate(4);
    if words.iter().all(|word| word.is_empty()) {
        return Vec::new();
    }
    let search = SearchDirectory {
        words: words.join(" "),
        limit: Some(PROPOSED),
        ..SearchDirectory::default()
    };
    let found = client.send(&search).await.unwrap_or_default();
    // A search finds letters with gaps too, which nobody meant by an id.
    let has_a_word = |it: &EntryView| {
        let (title, id) = (it.entry.title.raw().to_lowercase(), it.entry.id.as_str());
        words.iter().any(|word| {
            let word = word.to_lowercase();
            word.chars().count() > 2 && (title.contains(&word) || id.contains(&word))
        })
    };
    let found = found.into_iter().filter(has_a_word);
    found.map(|it| it.entry.id.into()).collect()
}

/// The flag that stands for a kind of authentication.
fn flag_of(kind: AuthKind) -> AuthFlag {
    match kind {
        AuthKind::None => AuthFlag::None,
        AuthKind::Bearer => AuthFlag::Bearer,
        AuthKind::Basic => AuthFlag::Basic,
        AuthKind::Header => AuthFlag::Header,
        AuthKind::Oauth => AuthFlag::Oauth,
        AuthKind::Unknown => AuthFlag::Auto,
    }
}
