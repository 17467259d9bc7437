//! The chat that a caller was promised (SMS-31). It is remembered on the line of the chat, in the commit that sends the
//! text about it, so that it begins in the chosen queue whichever comes first: the consumer's text, a report of the
//! delivery or of a failure, the hang-up, or a restart.

use chrono::TimeDelta;
use frontdesk_sms::{Call, CallInput, Opening, Session};
use frontdesk_types::{EndReason, Event, Fact, Instant, Purpose, SessionId, SessionType};

use super::Along;
use crate::{
    Center,
    engine::{Engine, EngineError, draft::Draft, surroundings::Surroundings},
    store::{Line, PromisedChat},
};

/// How long a text of the consumer still answers the promise: providers give up delivering after less.
const PROMISE_HOLDS: TimeDelta = TimeDelta::hours(24);

impl Engine {
    /// Remembers the chat that the step of a call has promised on the draft's line, if it has.
    pub(super) async fn remember_promise(
        &self,
        draft: &mut Draft,
        call: &Call,
        events: &[Event],
    ) -> Result<(), EngineError> {
        let says_so = |event: &Event| {
            matches!(event.fact, Fact::OutboundMessage { purpose: Purpose::Deflection, .. })
        };
        let Some((queue, number)) = call.going_on_in() else { return Ok(()) };
        if number != draft.line.number || !events.iter().any(says_so) {
            return Ok(());
        }
        let (call, queue, language) = (call.id(), queue.clone(), call.language());
        let (chat, at) = (self.next_session_id().await?, draft.at);
        let promised = Some(PromisedChat { call, chat, queue, language, at });
        draft.remember(|memory| memory.promised = promised);
        Ok(())
    }

    /// The session of the chat that a call has promised; a new one for promises of older versions.
    pub(super) async fn promised_session(&self, call: &Call) -> Result<SessionId, EngineError> {
        if let Some((_, number)) = call.going_on_in() {
            let line = Line { consumer: call.consumer(), number };
            let memory = self.parts.store.find(&self.id, line).await?.known.memory.1;
            let ours = |promised: &PromisedChat| promised.call == call.id();
            if let Some(promised) = memory.promised.filter(ours) {
                return Ok(promised.chat);
            }
        }
        Ok(self.next_session_id().await?)
    }

    /// A text of the consumer on a line without a session: the chat that they were promised there begins with it.
    pub(in crate::engine) async fn keep_promise(
        &self,
        center: &Center,
        draft: &mut Draft,
    ) -> Result<(), EngineError> {
        let Some(promised) = draft.memory().promised.clone() else { return Ok(()) };
        draft.forget_promise();
        if draft.consent().is_opted_out() || promised.at + PROMISE_HOLDS <= draft.at {
            return Ok(());
        }
        let call = match self.load_call(promised.call).await {
            Ok((_, call)) => call,
            Err(EngineError::UnknownSession(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        match call.end_reason() {
            None => {
                let answered = CallInput::Answered {
                    queue: promised.queue.clone(),
                    number: draft.line.number,
                    chat: promised.chat,
                };
                match Box::pin(self.step_call(promised.call, answered, Along::default())).await {
                    Ok(()) | Err(EngineError::Refused(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            Some(EndReason::DeflectedToText) => {}
            // An agent has helped them on the phone: the matter is over.
            Some(_) if call.agent().is_some() => return Ok(()),
            Some(_) => {}
        }
        if self.parts.store.load(&self.id, promised.chat).await?.is_none() {
            self.begin_promised(center, draft, &promised);
        }
        Ok(())
    }

    /// The chat waits in its queue.
    pub(super) fn begin_promised(
        &self,
        center: &Center,
        draft: &mut Draft,
        promised: &PromisedChat,
    ) {
        let PromisedChat { call, chat, queue, language, at: _ } = promised;
        let opening = Opening {
            id: *chat,
            consumer: draft.line.consumer,
            support_number: draft.line.number,
            home: center.home(draft.line.number).unwrap_or(queue).clone(),
            language: *language,
            opt_in_text_due: false,
            session_type: SessionType::Inbound,
            ticket: None,
        };
        let now: Instant = draft.at;
        let view = Surroundings::new(self, center, now, None);
        let (session, events) = Session::start_deflected(&center.sms, &view, opening, queue, now);
        draft.begin(session, events, false);
        draft.emit(Fact::ContinuedFromCall { call: *call });
    }
}
