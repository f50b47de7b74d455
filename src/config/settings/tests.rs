use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

fn home() -> (tempfile::TempDir, Home) {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::under(dir.path());
    (dir, home)
}

fn with_file(text: &str) -> (tempfile::TempDir, Home) {
    let (dir, home) = home();
    fs::create_dir_all(&home.config).unwrap();
    fs::write(home.config_file(), text).unwrap();
    (dir, home)
}

fn fault(text: &str) -> String {
    let (_dir, home) = with_file(text);
    let fault = Settings::load(&home, &Environment::default()).unwrap_err();
    assert_eq!(fault.kind.exit_code(), 6);
    fault
        .message
        .replace(&home.config_file().display().to_string(), "config.toml")
}

#[test]
fn without_a_file_everything_is_as_usual() {
    let (_dir, home) = home();
    let settings = Settings::load(&home, &Environment::default()).unwrap();
    assert_eq!(settings.vault(), None);
    assert!(!settings.calm());
    assert!(settings.mouse());
    assert!(settings.keys().is_empty());
    assert!(settings.all().iter().all(|s| s.source == Source::Default));
}

#[test]
fn the_environment_wins_over_the_file() {
    let (_dir, home) = with_file("vault = \"file\"\ncalm = true\n");
    let environment = Environment::of(&[("CALLBOARD_VAULT", "memory")]);
    let settings = Settings::load(&home, &environment).unwrap();
    assert_eq!(settings.vault(), Some(VaultKind::Memory));
    assert!(settings.calm());
    let sources: Vec<&str> = settings.all().iter().map(|s| s.source.word()).collect();
    assert_eq!(
        sources.get(..3).unwrap(),
        ["environment", "default", "file"]
    );
}

#[test]
fn a_variable_with_a_word_it_cannot_take_is_named() {
    let (_dir, home) = home();
    let environment = Environment::of(&[("CALLBOARD_VAULT", "cellar")]);
    let fault = Settings::load(&home, &environment).unwrap_err();
    assert_eq!(fault.message, "CALLBOARD_VAULT cannot be \"cellar\"");
    assert_eq!(fault.hints, ["it takes keyring, passphrase, file, memory"]);
}

#[test]
fn every_broken_file_is_named_with_line_and_column() {
    assert!(fault("calm = \n").starts_with("config.toml, line 1, column "));
    assert_eq!(
        fault("# mine\ncalm = true\n\nvualt = \"file\"\n"),
        "config.toml, line 4, column 1: there is no setting \"vualt\""
    );
    assert_eq!(
        fault("vault = \"cellar\"\n"),
        "config.toml, line 1, column 9: vault cannot be that"
    );
    assert_eq!(
        fault("calm = \"yes\"\n"),
        "config.toml, line 1, column 8: calm cannot be that"
    );
}

#[test]
fn setting_a_key_keeps_comments_and_the_rest() {
    let (_dir, home) = with_file("# mine\nvault = \"file\" # for now\n\n# still\ncalm = true\n");
    set(&home, "vault", "memory").unwrap();
    assert_eq!(
        fs::read_to_string(home.config_file()).unwrap(),
        "# mine\nvault = \"memory\" # for now\n\n# still\ncalm = true\n"
    );
}

#[test]
fn a_new_file_is_for_its_owner_alone() {
    let (_dir, home) = home();
    set(&home, "calm", "true").unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home.config_file()), 0o600);
    assert_eq!(mode(&home.config), 0o700);
    assert_eq!(
        fs::read_to_string(home.config_file()).unwrap(),
        "calm = true\n"
    );
}

#[test]
fn a_broken_file_is_never_written_over() {
    let text = "calm = yes please\n";
    let (_dir, home) = with_file(text);
    let fault = set(&home, "calm", "true").unwrap_err();
    assert_eq!(fault.kind.exit_code(), 6);
    assert_eq!(fs::read_to_string(home.config_file()).unwrap(), text);
}

#[test]
fn what_cannot_be_set_is_refused_with_what_can() {
    let (_dir, home) = home();
    let unknown = set(&home, "colour", "red").unwrap_err();
    assert_eq!(unknown.kind.exit_code(), 2);
    assert!(unknown.hints[0].starts_with("the settings are vault, client_metadata_url, calm, "));
    let wrong = set(&home, "calm", "maybe").unwrap_err();
    assert_eq!(wrong.hints, ["it takes true or false"]);
    assert!(!home.config_file().exists());
}

#[test]
fn keys_are_read_in_every_form_of_a_table() {
    let (_dir, home) = with_file(
        "calm = true\n\n[keys]\nhelp = \"f2\"\nopen = [\"enter\", \"o\"]\nmark = []\n\
         functions.always = \"+\"\npicker = { back = \"-\" }\n\n[keys.form]\npress = \"f9\"\n",
    );
    let settings = Settings::load(&home, &Environment::default()).unwrap();
    assert!(settings.calm());
    let found: Vec<(String, Vec<&str>, (usize, usize))> = settings
        .keys()
        .iter()
        .map(|it| {
            let keys = it.keys.iter().map(|key| key.text.as_str()).collect();
            (it.name(), keys, it.spot.place())
        })
        .collect();
    let expected = [
        ("keys.help", vec!["f2"], (4, 1)),
        ("keys.open", vec!["enter", "o"], (5, 1)),
        ("keys.mark", vec![], (6, 1)),
        ("keys.functions.always", vec!["+"], (7, 11)),
        ("keys.picker.back", vec!["-"], (8, 12)),
        ("keys.form.press", vec!["f9"], (11, 1)),
    ]
    .map(|(name, keys, place)| (name.to_owned(), keys, place));
    assert_eq!(found, expected);
    assert_eq!(settings.keys()[1].keys[1].spot.place(), (5, 18));
}

#[test]
fn keys_that_are_no_keys_are_named_with_line_and_column() {
    assert_eq!(
        fault("keys = 3\n"),
        "config.toml, line 1, column 8: keys is a table of actions and their keys"
    );
    assert_eq!(
        fault("[keys]\nhelp = true\n"),
        "config.toml, line 2, column 8: help cannot be that"
    );
    assert_eq!(
        fault("[keys.form]\npress = [\"f9\", 9]\n"),
        "config.toml, line 2, column 16: press cannot be that"
    );
    assert_eq!(
        fault("[keys.form.press]\nkey = \"f9\"\n"),
        "config.toml, line 1, column 1: press cannot be that"
    );
}

#[test]
fn setting_a_key_leaves_the_table_of_keys_alone() {
    let (_dir, home) = with_file("[keys]\nhelp = \"f2\"\n");
    set(&home, "calm", "true").unwrap();
    assert_eq!(
        fs::read_to_string(home.config_file()).unwrap(),
        "calm = true\n[keys]\nhelp = \"f2\"\n"
    );
    let fault = set(&home, "keys.help", "f3").unwrap_err();
    assert_eq!(
        fault.hints,
        ["keys are bound in the file itself, in its table [keys]"]
    );
}

#[test]
fn the_page_in_docs_is_the_one_this_table_makes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
        fs::write(path, reference()).unwrap();
    }
    let page = fs::read_to_string(path).unwrap();
    assert_eq!(page, reference(), "INSTA_UPDATE=always writes it anew");
}
