//! What mends a fault, in keys: hints that name a command are for a shell, and here
//! a key does the same.

use crate::domain::Fault;

/// Words of a hint for a shell, and the hint that stands for it here.
const IN_KEYS: &[(&str, &str)] = &[
    ("`callboard unlock`", "U opens the vault"),
    (
        "`callboard enable ",
        "Space on the connector switches it on",
    ),
    (
        "`callboard edit ",
        "e on the connector changes it, r tries again",
    ),
    (
        "`callboard show ",
        "Enter on the connector says how it stands",
    ),
    ("`callboard refresh ", "r on the connector tries again"),
    (
        "`callboard always ",
        "a on the function lets it run as it is now",
    ),
    ("`callboard functions ", "f on the connector lists them"),
    (
        "`callboard ask ",
        "s on the function sets it to ask as it is now",
    ),
    ("`--trust`", "Space ticks the trust"),
    (
        "callboard add NAME --",
        "for a local program choose that kind at the top of a new form",
    ),
];

/// The hints of a fault as this interface gives them.
pub(super) fn hints(fault: &Fault) -> impl Iterator<Item = &str> {
    fault.hints.iter().map(|hint| {
        IN_KEYS
            .iter()
            .find(|(words, _)| hint.contains(words))
            .map_or(hint.as_str(), |(_, keys)| keys)
    })
}

/// Whether it would not have happened with the vault open.
pub(super) fn is_for_the_vault(fault: &Fault) -> bool {
    let mut hints = fault.hints.iter();
    hints.any(|hint| hint.contains("`callboard unlock`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_where_a_shell_would_have_a_command() {
        let fault = Fault::config("locked")
            .hint("run `callboard unlock`")
            .hint("wait for it, then try again");
        let hints: Vec<&str> = hints(&fault).collect();
        assert_eq!(hints, ["U opens the vault", "wait for it, then try again"]);
    }
}
