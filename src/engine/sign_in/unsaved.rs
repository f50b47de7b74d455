//! New tokens that could not be kept: kept as soon as that is possible, or taken back
//! where nobody wants them any more.

use std::sync::Arc;
use std::time::Duration;

use super::tokens::Tokens;
use crate::domain::Fault;
use crate::engine::board::Board;
use crate::mcp::oauth::{Shelf, SignInRecord};

/// Pauses between attempts to keep them, in seconds.
const PAUSES: [u64; 6] = [1, 2, 5, 15, 60, 300];

impl Tokens {
    /// Keeps what could not be kept; nothing is used before. What was signed out of or
    /// replaced meanwhile is taken back in place of that.
    pub(super) async fn keep_unsaved(&self) -> Result<(), Fault> {
        if self.lock().unsaved.is_none() {
            return Ok(());
        }
        let shelf = self.shelf()?;
        if shelf.board.stored(&self.id).is_err() {
            self.let_unsaved_go(&shelf.board, None);
            return Ok(());
        }
        let _held = shelf.lock().await?;
        let kept = shelf.load().await?;
        let Some(unsaved) = self.lock().unsaved.clone() else {
            return Ok(());
        };
        if !kept.as_ref().is_some_and(|kept| unsaved.renews(kept)) {
            self.let_unsaved_go(&shelf.board, kept);
            return Ok(());
        }
        shelf.save(&unsaved).await?;
        self.lock().take((*unsaved).clone());
        shelf.board.show_sign_in(&self.id, &unsaved).await;
        Ok(())
    }

    /// Forgets what could not be kept; the server takes it back, unless that would end
    /// what is kept.
    fn let_unsaved_go(&self, board: &Arc<Board>, kept: Option<SignInRecord>) {
        let Some(unsaved) = self.outlived(kept.as_ref()) else {
            return;
        };
        let (board, id) = (Arc::clone(board), self.id.clone());
        let tasks = board.tasks.clone();
        // What the server says to that changes nothing here.
        tasks.spawn(async move { board.take_back(&id, &unsaved).await });
    }

    /// Gives up what could not be kept; hands it out where it is to be taken back.
    fn outlived(&self, kept: Option<&SignInRecord>) -> Option<Box<SignInRecord>> {
        let mut state = self.lock();
        state.record = kept.cloned();
        let unsaved = state.unsaved.take()?;
        let apart = kept.is_none_or(|kept| unsaved.is_replaced_by(kept));
        apart.then_some(unsaved)
    }

    /// Keeps them as soon as that is possible. Ends with the sign-in.
    pub(super) async fn go_on_keeping(self: Arc<Self>, board: Arc<Board>) {
        let last = PAUSES.last().copied().unwrap_or(1);
        for pause in PAUSES.into_iter().chain(std::iter::repeat(last)) {
            let ends = tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(pause)) => false,
                () = board.hanging_up.cancelled() => true,
            };
            if self.keep_unsaved().await.is_ok() {
                return;
            }
            if ends {
                tracing::error!(connector = %self.id, "new tokens were lost: somebody has to sign in again");
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::Secret;

    fn record(generation: u64, refresh: &str) -> SignInRecord {
        let now = crate::domain::Timestamp::now();
        let kept = json!({
            "version": 1, "server": "https://mcp.example/mcp", "resource": "https://mcp.example/mcp",
            "issuer": "https://as.example", "kind": "dynamic", "client_id": "c",
            "client_secret": null, "client_secret_expires_at": null, "client_auth": "none",
            "redirect_url": null, "token": "https://as.example/token", "revocation": null,
            "scopes_asked": [], "scopes": [], "access_token": format!("access of {refresh}"),
            "refresh_token": refresh, "issued_at": now, "expires_at": null, "signed_in_at": now,
            "refreshed_at": null, "account": null, "generation": generation
        });
        SignInRecord::from_secret(&Secret::new(kept.to_string())).unwrap()
    }

    fn with_unsaved(unsaved: &SignInRecord) -> Tokens {
        let tokens = Tokens::alone();
        tokens.lock().unsaved = Some(Box::new(unsaved.clone()));
        tokens
    }

    #[test]
    fn only_an_older_record_of_the_same_sign_in_gives_way() {
        let unsaved = record(5, "new");
        assert!(unsaved.renews(&record(4, "old")));
        assert!(!unsaved.renews(&record(5, "of another sign-in")));
        assert!(!unsaved.renews(&record(6, "of another sign-in")));
        let elsewhere = SignInRecord {
            issuer: "https://other.example".to_owned(),
            ..record(4, "old")
        };
        assert!(!unsaved.renews(&elsewhere));
    }

    #[test]
    fn what_nobody_wants_any_more_is_given_up_and_taken_back() {
        let unsaved = record(5, "new");
        for kept in [None, Some(record(5, "of another sign-in"))] {
            let tokens = with_unsaved(&unsaved);
            let outlived = tokens.outlived(kept.as_ref());
            assert_eq!(outlived.as_deref(), Some(&unsaved));
            assert!(tokens.lock().unsaved.is_none());
            assert_eq!(tokens.known(), kept);
        }
    }

    #[test]
    fn what_would_end_the_sign_in_that_is_kept_is_not_taken_back() {
        let tokens = with_unsaved(&record(5, "one that is used for good"));
        let kept = record(6, "one that is used for good");
        assert_eq!(tokens.outlived(Some(&kept)), None);
        assert!(tokens.lock().unsaved.is_none());
    }

    #[test]
    fn a_locked_vault_keeps_what_the_end_of_a_sign_in_hands_out() {
        let unsaved = record(5, "new");
        let tokens = with_unsaved(&unsaved);
        tokens.lock().record = Some(record(4, "old"));
        tokens.forget();
        assert_eq!(tokens.known(), None);
        assert_eq!(tokens.end().as_deref(), Some(&unsaved));
        assert_eq!(tokens.end(), None);
    }

    #[test]
    fn a_new_sign_in_hands_out_what_was_not_kept_of_the_one_before() {
        let unsaved = record(5, "new");
        let tokens = with_unsaved(&unsaved);
        let handed = tokens.adopt(record(5, "of another sign-in"));
        assert_eq!(handed.as_deref(), Some(&unsaved));
        assert!(tokens.lock().unsaved.is_none());
    }
}
