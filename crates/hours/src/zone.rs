use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::HoursError;

/// A time zone, with every change of its offset at hand: what o'clock it is takes one search in a short list, and
/// so does when the clock jumps next. Zones are made once in a process, in a few milliseconds, and shared.
#[derive(Clone)]
pub struct Zone(Arc<Table>);

struct Table {
    zone: Tz,
    /// From which second since the epoch on each offset holds; the first from ever.
    starts: Vec<i64>,
    /// In seconds east of Greenwich.
    offsets: Vec<i32>,
}

/// Between these years the changes are looked for; before and after, the first and the last offset hold, which
/// is what the database of `chrono-tz` says too.
const YEARS: (i64, i64) = (-70 * YEAR, 131 * YEAR);
const YEAR: i64 = 31_556_952;
/// No zone has changed its offset twice within so many seconds.
const STEP: i64 = 12 * 3_600;

static ZONES: RwLock<BTreeMap<&'static str, Zone>> = RwLock::new(BTreeMap::new());

impl Zone {
    /// The zone of the IANA database.
    pub fn of(zone: Tz) -> Self {
        let known = ZONES.read().unwrap_or_else(PoisonError::into_inner).get(zone.name()).cloned();
        known.unwrap_or_else(|| {
            let made = Self(Arc::new(Table::of(zone)));
            let mut zones = ZONES.write().unwrap_or_else(PoisonError::into_inner);
            zones.entry(zone.name()).or_insert(made).clone()
        })
    }

    /// The zone of this name in the IANA database.
    pub fn named(name: &str) -> Result<Self, HoursError> {
        let zone = name.parse().map_err(|_| HoursError::Zone {
            found: name.chars().take(60).collect(),
            nearest: nearest(name),
        });
        zone.map(Self::of)
    }

    /// The zone, as `chrono-tz` has it.
    pub fn tz(&self) -> Tz {
        self.0.zone
    }

    /// The offset at a second since the epoch, in seconds east of Greenwich, and the second from which on it is
    /// another.
    pub(crate) fn offset(&self, second: i64) -> (i64, i64) {
        let Table { starts, offsets, .. } = &*self.0;
        let after = starts.partition_point(|start| *start <= second);
        let offset = after.checked_sub(1).and_then(|i| offsets.get(i)).copied().unwrap_or(0);
        (offset.into(), starts.get(after).copied().unwrap_or(i64::MAX))
    }
}

impl Table {
    fn of(zone: Tz) -> Self {
        let offset = |second: i64| {
            let at = DateTime::from_timestamp(second, 0).unwrap_or_default();
            zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
        };
        let (mut at, end) = YEARS;
        let mut found = Self { zone, starts: vec![i64::MIN], offsets: vec![offset(at)] };
        while at < end {
            let (from, last) = (at, found.offsets.last().copied().unwrap_or(0));
            at += STEP;
            let now = offset(at);
            if now != last {
                // The first second that has it.
                let (mut same, mut other) = (from, at);
                while other - same > 1 {
                    let middle = i64::midpoint(same, other);
                    if offset(middle) == last { same = middle } else { other = middle }
                }
                found.starts.push(other);
                found.offsets.push(now);
            }
        }
        found
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.0.zone == other.0.zone
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.0.zone.name()).finish()
    }
}

/// The zone whose name differs least, for "did you mean".
fn nearest(name: &str) -> Option<String> {
    let wanted = name.to_ascii_lowercase().replace(' ', "_");
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let distance = |zone: &Tz| {
        let zone = zone.name().to_ascii_lowercase();
        edit_distance(&wanted, &zone).min(edit_distance(&last(&wanted), &last(&zone)) + 1)
    };
    let nearest = chrono_tz::TZ_VARIANTS.iter().min_by_key(|zone| distance(zone))?;
    (distance(nearest) <= 4).then(|| nearest.name().to_owned())
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use chrono_tz::TZ_VARIANTS;

    use super::*;

    /// Against `chrono-tz` itself: an hour before and after every change, and at odd hours between.
    #[test]
    fn offsets_are_those_of_the_database() {
        for tz in TZ_VARIANTS.iter().step_by(7) {
            let zone = Zone::of(*tz);
            let said = |second: i64| {
                let at = DateTime::from_timestamp(second, 0).unwrap();
                i64::from(tz.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
            };
            let changes = zone.0.starts.iter().skip(1).copied();
            let around = changes.flat_map(|start| [start - 3_600, start - 1, start, start + 3_600]);
            let between = (YEARS.0..YEARS.1).step_by(7_654_321);
            for second in around.chain(between) {
                assert_eq!(zone.offset(second).0, said(second), "{tz} at {second}");
            }
        }
    }

    #[test]
    fn the_next_jump_is_known() {
        let zone = Zone::named("America/New_York").unwrap();
        let second = |text: &str| text.parse::<DateTime<chrono::Utc>>().unwrap().timestamp();
        let (offset, until) = zone.offset(second("2026-07-01T00:00:00Z"));
        assert_eq!((offset, until), (-4 * 3_600, second("2026-11-01T06:00:00Z")));
        assert_eq!(zone.offset(until).0, -5 * 3_600);
    }
}
