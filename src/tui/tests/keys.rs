//! `docs/keys.md`, made from the table of actions.

use crate::tui::action::{ACTIONS, PLACES};
use crate::tui::keymap::Keymap;

fn page() -> String {
    let mut page = String::from(
        "# Keys\n\nMade from the table of actions that the interface itself reads \
         (`src/tui/action/table.rs`). `?` lists the keys of the place where you are; \
         while something is typed, `F1` does. `:` finds any of them by a few letters; while \
         something is typed, `Alt-x` does.\n\nAny of them can be bound to other keys: \
         [configuration.md](configuration.md#keys) says how, the last column has the names. \
         The name behind a heading is that of the place.\n\nWith the mouse a click chooses and a \
         second one opens; the wheel scrolls what is under it; tabs, fields and the keys in the last \
         line can be clicked. A click never answers a question.\n",
    );
    let keymap = Keymap::of_the_table();
    for place in PLACES {
        page.push_str(&format!(
            "\n## {} (`{}`)\n\n| Keys | What they do | Name |\n|---|---|---|\n",
            place.title, place.name
        ));
        for spec in ACTIONS
            .iter()
            .filter(|spec| spec.contexts.contains(&place.context))
        {
            let keys = keymap.keys_in(place.context, spec.action);
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            let keys = keys.join(" ");
            page.push_str(&format!("| {keys} | {} | `{}` |\n", spec.doc, spec.name));
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
