//! The consumer's standing in one history, and the conclusion of its proof, in words.

use crate::ProvenHead;
use crate::consent::{GivenMoment, LocalTimes, Proof, ProvenEntry, RevokedBy, Standing};

/// A standing in words: what holds, since when, and by which entry.
pub(super) struct Holding {
    pub(super) now: String,
    pub(super) since: Option<String>,
    pub(super) by: Option<String>,
}

impl Holding {
    pub(super) fn of(proof: &Proof, times: &LocalTimes) -> Self {
        if let Some(RevokedBy { programme, at, entry, how }) = &proof.by {
            let entry =
                entry.map_or_else(|| "a revocation".into(), |entry| format!("entry {entry}"));
            let how = how.as_ref().map_or_else(String::new, |how| format!(" ({how})"));
            return Self {
                now: "no consent: everything from this sender was revoked".into(),
                since: Some(times.line(GivenMoment::Instant(*at), None)),
                by: Some(format!("{entry} of the programme {programme}{how}")),
            };
        }
        let now = match (proof.standing, proof.level) {
            (Standing::OptedOut, _) => "no consent: the consumer has opted out".to_owned(),
            (_, Some(level)) => format!("{level} consent"),
            (_, None) => "no consent is on record".to_owned(),
        };
        let decisive = proof.decisive();
        let since = proof.since.map(|since| {
            let given = decisive.and_then(|proven| proven.given);
            let told = given.filter(|given| *given == GivenMoment::of(since));
            times.line(told.unwrap_or(GivenMoment::Instant(since)), None)
        });
        let by =
            |proven: &ProvenEntry| format!("entry {} ({})", proven.number, proven.entry.in_words());
        Self { now, since, by: decisive.map(by) }
    }

    /// In one line: `written consent, since 2026-03-01, by entry 1 (agreed in a form: written consent)`.
    pub(super) fn line(&self) -> String {
        let Self { now, since, by } = self;
        let since = since.as_ref().map_or_else(String::new, |since| format!(", since {since}"));
        let by = by.as_ref().map_or_else(String::new, |by| format!(", by {by}"));
        format!("{now}{since}{by}")
    }
}

impl Proof {
    /// The proof's conclusion, in words: that nothing of it was changed since an anchored head, that the history is consistent in
    /// itself, or that something does not check.
    pub fn verdict(&self) -> String {
        let open = self.doubts.iter().any(|doubt| doubt.known.is_none());
        if open || self.heads.iter().any(ProvenHead::is_doubtful) {
            return "This does not prove that nothing was changed: a head in the annex, or the ledger as a whole, is not what it should \
                    be. `frontdesk ledger verify` looks at everything."
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

    /// The earlier entries that retention has dropped, in words.
    pub(super) fn dropped(&self) -> Option<String> {
        let before = &self.before;
        (before.entries > 0).then(|| {
            format!(
                "{} earlier entries are no longer kept; their digest is {}",
                before.entries, before.digest
            )
        })
    }
}
