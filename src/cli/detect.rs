//! `detect`: what stands behind a URL.

use std::fmt::Write;

use clap::Args;

use super::add::ReachFlags;
use super::connectors::oauth;
use super::context::Context;
use super::operation::{evidence_lines, evidence_list};
use super::report::Ending;
use super::table::Table;
use super::terminal::Terminal;
use crate::domain::{Confidence, ConnectionOptions, Detection, Evidence, Fault};
use crate::guard::sanitise;
use crate::link::Client;
use crate::protocol::Detect;

/// Arguments of `detect`.
#[derive(Debug, Args)]
pub(super) struct DetectArgs {
    /// The URL of the server
    #[arg(value_name = "URL")]
    url: String,
    #[command(flatten)]
    reach: ReachFlags,
}

pub(super) async fn run(context: &Context, args: DetectArgs) -> Ending {
    let options = args.reach.options()?;
    let client = context.board().await?;
    // On stdout the evidence comes with the rest; on the way, a line of a terminal
    // says how far it is.
    let detect = Detect {
        url: args.url,
        options,
    };
    let mut on_step = |step: Evidence| {
        if !context.json() {
            context.terminal.progress(&format!("  … {}", step.request));
        }
    };
    let found = client.run(&detect, &mut on_step).await;
    if !context.json() {
        context.terminal.progress("");
    }
    let found = found?;
    context
        .output
        .either(&found, || text(&found, &context.terminal))?;
    Ok(0)
}

/// Detects before an addition, each piece of evidence on stderr as it comes.
pub(super) async fn look(
    context: &Context,
    client: &Client,
    url: &str,
    options: &ConnectionOptions,
) -> Result<Detection, Fault> {
    let detect = Detect {
        url: url.to_owned(),
        options: options.clone(),
    };
    let mut on_step = |step: Evidence| {
        if !context.json() && context.terminal.shows_progress() {
            context
                .terminal
                .say(&evidence_lines(&step, context.terminal.width()));
        }
    };
    client.run(&detect, &mut on_step).await
}

fn text(found: &Detection, terminal: &Terminal) -> String {
    let form = terminal.form();
    let mut table = Table::default();
    let mut line = |name: &str, value: String| {
        table.row(vec![format!("{name}:").into(), value.into()]);
    };
    line("url", found.url.clone());
    line(
        "transport",
        found.transport.map_or("unknown", |t| t.word()).to_owned(),
    );
    line(
        "protocol",
        found
            .protocol
            .as_deref()
            .map_or("unknown".to_owned(), |version| format!("MCP {version}")),
    );
    line(
        "authentication",
        format!("{}, {}", found.auth.title(), sure(found)),
    );
    if let Some(needs) = &found.oauth {
        line("sign-in", oauth(needs, form));
    }
    if let Some(server) = &found.server {
        line(
            "server",
            format!(
                "\"{}\" \"{}\"",
                sanitise::line_as(&server.name, 100, form),
                sanitise::line_as(&server.version, 100, form)
            ),
        );
    }
    let mut text = table.lines(terminal.width());
    if !found.evidence.is_empty() {
        // Writing to a string has no way to fail.
        let _ = writeln!(text, "evidence:");
        text.push_str(&evidence_list(&found.evidence, terminal.width()));
    }
    text
}

fn sure(found: &Detection) -> &'static str {
    match found.confidence {
        Confidence::Certain => "certain",
        Confidence::Likely => "likely",
        Confidence::Guess => "a guess",
    }
}
