//! In-call SMS (SMS-30): the agent of a connected call texts the caller. Ends with the call.

use frontdesk_types::{AgentId, Purpose};

use super::{CallStage, turn::CallTurn};
use crate::{
    MessageKind, Refusal, check_body,
    services::{self, agent},
};

impl CallTurn<'_> {
    pub(super) fn agent_text(
        &mut self,
        by: AgentId,
        body: String,
        agreed: bool,
    ) -> Result<(), Refusal> {
        self.require_texting(&by, agreed)?;
        check_body(&body)?;
        self.text_from_agent(by, Purpose::AgentReply, body)
    }

    /// Whether the agent may text the caller: theirs, connected, with the caller's consent.
    pub(super) fn require_texting(&self, by: &AgentId, agreed: bool) -> Result<(), Refusal> {
        match &self.call.stage {
            CallStage::Connected { agent: now, .. } if now == by => {}
            CallStage::Connected { agent: now, .. } => {
                return Err(Refusal::NotYours { assigned: now.clone() });
            }
            _ => return Err(Refusal::NotConnected),
        }
        self.call.require_texts()?;
        let consent = self.view.consent();
        if consent.opted_out {
            Err(Refusal::OptedOut)
        } else if consent.given || agreed {
            Ok(())
        } else {
            Err(Refusal::ConsentNeeded)
        }
    }

    /// With the opt-in text where the caller has yet to see it.
    pub(super) fn text_from_agent(
        &mut self,
        by: AgentId,
        purpose: Purpose,
        mut body: String,
    ) -> Result<(), Refusal> {
        if self.view.consent().opt_in_text_due {
            body.push(' ');
            body.push_str(&self.render(MessageKind::OptInText, None));
            check_body(&body)?;
        }
        self.send(purpose, agent(services::InCall, by), body);
        Ok(())
    }
}
