use std::collections::HashMap;

use chrono::TimeDelta;
use frontdesk_types::{Instant, MessageId, PhoneNumber, from_millis, to_millis};
use rustc_hash::FxBuildHasher;

use super::{Consent, ConsentLevel, Entry, LedgerKey, Programme, Standing};

/// A confirmation that has not left within so long never will ([`crate::Revocation::confirm_within_minutes`]), whatever a host
/// overrides.
const CONFIRMATION: TimeDelta = TimeDelta::days(1);

/// What holds for every consumer, in memory: sixteen bytes each, for those who text millions. The entries themselves are the store's.
///
/// ```
/// use frontdesk_tendlc::{Act, Entry, LedgerKey, Standings};
///
/// let mut standings = Standings::default();
/// let key = LedgerKey { consumer: "+12025550123".parse()?, programme: "news".into() };
/// let entry = Entry { at: "2026-11-21T15:00:00Z".parse()?, act: Act::CarrierOptedOut, wording: String::new(), evidence: "21610".into() };
/// standings.apply(&key, &entry);
/// assert!(standings.of(&key).is_opted_out());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Standings {
    /// By consumer and the number of the programme.
    held: HashMap<u64, Packed, FxBuildHasher>,
    programmes: HashMap<Programme, u16>,
    /// Those that may still leave.
    confirmations: HashMap<u64, (Instant, MessageId)>,
}

/// Standing, level, flag, and milliseconds since the epoch.
#[derive(Debug, Clone, Copy)]
struct Packed(u64);

const STANDINGS: [Standing; 5] = [
    Standing::Unknown,
    Standing::Conversational,
    Standing::Agreed,
    Standing::OptedIn,
    Standing::OptedOut,
];
const LEVELS: [Option<ConsentLevel>; 4] =
    [None, Some(ConsentLevel::Implied), Some(ConsentLevel::Express), Some(ConsentLevel::Written)];
const SHOWN: u64 = 1 << 5;
/// Where the level of before the last revocation stands.
const BEFORE: u32 = 6;
const SINCE: u32 = 8;
/// Fifteen digits need 50 bits.
const PROGRAMME_BITS: u32 = 14;

impl Packed {
    fn of(consent: &Consent) -> Self {
        let index = |place: Option<usize>| u64::try_from(place.unwrap_or(0)).unwrap_or(0);
        let standing = index(STANDINGS.iter().position(|standing| *standing == consent.standing()));
        let level = index(LEVELS.iter().position(|level| *level == consent.agreed()));
        let shown = if consent.opt_in_text_due() { 0 } else { SHOWN };
        let millis =
            consent.since().map_or(0, |since| u64::try_from(to_millis(since)).unwrap_or(0));
        let before = index(LEVELS.iter().position(|level| *level == consent.before()));
        Self(standing | level << 3 | shown | before << BEFORE | millis << SINCE)
    }

    fn consent(self, confirmation: Option<MessageId>) -> Consent {
        let at = |shift: u32, mask: u64| usize::try_from(self.0 >> shift & mask).unwrap_or(0);
        let standing = STANDINGS.get(at(0, 7)).copied().unwrap_or_default();
        let agreed = LEVELS.get(at(3, 3)).copied().flatten();
        let before = LEVELS.get(at(BEFORE, 3)).copied().flatten();
        let millis = i64::try_from(self.0 >> SINCE).unwrap_or(0);
        let since = (standing != Standing::Unknown).then(|| from_millis(millis));
        Consent::restored(standing, since, self.0 & SHOWN != 0, confirmation, agreed, before)
    }
}

impl Standings {
    /// Adds an entry. Those of one consumer and programme come in the ledger's order.
    ///
    /// # Panics
    ///
    /// With more than 16,384 programmes.
    pub fn apply(&mut self, key: &LedgerKey, entry: &Entry) {
        let place = self.place(&key.programme, key.consumer);
        let mut consent = self.at(place);
        consent.apply(entry);
        self.held.insert(place, Packed::of(&consent));
        match consent.confirmation() {
            Some(confirmation) => {
                let due = (entry.at, confirmation.clone());
                self.confirmations.entry(place).or_insert(due);
            }
            None => {
                self.confirmations.remove(&place);
            }
        }
        if self.confirmations.len().is_power_of_two() {
            self.confirmations.retain(|_, (since, _)| *since + CONFIRMATION > entry.at);
        }
    }

    /// What holds for one consumer and programme.
    pub fn of(&self, key: &LedgerKey) -> Consent {
        self.programmes
            .get(&key.programme)
            .map(|programme| self.at(place(*programme, key.consumer)))
            .unwrap_or_default()
    }

    /// How many consumers something is known of.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nothing is known of anybody.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Makes room for so many consumers more.
    pub fn reserve(&mut self, consumers: usize) {
        self.held.reserve(consumers);
    }

    fn at(&self, place: u64) -> Consent {
        let packed = self.held.get(&place);
        packed.map_or_else(Consent::default, |packed| {
            packed.consent(
                self.confirmations.get(&place).map(|(_, confirmation)| confirmation.clone()),
            )
        })
    }

    fn place(&mut self, programme: &Programme, consumer: PhoneNumber) -> u64 {
        let next = self.programmes.len();
        let programme = *self.programmes.entry(programme.clone()).or_insert_with(|| {
            assert!(next < 1 << PROGRAMME_BITS, "more than {} programmes", 1 << PROGRAMME_BITS);
            u16::try_from(next).unwrap_or(u16::MAX)
        });
        place(programme, consumer)
    }
}

fn place(programme: u16, consumer: PhoneNumber) -> u64 {
    consumer.digits() << PROGRAMME_BITS | u64::from(programme)
}
