//! HTTP clients, and what their errors mean.
//!
//! The smallest thing that sessions can be tried with.

use std::time::Duration;

use url::Url;

use crate::domain::{ConnectionOptions, Fault, FaultKind};

/// Makes HTTP clients.
#[derive(Debug, Default)]
pub struct Network {}

impl Network {
    /// Nothing opened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A client for one connector.
    pub fn client(&self, options: &ConnectionOptions) -> Result<reqwest::Client, Fault> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(Duration::from_secs(10));
        if let Some(proxy) = &options.proxy {
            let proxy = reqwest::Proxy::all(proxy)
                .map_err(|_| Fault::user("the proxy is not a URL that can be used"))?;
            builder = builder.proxy(proxy);
        }
        builder
            .build()
            .map_err(|_| Fault::internal("cannot make an HTTP client"))
    }
}

/// Says what a failed request met.
pub(super) fn fault(error: &reqwest::Error, url: &Url) -> Fault {
    let host = url.host_str().unwrap_or("the server");
    let message = if error.is_timeout() {
        format!("{host} did not answer in time")
    } else if error.is_connect() {
        format!("cannot connect to {host}")
    } else {
        format!("the connection to {host} broke")
    };
    Fault::new(FaultKind::Network, message).retryable()
}
