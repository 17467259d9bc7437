//! The head of a document: sender, programmes, maker, moment; and the summary of its sections.

use std::collections::BTreeMap;

use frontdesk_types::SupportNumber;

use super::{ProofDocument, ProofSection, standing::Holding};
use crate::consent::{GivenMoment, Programme, Proof, Sender};

/// The words for a part of the sender that nobody has configured.
const NOT_CONFIGURED: &str = "not in the configuration";

/// Names and values of the head.
pub(super) fn head(document: &ProofDocument) -> Vec<(&'static str, String)> {
    let Sender { legal_name, address, brand, center, .. } = &document.sender;
    let known = |text: &String| if text.is_empty() { NOT_CONFIGURED.into() } else { text.clone() };
    let mut all = vec![
        ("Sender (legal name)", known(legal_name)),
        ("Address", known(address)),
        ("Brand", known(brand)),
        ("Contact center", known(center)),
    ];
    let mut programmes: BTreeMap<&Programme, &Sender> = BTreeMap::new();
    programmes.extend(document.proofs().map(|proof| (&proof.programme, &proof.sender)));
    for (programme, sender) in programmes {
        all.push(("Programme", programme_line(programme, sender)));
    }
    all.push(("Made on", document.times.line(GivenMoment::Instant(document.made), None)));
    all.push(("Made by", document.made_by.to_owned()));
    all
}

/// `C1, a campaign that texts from +12025550120`, or a number by itself.
pub(super) fn programme_line(programme: &Programme, sender: &Sender) -> String {
    let numbers: Vec<String> = sender.numbers.iter().map(SupportNumber::to_string).collect();
    let from = if numbers.is_empty() { "no number".into() } else { numbers.join(", ") };
    match (sender.campaign.is_empty(), numbers.as_slice()) {
        (false, _) => format!("{programme}, a campaign that texts from {from}"),
        (true, [number]) if *number == programme.to_string() => {
            format!("{programme}, a number that belongs to no campaign")
        }
        (true, _) => format!("{programme}, which is no campaign; it texts from {from}"),
    }
}

/// A line of the summary: number, programme, standing now, since when, by which entry.
pub(super) type SummaryLine = [String; 5];

/// The names of the summary's columns.
pub(super) const SUMMARY: [&str; 5] = ["Number", "Programme", "Standing now", "Since", "By"];

/// A line for each section; none where there is only one.
pub(super) fn summary(document: &ProofDocument) -> Vec<SummaryLine> {
    if document.sections.len() < 2 {
        return Vec::new();
    }
    let dash = || "–".to_owned();
    let of_proof = |proof: &Proof| {
        let Holding { now, since, by } = Holding::of(proof, &document.times);
        let (number, programme) = (proof.consumer.to_string(), proof.programme.to_string());
        [number, programme, now, since.unwrap_or_else(dash), by.unwrap_or_else(dash)]
    };
    let line = |section: &ProofSection| match section {
        ProofSection::Broken { consumer, .. } => {
            [consumer.to_string(), dash(), "NOT what was entered".into(), dash(), dash()]
        }
        ProofSection::NoEntry { nothing, .. } => [dash(), dash(), nothing.clone(), dash(), dash()],
        ProofSection::Nothing { consumer, .. } => {
            [consumer.to_string(), dash(), "nothing was entered".into(), dash(), dash()]
        }
        ProofSection::Proof(proof) => of_proof(proof),
    };
    document.sections.iter().map(line).collect()
}
