//! What mends a fault, in keys: hints that name a command are for a shell, and here
//! a key does the same.

use super::model::Model;
use crate::domain::Fault;

/// Words of a hint for a shell, and the hint that stands for it here.
const IN_KEYS: &[(&str, &str)] = &[
    ("`callboard unlock`", "{unlock} opens the vault"),
    (OF_THE_BOARD, "{start-board} starts it"),
    (
        "`callboard enable ",
        "{toggle} on the connector switches it on",
    ),
    (
        "`callboard edit ",
        "{edit} on the connector changes it, {reconnect} tries again",
    ),
    ("callboard login ", "{sign-in} on the connector signs in"),
    (
        "`callboard show ",
        "{open} on the connector says how it stands",
    ),
    (
        "`callboard refresh ",
        "{reconnect} on the connector tries again",
    ),
    (
        "`callboard always ",
        "{always} on the function lets it run as it is now",
    ),
    (
        "`callboard functions ",
        "{show-functions} on the connector lists them",
    ),
    (
        "`callboard ask ",
        "{ask} on the function sets it to ask as it is now",
    ),
    (
        "you said no to it",
        "you said no to it; {edit} on the connector takes scopes, under Sign-in, and {sign-in} asks",
    ),
    (
        "--client-id",
        "register a client with the provider; {edit} on the connector takes its id and secret, \
         under Sign-in",
    ),
    (
        "--client-secret-stdin",
        "{edit} on the connector takes it, under Sign-in",
    ),
    (
        "--scope",
        "{edit} on the connector takes other scopes, under Sign-in",
    ),
    (
        "--allow-no-pkce",
        "to accept it for this connector: {edit} on it, under Sign-in",
    ),
    (
        "--redirect-url",
        "give one such as http://127.0.0.1:41763/callback: {edit} on the connector, under Sign-in",
    ),
    (
        "--callback-port",
        "end what listens there, or choose another port: {edit} on the connector, under Sign-in",
    ),
    (
        "--issuer",
        "{edit} on the connector takes the one to use, under Sign-in",
    ),
    ("`--trust`", "Space ticks the trust"),
    (
        "callboard add NAME --",
        "for a local program choose that kind at the top of a new form",
    ),
];

/// What every hint that follows from the board's being gone names.
const OF_THE_BOARD: &str = "`callboard status`";

/// The hints of a fault as this interface gives them, with the keys in force.
pub(super) fn hints(model: &Model, fault: &Fault) -> impl Iterator<Item = String> {
    fault.hints.iter().map(|hint| {
        let known = IN_KEYS.iter().find(|(words, _)| hint.contains(words));
        model.words(known.map_or(hint.as_str(), |(_, keys)| keys))
    })
}

/// Whether it would not have happened with the vault open.
pub(super) fn is_for_the_vault(fault: &Fault) -> bool {
    let mut hints = fault.hints.iter();
    hints.any(|hint| hint.contains("`callboard unlock`"))
}

/// Whether it happened because no board answers.
pub(super) fn is_for_the_board(fault: &Fault) -> bool {
    fault.hints.iter().any(|hint| hint.contains(OF_THE_BOARD))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::action::ACTIONS;
    use crate::tui::tests::blank;

    #[test]
    fn every_key_that_mends_is_that_of_an_action() {
        for (_, words) in IN_KEYS {
            for part in words.split('{').skip(1) {
                let name = part.split_once('}').map(|(name, _)| name);
                let known = ACTIONS.iter().any(|spec| Some(spec.name) == name);
                assert!(known, "{words}");
            }
        }
    }

    #[test]
    fn a_key_stands_where_a_shell_would_have_a_command() {
        let fault = Fault::config("locked")
            .hint("run `callboard unlock`")
            .hint("wait for it, then try again");
        let hints: Vec<String> = hints(&blank(), &fault).collect();
        assert_eq!(hints, ["U opens the vault", "wait for it, then try again"]);
    }
}
