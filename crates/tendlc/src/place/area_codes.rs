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

    /// Overlays of the numbering plan: the code that was there first, and those that lie over it (NANPA and the commissions of the
    /// states, November 2026).
    const OVERLAYS: &[&str] = &[
        "205 659; 256 938; 870 327; 510 341; 209 350; 707 369; 310 424; 760 442; 415 628; 714 657; 408 669; 213 323 738",
        "818 747; 805 820; 909 840; 916 279; 619 858; 303 720 983; 970 748; 203 475; 860 959; 202 771; 305 786 645",
        "954 754; 407 689 321; 813 656; 850 448; 561 728; 904 324; 404 770 678 470 943; 706 762; 208 986; 312 773 872",
        "630 331; 815 779; 847 224; 217 447; 708 464; 618 730; 309 861; 317 463; 812 930; 270 364; 301 240 227",
        "410 443 667; 781 339; 978 351; 508 774; 617 857; 248 947; 313 679; 507 924; 601 769; 662 471; 314 557; 816 975",
        "573 235; 402 531; 702 725; 201 551; 973 862; 732 848; 609 640; 212 646 332; 718 347 929 917 465; 516 363",
        "631 934; 518 838; 315 680; 845 329; 716 624; 704 980; 919 984; 336 743; 910 472; 330 234; 740 220; 614 380",
        "419 567; 937 326; 513 283; 440 436; 918 539; 405 572; 503 971; 541 458; 215 267 445; 610 484 835; 412 724 878",
        "570 272; 717 223; 814 582; 787 939; 843 854; 803 839; 864 821; 615 629; 423 729; 713 281 832 346 621",
        "214 469 972 945; 903 430; 817 682; 512 737; 210 726; 801 385; 703 571; 540 826; 757 948; 804 686",
        "360 564 206 253 425; 304 681; 715 534; 920 274; 608 353; 530 837; 559 357; 318 457; 334 483; 912 565",
        "602 480 623",
    ];

    /// An overlay is where its parent is: checked by a rule, and not against the source of the table (D9).
    #[test]
    fn dlc_4_an_overlay_has_the_state_and_zones_of_its_parent() {
        let area = |code: &str| match AREAS.get(code.parse::<usize>().unwrap() - 200) {
            Some(Some(Area::Domestic(area))) => (area.state, area.zones.clone()),
            _ => panic!("{code} is not in the table"),
        };
        let mut checked = 0;
        for complex in OVERLAYS.iter().flat_map(|line| line.split("; ")) {
            let (parent, overlays) = complex.split_once(' ').unwrap();
            for overlay in overlays.split(' ') {
                assert_eq!(area(overlay), area(parent), "{overlay} over {parent}");
                checked += 1;
            }
        }
        assert!(checked > 140, "{checked}");
    }
}
