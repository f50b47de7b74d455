//! What an undo says it did.

use crate::domain::{AuthMethod, Permission, Untrusted};
use crate::guard::sanitise;
use crate::store::{FunctionBefore, PutBack, WholeConnector};

/// What is said of an undo: to the operator, and in the journal.
pub(super) struct Said {
    pub(super) what: String,
    pub(super) rule: String,
}

/// Of permissions that are as they were.
pub(super) fn of_permissions(name: &str, before: &[FunctionBefore], put_back: &PutBack) -> Said {
    let done: Vec<&FunctionBefore> = before
        .iter()
        .filter(|function| put_back.done.contains(&function.name))
        .collect();
    let permission = |function: &FunctionBefore| function.permission.unwrap_or(Permission::Ask);
    let first = done.first().map_or(Permission::Ask, |one| permission(one));
    let alike = done.iter().all(|one| permission(one) == first);
    let word = first.word();
    let unaccepted = done.iter().filter(|one| one.accepted.is_some()).count();
    let (mut what, again) = match done.as_slice() {
        [one] => {
            let function = sanitise::line(&Untrusted::from(one.name.as_str()), 60);
            let again = "its definition is not accepted any more: look at it before it runs";
            (
                format!("{function} of {name} is on {word} again"),
                again.to_owned(),
            )
        }
        many => {
            let count = many.len();
            let what = if alike {
                format!("{count} functions of {name} are on {word} again")
            } else {
                format!("{count} functions of {name} have the permissions again that they had")
            };
            let again = format!(
                "the definitions of {unaccepted} are not accepted any more: look at them before they run"
            );
            (what, again)
        }
    };
    if unaccepted > 0 {
        what = format!("{what}; {again}");
    }
    match put_back.changed.len() {
        0 => {}
        1 => what.push_str("; one was changed since and stays as it is"),
        changed => what.push_str(&format!(
            "; {changed} were changed since and stay as they are"
        )),
    }
    let mut rule = match (done.len(), alike) {
        (1, _) => format!("permission {word}"),
        (count, true) => format!("permission {word}, {count} functions"),
        (count, false) => format!("permissions of {count} functions"),
    };
    if unaccepted > 0 {
        rule.push_str(", no longer accepted");
    }
    Said { what, rule }
}

/// Of a connector that was removed.
pub(super) fn what_came_back(whole: &WholeConnector) -> String {
    let connector = &whole.stored.connector;
    let name = &connector.name;
    if connector.auth == AuthMethod::Oauth {
        format!(
            "{name} is back with its permissions, signed out: `callboard login {name}` signs in"
        )
    } else if connector.has_secret() {
        format!(
            "{name} is back with its permissions, but not its secrets: `callboard edit {name}` gives them anew"
        )
    } else {
        format!("{name} is back with its permissions")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before(name: &str, permission: Option<Permission>, unaccepts: bool) -> FunctionBefore {
        FunctionBefore {
            name: name.to_owned(),
            digest: "d".to_owned(),
            accepted: unaccepts.then_some(None),
            permission,
        }
    }

    fn said(before: &[FunctionBefore], changed: &[&str]) -> (String, String) {
        let put_back = PutBack {
            done: before
                .iter()
                .map(|one| one.name.clone())
                .filter(|name| !changed.contains(&name.as_str()))
                .collect(),
            changed: changed.iter().map(|&name| name.to_owned()).collect(),
        };
        let said = of_permissions("wiki", before, &put_back);
        (said.what, said.rule)
    }

    #[test]
    fn an_undo_says_what_is_and_what_is_accepted_no_longer() {
        use Permission::{Always, Block};
        let one = [before("se\u{1b}arch", None, false)];
        let (what, rule) = said(&one, &[]);
        assert_eq!(what, "se⟨U+001B⟩arch of wiki is on ask again");
        assert_eq!(rule, "permission ask");
        let unaccepted = [before("search", Some(Always), true)];
        let (what, rule) = said(&unaccepted, &[]);
        assert_eq!(
            what,
            "search of wiki is on always again; its definition is not accepted any more: look at it before it runs"
        );
        assert_eq!(rule, "permission always, no longer accepted");
        let mixed = [
            before("a", Some(Always), false),
            before("b", Some(Block), true),
            before("c", None, false),
        ];
        let (what, _) = said(&mixed, &["c"]);
        assert_eq!(
            what,
            "2 functions of wiki have the permissions again that they had; the definitions of 1 are not accepted any more: look at them before they run; one was changed since and stays as it is"
        );
        let alike = [before("a", None, false), before("b", None, false)];
        let (what, rule) = said(&alike, &[]);
        assert_eq!(what, "2 functions of wiki are on ask again");
        assert_eq!(rule, "permission ask, 2 functions");
    }
}
