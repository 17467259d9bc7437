//! SMS to launch the app (SMS-35): the agent sends the link during a call, the app reports back, and its SmartActions
//! can be used.

use frontdesk_types::{AgentId, Fact, Purpose, Variable};
use serde::{Deserialize, Serialize};

use super::turn::CallTurn;
use crate::{MessageKind, Refusal};

/// Where the app stands in a call. The stored form counts the variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum App {
    /// The caller has no link.
    #[default]
    Idle,
    /// The link is out.
    LinkSent,
    /// It has reported back: SmartActions can be used.
    Open,
}

impl App {
    pub(super) fn evolve(&mut self, fact: &Fact) {
        match fact {
            Fact::OutboundMessage { purpose: Purpose::AppLink, .. } if *self == Self::Idle => {
                *self = Self::LinkSent;
            }
            Fact::AppOpened => *self = Self::Open,
            _ => {}
        }
    }
}

impl CallTurn<'_> {
    pub(super) fn send_app_link(&mut self, by: AgentId, agreed: bool) -> Result<(), Refusal> {
        self.require_texting(&by, agreed)?;
        let link = self.config.app_link.as_ref().ok_or(Refusal::NoAppLink)?;
        let id = self.call.id;
        let link = link.render(|variable| match variable {
            Variable::SessionId => Some(compact_str::format_compact!("{id}")),
            _ => None,
        });
        let before = self.render(MessageKind::AppLink, None);
        self.text_from_agent(by, MessageKind::AppLink.purpose(), format!("{before} {link}"))?;
        Ok(())
    }

    /// Said again, it changes nothing.
    pub(super) fn app_opened(&mut self) -> Result<(), Refusal> {
        match self.call.app {
            App::Idle => Err(Refusal::NoAppLink),
            App::LinkSent => {
                self.emit(Fact::AppOpened);
                Ok(())
            }
            App::Open => Ok(()),
        }
    }
}
