//! A server on this machine that writes bytes as it is told, over TLS if asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// What is written in answer to a request; then the connection is closed.
pub(in crate::mcp) enum Reply {
    /// These bytes.
    Whole(Vec<u8>),
    /// These, then those again and again until nobody reads them.
    Endless(Vec<u8>, Vec<u8>),
    /// These, and then nothing until the client goes.
    Hold(Vec<u8>),
}

/// A whole answer.
pub(in crate::mcp) fn http(status: u16, media_type: &str, body: &str) -> Reply {
    Reply::Whole(
        format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
        .into_bytes(),
    )
}

/// The server; it ends when dropped.
pub(in crate::mcp) struct Loopback {
    address: SocketAddr,
    scheme: &'static str,
    seen: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

/// A certificate with its key.
pub(in crate::mcp) struct Identity(CertificateDer<'static>, PrivateKeyDer<'static>);

type Handler = Arc<dyn Fn(&str) -> Reply + Send + Sync>;

impl Loopback {
    pub(in crate::mcp) async fn http(
        handler: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start(None, Arc::new(handler)).await
    }

    pub(in crate::mcp) async fn https(
        Identity(certificate, key): Identity,
        handler: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("a certificate");
        Self::start(Some(TlsAcceptor::from(Arc::new(tls))), Arc::new(handler)).await
    }

    /// An address that nobody listens at.
    pub(in crate::mcp) async fn closed() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address")
    }

    async fn start(tls: Option<TlsAcceptor>, handler: Handler) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (tls, handler, log) = (tls.clone(), Arc::clone(&handler), Arc::clone(&log));
                tokio::spawn(async move {
                    match tls {
                        None => answer(socket, &handler, &log).await,
                        Some(tls) => match tls.accept(socket).await {
                            Ok(socket) => answer(socket, &handler, &log).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        Self {
            address,
            scheme,
            seen,
            task,
        }
    }

    pub(in crate::mcp) fn url(&self, path: &str) -> String {
        format!("{}://localhost:{}{path}", self.scheme, self.address.port())
    }

    /// The requests that came, heads and bodies.
    pub(in crate::mcp) fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("a lock").clone()
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    mut socket: impl AsyncRead + AsyncWrite + Unpin,
    handler: &Handler,
    log: &Mutex<Vec<String>>,
) -> Option<()> {
    let request = read_request(&mut socket).await?;
    log.lock().expect("a lock").push(request.clone());
    match handler(&request) {
        Reply::Whole(bytes) => socket.write_all(&bytes).await.ok()?,
        Reply::Endless(head, again) => {
            socket.write_all(&head).await.ok()?;
            while socket.write_all(&again).await.is_ok() {}
        }
        Reply::Hold(head) => {
            socket.write_all(&head).await.ok()?;
            let _ = socket.read(&mut [0]).await;
        }
    }
    socket.shutdown().await.ok()
}

async fn read_request(socket: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let length = socket
            .read(&mut part)
            .await
            .ok()
            .filter(|length| *length > 0)?;
        bytes.extend_from_slice(&part[..length]);
        if bytes.first() == Some(&0x16) {
            // The first byte of a TLS handshake: what is no HTTP gets its answer too.
            return Some("TLS".to_owned());
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
    }
}

/// A certificate authority of the tests.
pub(in crate::mcp) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(in crate::mcp) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).expect("parameters");
        // Otherwise it has the name of every self-signed one.
        params
            .distinguished_name
            .push(DnType::CommonName, "authority of the tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    pub(in crate::mcp) fn pem(&self) -> String {
        self.0.pem()
    }

    pub(in crate::mcp) fn valid(&self, name: &str) -> Identity {
        self.signed(name, 2020, 4000)
    }

    pub(in crate::mcp) fn expired(&self, name: &str) -> Identity {
        self.signed(name, 2019, 2020)
    }

    pub(in crate::mcp) fn not_yet_valid(&self, name: &str) -> Identity {
        self.signed(name, 3000, 4000)
    }

    fn signed(&self, name: &str, from: i32, to: i32) -> Identity {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        Identity(certificate.der().clone(), key.into())
    }

    /// Signed by itself; `authority`: as a certificate authority's, which is what
    /// most recipes for a certificate of one's own make.
    pub(in crate::mcp) fn self_signed(name: &str, authority: bool) -> Identity {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        if authority {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Identity(certificate.der().clone(), key.into())
    }
}
