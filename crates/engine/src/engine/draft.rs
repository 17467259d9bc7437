use std::sync::Arc;

use frontdesk_sms::{Automatic, Call, CallConfig, Session, StoredFormError};
use frontdesk_tendlc::{Act, Appended, Consent, ContentType, Entry, Evidence, GivenConsent};
use frontdesk_types::{
    AgentId, Author, Event, Fact, Instant, Key, MessageId, Purpose, QueueId, SessionId,
};

use super::{automatic, calls, salts::Salts};
use crate::{
    Center,
    config::{AutomaticLimits, Membership},
    store::{
        Commit, ConsumerWrite, InboxMark, ItemWrite, Known, Lease, Line, Memory, MemoryWrite,
        NewWork, Outcome, SessionRow, SessionWrite, SlotWrite, Subject, Version, WorkId,
    },
};

mod line;
mod work;

pub(super) use work::{TextOf, revocable_lanes, text_work};

/// A commit in the making: what one input changes.
pub(super) struct Draft {
    pub(super) line: Line,
    pub(super) at: Instant,
    known: Known,
    memory_changed: bool,
    /// What texts of the line are part of.
    membership: Arc<Membership>,
    /// What holds for that.
    consent: Consent,
    entries: Vec<Appended>,
    pub(super) session: Option<(Version, Session)>,
    pub(super) session_changed: bool,
    /// The call beside which this happens, if it changes.
    call: Option<CallWrite>,
    /// What the session was before: kept for its row when it ends.
    before: Before,
    /// The session that the events are about, if any.
    pub(super) subject: Option<SessionId>,
    pub(super) events: Vec<Event>,
    /// Work besides what the events ask for.
    pub(super) more_work: Vec<NewWork>,
    /// What became of a piece of work that led to this.
    pub(super) finished: Option<(WorkId, Lease, Outcome)>,
    /// Small things to write with it.
    pub(super) items: Vec<ItemWrite>,
    /// Places of scheduled calls.
    pub(super) slots: Vec<SlotWrite>,
    /// The key that the caller has just pressed: what they agree by.
    pub(super) pressed: Option<Key>,
    /// A virtual agent writes.
    pub(super) by_program: bool,
    /// How many automatic texts may leave.
    limits: AutomaticLimits,
    /// What kind a notice is.
    pub(super) notice_kind: Option<ContentType>,
    /// The call beside which the consumer writes.
    pub(super) beside: Option<(Version, Call)>,
    /// No person wrote the text that came (SMS-16).
    pub(super) automatic: Option<Automatic>,
    /// The message that asks the consumer for their opt-in (SMS-12).
    opt_in_message: Option<MessageId>,
    /// The message that has the opt-in text: that it was shown is entered when it leaves.
    shows_opt_in_text: Option<MessageId>,
    salts: Arc<Salts>,
}

/// What a commit changes, of which the router must know.
pub(super) enum Stood {
    Call(Call),
    Chat(Session),
}

impl Stood {
    pub(super) fn id(&self) -> SessionId {
        match self {
            Self::Call(call) => call.id(),
            Self::Chat(session) => session.id(),
        }
    }
}

/// A call to write.
struct CallWrite {
    expected: Version,
    call: Call,
    deadline: Option<Instant>,
}

impl CallWrite {
    fn into_write(self) -> Result<(SessionWrite, Stood), StoredFormError> {
        let Self { expected, call, deadline } = self;
        let row = SessionRow {
            id: call.id(),
            line: Line { consumer: call.consumer(), number: call.number() },
            status: call.status().word().into(),
            queue: call.queue().cloned(),
            agent: call.agent().cloned(),
            language: call.language(),
            started: call.started(),
            waiting_since: call.waiting_since(),
            ended: call.end_reason().map(|reason| (call.seen(), reason)),
            deadline,
            needs: None,
        };
        Ok((SessionWrite { expected, state: call.to_stored()?, row }, Stood::Call(call)))
    }
}

#[derive(Default)]
struct Before {
    queue: Option<QueueId>,
    agent: Option<AgentId>,
    connected: bool,
}

impl Draft {
    pub(super) fn new(
        center: &Center,
        line: Line,
        at: Instant,
        mut known: Known,
        session: Option<(Version, Session)>,
        salts: Arc<Salts>,
    ) -> Self {
        let membership = center.membership(line.number);
        let before = session.as_ref().map(|(_, session)| Before {
            queue: session.queue().cloned(),
            agent: session.agent().cloned(),
            connected: session.was_connected(),
        });
        let memory_changed = automatic::set_right(&mut known.memory.1, at);
        Self {
            line,
            at,
            consent: membership.consent(&known.consumer.1),
            membership,
            known,
            memory_changed,
            entries: Vec::new(),
            subject: session.as_ref().map(|(_, session)| session.id()),
            session,
            session_changed: false,
            call: None,
            before: before.unwrap_or_default(),
            events: Vec::new(),
            more_work: Vec::new(),
            finished: None,
            items: Vec::new(),
            slots: Vec::new(),
            pressed: None,
            by_program: false,
            limits: center.automatic,
            notice_kind: None,
            beside: None,
            automatic: None,
            opt_in_message: None,
            shows_opt_in_text: None,
            salts,
        }
    }

    pub(super) fn memory(&self) -> &Memory {
        &self.known.memory.1
    }

    /// What holds for the consumer and what texts of this number are part of.
    pub(super) fn consent(&self) -> &Consent {
        &self.consent
    }

    /// Who has just lost the consumer, since the session is over.
    pub(super) fn ended_with(&self) -> Option<(&AgentId, &QueueId)> {
        let over = |event: &Event| matches!(event.fact, Fact::Ended { .. });
        let ended = self.events.iter().any(over);
        self.before.agent.as_ref().zip(self.before.queue.as_ref()).filter(|_| ended)
    }

    pub(super) fn remember(&mut self, change: impl FnOnce(&mut Memory)) {
        change(&mut self.known.memory.1);
        self.memory_changed = true;
    }

    /// Appends to the ledger.
    pub(super) fn enter(&mut self, act: Act, wording: &str, evidence: impl Into<Evidence>) {
        let evidence = evidence.into();
        let entry = Entry { at: self.at, act, wording: wording.to_owned(), evidence };
        let (consumer, programme) = (&mut self.known.consumer.1, &self.membership.programme);
        let salt = self.salts.next();
        let appended = consumer.ledger.enter(self.line.consumer, programme, entry, salt);
        self.entries.push(appended);
        self.consent = self.membership.consent(consumer);
    }

    /// Enters how the consumer agreed elsewhere. `by` is what tells so, where that brings no reference of its own.
    pub(super) fn enter_given(&mut self, consent: &GivenConsent, by: &str) {
        let mut evidence = consent.evidence.clone();
        if evidence.reference.is_empty() {
            by.clone_into(&mut evidence.reference);
        }
        self.enter(consent.act(self.at), &consent.wording, evidence);
    }

    /// A session begins with this. Where the opt-in text was due, the ledger keeps the exact wording that the consumer was
    /// shown, once it has left.
    pub(super) fn begin(&mut self, session: Session, events: Vec<Event>, opt_in_text_due: bool) {
        let shown = events.iter().find_map(|event| match &event.fact {
            Fact::OutboundMessage {
                id,
                purpose: purpose @ (Purpose::Greeting | Purpose::Outreach),
                ..
            } => Some((id, *purpose)),
            _ => None,
        });
        if let Some((id, purpose)) = shown.filter(|_| opt_in_text_due) {
            self.opt_in_message = (purpose == Purpose::Outreach).then(|| id.clone());
            self.shows_opt_in_text = Some(id.clone());
        }
        self.subject = Some(session.id());
        self.events.extend(events);
        self.session = Some((0, session));
        self.session_changed = true;
    }

    /// A call and what happened to it, its deadline and the version that was read.
    pub(super) fn with_call(
        &mut self,
        expected: Version,
        call: Call,
        config: &CallConfig,
        events: Vec<Event>,
    ) {
        self.subject = Some(call.id());
        let evidence = call.telephony_id().to_string();
        for event in &events {
            match &event.fact {
                Fact::ServiceAccepted { .. } => {
                    let key = self.pressed.map_or_else(|| "a key".into(), |key| key.to_string());
                    self.enter(Act::AgreedInCall, &format!("pressed {key}"), evidence.as_str());
                }
                // An agent's texts of a call follow each other at once: the first that has the opt-in text counts as shown.
                Fact::OutboundMessage { id, author: Author::Agent(_), body, .. }
                    if self.consent.opt_in_text_due() =>
                {
                    self.enter(Act::OptInTextShown, body, id.as_str());
                }
                _ => self.more_work.extend(calls::work_of(&call, event)),
            }
        }
        let deadline = call.next_deadline(config);
        self.events.extend(events);
        self.call = Some(CallWrite { expected, call, deadline });
    }

    pub(super) fn emit(&mut self, fact: Fact) {
        self.events.push(Event { at: self.at, fact });
    }

    pub(super) fn reply(&mut self, id: MessageId, purpose: Purpose, body: String) {
        self.emit(Fact::OutboundMessage { id, purpose, author: Author::System, body });
    }

    /// Everything to write, and whether the outbox got something.
    pub(super) fn commit(
        mut self,
        inbox: Option<InboxMark>,
    ) -> Result<(Commit, Option<Stood>), StoredFormError> {
        self.note_opt_in_message();
        let mut work = self.work();
        work.append(&mut self.more_work);
        let subject = Subject { session: self.subject, line: Some(self.line) };
        let session = match self.session {
            Some((expected, session)) if self.session_changed => {
                let row = row(&session, self.line, self.before, &self.events);
                let write = SessionWrite { expected, state: session.to_stored()?, row };
                Some((write, Stood::Chat(session)))
            }
            _ => self.call.map(CallWrite::into_write).transpose()?,
        };
        let (write, stood) = session.unzip();
        let Known { consumer: (read, value), memory: (expected, memory) } = self.known;
        let memory =
            self.memory_changed.then_some(MemoryWrite { line: self.line, expected, memory });
        let consumers = (!self.entries.is_empty()).then(|| ConsumerWrite {
            entries: self.entries,
            ..ConsumerWrite::new(self.line.consumer, read, value)
        });
        let commit = Commit {
            inbox,
            session: write,
            memory,
            consumers: consumers.into_iter().collect(),
            record: Some((subject, self.events)),
            work,
            items: self.items,
            slots: self.slots,
            finished: self.finished,
            ..Commit::default()
        };
        Ok((commit, stood))
    }
}

fn row(session: &Session, line: Line, before: Before, events: &[Event]) -> SessionRow {
    // When it was due, not when somebody looked.
    let ended = events.iter().find_map(|event| match event.fact {
        Fact::Ended { reason } => Some((event.at, reason)),
        _ => None,
    });
    SessionRow {
        id: session.id(),
        line,
        status: session.status().word().into(),
        queue: session.queue().cloned().or(before.queue),
        agent: session.agent().cloned().or(before.agent),
        language: session.language(),
        started: session.started(),
        waiting_since: session.waiting_since(),
        ended,
        deadline: session.next_deadline(),
        needs: session.needs().cloned(),
    }
}
