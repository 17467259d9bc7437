use compact_str::CompactString;
use frontdesk_types::{AgentId, Language, QueueId, Template};

/// What a session needs to know of matters that are not its own, at the instant of the step. The caller
/// answers from what it has in memory; the answers are inputs like any other, so that the same answers
/// give the same events.
pub trait View {
    /// Whether the queue is open now, or one below the menu; the next opening in words of `language`.
    fn hours(&self, node: &QueueId, language: Language) -> Hours;

    /// Where those go who come to a node of the menu now (HRS-5, HRS-9).
    fn arrival(&self, node: &QueueId, language: Language) -> Arrival {
        match self.hours(node, language) {
            Hours::Closed { .. } => Arrival::Closed,
            Hours::Open => Arrival::Here,
        }
    }

    /// How many wait in the queue, this consumer not counted.
    fn waiting(&self, queue: &QueueId) -> u32;

    /// The estimated wait in minutes; `None` when it is unknown, never a made-up number.
    fn wait_minutes(&self, queue: &QueueId) -> Option<u32>;

    /// How the consumer is to call the agent.
    fn agent_name(&self, agent: &AgentId) -> CompactString;

    /// The consumer's name, if known.
    fn consumer_name(&self) -> Option<CompactString>;
}

/// Where those go who come to a node of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// Nowhere: they are told that it is closed.
    Closed,
    /// In this queue they wait instead; it is open.
    Elsewhere(QueueId),
    /// The menu is offered, or they wait in the queue.
    Here,
}

/// Open, or closed and since when the consumer knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hours {
    /// Closed.
    Closed {
        /// When it opens again, in words of the session's language; `None` if never.
        reopens: Option<CompactString>,
        /// What is told instead of the after-hours message: on a holiday (HRS-3).
        notice: Option<Template>,
        /// Whether this consumer was told during this closure already: they are not told again.
        told: bool,
    },
    /// Open.
    Open,
}

/// A view in which every queue is open and empty, for tests and first steps.
#[derive(Debug, Clone, Copy)]
pub struct QuietView;

impl View for QuietView {
    fn hours(&self, _: &QueueId, _: Language) -> Hours {
        Hours::Open
    }

    fn waiting(&self, _: &QueueId) -> u32 {
        0
    }

    fn wait_minutes(&self, _: &QueueId) -> Option<u32> {
        None
    }

    fn agent_name(&self, agent: &AgentId) -> CompactString {
        agent.as_str().into()
    }

    fn consumer_name(&self) -> Option<CompactString> {
        None
    }
}
