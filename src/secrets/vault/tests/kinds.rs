//! What each kind of vault does, and going from one to another.

use super::*;
use crate::secrets::keyring::UNASKED;

#[test]
fn every_kind_on_disk_keeps_its_secrets_over_a_restart_and_shows_none_on_it() {
    for kind in [VaultKind::Keyring, VaultKind::Passphrase, VaultKind::File] {
        let place = Place::new();
        drop(place.filled(kind));
        let mut vault = place.open();
        assert_eq!(vault.state().kind, Some(kind));
        assert_eq!(vault.state().locked, kind == VaultKind::Passphrase);
        assert_eq!(vault.state().warning.is_some(), kind == VaultKind::File);
        vault.unlock(Some(&words())).unwrap();
        assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
        assert!(
            !place.holds(CANARY) && !place.holds("correct horse"),
            "{kind:?}"
        );
    }
}

#[test]
fn keyring_and_file_open_themselves_when_first_needed() {
    for kind in [VaultKind::Keyring, VaultKind::File] {
        let place = Place::new();
        drop(place.filled(kind));
        let mut vault = place.open();
        assert!(vault.key.is_none(), "opening asks nobody");
        assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
    }
}

#[test]
fn memory_keeps_nothing_on_the_disk_and_says_so() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::Memory);
    assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
    assert!(
        vault
            .state()
            .warning
            .unwrap()
            .contains("lost when the board stops")
    );
    assert!(!place.folder().exists());
    assert!(matches!(vault.lock(), Err(SecretsError::Refused { .. })));
    assert_eq!(place.open().state().kind, None);
}

#[test]
fn a_locked_passphrase_vault_opens_for_its_passphrase_only() {
    let place = Place::new();
    drop(place.filled(VaultKind::Passphrase));
    let mut vault = place.open();
    let refused = vault.get(&token("c1")).unwrap_err();
    assert!(refused.is_locked());
    assert_eq!(Fault::from(refused).hints, ["run `callboard unlock`"]);
    assert!(vault.put(&token("c2"), &words()).unwrap_err().is_locked());
    assert!(
        vault
            .remove_connector(&ConnectorId::new("c1"))
            .unwrap_err()
            .is_locked()
    );
    assert_eq!(vault.remove_connector(&ConnectorId::new("c2")).unwrap(), 0);
    assert!(vault.unlock(None).unwrap_err().is_locked());
    let wrong = vault.unlock(Some(&Secret::new("wrong"))).unwrap_err();
    assert!(matches!(wrong, SecretsError::WrongPassphrase));
    assert!(vault.state().locked);
    vault.unlock(Some(&words())).unwrap();
    assert!(!vault.state().locked);
    assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
}

#[test]
fn a_vault_locked_by_hand_stays_locked_until_it_is_unlocked() {
    for kind in [VaultKind::Keyring, VaultKind::Passphrase, VaultKind::File] {
        let place = Place::new();
        let mut vault = place.filled(kind);
        vault.lock().unwrap();
        assert!(vault.state().locked);
        assert!(vault.get(&token("c1")).unwrap_err().is_locked());
        vault.unlock(Some(&words())).unwrap();
        assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
    }
}

#[test]
fn a_keyring_that_does_not_give_the_key_leaves_the_vault_locked_and_says_why() {
    let place = Place::new();
    drop(place.filled(VaultKind::Keyring));
    let mut vault = place.open_without_keyring();
    let refused = vault.get(&token("c1")).unwrap_err();
    assert!(refused.is_locked());
    assert_eq!(
        refused.to_string(),
        "the vault is locked: no system keyring here"
    );
    let state = vault.state();
    assert!(state.locked);
    assert_eq!(state.kind, Some(VaultKind::Keyring));
    assert_eq!(state.why, "no system keyring here");
    assert_eq!(place.names(), ["vault", "vault.lock"]);
}

#[test]
fn a_keyring_is_not_asked_again_for_every_secret_but_again_when_unlocked() {
    let place = Place::new();
    drop(place.filled(VaultKind::Keyring));
    let mut vault = place.open_without_keyring();
    assert!(vault.get(&token("c1")).is_err());
    let keyring = Arc::clone(&place.keyring);
    vault.means.keyring = Keyring::opened_by(move || Ok(Arc::clone(&keyring)));
    assert!(vault.get(&token("c1")).unwrap_err().is_locked());
    vault.unlock(None).unwrap();
    assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
    assert_eq!(vault.state().why, "the system keyring works here");
}

#[test]
fn the_best_kind_is_the_keyring_where_it_works() {
    let place = Place::new();
    let mut vault = place.open();
    let best = vault.choose_best(Otherwise::Memory).unwrap();
    assert_eq!(best, Best::Chosen(VaultKind::Keyring));
    assert_eq!(place.open().state().kind, Some(VaultKind::Keyring));
}

#[test]
fn without_a_keyring_somebody_is_asked_or_memory_is_taken_and_never_a_file() {
    let place = Place::new();
    let mut vault = place.open_without_keyring();
    let best = vault.choose_best(Otherwise::Ask).unwrap();
    let why = "no system keyring here".to_owned();
    assert_eq!(best, Best::MustChoose { why: why.clone() });
    assert_eq!((vault.state().kind, vault.state().why), (None, why.clone()));
    let best = vault.choose_best(Otherwise::Memory).unwrap();
    assert_eq!(best, Best::Chosen(VaultKind::Memory));
    assert_eq!(vault.state().why, why);
    assert!(place.names().is_empty());
}

#[test]
fn what_was_chosen_once_is_kept_when_the_best_is_asked_for() {
    let place = Place::new();
    drop(place.filled(VaultKind::Passphrase));
    let best = place.open().choose_best(Otherwise::Memory).unwrap();
    assert_eq!(best, Best::Chosen(VaultKind::Passphrase));
}

#[test]
fn choosing_a_keyring_that_does_not_work_is_refused_and_changes_nothing() {
    let place = Place::new();
    drop(place.filled(VaultKind::File));
    let before = fs::read(place.file()).unwrap();
    let mut vault = place.open_without_keyring();
    let refused = vault.choose(VaultKind::Keyring, None);
    assert!(matches!(refused, Err(SecretsError::Keyring { .. })));
    assert_eq!(fs::read(place.file()).unwrap(), before);
    assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
}

#[test]
fn secrets_go_along_from_any_kind_to_any_other_and_the_old_key_goes() {
    use VaultKind::{File, Keyring, Memory, Passphrase};
    for from in [Memory, Keyring, Passphrase, File] {
        for to in [Keyring, Passphrase, File] {
            let place = Place::new();
            let mut vault = place.filled(from);
            let old = vault.shelf.as_ref().unwrap().book.key_id.clone();
            vault.choose(to, Some(&words())).unwrap();
            assert_eq!(shown(&mut vault, &token("c1")).unwrap(), CANARY);
            let mut again = place.open();
            again.unlock(Some(&words())).unwrap();
            assert_eq!(
                shown(&mut again, &token("c1")).unwrap(),
                CANARY,
                "{from:?} {to:?}"
            );
            let has_key_file = place.names().contains(&"vault.key".to_owned());
            assert_eq!(has_key_file, to == File);
            if from != to {
                assert!(again.means.keyring.find(&old, UNASKED).is_err());
            }
        }
    }
}

#[test]
fn a_vault_on_disk_does_not_move_into_memory() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::File);
    let refused = vault.choose(VaultKind::Memory, None);
    assert!(matches!(refused, Err(SecretsError::Refused { .. })));
    assert_eq!(vault.state().kind, Some(VaultKind::File));
}

#[test]
fn a_locked_vault_does_not_change_its_kind() {
    let place = Place::new();
    drop(place.filled(VaultKind::Passphrase));
    let mut vault = place.open();
    assert!(vault.choose(VaultKind::File, None).unwrap_err().is_locked());
    assert!(
        vault
            .choose(VaultKind::Passphrase, Some(&words()))
            .unwrap_err()
            .is_locked()
    );
    assert_eq!(place.names(), ["vault", "vault.lock"]);
}

#[test]
fn a_passphrase_can_be_changed_and_the_old_one_opens_nothing_then() {
    let place = Place::new();
    let mut vault = place.filled(VaultKind::Passphrase);
    for empty in [None, Some(Secret::new(""))] {
        let refused = vault.choose(VaultKind::Passphrase, empty.as_ref());
        assert!(matches!(refused, Err(SecretsError::Refused { .. })));
    }
    let new = Secret::new("battery staple");
    vault.choose(VaultKind::Passphrase, Some(&new)).unwrap();
    let mut again = place.open();
    assert!(again.unlock(Some(&words())).is_err());
    again.unlock(Some(&new)).unwrap();
    assert_eq!(shown(&mut again, &token("c1")).unwrap(), CANARY);
}

#[test]
fn a_board_whose_vault_another_one_rekeyed_takes_up_the_new_key_or_locks() {
    let place = Place::new();
    let mut one = place.filled(VaultKind::File);
    let mut two = place.open();
    assert_eq!(shown(&mut two, &token("c1")).unwrap(), CANARY);
    one.choose(VaultKind::Keyring, None).unwrap();
    assert_eq!(shown(&mut two, &token("c1")).unwrap(), CANARY);
    one.choose(VaultKind::Passphrase, Some(&words())).unwrap();
    assert!(two.put(&token("c2"), &words()).unwrap_err().is_locked());
    assert_eq!(shown(&mut one, &token("c1")).unwrap(), CANARY);
}

#[test]
fn of_two_boards_that_choose_at_once_the_second_is_told() {
    let place = Place::new();
    let mut memory = place.filled(VaultKind::Memory);
    drop(place.filled(VaultKind::Passphrase));
    let before = fs::read(place.file()).unwrap();
    let refused = memory.choose(VaultKind::File, None);
    assert!(matches!(refused, Err(SecretsError::Refused { .. })));
    assert_eq!(fs::read(place.file()).unwrap(), before);
    assert_eq!(shown(&mut memory, &token("c1")).unwrap(), CANARY);
}

#[test]
fn a_key_file_that_a_crash_left_is_taken_up_and_never_overwritten() {
    let place = Place::new();
    drop(place.filled(VaultKind::File));
    let aside = place.folder().join("aside");
    fs::rename(place.file(), &aside).unwrap();
    let key_file = fs::read(place.folder().join("vault.key")).unwrap();
    let mut vault = place.open();
    vault.choose(VaultKind::File, None).unwrap();
    assert_eq!(
        fs::read(place.folder().join("vault.key")).unwrap(),
        key_file
    );
    fs::rename(&aside, place.file()).unwrap();
    assert_eq!(shown(&mut place.open(), &token("c1")).unwrap(), CANARY);
}

#[test]
fn a_vault_made_for_real_has_the_recommended_cost_and_does_not_take_less() {
    let place = Place::new();
    drop(place.filled(VaultKind::Passphrase));
    assert!(matches!(
        Vault::open(&place.folder()),
        Err(SecretsError::Damaged { .. })
    ));
    fs::remove_file(place.file()).unwrap();
    let mut vault = Vault::open(&place.folder()).unwrap();
    vault.choose(VaultKind::Passphrase, Some(&words())).unwrap();
    let text = fs::read_to_string(place.file()).unwrap();
    assert!(
        text.contains(r#""memory_kib":65536,"passes":3,"lanes":4"#),
        "{text}"
    );
    Vault::open(&place.folder())
        .unwrap()
        .unlock(Some(&words()))
        .unwrap();
}

/// Run by hand where there is one: `cargo test --lib a_real_keyring -- --ignored`.
#[test]
#[ignore = "needs the system's keyring, unlocked"]
fn a_real_keyring_keeps_a_vault_until_another_kind_is_chosen() {
    let place = Place::new();
    let mut vault = Vault::open(&place.folder()).unwrap();
    let best = vault.choose_best(Otherwise::Ask).unwrap();
    assert_eq!(best, Best::Chosen(VaultKind::Keyring));
    vault.put(&token("c1"), &Secret::new(CANARY)).unwrap();
    let mut again = Vault::open(&place.folder()).unwrap();
    assert_eq!(shown(&mut again, &token("c1")).unwrap(), CANARY);
    let id = again.shelf.as_ref().unwrap().book.key_id.clone();
    again.choose(VaultKind::File, None).unwrap();
    let left = again.means.keyring.find(&id, UNASKED).unwrap_err();
    assert_eq!(left, "the system keyring does not have the vault's key");
}
