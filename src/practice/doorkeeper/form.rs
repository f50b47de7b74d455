//! The fields of a form or of a query.

use super::Refusal;

/// Fields in their order.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads them. None may come twice (RFC 6749 section 3.1).
    pub(super) fn read(text: &[u8]) -> Result<Self, Refusal> {
        let all: Vec<(String, String)> = url::form_urlencoded::parse(text).into_owned().collect();
        for (at, (name, _)) in all.iter().enumerate() {
            if all.iter().skip(at + 1).any(|(other, _)| other == name) {
                return Err(Refusal::new("invalid_request", "a field comes twice"));
            }
        }
        Ok(Self(all))
    }

    /// One that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name)?;
        Some(found.1.as_str()).filter(|value| !value.is_empty())
    }

    /// One that has to be there.
    pub(super) fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name)
            .ok_or_else(|| Refusal::new("invalid_request", format!("{name} is missing")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_comes_twice_is_refused() {
        assert!(Form::read(b"a=1&b=2&a=3").is_err());
        let form = Form::read(b"a=1+2&b=").unwrap();
        assert_eq!(form.get("a"), Some("1 2"));
        assert_eq!(form.get("b"), None);
        assert_eq!(form.need("b").unwrap_err().1, "invalid_request");
    }
}
