//! A consent that waits no longer: what is said, and what stays to be seen.

use super::{find, retain};
use crate::domain::ConsentId;
use crate::protocol::ConsentEnd;
use crate::tui::dock::SignInWish;
use crate::tui::effect::Effect;
use crate::tui::model::{Model, Purpose};

/// The board says that a consent is over.
pub(super) fn closed(model: &mut Model, id: &ConsentId, end: &ConsentEnd) -> Vec<Effect> {
    let stopped_here = |it: &Purpose| matches!(it, Purpose::SignIn(SignInWish::Stop(_)));
    let ours = model.is_under_way(stopped_here);
    let Some(one) = find(model, id) else {
        return vec![];
    };
    let name = one.view.name.as_str().to_owned();
    let pasted_here = one.sending;
    // The answer to that may come before or after the event.
    let ours = ours || one.stopped;
    match end {
        // These stay until somebody has seen them.
        ConsentEnd::Expired | ConsentEnd::Failed(_) => {
            one.over = Some(end.clone());
            one.typing = false;
            one.sending = false;
            one.code = None;
            return vec![];
        }
        ConsentEnd::SignedIn
        | ConsentEnd::Cancelled
        | ConsentEnd::Replaced
        | ConsentEnd::Stopped => {}
    }
    retain(model, |one| one.view.id != *id);
    let said = match end {
        ConsentEnd::SignedIn if pasted_here => format!("signed in to {name}"),
        ConsentEnd::SignedIn => format!("signed in to {name}: the answer arrived"),
        // The answer to the key that stopped it says so.
        ConsentEnd::Cancelled if ours => return vec![],
        ConsentEnd::Cancelled => format!("the sign-in to {name} was stopped elsewhere"),
        ConsentEnd::Replaced => format!("another sign-in to {name} took the place of this one"),
        _ => format!("the sign-in to {name} ended with the board; begin it again"),
    };
    vec![model.say(said)]
}

/// What is said of the end in the box: a sentence, and whether it failed.
pub(super) fn ends_of(end: &ConsentEnd) -> &'static str {
    match end {
        ConsentEnd::Expired => {
            "Nobody answered in time. Its address is worth nothing any more; what was \
             signed in before is as it was."
        }
        ConsentEnd::Failed(_) => "The sign-in failed; what was signed in before is as it was.",
        ConsentEnd::SignedIn => "Signed in.",
        ConsentEnd::Cancelled => "It was stopped.",
        ConsentEnd::Replaced => "Another sign-in took its place.",
        ConsentEnd::Stopped => "The board ended.",
    }
}
