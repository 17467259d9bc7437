use chrono::{DateTime, SubsecRound, Utc};

/// A point in time, in UTC, as every input of frontdesk carries one. Domain code never reads a clock.
pub type Instant = DateTime<Utc>;

/// Drops what is finer than a millisecond, the resolution in which frontdesk keeps time. Instants that
/// went through a store compare equal to those that did not.
pub fn whole_millis(at: Instant) -> Instant {
    if at.timestamp_subsec_nanos().is_multiple_of(1_000_000) { at } else { at.trunc_subsecs(3) }
}

/// Milliseconds since the Unix epoch.
pub fn to_millis(at: Instant) -> i64 {
    at.timestamp_millis()
}

/// The instant so many milliseconds after the Unix epoch; the epoch itself for a value that no calendar
/// can hold (±262,000 years).
pub fn from_millis(millis: i64) -> Instant {
    DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::UNIX_EPOCH)
}
