use der::{Tag, Tagged as _, asn1::OctetStringRef};
use ring::digest;
use x509_cert::spki::AlgorithmIdentifierRef;

use crate::{MAX_REQUEST_BYTES, asn1::Cursor, oid};

/// The media type of a request in HTTP (RFC 3161, 3.4).
pub const REQUEST_MEDIA_TYPE: &str = "application/timestamp-query";
/// The media type of a reply in HTTP (RFC 3161, 3.4).
pub const REPLY_MEDIA_TYPE: &str = "application/timestamp-reply";

/// A TimeStampReq up to the digest: version 1, and a messageImprint by SHA-256. The two zeros are the lengths of
/// everything and of nothing; the first is filled in.
const HEAD: [u8; 24] = [
    0x30, 0, 2, 1, 1, 0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4,
    32,
];
/// `certReq`: the reply shall carry the signer's certificate.
const CERT_REQ: [u8; 3] = [1, 1, 0xff];

/// A request for a time-stamp (TimeStampReq, RFC 3161, 2.4.1): the SHA-256 of a message, a nonce, and the wish for
/// the signer's certificate. The message itself stays at home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    bytes: Vec<u8>,
    imprint: [u8; 32],
    nonce: u64,
}

/// Bytes that are not a request as this crate makes them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The bytes are not the DER of a TimeStampReq, or it has more than the fields that [`Request`] names.
    #[error("the request is not a TimeStampReq with a nonce and certReq: {reason}")]
    Malformed {
        /// The first value that does not fit.
        reason: String,
    },
    /// The imprint is not of SHA-256.
    #[error("the request's digest is {oid}, not SHA-256")]
    Digest {
        /// The digest's object identifier, with dots.
        oid: String,
    },
    /// More than [`MAX_REQUEST_BYTES`].
    #[error("the request has {bytes} bytes; {MAX_REQUEST_BYTES} are the limit")]
    Size {
        /// Bytes that were given.
        bytes: usize,
    },
}

impl Request {
    /// A request for a message of any length.
    ///
    /// The nonce ties a reply to this request. It must be random and new each time: a reply to an earlier request
    /// for the same message would otherwise pass for a new one.
    ///
    /// ```
    /// use frontdesk_timestamp::Request;
    ///
    /// let request = Request::new(b"head 17 of the ledger", 0x5eed_0123_4567_89ab);
    /// assert_eq!(request.as_bytes().len(), 69);
    /// assert_eq!(Request::parse(request.as_bytes())?, request);
    /// # Ok::<(), frontdesk_timestamp::RequestError>(())
    /// ```
    pub fn new(message: &[u8], nonce: u64) -> Self {
        let imprint = sha256(message);
        // An INTEGER without needless zeros; one zero where the first bit would be a sign.
        let whole = nonce.to_be_bytes();
        let zeros = whole.iter().take(7).take_while(|byte| **byte == 0).count();
        let digits = whole.get(zeros..).unwrap_or_default();
        let sign = digits.first().is_some_and(|byte| *byte >= 0x80);

        let mut bytes = Vec::with_capacity(70);
        bytes.extend(HEAD);
        bytes.extend(imprint);
        bytes.push(2);
        bytes.extend(u8::try_from(digits.len() + usize::from(sign)));
        bytes.extend(sign.then_some(0));
        bytes.extend(digits);
        bytes.extend(CERT_REQ);
        let length = u8::try_from(bytes.len() - 2).unwrap_or_default();
        if let Some(place) = bytes.get_mut(1) {
            *place = length;
        }
        Self { bytes, imprint, nonce }
    }

    /// Reads a request that was stored: at most [`MAX_REQUEST_BYTES`] bytes of DER.
    ///
    /// Requests of `openssl ts -query -sha256 -cert` can be read too. A request with a policy, with extensions,
    /// without a nonce or without certReq is refused, as is a nonce of more than 64 bits.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        if bytes.len() > MAX_REQUEST_BYTES {
            return Err(RequestError::Size { bytes: bytes.len() });
        }
        let fields = Fields::parse(bytes)
            .map_err(|error| RequestError::Malformed { reason: error.to_string() })?;
        if fields.algorithm.oid != oid::SHA256 {
            return Err(RequestError::Digest { oid: fields.algorithm.oid.to_string() });
        }
        let malformed = |what: &str| RequestError::Malformed { reason: what.into() };
        if fields.version != 1 {
            return Err(malformed("the version is not 1"));
        }
        let Ok(imprint) = fields.digest.try_into() else {
            return Err(malformed("the digest has not 32 bytes"));
        };
        if !fields.cert_req {
            return Err(malformed("certReq is false"));
        }
        Ok(Self { bytes: bytes.to_vec(), imprint, nonce: fields.nonce })
    }

    /// The DER, as it is sent: the body of an HTTP POST of [`REQUEST_MEDIA_TYPE`].
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The SHA-256 of the message.
    pub fn imprint(&self) -> &[u8; 32] {
        &self.imprint
    }

    /// The number that the reply must repeat.
    pub fn nonce(&self) -> u64 {
        self.nonce
    }

    pub(crate) fn is_for(&self, message: &[u8]) -> bool {
        self.imprint == sha256(message)
    }
}

/// The fields of a TimeStampReq, before they are judged.
struct Fields<'a> {
    version: u8,
    algorithm: AlgorithmIdentifierRef<'a>,
    digest: &'a [u8],
    nonce: u64,
    cert_req: bool,
}

impl<'a> Fields<'a> {
    fn parse(bytes: &'a [u8]) -> der::Result<Self> {
        let mut request = Cursor::sequence(bytes)?;
        let version = request.decode()?;
        let (algorithm, digest) = imprint(request.expect(Tag::Sequence)?.raw)?;
        let (nonce, cert_req) = (request.decode()?, request.decode()?);
        request.finish()?;
        Ok(Self { version, algorithm, digest, nonce, cert_req })
    }
}

/// A MessageImprint: the digest's algorithm, whose parameters are NULL or missing, and the digest.
pub(crate) fn imprint(raw: &[u8]) -> der::Result<(AlgorithmIdentifierRef<'_>, &[u8])> {
    let mut imprint = Cursor::sequence(raw)?;
    let algorithm: AlgorithmIdentifierRef<'_> = imprint.decode()?;
    if let Some(parameters) = algorithm.parameters {
        parameters.tag().assert_eq(Tag::Null)?;
    }
    let digest = imprint.decode::<&OctetStringRef>()?.as_bytes();
    imprint.finish()?;
    Ok((algorithm, digest))
}

fn sha256(message: &[u8]) -> [u8; 32] {
    let mut imprint = [0; 32];
    imprint.copy_from_slice(digest::digest(&digest::SHA256, message).as_ref());
    imprint
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::hex;

    /// The request in the tests of RustCrypto's x509-tsp, made by `openssl ts -query -data abc.txt`, with certReq.
    #[test]
    fn a_request_is_the_one_that_openssl_makes() {
        let request = Request::new(b"abc", 0x314c_fce4_e065_1827);
        assert_eq!(
            hex(request.as_bytes()),
            "3043020101\
             3031300d060960864801650304020105000420\
             ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\
             0208314cfce4e0651827\
             0101ff"
        );
    }

    #[test]
    fn any_nonce_comes_back() {
        for nonce in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x8000, u64::MAX >> 1, 1 << 63, u64::MAX] {
            let request = Request::new(b"", nonce);
            assert_eq!(Request::parse(request.as_bytes()), Ok(request.clone()), "{nonce:x}");
            assert_eq!(request.nonce(), nonce);
            assert!(request.is_for(b"") && !request.is_for(b"a"));
        }
    }

    #[test]
    fn a_request_of_another_kind_is_refused() {
        let good = Request::new(b"abc", 7).as_bytes().to_vec();
        let changed = |place: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[place] = byte;
            Request::parse(&bytes)
        };
        let malformed = |result| matches!(result, Err(RequestError::Malformed { .. }));
        assert!(malformed(changed(4, 2)), "version 2");
        assert_eq!(
            changed(19, 2),
            Err(RequestError::Digest { oid: "2.16.840.1.101.3.4.2.2".into() })
        );
        assert!(malformed(changed(good.len() - 1, 0)), "certReq false");
        assert!(malformed(changed(58, 0x87)), "a negative nonce");
        assert!(malformed(Request::parse(&good[..good.len() - 3])));
        assert!(malformed(Request::parse(&[])));
        let longer = [&good[..], &[0]].concat();
        assert!(malformed(Request::parse(&longer)));
        let long = vec![0; MAX_REQUEST_BYTES + 1];
        assert_eq!(Request::parse(&long), Err(RequestError::Size { bytes: 1025 }));
    }
}
