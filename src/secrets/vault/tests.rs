use std::fs;
use std::path::Path;
use std::sync::Arc;

use keyring_core::{CredentialStore, mock};
use tempfile::TempDir;

use super::*;
use crate::domain::Fault;

mod kinds;
mod tampering;

/// A home, a keyring that stays, and vaults opened on them one after another.
struct Place {
    home: TempDir,
    keyring: Arc<CredentialStore>,
}

const CHEAP: Cost = Cost {
    memory_kib: 32,
    passes: 1,
    lanes: 1,
};
const CANARY: &str = "canary-7f3a-secret";

impl Place {
    fn new() -> Self {
        Self {
            home: TempDir::new().unwrap(),
            keyring: mock::Store::new().unwrap(),
        }
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("secrets")
    }

    fn file(&self) -> PathBuf {
        self.folder().join(FILE)
    }

    fn try_open(&self) -> Result<Vault, SecretsError> {
        let keyring = Arc::clone(&self.keyring);
        let means = Means {
            keyring: Keyring::opened_by(move || Ok(Arc::clone(&keyring))),
            cost: CHEAP,
        };
        Vault::open_with(&self.folder(), means)
    }

    fn open(&self) -> Vault {
        self.try_open().unwrap()
    }

    fn open_without_keyring(&self) -> Vault {
        let means = Means {
            keyring: Keyring::opened_by(|| Err("no system keyring here".to_owned())),
            cost: CHEAP,
        };
        Vault::open_with(&self.folder(), means).unwrap()
    }

    /// A vault of this kind with the canary in it.
    fn filled(&self, kind: VaultKind) -> Vault {
        let mut vault = self.open();
        vault.choose(kind, Some(&words())).unwrap();
        vault.put(&token("c1"), &Secret::new(CANARY)).unwrap();
        vault
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Whether any file below the home holds these bytes.
    fn holds(&self, needle: &str) -> bool {
        fs::read_dir(self.folder()).unwrap().any(|entry| {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            bytes
                .windows(needle.len())
                .any(|window| window == needle.as_bytes())
        })
    }
}

fn words() -> Secret {
    Secret::new("correct horse")
}

fn token(connector: &str) -> RecordKey {
    RecordKey::new(ConnectorId::new(connector), "https://a.example", "token")
}

fn shown(vault: &mut Vault, key: &RecordKey) -> Option<String> {
    vault
        .get(key)
        .unwrap()
        .map(|secret| secret.expose().to_owned())
}

#[test]
fn before_anybody_chose_there_is_nothing_on_the_disk_and_nothing_to_keep_in() {
    let place = Place::new();
    let mut vault = place.open();
    assert_eq!(vault.state().kind, None);
    assert!(!vault.state().locked);
    assert!(vault.get(&token("c1")).unwrap().is_none());
    assert!(!vault.remove(&token("c1")).unwrap());
    let refused = vault.put(&token("c1"), &Secret::new(CANARY));
    assert!(matches!(refused, Err(SecretsError::NotChosen { .. })));
    assert!(matches!(
        vault.unlock(None),
        Err(SecretsError::NotChosen { .. })
    ));
    assert!(!place.folder().exists());
}

#[test]
fn a_secret_comes_back_under_its_whole_key_and_under_no_other() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
    let strange: [fn(&mut RecordKey); 5] = [
        |key| key.connector = ConnectorId::new("c2"),
        |key| key.origin = "https://b.example".into(),
        |key| key.name = "password".into(),
        |key| key.issuer = Some("https://i.example".into()),
        |key| key.account = Some("ana".into()),
    ];
    for change in strange {
        let mut key = token("c1");
        change(&mut key);
        assert!(shown(&mut vault, &key).is_none(), "{key:?}");
    }
}

#[test]
fn a_secret_put_again_takes_the_place_of_the_first() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    vault.put(&token("c1"), &Secret::new("second")).unwrap();
    assert_eq!(shown(&mut vault, &token("c1")).unwrap(), "second");
    assert_eq!(vault.shelf.as_ref().unwrap().book.records.len(), 1);
    assert!(vault.remove(&token("c1")).unwrap());
    assert!(!vault.remove(&token("c1")).unwrap());
    assert!(shown(&mut place.open(), &token("c1")).is_none());
}

#[test]
fn secrets_of_any_length_and_script_come_back() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    for text in ["", "ß\u{0}\n\"", &"x".repeat(100_000)] {
        vault.put(&token("c1"), &Secret::new(text)).unwrap();
        assert_eq!(shown(&mut place.open(), &token("c1")).unwrap(), text);
    }
}

#[test]
fn removing_a_connector_leaves_nothing_of_it_and_all_of_the_others() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    let gone = ConnectorId::new("gone-id");
    for name in ["token", "header:X-Key", "env:HOME_KEY"] {
        let key = RecordKey::new(gone.clone(), "https://gone.example", name);
        vault.put(&key, &Secret::new(name)).unwrap();
    }
    assert_eq!(
        vault.names(&gone),
        ["env:HOME_KEY", "header:X-Key", "token"]
    );
    assert!(place.holds("gone-id"));
    assert_eq!(vault.remove_connector(&gone).unwrap(), 3);
    assert_eq!(vault.remove_connector(&gone).unwrap(), 0);
    assert!(vault.names(&gone).is_empty());
    for trace in ["gone-id", "gone.example", "X-Key"] {
        assert!(!place.holds(trace), "{trace}");
    }
    assert_eq!(shown(&mut place.open(), &token("c1")).unwrap(), CANARY);
}

#[test]
fn two_boards_on_one_folder_lose_nothing_of_each_other() {
    let place = Place::new();
    let mut one = place.filled(VaultKind::File);
    let mut two = place.open();
    two.put(&token("c2"), &Secret::new("of two")).unwrap();
    one.put(&token("c3"), &Secret::new("of one")).unwrap();
    two.remove(&token("c1")).unwrap();
    for vault in [&mut one, &mut two] {
        assert!(shown(vault, &token("c1")).is_none());
        assert_eq!(shown(vault, &token("c2")).unwrap(), "of two");
        assert_eq!(shown(vault, &token("c3")).unwrap(), "of one");
    }
}

#[test]
fn writers_at_the_same_time_lose_nothing_of_each_other() {
    let place = Place::new();
    drop(place.filled(VaultKind::File));
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let place = &place;
            scope.spawn(move || {
                let mut vault = place.open();
                for number in 0..8 {
                    let key = token(&format!("w{writer}-{number}"));
                    vault.put(&key, &Secret::new(CANARY)).unwrap();
                }
            });
        }
    });
    assert_eq!(place.open().shelf.unwrap().book.records.len(), 33);
    assert_eq!(place.names(), ["vault", "vault.key", "vault.lock"]);
}

#[test]
fn a_vault_says_nothing_of_its_secrets_when_debugged_or_refused() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::Passphrase);
    let mut told = format!("{vault:?} {:?}", vault.shelf.as_ref().unwrap().book);
    vault.lock().unwrap();
    let wrong = Secret::new("wrong-canary-words");
    let error = vault.unlock(Some(&wrong)).unwrap_err();
    told.push_str(&format!("{error:?} {error}"));
    told.push_str(&format!("{:?}", Fault::from(error)));
    for secret in [CANARY, "correct horse", "wrong-canary"] {
        assert!(!told.contains(secret), "{told}");
    }
}

const WRITER: &str = "CALLBOARD_TEST_VAULT_WRITER";

/// The process that is killed: writes one secret after another and says so.
#[test]
fn a_writer_in_a_child() {
    let Some(folder) = std::env::var_os(WRITER) else {
        return;
    };
    let mut vault = Vault::open(Path::new(&folder)).unwrap();
    vault.choose(VaultKind::File, None).unwrap();
    for number in 0.. {
        let key = token(&format!("n{number}"));
        vault
            .put(&key, &Secret::new(format!("secret {number}")))
            .unwrap();
        println!("kept {number}");
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    use std::io::{BufRead, BufReader};
    for acknowledged in [1, 2, 5, 9, 14, 20] {
        let place = Place::new();
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "secrets::vault::tests::a_writer_in_a_child",
                "--nocapture",
            ])
            .env(WRITER, place.folder())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let told = BufReader::new(child.stdout.take().unwrap()).lines();
        let kept = told
            .map_while(Result::ok)
            .filter(|line| line.contains("kept "));
        assert_eq!(kept.take(acknowledged).count(), acknowledged);
        child.kill().unwrap();
        child.wait().unwrap();
        let mut vault = place.open();
        for number in 0..acknowledged {
            let secret = shown(&mut vault, &token(&format!("n{number}"))).unwrap();
            assert_eq!(secret, format!("secret {number}"));
        }
        vault.put(&token("after"), &Secret::new("x")).unwrap();
        assert_eq!(place.names(), ["vault", "vault.key", "vault.lock"]);
    }
}
