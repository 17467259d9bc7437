#![doc = include_str!("../README.md")]

pub mod config;
mod engine;
mod host;
mod loopback;
mod media;
pub mod store;

pub use config::{Activation, Center, Problem, Problems, Setting};
pub use engine::{
    AgentView, CallState, CampaignHealth, ContactChoice, DeliveryReport, Engine, EngineError,
    FreeSlot, ImportReceipt, Inbound, LedgerError, MediaView, NewCall, NewChat, Notice, OfferView,
    OutboundRefusal, Parts, Profile, QueueView, Receipt, RequestKey, RequestKeyError,
    ScheduleRefusal, SessionView, ShortcutView, StoppedText, TransferTargets, WaitView,
};
pub use frontdesk_crm as crm;
pub use frontdesk_hours as hours;
pub use frontdesk_routing as routing;
pub use frontdesk_sms as sms;
pub use frontdesk_tendlc as tendlc;
pub use frontdesk_types as types;
pub use host::{
    CarrierLookup, Clock, LookupError, ManualClock, Observer, OutgoingText, Silence, SystemClock,
    Transport, TransportError,
};
#[cfg(feature = "mock")]
pub use host::{MockCarrierLookup, MockTransport};
pub use loopback::Loopback;
pub use media::{MediaError, MediaKey, MediaSource, MediaStore, MemoryMedia, NoMedia};
#[cfg(feature = "mock")]
pub use media::{MockMediaSource, MockMediaStore};
