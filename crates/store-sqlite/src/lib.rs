#![doc = include_str!("../README.md")]

mod claims;
mod codec;
mod commits;
mod contacts;
mod database;
mod histories;
mod lanes;
mod ledger;
mod lock;
mod migrate;
mod open;
#[cfg(test)]
mod plans;
mod reads;
mod recent;
mod room;
mod seals;
mod store;
mod work_columns;

pub use contacts::ContactBook;
pub use migrate::Progress;
pub use open::OpenError;
pub use store::SqliteStore;
