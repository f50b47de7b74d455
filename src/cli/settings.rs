//! `config`: where everything is, the settings in force, and changing one.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::context::Context;
use super::report::Ending;
use super::table::{Cell, Table};
use crate::config::{Setting, set};
use crate::protocol::PROTOCOL_VERSION;

/// Arguments of `config`.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Change a setting in the file
    Set {
        /// Which
        #[arg(value_name = "KEY")]
        key: String,
        /// What it is from now on
        #[arg(value_name = "VALUE")]
        value: String,
    },
}

pub(super) fn run(context: &Context, args: ConfigArgs) -> Ending {
    if let Some(Action::Set { key, value }) = args.action {
        set(&context.home, &key, &value)?;
    }
    let settings = context.settings()?;
    context
        .output
        .either(&document(context, settings.all()), || {
            text(context, settings.all())
        })?;
    Ok(0)
}

/// Every place with its name.
fn places(context: &Context) -> Vec<(&'static str, String)> {
    let home = &context.home;
    let shown = |path: &std::path::Path| path.display().to_string();
    vec![
        ("settings", shown(&home.config_file())),
        ("database", shown(&home.database())),
        ("secrets", shown(&home.secrets)),
        ("log", shown(&home.log_file())),
        ("lock", shown(&home.lock_file())),
        ("socket", shown(&home.socket(PROTOCOL_VERSION))),
    ]
}

fn document(context: &Context, settings: &[Setting]) -> Value {
    let places: serde_json::Map<String, Value> = places(context)
        .into_iter()
        .map(|(name, path)| (name.to_owned(), json!(path)))
        .collect();
    let settings: Vec<Value> = settings
        .iter()
        .map(|setting| {
            json!({
                "key": setting.key.name,
                "value": setting.value,
                "source": setting.source.word(),
                "variable": setting.key.variable,
            })
        })
        .collect();
    json!({ "paths": places, "settings": settings })
}

fn text(context: &Context, settings: &[Setting]) -> String {
    let paint = context.terminal.paint();
    let mut where_ = Table::default();
    for (name, path) in places(context) {
        where_.row(vec![format!("{name}:").into(), path.into()]);
    }
    let mut table = Table::headed(&["KEY", "VALUE", "FROM", "VARIABLE"]);
    for setting in settings {
        table.row(vec![
            setting.key.name.into(),
            match &setting.value {
                Some(value) => value.clone().into(),
                None => Cell::painted("not set", move |text| paint.faint(text)),
            },
            setting.source.word().into(),
            setting.key.variable.into(),
        ]);
    }
    let width = context.terminal.width();
    format!("{}\n{}", where_.lines(width), table.lines(width))
}
