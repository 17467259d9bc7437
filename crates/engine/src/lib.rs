#![doc = include_str!("../README.md")]

mod anchor;
pub mod config;
mod elsewhere;
mod engine;
mod host;
mod ledger;
mod loopback;
mod media;
mod registration;
mod scrubber;
pub mod store;

pub use anchor::{Anchor, AnchorError, AnchorEvidence, Heads, MemoryAnchor};
pub use async_trait::async_trait;
pub use config::{Activation, Center, Problem, Problems, Setting};
pub use engine::{
    AgentView, CallState, CampaignHealth, Claimed, ContactChoice, DeliveryReport, Engine,
    EngineError, EnteredRevocation, FreeSlot, ImportReceipt, Inbound, LateRevocation, LedgerError,
    MediaView, NewCall, NewChat, Notice, OfferView, OutboundRefusal, Parts, Profile, QueueView,
    Receipt, RegistrationView, RemarkedText, RequestKey, RequestKeyError, RevocationRefusal,
    ScheduleRefusal, ScrubImportError, ScrubReceipt, SenderText, SessionView, ShortcutView,
    StoppedText, SuspectedText, TransferTargets, WaitView,
};
pub use frontdesk_crm as crm;
#[cfg(feature = "mock")]
pub use frontdesk_crm::MockCrm;
pub use frontdesk_hours as hours;
pub use frontdesk_routing as routing;
pub use frontdesk_sms as sms;
#[cfg(feature = "mock")]
pub use frontdesk_sms::MockVirtualAgent;
pub use frontdesk_tendlc as tendlc;
pub use frontdesk_types as types;
pub use host::{
    CarrierLookup, Clock, Departure, FailedAttempt, LookupError, ManualClock, Observer,
    OutgoingText, Silence, SystemClock, Transport, TransportError,
};
#[cfg(feature = "mock")]
pub use host::{MockCarrierLookup, MockTransport};
pub use ledger::{
    AnchorReport, AnchorState, Comparison, ConsentProofs, Coverage, HeadReport, LedgerNote,
    LedgerProblem, LedgerReport, MOST_PROBLEMS, WitnessProblem, anchor_ledger, compare_ledger,
    consumers_entered, newest_head, verify_ledger,
};
pub use loopback::Loopback;
pub use media::{MediaError, MediaKey, MediaSource, MediaStore, MemoryMedia, NoMedia};
#[cfg(feature = "mock")]
pub use media::{MockMediaSource, MockMediaStore};
#[cfg(feature = "mock")]
pub use registration::MockRegistrationLookup;
pub use registration::{
    MemoryRegistrations, RegistrationAnswer, RegistrationError, RegistrationIds,
    RegistrationLookup, RegistrationStatus,
};

#[cfg(feature = "mock")]
pub use scrubber::MockScrubber;
pub use scrubber::{MemoryScrubber, ScrubQuestion, Scrubber, ScrubberError};

/// The examples of the documents, compiled by `cargo test --doc`.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../../../docs/embedding.md")]
    mod embedding {}
    #[doc = include_str!("../../../README.md")]
    mod readme {}
}
