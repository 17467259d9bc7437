//! What the CRM hears: contacts are matched, sessions posted (CRM-1, CRM-2).

use frontdesk_crm::{
    CrmError, Line as TranscriptLine, Match, Post, PostKind, match_contacts, text,
};
use frontdesk_types::{
    ContactId, EndReason, Event, Fact, Instant, Language, Media, PhoneNumber, QueueId, SessionId,
};

use super::{Engine, EngineError, outbox::Done, retried};
use crate::store::{
    Commit, EventQuery, ItemWrite, Outcome, StoreError, Subject, Task, Work, WorkState,
};

/// The kind of the items that say which sessions are linked with a contact.
const LINKED: &str = "linked";

/// What an agent chooses when the CRM has several contacts for a number (CRM-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactChoice {
    /// One of the candidates.
    Existing(ContactId),
    /// None of them: a new contact is made.
    New,
}

impl Engine {
    pub(super) fn crm_done(
        &self,
        work: &Work,
        session: SessionId,
        done: Result<(Outcome, Vec<Event>), CrmError>,
    ) -> Done {
        let began = self.under_way.began(work.id).unwrap_or_else(|| self.now());
        let (outcome, events) = match done {
            Ok(done) => {
                self.service_answered(work, began);
                done
            }
            Err(CrmError::Unavailable { source, retry_after }) => {
                let reason = source.to_string();
                self.crm.failed(self.now(), began, retry_after);
                self.attempt_failed(work, &reason, false);
                (self.again(work, &reason, retry_after), Vec::new())
            }
            Err(error) => {
                self.service_answered(work, began);
                (Outcome::Dead { error: error.to_string() }, Vec::new())
            }
        };
        Done { outcome, events, subject: Subject { session: Some(session), line: None } }
    }

    /// The session is linked with a contact, unless somebody was faster: then it is looked at again.
    pub(super) async fn match_contact(
        &self,
        work: &Work,
        session: SessionId,
    ) -> Result<(), EngineError> {
        retried(|| async move {
            let matched = self.matched(session).await?;
            let mut done = self.crm_done(work, session, matched);
            done.events.extend(self.dead_letter(work, &done.outcome));
            let Done { outcome, events, subject } = done;
            let items = events.iter().find_map(|event| link(session, &event.fact));
            let finished = Some((work.id, work.lease, outcome));
            let items = items.into_iter().collect();
            let record = Some((subject, events));
            self.end_work(work, Commit { record, finished, items, ..Commit::default() }).await
        })
        .await
    }

    /// None: a contact is made. One: it is linked. Several: held until the agent chooses (CRM-1).
    async fn matched(
        &self,
        session: SessionId,
    ) -> Result<Result<(Outcome, Vec<Event>), CrmError>, EngineError> {
        let history = self.history(session).await?;
        let Some(consumer) = history.consumer else {
            return Err(EngineError::UnknownSession(session));
        };
        if history.contact.is_some() {
            return Ok(Ok((Outcome::Done, Vec::new())));
        }
        let crm = &self.parts.crm;
        let found = match crm.find_by_number(consumer).await {
            Ok(found) => match_contacts(&found),
            Err(error) => return Ok(Err(error)),
        };
        let event = |fact| vec![Event { at: self.now(), fact }];
        Ok(match found {
            Match::One(contact) => Ok((
                Outcome::Done,
                event(Fact::ContactLinked { contact: contact.id, created: false }),
            )),
            Match::None => crm.create(consumer, &self.contact_key(session)).await.map(|contact| {
                (Outcome::Done, event(Fact::ContactLinked { contact: contact.id, created: true }))
            }),
            Match::Several(contacts) => {
                let candidates = contacts.into_iter().map(|contact| contact.id).collect();
                Ok((Outcome::Held, event(Fact::ContactAmbiguous { candidates })))
            }
        })
    }

    /// The idempotency key of the contact that is made for a session, whoever makes it.
    fn contact_key(&self, session: SessionId) -> String {
        format!("{}-{session}", self.id)
    }

    /// The agent chooses between several contacts; the posts that waited go out. Of several who choose at once one does.
    pub async fn choose_contact(
        &self,
        session: SessionId,
        choice: ContactChoice,
    ) -> Result<(), EngineError> {
        retried(|| self.choose_once(session, choice.clone())).await?;
        let held = self.parts.store.work(&self.id, WorkState::Held, usize::MAX).await?;
        for row in held.iter().filter(|row| row.work.task == Task::MatchContact { session }) {
            self.parts.store.revive(&self.id, row.id, self.now()).await?;
        }
        self.parts.observer.work_waiting();
        Ok(())
    }

    async fn choose_once(
        &self,
        session: SessionId,
        choice: ContactChoice,
    ) -> Result<(), EngineError> {
        let history = self.history(session).await?;
        let refused = |contact| EngineError::NoSuchChoice { session, contact };
        let fact = match choice {
            ContactChoice::Existing(contact)
                if history.candidates.contains(&contact) && history.contact.is_none() =>
            {
                Fact::ContactLinked { contact, created: false }
            }
            ContactChoice::New if !history.candidates.is_empty() && history.contact.is_none() => {
                let consumer = history.consumer.ok_or(EngineError::UnknownSession(session))?;
                let made = self.parts.crm.create(consumer, &self.contact_key(session)).await;
                let made = made.map_err(StoreError::backend)?;
                Fact::ContactLinked { contact: made.id, created: true }
            }
            ContactChoice::Existing(contact) => return Err(refused(Some(contact))),
            ContactChoice::New => return Err(refused(None)),
        };
        let subject = Subject { session: Some(session), line: None };
        let items = link(session, &fact).into_iter().collect();
        let events = vec![Event { at: self.now(), fact }];
        self.record(subject, events, Commit { items, ..Commit::default() }).await
    }

    pub(super) async fn post(
        &self,
        session: SessionId,
        work: &crate::store::NewWork,
    ) -> Result<Result<(), CrmError>, EngineError> {
        let history = self.history(session).await?;
        let Some(contact) = &history.contact else {
            // Matching was given up: the post waits for an operator too.
            return Ok(Err(CrmError::Refused { reason: "the session has no contact".into() }));
        };
        let (kind, at) = match (&work.task, &history.ended, &history.queue) {
            (Task::PostEnded { .. }, Some((at, reason)), _) => {
                let media: Vec<Media> =
                    history.lines.iter().flat_map(|line| line.media.clone()).collect();
                let transcript = text(session, &history.lines);
                (PostKind::Ended { reason: *reason, transcript, media }, *at)
            }
            (_, _, Some((at, queue))) => {
                (PostKind::Connected { language: history.language, queue: queue.clone() }, *at)
            }
            _ => return Ok(Ok(())),
        };
        let post = Post { key: format!("{}-{}", self.id, work.key), session, at, kind };
        Ok(self.parts.crm.post(contact, &post).await)
    }

    async fn history(&self, session: SessionId) -> Result<History, EngineError> {
        let records = self.parts.store.events(&self.id, EventQuery::OfSession(session)).await?;
        let mut history = History { language: Language::ENGLISH, ..History::default() };
        records.iter().flat_map(|record| &record.events).for_each(|event| history.add(event));
        Ok(history)
    }
}

/// That a session is linked, as a thing that can be written once: whoever comes second looks again.
fn link(session: SessionId, fact: &Fact) -> Option<ItemWrite> {
    let Fact::ContactLinked { contact, .. } = fact else { return None };
    let value = Some(contact.0.as_bytes().to_vec());
    Some(ItemWrite { kind: LINKED, key: session.to_string(), expected: 0, value })
}

/// What a session's events say that the CRM wants to know.
#[derive(Default)]
struct History {
    consumer: Option<PhoneNumber>,
    language: Language,
    queue: Option<(Instant, QueueId)>,
    ended: Option<(Instant, EndReason)>,
    contact: Option<ContactId>,
    candidates: Vec<ContactId>,
    lines: Vec<TranscriptLine>,
}

impl History {
    fn add(&mut self, event: &Event) {
        self.lines.extend(TranscriptLine::of(event));
        match &event.fact {
            Fact::SessionStarted { consumer, language, .. } => {
                self.consumer = Some(*consumer);
                self.language = *language;
            }
            Fact::LanguageChanged { language } => self.language = *language,
            Fact::Assigned { queue, .. } if self.queue.is_none() => {
                self.queue = Some((event.at, queue.clone()));
            }
            Fact::Ended { reason } => self.ended = Some((event.at, *reason)),
            Fact::ContactLinked { contact, .. } => self.contact = Some(contact.clone()),
            Fact::ContactAmbiguous { candidates } => self.candidates.clone_from(candidates),
            _ => {}
        }
    }
}
