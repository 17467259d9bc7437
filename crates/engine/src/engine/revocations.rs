//! Revocations that were given elsewhere than in a text, with the clock of ten business days (DLC-3; 47 CFR 64.1200(a)(10)).

use frontdesk_tendlc::{
    Act, Entry, GivenRevocation, GivenRevocationError, LedgerKey, Programme, RevocationChannel,
    RevocationClock, Standing,
};
use frontdesk_types::{Event, Fact, Instant, PhoneNumber, SupportNumber, to_millis};
use serde::{Deserialize, Serialize};

use super::{Engine, EngineError, listed, retried};
use crate::{
    Center,
    store::{Commit, Consumer, ConsumerWrite, Item, ItemWrite, Line, StoreError, Subject},
};

/// The kind of the items that list late revocations: the newest first.
const LATE: &str = "late_revocation";

/// Why a revocation is not entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RevocationRefusal {
    /// Something of it is wrong.
    #[error(transparent)]
    Given(#[from] GivenRevocationError),
    /// The programme is neither a campaign nor a number of this center, nor one that the consumer ever had to do with.
    #[error("programme: `{0}` is neither a campaign nor a number of this center")]
    NoSuchProgramme(Programme),
}

/// A revocation from elsewhere, as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredRevocation {
    /// The programme that it takes consent to back.
    pub programme: Programme,
    /// The way in which it was given.
    pub channel: RevocationChannel,
    /// When it was given.
    pub given: Instant,
    /// When it was entered: from then on nothing leaves, unless consent was given after it.
    pub entered: Instant,
    /// By when it had to be honoured, and whether it was entered by then. `None` for days before there was such a rule.
    pub clock: Option<RevocationClock>,
    /// Whether this call has entered it. False: it was there already.
    pub is_new: bool,
    /// The consumer's standing in the programme now.
    pub standing: Standing,
}

/// A revocation that was entered after the last day on which it had to be honoured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateRevocation {
    /// The consumer.
    pub consumer: PhoneNumber,
    /// The programme.
    pub programme: Programme,
    /// The way in which it was given.
    pub channel: RevocationChannel,
    /// When it was given.
    pub given: Instant,
    /// When it was entered.
    pub entered: Instant,
    /// The last day, and how many days late it was entered.
    #[serde(flatten)]
    pub clock: RevocationClock,
}

impl Engine {
    /// Enters a revocation that a consumer gave elsewhere than in a text: nothing leaves any more from the commit on, and a text
    /// that has not begun to leave is stopped. Without a programme it is about all of them: every campaign and number of the
    /// center, and what else the ledger knows the consumer of. One that is there already, with the same channel, date, wording
    /// and reference of evidence, is not entered again. The answer has an element for each programme, in their order.
    pub async fn revoke(
        &self,
        consumer: PhoneNumber,
        programme: Option<&Programme>,
        revocation: &GivenRevocation,
    ) -> Result<Vec<EnteredRevocation>, EngineError> {
        revocation.check(self.now()).map_err(RevocationRefusal::from)?;
        // It is a revocation like any other: nothing begins until it is committed.
        let closed = self.departures.revoke(Self::slot(consumer));
        let entered = retried(|| self.revoke_once(consumer, programme, revocation)).await;
        drop(closed);
        entered
    }

    async fn revoke_once(
        &self,
        consumer: PhoneNumber,
        programme: Option<&Programme>,
        revocation: &GivenRevocation,
    ) -> Result<Vec<EnteredRevocation>, EngineError> {
        let (center, now) = (self.center(), self.now());
        let (expected, mut value) = self.parts.store.consumer(&self.id, consumer).await?;
        let (mut told, mut entries, mut items) = (Vec::new(), Vec::new(), Vec::new());
        let mut opted_out = None;
        for programme in programmes(&center, &value, programme)? {
            let entry = revocation.entry(now);
            let known = self.entered_before(consumer, &programme, &value, &entry).await?;
            let is_new = known.is_none();
            let entry = known.unwrap_or(entry);
            let joined = &center.compliance.membership_named(&programme).joined;
            if is_new {
                let was_out = value.ledger.consent(&programme, joined).is_opted_out();
                let salt = self.salts.next();
                entries.push(value.ledger.enter(consumer, &programme, entry.clone(), salt));
                if !was_out && value.ledger.consent(&programme, joined).is_opted_out() {
                    opted_out = opted_out.or(Some(programme.clone()));
                }
            }
            let standing = value.ledger.consent(&programme, joined).standing();
            let entered = entered(&center, programme, &entry, (is_new, standing));
            if let Some(entered) = entered {
                items.extend(late_item(consumer, &entered)?);
                told.push(entered);
            }
        }
        if entries.is_empty() {
            return Ok(told);
        }
        let write = ConsumerWrite { entries, ..ConsumerWrite::new(consumer, expected, value) };
        let commit = Commit { consumers: vec![write], items, ..Commit::default() };
        let (subject, events) = event(&center, consumer, opted_out, (revocation.channel, now));
        self.record(subject, events, commit).await?;
        Ok(told)
    }

    /// The entry of before with the same channel, date, wording and reference; after an erasure, with the same channel and date.
    async fn entered_before(
        &self,
        consumer: PhoneNumber,
        programme: &Programme,
        value: &Consumer,
        entry: &Entry,
    ) -> Result<Option<Entry>, EngineError> {
        if value.ledger.account(programme).is_none() {
            return Ok(None);
        }
        let key = LedgerKey { consumer, programme: programme.clone() };
        let history = self.parts.store.history(&self.id, &key).await?;
        let is_it = |stored: &&Entry| {
            let erased = stored.wording.is_empty() && stored.evidence.is_empty();
            let says_the_same = stored.wording == entry.wording
                && stored.evidence.reference == entry.evidence.reference;
            stored.act == entry.act && (erased || says_the_same)
        };
        let links = history.map(|(_, history)| history.links).unwrap_or_default();
        Ok(links.iter().map(|link| &link.entry).find(is_it).cloned())
    }

    /// Every revocation of a consumer that was given elsewhere than in a text, programme by programme, the oldest entry first:
    /// also those of imported lists.
    pub async fn revocations(
        &self,
        consumer: PhoneNumber,
    ) -> Result<Vec<EnteredRevocation>, EngineError> {
        let center = self.center();
        let (_, value) = self.parts.store.consumer(&self.id, consumer).await?;
        let mut all = Vec::new();
        for (programme, account) in value.ledger.accounts() {
            let key = LedgerKey { consumer, programme: programme.clone() };
            let Some((_, history)) = self.parts.store.history(&self.id, &key).await? else {
                continue;
            };
            let standing = account.consent.standing();
            let entries = history.links.iter().map(|link| &link.entry);
            all.extend(
                entries.filter_map(|entry| {
                    entered(&center, programme.clone(), entry, (false, standing))
                }),
            );
        }
        Ok(all)
    }

    /// Revocations that [`Engine::revoke`] has entered after the last day on which they had to be honoured, the newest first, at
    /// most `limit`.
    pub async fn late_revocations(&self, limit: usize) -> Result<Vec<LateRevocation>, EngineError> {
        let items = self.parts.store.items(&self.id, LATE, None, limit).await?;
        let late: Result<_, StoreError> = items.iter().map(Item::read).collect();
        Ok(late?)
    }
}

/// The programmes that a revocation is about.
fn programmes(
    center: &Center,
    known: &Consumer,
    programme: Option<&Programme>,
) -> Result<Vec<Programme>, RevocationRefusal> {
    let of_number = |number: SupportNumber| center.membership(number).programme.clone();
    if let Some(programme) = programme {
        let is_known = known.ledger.account(programme).is_some();
        if !is_known && !center.is_programme(programme) {
            return Err(RevocationRefusal::NoSuchProgramme(programme.clone()));
        }
        // A number of a campaign is no programme by itself.
        let number: Option<SupportNumber> = programme.as_str().parse().ok();
        return Ok(vec![number.map_or_else(|| programme.clone(), of_number)]);
    }
    let campaigns = center.compliance.campaigns().cloned();
    let numbers = center.every_number().into_iter().map(of_number);
    let mut all: Vec<Programme> = campaigns.chain(numbers).collect();
    let is_joined = |name: &Programme| {
        name.as_str().parse().is_ok_and(|number| center.compliance.has_number(number))
    };
    let accounts = known.ledger.accounts().map(|(name, _)| name);
    all.extend(accounts.filter(|name| !is_joined(name)).cloned());
    all.sort();
    all.dedup();
    Ok(all)
}

/// An entry as it is told; `None` if it is no revocation from elsewhere.
fn entered(
    center: &Center,
    programme: Programme,
    entry: &Entry,
    (is_new, standing): (bool, Standing),
) -> Option<EnteredRevocation> {
    let Act::Revoked { channel, given } = entry.act else { return None };
    let clock = RevocationClock::of(entry, center.facts());
    let entered = entry.at;
    Some(EnteredRevocation { programme, channel, given, entered, clock, is_new, standing })
}

/// The item that lists it, if it is new and late.
fn late_item(
    consumer: PhoneNumber,
    revocation: &EnteredRevocation,
) -> Result<Option<ItemWrite>, EngineError> {
    let EnteredRevocation { programme, channel, given, entered, .. } = revocation.clone();
    let is_late = |clock: &RevocationClock| revocation.is_new && clock.is_late();
    let Some(clock) = revocation.clock.filter(is_late) else { return Ok(None) };
    let key = listed::key(entered, &format!("{consumer} {programme} {}", to_millis(given)));
    let late = LateRevocation { consumer, programme, channel, given, entered, clock };
    Ok(Some(ItemWrite::json(LATE, key, 0, &late)?))
}

/// The log's event of it: the consumer has opted out, on the first number of the programme.
fn event(
    center: &Center,
    consumer: PhoneNumber,
    programme: Option<Programme>,
    (channel, at): (RevocationChannel, Instant),
) -> (Subject, Vec<Event>) {
    let Some(programme) = programme else { return (Subject::default(), Vec::new()) };
    let number = center.compliance.sender(&programme).numbers.first().copied();
    let line = number.map(|number| Line { consumer, number });
    let fact = Fact::OptedOut { word: channel.word().into() };
    (Subject { session: None, line }, vec![Event { at, fact }])
}
