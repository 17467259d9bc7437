//! Virtual agents take part like agents (SMS-28).

use compact_str::CompactString;
use frontdesk_types::{AgentId, Author, EndReason, Fact, Purpose, TransferFailure, TransferTarget};

use super::turn::Turn;
use crate::{AfterReply, Refusal, VirtualReply, check_body};

impl Turn<'_> {
    pub(super) fn virtual_reply(
        &mut self,
        agent: AgentId,
        reply: VirtualReply,
    ) -> Result<(), Refusal> {
        self.require_agent(&agent)?;
        if !self.config.is_virtual(&agent) {
            return Err(Refusal::NotVirtual { agent });
        }
        for message in &reply.messages {
            check_body(&message.text)?;
        }
        let mut choices: Vec<CompactString> = Vec::new();
        for message in reply.messages {
            let mut body = message.text;
            for button in message.buttons {
                choices.push(button.as_str().into());
                body.push_str(&format!("\n{}. {button}", choices.len()));
            }
            self.send(Purpose::AgentReply, Author::Agent(agent.clone()), body);
        }
        if choices != self.session.choices() {
            self.emit(Fact::ChoicesOffered { agent: agent.clone(), choices });
        }
        match reply.then {
            AfterReply::Wait => Ok(()),
            AfterReply::End => {
                self.end(EndReason::FinishedByAgent);
                Ok(())
            }
            AfterReply::HandOver { queue } => {
                let to = TransferTarget::Queue(queue.clone());
                if self.config.transfers.count_virtual && self.check_limit(&to).is_err() {
                    self.fail_transfer(TransferFailure::Limit);
                } else {
                    self.emit(Fact::HandedOver { agent, queue: queue.clone() });
                    self.arrive(queue);
                }
                Ok(())
            }
        }
    }
}
