//! What a call needs before it is sent.
//!
//! The board judges; a call that it will refuse is sent to it all the same, so that
//! the refusal is in the journal and in the board's own words. This decides only
//! whether somebody is asked first.

use crate::domain::{Function, FunctionState, Permission};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Send it as it is: a standing permission lets it through, or nobody can say
    /// yes and the board will refuse it.
    Send,
    /// Send it: `--yes` allows it this once.
    SendAllowed,
    /// Show it and ask.
    AskFirst,
}

/// Decides.
pub(super) fn way(function: &Function, yes: bool, can_ask: bool) -> Way {
    let accepted = function.state == FunctionState::Accepted;
    match function.permission {
        Permission::Block => Way::Send,
        Permission::Always if accepted => Way::Send,
        // What changed runs for nobody: its permission has to be set again first.
        _ if function.state == FunctionState::Changed => Way::Send,
        Permission::Always | Permission::Ask if yes => Way::SendAllowed,
        Permission::Always | Permission::Ask if can_ask => Way::AskFirst,
        Permission::Always | Permission::Ask => Way::Send,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Hints, Untrusted};

    fn decided(permission: Permission, state: FunctionState, yes: bool, can_ask: bool) -> String {
        let function = Function {
            name: Untrusted::from("search"),
            title: None,
            description: Untrusted::default(),
            permission,
            state,
            hints: Hints::default(),
            input_schema: json!({}).into(),
            output_schema: None,
            digest: "d".to_owned(),
        };
        format!("{:?}", way(&function, yes, can_ask))
    }

    #[test]
    fn every_case_has_its_way() {
        use FunctionState::{Accepted, Changed, New};
        use Permission::{Always, Ask, Block};
        for (permission, state, yes, can_ask, expected) in [
            (Always, Accepted, false, false, "Send"),
            (Always, Accepted, true, true, "Send"),
            (Ask, Accepted, false, true, "AskFirst"),
            (Ask, Accepted, true, true, "SendAllowed"),
            (Ask, Accepted, true, false, "SendAllowed"),
            (Ask, New, false, true, "AskFirst"),
            (Ask, New, true, false, "SendAllowed"),
            // Nobody can say yes: the board refuses it, and writes that down.
            (Ask, Accepted, false, false, "Send"),
            (Ask, New, false, false, "Send"),
            // A block and a change are passed neither by a flag nor by a yes.
            (Block, Accepted, true, true, "Send"),
            (Block, Changed, true, false, "Send"),
            (Ask, Changed, true, true, "Send"),
            (Always, Changed, false, true, "Send"),
        ] {
            assert_eq!(
                decided(permission, state, yes, can_ask),
                expected,
                "{permission:?} {state:?} yes={yes} can_ask={can_ask}"
            );
        }
    }
}
