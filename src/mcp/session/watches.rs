//! What is watched in one session: who is told when which resource changes.
//!
//! Nothing is queued here. Each resource has its counts, and whoever watches it sees
//! that they grew: a thousand updates while somebody reads are one reason to read
//! again.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::domain::Fault;

/// Most resources that are watched in one session.
const MAX_WATCHED: usize = 64;

/// What was told of one resource so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Told {
    /// How often the server said that it changed.
    pub(super) updates: u64,
    /// How often it may have changed without a word.
    pub(super) doubts: u64,
    /// How often the server began anew and knows no subscription any more.
    pub(super) renewals: u64,
    /// Why nothing will be told any more.
    pub(super) over: Option<Fault>,
}

/// Everything that is watched.
#[derive(Default)]
pub(super) struct Watches {
    watched: Mutex<HashMap<String, Watched>>,
    turns: tokio::sync::Mutex<()>,
}

struct Watched {
    tell: watch::Sender<Told>,
    watchers: usize,
    end: CancellationToken,
    /// Whether the server took it on.
    stands: bool,
    /// The last renewal after which the server was asked again.
    asked_again: u64,
}

/// A place among those who watch one resource.
pub(super) struct Entered {
    /// What is told.
    pub(super) told: watch::Receiver<Told>,
    /// Cancelled when nobody watches any more.
    pub(super) end: CancellationToken,
    /// Whether the server took it on already; otherwise it has to be asked.
    pub(super) stands: bool,
}

impl Watches {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn at telling the server what is watched. One at a time: it must
    /// not hear of the end of one watch after the beginning of the next.
    pub(super) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turns.lock().await
    }

    /// Joins those who watch this; `None` where too much is watched already. To be
    /// called with a turn, so that nobody is told to ask the server twice. `session`
    /// is cancelled when the session ends.
    pub(super) fn enter(&self, uri: &str, session: &CancellationToken) -> Option<Entered> {
        let mut watched = self.lock();
        if let Some(known) = watched.get_mut(uri) {
            known.watchers += 1;
            return Some(Entered {
                told: known.tell.subscribe(),
                end: known.end.clone(),
                stands: known.stands,
            });
        }
        if watched.len() >= MAX_WATCHED {
            return None;
        }
        let (tell, told) = watch::channel(Told::default());
        let end = session.child_token();
        let new = Watched {
            tell,
            watchers: 1,
            end: end.clone(),
            stands: false,
            asked_again: 0,
        };
        watched.insert(uri.to_owned(), new);
        Some(Entered {
            told,
            end,
            stands: false,
        })
    }

    /// The server took it on.
    pub(super) fn stands(&self, uri: &str) {
        if let Some(known) = self.lock().get_mut(uri) {
            known.stands = true;
        }
    }

    /// Leaves again. Whether nobody watches this any more, and the server is to be
    /// told.
    pub(super) fn leave(&self, uri: &str) -> bool {
        match self.lock().get_mut(uri) {
            Some(known) => {
                known.watchers = known.watchers.saturating_sub(1);
                known.watchers == 0
            }
            None => false,
        }
    }

    /// Forgets what nobody watches; false where somebody came meanwhile.
    pub(super) fn forget_idle(&self, uri: &str) -> bool {
        let mut watched = self.lock();
        let idle = watched.get(uri).is_some_and(|known| known.watchers == 0);
        if idle && let Some(known) = watched.remove(uri) {
            known.end.cancel();
        }
        idle
    }

    /// Forgets what the server never took on.
    pub(super) fn forget(&self, uri: &str) {
        if let Some(known) = self.lock().remove(uri) {
            known.end.cancel();
        }
    }

    /// The server says that this was updated. It may name a part of what is watched
    /// (MCP `ResourceUpdatedNotification`); what nobody watches goes by.
    pub(super) fn updated(&self, uri: &str) {
        for (watched, known) in self.lock().iter() {
            if covers(watched, uri) {
                known.tell.send_modify(|told| told.updates += 1);
            }
        }
    }

    /// Something may have been missed of this.
    pub(super) fn doubt(&self, uri: &str) {
        if let Some(known) = self.lock().get(uri) {
            known.tell.send_modify(|told| told.doubts += 1);
        }
    }

    /// Something may have been missed of everything.
    pub(super) fn doubt_all(&self) {
        for known in self.lock().values() {
            known.tell.send_modify(|told| told.doubts += 1);
        }
    }

    /// The server began anew: it has to be asked again for each.
    pub(super) fn renewed(&self) {
        for known in self.lock().values() {
            known.tell.send_modify(|told| told.renewals += 1);
        }
    }

    /// Whether the server is to be asked again after this renewal; says yes to one of
    /// all who watch the same.
    pub(super) fn ask_again(&self, uri: &str, renewal: u64) -> bool {
        match self.lock().get_mut(uri) {
            Some(known) if known.asked_again < renewal => {
                known.asked_again = renewal;
                true
            }
            _ => false,
        }
    }

    /// Nothing will be told of this any more.
    pub(super) fn give_up(&self, uri: &str, why: &Fault) {
        if let Some(known) = self.lock().get(uri) {
            known.tell.send_modify(|told| told.over = Some(why.clone()));
        }
    }
}

/// Whether an update of this concerns who watches that: the same, or a part of it. A
/// slash at the end makes no difference; some servers add one.
fn covers(watched: &str, updated: &str) -> bool {
    let whole = watched.trim_end_matches('/');
    match updated.strip_prefix(whole) {
        Some(rest) => rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FaultKind;

    fn enter(watches: &Watches, uri: &str) -> Entered {
        watches.enter(uri, &CancellationToken::new()).unwrap()
    }

    #[test]
    fn an_update_is_told_to_who_watches_it_and_to_nobody_else() {
        let watches = Watches::default();
        let one = enter(&watches, "file:///a");
        let other = enter(&watches, "file:///b");
        watches.updated("file:///a");
        watches.updated("file:///a/part");
        watches.updated("file:///ab");
        watches.updated("file:///nobody");
        assert_eq!(one.told.borrow().updates, 2);
        assert_eq!(other.told.borrow().updates, 0);
    }

    #[test]
    fn a_slash_at_the_end_makes_no_difference() {
        for (watched, updated, concerns) in [
            ("x://a", "x://a/", true),
            ("x://a/", "x://a", true),
            ("x://a/", "x://a/b", true),
            ("x://a/b", "x://a", false),
            ("x://a", "x://ab", false),
        ] {
            assert_eq!(covers(watched, updated), concerns, "{watched} {updated}");
        }
    }

    #[test]
    fn a_storm_is_one_reason_to_read_again() {
        let watches = Watches::default();
        let mut one = enter(&watches, "x://a");
        for _ in 0..100_000 {
            watches.updated("x://a");
        }
        assert!(one.told.has_changed().unwrap());
        assert_eq!(one.told.borrow_and_update().updates, 100_000);
        assert!(!one.told.has_changed().unwrap());
    }

    #[test]
    fn the_server_is_asked_for_the_first_and_told_of_the_last() {
        let watches = Watches::default();
        let first = enter(&watches, "x://a");
        // The first gave up before the server answered.
        let second = enter(&watches, "x://a");
        assert!(!first.stands && !second.stands);
        watches.stands("x://a");
        assert!(!watches.leave("x://a"));
        assert!(watches.leave("x://a"));
        // Somebody comes before the server was told.
        let third = enter(&watches, "x://a");
        assert!(third.stands && !watches.forget_idle("x://a"));
        assert!(!third.end.is_cancelled());
        assert!(watches.leave("x://a") && watches.forget_idle("x://a"));
        assert!(third.end.is_cancelled());
        assert!(!enter(&watches, "x://a").stands);
    }

    #[test]
    fn after_a_renewal_one_of_all_asks_again() {
        let watches = Watches::default();
        let one = enter(&watches, "x://a");
        watches.renewed();
        let renewal = one.told.borrow().renewals;
        assert!(watches.ask_again("x://a", renewal));
        assert!(!watches.ask_again("x://a", renewal));
        watches.renewed();
        assert!(watches.ask_again("x://a", renewal + 1));
    }

    #[test]
    fn what_is_watched_is_bounded_and_an_end_is_told() {
        let watches = Watches::default();
        for n in 0..MAX_WATCHED {
            enter(&watches, &format!("x://{n}"));
        }
        let session = CancellationToken::new();
        assert!(watches.enter("x://one-more", &session).is_none());
        let one = enter(&watches, "x://1");
        watches.give_up("x://1", &Fault::new(FaultKind::Server, "no more"));
        assert!(one.told.borrow().over.is_some());
    }
}
