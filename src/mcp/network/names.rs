//! Asks for the addresses of a name.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::guard::address::is_local_name;

/// The system's resolver, except that this machine's names are answered here:
/// plain http is allowed to them, so no name server may say that
/// `app.localhost` is elsewhere (RFC 6761 section 6.3).
pub(super) struct LocalNamesHere;

impl Resolve for LocalNamesHere {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is filled in by the caller.
            let found: Vec<SocketAddr> = if is_local_name(name.as_str()) {
                vec![
                    (Ipv4Addr::LOCALHOST, 0).into(),
                    (Ipv6Addr::LOCALHOST, 0).into(),
                ]
            } else {
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect()
            };
            if found.is_empty() {
                return Err("the name has no address".into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
