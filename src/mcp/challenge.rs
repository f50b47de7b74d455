//! Splits `WWW-Authenticate` into challenges (RFC 9110 section 11.6.1).
//!
//! One header may hold several challenges and a challenge several parameters,
//! both set apart by commas, so this is a scanner and no search for substrings: a
//! server must not be able to name a metadata address inside a quoted
//! description. What cannot be read is left out; nothing makes it fail.

#[cfg(test)]
mod tests;

/// One challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme in lower case: `bearer`, `basic`.
    pub scheme: String,
    /// Parameters in their order, names in lower case, quotes and escapes taken
    /// off. The server's own text. Of a name that comes twice the first holds.
    pub params: Vec<(String, String)>,
    /// The single value that some schemes have instead of parameters.
    pub token68: Option<String>,
}

impl Challenge {
    /// The value of a parameter; the name in lower case.
    pub fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Most challenges that are read from one answer; the rest is left out.
const CHALLENGE_LIMIT: usize = 32;

/// Reads all values of the header, in order.
pub fn read_challenges<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<Challenge> {
    let mut challenges = Vec::new();
    for value in values {
        read_value(value, &mut challenges);
    }
    challenges.truncate(CHALLENGE_LIMIT);
    challenges
}

/// The challenge of a scheme (in lower case), one that points at its metadata
/// (RFC 9728 section 5.1) before one that does not.
pub fn find<'a>(challenges: &'a [Challenge], scheme: &str) -> Option<&'a Challenge> {
    let of_scheme = || challenges.iter().filter(|one| one.scheme == scheme);
    of_scheme()
        .find(|one| one.param("resource_metadata").is_some())
        .or_else(|| of_scheme().next())
}

fn read_value(value: &str, challenges: &mut Vec<Challenge>) {
    let mut scan = Scan { rest: value };
    // Of this value only: a parameter never belongs to a challenge of another header.
    let first = challenges.len();
    loop {
        scan.skip(|c| c == ',' || c.is_whitespace());
        if scan.rest.is_empty() || challenges.len() >= CHALLENGE_LIMIT {
            return;
        }
        let word = scan.take(is_token);
        if word.is_empty() {
            scan.skip_element();
            continue;
        }
        let after_word = scan.rest;
        scan.skip(|c| c == ' ' || c == '\t');
        if let Some(value) = scan.param_value() {
            let open = challenges.get_mut(first..).and_then(<[_]>::last_mut);
            if let Some(challenge) = open {
                challenge.add(word, value);
            }
            continue;
        }
        let spaced = scan.rest.len() < after_word.len();
        let mut challenge = Challenge {
            scheme: word.to_ascii_lowercase(),
            ..Challenge::default()
        };
        if spaced {
            challenge.token68 = scan.token68().map(str::to_owned);
        } else if !scan.at_end_of_element() {
            scan.skip_element();
            continue;
        }
        challenges.push(challenge);
        if spaced {
            scan.first_param(challenges);
        }
    }
}

impl Challenge {
    fn add(&mut self, name: &str, value: String) {
        let name = name.to_ascii_lowercase();
        if self.param(&name).is_none() {
            self.params.push((name, value));
        }
    }
}

/// RFC 9110 section 5.6.2.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// What is still to be read.
struct Scan<'a> {
    rest: &'a str,
}

impl<'a> Scan<'a> {
    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn skip(&mut self, belongs: impl Fn(char) -> bool) {
        self.take(belongs);
    }

    fn eat(&mut self, letter: char) -> bool {
        let rest = self.rest.strip_prefix(letter);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn at_end_of_element(&self) -> bool {
        let next = self.rest.trim_start_matches([' ', '\t']);
        next.is_empty() || next.starts_with(',')
    }

    /// Goes past whatever cannot be read, to the next comma outside of quotes.
    fn skip_element(&mut self) {
        loop {
            self.skip(|c| c != ',' && c != '"');
            if !self.eat('"') {
                return;
            }
            self.quoted();
        }
    }

    /// `= value` of a parameter whose name was just read. Nothing is taken where
    /// something else follows, such as the padding of a token68.
    fn param_value(&mut self) -> Option<String> {
        let mut ahead = Scan { rest: self.rest };
        if !ahead.eat('=') {
            return None;
        }
        ahead.skip(|c| c == ' ' || c == '\t');
        let value = if ahead.eat('"') {
            ahead.quoted()
        } else {
            let plain = ahead.take(is_loose_value);
            if plain.is_empty() {
                return None;
            }
            plain.to_owned()
        };
        self.rest = ahead.rest;
        Some(value)
    }

    /// The rest of a quoted string, its opening quote taken (RFC 9110 section
    /// 5.6.4). One that is never closed ends with the header.
    fn quoted(&mut self) -> String {
        let mut text = String::new();
        let mut letters = self.rest.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => break,
                '\\' => text.extend(letters.next()),
                other => text.push(other),
            }
        }
        self.rest = letters.as_str();
        text
    }

    /// A token68, if the whole element is one (RFC 9110 section 11.2).
    fn token68(&mut self) -> Option<&'a str> {
        let mut ahead = Scan { rest: self.rest };
        let body = ahead.take(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c));
        let padding = ahead.take(|c| c == '=');
        if body.is_empty() || !ahead.at_end_of_element() {
            return None;
        }
        let whole = self.rest.get(..body.len() + padding.len())?;
        self.rest = ahead.rest;
        Some(whole)
    }

    /// The parameter that follows the scheme without a comma.
    fn first_param(&mut self, challenges: &mut [Challenge]) {
        if self.at_end_of_element() {
            return;
        }
        let name = self.take(is_token);
        self.skip(|c| c == ' ' || c == '\t');
        match self.param_value() {
            Some(value) if !name.is_empty() => {
                if let Some(challenge) = challenges.last_mut() {
                    challenge.add(name, value);
                }
            }
            _ => self.skip_element(),
        }
    }
}

/// Servers leave quotes away around addresses; a comma or a space ends it all the same.
fn is_loose_value(c: char) -> bool {
    c != ',' && c != '"' && !c.is_whitespace()
}
