//! What is answered outside of a session's own messages: commands, notices, texts that may be revocations.

use chrono::TimeDelta;
use compact_str::CompactString;
use frontdesk_sms::{Input, Keyword, MessageKind, Text};
use frontdesk_tendlc::Act;
use frontdesk_types::{
    Delivery, Fact, IgnoredReason, Language, Purpose, QueueId, SupportNumber, Template, Variable,
};

use super::{
    Engine, EngineError, Inbound, calls::text_beside_call, draft::Draft, meaning::Meaning,
};
use crate::{
    Center,
    config::PossibleRevocation,
    store::{EventQuery, HelpAnswer, Helped},
};

/// The least time between two answers to HELP to a consumer who has opted out (SMS-13): from when the last one left, or was asked for,
/// to when the next is asked for.
const HELPED_AGAIN: TimeDelta = TimeDelta::hours(24);

/// The default answer; no session, and no agent (SMS-34).
pub(super) fn answer_reply_to_notice(
    center: &Center,
    draft: &mut Draft,
    text: Text,
    inbound: &Inbound,
) {
    keep(draft, text);
    let body = message(center, None, MessageKind::NotificationReply, center.default_language());
    draft.reply(inbound.reply_id(), Purpose::NotificationReply, body);
}

/// The agent sees it, and by setting the consumer is asked (SMS-16). Outside of a session the answer that
/// they get says how to opt out already.
pub(super) fn suspect(center: &Center, draft: &mut Draft, rule: &CompactString, phrase: &str) {
    draft.emit(Fact::RevocationSuspected { rule: rule.clone(), phrase: phrase.to_owned() });
    if center.possible_revocation != PossibleRevocation::Ask {
        return;
    }
    let body = message(center, None, MessageKind::OptOutQuestion, language(center, draft));
    if let Some((_, session)) = &mut draft.session {
        let id = session.reserve_message();
        draft.session_changed = true;
        draft.reply(id, Purpose::OptOutQuestion, body);
    }
}

/// Kept with the line, or beside the call, and nothing else: a session does not see it.
pub(super) fn ignore(center: &Center, draft: &mut Draft, text: Text, reason: IgnoredReason) {
    let (provider_id, provider) = (text.provider_id.clone(), text.provider.clone());
    if draft.beside.is_some() {
        text_beside_call(center, draft, text);
    } else {
        draft.subject = None;
        keep(draft, text);
    }
    draft.emit(Fact::Ignored { provider_id, provider, reason: Some(reason) });
}

pub(super) fn keep(draft: &mut Draft, text: Text) {
    let automatic = draft.automatic;
    draft.emit(text.into_fact(automatic));
}

pub(super) fn language(center: &Center, draft: &Draft) -> Language {
    let session = draft.session.as_ref();
    session.map_or_else(|| center.default_language(), |(_, session)| session.language())
}

/// A predefined message, of a queue where it has its own.
pub(super) fn message(
    center: &Center,
    queue: Option<&QueueId>,
    kind: MessageKind,
    language: Language,
) -> String {
    rendered(center, center.sms.template(queue, kind, language))
}

/// The reply to a command word, as registered with the number's campaign (DLC-7).
pub(super) fn registered(
    center: &Center,
    number: SupportNumber,
    kind: MessageKind,
    language: Language,
) -> String {
    rendered(center, center.reply(number, kind, language))
}

fn rendered(center: &Center, template: Option<&Template>) -> String {
    let company = || Some(center.company.as_str().into());
    template
        .map(|template| {
            template.render(|variable| match variable {
                Variable::CompanyName => company(),
                Variable::EndUser => Some("Customer".into()),
                _ => None,
            })
        })
        .unwrap_or_default()
}

impl Engine {
    /// What a command says is kept where it belongs: with the session, where it counts for timers like any text, with the
    /// call, or with the line.
    pub(super) fn keep_command(&self, center: &Center, draft: &mut Draft, text: Text) {
        if draft.session.is_some() {
            self.continue_session(center, draft, Input::Command(text));
        } else if draft.beside.is_some() {
            text_beside_call(center, draft, text);
        } else {
            keep(draft, text);
        }
    }

    /// Whether a word of consent answers an opt-in message: the last one to the consumer, which has left (SMS-12).
    pub(super) async fn was_asked_to_opt_in(
        &self,
        meaning: &Meaning,
        draft: &Draft,
    ) -> Result<bool, EngineError> {
        let says_so =
            matches!(meaning, Meaning::Command(Keyword::OptIn | Keyword::OptInIfAsked, _));
        let Some(message) = draft.memory().opt_in_asked.as_ref().filter(|_| says_so) else {
            return Ok(false);
        };
        let Some(session) = message.session() else { return Ok(false) };
        let records = self.store().events(&self.id, EventQuery::OfSession(session)).await?;
        // Their answer proves that it has left, unless it is known that it has not, or that another one has left since.
        let mut asked = true;
        for event in records.iter().flat_map(|record| &record.events) {
            if let Fact::Delivery { id, delivery } = &event.fact {
                let left = matches!(delivery, Delivery::Accepted { .. } | Delivery::Delivered);
                asked = if id == message { left } else { asked && !left };
            }
        }
        Ok(asked)
    }

    /// A word of consent (SMS-12): an answer to an opt-in message, or the way back after a revocation.
    pub(super) fn opt_in(
        &self,
        center: &Center,
        draft: &mut Draft,
        text: Text,
        word: &CompactString,
        inbound: &Inbound,
        asked: bool,
    ) {
        let confirmation = inbound.reply_id();
        let language = language(center, draft);
        self.keep_command(center, draft, text);
        let confirm = !inbound.answered_by_provider;
        let act = Act::OptedIn {
            word: word.to_string(),
            confirmation: confirm.then(|| confirmation.clone()),
            asked,
        };
        draft.enter(act, &inbound.body, inbound.id.as_str());
        draft.emit(Fact::OptedIn { word: word.clone() });
        if confirm {
            let body =
                registered(center, draft.line.number, MessageKind::OptInConfirmation, language);
            draft.reply(confirmation, Purpose::OptInConfirmation, body);
        }
    }

    /// HELP is answered in any state and changes none. A consumer who has opted out is answered, too, once in a day: it is
    /// their own question (SMS-13).
    pub(super) fn help(
        &self,
        center: &Center,
        draft: &mut Draft,
        text: Text,
        word: &CompactString,
        inbound: &Inbound,
    ) {
        let language = language(center, draft);
        self.keep_command(center, draft, text);
        draft.emit(Fact::HelpAsked { word: word.clone() });
        if inbound.answered_by_provider {
            return;
        }
        let answer = inbound.reply_id();
        if draft.has_revoked() {
            let at = draft.at;
            let helped_before = draft.memory().helped.as_ref();
            let lately = helped_before.is_some_and(|helped| {
                helped.state != HelpAnswer::Failed && at < helped.at + HELPED_AGAIN
            });
            if draft.consent().is_opted_out() && lately {
                return;
            }
            let helped = Helped { at, answer: Some(answer.clone()), state: HelpAnswer::Waiting };
            draft.remember(|memory| memory.helped = Some(helped));
        }
        let body = registered(center, draft.line.number, MessageKind::Help, language);
        draft.reply(answer, Purpose::Help, body);
    }
}
