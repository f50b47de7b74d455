//! What each misbehaviour is to end in.

use callboard::domain::FaultKind::{self, Network, NotMcp, Server, SignIn, User};

use crate::support::fake::Misbehaviour::{self, *};

/// A fault: its kind, and words that only this one has to say.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pub kind: FaultKind,
    pub phrase: &'static str,
}

/// How a server is to be met.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows {
    /// Adding it, looked at first.
    detected: Option<Expected>,
    /// Adding it as it was said to be.
    connected: Option<Expected>,
    /// Calling it.
    pub calling: Option<Expected>,
}

impl Rows {
    pub fn adding(self, looked_at: bool) -> Option<Expected> {
        if looked_at {
            self.detected
        } else {
            self.connected
        }
    }
}

/// Both ways of adding end in the same words.
fn adding(kind: FaultKind, phrase: &'static str) -> Rows {
    differs((kind, phrase), (kind, phrase))
}

/// Detection says it in its own words.
fn differs(detected: (FaultKind, &'static str), connected: (FaultKind, &'static str)) -> Rows {
    let row = |(kind, phrase)| Some(Expected { kind, phrase });
    Rows {
        detected: row(detected),
        connected: row(connected),
        calling: None,
    }
}

fn calling(kind: FaultKind, phrase: &'static str) -> Rows {
    Rows {
        calling: Some(Expected { kind, phrase }),
        ..Rows::default()
    }
}

/// One row for each misbehaviour.
pub fn expected(misbehaviour: Misbehaviour) -> Rows {
    match misbehaviour {
        WrongContentType => adding(NotMcp, "text/plain"),
        EmptyBody => differs((NotMcp, "answers with nothing"), (NotMcp, "gave no answer")),
        HtmlPage => adding(NotMcp, "web page"),
        JsonNotMcp => differs(
            (NotMcp, "JSON that is not MCP"),
            (NotMcp, "it is not an MCP message"),
        ),
        WrongId => differs(
            (NotMcp, "not MCP"),
            (NotMcp, "it does not answer what was asked"),
        ),
        ResultAndError => differs(
            (NotMcp, "and an error"),
            (NotMcp, "it is not an MCP message"),
        ),
        MalformedJson => differs((NotMcp, "not MCP"), (NotMcp, "it ends too early")),
        CutInTheMiddle | TruncatedChunked | ClosesAfterRequest => {
            adding(Network, "closed the connection in the middle")
        }
        EndlessEvents | EndlessComments => differs(
            (NotMcp, "an answer that does not end"),
            (Network, "did not come to an end within 2 s"),
        ),
        EndlessJson => differs((NotMcp, "sends more than"), (Server, "larger than 16 MiB")),
        SlowHeaders | Dribble | NeverAnswers => adding(Network, "did not answer within 2 s"),
        RedirectLoop => adding_loop(),
        RedirectElsewhere | RedirectToPlain => differs(
            (User, "redirects to http://127.0.0.1:"),
            (Server, "redirects elsewhere, to http://127.0.0.1:"),
        ),
        RedirectSignIn => differs(
            (User, "redirects to"),
            (Server, "redirects to /login in a way that would change"),
        ),
        NotFound => differs((NotMcp, "there is nothing at"), (NotMcp, "HTTP 404")),
        MethodNotAllowed => differs(
            (NotMcp, "(405)"),
            (NotMcp, "takes no messages at this address"),
        ),
        TooManyRequests => adding(Server, "wants fewer requests"),
        Unavailable => adding(Server, "not available at the moment"),
        ServerError => adding(Server, "failed with HTTP 500"),
        UnauthorizedSilently => {
            differs((User, "wants a Bearer token"), (SignIn, "wants a sign-in"))
        }
        RefusesConnection => adding(Network, "refused the connection"),
        TlsExpired => adding(Network, "has expired"),
        TlsSelfSigned => adding(Network, "self-signed"),
        TlsWrongName => adding(Network, "for another name"),
        TlsGarbage => adding(Network, "does not speak TLS"),
        GzipBomb => differs(
            (NotMcp, "sends more than"),
            (NotMcp, "compresses its answer"),
        ),
        WrongVersion => adding(NotMcp, "1999-01-01"),
        InitializeFails => adding_refusal(),
        SessionHeaderInjection => adding(Network, "does not speak HTTP"),
        EndlessPages => adding(Server, "more than 200 pages"),
        RepeatingCursor => adding(Server, "the same page again and again"),
        ManyFunctions => adding(NotMcp, "holds too many values"),
        DeepSchema => adding(NotMcp, "more than 64 levels deep"),
        HugeAnswer => calling(Server, "larger than 16 MiB"),
        DeepJson => calling(NotMcp, "more than 64 levels deep"),
        DuplicateKeys => calling(NotMcp, "\"content\" stands twice"),
        HugeNumbers => calling(NotMcp, "longer than 64 bits"),
        NotANumber => calling(NotMcp, "NaN and Infinity"),
        LoneSurrogate => calling(NotMcp, "half a surrogate pair"),
        ByteOrderMark => calling(NotMcp, "byte order mark"),
        DiesMidCall => calling(Network, "the connection broke before the answer came"),
        // It hurts nobody but itself: callboard leaves the odd function out, shows it
        // harmlessly, makes a new session, or lets what nobody asked for go by. What is
        // wrong with resources and prompts, `offers.rs` looks at.
        RedirectSameOrigin | SessionChanges | ProgressBackwards | ProgressAfterResult
        | ProgressWrongToken | NamelessFunction | SchemalessFunction | EscapesInName
        | MegabyteDescription | NetworkReference | SameNameTwice | ListChangedFlood
        | NotificationFlood | ShapelessOffers | OddOffers | EscapesInOffers | ManyResources
        | HugeResource | SessionDies | ResultAfterCancel => Rows::default(),
    }
}

fn adding_loop() -> Rows {
    differs(
        (NotMcp, "redirects in a circle, or more than five times"),
        (Server, "redirects in a circle"),
    )
}

fn adding_refusal() -> Rows {
    differs(
        (NotMcp, "the database is away"),
        (Server, "the database is away"),
    )
}
