//! Which certificate authorities are trusted.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::domain::Fault;

/// The system's roots, read at first use and once; where a machine has none (a
/// bare container), Mozilla's as they were when callboard was built.
#[derive(Default)]
pub(super) struct Roots(OnceLock<Arc<RootCertStore>>);

impl Roots {
    #[cfg(test)]
    pub(super) fn are_read(&self) -> bool {
        self.0.get().is_some()
    }

    fn get(&self) -> &Arc<RootCertStore> {
        self.0.get_or_init(|| {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if store.is_empty() {
                store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            }
            store.roots.shrink_to_fit();
            Arc::new(store)
        })
    }
}

/// Judges certificates as webpki does, by roots that are read only when there is
/// one to judge: a board of local servers never reads them.
pub(super) struct RootsOnDemand {
    roots: Arc<Roots>,
    provider: Arc<CryptoProvider>,
    /// Authorities of this connector alone, besides the system's.
    extra: Vec<CertificateDer<'static>>,
    verifier: OnceLock<Result<Arc<WebPkiServerVerifier>, Error>>,
}

impl RootsOnDemand {
    pub(super) fn new(
        roots: &Arc<Roots>,
        provider: &Arc<CryptoProvider>,
        extra: Vec<CertificateDer<'static>>,
    ) -> Self {
        Self {
            roots: Arc::clone(roots),
            provider: Arc::clone(provider),
            extra,
            verifier: OnceLock::new(),
        }
    }

    fn verifier(&self) -> Result<&Arc<WebPkiServerVerifier>, Error> {
        let made = self.verifier.get_or_init(|| {
            let store = if self.extra.is_empty() {
                Arc::clone(self.roots.get())
            } else {
                let mut store = RootCertStore::clone(self.roots.get());
                store.add_parsable_certificates(self.extra.iter().cloned());
                Arc::new(store)
            };
            WebPkiServerVerifier::builder_with_provider(store, Arc::clone(&self.provider))
                .build()
                .map_err(|error| Error::General(error.to_string()))
        });
        made.as_ref().map_err(Clone::clone)
    }
}

impl fmt::Debug for RootsOnDemand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootsOnDemand")
    }
}

impl ServerCertVerifier for RootsOnDemand {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verifier()?.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Reads PEM text of certificate authorities.
///
/// # Errors
/// [`crate::domain::FaultKind::User`] where a certificate in it cannot be read, or
/// where there is none: a file that adds no trust is a mistake.
pub(super) fn read_pem(text: &str) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let hint = "give a PEM file of certificates: -----BEGIN CERTIFICATE-----";
    let mut trial = RootCertStore::empty();
    let mut certificates = Vec::new();
    for (at, found) in CertificateDer::pem_slice_iter(text.as_bytes()).enumerate() {
        let number = at + 1;
        let certificate = found.map_err(|error| {
            Fault::user(format!(
                "certificate {number} of the CA file is not valid PEM: {error}"
            ))
            .hint(hint)
        })?;
        trial.add(certificate.clone()).map_err(|error| {
            Fault::user(format!(
                "certificate {number} of the CA file cannot be used: {error}"
            ))
            .hint(hint)
        })?;
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        return Err(Fault::user("the CA file holds no certificate").hint(hint));
    }
    Ok(certificates)
}
