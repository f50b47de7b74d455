//! What is said in passing, what is pasted, and what is offered where nothing is.

use super::board::{connector, snapshot};
use super::runner::Runner;
use crate::domain::{Fault, FaultKind, Status};
use crate::tui::effect::{Answer, Ask, Effect, Work};
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;

#[test]
fn a_connector_that_never_listed_says_why_and_which_key_mends_it() {
    let mut wiki = connector("wiki");
    wiki.status = Status::Failed;
    wiki.functions.total = 0;
    wiki.fault = Some(Fault::new(FaultKind::Network, "nobody answers there"));
    let mut runner = Runner::on(80, 24, snapshot(vec![wiki]));
    runner.keys("f");
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Ok(Answer::Functions(vec![].into())));
    runner.shows("nobody answers there");
    runner.shows("r tries again; e changes how it is reached");
    runner.shows("r reconnect");
    runner.hides("a always");
    runner.hides("v mark");
    runner.keys("e");
    runner.shows("Edit wiki");
    runner.keys("<esc><esc>");
    assert_eq!(runner.model.tab, Tab::Functions);
    runner.keys("r");
    assert!(matches!(runner.worked().1, Work::Refresh(_)));
}

#[test]
fn the_field_that_was_left_stays_marked() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys("c<tab>");
    runner.shows("▸Connection server");
    runner.keys("<esc>");
    runner.shows("▸Connection server");
}

#[test]
fn a_paste_of_several_lines_is_one_line_and_that_is_said() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys("c<tab><tab>");
    runner.paste("one\r\ntwo\tthree\n");
    runner.shows("[ one two three");
    runner.shows("what was pasted became one line");
}

#[test]
fn a_secret_of_several_lines_is_refused() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys("cw<tab>https://w.example/mcp<tab><tab><right><right><tab>");
    runner.paste("first\nsecond");
    runner.shows("nothing was pasted");
    runner.hides("••••");
    runner.paste("token\n");
    runner.shows("•••••");
}

#[test]
fn what_was_said_goes_with_the_next_thing_that_is_done() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a"), connector("b")]));
    runner.keys("xy");
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::Remove(_)));
    runner.shows("removing…");
    runner.answer(ticket, Ok(Answer::Done));
    runner.shows("a is removed");
    runner.keys("j");
    runner.shows("a is removed");
    runner.keys("<enter>");
    runner.hides("a is removed");
}

#[test]
fn the_name_of_a_file_can_be_given_a_path_in_front_and_a_fault_is_not_cut() {
    let answer = serde_json::json!({ "content": [{ "type": "text", "text": "fine" }] });
    let mut runner = super::run::answered(80, 24, answer);
    runner.keys("o");
    assert_eq!(runner.model.focus, Focus::ViewerPath(Tab::Functions));
    runner.keys("/tmp/<enter>");
    let (ticket, path) = runner
        .wanted()
        .into_iter()
        .find_map(|effect| match effect {
            Effect::WriteFile(ticket, path, _) => Some((ticket, path)),
            _ => None,
        })
        .expect("nothing written");
    assert!(path.starts_with("/tmp"), "{}", path.display());
    let long = format!(
        "/tmp/{} was not written: it is there already",
        "x".repeat(70)
    );
    runner.answer(
        ticket,
        Err(Fault::user(long).hint("type another name and press Enter")),
    );
    runner.shows("type another name and press Enter");
}

#[test]
fn a_keyring_that_failed_its_test_is_offered_last_with_the_reason() {
    let mut board = snapshot(vec![]);
    board.vault.kind = None;
    let mut runner = Runner::on(80, 24, board.clone());
    runner.keys("cw<tab>https://w.example/mcp<tab><tab><right><right><tab>x<tab><tab> <alt-enter>");
    runner.keys("<enter>");
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::ProbeKeyring(_)));
    board.vault.why = "no keyring answers here".to_owned();
    runner.answer(ticket, Ok(Answer::Vault(board.vault)));
    let screen = runner.screen();
    assert!(
        screen.find("key file") < screen.find("system keyring"),
        "{screen}"
    );
    runner.keys("jjj");
    runner.shows("It failed its test: no keyring answers here");
    runner.keys("kkk<enter>");
    runner.shows("Once more");
}

#[test]
fn one_word_counts_everything_that_waits_for_somebody() {
    let mut all = Vec::new();
    for (name, status) in [
        ("a", Status::Failed),
        ("b", Status::Locked),
        ("c", Status::SignIn),
        ("d", Status::Changed),
    ] {
        let mut one = connector(name);
        one.status = status;
        all.push(one);
    }
    let runner = Runner::on(120, 24, snapshot(all.clone()));
    runner.shows("! 4 need you");
    runner.hides("to look at");
    // Where five tabs leave no room for the word, the sign stays.
    Runner::on(80, 24, snapshot(all)).shows("! 4");
}

#[test]
fn the_background_that_the_terminal_names_chooses_the_colours_and_is_no_key() {
    use crate::tui::effect::Msg;
    use crate::tui::input::{Input, Reply};
    use crate::tui::theme::Palette;
    for (part, palette) in [
        (0xffff, Palette::OnLight),
        (0x1000, Palette::OnDark),
        (0x8000, Palette::Sixteen),
    ] {
        let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
        let before = runner.screen();
        let (red, green, blue) = (part, part, part);
        runner.msg(Msg::Input(Input::Reply(Reply::Background {
            red,
            green,
            blue,
        })));
        assert_eq!(runner.model.theme.palette, palette);
        assert_eq!(runner.screen(), before);
    }
}

#[test]
fn a_removal_says_whether_the_server_took_the_tokens_back() {
    use crate::protocol::{Forgotten, Revocation};
    let refused = Fault::new(FaultKind::Server, "it answered 503");
    for (revocation, said) in [
        (None, "a is removed; u takes it back"),
        (
            Some(Revocation::Accepted),
            "a is removed: the server took the tokens back; u takes",
        ),
        (
            Some(Revocation::NotOffered),
            "offers no way to take tokens back",
        ),
        (
            Some(Revocation::Failed(refused)),
            "not taken back there: it answered 503",
        ),
    ] {
        let mut runner = Runner::on(120, 40, snapshot(vec![connector("a")]));
        runner.wanted();
        runner.keys("xy");
        let (ticket, ask) = runner.asked();
        assert!(matches!(ask, Ask::Remove(_)));
        let answer = Forgotten { revocation };
        runner.answer(ticket, Ok(Answer::Forgotten(Box::new(answer))));
        runner.shows(said);
    }
}
