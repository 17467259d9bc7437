use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{PhoneError, PhoneNumber};

/// A short code: 3 to 8 digits, valid in one country only.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShortCode {
    digits: u32,
}

/// What a consumer texts to: a long code, a toll-free number, or a short code (SMS-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SupportNumber {
    /// A long code or toll-free number.
    Phone(PhoneNumber),
    /// A short code.
    Short(ShortCode),
}

impl FromStr for ShortCode {
    type Err = PhoneError;

    /// Reads 3 to 8 digits that do not start with 0.
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let shaped = (3..=8).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_digit())
            && !text.starts_with('0');
        match text.parse() {
            Ok(digits) if shaped => Ok(Self { digits }),
            _ => Err(PhoneError::NotAShortCode),
        }
    }
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.digits, f)
    }
}

impl fmt::Debug for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShortCode({})", self.digits)
    }
}

impl SupportNumber {
    /// The number as an integer, for storage: a phone number's digits, or a short code's below zero,
    /// where no phone number is.
    pub fn to_integer(self) -> i64 {
        match self {
            Self::Phone(number) => number.digits().cast_signed(),
            Self::Short(code) => -i64::from(code.digits),
        }
    }

    /// The number that [`SupportNumber::to_integer`] gave the integer of.
    pub fn from_integer(value: i64) -> Result<Self, PhoneError> {
        if value < 0 {
            value.unsigned_abs().to_string().parse().map(Self::Short)
        } else {
            PhoneNumber::try_from(value.unsigned_abs()).map(Self::Phone)
        }
    }
}

impl FromStr for SupportNumber {
    type Err = PhoneError;

    /// Reads `+` and digits as a phone number, 3 to 8 bare digits as a short code.
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        if text.starts_with('+') {
            text.parse().map(Self::Phone)
        } else {
            text.parse().map(Self::Short)
        }
    }
}

impl Serialize for SupportNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i64(self.to_integer())
        }
    }
}

impl<'de> Deserialize<'de> for SupportNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = SupportNumber;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a phone number in E.164 form, or a short code of 3 to 8 digits")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<SupportNumber, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<SupportNumber, E> {
                SupportNumber::from_integer(value).map_err(E::custom)
            }
        }
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Visitor)
        } else {
            deserializer.deserialize_i64(Visitor)
        }
    }
}

impl fmt::Display for SupportNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(number) => fmt::Display::fmt(number, f),
            Self::Short(code) => fmt::Display::fmt(code, f),
        }
    }
}

impl From<PhoneNumber> for SupportNumber {
    fn from(number: PhoneNumber) -> Self {
        Self::Phone(number)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for SupportNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SupportNumber".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A phone number in E.164 form, or a short code of 3 to 8 digits",
            "pattern": "^(\\+[1-9][0-9]{6,14}|[1-9][0-9]{2,7})$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn support_numbers_are_long_codes_or_short_codes() {
        for text in ["+12025550100", "+18005550199", "12345", "729725"] {
            let number: SupportNumber = text.parse().unwrap();
            assert_eq!(number.to_string(), text);
            assert_eq!(serde_json::to_value(number).unwrap(), text);
            assert_eq!(SupportNumber::from_integer(number.to_integer()), Ok(number));
        }
        for bad in ["", "12", "012345", "123456789", "12a45", "+1", "2025550100"] {
            assert!(bad.parse::<SupportNumber>().is_err(), "{bad}");
        }
    }
}
