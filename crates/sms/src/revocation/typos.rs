//! Words with one typing error.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    Languages,
    lexicon::{UNKNOWN, WordId},
};

/// The shortest word for which any typing error is accepted, in bytes.
pub(super) const SHORTEST: usize = 6;
/// Shorter words down to this length may have two neighbours changed places ("sotp").
const SHORTEST_CHANGED: usize = 4;
/// Maximum words that are compared with one mistyped word.
pub(super) const CANDIDATES: usize = 24;

/// The words for which a typing error is accepted. A word with one error keeps its first three letters or its last three.
#[derive(Debug, Default)]
pub(super) struct Typos {
    words: Vec<(Box<[u8]>, WordId, Languages)>,
    by_start: FxHashMap<[u8; 3], SmallVec<[u16; 4]>>,
    by_end: FxHashMap<[u8; 3], SmallVec<[u16; 4]>>,
    /// Short words, by their spellings with two neighbours changed.
    changed: FxHashMap<Box<[u8]>, u16>,
}

impl Typos {
    pub(super) fn add(&mut self, word: &[u8], id: WordId, languages: Languages) {
        if word.len() < SHORTEST_CHANGED {
            return;
        }
        if let Some(known) = self.words.iter_mut().find(|known| known.1 == id) {
            known.2 = known.2.union(languages);
            return;
        }
        let index = u16::try_from(self.words.len()).unwrap_or(u16::MAX);
        self.words.push((word.into(), id, languages));
        if word.len() < SHORTEST {
            for at in 1..word.len() {
                let mut spelling = word.to_vec();
                spelling.swap(at - 1, at);
                self.changed.insert(spelling.into(), index);
            }
        } else if let Some((start, end)) = ends(word) {
            self.by_start.entry(start).or_default().push(index);
            self.by_end.entry(end).or_default().push(index);
        }
    }

    /// The largest number of words that begin alike, or end alike, together.
    #[cfg(test)]
    pub(super) fn most_candidates(&self) -> usize {
        let most = |map: &FxHashMap<[u8; 3], SmallVec<[u16; 4]>>| {
            map.values().map(SmallVec::len).max().unwrap_or(0)
        };
        most(&self.by_start) + most(&self.by_end)
    }

    /// The word that is meant, if it is one of `languages`.
    pub(super) fn meant(&self, word: &[u8], languages: Languages) -> WordId {
        if word.len() < SHORTEST {
            let known = self.changed.get(word).and_then(|at| self.words.get(usize::from(*at)));
            if let Some(known) = known.filter(|known| known.2.intersects(languages)) {
                return known.1;
            }
        }
        if word.len() + 1 < SHORTEST {
            return UNKNOWN;
        }
        let Some((start, end)) = ends(word) else { return UNKNOWN };
        let candidates = self.by_start.get(&start).into_iter().chain(self.by_end.get(&end));
        let known =
            candidates.flatten().take(CANDIDATES).filter_map(|at| self.words.get(usize::from(*at)));
        known
            .filter(|known| known.2.intersects(languages))
            .find(|known| is_one_error(word, &known.0))
            .map_or(UNKNOWN, |known| known.1)
    }
}

fn ends(word: &[u8]) -> Option<([u8; 3], [u8; 3])> {
    Some((*word.first_chunk()?, *word.last_chunk()?))
}

/// Whether one letter is missing, added, replaced, or changed places with the next.
pub(super) fn is_one_error(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) =
        (short.get(same..).unwrap_or_default(), long.get(same..).unwrap_or_default());
    match (short, long) {
        ([], [] | [_]) => true,
        ([a, rest @ ..], [b, others @ ..]) if short.len() == long.len() => {
            rest == others
                || matches!((rest, others), ([c, rest @ ..], [d, others @ ..]) if (a, c) == (d, b) && rest == others)
        }
        (short, [_, others @ ..]) => short == others,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_error_is_one_letter() {
        for (a, b, one) in [
            ("unsubscibe", "unsubscribe", true),
            ("unsubscribee", "unsubscribe", true),
            ("unsibscribe", "unsubscribe", true),
            ("unusbscribe", "unsubscribe", true),
            ("unsubscribe", "unsubscribe", true),
            ("unsuscibe", "unsubscribe", false),
            ("massages", "message", false),
            ("", "ab", false),
        ] {
            assert_eq!(is_one_error(a.as_bytes(), b.as_bytes()), one, "{a} {b}");
        }
    }
}
