//! `docs/configuration.md`, made from the table of keys.

use std::fmt::Write;

use super::KEYS;

const HEAD: &str = "\
# Configuration

The settings are in `config.toml`; `callboard config` says where that is and what is in force, and
`callboard config set KEY VALUE` changes it. A variable of the environment wins over the file. A file
that is not understood is never written over: callboard names the line and the column, and ends with
exit code 6.

This page is made from the table in `src/config/settings.rs`; a test compares the two.

| key | takes | default | variable |
|---|---|---|---|
";

const TAIL: &str = "
## Variables that are no settings

- `CALLBOARD_HOME`: a folder, from the root, that holds everything of one board: configuration, data,
  state, secrets and sockets. For tests, and for a second board.
- `CALLBOARD_PASSPHRASE_FILE`: a file with the vault's passphrase on its first line, read where no
  terminal can be asked.
- `CALLBOARD_BOARD`: refused: it is to name a shared board, and this callboard knows none.
- `NO_COLOR`: if it is set, nothing is coloured.
- `VISUAL`, `EDITOR`: the editor that `e` opens arguments in; the first that is set counts. Its words
  are split as a shell splits them, and no shell runs it.
";

/// The text of `docs/configuration.md`.
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    for key in KEYS {
        let default = key.default.unwrap_or("not set");
        // Writing to a string has no way to fail.
        let _ = writeln!(
            page,
            "| `{}` | {} | {default} | `{}` |",
            key.name,
            key.kind.allowed(),
            key.variable
        );
    }
    for key in KEYS {
        let _ = write!(page, "\n## `{}`\n\n{}\n", key.name, key.doc);
    }
    page.push_str(TAIL);
    page
}
