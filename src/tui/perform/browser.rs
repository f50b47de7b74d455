//! Opening an address in a browser of this machine: by a program and one argument,
//! never through a shell.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::find;
use crate::domain::Fault;
use crate::tui::environment::TerminalEnv;

/// How long a program has to fail in; one that still runs then has opened it.
const SOON: Duration = Duration::from_secs(3);

/// What helps where no browser does.
const INSTEAD: &str = "{copy-address} copies the address, {qr-code} shows it as a QR code";

/// Opens an address. Returns the name of the program that was given it.
///
/// # Errors
/// Where there is no browser, or it fails at once.
pub(super) async fn open(url: &str, environment: &TerminalEnv) -> Result<String, Fault> {
    if !is_for_a_browser(url) {
        return Err(Fault::user("this address is not one to open in a browser").hint(INSTEAD));
    }
    let program = program(environment, cfg!(target_os = "macos"))?;
    let name = program.file_name().unwrap_or(program.as_os_str());
    let name = name.to_string_lossy().into_owned();
    let failed = |why: String| Fault::user(format!("{name} did not open it: {why}")).hint(INSTEAD);
    let mut child = Command::new(&program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // A Ctrl-c that is meant for callboard does not end it.
        .process_group(0)
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    match tokio::time::timeout(SOON, child.wait()).await {
        Ok(Ok(status)) if !status.success() => Err(failed(match status.code() {
            Some(code) => format!("it ended with {code}"),
            None => "a signal ended it".to_owned(),
        })),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Ok(Ok(_)) => Ok(name),
        Err(_) => {
            // It goes on, and is waited for so that nothing of it is left.
            tokio::spawn(async move { child.wait().await });
            Ok(name)
        }
    }
}

/// Whether it is an address of the web and one word.
fn is_for_a_browser(url: &str) -> bool {
    let of_the_web = url.starts_with("https://") || url.starts_with("http://");
    of_the_web && url.chars().all(|letter| letter.is_ascii_graphic())
}

/// The program to give an address to: the one that `BROWSER` names, or that of the
/// desktop, where there is one.
fn program(environment: &TerminalEnv, macos: bool) -> Result<PathBuf, Fault> {
    let set = |name| environment.variable(name).is_some();
    if let Some(named) = environment.variable("BROWSER") {
        // Its value may be a list, or a command line; only a program is run.
        let first = named.split(':').find_map(|name| find(name, environment));
        if let Some(program) = first {
            return Ok(program);
        }
    }
    let desktop = set("DISPLAY") || set("WAYLAND_DISPLAY");
    let candidates = [
        (desktop, "xdg-open"),
        (macos, "open"),
        (set("WSL_DISTRO_NAME") || set("WSL_INTEROP"), "wslview"),
    ];
    let mut there = candidates.into_iter().filter(|(fits, _)| *fits);
    if let Some(program) = there.find_map(|(_, name)| find(name, environment)) {
        return Ok(program);
    }
    let why = if desktop || macos {
        "no program here opens addresses (xdg-open, or the one that BROWSER names)"
    } else {
        "there is no browser here: this machine shows no desktop to this terminal"
    };
    Err(Fault::user(why).hint(INSTEAD))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;
    use crate::config::Environment;

    fn script(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn environment(folder: &Path, pairs: &[(&str, &str)]) -> TerminalEnv {
        let path = folder.to_string_lossy().into_owned();
        let mut all = vec![("PATH", path.as_str())];
        all.extend(pairs);
        TerminalEnv::new(Environment::of(&all), folder.to_owned())
    }

    #[test]
    fn a_desktop_s_browser_is_for_those_who_see_the_desktop() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["xdg-open", "open", "wslview", "mine"] {
            script(folder.path(), name, "exit 0");
        }
        let found = |pairs: &[(&str, &str)], macos| {
            let program = program(&environment(folder.path(), pairs), macos).ok()?;
            Some(program.file_name()?.to_string_lossy().into_owned())
        };
        assert_eq!(found(&[], false), None);
        assert_eq!(found(&[("DISPLAY", ":0")], false).unwrap(), "xdg-open");
        let wayland = [("WAYLAND_DISPLAY", "w")];
        assert_eq!(found(&wayland, false).unwrap(), "xdg-open");
        assert_eq!(found(&[], true).unwrap(), "open");
        assert_eq!(found(&[("WSL_INTEROP", "x")], false).unwrap(), "wslview");
        assert_eq!(found(&[("BROWSER", "absent:mine")], false).unwrap(), "mine");
        // A command line is not one program, and is not taken apart.
        assert_eq!(found(&[("BROWSER", "mine %s; id")], false), None);
    }

    #[tokio::test]
    async fn the_address_is_one_argument_whatever_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("seen");
        let line = format!("printf '%s\\n' \"$#\" \"$1\" > {}", seen.display());
        script(folder.path(), "mine", &line);
        let environment = environment(folder.path(), &[("BROWSER", "mine")]);
        let url = "https://as.example/authorize?a=$(id)&b=`id`;'\"|c";
        assert_eq!(open(url, &environment).await.unwrap(), "mine");
        assert_eq!(
            std::fs::read_to_string(seen).unwrap(),
            format!("1\n{url}\n")
        );
        for url in [
            "javascript:alert(1)",
            "--help",
            "https://a b",
            "file:///etc",
        ] {
            assert!(open(url, &environment).await.is_err(), "{url}");
        }
    }

    #[tokio::test]
    async fn a_browser_that_fails_at_once_is_said_to() {
        let folder = tempfile::tempdir().unwrap();
        script(folder.path(), "mine", "exit 3");
        let environment = environment(folder.path(), &[("BROWSER", "mine")]);
        let fault = open("https://as.example/", &environment).await.unwrap_err();
        assert_eq!(fault.message, "mine did not open it: it ended with 3");
        assert!(fault.hints[0].contains("QR code"));
    }
}
