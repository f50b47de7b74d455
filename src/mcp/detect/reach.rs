//! Which addresses a document that somebody named may be fetched from.
//!
//! [`super::places::may_fetch`] judges an address by its letters; a name that
//! resolves into an inner network is caught here, after the name server answered
//! and before anything is sent.

use std::net::{IpAddr, SocketAddr};

use tokio::net::lookup_host;
use url::{Host, Url};

use super::probe::{Probe, Wants};
use crate::domain::{ConnectionOptions, Fault, FaultKind};
use crate::guard::address::{AddressClass, class_of_ip, is_local_name};
use crate::mcp::network::Network;

/// The client for a probe: the usual one to the server itself, and to another host
/// one that is bound to the addresses that were judged.
///
/// # Errors
/// Where the name leads into a network that the server is not in.
pub(super) async fn client_for(
    network: &Network,
    options: &ConnectionOptions,
    usual: &reqwest::Client,
    probe: &Probe,
    server: &Url,
) -> Result<reqwest::Client, Fault> {
    if probe.wants != Wants::Document {
        return Ok(usual.clone());
    }
    client_bound(network, options, usual, &probe.url, server, false).await
}

/// The client for an address that somebody named on behalf of `server`: the usual
/// one on the server's own origin, elsewhere one that is bound to the addresses that
/// were judged. `private_network`: the operator accepts private networks.
///
/// # Errors
/// As [`client_for`].
pub(in crate::mcp) async fn client_bound(
    network: &Network,
    options: &ConnectionOptions,
    usual: &reqwest::Client,
    url: &Url,
    server: &Url,
    private_network: bool,
) -> Result<reqwest::Client, Fault> {
    let Some(Host::Domain(name)) = url.host() else {
        return Ok(usual.clone());
    };
    let own = url.origin() == server.origin();
    if own || is_local_name(name) {
        return Ok(usual.clone());
    }
    let Ok(found) = lookup_host((name, 0)).await else {
        // The request says what is wrong, or a proxy knows the name.
        return Ok(usual.clone());
    };
    let found: Vec<SocketAddr> = found.collect();
    let theirs: Vec<IpAddr> = found.iter().map(SocketAddr::ip).collect();
    if leads_inside(&theirs, &addresses_of(server).await, private_network) {
        let what = format!("{name} leads into a network that the server is not in");
        return Err(Fault::new(FaultKind::Network, what)
            .hint("do not sign in there; tell whoever runs the server"));
    }
    network.pinned_client(options, name, &found)
}

async fn addresses_of(server: &Url) -> Vec<IpAddr> {
    match server.host() {
        Some(Host::Ipv4(address)) => vec![address.into()],
        Some(Host::Ipv6(address)) => vec![address.into()],
        Some(Host::Domain(name)) => match lookup_host((name, 0)).await {
            Ok(found) => found.map(|one| one.ip()).collect(),
            Err(_) => Vec::new(),
        },
        None => Vec::new(),
    }
}

/// Whether any address is in an inner network, unless the server is in one of the
/// same kind or the operator accepts private ones.
fn leads_inside(theirs: &[IpAddr], servers: &[IpAddr], private_network: bool) -> bool {
    theirs
        .iter()
        .map(|one| class_of_ip(*one))
        .any(|class| match class {
            AddressClass::Public => false,
            AddressClass::Reserved => true,
            AddressClass::Private | AddressClass::Loopback if private_network => false,
            inner => !servers.iter().any(|one| class_of_ip(*one) == inner),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_lead_only_where_the_server_is_too() {
        let addresses = |list: &[&str]| -> Vec<IpAddr> {
            list.iter()
                .map(|one| one.parse().expect("an address"))
                .collect()
        };
        for (theirs, servers, inside) in [
            (&["8.8.8.8"] as &[&str], &["1.1.1.1"] as &[&str], false),
            (&["10.0.0.1"], &["1.1.1.1"], true),
            (&["8.8.8.8", "10.0.0.1"], &["1.1.1.1"], true),
            (&["169.254.169.254"], &["10.0.0.1"], true),
            (&["127.0.0.1"], &["1.1.1.1"], true),
            (&["::ffff:127.0.0.1"], &["1.1.1.1"], true),
            (&["10.0.0.1"], &["192.168.0.1"], false),
            (&["10.0.0.1"], &[], true),
            (&["0.0.0.0"], &["127.0.0.1"], true),
        ] {
            assert_eq!(
                leads_inside(&addresses(theirs), &addresses(servers), false),
                inside,
                "{theirs:?}"
            );
        }
        // Who accepts private networks accepts neither the local link, where clouds
        // keep their keys, nor what is no address.
        for (theirs, inside) in [
            ("10.0.0.1", false),
            ("127.0.0.1", false),
            ("169.254.169.254", true),
            ("0.0.0.0", true),
        ] {
            let found = leads_inside(&addresses(&[theirs]), &addresses(&["1.1.1.1"]), true);
            assert_eq!(found, inside, "{theirs}");
        }
    }
}
