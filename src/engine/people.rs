//! Who is at the board, and what they may do.

use crate::domain::{Fault, PersonId};
use crate::protocol::{Person, Role};

use super::board::Board;

/// Somebody at the board.
#[derive(Clone, Debug)]
pub(super) struct Someone {
    /// What their permissions are kept under.
    pub(super) id: PersonId,
    /// Their name.
    pub(super) name: String,
    /// What they may do.
    pub(super) role: Role,
}

impl Someone {
    /// The one person of a personal board, who is its Admin.
    pub(super) fn operator() -> Self {
        Self {
            id: PersonId::operator(),
            name: "operator".to_owned(),
            role: Role::Admin,
        }
    }

    /// As faces show them.
    pub(super) fn view(&self) -> Person {
        Person {
            name: self.name.clone(),
            role: self.role,
        }
    }
}

impl Board {
    /// Who asks. A personal board knows one person; a shared one will tell by the
    /// connection.
    pub(super) fn whoever_asks(&self) -> &Someone {
        &self.person
    }

    /// Lets only an Admin on.
    ///
    /// # Errors
    /// `denied`, for a Member.
    pub(super) fn require_admin(&self, what: &str) -> Result<&Someone, Fault> {
        admit(self.whoever_asks(), what)
    }
}

fn admit<'a>(someone: &'a Someone, what: &str) -> Result<&'a Someone, Fault> {
    match someone.role {
        Role::Admin => Ok(someone),
        Role::Member => Err(
            Fault::denied(format!("only an Admin of this board may {what}"))
                .hint("ask an Admin of this board"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FaultKind;

    #[test]
    fn the_operator_of_a_personal_board_is_its_admin() {
        assert!(admit(&Someone::operator(), "add connectors").is_ok());
    }

    #[test]
    fn a_member_does_not_add_connectors() {
        let member = Someone {
            role: Role::Member,
            ..Someone::operator()
        };
        let fault = admit(&member, "add connectors").unwrap_err();
        assert_eq!(fault.kind, FaultKind::Denied);
        assert_eq!(
            fault.message,
            "only an Admin of this board may add connectors"
        );
    }
}
