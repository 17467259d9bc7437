use std::{collections::BTreeMap, fmt};

use frontdesk_types::{Instant, PhoneNumber, SupportNumber};
use serde::Serialize;

use super::{
    BrokenChain, ConsentLevel, Digest, Entry, Head, History, PersonalDigests, Programme,
    RevocationClock, Salt, Standing,
};
use crate::{Doubt, EntrySeal, Facts, ProvenHead, plain::Plain, utc::utc};

/// In whose name texts are sent, as a proof tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Sender {
    /// The brand.
    pub brand: String,
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
    /// In whose name texts are sent.
    pub sender: Sender,
    /// Who agreed, or not.
    pub consumer: PhoneNumber,
    /// To what.
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

const DIGESTS: &str = "SHA-256 of the digest before in hexadecimal digits, a line feed, and the entry as JSON without spaces, with \
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
        let entries = numbers.zip(&history.links).map(|(number, link)| ProvenEntry {
            number,
            entry: link.entry.clone(),
            clock: None,
            salt: link.personal.salt().copied(),
            personal: link.personal.digests().copied(),
            digest: link.digest,
            seal: None,
        });
        Ok(Self {
            made,
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

    /// The head of a size, if it belongs to the proof.
    fn head_of(&self, size: u64) -> Option<&ProvenHead> {
        self.heads.iter().find(|head| head.head.head().size == size)
    }

    /// Whether an anchor has a head that covers an entry, by a check.
    fn is_anchored(&self, entry: &ProvenEntry) -> bool {
        let head = entry.seal.as_ref().and_then(|seal| self.head_of(seal.inclusion.size));
        head.is_some_and(ProvenHead::is_anchored)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Consent of {} to texts of the programme {}", self.consumer, self.programme)?;
        writeln!(f, "Made on {}", utc(self.made))?;
        let Sender { brand, campaign, numbers } = &self.sender;
        let campaign =
            if campaign.is_empty() { String::new() } else { format!(", campaign {campaign}") };
        let numbers = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        writeln!(f, "Sender: {}{}, from {numbers}", Plain(brand), Plain(campaign))?;
        writeln!(f, "Now: {}", self.holding())?;
        if self.before.entries > 0 {
            writeln!(
                f,
                "\n{} earlier entries are no longer kept; their digest is {}",
                self.before.entries, self.before.digest
            )?;
        }
        for proven in &self.history {
            let ProvenEntry { number, entry, clock, salt, personal, digest, seal } = proven;
            writeln!(f, "\n{number}. {}: {}", utc(entry.at), Plain(&entry.act))?;
            if let Some(clock) = clock {
                writeln!(f, "   {clock}")?;
            }
            if !entry.wording.is_empty() {
                let wording: Vec<_> =
                    entry.wording.lines().map(|line| Plain(line).to_string()).collect();
                let wording = wording.join("\n      ");
                writeln!(f, "   wording: {wording}")?;
            }
            if !entry.evidence.is_empty() {
                writeln!(f, "   evidence: {}", Plain(&entry.evidence))?;
            }
            if personal.is_some() && salt.is_none() {
                writeln!(f, "   wording and evidence were erased")?;
            }
            writeln!(f, "   digest: {digest}")?;
            if let Some(seal) = seal {
                Self::write_seal(f, seal)?;
            }
        }
        self.write_heads(f)?;
        write!(f, "Digests: {DIGESTS}.")
    }
}

impl Proof {
    /// The place of an entry, and the anchored heads around it.
    fn write_seal(f: &mut fmt::Formatter<'_>, seal: &EntrySeal) -> fmt::Result {
        let EntrySeal { inclusion, after } = seal;
        write!(f, "   sealed: place {} of all entries", inclusion.sequence + 1)?;
        if let Some(before) = after {
            write!(f, ", after head {before}")?;
        }
        writeln!(f, ", in head {}", inclusion.size)
    }

    /// The heads with their anchors, and what that proves.
    fn write_heads(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for proven in &self.heads {
            let head = proven.head.head();
            write!(f, "\nHead {} of {}, made on {}", head.size, head.origin, utc(head.at))?;
            for remark in proven.remarks() {
                write!(f, "\n   {}", Plain(remark))?;
            }
        }
        for doubt in &self.doubts {
            write!(f, "\nOf the ledger as a whole: {}", Plain(doubt))?;
        }
        writeln!(f, "\n{}", self.verdict())
    }

    /// The consent that holds now, in words: its level of consent, and since when.
    pub(super) fn holding(&self) -> String {
        if let Some(RevokedBy { programme, at, entry, how }) = &self.by {
            let entry = entry.map_or_else(String::new, |entry| format!(", entry {entry}"));
            let how = how.as_ref().map_or_else(String::new, |how| format!(": {how}"));
            let at = utc(*at);
            return format!(
                "no consent: everything from this sender was revoked on {at} by a revocation to {programme}{entry}{how}"
            );
        }
        let holds = match (self.standing, self.level) {
            (Standing::OptedOut, _) => "no consent: the consumer has opted out".to_owned(),
            (_, Some(level)) => format!("{level} consent"),
            (_, None) => "no consent is on record".to_owned(),
        };
        match self.since {
            Some(since) => format!("{holds}, since {}", utc(since)),
            None => holds,
        }
    }

    /// The proof's conclusion, in words: that since an anchored head nothing of it was changed, that the history is consistent in
    /// itself, or that something does not check.
    pub fn verdict(&self) -> String {
        let open = self.doubts.iter().any(|doubt| doubt.known.is_none());
        if open || self.heads.iter().any(ProvenHead::is_doubtful) {
            return "This does not prove that nothing was changed: what is told above of the heads, or of the ledger as a whole, is not \
                    what it should be. `frontdesk ledger verify` looks at everything."
                .into();
        }
        if self.history.is_empty() {
            return "None of its entries is kept any more.".into();
        }
        let uncovered = self.history.iter().filter(|entry| !self.is_anchored(entry));
        let uncovered: Vec<String> = uncovered.map(|entry| entry.number.to_string()).collect();
        if uncovered.is_empty() {
            return "Every entry is chained to the one before it, and covered by a head that an anchor has: since then none of them was \
                    changed, and none is missing between them. `frontdesk ledger verify` looks for entries that were taken away."
                .into();
        }
        let unproven =
            self.heads.iter().any(|head| !head.anchors.is_empty() && !head.is_anchored());
        let anchor = if unproven { "No anchor that was checked" } else { "No anchor" };
        format!(
            "Every entry is chained to the one before it: this history is consistent in itself. {anchor} has a head that covers entry {}.",
            uncovered.join(", ")
        )
    }
}
