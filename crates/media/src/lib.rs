#![doc = include_str!("../README.md")]

mod address;
mod http;
mod objects;

pub use address::is_public;
pub use http::{HttpMedia, Provider, SourceError};
pub use objects::ObjectMedia;
