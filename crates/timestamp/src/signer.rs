use der::{
    Decode as _, Tag,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use x509_cert::spki::AlgorithmIdentifierRef;

use crate::{
    StampError,
    asn1::{self, Cursor, Element, context, context_simple, hex},
    certificate::Certificate,
    key::{Hash, Scheme},
    oid,
};

const CONTENT_TYPE: &str = "content-type";
const MESSAGE_DIGEST: &str = "message-digest";
const SIGNING_CERTIFICATE: &str = "signing-certificate";

/// A SignerInfo (RFC 5652, 5.3) with the attributes that a time-stamp must have (RFC 3161, 2.4.2).
pub(crate) struct Signer<'a> {
    id: Element<'a>,
    digest: Hash,
    /// The DER that the signature is over: the attributes as a SET (RFC 5652, 5.4).
    signed: Vec<u8>,
    scheme: Scheme,
    signature: &'a [u8],
    content_type: ObjectIdentifier,
    message_digest: &'a [u8],
    /// Identifiers of certificates, one list an attribute: by SHA-1, and by better digests. The first of a list is
    /// the signer's.
    certificates: Vec<Vec<CertificateId<'a>>>,
}

/// The fields as they stand in the token.
struct Fields<'a> {
    id: Element<'a>,
    digest: AlgorithmIdentifierRef<'a>,
    attributes: Element<'a>,
    algorithm: AlgorithmIdentifierRef<'a>,
    signature: &'a [u8],
}

fn malformed(error: der::Error) -> StampError {
    StampError::Malformed { part: "signer", reason: error.to_string() }
}

impl<'a> Signer<'a> {
    pub(crate) fn parse(raw: &Element<'a>) -> Result<Self, StampError> {
        let fields = Fields::parse(raw).map_err(malformed)?;
        let digest = Hash::named(fields.digest.oid).ok_or_else(|| {
            let oid = fields.digest.oid.to_string();
            StampError::Algorithm { part: "signer's digest", oid }
        })?;
        let scheme = Scheme::of_signer(fields.algorithm.oid, digest).ok_or_else(|| {
            let oid = fields.algorithm.oid.to_string();
            StampError::Algorithm { part: "stamp's signature", oid }
        })?;
        let attributes = Attributes::parse(fields.attributes.content).map_err(malformed)?;
        let missing = |name| StampError::Attribute { name, fault: "is missing" };
        let content_type = attributes
            .value(CONTENT_TYPE, oid::CONTENT_TYPE)?
            .ok_or_else(|| missing(CONTENT_TYPE))?;
        let message_digest = attributes
            .value(MESSAGE_DIGEST, oid::MESSAGE_DIGEST)?
            .ok_or_else(|| missing(MESSAGE_DIGEST))?;
        let by_sha1 = attributes.value(SIGNING_CERTIFICATE, oid::SIGNING_CERTIFICATE)?;
        let by_better = attributes.value(SIGNING_CERTIFICATE, oid::SIGNING_CERTIFICATE_V2)?;
        let mut certificates = Vec::new();
        for (list, read) in
            [(by_sha1, CertificateId::by_sha1 as fn(_) -> _), (by_better, CertificateId::by_better)]
        {
            if let Some(list) = list {
                certificates.push(signing_certificates(list, read)?);
            }
        }
        if certificates.is_empty() {
            return Err(missing(SIGNING_CERTIFICATE));
        }
        // `[0]` becomes the tag of a SET; the length and the content stay.
        let signed = [&[0x31], fields.attributes.raw.get(1..).unwrap_or_default()].concat();
        Ok(Self {
            id: fields.id,
            digest,
            signed,
            scheme,
            signature: fields.signature,
            content_type: ObjectIdentifier::from_der(content_type.raw).map_err(malformed)?,
            message_digest: <&OctetStringRef>::from_der(message_digest.raw)
                .map_err(malformed)?
                .as_bytes(),
            certificates,
        })
    }

    /// Whether the attributes are about this TSTInfo.
    pub(crate) fn check_content(&self, content: &[u8]) -> Result<(), StampError> {
        let differs = |name| StampError::Attribute { name, fault: "is not the token's" };
        if self.content_type != oid::TST_INFO {
            return Err(differs(CONTENT_TYPE));
        }
        if self.message_digest != self.digest.of(content).as_ref() {
            return Err(differs(MESSAGE_DIGEST));
        }
        Ok(())
    }

    /// The signer's certificate among others: the one that the identifier names and that the signed attributes
    /// name, too.
    pub(crate) fn find<'c>(
        &self,
        certificates: impl Iterator<Item = &'c Certificate>,
    ) -> Result<&'c Certificate, StampError> {
        let mut named = certificates.filter(|certificate| self.is_by(certificate)).peekable();
        if named.peek().is_none() {
            return Err(StampError::Signer { signer: hex(self.id.raw) });
        }
        let is_signed = |certificate: &&Certificate| {
            let mut lists = self.certificates.iter();
            lists.all(|list| list.first().is_some_and(|id| id.names(certificate)))
        };
        named.find(is_signed).ok_or(StampError::Attribute {
            name: SIGNING_CERTIFICATE,
            fault: "is not the signer's certificate",
        })
    }

    /// Whether a certificate is the one of the SignerIdentifier: by its issuer and serial number, or by the
    /// identifier of its key.
    fn is_by(&self, certificate: &Certificate) -> bool {
        if self.id.tag == context_simple(0) {
            return certificate.key_id() == Some(self.id.content);
        }
        let both = [certificate.issuer(), certificate.serial()];
        Cursor::new(self.id.content)
            .and_then(Cursor::rest)
            .is_ok_and(|parts| parts.iter().map(|part| part.raw).eq(both))
    }

    /// Whether a certificate's key made the signature.
    pub(crate) fn check_signature(&self, certificate: &Certificate) -> Result<(), StampError> {
        if certificate.key().signed(self.scheme, &self.signed, self.signature) {
            return Ok(());
        }
        certificate.key().supported().map_err(crate::chain::fault_of(certificate))?;
        Err(StampError::Signature { subject: certificate.subject_text().into() })
    }

    /// Whether the further certificates that the signed attributes name belong to the chain (RFC 5035, 3).
    pub(crate) fn check_chain(&self, chain: &[&Certificate]) -> Result<(), StampError> {
        let further = self.certificates.iter().flat_map(|list| list.iter().skip(1));
        for id in further {
            if !chain.iter().skip(1).any(|certificate| id.names(certificate)) {
                return Err(StampError::Attribute {
                    name: SIGNING_CERTIFICATE,
                    fault: "names a certificate that is not of the chain",
                });
            }
        }
        Ok(())
    }
}

impl<'a> Fields<'a> {
    fn parse(raw: &Element<'a>) -> der::Result<Self> {
        raw.tag.assert_eq(Tag::Sequence)?;
        let mut info = Cursor::new(raw.content)?;
        let _version: u8 = info.decode()?;
        let id = match info.optional(context_simple(0))? {
            Some(key_id) => key_id,
            None => info.expect(Tag::Sequence)?,
        };
        let digest = info.decode()?;
        let attributes = info.expect(context(0))?;
        let algorithm = info.decode()?;
        let signature = info.decode::<&OctetStringRef>()?.as_bytes();
        let _unsigned = info.optional(context(1))?;
        info.finish()?;
        Ok(Self { id, digest, attributes, algorithm, signature })
    }
}

/// The signed attributes (RFC 5652, 5.3): types, each with a set of values.
struct Attributes<'a>(Vec<(ObjectIdentifier, Vec<Element<'a>>)>);

impl<'a> Attributes<'a> {
    fn parse(content: &'a [u8]) -> der::Result<Self> {
        let mut attributes = Vec::new();
        for attribute in Cursor::new(content)?.rest()? {
            let mut parts = Cursor::sequence(attribute.raw)?;
            let name = parts.decode()?;
            let values = Cursor::new(parts.expect(Tag::Set)?.content)?.rest()?;
            parts.finish()?;
            attributes.push((name, values));
        }
        Ok(Self(attributes))
    }

    /// The value of an attribute that may be there once, with one value (RFC 5652, 11.1 and 11.2).
    fn value(
        &self,
        name: &'static str,
        oid: ObjectIdentifier,
    ) -> Result<Option<Element<'a>>, StampError> {
        let mut found = self.0.iter().filter(|(name, _)| *name == oid);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some((_, values)), None) if values.len() == 1 => Ok(values.first().copied()),
            _ => Err(StampError::Attribute { name, fault: "has not exactly one value" }),
        }
    }
}

/// The digest of a certificate (ESSCertID, RFC 2634, 5.4.1; ESSCertIDv2, RFC 5035, 4).
struct CertificateId<'a> {
    /// None: SHA-1.
    hash: Option<Hash>,
    digest: &'a [u8],
    /// An IssuerSerial's names and serial number.
    issuer: Option<(Element<'a>, Element<'a>)>,
}

/// The identifiers in a SigningCertificate, or SigningCertificateV2; policies are not looked at.
fn signing_certificates<'a>(
    raw: Element<'a>,
    read: fn(Element<'a>) -> Result<CertificateId<'a>, StampError>,
) -> Result<Vec<CertificateId<'a>>, StampError> {
    let list = || {
        let mut parts = Cursor::sequence(raw.raw)?;
        let list = Cursor::new(parts.expect(Tag::Sequence)?.content)?.rest()?;
        let _policies = parts.optional(Tag::Sequence)?;
        parts.finish()?;
        Ok(list)
    };
    list().map_err(malformed)?.into_iter().map(read).collect()
}

impl<'a> CertificateId<'a> {
    fn by_sha1(raw: Element<'a>) -> Result<Self, StampError> {
        let mut parts = Cursor::sequence(raw.raw).map_err(malformed)?;
        Self::rest(None, &mut parts).map_err(malformed)
    }

    fn by_better(raw: Element<'a>) -> Result<Self, StampError> {
        let mut parts = Cursor::sequence(raw.raw).map_err(malformed)?;
        let hash = match parts.optional(Tag::Sequence).map_err(malformed)? {
            None => Hash::Sha256,
            Some(algorithm) => {
                let oid = AlgorithmIdentifierRef::from_der(algorithm.raw).map_err(malformed)?.oid;
                Hash::named(oid).ok_or_else(|| StampError::Algorithm {
                    part: "digest of the signer's certificate",
                    oid: oid.to_string(),
                })?
            }
        };
        Self::rest(Some(hash), &mut parts).map_err(malformed)
    }

    fn rest(hash: Option<Hash>, parts: &mut Cursor<'a>) -> der::Result<Self> {
        let digest = parts.decode::<&OctetStringRef>()?.as_bytes();
        let issuer = match parts.optional(Tag::Sequence)? {
            Some(both) => {
                let mut both = Cursor::new(both.content)?;
                let issuer = (both.expect(Tag::Sequence)?, both.expect(Tag::Integer)?);
                both.finish()?;
                Some(issuer)
            }
            None => None,
        };
        Ok(Self { hash, digest, issuer })
    }

    fn names(&self, certificate: &Certificate) -> bool {
        let digest = match self.hash {
            Some(hash) => hash.of(certificate.raw()),
            None => sha1(certificate.raw()),
        };
        let issuer = self.issuer.is_none_or(|(names, serial)| {
            let name = asn1::only(names.content, context(4));
            serial.raw == certificate.serial()
                && name.is_ok_and(|name| name.content == certificate.issuer())
        });
        self.digest == digest.as_ref() && issuer
    }
}

/// RFC 2634 knows no better digest. The signature does not rest on it: it only tells which of the signer's
/// certificates was meant.
fn sha1(bytes: &[u8]) -> ring::digest::Digest {
    ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes)
}
