//! What the router is told, and what is done about what it says.

use frontdesk_routing::{Input as Told, Kind, Place, Refused, RouterEvent, SetBy, Wait};
use frontdesk_sms::{Call, CallStatus, Refusal, Session, Status};
use frontdesk_types::{
    AgentId, AgentStatus, Event, Fact, Instant, ReturnReason, SessionId, TransferFailure,
};

use super::{Engine, EngineError, draft::Draft};
use crate::store::{AgentState, Commit, Record, Subject};

/// What has to be done about the router's events.
#[derive(Default)]
struct ToDo {
    lost: Vec<(SessionId, AgentId, ReturnReason)>,
    unreachable: Vec<SessionId>,
    connect: Vec<(SessionId, AgentId)>,
    /// What belongs into the log: of a session, or of nobody's.
    record: Vec<(Option<SessionId>, Fact)>,
    statuses: Vec<(AgentId, AgentState)>,
}

impl Engine {
    /// Tells the router what it cannot refuse.
    pub(super) fn tell_router(&self, input: Told) -> Vec<RouterEvent> {
        let now = self.now();
        self.router().handle(input, now).events
    }

    /// Tells the router. Timers that were due have had their effect, also when it refuses.
    pub(super) async fn ask_router(&self, input: Told) -> Result<Vec<RouterEvent>, EngineError> {
        let now = self.now();
        let step = self.router().handle(input, now);
        match step.refused {
            None => Ok(step.events),
            Some(refused) => {
                self.follow(step.events).await?;
                Err(refused.into())
            }
        }
    }

    /// Tells the router where a session stands.
    pub(super) fn place(&self, session: &Session, last_agent: Option<AgentId>) -> Vec<RouterEvent> {
        let center = self.center();
        let (queue, since, agent) = (session.queue(), session.waiting_since(), session.agent());
        let wait = |queue, since| {
            let wait = center.wait(queue, session.language(), session.needs(), since);
            Wait { last_agent, ..wait }
        };
        let place = match (session.status(), queue, since, agent.cloned()) {
            (Status::Queued, Some(queue), Some(since), _) => Place::Waiting(wait(queue, since)),
            (Status::Assigned, Some(queue), Some(since), Some(agent)) => {
                Place::With { agent, queue: queue.clone(), since, kind: Kind::Chat }
            }
            (Status::Transferring, Some(queue), Some(since), Some(agent)) => {
                let Some(to) = session.transfer().cloned() else { return Vec::new() };
                Place::Transferring { agent, to, wait: wait(queue, since) }
            }
            (Status::Dismissed { .. }, ..) => Place::Dismissed,
            _ => Place::Gone,
        };
        self.tell_router(Told::Place { session: session.id(), place })
    }

    /// Tells the router of a call: whoever has it has less room for chats (RTE-9). Which agent gets a call is
    /// the telephony's to say, so nothing is offered, and nothing can be returned.
    pub(super) fn place_call(&self, call: &Call) -> Vec<RouterEvent> {
        let place = match (call.status(), call.agent(), call.queue()) {
            (CallStatus::Connected, Some(agent), Some(queue)) => Place::With {
                agent: agent.clone(),
                queue: queue.clone(),
                since: call.started(),
                kind: Kind::Call,
            },
            _ => Place::Gone,
        };
        let mut events = self.tell_router(Told::Place { session: call.id(), place });
        events.retain(|event| !matches!(event, RouterEvent::Return { .. }));
        events
    }

    /// Remembers who had the consumer last, and says it of one who comes back in time (RTE-17).
    pub(super) fn last_agent(&self, draft: &mut Draft) -> Option<AgentId> {
        let center = self.center();
        if let Some((agent, queue)) = draft.ended_with()
            && center.staff.sticky(queue).is_some()
        {
            let last = (agent.clone(), draft.at);
            draft.remember(|memory| memory.last_agent = Some(last));
            return None;
        }
        let (_, session) = draft.session.as_ref().filter(|_| draft.session_changed)?;
        let within = center.staff.sticky(session.queue()?)?;
        let (agent, at) = draft.memory().last_agent.as_ref()?;
        (draft.at - *at <= within).then(|| agent.clone())
    }

    /// Lets the router's timers fire: offers that nobody answered, groups that join, wrap-ups that end.
    pub(super) async fn router_timers(&self) -> Result<(), EngineError> {
        let events = self.tell_router(Told::TimePassed);
        self.follow(events).await
    }

    /// Acts upon the router's events: offers are told, statuses kept, sessions connected, lost ones return
    /// to their queues (RTE-16), which may lead to further offers.
    pub(super) async fn follow(&self, events: Vec<RouterEvent>) -> Result<(), EngineError> {
        let mut pending = events;
        let mut failed = None;
        // What an agent writes, for example, is nothing to the router.
        while !pending.is_empty() {
            let todo = self.sort_out(std::mem::take(&mut pending));
            failed = self.keep(todo.record, todo.statuses).await.err().or(failed);
            // Somebody may have been faster, or the agent may have as many chats as allowed: then it waits.
            for (session, agent) in todo.connect {
                match Box::pin(self.accept(session, &agent)).await {
                    Ok(()) | Err(EngineError::NotAccepted(_) | EngineError::Refused(_)) => {}
                    Err(error) => failed = Some(error),
                }
            }
            for session in todo.unreachable {
                match self.fail_transfer(session, TransferFailure::Unavailable).await {
                    Ok(events) => pending.extend(events),
                    Err(error) => failed = Some(error),
                }
            }
            for (session, agent, reason) in todo.lost {
                match self.return_session(session, &agent, reason).await {
                    Ok(events) => pending.extend(events),
                    // The telephony knows who is on the phone.
                    Err(EngineError::Refused(Refusal::NotAChat)) => {}
                    Err(error) => failed = Some(error),
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Tells at once what is only to be seen; the rest is to be done.
    fn sort_out(&self, events: Vec<RouterEvent>) -> ToDo {
        let mut todo = ToDo::default();
        for event in events {
            match event {
                RouterEvent::Return { session, agent, reason } => {
                    // Until it has returned: should that fail, the next look finds it again.
                    self.doubt(session);
                    todo.lost.push((session, agent, reason));
                }
                RouterEvent::Unreachable { session } => todo.unreachable.push(session),
                RouterEvent::Connect { session, agent, .. } => todo.connect.push((session, agent)),
                RouterEvent::Offered { session, queue, agents, until } => {
                    self.tell(Some(session), Fact::Offered { queue, agents, until });
                }
                RouterEvent::Withdrawn { session, agents } => {
                    self.tell(Some(session), Fact::OfferWithdrawn { agents });
                }
                RouterEvent::Missed { session, agent, seen } => {
                    todo.record.push((Some(session), Fact::OfferMissed { agent, seen }));
                }
                RouterEvent::Declined { session, agent } => {
                    todo.record.push((Some(session), Fact::OfferDeclined { agent }));
                }
                RouterEvent::Allocated { session, queue, group } => {
                    todo.record.push((Some(session), Fact::GroupAllocated { queue, group }));
                }
                RouterEvent::Cascaded { session, queue, groups } => {
                    todo.record.push((Some(session), Fact::GroupsAsked { queue, groups }));
                }
                RouterEvent::StatusChanged { agent, status, until } => {
                    let fact = Fact::AgentStatusChanged {
                        agent: agent.clone(),
                        status: status.clone(),
                        until,
                    };
                    let kept = match status {
                        AgentStatus::WrapUp => AgentStatus::Available,
                        AgentStatus::MissedCall
                        | AgentStatus::MissedChat
                        | AgentStatus::Unresponsive => status,
                        // The others follow from what is stored, or were stored when they were chosen.
                        _ => {
                            self.tell(None, fact);
                            continue;
                        }
                    };
                    todo.statuses.push((agent, AgentState { status: kept, wrap_up: until }));
                    todo.record.push((None, fact));
                }
                _ => {}
            }
        }
        todo
    }

    /// Something that is only to be seen while it lasts: offers, and being in a chat.
    fn tell(&self, session: Option<SessionId>, fact: Fact) {
        self.parts.observer.events(&Record {
            position: 0,
            subject: Subject { session, line: None },
            events: vec![Event { at: self.now(), fact }],
        });
    }

    /// What belongs into the log, and statuses that must survive a restart.
    async fn keep(
        &self,
        record: Vec<(Option<SessionId>, Fact)>,
        statuses: Vec<(AgentId, AgentState)>,
    ) -> Result<(), EngineError> {
        let at = self.now();
        let mut of_nobody = Vec::new();
        for (session, fact) in record {
            let event = Event { at, fact };
            match session {
                Some(_) => {
                    let subject = Subject { session, line: None };
                    self.record(subject, vec![event], Commit::default()).await?;
                }
                None => of_nobody.push(event),
            }
        }
        if of_nobody.is_empty() {
            return Ok(());
        }
        let commit = Commit { statuses, ..Commit::default() };
        self.record(Subject::default(), of_nobody, commit).await
    }

    /// An agent sets their status. Logging out returns every session of the agent to its queue, at the place
    /// of its original arrival (RTE-16).
    pub async fn set_status(
        &self,
        agent: &AgentId,
        status: AgentStatus,
    ) -> Result<(), EngineError> {
        self.set_status_by(agent, status, SetBy::Agent).await
    }

    /// A supervisor sets an agent's status: special tasks too, and back from a fixed wrap-up (RTE-10).
    pub async fn give_status(
        &self,
        agent: &AgentId,
        status: AgentStatus,
    ) -> Result<(), EngineError> {
        self.set_status_by(agent, status, SetBy::Supervisor).await
    }

    async fn set_status_by(
        &self,
        agent: &AgentId,
        status: AgentStatus,
        by: SetBy,
    ) -> Result<(), EngineError> {
        if let AgentStatus::Custom(id) = &status
            && !self.center().statuses.contains(id)
        {
            return Err(EngineError::UnknownStatus(status));
        }
        let before = {
            let router = self.router();
            AgentState { status: router.status(agent)?, wrap_up: router.wrap_up(agent) }
        };
        let input = Told::SetStatus { agent: agent.clone(), status: status.clone(), by };
        let mut events = self.ask_router(input).await?;
        let wrap_up = self.router().wrap_up(agent);
        let fact =
            Fact::AgentStatusChanged { agent: agent.clone(), status: status.clone(), until: None };
        let state = AgentState { status, wrap_up };
        let stored = self.keep(vec![(None, fact)], vec![(agent.clone(), state)]).await;
        if stored.is_err() {
            // What cannot be kept has not happened: nothing returns, and the agent does what they did.
            let AgentState { status, wrap_up } = before;
            events.retain(|event| !matches!(event, RouterEvent::Return { .. }));
            let back = Told::Restore { agent: agent.clone(), status, wrap_up };
            events.extend(self.tell_router(back));
        }
        // What was chosen is told already.
        let chosen = |event: &RouterEvent| {
            matches!(event, RouterEvent::StatusChanged { agent: who, status, .. }
                if who == agent && status.is_chosen())
        };
        events.retain(|event| !chosen(event));
        self.follow(events).await?;
        stored
    }

    /// The agent's desk shows an offer: one that it never shows is skipped, not missed (RTE-10).
    pub async fn acknowledge(
        &self,
        session: SessionId,
        agent: &AgentId,
    ) -> Result<(), EngineError> {
        let events = self.ask_router(Told::Acknowledge { session, agent: agent.clone() }).await?;
        self.follow(events).await
    }

    /// The agent does not want a session that is offered to them alone (RTE-10).
    pub async fn decline(&self, session: SessionId, agent: &AgentId) -> Result<(), EngineError> {
        let events = self.ask_router(Told::Decline { session, agent: agent.clone() }).await?;
        self.follow(events).await
    }

    /// An agent's sessions and offers must not outlive the agent.
    pub(super) fn known_agent(&self, agent: &AgentId) -> Result<(), Refused> {
        self.router().status(agent).map(drop)
    }

    /// When something happens by itself, as far as the router goes: [`Engine::tick`] is wanted then.
    pub fn next_offer_deadline(&self) -> Option<Instant> {
        self.router().next_deadline()
    }
}
