//! What consumers are offered when too many wait (RTE-13): the rules of a queue, and a small machine for each
//! consumer who waits.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use frontdesk_types::{Alternative, Channel, Instant, QueueId};

/// Whether a channel has it. Text chats have none (RTE-13): whoever texts can wait without waiting.
fn is_for(offer: &Alternative, channel: Channel) -> bool {
    match channel {
        Channel::Ivr => *offer != Alternative::Email,
        Channel::Mobile | Channel::Web => *offer == Alternative::Email,
        _ => false,
    }
}

/// From when on too many wait, and what there is then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The estimated wait is longer than this.
    pub estimate: TimeDelta,
    /// The consumer has waited longer than this; for calls.
    pub waited: TimeDelta,
    /// What is offered beside waiting, in this order. A caller can be offered nothing: then they are told that
    /// many wait.
    pub alternatives: Vec<Alternative>,
}

/// A queue's rules when too many wait.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CapacityRules {
    /// Of those that hold, the last counts: the longer the estimate, the further down.
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
    /// A band with nothing but waiting, for a chat.
    #[error("band {band} offers nothing")]
    Empty {
        /// Which, counted from 0.
        band: usize,
    },
    /// The channel does not have it.
    #[error("band {band} offers {alternative}, which {channel:?} does not have")]
    NotForChannel {
        /// Which band, counted from 0.
        band: usize,
        /// What.
        alternative: Alternative,
        /// Where.
        channel: Channel,
    },
    /// More than the keys of a telephone.
    #[error("band {band} offers {found} things, allowed are {MOST} (keys 2 to 9)")]
    TooMany {
        /// Which, counted from 0.
        band: usize,
        /// How many.
        found: usize,
    },
    /// The same is offered twice.
    #[error("band {band} offers {alternative} twice")]
    Twice {
        /// Which, counted from 0.
        band: usize,
        /// What.
        alternative: Alternative,
    },
    /// A band comes before one with a shorter estimate, and so never counts.
    #[error("band {band} has a shorter estimate than the one before: the longest stands last")]
    Order {
        /// Which, counted from 0.
        band: usize,
    },
}

/// What can be offered at once: 1 keeps waiting.
const MOST: usize = 8;

/// A consumer who waits, as far as these rules look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingConsumer {
    /// On which channel.
    pub channel: Channel,
    /// Since when.
    pub since: Instant,
    /// The estimated wait; unknown is never too long.
    pub estimate: Option<TimeDelta>,
    /// The band in which they were asked last: only those after it count.
    pub asked_in: Option<usize>,
    /// Their number has a voice message that nobody has heard.
    pub has_voicemail: bool,
    /// Their number is to be called back.
    pub has_callback: bool,
}

/// What a consumer is to be asked, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapacityOffer {
    /// From when on.
    pub at: Instant,
    /// The band that holds then, counted from 0.
    pub band: usize,
    /// What is offered beside waiting.
    pub alternatives: Vec<Alternative>,
}

impl CapacityRules {
    /// Everything that is wrong with them for a channel.
    pub fn problems(&self, channel: Channel) -> Vec<CapacityError> {
        let mut errors = Vec::new();
        for (band, rules) in self.bands.iter().enumerate() {
            let offers = &rules.alternatives;
            if offers.is_empty() && channel != Channel::Ivr {
                errors.push(CapacityError::Empty { band });
            }
            if offers.len() > MOST {
                errors.push(CapacityError::TooMany { band, found: offers.len() });
            }
            for (place, alternative) in offers.iter().enumerate() {
                let alternative = alternative.clone();
                if !is_for(&alternative, channel) {
                    errors.push(CapacityError::NotForChannel { band, alternative, channel });
                } else if offers.iter().take(place).any(|before| *before == alternative) {
                    errors.push(CapacityError::Twice { band, alternative });
                }
            }
        }
        let later = self.bands.windows(2).zip(1..);
        let shorter = later.filter(|(pair, _)| matches!(pair, [a, b] if b.estimate < a.estimate));
        errors.extend(shorter.map(|(_, band)| CapacityError::Order { band }));
        errors
    }

    /// What a consumer is to be asked next, as things stand: now, if its instant is not after `at`. `None` when
    /// not too many wait.
    ///
    /// `hours` knows the time of day of a band: the first instant that is within it, not before the one given.
    /// A band that always holds gives that back.
    pub fn next(
        &self,
        consumer: &WaitingConsumer,
        at: Instant,
        hours: impl Fn(usize, Instant) -> Option<Instant>,
    ) -> Option<CapacityOffer> {
        let estimate = consumer.estimate?;
        let after = consumer.asked_in.map_or(0, |asked| asked + 1);
        let holds = |(band, rules): (usize, &Band)| {
            let offers = self.free(rules, consumer);
            let empty = offers.is_empty() && consumer.channel != Channel::Ivr;
            if estimate <= rules.estimate || empty {
                return None;
            }
            let reached = match consumer.channel {
                // Longer than.
                Channel::Ivr => consumer.since + rules.waited + TimeDelta::milliseconds(1),
                _ => at,
            };
            let at = hours(band, reached.max(at))?;
            Some(CapacityOffer { at, band, alternatives: offers })
        };
        let all = self.bands.iter().enumerate().skip(after).filter_map(holds);
        all.min_by_key(|offer| (offer.at, std::cmp::Reverse(offer.band)))
    }

    fn free(&self, band: &Band, consumer: &WaitingConsumer) -> Vec<Alternative> {
        let free = |offer: &&Alternative| {
            let taken = match offer {
                Alternative::Voicemail => consumer.has_voicemail,
                Alternative::Callback => consumer.has_callback,
                _ => false,
            };
            is_for(offer, consumer.channel) && !(self.once_per_number && taken)
        };
        band.alternatives.iter().filter(free).cloned().collect()
    }

    fn queues(&self) -> impl Iterator<Item = &QueueId> {
        self.bands.iter().flat_map(|band| &band.alternatives).filter_map(|offer| match offer {
            Alternative::Queue(queue) => Some(queue),
            _ => None,
        })
    }
}

/// Queues that send their consumers round in a circle, each circle once.
pub fn circles(rules: &BTreeMap<QueueId, CapacityRules>) -> Vec<CapacityError> {
    let mut found: Vec<CapacityError> = Vec::new();
    let mut done: BTreeSet<&QueueId> = BTreeSet::new();
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
    done: &mut BTreeSet<&'a QueueId>,
    found: &mut Vec<CapacityError>,
) {
    if let Some(place) = way.iter().position(|known| *known == at) {
        let round = way.get(place..).unwrap_or_default().iter().copied();
        let cycle = round.chain([at]).cloned().collect();
        found.push(CapacityError::Cycle { cycle });
        return;
    }
    if done.contains(at) {
        return;
    }
    way.push(at);
    for next in rules.get(at).into_iter().flat_map(CapacityRules::queues) {
        walk(next, rules, way, done, found);
    }
    way.pop();
    done.insert(at);
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
    /// There is something to ask, and its instant has come ([`CapacityRules::next`]).
    Due(CapacityOffer),
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
    /// The band in which the consumer was asked last.
    pub fn asked_in(&self) -> Option<usize> {
        self.asked_in
    }

    /// Takes an input. A consumer is asked once in each band, and no more after they have chosen.
    pub fn handle(&mut self, input: CapacityInput) -> Result<Vec<CapacityEvent>, NotOffered> {
        match input {
            CapacityInput::Due(CapacityOffer { band, alternatives, .. }) => {
                if self.chosen || self.asked_in.is_some_and(|asked| asked >= band) {
                    return Ok(Vec::new());
                }
                self.asked_in = Some(band);
                self.open.clone_from(&alternatives);
                Ok(vec![CapacityEvent::Offered(alternatives)])
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
