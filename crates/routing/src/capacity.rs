//! What consumers are offered when too many wait (RTE-13): the rules of a queue, and a small machine for each
//! consumer who waits.

use std::collections::BTreeMap;

use chrono::{NaiveTime, TimeDelta};
use frontdesk_types::{Channel, PhoneNumber, QueueId};

/// Something else than to wait.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alternative {
    /// The agent calls back; the consumer keeps their place in the queue.
    Callback,
    /// An email instead.
    Email,
    /// A message, and the call ends.
    Message,
    /// Another number is called.
    PhoneNumber(PhoneNumber),
    /// A chat by text instead, in a queue of the SMS channel (SMS-31).
    PreSessionSms(QueueId),
    /// Another queue.
    Queue(QueueId),
    /// A voice message for the queue's agents.
    Voicemail,
}

impl Alternative {
    /// Whether a channel has it. Text chats have none (RTE-13): whoever texts can wait without waiting.
    pub fn is_for(&self, channel: Channel) -> bool {
        match channel {
            Channel::Ivr => *self != Self::Email,
            Channel::Mobile | Channel::Web => *self == Self::Email,
            _ => false,
        }
    }
}

/// From when on too many wait, and what there is then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The estimated wait is at least so long.
    pub estimate: TimeDelta,
    /// The consumer has waited so long already; for calls.
    pub waited: TimeDelta,
    /// Only at this time of the day, from one to the other, over midnight if need be; `None` is always.
    pub hours: Option<(NaiveTime, NaiveTime)>,
    /// What is offered beside waiting, in this order.
    pub alternatives: Vec<Alternative>,
}

/// A queue's rules when too many wait.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CapacityRules {
    /// The last band that holds counts, so the longer the estimate the further down.
    pub bands: Vec<Band>,
    /// A number leaves one voice message and asks for one callback at a time.
    pub once_per_number: bool,
}

/// What is wrong with the rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CapacityError {
    /// Queues send consumers to each other.
    #[error("the queues send their consumers round in a circle: {}", .cycle.iter().map(QueueId::as_str).collect::<Vec<_>>().join(" → "))]
    Cycle {
        /// The way round.
        cycle: Vec<QueueId>,
    },
    /// A band with nothing but waiting.
    #[error("band {band} offers nothing")]
    Empty {
        /// Which, counted from 0.
        band: usize,
    },
    /// The channel does not have it.
    #[error("band {band} offers {alternative:?}, which {channel:?} does not have")]
    NotForChannel {
        /// Which band, counted from 0.
        band: usize,
        /// What.
        alternative: Alternative,
        /// Where.
        channel: Channel,
    },
    /// A band comes before one with a shorter estimate, and so never counts.
    #[error("band {band} has a shorter estimate than the one before: the longest stands last")]
    Order {
        /// Which, counted from 0.
        band: usize,
    },
}

/// A consumer who waits, as far as these rules look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingConsumer {
    /// On which channel.
    pub channel: Channel,
    /// For how long so far.
    pub waited: TimeDelta,
    /// The estimated wait; unknown is never too long.
    pub estimate: Option<TimeDelta>,
    /// What time it is where the queue's hours are.
    pub time: NaiveTime,
    /// Their number has a voice message that nobody has heard.
    pub has_voicemail: bool,
    /// Their number is to be called back.
    pub has_callback: bool,
}

impl CapacityRules {
    /// Everything that is wrong with them for a channel.
    pub fn problems(&self, channel: Channel) -> Vec<CapacityError> {
        let mut errors = Vec::new();
        for (band, rules) in self.bands.iter().enumerate() {
            if rules.alternatives.is_empty() {
                errors.push(CapacityError::Empty { band });
            }
            let wrong = rules.alternatives.iter().filter(|offer| !offer.is_for(channel));
            errors.extend(wrong.cloned().map(|alternative| CapacityError::NotForChannel {
                band,
                alternative,
                channel,
            }));
        }
        let later = self.bands.windows(2).zip(1..);
        let shorter = later.filter(|(pair, _)| matches!(pair, [a, b] if b.estimate < a.estimate));
        errors.extend(shorter.map(|(_, band)| CapacityError::Order { band }));
        errors
    }

    /// The band that holds for a consumer now, and what it offers them; `None` when not too many wait.
    pub fn offers(&self, consumer: &WaitingConsumer) -> Option<(usize, Vec<Alternative>)> {
        let estimate = consumer.estimate?;
        let holds = |band: &Band| {
            let long = estimate >= band.estimate;
            let waited = consumer.channel != Channel::Ivr || consumer.waited >= band.waited;
            let now = band.hours.is_none_or(|hours| within(hours, consumer.time));
            long && waited && now
        };
        let (band, rules) = self.bands.iter().enumerate().rfind(|(_, band)| holds(band))?;
        let free = |offer: &&Alternative| {
            let taken = match offer {
                Alternative::Voicemail => consumer.has_voicemail,
                Alternative::Callback => consumer.has_callback,
                _ => false,
            };
            offer.is_for(consumer.channel) && !(self.once_per_number && taken)
        };
        let offers: Vec<Alternative> = rules.alternatives.iter().filter(free).cloned().collect();
        (!offers.is_empty()).then_some((band, offers))
    }

    fn queues(&self) -> impl Iterator<Item = &QueueId> {
        self.bands.iter().flat_map(|band| &band.alternatives).filter_map(|offer| match offer {
            Alternative::Queue(queue) => Some(queue),
            _ => None,
        })
    }
}

/// The time of the day is within a range, which may go over midnight.
fn within((from, to): (NaiveTime, NaiveTime), time: NaiveTime) -> bool {
    if from <= to { (from..to).contains(&time) } else { time >= from || time < to }
}

/// Queues that send their consumers round in a circle, each circle once.
pub fn circles(rules: &BTreeMap<QueueId, CapacityRules>) -> Vec<CapacityError> {
    let mut found: Vec<CapacityError> = Vec::new();
    let mut done: Vec<&QueueId> = Vec::new();
    for start in rules.keys() {
        let mut way: Vec<&QueueId> = Vec::new();
        walk(start, rules, &mut way, &mut done, &mut found);
    }
    found
}

fn walk<'a>(
    at: &'a QueueId,
    rules: &'a BTreeMap<QueueId, CapacityRules>,
    way: &mut Vec<&'a QueueId>,
    done: &mut Vec<&'a QueueId>,
    found: &mut Vec<CapacityError>,
) {
    if let Some(place) = way.iter().position(|known| *known == at) {
        let round = way.get(place..).unwrap_or_default().iter().copied();
        let cycle = round.chain([at]).cloned().collect();
        found.push(CapacityError::Cycle { cycle });
        return;
    }
    if done.contains(&at) {
        return;
    }
    way.push(at);
    for next in rules.get(at).into_iter().flat_map(CapacityRules::queues) {
        walk(next, rules, way, done, found);
    }
    way.pop();
    done.push(at);
}

/// What a consumer who waits was asked, and what they said: a state machine, whose events are the only output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CapacityDesk {
    /// The band in which the consumer was asked last.
    asked_in: Option<usize>,
    /// What they may choose now.
    open: Vec<Alternative>,
    /// They have chosen something else than to wait.
    chosen: bool,
}

/// What happens to a consumer who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CapacityInput {
    /// Time has passed, or the estimate has changed.
    Looked(WaitingConsumer),
    /// The consumer chose one of those that were offered, counted from 0.
    Chose(usize),
    /// The consumer keeps waiting: said so, or pressed nothing.
    KeepsWaiting {
        /// Whether they said so.
        said: bool,
    },
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CapacityEvent {
    /// The consumer chose; it ends the wait, but for a callback, which keeps its place.
    Deflected(Alternative),
    /// The consumer goes on waiting.
    KeptWaiting {
        /// Whether they said so.
        said: bool,
    },
    /// The consumer is asked: one of these, or to keep waiting.
    Offered(Vec<Alternative>),
}

/// What was not asked cannot be answered. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing of the kind is offered: choice {found} of {offered}")]
pub struct NotOffered {
    /// What was chosen, counted from 0.
    pub found: usize,
    /// How many are offered.
    pub offered: usize,
}

impl CapacityDesk {
    /// Takes an input. A consumer is asked once in each band, and no more after they have chosen.
    pub fn handle(
        &mut self,
        rules: &CapacityRules,
        input: CapacityInput,
    ) -> Result<Vec<CapacityEvent>, NotOffered> {
        match input {
            CapacityInput::Looked(consumer) => {
                let Some((band, offers)) = rules.offers(&consumer) else { return Ok(Vec::new()) };
                if self.chosen || self.asked_in.is_some_and(|asked| asked >= band) {
                    return Ok(Vec::new());
                }
                self.asked_in = Some(band);
                self.open.clone_from(&offers);
                Ok(vec![CapacityEvent::Offered(offers)])
            }
            CapacityInput::Chose(found) => {
                let offered = self.open.len();
                let chosen = self.open.get(found).cloned().ok_or(NotOffered { found, offered })?;
                self.open.clear();
                self.chosen = true;
                Ok(vec![CapacityEvent::Deflected(chosen)])
            }
            CapacityInput::KeepsWaiting { said } => {
                if self.open.is_empty() {
                    return Err(NotOffered { found: 0, offered: 0 });
                }
                self.open.clear();
                Ok(vec![CapacityEvent::KeptWaiting { said }])
            }
        }
    }
}

#[cfg(test)]
mod tests;
