use chrono::Months;
use frontdesk_types::Instant;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Act, Consent, Digest, Entry, Evidence, LedgerKey, Personal, Salt};

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
/// Its digest is the SHA-256 of the digest before it in hexadecimal digits, a line feed, and the entry as JSON without spaces, in
/// which wording and evidence are replaced by their salted digests ([`Personal`]). The digest before the first is the SHA-256 of
/// `frontdesk consent`, the consumer, and the programme, each on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What happened.
    pub entry: Entry,
    /// How wording and evidence hang on the chain.
    pub personal: Personal,
    /// The digest of this entry and all before it.
    pub digest: Digest,
}

/// A history that is not what was entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BrokenChain {
    /// Wording and evidence of an entry are gone, but no later entry tells of an erasure.
    #[error("wording and evidence of entry {entry} are gone, and no erasure was entered")]
    Blanked {
        /// Its number, from 1.
        entry: u64,
    },
    /// An entry is not what it was, or one before it is missing.
    #[error("entry {entry} is not what was entered, or one before it is missing")]
    Changed {
        /// Its number, from 1.
        entry: u64,
    },
    /// No entry is kept, although retention always keeps the last.
    #[error("none of {entries} entries is kept, although the last one always is")]
    Emptied {
        /// How many were entered.
        entries: u64,
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
/// use frontdesk_tendlc::{Act, BrokenChain, Entry, History, LedgerKey, Salt};
///
/// let mut history = History::new(LedgerKey { consumer: "+12025550123".parse()?, programme: "news".into() });
/// for (act, wording) in [(Act::WroteFirst, "Hello?"), (Act::OptInTextShown, "Welcome to …")] {
///     let at = "2026-11-21T15:00:00Z".parse()?;
///     let entry = Entry { at, act, wording: wording.into(), evidence: "SM1".into() };
///     history.append(entry, Salt::from([7; 16]));
/// }
/// let head = history.head();
/// assert!(history.verify(Some(head)).is_ok());
/// let mut erased = history.clone();
/// assert!(erased.links[0].erase());
/// assert_eq!(erased.verify(Some(head)), Err(BrokenChain::Blanked { entry: 1 }), "an erasure is an entry itself");
/// let (at, act) = ("2026-11-22T15:00:00Z".parse()?, Act::Erased { through: 1 });
/// erased.append(Entry { at, act, wording: String::new(), evidence: "".into() }, Salt::from([7; 16]));
/// assert!(erased.verify(Some(erased.head())).is_ok(), "it leaves the chain whole");
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
        Self { entries: 0, digest: Digest::from(<[u8; 32]>::from(hash.finalize())) }
    }

    /// With one entry more.
    #[must_use = "the head itself is as it was"]
    pub fn then(&self, entry: &Entry, personal: &Personal) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.digest.to_string());
        hash.update(b"\n");
        // An entry has nothing that JSON could not write.
        hash.update(serde_json::to_vec(&*personal.hide(entry)).unwrap_or_default());
        Self { entries: self.entries + 1, digest: Digest::from(<[u8; 32]>::from(hash.finalize())) }
    }
}

impl Link {
    /// Blanks wording and evidence and forgets the salt. The chain stays whole. False where the entry hangs on the chain with
    /// its fields as they are ([`Personal::Plain`]), and nothing was erased.
    pub fn erase(&mut self) -> bool {
        let (Personal::Salted { digests, .. } | Personal::Erased { digests }) = self.personal
        else {
            return false;
        };
        self.personal = Personal::Erased { digests };
        self.entry.wording.clear();
        self.entry.evidence = Evidence::default();
        true
    }
}

impl History {
    /// One without entries.
    pub fn new(key: LedgerKey) -> Self {
        let before = Head::first(&key);
        Self { key, before, links: Vec::new() }
    }

    /// Adds an entry at the end.
    pub fn append(&mut self, entry: Entry, salt: Salt) -> &Link {
        let personal = Personal::salted(&entry, salt);
        let digest = self.head().then(&entry, &personal).digest;
        self.links.push(Link { entry, personal, digest });
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
            seen = seen.then(&link.entry, &link.personal);
            if seen.digest != link.digest || !link.personal.is_of(&link.entry) {
                return Err(BrokenChain::Changed { entry: seen.entries });
            }
        }
        if let Some(head) = head.filter(|head| *head != seen) {
            return Err(BrokenChain::Ends { found: seen.entries, expected: head.entries });
        }
        if self.links.is_empty() && seen.entries > 0 {
            return Err(BrokenChain::Emptied { entries: seen.entries });
        }
        match self.blanked() {
            Some(entry) => Err(BrokenChain::Blanked { entry }),
            None => Ok(self.consent()),
        }
    }

    /// The number of an entry that is blank although no later one tells of an erasure.
    fn blanked(&self) -> Option<u64> {
        let (mut number, mut erased) = (self.head().entries + 1, 0);
        for link in self.links.iter().rev() {
            number -= 1;
            if let Act::Erased { through } = link.entry.act {
                erased = erased.max(through.min(number - 1));
            }
            if matches!(link.personal, Personal::Erased { .. }) && number > erased {
                return Some(number);
            }
        }
        None
    }

    fn consent(&self) -> Consent {
        Consent::of(self.links.iter().map(|link| &link.entry))
    }

    /// Drops the oldest entries that nothing in the retention period rests on: what held at every moment of it follows from
    /// the entries that stay. An entry is dropped only after the years have passed since it last told what held, and not since
    /// it was entered: a consent that was relied on until yesterday stays for as long as claims about yesterday can be brought.
    /// The last of all stays, and so do those with a number above `through`.
    pub fn prune(&mut self, retention: Retention, now: Instant, through: u64) {
        let Some(oldest) = now.checked_sub_months(Months::new(retention.years.saturating_mul(12)))
        else {
            return;
        };
        let old = self.links.iter().take_while(|link| link.entry.at < oldest).count();
        let may_go = through.saturating_sub(self.before.entries);
        let may_go = usize::try_from(may_go).unwrap_or(usize::MAX);
        let may_go = may_go.min(old).min(self.links.len().saturating_sub(1));
        let before_period = |from: usize| {
            let entries = self.links.iter().take(old).skip(from).map(|link| &link.entry);
            Consent::of(entries)
        };
        // The consent that holds later follows from the one at the beginning of the period and from later entries.
        let held = before_period(0);
        let candidates = (1..=may_go).rev().take(PRUNE_STEPS);
        let Some(dropped) = candidates.into_iter().find(|from| before_period(*from) == held) else {
            return;
        };
        if let Some(last) = self.links.drain(..dropped).next_back() {
            self.before =
                Head { entries: self.before.entries + dropped as u64, digest: last.digest };
        }
    }
}

/// Maximum number of places at which [`History::prune`] tries to cut a history. A place costs as many steps as entries follow it.
const PRUNE_STEPS: usize = 256;

/// The period for which entries are kept that no longer tell what holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Years since they last told what held.
    pub years: u32,
}

impl Retention {
    /// The fewest years that a host may set: claims under the TCPA can be brought for four (28 U.S.C. 1658(a)).
    pub const LEAST_YEARS: u32 = 4;

    /// Entries that were sealed after this moment are never dropped, whatever a host sets: so a look at the ledger knows that what is missing
    /// of it was taken away by somebody else.
    pub fn sealed_before(now: Instant) -> Option<Instant> {
        now.checked_sub_months(Months::new(Self::LEAST_YEARS * 12))
    }
}

impl Default for Retention {
    /// Five years: claims under the TCPA can be brought for four (28 U.S.C. 1658(a)).
    fn default() -> Self {
        Self { years: 5 }
    }
}
