//! The document of proofs: what a compliance officer hands to a judge, as text and as a page to print.

mod annex;
mod glossary;
mod head;
mod page;
mod row;
mod standing;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;

use frontdesk_types::{Instant, PhoneNumber};
use serde::Serialize;

use super::{LocalTimes, Programme, Proof, Sender, proof::MADE_BY};

/// A document of proofs: its sender and maker, a summary, a section for each history, its limits, a glossary, and an annex with
/// everything that a computer checks.
///
/// As text by `Display`, as one page of HTML by [`ProofDocument::page`]. The page needs nothing else: no script, no picture, no
/// address. Texts of consumers stand there as text.
///
/// ```
/// use frontdesk_tendlc::{ProofDocument, ProofSection};
///
/// let made = "2026-11-27T15:00:00Z".parse()?;
/// let mut document = ProofDocument::new("Consent of +12025550123", made);
/// document.sender.legal_name = "Harbor Books LLC".into();
/// document.sections.push(ProofSection::nothing("+12025550123".parse()?, None));
/// let page = document.page().to_string();
/// assert!(page.starts_with("<!doctype html>") && page.contains("Harbor Books LLC"));
/// assert!(page.contains("Nothing was ever entered for +12025550123."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ProofDocument {
    /// The heading.
    pub title: String,
    /// The sender, without campaign and numbers: each section has its own.
    pub sender: Sender,
    /// When the document was made.
    pub made: Instant,
    /// The program that made it, with its version.
    pub made_by: &'static str,
    /// The clocks of its moments.
    pub times: LocalTimes,
    /// The sections, in their order.
    pub sections: Vec<ProofSection>,
}

/// A section of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ProofSection {
    /// A history that is not what was entered, or that cannot be read.
    Broken {
        /// The consumer.
        consumer: PhoneNumber,
        /// The mistake.
        error: String,
    },
    /// No entry was made in a period that was asked for.
    NoEntry {
        /// The beginning of the period.
        from: Instant,
        /// Its end, which does not belong to it.
        to: Instant,
        /// The same in words.
        nothing: String,
    },
    /// Nothing was ever entered of a consumer, or nothing that tells what holds for the programme that was asked for.
    Nothing {
        /// The consumer.
        consumer: PhoneNumber,
        /// The same in words.
        nothing: String,
    },
    /// The proof of one history.
    Proof(Box<Proof>),
}

impl ProofDocument {
    /// A document without sections.
    pub fn new(title: impl Into<String>, made: Instant) -> Self {
        Self {
            title: title.into(),
            sender: Sender::default(),
            made,
            made_by: MADE_BY,
            times: LocalTimes::default(),
            sections: Vec::new(),
        }
    }

    /// The document as a page of HTML.
    pub fn page(&self) -> impl fmt::Display {
        page::Page(self)
    }

    /// The proofs, in the order of their sections.
    fn proofs(&self) -> impl Iterator<Item = &Proof> {
        self.sections.iter().filter_map(|section| match section {
            ProofSection::Proof(proof) => Some(&**proof),
            _ => None,
        })
    }
}

impl ProofSection {
    /// The section of a consumer of whom nothing was entered; with a programme, nothing that tells what holds for it.
    pub fn nothing(consumer: PhoneNumber, programme: Option<&Programme>) -> Self {
        let nothing = match programme {
            None => format!("Nothing was ever entered for {consumer}."),
            Some(programme) => format!(
                "Nothing was ever entered for {consumer} that tells what holds for {programme}."
            ),
        };
        Self::Nothing { consumer, nothing }
    }

    /// The section of a period without entries; with a programme, without entries that tell what holds for it.
    pub fn no_entry(from: Instant, to: Instant, programme: Option<&Programme>) -> Self {
        let minutes = |at: Instant| at.format("%Y-%m-%d %H:%M UTC").to_string();
        let what = programme.map_or_else(String::new, |name| format!(" for the programme {name}"));
        let (first, last) = (minutes(from), minutes(to));
        let nothing = format!("No entry was made{what} between {first} and {last}.");
        Self::NoEntry { from, to, nothing }
    }

    /// The words of a section without a proof.
    fn note(&self) -> Option<String> {
        match self {
            Self::Broken { consumer, error } => {
                Some(format!("Consent of {consumer}: NOT what was entered: {error}"))
            }
            Self::NoEntry { nothing, .. } | Self::Nothing { nothing, .. } => Some(nothing.clone()),
            Self::Proof(_) => None,
        }
    }
}
