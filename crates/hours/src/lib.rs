#![doc = include_str!("../README.md")]

mod closures;
mod day;
mod holiday;
mod range;
mod schedule;
mod transfer;
mod week;
mod words;
mod zone;

pub use day::Day;
pub use holiday::{Holiday, HolidayDates, MonthDay, Occurrence};
pub use range::{HoursError, TimeRange, days};
pub use schedule::{Opening, Schedule, Status};
pub use transfer::{Medium, QueueHours, TransferQueue, VirtualHours};
pub use zone::Zone;
