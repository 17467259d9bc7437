#![doc = include_str!("../README.md")]

mod closures;
mod custom;
mod day;
mod deflection;
mod holiday;
mod range;
mod schedule;
mod slots;
mod special;
mod touched;
mod transfer;
mod week;
mod words;

pub use custom::{Audience, CustomHours, OpeningHours, Tie, Visit};
pub use day::Day;
pub use deflection::{Answer, Deflection, DeflectionError, MenuHours, answer};
pub use frontdesk_types::{Zone, ZoneError, Zones};
pub use holiday::{Holiday, HolidayDates, MonthDay, Occurrence};
pub use range::{HoursError, TimeRange, days};
pub use schedule::{Opening, Schedule, Status};
pub use slots::{Slot, SlotRules};
pub use special::SpecialHours;
pub use transfer::{Medium, QueueHours, TransferQueue, VirtualHours};
