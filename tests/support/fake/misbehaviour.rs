//! The ways a server can be wrong.

use super::Tls;

/// When a client meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// With the first request; every request is answered this way.
    Detect,
    /// While it connects, or on the streams that it then keeps open.
    Connect,
    /// When it lists functions.
    List,
    /// When it calls one.
    Call,
    /// When it lists or reads resources, or prompts.
    Offers,
}

macro_rules! misbehaviours {
    ($($(#[$doc:meta])* $name:ident @ $phase:ident),* $(,)?) => {
        /// What a server does wrong. Where it bites by itself is [`Self::during`];
        /// [`Behaviour::at`](super::Behaviour::at) moves it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Misbehaviour { $($(#[$doc])* $name,)* }

        impl Misbehaviour {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Where it bites.
            pub fn during(self) -> Phase {
                match self { $(Self::$name => Phase::$phase,)* }
            }
        }
    };
}

misbehaviours! {
    // What answers is no MCP server, or none that works.
    /// A right message under `text/plain`.
    WrongContentType @ Detect,
    /// 200, JSON by its header, nothing in it.
    EmptyBody @ Detect,
    /// A web page, status 200, for every path.
    HtmlPage @ Detect,
    /// JSON that is no JSON-RPC.
    JsonNotMcp @ Detect,
    /// A right result for a request nobody made.
    WrongId @ Detect,
    /// `result` and `error` in one response.
    ResultAndError @ Detect,
    /// JSON that ends in the middle, its length header right.
    MalformedJson @ Detect,
    /// Fewer bytes than `Content-Length` promised, then the end.
    CutInTheMiddle @ Detect,
    /// A chunked body that ends inside a chunk.
    TruncatedChunked @ Detect,
    /// Events without end, never the answer.
    EndlessEvents @ Detect,
    /// Comments without end, never an event.
    EndlessComments @ Detect,
    /// A JSON body without end, as fast as the client reads.
    EndlessJson @ Detect,
    /// Header lines without end, one every 50 ms.
    SlowHeaders @ Detect,
    /// The right answer, one byte every 50 ms.
    Dribble @ Detect,
    /// Reads the request and never says anything.
    NeverAnswers @ Detect,
    /// Redirects (307) to itself, another query each time.
    RedirectLoop @ Detect,
    /// Redirects (307) to another origin, which records what arrives.
    RedirectElsewhere @ Detect,
    /// Redirects (307) from https to http.
    RedirectToPlain @ Detect,
    /// Redirects (307) on the same origin: nothing wrong with that.
    RedirectSameOrigin @ Detect,
    /// Redirects (302) to a page for signing in.
    RedirectSignIn @ Detect,
    /// 404 for everything.
    NotFound @ Detect,
    /// 405 for everything.
    MethodNotAllowed @ Detect,
    /// 429 with `Retry-After: 30`.
    TooManyRequests @ Detect,
    /// 503.
    Unavailable @ Detect,
    /// 500 with a stack trace.
    ServerError @ Detect,
    /// 401 that does not say what it wants.
    UnauthorizedSilently @ Detect,
    /// Closes the connection after it read the request.
    ClosesAfterRequest @ Detect,
    /// Nothing listens on the port.
    RefusesConnection @ Detect,
    /// The certificate ended in 2020.
    TlsExpired @ Detect,
    /// The certificate is signed by itself.
    TlsSelfSigned @ Detect,
    /// The certificate is for another name.
    TlsWrongName @ Detect,
    /// Plain text where TLS should start.
    TlsGarbage @ Detect,
    /// A gzip body of 1 GiB of zeros, 6.5 MiB on the wire.
    GzipBomb @ Detect,

    // It connects badly.
    /// Answers with protocol version 1999-01-01.
    WrongVersion @ Connect,
    /// Answers `initialize` with an error.
    InitializeFails @ Connect,
    /// A session id folded over two lines, the second a header of its own.
    SessionHeaderInjection @ Connect,
    /// Ten thousand list changes as soon as somebody listens.
    ListChangedFlood @ Connect,
    /// Another session id with every answer; the old ones stay good.
    SessionChanges @ List,

    // Its list is bad.
    /// Pages without end, a new cursor each time.
    EndlessPages @ List,
    /// Pages without end, the same cursor each time.
    RepeatingCursor @ List,
    /// A hundred thousand functions on one page, 16 MB.
    ManyFunctions @ List,
    /// A function without a name among good ones.
    NamelessFunction @ List,
    /// A function without a schema among good ones.
    SchemalessFunction @ List,
    /// A name that moves the cursor and colours the screen.
    EscapesInName @ List,
    /// A description of 1 MB.
    MegabyteDescription @ List,
    /// A schema whose `$ref` is a URL of the second server.
    NetworkReference @ List,
    /// A schema nested 5,000 deep.
    DeepSchema @ List,
    /// Two functions of one name.
    SameNameTwice @ List,

    // Its calls are bad.
    /// An answer of 50 MB.
    HugeAnswer @ Call,
    /// Arrays nested 100,000 deep.
    DeepJson @ Call,
    /// The member that matters twice, with two values.
    DuplicateKeys @ Call,
    /// Numbers beyond 64 bits and beyond a double.
    HugeNumbers @ Call,
    /// `NaN`, which is no JSON.
    NotANumber @ Call,
    /// Half a surrogate pair in a string.
    LoneSurrogate @ Call,
    /// A byte order mark before the JSON.
    ByteOrderMark @ Call,
    /// The session is forgotten after each request in it: the next gets 404.
    SessionDies @ Call,
    /// Twenty thousand log messages before the result.
    NotificationFlood @ Call,
    /// Progress 3, 2, 1, then the result.
    ProgressBackwards @ Call,
    /// The result, then progress.
    ProgressAfterResult @ Call,
    /// Progress for a token nobody gave, then the result.
    ProgressWrongToken @ Call,
    /// The result of a slow call after its cancellation (legacy).
    ResultAfterCancel @ Call,
    /// A stream that ends after some progress, without the result.
    DiesMidCall @ Call,

    // Its resources and prompts are bad.
    /// Lists that are no lists, contents that are no list.
    ShapelessOffers @ Offers,
    /// Entries without what they are asked for by, with the wrong types, twice.
    OddOffers @ Offers,
    /// Addresses and names that move the cursor and colour the screen.
    EscapesInOffers @ Offers,
    /// A hundred thousand resources on one page.
    ManyResources @ Offers,
    /// A text of 50 MB.
    HugeResource @ Offers,
}

impl Misbehaviour {
    /// Whether only a server with sessions can do it.
    pub fn is_legacy(self) -> bool {
        matches!(
            self,
            Self::WrongVersion
                | Self::InitializeFails
                | Self::SessionHeaderInjection
                | Self::SessionChanges
                | Self::SessionDies
                | Self::ResultAfterCancel
        )
    }

    /// Whether nothing is wrong with it: a client has to cope without a fault.
    pub fn is_harmless(self) -> bool {
        matches!(
            self,
            Self::RedirectSameOrigin
                | Self::SessionChanges
                | Self::ProgressBackwards
                | Self::ProgressAfterResult
                | Self::ProgressWrongToken
        )
    }

    /// Whether it needs a second server.
    pub fn leads_elsewhere(self) -> bool {
        matches!(
            self,
            Self::RedirectElsewhere | Self::RedirectToPlain | Self::NetworkReference
        )
    }

    /// The certificate it goes with.
    pub fn tls(self) -> Option<Tls> {
        match self {
            Self::TlsExpired => Some(Tls::Expired),
            Self::TlsSelfSigned => Some(Tls::SelfSigned),
            Self::TlsWrongName => Some(Tls::WrongName),
            Self::RedirectToPlain => Some(Tls::Good),
            _ => None,
        }
    }
}
