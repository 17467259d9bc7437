//! A text arrives: consent is decided first, then the session sees it, then everything is committed at
//! once, and only then is the text acknowledged.

use chrono::Timelike;
use compact_str::CompactString;
use frontdesk_sms::{Automatic, Call, Input, Keyword, MessageKind, Opening, Session, Text};
use frontdesk_tendlc::{Act, Standing};
use frontdesk_types::{
    EndReason, Event, Fact, IgnoredReason, Instant, Media, MessageId, PhoneNumber, Provider,
    Purpose, SessionId, SessionType, SupportNumber,
};

use super::{
    Engine, EngineError,
    automatic::is_automatic,
    calls::text_beside_call,
    chat,
    draft::Draft,
    meaning::Meaning,
    replies::{answer_reply_to_notice, ignore, language, registered, suspect},
    retried,
    surroundings::Surroundings,
};
use crate::{
    Center,
    store::{Commit, InboxMark, Line, Source, StoreError, StoredSession, Subject},
};

/// The longest name of a provider, in characters.
const LONGEST_PROVIDER: usize = 64;
/// The longest id that a provider may give to a message, in characters.
const LONGEST_ID: usize = 1_024;

/// A text as a provider hands it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// The provider; its ids are unique within it.
    pub provider: Provider,
    /// The provider's id of the message.
    pub id: String,
    /// Who wrote.
    pub from: PhoneNumber,
    /// To which number.
    pub to: SupportNumber,
    /// What it says.
    pub body: String,
    /// Pictures and videos.
    pub media: Vec<Media>,
    /// The provider has answered this command word itself: no second answer (compliance-facts 5).
    pub answered_by_provider: bool,
}

/// An id may have any characters. There must be one, and it must not be endless.
pub(super) fn check_id(provider: &Provider, id: &str) -> Result<(), EngineError> {
    let named = [("provider", provider.as_str(), LONGEST_PROVIDER), ("id", id, LONGEST_ID)];
    for (field, value, longest) in named {
        let found = value.chars().count();
        if !(1..=longest).contains(&found) {
            return Err(EngineError::BadId { field, found, longest });
        }
    }
    Ok(())
}

impl Inbound {
    /// A text without pictures, that nobody has answered yet.
    pub fn new(
        provider: impl Into<Provider>,
        id: impl Into<String>,
        from: PhoneNumber,
        to: SupportNumber,
        body: impl Into<String>,
    ) -> Self {
        let (provider, id, body, media) = (provider.into(), id.into(), body.into(), Vec::new());
        Self { provider, id, from, to, body, media, answered_by_provider: false }
    }

    fn mark(&self, at: Instant) -> InboxMark {
        let source = Source::Provider(self.provider.clone());
        InboxMark { source, id: self.id.clone(), at }
    }

    /// The id of what is answered outside of a session's own messages.
    pub(super) fn reply_id(&self) -> MessageId {
        MessageId::in_reply_to(&self.provider, &self.id)
    }
}

/// What became of a text. In every case it is stored and need not be delivered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It was taken before.
    Duplicate,
    /// It took effect.
    Taken {
        /// The session that it went to; `None` outside of any.
        session: Option<SessionId>,
    },
    /// The sender is no telephone: recorded, nothing else.
    Noted,
    /// The number belongs to no queue: recorded, nothing else (SMS-8).
    Unrouted,
}

impl Engine {
    /// Takes a text in. Returns after the commit: what was returned for is never lost, and takes effect
    /// once however often it is delivered.
    pub async fn receive(&self, inbound: Inbound) -> Result<Receipt, EngineError> {
        check_id(&inbound.provider, &inbound.id)?;
        let key = self.taken.key(&inbound.provider, &inbound.id);
        if self.taken.has(key) {
            return Ok(Receipt::Duplicate);
        }
        let receipt = self.receive_new(inbound).await?;
        // A number may get a queue before the provider tries again.
        if receipt != Receipt::Unrouted {
            self.taken.keep(key);
        }
        Ok(receipt)
    }

    async fn receive_new(&self, mut inbound: Inbound) -> Result<Receipt, EngineError> {
        let center = self.center();
        // Two numbers of the center would answer each other.
        if center.is_own(inbound.from) {
            return self.note(inbound.into()).await;
        }
        if !center.reaches_nobody(inbound.to) && center.home(inbound.to).is_none() {
            return self.unrouted(inbound).await;
        }
        inbound.answered_by_provider |= center.compliance.is_answered(&inbound.body);
        let mut meaning = Meaning::of(&center, inbound.to, &inbound.body);
        let automatic = is_automatic(&center, &inbound.body, &mut meaning);
        let line = Line { consumer: inbound.from, number: inbound.to };
        // Texts of one consumer one after the other; other hosts are kept apart by versions.
        let _turn = self.lines[Self::slot(line)].lock().await;
        // A revocation stops what has not begun to leave, and nothing begins until it is committed. An opt-in does the same, so
        // that no confirmation of the revocation before it begins after it.
        let closed = match meaning {
            Meaning::Command(Keyword::OptOut | Keyword::OptIn | Keyword::OptInIfAsked, _)
            | Meaning::Revocation(_) => Some(self.departures.revoke(Self::slot(line.consumer))),
            _ => None,
        };
        if closed.is_some() {
            self.tell_ends_of(line.consumer).await?;
        }
        let received =
            retried(|| self.receive_once(&center, line, &inbound, &meaning, automatic)).await;
        drop(closed);
        received
    }

    async fn receive_once(
        &self,
        center: &Center,
        line: Line,
        inbound: &Inbound,
        meaning: &Meaning,
        automatic: Option<Automatic>,
    ) -> Result<Receipt, EngineError> {
        let now = self.now();
        let found = self.parts.store.find(&self.id, line).await?;
        let (mut session, mut call) = (None, None);
        match found.session {
            None => {}
            Some(stored) if Call::is_stored(&stored.state) => {
                call = Some((stored.version, self.call_in_time(center, &stored, now).await?));
            }
            Some(stored) => session = Some((stored.version, self.in_time(&stored, now).await?)),
        }
        let mut draft = self.draft(center, line, now, found.known, session);
        // What is written beside a call belongs to it, whatever it says.
        draft.subject = draft.subject.or(call.as_ref().map(|(_, call)| call.id()));
        draft.beside = call;
        draft.automatic = automatic;
        let text = Text {
            provider: Some(inbound.provider.clone()),
            provider_id: inbound.id.as_str().into(),
            body: inbound.body.clone(),
            media: inbound.media.clone(),
        };
        let asked = self.was_asked_to_opt_in(meaning, &draft).await?;
        let by_person = automatic.is_none();
        if draft.consent().standing() == Standing::Unknown && !asked && by_person {
            draft.enter(Act::WroteFirst, &inbound.body, inbound.id.as_str());
        }
        let opted_out = draft.consent().is_opted_out();
        // A virtual agent's choice is an answer to the virtual agent.
        let meaning = match &draft.session {
            Some((_, session)) => meaning.unless_chosen(session.choices(), &inbound.body),
            None => meaning,
        };
        let revokes =
            matches!(meaning, Meaning::Command(Keyword::OptOut, _) | Meaning::Revocation(_));
        let blocked = self.is_blocked(line.consumer);
        if revokes {
            draft.forget_promise();
        } else if !blocked && draft.session.is_none() {
            self.keep_promise(center, &mut draft).await?;
        }
        match meaning {
            Meaning::Command(Keyword::OptOut, word) => {
                self.opt_out(center, &mut draft, text, word, inbound, inbound.answered_by_provider);
            }
            Meaning::Revocation(rule) => {
                self.opt_out(center, &mut draft, text, rule, inbound, false);
            }
            // Their STOP counts, and nothing else is handled (SMS-38).
            _ if blocked => ignore(center, &mut draft, text, IgnoredReason::Blocklist),
            Meaning::Command(Keyword::OptIn, word) => {
                self.opt_in(center, &mut draft, text, word, inbound, asked);
            }
            Meaning::Command(Keyword::OptInIfAsked, word) if opted_out || asked => {
                self.opt_in(center, &mut draft, text, word, inbound, asked);
            }
            Meaning::Command(Keyword::Help, word) => {
                self.help(center, &mut draft, text, word, inbound);
            }
            _ if opted_out => ignore(center, &mut draft, text, IgnoredReason::OptedOut),
            _ if automatic.is_some() => self.keep_automatic(center, &mut draft, text),
            _ if draft.session.is_some() => {
                self.continue_session(center, &mut draft, Input::ConsumerText(text));
            }
            _ if draft.beside.is_some() => text_beside_call(center, &mut draft, text),
            // After the call, and to notices: nobody reads it, which is said.
            _ if center.reaches_nobody(line.number) => {
                answer_reply_to_notice(center, &mut draft, text, inbound);
            }
            // A number that only the center begins with takes no texts outside of its chats (SMS-8).
            _ if center.tree.by_number(line.number).is_none() => {
                ignore(center, &mut draft, text, IgnoredReason::OutboundNumber);
            }
            _ => self.start_session(center, &mut draft, text).await?,
        }
        if let Meaning::Suspicion { rule, phrase } = meaning
            && !opted_out
            && !blocked
        {
            suspect(center, &mut draft, rule, phrase);
        }
        let session = draft.subject;
        let mark = inbound.mark(now);
        match self.store_draft(draft, Some(mark)).await? {
            None => Ok(Receipt::Duplicate),
            Some(events) => {
                self.follow(events).await?;
                Ok(Receipt::Taken { session })
            }
        }
    }

    /// The open session of a line. Where its time had come before what happens now, it ends first, and a
    /// conflict says that everything must be looked at again.
    pub(super) async fn in_time(
        &self,
        stored: &StoredSession,
        now: Instant,
    ) -> Result<Session, EngineError> {
        let session = chat(&stored.state)?;
        if session.next_deadline().is_some_and(|deadline| deadline <= now) {
            // Boxed: what follows may lead to a further step.
            Box::pin(self.apply(session.id(), Input::TimePassed)).await?;
            return Err(StoreError::Conflict.into());
        }
        Ok(session)
    }

    /// Commits a draft, tells the observer and the router. `None` is a duplicate.
    pub(super) async fn store_draft(
        &self,
        mut draft: Draft,
        inbox: Option<InboxMark>,
    ) -> Result<Option<Vec<frontdesk_routing::RouterEvent>>, EngineError> {
        self.ask_virtual_agent(&mut draft);
        let last_agent = self.last_agent(&mut draft);
        let (commit, stood) = draft.commit(inbox)?;
        Ok(self.commit_and_place(commit, stood, last_agent).await?)
    }

    async fn start_session(
        &self,
        center: &Center,
        draft: &mut Draft,
        text: Text,
    ) -> Result<(), EngineError> {
        let Some(home) = center.tree.by_number(draft.line.number) else { return Ok(()) };
        // What will not leave has not been shown.
        let opt_in_text_due =
            draft.consent().opt_in_text_due() && draft.automatic_texts_may_leave();
        let opening = Opening {
            id: self.next_session_id().await?,
            consumer: draft.line.consumer,
            support_number: draft.line.number,
            home: home.clone(),
            language: center.default_language(),
            opt_in_text_due,
            session_type: if center.direct.contains(home) {
                SessionType::InboundDirect
            } else {
                SessionType::Inbound
            },
            ticket: None,
        };
        let view = Surroundings::new(self, center, draft.at, draft.memory().told_closed_until);
        let (session, events) = Session::start(&center.sms, &view, opening, text, draft.at);
        let closed_until = view.closed_until.get();
        draft.begin(session, events, opt_in_text_due);
        remember_closure(draft, closed_until);
        Ok(())
    }

    pub(super) fn continue_session(&self, center: &Center, draft: &mut Draft, input: Input) {
        let view = Surroundings::new(self, center, draft.at, draft.memory().told_closed_until);
        let Some((_, session)) = &mut draft.session else { return };
        let step = session.handle(&center.sms, &view, input, draft.at);
        let closed_until = view.closed_until.get();
        draft.events.extend(step.events);
        draft.session_changed = true;
        remember_closure(draft, closed_until);
    }

    fn opt_out(
        &self,
        center: &Center,
        draft: &mut Draft,
        text: Text,
        word: &CompactString,
        inbound: &Inbound,
        answered: bool,
    ) {
        let first = !draft.consent().is_opted_out();
        let confirm = first && !answered;
        let mut confirmation = inbound.reply_id();
        let language = language(center, draft);
        if let Some((_, session)) = &mut draft.session {
            let view = Surroundings::new(self, center, draft.at, None);
            let step = session.handle(&center.sms, &view, Input::OptedOut(text), draft.at);
            if confirm {
                confirmation = session.reserve_message();
            }
            draft.events.extend(step.events);
            draft.session_changed = true;
        } else {
            self.keep_command(center, draft, text);
        }
        draft.revoke_help_answer();
        let act = Act::OptedOut {
            word: word.to_string(),
            confirmation: confirm.then(|| confirmation.clone()),
        };
        draft.enter(act, &inbound.body, inbound.id.as_str());
        draft.emit(Fact::OptedOut { word: word.clone() });
        if confirm {
            let body =
                registered(center, draft.line.number, MessageKind::OptOutConfirmation, language);
            draft.reply(confirmation, Purpose::OptOutConfirmation, body);
        }
    }

    async fn unrouted(&self, inbound: Inbound) -> Result<Receipt, EngineError> {
        let now = self.now();
        let line = Line { consumer: inbound.from, number: inbound.to };
        let subject = Subject { session: None, line: Some(line) };
        let unrouted = Fact::UnroutedMessage {
            provider: Some(inbound.provider.clone()),
            provider_id: inbound.id.as_str().into(),
            consumer: inbound.from,
            number: inbound.to,
        };
        let events = vec![Event { at: now, fact: unrouted }];
        let inbox = Some(inbound.mark(now));
        self.record(subject, events, Commit { inbox, ..Commit::default() }).await?;
        Ok(Receipt::Unrouted)
    }
}

/// Who has been told that a queue is closed is not told again until it opens.
pub(super) fn remember_closure(draft: &mut Draft, closed_until: Option<Instant>) {
    let told = draft.events.iter().any(|event| match &event.fact {
        Fact::Ended { reason } => *reason == EndReason::AfterHours,
        Fact::OutboundMessage { purpose, .. } => *purpose == Purpose::AfterHours,
        _ => false,
    });
    if let Some(until) = closed_until.filter(|_| told)
        && draft.memory().told_closed_until != Some(until)
    {
        draft.remember(|memory| memory.told_closed_until = until.with_nanosecond(0));
    }
}
