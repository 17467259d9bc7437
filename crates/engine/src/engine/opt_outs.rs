//! Revocations that no text of the consumer to the number brought: the carrier refuses (error 21610 and its like), or
//! consent was taken back on another number or in a list. They end the session, too (SMS-11).

use frontdesk_sms::{Call, Input, Refusal, Session, Step};
use frontdesk_tendlc::Act;
use frontdesk_types::{Fact, MessageId};

use super::{Engine, EngineError, chat, draft::Draft, retried, surroundings::Surroundings};
use crate::{Center, store::Line};

impl Engine {
    /// The carrier knows of an opt-out that we do not (citizenlab PR 14473): now we do. The chat on the line ends, and is
    /// offered to nobody any more.
    pub(super) async fn record_carrier_opt_out(
        &self,
        line: Line,
        message: &MessageId,
    ) -> Result<(), EngineError> {
        let center = &self.center();
        // It is a revocation like any other: nothing begins until it is committed.
        let closed = self.departures.revoke(Self::slot(line.consumer));
        let events = retried(|| async move {
            let now = self.now();
            let found = self.parts.store.find(&self.id, line).await?;
            let session = match found.session {
                Some(stored) if !Call::is_stored(&stored.state) => {
                    Some((stored.version, chat(&stored.state)?))
                }
                _ => None,
            };
            let mut draft = self.draft(center, line, now, found.known, session);
            draft.subject = draft.subject.or(message.session());
            let known = draft.consent().is_opted_out();
            if known && draft.session.is_none() {
                return Ok(None);
            }
            self.end_opted_out(center, &mut draft);
            if !known {
                draft.enter(Act::CarrierOptedOut, "", message.as_str());
                draft.emit(Fact::OptedOut { word: "carrier".into() });
            }
            draft.forget_promise();
            self.store_draft(draft, None).await
        })
        .await?;
        drop(closed);
        Box::pin(self.follow(events.unwrap_or_default())).await
    }

    /// The draft's chat ends as opted out.
    fn end_opted_out(&self, center: &Center, draft: &mut Draft) {
        let view = Surroundings::new(self, center, draft.at, None);
        let Some((_, session)) = &mut draft.session else { return };
        let step = session.handle(&center.sms, &view, Input::OptedOutElsewhere, draft.at);
        draft.events.extend(step.events);
        draft.session_changed = true;
    }

    /// What an input leads to in a chat. The chat of a consumer who may not be texted any more ends, whatever the input is.
    pub(super) fn step_chat(
        &self,
        center: &Center,
        view: &Surroundings<'_>,
        session: &mut Session,
        input: Input,
        opted_out: bool,
    ) -> Step {
        let now = self.now();
        if !opted_out || session.end_reason().is_some() {
            return session.handle(&center.sms, view, input, now);
        }
        let step = session.handle(&center.sms, view, Input::OptedOutElsewhere, now);
        let refused = (!matches!(input, Input::TimePassed)).then_some(Refusal::OptedOut);
        Step { refused, ..step }
    }
}
