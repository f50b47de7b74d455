use super::*;

fn words(line: &str) -> Vec<OsString> {
    let mut words = vec![OsString::from("callboard")];
    words.extend(line.split_whitespace().map(OsString::from));
    words
}

fn usage(line: &str) -> Fault {
    report::usage(
        &CommandLine::try_parse_from(words(line)).unwrap_err(),
        command_of(&words(line)).as_deref(),
    )
}

fn command(line: &str) -> Command {
    match parse(words(line)) {
        Choice::Command(request) => *request.command,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn the_table_of_commands_holds_together() {
    CommandLine::command().debug_assert();
}

/// The help of everything in one text, so that no word of it changes unseen.
#[test]
fn the_help_of_every_command() {
    let mut whole = CommandLine::command().term_width(100);
    whole.build();
    let mut text = whole.render_long_help().to_string();
    for command in whole.get_subcommands_mut() {
        text.push_str(&format!("\n═══ {} ═══\n", command.get_name()));
        text.push_str(&command.clone().term_width(100).render_help().to_string());
        let of = command.get_name().to_owned();
        for inner in command
            .get_subcommands_mut()
            .filter(|it| of != "help" && it.get_name() != "help")
        {
            text.push_str(&format!("\n═══ {of} {} ═══\n", inner.get_name()));
            text.push_str(&inner.clone().term_width(100).render_help().to_string());
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn without_a_command_the_interface_opens() {
    assert!(matches!(
        parse(words("")),
        Choice::Interface {
            foreground: false,
            calm: false
        }
    ));
    assert!(matches!(
        parse(words("--foreground --calm")),
        Choice::Interface {
            foreground: true,
            calm: true
        }
    ));
    assert!(matches!(
        parse(words("serve --background")),
        Choice::Board { background: true }
    ));
}

#[test]
fn json_may_stand_before_and_behind_the_command() {
    for line in ["--json list", "list --json"] {
        let Choice::Command(request) = parse(words(line)) else {
            panic!("{line}");
        };
        assert!(request.json(), "{line}");
    }
}

#[test]
fn json_of_a_program_is_not_ours() {
    assert!(wants_json(&words("add x --json -- y")));
    assert!(!wants_json(&words("add x -- y --json")));
}

#[test]
fn a_program_comes_after_two_dashes_with_all_its_words() {
    let Command::Add(_) = command("add files --env TOKEN -- npx -y server --json") else {
        panic!("add");
    };
}

#[test]
fn what_does_not_go_together_is_refused() {
    for line in [
        "add wiki",
        "add wiki https://x.example -- prog",
        "add wiki https://x.example --env TOKEN",
        "add wiki --token-stdin --password-stdin https://x.example",
        "add wiki https://x.example --timeout 0",
        "add wiki https://x.example --header X-Key",
        "always wiki",
        "always wiki --all search",
        "always wiki --all --reading",
        "call wiki search --args {} a=b",
        "login",
        "login wiki --paste x --device",
        "serve --http 127.0.0.1:1",
        "completions tcsh",
        "directory",
        "directory add",
        "directory add com.example/mcp x --set tenant",
        "directory add com.example/mcp x --set-env tenant=not-a-variable",
        "directory add com.example/mcp x --remote 0",
        "directory search --auth maybe",
        "directory search --added --not-added",
        "config set calm",
    ] {
        let fault = usage(line);
        assert_eq!(fault.kind.exit_code(), 2, "{line}");
        assert!(
            !fault.message.is_empty() && !fault.hints.is_empty(),
            "{line}"
        );
        assert!(!fault.message.contains('\n'), "{line}: {}", fault.message);
    }
}

#[test]
fn a_slip_in_a_command_comes_back_with_the_right_one() {
    let fault = usage("lst");
    assert_eq!(fault.message, "unrecognized subcommand 'lst'");
    assert!(
        fault.hints.iter().any(|hint| hint.contains("'list'")),
        "{fault:?}"
    );
}

#[test]
fn a_missing_word_is_named() {
    let fault = usage("rename wiki");
    assert_eq!(
        fault.message,
        "the following required arguments were not provided: <NEW>"
    );
}

#[test]
fn every_command_and_every_long_flag_of_the_page_exists() {
    let page = include_str!("../../docs/cli.md");
    let whole = CommandLine::command();
    for command in whole.get_subcommands().filter(|c| !c.is_hide_set()) {
        let name = format!("`callboard {}", command.get_name());
        assert!(page.contains(&name), "docs/cli.md has no {name}`");
    }
    let mut flags: Vec<String> = vec![
        "help".to_owned(),
        "foreground".to_owned(),
        "calm".to_owned(),
    ];
    let inner = whole.get_subcommands().flat_map(|it| it.get_subcommands());
    for command in whole.get_subcommands().chain(inner).chain([&whole]) {
        let known = command.get_arguments().filter_map(|a| a.get_long());
        flags.extend(known.map(str::to_owned));
    }
    let of_page = page.split("--").skip(1).map(|rest| {
        let flag = |c: &char| c.is_ascii_lowercase() || *c == '-';
        rest.chars().take_while(flag).collect::<String>()
    });
    for flag in of_page.filter(|flag| !flag.is_empty() && !flag.starts_with('-')) {
        assert!(flags.contains(&flag), "docs/cli.md has --{flag}");
    }
}
