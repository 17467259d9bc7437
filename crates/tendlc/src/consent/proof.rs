use std::collections::BTreeMap;

use frontdesk_types::{Instant, PhoneNumber, SupportNumber};
use serde::Serialize;

use super::{
    Act, BrokenChain, Confirmation, Consent, ConsentLevel, Digest, Entry, GivenMoment, Head,
    History, PersonalDigests, Programme, RevocationClock, Salt, Standing,
};
use crate::{Doubt, EntrySeal, Facts, ProvenHead};

/// The maker of a proof, as its document names it.
pub(super) const MADE_BY: &str = concat!("frontdesk ", env!("CARGO_PKG_VERSION"));

/// The sender of a programme's texts, as a proof names it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Sender {
    /// The legal name. Empty where nobody has configured it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub legal_name: String,
    /// The postal address. Empty where nobody has configured it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The brand, as consumers know it.
    pub brand: String,
    /// The contact center that keeps the ledger.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub center: String,
    /// The registry's id of the campaign, where there is one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub campaign: String,
    /// The numbers that it texts from.
    pub numbers: Vec<SupportNumber>,
}

/// What one consumer agreed to, with everything that a dispute asks for (DLC-3): who, to what, how, when, the exact wording,
/// the evidence, what was revoked; and the chain, by which anybody can check that none of it was changed.
///
/// As JSON by `serde`; as text by `Display`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// When this was made.
    pub made: Instant,
    /// The program that made it, with its version.
    pub made_by: &'static str,
    /// The sender of the texts.
    pub sender: Sender,
    /// The consumer.
    pub consumer: PhoneNumber,
    /// The programme that consent is for.
    pub programme: Programme,
    /// What holds now.
    pub standing: Standing,
    /// How far consent goes; `None` is that there is none.
    pub level: Option<ConsentLevel>,
    /// Since when.
    pub since: Option<Instant>,
    /// The revocation to another programme that took this consent back, where a revocation is about everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<RevokedBy>,
    /// Every entry, in order.
    pub history: Vec<ProvenEntry>,
    /// The entries before those, which are not kept any more, and their digest.
    pub before: Head,
    /// All entries, and the digest of the last.
    pub head: Head,
    /// The heads of the center's ledger that the entries are proven by, the oldest first, each with what its check found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<ProvenHead>,
    /// Doubts about the ledger as a whole. Empty where nothing was found; only a look at all of it finds everything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
    /// How the digests are made.
    pub digests: &'static str,
}

/// A revocation to another programme of the sender that takes back all (DLC-7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RevokedBy {
    /// The programme that it was said to.
    pub programme: Programme,
    /// When.
    pub at: Instant,
    /// The number of its entry in that programme's history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// The act, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
}

/// An entry with its number and digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvenEntry {
    /// From 1, over all entries that ever were.
    pub number: u64,
    /// What happened.
    pub entry: Entry,
    /// The moment at which the consumer gave or revoked consent. A date that was told without a time is a date. `None` for acts of
    /// others than the consumer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<GivenMoment>,
    /// A revocation that took nothing back: consent was given after it, although it was entered later.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outlived: bool,
    /// The confirmation of a revocation by text, if one was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    /// The day by which a revocation from elsewhere had to be honoured, and whether it was entered by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<RevocationClock>,
    /// The salt of the digests below; none after an erasure, and of an entry whose own fields are part of the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<Salt>,
    /// The salted digests of wording and evidence, which stand for them in the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal: Option<PersonalDigests>,
    /// The digest of this entry and all before it.
    pub digest: Digest,
    /// Its place among all entries of the center, proven by one of the heads; none where no head covers it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<EntrySeal>,
}

pub(super) const DIGESTS: &str = "SHA-256 of the digest before in hexadecimal digits, a line feed, and the entry as JSON without spaces, with \
the salted digests of wording and evidence in their place; before the first: of `frontdesk consent`, the consumer and the programme, \
each on a line; salted: of the salt's bytes, the field's name, a line feed, and the field as JSON; leaf of the center's tree (RFC 9162): of a zero byte, \
and of `frontdesk consent entry`, the consumer, the programme, the entry's number and its digest, each on a line";

impl Proof {
    /// What a history proves, if nothing of it was changed: `head` is the one that was kept apart from it.
    pub fn of(
        history: &History,
        head: Head,
        sender: Sender,
        made: Instant,
    ) -> Result<Self, BrokenChain> {
        let consent = history.verify(Some(head))?;
        let numbers = history.before.entries + 1..;
        let mut so_far = Consent::default();
        let entries = numbers.zip(&history.links).map(|(number, link)| {
            so_far.apply(&link.entry);
            ProvenEntry {
                number,
                entry: link.entry.clone(),
                given: link.entry.given(),
                outlived: link.entry.act.revokes() && !so_far.is_opted_out(),
                confirmation: None,
                clock: None,
                salt: link.personal.salt().copied(),
                personal: link.personal.digests().copied(),
                digest: link.digest,
                seal: None,
            }
        });
        Ok(Self {
            made,
            made_by: MADE_BY,
            sender,
            consumer: history.key.consumer,
            programme: history.key.programme.clone(),
            standing: consent.standing(),
            level: consent.level(),
            since: consent.since(),
            by: None,
            history: entries.collect(),
            before: history.before,
            head,
            heads: Vec::new(),
            doubts: Vec::new(),
            digests: DIGESTS,
        })
    }

    /// With the clocks of revocations that were given elsewhere, by the facts of their days.
    #[must_use]
    pub fn clocked(mut self, facts: &Facts) -> Self {
        for proven in &mut self.history {
            proven.clock = RevocationClock::of(&proven.entry, facts);
        }
        self
    }

    /// With the revocation to another programme that took this consent back: none is left.
    #[must_use]
    pub fn taken_back(self, by: RevokedBy) -> Self {
        let (standing, since) = (Standing::OptedOut, Some(by.at));
        Self { standing, level: None, since, by: Some(by), ..self }
    }

    /// With the places of its entries in the center's sequence, by their numbers, the heads that prove them, and what speaks
    /// against the ledger as a whole.
    #[must_use]
    pub fn sealed(
        mut self,
        mut seals: BTreeMap<u64, EntrySeal>,
        heads: Vec<ProvenHead>,
        doubts: Vec<Doubt>,
    ) -> Self {
        for entry in &mut self.history {
            entry.seal = seals.remove(&entry.number);
        }
        (self.heads, self.doubts) = (heads, doubts);
        self
    }

    /// With the news of a confirmation, by the number of the revocation's entry.
    #[must_use]
    pub fn confirmed(mut self, mut news: BTreeMap<u64, Confirmation>) -> Self {
        for proven in &mut self.history {
            proven.confirmation = news.remove(&proven.number);
        }
        self
    }

    /// The entry that made the consumer's standing what it is in this history. `None` where that entry is not kept any more.
    pub fn decisive(&self) -> Option<&ProvenEntry> {
        let (mut consent, mut last) = (Consent::default(), None);
        for proven in &self.history {
            let before = (consent.standing(), consent.level(), consent.since());
            consent.apply(&proven.entry);
            if (consent.standing(), consent.level(), consent.since()) != before {
                last = Some(proven);
            }
        }
        last
    }

    /// The head of a size, if it belongs to the proof.
    fn head_of(&self, size: u64) -> Option<&ProvenHead> {
        self.heads.iter().find(|head| head.head.head().size == size)
    }

    /// Whether an anchor has a head that covers an entry, by a check.
    pub(super) fn is_anchored(&self, entry: &ProvenEntry) -> bool {
        let head = entry.seal.as_ref().and_then(|seal| self.head_of(seal.inclusion.size));
        head.is_some_and(ProvenHead::is_anchored)
    }
}

impl ProvenEntry {
    /// Whether wording and evidence were erased.
    pub fn is_erased(&self) -> bool {
        self.personal.is_some() && self.salt.is_none()
    }
}

impl Entry {
    /// The moment at which the consumer gave or revoked consent; `None` for acts of others.
    fn given(&self) -> Option<GivenMoment> {
        match self.act {
            Act::Agreed { given, .. } | Act::Revoked { given, .. } => Some(GivenMoment::of(given)),
            Act::AgreedInCall | Act::OptedIn { .. } | Act::OptedOut { .. } | Act::WroteFirst => {
                Some(GivenMoment::Instant(self.at))
            }
            Act::CarrierOptedOut | Act::Erased { .. } | Act::OptInTextShown => None,
        }
    }
}
