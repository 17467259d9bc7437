//! National language shift tables (3GPP TS 23.038 §6.2.1.2 and annex A).

use super::{
    Count, Encoding,
    boundary::Parts,
    saturate,
    tables::{LOCKING, SINGLE},
};

/// A language with tables of its own, by the standard's identifier (table 6.2.1.2.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum NationalLanguage {
    /// Locking and single shift.
    Turkish = 1,
    /// Single shift only.
    Spanish = 2,
    /// Locking and single shift.
    Portuguese = 3,
    /// Bengali and Assamese.
    Bengali = 4,
    /// Locking and single shift.
    Gujarati = 5,
    /// Locking and single shift.
    Hindi = 6,
    /// Locking and single shift.
    Kannada = 7,
    /// Locking and single shift.
    Malayalam = 8,
    /// Locking and single shift.
    Oriya = 9,
    /// Locking and single shift.
    Punjabi = 10,
    /// Locking and single shift.
    Tamil = 11,
    /// Locking and single shift.
    Telugu = 12,
    /// Locking and single shift.
    Urdu = 13,
}

impl NationalLanguage {
    /// Every language.
    pub const ALL: [Self; 13] = [
        Self::Turkish,
        Self::Spanish,
        Self::Portuguese,
        Self::Bengali,
        Self::Gujarati,
        Self::Hindi,
        Self::Kannada,
        Self::Malayalam,
        Self::Oriya,
        Self::Punjabi,
        Self::Tamil,
        Self::Telugu,
        Self::Urdu,
    ];

    /// Its BCP 47 code: `tr`, `es` …
    pub fn code(self) -> &'static str {
        match self {
            Self::Turkish => "tr",
            Self::Spanish => "es",
            Self::Portuguese => "pt",
            Self::Bengali => "bn",
            Self::Gujarati => "gu",
            Self::Hindi => "hi",
            Self::Kannada => "kn",
            Self::Malayalam => "ml",
            Self::Oriya => "or",
            Self::Punjabi => "pa",
            Self::Tamil => "ta",
            Self::Telugu => "te",
            Self::Urdu => "ur",
        }
    }
}

/// A set of languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Languages(u16);

impl Languages {
    /// Adds a language.
    pub fn add(&mut self, language: NationalLanguage) {
        self.0 |= 1 << language as u8;
    }

    fn choices(self) -> impl Iterator<Item = Option<NationalLanguage>> {
        let known = NationalLanguage::ALL.into_iter().map(Some);
        std::iter::once(None).chain(
            known.filter(move |language| language.is_none_or(|l| self.0 & (1 << l as u8) != 0)),
        )
    }

    /// The cheapest pair of tables that spell the text: fewest segments, then fewest septets, then
    /// fewest tables. `None` if no pair does.
    pub(super) fn best(self, text: &str) -> Option<Count> {
        if self.0 == 0 {
            return None;
        }
        let pairs = self
            .choices()
            .flat_map(|locking| self.choices().map(move |single| ShiftTables { locking, single }));
        pairs
            .filter_map(|tables| tables.count(text))
            .min_by_key(|count| (count.segments, count.units, count.tables.information_elements()))
    }
}

/// The national tables of a text; without any, the default alphabet and its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ShiftTables {
    /// Replaces the default alphabet for the whole text (annex A.3).
    pub locking: Option<NationalLanguage>,
    /// Replaces the extension table (annex A.2).
    pub single: Option<NationalLanguage>,
}

impl ShiftTables {
    pub(super) fn is_default(self) -> bool {
        self == Self::default()
    }

    fn information_elements(self) -> u32 {
        u32::from(self.locking.is_some()) + u32::from(self.single.is_some())
    }

    /// The septets of text that fit one segment. A header is its length octet, three octets per shift
    /// table and five for concatenation (TS 23.040 §9.2.3.24), filled up to whole septets.
    pub(super) fn capacity(self, concatenated: bool) -> u32 {
        let elements = 3 * self.information_elements() + if concatenated { 5 } else { 0 };
        let header = if elements == 0 { 0 } else { elements + 1 };
        160 - (header * 8).div_ceil(7)
    }

    pub(super) fn septets(self, character: char) -> Option<u32> {
        let point = u16::try_from(character).ok()?;
        let holds = |tables: &[&[u16]; 14], language: Option<NationalLanguage>| {
            let table = tables.get(language.map_or(0, |language| language as usize));
            table.is_some_and(|table| table.binary_search(&point).is_ok())
        };
        if holds(&LOCKING, self.locking) {
            Some(1)
        } else if holds(&SINGLE, self.single) {
            Some(2)
        } else {
            None
        }
    }

    fn count(self, text: &str) -> Option<Count> {
        let mut units = 0_u32;
        for character in text.chars() {
            units = units.saturating_add(self.septets(character)?);
        }
        let segments = if units <= self.capacity(false) {
            1
        } else {
            saturate(Parts::of_septets(text, self, self.capacity(true)).count())
        };
        Some(Count { encoding: Encoding::Gsm7, segments, units, tables: self })
    }
}
