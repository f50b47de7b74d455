//! The documents say what is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item};

use crate::support::shell::Shell;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The crates that Cargo.toml names, wherever they are needed.
fn crates() -> BTreeSet<String> {
    let manifest: DocumentMut = read("Cargo.toml").parse().unwrap();
    let mut tables = vec![&manifest["dependencies"], &manifest["dev-dependencies"]];
    let targets = manifest["target"].as_table().unwrap().iter();
    tables.extend(targets.map(|(_, target)| &target["dependencies"]));
    let names = tables.into_iter().filter_map(Item::as_table_like);
    names
        .flat_map(|table| table.iter().map(|(name, _)| name.to_owned()))
        .collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let text = read("docs/dependencies.md");
    // Names stand in bold before the colon; the reason follows it.
    let named: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("- ")?.split_once(": "))
        .flat_map(|(names, _)| names.split("**").skip(1).step_by(2))
        .collect();
    let once: BTreeSet<String> = named.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(once.len(), named.len(), "a crate has two reasons");
    assert_eq!(once, crates());
}

#[test]
fn every_flag_is_in_the_contract() {
    let contract = read("docs/cli.md");
    let shell = Shell::new();
    let mut left = vec![String::new()];
    let mut seen = 0;
    while let Some(command) = left.pop() {
        let mut words: Vec<&str> = command.split_whitespace().collect();
        words.push("--help");
        let help = shell.run(&words).succeeded().stdout;
        left.extend(commands(&help).map(|inner| format!("{command} {inner}")));
        for flag in flags(&help).filter(|flag| !["--help", "--version"].contains(flag)) {
            assert!(
                contract.contains(flag),
                "docs/cli.md does not name {flag} of{command}"
            );
            seen += 1;
        }
    }
    assert!(seen > 60, "only {seen} flags were found");
}

/// The commands that a help page lists.
fn commands(help: &str) -> impl Iterator<Item = &str> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    listed
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        // It takes the name of a command, and no flags.
        .filter(|command| *command != "help")
}

/// The long flags that a help page lists.
fn flags(help: &str) -> impl Iterator<Item = &str> {
    help.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("-h, ").unwrap_or(line);
        line.starts_with("--")
            .then(|| line.split([' ', '=']).next())?
    })
}

#[test]
fn every_link_leads_somewhere() {
    for page in [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "docs/architecture.md",
        "docs/cli.md",
        "docs/configuration.md",
        "docs/dependencies.md",
        "docs/directory.md",
        "docs/terminology.md",
    ] {
        let text = read(page);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            if target.is_empty() || target.starts_with("https://") {
                continue;
            }
            let path = folder.parent().unwrap().join(target);
            assert!(
                path.exists(),
                "{page} links to {target}, which is not there"
            );
        }
    }
}
