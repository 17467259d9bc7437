#![doc = include_str!("../README.md")]

mod automatic;
mod beside;
mod call;
mod commands;
mod config;
mod host;
mod input;
mod media;
mod messages;
mod normal;
mod own_time;
mod revocation;
mod rule_bot;
pub mod segments;
pub mod services;
mod session;
mod stored;
mod urgency;
mod view;

pub use automatic::{Automatic, find_automatic};
pub use call::{
    Answer, App, Asked, Call, CallArrival, CallConfig, CallInput, CallOpening, CallQueue, CallSlot,
    CallStatus, CallView, Capacity, CapacityOffer, Deflection, DeflectionRule, Question,
    TextConsent, WaitTime, WaitingCaller,
};
pub use commands::{Commands, Keyword};
pub use config::{Config, Node, SessionWords, Timers, TransferRules};
#[cfg(feature = "mock")]
pub use host::MockVirtualAgent;
pub use host::{Speaker, VirtualAgent, VirtualAgentError, VirtualTurn};
pub use input::{
    AfterReply, Input, NotDismissible, Opening, Outreach, Refusal, Step, Text, VirtualMessage,
    VirtualReply,
};
pub use media::{MAX_MEDIA, MAX_MEDIA_BYTES, media_kind};
pub use messages::{MessageKind, Messages, Origin, longest, minutes};
pub use normal::{MAX_LEN as MAX_WORD_LEN, normalise};
#[cfg(feature = "training")]
pub use revocation::training;
pub use revocation::{Languages, LanguagesError, Level, Revocation, find_revocation};
pub use rule_bot::{BotRule, RuleBot, RuleBotIn};
pub use session::{MAX_TEXT, Session, Status, check_body, option_number};
pub use stored::StoredFormError;
pub use urgency::Urgency;
pub use view::{Arrival, Hours, QuietView, View};
