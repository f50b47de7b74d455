//! Where callboard keeps things.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use sha2::{Digest, Sha256};

use crate::domain::Fault;

/// Longest path that a Unix socket takes everywhere, with room to spare, in bytes.
const SOCKET_PATH_LIMIT: usize = 100;

/// The environment of a process as plain values: read once, at the edge.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// The environment of this process. Variables that are not UTF-8 are left out.
    pub fn of_this_process() -> Self {
        Self {
            variables: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
        }
    }

    /// An environment of these variables, for tests.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self {
            variables: pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Whether a terminal in this environment is to be given more than ASCII: the
    /// locale says UTF-8 (POSIX.1-2024, XBD 8.2: the first of the three variables
    /// that is set counts) or says nothing. Servers where nobody has set a locale
    /// are mostly reached from terminals that know it; the few terminals that are
    /// known to have no other signs get none.
    pub fn shows_unicode(&self) -> bool {
        let term = self.get("TERM").unwrap_or_default();
        if matches!(term, "dumb" | "linux" | "vt100" | "vt220") {
            return false;
        }
        ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| self.get(name))
            .is_none_or(|locale| {
                let locale = locale.to_ascii_lowercase();
                locale.contains("utf-8") || locale.contains("utf8")
            })
    }

    /// All variables whose name `keep` accepts.
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        self.variables
            .iter()
            .filter(|(name, _)| keep(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

/// The folders of one board.
///
/// With `CALLBOARD_HOME` all are under that folder. Otherwise configuration and
/// data are where the system puts them, while the lock and the socket depend on
/// `HOME` alone: agents strip the environment of what they start, and must find
/// the same board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// `config.toml` is here.
    pub config: PathBuf,
    /// The database is here.
    pub data: PathBuf,
    /// The vault is here.
    pub secrets: PathBuf,
    /// Logs are here.
    pub state: PathBuf,
    /// Lock and socket are here.
    pub run: PathBuf,
}

impl Home {
    /// Finds the folders.
    ///
    /// # Errors
    /// Where `CALLBOARD_HOME` is not absolute, or there is no home at all.
    pub fn find(environment: &Environment) -> Result<Self, Fault> {
        if let Some(dir) = environment.get("CALLBOARD_HOME") {
            let dir = PathBuf::from(dir);
            if !dir.is_absolute() {
                return Err(Fault::config(format!(
                    "CALLBOARD_HOME is {}, which is not an absolute path",
                    dir.display()
                ))
                .hint("give it from the root, e.g. CALLBOARD_HOME=\"$PWD/board\""));
            }
            return Ok(Self::under(&dir));
        }
        let no_home = || {
            Fault::config("there is no home folder for this user")
                .hint("set HOME, or CALLBOARD_HOME to a folder of its own")
        };
        let user = directories::UserDirs::new().ok_or_else(no_home)?;
        let project = ProjectDirs::from("", "", "callboard").ok_or_else(no_home)?;
        let state = user.home_dir().join(".local/state/callboard");
        Ok(Self {
            config: project.config_dir().to_owned(),
            data: project.data_dir().to_owned(),
            secrets: project.data_dir().join("secrets"),
            run: state.join("run"),
            state,
        })
    }

    /// All folders under one.
    pub fn under(dir: &Path) -> Self {
        Self {
            config: dir.join("config"),
            data: dir.join("data"),
            secrets: dir.join("secrets"),
            state: dir.join("state"),
            run: dir.join("run"),
        }
    }

    /// The settings.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.data.join("board.db")
    }

    /// The lock that the one board of this home holds.
    pub fn lock_file(&self) -> PathBuf {
        self.run.join("board.lock")
    }

    /// The board's log.
    pub fn log_file(&self) -> PathBuf {
        self.state.join("board.log")
    }

    /// The socket for faces that speak this protocol version.
    ///
    /// A path too long for a socket moves to a short one in `/tmp`, which belongs
    /// to this user alone and whose name follows from the long one.
    pub fn socket(&self, protocol: u32) -> PathBuf {
        let name = format!("board-v{protocol}.sock");
        let usual = self.run.join(&name);
        if usual.as_os_str().len() <= SOCKET_PATH_LIMIT {
            return usual;
        }
        let digest = Sha256::digest(self.run.as_os_str().as_encoded_bytes());
        let short: String = digest.iter().take(6).map(|b| format!("{b:02x}")).collect();
        let uid = rustix::process::getuid().as_raw();
        PathBuf::from(format!("/tmp/callboard-{uid}-{short}")).join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callboard_home_puts_everything_under_it() {
        let home = Home::find(&Environment::of(&[("CALLBOARD_HOME", "/x")])).unwrap();
        assert_eq!(home, Home::under(Path::new("/x")));
        assert_eq!(home.database(), Path::new("/x/data/board.db"));
        assert_eq!(home.socket(1), Path::new("/x/run/board-v1.sock"));
    }

    #[test]
    fn a_locale_that_says_nothing_is_taken_for_utf8() {
        let unicode = |pairs: &[(&str, &str)]| Environment::of(pairs).shows_unicode();
        assert!(unicode(&[]));
        assert!(unicode(&[("TERM", "xterm")]));
        assert!(unicode(&[("LANG", "de_DE.UTF-8")]));
        assert!(!unicode(&[("TERM", "xterm"), ("LANG", "C")]));
        assert!(!unicode(&[("LC_ALL", "POSIX"), ("LANG", "de_DE.UTF-8")]));
    }

    #[test]
    fn a_poor_terminal_gets_ascii_whatever_the_locale_says() {
        for term in ["dumb", "linux", "vt100"] {
            let pairs = [("TERM", term), ("LANG", "C.UTF-8")];
            assert!(!Environment::of(&pairs).shows_unicode(), "{term}");
            assert!(
                !Environment::of(&[("TERM", term)]).shows_unicode(),
                "{term}"
            );
        }
    }

    #[test]
    fn a_relative_callboard_home_is_refused() {
        let fault = Home::find(&Environment::of(&[("CALLBOARD_HOME", "x")])).unwrap_err();
        assert!(fault.message.contains("not an absolute path"));
    }

    #[test]
    fn a_path_too_long_for_a_socket_moves_to_a_short_one() {
        let long = format!("/{}", "d".repeat(120));
        let socket = Home::under(Path::new(&long)).socket(1);
        assert!(socket.as_os_str().len() <= SOCKET_PATH_LIMIT);
        assert!(socket.starts_with("/tmp"));
        assert_eq!(socket, Home::under(Path::new(&long)).socket(1));
        assert_ne!(socket, Home::under(Path::new("/other")).socket(1));
    }
}
