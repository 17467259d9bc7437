//! What a call sees of the rest of the center.

use frontdesk_hours::{Answer, Medium, Visit};
use frontdesk_sms::{Call, CallArrival, CallConfig, CallInput, CallView, TextConsent};
use frontdesk_tendlc::{Consent, Standing};
use frontdesk_types::{Channel, Instant, Language, QueueId, SupportNumber};

use crate::{
    Center,
    engine::{Engine, EngineError},
    store::Line,
};

/// What a call sees during one step.
pub(super) struct CallDesk<'a> {
    pub(super) center: &'a Center,
    pub(super) now: Instant,
    /// What the caller speaks.
    pub(super) language: Language,
    /// Of the call's number.
    pub(super) consent: TextConsent,
    /// Whether a chat may begin on the number that callers go on at.
    pub(super) chat_is_free: bool,
}

impl CallView for CallDesk<'_> {
    fn takes_chat(&self, queue: &QueueId, _: SupportNumber) -> bool {
        let open = self.center.is_open(queue, Visit::by_text(self.language), self.now);
        self.chat_is_free && open && self.center.agents_of(queue).next().is_some()
    }

    fn may_go_on_at(&self, _: SupportNumber) -> bool {
        self.chat_is_free
    }

    fn arrival(&self, queue: &QueueId, entry_point: Channel) -> CallArrival {
        let visit = Visit { medium: Medium::Call, entry_point, language: self.language };
        let offers = match self.center.answer(queue, visit, self.now) {
            Answer::Menu => return CallArrival::Here,
            Answer::Open { queue: open } if open == *queue => return CallArrival::Here,
            Answer::Open { queue } => return CallArrival::Elsewhere(queue),
            Answer::Deflected { deflection, .. } => deflection.offers().to_vec(),
            Answer::Closed => Vec::new(),
        };
        let holiday = self.center.holiday(queue, visit, self.now).map(Into::into);
        CallArrival::Closed { offers, holiday }
    }

    fn consent(&self) -> TextConsent {
        self.consent
    }
}

pub(super) fn known(consent: &Consent) -> TextConsent {
    TextConsent {
        opted_out: consent.is_opted_out(),
        given: consent.standing() != Standing::Unknown,
        opt_in_text_due: consent.opt_in_text_due(),
    }
}

impl Engine {
    /// `queue` is where the caller waits after the step.
    pub(super) async fn desk<'a>(
        &self,
        center: &'a Center,
        call: &Call,
        queue: Option<&QueueId>,
        consent: &Consent,
        now: Instant,
    ) -> Result<CallDesk<'a>, EngineError> {
        let number = chat_number(&center.call_config(), call, queue);
        let chat_is_free = match number {
            Some(number) => {
                let line = Line { consumer: call.consumer(), number };
                let found = self.parts.store.find(&self.id, line).await?;
                let consent = center.consent(number, &found.known);
                found.session.is_none() && !consent.is_opted_out()
            }
            // Where the caller has yet to reach a queue, nothing is offered.
            None => true,
        };
        Ok(CallDesk {
            center,
            now,
            language: call.language(),
            consent: known(consent),
            chat_is_free,
        })
    }
}

/// The number that the caller would go on at, or is about to.
fn chat_number(config: &CallConfig, call: &Call, queue: Option<&QueueId>) -> Option<SupportNumber> {
    if let Some((_, number)) = call.going_on_in() {
        return Some(number);
    }
    let rules = config.queues.get(queue?)?;
    rules.deflection.as_ref().map(|rule| rule.number)
}

/// Who agrees to a chat agrees to texts of the chat's number: that number, where a key may be such an answer.
pub(super) fn agrees_to_chat(
    config: &CallConfig,
    call: &Call,
    input: &CallInput,
) -> Option<SupportNumber> {
    let CallInput::KeyPressed { question, key } = input else { return None };
    let asked = call.asked().filter(|asked| asked.question == *question)?;
    if asked.agrees_to_chat(*key) { chat_number(config, call, call.queue()) } else { None }
}

/// The agent says with this that the caller agreed to be texted.
pub(super) fn says_agreed(input: &CallInput) -> bool {
    matches!(
        input,
        CallInput::AgentText { agreed: true, .. } | CallInput::AppLink { agreed: true, .. }
    )
}
