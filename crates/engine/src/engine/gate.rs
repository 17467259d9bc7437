//! What the gate is asked of a text that is about to leave (DLC-4).

use frontdesk_sms::segments::Segmenter;
use frontdesk_tendlc::{
    ContentType, Counters, Decision, Outgoing, Place, Recipient, Sending, gate, is_first, limits,
};
use frontdesk_types::{Fact, Instant, SessionType};

use super::{Engine, EngineError, chat};
use crate::{
    OutgoingText,
    store::{EventQuery, Found, Record},
};

impl Engine {
    /// Asks the gate, with what holds at this instant. What may leave is counted.
    pub(super) async fn decide(
        &self,
        text: &OutgoingText,
        kind: ContentType,
        found: &Found,
        scrub_again: Option<Instant>,
    ) -> Result<Decision, EngineError> {
        let now = self.now();
        let OutgoingText { id, line, purpose, body } = text;
        let id = &id.message;
        let center = self.center();
        let answers = kind == ContentType::Conversational && consumer_opened(found);
        let mut sending = center.sending(line.number, now);
        sending.campaign = self.registered(&center, line.number, sending.campaign);
        let consumer = &found.known.consumer.1;
        let membership = center.membership(line.number);
        let consent = membership.consent(consumer);
        let first = is_first(kind, &consent);
        let judged = center.compliance.judged(line.number, (body, *purpose, kind), first, now);
        // A number that changed hands gets nothing but answers to whoever has it now.
        let changed = consumer.scrubs.iter().any(|scrub| scrub.result.ends_number());
        let asked_for = changed || answers && judged.advertises();
        let last_word = if asked_for { self.last_word(found).await? } else { None };
        let message = Outgoing {
            id,
            purpose: *purpose,
            kind,
            body,
            segments: Segmenter::default().count(body).segments,
            media: false,
            answers,
            last_word,
            number: line.number,
            judged: Some(&judged),
        };
        let place = Place::of(line.consumer, consumer.address);
        // Nobody asks for it where consent is revoked now, and a confirmation of that has no time for it.
        let revoked_since = if consent.is_opted_out() {
            None
        } else {
            self.revoked_since(text, &membership, consumer, sending.rules).await?
        };
        // A process that ended may have begun with this text: it does not count against itself.
        let others = consumer.solicited.iter().filter(|before| !before.is_of(id));
        let solicited: Vec<Instant> = others.map(|before| before.at).collect();
        let recipient = Recipient {
            consent: &consent,
            revoked_elsewhere: membership.revoked_elsewhere(consumer),
            revoked_since,
            blocked: self.is_blocked(line.consumer),
            help_answer: found.known.memory.1.help_answer(),
            place: &place,
            carrier: consumer.carrier.and_then(|answer| answer.carrier),
            solicited: &solicited,
            purchased: consumer.purchased,
            scrubs: &consumer.scrubs,
            scrub_again,
        };
        let every = limits(&message, &recipient, &sending.rates);
        let decide = |counters: &Counters, now| {
            let leaves = Sending {
                campaign: sending.campaign,
                number: sending.number,
                rates: &sending.rates,
                counters,
            };
            gate(&message, &recipient, &leaves, now, sending.rules)
        };
        let shared = (self.store(), &self.id);
        Ok(self.pace.decide(shared, &every, message.segments, || self.now(), decide).await?)
    }

    /// When the consumer last wrote in the chat that is open. Only an offer in a conversation asks for it.
    async fn last_word(&self, found: &Found) -> Result<Option<Instant>, EngineError> {
        let session = found.session.as_ref().and_then(|stored| chat(&stored.state).ok());
        let Some(session) = session else { return Ok(None) };
        let of_session = EventQuery::OfSession(session.id());
        Ok(last_word_in(&self.parts.store.events(&self.id, of_session).await?))
    }
}

/// When a consumer last wrote, by the events of their session.
fn last_word_in(records: &[Record]) -> Option<Instant> {
    let events = records.iter().flat_map(|record| &record.events);
    let words = events.filter(|event| matches!(event.fact, Fact::InboundMessage { .. }));
    words.map(|event| event.at).max()
}

/// Whether the consumer began the conversation that is under way.
fn consumer_opened(found: &Found) -> bool {
    let session = found.session.as_ref().and_then(|stored| chat(&stored.state).ok());
    session.is_none_or(|session| {
        matches!(session.session_type(), SessionType::Inbound | SessionType::InboundDirect)
    })
}
