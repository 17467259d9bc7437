use std::sync::LazyLock;

use chrono_tz::Tz;
use frontdesk_types::PhoneNumber;
use smallvec::SmallVec;

use super::State;

/// What an area code tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// It belongs to another country.
    Abroad,
    /// Where it is.
    In { state: State, zones: SmallVec<[Tz; 4]> },
    /// Toll-free, personal, or not assigned.
    Nowhere,
}

/// One area code.
enum Area {
    Abroad,
    Domestic(Domestic),
}

/// One of the United States.
struct Domestic {
    state: State,
    zones: SmallVec<[Tz; 4]>,
    /// Exchanges of which the zone is known, with the first and the last of each range.
    exchanges: Vec<(u16, u16, Tz)>,
}

/// Made by tests/area_codes.py from libphonenumber; area codes from 200 on.
static AREAS: LazyLock<Vec<Option<Area>>> = LazyLock::new(|| read(include_str!("area_codes.txt")));

pub(super) fn look_up(number: PhoneNumber) -> Found {
    if number.calling_code() != 1 {
        return Found::Abroad;
    }
    let digits = number.digits() % 10_000_000_000;
    let code = u16::try_from(digits / 10_000_000).unwrap_or(0);
    let exchange = u16::try_from(digits / 10_000 % 1000).unwrap_or(0);
    let area = usize::from(code).checked_sub(200).and_then(|i| AREAS.get(i)?.as_ref());
    let area = match area {
        Some(Area::Domestic(area)) => area,
        Some(Area::Abroad) => return Found::Abroad,
        None => return Found::Nowhere,
    };
    let fine = area.exchanges.iter().find(|(first, last, _)| (*first..=*last).contains(&exchange));
    let zones =
        fine.map_or_else(|| area.zones.clone(), |(_, _, zone)| SmallVec::from_slice(&[*zone]));
    Found::In { state: area.state, zones }
}

/// The table is checked against its source by `tests/run`, and each line of it by a test below.
fn read(table: &str) -> Vec<Option<Area>> {
    let mut areas: Vec<Option<Area>> = (200..1000).map(|_| None).collect();
    let mut last = None;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        if let Some(finer) = line.strip_prefix("  ") {
            let area = last.and_then(|i: usize| areas.get_mut(i)?.as_mut());
            if let Some((Area::Domestic(area), finer)) = area.zip(exchanges(finer)) {
                area.exchanges.extend(finer);
            }
        } else if let Some((code, area)) = area(line)
            && let Some(place) = code.checked_sub(200).and_then(|i| areas.get_mut(i))
        {
            *place = Some(area);
            last = Some(code - 200);
        }
    }
    areas
}

fn area(line: &str) -> Option<(usize, Area)> {
    let mut words = line.split(' ');
    let (code, state) = (words.next()?.parse().ok()?, words.next()?);
    if state == "abroad" {
        return Some((code, Area::Abroad));
    }
    let zones = words.map(|zone| zone.parse().ok()).collect::<Option<_>>()?;
    let area = Domestic { state: state.parse().ok()?, zones, exchanges: Vec::new() };
    Some((code, Area::Domestic(area)))
}

fn exchanges(line: &str) -> Option<Vec<(u16, u16, Tz)>> {
    let (zone, ranges) = line.split_once(' ')?;
    let zone = zone.parse().ok()?;
    let range = |range: &str| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some((first.parse().ok()?, last.parse().ok()?, zone))
    };
    ranges.split(',').map(range).collect()
}

/// The zones of each state: those of its area codes.
pub(crate) struct ZonesOfStates(Vec<SmallVec<[Tz; 4]>>);

pub(crate) static ZONES_OF_STATES: LazyLock<ZonesOfStates> = LazyLock::new(|| {
    let mut zones = vec![SmallVec::new(); State::COUNT];
    for area in domestic() {
        if let Some(of_state) = zones.get_mut(area.state.index()) {
            let of_state: &mut SmallVec<[Tz; 4]> = of_state;
            of_state.extend(area.zones.iter().copied());
            of_state.sort_unstable_by_key(|zone| zone.name());
            of_state.dedup();
        }
    }
    ZonesOfStates(zones)
});

fn domestic() -> impl Iterator<Item = &'static Domestic> {
    AREAS.iter().flatten().filter_map(|area| match area {
        Area::Domestic(area) => Some(area),
        Area::Abroad => None,
    })
}

impl ZonesOfStates {
    pub(crate) fn of(&self, state: State) -> SmallVec<[Tz; 4]> {
        self.0.get(state.index()).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood() {
        let table = include_str!("area_codes.txt");
        let coarse = table.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        assert_eq!(AREAS.iter().flatten().count(), coarse.count());
        let ranges = table.lines().filter_map(|line| line.strip_prefix("  "));
        let ranges: usize = ranges.map(|line| line.split(',').count()).sum();
        assert_eq!(domestic().map(|area| area.exchanges.len()).sum::<usize>(), ranges);
        assert!(State::all().all(|state| !ZONES_OF_STATES.of(state).is_empty()));
    }
}
