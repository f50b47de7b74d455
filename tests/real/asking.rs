//! Functions that ask back.

use serde_json::{Value, json};

use crate::servers::Server;
use crate::shell::{Run, Shell};
use crate::terminal::Terminal;

fn connected(server: &Server) -> Shell {
    let mut shell = Shell::new();
    let _ = server.add(&mut shell);
    let _ = shell.run(&["always", server.name, "--all"]).succeeded();
    shell
}

fn call(shell: &Shell, server: &Server, words: &[&str]) -> Run {
    shell.run(&[&["call", server.name], words].concat())
}

fn everything() -> [Server; 3] {
    [
        Server::everything_http(),
        Server::everything_sse(),
        Server::everything_stdio(),
    ]
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn a_form_with_every_kind_of_field_is_answered_over_every_transport() {
    for server in everything() {
        let shell = connected(&server);
        let form = "trigger-elicitation-request";
        let given = json!({ "name": "Ada", "check": true, "email": "ada@example.com" });
        let run = call(&shell, &server, &[form, "--answer", &given.to_string()]).succeeded();
        for words in [
            "Name: Ada",
            "ada@example.com",
            "\"integer\": 42",
            "\"hero-1\"",
        ] {
            assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
        }
        let run = call(&shell, &server, &[form, "--answer", "decline"]).succeeded();
        assert!(run.stdout.contains("declined"), "{}", run.stdout);
        let run = call(&shell, &server, &[form]).succeeded();
        assert!(run.stderr.contains("asked back"), "{}", run.stderr);
        assert!(run.stdout.contains("declined"), "{}", run.stdout);
        let wrong = ["--answer", "{\"email\":\"nobody\"}"];
        let run = call(&shell, &server, &[&[form], &wrong[..]].concat()).ended_with(2);
        assert!(
            run.stderr.contains("email is not in the form"),
            "{}",
            run.stderr
        );
    }
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn a_page_is_agreed_to_by_request_and_by_error() {
    for server in everything() {
        let shell = connected(&server);
        let words = ["trigger-url-elicitation", "url=https://example.com/a"];
        let agreed = |more: &[&str]| {
            let run = call(&shell, &server, &[&words[..], more].concat()).succeeded();
            assert!(run.stdout.contains("accept"), "{}", run.stdout);
        };
        agreed(&["--answer", "{}"]);
        // First the page that the error names, then the one that is asked for.
        agreed(&["errorPath=true", "--answer", "{}", "--answer", "{}"]);
        let more = ["errorPath=true", "--answer", "decline"];
        let run = call(&shell, &server, &[&words[..], &more].concat()).ended_with(1);
        assert!(run.stderr.contains("-32042"), "{}", run.stderr);
    }
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn fastmcp_s_rounds_get_their_answers() {
    let server = Server::fast();
    let shell = connected(&server);
    let city = ["book", "--answer", "{\"city\":\"Lima\"}"];
    let run = call(&shell, &server, &[&city[..], &["--answer", "{}"]].concat()).succeeded();
    assert_eq!(run.stdout, "city Lima, seat aisle\n");
    let run = call(
        &shell,
        &server,
        &[&city[..], &["--answer", "cancel"]].concat(),
    )
    .succeeded();
    assert_eq!(run.stdout, "city Lima, seat cancel\n");
    let run = call(&shell, &server, &["book"]).succeeded();
    assert_eq!(run.stdout, "city decline, seat decline\n");
    let log = shell.run(&["log", "--json"]).succeeded().stdout;
    let rules: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["event"] == json!("question"))
        .map(|line| line["rule"].clone())
        .collect();
    assert_eq!(
        rules[..4],
        [
            "form accepted",
            "form accepted",
            "form accepted",
            "form cancelled"
        ]
    );
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn a_form_is_typed_in_at_a_terminal() {
    let server = Server::everything_http();
    let shell = connected(&server);
    let words = ["call", server.name, "trigger-elicitation-request"];
    let mut terminal = Terminal::start(&shell, &words);
    terminal.read_until("leave open >");
    // Nobody reads a question faster; the program takes nothing sooner.
    std::thread::sleep(std::time::Duration::from_millis(450));
    terminal.types("y\r");
    terminal.read_until("field 1 of");
    terminal.types("Ada\r");
    let rest = "\r".repeat(40);
    terminal.types(&rest);
    terminal.read_until("begin again");
    terminal.types("y\r");
    let (code, said) = terminal.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Name: Ada"), "{said}");
}
