//! Reads an address that a person typed, and judges where an address leads.

mod class;
pub mod template;
#[cfg(test)]
mod tests;

use url::{ParseError, Url};

pub use class::{AddressClass, class_of, class_of_ip, is_local_name};

use crate::domain::Fault;

/// Longest address that is read, in characters.
pub const ADDRESS_LIMIT: usize = 2048;

/// Reads the address of a server as a person types it: `https://` is put before a
/// bare host (`http://` before this machine's own names), and everything that
/// would not work, or not safely, is refused by name.
///
/// Plain http to another machine needs `plain_http`.
///
/// # Errors
/// [`crate::domain::FaultKind::User`], with the place of the fault in the text.
pub fn read_address(text: &str, plain_http: bool) -> Result<Url, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::user("the address is empty").hint(EXAMPLE));
    }
    if text.chars().count() > ADDRESS_LIMIT {
        return Err(Fault::user(format!(
            "the address is longer than {ADDRESS_LIMIT} characters"
        )));
    }
    refuse_characters(text)?;
    let (scheme, rest) = scheme_and_rest(text)?;
    refuse_parts(text, rest)?;
    let url =
        Url::parse(&format!("{scheme}://{rest}")).map_err(|error| unread(text, rest, error))?;
    if url.port() == Some(0) {
        return Err(bad_port(text, rest));
    }
    if url.scheme() == "http" && !is_loopback(&url) && !plain_http {
        return Err(Fault::user(format!(
            "plain http to {} would let everybody on the way read and change what is said",
            url.host_str().unwrap_or_default()
        ))
        .hint("use https://, or allow it with --plain-http; it never carries a secret then"));
    }
    Ok(url)
}

/// Whether an address leads to this machine: 127.0.0.0/8, `::1`, `localhost` and
/// names under it (RFC 6761 section 6.3).
pub fn is_loopback(url: &Url) -> bool {
    class_of(url) == AddressClass::Loopback
}

/// An address as it may be shown: a query is cut to `?…`, because it may hold a key.
pub fn shown(url: &Url) -> String {
    let mut short = url.clone();
    // A user or password never gets this far; a server's own metadata may hold one.
    let _ = short.set_username("");
    let _ = short.set_password(None);
    short.set_fragment(None);
    let cut = short.query().is_some();
    short.set_query(None);
    if cut {
        format!("{short}?…")
    } else {
        short.to_string()
    }
}

const EXAMPLE: &str = "give one such as https://example.com/mcp";

/// The parser drops some of these silently; what is judged must be what was typed.
fn refuse_characters(text: &str) -> Result<(), Fault> {
    for (at, letter) in text.chars().enumerate() {
        let what = match letter {
            ' ' => "a space",
            '\\' => "a backslash",
            '<' | '>' | '"' | '`' => "a quotation mark or bracket that no address has",
            letter if letter.is_whitespace() || letter.is_control() => {
                "a line break, a tab or another control character"
            }
            letter if is_hidden(letter) => "a character that cannot be seen",
            _ => continue,
        };
        return Err(Fault::user(format!(
            "the address has {what} at character {}",
            at + 1
        )));
    }
    Ok(())
}

/// Zero-width and direction marks and tag characters: what is shown would not be
/// what is connected to.
fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The scheme to use, and what follows `://`.
fn scheme_and_rest(text: &str) -> Result<(&'static str, &str), Fault> {
    if let Some((scheme, rest)) = text.split_once("://").filter(|(s, _)| is_scheme(s)) {
        return match scheme.to_ascii_lowercase().as_str() {
            "https" => Ok(("https", rest)),
            "http" => Ok(("http", rest)),
            other => Err(
                Fault::user(format!("{other}:// is not something callboard speaks"))
                    .hint("a server's address begins with https://"),
            ),
        };
    }
    if text.starts_with(['/', '.', '~']) {
        return Err(
            Fault::user("the address begins like a path, not like a host")
                .hint("a local program is added with: callboard add NAME -- COMMAND ARG…"),
        );
    }
    let (before, after) = text.split_once(':').unwrap_or((text, ""));
    if is_scheme(before)
        && !before.contains('.')
        && !after.starts_with(|c: char| c.is_ascii_digit())
        && text.contains(':')
    {
        return Err(without_slashes(before, after));
    }
    let host = host_part(text);
    let bare = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let looks_like_host = bare.contains('.') || host.contains(':') || is_local_name(bare);
    if !looks_like_host {
        return Err(
            Fault::user("the address has neither a scheme nor a whole host name").hint(EXAMPLE),
        );
    }
    let local = Url::parse(&format!("http://{host}")).is_ok_and(|url| is_loopback(&url));
    Ok((if local { "http" } else { "https" }, text))
}

/// `https:example.com`, `mailto:x`: a colon that opens neither a port nor `//`.
fn without_slashes(scheme: &str, after: &str) -> Fault {
    if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        return Fault::user(format!(
            "two slashes are missing after {scheme}: at character {}",
            scheme.len() + 2
        ))
        .hint(EXAMPLE);
    }
    if is_local_name(scheme) || after.is_empty() || after.starts_with('-') {
        return Fault::user(format!(
            "the port after {scheme}: is not a number from 1 to 65535 (character {})",
            scheme.len() + 2
        ));
    }
    Fault::user(format!("{scheme}: is not something callboard speaks"))
        .hint("a server's address begins with https://")
}

/// RFC 3986 section 3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Host and port: what stands before the path.
fn host_part(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn refuse_parts(text: &str, rest: &str) -> Result<(), Fault> {
    let host = host_part(rest);
    if host.contains('@') {
        return Err(Fault::user("the address holds a user or a password")
            .hint("leave it out; sign in with --auth basic --user NAME --password-stdin"));
    }
    if host.is_empty() || host.starts_with(':') {
        return Err(Fault::user(format!(
            "the address has no host at character {}",
            place_of(text, rest, 0)
        ))
        .hint(EXAMPLE));
    }
    if let Some(at) = text.chars().position(|letter| letter == '#') {
        return Err(Fault::user(format!(
            "the address has a fragment (#…) at character {}, which is never sent",
            at + 1
        ))
        .hint("leave away everything from the # on"));
    }
    Ok(())
}

/// Where, counted in characters from one, the byte `offset` of `rest` is in `text`.
fn place_of(text: &str, rest: &str, offset: usize) -> usize {
    let within = rest
        .get(..offset)
        .map_or(0, |before| before.chars().count());
    text.chars().count() - rest.chars().count() + within + 1
}

fn bad_port(text: &str, rest: &str) -> Fault {
    let host = host_part(rest);
    let offset = host.rfind(':').map_or(0, |colon| colon + 1);
    Fault::user(format!(
        "the port at character {} is not a number from 1 to 65535",
        place_of(text, rest, offset)
    ))
}

fn unread(text: &str, rest: &str, error: ParseError) -> Fault {
    let place = place_of(text, rest, 0);
    let what = match error {
        ParseError::InvalidPort => return bad_port(text, rest),
        ParseError::EmptyHost => "there is no host",
        ParseError::InvalidIpv4Address => "there is no valid IPv4 address",
        ParseError::InvalidIpv6Address => "there is no valid IPv6 address",
        ParseError::InvalidDomainCharacter | ParseError::IdnaError => {
            "the host has a character that no host name has"
        }
        _ => "there is no valid host",
    };
    Fault::user(format!(
        "the address cannot be read: at character {place} {what}"
    ))
    .hint(EXAMPLE)
}
