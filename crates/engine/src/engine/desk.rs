//! Acts of agents and supervisors on sessions.

use frontdesk_routing::{Input as Told, Kind, Refused, RouterEvent};
use frontdesk_sms::{Input, Refusal, Session};
use frontdesk_types::{AgentId, Needs, ReturnReason, SessionId, TransferFailure, TransferTarget};

use super::{
    Engine, EngineError, RequestKey, TRIES, chat, inbound::remember_closure, requests::Once,
    surroundings::Surroundings,
};
use crate::store::{Lease, Outcome, StoreError, WorkId};

/// What one step of a session brings along.
#[derive(Default)]
pub(super) struct Besides<'a> {
    /// The work that led to it.
    pub(super) finished: Option<(WorkId, Lease, Outcome)>,
    /// The request that it is, where that happens once.
    pub(super) once: Option<&'a Once>,
}

impl Engine {
    /// An agent takes a session that is offered: the first one does, and nobody after (RTE-5).
    pub async fn accept(&self, session: SessionId, agent: &AgentId) -> Result<(), EngineError> {
        let asked = self.ask_router(Told::Accept { session, agent: agent.clone() }).await;
        if let Err(EngineError::NotAccepted(Refused::NotWaiting { .. })) = asked {
            // It may not be there at all.
            self.session(session).await?;
        }
        let mut events = asked?;
        // The router believes it early: should this call be dropped, it is told what is stored.
        self.doubt(session);
        let outcome = self.step(session, |_| Some(Input::Assigned { agent: agent.clone() })).await;
        match outcome {
            Ok(more) => {
                events.extend(more);
                self.follow(events).await
            }
            Err(error) => {
                // The router believed it too early: it is told what is stored.
                events.extend(self.place_as_stored(session).await?);
                self.follow(events).await?;
                Err(error)
            }
        }
    }

    /// The agent who has the session writes to the consumer.
    pub async fn send(
        &self,
        session: SessionId,
        agent: &AgentId,
        body: String,
    ) -> Result<(), EngineError> {
        self.apply(session, Input::AgentText { agent: agent.clone(), body }).await
    }

    /// As [`Engine::send`], once, however often it is asked for with the same key.
    pub async fn send_once(
        &self,
        session: SessionId,
        agent: &AgentId,
        body: String,
        key: &RequestKey,
    ) -> Result<(), EngineError> {
        let once = Once::new("message", key, &[&session.to_string(), agent.as_str(), &body]);
        let input = Input::AgentText { agent: agent.clone(), body };
        self.apply_once(session, input, Some(&once)).await
    }

    /// The agent who has the session ends it.
    pub async fn end(&self, session: SessionId, agent: &AgentId) -> Result<(), EngineError> {
        self.apply(session, Input::EndedByAgent { agent: agent.clone() }).await
    }

    /// A supervisor ends a session, waiting or not.
    pub async fn end_by_supervisor(&self, session: SessionId) -> Result<(), EngineError> {
        self.apply(session, Input::EndedBySupervisor).await
    }

    /// Sets how urgent a chat is, and what its agent must be able to do, for it alone: a VIP, a language. Empty
    /// is what its queue asks for (RTE-18). An agent who has it keeps it.
    pub async fn set_needs(&self, session: SessionId, needs: Needs) -> Result<(), EngineError> {
        if let Some(priority) = needs.priority.filter(|found| *found > Needs::MOST_URGENT) {
            return Err(EngineError::NoSuchPriority(priority));
        }
        let center = self.center();
        let known = center.skills();
        if let Some(found) = needs.skills.iter().find(|skill| !known.contains(skill)) {
            let known = known.iter().map(|skill| skill.as_str()).collect::<Vec<_>>().join(", ");
            return Err(EngineError::UnknownSkill { found: found.clone(), known });
        }
        self.apply(session, Input::NeedsChanged { needs }).await
    }

    /// The agent who has the session gives it back to its queue.
    pub async fn give_back(&self, session: SessionId, agent: &AgentId) -> Result<(), EngineError> {
        match self.session(session).await?.row.agent {
            Some(by) if by == *agent => {}
            Some(by) => return Err(EngineError::Refused(Refusal::NotYours { assigned: by })),
            None => return Err(EngineError::Refused(Refusal::NotAssigned)),
        }
        let events = self.return_session(session, agent, ReturnReason::Returned).await?;
        self.follow(events).await
    }

    /// The agent who has the session puts it aside until the consumer writes again (SMS-21).
    pub async fn dismiss(&self, session: SessionId, agent: &AgentId) -> Result<(), EngineError> {
        self.apply(session, Input::Dismissed { agent: agent.clone() }).await
    }

    /// A dismissed session waits in its queue again (SMS-21).
    pub async fn resume(&self, session: SessionId) -> Result<(), EngineError> {
        self.apply(session, Input::Resumed).await
    }

    /// The agent who has the session has it before them, or no longer: while they do, it is not dismissed
    /// by itself (SMS-21).
    pub async fn show(
        &self,
        session: SessionId,
        agent: &AgentId,
        open: bool,
    ) -> Result<(), EngineError> {
        let agent = agent.clone();
        let input = if open { Input::ChatOpened { agent } } else { Input::ChatClosed { agent } };
        self.apply(session, input).await
    }

    /// The agent who has the session asks another agent, or those of a queue, to take it (SMS-27). Until
    /// somebody does, it stays with the one who asks.
    pub async fn transfer(
        &self,
        session: SessionId,
        agent: &AgentId,
        to: TransferTarget,
    ) -> Result<(), EngineError> {
        match &to {
            TransferTarget::Agent(other) => self.router().can_take(other, Kind::Chat)?,
            // What is no queue that sessions wait in is the session's to refuse. A queue may have closed a
            // moment ago.
            TransferTarget::Queue(queue) => {
                let center = self.center();
                if center.tree.is_leaf(queue) && !self.is_transfer_target(&center, queue) {
                    return Err(Refusal::ClosedQueue { queue: queue.clone() }.into());
                }
            }
        }
        self.apply(session, Input::Transfer { agent: agent.clone(), to }).await
    }

    /// The agent who was asked does not want the session, or the one who asked takes it back (SMS-27).
    pub async fn end_transfer(
        &self,
        session: SessionId,
        agent: &AgentId,
    ) -> Result<(), EngineError> {
        let view = self.load(session).await?;
        let reason = match view.transfer() {
            Some(TransferTarget::Agent(asked)) if asked == agent => TransferFailure::Declined,
            Some(_) if view.agent() == Some(agent) => TransferFailure::Cancelled,
            Some(_) => {
                let assigned = view.agent().unwrap_or(agent).clone();
                return Err(Refusal::NotYours { assigned }.into());
            }
            None => return Err(Refusal::NotTransferring.into()),
        };
        self.apply(session, Input::TransferFailed { reason }).await
    }

    /// A session as the machine has it.
    pub(super) async fn load(&self, session: SessionId) -> Result<Session, EngineError> {
        let loaded = self.parts.store.load(&self.id, session).await?;
        let (_, _, stored) = loaded.ok_or(EngineError::UnknownSession(session))?;
        chat(&stored.state)
    }

    /// Nobody can take the session: it stays with the agent who has it.
    pub(super) async fn fail_transfer(
        &self,
        session: SessionId,
        reason: TransferFailure,
    ) -> Result<Vec<RouterEvent>, EngineError> {
        let input = |session: &Session| {
            session.transfer().is_some().then_some(Input::TransferFailed { reason })
        };
        match self.step(session, input).await {
            Err(EngineError::Refused(_)) => self.place_as_stored(session).await,
            other => other,
        }
    }

    pub(super) async fn apply(&self, session: SessionId, input: Input) -> Result<(), EngineError> {
        self.apply_once(session, input, None).await
    }

    /// With a request that happens once, nothing happens if it has happened.
    pub(super) async fn apply_once(
        &self,
        session: SessionId,
        input: Input,
        once: Option<&Once>,
    ) -> Result<(), EngineError> {
        let besides = Besides { once, ..Besides::default() };
        match self.step_with(session, |_| Some(input.clone()), besides).await {
            Err(EngineError::Refused(Refusal::NotAChat)) => {
                self.apply_to_call(session, input, once).await
            }
            events => self.follow(events?).await,
        }
    }

    /// Back to the queue, if the agent still has it.
    pub(super) async fn return_session(
        &self,
        session: SessionId,
        agent: &AgentId,
        reason: ReturnReason,
    ) -> Result<Vec<RouterEvent>, EngineError> {
        let input = |session: &Session| {
            (session.agent() == Some(agent)).then_some(Input::Returned { reason })
        };
        match self.step(session, input).await {
            Err(error @ EngineError::Refused(Refusal::NotAChat)) => Err(error),
            // It ended, or somebody else has it: nothing to return, but the router must know.
            Err(EngineError::Refused(_)) => self.place_as_stored(session).await,
            other => other,
        }
    }

    async fn step(
        &self,
        id: SessionId,
        input: impl Fn(&Session) -> Option<Input>,
    ) -> Result<Vec<RouterEvent>, EngineError> {
        self.step_with(id, input, Besides::default()).await
    }

    /// One step of a stored session: load, handle, commit, again if somebody else was faster. `input` may
    /// say of the session as it is found that there is nothing to do.
    pub(super) async fn step_with(
        &self,
        id: SessionId,
        input: impl Fn(&Session) -> Option<Input>,
        besides: Besides<'_>,
    ) -> Result<Vec<RouterEvent>, EngineError> {
        let center = self.center();
        for _ in 0..TRIES {
            if let Some(once) = besides.once
                && self.answer_of_before(once).await?.is_some()
            {
                return Ok(Vec::new());
            }
            let Some((line, found, stored)) = self.parts.store.load(&self.id, id).await? else {
                return Err(EngineError::UnknownSession(id));
            };
            let session = chat(&stored.state)?;
            let Some(input) = input(&session) else { return self.place_as_stored(id).await };
            let now = self.now();
            let view =
                Surroundings::new(self, &center, now, found.known.memory.1.told_closed_until);
            let mut draft =
                self.draft(&center, line, now, found.known, Some((stored.version, session)));
            let opted_out = draft.consent().is_opted_out();
            draft.by_program = matches!(input, Input::VirtualReply { .. });
            let Some((_, session)) = &mut draft.session else { continue };
            let step = self.step_chat(&center, &view, session, input, opted_out);
            if step.events.is_empty() {
                return match step.refused {
                    None => self.place_as_stored(id).await,
                    Some(refusal) => Err(refusal.into()),
                };
            }
            let closed_until = view.closed_until.get();
            draft.events = step.events;
            draft.session_changed = true;
            draft.finished.clone_from(&besides.finished);
            if let Some(once) = besides.once.filter(|_| step.refused.is_none()) {
                draft.items.push(once.answered(id.to_string(), now)?);
            }
            remember_closure(&mut draft, closed_until);
            match (self.store_draft(draft, None).await, step.refused) {
                (Err(EngineError::Store(StoreError::Conflict)), _) => {}
                (Ok(events), Some(refusal)) => {
                    Box::pin(self.follow(events.unwrap_or_default())).await?;
                    return Err(refusal.into());
                }
                (other, _) => return other.map(Option::unwrap_or_default),
            }
        }
        Err(StoreError::Conflict.into())
    }
}
