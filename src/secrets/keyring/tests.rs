use std::env;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};
use std::time::Instant;

use keyring_core::mock;

use super::*;

fn mock_keyring() -> (Keyring, Arc<CredentialStore>) {
    let store: Arc<CredentialStore> = mock::Store::new().unwrap();
    let shared = Arc::clone(&store);
    (Keyring::opened_by(move || Ok(Arc::clone(&shared))), store)
}

fn id(byte: u8) -> Bytes {
    Bytes(vec![byte; 16])
}

#[test]
fn a_key_comes_back_under_its_id_until_it_is_forgotten() {
    let (keyring, _) = mock_keyring();
    let key = VaultKey::fresh().unwrap();
    keyring.keep(&id(1), &key).unwrap();
    assert_eq!(keyring.find(&id(1), UNASKED).unwrap().bytes(), key.bytes());
    let other = keyring.find(&id(2), UNASKED).unwrap_err();
    assert_eq!(other, "the system keyring does not have the vault's key");
    keyring.forget(&id(1)).unwrap();
    keyring.forget(&id(1)).unwrap();
    assert!(keyring.find(&id(1), UNASKED).is_err());
}

#[test]
fn a_probe_passes_and_leaves_nothing_behind() {
    let (keyring, store) = mock_keyring();
    keyring.probe(UNASKED).unwrap();
    let left = store.search(&std::collections::HashMap::from([("service", SERVICE)]));
    assert!(
        left.unwrap()
            .iter()
            .all(|entry| entry.get_secret().is_err())
    );
}

#[test]
fn what_a_keyring_refuses_is_said_without_what_it_holds() {
    let (keyring, store) = mock_keyring();
    let entry = store.build(SERVICE, &user_of(&id(1)), None).unwrap();
    let credential: &mock::Cred = entry.as_any().downcast_ref().unwrap();
    let cases = [
        (
            Error::NoStorageAccess("x".into()),
            "the system keyring is locked",
        ),
        (
            Error::BadEncoding(b"canary".to_vec()),
            "the system keyring failed",
        ),
        (
            Error::PlatformFailure("no bus\x1b[2J\nmore".into()),
            "the system keyring failed (no bus[2J)",
        ),
    ];
    for (error, told) in cases {
        credential.set_error(error);
        assert_eq!(keyring.find(&id(1), UNASKED).unwrap_err(), told);
    }
}

#[test]
fn what_is_not_a_key_is_not_taken_for_one() {
    let (keyring, store) = mock_keyring();
    let entry = store.build(SERVICE, &user_of(&id(1)), None).unwrap();
    for odd in ["", "not base64!", "c2hvcnQ="] {
        entry.set_password(odd).unwrap();
        let told = keyring.find(&id(1), UNASKED).unwrap_err();
        assert_eq!(told, "what the system keyring keeps is not a vault's key");
    }
}

#[test]
fn a_keyring_that_hangs_is_given_up_and_named() {
    let (release, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let keyring = Keyring::opened_by(move || {
        let _ = wait.lock().unwrap().recv();
        Err("released".to_owned())
    });
    let told = keyring.probe(Duration::ZERO).unwrap_err();
    assert_eq!(told, "the system keyring did not answer within 0 seconds");
    drop(release);
}

#[test]
fn a_keyring_that_breaks_is_named() {
    let keyring = Keyring::opened_by(|| panic!("the client has a bug"));
    assert_eq!(
        keyring.probe(UNASKED).unwrap_err(),
        "the system keyring broke off"
    );
}

#[test]
fn no_session_bus_is_found_out_by_looking() {
    let home = tempfile::TempDir::new().unwrap();
    let none = Err("no system keyring here (no session bus)".to_owned());
    assert_eq!(require_session_bus(None, home.path()), none);
    assert_eq!(require_session_bus(Some(""), home.path()), none);
    assert_eq!(require_session_bus(Some("autolaunch:"), home.path()), none);
    assert_eq!(
        require_session_bus(Some("unix:path=/nowhere/bus,guid=1"), home.path()),
        none
    );
    assert_eq!(
        require_session_bus(Some("tcp:host=localhost"), home.path()),
        Ok(())
    );
    std::fs::write(home.path().join("bus"), "").unwrap();
    assert_eq!(require_session_bus(None, home.path()), Ok(()));
    let address = format!("unix:path={},guid=1", home.path().join("bus").display());
    assert_eq!(
        require_session_bus(Some(&address), Path::new("/nowhere")),
        Ok(())
    );
}

/// What the real client says in a process whose environment is this one. The probe
/// runs inside a runtime's blocking thread there, as it does on the board.
#[cfg(target_os = "linux")]
fn told_with(variable: &str, value: &Path) -> String {
    let child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "secrets::keyring::tests::the_real_client_in_a_child",
            "--nocapture",
        ])
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env("XDG_RUNTIME_DIR", "/nowhere")
        .env("CALLBOARD_TEST_KEYRING", "1")
        .env(variable, value)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let told = String::from_utf8(child.stdout).unwrap();
    let line = told.lines().find_map(|line| line.split_once("told: "));
    line.unwrap_or_else(|| panic!("{told}")).1.to_owned()
}

#[test]
#[cfg(target_os = "linux")]
fn the_real_client_in_a_child() {
    if env::var_os("CALLBOARD_TEST_KEYRING").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let probe = tokio::task::spawn_blocking;
    let told = runtime.block_on(async {
        probe(|| Keyring::of_the_system().probe(Duration::from_secs(2)))
            .await
            .unwrap()
    });
    println!("told: {told:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_session_bus_the_real_client_is_not_even_asked() {
    let began = Instant::now();
    let told = told_with("XDG_RUNTIME_DIR", Path::new("/nowhere"));
    assert_eq!(told, "Err(\"no system keyring here (no session bus)\")");
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[test]
#[cfg(target_os = "linux")]
fn a_bus_that_never_answers_is_given_up() {
    let home = tempfile::TempDir::new().unwrap();
    let _silent = UnixListener::bind(home.path().join("bus")).unwrap();
    let told = told_with("XDG_RUNTIME_DIR", home.path());
    assert_eq!(
        told,
        "Err(\"the system keyring did not answer within 2 seconds\")"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_bus_that_hangs_up_is_named() {
    let home = tempfile::TempDir::new().unwrap();
    drop(UnixListener::bind(home.path().join("bus")).unwrap());
    let told = told_with("XDG_RUNTIME_DIR", home.path());
    assert!(
        told.starts_with("Err(\"the system keyring failed"),
        "{told}"
    );
}
