//! The agent's part: taking a session, writing, losing it (SMS-5, SMS-20, RTE-16), and beginning one
//! (SMS-32).

use frontdesk_types::{AgentId, Author, Fact, Purpose, ReturnReason, TransferTarget};

use super::{
    Stage,
    turn::{Extra, Turn},
};
use crate::{MessageKind, Outreach, Refusal};

/// The longest text that providers take in one request (Twilio: error 21617 above it).
pub const MAX_TEXT: usize = 1600;

/// Whether a text can be sent as it is: with something in it, and up to 1,600 characters.
pub fn check_body(body: &str) -> Result<(), Refusal> {
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
    Ok(())
}

impl Turn<'_> {
    pub(super) fn assign(&mut self, agent: AgentId) -> Result<(), Refusal> {
        let queue = match &self.session.stage {
            Stage::Queued { queue, .. } => queue.clone(),
            Stage::Transferring { held, to, .. } => {
                let queue = match to {
                    TransferTarget::Queue(queue) => queue.clone(),
                    TransferTarget::Agent(asked) if *asked == agent => held.queue.clone(),
                    TransferTarget::Agent(asked) => {
                        return Err(Refusal::AlreadyAssigned { by: asked.clone() });
                    }
                };
                let from = held.agent.clone();
                if from == agent {
                    return Err(Refusal::AlreadyAssigned { by: from });
                }
                self.emit(Fact::TransferFinished { from });
                queue
            }
            Stage::Assigned(held) => {
                return Err(Refusal::AlreadyAssigned { by: held.agent.clone() });
            }
            Stage::Invited { .. } | Stage::Selecting { .. } | Stage::Dismissed { .. } => {
                return Err(Refusal::NotQueued);
            }
            Stage::Ended { .. } => return Err(Refusal::Ended),
        };
        self.emit(Fact::Assigned { queue: queue.clone(), agent: agent.clone() });
        let extra = Extra { agent: Some(&agent), ..Extra::default() };
        self.say(&queue, MessageKind::Assigned, &extra);
        Ok(())
    }

    pub(super) fn agent_text(&mut self, agent: AgentId, body: String) -> Result<(), Refusal> {
        self.require_agent(&agent)?;
        check_body(&body)?;
        self.send(Purpose::AgentReply, Author::Agent(agent), body);
        Ok(())
    }

    /// The agent has the chat before them, or no longer. Said again, it changes nothing.
    pub(super) fn open_chat(&mut self, agent: AgentId, open: bool) -> Result<(), Refusal> {
        self.require_agent(&agent)?;
        if self.session.stage.held().is_some_and(|held| held.open != open) {
            self.emit(if open { Fact::ChatOpened { agent } } else { Fact::ChatClosed { agent } });
        }
        Ok(())
    }

    /// Back to the queue, at the place of its original arrival. A chat that has begun keeps its timeout;
    /// one without a timeout expires like one that waits, so that it ends (design invariant 4).
    pub(super) fn return_to_queue(&mut self, reason: ReturnReason) -> Result<(), Refusal> {
        let (Some(agent), Some(queue)) =
            (self.session.agent().cloned(), self.session.queue().cloned())
        else {
            return Err(Refusal::NotAssigned);
        };
        self.emit(Fact::ReturnedToQueue { queue, agent, reason });
        Ok(())
    }

    /// The first text of a session that the center begins (SMS-32, SMS-33).
    pub(super) fn reach_out(
        &mut self,
        outreach: Outreach,
        opt_in_text_due: bool,
    ) -> Result<(), Refusal> {
        let Outreach { agent, body: mut text } = outreach;
        check_body(&text)?;
        let home = self.session.home.clone();
        if opt_in_text_due {
            text.push(' ');
            text.push_str(&self.render(&home, MessageKind::OptInText, &Extra::default()));
            // One text, so that who reads the one has read the other.
            check_body(&text)?;
        }
        let author = match agent {
            Some(agent) => {
                self.emit(Fact::Assigned { queue: home, agent: agent.clone() });
                Author::Agent(agent)
            }
            None => Author::System,
        };
        self.send(Purpose::Outreach, author, text);
        Ok(())
    }
}
