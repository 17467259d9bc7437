//! The bytes of a TZif file (RFC 9636) become the changes of a zone's offset.

use tz::timezone::{LocalTimeType, TimeZone, TimeZoneRef, TransitionRule};

use super::Table;

/// Bytes of the longest file that is read; the longest of the database has 4 KiB.
const MAX_BYTES: usize = 64 * 1024;
pub(super) const YEAR: i64 = 31_556_952;
const DAY: i64 = 86_400;
/// The rule at the end of a file is followed to the year 2100; the last offset holds after it.
const LAST: i64 = 131 * YEAR;
/// `chrono` knows no larger offset.
const MAX_OFFSET: i32 = 86_399;

/// Why bytes are no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TzifError {
    /// They do not begin as a TZif file does.
    #[error("it does not begin with `TZif`")]
    NoTzif,
    /// There are too many.
    #[error("it has {found} bytes, at most {MAX_BYTES} are allowed")]
    Length {
        /// How many.
        found: usize,
    },
    /// It counts leap seconds, as the files of the folder `right` do.
    #[error("it counts leap seconds: allowed are files that do not")]
    LeapSeconds,
    /// An offset of a day or more.
    #[error("it has an offset of {found} seconds, at most {MAX_OFFSET} are allowed")]
    Offset {
        /// In seconds east of Greenwich.
        found: i32,
    },
    /// The reader of such files refuses them.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}

impl Table {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, TzifError> {
        Self::of(parse(bytes)?.as_ref())
    }

    fn of(zone: TimeZoneRef<'_>) -> Result<Self, TzifError> {
        let kinds = zone.local_time_types();
        let first = kinds.first().map_or(0, LocalTimeType::ut_offset);
        let mut table = Self { starts: vec![i64::MIN], offsets: vec![allowed(first)?] };
        let mut last = -70 * YEAR;
        for change in zone.transitions() {
            let kind = kinds.get(change.local_time_type_index());
            last = change.unix_leap_time();
            table.add(last, allowed(kind.map_or(0, LocalTimeType::ut_offset))?);
        }
        match zone.extra_rule() {
            None => {}
            Some(TransitionRule::Fixed(kind)) => {
                table.add(last.saturating_add(1), allowed(kind.ut_offset())?);
            }
            Some(TransitionRule::Alternate(rule)) => {
                allowed(rule.std().ut_offset())?;
                allowed(rule.dst().ut_offset())?;
                table.follow(zone, last);
            }
        }
        Ok(table)
    }

    fn add(&mut self, start: i64, offset: i32) {
        if self.offsets.last() != Some(&offset) {
            self.starts.push(start);
            self.offsets.push(offset);
        }
    }

    /// Follows the rule from the last change that is listed: no rule of the database changes the clock twice in a day.
    fn follow(&mut self, zone: TimeZoneRef<'_>, from: i64) {
        let offset = |second| zone.find_local_time_type(second).ok().map(LocalTimeType::ut_offset);
        let mut at = from;
        while at < LAST {
            let (before, last) = (at, self.offsets.last().copied());
            at += DAY;
            let (mut same, mut other) = (before, at);
            let Some(now) = offset(at).filter(|now| Some(*now) != last) else { continue };
            // The first second that has it.
            while other - same > 1 {
                let middle = i64::midpoint(same, other);
                if offset(middle) == last { same = middle } else { other = middle }
            }
            self.add(other, now);
        }
    }
}

/// Whether the bytes are a time zone, without its table.
pub(super) fn parse(bytes: &[u8]) -> Result<TimeZone, TzifError> {
    if !bytes.starts_with(b"TZif") {
        return Err(TzifError::NoTzif);
    }
    if bytes.len() > MAX_BYTES {
        return Err(TzifError::Length { found: bytes.len() });
    }
    let zone =
        TimeZone::from_tz_data(bytes).map_err(|error| TzifError::Unreadable(error.to_string()))?;
    if zone.as_ref().leap_seconds().is_empty() { Ok(zone) } else { Err(TzifError::LeapSeconds) }
}

fn allowed(offset: i32) -> Result<i32, TzifError> {
    if (-MAX_OFFSET..=MAX_OFFSET).contains(&offset) {
        Ok(offset)
    } else {
        Err(TzifError::Offset { found: offset })
    }
}
