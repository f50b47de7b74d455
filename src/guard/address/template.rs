//! Addresses with variables in them, `https://{tenant}.example.com/mcp`, as the
//! registry's `server.json` writes them.
//!
//! A value stays in its place: in the host it has only characters that a host has,
//! in path and query everything else is escaped (RFC 3986 section 2.3, RFC 6570
//! section 3.2.2). So no value turns an address into that of another server.

use std::fmt;

use super::read_address;
use crate::domain::Remote;

/// Longest name of a variable, in characters.
const NAME_LIMIT: usize = 64;

/// What stands for a secret where an address is shown.
const DOTS: &str = "•••";

/// Where in an address a variable stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In host or port.
    Host,
    /// In the path.
    Path,
    /// In the query.
    Query,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(String, Place),
}

/// An address with variables, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

/// Why a text is not an address with variables, a part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotATemplate(&'static str);

impl fmt::Display for NotATemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NotATemplate {}

/// What goes in the place of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling<'a> {
    /// This.
    Value(&'a str),
    /// A secret that is there and not to be seen.
    Hidden,
    /// Nothing yet: the variable stays.
    Nothing,
}

impl Template {
    /// Reads an address with variables, or without.
    ///
    /// # Errors
    /// Where it is not `http(s)`, a brace has no other, or what is left without its
    /// variables is no address that callboard would connect to.
    pub fn parse(text: &str) -> Result<Self, NotATemplate> {
        let scheme = ["https://", "http://"]
            .into_iter()
            .find(|scheme| text.starts_with(scheme))
            .ok_or(NotATemplate("it is not an http(s) address"))?;
        let mut place = Place::Host;
        let mut parts = Vec::new();
        let mut rest = text;
        let mut begun = 0;
        while let Some((before, after)) = rest.split_once('{') {
            if before.contains('}') {
                return Err(NotATemplate("a } stands alone"));
            }
            // The slashes of the scheme begin no path.
            let skipped = if begun == 0 { scheme.len() } else { 0 };
            place = place_behind(place, before.get(skipped..).unwrap_or_default());
            begun += 1;
            parts.push(Part::Text(before.to_owned()));
            let (name, behind) = after
                .split_once('}')
                .ok_or(NotATemplate("a { is not closed"))?;
            if !is_name(name) {
                return Err(NotATemplate("a variable has no usable name"));
            }
            parts.push(Part::Variable(name.to_owned(), place));
            rest = behind;
        }
        if rest.contains('}') {
            return Err(NotATemplate("a } stands alone"));
        }
        parts.push(Part::Text(rest.to_owned()));
        let template = Self { parts };
        // 1 stands where a name and a port may.
        let sample = template.written(|_, _| "1".to_owned());
        read_address(&sample, true)
            .map_err(|_| NotATemplate("it is no address that can be connected to"))?;
        Ok(template)
    }

    /// The names of its variables, each once, in their order, and where it stands
    /// first.
    pub fn variables(&self) -> Vec<(&str, Place)> {
        let mut found: Vec<(&str, Place)> = Vec::new();
        for part in &self.parts {
            if let Part::Variable(name, place) = part
                && !found.iter().any(|(known, _)| known == name)
            {
                found.push((name, *place));
            }
        }
        found
    }

    /// Whether a variable stands in its query alone, where the vault keeps what is
    /// put in.
    pub fn only_in_query(&self, name: &str) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Variable(other, place) => other != name || *place == Place::Query,
            Part::Text(_) => true,
        })
    }

    /// What is wrong with a value for a variable because of where it stands;
    /// `None`: nothing.
    pub fn wrong(&self, name: &str, value: &str) -> Option<&'static str> {
        let stands = |wanted| {
            self.parts.iter().any(
                |part| matches!(part, Part::Variable(other, place) if other == name && *place == wanted),
            )
        };
        let fits = |c: char| c.is_alphanumeric() || "-._:[]".contains(c);
        if stands(Place::Host) && !value.chars().all(fits) {
            return Some("is part of a host name: letters, digits, - and . only");
        }
        // RFC 3986 section 5.2.4 would take the segment before away.
        (stands(Place::Path) && matches!(value, "." | "..")).then_some("is no part of a path")
    }

    /// The address with values in the places of variables.
    pub fn fill<'a>(&self, value: impl Fn(&str) -> Filling<'a>) -> String {
        self.written(|name, place| match (value(name), place) {
            (Filling::Value(value), Place::Host) => value.to_owned(),
            (Filling::Value(value), Place::Path | Place::Query) => escaped(value),
            (Filling::Hidden, _) => DOTS.to_owned(),
            (Filling::Nothing, _) => format!("{{{name}}}"),
        })
    }

    fn written(&self, value: impl Fn(&str, Place) -> String) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Variable(name, place) => value(name, *place),
            })
            .collect()
    }
}

/// Where one is behind so much more of an address.
fn place_behind(place: Place, text: &str) -> Place {
    match place {
        Place::Query => Place::Query,
        _ if text.contains('?') => Place::Query,
        Place::Host if text.contains('/') => Place::Path,
        other => other,
    }
}

fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    !name.is_empty() && name.len() <= NAME_LIMIT && name.chars().all(letter)
}

/// Everything but RFC 3986's unreserved characters, escaped.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// A remote's address, ready to be compared with those of connectors.
#[derive(Clone, Debug)]
pub struct Destination(Whither);

#[derive(Clone, Debug)]
enum Whither {
    /// This one, and whether a query belongs to it.
    One(String, bool),
    /// Any that the template can become.
    Any(Template, Remote),
    Nowhere,
}

impl Destination {
    /// Where a remote leads.
    pub fn of(remote: &Remote) -> Self {
        let text = remote.url.raw();
        if !text.contains('{') {
            return Self(match read_address(text, true) {
                Ok(mut url) => {
                    let query = url.query().is_some_and(|query| !query.is_empty());
                    url.set_query(None);
                    Whither::One(url.into(), query)
                }
                Err(_) => Whither::Nowhere,
            });
        }
        Self(match Template::parse(text) {
            Ok(template) => Whither::Any(template, remote.clone()),
            Err(_) => Whither::Nowhere,
        })
    }

    /// Whether a connector with this address, whose query is cut, leads there. What
    /// is doubtful does not.
    pub fn is(&self, url: &str, query: bool) -> bool {
        match &self.0 {
            Whither::One(one, with) => one == url && *with == query,
            Whither::Any(template, remote) => fits(template, remote, url, query),
            Whither::Nowhere => false,
        }
    }
}

/// Whether an address can have been made from a template.
fn fits(template: &Template, remote: &Remote, url: &str, query: bool) -> bool {
    let mut texts = Vec::new();
    let mut names: Vec<(&str, Place)> = Vec::new();
    let mut in_query = false;
    for part in &template.parts {
        match part {
            Part::Text(text) => {
                let (head, tail) = text
                    .split_once('?')
                    .map_or((text.as_str(), None), |(h, t)| (h, Some(t)));
                texts.push(head);
                if tail.is_some() {
                    in_query = true;
                    break;
                }
            }
            Part::Variable(name, place) => names.push((name, *place)),
        }
    }
    if in_query != query {
        return false;
    }
    let Some((first, others)) = texts.split_first() else {
        return false;
    };
    let Some(mut rest) = url.strip_prefix(first) else {
        return false;
    };
    for (place, (next, (name, stands))) in others.iter().zip(&names).enumerate() {
        let last = place + 1 == others.len();
        let (value, behind) = if last {
            match rest.strip_suffix(next) {
                Some(value) => (value, ""),
                None => return false,
            }
        } else if next.is_empty() {
            // Two variables side by side: nobody can tell where one ends.
            return false;
        } else {
            match rest.split_once(next) {
                Some(split) => split,
                None => return false,
            }
        };
        let whole_host = *stands == Place::Host && first.ends_with("://") && next.starts_with('/');
        if !may_be(remote, name, value, whole_host && place == 0) {
            return false;
        }
        rest = behind;
    }
    rest.is_empty()
}

/// Whether a variable may have had a value. One that is a whole host says nothing
/// about whose server it is, unless it is among those that are named.
fn may_be(remote: &Remote, name: &str, value: &str, whole_host: bool) -> bool {
    let input = remote.variables.iter().find(|input| input.name == name);
    let choices = input.map_or(&[][..], |input| &input.choices);
    let default = input.and_then(|input| input.default.as_ref());
    if !choices.is_empty() {
        return choices.iter().any(|choice| choice.raw() == value);
    }
    if whole_host {
        return default.is_some_and(|default| default.raw() == value);
    }
    !value.is_empty() && !value.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{EntryInput, Transport};

    fn remote(url: &str, variables: Vec<EntryInput>) -> Remote {
        Remote {
            transport: Transport::StreamableHttp,
            url: url.into(),
            variables,
            headers: Vec::new(),
        }
    }

    fn variable(name: &str, default: Option<&str>, choices: &[&str]) -> EntryInput {
        EntryInput {
            name: name.to_owned(),
            default: default.map(Into::into),
            choices: choices.iter().map(|choice| (*choice).into()).collect(),
            ..EntryInput::default()
        }
    }

    fn filled(template: &str, values: &[(&str, &str)]) -> String {
        let template = Template::parse(template).unwrap();
        template.fill(|name| {
            let value = values.iter().find(|(known, _)| *known == name);
            value.map_or(Filling::Nothing, |(_, value)| Filling::Value(value))
        })
    }

    #[test]
    fn variables_are_found_with_their_places() {
        let template =
            Template::parse("https://{tenant}.a.example:{port}/{tenant}/x?key={key}").unwrap();
        assert_eq!(
            template.variables(),
            [
                ("tenant", Place::Host),
                ("port", Place::Host),
                ("key", Place::Query)
            ]
        );
        assert!(template.only_in_query("key") && !template.only_in_query("tenant"));
        assert_eq!(
            Template::parse("http://a.example/x").unwrap().variables(),
            []
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "{base}/mcp",
            "ftp://a.example/{x}",
            "https://a.example/{x",
            "https://a.example/x}",
            "https://a.example/{}",
            "https://a.example/{a b}",
            "https://user@a.example/",
            "https://a.example/#{x}",
            "https:///{x}",
            "https://a.example/ {x}",
            "https://a.example/\u{202e}{x}",
        ] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_stays_in_its_place() {
        let text = "https://{tenant}.example.com/{space}?key={key}";
        assert_eq!(
            filled(
                text,
                &[
                    ("tenant", "acme"),
                    ("space", "a/../b?c#d"),
                    ("key", "1&x=2")
                ]
            ),
            "https://acme.example.com/a%2F..%2Fb%3Fc%23d?key=1%26x%3D2"
        );
        let template = Template::parse(text).unwrap();
        assert_eq!(template.wrong("tenant", "acme-1"), None);
        for value in ["evil.example/", "a@b", "a?b", "a#b", "a\\b", "a b"] {
            assert!(template.wrong("tenant", value).is_some(), "{value}");
        }
        assert_eq!(template.wrong("space", "a/b"), None);
        assert!(template.wrong("space", "..").is_some());
    }

    #[test]
    fn what_is_not_there_yet_stays_and_a_secret_is_not_seen() {
        assert_eq!(
            filled("https://a.example/{x}", &[]),
            "https://a.example/{x}"
        );
        let template = Template::parse("https://a.example/?key={key}").unwrap();
        assert_eq!(
            template.fill(|_| Filling::Hidden),
            "https://a.example/?key=•••"
        );
    }

    #[test]
    fn a_connector_is_told_by_its_address() {
        let plain = Destination::of(&remote("https://A.example", vec![]));
        assert!(plain.is("https://a.example/", false));
        assert!(!plain.is("https://a.example/", true));
        assert!(!plain.is("https://a.example/mcp", false));
        let login = Destination::of(&remote("https://a.example/mcp?login", vec![]));
        assert!(login.is("https://a.example/mcp", true));
        assert!(!login.is("https://a.example/mcp", false));
        let tenant = remote("https://{tenant}.a.example/{space}/mcp", vec![]);
        let tenant = Destination::of(&tenant);
        assert!(tenant.is("https://acme.a.example/one/mcp", false));
        assert!(!tenant.is("https://a.example/one/mcp", false));
        assert!(!tenant.is("https://acme.a.example/one/two/mcp", false));
        assert!(!tenant.is("https://acme.a.example/one/mcp", true));
        let key = Destination::of(&remote("https://a.example/{x}?key={key}", vec![]));
        assert!(key.is("https://a.example/1", true));
        assert!(!key.is("https://a.example/1", false));
    }

    #[test]
    fn a_host_that_can_be_any_is_known_by_its_names_alone() {
        let host = remote(
            "https://{host}/api/mcp",
            vec![variable("host", Some("gitlab.example"), &[])],
        );
        assert!(Destination::of(&host).is("https://gitlab.example/api/mcp", false));
        assert!(!Destination::of(&host).is("https://other.example/api/mcp", false));
        let site = remote(
            "https://{site}/v1",
            vec![variable("site", None, &["eu.a.example", "us.a.example"])],
        );
        assert!(Destination::of(&site).is("https://us.a.example/v1", false));
        assert!(!Destination::of(&site).is("https://b.example/v1", false));
    }
}
