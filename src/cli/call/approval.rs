//! Whether a call may be sent as it stands, needs a yes, or is not sent.
//!
//! The board judges once more. This decides what to ask, and spares a request that
//! could only be refused.

use crate::domain::{Fault, Function, FunctionState, Permission};
use crate::guard::sanitise;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Send it: a standing permission lets it through.
    Run,
    /// Send it: `--yes` allows it this once.
    RunThisOnce,
    /// Show it and ask.
    AskFirst,
}

/// Decides.
///
/// # Errors
/// `denied` where it is on *block*, and where somebody would have to say yes and
/// nobody can.
pub(super) fn way(
    connector: &str,
    function: &Function,
    yes: bool,
    can_ask: bool,
) -> Result<Way, Fault> {
    let name = sanitise::line(&function.name, 128);
    let changed = function.state == FunctionState::Changed;
    match function.permission {
        Permission::Block => Err(Fault::denied(format!("{connector} · {name} is on block"))
            .hint(format!("`callboard ask {connector} {name}` takes it off"))),
        Permission::Always if function.state == FunctionState::Accepted => Ok(Way::Run),
        Permission::Always | Permission::Ask if yes && !changed => Ok(Way::RunThisOnce),
        Permission::Always | Permission::Ask if can_ask => Ok(Way::AskFirst),
        Permission::Always | Permission::Ask if changed => Err(Fault::denied(format!(
            "{connector} · {name} is not what was accepted, and nobody can be asked"
        ))
        .hint(format!(
            "`callboard function {connector} {name}` shows what it is now"
        ))
        .hint(format!("`callboard ask {connector} {name}` accepts that"))),
        Permission::Always | Permission::Ask => Err(Fault::denied(format!(
            "{connector} · {name} is on ask, and nobody can be asked"
        ))
        .hint("--yes allows it this once")),
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
            input_schema: json!({}),
            output_schema: None,
            digest: "d".to_owned(),
        };
        match way("wiki", &function, yes, can_ask) {
            Ok(way) => format!("{way:?}"),
            Err(fault) => {
                assert_eq!(fault.kind.exit_code(), 4);
                fault.hints.first().cloned().unwrap_or_default()
            }
        }
    }

    #[test]
    fn every_case_has_its_way() {
        use FunctionState::{Accepted, Changed, New};
        use Permission::{Always, Ask, Block};
        let off_block = "`callboard ask wiki search` takes it off";
        let look = "`callboard function wiki search` shows what it is now";
        let with_yes = "--yes allows it this once";
        for (permission, state, yes, can_ask, expected) in [
            (Always, Accepted, false, false, "Run"),
            (Always, Accepted, true, true, "Run"),
            (Ask, Accepted, false, true, "AskFirst"),
            (Ask, Accepted, true, true, "RunThisOnce"),
            (Ask, Accepted, true, false, "RunThisOnce"),
            (Ask, Accepted, false, false, with_yes),
            (Ask, New, false, false, with_yes),
            (Ask, New, true, false, "RunThisOnce"),
            // A block and a change are never passed by a flag.
            (Block, Accepted, true, true, off_block),
            (Block, Changed, true, false, off_block),
            (Ask, Changed, true, true, "AskFirst"),
            (Ask, Changed, true, false, look),
            (Always, Changed, true, false, look),
            (Always, Changed, false, true, "AskFirst"),
        ] {
            assert_eq!(
                decided(permission, state, yes, can_ask),
                expected,
                "{permission:?} {state:?} yes={yes} can_ask={can_ask}"
            );
        }
    }
}
