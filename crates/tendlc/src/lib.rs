#![doc = include_str!("../README.md")]

mod consent;
mod gate;
mod lint;
mod registration;

pub use consent::{Act, Consent, Entry, Standing};
pub use gate::{Reason, Verdict, gate};
pub use lint::{Finding, Rule, Severity, lint, rules};
pub use registration::{
    Brand, BrandRelationship, Campaign, EntityType, IdentityStatus, Policies, Registration,
    UseCase, Vertical,
};
