//! Everything that was given out and is not over.

use std::collections::HashMap;
use std::time::Instant;

use super::clients::Known;
use super::device::Waiting;
use super::{ROOM, Refusal, TOKEN_LIFE, draw};

/// What a valid access token stands for.
#[derive(Clone, Debug)]
pub(in crate::practice) struct Pass {
    family: u64,
    /// The id of its client.
    owner: String,
    /// What the client calls itself.
    pub(in crate::practice) client: String,
    pub(in crate::practice) scopes: Vec<String>,
    /// How often it was renewed.
    pub(in crate::practice) renewed: u64,
    /// When it ends.
    pub(in crate::practice) ends: Instant,
}

/// What somebody is asked to allow.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) client: String,
    pub(super) redirect: String,
    pub(super) state: Option<String>,
    /// RFC 7636, S256.
    pub(super) challenge: String,
    pub(super) scopes: Vec<String>,
    pub(super) ends: Instant,
}

/// A sign-in that stands: all tokens that came of one consent.
#[derive(Clone, Debug)]
pub(super) struct Family {
    pub(super) id: u64,
    /// The client's id.
    pub(super) client: String,
    pub(super) scopes: Vec<String>,
    pub(super) renewed: u64,
}

/// New tokens.
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) refresh: String,
}

/// What the doorkeeper remembers.
#[derive(Default)]
pub(super) struct Book {
    pub(super) clients: HashMap<String, Known>,
    /// Consents that wait, by the number of their page.
    pub(super) asked: HashMap<String, Asked>,
    pub(super) codes: HashMap<String, Asked>,
    /// Codes that were used, and what came of them.
    pub(super) used: HashMap<String, u64>,
    pub(super) devices: HashMap<String, Waiting>,
    access: HashMap<String, Pass>,
    refresh: HashMap<String, Family>,
    /// Refresh tokens that were used.
    spent: HashMap<String, u64>,
    families: u64,
}

impl Book {
    /// What a token stands for, unless it has ended.
    pub(super) fn pass(&self, token: &str) -> Option<Pass> {
        let pass = self.access.get(token)?;
        (Instant::now() < pass.ends).then(|| pass.clone())
    }

    /// Keeps a consent that waits.
    pub(super) fn ask(&mut self, asked: Asked) -> Result<String, Refusal> {
        let now = Instant::now();
        self.asked.retain(|_, one| now < one.ends);
        if self.asked.len() >= ROOM {
            return Err(Refusal::new(
                "temporarily_unavailable",
                "too many consents wait",
            ));
        }
        let id = draw()?;
        self.asked.insert(id.clone(), asked);
        Ok(id)
    }

    /// Keeps what a code stands for.
    pub(super) fn give_code(&mut self, asked: Asked) -> Result<String, Refusal> {
        let now = Instant::now();
        self.codes.retain(|_, one| now < one.ends);
        let code = draw()?;
        self.codes.insert(code.clone(), asked);
        Ok(code)
    }

    /// A new family; it has no tokens yet.
    pub(super) fn family(&mut self, client: &str, scopes: Vec<String>) -> Family {
        self.families += 1;
        Family {
            id: self.families,
            client: client.to_owned(),
            scopes,
            renewed: 0,
        }
    }

    /// New tokens for a family.
    pub(super) fn give_tokens(&mut self, family: Family) -> Result<Tokens, Refusal> {
        let (access, refresh) = (draw()?, draw()?);
        let now = Instant::now();
        self.access.retain(|_, pass| now < pass.ends);
        let client = self.clients.get(&family.client);
        let pass = Pass {
            family: family.id,
            owner: family.client.clone(),
            client: client.map_or_else(String::new, |known| known.name.clone()),
            scopes: family.scopes.clone(),
            renewed: family.renewed,
            ends: now + TOKEN_LIFE,
        };
        self.access.insert(access.clone(), pass);
        self.refresh.insert(refresh.clone(), family);
        Ok(Tokens { access, refresh })
    }

    /// Takes a refresh token, which works once. One that comes again was stolen by
    /// somebody: its whole family ends (RFC 9700 section 4.14.2).
    pub(super) fn take_refresh(&mut self, token: &str, client: &str) -> Option<Family> {
        if let Some(family) = self.spent.get(token).copied() {
            self.end(family);
            return None;
        }
        let mine = self.refresh.get(token)?.client == client;
        let mut family = if mine {
            self.refresh.remove(token)?
        } else {
            return None;
        };
        self.spent.insert(token.to_owned(), family.id);
        family.renewed += 1;
        Some(family)
    }

    /// Takes back whatever a token belongs to, for the client that it was given to (RFC
    /// 7009 section 2.1).
    pub(super) fn revoke(&mut self, token: &str, client: &str) {
        let by_refresh = self.refresh.get(token).filter(|one| one.client == client);
        let by_access = self.access.get(token).filter(|pass| pass.owner == client);
        let by_access = by_access.map(|pass| pass.family);
        if let Some(family) = by_refresh.map(|one| one.id).or(by_access) {
            self.end(family);
        }
    }

    /// Ends a family.
    pub(super) fn end(&mut self, family: u64) {
        self.access.retain(|_, pass| pass.family != family);
        self.refresh.retain(|_, one| one.id != family);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_that_comes_twice_ends_its_family_alone() {
        let mut book = Book::default();
        let (one, other) = (book.family("a", vec![]), book.family("a", vec![]));
        let first = book.give_tokens(one).unwrap();
        let untouched = book.give_tokens(other).unwrap();
        assert!(book.take_refresh(&first.refresh, "b").is_none());
        let family = book.take_refresh(&first.refresh, "a").unwrap();
        assert_eq!(family.renewed, 1);
        let second = book.give_tokens(family).unwrap();
        assert!(book.pass(&second.access).is_some());
        assert!(book.take_refresh(&first.refresh, "a").is_none());
        assert!(book.pass(&second.access).is_none());
        assert!(book.take_refresh(&second.refresh, "a").is_none());
        assert!(book.pass(&untouched.access).is_some());
    }

    #[test]
    fn a_token_that_has_ended_lets_nobody_in() {
        let mut book = Book::default();
        let family = book.family("a", vec![]);
        let tokens = book.give_tokens(family).unwrap();
        book.access.get_mut(&tokens.access).unwrap().ends = Instant::now();
        assert!(book.pass(&tokens.access).is_none());
    }

    #[test]
    fn nobody_takes_back_what_another_client_was_given() {
        let mut book = Book::default();
        let family = book.family("a", vec![]);
        let tokens = book.give_tokens(family).unwrap();
        book.revoke(&tokens.access, "b");
        book.revoke(&tokens.refresh, "b");
        assert!(book.pass(&tokens.access).is_some());
        book.revoke(&tokens.access, "a");
        assert!(book.pass(&tokens.access).is_none());
        assert!(book.take_refresh(&tokens.refresh, "a").is_none());
    }
}
