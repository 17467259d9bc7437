//! One step of a session: what it works with, and what it decides.

use chrono::TimeDelta;
use frontdesk_types::{
    AgentId, Author, EndReason, Event, Fact, Instant, MessageId, Purpose, QueueId, ResumedBy,
    Template, Variable,
};

use super::{Session, Stage, number::option_number, parts::parts};
use crate::{Automatic, Config, Hours, Input, MessageKind, Refusal, Text, View, minutes, normal};

/// Texts that arrive closer to each other are one try of the menu (SMS-4).
const BURST: TimeDelta = TimeDelta::seconds(3);

/// A step in the making. Whatever is decided is an event, and changes the session at once.
pub(super) struct Turn<'a> {
    pub(super) session: &'a mut Session,
    pub(super) config: &'a Config,
    pub(super) view: &'a dyn View,
    pub(super) at: Instant,
    pub(super) events: Vec<Event>,
}

/// What some messages say besides.
#[derive(Default)]
pub(super) struct Extra<'a> {
    pub(super) agent: Option<&'a AgentId>,
    pub(super) reopens: Option<&'a str>,
    pub(super) minutes_left: Option<u32>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(
        session: &'a mut Session,
        config: &'a Config,
        view: &'a dyn View,
        events: usize,
    ) -> Self {
        let at = session.seen;
        // Most steps make one event; a vector would begin with room for four.
        Self { session, config, view, at, events: Vec::with_capacity(events) }
    }

    pub(super) fn emit(&mut self, fact: Fact) {
        let event = Event { at: self.at, fact };
        self.session.evolve(self.config, &event);
        self.events.push(event);
    }

    pub(super) fn take(&mut self, input: Input) -> Result<(), Refusal> {
        if matches!(input, Input::TimePassed | Input::ClockSetBack { .. }) {
            return Ok(());
        }
        if matches!(self.session.stage, Stage::Ended { .. }) {
            return Err(Refusal::Ended);
        }
        match input {
            Input::AgentText { agent, body } => self.agent_text(agent, body),
            Input::Assigned { agent } => self.assign(agent),
            Input::AutomaticText(text, automatic) => {
                self.keep_as(text, Some(automatic));
                Ok(())
            }
            Input::ChatClosed { agent } => self.open_chat(agent, false),
            Input::ChatOpened { agent } => self.open_chat(agent, true),
            Input::Command(text) => {
                self.keep(text);
                Ok(())
            }
            Input::ConsumerText(text) => {
                self.consumer_text(text);
                Ok(())
            }
            Input::Dismissed { agent } => self.dismiss_by_agent(&agent),
            Input::EndedByAgent { agent } => {
                self.require_agent(&agent)?;
                self.end(EndReason::FinishedByAgent);
                Ok(())
            }
            Input::EndedBySupervisor => {
                self.end(EndReason::EndedBySupervisor);
                Ok(())
            }
            Input::NeedsChanged { needs } => {
                if self.session.needs().cloned().unwrap_or_default() != needs {
                    self.emit(Fact::NeedsChanged { needs });
                }
                Ok(())
            }
            Input::OptedOut(text) => {
                self.keep(text);
                self.end(EndReason::OptedOut);
                Ok(())
            }
            Input::OptedOutElsewhere => {
                self.end(EndReason::OptedOut);
                Ok(())
            }
            Input::Resumed => self.resume(ResumedBy::Api),
            Input::Returned { reason } => self.return_to_queue(reason),
            Input::ClockSetBack { .. } | Input::TimePassed => Ok(()),
            Input::Transfer { agent, to } => self.start_transfer(agent, to),
            Input::TransferFailed { reason } => {
                if self.session.transfer().is_none() {
                    return Err(Refusal::NotTransferring);
                }
                self.fail_transfer(reason);
                Ok(())
            }
            Input::VirtualReply { agent, reply } => self.virtual_reply(agent, reply),
        }
    }

    /// Everything the consumer sends is kept, whatever the state (SMS-6).
    pub(super) fn keep(&mut self, text: Text) {
        self.keep_as(text, None);
    }

    fn keep_as(&mut self, text: Text, automatic: Option<Automatic>) {
        self.emit(text.into_fact(automatic));
    }

    fn consumer_text(&mut self, text: Text) {
        let words = &self.config.words;
        let mut buffer = [0; normal::MAX_LEN];
        // In a menu a reply may be as long as an option's name; elsewhere only BACK and EXIT matter.
        let longest = match &self.session.stage {
            Stage::Invited { .. } | Stage::Selecting { .. } => normal::MAX_LEN,
            _ => words.longest(),
        };
        let word = normal::into_buffer(&text.body, &mut buffer[..longest]);
        let since_last = self.at - self.session.seen;
        let exit = word.is_some_and(|word| words.exit.iter().any(|exit| exit == word));
        let back = word.is_some_and(|word| words.back.iter().any(|back| back == word));
        let number = option_number(&text.body);
        self.keep(text);
        if exit {
            self.end(EndReason::FinishedByConsumer);
            return;
        }
        match &self.session.stage {
            Stage::Queued { chat: None, .. } | Stage::Selecting { .. } if back => self.back(),
            Stage::Invited { .. } => self.enter(word),
            Stage::Selecting { .. } => self.choose(word, number, since_last < BURST),
            Stage::Dismissed { .. } => self.come_back(),
            Stage::Assigned(_)
            | Stage::Transferring { .. }
            | Stage::Queued { .. }
            | Stage::Ended { .. } => {}
        }
    }

    pub(super) fn end(&mut self, reason: EndReason) {
        self.emit(Fact::Ended { reason });
    }

    /// Sends a message, unless there is nothing in it.
    pub(super) fn send(&mut self, purpose: Purpose, author: Author, body: String) {
        for body in parts(body) {
            let id = MessageId::of_session(self.session.id, self.session.sent + 1);
            self.emit(Fact::OutboundMessage { id, purpose, author: author.clone(), body });
        }
    }

    /// A predefined message of the platform.
    pub(super) fn say(&mut self, at: &QueueId, kind: MessageKind, extra: &Extra<'_>) {
        let body = self.render(at, kind, extra);
        self.send(kind.purpose(), Author::System, body);
    }

    /// That the queue is closed: the after-hours message, or what is told on a holiday instead, once.
    pub(super) fn tell_closed(&mut self, at: &QueueId, hours: &Hours) {
        let Hours::Closed { reopens, notice, told: false } = hours else { return };
        let extra = Extra { reopens: reopens.as_deref(), ..Extra::default() };
        let kind = MessageKind::AfterHours;
        let body = match notice {
            Some(template) => self.fill(template, at, &extra),
            None => self.render(at, kind, &extra),
        };
        self.send(kind.purpose(), Author::System, body);
    }

    /// The text of a predefined message at a place of the menu.
    pub(super) fn render(&self, at: &QueueId, kind: MessageKind, extra: &Extra<'_>) -> String {
        let template = self.config.template(Some(at), kind, self.session.language);
        template.map(|template| self.fill(template, at, extra)).unwrap_or_default()
    }

    fn fill(&self, template: &Template, at: &QueueId, extra: &Extra<'_>) -> String {
        let (config, view, language) = (self.config, self.view, self.session.language);
        template.render(|variable| match variable {
            Variable::CompanyName => Some(config.company.clone()),
            Variable::EndUser => Some(view.consumer_name().unwrap_or_else(|| "Customer".into())),
            Variable::Queue | Variable::QueueName => Some(config.name(at, language)),
            Variable::QueueSize => Some(compact_str::format_compact!("{}", view.waiting(at) + 1)),
            Variable::EstimatedWaitTime => {
                view.wait_minutes(at).map(|wait| minutes(wait, language))
            }
            Variable::Agent => extra.agent.map(|agent| view.agent_name(agent)),
            Variable::NextReopenHour => extra.reopens.map(Into::into),
            Variable::TimeUntilDismissal => extra.minutes_left.map(|left| minutes(left, language)),
            _ => None,
        })
    }

    pub(super) fn require_agent(&self, agent: &AgentId) -> Result<(), Refusal> {
        match self.session.agent() {
            Some(assigned) if assigned == agent => Ok(()),
            Some(assigned) => Err(Refusal::NotYours { assigned: assigned.clone() }),
            None => Err(Refusal::NotAssigned),
        }
    }
}
