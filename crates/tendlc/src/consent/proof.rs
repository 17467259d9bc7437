use std::fmt;

use frontdesk_types::{Instant, PhoneNumber, SupportNumber};
use serde::Serialize;

use super::{
    BrokenChain, ConsentLevel, Digest, Entry, Head, History, PersonalDigests, Programme, Salt,
    Standing,
};

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
    /// Every entry, in order.
    pub history: Vec<ProvenEntry>,
    /// The entries before those, which are not kept any more, and their digest.
    pub before: Head,
    /// All entries, and the digest of the last.
    pub head: Head,
    /// How the digests are made.
    pub digests: &'static str,
}

/// An entry with its number and digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvenEntry {
    /// From 1, over all entries that ever were.
    pub number: u64,
    /// What happened.
    pub entry: Entry,
    /// The salt of the digests below; none after an erasure, and of an entry whose own fields are part of the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<Salt>,
    /// The salted digests of wording and evidence, which stand for them in the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal: Option<PersonalDigests>,
    /// The digest of this entry and all before it.
    pub digest: Digest,
}

const DIGESTS: &str = "SHA-256 of the digest before in hexadecimal digits, a line feed, and the entry as JSON without spaces, with \
the salted digests of wording and evidence in their place; before the first: of `frontdesk consent`, the consumer and the programme, \
each on a line; salted: of the salt's bytes, the field's name, a line feed, and the field as JSON";

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
            salt: link.personal.salt().copied(),
            personal: link.personal.digests().copied(),
            digest: link.digest,
        });
        Ok(Self {
            made,
            sender,
            consumer: history.key.consumer,
            programme: history.key.programme.clone(),
            standing: consent.standing(),
            level: consent.level(),
            since: consent.since(),
            history: entries.collect(),
            before: history.before,
            head,
            digests: DIGESTS,
        })
    }
}

fn date(at: Instant) -> impl fmt::Display {
    at.format("%Y-%m-%d %H:%M:%S UTC")
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Consent of {} to texts of the programme {}", self.consumer, self.programme)?;
        writeln!(f, "Made on {}", date(self.made))?;
        let Sender { brand, campaign, numbers } = &self.sender;
        let campaign =
            if campaign.is_empty() { String::new() } else { format!(", campaign {campaign}") };
        let numbers = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        writeln!(f, "Sender: {brand}{campaign}, from {numbers}")?;
        let holds = match (self.standing, self.level) {
            (Standing::OptedOut, _) => "no consent: the consumer has opted out".to_owned(),
            (_, Some(level)) => format!("{level} consent"),
            (_, None) => "no consent is on record".to_owned(),
        };
        match self.since {
            Some(since) => writeln!(f, "Now: {holds}, since {}", date(since))?,
            None => writeln!(f, "Now: {holds}")?,
        }
        if self.before.entries > 0 {
            writeln!(
                f,
                "\n{} earlier entries are no longer kept; their digest is {}",
                self.before.entries, self.before.digest
            )?;
        }
        for ProvenEntry { number, entry, salt, personal, digest } in &self.history {
            writeln!(f, "\n{number}. {}: {}", date(entry.at), entry.act)?;
            if !entry.wording.is_empty() {
                let wording = entry.wording.lines().collect::<Vec<_>>().join("\n      ");
                writeln!(f, "   wording: {wording}")?;
            }
            if !entry.evidence.is_empty() {
                writeln!(f, "   evidence: {}", entry.evidence)?;
            }
            if personal.is_some() && salt.is_none() {
                writeln!(f, "   wording and evidence were erased")?;
            }
            writeln!(f, "   digest: {digest}")?;
        }
        writeln!(
            f,
            "\nEvery entry is chained to the one before it; nothing was changed, and none is missing."
        )?;
        write!(f, "Digests: {DIGESTS}.")
    }
}
