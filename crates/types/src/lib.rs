#![doc = include_str!("../README.md")]

mod agent;
mod call;
mod end_reason;
mod event;
mod id;
mod ignored;
mod instant;
mod language;
mod message;
mod phone;
mod registration;
mod session;
mod support_number;
mod template;
mod zone;

pub use agent::{AgentStatus, StatusError};
pub use call::{Alternative, CallService, HungUp, Key, KeyError};
pub use end_reason::EndReason;
pub use event::{EVENT_VERSION, Event, Fact};
pub use id::{
    AgentId, CallId, CenterId, ContactId, IdError, MessageId, Provider, QueueId, SessionId,
    SkillId, StatusId, TeamId, TextId, id_part,
};
pub use ignored::IgnoredReason;
pub use instant::{Instant, from_millis, to_millis, whole_millis};
pub use language::{Language, LanguageError, Localized};
pub use message::{Author, Channel, Delivery, Media, MediaKind, MediaRefusal, Purpose, Remark};
pub use phone::{NumberKind, PhoneError, PhoneNumber, Region};
pub use registration::{
    RegistrationChange, RegistrationStanding, RegistrationState, RegistrationWord,
};
pub use session::{
    DismissedBy, MenuStep, Needs, ResumedBy, ReturnReason, SessionType, TransferFailure,
    TransferTarget,
};
pub use support_number::{ShortCode, SupportNumber};
pub use template::{Template, TemplateError, Variable};
pub use zone::{
    MAX_ZONES, Release, ReleaseError, TzifError, Zone, ZoneError, ZoneOffset, Zones, edit_distance,
};
