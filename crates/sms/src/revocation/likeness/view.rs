//! The features of a text in one view, each a number; some share one. Also the view of what the rules of a language take words for.

use smallvec::SmallVec;

use crate::revocation::{
    lexicon::Tags,
    reading::Break,
    ruleset::{NUMBER_TAG, QUOTE_TAG, Token, WORD_TAG},
};

/// How many features are told apart, as a power of two.
const BITS: u32 = 17;
/// How many features are told apart.
pub(crate) const FEATURES: usize = 1 << BITS;
/// Where words have spaces, each that the rules know is paired with so many that follow.
const FOLLOWING: usize = 3;
/// The tags of what rules do not know.
const UNKNOWN: Tags = WORD_TAG | NUMBER_TAG | QUOTE_TAG;

/// The role of letters in a feature: the same letters are another feature in another role.
#[derive(Clone, Copy)]
pub(super) enum Role {
    Word = 1,
    Pair,
    Triple,
    /// Two words with one between them.
    Around,
    /// Two words with two or three between them: "do not … stop".
    Apart,
    /// The first words of a question.
    Asked,
    Part,
    First,
    Opening,
    Clauses,
    Length,
    Sequence,
    /// What the rules take a word for; it and the next ones; words that rules know, whatever stands between them.
    Concept,
    ConceptPair,
    ConceptTriple,
    KnownPair,
    KnownTriple,
    /// The rule that has found something.
    Rule,
}

/// The beginning and the end of a clause, among words and among letters.
pub(super) const BEGIN: u32 = 0x11_0001;
pub(super) const END: u32 = 0x11_0002;

/// One step of a hash that is the same on every machine and in every version: weights belong to it.
pub(super) fn mixed(hash: u32, part: u32) -> u32 {
    (hash.rotate_left(5) ^ part).wrapping_mul(0x9e37_79b1)
}

/// The features of one view of a text. What occurs twice is there twice.
#[derive(Debug, Default)]
pub(crate) struct View {
    numbers: SmallVec<[u32; 128]>,
}

impl View {
    /// The numbers of the features, below [`FEATURES`].
    pub(crate) fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    pub(super) fn add(&mut self, role: Role, parts: impl IntoIterator<Item = u32>) {
        let hash = parts.into_iter().fold(mixed(0, role as u32), mixed);
        self.numbers.push(mixed(hash, hash >> 15) >> (32 - BITS));
    }

    /// What the rules of a language take the words of a text for, with spaces between words or without.
    pub(crate) fn of_tokens(tokens: &[Token], has_words: bool) -> Self {
        let mut view = Self::default();
        let following = if has_words { FOLLOWING } else { 1 };
        for clause in tokens.split_inclusive(|token| token.after > Break::Space) {
            let framed: SmallVec<[u32; 32]> =
                [BEGIN].into_iter().chain(clause.iter().map(concept)).chain([END]).collect();
            for token in clause {
                view.add(Role::Concept, [concept(token)]);
            }
            for pair in framed.windows(2) {
                view.add(Role::ConceptPair, pair.iter().copied());
            }
            for triple in framed.windows(3) {
                view.add(Role::ConceptTriple, triple.iter().copied());
            }
            let known = clause.iter().filter(|token| token.tags & UNKNOWN == 0);
            let known: SmallVec<[u32; 32]> = known.map(concept).collect();
            for distance in 1..=following {
                for (one, other) in known.iter().zip(known.iter().skip(distance)) {
                    view.add(Role::KnownPair, [*one, *other]);
                }
            }
            if has_words {
                for triple in known.windows(3) {
                    view.add(Role::KnownTriple, triple.iter().copied());
                }
            }
        }
        view
    }

    /// A rule has found something.
    pub(crate) fn add_rule(&mut self, name: &str) {
        self.add(Role::Rule, name.bytes().map(u32::from));
    }
}

/// What rules take a word for.
fn concept(token: &Token) -> u32 {
    let bytes = token.tags.to_le_bytes();
    let (parts, _) = bytes.as_chunks();
    parts.iter().copied().map(u32::from_le_bytes).fold(0, mixed)
}
