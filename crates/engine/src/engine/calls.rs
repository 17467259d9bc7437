//! Texts beside phone calls (SMS-29 to SMS-31, SMS-35): the host's telephony tells what happens to calls, and reads
//! from their state what to ask callers and when to hang up.

use frontdesk_hours::{Medium, Visit};
use frontdesk_sms::{
    App, Asked, Call, CallInput, CallOpening, CallSlot, Input, Refusal, StoredFormError,
};
use frontdesk_tendlc::Act;
use frontdesk_types::{
    AgentId, Alternative, CallId, Channel, EndReason, Event, HungUp, Instant, Language,
    PhoneNumber, QueueId, SessionId,
};

use super::{Engine, EngineError, OutboundRefusal, RequestKey, requests::Once, retried};
use crate::{
    Center,
    config::Calls,
    store::{InboxMark, Lease, Line, Outcome, Source, StoreError, Version, WorkId},
};

mod desk;
mod known;
mod promise;
mod scheduled;
mod texts;

use desk::{agrees_to_chat, says_agreed};
use scheduled::known_queue;
pub use scheduled::{FreeSlot, ScheduleRefusal};
pub(super) use texts::{text_beside_call, work_of};

/// A call that reaches the center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCall {
    /// The telephony's id of it: the same id is the same call.
    pub call: CallId,
    /// Who calls.
    pub caller: PhoneNumber,
    /// The queue that it waits in; without one the caller is in the phone menu yet.
    pub queue: Option<QueueId>,
    /// The estimated wait in minutes, where it is known.
    pub wait_minutes: Option<u32>,
    /// The language; the center's default without.
    pub language: Option<Language>,
    /// Whether the caller's number can receive texts: a carrier knows.
    pub takes_texts: bool,
    /// Whether they have left a voice message that nobody has heard yet: the host keeps those (RTE-13).
    pub has_voicemail: bool,
    /// Where it came in: the phone menu, an app, or a page. Hours and what is offered outside of them depend on it
    /// (HRS-2, HRS-6, HRS-7).
    pub entry_point: Channel,
}

impl NewCall {
    /// Who comes.
    fn visit(&self, center: &Center) -> Visit {
        let language = self.language.unwrap_or_else(|| center.default_language());
        Visit { medium: Medium::Call, entry_point: self.entry_point, language }
    }
}

/// A call as the telephony needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallState {
    /// Its session.
    pub session: SessionId,
    /// The telephony's id of it.
    pub call: CallId,
    /// `scheduled`, `menu`, `waiting`, `connected`, `leaving`, `finished` or `failed`.
    pub status: &'static str,
    /// The queue it waits in or was taken from.
    pub queue: Option<QueueId>,
    /// What the caller is to be asked.
    pub asked: Option<Asked>,
    /// What the caller chose instead of waiting on the line: `Callback` keeps the place, the others have ended the
    /// call (RTE-13).
    pub chosen: Option<Alternative>,
    /// Where it came in.
    pub entry_point: Channel,
    /// What is offered instead, where the caller came outside of hours: the call is over, and one thing alone is in
    /// `chosen`, too. Nothing, where they are only told (HRS-6, HRS-7).
    pub instead: Vec<Alternative>,
    /// When it is to be made, where the consumer has chosen a time (HRS-10).
    pub slot: Option<CallSlot>,
    /// The caller wants to go on by text, and the text that takes them there is on its way.
    pub going_on_by_text: bool,
    /// Where the app stands (SMS-35).
    pub app: App,
    /// Why it is over; a call that went on by text is to be hung up by the telephony.
    pub ended: Option<EndReason>,
    /// The language.
    pub language: Language,
}

/// What one step of a call brings along besides its input.
#[derive(Default, Clone)]
struct Along {
    /// Events that come first.
    events: Vec<Event>,
    inbox: Option<InboxMark>,
    finished: Option<(WorkId, Lease, Outcome)>,
    /// The request that it is, where that happens once.
    once: Option<Once>,
}

fn call_mark(call: &CallId, at: Instant) -> InboxMark {
    InboxMark { source: Source::Call, id: call.to_string(), at }
}

impl Engine {
    /// A call reaches the center. Told again, it is the same session, also when it is over, and so it is for who is to be called back
    /// and calls again. Refused for numbers on the blocklist (SMS-38), for queues that are not configured, and where
    /// texts beside calls are off.
    pub async fn begin_call(&self, new: NewCall) -> Result<SessionId, EngineError> {
        let center = self.center();
        let calls = center.calls.as_ref().ok_or(OutboundRefusal::Off)?;
        if self.is_blocked(new.caller) {
            return Err(OutboundRefusal::Blocked.into());
        }
        if let Some(queue) = &new.queue {
            known_queue(&center, queue)?;
        }
        let line = Line { consumer: new.caller, number: calls.number };
        let _turn = self.lines[Self::slot(line)].lock().await;
        retried(|| self.begin_call_once(calls, line, &new)).await
    }

    async fn begin_call_once(
        &self,
        calls: &Calls,
        line: Line,
        new: &NewCall,
    ) -> Result<SessionId, EngineError> {
        let now = self.now();
        let center = self.center();
        let found = self.parts.store.find(&self.id, line).await?;
        if let Some(stored) = &found.session {
            let open = Call::from_stored(&stored.state)?;
            if *open.telephony_id() == new.call {
                return Ok(open.id());
            }
            if open.is_called_back() || open.is_scheduled() {
                return self.returned(&open, new, now).await;
            }
            // An earlier call that is told again, late, ends nothing.
            if let Some(before) = self.told_before(line, &new.call).await? {
                return Ok(before);
            }
            // One telephone, one call: the end of the earlier one was not told.
            let by = HungUp::Network;
            Box::pin(self.step_call(open.id(), CallInput::Ended { by }, Along::default())).await?;
            return Err(StoreError::Conflict.into());
        }
        let opening = self.opening(&center, calls, new).await?;
        let (mut call, started) = Call::start(opening, now);
        let id = call.id();
        let consent = center.consent(line.number, &found.known);
        let desk = self.desk(&center, &call, new.queue.as_ref(), &consent, now).await?;
        let mut events = vec![started];
        let waits = new.queue.clone().map(|queue| CallInput::Queued { queue });
        let estimate = CallInput::WaitEstimated { minutes: new.wait_minutes };
        let waits = waits.into_iter().flat_map(|queued| [queued, estimate.clone()]);
        for input in waits {
            events.extend(call.handle(&calls.config, &desk, input, now).events);
        }
        let mut draft = self.draft(&center, line, now, found.known, None);
        draft.with_call(0, call, &calls.config, events);
        match self.store_draft(draft, Some(call_mark(&new.call, now))).await? {
            Some(_) => Ok(id),
            // It was told before: it is over, or another caller's.
            None => match self.told_before(line, &new.call).await? {
                Some(before) => Ok(before),
                None => Err(OutboundRefusal::KnownCall { call: new.call.clone() }.into()),
            },
        }
    }

    async fn opening(
        &self,
        center: &Center,
        calls: &Calls,
        new: &NewCall,
    ) -> Result<CallOpening, EngineError> {
        Ok(CallOpening {
            id: self.next_session_id().await?,
            call: new.call.clone(),
            consumer: new.caller,
            number: calls.number,
            language: new.visit(center).language,
            takes_texts: new.takes_texts,
            has_voicemail: new.has_voicemail,
            entry_point: new.entry_point,
        })
    }

    /// Who is to be called back calls again: the same session, at its place, unless they chose another queue now. Whose
    /// call is scheduled waits now, where they get in; otherwise it stays scheduled.
    async fn returned(
        &self,
        open: &Call,
        new: &NewCall,
        now: Instant,
    ) -> Result<SessionId, EngineError> {
        let id = open.id();
        if let Some(queue) = new.queue.clone() {
            let queued = CallInput::Queued { queue };
            Box::pin(self.step_call(id, queued, Along::default())).await?;
        }
        if Box::pin(self.load_call(id)).await?.1.is_scheduled() {
            return Ok(id);
        }
        if let Some(minutes) = new.wait_minutes {
            let estimated = CallInput::WaitEstimated { minutes: Some(minutes) };
            Box::pin(self.step_call(id, estimated, Along::default())).await?;
        }
        // Last: what is told again after a crash finds the place still kept.
        let inbox = Some(call_mark(&new.call, now));
        let along = Along { inbox, ..Along::default() };
        Box::pin(self.step_call(id, CallInput::Returned { call: new.call.clone() }, along)).await?;
        Ok(id)
    }

    /// Something happens to a call. The telephony then reads its state.
    pub async fn call(&self, session: SessionId, input: CallInput) -> Result<(), EngineError> {
        if let CallInput::Queued { queue } = &input {
            known_queue(&self.center(), queue)?;
        }
        if let CallInput::Connected { agent } = &input {
            self.known_agent(agent)?;
        }
        self.step_call(session, input, Along::default()).await
    }

    /// The agent of a call, who was told by the caller that they may be texted, writes to them (SMS-30): once, however often
    /// it is asked for with the same key.
    pub async fn send_as_agreed(
        &self,
        session: SessionId,
        agent: &AgentId,
        body: String,
        key: Option<&RequestKey>,
    ) -> Result<(), EngineError> {
        let once = key.map(|key| {
            let session = session.to_string();
            Once::new("message", key, &[&session, agent.as_str(), &body, "agreed"])
        });
        let input = CallInput::AgentText { agent: agent.clone(), body, agreed: true };
        self.step_call(session, input, Along { once, ..Along::default() }).await
    }

    /// How a call stands.
    pub async fn call_state(&self, session: SessionId) -> Result<CallState, EngineError> {
        let (_, call) = self.load_call(session).await?;
        Ok(CallState {
            session,
            call: call.telephony_id().clone(),
            status: call.status().word(),
            queue: call.queue().cloned(),
            asked: call.asked().cloned(),
            chosen: call.chosen().cloned(),
            entry_point: call.entry_point(),
            instead: call.instead().to_vec(),
            slot: call.slot(),
            going_on_by_text: call.going_on_in().is_some(),
            app: call.app(),
            ended: call.end_reason(),
            language: call.language(),
        })
    }

    async fn load_call(&self, session: SessionId) -> Result<(Version, Call), EngineError> {
        let loaded = self.parts.store.load(&self.id, session).await?;
        let (_, _, stored) = loaded.ok_or(EngineError::UnknownSession(session))?;
        match Call::from_stored(&stored.state) {
            Err(StoredFormError::OtherKind { .. }) => Err(Refusal::NotACall.into()),
            call => Ok((stored.version, call?)),
        }
    }

    /// What happens to any session, where it is a call.
    pub(super) async fn apply_to_call(
        &self,
        session: SessionId,
        input: Input,
        once: Option<&Once>,
    ) -> Result<(), EngineError> {
        let input = match input {
            Input::TimePassed => CallInput::TimePassed,
            Input::ClockSetBack { by } => CallInput::ClockSetBack { by },
            Input::AgentText { agent, body } => CallInput::AgentText { agent, body, agreed: false },
            Input::EndedBySupervisor => CallInput::EndedBySupervisor,
            // A telephony that never says that a call is over does not keep its agent for ever.
            Input::EndedByAgent { agent } => {
                let (_, call) = self.load_call(session).await?;
                match call.agent() {
                    Some(assigned) if *assigned == agent => CallInput::Ended { by: HungUp::Agent },
                    Some(assigned) => {
                        return Err(Refusal::NotYours { assigned: assigned.clone() }.into());
                    }
                    None => return Err(Refusal::NotAssigned.into()),
                }
            }
            _ => return Err(Refusal::NotAChat.into()),
        };
        let along = Along { once: once.cloned(), ..Along::default() };
        self.step_call(session, input, along).await
    }

    /// One step of a stored call: load, handle, commit, again if somebody else was faster.
    async fn step_call(
        &self,
        id: SessionId,
        input: CallInput,
        along: Along,
    ) -> Result<(), EngineError> {
        let center = self.center();
        retried(|| self.step_call_once(&center, id, &input, &along)).await
    }

    async fn step_call_once(
        &self,
        center: &Center,
        id: SessionId,
        input: &CallInput,
        along: &Along,
    ) -> Result<(), EngineError> {
        if let Some(once) = &along.once
            && self.answer_of_before(once).await?.is_some()
        {
            return Ok(());
        }
        let config = center.call_config();
        let (version, mut call) = self.load_call(id).await?;
        let now = self.now();
        let own = Line { consumer: call.consumer(), number: call.number() };
        let known = self.parts.store.find(&self.id, own).await?.known;
        let to = match input {
            CallInput::Queued { queue } => Some(queue),
            _ => call.queue(),
        };
        let consent = center.consent(own.number, &known);
        let desk = self.desk(center, &call, to, &consent, now).await?;
        let (line, known) = match agrees_to_chat(&config, &call, input) {
            Some(number) => {
                let line = Line { number, ..own };
                (line, self.parts.store.find(&self.id, line).await?.known)
            }
            None => (own, known),
        };
        let scheduled = call.is_scheduled().then(|| call.clone());
        let step = call.handle(&config, &desk, input.clone(), now);
        let refused = || step.refused.clone().map_or(Ok(()), |refusal| Err(refusal.into()));
        if step.events.is_empty() && along.events.is_empty() {
            return refused();
        }
        let mut draft = self.draft(center, line, now, known, None);
        draft.subject = Some(id);
        draft.events.clone_from(&along.events);
        draft.finished.clone_from(&along.finished);
        if let Some(once) = along.once.as_ref().filter(|_| step.refused.is_none()) {
            draft.items.push(once.answered(id.to_string(), now)?);
        }
        draft.slots.extend(scheduled.and_then(|before| scheduled::freed(&before, &call)));
        draft.pressed = match input {
            CallInput::KeyPressed { key, .. } => Some(*key),
            _ => None,
        };
        if says_agreed(input) && step.refused.is_none() {
            let call = call.telephony_id().to_string();
            draft.enter(Act::AgreedInCall, "told the agent, who said so", call.as_str());
        }
        if !step.events.is_empty() {
            self.remember_promise(&mut draft, &call, &step.events).await?;
            draft.with_call(version, call, &config, step.events.clone());
        }
        let events = self.store_draft(draft, along.inbox.clone()).await?;
        self.follow(events.unwrap_or_default()).await?;
        refused()
    }
}
