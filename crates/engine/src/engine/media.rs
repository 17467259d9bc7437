//! Pictures and videos are fetched once their message is committed, judged by their content, and kept (SMS-7).

use compact_str::CompactString;
use frontdesk_sms::{MAX_MEDIA, MessageKind, media_kind};
use frontdesk_types::{
    Author, Event, Fact, Media, MediaKind, MediaRefusal, MessageId, Provider, Purpose, SessionId,
    id_part,
};
use futures::future::join_all;

use super::{
    Engine, EngineError,
    draft::{TextOf, text_work},
    replies,
};
use crate::{
    MediaError, MediaKey,
    store::{
        AutomaticSource, AutomaticText, Commit, Line, NewWork, Outcome, Subject, Task, Urgency,
        Work,
    },
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
    let Fact::InboundMessage { provider_id, provider, media, .. } = &event.fact else {
        return None;
    };
    let of = id_part(provider.as_ref().map_or("", Provider::as_str));
    let message = id_part(provider_id);
    (!media.is_empty()).then(|| NewWork {
        key: format!("fetch/{of}/{message}"),
        lane: format!("media {of}/{message}"),
        task: Task::FetchMedia {
            session,
            line,
            message: provider_id.to_string(),
            provider: provider.clone(),
            media: media.clone(),
        },
        not_before: event.at,
        urgency: Urgency::Answer,
    })
}

/// An inbound message, by its provider's id.
#[derive(Debug, Clone, Copy)]
pub(super) struct InboundKey<'a> {
    /// `None` in work of before.
    pub(super) provider: Option<&'a Provider>,
    pub(super) id: &'a str,
}

impl InboundKey<'_> {
    /// The id of the message which says that a picture is not taken.
    fn about_media(self) -> MessageId {
        match self.provider {
            Some(provider) => MessageId::about_media(provider, self.id),
            // As versions before this one have named it, so that it leaves once.
            None => MessageId::from(format!("{}-media", self.id).as_str()),
        }
    }
}

impl Engine {
    /// Fetches what came with a message. All of it, or again later: what has been kept is kept again.
    pub(super) async fn fetch_media(
        &self,
        work: &Work,
        session: Option<SessionId>,
        line: Line,
        message: InboundKey<'_>,
        media: &[Media],
    ) -> Result<(), EngineError> {
        let limit = self.center().media_limit;
        let all: Vec<(usize, &Media)> = media.iter().take(MAX_MEDIA).enumerate().collect();
        let mut fetched = Vec::new();
        for some in all.chunks(TOGETHER) {
            let some: Vec<_> = some
                .iter()
                .map(|(index, media)| self.fetch_one(message, *index, media, limit))
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
        let mut events = self.told(message, &found);
        if found.iter().any(Result::is_err) {
            self.tell_unsupported(line, session, message, &mut events, &mut commit).await?;
        }
        events.extend(self.dead_letter(work, &outcome));
        self.record(subject, events, commit).await
    }

    /// Fetched, judged and kept. A store that fails is tried again.
    async fn fetch_one(
        &self,
        message: InboundKey<'_>,
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
        let index = u8::try_from(index).unwrap_or(u8::MAX);
        let key = self.media_key(message.provider.cloned(), message.id, index);
        let kept = self.parts.media_store.put(&key, content).await;
        kept.map_err(|error| MediaError::Temporary { reason: error.to_string() })?;
        Ok((kind, bytes))
    }

    fn told(
        &self,
        message: InboundKey<'_>,
        found: &[Result<(MediaKind, u32), MediaRefusal>],
    ) -> Vec<Event> {
        let fact = |(index, one): (usize, &Result<(MediaKind, u32), MediaRefusal>)| {
            let (message, provider) = (CompactString::from(message.id), message.provider.cloned());
            let index = u8::try_from(index).unwrap_or(u8::MAX);
            let fact = match *one {
                Ok((kind, bytes)) => Fact::MediaStored { message, provider, index, kind, bytes },
                Err(reason) => Fact::MediaRefused { message, provider, index, reason },
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
        message: InboundKey<'_>,
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
        let body = replies::message(&center, queue, MessageKind::UnsupportedMedia, language);
        let (id, purpose) = (message.about_media(), Purpose::UnsupportedMedia);
        let (at, author) = (self.now(), Author::System);
        // It counts when it leaves.
        let automatic = Some(AutomaticText { by: AutomaticSource::Platform, counted: None });
        let text = TextOf { purpose, kind: None, automatic, opt_in_text: false, offers: false };
        commit.work.push(text_work(line, &id, text, &body, at));
        events.push(Event { at, fact: Fact::OutboundMessage { id, purpose, author, body } });
        Ok(())
    }

    fn media_key(&self, provider: Option<Provider>, message: &str, index: u8) -> MediaKey {
        MediaKey { center: self.id.clone(), provider, message: message.into(), index }
    }

    /// A picture or video of a session; `None` if there is no such one, or it was not taken. The provider tells messages
    /// with the same id apart; without one the first of them is meant. Who may see it is for the host to know (SMS-26).
    pub async fn media(
        &self,
        session: SessionId,
        provider: Option<&Provider>,
        message: &str,
        index: u8,
    ) -> Result<Option<MediaView>, EngineError> {
        let records = self.transcript(session).await?;
        let found =
            records.iter().flat_map(|record| &record.events).find_map(|event| match &event.fact {
                Fact::MediaStored { message: of, provider: from, index: at, kind, .. }
                    if of == message
                        && *at == index
                        && provider.is_none_or(|provider| from.as_ref() == Some(provider)) =>
                {
                    Some((*kind, from.clone()))
                }
                _ => None,
            });
        let Some((kind, from)) = found else { return Ok(None) };
        let content = self.parts.media_store.get(&self.media_key(from, message, index)).await?;
        Ok(content.map(|content| MediaView { kind, content }))
    }
}
