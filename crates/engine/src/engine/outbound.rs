//! Chats that the center begins (SMS-32, SMS-33).

use compact_str::CompactString;
use frontdesk_routing::Input as Told;
use frontdesk_sms::{Input, Opening, Outreach, Session};
use frontdesk_tendlc::{ConsentLevel, ContentType, GivenConsent, GivenConsentError, Standing};
use frontdesk_types::{
    AgentId, CallId, Instant, Language, PhoneNumber, QueueId, Region, SessionId, SessionType,
    SupportNumber,
};
use serde::{Deserialize, Serialize};

use super::{
    Engine, EngineError, RequestKey, draft::Draft, notices::told, requests::Once, retried,
    surroundings::Surroundings,
};
use crate::{
    Center,
    config::OWN_QUEUE,
    store::{ItemWrite, Line, StoreError},
};

/// Puerto Rico, Guam, American Samoa, the U.S. Virgin Islands and the Northern Mariana Islands (ISO 3166-1).
const US_TERRITORIES: [&str; 5] = ["PR", "GU", "AS", "VI", "MP"];
/// The kind of the items that count how many chats began from a number in a day.
const OUTREACH: &str = "outreach";

/// A chat that the center begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChat {
    /// Who is texted.
    pub consumer: PhoneNumber,
    /// From which number: one of the outbound numbers.
    pub number: SupportNumber,
    /// What the first text says; the opt-in text is added where consent is not on record.
    pub body: String,
    /// Whose chat it is; without one, the answer enters the menu.
    pub agent: Option<AgentId>,
    /// The language; the center's default without.
    pub language: Option<Language>,
    /// The ticket of the CRM that it is about.
    pub ticket: Option<CompactString>,
    /// How the consumer agreed to be texted, where that is not on record: entered in the consent ledger (DLC-3).
    pub consent: Option<GivenConsent>,
    /// A program begins it (SMS-33), not the agent at the desk.
    pub by_program: bool,
    /// The same key is the same chat: it begins once, however often it is asked for.
    pub key: Option<RequestKey>,
}

impl NewChat {
    /// The credential or agent that asks, as the log names them.
    fn asked_by(&self) -> String {
        match (&self.key, &self.agent) {
            (Some(key), _) if self.by_program => key.by().to_owned(),
            (_, Some(agent)) if !self.by_program => format!("agent {agent}"),
            _ => "a program".to_owned(),
        }
    }

    fn once(&self) -> Option<Once> {
        let key = self.key.as_ref()?;
        let (consumer, number) = (self.consumer.to_string(), self.number.to_string());
        let agent = self.agent.as_ref().map_or("", AgentId::as_str);
        let language = self.language.map(|language| language.to_string()).unwrap_or_default();
        let ticket = self.ticket.as_deref().unwrap_or_default();
        let mut asked = vec![&*consumer, &*number, &*self.body, agent, &*language, ticket];
        let consent = self.consent.as_ref().map(told);
        asked.extend(consent.as_deref());
        Some(Once::new("chat", key, &asked))
    }
}

/// Why a chat does not begin, or a notice is not sent. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OutboundRefusal {
    /// The consumer has a chat on that number, and it is not the given agent's.
    #[error("the end user is already in an active SMS session")]
    AlreadyActive {
        /// Which.
        session: SessionId,
    },
    /// The number is on the blocklist (SMS-38).
    #[error("the end user number is on the blocklist")]
    Blocked,
    /// The consent that was told cannot be.
    #[error(transparent)]
    Consent(#[from] GivenConsentError),
    /// The consent that was told does not reach what the text needs, or was given before the last revocation.
    #[error(
        "the text needs {needed} consent; what was told gives {found} consent, or is older than a revocation"
    )]
    ConsentTooLow {
        /// The level that the text needs.
        needed: ConsentLevel,
        /// The level that was given.
        found: ConsentLevel,
    },
    /// The country is not one that may be texted.
    #[error("the country of the end user number is not allowed")]
    CountryNotAllowed,
    /// So many chats have begun from that number today.
    #[error("{limit} chats have begun from the outbound number today, the limit")]
    DailyLimit {
        /// The limit.
        limit: u32,
    },
    /// The consumer is on the do-not-contact list for that number.
    #[error("the end user has opted out: do not contact")]
    DoNotContact,
    /// There is no text in it, or more than providers take.
    #[error(transparent)]
    Message(#[from] frontdesk_sms::Refusal),
    /// The telephony has told of a call with this id before, of another caller or long ago.
    #[error(
        "a call with the id `{call}` was told before: it has another caller, or was over long ago"
    )]
    KnownCall {
        /// Its id.
        call: CallId,
    },
    /// The consent on record does not reach what a notice of this kind needs, and none was told.
    #[error("{}", missing_consent(*kind, *held))]
    NoConsent {
        /// The kind of the notice.
        kind: ContentType,
        /// The level on record, and since when it holds; `None`: there is none.
        held: Option<(ConsentLevel, Instant)>,
    },
    /// No consent to be texted is on record, and none was told. `compliance.outreach_without_consent` may allow it.
    #[error("no consent of the end user to be texted is on record: say how they agreed (consent)")]
    NoConsentToChat,
    /// Texts do not come from that number.
    #[error("the outbound number is not one of this center's outbound numbers")]
    NotOurs,
    /// The CRM has no such ticket (SMS-33).
    #[error("there is no ticket `{ticket}`")]
    UnknownTicket {
        /// The ticket.
        ticket: CompactString,
    },
    /// The configuration has no texts that the center begins with.
    #[error("outbound SMS is off")]
    Off,
}

/// `a promotional text needs written consent; on record is express consent since 2026-03-01`
fn missing_consent(kind: ContentType, held: Option<(ConsentLevel, Instant)>) -> String {
    let article = if kind == ContentType::Informational { "an" } else { "a" };
    let on_record = held.map_or_else(
        || "none is on record".to_owned(),
        |(level, since)| format!("on record is {level} consent since {}", since.date_naive()),
    );
    format!("{article} {kind} text needs {} consent; {on_record}", kind.needs())
}

/// How many chats began from a number, and on which day.
#[derive(Default, Serialize, Deserialize)]
struct Begun {
    day: i64,
    count: u32,
}

impl Engine {
    /// Begins a chat with a text (SMS-32, SMS-33). If the given agent has a chat with the consumer on that
    /// number already, the text goes into it. The answer is the session.
    pub async fn begin_chat(&self, new: NewChat) -> Result<SessionId, EngineError> {
        let line = Line { consumer: new.consumer, number: new.number };
        let by = new.asked_by();
        let begun = self.begin_unless_refused(line, new).await;
        self.answered(line, &by, begun).await
    }

    async fn begin_unless_refused(
        &self,
        line: Line,
        new: NewChat,
    ) -> Result<SessionId, EngineError> {
        let center = self.center();
        let once = new.once();
        if let Some(begun) = self.begun_before(once.as_ref()).await? {
            return Ok(begun);
        }
        check(&center, &new)?;
        if let Some(consent) = &new.consent {
            consent.check(self.now()).map_err(OutboundRefusal::from)?;
        }
        if self.is_blocked(new.consumer) {
            return Err(OutboundRefusal::Blocked.into());
        }
        if let Some(ticket) = &new.ticket
            && !self.parts.crm.has_ticket(ticket).await.map_err(StoreError::backend)?
        {
            return Err(OutboundRefusal::UnknownTicket { ticket: ticket.clone() }.into());
        }
        let _turn = self.lines[Self::slot(line)].lock().await;
        retried(|| self.begin_once(&center, line, &new, once.as_ref())).await
    }

    /// The session that the same request has begun.
    async fn begun_before(&self, once: Option<&Once>) -> Result<Option<SessionId>, EngineError> {
        let Some(once) = once else { return Ok(None) };
        let answer = self.answer_of_before(once).await?;
        let session = answer.map(|answer| answer.parse().map_err(StoreError::backend));
        Ok(session.transpose()?)
    }

    async fn begin_once(
        &self,
        center: &Center,
        line: Line,
        new: &NewChat,
        once: Option<&Once>,
    ) -> Result<SessionId, EngineError> {
        if let Some(begun) = self.begun_before(once).await? {
            return Ok(begun);
        }
        let now = self.now();
        let found = self.parts.store.find(&self.id, line).await?;
        let refused = |refusal: OutboundRefusal| Err(EngineError::from(refusal));
        if center.consent(line.number, &found.known).is_opted_out() {
            return refused(OutboundRefusal::DoNotContact);
        }
        if let Some(stored) = found.session {
            let session = self.in_time(&stored, now).await?;
            let id = session.id();
            return match &new.agent {
                Some(agent) if session.agent() == Some(agent) => {
                    let body = new.body.clone();
                    let input = Input::AgentText { agent: agent.clone(), body };
                    Box::pin(self.apply_once(id, input, once)).await?;
                    Ok(id)
                }
                _ => refused(OutboundRefusal::AlreadyActive { session: id }),
            };
        }
        let Some(home) = center.home(new.number).cloned() else {
            return refused(OutboundRefusal::NotOurs);
        };
        let counted = self.count_outreach(center, new.number).await?;
        let mut draft = self.draft(center, line, now, found.known, None);
        let opt_in_text_due = draft.consent().standing() == Standing::Unknown;
        if opt_in_text_due {
            agree_to_chat(center, &mut draft, new)?;
        }
        let direct = center.direct.contains(&home);
        let opening = Opening {
            id: self.next_session_id().await?,
            consumer: new.consumer,
            support_number: new.number,
            home: home.clone(),
            language: new.language.unwrap_or_else(|| center.default_language()),
            opt_in_text_due,
            session_type: match (new.by_program, direct) {
                (false, false) => SessionType::Outbound,
                (false, true) => SessionType::OutboundDirect,
                (true, false) => SessionType::OutboundApi,
                (true, true) => SessionType::OutboundDirectApi,
            },
            ticket: new.ticket.clone(),
        };
        let id = opening.id;
        let view = Surroundings::new(self, center, now, None);
        let outreach = Outreach { agent: new.agent.clone(), body: new.body.clone() };
        let begun = Session::start_outbound(&center.sms, &view, opening, outreach, now);
        let (session, events) = begun.map_err(OutboundRefusal::from)?;
        draft.begin(session, events, opt_in_text_due);
        draft.items.extend(counted);
        if let Some(once) = once {
            draft.items.push(once.answered(id.to_string(), now)?);
        }
        let mut events = Vec::new();
        if let Some(agent) = &new.agent {
            let (session, agent) = (id, agent.clone());
            events = self.ask_router(Told::Begin { session, agent, queue: home }).await?;
            // The router believes it early: should this call be dropped, it is told what is stored.
            self.doubt(id);
        }
        match self.store_draft(draft, None).await {
            Ok(more) => events.extend(more.unwrap_or_default()),
            Err(error) => {
                events.extend(self.place_as_stored(id).await?);
                self.follow(events).await?;
                return Err(error);
            }
        }
        self.follow(events).await?;
        Ok(id)
    }

    /// One more chat that begins from a number today, if that is allowed.
    async fn count_outreach(
        &self,
        center: &Center,
        number: SupportNumber,
    ) -> Result<Option<ItemWrite>, EngineError> {
        let Some(limit) = center.outbound.daily_limit else { return Ok(None) };
        let day = self.now().timestamp().div_euclid(86_400);
        let key = number.to_string();
        let item = self.parts.store.item(&self.id, OUTREACH, &key).await?;
        let expected = item.as_ref().map_or(0, |item| item.version);
        let begun = item.and_then(|item| serde_json::from_slice::<Begun>(&item.value).ok());
        let begun = begun.unwrap_or_default();
        let count = if begun.day == day { begun.count } else { 0 };
        if count >= limit {
            return Err(OutboundRefusal::DailyLimit { limit }.into());
        }
        let value = serde_json::to_vec(&Begun { day, count: count + 1 });
        let value = Some(value.map_err(StoreError::backend)?);
        Ok(Some(ItemWrite { kind: OUTREACH, key, expected, value }))
    }
}

/// The queue of an agent's own numbers, whose texts go straight to that agent (SMS-37).
fn is_own_queue(queue: &QueueId, agent: &AgentId) -> bool {
    queue.as_str().strip_prefix(OWN_QUEUE) == Some(agent.as_str())
}

/// What can be said without looking at the consumer's history.
fn check(center: &Center, new: &NewChat) -> Result<(), EngineError> {
    if !center.outbound.enabled {
        return Err(OutboundRefusal::Off.into());
    }
    permitted(center, new.consumer)?;
    let own = |agent: &AgentId| {
        center.tree.by_number(new.number).is_some_and(|queue| is_own_queue(queue, agent))
    };
    let ours =
        center.outbound.numbers.contains_key(&new.number) || new.agent.as_ref().is_some_and(own);
    if ours { Ok(()) } else { Err(OutboundRefusal::NotOurs.into()) }
}

fn is_us_territory(country: Region) -> bool {
    US_TERRITORIES.iter().any(|code| code.parse::<Region>().is_ok_and(|region| region == country))
}

pub(super) fn permitted(center: &Center, consumer: PhoneNumber) -> Result<(), EngineError> {
    let allowed = &center.outbound.countries;
    // The territories of the United States are texted as the United States are.
    let may = |country: Region| {
        allowed.contains(&country) || (allowed.contains(&Region::US) && is_us_territory(country))
    };
    if consumer.country().is_some_and(may) {
        Ok(())
    } else {
        Err(OutboundRefusal::CountryNotAllowed.into())
    }
}

/// A chat begins with a consent that is told, or for the reason that the configuration has, where none is on record.
fn agree_to_chat(center: &Center, draft: &mut Draft, new: &NewChat) -> Result<(), EngineError> {
    if let Some(consent) = &new.consent {
        let by = new.agent.as_ref().map_or("a program", AgentId::as_str);
        draft.enter_given(consent, by);
        return Ok(());
    }
    if center.compliance.may_begin_without_consent(draft.line.number) {
        return Ok(());
    }
    Err(OutboundRefusal::NoConsentToChat.into())
}
