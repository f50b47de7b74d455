//! Whether a call may run: a pure judgement.

use crate::domain::{DecidedBy, Decision, FunctionState, Hints, Permission};

/// What the judgement rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// What is allowed.
    pub permission: Permission,
    /// Whether the definition was accepted.
    pub state: FunctionState,
    /// Whether a person said yes to this very call, having read the definition
    /// that the function has now.
    pub approved: bool,
    /// Whether permissions could be read for certain. Where they could not, none
    /// is taken for more than *ask*.
    pub permissions_sound: bool,
}

/// The judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// May it run?
    pub decision: Decision,
    /// Who decided.
    pub by: DecidedBy,
    /// Which rule, in words; for the journal.
    pub rule: &'static str,
}

impl Verdict {
    /// Whether the call may run.
    pub fn runs(self) -> bool {
        matches!(self.decision, Decision::Allowed | Decision::Approved)
    }
}

/// Judges. *Block* wins over everything; what differs from its accepted definition
/// runs for nobody; what a server claims about itself plays no part.
pub fn decide(circumstances: Circumstances) -> Verdict {
    let verdict = |decision, by, rule| Verdict { decision, by, rule };
    match circumstances.permission {
        Permission::Block => verdict(Decision::Blocked, DecidedBy::Rule, "permission block"),
        _ if circumstances.state == FunctionState::Changed => {
            verdict(Decision::Denied, DecidedBy::Rule, "definition changed")
        }
        Permission::Always
            if circumstances.permissions_sound
                && circumstances.state == FunctionState::Accepted =>
        {
            verdict(Decision::Allowed, DecidedBy::Rule, "permission always")
        }
        Permission::Always | Permission::Ask if circumstances.approved => {
            verdict(Decision::Approved, DecidedBy::Operator, "permission ask")
        }
        Permission::Always | Permission::Ask => {
            verdict(Decision::Denied, DecidedBy::Nobody, "permission ask")
        }
    }
}

/// The permission of a function once its present definition is accepted: it keeps
/// the one it had, unless it turned destructive. `before` are the claims that were
/// accepted; `None`: there were none.
pub fn after_accepting(permission: Permission, before: Option<Hints>, now: Hints) -> Permission {
    let destroys = |hints: Hints| hints.destructive == Some(true);
    match permission {
        Permission::Always if destroys(now) && !before.is_some_and(destroys) => Permission::Ask,
        kept => kept,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn circumstances() -> impl Strategy<Value = Circumstances> {
        let permission = prop_oneof![
            Just(Permission::Always),
            Just(Permission::Ask),
            Just(Permission::Block)
        ];
        let state = prop_oneof![
            Just(FunctionState::Accepted),
            Just(FunctionState::New),
            Just(FunctionState::Changed)
        ];
        (permission, state, any::<bool>(), any::<bool>()).prop_map(
            |(permission, state, approved, permissions_sound)| Circumstances {
                permission,
                state,
                approved,
                permissions_sound,
            },
        )
    }

    #[test]
    fn always_runs_ask_asks_block_blocks() {
        let decide_for = |permission, approved| {
            decide(Circumstances {
                permission,
                state: FunctionState::Accepted,
                approved,
                permissions_sound: true,
            })
            .decision
        };
        assert_eq!(decide_for(Permission::Always, false), Decision::Allowed);
        assert_eq!(decide_for(Permission::Ask, false), Decision::Denied);
        assert_eq!(decide_for(Permission::Ask, true), Decision::Approved);
        assert_eq!(decide_for(Permission::Block, false), Decision::Blocked);
    }

    #[test]
    fn what_turned_destructive_is_asked_about_and_everything_else_stays() {
        let claims = |destructive| Hints {
            destructive,
            ..Hints::default()
        };
        let (mild, harsh) = (claims(None), claims(Some(true)));
        let after = |permission, before, now| after_accepting(permission, before, now);
        assert_eq!(
            after(Permission::Always, Some(mild), harsh),
            Permission::Ask
        );
        assert_eq!(after(Permission::Always, None, harsh), Permission::Ask);
        assert_eq!(
            after(Permission::Always, Some(harsh), harsh),
            Permission::Always
        );
        assert_eq!(
            after(Permission::Always, Some(harsh), mild),
            Permission::Always
        );
        assert_eq!(
            after(Permission::Block, Some(mild), harsh),
            Permission::Block
        );
    }

    proptest! {
        #[test]
        fn a_block_absorbs_everything(mut c in circumstances()) {
            c.permission = Permission::Block;
            prop_assert_eq!(decide(c).decision, Decision::Blocked);
        }

        #[test]
        fn a_changed_function_runs_for_nobody(mut c in circumstances()) {
            c.state = FunctionState::Changed;
            prop_assert!(!decide(c).runs());
        }

        #[test]
        fn nothing_runs_unasked_but_always_on_what_was_accepted(mut c in circumstances()) {
            c.approved = false;
            let expected = c.permission == Permission::Always
                && c.state == FunctionState::Accepted
                && c.permissions_sound;
            prop_assert_eq!(decide(c).runs(), expected);
        }

        #[test]
        fn doubt_about_the_permissions_never_allows_more(mut c in circumstances()) {
            c.permissions_sound = true;
            let sound = decide(c).runs();
            c.permissions_sound = false;
            prop_assert!(sound || !decide(c).runs());
        }
    }
}
