//! Scheduled calls: when they can be, and how many at a time (HRS-10).

use chrono::{TimeDelta, Timelike};
use frontdesk_types::Instant;

use crate::Schedule;

/// When calls can be scheduled in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotRules {
    /// How long a slot is, in minutes: a divisor of a day, 15 by default.
    pub minutes: u32,
    /// How many places a slot has for a hundred assigned agents: 50 by default.
    pub percent: u32,
    /// How far ahead calls can be scheduled; a week by default.
    pub horizon: TimeDelta,
    /// How long before its slot a call is announced to those who will take it; five minutes by default.
    pub countdown: TimeDelta,
    /// How long after its slot a call that nobody made is given up; fifteen minutes by default.
    pub expiry: TimeDelta,
}

impl Default for SlotRules {
    fn default() -> Self {
        Self {
            minutes: 15,
            percent: 50,
            horizon: TimeDelta::days(7),
            countdown: TimeDelta::minutes(5),
            expiry: TimeDelta::minutes(15),
        }
    }
}

/// Time for scheduled calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Its first instant.
    pub from: Instant,
    /// The first after it.
    pub to: Instant,
}

impl SlotRules {
    /// How many calls one slot takes: so many for the assigned agents, rounded down, one at least. None where nobody
    /// is assigned: nobody would call.
    pub fn places(&self, agents: usize) -> u32 {
        let agents = u64::try_from(agents).unwrap_or(u64::MAX);
        let places = agents.saturating_mul(self.percent.into()) / 100;
        if agents == 0 { 0 } else { u32::try_from(places).unwrap_or(u32::MAX).max(1) }
    }

    /// The slots that calls can be scheduled in, in their order: whole ones within the hours, at multiples of their length
    /// on the wall clock (9:00, 9:15 …), none before the wait of who comes now is over, up to the horizon.
    pub fn slots(
        &self,
        schedule: &Schedule,
        now: Instant,
        wait: TimeDelta,
    ) -> impl Iterator<Item = Slot> {
        let rules = *self;
        let zone = schedule.zone();
        let length = TimeDelta::minutes(self.minutes.max(1).into());
        let openings = schedule.openings(now + wait.max(TimeDelta::zero()), now + self.horizon);
        openings.flat_map(move |opening| {
            let mut at = opening.from;
            std::iter::from_fn(move || {
                loop {
                    let clock = zone.local(at).time().num_seconds_from_midnight();
                    let over = clock % (rules.minutes.max(1) * 60);
                    let part = TimeDelta::nanoseconds(at.timestamp_subsec_nanos().into());
                    if over > 0 || !part.is_zero() {
                        // Also after the clock has changed within the opening.
                        at = at + length - TimeDelta::seconds(over.into()) - part;
                        continue;
                    }
                    let slot = Slot { from: at, to: at + length };
                    at = slot.to;
                    return (slot.to <= opening.to).then_some(slot);
                }
            })
        })
    }

    /// The slot that begins at an instant, if calls can be scheduled in it.
    pub fn slot(
        &self,
        schedule: &Schedule,
        from: Instant,
        now: Instant,
        wait: TimeDelta,
    ) -> Option<Slot> {
        let length = TimeDelta::minutes(self.minutes.max(1).into());
        // The same question, asked of the hours of that slot alone.
        let earliest = now + wait.max(TimeDelta::zero());
        if from < earliest || from + length > now + self.horizon {
            return None;
        }
        let only = Self { horizon: length, ..*self };
        only.slots(schedule, from, TimeDelta::zero()).next().filter(|slot| slot.from == from)
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_types::{Zone, Zones};
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> Zone {
        Zones::bundled().named(name).unwrap()
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn clock(slots: impl Iterator<Item = Slot>, schedule: &Schedule) -> Vec<String> {
        let zone = schedule.zone().clone();
        slots.map(|slot| slot.from.with_timezone(&zone).format("%a %H:%M").to_string()).collect()
    }

    #[test]
    fn hrs_10_places_are_half_the_agents_and_one_at_least() {
        let rules = SlotRules::default();
        for (agents, places) in [(0, 0), (1, 1), (2, 1), (3, 1), (4, 2), (7, 3), (100, 50)] {
            assert_eq!(rules.places(agents), places, "{agents}");
        }
    }

    #[test]
    fn hrs_10_slots_are_quarters_of_an_hour_within_hours_after_the_wait() {
        let office = [("mon-fri", "09:10-10:05, 13:00-13:30")];
        let office = Schedule::parse("America/New_York", office).unwrap();
        let rules = SlotRules { horizon: TimeDelta::days(1), ..SlotRules::default() };
        let found =
            |now, wait| clock(rules.slots(&office, at(now), TimeDelta::minutes(wait)), &office);
        // Friday 8:00: nothing that begins before nine, or would end after ten.
        let friday = ["Fri 09:15", "Fri 09:30", "Fri 09:45", "Fri 13:00", "Fri 13:15"];
        assert_eq!(found("2026-11-20T13:00:00Z", 0), friday);
        // 9:20 and a wait of 30 minutes.
        assert_eq!(found("2026-11-20T14:20:00.5Z", 30), &friday[3..]);
        assert_eq!(found("2026-11-20T14:15:00Z", 30), &friday[2..]);
        // Up to the horizon, and no slot that ends after it.
        assert_eq!(found("2026-11-19T14:25:00Z", 0)[..2], ["Thu 09:30", "Thu 09:45"]);
        assert_eq!(found("2026-11-19T14:40:00Z", 0).last().unwrap(), "Fri 09:15");
        let slot = |from, now| rules.slot(&office, at(from), at(now), TimeDelta::zero()).is_some();
        let now = "2026-11-20T13:00:00Z";
        assert!(slot("2026-11-20T14:15:00Z", now));
        for (from, why) in [
            ("2026-11-20T14:10:00Z", "no multiple"),
            ("2026-11-20T15:00:00Z", "ends after closing"),
            ("2026-11-20T12:45:00Z", "over"),
            ("2026-11-23T14:15:00Z", "beyond the horizon"),
        ] {
            assert!(!slot(from, now), "{why}");
        }
    }

    #[test]
    fn hrs_10_slots_keep_to_the_wall_clock_over_a_change() {
        let always = Schedule::always(zone("America/New_York"));
        let hour = SlotRules { minutes: 60, horizon: TimeDelta::hours(4), ..SlotRules::default() };
        let night = |schedule: &Schedule, now| {
            clock(hour.slots(schedule, at(now), TimeDelta::zero()), schedule)
        };
        // The hour from one to two is there twice.
        let autumn = ["Sun 00:00", "Sun 01:00", "Sun 01:00", "Sun 02:00"];
        assert_eq!(night(&always, "2026-11-01T04:00:00Z"), autumn);
        let spring = ["Sun 01:00", "Sun 03:00", "Sun 04:00", "Sun 05:00"];
        assert_eq!(night(&always, "2026-03-08T06:00:00Z"), spring);
        // Lord Howe goes back by half an hour: the slots after it are whole hours again.
        let island = Schedule::always(zone("Australia/Lord_Howe"));
        assert_eq!(night(&island, "2026-04-04T13:00:00Z"), ["Sun 00:00", "Sun 01:00", "Sun 02:00"]);
        let kathmandu = Schedule::always(zone("Asia/Kathmandu"));
        assert_eq!(night(&kathmandu, "2026-04-04T12:30:00Z")[0], "Sat 19:00");
    }

    proptest! {
        /// Slots are in order, apart, whole, in hours; and asked one by one they are the same.
        #[test]
        fn hrs_10_the_laws_of_slots(seconds in 946_684_800_i64..2_208_988_800, minutes in prop::sample::select(vec![5_u32, 15, 30, 60]), wait in 0_i64..600, zone in prop::sample::select(vec!["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])) {
            let schedule = Schedule::parse(zone, [("mon-sat", "07:50-12:05, 13:00-17:30"), ("sat", "22:00-03:00")]).unwrap();
            let rules = SlotRules { minutes, horizon: TimeDelta::days(3), ..SlotRules::default() };
            let (now, wait) = (chrono::DateTime::from_timestamp(seconds, 0).unwrap(), TimeDelta::minutes(wait));
            let slots: Vec<Slot> = rules.slots(&schedule, now, wait).collect();
            for pair in slots.windows(2) {
                prop_assert!(pair[0].to <= pair[1].from);
            }
            for slot in &slots {
                prop_assert!(slot.from >= now + wait && slot.to <= now + rules.horizon);
                prop_assert_eq!(schedule.open_time(slot.from, slot.to), slot.to - slot.from);
                prop_assert_eq!(rules.slot(&schedule, slot.from, now, wait), Some(*slot));
                prop_assert_eq!(rules.slot(&schedule, slot.from + TimeDelta::minutes(1), now, wait), None);
            }
        }
    }
}
