//! One step of a call: what it works with, and to which machine an input goes.

use compact_str::CompactString;
use frontdesk_types::{
    AgentId, Author, CallId, EndReason, Event, Fact, HungUp, Instant, MessageId, Purpose, QueueId,
    Variable,
};

use super::{Call, CallArrival, CallConfig, CallInput, CallStage, CallView};
use crate::{MessageKind, Refusal, minutes};

pub(super) struct CallTurn<'a> {
    pub(super) call: &'a mut Call,
    pub(super) config: &'a CallConfig,
    pub(super) view: &'a dyn CallView,
    pub(super) at: Instant,
    pub(super) events: Vec<Event>,
}

impl<'a> CallTurn<'a> {
    pub(super) fn new(call: &'a mut Call, config: &'a CallConfig, view: &'a dyn CallView) -> Self {
        let at = call.seen;
        Self { call, config, view, at, events: Vec::new() }
    }

    pub(super) fn emit(&mut self, fact: Fact) {
        let event = Event { at: self.at, fact };
        self.call.evolve(self.config, &event);
        self.events.push(event);
    }

    pub(super) fn take(&mut self, input: CallInput) -> Result<(), Refusal> {
        if matches!(input, CallInput::TimePassed | CallInput::ClockSetBack { .. }) {
            return Ok(());
        }
        if matches!(self.call.stage, CallStage::Ended { .. }) {
            return Err(Refusal::Ended);
        }
        match input {
            CallInput::Answered { queue, number, chat } => {
                self.answered(queue, number, chat);
                Ok(())
            }
            CallInput::AgentText { agent, body, agreed } => self.agent_text(agent, body, agreed),
            CallInput::AppLink { agent, agreed } => self.send_app_link(agent, agreed),
            CallInput::AppOpened => self.app_opened(),
            CallInput::Connected { agent } => self.connect(agent),
            CallInput::Cancelled => self.cancel(),
            CallInput::ConsumerText(text, automatic) => {
                self.emit(text.into_fact(automatic));
                Ok(())
            }
            CallInput::Delivery { id, arrived, chat } => {
                self.delivered(&id, arrived, chat);
                Ok(())
            }
            CallInput::Ended { by } => self.hang_up(by),
            CallInput::EndedBySupervisor => {
                self.withdraw_question();
                self.end(EndReason::EndedBySupervisor);
                Ok(())
            }
            CallInput::KeyPressed { question, key } => self.answer(question, key),
            CallInput::Queued { queue } => self.queue(queue),
            CallInput::Returned { call } => self.returned(call),
            CallInput::Scheduled { queue, slot } => self.schedule(queue, slot),
            CallInput::ClockSetBack { .. } | CallInput::TimePassed => Ok(()),
            CallInput::WaitEstimated { minutes } => self.estimate(minutes),
        }
    }

    /// The caller waits in a queue; said again of the same one, it changes nothing.
    fn queue(&mut self, queue: QueueId) -> Result<(), Refusal> {
        match &self.call.stage {
            CallStage::Left { .. } => return Err(Refusal::HungUp),
            CallStage::Waiting { queue: now, .. } if *now == queue => return Ok(()),
            _ => {}
        }
        self.withdraw_question();
        // An agent may send it where nobody else gets in (HRS-11); who is to be called back, or about to go on by text,
        // keeps that.
        let connected = matches!(self.call.stage, CallStage::Connected { .. });
        if connected || self.call.is_called_back() || self.call.deflection.under_way().is_some() {
            self.wait_in(queue);
        } else {
            self.arrive(queue);
        }
        Ok(())
    }

    /// At a queue, as its hours are (HRS-5 to HRS-7): they wait there, or where it leads to, or are told what there is
    /// instead. A call that is scheduled stays so while its queue is closed.
    pub(super) fn arrive(&mut self, queue: QueueId) {
        let queue = match self.view.arrival(&queue, self.call.entry_point) {
            CallArrival::Closed { .. } if self.call.is_scheduled() => return,
            CallArrival::Closed { offers, holiday } => {
                self.emit(Fact::DeflectedAfterHours { queue, offers, holiday });
                return self.end(EndReason::AfterHours);
            }
            CallArrival::Elsewhere(to) => {
                let reason = EndReason::AfterHours;
                self.emit(Fact::Forwarded { from: queue, to: to.clone(), reason });
                to
            }
            CallArrival::Here => queue,
        };
        self.wait_in(queue);
    }

    fn wait_in(&mut self, queue: QueueId) {
        self.emit(Fact::CallQueued { queue });
        self.consider();
    }

    fn estimate(&mut self, minutes: Option<u32>) -> Result<(), Refusal> {
        let CallStage::Waiting { wait, .. } = &self.call.stage else {
            return Err(Refusal::NotWaiting);
        };
        if *wait != minutes {
            self.emit(Fact::WaitEstimated { minutes });
            self.consider();
        }
        Ok(())
    }

    fn connect(&mut self, agent: AgentId) -> Result<(), Refusal> {
        match &self.call.stage {
            CallStage::Left { .. } => return Err(Refusal::HungUp),
            CallStage::Connected { agent: now, .. } if *now == agent => return Ok(()),
            _ => {}
        }
        self.withdraw_question();
        self.emit(Fact::CallConnected { agent });
        Ok(())
    }

    /// Who is to be called back, and calls again: said twice, it changes nothing.
    fn returned(&mut self, call: CallId) -> Result<(), Refusal> {
        if !self.call.is_called_back() {
            return Err(Refusal::NotWaiting);
        }
        self.emit(Fact::CallerReturned { call });
        self.consider();
        Ok(())
    }

    fn hang_up(&mut self, by: HungUp) -> Result<(), Refusal> {
        let connected = match &self.call.stage {
            CallStage::Left { .. } => return Err(Refusal::HungUp),
            // They were told to: the place is kept (RTE-13, HRS-10).
            CallStage::Waiting { callback: true, .. } | CallStage::Scheduled { .. } => {
                return Ok(());
            }
            CallStage::Connected { .. } => true,
            _ => false,
        };
        self.withdraw_question();
        if !connected && self.call.deflection.under_way().is_some() {
            self.emit(Fact::CallerLeft);
            return Ok(());
        }
        self.end(match (connected, by) {
            (true, HungUp::Agent) => EndReason::FinishedByAgent,
            (true, HungUp::Caller) => EndReason::FinishedByConsumer,
            (true, _) => EndReason::Failed,
            (false, _) => EndReason::Abandoned,
        });
        Ok(())
    }

    pub(super) fn end(&mut self, reason: EndReason) {
        self.emit(Fact::Ended { reason });
    }

    /// Sends a message, unless there is nothing in it; the answer says whether there was.
    pub(super) fn send(&mut self, purpose: Purpose, author: Author, body: String) -> bool {
        if body.trim().is_empty() {
            return false;
        }
        let id = MessageId::of_session(self.call.id, self.call.sent + 1);
        self.emit(Fact::OutboundMessage { id, purpose, author, body });
        true
    }

    /// The text of a predefined message; `queue` is the name of the one that it is about.
    pub(super) fn render(&self, kind: MessageKind, queue: Option<&CompactString>) -> String {
        let (config, language) = (self.config, self.call.language);
        let template = config.template(self.call.queue(), kind, language);
        let Some(template) = template else { return String::new() };
        let wait = match &self.call.stage {
            CallStage::Waiting { wait, .. } => *wait,
            _ => None,
        };
        template.render(|variable| match variable {
            Variable::CompanyName => Some(config.company.clone()),
            Variable::EndUser => Some("Customer".into()),
            Variable::Queue | Variable::QueueName => queue.cloned(),
            Variable::EstimatedWaitTime => wait.map(|wait| minutes(wait, language)),
            Variable::SessionId => Some(compact_str::format_compact!("{}", self.call.id)),
            _ => None,
        })
    }
}
