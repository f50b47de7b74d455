//! What kind of network an address leads to, by its letters alone.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Where an address leads, as far as it can be told without asking a name server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressClass {
    /// This machine.
    Loopback,
    /// A private network (RFC 1918, RFC 4193, RFC 6598).
    Private,
    /// The local link, where clouds keep their metadata (RFC 3927, RFC 4291).
    LinkLocal,
    /// Nothing one connects to: unspecified, multicast, broadcast, reserved.
    Reserved,
    /// Everything else, names included.
    Public,
}

/// The class of a URL's host. A name is public unless it is one of this
/// machine's: what it resolves to is not looked up.
pub fn class_of(url: &Url) -> AddressClass {
    match url.host() {
        Some(Host::Ipv4(address)) => v4(address),
        Some(Host::Ipv6(address)) => v6(address),
        Some(Host::Domain(name)) => domain(name),
        None => AddressClass::Reserved,
    }
}

fn domain(name: &str) -> AddressClass {
    if is_local_name(name) {
        return AddressClass::Loopback;
    }
    let name = name.trim_end_matches('.');
    // Not special to the URL standard's parser when it stands in another notation.
    name.parse().map_or(AddressClass::Public, class_of_ip)
}

/// The class of an address, once a name has been looked up.
pub fn class_of_ip(address: IpAddr) -> AddressClass {
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

fn v4(address: Ipv4Addr) -> AddressClass {
    let [a, b, ..] = address.octets();
    if address.is_loopback() {
        AddressClass::Loopback
    } else if address.is_link_local() {
        AddressClass::LinkLocal
    } else if address.is_private() || (a == 100 && (64..128).contains(&b)) {
        AddressClass::Private
    } else if a == 0 || a >= 224 {
        AddressClass::Reserved
    } else {
        AddressClass::Public
    }
}

fn v6(address: Ipv6Addr) -> AddressClass {
    if address.is_loopback() {
        return AddressClass::Loopback;
    }
    if let Some(inner) = embedded(address) {
        return v4(inner);
    }
    let [first, ..] = address.segments();
    match first {
        _ if address.is_unspecified() || address.is_multicast() => AddressClass::Reserved,
        first if first & 0xffc0 == 0xfe80 => AddressClass::LinkLocal,
        first if first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfec0 => AddressClass::Private,
        _ => AddressClass::Public,
    }
}

/// The IPv4 address inside an IPv6 one: mapped (RFC 4291), NAT64 (RFC 6052) and
/// 6to4 (RFC 3056), each a way around a check that looks at the outside.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => Some(join(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(join(high, low)),
        [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

/// Whether a name is one of this machine's own: `localhost` and names under it
/// (RFC 6761 section 6.3).
pub fn is_local_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}
