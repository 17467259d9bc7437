use std::fmt;

use chrono::Months;
use frontdesk_types::Instant;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use super::{Consent, Entry, LedgerKey};

/// A SHA-256, written as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || de::Error::custom("a digest is 64 hexadecimal digits");
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        for (i, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * i..2 * i + 2).ok_or_else(wrong)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// How far a history goes: kept apart from the entries, it tells whether the last of them are still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// How many entries there ever were.
    pub entries: u64,
    /// The digest of the last.
    pub digest: Digest,
}

/// An entry with its place in the chain.
///
/// Its digest is the SHA-256 of the digest before it in hexadecimal digits, a line feed, and the entry as JSON without spaces. The
/// digest before the first is the SHA-256 of `frontdesk consent`, the consumer, and the programme, each on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What happened.
    pub entry: Entry,
    /// Of this entry and all before it.
    pub digest: Digest,
}

/// A history that is not what was entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BrokenChain {
    /// An entry is not what it was, or one before it is missing.
    #[error("entry {entry} is not what was entered, or one before it is missing")]
    Changed {
        /// Its number, from 1.
        entry: u64,
    },
    /// There are fewer entries, or others, than there were.
    #[error("the history ends with entry {found}, but {expected} were entered")]
    Ends {
        /// How many there are.
        found: u64,
        /// How many there were.
        expected: u64,
    },
}

/// Everything that was entered for one consumer and programme, in order, each entry chained to the one before it.
///
/// ```
/// use frontdesk_tendlc::{Act, BrokenChain, Entry, History, LedgerKey};
///
/// let mut history = History::new(LedgerKey { consumer: "+12025550123".parse()?, programme: "news".into() });
/// for (act, wording) in [(Act::WroteFirst, "Hello?"), (Act::OptInTextShown, "Welcome to …")] {
///     let at = "2026-11-21T15:00:00Z".parse()?;
///     history.append(Entry { at, act, wording: wording.into(), evidence: "SM1".into() });
/// }
/// let head = history.head();
/// assert!(history.verify(Some(head)).is_ok());
/// history.links[0].entry.wording = "Please text me offers".into();
/// assert_eq!(history.verify(Some(head)), Err(BrokenChain::Changed { entry: 1 }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Whose.
    pub key: LedgerKey,
    /// The entries before those that are kept.
    pub before: Head,
    /// Those that are kept.
    pub links: Vec<Link>,
}

impl Head {
    /// The one before the first entry.
    pub fn first(key: &LedgerKey) -> Self {
        let mut hash = Sha256::new();
        hash.update(format!("frontdesk consent\n{}\n{}", key.consumer, key.programme));
        Self { entries: 0, digest: Digest(hash.finalize().into()) }
    }

    /// With one entry more.
    #[must_use = "the head itself is as it was"]
    pub fn then(&self, entry: &Entry) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.digest.to_string());
        hash.update(b"\n");
        // An entry has nothing that JSON could not write.
        hash.update(serde_json::to_vec(entry).unwrap_or_default());
        Self { entries: self.entries + 1, digest: Digest(hash.finalize().into()) }
    }
}

impl History {
    /// One without entries.
    pub fn new(key: LedgerKey) -> Self {
        let before = Head::first(&key);
        Self { key, before, links: Vec::new() }
    }

    /// Adds an entry at the end.
    pub fn append(&mut self, entry: Entry) -> &Link {
        let digest = self.head().then(&entry).digest;
        self.links.push(Link { entry, digest });
        let last = self.links.len() - 1;
        &self.links[last]
    }

    /// How far it goes.
    pub fn head(&self) -> Head {
        let digest = self.links.last().map_or(self.before.digest, |link| link.digest);
        Head { entries: self.before.entries + self.links.len() as u64, digest }
    }

    /// What it amounts to, if every entry is what was entered; and, where the head is known that was kept apart from it, if
    /// none is missing at the end.
    pub fn verify(&self, head: Option<Head>) -> Result<Consent, BrokenChain> {
        let mut seen = self.before;
        if seen.entries == 0 && seen != Head::first(&self.key) {
            return Err(BrokenChain::Changed { entry: 1 });
        }
        for link in &self.links {
            seen = seen.then(&link.entry);
            if seen.digest != link.digest {
                return Err(BrokenChain::Changed { entry: seen.entries });
            }
        }
        match head {
            Some(head) if head != seen => {
                Err(BrokenChain::Ends { found: seen.entries, expected: head.entries })
            }
            _ => Ok(self.consent()),
        }
    }

    fn consent(&self) -> Consent {
        Consent::of(self.links.iter().map(|link| &link.entry))
    }

    /// Drops the oldest entries that no law and no dispute asks for any more: they are as old as the retention says, and what
    /// holds now follows from those after them.
    pub fn prune(&mut self, retention: Retention, now: Instant) {
        let Some(oldest) = now.checked_sub_months(Months::new(retention.years.saturating_mul(12)))
        else {
            return;
        };
        let consent = self.consent();
        let old = self.links.iter().take_while(|link| link.entry.at < oldest).count();
        let follows = |dropped: &usize| {
            Consent::of(self.links.iter().skip(*dropped).map(|link| &link.entry)) == consent
        };
        let Some(dropped) = (1..=old).rev().find(follows) else { return };
        if let Some(last) = self.links.drain(..dropped).next_back() {
            self.before =
                Head { entries: self.before.entries + dropped as u64, digest: last.digest };
        }
    }
}

/// For how long entries are kept that no longer tell what holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Years since they were entered.
    pub years: u32,
}

impl Default for Retention {
    /// Five years: claims under the TCPA can be brought for four (28 U.S.C. 1658(a)).
    fn default() -> Self {
        Self { years: 5 }
    }
}
