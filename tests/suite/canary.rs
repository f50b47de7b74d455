//! No secret is anywhere that callboard writes: each is a canary, and everything is
//! searched for it in every form that it could take.

mod forms;
mod parrot;
mod signing;
mod trail;

use callboard::domain::Status;
use serde_json::json;
use tempfile::TempDir;

use crate::support::fake::{Auth, Behaviour, FakeServer, Misbehaviour};
use crate::support::program::stdio_server;
use crate::support::shell::{Run, Shell};
use trail::Trail;

/// With characters that encodings change, and of a length that chance does not hit.
const TOKEN: &str = "tok/canary+7c1f~4420==";
const PASSWORD: &str = "pass/canary+d07e~91b3:x";
const HEADER: &str = "head/canary+55ab~0e6c??";
const VARIABLE: &str = "vari/canary+31c9~ee02&&";
const QUERY: &str = "query-canary-a84d-6f17";
const PROXY: &str = "proxy-canary-c22e-7b90";
const PASSPHRASE: &str = "phrase/canary+48e1~d55a  x";
/// Given, and wrong.
const WRONG: &str = "wrong/canary+e3f0~1a2b==";

const ALL: [&str; 8] = [
    TOKEN, PASSWORD, HEADER, VARIABLE, QUERY, PROXY, PASSPHRASE, WRONG,
];

/// A shell whose first command starts the board with every secret in reach.
fn shell(vault: &str) -> (Shell, TempDir) {
    let aside = tempfile::tempdir().unwrap();
    let passphrase = aside.path().join("passphrase");
    std::fs::write(&passphrase, format!("{PASSPHRASE}\n")).unwrap();
    let mut shell = Shell::new();
    shell.set("CALLBOARD_VAULT", vault);
    if vault == "passphrase" {
        shell.set("CALLBOARD_PASSPHRASE_FILE", passphrase.to_str().unwrap());
    }
    for (name, value) in [
        ("TOKEN", TOKEN),
        ("PASSWORD", PASSWORD),
        ("HEADER", HEADER),
        ("VARIABLE", VARIABLE),
        ("WRONG", WRONG),
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "1"),
    ] {
        shell.set(name, value);
    }
    (shell, aside)
}

struct Servers {
    bearer: FakeServer,
    basic: FakeServer,
    header: FakeServer,
    open: FakeServer,
    elsewhere: FakeServer,
    broken: FakeServer,
}

impl Servers {
    fn start() -> Self {
        let start = FakeServer::start;
        let auth = |auth| start(Behaviour::modern().auth(auth));
        Self {
            bearer: auth(Auth::Bearer(TOKEN.to_owned())),
            basic: auth(Auth::Basic("ana".to_owned(), PASSWORD.to_owned())),
            header: auth(Auth::Header("X-Api-Key".to_owned(), HEADER.to_owned())),
            open: start(Behaviour::modern()),
            elsewhere: start(Behaviour::misbehaving(Misbehaviour::RedirectElsewhere)),
            broken: start(Behaviour::misbehaving(Misbehaviour::CutInTheMiddle)),
        }
    }
}

/// Adds one connector for each way to carry a secret, well and badly.
fn add_all(trail: &mut Trail, servers: &Servers) {
    let program = stdio_server().display().to_string();
    let query = format!("{}?api_key={QUERY}", servers.open.url);
    let gone = format!("{}?api_key={QUERY}", servers.elsewhere.url);
    let proxy = format!("http://ana:{PROXY}@127.0.0.1:1");
    let basic = ["--user", "ana", "--password-env", "PASSWORD"];
    let good: [&[&str]; 5] = [
        &["bearer", &servers.bearer.url, "--token-env", "TOKEN"],
        &[&["basic", &servers.basic.url][..], &basic].concat(),
        &[
            "header",
            &servers.header.url,
            "--header",
            "X-Api-Key=HEADER",
        ],
        &["query", &query],
        &["program", "--env", "VARIABLE", "--", &program, "normal"],
    ];
    for words in good {
        let _ = trail
            .run(&[&["add", "--trust"], words].concat())
            .succeeded();
    }
    let bad: [&[&str]; 6] = [
        &["wrong", &servers.bearer.url, "--token-env", "WRONG"],
        &["away", &servers.elsewhere.url, "--token-env", "TOKEN"],
        &["gone", &gone],
        &["cut", &servers.broken.url, "--token-env", "TOKEN"],
        &[
            "proxied",
            "https://192.0.2.1/mcp",
            "--proxy",
            &proxy,
            "--token-env",
            "TOKEN",
        ],
        &[
            "plain",
            "http://192.0.2.1/mcp",
            "--plain-http",
            "--token-env",
            "TOKEN",
        ],
    ];
    for words in bad {
        let words = [&["add", "--trust", "--timeout", "2"], words].concat();
        assert_ne!(trail.run(&words).code, 0, "{words:?}");
        let words = [&words[..], &["--json"]].concat();
        assert_ne!(trail.run(&words).code, 0, "{words:?}");
    }
    let _ = trail.run(&["detect", &query]);
    let _ = trail.run(&["detect", &gone, "--json"]);
}

/// Everything that shows anything, as text and as JSON.
fn look_at_all(trail: &mut Trail) {
    let names = [
        "bearer", "basic", "header", "query", "program", "wrong", "cut", "proxied",
    ];
    for name in names {
        for command in ["show", "functions", "refresh", "disable", "enable"] {
            let _ = trail.run(&[command, name]);
            let _ = trail.run(&[command, name, "--json"]);
        }
        let words = ["call", name, "echo", "text=on", "--yes"];
        let _ = trail.run(&words);
        let _ = trail.run(&[&words[..], &["--json"]].concat());
        let _ = trail.run(&["call", name, "fail", "--yes"]);
        let _ = trail.run(&["function", name, "echo", "--json"]);
    }
    let _ = trail.run(&["edit", "wrong", "--token-env", "WRONG"]);
    for words in [
        &["list"][..],
        &["log"],
        &["status"],
        &["doctor"],
        &["config"],
    ] {
        let _ = trail.run(words);
        let _ = trail.run(&[words, &["--json"]].concat());
    }
    let _ = trail.with(&["unlock", "--password-stdin"], &format!("{WRONG}\n"));
    let _ = trail.with(&["unlock", "--password-stdin"], &format!("{PASSPHRASE}\n"));
}

/// The secrets did their work: otherwise nothing was searched for.
fn assert_used(shell: &Shell, servers: &Servers) {
    for (server, secret) in [
        (&servers.bearer, TOKEN),
        (&servers.bearer, WRONG),
        (&servers.header, HEADER),
        (&servers.open, QUERY),
    ] {
        assert!(
            server.requests().iter().any(|r| r.mentions(secret)),
            "{secret}"
        );
        assert!(server.count("tools/call") > 0 || secret == WRONG);
    }
    assert!(servers.basic.count("tools/call") > 0);
    let env = shell.run(&["call", "program", "env", "--yes"]).succeeded();
    assert!(env.stdout.contains(VARIABLE), "the program was given it");
    assert!(
        !servers
            .elsewhere
            .elsewhere()
            .requests()
            .iter()
            .any(|r| r.mentions(TOKEN))
    );
    assert_eq!(
        shell.json(&["show", "bearer"])["status"],
        json!(Status::Connected)
    );
}

fn no_canary_escapes(vault: &str) {
    let (shell, _aside) = shell(vault);
    let servers = Servers::start();
    let mut trail = Trail::new(&shell);
    add_all(&mut trail, &servers);
    trail.listen();
    look_at_all(&mut trail);
    assert_used(&shell, &servers);
    trail.look_at_board();
    trail.end();
    for canary in ALL {
        let found = trail.holds(canary);
        assert!(found.is_empty(), "{vault}: {canary}: {found:#?}");
    }
}

#[test]
fn no_canary_escapes_a_board_that_keeps_secrets_in_memory() {
    no_canary_escapes("memory");
}

#[test]
fn no_canary_escapes_a_board_that_keeps_its_key_in_a_file() {
    no_canary_escapes("file");
}

#[test]
fn no_canary_escapes_a_board_that_keeps_its_key_under_a_passphrase() {
    no_canary_escapes("passphrase");
}

#[test]
fn a_canary_that_was_planted_is_found_wherever_and_however() {
    let (shell, _aside) = shell("memory");
    let mut trail = Trail::new(&shell);
    let _ = trail.run(&["list"]);
    let folder = shell.home().join("board/state");
    for (number, form) in forms::of(TOKEN).into_iter().enumerate() {
        let file = folder.join(format!("planted{number}"));
        std::fs::write(&file, format!("\0before {form} after")).unwrap();
        let found = trail.holds(TOKEN);
        assert!(
            found.iter().any(|place| place.contains("planted")),
            "{form}"
        );
        std::fs::remove_file(&file).unwrap();
        assert_eq!(trail.holds(TOKEN), Vec::<String>::new());
    }
    // Printed by a command.
    let echo = Run {
        code: 0,
        stdout: String::new(),
        stderr: format!("warning: {TOKEN}"),
    };
    trail.keep("echo", &echo);
    assert_eq!(trail.holds(TOKEN).len(), 1);
}

#[test]
fn a_secret_that_the_server_quotes_is_hidden_again() {
    let (shell, _aside) = shell("memory");
    let url = parrot::start();
    let query = format!("{url}?api_key={QUERY}");
    let mut trail = Trail::new(&shell);
    let basic = ["--user", "ana", "--password-env", "PASSWORD"];
    let ways: [&[&str]; 5] = [
        &["bearer", &url, "--token-env", "TOKEN"],
        &[&["basic", &url][..], &basic].concat(),
        &["header", &url, "--header", "X-Api-Key=HEADER"],
        &["query", &query],
        &["known", &query, "--auth", "none"],
    ];
    for words in ways {
        let words = [&["add", "--trust"], words].concat();
        let run = trail.run(&words);
        assert_ne!(run.code, 0);
        assert!(run.stderr.contains("invalid key"), "{}", run.stderr);
        let _ = trail.run(&[&words[..], &["--json"]].concat());
    }
    let _ = trail.run(&["detect", &query]);
    let _ = trail.run(&["detect", &query, "--json"]);
    let _ = trail.run(&["list", "--json"]);
    trail.look_at_board();
    trail.end();
    for canary in [TOKEN, PASSWORD, HEADER, QUERY] {
        assert_eq!(trail.holds(canary), Vec::<String>::new(), "{canary}");
    }
}
