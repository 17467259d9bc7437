//! From one agent to another, or to a queue (SMS-27).

use frontdesk_types::{AgentId, Fact, TransferFailure, TransferTarget};

use super::{Stage, turn::Turn};
use crate::Refusal;

impl Turn<'_> {
    pub(super) fn start_transfer(
        &mut self,
        agent: AgentId,
        to: TransferTarget,
    ) -> Result<(), Refusal> {
        self.require_agent(&agent)?;
        if matches!(self.session.stage, Stage::Transferring { .. }) {
            return Err(Refusal::AlreadyTransferring);
        }
        self.check_limit(&to)?;
        match &to {
            TransferTarget::Agent(other) if *other == agent => {
                return Err(Refusal::AlreadyAssigned { by: agent });
            }
            TransferTarget::Queue(queue) => {
                let waits = |node: &crate::Node| {
                    node.options.is_empty() && node.language.is_none() && !node.closed_to_transfers
                };
                if !self.config.node(queue).is_some_and(waits) {
                    return Err(Refusal::NoSuchQueue { queue: queue.clone() });
                }
            }
            TransferTarget::Agent(_) => {}
        }
        self.emit(Fact::TransferStarted { agent, to });
        Ok(())
    }

    /// At the limit no transfer any more, or one last one to a named queue.
    pub(super) fn check_limit(&self, to: &TransferTarget) -> Result<(), Refusal> {
        let rules = &self.config.transfers;
        let Some(limit) = rules.limit else { return Ok(()) };
        let last = rules.last_to.as_ref();
        let allowed = self.session.transfers < limit
            || (self.session.transfers == limit
                && last.is_some_and(|last| *to == TransferTarget::Queue(last.clone())));
        if allowed {
            Ok(())
        } else {
            Err(Refusal::TransferLimit {
                limit,
                last_to: last.filter(|_| self.session.transfers == limit).cloned(),
            })
        }
    }

    /// The chat goes back to the agent who had it: to where it never left.
    pub(super) fn fail_transfer(&mut self, reason: TransferFailure) {
        if let Some(agent) = self.session.agent().cloned() {
            self.emit(Fact::TransferFailed { agent, reason });
        }
    }
}
