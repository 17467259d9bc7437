//! How a carrier bills a text: its encoding, and the segments that it is split into (SMS-36).

mod alphabet;
mod boundary;
mod national;
mod smart;
mod tables;

use std::fmt;

pub use national::{NationalLanguage, ShiftTables};
pub use smart::smart_encode;

/// How the characters of a text are spelled on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Septets of the GSM 7 bit default alphabet and its extension (3GPP TS 23.038 §6.2.1), or of national
    /// tables (annex A).
    Gsm7,
    /// UTF-16, although the standard says UCS2 (§6.2.3): phones and carriers take surrogate pairs.
    Ucs2,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        })
    }
}

/// Where a UCS-2 text may be split. GSM-7 has no difference: only CR LF is longer than a character there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SplitAt {
    /// Between code points: a surrogate pair stays whole, an emoji of several code points may not.
    CodePoints,
    /// Between grapheme clusters (Unicode UAX #29), so that a phone that shows parts one by one shows no
    /// halves. CR LF counts as two. A cluster longer than a part is split between code points.
    #[default]
    Graphemes,
}

/// What a text costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Count {
    /// The encoding of all of its segments.
    pub encoding: Encoding,
    /// How many segments; 1 for an empty text, which is a message too (TP-UDL 0, TS 23.040 §9.2.3.16).
    pub segments: u32,
    /// Septets or UTF-16 code units of the text alone, headers not counted.
    pub units: u32,
    /// The national tables in use.
    pub tables: ShiftTables,
}

/// One segment of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part<'a> {
    /// Its characters.
    pub text: &'a str,
    /// Its septets or UTF-16 code units, the header not counted.
    pub units: u32,
}

/// Counts and splits texts the way carriers do. Counting allocates nothing.
///
/// ```
/// use frontdesk_sms::segments::{Encoding, Segmenter};
///
/// let segmenter = Segmenter::default();
/// let count = segmenter.count("Is it 5 € [or 6]?");
/// assert_eq!((count.encoding, count.segments, count.units), (Encoding::Gsm7, 1, 20)); // € [ ] count twice
/// assert_eq!(segmenter.count(&"日本".repeat(40)).segments, 2);
/// let parts: Vec<u32> = segmenter.split(&"a".repeat(161)).map(|part| part.units).collect();
/// assert_eq!(parts, [153, 8]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Segmenter {
    /// Where UCS-2 texts are split.
    pub split_at: SplitAt,
    /// The languages whose national tables may be used where they save segments. Few carriers of North
    /// America pass them on, so there are none by default.
    pub languages: national::Languages,
}

impl Segmenter {
    /// With the national tables of a language.
    pub fn with_language(mut self, language: NationalLanguage) -> Self {
        self.languages.add(language);
        self
    }

    /// With another place to split at.
    pub fn splitting_at(mut self, split_at: SplitAt) -> Self {
        self.split_at = split_at;
        self
    }

    /// What the text costs. Lengths saturate at 2³² − 1.
    #[must_use]
    pub fn count(&self, text: &str) -> Count {
        if let Some(count) = alphabet::count_default(text) {
            return count;
        }
        if let Some(count) = self.languages.best(text) {
            return count;
        }
        let units = saturate(alphabet::utf16_units(text));
        let segments = match units {
            0..=70 => 1,
            _ if self.split_at == SplitAt::CodePoints && alphabet::is_bmp(text) => {
                units.div_ceil(67)
            }
            _ => saturate(boundary::Parts::of_utf16(text, 67, self.split_at).count()),
        };
        Count { encoding: Encoding::Ucs2, segments, units, tables: ShiftTables::default() }
    }

    /// The segments of a text, in order.
    pub fn split<'a>(&self, text: &'a str) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let count = self.count(text);
        let several = count.segments > 1;
        match count.encoding {
            Encoding::Gsm7 => {
                boundary::Parts::of_septets(text, count.tables, count.tables.capacity(several))
            }
            Encoding::Ucs2 => {
                let capacity = if several { 67 } else { 70 };
                boundary::Parts::of_utf16(text, capacity, self.split_at)
            }
        }
    }
}

fn saturate(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
