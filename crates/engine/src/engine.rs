use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fmt,
    hash::{BuildHasher, Hash},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use async_lock::Mutex as AsyncMutex;
use frontdesk_routing::{Input as Told, Kind, Place, Router, RouterEvent};
use frontdesk_sms::{Call, Refusal, Session, StoredFormError, VirtualAgent};
use frontdesk_types::{AgentId, CenterId, Instant, PhoneNumber, SessionId, whole_millis};

use crate::{
    Center,
    store::{
        AgentState, Commit, Committed, Known, Line, Record, SessionQuery, Store, StoreError,
        Version, WorkKind,
    },
};

mod automatic;
mod blocklist;
mod calls;
mod consumers;
mod counting;
mod departures;
mod desk;
mod dispatch;
mod door;
mod draft;
mod erasure;
mod gate;
mod health;
mod histories;
mod inbound;
mod listed;
mod meaning;
mod media;
mod notices;
mod opt_outs;
mod outbound;
mod outbox;
mod pace;
mod parts;
mod places;
mod posts;
mod provider;
mod queries;
mod registrations;
mod remarks;
mod replies;
mod reports;
mod requests;
mod retention;
mod revocations;
mod roster;
mod routing;
mod salts;
mod scrubbing;
mod sealing;
mod senders;
mod sending;
mod surroundings;
mod taken;
mod time;
mod under_way;
mod virtual_agents;
mod withdrawn;

pub use calls::{CallState, FreeSlot, NewCall, ScheduleRefusal};
pub use consumers::{ImportReceipt, LedgerError, Profile};
use departures::Departures;
pub use dispatch::Claimed;
use dispatch::Waiting;
use draft::{Draft, Stood};
pub use health::{CampaignHealth, StoppedText};
use histories::Histories;
pub use inbound::{Inbound, Receipt};
pub use media::MediaView;
pub use notices::Notice;
pub use outbound::{NewChat, OutboundRefusal};
pub use outbox::DeliveryReport;
use pace::Pace;
pub use parts::{EngineError, Parts};
pub use posts::ContactChoice;
use provider::Provider;
pub use queries::{
    AgentView, OfferView, QueueView, SessionView, ShortcutView, TransferTargets, WaitView,
};
pub use registrations::RegistrationView;
pub use remarks::{RemarkedText, SuspectedText};
pub use requests::{RequestKey, RequestKeyError};
pub use revocations::{EnteredRevocation, LateRevocation, RevocationRefusal};
pub use scrubbing::{ScrubImportError, ScrubReceipt};
pub use senders::SenderText;

use registrations::Registrations;
use salts::Salts;
use taken::Taken;
use time::Timekeeping;
use under_way::UnderWay;

/// How often a step is tried again when somebody else was faster.
const TRIES: usize = 16;
/// Locks that lines or sessions share with a few others.
const LOCKS: usize = 4096;
/// How many ticks look again at a session in doubt.
const DOUBTS: u8 = 2;
/// Session ids are reserved so many at a time.
const ID_BLOCK: u64 = 64;

/// Does a step again while somebody else was faster.
async fn retried<T, F>(step: impl Fn() -> F) -> Result<T, EngineError>
where
    F: Future<Output = Result<T, EngineError>>,
{
    for _ in 0..TRIES {
        match step().await {
            Err(EngineError::Store(StoreError::Conflict)) => {}
            other => return other,
        }
    }
    Err(StoreError::Conflict.into())
}

/// A stored session that is a chat.
fn chat(stored: &[u8]) -> Result<Session, EngineError> {
    match Session::from_stored(stored) {
        Err(StoredFormError::OtherKind { .. }) => Err(Refusal::NotAChat.into()),
        session => Ok(session?),
    }
}

/// Runs a contact center over its parts. Every input is one transaction; whatever dies in between, what
/// was acknowledged is there, and happened once.
///
/// The engine starts nothing by itself. The host calls [`Engine::tick`] every second, and [`Engine::serve`] for each kind of
/// work.
pub struct Engine {
    id: CenterId,
    center: RwLock<Arc<Center>>,
    parts: Parts,
    router: Mutex<Router>,
    ids: AsyncMutex<(u64, u64)>,
    lines: Box<[AsyncMutex<()>]>,
    /// Texts that have not begun to leave, and revocations that stop them.
    departures: Departures,
    taken: Taken,
    under_way: Arc<UnderWay>,
    /// Whether the carrier answers, and the CRM.
    carrier: Provider,
    crm: Provider,
    waiting: Waiting,
    /// Held from a session's commit until the router knows of it, so that the router hears of commits in
    /// their order. Nothing else is locked meanwhile.
    places: Box<[AsyncMutex<()>]>,
    /// How fast texts leave (SMS-8).
    pace: Pace,
    /// The programs that the host brought (SMS-28).
    virtual_agents: RwLock<BTreeMap<AgentId, Arc<dyn VirtualAgent>>>,
    /// Numbers whose calls and texts are not handled (SMS-38).
    blocked: RwLock<BTreeSet<PhoneNumber>>,
    /// The provider's last answers about campaigns (DLC-8).
    registrations: Registrations,
    /// Sessions of which the router may not know where they stand: a commit is under way, or its caller
    /// was dropped, or the store did not say whether it happened. It is read again as soon as can be,
    /// and so many times: a commit whose caller was dropped may still be in the store's own queue.
    doubts: Mutex<BTreeMap<SessionId, u8>>,
    /// What of the queues' wait histories is stored (RTE-12).
    histories: Mutex<Histories>,
    /// Whether the host's clock was set back.
    timekeeping: Mutex<Timekeeping>,
    /// When the sealer last looked for entries.
    sealed: Mutex<Option<Instant>>,
    /// The salts of the ledger's entries.
    salts: Arc<Salts>,
}

/// Only which center it is: what is inside is not for logs.
impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens a center: reads who is where from the store, and returns to their queues the sessions of
    /// agents who are gone.
    pub async fn open(center: Center, parts: Parts) -> Result<Self, EngineError> {
        // Boxed: an engine is large, and hosts hold the future on their stacks.
        Box::pin(Self::from_store(center, parts)).await
    }

    async fn from_store(center: Center, parts: Parts) -> Result<Self, EngineError> {
        let now = parts.clock.now();
        let mut router = Router::new(center.staff.clone());
        let histories = Histories::read(&*parts.store, &center.id, &mut router).await?;
        roster::tell_shifts(&mut router, &center, now);
        let mut events = Vec::new();
        for (agent, AgentState { status, wrap_up }) in parts.store.statuses(&center.id).await? {
            // An agent who is no longer configured has no status to restore.
            events.extend(router.handle(Told::Restore { agent, status, wrap_up }, now).events);
        }
        events.extend(virtual_agents::are_there(&mut router, &center, now));
        let mut transferring = Vec::new();
        let open = SessionQuery { open: Some(true), ..SessionQuery::default() };
        for row in parts.store.sessions(&center.id, open).await? {
            if let ("connected", Some(agent), Some(queue)) = (&*row.status, &row.agent, &row.queue)
            {
                let (agent, queue, since) = (agent.clone(), queue.clone(), row.started);
                let place = Place::With { agent, queue, since, kind: Kind::Call };
                let events = router.handle(Told::Place { session: row.id, place }, now).events;
                // The telephony knows who is on the phone.
                drop(events);
                continue;
            }
            let (Some(queue), Some(since)) = (row.queue, row.waiting_since) else { continue };
            let place = match (row.agent, &*row.status) {
                (Some(agent), "assigned") => Place::With { agent, queue, since, kind: Kind::Chat },
                (_, "queued") => {
                    Place::Waiting(center.wait(&queue, row.language, row.needs.as_ref(), since))
                }
                // To whom it is being transferred only the session itself knows.
                (_, "switching") => {
                    transferring.push(row.id);
                    continue;
                }
                _ => continue,
            };
            let place = Told::Place { session: row.id, place };
            events.extend(router.handle(place, now).events);
        }
        let engine = Self {
            id: center.id.clone(),
            center: RwLock::new(Arc::new(center)),
            parts,
            router: Mutex::new(router),
            ids: AsyncMutex::new((0, 0)),
            lines: (0..LOCKS).map(|_| AsyncMutex::new(())).collect(),
            departures: Departures::new(),
            taken: Taken::default(),
            under_way: Arc::default(),
            carrier: Provider::default(),
            crm: Provider::default(),
            waiting: Waiting::default(),
            places: (0..LOCKS).map(|_| AsyncMutex::new(())).collect(),
            pace: Pace::default(),
            virtual_agents: RwLock::default(),
            blocked: RwLock::default(),
            registrations: Registrations::default(),
            doubts: Mutex::default(),
            histories: Mutex::new(histories),
            timekeeping: Mutex::new(Timekeeping::at_start(now)),
            sealed: Mutex::new(None),
            salts: Arc::new(Salts::open()?),
        };
        engine.read_blocklist().await?;
        engine.read_registrations().await?;
        for session in transferring {
            events.extend(engine.place_from_store(session).await?);
        }
        engine.follow(events).await?;
        Ok(engine)
    }

    /// Swaps in another configuration of the same center. Open sessions go on; those of agents who may
    /// not keep them return to their queues.
    pub async fn reconfigure(&self, center: Center) -> Result<(), EngineError> {
        let now = self.now();
        let mut events = self.router().configure(center.staff.clone(), now).events;
        events.extend(virtual_agents::are_there(&mut self.router(), &center, now));
        roster::tell_shifts(&mut self.router(), &center, now);
        *self.center.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(center);
        self.follow(events).await
    }

    /// The configuration now.
    pub fn center(&self) -> Arc<Center> {
        Arc::clone(&self.center.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The instant now, by the engine's clock.
    pub fn now(&self) -> Instant {
        whole_millis(self.parts.clock.now())
    }

    /// A commit in the making for a line.
    fn draft(
        &self,
        center: &Center,
        line: Line,
        at: Instant,
        known: Known,
        session: Option<(Version, Session)>,
    ) -> Draft {
        Draft::new(center, line, at, known, session, Arc::clone(&self.salts))
    }

    /// The store.
    pub fn store(&self) -> &dyn Store {
        &*self.parts.store
    }

    fn router(&self) -> MutexGuard<'_, Router> {
        // The router is derived data; after a panic inside it, `place` tells it the truth again.
        self.router.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(of: impl Hash) -> usize {
        usize::try_from(rustc_hash::FxBuildHasher.hash_one(of) % LOCKS as u64).unwrap_or(0)
    }

    async fn next_session_id(&self) -> Result<SessionId, StoreError> {
        let mut ids = self.ids.lock().await;
        if ids.0 == ids.1 {
            let first = self.parts.store.reserve_session_ids(&self.id, ID_BLOCK).await?;
            *ids = (first.0, first.0 + ID_BLOCK);
        }
        ids.0 += 1;
        Ok(SessionId(ids.0 - 1))
    }

    fn doubts(&self) -> MutexGuard<'_, BTreeMap<SessionId, u8>> {
        self.doubts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Commits a session's step and tells the observer and the router. `None` is a duplicate. Until the
    /// router knows, the session is in doubt, so that a caller who is dropped half-way leaves no ghost.
    async fn commit_and_place(
        &self,
        commit: Commit,
        stood: Option<Stood>,
        last_agent: Option<AgentId>,
    ) -> Result<Option<Vec<RouterEvent>>, StoreError> {
        let id = stood.as_ref().map(Stood::id);
        let _in_order = match id {
            Some(id) => Some(self.places[Self::slot(id)].lock().await),
            None => None,
        };
        if let Some(id) = id {
            self.doubt(id);
        }
        let events = match self.commit(commit).await {
            Ok(Committed::Done { .. }) => Ok(Some(match stood {
                Some(Stood::Chat(session)) => self.place(&session, last_agent),
                Some(Stood::Call(call)) => self.place_call(&call),
                None => Vec::new(),
            })),
            Ok(Committed::Duplicate) => Ok(None),
            Err(error @ (StoreError::Conflict | StoreError::LeaseLost)) => Err(error),
            // It may have happened all the same: the doubt stays.
            Err(error) => return Err(error),
        };
        self.no_doubt(id);
        events
    }

    /// Commits, and tells the observer what was new.
    async fn commit(&self, mut commit: Commit) -> Result<Committed, StoreError> {
        // A claim of this process may have renewed the lease since.
        if let Some((id, lease, _)) = &mut commit.finished {
            *lease = self.under_way.lease(*id).unwrap_or(*lease);
        }
        commit.recheck.extend(self.held_by_revoked(&commit.consumers));
        let mut work: BTreeSet<WorkKind> =
            commit.work.iter().map(|work| work.task.kind()).collect();
        work.extend((!commit.recheck.is_empty()).then_some(WorkKind::Text));
        let record = commit.record.clone();
        let committed = self.parts.store.commit(&self.id, commit).await?;
        if let Committed::Done { position } = committed {
            if let Some((subject, events)) = record.filter(|(_, events)| !events.is_empty()) {
                self.parts.observer.events(&Record { position, subject, events });
            }
            if !work.is_empty() {
                for kind in work {
                    self.waiting.notify(kind);
                }
                self.parts.observer.work_waiting();
            }
        }
        Ok(committed)
    }

    fn doubt(&self, session: SessionId) {
        self.doubts().insert(session, DOUBTS);
    }

    fn no_doubt(&self, session: Option<SessionId>) {
        if let Some(session) = session {
            self.doubts().remove(&session);
        }
    }

    /// Tells the router where a session stands by the store. It is in doubt if that fails.
    async fn place_as_stored(&self, session: SessionId) -> Result<Vec<RouterEvent>, EngineError> {
        let placed = self.place_from_store(session).await;
        if placed.is_err() {
            self.doubt(session);
        }
        placed
    }

    async fn place_from_store(&self, session: SessionId) -> Result<Vec<RouterEvent>, EngineError> {
        let _in_order = self.places[Self::slot(session)].lock().await;
        match self.parts.store.load(&self.id, session).await? {
            Some((_, _, stored)) if Call::is_stored(&stored.state) => {
                Ok(self.place_call(&Call::from_stored(&stored.state)?))
            }
            Some((_, _, stored)) => Ok(self.place(&Session::from_stored(&stored.state)?, None)),
            None => Ok(self.tell_router(Told::Place { session, place: Place::Gone })),
        }
    }

    /// Looks again at the sessions in doubt.
    async fn settle_doubts(&self) -> Result<(), EngineError> {
        let doubts: Vec<SessionId> = self.doubts().keys().copied().collect();
        let mut failed = None;
        for session in doubts {
            let events = match self.place_from_store(session).await {
                Ok(events) => events,
                Err(error) => {
                    failed = Some(error);
                    continue;
                }
            };
            if let Entry::Occupied(mut doubt) = self.doubts().entry(session) {
                let left = doubt.get().saturating_sub(1);
                if left == 0 {
                    doubt.remove();
                } else {
                    doubt.insert(left);
                }
            }
            failed = self.follow(events).await.err().or(failed);
        }
        failed.map_or(Ok(()), Err)
    }
}
