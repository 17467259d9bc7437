use der::{
    Decode, Tag,
    asn1::{BitStringRef, ObjectIdentifier},
};
use frontdesk_types::{Instant, from_millis};
use x509_cert::{
    ext::{
        Extensions,
        pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier},
    },
    name::Name,
    spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef},
    time::{Time, Validity},
};

use crate::{
    CertificateFault,
    asn1::{self, Cursor, context, context_simple},
    key::{Key, Scheme},
    oid,
};

/// Bits of a keyUsage: bit n of RFC 5280 is `1 << n`.
const DIGITAL_SIGNATURE: u16 = 1;
const NON_REPUDIATION: u16 = 1 << 1;
const KEY_CERT_SIGN: u16 = 1 << 5;

/// An X.509 certificate (RFC 5280), with the bytes that digests, signatures and comparisons need.
#[derive(Clone)]
pub(crate) struct Certificate {
    raw: Vec<u8>,
    signed: Vec<u8>,
    algorithm: ObjectIdentifier,
    signature: Vec<u8>,
    serial: Vec<u8>,
    issuer: Vec<u8>,
    issuer_text: String,
    subject: Vec<u8>,
    subject_text: String,
    from: Instant,
    until: Instant,
    key: Key,
    extensions: Known,
}

/// The extensions that are looked at.
#[derive(Clone, Default)]
struct Known {
    basic: Option<BasicConstraints>,
    usage: Option<u16>,
    /// Whether it is critical, and the purposes.
    purpose: Option<(bool, Vec<ObjectIdentifier>)>,
    key_id: Option<Vec<u8>>,
    /// The DER of each alternative name.
    names: Vec<Vec<u8>>,
    unknown_critical: Option<ObjectIdentifier>,
}

impl Certificate {
    pub(crate) fn parse(raw: &[u8]) -> Result<Self, CertificateFault> {
        let mut outer = Cursor::sequence(raw)?;
        let signed = outer.expect(Tag::Sequence)?;
        let algorithm: AlgorithmIdentifierRef<'_> = outer.decode()?;
        let signature: BitStringRef<'_> = outer.decode()?;
        outer.finish()?;

        let mut fields = Cursor::new(signed.content)?;
        let _version = fields.optional(context(0))?;
        let serial = fields.expect(Tag::Integer)?;
        if fields.decode::<AlgorithmIdentifierRef<'_>>()? != algorithm {
            let reason = "it names two signature algorithms".into();
            return Err(CertificateFault::Malformed { reason });
        }
        let issuer = fields.expect(Tag::Sequence)?;
        let validity: Validity = fields.decode()?;
        let subject = fields.expect(Tag::Sequence)?;
        let key: SubjectPublicKeyInfoRef<'_> = fields.decode()?;
        let _issuer_id = fields.optional(context_simple(1))?;
        let _subject_id = fields.optional(context_simple(2))?;
        let extensions = fields.optional(context(3))?;
        fields.finish()?;

        Ok(Self {
            raw: raw.to_vec(),
            signed: signed.raw.to_vec(),
            algorithm: algorithm.oid,
            signature: whole_bytes(signature)?.to_vec(),
            serial: serial.raw.to_vec(),
            issuer: issuer.raw.to_vec(),
            issuer_text: Name::from_der(issuer.raw)?.to_string(),
            subject: subject.raw.to_vec(),
            subject_text: Name::from_der(subject.raw)?.to_string(),
            from: instant(validity.not_before),
            until: instant(validity.not_after),
            key: Key::new(&key.algorithm, whole_bytes(key.subject_public_key)?),
            extensions: match extensions {
                Some(element) => Known::parse(element.content)?,
                None => Known::default(),
            },
        })
    }

    /// The DER.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The DER of the serial number.
    pub(crate) fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// The DER of the issuer's name.
    pub(crate) fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// The issuer's name as text (RFC 4514).
    pub(crate) fn issuer_text(&self) -> &str {
        &self.issuer_text
    }

    /// The DER of the subject's name.
    pub(crate) fn subject(&self) -> &[u8] {
        &self.subject
    }

    /// The subject's name as text (RFC 4514).
    pub(crate) fn subject_text(&self) -> &str {
        &self.subject_text
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// The content of the subjectKeyIdentifier.
    pub(crate) fn key_id(&self) -> Option<&[u8]> {
        self.extensions.key_id.as_deref()
    }

    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// Whether a GeneralName in DER is the subject or one of its alternative names.
    pub(crate) fn is_named(&self, name: &[u8]) -> bool {
        let directory = asn1::only(name, context(4)).is_ok_and(|name| name.content == self.subject);
        directory || self.extensions.names.iter().any(|known| known == name)
    }

    /// Whether it was signed by the key of a certificate.
    pub(crate) fn check_signature(&self, issuer: &Self) -> Result<(), CertificateFault> {
        let scheme = self.scheme()?;
        if issuer.key.signed(scheme, &self.signed, &self.signature) {
            Ok(())
        } else {
            Err(CertificateFault::Signature)
        }
    }

    /// How it was signed, if that can be checked.
    pub(crate) fn scheme(&self) -> Result<Scheme, CertificateFault> {
        Scheme::named(self.algorithm)
            .ok_or_else(|| CertificateFault::Algorithm { oid: self.algorithm.to_string() })
    }

    /// Whether it is valid at an instant, both ends included, and has no critical extension that is not known.
    pub(crate) fn check_validity(&self, at: Instant) -> Result<(), CertificateFault> {
        if at < self.from {
            return Err(CertificateFault::NotYetValid { from: self.from, at });
        }
        if at > self.until {
            return Err(CertificateFault::Expired { until: self.until, at });
        }
        match self.extensions.unknown_critical {
            Some(oid) => Err(CertificateFault::CriticalExtension { oid: oid.to_string() }),
            None => Ok(()),
        }
    }

    /// Whether its key may sign time-stamps (RFC 3161, 2.3). The rule for keyUsage is OpenSSL's.
    pub(crate) fn check_signer(&self) -> Result<(), CertificateFault> {
        let (critical, purposes) = match &self.extensions.purpose {
            Some((critical, purposes)) => (*critical, purposes.as_slice()),
            None => (false, [].as_slice()),
        };
        if purposes != [oid::TIME_STAMPING] {
            let found = purposes.iter().map(ToString::to_string).collect();
            return Err(CertificateFault::Purpose { found });
        }
        if !critical {
            return Err(CertificateFault::PurposeNotCritical);
        }
        let signing = DIGITAL_SIGNATURE | NON_REPUDIATION;
        match self.extensions.usage {
            Some(usage) if usage & signing == 0 || usage & !signing != 0 => {
                Err(CertificateFault::KeyUsage { needed: "for signatures alone" })
            }
            _ => Ok(()),
        }
    }

    /// Whether its key may sign certificates, with `beneath` authorities between it and the signer.
    pub(crate) fn check_authority(&self, beneath: usize) -> Result<(), CertificateFault> {
        let Some(basic) = self.extensions.basic.as_ref().filter(|basic| basic.ca) else {
            return Err(CertificateFault::NotAuthority);
        };
        if self.extensions.usage.is_some_and(|usage| usage & KEY_CERT_SIGN == 0) {
            return Err(CertificateFault::KeyUsage { needed: "for certificates" });
        }
        match basic.path_len_constraint {
            Some(allowed) if beneath > allowed.into() => {
                Err(CertificateFault::PathLength { allowed, found: beneath })
            }
            _ => Ok(()),
        }
    }
}

impl Known {
    fn parse(raw: &[u8]) -> Result<Self, CertificateFault> {
        let mut known = Self::default();
        let extensions = Extensions::from_der(raw)?;
        for (place, extension) in extensions.iter().enumerate() {
            let id = extension.extn_id;
            if extensions.iter().take(place).any(|earlier| earlier.extn_id == id) {
                let reason = format!("the extension {id} is there twice");
                return Err(CertificateFault::Malformed { reason });
            }
            let value = extension.extn_value.as_bytes();
            match id {
                oid::BASIC_CONSTRAINTS => known.basic = Some(BasicConstraints::from_der(value)?),
                oid::KEY_USAGE => known.usage = Some(KeyUsage::from_der(value)?.0.bits()),
                oid::EXT_KEY_USAGE => {
                    let purposes = ExtendedKeyUsage::from_der(value)?.0;
                    known.purpose = Some((extension.critical, purposes));
                }
                oid::SUBJECT_KEY_ID => {
                    let id = SubjectKeyIdentifier::from_der(value)?;
                    known.key_id = Some(id.0.as_bytes().to_vec());
                }
                oid::SUBJECT_ALT_NAME => {
                    let names = Cursor::sequence(value)?.rest()?;
                    known.names = names.iter().map(|name| name.raw.to_vec()).collect();
                }
                // Any policy is accepted, so that none has to be looked at (RFC 5280, 6.1).
                oid::CERTIFICATE_POLICIES => {}
                _ if extension.critical => known.unknown_critical = Some(id),
                _ => {}
            }
        }
        Ok(known)
    }
}

/// The bytes of a BIT STRING whose bits fill them.
fn whole_bytes(bits: BitStringRef<'_>) -> der::Result<&[u8]> {
    bits.as_bytes().ok_or_else(|| Tag::BitString.value_error().into())
}

/// Dates of certificates lie between 1970 and 9999.
fn instant(time: Time) -> Instant {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    from_millis(seconds.saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_there_once() {
        // SEQUENCE { OBJECT IDENTIFIER 2.5.29.15, OCTET STRING { BIT STRING { 0 } } }
        let usage = [0x30, 11, 6, 3, 0x55, 0x1d, 15, 4, 4, 3, 2, 7, 0x80];
        let once = Known::parse(&[&[0x30, 13], &usage[..]].concat()).unwrap();
        assert_eq!(once.usage, Some(DIGITAL_SIGNATURE));
        let twice = Known::parse(&[&[0x30, 26], &usage[..], &usage].concat());
        let reason = "the extension 2.5.29.15 is there twice".into();
        assert_eq!(twice.err(), Some(CertificateFault::Malformed { reason }));
    }

    #[test]
    fn a_signature_has_whole_bytes() {
        assert_eq!(whole_bytes(BitStringRef::new(0, &[0xf8]).unwrap()), Ok(&[0xf8][..]));
        assert!(whole_bytes(BitStringRef::new(3, &[0xf8]).unwrap()).is_err());
    }
}
