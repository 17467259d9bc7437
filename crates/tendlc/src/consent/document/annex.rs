//! The annex: digests, places, ways to the root, and the heads with their signatures; each once.

use std::collections::BTreeMap;

use super::row::label;
use crate::{
    EntrySeal, ProvenHead,
    consent::{GivenMoment, LocalTimes, Proof, ProvenEntry},
};

/// The numbers by which one entry is checked, each with its name.
pub(super) struct AnnexEntry {
    pub(super) label: String,
    pub(super) lines: Vec<(&'static str, String)>,
}

/// A head that entries are proven by.
pub(super) struct AnnexHead {
    pub(super) title: String,
    pub(super) remarks: Vec<String>,
    /// The signed text, line by line.
    pub(super) note: String,
}

impl AnnexEntry {
    fn of(proven: &ProvenEntry, history: usize) -> Self {
        let mut lines = vec![("digest", proven.digest.to_string())];
        if let Some(personal) = &proven.personal {
            lines.push(("digest of the wording", personal.wording.to_string()));
            lines.push(("digest of the evidence", personal.evidence.to_string()));
        }
        lines.extend(proven.salt.iter().map(|salt| ("salt of both", salt.to_string())));
        if let Some(seal) = &proven.seal {
            lines.push(("place", place(seal)));
            let way: Vec<String> = seal.inclusion.path.iter().map(ToString::to_string).collect();
            let way =
                if way.is_empty() { "none: it is the only entry".into() } else { way.join(" ") };
            lines.push(("way to the root", way));
        } else {
            lines.push(("place", "none yet: no head covers the entry".into()));
        }
        Self { label: label(history, proven.number), lines }
    }

    /// The entries of a proof, which is number `history` of its document.
    pub(super) fn all(proof: &Proof, history: usize) -> impl Iterator<Item = Self> {
        proof.history.iter().map(move |proven| Self::of(proven, history))
    }
}

/// The place of an entry, and the anchored heads around it.
fn place(seal: &EntrySeal) -> String {
    let EntrySeal { place, inclusion, after } = seal;
    let after = after.map_or_else(String::new, |before| format!(", after head {before}"));
    format!("{place} of all entries{after}, in head {}", inclusion.size)
}

/// The heads of all proofs, each once, the oldest first.
pub(super) fn heads<'a>(
    proofs: impl Iterator<Item = &'a Proof>,
    times: &LocalTimes,
) -> Vec<AnnexHead> {
    let mut all: BTreeMap<(u64, String), &ProvenHead> = BTreeMap::new();
    for proven in proofs.flat_map(|proof| &proof.heads) {
        all.insert((proven.head.head().size, proven.head.to_string()), proven);
    }
    let told = |((size, note), proven): ((u64, String), &ProvenHead)| {
        let head = proven.head.head();
        let at = times.line(GivenMoment::Instant(head.at), None);
        let title = format!("Head {size} of {}, made on {at}", head.origin);
        AnnexHead { title, remarks: proven.remarks(), note }
    };
    all.into_iter().map(told).collect()
}
