//! Where a consumer is, as far as that can be known: what quiet hours and laws of states go by (DLC-4).

mod area_codes;
mod state;
mod zones;

use chrono_tz::Tz;
use frontdesk_types::PhoneNumber;
use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

pub use state::{State, StateError, StateSet};

pub(crate) use area_codes::ZONES_OF_STATES;
pub(crate) use zones::PlaceZones;

/// Where a consumer is. Each zone and each state that it may be counts: a text leaves when all of them allow it.
///
/// What is known is trusted in this order: an address, a zone that the consumer told, the exchange of the number (`NPA-NXX`),
/// its area code. Numbers are ported and people move, so that a number is a guess; that it says where the consumer is
/// is presumed by law in Florida and Oklahoma, and allowed in Oregon.
///
/// ```
/// use frontdesk_tendlc::{Address, Place};
///
/// let number = "+18505550123".parse()?;
/// let Place::Known { states, zones } = Place::of(number, None) else { panic!() };
/// assert_eq!(states.to_string(), "FL");
/// // The west of the panhandle has Central time.
/// assert_eq!(zones.len(), 2);
/// let address = Address { state: Some("TX".parse()?), zone: Some(chrono_tz::America::Chicago) };
/// // Both states' laws hold, at the time of the address.
/// let Place::Known { states, zones } = Place::of(number, Some(address)) else { panic!() };
/// assert_eq!((states.to_string().as_str(), zones.as_slice()), ("FL, TX", [chrono_tz::America::Chicago].as_slice()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Not in the United States: its laws and carriers do not count.
    Abroad,
    /// Somewhere in these zones.
    Known {
        /// States whose law may hold: that of the address, and that of the number. Where neither is known, but the zone: all in it.
        states: StateSet,
        /// Times that it may be there.
        zones: SmallVec<[Tz; 4]>,
    },
    /// In the United States, nobody knows where: it must be allowed everywhere (the 50 states and Washington, D.C.).
    Unknown,
}

/// What is known of a consumer's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// The state, from the address or its ZIP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// The zone, where the consumer told it or it is known from the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Tz>,
}

impl Place {
    /// Where the owner of a number is, best known.
    pub fn of(number: PhoneNumber, address: Option<Address>) -> Self {
        let Address { state, zone } = address.unwrap_or_default();
        let of_number = area_codes::look_up(number);
        if of_number == area_codes::Found::Abroad && state.is_none() {
            return Self::Abroad;
        }
        let mut states = StateSet::of(state);
        let mut zones: SmallVec<[Tz; 4]> = match (zone, state) {
            (Some(zone), _) => smallvec![zone],
            (None, Some(state)) => ZONES_OF_STATES.of(state),
            (None, None) => SmallVec::new(),
        };
        if let area_codes::Found::In { state: of_code, zones: of_code_zones } = of_number {
            states.insert(of_code);
            if zones.is_empty() {
                zones = of_code_zones;
            }
        }
        match zone {
            _ if zones.is_empty() => Self::Unknown,
            Some(zone) if states.is_empty() => Self::Known { states: states_in(zone), zones },
            _ => Self::Known { states, zones },
        }
    }
}

/// States of which a zone is all that is known: those that have it, or any where none has it by that name.
fn states_in(zone: Tz) -> StateSet {
    let having = State::all().filter(|state| ZONES_OF_STATES.of(*state).contains(&zone));
    let having = StateSet::of(having);
    if having.is_empty() {
        return StateSet::of(State::all().filter(|state| !state.is_territory()));
    }
    having
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(number: &str, state: Option<&str>, zone: Option<Tz>) -> Place {
        let state = state.map(|code| code.parse().unwrap());
        Place::of(number.parse().unwrap(), Some(Address { state, zone }))
    }

    fn shown(place: &Place) -> String {
        match place {
            Place::Known { states, zones } => {
                let zones: Vec<_> = zones.iter().map(|zone| zone.name()).collect();
                format!("{states}: {}", zones.join(", "))
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_best_known_place_counts() {
        let table = [
            ("+12125550123", None, None, "NY: America/New_York"),
            // Split codes, and the overlay that libphonenumber takes for its parent's main zone.
            ("+18502005555", None, None, "FL: America/Chicago"),
            ("+18509995555", None, None, "FL: America/Chicago, America/New_York"),
            ("+14485550123", None, None, "FL: America/Chicago, America/New_York"),
            // Arizona keeps no summer time, but the Navajo Nation does.
            ("+14805550123", None, None, "AZ: America/Phoenix"),
            ("+19285550123", None, None, "AZ: America/Denver, America/Phoenix"),
            // An address, with its zone or without.
            ("+12125550123", Some("CA"), None, "CA, NY: America/Los_Angeles"),
            ("+12125550123", Some("TX"), None, "NY, TX: America/Chicago, America/Denver"),
            ("+12125550123", None, Some(Tz::Europe__Paris), "NY: Europe/Paris"),
            // Toll-free, personal, not assigned: nobody knows.
            ("+18005550123", None, None, "Unknown"),
            ("+15005550123", None, None, "Unknown"),
            ("+18005550123", Some("WA"), None, "WA: America/Los_Angeles"),
            // A zone is told, and nobody knows the state.
            ("+18005550123", None, Some(Tz::Pacific__Honolulu), "HI: Pacific/Honolulu"),
            (
                "+18005550123",
                None,
                Some(Tz::America__Los_Angeles),
                "CA, ID, NV, OR, WA: America/Los_Angeles",
            ),
            // Canada, the Bahamas, the United Kingdom; but who lives in Ohio is under its law.
            ("+14165550123", None, None, "Abroad"),
            ("+12425550123", None, None, "Abroad"),
            ("+442079460123", None, None, "Abroad"),
            ("+442079460123", Some("OH"), None, "OH: America/New_York"),
            ("+17875550123", None, None, "PR: America/Puerto_Rico"),
        ];
        for (number, state, zone, expected) in table {
            assert_eq!(shown(&place(number, state, zone)), expected, "{number} {state:?}");
        }
    }
}
