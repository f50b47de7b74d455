//! A vault whose key is in the system keyring: Secret Service on Linux, Keychain on
//! macOS.
//!
//! A keyring may hang (a prompt nobody sees, a daemon that died), so every question
//! is asked on a thread of its own and given up after a while. The thread also keeps
//! the Linux client's runtime away from callers that have one.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use super::SecretsError;
use super::keyfile::base64_of;
use super::record::Bytes;
use super::sealed::{VaultKey, random};

const SERVICE: &str = "callboard";

/// How long a keyring has when nobody asked for it to be opened.
pub(super) const UNASKED: Duration = Duration::from_secs(2);
/// How long it has when somebody did, who may have to answer its prompt.
pub(super) const ASKED: Duration = Duration::from_secs(30);

type OpenStore = Arc<dyn Fn() -> Result<Arc<CredentialStore>, String> + Send + Sync>;

/// The keyring, not opened before it is needed.
#[derive(Clone)]
pub(super) struct Keyring {
    open: OpenStore,
}

impl Keyring {
    /// The keyring of this system.
    pub(super) fn of_the_system() -> Self {
        Self {
            open: Arc::new(system_store),
        }
    }

    /// A keyring that `open` gives.
    #[cfg(test)]
    pub(super) fn opened_by(
        open: impl Fn() -> Result<Arc<CredentialStore>, String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            open: Arc::new(open),
        }
    }

    /// Whether a value written can be read back and deleted, and would outlive the
    /// login. The error says why not, as the end of a sentence.
    pub(super) fn probe(&self, patience: Duration) -> Result<(), String> {
        let value = base64_of(&random::<32>().map_err(|error| error.to_string())?);
        let user = format!("probe {:016x}", u64::from_le_bytes(random_or_text()?));
        self.ask(patience, move |store| {
            let entry = entry(store, &user)?;
            entry.set_secret(value.as_bytes()).map_err(reason)?;
            let kept = entry.get_secret().map_err(reason);
            let volatile = is_volatile(&entry);
            entry.delete_credential().map_err(reason)?;
            if volatile {
                return Err("it only has a session collection, which a logout empties".to_owned());
            }
            if kept? != value.as_bytes() {
                return Err("it did not give back what was written".to_owned());
            }
            Ok(())
        })
    }

    /// Keeps `key` under its id.
    pub(super) fn keep(&self, id: &Bytes, key: &VaultKey) -> Result<(), String> {
        let user = user_of(id);
        let text = Zeroizing::new(base64_of(key.bytes()));
        self.ask(ASKED, move |store| {
            let entry = entry(store, &user)?;
            entry.set_secret(text.as_bytes()).map_err(reason)?;
            let kept = Zeroizing::new(entry.get_secret().map_err(reason)?);
            if *kept != text.as_bytes() {
                return Err("it did not give back what was written".to_owned());
            }
            Ok(())
        })
    }

    /// The key with this id.
    pub(super) fn find(&self, id: &Bytes, patience: Duration) -> Result<VaultKey, String> {
        let user = user_of(id);
        self.ask(patience, move |store| {
            let text = match entry(store, &user)?.get_secret() {
                Ok(text) => Zeroizing::new(text),
                Err(Error::NoEntry) => {
                    return Err("the system keyring does not have the vault's key".to_owned());
                }
                Err(error) => return Err(reason(error)),
            };
            std::str::from_utf8(&text)
                .ok()
                .and_then(Bytes::from_base64)
                .map(|bytes| Zeroizing::new(bytes.0))
                .and_then(|bytes| VaultKey::from_bytes(&bytes))
                .ok_or_else(|| "what the system keyring keeps is not a vault's key".to_owned())
        })
    }

    /// Deletes the key with this id; a key that is not there is as good.
    pub(super) fn forget(&self, id: &Bytes) -> Result<(), String> {
        let user = user_of(id);
        self.ask(UNASKED, move |store| {
            match entry(store, &user)?.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(error) => Err(reason(error)),
            }
        })
    }

    fn ask<T: Send + 'static>(
        &self,
        patience: Duration,
        task: impl FnOnce(&CredentialStore) -> Result<T, String> + Send + 'static,
    ) -> Result<T, String> {
        let open = Arc::clone(&self.open);
        let (sender, receiver) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || {
                let answer = open().and_then(|store| task(&*store));
                let _ = sender.send(answer);
            })
            .map_err(|error| format!("no thread for the system keyring: {error}"))?;
        receiver.recv_timeout(patience).unwrap_or_else(|gone| {
            Err(match gone {
                mpsc::RecvTimeoutError::Timeout => format!(
                    "the system keyring did not answer within {} seconds",
                    patience.as_secs()
                ),
                mpsc::RecvTimeoutError::Disconnected => "the system keyring broke off".to_owned(),
            })
        })
    }
}

fn random_or_text<const N: usize>() -> Result<[u8; N], String> {
    random().map_err(|error: SecretsError| error.to_string())
}

fn user_of(id: &Bytes) -> String {
    let hex: String = id.0.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("vault {hex}")
}

fn entry(store: &CredentialStore, user: &str) -> Result<Entry, String> {
    store.build(SERVICE, user, None).map_err(reason)
}

/// What a keyring's error means. Never its payload: some carry what was stored.
fn reason(error: Error) -> String {
    match error {
        Error::NoStorageAccess(_) => "the system keyring is locked".to_owned(),
        Error::NoEntry => "the system keyring lost what was written".to_owned(),
        Error::Ambiguous(_) => "the system keyring has several entries for one key".to_owned(),
        Error::PlatformFailure(source) => {
            let text = source.to_string();
            if text.contains("org.freedesktop.DBus.Error.ServiceUnknown") {
                "no system keyring here (nothing on the session bus keeps secrets)".to_owned()
            } else {
                format!("the system keyring failed ({})", one_line(&text))
            }
        }
        _ => "the system keyring failed".to_owned(),
    }
}

/// A message of the system's as far as it fits into a sentence.
fn one_line(text: &str) -> String {
    let shown = |c: &char| c.is_ascii_graphic() || *c == ' ';
    text.lines()
        .next()
        .unwrap_or("")
        .chars()
        .filter(shown)
        .take(120)
        .collect()
}

#[cfg(target_os = "linux")]
fn system_store() -> Result<Arc<CredentialStore>, String> {
    let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").ok();
    let runtime = std::env::var("XDG_RUNTIME_DIR")
        .ok()
        .unwrap_or_else(|| format!("/run/user/{}", rustix::process::geteuid().as_raw()));
    require_session_bus(address.as_deref(), Path::new(&runtime))?;
    let store = zbus_secret_service_keyring_store::Store::new().map_err(reason)?;
    Ok(store)
}

#[cfg(target_os = "macos")]
fn system_store() -> Result<Arc<CredentialStore>, String> {
    let store = apple_native_keyring_store::keychain::Store::new().map_err(reason)?;
    Ok(store)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn system_store() -> Result<Arc<CredentialStore>, String> {
    Err("no system keyring is known on this system".to_owned())
}

/// Whether a session bus can be there at all, found out without starting one.
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
fn require_session_bus(address: Option<&str>, runtime: &Path) -> Result<(), String> {
    let there = match address.filter(|address| !address.is_empty()) {
        None => runtime.join("bus").exists(),
        Some(address) if address.starts_with("autolaunch:") => false,
        Some(address) => match address.strip_prefix("unix:path=") {
            Some(rest) => Path::new(rest.split([',', ';']).next().unwrap_or(rest)).exists(),
            None => true,
        },
    };
    if there {
        Ok(())
    } else {
        Err("no system keyring here (no session bus)".to_owned())
    }
}

/// Whether the entry is in Secret Service's session collection, which lives in
/// memory (Secret Service API, "Collections").
#[cfg(target_os = "linux")]
fn is_volatile(entry: &Entry) -> bool {
    use zbus_secret_service_keyring_store::cred::Wrapper;
    entry.get_credential().ok().is_some_and(|found| {
        found
            .as_any()
            .downcast_ref::<Wrapper>()
            .is_some_and(|item| item.get_path().contains("/collection/session/"))
    })
}

#[cfg(not(target_os = "linux"))]
fn is_volatile(_entry: &Entry) -> bool {
    false
}

#[cfg(test)]
mod tests;
