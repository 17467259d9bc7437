#![doc = include_str!("../README.md")]

mod range;
mod transfer;
mod week;
mod words;

pub use range::{HoursError, TimeRange, days};
pub use transfer::{Medium, QueueHours, TransferQueue, VirtualHours};
pub use week::{Status, Week};
