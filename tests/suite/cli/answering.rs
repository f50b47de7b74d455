//! What servers ask back, answered by a script.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::fake::{Behaviour, FakeServer, Function};
use crate::support::shell::{Run, Shell};

fn connected(behaviour: Behaviour) -> (FakeServer, Shell) {
    let server = FakeServer::start(behaviour.functions(Function::asking()));
    let shell = Shell::new();
    let words = ["add", "air", &server.url, "--trust", "--auth", "none"];
    let _ = shell.run(&words).succeeded();
    (server, shell)
}

fn call(shell: &Shell, function: &str, more: &[&str]) -> Run {
    let words = ["call", "air", function, "--yes", "--json"];
    shell.run(&[&words[..], more].concat())
}

fn answers(run: &Run) -> Value {
    run.json()["structuredContent"]["answers"].clone()
}

#[test]
fn a_form_is_answered_with_its_defaults_filled_in() {
    for behaviour in [Behaviour::modern(), Behaviour::legacy("2025-06-18")] {
        let (_server, shell) = connected(behaviour);
        let run = call(&shell, "form", &["--answer", "{\"city\":\"Lima\"}"]).succeeded();
        let content = json!({ "city": "Lima", "seat": "aisle" });
        assert_eq!(
            answers(&run),
            json!([{ "action": "accept", "content": content }])
        );
        assert_eq!(run.stderr, "");
        let run = call(&shell, "form", &["--answer", "decline"]).succeeded();
        assert_eq!(answers(&run), json!([{ "action": "decline" }]));
        let run = call(&shell, "form", &["--answer", "cancel"]).succeeded();
        assert_eq!(answers(&run), json!([{ "action": "cancel" }]));
        let run = call(&shell, "page", &["--answer", "{}"]).succeeded();
        assert_eq!(answers(&run), json!([{ "action": "accept" }]));
    }
}

#[test]
fn an_answer_that_does_not_fit_is_not_sent_and_ends_the_call() {
    let (server, shell) = connected(Behaviour::legacy("2025-11-25"));
    let run = call(&shell, "form", &["--answer", "{\"city\":\"X\"}"]).ended_with(2);
    let message = run.json()["error"]["message"].clone();
    let expected = "the answer does not fit: city must have at least 2 characters";
    assert_eq!(message, json!(expected));
    server.wait_for_blocking(|record| !record.cancelled.is_empty());
    let sent = server.record().answers;
    assert!(sent.iter().all(|one| one["action"] != "accept"), "{sent:?}");
    let run = shell
        .run(&["call", "air", "form", "--answer", "yes"])
        .ended_with(2);
    assert!(run.stderr.contains("decline, cancel"), "{}", run.stderr);
}

#[test]
fn without_an_answer_it_is_declined_and_stderr_says_so() {
    let (_server, shell) = connected(Behaviour::modern());
    let run = call(&shell, "form", &[]).succeeded();
    assert_eq!(answers(&run), json!([{ "action": "decline" }]));
    assert!(
        run.stderr
            .contains("asked back \"Where do you fly to?\" and was declined"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("--answer"), "{}", run.stderr);
}

#[test]
fn each_question_takes_the_next_answer_and_the_rest_is_declined() {
    let (_server, shell) = connected(Behaviour::modern());
    let run = call(
        &shell,
        "rounds",
        &["--answer", "{\"city\":\"Lima\"}", "--answer", "cancel"],
    )
    .succeeded();
    let actions: Vec<Value> = answers(&run)
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| answer["action"].clone())
        .collect();
    assert_eq!(actions, ["accept", "cancel", "decline"]);
    assert!(run.stderr.contains("\"Stop 3?\""), "{}", run.stderr);
}

/// `watch --json` under way.
struct Watch {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Watch {
    fn start(shell: &Shell) -> Self {
        let mut command = shell.command(&["watch", "--json"]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn says(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    fn ends(mut self) -> Run {
        let pid = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
        drop(self.input);
        self.child.stdout = Some(self.output.into_inner());
        Run::of(self.child)
    }
}

/// A call of somebody else, who wants to be asked.
fn asking_call(shell: &Shell, function: &'static str) -> std::thread::JoinHandle<Value> {
    let folders = shell.folders();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let client = callboard::link::Client::attach(&folders).await.unwrap();
            let of = callboard::protocol::FunctionOf {
                name: "air".to_owned(),
                function: function.to_owned(),
            };
            let digest = client.send(&of).await.unwrap().function.digest;
            let call = callboard::protocol::Call {
                name: of.name,
                function: of.function,
                arguments: serde_json::Map::new(),
                approved_digest: Some(digest),
                ask_back: true,
            };
            let answer = client.run(&call, &mut |_| {}).await.unwrap();
            answer.result["structuredContent"]["answers"].clone()
        })
    })
}

#[test]
fn watching_is_lines_of_json_in_and_out() {
    let (_server, shell) = connected(Behaviour::modern());
    let calling = asking_call(&shell, "twice");
    let mut watch = Watch::start(&shell);
    let first = watch.line();
    let second = watch.line();
    assert_eq!(first["event"], "question");
    assert_eq!(first["question"]["asked"]["kind"], "form");
    let status = shell.run(&["status"]).succeeded().stdout;
    assert!(
        status.contains("2 open; `callboard watch` answers them"),
        "{status}"
    );
    let id = |line: &Value| line["question"]["id"].as_str().unwrap().to_owned();
    watch.says("perhaps");
    assert_eq!(watch.line()["error"]["kind"], "user");
    watch.says(&format!(
        "{{\"id\":\"{}\",\"action\":\"accept\"}}",
        id(&first)
    ));
    let wrong = watch.line();
    assert_eq!(wrong["id"], first["question"]["id"]);
    assert_eq!(
        wrong["error"]["message"],
        "the answer does not fit: it must have \"city\""
    );
    watch.says(&format!(
        "{{\"id\":\"{}\",\"action\":\"accept\",\"content\":{{\"city\":\"Oslo\"}}}}",
        id(&first)
    ));
    let mut lines = [watch.line(), watch.line()];
    lines.sort_by_key(|line| line["event"].to_string());
    assert_eq!(lines[0], json!({ "event": "answered", "id": id(&first) }));
    let end = json!({ "how": "answered", "answer": "accepted", "by": "operator" });
    assert_eq!(
        lines[1],
        json!({ "event": "closed", "id": id(&first), "end": end })
    );
    watch.says(&format!(
        "{{\"id\":\"{}\",\"action\":\"decline\"}}",
        id(&first)
    ));
    assert_eq!(watch.line()["error"]["kind"], "not-found");
    watch.says(&format!(
        "{{\"id\":\"{}\",\"action\":\"decline\"}}",
        id(&second)
    ));
    let _ = (watch.line(), watch.line());
    let answers = calling.join().unwrap();
    assert_eq!(
        answers[0]["content"],
        json!({ "city": "Oslo", "seat": "aisle" })
    );
    assert_eq!(answers[1], json!({ "action": "decline" }));
    let run = watch.ends().succeeded();
    assert_eq!(run.stderr, "");
}

#[test]
fn without_a_terminal_watching_needs_json() {
    let shell = Shell::new();
    let run = shell.run(&["watch"]).ended_with(2);
    assert!(run.stderr.contains("--json"), "{}", run.stderr);
    for words in [
        &["--plain", "list"][..],
        &["--plain", "--foreground"],
        &["--plain", "--json"],
    ] {
        let _ = shell.run(words).ended_with(2);
    }
}

#[test]
fn a_terminal_that_can_do_nothing_is_shown_the_plain_way() {
    let mut shell = Shell::new();
    shell.set("TERM", "dumb");
    let run = shell.run(&[]).ended_with(2);
    assert!(run.stderr.contains("TERM is dumb"), "{}", run.stderr);
    assert!(run.stderr.contains("callboard --plain"), "{}", run.stderr);
}

#[test]
fn the_last_change_is_taken_back() {
    let (_server, shell) = connected(Behaviour::modern());
    let _ = shell.run(&["block", "air", "form"]).succeeded();
    let _ = shell.run(&["remove", "air", "--yes"]).succeeded();
    let run = shell.run(&["undo"]).succeeded();
    assert_eq!(run.stdout, "air is back with its permissions\n");
    let undone = shell.json(&["undo"]);
    assert_eq!(undone["what"], "form of air is on ask again");
    assert_eq!(undone["connector"], shell.json(&["show", "air"])["id"]);
    let run = shell.run(&["undo"]).ended_with(5);
    assert!(
        run.stderr.contains("there is nothing to take back"),
        "{}",
        run.stderr
    );
    let log = shell.run(&["log"]).succeeded().stdout;
    assert!(log.contains("undone  air · form  ask"), "{log}");
    assert!(log.contains("undone  air  not removed"), "{log}");
}
