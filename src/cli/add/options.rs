//! How a server is reached, where that differs from the usual.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use crate::domain::{ConnectionOptions, Fault, TIMEOUT_RANGE};

/// Longest file of certificates that is read, in bytes.
const PEM_LIMIT: u64 = 1024 * 1024;

/// The flags for it.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Network")]
pub(in crate::cli) struct ReachFlags {
    /// Trust the certificate authorities in this PEM file too, for this connector
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) ca: Option<PathBuf>,
    /// Go through this proxy; overrides the environment's
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) proxy: Option<String>,
    /// Wait so long for an answer, 1 to 3600
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32)
        .range(i64::from(*TIMEOUT_RANGE.start())..=i64::from(*TIMEOUT_RANGE.end())))]
    pub(in crate::cli) timeout: Option<u32>,
    /// Allow plain http to another machine; never carries a secret
    #[arg(long)]
    pub(in crate::cli) plain_http: bool,
}

impl ReachFlags {
    /// The options that the flags come to; the file of certificates is read here.
    pub(in crate::cli) fn options(&self) -> Result<ConnectionOptions, Fault> {
        self.over(ConnectionOptions::default())
    }

    /// The options with what the flags say laid over them.
    pub(in crate::cli) fn over(
        &self,
        mut options: ConnectionOptions,
    ) -> Result<ConnectionOptions, Fault> {
        if let Some(path) = &self.ca {
            options.ca_pem = Some(pem(path)?);
        }
        if let Some(proxy) = &self.proxy {
            options.proxy = Some(proxy.clone());
        }
        if self.timeout.is_some() {
            options.timeout_seconds = self.timeout;
        }
        options.plain_http |= self.plain_http;
        Ok(options)
    }

    /// Whether any of them was given.
    pub(in crate::cli) fn any(&self) -> bool {
        self.ca.is_some() || self.proxy.is_some() || self.timeout.is_some() || self.plain_http
    }
}

fn pem(path: &std::path::Path) -> Result<String, Fault> {
    let name = path.display();
    let size = fs::metadata(path)
        .map_err(|error| Fault::user(format!("cannot read {name}: {error}")))?
        .len();
    if size > PEM_LIMIT {
        return Err(Fault::user(format!(
            "{name} has {size} bytes; a file of certificates has at most {PEM_LIMIT}"
        )));
    }
    let text = fs::read_to_string(path)
        .map_err(|error| Fault::user(format!("cannot read {name}: {error}")))?;
    if text.contains("PRIVATE KEY") {
        return Err(Fault::user(format!("{name} holds a private key"))
            .hint("give the certificate of the authority alone"));
    }
    if !text.contains("-----BEGIN CERTIFICATE-----") {
        return Err(Fault::user(format!("{name} holds no certificate in PEM"))
            .hint("a PEM file has a line -----BEGIN CERTIFICATE-----"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_laid_over_what_there_is() {
        let flags = ReachFlags {
            timeout: Some(5),
            ..Default::default()
        };
        let before = ConnectionOptions {
            proxy: Some("http://proxy:3128".to_owned()),
            plain_http: true,
            ..Default::default()
        };
        let after = flags.over(before).unwrap();
        assert_eq!(after.timeout_seconds, Some(5));
        assert_eq!(after.proxy.as_deref(), Some("http://proxy:3128"));
        assert!(after.plain_http);
    }

    #[test]
    fn a_file_that_is_no_certificate_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.pem");
        fs::write(&path, "hello").unwrap();
        assert!(pem(&path).unwrap_err().message.contains("no certificate"));
        fs::write(&path, "-----BEGIN PRIVATE KEY-----").unwrap();
        assert!(pem(&path).unwrap_err().message.contains("private key"));
        fs::write(&path, "-----BEGIN CERTIFICATE-----\n").unwrap();
        assert!(pem(&path).is_ok());
        assert_eq!(pem(dir.path()).unwrap_err().kind.exit_code(), 2);
    }
}
