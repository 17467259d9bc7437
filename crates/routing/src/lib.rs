#![doc = include_str!("../README.md")]

mod error;
mod router;
mod staff;
mod tree;

pub use error::{AcceptError, UnknownAgent};
pub use router::{Offer, Place, Position, Router, RouterEvent};
pub use staff::Staff;
pub use tree::{Tree, TreeError, TreeNode};
