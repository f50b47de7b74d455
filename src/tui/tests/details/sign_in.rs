use super::*;
use crate::domain::{AuthKind, AuthMethod, Fault, FaultKind, Status};
use crate::domain::{Registration, Scope, SignIn};

fn shown(width: u16, height: u16, connector: ConnectorView) -> Runner {
    let mut runner = on(width, height, vec![connector]);
    runner.keys("<enter><tab><tab><tab>");
    runner
}

fn scope(name: &str) -> Scope {
    Scope {
        name: name.into(),
        words: None,
    }
}

#[test]
fn how_connectors_sign_in() {
    pictures!("details_sign_in_oauth", |w, h| shown(
        w,
        h,
        all_kinds().remove(1)
    ));
    pictures!("details_sign_in_secret_refused", |w, h| {
        let mut crm = all_kinds().remove(3);
        crm.status = Status::SignIn;
        crm.fault = Some(
            Fault::new(FaultKind::SignIn, "crm.example.com refused the password")
                .hint("run `callboard edit crm --password`"),
        );
        shown(w, h, crm)
    });
    pictures!("details_sign_in_nothing", |w, h| shown(
        w,
        h,
        connector("wiki")
    ));
    pictures!("details_signed_in", |w, h| {
        let mut linear = connector("linear");
        linear.auth = AuthKind::Oauth;
        linear.method = AuthMethod::Oauth;
        linear.sign_in = Some(SignIn {
            account: Some("oct\u{202e}ocat".into()),
            issuer: "https://auth.linear.example".into(),
            resource: "https://linear.example.com/mcp".to_owned(),
            registration: Registration::Dynamic,
            client_id: "callboard-1".into(),
            redirect_url: Some("http://127.0.0.1:7411/callback".to_owned()),
            scopes_asked: vec![scope("read"), scope("write")],
            scopes: vec![scope("read"), scope("write")],
            expires_at: Some(time("2026-11-23T09:00:00Z")),
            refreshable: true,
            signed_in_at: time("2026-11-20T09:00:00Z"),
            refreshed_at: None,
        });
        shown(w, h, linear)
    });
}

#[test]
fn a_locked_vault_and_a_missing_secret_name_the_key_that_mends_them() {
    let mut github = all_kinds().remove(0);
    github.status = Status::Locked;
    let mut board = snapshot(vec![github.clone()]);
    board.vault.locked = true;
    let mut runner = Runner::on(80, 24, board);
    runner.keys("<enter><tab><tab><tab>");
    runner.shows("Secrets     the token");
    runner.shows("the vault (keyring, locked now)");
    runner.shows("U opens it, and it connects");
    runner.shows("U unlock");
    github.status = Status::SignIn;
    let mut runner = shown(80, 24, github);
    runner.shows("Secrets     the token; see below");
    runner.shows("e gives it again");
    runner.keys("e");
    runner.shows("Edit github");
}
