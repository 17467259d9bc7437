use der::{
    Decode as _, Tag,
    asn1::{BitStringRef, Utf8StringRef},
};

use crate::{
    Failure, MAX_REPLY_BYTES, MAX_STATUS_CHARS, Refusal, StampError,
    asn1::{Cursor, Element},
};

/// A TimeStampResp (RFC 3161, 2.4.2).
struct Reply<'a> {
    status: u32,
    text: String,
    failures: Vec<Failure>,
    token: Option<Element<'a>>,
}

/// The DER of the token in a reply.
pub(crate) fn token(reply: &[u8]) -> Result<&[u8], StampError> {
    if reply.len() > MAX_REPLY_BYTES {
        return Err(StampError::Size { bytes: reply.len() });
    }
    let Reply { status, text, failures, token } = Reply::parse(reply)
        .map_err(|error| StampError::Malformed { part: "reply", reason: error.to_string() })?;
    match Refusal::from_status(status) {
        Some(refusal) => Err(StampError::Refused { refusal, failures, text }),
        None => token.map(|token| token.raw).ok_or(StampError::Missing),
    }
}

impl<'a> Reply<'a> {
    fn parse(raw: &'a [u8]) -> der::Result<Self> {
        let mut reply = Cursor::sequence(raw)?;
        let mut info = Cursor::new(reply.expect(Tag::Sequence)?.content)?;
        let token = reply.optional(Tag::Sequence)?;
        reply.finish()?;

        let status = info.decode()?;
        let text = match info.optional(Tag::Sequence)? {
            Some(parts) => free_text(parts.content)?,
            None => String::new(),
        };
        let failures = match info.optional(Tag::BitString)? {
            Some(bits) => Failure::from_bits(BitStringRef::from_der(bits.raw)?),
            None => Vec::new(),
        };
        info.finish()?;
        Ok(Self { status, text, failures, token })
    }
}

/// A PKIFreeText: its parts joined by spaces, up to [`MAX_STATUS_CHARS`].
fn free_text(content: &[u8]) -> der::Result<String> {
    let mut parts = Vec::new();
    for part in Cursor::new(content)?.rest()? {
        parts.push(Utf8StringRef::from_der(part.raw)?.as_str());
    }
    Ok(parts.join(" ").chars().take(MAX_STATUS_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_in_the_authoritys_words() {
        // SEQUENCE { SEQUENCE { INTEGER 2, SEQUENCE { UTF8String "no", UTF8String "sun" }, BIT STRING { 0, 14 } } }
        let reply = [
            0x30, 0x15, 0x30, 0x13, 2, 1, 2, 0x30, 9, 0x0c, 2, b'n', b'o', 0x0c, 3, b's', b'u',
            b'n', 3, 3, 1, 0x80, 2,
        ];
        let error = token(&reply).unwrap_err();
        assert_eq!(
            error,
            StampError::Refused {
                refusal: Refusal::Rejection,
                failures: vec![Failure::BadAlgorithm, Failure::TimeNotAvailable],
                text: "no sun".into(),
            }
        );
        let text = "the authority refused (rejection, badAlg, timeNotAvailable): no sun";
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn a_text_without_end_is_cut() {
        // SEQUENCE { SEQUENCE { INTEGER 2, SEQUENCE { UTF8String of 1000 letters } } }
        let head = [0x30, 0x82, 3, 0xf7, 0x30, 0x82, 3, 0xf3, 2, 1, 2, 0x30, 0x82, 3, 0xec];
        let reply = [&head[..], &[0x0c, 0x82, 3, 0xe8], &[b'x'; 1000]].concat();
        let Err(StampError::Refused { text, .. }) = token(&reply) else { panic!("no refusal") };
        assert_eq!(text, "x".repeat(MAX_STATUS_CHARS));
    }

    #[test]
    fn a_reply_without_a_stamp_is_none() {
        assert_eq!(token(&[0x30, 5, 0x30, 3, 2, 1, 0]), Err(StampError::Missing));
        assert_eq!(token(&[0x30, 5, 0x30, 3, 2, 1, 1]), Err(StampError::Missing));
        let waiting = token(&[0x30, 5, 0x30, 3, 2, 1, 3]).unwrap_err();
        assert!(matches!(waiting, StampError::Refused { refusal: Refusal::Waiting, .. }));
        let unknown = token(&[0x30, 5, 0x30, 3, 2, 1, 9]).unwrap_err();
        assert!(matches!(unknown, StampError::Refused { refusal: Refusal::Other(9), .. }));
        assert!(matches!(token(b"<html>"), Err(StampError::Malformed { part: "reply", .. })));
        let long = vec![0; MAX_REPLY_BYTES + 1];
        assert_eq!(token(&long), Err(StampError::Size { bytes: 65_537 }));
    }
}
