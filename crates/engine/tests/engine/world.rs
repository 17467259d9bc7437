//! A center to try things in: virtual time, a carrier that does what it is told, and everything that was
//! observed.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use async_trait::async_trait;
use chrono::TimeDelta;
use frontdesk::{
    CarrierLookup, Center, Departure, Engine, EngineError, FailedAttempt, Heads, Inbound,
    ManualClock, MediaError, MediaSource, MediaStore, MemoryMedia, MemoryRegistrations, Observer,
    OutgoingText, Parts, Receipt, Scrubber, Transport, TransportError,
    crm::ContactBook,
    sms::Session,
    store::{EventQuery, MemoryStore, Record, SessionQuery, SessionRow, Store},
    tendlc::{ConsentLevel, GivenConsent, Method},
    types::{AgentId, AgentStatus, Event, Fact, Instant, Media, Region, SessionId},
};
use futures::executor::block_on;

pub(crate) const CONSUMER: &str = "+12025550123";
pub(crate) const OTHER: &str = "+12025550124";
pub(crate) const NUMBER: &str = "+12025550100";
pub(crate) const SECOND_NUMBER: &str = "+12025550101";

pub(crate) const CENTER: &str = r#"
[center]
id = "acme"
company = "Acme"
languages = ["en", "es"]

[support]
contact = "Call +1 202 555 0100."

[words]
opt_out = ["ALTO"]

[menu]
fallback = "sales"

[[queues]]
id = "main"
name = "Acme"
numbers = ["+12025550100"]

[[queues]]
id = "billing"
parent = "main"
name = "Billing"
keywords = ["pay"]
agents = ["ana", "ben"]

[[queues]]
id = "sales"
parent = "main"
name = "Sales"
agents = ["ben"]

[[queues]]
id = "night"
parent = "main"
name = "Night desk"
agents = ["ana"]
[queues.hours]
zone = "America/New_York"
open = { mon-fri = "22:00-02:00" }

[[queues]]
id = "shop"
name = "Shop"
numbers = ["+12025550101"]
agents = ["ana"]

[[agents]]
id = "ana"
name = "Ana"
chats = 2

[[agents]]
id = "ben"
name = "Ben"
chats = 2
"#;

/// A carrier that takes every text, unless told otherwise.
#[derive(Debug, Default)]
pub(crate) struct Carrier {
    pub(crate) taken: Mutex<Vec<OutgoingText>>,
    pub(crate) troubles: Mutex<VecDeque<TransportError>>,
    /// While somebody has it, texts are on their way.
    pub(crate) road: async_lock::Mutex<()>,
    /// While somebody has it, no request begins.
    pub(crate) connecting: async_lock::Mutex<()>,
    /// Consumers and numbers whose texts wait for [`Carrier::jam`].
    pub(crate) jammed: Mutex<BTreeSet<String>>,
    pub(crate) jam: async_lock::Mutex<()>,
    /// Consumers whose texts fail for now.
    pub(crate) unreachable: Mutex<BTreeSet<String>>,
    /// While it is down, every attempt fails so.
    pub(crate) down: Mutex<Option<TransportError>>,
    /// How often it was asked.
    pub(crate) asked: AtomicU32,
}

#[async_trait]
impl Transport for Carrier {
    async fn depart(
        &self,
        text: &OutgoingText,
        departure: &Departure,
    ) -> Result<String, TransportError> {
        drop(self.connecting.lock().await);
        departure.begin()?;
        self.send(text).await
    }

    async fn send(&self, text: &OutgoingText) -> Result<String, TransportError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        drop(self.road.lock().await);
        let jammed = {
            let jammed = self.jammed.lock().unwrap();
            jammed.contains(&text.line.consumer.to_string())
                || jammed.contains(&text.line.number.to_string())
        };
        if jammed {
            drop(self.jam.lock().await);
        }
        if self.unreachable.lock().unwrap().contains(&text.line.consumer.to_string()) {
            let reason = "the queue is full".into();
            return Err(TransportError::Temporary { reason, retry_after: None });
        }
        if let Some(trouble) = &*self.down.lock().unwrap() {
            return Err(trouble.clone());
        }
        if let Some(trouble) = self.troubles.lock().unwrap().pop_front() {
            return Err(trouble);
        }
        self.taken.lock().unwrap().push(text.clone());
        Ok(format!("carrier-{}", text.id))
    }
}

/// Pictures by their URLs; what is not there is gone.
#[derive(Debug, Default)]
pub(crate) struct Gallery {
    pub(crate) pictures: Mutex<BTreeMap<String, Result<Vec<u8>, MediaError>>>,
    /// While somebody has it, nothing is answered.
    pub(crate) road: async_lock::Mutex<()>,
}

#[async_trait]
impl MediaSource for Gallery {
    async fn fetch(&self, media: &Media, _: usize) -> Result<Vec<u8>, MediaError> {
        drop(self.road.lock().await);
        let pictures = self.pictures.lock().unwrap();
        let gone = || Err(MediaError::Unavailable { reason: "404".into() });
        pictures.get(&media.url).cloned().unwrap_or_else(gone)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Ear(
    pub(crate) Mutex<Vec<Record>>,
    pub(crate) Mutex<Vec<FailedAttempt>>,
    /// Anchors, and sizes of heads that are not of the ledger.
    pub(crate) Mutex<Vec<(String, u64)>>,
);

impl Observer for Ear {
    fn events(&self, record: &Record) {
        self.0.lock().unwrap().push(record.clone());
    }

    fn work_waiting(&self) {}

    fn attempt_failed(&self, attempt: &FailedAttempt) {
        self.1.lock().unwrap().push(attempt.clone());
    }

    fn ledger_differs(&self, anchor: &str, size: u64) {
        self.2.lock().unwrap().push((anchor.to_owned(), size));
    }
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) carrier: Arc<Carrier>,
    pub(crate) ear: Arc<Ear>,
    pub(crate) gallery: Arc<Gallery>,
    pub(crate) crm: Arc<ContactBook>,
    pub(crate) store: Arc<dyn Store>,
    media: Arc<dyn MediaStore>,
    carriers: Option<Arc<dyn CarrierLookup>>,
    /// Taken with the next restart.
    pub(crate) scrubber: Option<Arc<dyn Scrubber>>,
    pub(crate) heads: Heads,
    pub(crate) registrations: Arc<MemoryRegistrations>,
    texts: u32,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(CENTER, Arc::new(MemoryStore::new()))
    }

    pub(crate) fn with(config: &str, store: Arc<dyn Store>) -> Self {
        Self::open(config, store, None)
    }

    /// With somebody who knows carriers.
    pub(crate) fn knowing(
        config: &str,
        store: Arc<dyn Store>,
        carriers: Arc<dyn CarrierLookup>,
    ) -> Self {
        Self::open(config, store, Some(carriers))
    }

    fn open(config: &str, store: Arc<dyn Store>, carriers: Option<Arc<dyn CarrierLookup>>) -> Self {
        // A Friday, noon in New York.
        let start = "2026-11-20T17:00:00Z".parse::<Instant>().unwrap();
        let center = Center::load(config).unwrap();
        let (carrier, ear) = (Arc::new(Carrier::default()), Arc::new(Ear::default()));
        let (clock, gallery) = (Arc::new(ManualClock::new(start)), Arc::new(Gallery::default()));
        let (crm, media) = (Arc::new(ContactBook::new(Region::US)), Arc::new(MemoryMedia::new()));
        let registrations = Arc::new(MemoryRegistrations::new());
        let parts = Parts {
            store: Arc::clone(&store),
            transport: carrier.clone(),
            carriers: carriers.clone(),
            scrubber: None,
            registrations: Some(registrations.clone()),
            crm: crm.clone(),
            media_source: gallery.clone(),
            media_store: media.clone(),
            heads: Heads::default(),
            clock: clock.clone(),
            observer: ear.clone(),
        };
        let engine = block_on(Engine::open(center, parts)).unwrap();
        let (heads, scrubber, texts) = (Heads::default(), None, 0);
        Self {
            engine,
            clock,
            carrier,
            ear,
            gallery,
            crm,
            store,
            media,
            carriers,
            scrubber,
            heads,
            registrations,
            texts,
        }
    }

    /// Another host of the same center, on the same store and carrier.
    pub(crate) fn beside(&self, config: &str) -> Engine {
        block_on(Engine::open(Center::load(config).unwrap(), self.parts())).unwrap()
    }

    /// As [`World::beside`], with contacts kept elsewhere.
    pub(crate) fn beside_with_crm(
        &self,
        config: &str,
        crm: Arc<dyn frontdesk::crm::Crm>,
    ) -> Engine {
        let parts = Parts { crm, ..self.parts() };
        block_on(Engine::open(Center::load(config).unwrap(), parts)).unwrap()
    }

    /// The process dies, and another one opens the same store.
    pub(crate) fn restart(self, config: &str) -> Self {
        let parts = self.parts();
        let Self { engine, .. } = self;
        drop(engine);
        let engine = block_on(Engine::open(Center::load(config).unwrap(), parts)).unwrap();
        Self { engine, ..self }
    }

    fn parts(&self) -> Parts {
        Parts {
            store: Arc::clone(&self.store),
            transport: self.carrier.clone(),
            carriers: self.carriers.clone(),
            scrubber: self.scrubber.clone(),
            registrations: Some(self.registrations.clone()),
            crm: self.crm.clone(),
            media_source: self.gallery.clone(),
            media_store: self.media.clone(),
            heads: self.heads.clone(),
            clock: self.clock.clone(),
            observer: self.ear.clone(),
        }
    }

    pub(crate) fn inbound(id: &str, from: &str, to: &str, body: &str) -> Inbound {
        Inbound::new("test", id, from.parse().unwrap(), to.parse().unwrap(), body)
    }

    /// A text from the consumer, and everything that follows.
    pub(crate) fn text(&mut self, body: &str) -> Option<SessionId> {
        self.text_from(CONSUMER, NUMBER, body)
    }

    pub(crate) fn text_from(&mut self, from: &str, to: &str, body: &str) -> Option<SessionId> {
        self.texts += 1;
        let inbound = Self::inbound(&format!("IN{}", self.texts), from, to, body);
        let receipt = block_on(self.engine.receive(inbound)).unwrap();
        self.settle();
        match receipt {
            Receipt::Taken { session } => session,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn settle(&self) {
        block_on(self.engine.settle()).unwrap();
    }

    pub(crate) fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
        self.settle();
    }

    pub(crate) fn set_status(&self, agent: &str, status: AgentStatus) {
        block_on(self.engine.set_status(&id(agent), status)).unwrap();
        self.settle();
    }

    pub(crate) fn accept(&self, session: SessionId, agent: &str) -> Result<(), EngineError> {
        let done = block_on(self.engine.accept(session, &id(agent)));
        self.settle();
        done
    }

    pub(crate) fn send(
        &self,
        session: SessionId,
        agent: &str,
        body: &str,
    ) -> Result<(), EngineError> {
        let done = block_on(self.engine.send(session, &id(agent), body.into()));
        self.settle();
        done
    }

    /// A chat that Ana has, from greeting to assignment.
    pub(crate) fn chat(&mut self) -> SessionId {
        self.set_status("ana", AgentStatus::Available);
        let session = self.text("pay").unwrap();
        self.accept(session, "ana").unwrap();
        session
    }

    pub(crate) fn offered_to(&self, agent: &str) -> Vec<SessionId> {
        self.engine.offers(&id(agent)).unwrap().into_iter().map(|offer| offer.session).collect()
    }

    /// The log of every chat makes the chat that is stored (C7).
    pub(crate) fn log_makes_what_is_stored(&self) {
        let center = self.engine.center();
        for row in self.rows() {
            let stored = block_on(self.store.load(center.id(), row.id)).unwrap();
            let Some((_, _, stored)) = stored else { continue };
            let Ok(stored) = Session::from_stored(&stored.state) else { continue };
            let log = block_on(self.engine.transcript(row.id)).unwrap();
            let log: Vec<Event> = log.into_iter().flat_map(|record| record.events).collect();
            assert_eq!(
                Session::replay(center.session_config(), row.id, &log).as_ref(),
                Some(&stored)
            );
        }
    }

    /// What the carrier has taken, as texts.
    pub(crate) fn sent(&self) -> Vec<String> {
        self.carrier.taken.lock().unwrap().iter().map(|text| text.body.clone()).collect()
    }

    /// Whether and how often a text with these words has left.
    pub(crate) fn sent_with(&self, words: &str) -> usize {
        self.sent().iter().filter(|body| body.contains(words)).count()
    }

    pub(crate) fn row(&self, session: SessionId) -> SessionRow {
        block_on(self.engine.session(session)).unwrap().row
    }

    pub(crate) fn rows(&self) -> Vec<SessionRow> {
        let all = block_on(self.engine.sessions(SessionQuery::default())).unwrap();
        all.into_iter().map(|view| view.row).collect()
    }

    /// Every event that was stored.
    pub(crate) fn events(&self) -> Vec<Event> {
        let query = EventQuery::After { position: 0, limit: usize::MAX };
        let center = self.engine.center();
        let records = block_on(self.store.events(center.id(), query)).unwrap();
        records.into_iter().flat_map(|record| record.events).collect()
    }

    pub(crate) fn count(&self, of: impl Fn(&Fact) -> bool) -> usize {
        self.events().iter().filter(|event| of(&event.fact)).count()
    }
}

pub(crate) fn id(agent: &str) -> AgentId {
    agent.parse().unwrap()
}

/// What is wrong with a configuration; nothing, if it can be loaded.
pub(crate) fn problems(config: &str) -> String {
    Center::load(config).err().map(|problems| problems.to_string()).unwrap_or_default()
}

/// Each change of a configuration leads to a problem that begins so.
pub(crate) fn tell(config: &str, table: &[(&str, &str, &str)]) {
    for (old, new, expected) in table {
        assert!(config.contains(old), "{old}");
        let told = problems(&config.replacen(old, new, 1));
        assert!(
            told.lines().any(|line| line.starts_with(expected))
                || (expected.is_empty() && told.is_empty()),
            "{new}: expected {expected:?}, told {told:?}"
        );
    }
}

/// Written consent, by a form.
pub(crate) fn form() -> GivenConsent {
    GivenConsent {
        method: Method::WebForm,
        level: ConsentLevel::Written,
        given: None,
        wording: "I agree to get offers by text.".into(),
        evidence: "form 7, box ticked".into(),
    }
}
