//! Numbers as the estimates compute with them.

/// How many. Sessions, agents and steps are far fewer than what is exact.
#[expect(clippy::cast_precision_loss, reason = "exact to 2^53")]
pub(crate) fn count(of: usize) -> f64 {
    of as f64
}

/// Milliseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
pub(crate) fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}
