use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{CertificateFault, MAX_AUTHORITY_BYTES, MAX_CERTIFICATES, certificate::Certificate};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates that an operator trusts: roots, and intermediate certificates that replies may leave out.
///
/// A certificate that names itself as its issuer is a root; every stamp must lead to one. The others only help to
/// get there, as with `openssl ts -verify -CAfile`.
#[derive(Clone)]
pub struct Authority {
    roots: Vec<Certificate>,
    intermediates: Vec<Certificate>,
}

/// The subjects of the roots, and the number of the other certificates.
impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority")
            .field("roots", &self.roots().collect::<Vec<_>>())
            .field("intermediates", &self.intermediates.len())
            .finish()
    }
}

/// The reason why a text of certificates cannot be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// One of the certificates.
    #[error("certificate {number}: {fault}")]
    Certificate {
        /// Its place in the text, from 1.
        number: usize,
        /// The fault.
        fault: CertificateFault,
    },
    /// More than [`MAX_CERTIFICATES`].
    #[error("there are {count} certificates; {MAX_CERTIFICATES} are the limit")]
    Count {
        /// Certificates in the text.
        count: usize,
    },
    /// No certificate names itself as its issuer.
    #[error("none of the {count} certificates is a root")]
    NoRoot {
        /// Certificates in the text.
        count: usize,
    },
    /// More than [`MAX_AUTHORITY_BYTES`].
    #[error("the certificates have {bytes} bytes; {MAX_AUTHORITY_BYTES} are the limit")]
    Size {
        /// Bytes of the text.
        bytes: usize,
    },
}

impl Authority {
    /// Reads certificates in PEM (RFC 7468): at most [`MAX_CERTIFICATES`] in at most [`MAX_AUTHORITY_BYTES`], in
    /// any order, at least one of them a root. Text between them is skipped.
    ///
    /// A root's signature must be its own, as a check against damage; one by an algorithm that is not supported,
    /// SHA-1 for example, is not looked at. Every key must be one that can be checked: RSA, P-256, P-384 or Ed25519.
    /// Dates count when a stamp is verified, at the stamp's instant.
    ///
    /// ```
    /// use frontdesk_timestamp::{Authority, AuthorityError};
    ///
    /// assert_eq!(Authority::from_pem("").unwrap_err(), AuthorityError::NoRoot { count: 0 });
    ///
    /// let damaged = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    /// let error = Authority::from_pem(damaged).unwrap_err();
    /// assert!(matches!(error, AuthorityError::Certificate { number: 1, .. }), "{error}");
    /// ```
    pub fn from_pem(pem: &str) -> Result<Self, AuthorityError> {
        if pem.len() > MAX_AUTHORITY_BYTES {
            return Err(AuthorityError::Size { bytes: pem.len() });
        }
        let blocks: Vec<&str> = pem.split(BEGIN).skip(1).collect();
        if blocks.len() > MAX_CERTIFICATES {
            return Err(AuthorityError::Count { count: blocks.len() });
        }
        let mut authority = Self { roots: Vec::new(), intermediates: Vec::new() };
        for (block, number) in blocks.iter().zip(1..) {
            let fault = |fault| AuthorityError::Certificate { number, fault };
            let certificate = read(block).map_err(fault)?;
            if certificate.is_self_issued() {
                authority.roots.push(certificate);
            } else {
                authority.intermediates.push(certificate);
            }
        }
        if authority.roots.is_empty() {
            return Err(AuthorityError::NoRoot { count: blocks.len() });
        }
        Ok(authority)
    }

    /// The roots' subjects (RFC 4514), in the order of the text.
    pub fn roots(&self) -> impl Iterator<Item = &str> {
        self.roots.iter().map(Certificate::subject_text)
    }

    /// The roots, then the others.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.roots.iter().chain(&self.intermediates)
    }

    /// Whether it is one of the roots, byte for byte.
    pub(crate) fn trusts(&self, certificate: &Certificate) -> bool {
        self.roots.iter().any(|root| root.raw() == certificate.raw())
    }
}

/// The certificate in a text that follows its first line.
fn read(block: &str) -> Result<Certificate, CertificateFault> {
    let malformed = |reason: &str| CertificateFault::Malformed { reason: reason.into() };
    let (text, _) = block.split_once(END).ok_or_else(|| malformed("its last line is missing"))?;
    let text: String = text.split_ascii_whitespace().collect();
    let der = STANDARD.decode(text).map_err(|error| malformed(&error.to_string()))?;
    let certificate = Certificate::parse(&der)?;
    certificate.key().supported()?;
    if certificate.is_self_issued() && certificate.scheme().is_ok() {
        certificate.check_signature(&certificate)?;
    }
    Ok(certificate)
}
