#![doc = include_str!("../README.md")]

mod commands;
mod config;
mod input;
mod messages;
mod normal;
mod revocation;
pub mod segments;
mod session;
mod stored;
mod view;

pub use commands::{Commands, Keyword};
pub use config::{Config, Node, SessionWords, Timers};
pub use input::{Input, Opening, Refusal, Step, Text};
pub use messages::{MessageKind, Messages};
pub use normal::{MAX_LEN as MAX_WORD_LEN, normalise};
pub use revocation::{Level, Revocation, find_revocation};
pub use session::{Session, Status};
pub use stored::StoredFormError;
pub use view::{Hours, QuietView, View};
