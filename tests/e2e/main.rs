//! frontdesk from end to end: the real program, over HTTP, on a real database.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod access;
mod bad_input;
mod calls;
mod commands;
mod connections;
mod consent;
mod content;
mod document;
mod documents;
mod gate;
mod hours;
mod keys;
mod ledger;
mod main_job;
mod media;
mod operating;
mod outbound;
mod purity;
mod refusals;
mod registration;
mod restart;
mod revocation;
mod routing;
mod scrubs;
mod secrets;
mod segments;
mod sending;
mod simulate;
mod statuses;
mod witnesses;
