//! `docs/keys.md`, made from the table of actions.

use crate::tui::action::{ACTIONS, Context};
use crate::tui::keymap;

/// Places in the order of the page, each with what it is called there.
const PLACES: &[(Context, &str)] = &[
    (Context::Global, "Everywhere"),
    (Context::Tabs, "Wherever tabs can be changed"),
    (Context::Panes, "Between panes and fields"),
    (Context::List, "In any list"),
    (Context::Scroll, "In any text that scrolls"),
    (Context::Connectors, "In the list of connectors"),
    (
        Context::ConnectorKeys,
        "On a connector, in the list or in its details",
    ),
    (
        Context::ConnectorDetails,
        "In the details of a connector, whichever of them is shown",
    ),
    (
        Context::ConnectorText,
        "In its overview, and in how it signs in",
    ),
    (
        Context::ConnectorRows,
        "In the list of its functions, of its prompts and resources, of its history",
    ),
    (Context::Offers, "On a prompt or a resource in the list"),
    (
        Context::OfferForm,
        "In what a prompt or an address is filled in with",
    ),
    (
        Context::Reading,
        "On a resource that was read, or a prompt that was filled in",
    ),
    (Context::Details, "In the details of something"),
    (Context::Form, "In a field of the form"),
    (
        Context::FormIdle,
        "In the form, once Esc has left the field",
    ),
    (Context::Directory, "In the directory"),
    (Context::Activity, "In the calls and decisions"),
    (Context::Picker, "In the choice of a connector"),
    (Context::Functions, "In the list of functions"),
    (
        Context::FunctionKeys,
        "On a function, in the list or in its details",
    ),
    (Context::Filter, "In the filter"),
    (Context::Arguments, "In the arguments"),
    (Context::Outcome, "On a result"),
    (Context::SavePath, "In the name of a file"),
    (Context::Dock, "In any prompt"),
    (Context::DockVault, "In the choice of a vault"),
    (Context::DockPassphrase, "In a passphrase"),
    (Context::DockRemove, "Before a connector is removed"),
    (Context::DockCall, "Before a function runs"),
    (Context::Help, "In the list of keys"),
];

fn page() -> String {
    let mut page = String::from(
        "# Keys\n\nMade from the table of actions that the interface itself reads \
         (`src/tui/action/table.rs`). `?` lists the keys of the place where you are; \
         while something is typed, `F1` does.\n",
    );
    for (context, title) in PLACES {
        page.push_str(&format!(
            "\n## {title}\n\n| Keys | What they do |\n|---|---|\n"
        ));
        for spec in ACTIONS
            .iter()
            .filter(|spec| spec.contexts.contains(context))
        {
            let keys = keymap::shown_keys(spec);
            let keys: Vec<String> = keys.split(' ').map(|key| format!("`{key}`")).collect();
            let keys = keys.join(" ");
            page.push_str(&format!("| {keys} | {} |\n", spec.doc));
        }
    }
    page
}

#[test]
fn the_page_of_keys_is_the_one_that_the_table_makes() {
    if std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
        std::fs::write(path, page()).unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(written, page(), "INSTA_UPDATE=always writes it anew");
}

#[test]
fn every_place_of_the_table_is_on_the_page() {
    for spec in ACTIONS {
        for context in spec.contexts {
            let known = PLACES.iter().any(|(place, _)| place == context);
            assert!(known, "{} counts in {context:?}", spec.name);
        }
    }
}
