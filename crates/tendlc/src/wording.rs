//! Reads the language of registrations: disclosures, consent, negations and brand names (DLC-1).
//!
//! A text is split into sentences of plain words ([`Reading`]). A grammar of wordings (`wording/grammar/*.toml`) says which
//! sentences have a meaning ([`Meaning`]). Both are linear in the length of the text.

mod brand;
mod grammar;
mod language;
mod link;
mod name_words;
mod quote;
mod sender_words;
mod sentence;
#[cfg(test)]
mod tests;

pub(crate) use brand::BrandNames;
pub(crate) use grammar::{Meaning, Reading, is_denied};
pub(crate) use language::is_foreign;
pub(crate) use link::{Link, link_hosts, links};
pub(crate) use quote::{quotations, unquoted};
pub(crate) use sender_words::is_legal;
