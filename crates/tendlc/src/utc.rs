//! Instants for people.

use std::fmt;

use frontdesk_types::Instant;

/// An instant with its second: `2026-11-27 15:00:00 UTC`.
pub(crate) fn utc(at: Instant) -> impl fmt::Display {
    at.format("%Y-%m-%d %H:%M:%S UTC")
}
