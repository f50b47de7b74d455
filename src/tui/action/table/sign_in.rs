//! The actions of the box of a sign-in, and of the question before signing out.

use super::{Action, ActionSpec, Context};

pub(super) const CONFIRM_LOGOUT: ActionSpec = ActionSpec {
    action: Action::ConfirmLogout,
    name: "confirm-sign-out",
    title: "sign out",
    doc: "Signs out",
    contexts: &[Context::DockLogout],
    keys: &["y"],
    footer: 1,
};
pub(super) const GIVE_MORE: ActionSpec = ActionSpec {
    action: Action::GiveMore,
    name: "sign-in-for-more",
    title: "sign in for more",
    doc: "Signs in for what the server wants besides",
    contexts: &[Context::DockStepUp],
    keys: &["s"],
    footer: 1,
};
pub(super) const GIVE_NO_MORE: ActionSpec = ActionSpec {
    action: Action::GiveNoMore,
    name: "give-no-more",
    title: "no",
    doc: "Gives it no more, and is not asked again",
    contexts: &[Context::DockStepUp],
    keys: &["n"],
    footer: 2,
};
pub(super) const OPEN_ADDRESS: ActionSpec = ActionSpec {
    action: Action::OpenAddress,
    name: "open-address",
    title: "open here",
    doc: "Opens the address in a browser of this machine",
    contexts: &[Context::DockConsent],
    keys: &["o"],
    footer: 1,
};
pub(super) const COPY_ADDRESS: ActionSpec = ActionSpec {
    action: Action::CopyAddress,
    name: "copy-address",
    title: "copy",
    doc: "Copies the address",
    contexts: &[Context::DockConsent],
    keys: &["c"],
    footer: 1,
};
pub(super) const QR_CODE: ActionSpec = ActionSpec {
    action: Action::QrCode,
    name: "qr-code",
    title: "QR code",
    doc: "Shows the address as a QR code, the next one, or none",
    contexts: &[Context::DockConsent],
    keys: &["Q"],
    footer: 2,
};
pub(super) const PASTE_ANSWER: ActionSpec = ActionSpec {
    action: Action::PasteAnswer,
    name: "paste-answer",
    title: "paste the answer",
    doc: "Goes to the line for the address that the browser ended at",
    contexts: &[Context::DockConsent],
    keys: &["p", "enter"],
    footer: 2,
};
pub(super) const COPY_TUNNEL: ActionSpec = ActionSpec {
    action: Action::CopyTunnel,
    name: "copy-ssh",
    title: "copy the ssh line",
    doc: "Copies the ssh command that lets a browser elsewhere answer here",
    contexts: &[Context::DockConsent],
    keys: &["s"],
    footer: 3,
};
pub(super) const PUT_AWAY: ActionSpec = ActionSpec {
    action: Action::PutAway,
    name: "put-away",
    title: "put away",
    doc: "Goes back to where you were; the sign-in waits on",
    contexts: &[Context::DockConsent],
    keys: &["x"],
    footer: 4,
};
pub(super) const STOP_SIGN_IN: ActionSpec = ActionSpec {
    action: Action::StopSignIn,
    name: "stop-sign-in",
    title: "stop it",
    doc: "Ends the sign-in; what was signed in before stays",
    contexts: &[Context::DockConsent],
    keys: &["X"],
    footer: 5,
};
pub(super) const HAND_IN: ActionSpec = ActionSpec {
    action: Action::HandIn,
    name: "hand-in",
    title: "hand it in",
    doc: "Takes what stands in the line as the browser's answer",
    contexts: &[Context::DockPaste],
    keys: &["enter"],
    footer: 1,
};
pub(super) const LEAVE_PASTE: ActionSpec = ActionSpec {
    action: Action::LeavePaste,
    name: "leave-answer",
    title: "back",
    doc: "Stops typing; what was typed stays",
    contexts: &[Context::DockPaste],
    keys: &["esc"],
    footer: 2,
};
pub(super) const SIGN_IN_AGAIN: ActionSpec = ActionSpec {
    action: Action::SignInAgain,
    name: "sign-in-again",
    title: "begin anew",
    doc: "Begins the sign-in anew",
    contexts: &[Context::DockConsentOver],
    keys: &["enter"],
    footer: 1,
};
pub(super) const SEE_REPORT: ActionSpec = ActionSpec {
    action: Action::SeeReport,
    name: "see-report",
    title: "see each step",
    doc: "Shows each step of the sign-in that failed",
    contexts: &[Context::DockConsentOver],
    keys: &["v"],
    footer: 2,
};
