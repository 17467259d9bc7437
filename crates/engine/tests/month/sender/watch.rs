//! Everything that left, or was refused, against what may happen; and what is told of the month.

use std::fmt::Write as _;

use chrono::{TimeDelta, Timelike as _};
use frontdesk::{
    OutgoingText,
    tendlc::ContentType,
    types::{Instant, PhoneNumber, Purpose},
};

use super::{Asked, CAMPAIGNS, Campaign, PLACES, Sender, limits};
use crate::Network;

impl Sender {
    /// Everything that has happened since, against what may happen.
    pub(super) fn look(&mut self) {
        for text in self.carrier.taken() {
            self.left(&text);
        }
        let refused = std::mem::take(&mut *self.ear.refused.lock().unwrap());
        for (id, reasons) in refused {
            let Some(asked) = self.ids.get(&id).and_then(|n| self.asked.remove(n)) else {
                continue;
            };
            self.refused += 1;
            // A START may have come since.
            if !self.stopped_ever.contains(&(asked.consumer, asked.campaign)) {
                self.wrong.push(format!("{id} was refused although nobody had revoked: {reasons}"));
            }
        }
        self.held_for_the_night = *self.ear.held.lock().unwrap();
    }

    fn left(&mut self, text: &OutgoingText) {
        let (now, consumer) = (self.now(), text.line.consumer);
        let number = text.line.number.to_string();
        let Some(campaign) = CAMPAIGNS.iter().position(|campaign| campaign.number == number) else {
            self.wrong.push(format!("{now}: a text of {number}"));
            return;
        };
        self.count(campaign, consumer);
        match text.purpose {
            Purpose::Notification => {}
            Purpose::OptOutConfirmation => {
                self.confirmed += 1;
                if !self.unconfirmed.remove(&(consumer, campaign)) {
                    self.wrong.push(format!("{now}: a confirmation that nobody asked for"));
                }
                return;
            }
            purpose => {
                if !self.may_get(consumer, campaign) {
                    self.wrong.push(format!("{now}: {purpose:?} to somebody who has revoked"));
                }
                return;
            }
        }
        let n = text.body.rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let Some(Asked { at, .. }) = self.asked.remove(&n) else {
            self.wrong.push(format!("{now}: {n} left twice, or after it was refused"));
            return;
        };
        if !self.may_get(consumer, campaign) {
            self.wrong.push(format!("{now}: {n} to somebody who has revoked"));
        }
        let hour = wall_hour(consumer, now);
        if CAMPAIGNS[campaign].kind == ContentType::Promotional && !(8..21).contains(&hour) {
            self.wrong.push(format!("{now}: {n} advertises at {hour} o'clock"));
        }
        self.delays.push((campaign, Network::of(consumer), now - at));
    }

    /// AT&T: any sixty seconds of a campaign. T-Mobile: a day of the Pacific of the brand.
    fn count(&mut self, campaign: usize, consumer: PhoneNumber) {
        let now = self.now();
        let (_, per_minute, per_day) = limits(self.texts);
        match Network::of(consumer) {
            Network::Att => {
                let minute = &mut self.traffic.minutes[campaign];
                minute.retain(|left| now - *left < TimeDelta::seconds(60));
                minute.push(now);
                if minute.len() > per_minute {
                    self.wrong.push(format!("{now}: {} texts to AT&T in a minute", minute.len()));
                }
                // A tenth is kept for conversations.
                self.full_minutes += usize::from(minute.len() * 10 == per_minute * 9);
            }
            Network::TMobile => {
                let day = (now - offset(8, true, now)).timestamp().div_euclid(86_400);
                let left = self.traffic.day.entry(day).or_default();
                *left += 1;
                if *left > per_day {
                    self.wrong.push(format!("{now}: {left} texts to T-Mobile in a day"));
                }
                self.capped_days += usize::from(*left * 10 == per_day * 9);
            }
        }
    }

    /// The numbers of texts that were taken in, and neither left nor were refused.
    pub(crate) fn lost(&self) -> Vec<u64> {
        let mut lost: Vec<u64> = self.asked.keys().copied().collect();
        lost.sort_unstable();
        lost.truncate(20);
        lost
    }

    /// How long texts waited, sorted.
    pub(crate) fn delays(&self, campaign: &Campaign, network: Option<Network>) -> Vec<TimeDelta> {
        let of = |at: usize| CAMPAIGNS[at].name == campaign.name;
        let is_of = |known: Network| network.is_none_or(|network| network == known);
        let chosen = self.delays.iter().filter(|(at, on, _)| of(*at) && is_of(*on));
        let mut delays: Vec<TimeDelta> = chosen.map(|(.., delay)| *delay).collect();
        delays.sort_unstable();
        delays
    }

    pub(crate) fn told(&self) -> String {
        let mut told = format!(
            "{} texts to {} consumers: {} left, {} refused, {} not taken in; {} revocations, {} confirmed; {} crashes with {} texts on \
             their way; {} held for the night; T-Mobile's day was full {} times, AT&T's minute {} times\n",
            self.asked_ever,
            self.consumers.len(),
            self.delays.len(),
            self.refused,
            self.refused_at_the_door,
            self.stops,
            self.confirmed,
            self.crashes,
            self.put_back,
            self.held_for_the_night,
            self.capped_days,
            self.full_minutes,
        );
        for campaign in &CAMPAIGNS {
            for network in [Network::Att, Network::TMobile] {
                let delays = self.delays(campaign, Some(network));
                let at = |share: usize| {
                    let delay = delays
                        .get((delays.len() * share / 1_000).min(delays.len().saturating_sub(1)));
                    delay.map_or(0, TimeDelta::num_minutes)
                };
                let (median, most, longest) = (at(500), at(990), at(1_000));
                writeln!(told, "{} to {network:?}: {} texts, minutes of waiting: median {median}, p99 {most}, longest {longest}", campaign.name, delays.len()).unwrap();
            }
        }
        told
    }
}

/// So far behind UTC. In 2026 summer time ends on the first of November, at two o'clock by the clock.
fn offset(winter: i64, has_summer: bool, now: Instant) -> TimeDelta {
    let midnight: Instant = "2026-11-01T00:00:00Z".parse().unwrap();
    let is_summer = has_summer && now < midnight + TimeDelta::hours(winter - 1 + 2);
    TimeDelta::hours(winter - i64::from(is_summer))
}

/// The hour on the consumer's wall.
fn wall_hour(consumer: PhoneNumber, now: Instant) -> u32 {
    let number = consumer.to_string();
    let place = PLACES.iter().find(|(area, ..)| number.starts_with(&format!("+1{area}")));
    let (_, winter, has_summer) = place.unwrap();
    (now - offset(*winter, *has_summer, now)).hour()
}
