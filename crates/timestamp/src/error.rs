use std::fmt;

use der::asn1::BitStringRef;
use frontdesk_types::Instant;

use crate::{MAX_CERTIFICATES, MAX_CHAIN, MAX_REPLY_BYTES, MAX_SERIAL_BYTES, RequestError};

/// The reason why a reply proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StampError {
    /// A digest or signature algorithm that this crate does not check, or that is too weak: SHA-1 among them.
    #[error("the {part} uses the algorithm {oid}, which is not supported")]
    Algorithm {
        /// The part of the reply.
        part: &'static str,
        /// The algorithm's object identifier, with dots.
        oid: String,
    },
    /// A signed attribute that is missing, is there twice, or says something else than the token.
    #[error("the signed attribute {name} {fault}")]
    Attribute {
        /// `content-type`, `message-digest` or `signing-certificate`.
        name: &'static str,
        /// The fault, as the end of a sentence.
        fault: &'static str,
    },
    /// A certificate of the chain does not hold.
    #[error("the certificate of {subject}: {fault}")]
    Certificate {
        /// The certificate's subject (RFC 4514).
        subject: String,
        /// The reason.
        fault: CertificateFault,
    },
    /// More than [`MAX_CERTIFICATES`] certificates in the reply.
    #[error("the reply has {count} certificates; {MAX_CERTIFICATES} are the limit")]
    Certificates {
        /// Certificates in the reply.
        count: usize,
    },
    /// The chain to a root would have more than [`MAX_CHAIN`] certificates.
    #[error("the chain above {subject} is longer than {MAX_CHAIN} certificates")]
    ChainLength {
        /// Subject of the last certificate that was within the limit.
        subject: String,
    },
    /// The token holds something else than a time-stamp.
    #[error("the token holds {oid}, not a TSTInfo")]
    Content {
        /// The content type's object identifier, with dots.
        oid: String,
    },
    /// A critical extension of the stamp; RFC 3161 defines none.
    #[error("the stamp's critical extension {oid} is not known")]
    CriticalExtension {
        /// The extension's object identifier, with dots.
        oid: String,
    },
    /// The stamp is for another message: its digest is not the request's.
    #[error("the stamp is for another message, whose digest is {found}")]
    Imprint {
        /// The digest in the stamp, in hexadecimal.
        found: String,
    },
    /// Bytes that are not what RFC 3161 and RFC 5652 lay down.
    #[error("the {part} is malformed: {reason}")]
    Malformed {
        /// The part of the reply.
        part: &'static str,
        /// The first value that does not fit.
        reason: String,
    },
    /// The authority granted the request and gave no stamp.
    #[error("the reply is granted, but has no stamp")]
    Missing,
    /// The stamp answers another request: its nonce is not the request's.
    #[error("the stamp's nonce is {}, not {asked:x}", found.as_deref().unwrap_or("missing"))]
    Nonce {
        /// The request's nonce.
        asked: u64,
        /// The stamp's nonce in hexadecimal, if it has one.
        found: Option<String>,
    },
    /// The authority gave no stamp. [`Refusal::Waiting`], [`Failure::TimeNotAvailable`] and
    /// [`Failure::SystemFailure`] may pass: ask again. The others will not.
    #[error("the authority refused ({refusal}{}): {text}", Failures(failures))]
    Refused {
        /// The reply's status.
        refusal: Refusal,
        /// The reply's failInfo, in the order of its bits.
        failures: Vec<Failure>,
        /// The reply's statusString, its parts joined by spaces, cut after
        /// [`MAX_STATUS_CHARS`](crate::MAX_STATUS_CHARS) characters; empty if it has none.
        text: String,
    },
    /// The request cannot be read.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The request is for another message than the one that was given.
    #[error("the request is for another message, whose digest is {imprint}")]
    RequestMessage {
        /// The digest in the request, in hexadecimal.
        imprint: String,
    },
    /// The serial number is negative or has more than [`MAX_SERIAL_BYTES`].
    #[error("the stamp's serial number {serial} is negative or over {MAX_SERIAL_BYTES} bytes")]
    Serial {
        /// The content of the INTEGER, in hexadecimal.
        serial: String,
    },
    /// The signature is not by the key of the signer's certificate.
    #[error("the stamp's signature is not by the key of {subject}")]
    Signature {
        /// Subject of the signer's certificate (RFC 4514).
        subject: String,
    },
    /// No certificate, in the reply or in the [`Authority`](crate::Authority), is the one that the signer names.
    #[error("the signer's certificate ({signer}) is neither in the reply nor configured")]
    Signer {
        /// The signer's identifier as DER in hexadecimal.
        signer: String,
    },
    /// A stamp has exactly one signer (RFC 3161, 2.4.2).
    #[error("the token has {count} signers, not one")]
    Signers {
        /// Signers of the token.
        count: usize,
    },
    /// More than [`MAX_REPLY_BYTES`].
    #[error("the reply has {bytes} bytes; {MAX_REPLY_BYTES} are the limit")]
    Size {
        /// Bytes that were given.
        bytes: usize,
    },
    /// The `tsa` field names another authority than the signer's certificate does (RFC 3161, 2.4.2).
    #[error("the stamp names another authority than {subject}")]
    Tsa {
        /// Subject of the signer's certificate (RFC 4514).
        subject: String,
    },
    /// The chain ends below every configured root.
    #[error("{issuer}, which issued the certificate of {subject}, is not known")]
    UntrustedIssuer {
        /// Subject of the last certificate of the chain (RFC 4514).
        subject: String,
        /// The issuer that it names (RFC 4514).
        issuer: String,
    },
}

/// The reason why a certificate does not hold, in [`StampError::Certificate`] and
/// [`AuthorityError::Certificate`](crate::AuthorityError::Certificate).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateFault {
    /// A key or signature algorithm that this crate does not check, or that is too weak: SHA-1 among them.
    #[error("the algorithm {oid} is not supported")]
    Algorithm {
        /// The object identifier of the algorithm or curve, with dots.
        oid: String,
    },
    /// A critical extension that this crate does not know (RFC 5280, 4.2).
    #[error("the critical extension {oid} is not known")]
    CriticalExtension {
        /// The extension's object identifier, with dots.
        oid: String,
    },
    /// It had expired when the stamp was made.
    #[error("it expired at {until}; the stamp is of {at}")]
    Expired {
        /// Its notAfter.
        until: Instant,
        /// The stamp's instant.
        at: Instant,
    },
    /// Its keyUsage does not allow the use of its key (RFC 5280, 4.2.1.3). A signer's has digitalSignature or
    /// nonRepudiation and nothing else, an authority's has keyCertSign.
    #[error("its keyUsage is not {needed}")]
    KeyUsage {
        /// The uses that it needs.
        needed: &'static str,
    },
    /// The bytes are not the DER of a certificate, or the PEM around it is damaged.
    #[error("it is malformed: {reason}")]
    Malformed {
        /// The first value that does not fit.
        reason: String,
    },
    /// It issued a certificate without being an authority's: no basicConstraints with cA (RFC 5280, 4.2.1.9).
    #[error("it is not an authority's, but issued a certificate")]
    NotAuthority,
    /// It was not valid yet when the stamp was made.
    #[error("it is valid from {from}; the stamp is of {at}")]
    NotYetValid {
        /// Its notBefore.
        from: Instant,
        /// The stamp's instant.
        at: Instant,
    },
    /// More authorities stand between it and the signer than its pathLenConstraint allows (RFC 5280, 4.2.1.9).
    #[error("it allows {allowed} authorities beneath it; there are {found}")]
    PathLength {
        /// Its pathLenConstraint.
        allowed: u8,
        /// Authorities between it and the signer's certificate; self-issued ones do not count.
        found: usize,
    },
    /// A signer's extended key usage must be time-stamping alone (RFC 3161, 2.3).
    #[error("its extended key usage is {found:?}, not time-stamping (1.3.6.1.5.5.7.3.8) alone")]
    Purpose {
        /// The purposes it has, as object identifiers with dots; none without the extension.
        found: Vec<String>,
    },
    /// A signer's extended key usage must be critical (RFC 3161, 2.3).
    #[error("its extended key usage is not critical")]
    PurposeNotCritical,
    /// Its signature is not by the key of its issuer.
    #[error("its signature is not by the key of its issuer")]
    Signature,
}

impl From<der::Error> for CertificateFault {
    fn from(error: der::Error) -> Self {
        Self::Malformed { reason: error.to_string() }
    }
}

/// A status that comes without a stamp (PKIStatus, RFC 3161, 2.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// 2: the request was rejected.
    Rejection,
    /// 3: the request is being worked on.
    Waiting,
    /// 4: a revocation of the authority's certificate is imminent.
    RevocationWarning,
    /// 5: the authority's certificate was revoked.
    RevocationNotification,
    /// Another number, which RFC 3161 does not have.
    Other(u32),
}

impl Refusal {
    /// None for 0 and 1, which come with a stamp.
    pub(crate) fn from_status(status: u32) -> Option<Self> {
        match status {
            0 | 1 => None,
            2 => Some(Self::Rejection),
            3 => Some(Self::Waiting),
            4 => Some(Self::RevocationWarning),
            5 => Some(Self::RevocationNotification),
            other => Some(Self::Other(other)),
        }
    }
}

/// RFC 3161's names.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejection => f.write_str("rejection"),
            Self::Waiting => f.write_str("waiting"),
            Self::RevocationWarning => f.write_str("revocationWarning"),
            Self::RevocationNotification => f.write_str("revocationNotification"),
            Self::Other(status) => write!(f, "status {status}"),
        }
    }
}

/// A reason of the authority's (PKIFailureInfo, RFC 3161, 2.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// 0: the digest is unknown or not supported.
    BadAlgorithm,
    /// 2: the transaction is not permitted or not supported.
    BadRequest,
    /// 5: the request has the wrong form.
    BadDataFormat,
    /// 14: the authority's source of time is not available.
    TimeNotAvailable,
    /// 15: the policy that was asked for is not supported.
    UnacceptedPolicy,
    /// 16: an extension of the request is not supported.
    UnacceptedExtension,
    /// 17: additional information was not understood or is not available.
    AdditionalInfoNotAvailable,
    /// 25: the authority failed.
    SystemFailure,
    /// Another bit, which RFC 3161 does not have.
    Other(u8),
}

impl Failure {
    /// The bits that are set, lowest first.
    pub(crate) fn from_bits(bits: BitStringRef<'_>) -> Vec<Self> {
        let set = bits.bits().zip(0..=u8::MAX).filter_map(|(set, number)| set.then_some(number));
        set.map(Self::from_bit).collect()
    }

    fn from_bit(number: u8) -> Self {
        match number {
            0 => Self::BadAlgorithm,
            2 => Self::BadRequest,
            5 => Self::BadDataFormat,
            14 => Self::TimeNotAvailable,
            15 => Self::UnacceptedPolicy,
            16 => Self::UnacceptedExtension,
            17 => Self::AdditionalInfoNotAvailable,
            25 => Self::SystemFailure,
            other => Self::Other(other),
        }
    }
}

/// RFC 3161's names.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadAlgorithm => f.write_str("badAlg"),
            Self::BadRequest => f.write_str("badRequest"),
            Self::BadDataFormat => f.write_str("badDataFormat"),
            Self::TimeNotAvailable => f.write_str("timeNotAvailable"),
            Self::UnacceptedPolicy => f.write_str("unacceptedPolicy"),
            Self::UnacceptedExtension => f.write_str("unacceptedExtension"),
            Self::AdditionalInfoNotAvailable => f.write_str("addInfoNotAvailable"),
            Self::SystemFailure => f.write_str("systemFailure"),
            Self::Other(bit) => write!(f, "failure {bit}"),
        }
    }
}

/// Failures as they follow the status in a message.
struct Failures<'a>(&'a [Failure]);

impl fmt::Display for Failures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|failure| write!(f, ", {failure}"))
    }
}
