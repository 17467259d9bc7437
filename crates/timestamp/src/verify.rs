use std::time::Duration;

use frontdesk_types::Instant;

use crate::{
    Authority, Request, StampError,
    asn1::hex,
    chain::{self, fault_of},
    info::Info,
    reply,
    token::Token,
};

/// The proof that a message existed at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stamp {
    /// The authority's genTime, with up to nine digits of a fraction of a second.
    pub at: Instant,
    /// The largest deviation of `at` that the authority allows itself, in either direction, to the microsecond.
    /// Without it, the policy may say more.
    pub accuracy: Option<Duration>,
    /// The stamp's number at its authority: lower-case hexadecimal digits, two a byte, at most
    /// [`MAX_SERIAL_BYTES`](crate::MAX_SERIAL_BYTES) bytes.
    pub serial: String,
    /// The policy under which it was made, as an object identifier with dots.
    pub policy: String,
    /// The subject of the signer's certificate (RFC 4514): `CN=Stamps,O=Example`.
    pub authority: String,
}

/// Checks that a reply is an authority's stamp for a message, in answer to a request.
///
/// `request` is what [`Request::as_bytes`] gave, `reply` the authority's answer as it came (TimeStampResp in DER, at
/// most [`MAX_REPLY_BYTES`](crate::MAX_REPLY_BYTES)). No clock is read: certificates must have been valid at the
/// stamp's instant, so that a stored reply verifies for ever.
///
/// The checks, in this order:
///
/// 1. The request is for the message.
/// 2. The status is granted or grantedWithMods.
/// 3. The token is a TSTInfo in SignedData, of exactly one signer.
/// 4. The stamp's digest is the request's, by SHA-256, and its nonce is the request's.
/// 5. The signed attributes have the type and the digest of the TSTInfo, and name the signer's certificate
///    (RFC 2634, RFC 5035).
/// 6. The signature over the signed attributes is by that certificate's key.
/// 7. The certificate is valid, for time-stamping alone, critically (RFC 3161, 2.3).
/// 8. A chain of at most [`MAX_CHAIN`](crate::MAX_CHAIN) certificates leads to a root of `authority`. Each was
///    signed by the next, and the next was valid and an authority's: by its basicConstraints, with the path length
///    that they allow, and by its keyUsage (RFC 5280, 6.1).
/// 9. Further certificates that the attributes name are of that chain, and the stamp's `tsa` is the signer.
///
/// Signatures may be RSA (PKCS #1 v1.5, 2048 to 8192 bits) with SHA-256, SHA-384 or SHA-512, ECDSA on P-256 or P-384
/// with SHA-256 or SHA-384, and Ed25519.
///
/// Revocation and policies are not checked. Name constraints are not either: as a critical extension, which they are
/// by rule, they are refused.
pub fn verify(
    request: &[u8],
    reply: &[u8],
    message: &[u8],
    authority: &Authority,
) -> Result<Stamp, StampError> {
    let request = Request::parse(request)?;
    if !request.is_for(message) {
        return Err(StampError::RequestMessage { imprint: hex(request.imprint()) });
    }
    let Token { content, certificates, signer } = Token::parse(reply::token(reply)?)?;
    let info = Info::parse(content)?;
    info.check_answers(&request)?;

    signer.check_content(content)?;
    let certificate = signer.find(certificates.iter().chain(authority.certificates()))?;
    signer.check_signature(certificate)?;

    certificate.check_validity(info.at).map_err(fault_of(certificate))?;
    certificate.check_signer().map_err(fault_of(certificate))?;
    let chain = chain::to_root(certificate, &certificates, authority, info.at)?;
    signer.check_chain(&chain)?;
    let subject = certificate.subject_text();
    if info.tsa.is_some_and(|tsa| !certificate.is_named(tsa)) {
        return Err(StampError::Tsa { subject: subject.into() });
    }
    Ok(Stamp {
        at: info.at,
        accuracy: info.accuracy,
        serial: info.serial,
        policy: info.policy.to_string(),
        authority: subject.into(),
    })
}
