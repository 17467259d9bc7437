#![doc = include_str!("../README.md")]

mod capacity;
mod error;
mod menus;
mod numbers;
mod reasons;
mod router;
mod rules;
mod shares;
#[cfg(feature = "simulation")]
pub mod simulation;
mod staff;
mod tree;
mod wait;

pub use capacity::{
    Band, CapacityDesk, CapacityError, CapacityEvent, CapacityInput, CapacityOffer, CapacityRules,
    NotOffered, WaitingConsumer, circles,
};
pub use error::Refused;
pub use menus::{MenuError, Menus, Variant};
pub use reasons::Reasons;
pub use router::{Input, Kind, Offer, Place, Position, Router, RouterEvent, SetBy, Step, Wait};
pub use rules::{Assignment, Deltacast, Groups, QueueRules, RulesError, Sticky, TimeOf, WrapUp};
pub use staff::{AgentRules, LAST_PRIORITY, Member, Staff, StaffRules};
pub use tree::{Tree, TreeError, TreeNode};
pub use wait::{LONGEST_WAIT, UnknownWait, WaitHistory, WaitTime};
