//! What is answered outside of a session's own messages: commands, notices, texts that may be revocations.

use compact_str::CompactString;
use frontdesk_sms::{MessageKind, Text};
use frontdesk_tendlc::Act;
use frontdesk_types::{Fact, Language, Purpose, QueueId, SupportNumber, Template, Variable};

use super::{Inbound, draft::Draft};
use crate::{Center, config::PossibleRevocation};

/// How many sessions a consumer may begin in an hour before automatic messages stay behind: more than
/// people do, less than two answering machines.
const MAX_STARTS: u32 = 20;

/// Counts what a consumer begins in an hour: automatic messages stay behind when it is more than people do.
pub(super) fn mute_machines(draft: &mut Draft) {
    let hour = draft.at.timestamp().div_euclid(3600);
    let starts = match draft.memory().starts {
        (then, count) if then == hour => count + 1,
        _ => 1,
    };
    draft.remember(|memory| memory.starts = (hour, starts));
    draft.muted = starts > MAX_STARTS;
}

/// The default answer; no session, and no agent (SMS-34).
pub(super) fn answer_reply_to_notice(
    center: &Center,
    draft: &mut Draft,
    text: Text,
    inbound: &Inbound,
) {
    mute_machines(draft);
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

/// Kept, and nothing else.
pub(super) fn ignore(draft: &mut Draft, text: Text) {
    let provider_id = text.provider_id.clone();
    keep(draft, text);
    draft.emit(Fact::Ignored { provider_id });
}

pub(super) fn keep(draft: &mut Draft, text: Text) {
    let Text { provider, provider_id, body, media } = text;
    draft.emit(Fact::InboundMessage { provider_id, provider, body, media });
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

pub(super) fn opt_in(
    center: &Center,
    draft: &mut Draft,
    text: Text,
    word: &CompactString,
    inbound: &Inbound,
) {
    let confirmation = inbound.reply_id();
    let language = language(center, draft);
    keep(draft, text);
    let confirm = !inbound.answered_by_provider;
    let act = Act::OptedIn {
        word: word.to_string(),
        confirmation: confirm.then(|| confirmation.clone()),
    };
    draft.enter(act, &inbound.body, &inbound.id);
    draft.emit(Fact::OptedIn { word: word.clone() });
    if confirm {
        let body = registered(center, draft.line.number, MessageKind::OptInConfirmation, language);
        draft.reply(confirmation, Purpose::OptInConfirmation, body);
    }
}

/// HELP is answered in any state and changes none (SMS-13); nobody who has opted out is answered
/// (SMS-11: "from then on nothing at all").
pub(super) fn help(
    center: &Center,
    draft: &mut Draft,
    text: Text,
    word: &CompactString,
    inbound: &Inbound,
) {
    let language = language(center, draft);
    keep(draft, text);
    draft.emit(Fact::HelpAsked { word: word.clone() });
    if !draft.consent().is_opted_out() && !inbound.answered_by_provider {
        let body = registered(center, draft.line.number, MessageKind::Help, language);
        draft.reply(inbound.reply_id(), Purpose::Help, body);
    }
}
