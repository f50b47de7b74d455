//! What happens to who changes the vault's files.

use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;
use crate::secrets::container::{with_checksum, without_checksum};

/// Changes the file as somebody without the key would who knows its format: the
/// checksum is made to fit again.
fn rewrite(path: &Path, change: impl FnOnce(String) -> String) {
    let bytes = fs::read(path).unwrap();
    let text = String::from_utf8(without_checksum(&bytes).unwrap().to_vec()).unwrap();
    let changed = change(text.clone());
    assert_ne!(text, changed, "the test changed nothing");
    fs::write(path, with_checksum(changed.into_bytes())).unwrap();
}

/// Opens the vault and asks for the canary; whatever comes of it, no other secret
/// does, and the file stays as it is.
fn is_refused(place: &Place, how: &str) {
    let before = fs::read(place.file()).unwrap();
    let told = place.try_open().and_then(|mut vault| {
        vault.unlock(Some(&words()))?;
        vault.get(&token("c1"))?;
        vault.put(&token("c2"), &Secret::new("new"))
    });
    assert!(told.is_err(), "{how}");
    assert_eq!(fs::read(place.file()).unwrap(), before, "{how}");
}

#[test]
fn a_flipped_bit_anywhere_is_refused_and_the_file_is_kept() {
    let place = Place::new();
    drop(place.filled(VaultKind::File));
    let whole = fs::read(place.file()).unwrap();
    for index in 0..whole.len() {
        let mut bent = whole.clone();
        bent[index] ^= 1 << (index % 8);
        fs::write(place.file(), &bent).unwrap();
        is_refused(&place, &format!("byte {index}"));
    }
}

#[test]
fn a_flipped_bit_with_a_fitting_checksum_never_yields_anything() {
    let place = Place::new();
    drop(place.filled(VaultKind::File));
    let whole = fs::read(place.file()).unwrap();
    let lines = without_checksum(&whole).unwrap();
    for index in 0..lines.len() {
        let mut bent = lines.to_vec();
        bent[index] ^= 1 << (index % 7);
        fs::write(place.file(), with_checksum(bent)).unwrap();
        is_refused(&place, &format!("byte {index}"));
    }
}

#[test]
fn a_flipped_bit_in_a_passphrase_vault_is_refused_too() {
    let place = Place::new();
    drop(place.filled(VaultKind::Passphrase));
    let whole = fs::read(place.file()).unwrap();
    let lines = without_checksum(&whole).unwrap();
    for index in (0..lines.len()).step_by(3) {
        let mut bent = lines.to_vec();
        bent[index] ^= 1;
        fs::write(place.file(), with_checksum(bent)).unwrap();
        is_refused(&place, &format!("byte {index}"));
    }
}

#[test]
fn a_file_cut_short_is_refused_and_kept() {
    let place = Place::new();
    drop(place.filled(VaultKind::File));
    let whole = fs::read(place.file()).unwrap();
    for length in 0..whole.len() {
        fs::write(place.file(), &whole[..length]).unwrap();
        is_refused(&place, &format!("{length} bytes"));
    }
    let longer = [&whole[..], b"\n"].concat();
    fs::write(place.file(), longer).unwrap();
    is_refused(&place, "one byte more");
}

#[test]
fn a_vault_damaged_while_the_board_runs_is_neither_believed_nor_overwritten() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    fs::write(place.file(), b"rubbish").unwrap();
    let told = vault.get(&token("c1")).unwrap_err();
    let fault = Fault::from(told);
    assert!(
        fault.message.contains(&place.file().display().to_string()),
        "{fault}"
    );
    assert!(vault.put(&token("c2"), &Secret::new("x")).is_err());
    assert!(vault.choose(VaultKind::Passphrase, Some(&words())).is_err());
    assert_eq!(fs::read(place.file()).unwrap(), b"rubbish");
    fs::remove_file(place.file()).unwrap();
    assert!(vault.put(&token("c2"), &Secret::new("x")).is_err());
    assert!(!place.file().exists());
}

#[test]
fn a_secret_moved_to_another_server_connector_or_record_is_refused() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    vault.put(&token("c2"), &Secret::new("of c2")).unwrap();
    let whole = fs::read(place.file()).unwrap();
    let records = &vault.shelf.as_ref().unwrap().book.records;
    let [one, two] = [&records[0], &records[1]].map(|record| record.sealed.to_base64());
    type Change<'a> = Box<dyn Fn(String) -> String + 'a>;
    let moves: [(&str, Change<'_>); 4] = [
        (
            "swapped",
            Box::new(|text| {
                text.replace(&one, "<>")
                    .replace(&two, &one)
                    .replace("<>", &two)
            }),
        ),
        (
            "origin",
            Box::new(|text| text.replace("a.example", "b.example")),
        ),
        (
            "connector",
            Box::new(|text| text.replace("\"c2\"", "\"c3\"")),
        ),
        (
            "name",
            Box::new(|text| text.replace("\"token\"", "\"oauth\"")),
        ),
    ];
    for (how, change) in moves {
        fs::write(place.file(), &whole).unwrap();
        rewrite(&place.file(), change);
        is_refused(&place, how);
        assert!(
            vault.get(&token("c1")).is_err(),
            "an open vault notices it too: {how}"
        );
    }
}

/// Even who could seal the file anew (an older callboard's fault, say) cannot make a
/// ciphertext fit another record: each is bound to its own.
#[test]
fn a_moved_secret_does_not_open_even_under_a_fitting_seal() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    vault.put(&token("c2"), &Secret::new("of c2")).unwrap();
    let mut book = vault.shelf.as_ref().unwrap().book.clone();
    let taken = book.records[0].sealed.clone();
    book.records[1].sealed = taken;
    fs::write(
        place.file(),
        book.written(vault.key.as_ref().unwrap()).unwrap(),
    )
    .unwrap();
    let mut vault = place.open();
    assert!(matches!(
        vault.get(&token("c2")),
        Err(SecretsError::Damaged { .. })
    ));
    assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
}

#[test]
fn a_vault_of_a_later_format_is_left_alone() {
    let place = Place::new();
    drop(place.filled(VaultKind::File));
    fs::write(place.file(), "callboard-vault 2\nwho knows\n").unwrap();
    let told = place.try_open().unwrap_err();
    assert!(matches!(told, SecretsError::Newer { version: 2, .. }));
    assert_eq!(Fault::from(told).hints, ["update callboard"]);
}

#[test]
fn a_vault_that_others_can_reach_is_refused_with_the_chmod_that_mends_it() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    let key_file = place.folder().join("vault.key");
    for (path, wrong, right) in [
        (place.file(), 0o644, 0o600),
        (place.folder(), 0o755, 0o700),
        (key_file, 0o640, 0o600),
    ] {
        fs::set_permissions(&path, fs::Permissions::from_mode(wrong)).unwrap();
        let told = place
            .try_open()
            .and_then(|mut fresh| fresh.get(&token("c1")))
            .unwrap_err();
        let hint = format!("run `chmod {right:o} {}`", path.display());
        assert_eq!(Fault::from(told).hints, [hint]);
        fs::set_permissions(&path, fs::Permissions::from_mode(right)).unwrap();
        assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
    }
}

#[test]
fn a_vault_swapped_for_a_symlink_is_refused_even_while_the_board_runs() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    let elsewhere = place.home.path().join("elsewhere");
    fs::rename(place.file(), &elsewhere).unwrap();
    symlink(&elsewhere, place.file()).unwrap();
    let before = fs::read(&elsewhere).unwrap();
    assert!(matches!(
        vault.get(&token("c1")),
        Err(SecretsError::Exposed { .. })
    ));
    let put = vault.put(&token("c2"), &Secret::new("x"));
    assert!(matches!(put, Err(SecretsError::Exposed { .. })));
    assert_eq!(fs::read(&elsewhere).unwrap(), before);
}

#[test]
fn a_key_file_that_is_gone_damaged_or_anothers_leaves_the_vault_locked() {
    let place = Place::new();
    drop(place.filled(VaultKind::File));
    let key_file = place.folder().join("vault.key");
    let right = fs::read(&key_file).unwrap();

    fs::remove_file(&key_file).unwrap();
    let mut vault = place.open();
    assert!(vault.get(&token("c1")).unwrap_err().is_locked());
    assert_eq!(vault.state().why, "its key file vault.key is gone");

    let other = Place::new();
    drop(other.filled(VaultKind::File));
    let keep = |bytes: &[u8]| {
        fs::write(&key_file, bytes).unwrap();
        fs::set_permissions(&key_file, fs::Permissions::from_mode(0o600)).unwrap();
    };
    keep(&fs::read(other.folder().join("vault.key")).unwrap());
    assert!(place.open().get(&token("c1")).unwrap_err().is_locked());

    for index in 0..right.len() {
        let mut bent = right.clone();
        bent[index] ^= 2;
        keep(&bent);
        let mut vault = place.open();
        assert!(vault.get(&token("c1")).is_err());
        assert!(vault.state().locked);
    }
    keep(&right);
    assert_eq!(shown(&mut place.open(), &token("c1")).unwrap(), CANARY);
}

#[test]
fn what_a_crash_left_half_written_does_not_disturb() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    fs::write(place.folder().join(".vault.0123.tmp"), b"half").unwrap();
    assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
    vault.put(&token("c2"), &Secret::new("x")).unwrap();
    assert_eq!(place.names(), ["vault", "vault.key", "vault.lock"]);
}
