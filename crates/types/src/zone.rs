//! Time zones, from the bytes of the IANA time zone database (HRS-4).

mod release;
mod tzif;
mod zones;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use chrono::{
    FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone,
};

use crate::Instant;

pub use release::{Release, ReleaseError};
pub use tzif::TzifError;
pub use zones::{MAX_ZONES, ZoneError, Zones, edit_distance};

/// A time zone, with every change of its offset at hand: the time on its clock takes one search in a short list, and so
/// does the next change. Zones are read once for a set of [`Zones`], and shared.
///
/// It is a [`TimeZone`] of `chrono`, so that `at.with_timezone(&zone)` works.
///
/// ```
/// use frontdesk_types::Zones;
///
/// let vancouver = Zones::bundled().named("America/Vancouver")?;
/// // British Columbia has kept its summer time since 2026.
/// let at: frontdesk_types::Instant = "2026-11-26T16:30:00Z".parse()?;
/// assert_eq!(at.with_timezone(&vancouver).to_rfc3339(), "2026-11-26T09:30:00-07:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Zone(Arc<Named>);

struct Named {
    name: Box<str>,
    table: Table,
}

/// The changes of a zone's offset.
#[derive(PartialEq, Eq)]
struct Table {
    /// The first second since the epoch of each offset; the first entry is the earliest second that there is.
    starts: Vec<i64>,
    /// In seconds east of Greenwich.
    offsets: Vec<i32>,
}

static UTC: LazyLock<Zone> = LazyLock::new(|| {
    let table = Table { starts: vec![i64::MIN], offsets: vec![0] };
    Zone(Arc::new(Named { name: "UTC".into(), table }))
});

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        UTC.clone()
    }

    /// Reads a zone from the bytes of a TZif file (RFC 9636).
    pub fn from_tzif(name: &str, bytes: &[u8]) -> Result<Self, TzifError> {
        let table = Table::read(bytes)?;
        Ok(Self(Arc::new(Named { name: name.into(), table })))
    }

    /// Its name in the IANA database.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The offset at a second since the epoch, in seconds east of Greenwich, and the second from which on it is
    /// another.
    pub fn offset(&self, second: i64) -> (i64, i64) {
        let Table { starts, offsets } = &self.0.table;
        let after = starts.partition_point(|start| *start <= second);
        let offset = after.checked_sub(1).and_then(|i| offsets.get(i)).copied().unwrap_or(0);
        (offset.into(), starts.get(after).copied().unwrap_or(i64::MAX))
    }

    /// The date and time on its clock.
    pub fn local(&self, at: Instant) -> NaiveDateTime {
        let utc = at.naive_utc();
        utc.checked_add_offset(self.fixed(at.timestamp())).unwrap_or(utc)
    }

    /// The instants at which its clock shows a date and time: none where a clock change skips it, two where one repeats
    /// it.
    pub fn instants(&self, local: NaiveDateTime) -> MappedLocalTime<Instant> {
        let utc = |offset| local.checked_sub_offset(offset).unwrap_or(local).and_utc();
        self.offsets_of(local).map(utc)
    }

    /// The first instant of a day. Where the clock skips midnight that is the jump; a day that it skips whole begins
    /// where the day after does.
    pub fn midnight(&self, date: NaiveDate) -> Instant {
        let start = date.and_time(NaiveTime::MIN);
        // No clock change skips more than a day.
        let quarters = (0..=100).map(|quarter| start + TimeDelta::minutes(15 * quarter));
        let mut instants = quarters.filter_map(|local| self.instants(local).earliest());
        instants.next().unwrap_or_else(|| start.and_utc())
    }

    /// Whether its clock is ever put on or back within a year from an instant: `EST` and `Etc/GMT+5` are zones without.
    pub fn changes_within_a_year(&self, at: Instant) -> bool {
        self.offset(at.timestamp()).1 < at.timestamp().saturating_add(tzif::YEAR)
    }

    fn fixed(&self, second: i64) -> FixedOffset {
        let (offset, _) = self.offset(second);
        let offset = i32::try_from(offset).ok().and_then(FixedOffset::east_opt);
        offset.unwrap_or_else(|| chrono::Utc.fix())
    }

    /// Its offsets at the instants at which its clock shows a date and time, the earliest instant first.
    fn offsets_of(&self, local: NaiveDateTime) -> MappedLocalTime<FixedOffset> {
        const LONGEST: i64 = 86_400;
        let local = local.and_utc().timestamp();
        let mut found = MappedLocalTime::None;
        let mut second = local.saturating_sub(LONGEST);
        loop {
            let (offset, until) = self.offset(second);
            let at = local.saturating_sub(offset);
            if at >= second && at < until {
                let offset = self.fixed(second);
                found = match found {
                    MappedLocalTime::None => MappedLocalTime::Single(offset),
                    MappedLocalTime::Single(first) | MappedLocalTime::Ambiguous(first, _) => {
                        MappedLocalTime::Ambiguous(first, offset)
                    }
                };
            }
            if until > local.saturating_add(LONGEST) {
                return found;
            }
            second = until;
        }
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.name == other.0.name && self.0.table == other.0.table)
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name()).finish()
    }
}

/// The offset of a [`Zone`] at an instant.
#[derive(Clone)]
pub struct ZoneOffset {
    zone: Zone,
    offset: FixedOffset,
}

impl Offset for ZoneOffset {
    fn fix(&self) -> FixedOffset {
        self.offset
    }
}

impl fmt::Debug for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.offset, f)
    }
}

impl fmt::Display for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.offset, f)
    }
}

impl TimeZone for Zone {
    type Offset = ZoneOffset;

    fn from_offset(offset: &ZoneOffset) -> Self {
        offset.zone.clone()
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<ZoneOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<ZoneOffset> {
        self.offsets_of(*local).map(|offset| ZoneOffset { zone: self.clone(), offset })
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> ZoneOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> ZoneOffset {
        let offset = self.fixed(utc.and_utc().timestamp());
        ZoneOffset { zone: self.clone(), offset }
    }
}

#[cfg(test)]
mod tests;
