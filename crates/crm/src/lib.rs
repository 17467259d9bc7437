#![doc = include_str!("../README.md")]

mod contact;
mod host;
mod memory;
mod post;
mod transcript;

pub use contact::{Contact, Match, match_contacts, numbers_match};
#[cfg(feature = "mock")]
pub use host::MockCrm;
pub use host::{Crm, CrmError};
pub use memory::ContactBook;
pub use post::{Post, PostKind};
pub use transcript::{Line, Sender, text};
