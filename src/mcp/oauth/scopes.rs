//! Which scopes are asked for (MCP 2026-07-28, basic/authorization, "Scope
//! selection strategy" and "Step-up authorization").

use crate::domain::{Scope, Untrusted};
use crate::mcp::challenge::Challenge;

/// Most scopes that one sign-in asks for.
const LIMIT: usize = 64;

/// Most step-ups of one connector without one that succeeded; then the server asks
/// for something that cannot be had.
pub const STEP_UP_LIMIT: u32 = 3;

/// The scope that keeps a sign-in alive (OpenID Connect Core 1.0 section 11).
const OFFLINE: &str = "offline_access";

/// The scopes to ask for: the operator's, else the challenge's, else those that the
/// resource knows, else none. An authorization server's own list is never a reason to
/// ask: it may hold `admin:everything`. `offline_access` is added where that server
/// knows it, because without it some give no refresh token.
pub(super) fn choose(
    operator: &[String],
    challenge: Option<&str>,
    resource: Option<&[String]>,
    server: &[String],
) -> Vec<String> {
    if !operator.is_empty() {
        return tidy(operator.iter().map(String::as_str));
    }
    let mut chosen = match (challenge, resource) {
        (Some(text), _) => tidy(text.split_ascii_whitespace()),
        (None, Some(list)) => tidy(list.iter().map(String::as_str)),
        (None, None) => Vec::new(),
    };
    let knows = server.iter().any(|one| one == OFFLINE);
    if knows && !chosen.is_empty() && !chosen.iter().any(|one| one == OFFLINE) {
        chosen.push(OFFLINE.to_owned());
    }
    chosen
}

/// Reads a list of scopes in one text (RFC 6749 section 3.3).
pub(super) fn read(text: &str) -> Vec<String> {
    tidy(text.split_ascii_whitespace())
}

/// Each once, in order, without what cannot be a scope (RFC 6749 appendix A.4).
fn tidy<'a>(scopes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for scope in scopes {
        let fits = !scope.is_empty()
            && scope
                .bytes()
                .all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
        if fits && !list.iter().any(|known| known == scope) && list.len() < LIMIT {
            list.push(scope.to_owned());
        }
    }
    list
}

/// What a server that answers *insufficient scope* (RFC 6750 section 3.1) would need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepUp {
    /// What to ask for: everything granted so far, and what is new.
    pub ask: Vec<String>,
    /// What of that is new.
    pub added: Vec<String>,
}

impl StepUp {
    /// Reads a challenge of status 403; `None` where it is none that another consent
    /// could mend.
    pub fn read(challenge: &Challenge, asked: &[String], granted: &[String]) -> Option<Self> {
        if challenge.param("error") != Some("insufficient_scope") {
            return None;
        }
        let wanted = read(challenge.param("scope")?);
        // Asked for and not granted counts as new: the server refused it then.
        let added: Vec<String> = wanted
            .into_iter()
            .filter(|scope| !granted.contains(scope))
            .collect();
        if added.is_empty() {
            return None;
        }
        let all = asked.iter().chain(granted).chain(&added);
        Some(Self {
            ask: tidy(all.map(String::as_str)),
            added,
        })
    }
}

/// Scopes with a reading of each.
pub fn described(scopes: &[String]) -> Vec<Scope> {
    scopes
        .iter()
        .map(|scope| Scope {
            name: Untrusted::new(scope.as_str()),
            words: in_words(scope),
        })
        .collect()
}

/// What a scope seems to mean. `None` where its letters say nothing.
pub fn in_words(scope: &str) -> Option<String> {
    let known = match scope {
        "openid" => "know who you are",
        "profile" => "read your name and picture",
        "email" => "read your e-mail address",
        "address" => "read your postal address",
        "phone" => "read your telephone number",
        OFFLINE => "stay signed in when you are away",
        _ => "",
    };
    if !known.is_empty() {
        return Some(known.to_owned());
    }
    let last = scope.rsplit('/').next().unwrap_or(scope);
    let parts: Vec<String> = last
        .split([':', '.', '_', '-'])
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let verb = parts.iter().find_map(|part| verb(part))?;
    let things: Vec<&str> = parts
        .iter()
        .filter(|part| self::verb(part).is_none() && plain(part))
        .map(String::as_str)
        .collect();
    if things.is_empty() {
        return Some(verb.to_owned());
    }
    Some(format!("{verb}: {}", things.join(" ")))
}

fn verb(part: &str) -> Option<&'static str> {
    Some(match part {
        "read" | "readonly" | "view" | "get" | "list" => "read",
        "write" | "edit" | "update" | "modify" | "readwrite" => "change",
        "create" | "add" | "insert" => "create",
        "delete" | "remove" => "delete",
        "send" | "post" | "publish" => "send",
        "admin" | "manage" | "full" | "all" | "owner" | "root" => "do everything",
        "call" | "execute" | "run" | "invoke" => "run",
        _ => return None,
    })
}

fn plain(part: &str) -> bool {
    part.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mcp::challenge::read_challenges;

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn the_challenge_comes_before_the_resource_and_nothing_after_it() {
        let all = list(&["read", "admin:everything"]);
        let resource = list(&["read", "write"]);
        assert_eq!(
            choose(&[], Some("read  read x"), Some(&resource), &all),
            ["read", "x"]
        );
        assert_eq!(choose(&[], None, Some(&resource), &all), ["read", "write"]);
        assert!(choose(&[], None, None, &all).is_empty());
        assert!(choose(&[], Some(""), Some(&resource), &all).is_empty());
        assert_eq!(choose(&list(&["only"]), Some("read"), None, &all), ["only"]);
    }

    #[test]
    fn offline_access_is_added_where_it_is_known() {
        let server = list(&["read", "offline_access"]);
        assert_eq!(
            choose(&[], Some("read"), None, &server),
            ["read", "offline_access"]
        );
        assert!(choose(&[], None, None, &server).is_empty());
        assert_eq!(choose(&list(&["read"]), None, None, &server), ["read"]);
    }

    #[test]
    fn what_cannot_be_a_scope_is_left_out() {
        assert_eq!(read("a \"b\" c\\d \u{e9} e"), ["a", "e"]);
    }

    #[test]
    fn a_step_up_asks_for_the_union_and_shows_the_difference() {
        let header = "Bearer error=\"insufficient_scope\", scope=\"files:write files:read\"";
        let challenge = &read_challenges([header])[0];
        let granted = list(&["files:read", "profile"]);
        let step = StepUp::read(challenge, &granted, &granted).unwrap();
        assert_eq!(step.added, ["files:write"]);
        assert_eq!(step.ask, ["files:read", "profile", "files:write"]);
        let all = list(&["files:read", "files:write"]);
        assert_eq!(StepUp::read(challenge, &all, &all), None);
        let other = &read_challenges(["Bearer error=\"invalid_token\", scope=\"a\""])[0];
        assert_eq!(StepUp::read(other, &[], &[]), None);
    }

    #[test]
    fn scopes_are_read_out_in_words() {
        for (scope, words) in [
            ("read", Some("read")),
            ("repo:write", Some("change: repo")),
            (
                "https://www.googleapis.com/auth/drive.readonly",
                Some("read: drive"),
            ),
            ("admin:everything", Some("do everything: everything")),
            ("offline_access", Some("stay signed in when you are away")),
            ("xyzzy", None),
            ("delete_messages", Some("delete: messages")),
        ] {
            assert_eq!(in_words(scope).as_deref(), words, "{scope}");
        }
    }
}
