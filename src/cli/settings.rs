//! `config`: where everything is, the settings in force, and changing one.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::context::Context;
use super::report::Ending;
use super::table::{Cell, Table};
use crate::config::{KeyKind, Setting, Settings, Source, set};
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
    let changed = match args.action {
        Some(Action::Set { key, value }) => {
            // A file that says something else than what it should is not written to.
            context.settings_and_keys()?;
            set(&context.home, &key, &value)?;
            Some((key, value))
        }
        None => None,
    };
    let settings = context.settings_and_keys()?;
    context
        .output
        .either(&document(context, &settings), || match &changed {
            Some((key, value)) => said(key, value, settings.all()),
            None => text(context, &settings),
        })?;
    Ok(0)
}

/// What a change has done; a variable that wins over it is named.
fn said(key: &str, value: &str, settings: &[Setting]) -> String {
    let mut text = format!("{key} = {value}");
    let overridden = settings
        .iter()
        .find(|setting| setting.key.name == key && setting.source == Source::Environment);
    if let Some(setting) = overridden {
        text.push_str(&format!(
            "\n{} is set in this terminal, and wins over the file: {}",
            setting.key.variable,
            setting.value.as_deref().unwrap_or_default()
        ));
    }
    text
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

fn document(context: &Context, settings: &Settings) -> Value {
    let places: serde_json::Map<String, Value> = places(context)
        .into_iter()
        .map(|(name, path)| (name.to_owned(), json!(path)))
        .collect();
    let keys = settings.keys().iter().map(|bound| {
        let keys: Vec<&str> = bound.keys.iter().map(|key| key.text.as_str()).collect();
        json!({
            "key": bound.name(),
            "value": keys,
            "source": Source::File.word(),
            "variable": null,
        })
    });
    let settings: Vec<Value> = settings
        .all()
        .iter()
        .map(|setting| {
            json!({
                "key": setting.key.name,
                "value": value(setting),
                "source": setting.source.word(),
                "variable": setting.key.variable,
            })
        })
        .chain(keys)
        .collect();
    json!({ "paths": places, "settings": settings })
}

/// The value as JSON has it: a switch is no text.
fn value(setting: &Setting) -> Value {
    match setting.key.kind {
        KeyKind::Switch => json!(setting.value.as_deref() == Some("true")),
        KeyKind::Word(_) | KeyKind::Address => json!(setting.value),
    }
}

fn text(context: &Context, settings: &Settings) -> String {
    let paint = context.terminal.paint();
    let mut where_ = Table::default();
    for (name, path) in places(context) {
        where_.row(vec![format!("{name}:").into(), path.into()]);
    }
    let mut table = Table::headed(&["KEY", "VALUE", "FROM", "VARIABLE"]);
    for setting in settings.all() {
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
    for bound in settings.keys() {
        let keys: Vec<&str> = bound.keys.iter().map(|key| key.text.as_str()).collect();
        table.row(vec![
            bound.name().into(),
            if keys.is_empty() {
                Cell::painted("no key", move |text| paint.faint(text))
            } else {
                keys.join(", ").into()
            },
            Source::File.word().into(),
            "".into(),
        ]);
    }
    let width = context.terminal.width();
    format!("{}\n{}", where_.lines(width), table.lines(width))
}
