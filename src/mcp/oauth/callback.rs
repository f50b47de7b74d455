//! The listener that a browser on this machine, or behind `ssh -L`, ends at (RFC
//! 8252 section 7.3).
//!
//! It listens on 127.0.0.1 before the address is shown, hands every answer to the
//! sign-in and lets that decide which page the browser gets. It is gone when dropped.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::{Host, Url};

use crate::domain::{Fault, Secret};
use crate::guard::address::is_loopback;

/// Ports that are tried first, best first: `assets/client-metadata.json` names them
/// for servers that compare redirect URLs letter by letter.
pub const USUAL_PORTS: [u16; 3] = [41763, 41764, 41765];

/// Path of the callback address where the operator set none.
pub const USUAL_PATH: &str = "/callback";

/// Times that a free port is asked for: one may be taken on the other address.
const FREE_TRIES: usize = 4;
/// Connections at once.
const CONNECTIONS: usize = 16;
/// How long one may stay.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long the last pages may take once the sign-in is over.
const LAST_PAGES: Duration = Duration::from_secs(2);

/// Where the answer is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The port, if it was chosen.
    pub(super) port: Option<u16>,
    /// Tried before a free one where none was chosen.
    pub(super) rather: Option<u16>,
    pub(super) path: String,
    /// The redirect URL names `localhost`, which a browser may read as `::1`.
    pub(super) v6_too: bool,
}

/// Where to listen for a redirect URL that the operator set; `None` where it does not
/// lead to this machine.
///
/// # Errors
/// Where it is no address that a browser could end at.
pub(super) fn place_of(redirect: &str, port: Option<u16>) -> Result<Option<Place>, Fault> {
    let wrong = |what: &str| {
        Fault::user(format!("the redirect URL {what}"))
            .hint("give one such as --redirect-url http://127.0.0.1:41763/callback")
    };
    let url = Url::parse(redirect).map_err(|_| wrong("is not an address"))?;
    if url.fragment().is_some() {
        return Err(wrong("has a fragment, which it must not have"));
    }
    if url.scheme() == "https" && !is_loopback(&url) {
        return Ok(port.map(|port| Place {
            port: Some(port),
            rather: None,
            path: url.path().to_owned(),
            v6_too: false,
        }));
    }
    if url.scheme() == "https" {
        return Err(wrong(
            "is https on this machine, where callboard waits by http",
        ));
    }
    if url.scheme() != "http" || !is_loopback(&url) {
        return Err(wrong("is neither https nor http on this machine"));
    }
    if matches!(url.host(), Some(Host::Ipv4(address)) if address != Ipv4Addr::LOCALHOST) {
        return Err(wrong(
            "is at another address than 127.0.0.1, the one that waits",
        ));
    }
    Ok(Some(Place {
        port: Some(port.or(url.port()).unwrap_or(80)),
        rather: None,
        path: url.path().to_owned(),
        v6_too: !matches!(url.host(), Some(Host::Ipv4(_))),
    }))
}

/// An answer that a browser brought, and how to answer it.
#[derive(Debug)]
pub(super) struct Arrival {
    /// The query.
    pub(super) query: Secret,
    /// Takes whether it was the right one.
    pub(super) verdict: oneshot::Sender<bool>,
}

/// A listener.
#[derive(Debug)]
pub(super) struct Callback {
    pub(super) port: u16,
    arrivals: mpsc::Receiver<Arrival>,
    /// Closes the port when dropped; pages under way are still sent.
    _end: DropGuard,
}

impl Callback {
    /// Listens.
    ///
    /// # Errors
    /// Where a chosen port is taken: whoever has it would get the answer.
    pub(super) async fn listen(place: &Place) -> Result<Self, Fault> {
        let (listeners, port) = bind(place).await?;
        let (sender, arrivals) = mpsc::channel(CONNECTIONS);
        let end = CancellationToken::new();
        let serving = |listener, sender| serve(listener, place.path.clone(), sender, end.clone());
        for listener in listeners {
            tokio::spawn(serving(listener, sender.clone()));
        }
        Ok(Self {
            port,
            arrivals,
            _end: end.drop_guard(),
        })
    }

    /// The next answer.
    pub(super) async fn next(&mut self) -> Arrival {
        match self.arrivals.recv().await {
            Some(arrival) => arrival,
            // The listeners never end before this does.
            None => std::future::pending().await,
        }
    }
}

/// Listens on a port, or on one that is free; says which.
async fn bind(place: &Place) -> Result<(Vec<TcpListener>, u16), Fault> {
    if let Some(port) = place.port {
        return open(port, place.v6_too)
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::AddrInUse => Fault::config(format!(
                    "port {port} on this machine is taken, and whoever has it would get the answer"
                ))
                .hint("end what listens there, or choose another with --callback-port"),
                _ => Fault::config(format!("nothing can listen on 127.0.0.1:{port}: {error}"))
                    .hint("choose another port with --callback-port"),
            });
    }
    let free = [0; FREE_TRIES];
    let mut trouble = None;
    for port in place.rather.into_iter().chain(USUAL_PORTS).chain(free) {
        match open(port, place.v6_too).await {
            Ok(open) => return Ok(open),
            Err(error) => trouble = Some(error),
        }
    }
    let error = trouble.map_or_else(String::new, |error| error.to_string());
    Err(
        Fault::config(format!("nothing can listen on 127.0.0.1: {error}"))
            .hint("sign in with a device code, if the server offers one"),
    )
}

/// Listens on both addresses of this machine that `localhost` may stand for, or on the
/// one. A port that somebody else has on the other is taken: a browser could end there.
async fn open(port: u16, v6_too: bool) -> std::io::Result<(Vec<TcpListener>, u16)> {
    let first = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    let port = first.local_addr()?.port();
    let mut all = vec![first];
    if v6_too {
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(second) => all.push(second),
            Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(error),
            // This machine has no IPv6.
            Err(_) => {}
        }
    }
    Ok((all, port))
}

async fn serve(
    listener: TcpListener,
    path: String,
    sender: mpsc::Sender<Arrival>,
    end: CancellationToken,
) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut open = JoinSet::new();
    loop {
        let next = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = end.cancelled() => break,
        };
        while open.try_join_next().is_some() {}
        let Ok((stream, _)) = accepted else {
            // Out of descriptors: the next one may find some.
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        let (path, sender) = (path.clone(), sender.clone());
        open.spawn(async move {
            let service = service_fn(|request| {
                let (path, sender) = (path.clone(), sender.clone());
                async move { Ok::<_, Infallible>(answer(&request, &path, &sender).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .keep_alive(false)
                .max_buf_size(32 * 1024)
                .serve_connection(TokioIo::new(stream), service);
            // What a browser does after its page is its own affair.
            let _ = timeout(PATIENCE, connection).await;
            drop(permit);
        });
    }
    drop((listener, sender));
    let _ = timeout(LAST_PAGES, async {
        while open.join_next().await.is_some() {}
    })
    .await;
}

async fn answer(
    request: &Request<Incoming>,
    path: &str,
    sender: &mpsc::Sender<Arrival>,
) -> Response<Full<Bytes>> {
    if request.uri().path() != path {
        return page(
            StatusCode::NOT_FOUND,
            "Nothing here",
            "This is not the page to end on.",
        );
    }
    if request.method() != Method::GET {
        return page(
            StatusCode::METHOD_NOT_ALLOWED,
            "Nothing here",
            "An answer comes as a GET request.",
        );
    }
    let (verdict, judged) = oneshot::channel();
    let query = Secret::new(request.uri().query().unwrap_or_default());
    if sender.send(Arrival { query, verdict }).await.is_err() {
        return page(StatusCode::GONE, "Too late", "The sign-in is over.");
    }
    match judged.await {
        Ok(true) => page(
            StatusCode::OK,
            "callboard has the answer",
            "Close this page and go back to the terminal: it says whether the sign-in worked.",
        ),
        Ok(false) => page(
            StatusCode::BAD_REQUEST,
            "Not the answer",
            "This is not the answer that callboard waits for. The terminal says what is wrong with it.",
        ),
        Err(_) => page(StatusCode::GONE, "Too late", "The sign-in is over."),
    }
}

/// A page of callboard's own words: nothing that a server sent is on it.
fn page(status: StatusCode, title: &str, text: &str) -> Response<Full<Bytes>> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <style>body{{font:18px/1.5 system-ui;margin:4em auto;max-width:32em;padding:0 1em}}</style>\
         <h1>{title}</h1><p>{text}</p></html>\n"
    );
    let mut response = Response::new(Full::new(Bytes::from(html)));
    *response.status_mut() = status;
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, http::HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_url_says_where_to_listen() {
        let at = |text: &str, port| {
            place_of(text, port)
                .unwrap()
                .map(|place| (place.port, place.path))
        };
        let found = at("http://127.0.0.1:8080/cb", None);
        assert_eq!(found, Some((Some(8080), "/cb".to_owned())));
        let forwarded = at("http://localhost:8080/cb", Some(9090));
        assert_eq!(forwarded, Some((Some(9090), "/cb".to_owned())));
        assert_eq!(at("https://auth.example/cb", None), None);
        for text in [
            "callback",
            "http://auth.example/cb",
            "myapp:/cb",
            "http://127.0.0.1/#x",
            "https://localhost/cb",
            "http://127.0.0.2:8080/cb",
        ] {
            assert!(place_of(text, None).is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn a_chosen_port_that_is_taken_is_refused() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let place = Place {
            port: Some(port),
            rather: None,
            path: USUAL_PATH.to_owned(),
            v6_too: false,
        };
        let fault = Callback::listen(&place).await.unwrap_err();
        assert!(fault.message.contains("is taken"));
        let place = Place {
            port: None,
            rather: Some(port),
            ..place
        };
        assert_ne!(Callback::listen(&place).await.unwrap().port, port);
    }

    /// Who has the port on the other address of `localhost` would get answers as well.
    #[tokio::test]
    async fn a_port_that_is_taken_on_the_other_address_of_this_machine_is_taken() {
        let Ok(taken) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await else {
            // This machine has no IPv6.
            return;
        };
        let port = taken.local_addr().unwrap().port();
        let place = Place {
            port: Some(port),
            rather: None,
            path: USUAL_PATH.to_owned(),
            v6_too: true,
        };
        let fault = Callback::listen(&place).await.unwrap_err();
        assert!(fault.message.contains("is taken"), "{fault}");
        let rather = Place {
            port: None,
            rather: Some(port),
            ..place.clone()
        };
        assert_ne!(Callback::listen(&rather).await.unwrap().port, port);
        let v4_alone = Place {
            v6_too: false,
            ..place
        };
        assert_eq!(Callback::listen(&v4_alone).await.unwrap().port, port);
    }

    /// The document of `assets/client-metadata.json` is what the code does.
    #[test]
    fn the_published_document_fits_the_listener() {
        let text = include_str!("../../../assets/client-metadata.json");
        let document: serde_json::Value = serde_json::from_str(text).unwrap();
        let listed = document["redirect_uris"].as_array().unwrap();
        for host in ["127.0.0.1", "localhost"] {
            assert!(listed.contains(&format!("http://{host}{USUAL_PATH}").into()));
            for port in USUAL_PORTS {
                assert!(listed.contains(&format!("http://{host}:{port}{USUAL_PATH}").into()));
            }
        }
        assert_eq!(document["token_endpoint_auth_method"], "none");
        assert!(
            document["client_id"]
                .as_str()
                .unwrap()
                .starts_with("https://")
        );
    }
}
