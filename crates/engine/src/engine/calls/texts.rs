//! Texts beside calls: what callers write, what becomes of what they are sent, and the chats that they go on in.

use frontdesk_sms::{Call, CallInput, Text};
use frontdesk_types::{Delivery, Event, Fact, Instant};

use super::{
    Along,
    desk::{CallDesk, known},
};
use crate::{
    Center, DeliveryReport,
    engine::{Engine, EngineError, draft::Draft, retried},
    store::{
        InboxMark, Lease, Line, NewWork, Outcome, PromisedChat, StoreError, StoredSession, Task,
        Urgency, Work, WorkId,
    },
};

impl Engine {
    /// A call beside which something is written. Where its time had come before, that comes first, and a
    /// conflict says that everything must be looked at again.
    pub(in crate::engine) async fn call_in_time(
        &self,
        center: &Center,
        stored: &StoredSession,
        now: Instant,
    ) -> Result<Call, EngineError> {
        let call = Call::from_stored(&stored.state)?;
        let deadline = call.next_deadline(&center.call_config());
        if deadline.is_some_and(|deadline| deadline <= now) {
            let along = Along::default();
            Box::pin(self.step_call(call.id(), CallInput::TimePassed, along)).await?;
            return Err(StoreError::Conflict.into());
        }
        Ok(call)
    }

    /// A delivery report of a text that a call may wait for. True if it was such a text, and is recorded.
    pub(in crate::engine) async fn delivery_in_call(
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
        let chat = self.promised_session(&Call::from_stored(&stored.state)?).await?;
        let input = CallInput::Delivery { id: report.id.clone(), arrived, chat };
        let along = Along { events: vec![event], inbox, finished, once: None };
        match self.step_call(session, input, along).await {
            Ok(()) | Err(EngineError::Refused(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// The chat of a caller who goes on by text waits in its queue (SMS-31). Done again, it is there already.
    pub(in crate::engine) async fn begin_deflected(&self, work: &Work) -> Result<(), EngineError> {
        let Task::BeginDeflected { line, .. } = &work.work.task else { return Ok(()) };
        let _turn = self.lines[Self::slot(line)].lock().await;
        retried(|| self.begin_deflected_once(work)).await
    }

    async fn begin_deflected_once(&self, work: &Work) -> Result<(), EngineError> {
        let Task::BeginDeflected { chat, call, line, queue, language } = &work.work.task else {
            return Ok(());
        };
        let center = self.center();
        let now = self.now();
        let found = self.parts.store.find(&self.id, *line).await?;
        let mut draft = self.draft(&center, *line, now, found.known, None);
        draft.finished = Some((work.id, work.lease, Outcome::Done));
        draft.forget_promise();
        // They may have written, or opted out, in the meantime; the chat may be over already.
        let is_new = self.parts.store.load(&self.id, *chat).await?.is_none();
        if is_new && found.session.is_none() && !draft.consent().is_opted_out() {
            let promised = PromisedChat {
                call: *call,
                chat: *chat,
                queue: queue.clone(),
                language: *language,
                at: now,
            };
            self.begin_promised(&center, &mut draft, &promised);
        }
        let events = self.store_draft(draft, None).await?;
        self.follow(events.unwrap_or_default()).await
    }
}

/// What the caller texts is kept, and is before the agent (SMS-29, SMS-30).
pub(in crate::engine) fn text_beside_call(center: &Center, draft: &mut Draft, text: Text) {
    let Some((version, mut call)) = draft.beside.take() else { return };
    let config = center.call_config();
    let consent = known(draft.consent());
    // A text puts no question, so that nothing is offered.
    let (now, language) = (draft.at, call.language());
    let desk = CallDesk { center, now, language, consent, chat_is_free: false };
    let step =
        call.handle(&config, &desk, CallInput::ConsumerText(text, draft.automatic), draft.at);
    draft.with_call(version, call, &config, step.events);
}

/// What a step of a call asks for besides sending texts.
pub(in crate::engine) fn work_of(call: &Call, event: &Event) -> Option<NewWork> {
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
        urgency: Urgency::Answer,
    })
}
