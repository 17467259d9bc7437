use std::{
    fmt,
    sync::{Arc, LazyLock, OnceLock},
};

use chrono_tz::{TZ_VARIANTS, Tz};
use frontdesk_types::{Zone, Zones};

/// The zones that places name. `Tz` is the name of a zone; its offsets are those of the time zone data that a host has.
#[derive(Clone)]
pub(crate) struct PlaceZones(Arc<Found>);

struct Found {
    zones: Zones,
    /// By the number of the name; each is looked for when it is first needed.
    by_name: Box<[OnceLock<Zone>]>,
}

static BUNDLED: LazyLock<PlaceZones> = LazyLock::new(|| PlaceZones::make(Zones::bundled()));

impl PlaceZones {
    pub(crate) fn of(zones: &Zones) -> Self {
        if zones.is_bundled() { BUNDLED.clone() } else { Self::make(zones) }
    }

    fn make(zones: &Zones) -> Self {
        let by_name = TZ_VARIANTS.iter().map(|_| OnceLock::new()).collect();
        Self(Arc::new(Found { zones: zones.clone(), by_name }))
    }

    /// The zone of a name. A test finds every name in the bundled data, which hold where a host's have none.
    pub(crate) fn zone(&self, name: Tz) -> &Zone {
        static UTC: LazyLock<Zone> = LazyLock::new(Zone::utc);
        let found = || self.0.zones.named(name.name()).unwrap_or_else(|_| Zone::utc());
        self.0.by_name.get(name as usize).map_or_else(|| &*UTC, |zone| zone.get_or_init(found))
    }
}

impl Default for PlaceZones {
    fn default() -> Self {
        BUNDLED.clone()
    }
}

impl PartialEq for PlaceZones {
    fn eq(&self, other: &Self) -> bool {
        self.0.zones == other.0.zones
    }
}

impl fmt::Debug for PlaceZones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PlaceZones").field(&self.0.zones).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_zone_of_that_name() {
        let zones = PlaceZones::default();
        for (number, name) in TZ_VARIANTS.into_iter().enumerate() {
            assert_eq!(name as usize, number);
            assert_eq!(zones.zone(name).name(), name.name());
        }
    }
}
