//! The engine over its traits: what users of such a product would be hurt by, tried one by one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod after_hours;
mod calls;
mod chats;
mod checks;
mod compliance;
mod configuration;
mod consent;
mod contacts;
mod conversations;
mod delivery;
mod desk;
mod hanging;
mod held;
mod hours;
mod identity;
mod imports;
mod ledger;
mod machines;
mod media;
mod menus;
mod outages;
mod outbound;
mod outbox;
mod over_capacity;
mod promises;
mod proofs;
mod registrations;
mod remarks;
mod replay;
mod revocations;
mod routing;
mod scheduled_calls;
mod scrubs;
mod seal;
mod shaky;
mod simulation;
mod stage;
mod timers;
mod virtual_agents;
mod withdrawn;
mod witnesses;
mod world;
