//! Nothing of a sign-in is anywhere that callboard writes: neither what it draws
//! itself, nor what it is given, nor what servers quote of both.

use std::io::{BufRead, BufReader, Read};

use serde_json::{Value, json};

use super::trail::Trail;
use crate::support::authority::{Authority, Behaviour, Preset, Reply, browse, location_of};
use crate::support::shell::{Run, Shell};

/// Of a client that was registered by hand.
const CLIENT: &str = "client/canary+99ab~1f00==";

/// An answer with everything in it that came with the request.
fn parrot(status: u16, code: &str) -> Reply {
    let said = json!({ "error": code,
        "error_description": "you said {body} and {authorization}" });
    Reply::json(status, &said)
}

/// Runs a command that signs in and keeps what it printed; `person` is given the
/// consent.
async fn signing<F: Future<Output = ()>>(
    (trail, shell): (&mut Trail<'_>, &Shell),
    words: &[&str],
    code: i32,
    person: impl FnOnce(String) -> F,
) -> String {
    let mut child = shell.start(words);
    // For people it is on the one stream, for scripts on the other.
    let scripted = words.contains(&"--json");
    let stream: Box<dyn Read> = match scripted {
        true => Box::new(child.stdout.take().unwrap()),
        false => Box::new(child.stderr.take().unwrap()),
    };
    let mut lines = BufReader::new(stream);
    let mut printed = String::new();
    let mut person = Some(person);
    loop {
        let begin = printed.len();
        if lines.read_line(&mut printed).unwrap() == 0 {
            break;
        }
        let line = &printed[begin..];
        let url = match scripted {
            true => serde_json::from_str::<Value>(line).unwrap()["url"]
                .as_str()
                .map(str::to_owned),
            false => line.strip_prefix("  open      ").map(str::to_owned),
        };
        if let Some(url) = url
            && let Some(person) = person.take()
        {
            person(url.trim().to_owned()).await;
        }
    }
    assert!(person.is_none(), "{words:?}: no consent: {printed}");
    let rest = Run::of(child);
    assert_eq!(
        rest.code,
        code,
        "{words:?}: {printed} {}",
        rest.everything()
    );
    trail.keep(&format!("the rest of {}", words.join(" ")), &rest);
    let consent = Run {
        code,
        stdout: printed.clone(),
        stderr: String::new(),
    };
    trail.keep(&format!("the consent of {}", words.join(" ")), &consent);
    printed
}

async fn browser(url: String) {
    let page = browse(&location_of(&url).await).await;
    assert_eq!(page.status, 200, "{}", page.text);
}

/// Everything that shows anything of it, as text and as JSON.
fn look(trail: &mut Trail, name: &str) {
    for words in [
        &["show", name][..],
        &["call", name, "echo", "--yes"],
        &["list"],
        &["log"],
        &["status"],
        &["doctor"],
        &["config"],
    ] {
        let _ = trail.run(words);
        let _ = trail.run(&[words, &["--json"]].concat());
    }
}

/// Signs in, is refused and renewed, and signs out.
async fn with_a_browser(trail: &mut Trail<'_>, shell: &Shell, authority: &Authority) {
    let url = authority.url.as_str();
    let add = ["add", "wiki", url, "--trust", "--auth", "oauth", "--json"];
    let _ = signing((trail, shell), &add, 0, browser).await;
    trail.listen();
    look(trail, "wiki");
    let login = ["login", "wiki"];
    authority.instead("/token", parrot(400, "invalid_grant"));
    let failed = signing((trail, shell), &login, 3, browser).await;
    assert!(failed.contains("curl"), "{failed}");
    assert!(failed.contains("you said"), "{failed}");
    look(trail, "wiki");
    // Pasted: wrongly, and then well.
    let begin = ["login", "wiki", "--no-wait", "--json"];
    let _ = signing((trail, shell), &begin, 3, async |url| {
        let place = location_of(&url).await;
        let (address, state) = place.split_once("&state=").unwrap();
        let code = address.split_once("?code=").unwrap().1;
        for wrong in [
            format!("{code}#not{state}"),
            format!("{address}&state=not{state}"),
            format!("{address}&code={code}&state={state}"),
            format!("{code} {code}"),
        ] {
            for more in [&[][..], &["--json"]] {
                let words = [&["login", "wiki", "--paste", "-"], more].concat();
                let run = shell.run_with(&words, &wrong);
                assert_eq!(run.code, 2, "{}", run.everything());
                assert!(!run.everything().contains(code), "{}", run.everything());
            }
        }
        let words = ["login", "wiki", "--paste", "-"];
        let _ = shell.run_with(&words, &place).succeeded();
    })
    .await;
    // Renewed, after every kind of no.
    for reply in [
        parrot(500, "broken"),
        parrot(401, "invalid_token"),
        parrot(403, "forbidden"),
        Reply::json(
            200,
            &json!({ "jsonrpc": "2.0", "id": null,
            "error": { "code": -32000, "message": "not with {authorization}" } }),
        ),
        Reply::new(401, "").with(
            "www-authenticate",
            "Bearer error=\"invalid_token\", error_description=\"{authorization}\"",
        ),
    ] {
        authority.instead("/mcp", reply);
        let _ = trail.run(&["call", "wiki", "echo", "--yes"]);
    }
    authority.end_access();
    authority.instead("/token", parrot(503, "temporarily_unavailable"));
    let _ = trail.run(&["call", "wiki", "echo", "--yes", "--json"]);
    look(trail, "wiki");
    authority.end_access();
    authority.instead("/token", parrot(400, "invalid_grant"));
    let _ = trail.run(&["refresh", "wiki"]).ended_with(3);
    look(trail, "wiki");
    let again = ["login", "wiki", "--json"];
    let _ = signing((trail, shell), &again, 0, browser).await;
    authority.instead("/revoke", parrot(400, "unsupported_token_type"));
    authority.instead("/revoke", parrot(500, "broken"));
    let _ = trail.run(&["logout", "wiki"]).succeeded();
}

/// A code that is typed elsewhere, and a machine.
fn without_a_browser(trail: &mut Trail, authority: &Authority) {
    let url = authority.url.as_str();
    let add = ["add", "typed", url, "--trust", "--auth", "oauth"];
    authority.instead("/token", parrot(400, "authorization_pending"));
    let _ = trail.run(&add).succeeded();
    authority.instead("/token", parrot(400, "access_denied"));
    let _ = trail.run(&["login", "typed", "--device"]).ended_with(4);
    look(trail, "typed");
    let issuer = authority.origin.as_str();
    let add = [
        &["add", "robot", url, "--trust", "--machine"][..],
        &["--issuer", issuer, "--client-id", "robot"],
        &["--client-secret-env", "CLIENT"],
    ]
    .concat();
    authority.instead("/token", parrot(401, "invalid_client"));
    assert_ne!(trail.run(&[&add[..], &["--json"]].concat()).code, 0);
    look(trail, "robot");
    let _ = trail.run(&["login", "robot"]).succeeded();
    look(trail, "robot");
}

/// Where the address to open is shown on purpose, and the state with it.
fn shows_the_address(place: &str) -> bool {
    place.contains("the consent of") || place.starts_with("the stream of events")
}

#[tokio::test]
async fn no_canary_of_a_sign_in_escapes() {
    let mut behaviour = Behaviour::good()
        .preset(Preset {
            id: "robot",
            secret: Some(CLIENT),
            redirect: "http://127.0.0.1/callback",
        })
        .registered(
            json!({ "registration_access_token": "registration-s3cret/+~==",
            "registration_client_uri": "{origin}/register/1" }),
        );
    behaviour.registers_only = Some("client_secret_post");
    let authority = Authority::start(behaviour.clone());
    let typing = Authority::start(behaviour.device(&["authorization_pending"]));
    let (mut shell, _aside) = super::shell("file");
    shell.set("CLIENT", CLIENT);
    let mut trail = Trail::new(&shell);
    with_a_browser(&mut trail, &shell, &authority).await;
    without_a_browser(&mut trail, &typing);
    trail.look_at_board();
    trail.end();
    let mut secrets = [authority.secrets(), typing.secrets()].concat();
    secrets.push(("a client's secret by hand", CLIENT.to_owned()));
    secrets.sort_unstable();
    secrets.dedup();
    for (what, least) in [
        ("PKCE verifier", 4),
        ("access token", 6),
        ("client secret", 1),
        ("code", 4),
        ("device code", 2),
        ("refresh token", 5),
        ("registration access token", 1),
        ("state", 4),
    ] {
        let found = secrets.iter().filter(|(known, _)| *known == what).count();
        assert!(found >= least, "{what}: {found}");
    }
    for (what, secret) in secrets {
        let mut found = trail.holds(&secret);
        found.retain(|place| what != "state" || !shows_the_address(place));
        assert!(found.is_empty(), "{what} {secret}: {found:#?}");
    }
}
