//! HTTP clients, and what their errors mean.
//!
//! One client, with one pool of connections, serves every connector that has no
//! network settings of its own; the system's roots are read once, when the first
//! certificate has to be judged. No client follows a redirect, sends a referer or
//! unpacks a compressed body: each of these is a decision of the caller's, or a
//! way around a limit.

mod body;
mod fault;
mod names;
mod proxy;
mod retry;
mod roots;
#[cfg(test)]
pub(super) mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::crypto::{CryptoProvider, ring};

use crate::domain::{ConnectionOptions, Fault};

pub(super) use body::{BodyFault, bounded_body, next_chunk};
pub(super) use fault::{fault, proxy_refused};
use names::LocalNamesHere;
use proxy::ProxyEnvironment;
pub(super) use retry::retry_after_ms;
use roots::{Roots, RootsOnDemand};

/// How long a connection may take to stand, TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Most bytes of a document that describes a server: OAuth metadata, an error
/// page, the answer to a probe.
pub const DOCUMENT_LIMIT: usize = 64 * 1024;

/// Most bytes of an answer to a request in a session.
pub const ANSWER_LIMIT: usize = 64 * 1024 * 1024;

/// The network as the board sees it. Made once; cheap until it is used.
pub struct Network {
    provider: Arc<CryptoProvider>,
    roots: Arc<Roots>,
    environment: ProxyEnvironment,
    /// The client for connectors without settings of their own, or why a proxy
    /// named in the environment cannot be used.
    shared: Result<reqwest::Client, Fault>,
}

impl Network {
    /// Prepares the shared client with the proxies of this process's environment.
    /// Reads no certificate yet.
    ///
    /// # Errors
    /// [`crate::domain::FaultKind::Internal`] where TLS cannot be set up at all.
    pub fn new() -> Result<Self, Fault> {
        Self::with_proxies(ProxyEnvironment::read(|name| std::env::var(name).ok()))
    }

    fn with_proxies(environment: ProxyEnvironment) -> Result<Self, Fault> {
        let provider = Arc::new(ring::default_provider());
        let roots = Arc::new(Roots::default());
        let builder = client_builder(&provider, RootsOnDemand::new(&roots, &provider, Vec::new()))?;
        let shared = match environment.proxies() {
            Ok(proxies) => Ok(build(
                proxies
                    .into_iter()
                    .fold(builder, reqwest::ClientBuilder::proxy),
            )?),
            Err(fault) => Err(fault),
        };
        Ok(Self {
            provider,
            roots,
            environment,
            shared,
        })
    }

    /// The client for a connector. Without a CA or a proxy of its own this is a
    /// handle to the shared one; otherwise a new one with its own pool, to be kept
    /// for as long as the connector stands.
    ///
    /// # Errors
    /// [`crate::domain::FaultKind::User`] where the PEM text or the proxy's address
    /// is not one, [`crate::domain::FaultKind::Config`] where a proxy named in the
    /// environment is not. A password in a proxy's address is never repeated.
    pub fn client(&self, options: &ConnectionOptions) -> Result<reqwest::Client, Fault> {
        if options.ca_pem.is_none() && options.proxy.is_none() {
            return self.shared.clone();
        }
        build(self.builder(options)?)
    }

    /// A client that reaches `host` at these addresses and no others, so that a
    /// name which was looked up and judged cannot lead elsewhere a moment later. A
    /// proxy, where there is one, looks names up by itself.
    ///
    /// # Errors
    /// As [`Self::client`].
    pub(super) fn pinned_client(
        &self,
        options: &ConnectionOptions,
        host: &str,
        addresses: &[SocketAddr],
    ) -> Result<reqwest::Client, Fault> {
        build(self.builder(options)?.resolve_to_addrs(host, addresses))
    }

    fn builder(&self, options: &ConnectionOptions) -> Result<reqwest::ClientBuilder, Fault> {
        let extra = options.ca_pem.as_deref().map(roots::read_pem).transpose()?;
        let verifier = RootsOnDemand::new(&self.roots, &self.provider, extra.unwrap_or_default());
        let builder = client_builder(&self.provider, verifier)?;
        let proxies = match &options.proxy {
            Some(text) => vec![proxy::read_proxy(text)?],
            None => self.environment.proxies()?,
        };
        Ok(proxies
            .into_iter()
            .fold(builder, reqwest::ClientBuilder::proxy))
    }
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A client's own form may hold a proxy's password.
        f.write_str("Network")
    }
}

fn client_builder(
    provider: &Arc<CryptoProvider>,
    verifier: RootsOnDemand,
) -> Result<reqwest::ClientBuilder, Fault> {
    let mut tls = rustls::ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::internal(format!("TLS cannot be set up: {error}")))?
        // "Dangerous" is the replacing; the one put in asks webpki everything.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    // A configuration given whole is taken as it is: without this, no HTTP/2.
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("callboard/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .referer(false)
        .tcp_nodelay(true)
        .dns_resolver(LocalNamesHere)
        .connect_timeout(CONNECT_TIMEOUT)
        // The environment's proxies are put in by hand: never for this machine.
        .no_proxy())
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, Fault> {
    builder.build().map_err(|error| {
        Fault::internal(format!(
            "no HTTP client can be made: {}",
            error.without_url()
        ))
    })
}
