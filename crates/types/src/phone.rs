use std::{fmt, num::NonZeroU64, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

mod calling_code;
mod spelling;

/// A phone number in E.164 form: calling code and national number, 7 to 15 digits. Eight bytes, `Copy`,
/// equal exactly when the numbers are.
///
/// `Display` writes `+12025550123`; `Debug` shows the last four digits only, so that a number cannot
/// slip into a log line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(NonZeroU64);

/// What kind of line a number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberKind {
    /// Of a place: a fixed line; in North America of a mobile phone as well, which look alike.
    Geographic,
    /// Of a mobile phone.
    Mobile,
    /// Of no place: over the internet, personal, of a company in the whole country.
    NonGeographic,
    /// Whoever calls or texts pays for more than that.
    Premium,
    /// Whoever calls pays nothing.
    TollFree,
    /// Of no known kind.
    Unknown,
}

/// Why a text is not a phone number. Carries no digits, so that it can be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhoneError {
    /// The parser understood another number than the digits say, or one that cannot exist; nobody is
    /// texted on a guess.
    #[error("the number is ambiguous: write it as + and the country's code, like +12025550123")]
    Ambiguous,
    /// A digit is missing after `+`, or there are too many or too few.
    #[error("a phone number has 7 to 15 digits, found {digits}")]
    Length {
        /// How many digits were found.
        digits: usize,
    },
    /// Letters, or signs that no phone number has.
    #[error("a phone number has digits and punctuation only, found {found:?}")]
    NotADigit {
        /// The first character that does not belong.
        found: char,
    },
    /// Not 3 to 8 digits without a leading 0.
    #[error(
        "a short code has 3 to 8 digits and does not start with 0; a phone number is written as + and the country's code, like +12025550123"
    )]
    NotAShortCode,
    /// Not understood at all.
    #[error("not a phone number")]
    NotANumber,
    /// A number without `+`, and no region to read it in.
    #[error("the number does not start with + and no region is known to read it in")]
    RegionNeeded,
    /// No country has this calling code.
    #[error("no country has the calling code at the start of this number")]
    UnknownCallingCode,
    /// No such region.
    #[error("{} is not a region: a region has two letters of ISO 3166-1, like US", region_words(*.0))]
    UnknownRegion([u8; 2]),
}

/// Stands in an error for a text that has not two letters.
const NO_PAIR: [u8; 2] = *b"??";

fn region_words(letters: [u8; 2]) -> String {
    if letters == NO_PAIR {
        return "this".into();
    }
    format!("`{}`", letters.map(char::from).iter().collect::<String>())
}

/// A country or territory whose national spelling a number without `+` is read in: two letters of
/// ISO 3166-1, like `US`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(phonenumber::country::Id);

impl Region {
    /// The United States.
    pub const US: Self = Self(phonenumber::country::Id::US);
}

impl FromStr for Region {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let mut letters = NO_PAIR;
        if text.len() == 2 {
            for (slot, byte) in letters.iter_mut().zip(text.bytes()) {
                *slot = byte.to_ascii_uppercase();
            }
        }
        let upper = std::str::from_utf8(&letters).unwrap_or_default();
        upper.parse().map(Self).map_err(|_| PhoneError::UnknownRegion(letters))
    }
}

impl TryFrom<String> for Region {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Self, PhoneError> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.0.as_ref().to_owned()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Region {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Region".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Two letters of ISO 3166-1, like US",
            "pattern": "^[A-Za-z]{2}$"
        })
    }
}

impl PhoneNumber {
    /// Reads a number as people and CRMs write it. Canonical E.164 (`+12025550123`) takes a fast path
    /// that no parser can alter; anything else starting with `+` must come out with exactly the digits
    /// that went in; a national spelling is read in `region`, and refused where the parser's answer
    /// is not a valid number that the digits spell. An extension (`ext. 12`) is an error here: a text
    /// cannot be sent to one.
    pub fn parse(text: &str, region: Option<Region>) -> Result<Self, PhoneError> {
        if let Some(canonical) = Self::canonical(text) {
            return canonical;
        }
        spelling::parse(text, region)
    }

    /// Whether the number is assigned in its country's numbering plan, by libphonenumber's metadata. A number of North America with
    /// an area code that is newer than they are counts as assigned.
    /// Slow (a regular expression): for configuration and forms, not for every message.
    pub fn is_valid(self) -> bool {
        spelling::is_valid(self)
    }

    /// The country that the number belongs to, as far as its digits tell; `None` for numbers of no country
    /// (+800, satellites), and for those that cannot exist. Slow, like [`PhoneNumber::is_valid`].
    pub fn country(self) -> Option<Region> {
        spelling::country_of(self)
    }

    /// What kind of line the number is of, by libphonenumber's metadata. Slow, like [`PhoneNumber::is_valid`].
    pub fn kind(self) -> NumberKind {
        spelling::kind_of(self)
    }

    /// The country's calling code: 1 for North America, 44 for the United Kingdom.
    pub fn calling_code(self) -> u16 {
        let mut digits = [0; 15];
        calling_code::at_start(self.write_digits(&mut digits)).unwrap_or(0)
    }

    /// All digits as a number, calling code first.
    pub fn digits(self) -> u64 {
        self.0.get()
    }

    /// The number with all but its last four digits hidden, for people who may not see it: `•••0123`.
    pub fn masked(self) -> String {
        format!("•••{:04}", self.0.get() % 10_000)
    }

    /// `Some` when the text has the canonical shape, whether or not it is then accepted.
    fn canonical(text: &str) -> Option<Result<Self, PhoneError>> {
        let digits = text.as_bytes().strip_prefix(b"+")?;
        if !(1..=18).contains(&digits.len()) {
            return None;
        }
        let mut value = 0_u64;
        for byte in digits {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            value = value * 10 + u64::from(digit);
        }
        Some(Self::of_digits(digits, value))
    }

    /// Checks what can be checked without a numbering plan: the length, that the calling code is
    /// assigned, and that no national prefix hides behind it.
    fn of_digits(digits: &[u8], value: u64) -> Result<Self, PhoneError> {
        if !(7..=15).contains(&digits.len()) {
            return Err(PhoneError::Length { digits: digits.len() });
        }
        let code = calling_code::at_start(digits).ok_or(PhoneError::UnknownCallingCode)?;
        let national = digits.get(calling_code::len(code)..).unwrap_or_default();
        if code == 1 && (national.len() != 10 || !(b'2'..=b'9').contains(&national[0])) {
            return Err(PhoneError::Ambiguous);
        }
        if national.first() == Some(&b'0') && !calling_code::keeps_leading_zero(code) {
            return Err(PhoneError::Ambiguous);
        }
        NonZeroU64::new(value).map(Self).ok_or(PhoneError::NotANumber)
    }

    fn write_digits(self, buffer: &mut [u8; 15]) -> &[u8] {
        let mut rest = self.0.get();
        let mut start = buffer.len();
        while rest > 0 && start > 0 {
            start -= 1;
            buffer[start] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        &buffer[start..]
    }
}

impl TryFrom<u64> for PhoneNumber {
    type Error = PhoneError;

    /// The number whose digits, calling code first, are those of `value`.
    fn try_from(value: u64) -> Result<Self, PhoneError> {
        let mut digits = [0; 15];
        if value >= 1_000_000_000_000_000 {
            return Err(PhoneError::Length { digits: value.to_string().len() });
        }
        let number = NonZeroU64::new(value).map(Self).ok_or(PhoneError::NotANumber)?;
        Self::of_digits(number.write_digits(&mut digits), value)
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneError;

    /// Reads a number that starts with `+`; see [`PhoneNumber::parse`].
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text, None)
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'+'; 16];
        let mut digits = [0; 15];
        let digits = self.write_digits(&mut digits);
        text[1..=digits.len()].copy_from_slice(digits);
        f.pad(std::str::from_utf8(&text[..=digits.len()]).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber(…{:04})", self.0.get() % 10_000)
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_u64(self.digits())
        }
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = PhoneNumber;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a phone number in E.164 form, like +12025550123")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<PhoneNumber, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, digits: u64) -> Result<PhoneNumber, E> {
                PhoneNumber::try_from(digits).map_err(E::custom)
            }
        }
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Visitor)
        } else {
            deserializer.deserialize_u64(Visitor)
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for PhoneNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PhoneNumber".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A phone number in E.164 form",
            "pattern": "^\\+[1-9][0-9]{6,14}$"
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_canonical_number_keeps_every_digit() {
        // The toll-free numbers of BY, KZ, LT and RU, that the parser behind us would shorten.
        for text in
            ["+12025550123", "+78001234567", "+77001234567", "+3758001234567", "+37080012345"]
        {
            assert_eq!(text.parse::<PhoneNumber>().unwrap().to_string(), text);
        }
        assert_eq!(size_of::<Option<PhoneNumber>>(), 8);
    }

    #[test]
    fn spellings_of_one_number_are_equal() {
        let number: PhoneNumber = "+12025550123".parse().unwrap();
        for text in
            ["+1 (202) 555-0123", "+1-202-555-0123", " +1.202.555.0123 ", "tel:+1-202-555-0123"]
        {
            assert_eq!(PhoneNumber::parse(text, None), Ok(number), "{text}");
        }
        for text in ["(202) 555-0123", "2025550123", "1 202 555 0123", "011 1 202 555 0123"] {
            assert_eq!(PhoneNumber::parse(text, Some(Region::US)), Ok(number), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_number_says_why() {
        let table = [
            ("", PhoneError::NotANumber),
            ("+", PhoneError::NotANumber),
            ("+1202555012", PhoneError::Ambiguous),
            ("+1202555O123", PhoneError::NotADigit { found: 'O' }),
            ("+123456", PhoneError::Length { digits: 6 }),
            ("+1234567890123456", PhoneError::Length { digits: 16 }),
            ("+9991234567", PhoneError::UnknownCallingCode),
            ("2025550123", PhoneError::RegionNeeded),
            ("+44 (0)20 7946 0958", PhoneError::Ambiguous),
            ("+4402079460958", PhoneError::Ambiguous),
            ("1-800-FLOWERS", PhoneError::NotADigit { found: 'F' }),
        ];
        for (text, error) in table {
            assert_eq!(PhoneNumber::parse(text, None), Err(error), "{text}");
        }
        assert!(matches!("XX".parse::<Region>(), Err(PhoneError::UnknownRegion(_))));
    }

    #[test]
    fn a_number_has_the_country_that_its_digits_say() {
        let table = [
            ("+12025550123", Some("US")),
            ("+14165550123", Some("CA")),
            ("+442079460123", Some("GB")),
            ("+18005550123", Some("US")),
            ("+80012345678", None),
        ];
        for (number, country) in table {
            let number: PhoneNumber = number.parse().unwrap();
            assert_eq!(number.country(), country.map(|code| code.parse().unwrap()), "{number}");
        }
    }

    #[test]
    fn a_number_never_shows_itself_whole_in_debug_output() {
        let number: PhoneNumber = "+12025550123".parse().unwrap();
        assert_eq!(format!("{number:?}"), "PhoneNumber(…0123)");
        assert_eq!(number.masked(), "•••0123");
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_never_changes_digits(text in "\\+?[0-9 ().\\-]{0,20}") {
            if let Ok(number) = PhoneNumber::parse(&text, None) {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(number.to_string(), format!("+{digits}"));
                prop_assert_eq!(number.to_string().parse::<PhoneNumber>(), Ok(number));
            }
        }

        #[test]
        fn any_text_is_refused_or_read(text in "\\PC{0,40}") {
            let _ = PhoneNumber::parse(&text, Some(Region::US));
        }
    }
}
