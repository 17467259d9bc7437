use chrono::TimeDelta;
use frontdesk_types::AgentId;

/// How a queue's sessions come to its agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRules {
    /// To all at once, or to one after the other.
    pub assignment: Assignment,
    /// Which of the agents, when.
    pub groups: Groups,
    /// Sessions connect without the agent accepting (RTE-9): to one agent at a time, the one whom deltacast
    /// would ask first.
    pub auto_answer: bool,
    /// The time after a session in which its agent gets no other (RTE-11).
    pub wrap_up: Option<WrapUp>,
    /// A returning consumer goes to the last agent first (RTE-17).
    pub sticky: Option<Sticky>,
    /// Each step of a session's priority counts as having come so much earlier (RTE-18). So nobody
    /// starves: a session is overtaken only by those that came at most that long after it, times the
    /// difference of the priorities.
    pub head_start: TimeDelta,
    /// After waiting so long a session is offered to agents without its skills too (RTE-18); `None` is never.
    pub skills_for: Option<TimeDelta>,
}

impl Default for QueueRules {
    fn default() -> Self {
        Self {
            assignment: Assignment::Multicast,
            groups: Groups::All,
            auto_answer: false,
            wrap_up: None,
            sticky: None,
            head_start: TimeDelta::minutes(10),
            skills_for: None,
        }
    }
}

/// To whom a waiting session is offered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Assignment {
    /// To every eligible agent; the first to accept gets it (RTE-5).
    #[default]
    Multicast,
    /// To one agent at a time (RTE-6).
    Deltacast(Deltacast),
}

/// One agent at a time (RTE-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deltacast {
    /// How long an agent may take to answer.
    pub timeout: TimeDelta,
    /// How many agents are asked before it goes to all.
    pub attempts: u8,
    /// After those, offered to all. If not, it goes on one by one.
    pub then_multicast: bool,
}

impl Default for Deltacast {
    fn default() -> Self {
        Self { timeout: TimeDelta::seconds(10), attempts: 3, then_multicast: true }
    }
}

/// Which of a queue's agents are asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Groups {
    /// All, from the beginning.
    #[default]
    All,
    /// Group 1 for the timer's time, then 1 and 2, then 1 to 3 … (RTE-7). Counted from a session's arrival.
    Cascade {
        /// How long until the next group joins.
        timer: TimeDelta,
        /// A group with nobody who could take the session now is not waited for.
        skip_empty: bool,
    },
    /// Each session belongs to one group, by its share (RTE-8).
    Percent {
        /// The groups' shares, in percent: 100 together.
        shares: Vec<u8>,
        /// After waiting so long it is offered to every group; `None` is never.
        timer: Option<TimeDelta>,
    },
}

/// The time after a session (RTE-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrapUp {
    /// How long.
    pub time: TimeDelta,
    /// Whether the agent cannot end it early.
    pub fixed: bool,
}

/// The last agent first (RTE-17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sticky {
    /// For how long after the last session's end.
    pub within: TimeDelta,
    /// How long the agent may take to answer, before the session goes the usual way.
    pub timeout: TimeDelta,
}

/// What is wrong with a queue's rules or agents.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// An agent is in the queue, or in its groups, more than once.
    #[error("agent `{agent}` is assigned twice")]
    AssignedTwice {
        /// Who.
        agent: AgentId,
    },
    /// A queue that asks nobody.
    #[error("found {found} attempts, allowed are 1 to 100")]
    Attempts {
        /// How many.
        found: u8,
    },
    /// A time that is none.
    #[error("found {} seconds for the {what}, allowed are 1 second to 7 days", .found.num_seconds())]
    Time {
        /// Which.
        what: TimeOf,
        /// How long.
        found: TimeDelta,
    },
    /// The next group joins before the agent whom deltacast asks could have answered.
    #[error(
        "the {what} of {} s must be longer than the deltacast timeout of {} s",
        .found.num_seconds(),
        .timeout.num_seconds()
    )]
    NotAboveTimeout {
        /// Which timer.
        what: TimeOf,
        /// How long.
        found: TimeDelta,
        /// The timeout.
        timeout: TimeDelta,
    },
    /// No such priority.
    #[error(
        "agent `{agent}` has priority {found}, allowed are 1 (first) to 8 (last), and 0 for programs"
    )]
    Priority {
        /// Who.
        agent: AgentId,
        /// What was found.
        found: u8,
    },
    /// The shares are not everything, or a group has none.
    #[error(
        "the shares {} add up to {}, they must add up to 100, each at least 1",
        .shares.iter().map(u8::to_string).collect::<Vec<_>>().join(" + "),
        .shares.iter().map(|share| u32::from(*share)).sum::<u32>()
    )]
    Shares {
        /// The shares.
        shares: Vec<u8>,
    },
    /// No such agent.
    #[error("there is no agent `{agent}`")]
    UnknownAgent {
        /// The agent asked for.
        agent: AgentId,
    },
    /// No such group.
    #[error("agent `{agent}` is in group {found}, which the queue does not have (counted from 0)")]
    UnknownGroup {
        /// Who.
        agent: AgentId,
        /// The group.
        found: u8,
    },
}

/// A time among a queue's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeOf {
    /// Until the next group joins.
    CascadeTimer,
    /// Until an agent must have answered.
    DeltacastTimeout,
    /// What a step of priority is worth.
    HeadStart,
    /// Until every group is asked.
    PercentTimer,
    /// Until skills do not matter any more.
    SkillsFor,
    /// How long the last agent is the first.
    StickyWithin,
    /// Until the last agent must have answered.
    StickyTimeout,
    /// After a session.
    WrapUp,
}

impl std::fmt::Display for TimeOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::CascadeTimer => "cascade timer",
            Self::DeltacastTimeout => "deltacast timeout",
            Self::HeadStart => "head start of a priority",
            Self::PercentTimer => "percent allocation timer",
            Self::SkillsFor => "time for which skills are asked for",
            Self::StickyTimeout => "sticky agent's timeout",
            Self::StickyWithin => "time of the sticky agent",
            Self::WrapUp => "wrap-up",
        })
    }
}

/// No time of a queue's rules is longer.
pub(crate) const LONGEST_TIME: TimeDelta = TimeDelta::days(7);

impl QueueRules {
    /// Everything in them that contradicts itself.
    pub fn problems(&self) -> Vec<RulesError> {
        let mut errors = Vec::new();
        let mut times = vec![(TimeOf::HeadStart, self.head_start)];
        times.extend(self.wrap_up.map(|wrap_up| (TimeOf::WrapUp, wrap_up.time)));
        times.extend(self.skills_for.map(|time| (TimeOf::SkillsFor, time)));
        if let Some(Sticky { within, timeout }) = self.sticky {
            times.extend([(TimeOf::StickyWithin, within), (TimeOf::StickyTimeout, timeout)]);
        }
        let widening = match &self.groups {
            Groups::All => None,
            Groups::Cascade { timer, .. } => Some((TimeOf::CascadeTimer, *timer)),
            Groups::Percent { timer, .. } => timer.map(|timer| (TimeOf::PercentTimer, timer)),
        };
        times.extend(widening);
        if let Groups::Percent { shares, .. } = &self.groups {
            let sum: u32 = shares.iter().map(|share| u32::from(*share)).sum();
            if sum != 100 || shares.contains(&0) {
                errors.push(RulesError::Shares { shares: shares.clone() });
            }
        }
        if let Assignment::Deltacast(Deltacast { timeout, attempts, .. }) = self.assignment {
            times.push((TimeOf::DeltacastTimeout, timeout));
            if !(1..=100).contains(&attempts) {
                errors.push(RulesError::Attempts { found: attempts });
            }
            if let Some((what, found)) = widening.filter(|(_, time)| *time <= timeout) {
                errors.push(RulesError::NotAboveTimeout { what, found, timeout });
            }
        }
        let wrong = times
            .into_iter()
            .filter(|(_, time)| !(TimeDelta::seconds(1)..=LONGEST_TIME).contains(time));
        errors.extend(wrong.map(|(what, found)| RulesError::Time { what, found }));
        errors
    }

    /// How long an agent has to answer an offer that only they have.
    pub fn answer_time(&self) -> TimeDelta {
        match &self.assignment {
            Assignment::Deltacast(deltacast) => deltacast.timeout,
            Assignment::Multicast => Deltacast::default().timeout,
        }
    }
}
