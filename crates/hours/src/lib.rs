#![doc = include_str!("../README.md")]

mod range;
mod week;
mod words;

pub use range::{HoursError, TimeRange, days};
pub use week::{Status, Week};
