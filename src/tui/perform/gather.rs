//! Reading what the form names and only this process has.

use std::path::Path;

use crate::config::read_authorities;
use crate::domain::Secret;
use crate::tui::effect::Gathered;
use crate::tui::environment::TerminalEnv;

/// Reads a file of authorities and looks variables up.
pub(super) fn gather(
    authorities: Option<&Path>,
    variables: Vec<String>,
    environment: &TerminalEnv,
) -> Gathered {
    Gathered {
        authorities: authorities.map(read_authorities),
        variables: variables
            .into_iter()
            .map(|name| {
                let value = environment.variable(&name).map(Secret::new);
                (name, value.map(Into::into))
            })
            .collect(),
    }
}
