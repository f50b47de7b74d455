//! Commands that sign in at an authority, and who consents.

use serde_json::Value;

use crate::support::authority::{Authority, browse, location_of};
pub use crate::support::face::Face;
use crate::support::shell::Shell;

/// A shell with a vault of this kind, whose board logs everything.
pub fn shell(vault: &str) -> Shell {
    let mut shell = Shell::new();
    shell.set("CALLBOARD_VAULT", vault);
    shell.set("RUST_LOG", "trace");
    shell
}

impl Face {
    pub fn adding(shell: &Shell, name: &str, authority: &Authority) -> Self {
        Self::adding_with(shell, name, authority, &[])
    }

    pub fn adding_with(shell: &Shell, name: &str, authority: &Authority, more: &[&str]) -> Self {
        let words = ["add", name, &authority.url, "--trust", "--auth", "oauth"];
        Self::running(shell, &[&words[..], more].concat())
    }
}

/// Approves, in a browser on this machine.
pub async fn consented(consent: &Value) {
    let page = browse(&approved(consent).await).await;
    assert_eq!(page.status, 200, "{}", page.text);
}

/// Approves, and says where the browser is sent.
pub async fn approved(consent: &Value) -> String {
    location_of(consent["url"].as_str().unwrap()).await
}
