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
## `[keys]`

The keys of the interface. [keys.md](keys.md) has every action by its name, every place by its name, and
the keys as they are where nothing is said:

```toml
[keys]
reconnect = \"f5\"                # in place of r, wherever it counts
page-down = [\"pgdn\", \"ctrl-v\"]  # several keys; the first is the one that is shown
mark = []                       # none; the palette (:) finds it all the same

[keys.functions]                # in one place only
back = [\"esc\", \"backspace\"]
```

What is said replaces the keys that an action has. Keys are written as they are shown: `r`, `R`, `5`,
`ctrl-r`, `alt-enter`, `shift-tab`, `space`, `pgup`, `f5`. Footer, help and palette show the keys in force.

callboard refuses, with line, column and what mends it: an action, a place or a key that there is not; a
key that terminals cannot send; a key that would do two things in one place, or that a field there would
take; an action of the way out (`help`, `quit`, `cancel`, `deny-call`, `prompt-back`) without a key; and
Enter, Esc, Space and their like for what permits a call or a removal. The interface then does not open,
and ends with exit code 6, as it does with any other setting; `callboard config` and `callboard doctor`
check the keys as well. There is no variable for them.

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
