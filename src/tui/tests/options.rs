use super::board::{connector, snapshot};
use super::runner::{Runner, pictures};
use crate::domain::{Fault, Secret, Target};
use crate::protocol::{CarriedSecret, SecretName};
use crate::tui::effect::{Answer, Effect, Gather, Gathered, Ticket, Timer, Work};

/// A form with a server's name and URL in it, the keys on the line of the options.
fn server(width: u16, height: u16) -> Runner {
    let mut runner = Runner::on(width, height, snapshot(vec![]));
    runner.keys("cwiki<tab>https://wiki.example.com/mcp<tab><tab><tab>");
    runner.wanted();
    runner
}

/// The same for a local program.
fn program(width: u16, height: u16) -> Runner {
    let mut runner = Runner::on(width, height, snapshot(vec![]));
    runner.keys("c<shift-tab> <tab>files<tab>server --stdio<tab><tab>");
    runner
}

#[track_caller]
fn gathering(runner: &mut Runner) -> (Ticket, Gather) {
    let wanted = runner.wanted();
    wanted
        .iter()
        .find_map(|effect| match effect {
            Effect::Gather(ticket, gather) => Some((*ticket, gather.clone())),
            _ => None,
        })
        .unwrap_or_else(|| panic!("nothing gathered: {wanted:?}"))
}

fn gathered(runner: &mut Runner, ticket: Ticket, found: Gathered) {
    runner.answer(ticket, Ok(Answer::Gathered(found)));
}

#[test]
fn what_the_options_look_like() {
    pictures!("custom_options", |w, h| {
        let mut runner = server(w, h);
        runner.keys("<enter><down>/etc/ssl/own.pem<down>http://proxy.example:3128<down>5000");
        runner
    });
    pictures!("custom_options_of_a_program", |w, h| {
        let mut runner = program(w, h);
        runner.keys("<enter><down>API_TOKEN");
        runner
    });
}

#[test]
fn the_options_are_one_line_until_they_are_opened() {
    let mut runner = server(80, 24);
    runner.shows("Options           none set  Enter opens");
    runner.hides("Proxy");
    runner.keys("<enter>");
    runner.shows("Proxy");
    runner.keys("<down><down>http://proxy.example:3128<up><up><enter>");
    runner.hides("proxy.example");
    runner.shows("Options           proxy  Enter opens");
}

#[test]
fn the_options_go_with_the_server() {
    let mut runner = server(80, 24);
    runner.keys("<enter><down>~/own.pem<down>proxy.example:3128<down>90<down> <alt-enter>");
    let (ticket, wanted) = gathering(&mut runner);
    assert_eq!(wanted.authorities.unwrap().to_str(), Some("~/own.pem"));
    let found = Gathered {
        authorities: Some(Ok("PEM".to_owned())),
        variables: vec![],
    };
    gathered(&mut runner, ticket, found);
    let Work::Add(add, None) = runner.worked().1 else {
        panic!("not an addition of a server");
    };
    assert_eq!(add.options.ca_pem.as_deref(), Some("PEM"));
    assert_eq!(
        add.options.proxy.as_deref(),
        Some("http://proxy.example:3128")
    );
    assert_eq!(add.options.timeout_seconds, Some(90));
}

#[test]
fn a_file_that_cannot_be_read_is_named_at_its_field() {
    let mut runner = server(80, 24);
    runner.keys("<enter><down>/no.pem<up><enter><down> <alt-enter>");
    runner.hides("CA file");
    let (ticket, _) = gathering(&mut runner);
    let found = Gathered {
        authorities: Some(Err(Fault::user(
            "cannot read /no.pem: there is no such file",
        ))),
        variables: vec![],
    };
    gathered(&mut runner, ticket, found);
    assert!(runner.wanted().is_empty());
    runner.shows("[ /no.pem");
    runner.shows("✕ cannot read /no.pem: there is no such file");
    runner.keys("<backspace>");
    runner.hides("no such file");
}

#[test]
fn a_wrong_option_that_is_folded_away_is_shown_before_anything_is_sent() {
    let mut runner = server(80, 24);
    runner.keys("<enter><down><down><down>0<up><up><up><enter><down> <alt-enter>");
    assert!(
        runner
            .wanted()
            .iter()
            .all(|it| !matches!(it, Effect::Work(..)))
    );
    runner.shows("a whole number of seconds, 1 to 3600");
}

#[test]
fn the_look_at_the_url_goes_the_same_way() {
    let mut runner = server(80, 24);
    runner.keys("<enter><down>own.pem");
    let timer = runner
        .wanted()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Timer(timer @ Timer::Detect(_), _) => Some(timer),
            _ => None,
        })
        .next_back()
        .unwrap();
    runner.timer(timer);
    let (ticket, _) = gathering(&mut runner);
    let found = Gathered {
        authorities: Some(Ok("PEM".to_owned())),
        variables: vec![],
    };
    gathered(&mut runner, ticket, found);
    let (_, work) = runner.worked();
    assert!(matches!(work, Work::Detect(look) if look.options.ca_pem.as_deref() == Some("PEM")));
}

#[test]
fn variables_of_the_terminal_go_with_a_program() {
    let mut runner = program(80, 24);
    runner.keys("<enter><down>A B<down><down> <alt-enter>");
    let (ticket, wanted) = gathering(&mut runner);
    assert_eq!(wanted.variables, ["A", "B"]);
    let value = || Some(CarriedSecret::from(Secret::new("hunter2")));
    let missing = Gathered {
        authorities: None,
        variables: vec![("A".to_owned(), value()), ("B".to_owned(), None)],
    };
    gathered(&mut runner, ticket, missing);
    runner.shows("B is not set here, or empty");
    runner.keys("<backspace><backspace><alt-enter>");
    let (ticket, _) = gathering(&mut runner);
    let found = Gathered {
        authorities: None,
        variables: vec![("A".to_owned(), value())],
    };
    gathered(&mut runner, ticket, found);
    let Work::Add(add, Some(_)) = runner.worked().1 else {
        panic!("not a program");
    };
    assert_eq!(add.secrets[0].0, SecretName::Env("A".to_owned()));
    runner.hides("hunter2");
}

#[test]
fn a_variable_is_a_secret_and_wants_a_vault() {
    let mut board = snapshot(vec![]);
    board.vault.kind = None;
    let mut runner = Runner::on(80, 24, board);
    runner.keys("c<shift-tab> <tab>files<tab>server<tab><tab><enter><down>A<down><down> ");
    runner.keys("<alt-enter>");
    let (ticket, _) = gathering(&mut runner);
    let found = Gathered {
        authorities: None,
        variables: vec![("A".to_owned(), Some(Secret::new("x").into()))],
    };
    gathered(&mut runner, ticket, found);
    runner.shows("Where is its key to be?");
}

#[test]
fn an_edit_shows_the_options_and_changes_what_was_changed() {
    let mut wiki = connector("wiki");
    wiki.options.ca_pem = Some("OLD".to_owned());
    wiki.options.proxy = Some("http://ana@proxy.example:3128/".to_owned());
    let mut runner = Runner::on(80, 24, snapshot(vec![wiki]));
    runner.keys("e");
    runner.shows("Options           CA of its own, proxy");
    runner.keys("<down><down><down><down><enter><down><down> <down><down>60<alt-enter>");
    let Work::Edit(edit) = runner.worked().1 else {
        panic!("no edit");
    };
    let options = edit.options.unwrap();
    assert_eq!(options.ca_pem, None, "it was unticked");
    assert_eq!(
        options.proxy.as_deref(),
        Some("http://ana@proxy.example:3128/")
    );
    assert_eq!(options.timeout_seconds, Some(60));
    assert!(edit.secrets.is_empty());
}

#[test]
fn a_program_takes_the_value_of_a_variable_anew_and_no_other() {
    let mut files = connector("files");
    files.target = Target::Program {
        command: "/usr/bin/server".to_owned(),
        args: vec![],
        env: vec!["A".to_owned()],
        path: None,
        cwd: "/".to_owned(),
    };
    let mut runner = Runner::on(80, 24, snapshot(vec![files]));
    runner.keys("e<down><down><enter><down>B");
    runner.shows("B is not among its variables");
    runner.keys("<backspace>A<alt-enter>");
    let (ticket, _) = gathering(&mut runner);
    let found = Gathered {
        authorities: None,
        variables: vec![("A".to_owned(), Some(Secret::new("x").into()))],
    };
    gathered(&mut runner, ticket, found);
    let (_, work) = runner.worked();
    assert!(matches!(work, Work::Edit(edit) if edit.secrets.len() == 1 && edit.options.is_none()));
}

#[test]
fn a_proxy_s_password_goes_when_the_form_is_left() {
    let mut runner = server(80, 24);
    runner.keys("<enter><down><down>http://ana:hunter2@proxy:1<alt-1>3");
    runner.hides("hunter2");
}
