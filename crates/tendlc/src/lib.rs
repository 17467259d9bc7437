#![doc = include_str!("../README.md")]

mod consent;
mod gate;

pub use consent::{Act, Consent, Entry, Standing};
pub use gate::{Reason, Verdict, gate};
