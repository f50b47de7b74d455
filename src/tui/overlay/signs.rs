//! What the signs on the screen mean, from the tables that draw them.

use crate::domain::{Permission, Status};
use crate::tui::theme::{Role, Theme};

/// A sign and its meaning.
pub(super) struct Sign {
    /// The sign itself.
    pub(super) sign: &'static str,
    /// As it is drawn.
    pub(super) role: Role,
    /// What it says.
    pub(super) means: &'static str,
}

const STATUSES: &[(Status, &str)] = &[
    (Status::Connected, "connected"),
    (
        Status::Connecting,
        "on its way; it turns while something moves",
    ),
    (Status::SignIn, "waits for a sign-in or a secret"),
    (Status::Locked, "its secret is in the locked vault"),
    (Status::Changed, "something is new or not what you accepted"),
    (Status::Failed, "failed; the details say what mends it"),
    (Status::Disabled, "switched off"),
];

const PERMISSIONS: &[(Permission, &str)] = &[
    (Permission::Always, "always: it runs without asking"),
    (Permission::Ask, "ask: somebody says yes each time"),
    (Permission::Block, "block: it never runs"),
];

/// The signs of this theme.
pub(super) fn legend(theme: Theme) -> Vec<Sign> {
    let statuses = STATUSES.iter().map(|(status, means)| {
        let (sign, role) = theme.status(*status);
        Sign { sign, role, means }
    });
    let permissions = PERMISSIONS.iter().map(|(permission, means)| {
        let (sign, role) = theme.permission(*permission);
        Sign { sign, role, means }
    });
    let others = [
        (theme.pick("▸", ">"), Role::Text, "chosen"),
        (
            theme.mark(),
            Role::Text,
            "marked, to be changed with others",
        ),
        (
            theme.gutter().trim_end(),
            Role::Focus,
            "behind it stand the words of a server, not callboard's",
        ),
        (
            theme.pick("↓", "v"),
            Role::Key,
            "there is more in this direction",
        ),
    ];
    let others = others.map(|(sign, role, means)| Sign { sign, role, means });
    statuses.chain(permissions).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::tui::tests::theme;
    use crate::tui::theme::Signs;

    #[test]
    fn no_sign_has_two_meanings() {
        for signs in [Signs::Unicode, Signs::Ascii] {
            let theme = Theme { signs, ..theme() };
            let mut seen = BTreeSet::new();
            for sign in legend(theme) {
                assert!(seen.insert(sign.sign), "{:?}: {}", signs, sign.sign);
            }
            // The sign that turns may stand for nothing else on its way.
            let connecting = theme.status(Status::Connecting).0;
            for step in 0..4 {
                let turned = theme.spinner(step);
                assert!(turned == connecting || !seen.contains(turned), "{turned}");
            }
        }
    }
}
