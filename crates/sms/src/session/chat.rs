//! The agent's part: taking a session, writing, losing it (SMS-5, SMS-20, RTE-16).

use frontdesk_types::{AgentId, Author, Fact, Purpose, ReturnReason};

use super::{Chat, Context, Session, Stage, render};
use crate::{MessageKind, Refusal};

/// The longest text that providers take in one request (Twilio: error 21617 above it).
const MAX_TEXT: usize = 1600;

impl Session {
    pub(super) fn assign(
        &mut self,
        context: &mut Context<'_>,
        agent: AgentId,
    ) -> Result<(), Refusal> {
        let (queue, since) = match &self.stage {
            Stage::Queued { queue, since, .. } => (queue.clone(), *since),
            Stage::Selecting { .. } => return Err(Refusal::NotQueued),
            Stage::Assigned { agent, .. } => {
                return Err(Refusal::AlreadyAssigned { by: agent.clone() });
            }
            Stage::Ended { .. } => return Err(Refusal::Ended),
        };
        let deadline =
            context.config.timers(&queue).chat_timeout.map(|timeout| context.at + timeout);
        context.emit(Fact::Assigned { queue: queue.clone(), agent: agent.clone() });
        let body = render(context, self, &queue, MessageKind::Assigned, (Some(&agent), None));
        self.stage = Stage::Assigned { queue, since, agent, deadline, chat: Chat::default() };
        self.send(context, Purpose::Assigned, Author::System, body);
        Ok(())
    }

    pub(super) fn agent_text(
        &mut self,
        context: &mut Context<'_>,
        agent: AgentId,
        body: String,
    ) -> Result<(), Refusal> {
        self.require_agent(&agent)?;
        if body.trim().is_empty() {
            return Err(Refusal::EmptyMessage);
        }
        // Bytes bound characters, so that the common short message is not counted.
        if body.len() > MAX_TEXT {
            let found = body.chars().count();
            if found > MAX_TEXT {
                return Err(Refusal::TooLong { found, max: MAX_TEXT });
            }
        }
        if let Stage::Assigned { chat, .. } = &mut self.stage {
            chat.agent_wrote = true;
            chat.last_was_agent = true;
        }
        self.send(context, Purpose::AgentReply, Author::Agent(agent), body);
        Ok(())
    }

    /// Back to the queue, at the place of its original arrival. A chat that has begun keeps its timeout;
    /// one without a timeout expires like one that waits, so that it ends (design invariant 4).
    pub(super) fn return_to_queue(
        &mut self,
        context: &mut Context<'_>,
        reason: ReturnReason,
    ) -> Result<(), Refusal> {
        let Stage::Assigned { queue, since, agent, deadline, chat } = &self.stage else {
            return Err(Refusal::NotAssigned);
        };
        let fact = Fact::ReturnedToQueue { queue: queue.clone(), agent: agent.clone(), reason };
        let expiration = context.at + context.config.timers(queue).expiration;
        self.stage = Stage::Queued {
            queue: queue.clone(),
            since: *since,
            deadline: Some(deadline.unwrap_or(expiration)),
            chat: Some(*chat),
        };
        context.emit(fact);
        Ok(())
    }

    pub(super) fn require_agent(&self, agent: &AgentId) -> Result<(), Refusal> {
        match self.agent() {
            Some(assigned) if assigned == agent => Ok(()),
            Some(assigned) => Err(Refusal::NotYours { assigned: assigned.clone() }),
            None => Err(Refusal::NotAssigned),
        }
    }
}
