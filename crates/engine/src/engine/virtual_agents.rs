//! Programs that take part in chats (SMS-28): every text is a piece of work, so that an answer that is under way
//! when the process dies is asked for again.

use std::sync::{Arc, PoisonError};

use frontdesk_routing::{Input as Told, Router, RouterEvent, SetBy};
use frontdesk_sms::{
    AfterReply, Input, Keyword, Refusal, RuleBotIn, Session, Speaker, VirtualAgent,
    VirtualAgentError, VirtualReply, VirtualTurn,
};
use frontdesk_types::{
    AgentId, AgentStatus, Author, Event, Fact, Instant, Provider, SessionId, SupportNumber, id_part,
};

use super::{Engine, EngineError, desk::Besides, draft::Draft, outbox::Done};
use crate::{
    Center,
    store::{
        AutomaticSource, Commit, EventQuery, Lease, NewWork, Outcome, Subject, Task, Urgency, Work,
        WorkId,
    },
};

/// After so many attempts (about half a minute) people go on with the session.
const PATIENCE: u32 = 5;

/// Programs are always there.
pub(super) fn are_there(router: &mut Router, center: &Center, now: Instant) -> Vec<RouterEvent> {
    let there = |agent: &AgentId| Told::SetStatus {
        agent: agent.clone(),
        status: AgentStatus::Available,
        by: SetBy::Supervisor,
    };
    let bots = center.virtual_agents();
    bots.flat_map(|bot| router.handle(there(bot), now).events).collect()
}

impl Engine {
    /// Brings a program that takes part in chats, for a virtual agent of the configuration: instead of the
    /// rules that come along.
    pub fn set_virtual_agent(&self, id: AgentId, agent: Arc<dyn VirtualAgent>) {
        let mut agents = self.virtual_agents.write().unwrap_or_else(PoisonError::into_inner);
        agents.insert(id, agent);
    }

    fn virtual_agent(&self, center: &Center, id: &AgentId) -> Option<Arc<dyn VirtualAgent>> {
        let brought = self.virtual_agents.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = brought.get(id) {
            return Some(Arc::clone(agent));
        }
        let bot = center.bots.get(id)?.rules.clone();
        Some(Arc::new(RuleBotIn { bot, default: center.default_language() }))
    }

    /// A session that a program has got, or that has a new text, is a piece of work.
    pub(super) fn ask_virtual_agent(&self, draft: &mut Draft) {
        let Some((_, session)) = draft.session.as_ref().filter(|_| draft.session_changed) else {
            return;
        };
        if !session.agent().is_some_and(|agent| self.center().bots.contains_key(agent)) {
            return;
        }
        let id = session.id();
        let work = |event: &Event| {
            let (key, text, provider) = match &event.fact {
                Fact::InboundMessage { provider_id, provider, automatic: None, .. } => {
                    let of = provider.as_ref().map_or("", Provider::as_str);
                    let key = format!("text/{}/{}", id_part(of), id_part(provider_id));
                    (key, Some(provider_id.to_string()), provider.clone())
                }
                Fact::Assigned { .. } => {
                    (format!("greeting/{}", event.at.timestamp_millis()), None, None)
                }
                _ => return None,
            };
            Some(NewWork {
                key: format!("virtual/{id}/{key}"),
                lane: format!("virtual {id}"),
                task: Task::VirtualTurn { session: id, text, provider },
                not_before: event.at,
                urgency: Urgency::Answer,
            })
        };
        draft.more_work = draft.events.iter().filter_map(work).collect();
    }

    pub(super) async fn virtual_turn(
        &self,
        work: &Work,
        id: SessionId,
        text: Option<(&str, Option<&Provider>)>,
    ) -> Result<(), EngineError> {
        let center = self.center();
        let session = self.load(id).await?;
        let subject = Subject { session: Some(id), line: None };
        let done = |outcome| Done { outcome, events: Vec::new(), subject };
        // Somebody else has it by now, or it is over.
        let bot = session.agent().filter(|agent| center.bots.contains_key(*agent)).cloned();
        let Some(bot) = bot else { return self.finish(work, done(Outcome::Done)).await };
        let turn = self.turn(&session, &bot, text).await?;
        let answer = match (turn, self.virtual_agent(&center, &bot)) {
            (Some(turn), Some(agent)) => agent.reply(turn).await,
            _ => return self.finish(work, done(Outcome::Done)).await,
        };
        let number = session.support_number();
        let reply = match answer {
            Ok(reply) if offers_a_command(&center, number, &reply) => people_go_on(&center, &bot),
            Ok(reply) => reply,
            Err(VirtualAgentError::Unavailable { reason }) if work.attempts < PATIENCE => {
                return self.finish(work, done(self.again(work, &reason, None))).await;
            }
            Err(_) => people_go_on(&center, &bot),
        };
        let reply = self.within_limit(&center, id, &bot, reply).await?;
        match self.answer(work, id, &bot, reply).await {
            // What it says cannot be said: people go on.
            Err(EngineError::Refused(Refusal::EmptyMessage | Refusal::TooLong { .. })) => {
                self.answer(work, id, &bot, people_go_on(&center, &bot)).await
            }
            Err(EngineError::Refused(_)) => self.finish(work, done(Outcome::Done)).await,
            other => other,
        }
    }

    /// Whoever answers a program by itself is handed over to people, once the program has written as often as it may in an
    /// hour (SMS-16).
    async fn within_limit(
        &self,
        center: &Center,
        id: SessionId,
        bot: &AgentId,
        reply: VirtualReply,
    ) -> Result<VirtualReply, EngineError> {
        let loaded = self.parts.store.load(&self.id, id).await?;
        let (_, found, _) = loaded.ok_or(EngineError::UnknownSession(id))?;
        let memory = &found.known.memory.1;
        let room = AutomaticSource::VirtualAgent.room(memory, center.automatic, self.now());
        Ok(if reply.messages.len() > room { people_go_on(center, bot) } else { reply })
    }

    /// The answer and the end of the work are one commit: it is given once.
    async fn answer(
        &self,
        work: &Work,
        id: SessionId,
        bot: &AgentId,
        reply: VirtualReply,
    ) -> Result<(), EngineError> {
        let finished: (WorkId, Lease, Outcome) = (work.id, work.lease, Outcome::Done);
        if reply.messages.is_empty() && reply.then == AfterReply::Wait {
            let commit = Commit { finished: Some(finished), ..Commit::default() };
            let subject = Subject { session: Some(id), line: None };
            return self.record(subject, Vec::new(), commit).await;
        }
        // A session that it has no longer refuses the answer.
        let input =
            |_: &Session| Some(Input::VirtualReply { agent: bot.clone(), reply: reply.clone() });
        let besides = Besides { finished: Some(finished), ..Besides::default() };
        let events = self.step_with(id, input, besides).await?;
        self.follow(events).await
    }

    /// What was said up to a text, and what is to be answered.
    async fn turn(
        &self,
        session: &Session,
        bot: &AgentId,
        text: Option<(&str, Option<&Provider>)>,
    ) -> Result<Option<VirtualTurn>, EngineError> {
        let query = EventQuery::OfSession(session.id());
        let records = self.parts.store.events(&self.id, query).await?;
        let (mut said, mut choices) = (Vec::new(), Vec::new());
        let mut to_answer = None;
        for event in records.into_iter().flat_map(|record| record.events) {
            match event.fact {
                Fact::InboundMessage { provider_id, provider, body, .. } => {
                    said.push((Speaker::Consumer, body.clone()));
                    if text == Some((provider_id.as_str(), provider.as_ref())) {
                        to_answer = Some(chosen(&choices, &body).unwrap_or(body));
                        break;
                    }
                }
                Fact::OutboundMessage { author: Author::Agent(agent), body, .. }
                    if agent == *bot =>
                {
                    said.push((Speaker::VirtualAgent, body));
                }
                Fact::ChoicesOffered { choices: offered, .. } => choices = offered,
                _ => {}
            }
        }
        if text.is_some() && to_answer.is_none() {
            return Ok(None);
        }
        let Some(queue) = session.queue().cloned() else { return Ok(None) };
        let (session, language) = (session.id(), session.language());
        Ok(Some(VirtualTurn { session, queue, language, said, text: to_answer }))
    }
}

/// The choice that a number stands for.
fn chosen(choices: &[compact_str::CompactString], body: &str) -> Option<String> {
    let number: usize = frontdesk_sms::normalise(body)?.parse().ok()?;
    choices.get(number.checked_sub(1)?).map(ToString::to_string)
}

/// Whether a choice of the reply is a command word: whoever texts it would opt out instead of choosing (SMS-17). YES is a
/// choice while nothing else was asked.
fn offers_a_command(center: &Center, number: SupportNumber, reply: &VirtualReply) -> bool {
    let mut buttons = reply.messages.iter().flat_map(|message| &message.buttons);
    buttons.any(|button| {
        let found = center.commands(number).recognise(button);
        found.is_some_and(|(keyword, _)| keyword != Keyword::OptInIfAsked)
    })
}

fn people_go_on(center: &Center, bot: &AgentId) -> VirtualReply {
    let queue = center.bots.get(bot).and_then(|bot| bot.rules.fallback.clone());
    let then = queue.map_or(AfterReply::End, |queue| AfterReply::HandOver { queue });
    VirtualReply { messages: Vec::new(), then }
}
