//! What a commit changes of the line's memory: promised chats, questions for an opt-in, answers to HELP, and the count of
//! automatic texts.

use frontdesk_types::{Delivery, Fact, MessageId};

use super::Draft;
use crate::store::{AutomaticSource as Source, AutomaticText, HelpAnswer};

impl Draft {
    /// No chat is promised on the line any more (SMS-31).
    pub(in crate::engine) fn forget_promise(&mut self) {
        if self.memory().promised.is_some() {
            self.remember(|memory| memory.promised = None);
        }
    }

    /// Whether the consumer has revoked consent to texts of this line, here or for all programmes of the sender.
    pub(in crate::engine) fn has_revoked(&self) -> bool {
        self.consent.is_opted_out()
            || self.membership.revoked_elsewhere(&self.known.consumer.1).is_some()
    }

    /// The consumer revokes: an answer to an earlier HELP stays behind (SMS-11).
    pub(in crate::engine) fn revoke_help_answer(&mut self) {
        if self.memory().help_answer().is_some() {
            self.remember(|memory| {
                if let Some(helped) = &mut memory.helped {
                    helped.answer = None;
                    if helped.state == HelpAnswer::Waiting {
                        helped.state = HelpAnswer::Failed;
                    }
                }
            });
        }
    }

    /// Whether the last message asks for an opt-in and is unanswered (SMS-12).
    pub(super) fn note_opt_in_message(&mut self) {
        let mut asked = self.memory().opt_in_asked.clone();
        for event in &self.events {
            match &event.fact {
                Fact::InboundMessage { automatic: None, .. } => asked = None,
                Fact::OutboundMessage { id, .. } if self.opt_in_message.as_ref() == Some(id) => {
                    asked.clone_from(&self.opt_in_message);
                }
                _ => {}
            }
        }
        if asked != self.memory().opt_in_asked {
            self.remember(|memory| memory.opt_in_asked = asked);
        }
    }

    /// Whether an automatic text of the platform may leave now.
    pub(in crate::engine) fn automatic_texts_may_leave(&self) -> bool {
        Source::Platform.room(self.memory(), self.limits, self.at) > 0
    }

    /// Counts the automatic texts among the events. Those over the limit stay behind, and are told with the reason.
    pub(super) fn count_automatic_texts(&mut self) -> Vec<(MessageId, Counted)> {
        let by_program = self.by_program;
        let automatic = self.events.iter().filter_map(|event| match &event.fact {
            Fact::OutboundMessage { id, purpose, author, .. } => {
                Some((id.clone(), *purpose, Source::of(*purpose, author, by_program)?))
            }
            _ => None,
        });
        let automatic: Vec<_> = automatic.collect();
        let mut counted = Vec::new();
        for (id, purpose, by) in automatic {
            if by.room(self.memory(), self.limits, self.at) > 0 {
                let at = self.at;
                self.remember(|memory| by.count(memory, at));
                let text = AutomaticText { by, counted: Some(at.timestamp()) };
                counted.push((id, Counted::Leaves(text)));
            } else {
                if self.memory().help_answer() == Some(&id) {
                    self.remember(|memory| memory.help_answer_fails(&id));
                }
                counted.push((id, Counted::Withheld(by.withheld(purpose, self.limits))));
            }
        }
        counted
    }
}

/// An automatic text, against its limit.
#[derive(Debug)]
pub(super) enum Counted {
    /// It leaves, and counts so.
    Leaves(AutomaticText),
    /// It stays behind.
    Withheld(Delivery),
}
