//! What is to be done before a secret can be kept, as a pure decision.

use crate::domain::{Fault, VaultKind, VaultState};

/// What is known apart from the vault itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// What the settings or the environment say.
    pub(super) wanted: Option<VaultKind>,
    /// Whether a file with the passphrase is named.
    pub(super) passphrase_file: bool,
    /// Whether somebody can be asked.
    pub(super) can_ask: bool,
    /// Whether opening it is what was asked for.
    pub(super) unlocking: bool,
}

/// Where the passphrase comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PassphraseFrom {
    /// None is needed.
    Nowhere,
    /// The file that the environment names.
    File,
    /// Whoever sits at the terminal.
    Terminal,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NextStep {
    /// Nothing: secrets can be kept.
    Ready,
    /// Try the system keyring.
    Probe,
    /// Choose this kind.
    Choose {
        kind: VaultKind,
        passphrase: PassphraseFrom,
    },
    /// Ask which kind.
    AskKind,
    /// Open the vault.
    Unlock(PassphraseFrom),
}

/// Decides. `probed`: the keyring was tried already, and cannot be used.
///
/// A vault that was chosen is never swapped for another, whatever the settings say
/// by now; and only where no vault exists, nobody chose and nobody can be asked does
/// it become *memory*.
pub(super) fn next(state: &VaultState, probed: bool, facts: &Facts) -> Result<NextStep, Fault> {
    match (state.kind, facts.wanted) {
        (Some(_), _) if !state.locked => Ok(NextStep::Ready),
        (Some(VaultKind::Passphrase), _) => Ok(NextStep::Unlock(passphrase(facts, || {
            Fault::config("the vault is locked, and nobody can be asked for its passphrase")
                .hint("`callboard unlock` in a terminal opens it")
        })?)),
        (Some(_), _) if facts.unlocking => Ok(NextStep::Unlock(PassphraseFrom::Nowhere)),
        // It would open by itself, had nobody locked it: only a person undoes that.
        (Some(_), _) => {
            Err(Fault::config("the vault is locked").hint("`callboard unlock` opens it"))
        }
        (None, Some(VaultKind::Passphrase)) => Ok(NextStep::Choose {
            kind: VaultKind::Passphrase,
            passphrase: passphrase(facts, || {
                Fault::config("the vault needs a passphrase, and nobody can be asked for one")
            })?,
        }),
        (None, Some(kind)) => Ok(NextStep::Choose {
            kind,
            passphrase: PassphraseFrom::Nowhere,
        }),
        (None, None) if !probed => Ok(NextStep::Probe),
        (None, None) if facts.can_ask => Ok(NextStep::AskKind),
        (None, None) => Ok(NextStep::Choose {
            kind: VaultKind::Memory,
            passphrase: PassphraseFrom::Nowhere,
        }),
    }
}

fn passphrase(facts: &Facts, fault: impl Fn() -> Fault) -> Result<PassphraseFrom, Fault> {
    if facts.passphrase_file {
        Ok(PassphraseFrom::File)
    } else if facts.can_ask {
        Ok(PassphraseFrom::Terminal)
    } else {
        Err(fault().hint("or CALLBOARD_PASSPHRASE_FILE=FILE names a file with it"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(
        kind: Option<VaultKind>,
        locked: bool,
        probed: bool,
        wanted: Option<VaultKind>,
        (passphrase_file, can_ask): (bool, bool),
    ) -> String {
        let state = VaultState {
            kind,
            locked,
            why: String::new(),
            warning: None,
        };
        let facts = Facts {
            wanted,
            passphrase_file,
            can_ask,
            unlocking: false,
        };
        match next(&state, probed, &facts) {
            Ok(NextStep::Choose { kind, passphrase }) => {
                format!("choose {} from {passphrase:?}", kind.word())
            }
            Ok(step) => format!("{step:?}"),
            Err(fault) => {
                assert_eq!(fault.kind.exit_code(), 6);
                assert!(!fault.hints.is_empty());
                "fault".to_owned()
            }
        }
    }

    #[test]
    fn every_case_has_its_step() {
        use VaultKind::{File, Keyring, Memory, Passphrase};
        const NOBODY: (bool, bool) = (false, false);
        const TERMINAL: (bool, bool) = (false, true);
        const WITH_FILE: (bool, bool) = (true, false);
        const BOTH: (bool, bool) = (true, true);
        for (kind, locked, probed, wanted, who, expected) in [
            // Chosen and open, whatever else holds.
            (Some(Keyring), false, false, None, NOBODY, "Ready"),
            (Some(File), false, false, Some(Keyring), TERMINAL, "Ready"),
            // Chosen and closed: opened the way it was chosen, never swapped.
            (Some(Passphrase), true, false, None, NOBODY, "fault"),
            (Some(Passphrase), true, false, Some(Memory), NOBODY, "fault"),
            (
                Some(Passphrase),
                true,
                false,
                None,
                TERMINAL,
                "Unlock(Terminal)",
            ),
            (
                Some(Passphrase),
                true,
                false,
                None,
                WITH_FILE,
                "Unlock(File)",
            ),
            (Some(Passphrase), true, false, None, BOTH, "Unlock(File)"),
            (Some(Keyring), true, false, Some(Memory), NOBODY, "fault"),
            (Some(File), true, true, None, TERMINAL, "fault"),
            // Not chosen: as the settings say.
            (
                None,
                false,
                false,
                Some(Keyring),
                NOBODY,
                "choose keyring from Nowhere",
            ),
            (
                None,
                false,
                false,
                Some(File),
                NOBODY,
                "choose file from Nowhere",
            ),
            (
                None,
                false,
                false,
                Some(Memory),
                TERMINAL,
                "choose memory from Nowhere",
            ),
            (None, false, false, Some(Passphrase), NOBODY, "fault"),
            (
                None,
                false,
                false,
                Some(Passphrase),
                WITH_FILE,
                "choose passphrase from File",
            ),
            (
                None,
                true,
                false,
                Some(Passphrase),
                TERMINAL,
                "choose passphrase from Terminal",
            ),
            // Not chosen and nothing said: the keyring first, then ask, then memory.
            (None, false, false, None, NOBODY, "Probe"),
            (None, false, false, None, TERMINAL, "Probe"),
            (None, false, true, None, TERMINAL, "AskKind"),
            (
                None,
                false,
                true,
                None,
                NOBODY,
                "choose memory from Nowhere",
            ),
            (
                None,
                false,
                true,
                None,
                WITH_FILE,
                "choose memory from Nowhere",
            ),
        ] {
            assert_eq!(
                decided(kind, locked, probed, wanted, who),
                expected,
                "{kind:?} locked={locked} probed={probed} {wanted:?} {who:?}"
            );
        }
    }

    #[test]
    fn what_somebody_locked_opens_when_that_is_asked_for_and_not_before() {
        let state = VaultState {
            kind: Some(VaultKind::File),
            locked: true,
            why: String::new(),
            warning: None,
        };
        let mut facts = Facts {
            wanted: None,
            passphrase_file: false,
            can_ask: true,
            unlocking: false,
        };
        assert!(next(&state, false, &facts).is_err());
        facts.unlocking = true;
        assert_eq!(
            next(&state, false, &facts),
            Ok(NextStep::Unlock(PassphraseFrom::Nowhere))
        );
    }
}
