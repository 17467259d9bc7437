//! What an engine works with, and what goes wrong with it.

use std::sync::Arc;

use frontdesk_crm::{ContactBook, Crm};
use frontdesk_routing::Refused;
use frontdesk_sms::{Refusal, StoredFormError};
use frontdesk_types::{AgentStatus, ContactId, MessageId, Needs, SessionId, SkillId};

use super::{LedgerError, OutboundRefusal, RevocationRefusal, ScheduleRefusal, ScrubImportError};
use crate::{
    CarrierLookup, Center, Clock, Heads, Loopback, MediaSource, MediaStore, MemoryMedia, NoMedia,
    Observer, RegistrationLookup, Scrubber, Silence, SystemClock, Transport,
    store::{MemoryStore, Store, StoreError},
};

/// What an engine works with.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// How texts leave.
    pub transport: Arc<dyn Transport>,
    /// Whose networks consumers are on; without one, every carrier's limit holds for everybody (DLC-6).
    pub carriers: Option<Arc<dyn CarrierLookup>>,
    /// The service that checks numbers against lists; without one, only imported results count (DLC-4).
    pub scrubber: Option<Arc<dyn Scrubber>>,
    /// Where campaigns stand at their provider; without one, the configuration's word alone holds (DLC-8).
    pub registrations: Option<Arc<dyn RegistrationLookup>>,
    /// Where contacts are.
    pub crm: Arc<dyn Crm>,
    /// Where pictures and videos come from (SMS-7).
    pub media_source: Arc<dyn MediaSource>,
    /// Where they are kept.
    pub media_store: Arc<dyn MediaStore>,
    /// How the heads of the ledger are made, and to whom they are given (DLC-3).
    pub heads: Heads,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who is told what happens.
    pub observer: Arc<dyn Observer>,
}

impl Parts {
    /// Everything in memory, nothing sent anywhere: for tests, first steps, and as what a host replaces one
    /// by one.
    pub fn in_memory(center: &Center) -> Self {
        Self {
            store: Arc::new(MemoryStore::new()),
            transport: Arc::new(Loopback::new()),
            carriers: None,
            scrubber: None,
            registrations: None,
            crm: Arc::new(ContactBook::new(center.region())),
            media_source: Arc::new(NoMedia),
            media_store: Arc::new(MemoryMedia::new()),
            heads: Heads::default(),
            clock: Arc::new(SystemClock),
            observer: Arc::new(Silence),
        }
    }
}

/// What goes wrong with a call to the engine, by whose turn it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The agent cannot take the session, or have the status.
    #[error(transparent)]
    NotAccepted(#[from] Refused),
    /// The session does not wait for a choice of contact, or that contact is not to choose.
    #[error("contact {contact:?} cannot be chosen for session {session}")]
    NoSuchChoice {
        /// The session.
        session: SessionId,
        /// What was chosen; `None` is a new contact.
        contact: Option<ContactId>,
    },
    /// An id that a provider gave is missing, or longer than ids are.
    #[error("the {field} of a message has {found} characters, allowed are 1 to {longest}")]
    BadId {
        /// Which.
        field: &'static str,
        /// How many characters it has.
        found: usize,
        /// How many it may have.
        longest: usize,
    },
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyOfAnother,
    /// The session does not take this now.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The consent ledger cannot be told, or a list not be taken in (DLC-3).
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The revocation is not entered (DLC-3).
    #[error(transparent)]
    NotRevoked(#[from] RevocationRefusal),
    /// The results of checks are not imported (DLC-4).
    #[error(transparent)]
    Scrubs(#[from] ScrubImportError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the store has cannot be read.
    #[error(transparent)]
    Stored(#[from] StoredFormError),
    /// The call cannot be scheduled (HRS-10).
    #[error(transparent)]
    NotScheduled(#[from] ScheduleRefusal),
    /// The center may not begin this chat, or send this notice.
    #[error(transparent)]
    NotBegun(#[from] OutboundRefusal),
    /// No such session.
    #[error("there is no session {0}")]
    UnknownSession(SessionId),
    /// No text with that id has left on the line that a report names.
    #[error("there is no such text on that line")]
    UnknownText(MessageId),
    /// A priority that there is not (RTE-18).
    #[error("found priority {0}, allowed are 0 to {most}", most = Needs::MOST_URGENT)]
    NoSuchPriority(u8),
    /// No agent has the skill: a session that needs it would wait for nobody (RTE-18).
    #[error("no agent has the skill `{found}`; there are: {}", if .known.is_empty() { "none" } else { .known })]
    UnknownSkill {
        /// Which.
        found: SkillId,
        /// Those that some agent has.
        known: String,
    },
    /// The center has no such status of its own (RTE-10).
    #[error("the center has no status `{0}`")]
    UnknownStatus(AgentStatus),
}
