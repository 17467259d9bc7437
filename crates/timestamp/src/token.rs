use der::{
    Decode as _, Tag,
    asn1::{ObjectIdentifier, OctetStringRef},
};

use crate::{
    CertificateFault, MAX_CERTIFICATES, StampError,
    asn1::{Cursor, Element, context},
    certificate::Certificate,
    oid,
    signer::Signer,
};

/// A TimeStampToken: CMS SignedData (RFC 5652, 5.1) around a TSTInfo, with one signer.
pub(crate) struct Token<'a> {
    /// The DER of the TSTInfo.
    pub(crate) content: &'a [u8],
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) signer: Signer<'a>,
}

/// The fields as they stand in the reply.
struct Fields<'a> {
    content_type: ObjectIdentifier,
    content: &'a [u8],
    certificates: Vec<Element<'a>>,
    signers: Vec<Element<'a>>,
}

impl<'a> Token<'a> {
    pub(crate) fn parse(raw: &'a [u8]) -> Result<Self, StampError> {
        let malformed =
            |error: der::Error| StampError::Malformed { part: "token", reason: error.to_string() };
        let (content_type, signed_data) = signed_data(raw).map_err(malformed)?;
        if content_type != oid::SIGNED_DATA {
            return Err(StampError::Content { oid: content_type.to_string() });
        }
        let fields = Fields::parse(signed_data).map_err(malformed)?;
        if fields.content_type != oid::TST_INFO {
            return Err(StampError::Content { oid: fields.content_type.to_string() });
        }
        let [signer] = fields.signers.as_slice() else {
            return Err(StampError::Signers { count: fields.signers.len() });
        };
        let count = fields.certificates.len();
        if count > MAX_CERTIFICATES {
            return Err(StampError::Certificates { count });
        }
        // The set may also hold attribute certificates, by other tags.
        let certificates =
            fields.certificates.iter().filter(|element| element.tag == Tag::Sequence);
        Ok(Self {
            content: fields.content,
            certificates: certificates
                .map(|element| Certificate::parse(element.raw))
                .collect::<Result<_, CertificateFault>>()
                .map_err(|fault| {
                    let reason = match fault {
                        CertificateFault::Malformed { reason } => reason,
                        other => other.to_string(),
                    };
                    StampError::Malformed { part: "certificate in the reply", reason }
                })?,
            signer: Signer::parse(signer)?,
        })
    }
}

/// A ContentInfo: the type, and the content.
fn signed_data(raw: &[u8]) -> der::Result<(ObjectIdentifier, &[u8])> {
    let mut info = Cursor::sequence(raw)?;
    let content_type = info.decode()?;
    let content = info.expect(context(0))?.content;
    info.finish()?;
    Ok((content_type, content))
}

impl<'a> Fields<'a> {
    fn parse(raw: &'a [u8]) -> der::Result<Self> {
        let mut data = Cursor::sequence(raw)?;
        let _version: u8 = data.decode()?;
        let _digests = data.expect(Tag::Set)?;
        let mut encapsulated = Cursor::new(data.expect(Tag::Sequence)?.content)?;
        let content_type = encapsulated.decode()?;
        let octets = encapsulated.expect(context(0))?;
        encapsulated.finish()?;
        let certificates = match data.optional(context(0))? {
            Some(set) => Cursor::new(set.content)?.rest()?,
            None => Vec::new(),
        };
        let _revocations = data.optional(context(1))?;
        let signers = Cursor::new(data.expect(Tag::Set)?.content)?.rest()?;
        data.finish()?;
        let content = <&OctetStringRef>::from_der(octets.content)?.as_bytes();
        Ok(Self { content_type, content, certificates, signers })
    }
}
