//! What an error of the HTTP client means to a person.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError, Error as TlsError};
use url::Url;

use crate::domain::{Fault, FaultKind};

/// Names what went wrong on the way to `url`: one sentence with the host, and what
/// mends it. Nothing of the URL but the host is shown, and nothing of a proxy.
pub(in crate::mcp) fn fault(error: &reqwest::Error, url: &Url) -> Fault {
    let host = host_and_port(url);
    if let Some(tls) = find::<TlsError>(error) {
        return tls_fault(tls, &host);
    }
    if let Some(fault) = proxy_fault(error) {
        return fault;
    }
    if error.is_dns() {
        return network(format!(
            "no such host: {}",
            url.host_str().unwrap_or_default()
        ))
        .hint("check the name, or this machine's name server, for a typing error");
    }
    if error.is_timeout() {
        return if error.is_connect() {
            network(format!("{host} did not accept a connection in time"))
                .hint("check the address, and whether a firewall or a VPN stands between")
        } else {
            network(format!(
                "{host} accepted the connection and did not answer in time"
            ))
            .hint("try again, or give it longer with --timeout SECONDS")
        };
    }
    if let Some(fault) = io_fault(error, &host) {
        return fault;
    }
    if let Some(hyper) = find::<hyper::Error>(error) {
        if hyper.is_incomplete_message() || hyper.is_closed() || hyper.is_canceled() {
            return closed(&host);
        }
        if hyper.is_parse() {
            return Fault::new(FaultKind::Network, format!("{host} does not speak HTTP"))
                .hint("check the port, and whether the address begins with https:// or http://");
        }
    }
    if error.is_connect() {
        return network(format!("no connection to {host}")).hint("try again");
    }
    if error.is_body() || error.is_decode() {
        return closed(&host);
    }
    network(format!("the request to {host} failed")).hint("try again")
}

/// Host and, where it is not the usual one, port.
fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// A fault that another try may not meet again.
fn network(message: String) -> Fault {
    Fault::new(FaultKind::Network, message).retryable()
}

fn closed(host: &str) -> Fault {
    network(format!(
        "{host} closed the connection in the middle of its answer"
    ))
    .hint("try again")
}

/// The first error of a type in the chain, also where an I/O error wraps it: such
/// an error's source is the wrapped one's source and not the wrapped one.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref::<T>() {
            return Some(found);
        }
        let wrapped = current
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|inner| find::<T>(inner)) {
            return Some(found);
        }
        next = current.source();
    }
    None
}

/// The tunnel's error type cannot be named from here, so its text is compared; and
/// only its own text, never an address.
fn proxy_fault(error: &reqwest::Error) -> Option<Fault> {
    let mut next: Option<&dyn StdError> = Some(error);
    while let Some(current) = next {
        let text = current.to_string();
        if text.starts_with("tunnel error: proxy authorization required") {
            return Some(proxy_refused());
        }
        if text.starts_with("tunnel error: failed to create underlying connection")
            || text.starts_with("SOCKS error")
        {
            return Some(
                network("the proxy cannot be reached".to_owned())
                    .hint("check --proxy of the connector, or HTTPS_PROXY of the environment"),
            );
        }
        if text.starts_with("tunnel error: ") {
            return Some(network("the proxy refused to make the connection".to_owned())
                .hint("check that the proxy allows this host: --proxy of the connector, or HTTPS_PROXY"));
        }
        next = current.source();
    }
    None
}

/// The proxy wants a user and a password, or others than it was given (407).
pub(in crate::mcp) fn proxy_refused() -> Fault {
    Fault::new(
        FaultKind::Network,
        "the proxy wants a user and a password, or others (407)",
    )
    .hint("put them into the proxy's address: --proxy http://USER:PASSWORD@HOST:PORT")
}

fn io_fault(error: &reqwest::Error, host: &str) -> Option<Fault> {
    use io::ErrorKind as Kind;
    let fault = match find::<io::Error>(error)?.kind() {
        Kind::ConnectionRefused => network(format!("{host} refused the connection"))
            .hint("check that the server runs, and its port"),
        Kind::HostUnreachable
        | Kind::NetworkUnreachable
        | Kind::NetworkDown
        | Kind::AddrNotAvailable => network(format!("{host} cannot be reached from this machine"))
            .hint("check this machine's network, and whether a VPN is needed"),
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe => {
            network(format!("{host} reset the connection")).hint("try again")
        }
        Kind::UnexpectedEof => closed(host),
        Kind::PermissionDenied => network(format!("this machine forbids a connection to {host}"))
            .hint("check its firewall"),
        _ => return None,
    };
    Some(fault)
}

fn tls_fault(error: &TlsError, host: &str) -> Fault {
    // Another try meets the same certificate: somebody has to act first.
    let certificate = |what: &str, hint: &str| {
        Fault::new(
            FaultKind::Network,
            format!("the certificate of {host} {what}"),
        )
        .hint(hint)
    };
    let authority = "if it is your own authority's, name that with --ca FILE";
    match error {
        TlsError::InvalidCertificate(reason) => match reason {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => certificate(
                "has expired",
                "whoever runs the server has to renew it; check this machine's clock too",
            ),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                certificate("is not valid yet", "check this machine's clock")
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                certificate(
                    "is for another name",
                    "use the name that the certificate was made for",
                )
            }
            CertificateError::UnknownIssuer => certificate(
                "is self-signed or by an authority that this machine does not know",
                authority,
            ),
            CertificateError::Revoked => certificate(
                "was revoked",
                "do not connect; tell whoever runs the server",
            ),
            CertificateError::BadSignature => certificate("has a wrong signature", authority),
            // What most recipes for a certificate of one's own make.
            CertificateError::Other(_) => certificate(
                "is an authority's own, used as a server's",
                "make one for the server, signed by an authority; name that with --ca FILE",
            ),
            _ => certificate("does not hold", authority),
        },
        TlsError::InvalidMessage(_) => {
            Fault::new(FaultKind::Network, format!("{host} does not speak TLS"))
                .hint("check the port; a server on this machine may want http:// instead")
        }
        TlsError::AlertReceived(AlertDescription::CertificateRequired) => Fault::new(
            FaultKind::Network,
            format!("{host} wants a client certificate, which callboard does not have"),
        )
        .hint("reach it through a proxy that holds the certificate: --proxy URL"),
        TlsError::AlertReceived(_) | TlsError::PeerIncompatible(_) => Fault::new(
            FaultKind::Network,
            format!("{host} and callboard agree on no way to speak TLS"),
        )
        .hint("callboard speaks TLS 1.2 and 1.3"),
        _ => network(format!("TLS with {host} failed")).hint("try again"),
    }
}
