//! Putting inactive chats aside, and taking them up again (SMS-21, SMS-22).

use frontdesk_types::{AgentId, DismissedBy, Fact, ResumedBy};

use super::{
    Stage,
    turn::{Extra, Turn},
};
use crate::{Hours, MessageKind, NotDismissible, Refusal};

impl Turn<'_> {
    pub(super) fn dismiss_by_agent(&mut self, agent: &AgentId) -> Result<(), Refusal> {
        self.require_agent(agent)?;
        let why = match &self.session.stage {
            Stage::Transferring { .. } => Some(NotDismissible::Transferring),
            _ if !self.session.kind.is_from_consumer() => Some(NotDismissible::Outbound),
            Stage::Assigned(held) if !held.chat.agent_wrote => Some(NotDismissible::AgentSilent),
            _ if !self.session.wrote_since_dismissal => Some(NotDismissible::ConsumerSilent),
            _ => None,
        };
        if let Some(why) = why {
            return Err(Refusal::NotDismissible { why });
        }
        self.dismiss(DismissedBy::Agent);
        Ok(())
    }

    /// Off the agent's desk; two lines of the transcript.
    pub(super) fn dismiss(&mut self, by: DismissedBy) {
        let Some(agent) = self.session.agent().cloned() else { return };
        self.emit(Fact::AgentLeft { agent: agent.clone() });
        self.emit(Fact::Dismissed { agent, by });
    }

    /// The consumer writes in a dismissed chat: it goes on, or the queue is closed and the chat stays where
    /// it is.
    pub(super) fn come_back(&mut self) {
        // The text is kept, and the answer says why nobody comes.
        let _ = self.resume(ResumedBy::Consumer);
    }

    pub(super) fn resume(&mut self, by: ResumedBy) -> Result<(), Refusal> {
        let Stage::Dismissed { queue, .. } = &self.session.stage else {
            return Err(Refusal::NotDismissed);
        };
        let queue = queue.clone();
        let hours = self.view.hours(&queue, self.session.language);
        if hours != Hours::Open {
            self.tell_closed(&queue, &hours);
            return Err(Refusal::OutOfHours);
        }
        self.emit(Fact::Resumed { by });
        self.emit(Fact::Queued { queue: queue.clone() });
        self.say(&queue, MessageKind::DismissedResponse, &Extra::default());
        Ok(())
    }
}
