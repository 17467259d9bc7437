//! Notices outside of any session (SMS-34).

use frontdesk_tendlc::{ContentType, Evidence, EvidenceDetails, GivenConsent};
use frontdesk_types::{Author, Fact, MessageId, PhoneNumber, Purpose, SupportNumber};

use super::{
    Engine, EngineError, OutboundRefusal, RequestKey, outbound::permitted, requests::Once, retried,
};
use crate::{
    Center,
    store::{EventQuery, Line},
};

/// A notice outside of any session (SMS-34).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Who gets it.
    pub consumer: PhoneNumber,
    /// From which number: one of those for notices.
    pub number: SupportNumber,
    /// What it says.
    pub body: String,
    /// The same key is the same notice: it is sent once.
    pub key: RequestKey,
    /// How the consumer agreed to notices, where that is not on record: entered in the consent ledger (DLC-3).
    pub consent: Option<GivenConsent>,
    /// What kind it is: [`ContentType::Informational`], or one that promotes, which needs written consent and waits for quiet hours
    /// (DLC-4).
    pub kind: ContentType,
}

impl Notice {
    fn once(&self) -> Once {
        let (consumer, number) = (self.consumer.to_string(), self.number.to_string());
        let consent = self.consent.as_ref().map(told).unwrap_or_default();
        let kind = format!("{:?}", self.kind);
        Once::new("notice", &self.key, &[&consumer, &number, &self.body, &consent, &kind])
    }
}

/// A consent as a request's digest has it. A program's word is its text, as before there was more.
pub(super) fn told(consent: &GivenConsent) -> String {
    // The host adds the holder of the credential, whose name may change.
    let Evidence { reference, details } = consent.evidence.clone();
    let details = details.map(|details| EvidenceDetails { entered_by: None, ..*details });
    let evidence = Evidence::of(reference, details.unwrap_or_default());
    let consent = GivenConsent { evidence, ..consent.clone() };
    if consent == GivenConsent::from(consent.wording.as_str()) {
        consent.wording
    } else {
        serde_json::to_string(&consent).unwrap_or_default()
    }
}

impl Engine {
    /// Sends a notice: no session, and no agent sees the reply (SMS-34). The key makes it once, however
    /// often it is asked for; with another notice under it, it is refused. The answer is the message's id.
    pub async fn notify(&self, notice: Notice) -> Result<MessageId, EngineError> {
        let (center, once) = (self.center(), notice.once());
        let line = Line { consumer: notice.consumer, number: notice.number };
        let _turn = self.lines[Self::slot(line)].lock().await;
        let taken = retried(|| self.notify_once(&center, line, &notice, &once)).await;
        self.answered(line, notice.key.by(), taken).await
    }

    async fn notify_once(
        &self,
        center: &Center,
        line: Line,
        notice: &Notice,
        once: &Once,
    ) -> Result<MessageId, EngineError> {
        if let Some(answer) = self.answer_of_before(once).await? {
            return Ok(MessageId::from(answer.as_str()));
        }
        if let Some(id) = self.taken_of_old(line, notice).await? {
            return Ok(id);
        }
        let Notice { body, key, consent, kind, .. } = notice;
        if !center.notifications.contains(&line.number) {
            return Err(OutboundRefusal::NotOurs.into());
        }
        permitted(center, line.consumer)?;
        frontdesk_sms::check_body(body).map_err(OutboundRefusal::from)?;
        if let Some(consent) = consent {
            consent.check(self.now()).map_err(OutboundRefusal::from)?;
        }
        if self.is_blocked(line.consumer) {
            return Err(OutboundRefusal::Blocked.into());
        }
        let known = self.parts.store.find(&self.id, line).await?.known;
        let mut draft = self.draft(center, line, self.now(), known, None);
        let held = draft.consent();
        if held.is_opted_out() {
            return Err(OutboundRefusal::DoNotContact.into());
        }
        let needed = kind.needs();
        let request = format!("request {}", key.key());
        // Newer consent is entered although there is some: a revocation of a day between the two does not take it back.
        let since = held.since();
        let is_newer = |told: &&GivenConsent| told.given.is_some_and(|given| since < Some(given));
        if held.level().is_none_or(|level| level < needed) {
            let Some(consent) = consent else {
                let held = held.level().zip(held.since());
                return Err(OutboundRefusal::NoConsent { kind: *kind, held }.into());
            };
            draft.enter_given(consent, &request);
            // Consent from before the last revocation, or to less than this text needs, lets nothing leave.
            if draft.consent().level().is_none_or(|level| level < needed) {
                let found = consent.level;
                return Err(OutboundRefusal::ConsentTooLow { needed, found }.into());
            }
        } else if let Some(consent) = consent.as_ref().filter(is_newer) {
            draft.enter_given(consent, &request);
        }
        let id = MessageId::of_notice(key.by(), key.key());
        draft.notice_kind = Some(*kind);
        draft.emit(Fact::OutboundMessage {
            id: id.clone(),
            purpose: Purpose::Notification,
            author: Author::System,
            body: body.clone(),
        });
        draft.items.push(once.answered(id.to_string(), draft.at)?);
        self.store_draft(draft, None).await?;
        Ok(id)
    }

    /// The same notice, if a version before this one took it: whoever did not hear the answer asks again after the
    /// upgrade. That version kept the key and, in the log, the text.
    async fn taken_of_old(
        &self,
        line: Line,
        notice: &Notice,
    ) -> Result<Option<MessageId>, EngineError> {
        if !self.is_old_notice(&notice.key).await? {
            return Ok(None);
        }
        let old = MessageId::from(format!("notice-{}-reply", notice.key.key()).as_str());
        let records = self.parts.store.events(&self.id, EventQuery::OfLine(line)).await?;
        let is_it = |fact: &Fact| matches!(fact, Fact::OutboundMessage { id, body, .. } if *id == old && *body == notice.body);
        let mut events = records.iter().flat_map(|record| &record.events);
        Ok(events.any(|event| is_it(&event.fact)).then_some(old))
    }
}
