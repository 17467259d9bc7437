use frontdesk_types::{
    AgentId, Author, EndReason, Event, Fact, Instant, Language, MessageId, PhoneNumber, Purpose,
    QueueId, SessionId, SupportNumber, whole_millis,
};
use serde::{Deserialize, Serialize};

use crate::{Config, Input, MessageKind, Opening, Refusal, Step, Text, View, normal, stored};

mod chat;
mod menu;

/// An SMS session: everything about it that the next step needs, and nothing more. What was said is in
/// the events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    id: SessionId,
    consumer: PhoneNumber,
    support_number: SupportNumber,
    home: QueueId,
    language: Language,
    /// The instant of the last step: a session's time never runs back.
    #[serde(with = "stored::millis")]
    seen: Instant,
    #[serde(with = "stored::millis")]
    started: Instant,
    /// How many messages have gone out.
    sent: u32,
    stage: Stage,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    Selecting {
        node: QueueId,
        tries: u8,
        #[serde(with = "stored::millis")]
        deadline: Instant,
    },
    Queued {
        queue: QueueId,
        #[serde(with = "stored::millis")]
        since: Instant,
        #[serde(with = "stored::optional_millis")]
        deadline: Option<Instant>,
        /// What there was of a chat before the session came back to the queue.
        chat: Option<Chat>,
    },
    Assigned {
        queue: QueueId,
        /// The original arrival in the queue (RTE-16).
        #[serde(with = "stored::millis")]
        since: Instant,
        agent: AgentId,
        #[serde(with = "stored::optional_millis")]
        deadline: Option<Instant>,
        chat: Chat,
    },
    Ended {
        reason: EndReason,
    },
}

/// Who has written since the assignment: decides the reason of a chat timeout (SMS-20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Chat {
    agent_wrote: bool,
    consumer_wrote: bool,
    last_was_agent: bool,
}

/// Where a session stands (SMS-18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// An agent has it.
    Assigned,
    /// It is over, and why.
    Ended(EndReason),
    /// It waits in a queue.
    Queued,
    /// The consumer chooses from a menu.
    Selecting,
}

impl Status {
    /// The word of the API (SMS-18).
    pub fn word(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Ended(reason) if reason.fail_code() == 0 => "finished",
            Self::Ended(_) => "failed",
            Self::Queued => "queued",
            Self::Selecting => "selecting",
        }
    }
}

/// What a step works with.
struct Context<'a> {
    config: &'a Config,
    view: &'a dyn View,
    at: Instant,
    events: Vec<Event>,
}

impl Context<'_> {
    fn emit(&mut self, fact: Fact) {
        self.events.push(Event { at: self.at, fact });
    }
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
        let at = whole_millis(at);
        let Opening { id, consumer, support_number, home, language, opt_in_text_due } = opening;
        let mut session = Self {
            id,
            consumer,
            support_number,
            home: home.clone(),
            language,
            seen: at,
            started: at,
            sent: 0,
            stage: Stage::Selecting {
                node: home.clone(),
                tries: 0,
                deadline: at + config.timers(&home).menu_expiration,
            },
        };
        let mut context = Context { config, view, at, events: Vec::with_capacity(6) };
        context.emit(Fact::SessionStarted { consumer, support_number, queue: home, language });
        session.begin(&mut context, text, opt_in_text_due);
        (session, context.events)
    }

    /// One step. Timers that are due by `at` fire first, then the input is looked at; an `at` before the
    /// last step's counts as that.
    pub fn handle(&mut self, config: &Config, view: &dyn View, input: Input, at: Instant) -> Step {
        self.seen = self.seen.max(whole_millis(at));
        // Most steps make one event; a vector would begin with room for four.
        let mut context = Context { config, view, at: self.seen, events: Vec::with_capacity(1) };
        self.fire_due(&mut context);
        let refused = self.take(&mut context, input).err();
        Step { events: context.events, refused }
    }

    fn take(&mut self, context: &mut Context<'_>, input: Input) -> Result<(), Refusal> {
        if matches!(input, Input::TimePassed) {
            return Ok(());
        }
        if matches!(self.stage, Stage::Ended { .. }) {
            return Err(Refusal::Ended);
        }
        match input {
            Input::AgentText { agent, body } => self.agent_text(context, agent, body),
            Input::Assigned { agent } => self.assign(context, agent),
            Input::ConsumerText(text) => {
                self.consumer_text(context, text);
                Ok(())
            }
            Input::EndedByAgent { agent } => {
                self.require_agent(&agent)?;
                self.end(context, EndReason::FinishedByAgent);
                Ok(())
            }
            Input::EndedBySupervisor => {
                self.end(context, EndReason::EndedBySupervisor);
                Ok(())
            }
            Input::OptedOut(text) => {
                Self::keep(context, text);
                self.end(context, EndReason::OptedOut);
                Ok(())
            }
            Input::Returned { reason } => self.return_to_queue(context, reason),
            Input::TimePassed => Ok(()),
        }
    }

    /// Timers in the order of their deadlines; there is one at a time, and each ends the session.
    fn fire_due(&mut self, context: &mut Context<'_>) {
        let Some(deadline) = self.next_deadline().filter(|deadline| *deadline <= context.at) else {
            return;
        };
        let reason = match &self.stage {
            Stage::Selecting { .. } => EndReason::ExpiredMenuSelection,
            Stage::Queued { chat: None, .. } => EndReason::Expired,
            Stage::Queued { chat: Some(chat), .. } | Stage::Assigned { chat, .. } => {
                chat.timeout_reason()
            }
            Stage::Ended { .. } => return,
        };
        // It happened when it was due, however late anybody looked.
        let now = std::mem::replace(&mut context.at, deadline);
        self.end(context, reason);
        context.at = now;
    }

    /// Everything the consumer sends is kept, whatever the state (SMS-6).
    fn keep(context: &mut Context<'_>, text: Text) {
        let Text { provider_id, body, media } = text;
        context.emit(Fact::InboundMessage { provider_id, body, media });
    }

    fn consumer_text(&mut self, context: &mut Context<'_>, text: Text) {
        let words = &context.config.words;
        let mut buffer = [0; normal::MAX_LEN];
        // In a menu a reply may be as long as an option's name; elsewhere only BACK and EXIT matter.
        let longest = match &self.stage {
            Stage::Selecting { .. } => normal::MAX_LEN,
            Stage::Queued { .. } | Stage::Assigned { .. } | Stage::Ended { .. } => words.longest(),
        };
        let word = normal::into_buffer(&text.body, &mut buffer[..longest]);
        if word.is_some_and(|word| words.exit.iter().any(|exit| exit == word)) {
            Self::keep(context, text);
            self.end(context, EndReason::FinishedByConsumer);
            return;
        }
        let back = word.is_some_and(|word| words.back.iter().any(|back| back == word));
        Self::keep(context, text);
        match &mut self.stage {
            Stage::Assigned { queue, deadline, chat, .. }
            | Stage::Queued { queue, deadline, chat: Some(chat), .. } => {
                chat.consumer_wrote = true;
                chat.last_was_agent = false;
                if let Some(timeout) = context.config.timers(queue).chat_timeout {
                    *deadline = Some(context.at + timeout);
                }
            }
            Stage::Queued { chat: None, .. } if back => self.back(context),
            Stage::Selecting { .. } if back => self.back(context),
            Stage::Selecting { .. } => self.choose(context, word),
            Stage::Queued { .. } | Stage::Ended { .. } => {}
        }
    }

    fn end(&mut self, context: &mut Context<'_>, reason: EndReason) {
        self.stage = Stage::Ended { reason };
        context.emit(Fact::Ended { reason });
    }

    fn send(&mut self, context: &mut Context<'_>, purpose: Purpose, author: Author, body: String) {
        if body.trim().is_empty() {
            return;
        }
        self.sent += 1;
        let id = MessageId::of_session(self.id, self.sent);
        context.emit(Fact::OutboundMessage { id, purpose, author, body });
    }

    /// Reserves the id of a message that somebody else sends in this session's name: the confirmation
    /// of an opt-out.
    pub fn reserve_message(&mut self) -> MessageId {
        self.sent += 1;
        MessageId::of_session(self.id, self.sent)
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

    /// The language now (SMS-10).
    pub fn language(&self) -> Language {
        self.language
    }

    /// When it began.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// The instant of its last step.
    pub fn seen(&self) -> Instant {
        self.seen
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        match &self.stage {
            Stage::Selecting { .. } => Status::Selecting,
            Stage::Queued { .. } => Status::Queued,
            Stage::Assigned { .. } => Status::Assigned,
            Stage::Ended { reason } => Status::Ended(*reason),
        }
    }

    /// The queue it waits in or was taken from; `None` while choosing and after the end.
    pub fn queue(&self) -> Option<&QueueId> {
        match &self.stage {
            Stage::Queued { queue, .. } | Stage::Assigned { queue, .. } => Some(queue),
            Stage::Selecting { .. } | Stage::Ended { .. } => None,
        }
    }

    /// When it first arrived in its queue: its place in the line, also after it came back (RTE-16).
    pub fn waiting_since(&self) -> Option<Instant> {
        match &self.stage {
            Stage::Queued { since, .. } | Stage::Assigned { since, .. } => Some(*since),
            Stage::Selecting { .. } | Stage::Ended { .. } => None,
        }
    }

    /// Who has it.
    pub fn agent(&self) -> Option<&AgentId> {
        match &self.stage {
            Stage::Assigned { agent, .. } => Some(agent),
            Stage::Selecting { .. } | Stage::Queued { .. } | Stage::Ended { .. } => None,
        }
    }

    /// Whether an agent has been connected in its course; no longer known after the end.
    pub fn was_connected(&self) -> bool {
        match &self.stage {
            Stage::Assigned { .. } => true,
            Stage::Queued { chat, .. } => chat.is_some(),
            Stage::Selecting { .. } | Stage::Ended { .. } => false,
        }
    }

    /// When it must be called with [`Input::TimePassed`], if nothing else happens before.
    #[must_use = "a deadline that nobody keeps is a session that never ends"]
    pub fn next_deadline(&self) -> Option<Instant> {
        match &self.stage {
            Stage::Selecting { deadline, .. } => Some(*deadline),
            Stage::Queued { deadline, .. } | Stage::Assigned { deadline, .. } => *deadline,
            Stage::Ended { .. } => None,
        }
    }
}

impl Chat {
    /// SMS-20: the agent never wrote; else the consumer never wrote since the assignment; else who wrote
    /// last.
    fn timeout_reason(self) -> EndReason {
        if !self.agent_wrote {
            EndReason::TimeoutAgentNoMessage
        } else if !self.consumer_wrote {
            EndReason::TimeoutEndUserNoMessage
        } else if self.last_was_agent {
            EndReason::EndUserStopped
        } else {
            EndReason::TimeoutAgentStopped
        }
    }
}

/// The text of a predefined message at a place of the menu.
fn render(
    context: &Context<'_>,
    session: &Session,
    at: &QueueId,
    kind: MessageKind,
    extra: (Option<&AgentId>, Option<&str>),
) -> String {
    use frontdesk_types::Variable;
    let (config, view, language) = (context.config, context.view, session.language);
    let Some(template) = config.template(Some(at), kind, language) else { return String::new() };
    template.render(|variable| match variable {
        Variable::CompanyName => Some(config.company.clone()),
        Variable::EndUser => Some(view.consumer_name().unwrap_or_else(|| "Customer".into())),
        Variable::Queue | Variable::QueueName => Some(config.name(at, language)),
        Variable::QueueSize => Some(compact_str::format_compact!("{}", view.waiting(at) + 1)),
        Variable::EstimatedWaitTime => {
            view.wait_minutes(at).map(|minutes| wait_words(minutes, language))
        }
        Variable::Agent => extra.0.map(|agent| view.agent_name(agent)),
        Variable::NextReopenHour => extra.1.map(Into::into),
        _ => None,
    })
}

/// Number and word, at most 300 (SMS-9).
fn wait_words(minutes: u32, language: Language) -> compact_str::CompactString {
    let minutes = minutes.min(300);
    let spanish = language.fallback().unwrap_or(language) == Language::SPANISH;
    let word = match (spanish, minutes) {
        (false, 1) => "minute",
        (false, _) => "minutes",
        (true, 1) => "minuto",
        (true, _) => "minutos",
    };
    compact_str::format_compact!("{minutes} {word}")
}
