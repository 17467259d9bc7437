//! What events make of a session. Nothing else changes one.

use chrono::TimeDelta;
use frontdesk_types::{AgentId, Author, Event, Fact, Instant, MenuStep, Purpose, QueueId};

use super::{Chat, Held, Session, Stage, stage::Tries};
use crate::{Config, Opening, beside::is_beside, own_time::span};

impl Session {
    /// A session at its beginning.
    pub(super) fn fresh(config: &Config, opening: &Opening, at: Instant) -> Self {
        let Opening { id, consumer, support_number, home, language, session_type, .. } = opening;
        let deadline = at + config.timers(home).menu_expiration;
        let from_consumer = session_type.is_from_consumer();
        let stage = if from_consumer {
            Stage::Selecting { node: home.clone(), tries: 0, deadline }
        } else {
            Stage::Invited { deadline }
        };
        Self {
            id: *id,
            consumer: *consumer,
            support_number: *support_number,
            kind: *session_type,
            home: home.clone(),
            language: *language,
            seen: at,
            started: at,
            sent: 0,
            transfers: 0,
            connected: false,
            wrote_since_dismissal: from_consumer,
            stage,
            needs: None,
            behind: TimeDelta::zero(),
        }
    }

    pub(super) fn evolve(&mut self, config: &Config, event: &Event) {
        if is_beside(self.id, &event.fact) {
            return;
        }
        let at = event.at;
        self.seen = self.seen.max(at);
        match &event.fact {
            Fact::ClockChanged { behind_ms } => self.behind = span(*behind_ms),
            Fact::InboundMessage { automatic: None, .. } => self.consumer_wrote(config, at),
            Fact::OutboundMessage { id, purpose, author, .. } => {
                self.sent = id.number_in(self.id).map_or(self.sent, |number| self.sent.max(number));
                self.sent_out(config, at, *purpose, author);
            }
            Fact::NeedsChanged { needs } => {
                self.needs = (!needs.is_empty()).then(|| Box::new(needs.clone()));
            }
            Fact::LanguageChanged { language } => self.language = *language,
            Fact::MenuEntered { node, by } => {
                let deadline = at + config.timers(node).menu_expiration;
                let fell_back = match &self.stage {
                    // A branch with one child belongs to what led to it.
                    Stage::Selecting { tries, .. } if *by == MenuStep::OnlyChild => {
                        Tries(*tries).fell_back()
                    }
                    _ => *by == MenuStep::Fallback,
                };
                let tries = if fell_back { Tries::IN_FALLBACK.0 } else { 0 };
                self.stage = Stage::Selecting { node: node.clone(), tries, deadline };
            }
            Fact::NotUnderstood { attempt } => {
                if let Stage::Selecting { tries, .. } = &mut self.stage {
                    *tries = Tries(*tries).with_made(*attempt).0;
                }
            }
            Fact::Queued { queue } => self.queued(config, at, queue),
            Fact::Assigned { queue, agent } => self.assigned(config, at, queue, agent),
            Fact::ReturnedToQueue { queue, .. } => self.returned(config, at, queue),
            Fact::ChatOpened { .. } | Fact::ChatClosed { .. } => {
                if let Some(held) = self.stage.held_mut() {
                    held.open = matches!(event.fact, Fact::ChatOpened { .. });
                }
            }
            Fact::ChoicesOffered { choices, .. } => {
                if let Some(held) = self.stage.held_mut() {
                    held.choices.clone_from(choices);
                }
            }
            Fact::ResponseOverdue { .. } => {
                if let Some(held) = self.stage.held_mut() {
                    held.response = None;
                }
            }
            Fact::Dismissed { agent, .. } => self.dismissed(config, at, agent),
            Fact::TransferStarted { to, .. } => {
                if let Stage::Assigned(held) = &self.stage {
                    let mut held = held.clone();
                    (held.dismissal, held.warning) = (None, None);
                    let deadline = at + config.timers(&held.queue).transfer;
                    self.stage = Stage::Transferring { held, to: to.clone(), since: at, deadline };
                }
            }
            Fact::TransferFailed { .. } => {
                if let Stage::Transferring { held, .. } = &self.stage {
                    self.stage = Stage::Assigned(held.clone());
                }
            }
            Fact::TransferFinished { .. } => self.transfers = self.transfers.saturating_add(1),
            Fact::HandedOver { .. } if config.transfers.count_virtual => {
                self.transfers = self.transfers.saturating_add(1);
            }
            Fact::Ended { reason } => self.stage = Stage::Ended { reason: *reason },
            _ => {}
        }
    }

    fn consumer_wrote(&mut self, config: &Config, at: Instant) {
        self.wrote_since_dismissal = true;
        match &mut self.stage {
            Stage::Assigned(held) | Stage::Transferring { held, .. } => {
                let timers = config.timers(&held.queue);
                if held.chat.last_was_agent {
                    held.response = timers.response_target.map(|target| at + target);
                }
                held.chat.consumer_wrote();
                restart(&mut held.timeout, at, timers.chat_timeout);
                (held.dismissal, held.warning) = (None, None);
            }
            Stage::Queued { queue, deadline, chat: Some(chat), .. }
            | Stage::Dismissed { queue, deadline, chat, .. } => {
                chat.consumer_wrote();
                restart(deadline, at, config.timers(queue).chat_timeout);
            }
            Stage::Invited { .. }
            | Stage::Selecting { .. }
            | Stage::Queued { chat: None, .. }
            | Stage::Ended { .. } => {}
        }
    }

    fn sent_out(&mut self, config: &Config, at: Instant, purpose: Purpose, author: &Author) {
        match (&mut self.stage, purpose, author) {
            (Stage::Invited { deadline }, Purpose::Prompt, _) => {
                let (node, deadline) = (self.home.clone(), *deadline);
                self.stage = Stage::Selecting { node, tries: 0, deadline };
                self.sent_out(config, at, purpose, author);
            }
            (Stage::Selecting { node, deadline, .. }, Purpose::Prompt, _) => {
                *deadline = at + config.timers(node).menu_expiration;
            }
            (Stage::Assigned(held), Purpose::DismissalWarning, _) => held.warning = None,
            (Stage::Assigned(held) | Stage::Transferring { held, .. }, _, Author::Agent(agent)) => {
                held.chat.agent_wrote = true;
                held.chat.last_was_agent = true;
                held.response = None;
                let timers = config.timers(&held.queue);
                let dismissal = if config.is_virtual(agent) {
                    timers.virtual_dismissal
                } else {
                    timers.dismissal
                };
                if let Some(after) = dismissal
                    && self.wrote_since_dismissal
                    && self.kind.is_from_consumer()
                {
                    let due = at + after;
                    held.dismissal = Some(due);
                    held.warning = timers
                        .dismissal_warning
                        .map(|before| due - before)
                        .filter(|warning| *warning > at);
                }
            }
            _ => {}
        }
    }

    fn queued(&mut self, config: &Config, at: Instant, queue: &QueueId) {
        let expiration = at + config.timers(queue).expiration;
        let (deadline, chat) = match &self.stage {
            // What has been a chat keeps its timeout (SMS-21).
            Stage::Dismissed { deadline, chat, .. } => (*deadline, Some(*chat)),
            _ => (Some(expiration), None),
        };
        // One without a timeout expires like one that waits, so that it ends (design invariant 4).
        let deadline = Some(deadline.unwrap_or(expiration));
        self.stage = Stage::Queued { queue: queue.clone(), since: at, deadline, chat };
    }

    fn assigned(&mut self, config: &Config, at: Instant, queue: &QueueId, agent: &AgentId) {
        self.connected = true;
        let timers = config.timers(queue);
        let since = self.stage.arrival().unwrap_or(at);
        // The consumer who waits has written already; whom the center wrote to has not.
        let waits = !matches!(self.stage, Stage::Invited { .. });
        let after = |delta: Option<TimeDelta>| delta.map(|delta| at + delta);
        self.stage = Stage::Assigned(Held {
            queue: queue.clone(),
            since,
            agent: agent.clone(),
            chat: Chat::default(),
            timeout: after(timers.chat_timeout),
            dismissal: None,
            warning: None,
            response: after(timers.response_target).filter(|_| waits),
            open: false,
            choices: Vec::new(),
        });
    }

    fn returned(&mut self, config: &Config, at: Instant, queue: &QueueId) {
        let (Some(held), Some(since)) = (self.stage.held(), self.stage.arrival()) else { return };
        let expiration = at + config.timers(queue).expiration;
        self.stage = Stage::Queued {
            queue: queue.clone(),
            since,
            deadline: Some(held.timeout.unwrap_or(expiration)),
            chat: Some(held.chat),
        };
    }

    fn dismissed(&mut self, config: &Config, at: Instant, agent: &AgentId) {
        let Some(held) = self.stage.held() else { return };
        let expiration = at + config.timers(&held.queue).expiration;
        self.stage = Stage::Dismissed {
            queue: held.queue.clone(),
            by_virtual: config.is_virtual(agent),
            deadline: Some(held.timeout.unwrap_or(expiration)),
            chat: held.chat,
        };
        self.wrote_since_dismissal = false;
        if config.transfers.dismissal_resets {
            self.transfers = 0;
        }
    }
}

/// A chat timeout begins again with each consumer message (SMS-20); one that is off stays as it is.
fn restart(deadline: &mut Option<Instant>, at: Instant, timeout: Option<TimeDelta>) {
    if let Some(timeout) = timeout {
        *deadline = Some(at + timeout);
    }
}
