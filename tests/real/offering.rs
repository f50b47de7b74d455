//! Resources and prompts: listed, read, watched, filled in.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::servers::Server;
use crate::shell::{Run, Shell};

fn connected(server: &Server) -> Shell {
    let mut shell = Shell::new();
    let _ = server.add(&mut shell);
    let _ = shell.run(&["always", server.name, "--all"]).succeeded();
    shell
}

fn keys<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    let entries = list.as_array().unwrap().iter();
    entries.map(|entry| entry[key].as_str().unwrap()).collect()
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn fastmcp_s_are_listed_read_and_filled_in() {
    for server in [Server::fast(), Server::fast_stdio()] {
        let name = server.name;
        let shell = connected(&server);
        let listed = shell.json(&["resources", name]);
        let uris = ["note://counter", "note://today", "note://red"];
        assert_eq!(keys(&listed["resources"], "uri"), uris);
        assert_eq!(listed["resources"][1]["title"], json!("Today"));
        let templates = keys(&listed["resourceTemplates"], "uriTemplate");
        assert_eq!(templates, ["note://page/{n}"]);
        let tells = server.transport == "streamable-http";
        assert_eq!(listed["subscribe"], json!(tells));

        let run = shell.run(&["resources", name, "note://today"]).succeeded();
        assert_eq!(run.stdout, "first line\nsecond line");
        let run = shell.run(&["resources", name, "note://page/7"]).succeeded();
        assert_eq!(run.stdout, "# page 7");
        let words = ["resources", name, "note://red", "--output", "red.png"];
        let _ = shell.run(&words).succeeded();
        let bytes = fs::read(shell.home().join("red.png")).unwrap();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
        let run = shell.run(&["resources", name, "note://tody"]).ended_with(5);
        let near = "did you mean note://today?";
        assert!(run.stderr.contains(near), "{}", run.stderr);

        let listed = shell.json(&["prompts", name]);
        assert_eq!(keys(&listed["prompts"], "name"), ["greet"]);
        let run = shell.run(&["prompts", name, "greet", "who=Ana", "how=Hi"]);
        assert_eq!(run.succeeded().stdout, "Hi, Ana!\n");
        let run = shell.run(&["prompts", name, "greet"]).ended_with(2);
        assert!(run.stderr.contains("needs who"), "{}", run.stderr);
    }
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn server_everything_s_are_the_same_over_every_transport() {
    for server in [
        Server::everything_http(),
        Server::everything_sse(),
        Server::everything_stdio(),
    ] {
        let name = server.name;
        let shell = connected(&server);
        let listed = shell.json(&["resources", name]);
        assert!(listed["resources"].as_array().unwrap().len() > 5);
        assert_eq!(listed["subscribe"], json!(true));
        let templates = keys(&listed["resourceTemplates"], "uriTemplate");
        assert_eq!(templates.len(), 2, "{templates:?}");
        let document = keys(&listed["resources"], "uri")[0];
        let run = shell.run(&["resources", name, document]).succeeded();
        assert!(run.stdout.starts_with('#'), "{}", run.stdout);
        let text = "demo://resource/dynamic/text/1";
        let run = shell.run(&["resources", name, text]).succeeded();
        assert!(run.stdout.starts_with("Resource 1: This is a plaintext"));
        let blob = "demo://resource/dynamic/blob/1";
        let run = shell.run(&["resources", name, blob]).succeeded();
        assert!(run.stdout.starts_with("Resource 1: This is a base64"));
        let nowhere = "demo://resource/nowhere";
        let _ = shell.run(&["resources", name, nowhere]).ended_with(5);

        let listed = shell.json(&["prompts", name]);
        let names = keys(&listed["prompts"], "name");
        assert!(names.contains(&"simple-prompt"), "{names:?}");
        let run = shell.run(&["prompts", name, "args-prompt", "city=Bern"]);
        assert_eq!(run.succeeded().stdout, "What's weather in Bern?\n");
        let run = shell.run(&["prompts", name, "args-prompt"]).ended_with(2);
        assert!(run.stderr.contains("needs city"), "{}", run.stderr);
    }
}

/// A command that follows a resource.
struct Following {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Following {
    fn of(shell: &Shell, connector: &str, uri: &str) -> Self {
        let mut child = shell.start(&["resources", connector, uri, "--follow", "--json"]);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn next(&mut self) -> Value {
        let line = self.lines.next().expect("it goes on").unwrap();
        serde_json::from_str::<Value>(&line).unwrap()["contents"][0]["text"].clone()
    }

    fn broken_off(self) {
        let pid = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
        let _ = Run::of(self.child).succeeded();
    }
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn a_resource_of_fastmcp_is_followed() {
    let server = Server::fast();
    let shell = connected(&server);
    let mut following = Following::of(&shell, server.name, "note://counter");
    let begun: u64 = following.next().as_str().unwrap().parse().unwrap();
    for n in 1..=3 {
        let _ = shell.run(&["call", server.name, "count"]).succeeded();
        let wanted = (begun + n).to_string();
        while following.next() != json!(wanted) {}
    }
    following.broken_off();

    let server = Server::fast_stdio();
    let shell = connected(&server);
    let words = ["resources", server.name, "note://counter", "--follow"];
    let run = shell.run(&words).ended_with(1);
    assert!(run.stderr.contains("does not tell when"), "{}", run.stderr);
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn a_resource_of_server_everything_is_followed_over_every_transport() {
    for server in [
        Server::everything_http(),
        Server::everything_sse(),
        Server::everything_stdio(),
    ] {
        let shell = connected(&server);
        let uri = "demo://resource/dynamic/text/1";
        let mut following = Following::of(&shell, server.name, uri);
        let text = following.next();
        assert!(text.as_str().unwrap().starts_with("Resource 1"), "{text}");
        // It tells at once, and again every five seconds.
        let toggle = ["call", server.name, "toggle-subscriber-updates"];
        let _ = shell.run(&toggle).succeeded();
        following.next();
        following.next();
        following.broken_off();
    }
}
