//! Texts beside phone calls (SMS-29 to SMS-31, SMS-35): the host's telephony tells what happens to calls, and reads
//! from their state what to ask callers and when to hang up.

use frontdesk_sms::{
    App, Asked, Call, CallConfig, CallInput, CallOpening, CallView, Input, Opening, Refusal,
    Session, StoredFormError, Text, TextConsent,
};
use frontdesk_tendlc::{Act, Consent, Standing};
use frontdesk_types::{
    CallId, Delivery, EndReason, Event, Fact, HungUp, Instant, Language, PhoneNumber, QueueId,
    SessionId, SessionType, SupportNumber,
};

use super::{
    DeliveryReport, Engine, EngineError, OutboundRefusal, TRIES, draft::Draft,
    surroundings::Surroundings,
};
use crate::{
    Center,
    config::Calls,
    store::{
        InboxMark, Lease, Line, NewWork, Outcome, StoreError, StoredSession, Task, Version, Work,
        WorkId,
    },
};

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
}

/// A call as the telephony needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallState {
    /// Its session.
    pub session: SessionId,
    /// The telephony's id of it.
    pub call: CallId,
    /// `menu`, `waiting`, `connected`, `leaving`, `finished` or `failed`.
    pub status: &'static str,
    /// The queue it waits in or was taken from.
    pub queue: Option<QueueId>,
    /// What the caller is to be asked.
    pub asked: Option<Asked>,
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
}

/// What a call sees of the rest of the center during one step.
struct CallDesk<'a> {
    center: &'a Center,
    now: Instant,
    /// Of the call's number.
    consent: TextConsent,
    /// Whether a chat may begin on the number that callers go on at.
    chat_is_free: bool,
}

impl CallView for CallDesk<'_> {
    fn takes_chat(&self, queue: &QueueId, _: SupportNumber) -> bool {
        let open = self.center.hours(queue).is_none_or(|week| week.is_open(self.now));
        self.chat_is_free && open && !self.center.agents_of(queue).is_empty()
    }

    fn consent(&self) -> TextConsent {
        self.consent
    }
}

fn known(consent: &Consent) -> TextConsent {
    TextConsent {
        opted_out: consent.is_opted_out(),
        given: consent.standing() != Standing::Unknown,
        opt_in_text_due: consent.opt_in_text_due(),
    }
}

impl Engine {
    /// A call reaches the center. Told again, it is the same session. Refused for numbers on the blocklist
    /// (SMS-38), for queues that are not configured, and where texts beside calls are off.
    pub async fn begin_call(&self, new: NewCall) -> Result<SessionId, EngineError> {
        let center = self.center();
        let calls = center.calls.as_ref().ok_or(OutboundRefusal::Off)?;
        if self.is_blocked(new.caller) {
            return Err(OutboundRefusal::Blocked.into());
        }
        if let Some(queue) = new.queue.as_ref().filter(|id| !calls.config.queues.contains_key(*id))
        {
            return Err(Refusal::NoSuchCallQueue { queue: queue.clone() }.into());
        }
        let line = Line { consumer: new.caller, number: calls.number };
        let _turn = self.lines[Self::slot(line)].lock().await;
        for _ in 0..TRIES {
            match self.begin_call_once(calls, line, &new).await {
                Err(EngineError::Store(StoreError::Conflict)) => {}
                other => return other,
            }
        }
        Err(StoreError::Conflict.into())
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
            // One telephone, one call: the end of the earlier one was not told.
            let by = HungUp::Network;
            Box::pin(self.step_call(open.id(), CallInput::Ended { by }, Along::default())).await?;
            return Err(StoreError::Conflict.into());
        }
        let opening = CallOpening {
            id: self.next_session_id().await?,
            call: new.call.clone(),
            consumer: new.caller,
            number: calls.number,
            language: new.language.unwrap_or_else(|| center.default_language()),
            takes_texts: new.takes_texts,
        };
        let (mut call, started) = Call::start(opening, now);
        let id = call.id();
        let consent = &found.memory.1.consent;
        let desk = self.desk(&center, &call, new.queue.as_ref(), consent, now).await?;
        let mut events = vec![started];
        let waits = new.queue.clone().map(|queue| CallInput::Queued { queue });
        let estimate = CallInput::WaitEstimated { minutes: new.wait_minutes };
        let waits = waits.into_iter().flat_map(|queued| [queued, estimate.clone()]);
        for input in waits {
            events.extend(call.handle(&calls.config, &desk, input, now).events);
        }
        let mut draft = Draft::new(line, now, found.memory, None);
        draft.with_call(0, call, &calls.config, events);
        let mark = InboxMark { provider: "call", id: new.call.to_string(), at: now };
        match self.store_draft(draft, Some(mark)).await? {
            Some(_) => Ok(id),
            // It was here, and is over.
            None => Err(Refusal::Ended.into()),
        }
    }

    /// Something happens to a call. The telephony then reads its state.
    pub async fn call(&self, session: SessionId, input: CallInput) -> Result<(), EngineError> {
        if let CallInput::Queued { queue } = &input {
            let center = self.center();
            let known = center.calls.as_ref().map(|calls| &calls.config.queues);
            if !known.is_some_and(|queues| queues.contains_key(queue)) {
                return Err(Refusal::NoSuchCallQueue { queue: queue.clone() }.into());
            }
        }
        if let CallInput::Connected { agent } = &input {
            self.known_agent(agent)?;
        }
        self.step_call(session, input, Along::default()).await
    }

    /// How a call stands.
    pub async fn call_state(&self, session: SessionId) -> Result<CallState, EngineError> {
        let (_, call) = self.load_call(session).await?;
        Ok(CallState {
            session,
            call: call.telephony_id().clone(),
            status: call.status().word(),
            queue: call.queue().cloned(),
            asked: call.asked(),
            app: call.app(),
            ended: call.end_reason(),
            language: call.language(),
        })
    }

    async fn load_call(&self, session: SessionId) -> Result<(StoredSession, Call), EngineError> {
        let loaded = self.parts.store.load(&self.id, session).await?;
        let (_, _, stored) = loaded.ok_or(EngineError::UnknownSession(session))?;
        let call = match Call::from_stored(&stored.state) {
            Err(StoredFormError::OtherKind { .. }) => return Err(Refusal::NotACall.into()),
            call => call?,
        };
        Ok((stored, call))
    }

    /// What happens to any session, where it is a call.
    pub(super) async fn apply_to_call(
        &self,
        session: SessionId,
        input: Input,
    ) -> Result<(), EngineError> {
        let input = match input {
            Input::TimePassed => CallInput::TimePassed,
            Input::AgentText { agent, body } => CallInput::AgentText { agent, body, agreed: false },
            // The telephony knows no better: a supervisor clears what it has lost.
            Input::EndedBySupervisor => CallInput::Ended { by: HungUp::Network },
            _ => return Err(Refusal::NotAChat.into()),
        };
        self.step_call(session, input, Along::default()).await
    }

    /// One step of a stored call: load, handle, commit, again if somebody else was faster.
    async fn step_call(
        &self,
        id: SessionId,
        input: CallInput,
        along: Along,
    ) -> Result<(), EngineError> {
        let center = self.center();
        let Some(calls) = &center.calls else { return Err(OutboundRefusal::Off.into()) };
        for _ in 0..TRIES {
            let (stored, mut call) = self.load_call(id).await?;
            let now = self.now();
            let own = Line { consumer: call.consumer(), number: call.number() };
            let found = self.parts.store.find(&self.id, own).await?;
            let to = match &input {
                CallInput::Queued { queue } => Some(queue),
                _ => call.queue(),
            };
            let consent = &found.memory.1.consent;
            let desk = self.desk(&center, &call, to, consent, now).await?;
            // Who agrees to a chat agrees to texts of the chat's number.
            let asked = call.asked().filter(|asked| asked.question.is_about_chat());
            let chat = asked.and_then(|_| chat_number(&calls.config, &call, call.queue()));
            let chat = chat.filter(|_| matches!(input, CallInput::KeyPressed { .. }));
            let (line, memory) = match chat {
                Some(number) => {
                    let line = Line { number, ..own };
                    (line, self.parts.store.find(&self.id, line).await?.memory)
                }
                None => (own, found.memory),
            };
            let agreed = matches!(
                input,
                CallInput::AgentText { agreed: true, .. } | CallInput::AppLink { agreed: true, .. }
            );
            let step = call.handle(&calls.config, &desk, input.clone(), now);
            if step.events.is_empty() && along.events.is_empty() {
                return step.refused.map_or(Ok(()), |refusal| Err(refusal.into()));
            }
            let mut draft = Draft::new(line, now, memory, None);
            draft.events.clone_from(&along.events);
            draft.finished.clone_from(&along.finished);
            draft.subject = Some(id);
            if agreed && step.refused.is_none() {
                let call = call.telephony_id().to_string();
                draft.enter(Act::AgreedInCall, "told the agent, who said so", &call);
            }
            if !step.events.is_empty() {
                draft.with_call(stored.version, call, &calls.config, step.events);
            }
            match self.store_draft(draft, along.inbox.clone()).await {
                Err(EngineError::Store(StoreError::Conflict)) => {}
                Ok(_) => return step.refused.map_or(Ok(()), |refusal| Err(refusal.into())),
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Conflict.into())
    }

    /// `queue` is where the caller waits after the step.
    async fn desk<'a>(
        &self,
        center: &'a Center,
        call: &Call,
        queue: Option<&QueueId>,
        consent: &Consent,
        now: Instant,
    ) -> Result<CallDesk<'a>, EngineError> {
        let config = center.calls.as_ref().map(|calls| &calls.config);
        let number = config.and_then(|config| chat_number(config, call, queue));
        let chat_is_free = match number {
            Some(number) => {
                let line = Line { consumer: call.consumer(), number };
                let found = self.parts.store.find(&self.id, line).await?;
                found.session.is_none() && !found.memory.1.consent.is_opted_out()
            }
            // Where the caller has yet to reach a queue, nothing is offered.
            None => true,
        };
        Ok(CallDesk { center, now, consent: known(consent), chat_is_free })
    }

    /// A call beside which something is written. Where its time had come before, that comes first, and a
    /// conflict says that everything must be looked at again.
    pub(super) async fn call_in_time(
        &self,
        center: &Center,
        stored: &StoredSession,
        now: Instant,
    ) -> Result<Call, EngineError> {
        let call = Call::from_stored(&stored.state)?;
        let deadline = center.calls.as_ref().and_then(|calls| call.next_deadline(&calls.config));
        if deadline.is_some_and(|deadline| deadline <= now) {
            let along = Along::default();
            Box::pin(self.step_call(call.id(), CallInput::TimePassed, along)).await?;
            return Err(StoreError::Conflict.into());
        }
        Ok(call)
    }

    /// A delivery report of a text that a call may wait for. True if it was such a text, and is recorded.
    pub(super) async fn delivery_in_call(
        &self,
        report: &DeliveryReport,
        finished: Option<(WorkId, Lease, Outcome)>,
        inbox: Option<InboxMark>,
    ) -> Result<bool, EngineError> {
        let Some(session) = report.id.session().filter(|_| self.center().calls.is_some()) else {
            return Ok(false);
        };
        let Some((_, _, stored)) = self.parts.store.load(&self.id, session).await? else {
            return Ok(false);
        };
        if !Call::is_stored(&stored.state) {
            return Ok(false);
        }
        let arrived = report.delivery == Delivery::Delivered;
        let event = Event {
            at: self.now(),
            fact: Fact::Delivery { id: report.id.clone(), delivery: report.delivery.clone() },
        };
        let chat = self.next_session_id().await?;
        let input = CallInput::Delivery { id: report.id.clone(), arrived, chat };
        let along = Along { events: vec![event], inbox, finished };
        match self.step_call(session, input, along).await {
            Ok(()) | Err(EngineError::Refused(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// The chat of a caller who goes on by text waits in its queue (SMS-31). Done again, it is there already.
    pub(super) async fn begin_deflected(&self, work: &Work) -> Result<(), EngineError> {
        let Task::BeginDeflected { chat, call, line, queue, language } = &work.work.task else {
            return Ok(());
        };
        let center = self.center();
        let _turn = self.lines[Self::slot(line)].lock().await;
        let now = self.now();
        let found = self.parts.store.find(&self.id, *line).await?;
        let mut draft = Draft::new(*line, now, found.memory, None);
        draft.finished = Some((work.id, work.lease, Outcome::Done));
        let home = center.home(line.number).unwrap_or(queue);
        // They may have written, or opted out, in the meantime.
        if found.session.is_none() && !draft.memory().consent.is_opted_out() {
            let opening = Opening {
                id: *chat,
                consumer: line.consumer,
                support_number: line.number,
                home: home.clone(),
                language: *language,
                opt_in_text_due: false,
                session_type: SessionType::Inbound,
                ticket: None,
            };
            let view = Surroundings::new(self, &center, now, None);
            let (session, events) =
                Session::start_deflected(&center.sms, &view, opening, queue, now);
            draft.begin(session, events, false);
            draft.emit(Fact::ContinuedFromCall { call: *call });
        }
        let events = self.store_draft(draft, None).await?;
        self.follow(events.unwrap_or_default()).await
    }
}

/// What the caller texts is kept, and is before the agent (SMS-29, SMS-30).
pub(super) fn text_beside_call(
    center: &Center,
    draft: &mut Draft,
    call: Option<(Version, Call)>,
    text: Text,
) {
    let (Some(calls), Some((version, mut call))) = (&center.calls, call) else { return };
    let consent = known(&draft.memory().consent);
    // A text puts no question, so that nothing is offered.
    let desk = CallDesk { center, now: draft.at, consent, chat_is_free: false };
    let step = call.handle(&calls.config, &desk, CallInput::ConsumerText(text), draft.at);
    draft.with_call(version, call, &calls.config, step.events);
}

/// The number that the caller would go on at, or is about to.
fn chat_number(config: &CallConfig, call: &Call, queue: Option<&QueueId>) -> Option<SupportNumber> {
    if let Some((_, number)) = call.going_on_in() {
        return Some(number);
    }
    let rules = config.queues.get(queue?)?;
    rules.deflection.as_ref().map(|rule| rule.number)
}

/// What a step of a call asks for besides sending texts.
pub(super) fn work_of(call: &Call, event: &Event) -> Option<NewWork> {
    let Fact::CallDeflected { queue, number, chat } = &event.fact else { return None };
    let line = Line { consumer: call.consumer(), number: *number };
    Some(NewWork {
        key: format!("{}-deflected", call.id()),
        lane: format!("deflected {}", call.id()),
        task: Task::BeginDeflected {
            chat: *chat,
            call: call.id(),
            line,
            queue: queue.clone(),
            language: call.language(),
        },
        not_before: event.at,
    })
}
