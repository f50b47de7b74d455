//! How a server is reached, where that differs from the usual.

use std::path::PathBuf;

use clap::Args;

use crate::config::read_authorities;
use crate::domain::{ConnectionOptions, Fault, TIMEOUT_RANGE};

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
            options.ca_pem = Some(read_authorities(path)?);
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
}
