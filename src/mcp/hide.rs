//! Takes secrets out of what a server says of itself: some quote what they were
//! given, as in *invalid key: …*, and a fault is shown, kept and logged.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use url::Url;
use zeroize::Zeroizing;

use super::session::{CallFault, ConnectPlan, Credentials, TokenSource};
use crate::domain::{Evidence, Fault, Target, Untrusted};

/// Shorter ones are in any sentence by chance, in characters.
const SHORTEST: usize = 4;
/// What stands in for a secret.
const HIDDEN: &str = "•••";
/// Where the sanitiser cut a quote.
const CUT: char = '…';

/// The secrets of one connector in every form that it sends.
#[derive(Default)]
pub(super) struct Hidden {
    forms: Vec<Zeroizing<String>>,
    /// Has those of now.
    source: Option<Arc<dyn TokenSource>>,
}

impl Hidden {
    pub(super) fn of(plan: &ConnectPlan) -> Self {
        let mut forms = Vec::new();
        match &plan.credentials {
            Credentials::None => {}
            Credentials::Renewed(_) => {}
            Credentials::Bearer(token) => forms.push(token.expose().to_owned()),
            Credentials::Basic { user, password } => {
                let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
                forms.push(STANDARD.encode(pair.as_bytes()));
                forms.push(password.expose().to_owned());
            }
            Credentials::Headers(pairs) | Credentials::Environment(pairs) => {
                forms.extend(pairs.iter().map(|(_, secret)| secret.expose().to_owned()));
            }
        }
        if let Target::Http { url, .. } = &plan.target
            && let Ok(url) = Url::parse(url)
        {
            forms.extend(of_query(&url));
        }
        let source = match &plan.credentials {
            Credentials::Renewed(source) => Some(Arc::clone(source)),
            _ => None,
        };
        Self {
            source,
            ..Self::of_forms(forms)
        }
    }

    /// What an address alone holds.
    pub(super) fn of_url(url: &Url) -> Self {
        Self::of_forms(of_query(url).collect())
    }

    pub(super) fn of_forms(mut forms: Vec<String>) -> Self {
        forms.retain(|form| form.chars().count() >= SHORTEST);
        // A longer one may have a shorter one in it.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        Self {
            forms: forms.into_iter().map(Zeroizing::new).collect(),
            source: None,
        }
    }

    fn each(&self, mut take: impl FnMut(&str)) {
        for form in &self.forms {
            take(form);
        }
        for secret in self.source.iter().flat_map(|source| source.secrets()) {
            if secret.expose().chars().count() >= SHORTEST {
                take(secret.expose());
            }
        }
    }

    pub(super) fn fault(&self, mut fault: Fault) -> Fault {
        self.each(|form| {
            hide(&mut fault.message, form);
            for hint in &mut fault.hints {
                hide(hint, form);
            }
        });
        fault
    }

    /// Takes them out of a text of the server's.
    pub(super) fn untrusted(&self, text: &str) -> Untrusted {
        let mut text = text.to_owned();
        self.each(|form| hide(&mut text, form));
        Untrusted::from(text)
    }

    pub(super) fn evidence(&self, mut evidence: Evidence) -> Evidence {
        evidence.answer = self.untrusted(evidence.answer.raw());
        evidence
    }

    pub(super) fn call(&self, fault: CallFault) -> CallFault {
        match fault {
            CallFault::NotSent(fault) => CallFault::NotSent(self.fault(fault)),
            CallFault::Unknown(fault) => CallFault::Unknown(self.fault(fault)),
            CallFault::Refused(fault) => CallFault::Refused(self.fault(fault)),
            CallFault::SignIn(fault) => CallFault::SignIn(self.fault(fault)),
            CallFault::Cancelled => CallFault::Cancelled,
        }
    }
}

/// A query, and the values in it.
fn of_query(url: &Url) -> impl Iterator<Item = String> {
    let values = url.query_pairs().map(|(_, value)| value.into_owned());
    url.query().map(str::to_owned).into_iter().chain(values)
}

fn hide(text: &mut String, secret: &str) {
    if text.contains(secret) {
        *text = text.replace(secret, HIDDEN);
    }
    // A quote may end in the middle of one.
    for (at, _) in secret
        .char_indices()
        .skip(SHORTEST)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
    {
        let Some(begin) = secret.get(..at) else {
            continue;
        };
        let cut = format!("{begin}{CUT}");
        if text.contains(&cut) {
            *text = text.replace(&cut, &format!("{HIDDEN}{CUT}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ConnectionOptions, FaultKind, Secret};

    fn said(credentials: Credentials, url: &str, message: &str) -> String {
        let plan = ConnectPlan {
            target: Target::Http {
                url: url.to_owned(),
                query: url.contains('?'),
            },
            transport: None,
            era: None,
            credentials,
            options: ConnectionOptions::default(),
        };
        let fault = Fault::new(FaultKind::Server, message);
        Hidden::of(&plan).fault(fault).message
    }

    #[test]
    fn what_a_server_quotes_of_a_secret_is_hidden() {
        let token = || Credentials::Bearer(Secret::new("s3cr3t-key"));
        let at = "https://x.example/mcp";
        assert_eq!(
            said(token(), at, "no s3cr3t-key, s3cr3t-key"),
            "no •••, •••"
        );
        assert_eq!(said(token(), at, "invalid: s3cr3t-…"), "invalid: •••…");
        assert_eq!(said(token(), at, "a fine s3cr"), "a fine s3cr");
        let basic = Credentials::Basic {
            user: "ann".to_owned(),
            password: Secret::new("open sesame"),
        };
        let pair = STANDARD.encode("ann:open sesame");
        let words = format!("Basic {pair} is ann with open sesame");
        assert_eq!(said(basic, at, &words), "Basic ••• is ann with •••");
        let query = "https://x.example/mcp?key=a%2Fb-c-d";
        assert_eq!(
            said(Credentials::None, query, "no key a/b-c-d"),
            "no key •••"
        );
        assert_eq!(
            said(Credentials::None, query, "/mcp?key=a%2Fb-c-d"),
            "/mcp?•••"
        );
    }

    #[test]
    fn a_secret_too_short_to_tell_apart_spoils_no_sentence() {
        let token = Credentials::Bearer(Secret::new("a"));
        assert_eq!(said(token, "https://x.example", "a man"), "a man");
    }
}
