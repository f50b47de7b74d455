use super::board::{connector, snapshot};
use super::runner::Runner;
use crate::domain::{AuthMethod, Fault, Status, VaultKind};
use crate::tui::effect::{Ask, Effect, Msg, Timer, Work};

#[test]
fn nothing_moves_where_it_is_to_be_calm() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
    runner.model.theme.calm = true;
    runner.keys("r");
    assert!(
        !runner
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Timer(Timer::Spin, _)))
    );
    let before = runner.screen();
    runner.timer(Timer::Spin);
    assert_eq!(runner.screen(), before);
    runner.shows("◌ a");
}

#[test]
fn a_place_for_secrets_that_the_settings_name_is_not_asked_for() {
    let mut board = snapshot(vec![]);
    board.vault.kind = None;
    let mut runner = Runner::on(80, 24, board);
    runner.model.dock.vault_wish = Some(VaultKind::File);
    runner.keys("cwiki<tab>https://w.example/mcp<tab><tab><right><right><tab>x<tab><tab> ");
    runner.keys("<alt-enter>");
    let (_, ask) = runner.asked();
    assert!(matches!(ask, Ask::ChooseVault(choice) if choice.kind == VaultKind::File));
}

#[test]
fn a_secret_that_is_missing_is_told_from_a_sign_in() {
    let mut wiki = connector("wiki");
    wiki.status = Status::SignIn;
    wiki.method = AuthMethod::Bearer;
    let mut runner = Runner::on(120, 40, snapshot(vec![wiki.clone()]));
    runner.shows("its secret is missing or was refused; e gives");
    runner.hides("sign-in needed");
    runner.hides("signs in");
    wiki.method = AuthMethod::Oauth;
    runner = Runner::on(120, 40, snapshot(vec![wiki]));
    runner.shows("s signs in at its server");
}

#[test]
fn a_secret_that_is_missing_has_to_be_given_again() {
    let mut wiki = connector("wiki");
    wiki.status = Status::SignIn;
    wiki.method = AuthMethod::Bearer;
    let mut runner = Runner::on(80, 24, snapshot(vec![wiki]));
    runner.keys("e");
    runner.hides("the one in the vault stays");
    runner.keys("<alt-enter>");
    runner.shows("type or paste the token");
    runner.keys("tok<alt-enter>");
    let (_, work) = runner.worked();
    assert!(matches!(work, Work::Edit(edit) if edit.secrets.len() == 1));
}

#[test]
fn a_letter_on_a_choice_of_the_form_does_not_leave() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("wiki")]));
    runner.keys("e<down><down><down>q1x");
    assert!(runner.wanted().is_empty());
    runner.shows("Edit wiki");
    runner.keys("?");
    runner.shows("Keys here");
}

#[test]
fn where_no_board_runs_a_key_is_named_and_elsewhere_what_the_fault_says() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("wiki")]));
    let none = Fault::not_found("no board is running").hint("`callboard` starts one");
    runner.msg(Msg::Lost(none));
    runner.shows("S starts one now");
    runner.hides("`callboard` starts one");
    let other = Fault::config("the board is older").hint("`callboard stop` ends it");
    runner.msg(Msg::Lost(other));
    runner.shows("`callboard stop` ends it");
    runner.shows("S tries again");
}

#[test]
fn a_hint_that_names_a_command_names_the_key_instead() {
    let mut wiki = connector("wiki");
    wiki.status = Status::Failed;
    wiki.fault = Some(Fault::user("it is off").hint("`callboard enable wiki` switches it on"));
    let mut runner = Runner::on(80, 24, snapshot(vec![wiki]));
    runner.keys("<enter>");
    runner.shows("→ Space on the connector switches it on");
}
