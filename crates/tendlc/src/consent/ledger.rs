use frontdesk_types::{Instant, PhoneNumber};
use litemap::LiteMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Consent, Entry, Head, History, LedgerKey, Link, Personal, Programme, Retention, Salt};

/// What the ledger says of one consumer, programme by programme: what a store keeps beside the entries, so that a text is decided
/// about without reading them, and none of them can be changed or taken away unseen.
///
/// ```
/// use frontdesk_tendlc::{Act, ConsumerLedger, Entry, Programme, Salt};
///
/// let consumer = "+12025550123".parse()?;
/// let (offers, news) = (Programme::from("offers"), Programme::from("news"));
/// let mut ledger = ConsumerLedger::default();
/// let entry = Entry { at: "2026-11-21T15:00:00Z".parse()?, act: Act::CarrierOptedOut, wording: String::new(), evidence: "21610".into() };
/// let appended = ledger.enter(consumer, &offers, entry, Salt::from([7; 16]));
/// assert_eq!(appended.number, 1);
/// assert!(ledger.consent(&offers, &[]).is_opted_out());
/// assert!(ledger.revoked_elsewhere(&news, &[]).is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConsumerLedger {
    /// Few, mostly one: a tree would make room for eleven, which is most of what a store keeps in memory of a consumer.
    accounts: LiteMap<Programme, Account>,
}

/// What is kept of one programme's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What holds.
    pub consent: Consent,
    /// How far the history goes.
    pub head: Head,
    /// The entries that are not kept any more, if there are such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Head>,
}

/// An entry for a store to append: its number makes that no two writers add the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// To what.
    pub programme: Programme,
    /// Which it is of the programme's, from 1.
    pub number: u64,
    /// The entry, chained.
    pub link: Link,
}

impl ConsumerLedger {
    /// Adds an entry to a programme's history. The salt is random, and new for each entry.
    pub fn enter(
        &mut self,
        consumer: PhoneNumber,
        programme: &Programme,
        entry: Entry,
        salt: Salt,
    ) -> Appended {
        let personal = Personal::salted(&entry, salt);
        self.enter_as(consumer, programme, entry, personal)
    }

    /// Adds an entry that hangs on the chain as it is told: one that a store of before had without salted digests.
    pub fn enter_as(
        &mut self,
        consumer: PhoneNumber,
        programme: &Programme,
        entry: Entry,
        personal: Personal,
    ) -> Appended {
        let first = || {
            let key = LedgerKey { consumer, programme: programme.clone() };
            Account { consent: Consent::default(), head: Head::first(&key), before: None }
        };
        let account = self.accounts.entry(programme.clone()).or_insert_with(first);
        account.consent.apply(&entry);
        account.head = account.head.then(&entry, &personal);
        let Head { entries: number, digest } = account.head;
        Appended { programme: programme.clone(), number, link: Link { entry, personal, digest } }
    }

    /// What holds for a programme. What was said to one of its numbers before that number belonged to it (`joined`: the numbers as
    /// programmes by themselves) counts as said to it.
    pub fn consent(&self, programme: &Programme, joined: &[Programme]) -> Consent {
        let mut consents: SmallVec<[&Consent; 2]> =
            self.of(programme, joined).map(|(_, account)| &account.consent).collect();
        consents.sort_by_key(|consent| consent.since());
        let all = consents.into_iter().cloned().reduce(Consent::then);
        all.unwrap_or_default()
    }

    /// The last time that the consumer revoked consent to another programme, where that holds still.
    pub fn revoked_elsewhere(
        &self,
        programme: &Programme,
        joined: &[Programme],
    ) -> Option<Instant> {
        self.revoked_by(programme, joined).map(|(_, at)| at)
    }

    /// The same, with the programme that the last revocation was said to.
    pub fn revoked_by(
        &self,
        programme: &Programme,
        joined: &[Programme],
    ) -> Option<(&Programme, Instant)> {
        let elsewhere =
            self.accounts.iter().filter(|(name, _)| *name != programme && !joined.contains(name));
        elsewhere
            .filter(|(_, account)| account.consent.is_opted_out())
            .filter_map(|(name, account)| Some((name, account.consent.since()?)))
            .max_by_key(|(_, at)| *at)
    }

    /// The histories that tell what holds for a programme: its own, and those of its numbers.
    pub fn of<'a>(
        &'a self,
        programme: &'a Programme,
        joined: &'a [Programme],
    ) -> impl Iterator<Item = (&'a Programme, &'a Account)> {
        let numbers = joined.iter().filter(move |name| *name != programme);
        std::iter::once(programme)
            .chain(numbers)
            .filter_map(|name| Some((name, self.accounts.get(name)?)))
    }

    /// Every programme that something was entered for.
    pub fn accounts(&self) -> impl Iterator<Item = (&Programme, &Account)> {
        self.accounts.iter()
    }

    /// What is kept of a programme's history.
    pub fn account(&self, programme: &Programme) -> Option<&Account> {
        self.accounts.get(programme)
    }

    /// Drops the oldest entries of a programme, as [`History::prune`] does, with numbers of at most `through`: `history` is what is
    /// stored of it, and the answer is the number of the last that goes; `None` if all stay.
    pub fn prune(
        &mut self,
        mut history: History,
        retention: Retention,
        now: Instant,
        through: u64,
    ) -> Option<u64> {
        let account = self.accounts.get_mut(&history.key.programme)?;
        let before = history.before;
        history.prune(retention, now, through);
        if history.before == before {
            return None;
        }
        account.before = Some(history.before);
        Some(history.before.entries)
    }
}

impl Account {
    /// Whether consent was ever revoked, as far as it shows: it is now, or a START gave back what was there before.
    pub fn was_revoked(&self) -> bool {
        self.consent.is_opted_out() || self.consent.before().is_some()
    }

    /// The history from what is stored of it.
    pub fn history(&self, key: LedgerKey, links: Vec<Link>) -> History {
        let before = self.before.unwrap_or_else(|| Head::first(&key));
        History { key, before, links }
    }
}
