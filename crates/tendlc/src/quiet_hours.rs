//! Hours in which a solicitation may not arrive at a consumer's place (DLC-4).

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use chrono_tz::Tz;
use frontdesk_types::{Instant, Zone};
use smallvec::SmallVec;

use crate::{
    ConsentLevel, Edition, Facts, OpenHours, Place, State, facts::Week, place::ZONES_OF_STATES,
};

/// How far a solicitation can wait: what does not open within so many days never will.
const HORIZON: TimeDelta = TimeDelta::days(15);

/// Why a solicitation may not arrive now.
#[derive(Debug, Clone, PartialEq)]
pub struct Quiet {
    /// The first instant from which it may; `None` where the hours of the places have no minute in common.
    pub until: Option<Instant>,
    /// Whose hours are over. Empty where nobody knows the consumer's place, so that it must be open everywhere.
    pub by: SmallVec<[Arc<OpenHours>; 2]>,
}

/// Hours in a zone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hours {
    week: Week,
    /// Those that stay closed on holidays.
    closed: SmallVec<[Arc<OpenHours>; 2]>,
}

impl Hours {
    pub(crate) fn always() -> Self {
        Self { week: Week::ALWAYS, closed: SmallVec::new() }
    }

    pub(crate) fn and(mut self, other: &Arc<OpenHours>) -> Self {
        self.week = self.week.and(other.week);
        if !other.closed.are_none() {
            self.closed.push(Arc::clone(other));
        }
        self
    }

    /// Whether a date is a holiday on which they stay closed.
    fn is_closed_on(&self, date: NaiveDate) -> bool {
        self.closed.iter().any(|hours| hours.closed.has(date))
    }

    /// The minutes of a date.
    fn on(&self, date: NaiveDate) -> Option<(u16, u16)> {
        self.week.on(date.weekday()).filter(|_| !self.is_closed_on(date))
    }

    /// Whether they are open at a time of the wall's clock. The second in which they close is closed.
    fn is_open(&self, local: NaiveDateTime) -> bool {
        let (date, minute) = (local.date(), minute_of(local));
        let hours = self.week.on(date.weekday());
        hours.is_some_and(|(from, to)| (from..to).contains(&minute)) && !self.is_closed_on(date)
    }

    /// The first instant from `at` on that is open.
    fn opens(&self, zone: &Zone, at: Instant) -> Option<Instant> {
        let local = zone.local(at);
        if self.is_open(local) {
            return Some(at);
        }
        let last = (at + HORIZON).date_naive();
        let mut date = local.date();
        while date <= last {
            if let Some((from, to)) = self.on(date) {
                let opens = date.and_hms_opt(0, 0, 0)? + TimeDelta::minutes(from.into());
                let closes = date.and_hms_opt(0, 0, 0)? + TimeDelta::minutes(to.into());
                if let Some(opens) = first_after(zone, opens.max(local), closes, at) {
                    return Some(opens);
                }
            }
            date = date.checked_add_days(Days::new(1))?;
        }
        None
    }
}

fn minute_of(local: NaiveDateTime) -> u16 {
    u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0)
}

/// The first instant after `at` with a time of the wall's clock between two: also where that clock is put on over the first of
/// them, or back to it.
fn first_after(
    zone: &Zone,
    from: NaiveDateTime,
    to: NaiveDateTime,
    at: Instant,
) -> Option<Instant> {
    let mut local = from;
    while local < to {
        if let Some(soon) = soon_after(zone, local, at) {
            return Some(soon);
        }
        let instants = zone.instants(local);
        let mut instants = [instants.earliest(), instants.latest()].into_iter().flatten();
        let after = instants.find(|instant| *instant > at);
        if after.is_some() {
            return after;
        }
        local = local.with_second(0)?.with_nanosecond(0)? + TimeDelta::minutes(1);
    }
    None
}

/// When the wall's clock says this within a day after `at`, where nobody puts that clock on or back until then: found without looking for
/// the days on which that happens. No zone has two of them within a day.
fn soon_after(zone: &Zone, wall: NaiveDateTime, at: Instant) -> Option<Instant> {
    let (offset, until) = zone.offset(at.timestamp());
    let soon = wall.and_utc().checked_sub_signed(TimeDelta::seconds(offset))?;
    let is_soon = at < soon && soon - at < TimeDelta::days(1);
    (is_soon && soon.timestamp() < until).then_some(soon)
}

impl Edition {
    /// Those of every state, for each of its zones: what must be open where nobody knows the place. Territories, half a day away,
    /// are left out.
    pub(crate) fn everywhere(&self) -> Vec<(Tz, Hours)> {
        let mut zones: Vec<(Tz, Hours)> = Vec::new();
        let federal = self.enforced(None).into_iter().fold(Hours::always(), Hours::and);
        for state in State::all().filter(|state| !state.is_territory()) {
            for zone in ZONES_OF_STATES.of(state) {
                let known = zones.iter().position(|(known, _)| *known == zone);
                let known = known.unwrap_or_else(|| {
                    zones.push((zone, federal.clone()));
                    zones.len() - 1
                });
                if let Some(((_, hours), of_state)) =
                    zones.get_mut(known).zip(self.enforced(Some(state)))
                {
                    *hours = hours.clone().and(of_state);
                }
            }
        }
        zones
    }

    /// The hours of a state, or the whole country's, where they are sure enough to hold a message for.
    fn enforced(&self, state: Option<State>) -> Option<&Arc<OpenHours>> {
        self.hours_of(state).filter(|hours| Self::is_enforced(&hours.basis))
    }

    /// Those that hold in these states for somebody with this consent.
    fn of_states(
        &self,
        states: crate::StateSet,
        consent: Option<ConsentLevel>,
    ) -> SmallVec<[&Arc<OpenHours>; 4]> {
        let lifted =
            |hours: &&Arc<OpenHours>| hours.lifted_by.is_some_and(|by| consent >= Some(by));
        let of_states = states.iter().map(Some);
        let every = std::iter::once(None).chain(of_states);
        every.filter_map(|state| self.enforced(state)).filter(|hours| !lifted(hours)).collect()
    }
}

impl Facts {
    /// Why a solicitation may not arrive at a place at an instant; `None` is that it may.
    ///
    /// ```
    /// use frontdesk_tendlc::{Facts, Place};
    ///
    /// // Nine in the evening in New York, six in San Francisco.
    /// let at = "2026-11-24T02:00:00Z".parse()?;
    /// let quiet = |number: &str| Facts::standard().quiet(&Place::of(number.parse().unwrap(), None), at);
    /// assert_eq!(quiet("+14155550123"), None);
    /// assert_eq!(quiet("+12125550123").unwrap().until, Some("2026-11-24T13:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn quiet(&self, place: &Place, at: Instant) -> Option<Quiet> {
        self.quiet_with(place, at, None)
    }

    /// The same for a consumer whose consent lifts the hours of the states whose law says so ([`OpenHours::lifted_by`]). Where nobody
    /// knows their place, it lifts none.
    pub fn quiet_with(
        &self,
        place: &Place,
        at: Instant,
        consent: Option<ConsentLevel>,
    ) -> Option<Quiet> {
        let mut until = at;
        loop {
            // What opens last may open when another has closed: it is asked again then.
            match self.opens(place, until, consent).filter(|opens| *opens <= at + HORIZON) {
                Some(opens) if opens > until => until = opens,
                Some(_) if until == at => return None,
                opens => {
                    return Some(Quiet { until: opens, by: self.closed(place, at, consent) });
                }
            }
        }
    }

    /// Whose hours are over.
    fn closed(
        &self,
        place: &Place,
        at: Instant,
        consent: Option<ConsentLevel>,
    ) -> SmallVec<[Arc<OpenHours>; 2]> {
        let Place::Known { states, zones } = place else { return SmallVec::new() };
        let edition = self.at(at);
        let local = |zone: &Tz| edition.zones().zone(*zone).local(at);
        let locals: SmallVec<[_; 4]> = zones.iter().map(local).collect();
        let is_closed = |hours: &&Arc<OpenHours>| {
            let hours = Hours::always().and(hours);
            locals.iter().any(|local| !hours.is_open(*local))
        };
        edition.of_states(*states, consent).into_iter().filter(is_closed).map(Arc::clone).collect()
    }

    /// The first instant from `at` on, before which some of the hours stay closed; `None` where some never open.
    fn opens(&self, place: &Place, at: Instant, consent: Option<ConsentLevel>) -> Option<Instant> {
        // Another edition may have begun by then: it is asked at its own instants.
        let edition = self.at(at);
        let opens = |hours: &Hours, zone: &Tz| hours.opens(edition.zones().zone(*zone), at);
        match place {
            Place::Abroad => Some(at),
            Place::Unknown => {
                let mut zones = edition.everywhere_open().iter();
                zones.try_fold(at, |latest, (zone, hours)| Some(latest.max(opens(hours, zone)?)))
            }
            Place::Known { states, zones } => {
                let every = edition.of_states(*states, consent).into_iter();
                let hours = every.fold(Hours::always(), Hours::and);
                let mut zones = zones.iter();
                zones.try_fold(at, |latest, zone| Some(latest.max(opens(&hours, zone)?)))
            }
        }
    }
}

#[cfg(test)]
mod tests;
