//! Opens an address in a browser: by argv, never through a shell.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::config::Environment;

/// How long a program has to fail in; one that still runs then has opened it.
const SOON: Duration = Duration::from_secs(3);

/// Whether a browser that is opened here would be seen by who sits here.
pub(super) fn is_near(environment: &Environment) -> bool {
    let set = |name| environment.get(name).is_some();
    let screen = cfg!(target_os = "macos") || set("DISPLAY") || set("WAYLAND_DISPLAY");
    screen && !set("SSH_CONNECTION") && !set("SSH_TTY")
}

/// Has a program open an address: the one that `BROWSER` names, or the system's.
/// Says whether one took it.
pub(super) async fn open(url: &str, environment: &Environment) -> bool {
    // It begins with https: or http:, so that no program takes it for an option.
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return false;
    }
    for program in programs(environment.get("BROWSER")) {
        if opened(&program, url).await {
            return true;
        }
    }
    false
}

/// What to try, in its order. `BROWSER` may be a list, or hold command lines; only a
/// program is run.
fn programs(named: Option<&str>) -> Vec<String> {
    let named = named.unwrap_or_default().split(':');
    let mut all: Vec<String> = named
        .filter(|name| !name.is_empty() && !name.contains(['%', ' ']))
        .map(str::to_owned)
        .collect();
    let usual = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    all.push(usual.to_owned());
    all
}

async fn opened(program: &str, url: &str) -> bool {
    let started = Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // A Ctrl-C that is meant for callboard does not end it.
        .process_group(0)
        .spawn();
    let Ok(mut child) = started else {
        return false;
    };
    match tokio::time::timeout(SOON, child.wait()).await {
        Ok(status) => status.is_ok_and(|status| status.success()),
        Err(_) => {
            // It goes on, and is waited for so that nothing of it is left.
            tokio::spawn(async move { child.wait().await });
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_are_taken_from_the_variable() {
        let usual = programs(None);
        assert_eq!(usual.len(), 1);
        let named = programs(Some("mine:lynx %s::/opt/other"));
        assert_eq!(named, ["mine", "/opt/other", usual[0].as_str()]);
    }

    #[tokio::test]
    async fn nothing_but_an_address_of_the_web_is_opened() {
        let environment = Environment::of(&[("BROWSER", "true")]);
        assert!(open("https://as.example/", &environment).await);
        assert!(!open("--help", &environment).await);
        assert!(!open("javascript:alert(1)", &environment).await);
        assert!(!opened("false", "https://as.example/").await);
    }
}
