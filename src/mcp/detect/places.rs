//! Where OAuth metadata may lie, and which addresses may be asked for it.

use url::Url;

use crate::domain::Untrusted;
use crate::guard::address::{AddressClass, class_of, shown};
use crate::guard::sanitise;

/// An address that came from a server, as it may be shown: without its query, and
/// not longer than a line or two.
pub(in crate::mcp) fn brief(url: &Url) -> String {
    sanitise::line(&Untrusted::new(shown(url)), 200)
}

/// Whether an address that came from a server may be asked for something on behalf
/// of `server`: https, or http where both are this machine; and no address literal
/// of a network that the server itself is not in.
///
/// # Errors
/// Says why not, to follow the address in a sentence.
pub(in crate::mcp) fn may_fetch(url: &Url, server: &Url) -> Result<(), &'static str> {
    let class = class_of(url);
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user or a password");
    }
    match url.scheme() {
        "https" => {}
        "http" if class == AddressClass::Loopback && class_of(server) == class => {}
        "http" => return Err("is plain http"),
        _ => return Err("is neither https nor http"),
    }
    match class {
        AddressClass::Public => Ok(()),
        AddressClass::Reserved => Err("is no address of a server"),
        class if class == class_of(server) => Ok(()),
        AddressClass::Loopback => Err("points at this machine, and the server is not on it"),
        AddressClass::Private => Err("points into a private network that the server is not in"),
        AddressClass::LinkLocal => Err("points at the local link, and the server is not there"),
    }
}

/// An address as a server wrote it, resolved and allowed.
pub(in crate::mcp) fn named_url(text: &str, base: &Url, server: &Url) -> Result<Url, String> {
    let quoted = || sanitise::line(&Untrusted::new(text), 100);
    let url = base
        .join(text)
        .map_err(|_| format!("is not an address (“{}”)", quoted()))?;
    may_fetch(&url, server).map_err(|why| format!("{why} (“{}”)", quoted()))?;
    Ok(url)
}

/// The places of a well-known document of a URL: with its path put behind, then
/// at the root.
pub(in crate::mcp) fn well_known(url: &Url, name: &str) -> Vec<Url> {
    let root = format!("/.well-known/{name}");
    let path = url.path();
    let inserted = format!("{root}{path}");
    let places = if path == "/" {
        vec![root]
    } else {
        vec![inserted, root]
    };
    places.iter().map(|place| with_path(url, place)).collect()
}

fn with_path(url: &Url, path: &str) -> Url {
    let mut place = url.clone();
    place.set_query(None);
    place.set_fragment(None);
    place.set_path(path);
    place
}

/// The places of an authorization server's document, for an issuer with and
/// without a path.
pub(in crate::mcp) fn issuer_places(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let mut places = vec![
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("/.well-known/openid-configuration{path}"),
    ];
    if !path.is_empty() {
        places.push(format!("{path}/.well-known/openid-configuration"));
    }
    places
        .iter()
        .map(|place| with_path(issuer, place))
        .collect()
}
