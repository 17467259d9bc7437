use std::time::Duration;

use chrono::NaiveDate;
use der::{
    Decode as _, Tag,
    asn1::{AnyRef, ObjectIdentifier, UintRef},
};
use frontdesk_types::Instant;
use x509_cert::{ext::Extension, spki::AlgorithmIdentifierRef};

use crate::{
    MAX_SERIAL_BYTES, Request, StampError,
    asn1::{Cursor, Element, context, context_simple, hex},
    oid,
    request::imprint,
};

/// The content that the authority signed (TSTInfo, RFC 3161, 2.4.2).
pub(crate) struct Info<'a> {
    pub(crate) policy: ObjectIdentifier,
    /// Hexadecimal digits, two a byte.
    pub(crate) serial: String,
    pub(crate) at: Instant,
    pub(crate) accuracy: Option<Duration>,
    /// The DER of the authority's name.
    pub(crate) tsa: Option<&'a [u8]>,
    algorithm: AlgorithmIdentifierRef<'a>,
    digest: &'a [u8],
    nonce: Option<Element<'a>>,
}

/// The fields as they stand in the token.
struct Fields<'a> {
    version: u8,
    policy: ObjectIdentifier,
    imprint: (AlgorithmIdentifierRef<'a>, &'a [u8]),
    serial: Element<'a>,
    time: Element<'a>,
    accuracy: Option<Duration>,
    nonce: Option<Element<'a>>,
    tsa: Option<Element<'a>>,
    extensions: Vec<Extension>,
}

impl<'a> Info<'a> {
    pub(crate) fn parse(raw: &'a [u8]) -> Result<Self, StampError> {
        let malformed = |reason: &str| {
            let reason = reason.into();
            StampError::Malformed { part: "TSTInfo", reason }
        };
        let fields = Fields::parse(raw).map_err(|error| malformed(&error.to_string()))?;
        if fields.version != 1 {
            return Err(malformed("the version is not 1"));
        }
        if let Some(extension) = fields.extensions.iter().find(|extension| extension.critical) {
            return Err(StampError::CriticalExtension { oid: extension.extn_id.to_string() });
        }
        let serial = UintRef::from_der(fields.serial.raw)
            .ok()
            .filter(|serial| serial.as_bytes().len() <= MAX_SERIAL_BYTES)
            .ok_or_else(|| StampError::Serial { serial: hex(fields.serial.content) })?;
        let at = generalized_time(fields.time.content)
            .ok_or_else(|| malformed("genTime is not a time of UTC with seconds"))?;
        let (algorithm, digest) = fields.imprint;
        Ok(Self {
            policy: fields.policy,
            serial: hex(serial.as_bytes()),
            at,
            accuracy: fields.accuracy,
            tsa: fields.tsa.map(|tsa| tsa.content),
            algorithm,
            digest,
            nonce: fields.nonce,
        })
    }

    /// Whether it is the answer to a request: the same digest, the same nonce.
    pub(crate) fn check_answers(&self, request: &Request) -> Result<(), StampError> {
        if self.algorithm.oid != oid::SHA256 {
            let oid = self.algorithm.oid.to_string();
            return Err(StampError::Algorithm { part: "stamp's digest", oid });
        }
        if self.digest != request.imprint() {
            return Err(StampError::Imprint { found: hex(self.digest) });
        }
        let asked = request.nonce();
        match self.nonce {
            Some(nonce) if u64::from_der(nonce.raw) == Ok(asked) => Ok(()),
            nonce => Err(StampError::Nonce { asked, found: nonce.map(|nonce| hex(nonce.content)) }),
        }
    }
}

impl<'a> Fields<'a> {
    fn parse(raw: &'a [u8]) -> der::Result<Self> {
        let mut info = Cursor::sequence(raw)?;
        let fields = Self {
            version: info.decode()?,
            policy: info.decode()?,
            imprint: imprint(info.expect(Tag::Sequence)?.raw)?,
            serial: info.expect(Tag::Integer)?,
            time: info.expect(Tag::GeneralizedTime)?,
            accuracy: match info.optional(Tag::Sequence)? {
                Some(value) => Some(accuracy(value.content)?),
                None => None,
            },
            nonce: {
                let _ordering = info.optional(Tag::Boolean)?;
                info.optional(Tag::Integer)?
            },
            tsa: info.optional(context(0))?,
            extensions: match info.optional(context(1))? {
                Some(list) => extensions(list.content)?,
                None => Vec::new(),
            },
        };
        info.finish()?;
        Ok(fields)
    }
}

fn extensions(content: &[u8]) -> der::Result<Vec<Extension>> {
    Cursor::new(content)?.rest()?.iter().map(|one| Extension::from_der(one.raw)).collect()
}

/// An Accuracy: seconds, milliseconds and microseconds, each of which may be missing.
fn accuracy(content: &[u8]) -> der::Result<Duration> {
    let mut parts = Cursor::new(content)?;
    let seconds: u32 = match parts.optional(Tag::Integer)? {
        Some(seconds) => u32::from_der(seconds.raw)?,
        None => 0,
    };
    let mut thousandths = |number| -> der::Result<u64> {
        let Some(part) = parts.optional(context_simple(number))? else { return Ok(0) };
        match AnyRef::new(Tag::Integer, part.content)?.decode_as::<u16>()? {
            value @ ..=999 => Ok(value.into()),
            _ => Err(Tag::Integer.value_error().into()),
        }
    };
    let (millis, micros) = (thousandths(0)?, thousandths(1)?);
    parts.finish()?;
    Ok(Duration::from_secs(seconds.into()) + Duration::from_micros(1000 * millis + micros))
}

/// A GeneralizedTime as RFC 3161, 2.4.2, has it: `20261127214500.123Z`, with one to nine digits of a fraction or
/// none. Finer digits than nanoseconds and leap seconds are refused.
fn generalized_time(text: &[u8]) -> Option<Instant> {
    let text = str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !is_digits(whole) {
        return None;
    }
    if !(1..=9).contains(&fraction.len()) || !is_digits(fraction) {
        return None;
    }
    let number = |from: usize, to: usize| whole.get(from..to)?.parse::<u32>().ok();
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    let year = i32::try_from(number(0, 4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(4, 6)?, number(6, 8)?)?;
    let time = date.and_hms_nano_opt(number(8, 10)?, number(10, 12)?, number(12, 14)?, nanos)?;
    Some(time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<String> {
        generalized_time(text.as_bytes()).map(|at| at.to_rfc3339())
    }

    #[test]
    fn times_have_seconds_and_may_have_a_fraction() {
        assert_eq!(at("20261127214500Z").unwrap(), "2026-11-27T21:45:00+00:00");
        assert_eq!(at("20261127214500.5Z").unwrap(), "2026-11-27T21:45:00.500+00:00");
        assert_eq!(at("20261127214500.123456789Z").unwrap(), "2026-11-27T21:45:00.123456789+00:00");
        assert_eq!(at("20240229000000Z").unwrap(), "2024-02-29T00:00:00+00:00");
        for wrong in [
            "",
            "Z",
            "202611272145Z",
            "20261127214500",
            "20261127214500+0100",
            "20261127214500.Z",
            "20261127214500.1234567890Z",
            "20261127214500.+5Z",
            "20261127214500,5Z",
            "+0261127214500Z",
            "20261327214500Z",
            "20230229000000Z",
            "20261127246000Z",
            "20261231235960Z",
            "é0261127214500Z",
            "202611272145é0Z",
        ] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_accuracy_is_the_sum_of_its_parts() {
        let micros = |content: &[u8]| accuracy(content).map(|value| value.as_micros());
        assert_eq!(micros(&[]), Ok(0));
        assert_eq!(micros(&[2, 1, 1]), Ok(1_000_000));
        assert_eq!(micros(&[0x80, 2, 1, 0xf4]), Ok(500_000));
        assert_eq!(micros(&[2, 1, 1, 0x80, 2, 1, 0xf4, 0x81, 1, 100]), Ok(1_500_100));
        assert!(micros(&[0x80, 2, 3, 0xe8]).is_err(), "1000 milliseconds");
        assert!(micros(&[2, 1, 0xff]).is_err(), "minus one second");
        assert!(micros(&[0x81, 1, 1, 0x80, 1, 1]).is_err(), "the wrong order");
    }
}
