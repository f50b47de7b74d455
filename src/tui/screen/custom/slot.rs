//! The places of the form.

use serde::{Deserialize, Serialize};

/// A place in the form where the keys can be.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub(super) enum Slot {
    Kind,
    #[default]
    Name,
    /// Which address of a server of the directory.
    Remote,
    /// A variable of that address, by its place: a text, a secret, one of some.
    Variable(u8),
    SecretVariable(u8),
    ChosenVariable(u8),
    Url,
    PlainHttp,
    Command,
    Description,
    Auth,
    Token,
    User,
    Password,
    HeaderName,
    HeaderValue,
    /// The value of a further header that such an address takes, by its place.
    MoreHeader(u8),
    /// The line for how it signs in by OAuth 2.1, and what is behind it.
    SignIn,
    ClientId,
    ClientSecret,
    Scopes,
    CallbackPort,
    RedirectUrl,
    Issuer,
    ClientDocument,
    Machine,
    NoPkce,
    PrivateNetwork,
    Options,
    Authorities,
    KeepAuthorities,
    Proxy,
    TimeOut,
    Variables,
    Trust,
    Connect,
}

/// What sort of place that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlotKind {
    Text,
    Secret,
    Choice,
    Tick,
    Button,
}

impl Slot {
    /// Its sort.
    pub(super) fn kind(self) -> SlotKind {
        match self {
            Self::Name
            | Self::Variable(_)
            | Self::Url
            | Self::Command
            | Self::Description
            | Self::User
            | Self::HeaderName
            | Self::ClientId
            | Self::Scopes
            | Self::CallbackPort
            | Self::RedirectUrl
            | Self::Issuer
            | Self::ClientDocument
            | Self::Authorities
            | Self::Proxy
            | Self::TimeOut
            | Self::Variables => SlotKind::Text,
            Self::Token
            | Self::Password
            | Self::HeaderValue
            | Self::ClientSecret
            | Self::SecretVariable(_)
            | Self::MoreHeader(_) => SlotKind::Secret,
            Self::Kind | Self::Auth | Self::Remote | Self::ChosenVariable(_) => SlotKind::Choice,
            Self::PlainHttp
            | Self::KeepAuthorities
            | Self::Machine
            | Self::NoPkce
            | Self::PrivateNetwork
            | Self::Trust => SlotKind::Tick,
            Self::SignIn | Self::Options | Self::Connect => SlotKind::Button,
        }
    }
}
