#![doc = include_str!("../README.md")]

mod carrier;
mod consent;
mod facts;
mod gate;
mod lint;
mod place;
mod quiet_hours;
mod registration;

pub use carrier::Carrier;
pub use consent::{Act, Consent, Entry, Standing};
pub use facts::{
    AttClass, Basis, Confidence, Counts, Edition, FactProblem, Facts, FactsError, MessageCap,
    OpenHours, Revocation, RevocationScope, TMobileTier,
};
pub use gate::{Reason, Verdict, gate};
pub use lint::{Finding, Rule, Severity, lint, rules};
pub use place::{Address, Place, State, StateError, StateSet};
pub use quiet_hours::Quiet;
pub use registration::{
    Brand, BrandRelationship, Campaign, EntityType, IdentityStatus, Policies, Registration,
    UseCase, Vertical,
};
