//! What the router decides, written as what happens on the floor of a contact center.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod assignment;
mod complaints;
mod configurations;
mod floor;
mod groups;
mod growth;
mod laws;
mod model;
mod places;
mod second_model;
mod statuses;
mod waits;
