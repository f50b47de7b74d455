//! Files of certificate authorities, as an operator names them.

use std::fs;
use std::path::Path;

use crate::domain::Fault;

/// Longest file of certificates that is read, in bytes.
const PEM_LIMIT: u64 = 1024 * 1024;

/// Reads the certificate authorities of a PEM file (RFC 7468).
///
/// # Errors
/// `user`, where it cannot be read, is too long, holds no certificate, or holds a
/// private key, which has no business to be copied anywhere.
pub fn read_authorities(path: &Path) -> Result<String, Fault> {
    let name = path.display();
    let unread = |error: std::io::Error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            std::io::ErrorKind::PermissionDenied => "it is not yours to read".to_owned(),
            _ => error.to_string(),
        };
        Fault::user(format!("cannot read {name}: {why}"))
    };
    let data = fs::metadata(path).map_err(unread)?;
    if data.is_dir() {
        return Err(Fault::user(format!("{name} is a folder, not a file")));
    }
    if data.len() > PEM_LIMIT {
        return Err(Fault::user(format!(
            "{name} has {} bytes; a file of certificates has at most {PEM_LIMIT}",
            data.len()
        )));
    }
    let text = fs::read_to_string(path).map_err(unread)?;
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
    fn a_file_that_is_no_certificate_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.pem");
        let said = |path: &Path| read_authorities(path).unwrap_err().message;
        assert!(said(&path).ends_with("there is no such file"));
        fs::write(&path, "hello").unwrap();
        assert!(said(&path).contains("no certificate"));
        fs::write(&path, "-----BEGIN PRIVATE KEY-----").unwrap();
        assert!(said(&path).contains("private key"));
        fs::write(&path, "-----BEGIN CERTIFICATE-----\n").unwrap();
        assert!(read_authorities(&path).is_ok());
        let fault = read_authorities(dir.path()).unwrap_err();
        assert_eq!(fault.kind.exit_code(), 2);
        assert!(fault.message.contains("folder"));
    }
}
