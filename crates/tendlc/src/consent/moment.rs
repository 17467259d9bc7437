//! Moments for people: in UTC, and on the clock of the consumer or of the center.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use frontdesk_types::{Instant, Zone, Zones};
use serde::Serialize;

use crate::utc::utc;

/// The moment at which a consumer did something: an instant, or a date where no time of the day is known.
///
/// The ledger stores a date as the first instant of that day in UTC. So an instant of exactly midnight UTC is told as a date.
///
/// ```
/// use frontdesk_tendlc::GivenMoment;
///
/// let date = GivenMoment::of("2026-03-01T00:00:00Z".parse()?);
/// assert_eq!(date, GivenMoment::Day("2026-03-01".parse()?));
/// let instant = GivenMoment::of("2026-03-01T10:00:00Z".parse()?);
/// assert_eq!(serde_json::to_string(&[date, instant])?, r#"["2026-03-01","2026-03-01T10:00:00Z"]"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum GivenMoment {
    /// A date without a time.
    Day(NaiveDate),
    /// An instant.
    Instant(Instant),
}

impl GivenMoment {
    /// The moment that the ledger stores as an instant.
    pub fn of(at: Instant) -> Self {
        if at.time() == NaiveTime::MIN { Self::Day(at.date_naive()) } else { Self::Instant(at) }
    }
}

/// The clocks on which a document tells its moments, beside UTC.
#[derive(Debug, Clone)]
pub struct LocalTimes {
    /// The time zone data.
    pub zones: Zones,
    /// The center's zone, for entries that know no zone of the consumer.
    pub center: Option<Zone>,
}

/// UTC alone.
impl Default for LocalTimes {
    fn default() -> Self {
        Self { zones: Zones::bundled().clone(), center: None }
    }
}

impl LocalTimes {
    /// The moment in lines: `2026-11-27 15:00:00 UTC`, and `2026-11-27 10:00:00 America/New_York` where a zone is known. `own` is
    /// the consumer's zone; without one the center's counts. A date has no second line.
    pub(super) fn lines(&self, moment: GivenMoment, own: Option<Tz>) -> Vec<String> {
        let at = match moment {
            GivenMoment::Day(day) => return vec![day.to_string()],
            GivenMoment::Instant(at) => at,
        };
        let own = own.and_then(|zone| self.zones.named(zone.name()).ok());
        let zone = own.as_ref().or(self.center.as_ref()).filter(|zone| zone.name() != "UTC");
        let local = |zone: &Zone| {
            let local = zone.local(at).format("%Y-%m-%d %H:%M:%S");
            format!("{local} {}", zone.name())
        };
        std::iter::once(utc(at).to_string()).chain(zone.map(local)).collect()
    }

    /// The moment in one line: `2026-11-27 15:00:00 UTC (2026-11-27 10:00:00 America/New_York)`.
    pub(super) fn line(&self, moment: GivenMoment, own: Option<Tz>) -> String {
        let mut lines = self.lines(moment, own).into_iter();
        let first = lines.next().unwrap_or_default();
        lines.fold(first, |line, local| format!("{line} ({local})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dlc_3_a_moment_is_told_on_the_consumers_clock_or_the_centers() {
        let center = Zones::bundled().named("America/New_York").ok();
        let times = LocalTimes { center, ..LocalTimes::default() };
        let at = GivenMoment::of("2026-11-22T03:30:00Z".parse().unwrap());
        assert_eq!(
            times.line(at, None),
            "2026-11-22 03:30:00 UTC (2026-11-21 22:30:00 America/New_York)"
        );
        let own = Some(chrono_tz::America::Los_Angeles);
        assert_eq!(
            times.lines(at, own),
            ["2026-11-22 03:30:00 UTC", "2026-11-21 19:30:00 America/Los_Angeles"]
        );
        assert_eq!(LocalTimes::default().line(at, None), "2026-11-22 03:30:00 UTC");
        let day = GivenMoment::of("2026-03-01T00:00:00Z".parse().unwrap());
        assert_eq!(times.line(day, own), "2026-03-01", "a date is the same on every clock");
    }
}
