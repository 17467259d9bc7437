//! DER that `openssl` does not write.

use ring::digest;

/// A TimeStampResp with the status 0 and a token.
pub(crate) fn granted(token: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&[0x30, 3, 2, 1, 0], token])
}

/// A value in DER: its tag, its length, and its parts.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let header: &[u8] = match content.len() {
        ..=0x7f => &[tag, low],
        0x80..=0xff => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [header, &content].concat()
}

/// A TSTInfo with another genTime, to the second: `20200601120000`.
pub(crate) fn with_time(info: &[u8], time: &str) -> Vec<u8> {
    let is_time = |bytes: &[u8]| bytes[0] == 0x18 && bytes[2..].iter().all(u8::is_ascii_digit);
    let place = info.windows(16).position(is_time).unwrap() + 2;
    [&info[..place], time.as_bytes(), &info[place + time.len()..]].concat()
}

/// Bytes with another part in the place of one of the same length, which is there once.
pub(crate) fn replace(bytes: &[u8], part: &[u8], by: &[u8]) -> Vec<u8> {
    assert_eq!(part.len(), by.len());
    let mut places = bytes.windows(part.len()).enumerate().filter(|(_, window)| *window == part);
    let (place, _) = places.next().unwrap();
    assert!(places.next().is_none());
    [&bytes[..place], by, &bytes[place + part.len()..]].concat()
}

/// A TSTInfo with another part in the place of one that is there once.
pub(crate) fn splice(info: &[u8], part: &[u8], by: &[u8]) -> Vec<u8> {
    let place = info.windows(part.len()).position(|window| window == part).unwrap();
    // The header of a TSTInfo with 128 to 255 bytes.
    assert_eq!(info[..2], [0x30, 0x81]);
    tlv(0x30, &[&info[3..place], by, &info[place + part.len()..]])
}

/// The constructed values in some bytes, each with another value appended, one at a time.
pub(crate) fn appended<'a>(bytes: &'a [u8], value: &'a [u8]) -> impl Iterator<Item = Vec<u8>> + 'a {
    (0..).map_while(move |target| {
        let mut place = 0;
        let changed = append(bytes, value, target, &mut place);
        (place > target).then_some(changed)
    })
}

fn append(mut bytes: &[u8], value: &[u8], target: usize, place: &mut usize) -> Vec<u8> {
    let mut written = Vec::new();
    while let [tag, first, rest @ ..] = bytes {
        let (length, rest) = match first {
            0x82 => (usize::from(rest[0]) << 8 | usize::from(rest[1]), &rest[2..]),
            0x81 => (usize::from(rest[0]), &rest[1..]),
            length => (usize::from(*length), rest),
        };
        let (content, after) = rest.split_at(length);
        bytes = after;
        if tag & 0x20 == 0 {
            written.extend(tlv(*tag, &[content]));
            continue;
        }
        let here = *place == target;
        *place += 1;
        let content = append(content, value, target, place);
        written.extend(tlv(*tag, &[&content, if here { value } else { &[] }]));
    }
    written
}

const PKCS9: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9];
const ED25519: [u8; 7] = [0x30, 5, 6, 3, 0x2b, 0x65, 0x70];
const SHA512: [u8; 13] = [0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3];

/// The parts of a token that is signed with Ed25519.
pub(crate) struct Parts {
    certificate: Vec<u8>,
    /// The content of the signer's subjectKeyIdentifier.
    pub(crate) key_id: Vec<u8>,
    /// The content type of what is signed.
    pub(crate) content_type: Vec<u8>,
    /// The signed attributes: their types beneath 1.2.840.113549.1.9, and their values.
    pub(crate) attributes: Vec<(Vec<u8>, Vec<Vec<u8>>)>,
}

impl Parts {
    pub(crate) fn new(info: &[u8], certificate: Vec<u8>, public: &[u8]) -> Self {
        let key = &public[public.len() - 32..];
        let tst_info = tlv(6, &[&PKCS9, &[16, 1, 4]]);
        let message_digest = tlv(4, &[&digest_of(&digest::SHA512, info)]);
        let mut parts = Self {
            certificate,
            key_id: digest_of(&digest::SHA1_FOR_LEGACY_USE_ONLY, key),
            content_type: tst_info.clone(),
            attributes: vec![(vec![3], vec![tst_info]), (vec![4], vec![message_digest])],
        };
        parts.attributes.push((vec![16, 2, 47], vec![parts.signing_certificate(&[])]));
        parts
    }

    /// A SigningCertificateV2 with an IssuerSerial, or without.
    pub(crate) fn signing_certificate(&self, issuer: &[u8]) -> Vec<u8> {
        let digest = tlv(4, &[&digest_of(&digest::SHA256, &self.certificate)]);
        tlv(0x30, &[&tlv(0x30, &[&tlv(0x30, &[&digest, issuer])])])
    }

    fn attributes(&self) -> Vec<u8> {
        let attribute = |(name, values): &(Vec<u8>, Vec<Vec<u8>>)| {
            tlv(0x30, &[&tlv(6, &[&PKCS9, name]), &tlv(0x31, &[&values.concat()])])
        };
        self.attributes.iter().flat_map(attribute).collect()
    }

    /// The bytes that are to be signed.
    pub(crate) fn signed(&self) -> Vec<u8> {
        tlv(0x31, &[&self.attributes()])
    }

    pub(crate) fn token(&self, info: &[u8], signature: &[u8]) -> Vec<u8> {
        let (id, attributes) = (tlv(0x80, &[&self.key_id]), tlv(0xa0, &[&self.attributes()]));
        let signature = tlv(4, &[signature]);
        let signer = tlv(0x30, &[&[2, 1, 3], &id, &SHA512, &attributes, &ED25519, &signature]);
        let content = tlv(0x30, &[&self.content_type, &tlv(0xa0, &[&tlv(4, &[info])])]);
        let (digests, signers) = (tlv(0x31, &[&SHA512]), tlv(0x31, &[&signer]));
        let certificates = tlv(0xa0, &[&self.certificate]);
        let data = tlv(0x30, &[&[2, 1, 3], &digests, &content, &certificates, &signers]);
        let signed_data = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
        tlv(0x30, &[&signed_data, &tlv(0xa0, &[&data])])
    }
}

fn digest_of(algorithm: &'static digest::Algorithm, bytes: &[u8]) -> Vec<u8> {
    digest::digest(algorithm, bytes).as_ref().to_vec()
}
