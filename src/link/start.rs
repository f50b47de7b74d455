//! Starting a board that outlives its starter.

use std::path::Path;
use std::process::Stdio;

use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::{Duration, timeout};

use crate::config::{Environment, Home};
use crate::domain::Fault;

/// The hidden flag of `callboard serve` that makes it detach and report through
/// its standard output when it is ready.
pub const BACKGROUND_FLAG: &str = "--background";

/// How long a board may take to be ready.
const READY_WAIT: Duration = Duration::from_secs(15);

/// Variables that a board keeps from the terminal it was started in. What an
/// upstream server or a local program gets is decided again, and is less.
const KEPT: &[&str] = &[
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "PATH",
    "LANG",
    "TZ",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
];

fn kept(name: &str) -> bool {
    KEPT.contains(&name)
        || name.starts_with("LC_")
        || (name.starts_with("CALLBOARD_") && name != "CALLBOARD_PASSPHRASE_FILE")
}

/// Starts a board and returns once it listens.
///
/// # Errors
/// What the board itself says is in its way, or that it cannot be started.
pub(super) async fn start(program: &Path, home: &Home) -> Result<(), Fault> {
    let failed = |what: String| {
        Fault::internal(format!("the board does not start: {what}")).hint(format!(
            "its log is {}; `callboard serve` starts it in sight",
            home.log_file().display()
        ))
    };
    let mut child = Command::new(program)
        .args(["serve", BACKGROUND_FLAG])
        .env_clear()
        .envs(Environment::of_this_process().filtered(kept))
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let Some(mut said) = child.stdout.take() else {
        return Err(failed("it has no standard output".to_owned()));
    };
    let mut text = String::new();
    match timeout(READY_WAIT, said.read_to_string(&mut text)).await {
        Err(_) => Err(failed(format!(
            "it is not ready after {} s",
            READY_WAIT.as_secs()
        ))),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Ok(Ok(_)) if text.trim() == "ready" => Ok(()),
        Ok(Ok(_)) => Err(serde_json::from_str::<Fault>(&text)
            .unwrap_or_else(|_| failed("it ended without a word".to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_keeps_no_more_of_the_environment_than_it_needs() {
        let environment = Environment::of(&[
            ("HOME", "/h"),
            ("LC_ALL", "C"),
            ("CALLBOARD_HOME", "/c"),
            ("CALLBOARD_PASSPHRASE_FILE", "/p"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("SSH_AUTH_SOCK", "a"),
        ]);
        let names: Vec<String> = environment
            .filtered(kept)
            .into_iter()
            .map(|(n, _)| n)
            .collect();
        assert_eq!(names, ["CALLBOARD_HOME", "HOME", "LC_ALL"]);
    }
}
