//! Pictures and videos are fetched once their message is committed, judged by their content, and kept (SMS-7).

use compact_str::CompactString;
use frontdesk_sms::{MAX_MEDIA, MessageKind, media_kind};
use frontdesk_types::{
    Author, Event, Fact, Media, MediaKind, MediaRefusal, MessageId, Purpose, SessionId,
};
use futures::future::join_all;

use super::{Engine, EngineError, draft::text_work, replies::message};
use crate::{
    MediaError, MediaKey,
    store::{Commit, Line, NewWork, Outcome, Subject, Task, Urgency, Work},
};

/// How many of a message are fetched at the same time.
const TOGETHER: usize = 4;

/// A picture or video that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaView {
    /// What it is, by its content.
    pub kind: MediaKind,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// The work that the pictures and videos of a text make.
pub(super) fn work_of(session: Option<SessionId>, line: Line, event: &Event) -> Option<NewWork> {
    let Fact::InboundMessage { provider_id, media, .. } = &event.fact else { return None };
    (!media.is_empty()).then(|| NewWork {
        key: format!("{provider_id}-fetch"),
        lane: format!("media {provider_id}"),
        task: Task::FetchMedia {
            session,
            line,
            message: provider_id.to_string(),
            media: media.clone(),
        },
        not_before: event.at,
        urgency: Urgency::Answer,
    })
}

impl Engine {
    /// Fetches what came with a message. All of it, or again later: what has been kept is kept again.
    pub(super) async fn fetch_media(
        &self,
        work: &Work,
        session: Option<SessionId>,
        line: Line,
        message_id: &str,
        media: &[Media],
    ) -> Result<(), EngineError> {
        let limit = self.center().media_limit;
        let all: Vec<(usize, &Media)> = media.iter().take(MAX_MEDIA).enumerate().collect();
        let mut fetched = Vec::new();
        for some in all.chunks(TOGETHER) {
            let some: Vec<_> = some
                .iter()
                .map(|(index, media)| self.fetch_one(message_id, *index, media, limit))
                .collect();
            fetched.extend(join_all(some).await);
        }
        let mut outcome = Outcome::Done;
        let mut found = Vec::new();
        for one in fetched {
            match one {
                Ok(kept) => found.push(Ok(kept)),
                Err(MediaError::TooLarge { .. }) => found.push(Err(MediaRefusal::TooLarge)),
                Err(MediaError::Unsupported) => found.push(Err(MediaRefusal::Unsupported)),
                Err(MediaError::Unavailable { .. }) => found.push(Err(MediaRefusal::Unavailable)),
                Err(MediaError::Temporary { reason }) => {
                    outcome = self.again(work, &reason, None);
                    found.push(Err(MediaRefusal::Unavailable));
                }
            }
        }
        let subject = Subject { session, line: Some(line) };
        let mut commit =
            Commit { finished: Some((work.id, work.lease, outcome.clone())), ..Commit::default() };
        if matches!(outcome, Outcome::Retry { .. }) {
            return self.record(subject, Vec::new(), commit).await;
        }
        found.extend(media.iter().skip(MAX_MEDIA).take(1).map(|_| Err(MediaRefusal::TooMany)));
        let mut events = self.told(message_id, &found);
        if found.iter().any(Result::is_err) {
            self.tell_unsupported(line, session, message_id, &mut events, &mut commit).await?;
        }
        events.extend(self.dead_letter(work, &outcome));
        self.record(subject, events, commit).await
    }

    /// Fetched, judged and kept. A store that fails is tried again.
    async fn fetch_one(
        &self,
        message: &str,
        index: usize,
        media: &Media,
        limit: usize,
    ) -> Result<(MediaKind, u32), MediaError> {
        let content = self.parts.media_source.fetch(media, limit).await?;
        let kind = media_kind(&content, limit).map_err(|refusal| match refusal {
            MediaRefusal::TooLarge => MediaError::TooLarge { limit },
            _ => MediaError::Unsupported,
        })?;
        let bytes = u32::try_from(content.len()).unwrap_or(u32::MAX);
        let key = self.media_key(message, u8::try_from(index).unwrap_or(u8::MAX));
        let kept = self.parts.media_store.put(&key, content).await;
        kept.map_err(|error| MediaError::Temporary { reason: error.to_string() })?;
        Ok((kind, bytes))
    }

    fn told(&self, message: &str, found: &[Result<(MediaKind, u32), MediaRefusal>]) -> Vec<Event> {
        let fact = |(index, one): (usize, &Result<(MediaKind, u32), MediaRefusal>)| {
            let (message, index) =
                (CompactString::from(message), u8::try_from(index).unwrap_or(u8::MAX));
            let fact = match *one {
                Ok((kind, bytes)) => Fact::MediaStored { message, index, kind, bytes },
                Err(reason) => Fact::MediaRefused { message, index, reason },
            };
            Event { at: self.now(), fact }
        };
        found.iter().enumerate().map(fact).collect()
    }

    /// The consumer is told once a message, in the session's language; the text that came with it is kept.
    async fn tell_unsupported(
        &self,
        line: Line,
        session: Option<SessionId>,
        message_id: &str,
        events: &mut Vec<Event>,
        commit: &mut Commit,
    ) -> Result<(), EngineError> {
        let center = self.center();
        let row = match session {
            Some(session) => Some(self.session(session).await?.row),
            None => None,
        };
        let language = row.as_ref().map_or_else(|| center.default_language(), |row| row.language);
        let queue = row.as_ref().and_then(|row| row.queue.as_ref());
        let body = message(&center, queue, MessageKind::UnsupportedMedia, language);
        let (id, purpose) =
            (MessageId::from(format!("{message_id}-media").as_str()), Purpose::UnsupportedMedia);
        let (at, author) = (self.now(), Author::System);
        commit.work.push(text_work(line, &id, (purpose, None), &body, at));
        events.push(Event { at, fact: Fact::OutboundMessage { id, purpose, author, body } });
        Ok(())
    }

    fn media_key(&self, message: &str, index: u8) -> MediaKey {
        MediaKey { center: self.id.clone(), message: message.into(), index }
    }

    /// A picture or video of a session; `None` if there is no such one, or it was not taken. Who may see it is
    /// for the host to know (SMS-26).
    pub async fn media(
        &self,
        session: SessionId,
        message: &str,
        index: u8,
    ) -> Result<Option<MediaView>, EngineError> {
        let records = self.transcript(session).await?;
        let kind =
            records.iter().flat_map(|record| &record.events).find_map(|event| match &event.fact {
                Fact::MediaStored { message: of, index: at, kind, .. }
                    if of == message && *at == index =>
                {
                    Some(*kind)
                }
                _ => None,
            });
        let Some(kind) = kind else { return Ok(None) };
        let content = self.parts.media_store.get(&self.media_key(message, index)).await?;
        Ok(content.map(|content| MediaView { kind, content }))
    }
}
