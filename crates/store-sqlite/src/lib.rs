#![doc = include_str!("../README.md")]

mod claims;
mod codec;
mod commits;
mod contacts;
mod database;
mod ledger;
mod lock;
mod open;
mod reads;
mod recent;
mod room;
mod store;

pub use contacts::ContactBook;
pub use open::OpenError;
pub use store::SqliteStore;
