//! Opens an address in a browser: by argv, never through a shell.

use std::process::{Command, Stdio};

use crate::config::Environment;

/// Whether a browser that is opened here would be seen by who sits here.
pub(super) fn is_near(environment: &Environment) -> bool {
    let set = |name| environment.get(name).is_some();
    let screen = cfg!(target_os = "macos") || set("DISPLAY") || set("WAYLAND_DISPLAY");
    screen && !set("SSH_CONNECTION") && !set("SSH_TTY")
}

/// Has the system open an address; says whether something took it.
pub(super) fn open(url: &str) -> bool {
    // It begins with https: or http:, so that no program takes it for an option.
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return false;
    }
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        Ok(mut child) => {
            // Reaped aside: some openers stay as long as the browser does.
            std::thread::spawn(move || child.wait());
            true
        }
        Err(_) => false,
    }
}
