//! Phone calls, as far as texts go on beside them: wait-time SMS, in-call SMS, deflection to a chat, the link of the
//! app (SMS-29 to SMS-31, SMS-35). The telephony is the host's; what it knows comes in as inputs, what it has to
//! ask callers goes out as events.

use chrono::TimeDelta;
use frontdesk_types::{
    AgentId, Alternative, CallId, Channel, EndReason, Event, Fact, Instant, Language, PhoneNumber,
    QueueId, SessionId, SupportNumber, whole_millis,
};
use serde::{Deserialize, Serialize};

use crate::{
    Refusal, Step,
    own_time::{behind_at, earlier, later},
    stored,
};

mod app;
mod config;
mod deflection;
mod evolve;
mod in_call;
mod input;
mod questions;
mod scheduled;
mod timers;
mod turn;
mod wait_time;

pub use config::{CallConfig, CallQueue, Capacity, CapacityOffer, DeflectionRule, WaitingCaller};
pub use input::{CallArrival, CallInput, CallOpening, CallView, TextConsent};
pub use questions::{Answer, Asked, Question};

pub use app::App;
pub use deflection::Deflection;
pub use scheduled::CallSlot;
use turn::CallTurn;
pub use wait_time::WaitTime;

/// A call: everything about it that the next step needs. Each service beside it is a small machine of its own; they
/// share the caller, to whom one question is put at a time.
///
/// As with chats, a step decides on events, and only events change a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub(crate) id: SessionId,
    pub(crate) telephony_id: CallId,
    pub(crate) consumer: PhoneNumber,
    pub(crate) number: SupportNumber,
    pub(crate) language: Language,
    pub(crate) takes_texts: bool,
    pub(crate) has_voicemail: bool,
    /// The instant of the last event.
    #[serde(with = "stored::millis")]
    pub(crate) seen: Instant,
    #[serde(with = "stored::millis")]
    pub(crate) started: Instant,
    /// How many messages have gone out.
    pub(crate) sent: u32,
    pub(crate) stage: CallStage,
    pub(crate) asked: Option<Asked>,
    /// What the caller chose instead of waiting on the line.
    pub(crate) chosen: Option<Alternative>,
    pub(crate) deflection: Deflection,
    pub(crate) wait_time: WaitTime,
    pub(crate) app: App,
    /// Where it came in.
    pub(crate) entry_point: Channel,
    /// What is offered instead, outside of hours.
    pub(crate) instead: Vec<Alternative>,
    /// When it was to be made, if it was scheduled.
    pub(crate) slot: Option<CallSlot>,
    /// How far the host's clock is behind the call's own time: it was set back.
    #[serde(with = "stored::span_millis")]
    pub(crate) behind: TimeDelta,
}

/// Where the call itself stands. The stored form counts the variants: new ones go to the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallStage {
    /// The caller is in the phone menu.
    Menu,
    Waiting {
        queue: QueueId,
        #[serde(with = "stored::millis")]
        since: Instant,
        /// The estimated wait in minutes.
        wait: Option<u32>,
        /// The band in which the caller was last told that many wait.
        asked_in: Option<u32>,
        /// The caller has hung up, or will, and is called back.
        callback: bool,
    },
    Connected {
        queue: Option<QueueId>,
        agent: AgentId,
    },
    /// The caller has hung up; the text that takes them into a chat is on its way.
    Left {
        queue: QueueId,
    },
    Ended {
        reason: EndReason,
        queue: Option<QueueId>,
        agent: Option<AgentId>,
    },
    /// It is to be made at a time that the consumer chose.
    Scheduled {
        queue: QueueId,
        /// Those who will make it have been told that it is near.
        near: bool,
    },
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallStatus {
    /// An agent has it.
    Connected,
    /// It is over, and why.
    Ended(EndReason),
    /// The caller has hung up; the text that takes them into a chat is on its way.
    Leaving,
    /// The caller is in the phone menu.
    Menu,
    /// It is to be made at a time that the consumer chose (HRS-10).
    Scheduled,
    /// The caller waits in a queue.
    Waiting,
}

impl CallStatus {
    /// The word of the API. None is one of a chat's but for those of the end.
    pub fn word(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Ended(reason) if reason.fail_code() == 0 => "finished",
            Self::Ended(_) => "failed",
            Self::Leaving => "leaving",
            Self::Menu => "menu",
            Self::Scheduled => "scheduled",
            Self::Waiting => "waiting",
        }
    }
}

impl Call {
    /// A call reaches the center.
    #[must_use = "the call and the event must be stored"]
    pub fn start(opening: CallOpening, at: Instant) -> (Self, Event) {
        let at = whole_millis(at);
        let fact = Fact::CallStarted {
            call: opening.call.clone(),
            consumer: opening.consumer,
            number: opening.number,
            language: opening.language,
            takes_texts: opening.takes_texts,
            has_voicemail: opening.has_voicemail,
            entry_point: opening.entry_point,
        };
        (Self::fresh(opening, at), Event { at, fact })
    }

    /// The call that these events made, with the configuration that it ran in; `None` if they do not begin
    /// with a call's beginning.
    pub fn replay<'a>(
        config: &CallConfig,
        id: SessionId,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Option<Self> {
        let mut events = events.into_iter();
        let Event { at, fact } = events.next()?;
        let Fact::CallStarted {
            call,
            consumer,
            number,
            language,
            takes_texts,
            has_voicemail,
            entry_point,
        } = fact
        else {
            return None;
        };
        let opening = CallOpening {
            id,
            call: call.clone(),
            consumer: *consumer,
            number: *number,
            language: *language,
            takes_texts: *takes_texts,
            has_voicemail: *has_voicemail,
            entry_point: *entry_point,
        };
        let mut call = Self::fresh(opening, *at);
        events.for_each(|event| call.evolve(config, event));
        Some(call)
    }

    /// One step. Timers that are due by `at` fire first, then the input is looked at; an `at` shortly before the
    /// last event counts as that. An `at` long before it is one of a clock that was set back, as for chats; a scheduled call
    /// keeps to the calendar.
    pub fn handle(
        &mut self,
        config: &CallConfig,
        view: &dyn CallView,
        input: CallInput,
        at: Instant,
    ) -> Step {
        let at = whole_millis(at);
        let mut turn = CallTurn::new(self, config, view);
        turn.follow_clock(&input, at);
        let at = later(at, turn.call.behind);
        turn.fire_due(at);
        turn.at = turn.call.seen.max(at);
        let refused = turn.take(input).err();
        Step { events: turn.events, refused }
    }

    /// Its session.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// The telephony's id of it.
    pub fn telephony_id(&self) -> &CallId {
        &self.telephony_id
    }

    /// Who calls.
    pub fn consumer(&self) -> PhoneNumber {
        self.consumer
    }

    /// The number that texts beside it come from and go to.
    pub fn number(&self) -> SupportNumber {
        self.number
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// When it began.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// The instant of its last event.
    pub fn seen(&self) -> Instant {
        self.seen
    }

    /// Where it stands.
    pub fn status(&self) -> CallStatus {
        match &self.stage {
            CallStage::Menu => CallStatus::Menu,
            CallStage::Scheduled { .. } => CallStatus::Scheduled,
            CallStage::Waiting { .. } => CallStatus::Waiting,
            CallStage::Connected { .. } => CallStatus::Connected,
            CallStage::Left { .. } => CallStatus::Leaving,
            CallStage::Ended { reason, .. } => CallStatus::Ended(*reason),
        }
    }

    /// The queue it waits in, or was taken from.
    pub fn queue(&self) -> Option<&QueueId> {
        self.stage.queue()
    }

    /// Since when the caller waits, by the host's clock.
    pub fn waiting_since(&self) -> Option<Instant> {
        match &self.stage {
            CallStage::Waiting { since, .. } => Some(earlier(*since, self.behind)),
            _ => None,
        }
    }

    /// Whether the host's clock was set back since the last event, or is right again: [`CallInput::ClockSetBack`] tells the call.
    pub fn is_clock_changed(&self, at: Instant) -> bool {
        self.behind_at(at, TimeDelta::zero()) != self.behind
    }

    /// What is to come is scheduled by the calendar, whatever the clock did.
    fn behind_at(&self, at: Instant, set_back: TimeDelta) -> TimeDelta {
        match self.stage {
            CallStage::Scheduled { .. } => TimeDelta::zero(),
            CallStage::Ended { .. } => self.behind,
            _ => behind_at(self.seen, self.behind, at, set_back),
        }
    }

    /// Who has it, or had it when it ended.
    pub fn agent(&self) -> Option<&AgentId> {
        match &self.stage {
            CallStage::Connected { agent, .. } => Some(agent),
            CallStage::Ended { agent, .. } => agent.as_ref(),
            _ => None,
        }
    }

    /// What the caller is asked.
    pub fn asked(&self) -> Option<&Asked> {
        self.asked.as_ref()
    }

    /// What the caller chose instead of waiting on the line (RTE-13): a callback until they have it, or what ended
    /// the call.
    pub fn chosen(&self) -> Option<&Alternative> {
        self.chosen.as_ref()
    }

    /// Whether the caller keeps their place without being on the line, and is called back (RTE-13).
    pub fn is_called_back(&self) -> bool {
        matches!(self.stage, CallStage::Waiting { callback: true, .. })
    }

    /// What is offered instead, where the caller came outside of hours (HRS-6, HRS-7).
    pub fn instead(&self) -> &[Alternative] {
        &self.instead
    }

    /// When it is, or was, to be made, if it was scheduled (HRS-10).
    pub fn slot(&self) -> Option<CallSlot> {
        self.slot
    }

    /// Where it came in.
    pub fn entry_point(&self) -> Channel {
        self.entry_point
    }

    /// The number and queue of the chat that the caller goes on in, from when they agreed until it begins.
    pub fn going_on_in(&self) -> Option<(&QueueId, SupportNumber)> {
        self.deflection.under_way()
    }

    /// Where the app stands (SMS-35).
    pub fn app(&self) -> App {
        self.app
    }

    /// When it must be called with [`CallInput::TimePassed`], by the host's clock, if nothing else happens before.
    #[must_use = "a deadline that nobody keeps is a question without an end"]
    pub fn next_deadline(&self, config: &CallConfig) -> Option<Instant> {
        let (deadline, _) = self.next_timer(config)?;
        if self.is_scheduled() {
            return Some(deadline);
        }
        Some(earlier(deadline.max(self.seen), self.behind))
    }

    /// Why it ended, if it has.
    pub fn end_reason(&self) -> Option<EndReason> {
        match self.stage {
            CallStage::Ended { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// The caller may be texted, as far as their telephone goes.
    fn require_texts(&self) -> Result<(), Refusal> {
        if self.takes_texts { Ok(()) } else { Err(Refusal::NoTexts) }
    }
}
