use super::board::{connector, snapshot};
use super::runner::Runner;
use crate::domain::{AuthMethod, Status, VaultKind};
use crate::tui::effect::{Ask, Effect, Timer};

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
    runner.shows("◐ a");
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
    runner.hides("sign in at the server");
    wiki.method = AuthMethod::Oauth;
    runner = Runner::on(120, 40, snapshot(vec![wiki]));
    runner.shows("sign in at the server");
}
