use chrono::TimeDelta;
use compact_str::CompactString;
use frontdesk_types::{
    AgentId, EndReason, Event, Fact, Instant, Language, MessageId, Needs, PhoneNumber, QueueId,
    SessionId, SessionType, SupportNumber, TransferTarget, whole_millis,
};
use serde::{Deserialize, Serialize};

use crate::{
    Config, Input, Opening, Outreach, Refusal, Step, Text, View,
    own_time::{behind_at, earlier, later},
    stored,
};

mod chat;
mod dismissal;
mod evolve;
mod menu;
mod number;
mod parts;
mod stage;
mod status;
mod timers;
mod transfer;
mod turn;
mod virtual_agent;

pub use chat::{MAX_TEXT, check_body};
pub use number::option_number;
pub(crate) use stage::{Chat, Held, Stage};
pub use status::Status;
use turn::Turn;

/// An SMS session: everything about it that the next step needs, and nothing more. What was said is in
/// the events.
///
/// A step decides on events, and only events change a session: [`Session::replay`] makes the same one of
/// them again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub(crate) id: SessionId,
    pub(crate) consumer: PhoneNumber,
    pub(crate) support_number: SupportNumber,
    pub(crate) kind: SessionType,
    pub(crate) home: QueueId,
    pub(crate) language: Language,
    /// The instant of the last event: a session's time never runs back.
    #[serde(with = "stored::millis")]
    pub(crate) seen: Instant,
    #[serde(with = "stored::millis")]
    pub(crate) started: Instant,
    /// How many messages have gone out.
    pub(crate) sent: u32,
    /// How many transfers are done (SMS-27).
    pub(crate) transfers: u8,
    /// An agent has been connected in its course.
    pub(crate) connected: bool,
    /// The consumer has written since the last dismissal (SMS-21).
    pub(crate) wrote_since_dismissal: bool,
    pub(crate) stage: Stage,
    /// Set for this session alone; few have it (RTE-18).
    pub(crate) needs: Option<Box<Needs>>,
    /// How far the host's clock is behind the session's own time: it was set back.
    #[serde(with = "stored::span_millis")]
    pub(crate) behind: TimeDelta,
}

impl Session {
    /// Begins a session with the consumer's first text (SMS-1 to SMS-3).
    #[must_use = "the session and the events must be stored"]
    pub fn start(
        config: &Config,
        view: &dyn View,
        opening: Opening,
        text: Text,
        at: Instant,
    ) -> (Self, Vec<Event>) {
        let opt_in_text_due = opening.opt_in_text_due;
        let (mut session, started) = Self::opened(config, opening, at);
        let mut turn = Turn::new(&mut session, config, view, 6);
        turn.events.push(started);
        turn.begin(text, opt_in_text_due);
        let events = turn.events;
        (session, events)
    }

    /// Begins a session with a text to the consumer (SMS-32, SMS-33): with an agent, it is theirs at once;
    /// without, the consumer's answer enters the menu of the number. Whether the consumer may be texted at
    /// all is for the caller to know; the opt-in text is added where it is due.
    pub fn start_outbound(
        config: &Config,
        view: &dyn View,
        opening: Opening,
        outreach: Outreach,
        at: Instant,
    ) -> Result<(Self, Vec<Event>), Refusal> {
        let opt_in_text_due = opening.opt_in_text_due;
        let (mut session, started) = Self::opened(config, opening, at);
        let mut turn = Turn::new(&mut session, config, view, 3);
        turn.events.push(started);
        turn.reach_out(outreach, opt_in_text_due)?;
        let events = turn.events;
        Ok((session, events))
    }

    /// Begins a session with a caller who goes on by text, and has been told so (SMS-31): it waits.
    #[must_use = "the session and the events must be stored"]
    pub fn start_deflected(
        config: &Config,
        view: &dyn View,
        opening: Opening,
        queue: &QueueId,
        at: Instant,
    ) -> (Self, Vec<Event>) {
        let (mut session, started) = Self::opened(config, opening, at);
        let mut turn = Turn::new(&mut session, config, view, 3);
        turn.events.push(started);
        turn.emit(Fact::Queued { queue: queue.clone() });
        let events = turn.events;
        (session, events)
    }

    fn opened(config: &Config, opening: Opening, at: Instant) -> (Self, Event) {
        let at = whole_millis(at);
        let session = Self::fresh(config, &opening, at);
        let Opening { consumer, support_number, home, language, session_type, ticket, .. } =
            opening;
        let queue = home;
        let fact = Fact::SessionStarted {
            consumer,
            support_number,
            queue,
            language,
            session_type,
            ticket,
        };
        (session, Event { at, fact })
    }

    /// The session that these events made, with the configuration that it ran in; `None` if they do not
    /// begin with a session's beginning.
    pub fn replay<'a>(
        config: &Config,
        id: SessionId,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Option<Self> {
        let mut events = events.into_iter();
        let Event { at, fact } = events.next()?;
        let Fact::SessionStarted {
            consumer, support_number, queue, language, session_type, ..
        } = fact
        else {
            return None;
        };
        let opening = Opening {
            id,
            consumer: *consumer,
            support_number: *support_number,
            home: queue.clone(),
            language: *language,
            opt_in_text_due: false,
            session_type: *session_type,
            ticket: None,
        };
        let mut session = Self::fresh(config, &opening, *at);
        events.for_each(|event| session.evolve(config, event));
        Some(session)
    }

    /// One step. Timers that are due by `at` fire first, then the input is looked at; an `at` shortly before the
    /// last event counts as that. An `at` long before it is one of a clock that was set back: the session's own time goes on
    /// from there, and its timers with it.
    pub fn handle(&mut self, config: &Config, view: &dyn View, input: Input, at: Instant) -> Step {
        let at = whole_millis(at);
        let mut turn = Turn::new(self, config, view, 1);
        turn.follow_clock(&input, at);
        let at = later(at, turn.session.behind);
        turn.fire_due(at);
        turn.at = turn.session.seen.max(at);
        let refused = turn.take(input).err();
        Step { events: turn.events, refused }
    }

    /// Reserves the id of a message that somebody else sends in this session's name: the confirmation
    /// of an opt-out. Store the `OutboundMessage` with the session's events.
    pub fn reserve_message(&mut self) -> MessageId {
        self.sent += 1;
        MessageId::of_session(self.id, self.sent)
    }

    /// How many messages it has decided to send: they have the numbers from 1 to this.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Its id.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Who texts.
    pub fn consumer(&self) -> PhoneNumber {
        self.consumer
    }

    /// To which number.
    pub fn support_number(&self) -> SupportNumber {
        self.support_number
    }

    /// How it began (SMS-37).
    pub fn session_type(&self) -> SessionType {
        self.kind
    }

    /// The language now (SMS-10).
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

    /// How urgent it is, and what its agent must be able to do, where that was set for it alone (RTE-18).
    pub fn needs(&self) -> Option<&Needs> {
        self.needs.as_deref()
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        match &self.stage {
            Stage::Invited { .. } | Stage::Selecting { .. } => Status::Selecting,
            Stage::Queued { .. } => Status::Queued,
            Stage::Assigned(_) => Status::Assigned,
            Stage::Transferring { .. } => Status::Transferring,
            Stage::Dismissed { by_virtual, .. } => Status::Dismissed { by_virtual: *by_virtual },
            Stage::Ended { reason } => Status::Ended(*reason),
        }
    }

    /// The queue it waits in or was taken from; `None` while choosing and after the end.
    pub fn queue(&self) -> Option<&QueueId> {
        match &self.stage {
            Stage::Queued { queue, .. } | Stage::Dismissed { queue, .. } => Some(queue),
            Stage::Transferring { to: TransferTarget::Queue(queue), .. } => Some(queue),
            Stage::Assigned(held) | Stage::Transferring { held, .. } => Some(&held.queue),
            Stage::Invited { .. } | Stage::Selecting { .. } | Stage::Ended { .. } => None,
        }
    }

    /// When it first arrived in its queue, by the host's clock: its place in the line, also after it came back (RTE-16).
    pub fn waiting_since(&self) -> Option<Instant> {
        self.stage.arrival().map(|since| earlier(since, self.behind))
    }

    /// Whether the host's clock was set back since the last event, or is right again: [`Input::ClockSetBack`] tells the session.
    pub fn is_clock_changed(&self, at: Instant) -> bool {
        self.behind_at(at, TimeDelta::zero()) != self.behind
    }

    fn behind_at(&self, at: Instant, set_back: TimeDelta) -> TimeDelta {
        match self.stage {
            Stage::Ended { .. } => self.behind,
            _ => behind_at(self.seen, self.behind, at, set_back),
        }
    }

    /// Who has it: while it is transferred, still the one who asked for that.
    pub fn agent(&self) -> Option<&AgentId> {
        self.stage.held().map(|held| &held.agent)
    }

    /// To whom it is being transferred (SMS-27).
    pub fn transfer(&self) -> Option<&TransferTarget> {
        match &self.stage {
            Stage::Transferring { to, .. } => Some(to),
            _ => None,
        }
    }

    /// The numbered choices that a virtual agent has offered last (SMS-28).
    pub fn choices(&self) -> &[CompactString] {
        self.stage.held().map(|held| held.choices.as_slice()).unwrap_or_default()
    }

    /// By when the consumer should have an answer (SMS-24), by the host's clock; `None` when none is due, or it is late already.
    pub fn response_due(&self) -> Option<Instant> {
        let due = self.stage.held().and_then(|held| held.response);
        due.map(|due| earlier(due, self.behind))
    }

    /// Whether an agent has been connected in its course.
    pub fn was_connected(&self) -> bool {
        self.connected
    }

    /// When it must be called with [`Input::TimePassed`], by the host's clock, if nothing else happens before.
    #[must_use = "a deadline that nobody keeps is a session that never ends"]
    pub fn next_deadline(&self) -> Option<Instant> {
        self.next_timer().map(|(deadline, _)| earlier(deadline.max(self.seen), self.behind))
    }

    /// Why it ended, if it has.
    pub fn end_reason(&self) -> Option<EndReason> {
        match self.stage {
            Stage::Ended { reason } => Some(reason),
            _ => None,
        }
    }
}
