//! What the gate is asked of a text that is about to leave (DLC-4).

use chrono::TimeDelta;
use frontdesk_sms::segments::Segmenter;
use frontdesk_tendlc::{
    ContentType, Decision, Outgoing, Place, Recipient, Registered, Sending, gate, limits,
};
use frontdesk_types::SessionType;

use super::{Engine, EngineError, chat, retried};
use crate::{
    OutgoingText,
    store::{Commit, Found, Line, MemoryWrite},
};

/// So long a solicitation is remembered: no state's cap looks back farther, and few promises do.
const SOLICITED: TimeDelta = TimeDelta::days(31);
/// So many of them.
const SOLICITATIONS: usize = 64;

impl Engine {
    /// Asks the gate, with what holds at this instant. What may leave is counted.
    pub(super) fn decide(&self, text: &OutgoingText, kind: ContentType, found: &Found) -> Decision {
        let now = self.now();
        let OutgoingText { id, line, purpose, body } = text;
        let center = self.center();
        let sending = center.sending(line.number, now);
        let message = Outgoing {
            id,
            purpose: *purpose,
            kind,
            body,
            segments: Segmenter::default().count(body).segments,
            media: false,
            answers: kind == ContentType::Conversational && consumer_opened(found),
            number: line.number,
        };
        let memory = &found.memory.1;
        let place = Place::of(line.consumer, None);
        let recipient = Recipient {
            consent: &memory.consent,
            revoked_elsewhere: None,
            blocked: false,
            place: &place,
            carrier: None,
            solicited: &memory.solicited,
            purchased: None,
        };
        let every = limits(&message, &recipient, &sending.rates);
        self.pace.decide(&every, message.segments, now, |counters| {
            let leaves = Sending {
                campaign: sending.campaign,
                number: Registered::Active,
                rates: &sending.rates,
                counters,
            };
            gate(&message, &recipient, &leaves, now, sending.rules)
        })
    }

    /// Remembers that a solicitation has left, by which caps count.
    pub(super) async fn remember_solicitation(&self, line: Line) -> Result<(), EngineError> {
        retried(|| async move {
            let now = self.now();
            let (expected, mut memory) = self.parts.store.find(&self.id, line).await?.memory;
            memory.solicited.retain(|before| *before + SOLICITED > now);
            memory.solicited.push(now);
            let more = memory.solicited.len().saturating_sub(SOLICITATIONS);
            memory.solicited.drain(..more);
            let write = MemoryWrite { line, expected, memory, entries: Vec::new() };
            // Without an inbound message there is no duplicate.
            let commit = Commit { memory: Some(write), ..Commit::default() };
            self.commit(commit).await.map(|_| ()).map_err(EngineError::from)
        })
        .await
    }
}

/// Whether the consumer began the conversation that is under way.
fn consumer_opened(found: &Found) -> bool {
    let session = found.session.as_ref().and_then(|stored| chat(&stored.state).ok());
    session.is_none_or(|session| {
        matches!(session.session_type(), SessionType::Inbound | SessionType::InboundDirect)
    })
}
