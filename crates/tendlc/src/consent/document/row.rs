//! An entry of a history as a row of its table.

use crate::consent::{Act, GivenMoment, LocalTimes, Proof, ProvenEntry, RevocationChannel};

/// A row: each part in lines.
pub(super) struct Row<'a> {
    pub(super) number: u64,
    /// The moment at which the consumer gave or revoked consent; empty for acts of others.
    pub(super) given: Vec<String>,
    pub(super) entered: Vec<String>,
    pub(super) act: Vec<String>,
    /// The name of the wording: the consumer's, the text that was shown, or the reason of an erasure.
    pub(super) wording: Option<(&'static str, &'a str)>,
    pub(super) evidence: Option<String>,
    pub(super) is_erased: bool,
    /// The entry's place in the annex.
    pub(super) annex: String,
}

impl<'a> Row<'a> {
    pub(super) fn of(proven: &'a ProvenEntry, history: usize, times: &LocalTimes) -> Self {
        let entry = &proven.entry;
        let zone = entry.evidence.details.as_ref().and_then(|details| details.zone);
        let mut act: Vec<String> = std::iter::once(entry.in_words()).chain(clock(proven)).collect();
        if proven.outlived {
            act.push("it took nothing back: consent was given after it".into());
        }
        act.extend(confirmation(proven, times));
        let name = match entry.act {
            Act::Erased { .. } => "reason",
            _ => "wording",
        };
        Self {
            number: proven.number,
            given: proven.given.map(|given| times.lines(given, zone)).unwrap_or_default(),
            entered: times.lines(GivenMoment::Instant(entry.at), zone),
            act,
            wording: (!entry.wording.is_empty()).then_some((name, &*entry.wording)),
            evidence: (!entry.evidence.is_empty()).then(|| entry.evidence_in_words()),
            is_erased: proven.is_erased(),
            annex: label(history, proven.number),
        }
    }

    /// The rows of a proof, which is number `history` of its document.
    pub(super) fn all(
        proof: &'a Proof,
        history: usize,
        times: &'a LocalTimes,
    ) -> impl Iterator<Item = Self> {
        proof.history.iter().map(move |proven| Self::of(proven, history, times))
    }
}

/// The name of an entry in the annex: `A1.3` is entry 3 of the first history.
pub(super) fn label(history: usize, number: u64) -> String {
    format!("A{history}.{number}")
}

/// The last day of a revocation, and whether it was entered by then. One that a list tells of may have been honoured in time by the
/// system that the list is of.
fn clock(proven: &ProvenEntry) -> Option<String> {
    let clock = proven.clock.as_ref()?;
    let is_taken_over =
        matches!(proven.entry.act, Act::Revoked { channel: RevocationChannel::List, .. });
    Some(if is_taken_over {
        format!("taken over from a list; to be honoured by {} by the system of before", clock.due)
    } else {
        clock.to_string()
    })
}

/// The fate of the one text that may leave after a STOP.
fn confirmation(proven: &ProvenEntry, times: &LocalTimes) -> Option<String> {
    if let Some(confirmation) = &proven.confirmation {
        let at = confirmation.at.map(|at| times.line(GivenMoment::Instant(at), None));
        let at = at.map_or_else(String::new, |at| format!(", on {at}"));
        return Some(format!("{confirmation}{at}"));
    }
    match &proven.entry.act {
        Act::OptedOut { confirmation: Some(message), .. } => {
            let message = message.as_str();
            Some(format!("one confirmation (message {message}) was due"))
        }
        Act::OptedOut { confirmation: None, .. } => Some(
            "no confirmation was due from the center: the provider sends one, or an earlier revocation had one".into(),
        ),
        _ => None,
    }
}
