//! Templates of addresses (RFC 6570), as servers send them for families of resources.
//!
//! A template comes from a server, and so does whatever it expands to: it is only ever
//! sent back to that server. How much work one can cause is bounded.

use std::collections::BTreeMap;

use iri_string::spec::UriSpec;
use iri_string::template::UriTemplateStr;
use iri_string::template::simple_context::SimpleContext;

use crate::domain::{Fault, FaultKind, Untrusted};

/// Longest template that is read, in bytes.
const LONGEST: usize = 8 * 1024;

/// Most variables that one may have.
const MOST: usize = 64;

/// A template that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    variables: Vec<Untrusted>,
}

/// Whether every percent sign begins an escape (RFC 3986, 2.1): the reader of
/// templates looks at the two bytes behind it, wherever a character ends.
fn is_escaped_well(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        let mut digits = rest.bytes();
        let mut hex = || digits.next().is_some_and(|byte| byte.is_ascii_hexdigit());
        hex() && hex()
    })
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// `server` where it is none, or asks for too much.
    pub fn read(text: &Untrusted) -> Result<Self, Fault> {
        let text = text.raw();
        if text.len() > LONGEST {
            return Err(unusable("it is too long"));
        }
        if !is_escaped_well(text) {
            return Err(unusable("it is not RFC 6570"));
        }
        let template = UriTemplateStr::new(text).map_err(|_| unusable("it is not RFC 6570"))?;
        let mut variables: Vec<Untrusted> = Vec::new();
        for name in template.variables() {
            let name = Untrusted::new(name.as_str());
            if !variables.contains(&name) {
                variables.push(name);
            }
            if variables.len() > MOST {
                return Err(unusable("it has too many variables"));
            }
        }
        Ok(Self {
            text: text.to_owned(),
            variables,
        })
    }

    /// What it is filled in with, each once, in its order.
    pub fn variables(&self) -> &[Untrusted] {
        &self.variables
    }

    /// The address with these values in it, each written so that it cannot be taken
    /// for more than a value. A variable without a value is left out, as RFC 6570
    /// (3.2.1) has it.
    ///
    /// # Errors
    /// `server` where it asks for something that a text cannot be.
    pub fn expand(&self, values: &BTreeMap<String, String>) -> Result<Untrusted, Fault> {
        let mut context = SimpleContext::new();
        for (name, value) in values {
            context.insert(name.as_str(), value.as_str());
        }
        let template =
            UriTemplateStr::new(&self.text).map_err(|_| unusable("it is not RFC 6570"))?;
        let expanded = template
            .expand::<UriSpec, _>(&context)
            .map_err(|_| unusable("a value does not fit it"))?;
        Ok(Untrusted::new(expanded.to_string()))
    }
}

fn unusable(why: &str) -> Fault {
    Fault::new(
        FaultKind::Server,
        format!("the server's template of addresses cannot be used: {why}"),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Template {
        Template::read(&Untrusted::new(text)).unwrap()
    }

    fn expand(text: &str, values: &[(&str, &str)]) -> String {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        read(text).expand(&values).unwrap().raw().to_owned()
    }

    #[test]
    fn variables_are_named_once_in_their_order() {
        let template = read("play://{title}/{act}{?scene,title*}");
        let names: Vec<&str> = template.variables().iter().map(Untrusted::raw).collect();
        assert_eq!(names, ["title", "act", "scene"]);
        assert!(read("play://bill").variables().is_empty());
    }

    #[test]
    fn a_value_stays_within_its_place() {
        let values = [("title", "A/B ?#{x}"), ("act", "2")];
        assert_eq!(
            expand("play://{title}{?act,scene}", &values),
            "play://A%2FB%20%3F%23%7Bx%7D?act=2"
        );
        assert_eq!(
            expand("file:///{+path}", &[("path", "a/b c")]),
            "file:///a/b%20c"
        );
        assert_eq!(expand("play://{title}", &[]), "play://");
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for text in ["play://{", "{=x}", "play://{a b}"] {
            let refused = Template::read(&Untrusted::new(text));
            assert_eq!(refused.unwrap_err().kind, FaultKind::Server, "{text}");
        }
        let many: String = (0..=MOST).map(|place| format!("{{v{place}}}")).collect();
        assert!(Template::read(&Untrusted::new(many)).is_err());
        let long = "x".repeat(LONGEST + 1);
        assert!(Template::read(&Untrusted::new(long)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}", value in "\\PC{0,20}") {
            if let Ok(template) = Template::read(&Untrusted::new(text)) {
                let values = template
                    .variables()
                    .iter()
                    .map(|name| (name.raw().to_owned(), value.clone()))
                    .collect();
                template.expand(&values).ok();
            }
        }
    }
}
