//! Words and phone numbers that are written in parts.

use smallvec::SmallVec;

use super::{MAX_WORD, Reader, Token};
use crate::content::lexicon::{UNKNOWN, Word, class};

impl Reader<'_> {
    /// Joins the parts of a word that was written in two.
    pub(super) fn join_parts(&mut self) {
        let mut tokens = std::mem::take(&mut self.read.tokens);
        let mut moved: SmallVec<[usize; 4]> = SmallVec::new();
        let mut kept = 0_usize;
        for n in 0..tokens.len() {
            let Some(token) = tokens.get(n).copied() else { break };
            if let Some(before) = kept.checked_sub(1).and_then(|last| tokens.get_mut(last))
                && (before.word == UNKNOWN || token.word == UNKNOWN)
                && before.class == UNKNOWN
                && token.class == UNKNOWN
                && before.sentence == token.sentence
                && token.from == before.to + 1
                && let Some(word) = self.joined(before, &token)
            {
                *before = Token { to: token.to, word, also: UNKNOWN, disguised: true, ..*before };
                moved.push(n);
                continue;
            }
            if let Some(place) = tokens.get_mut(kept) {
                *place = token;
            }
            kept += 1;
        }
        tokens.truncate(kept);
        for (at, _) in &mut self.read.links {
            *at -= moved.iter().filter(|n| **n <= *at).count();
        }
        self.read.tokens = tokens;
    }

    fn joined(&mut self, first: &Token, second: &Token) -> Option<Word> {
        let length = second.to - first.from;
        if !(7..=16).contains(&length) || second.to - second.from < 2 || first.to - first.from < 2 {
            return None;
        }
        let written = self.text.get(first.from..second.to)?;
        if !matches!(written.as_bytes().get(first.to - first.from), Some(b' ' | b'-')) {
            return None;
        }
        let letters: SmallVec<[u8; MAX_WORD]> = written
            .bytes()
            .filter(u8::is_ascii_alphabetic)
            .map(|byte| byte.to_ascii_lowercase())
            .collect();
        if letters.len() + 1 != length {
            return None;
        }
        self.read.steps += 1;
        Some(self.lexicon.word(&letters)).filter(|word| *word != UNKNOWN)
    }

    /// Makes a phone number of the groups of digits that it is written in.
    pub(super) fn join_numbers(&mut self) {
        if self.read.tokens.iter().all(|token| token.class != class::NUMBER) {
            return;
        }
        let mut joined: Vec<Token> = Vec::with_capacity(self.read.tokens.len());
        let tokens = std::mem::take(&mut self.read.tokens);
        let mut places: SmallVec<[usize; 32]> = SmallVec::new();
        let mut at = 0;
        while let Some(first) = tokens.get(at) {
            places.push(joined.len());
            let length = if first.class == class::NUMBER {
                self.phone(tokens.get(at..).unwrap_or_default())
            } else {
                0
            };
            if length == 0 {
                joined.push(*first);
                at += 1;
                continue;
            }
            let to = tokens.get(at + length - 1).map_or(first.to, |last| last.to);
            joined.push(Token { to, word: UNKNOWN, also: UNKNOWN, class: class::PHONE, ..*first });
            places.extend(std::iter::repeat_n(joined.len() - 1, length - 1));
            at += length;
        }
        for (token, _) in &mut self.read.links {
            *token = places.get(*token).copied().unwrap_or(0);
        }
        self.read.tokens = joined;
    }

    /// How many tokens of digits are one phone number of ten or eleven digits; 0 where they are none.
    fn phone(&self, tokens: &[Token]) -> usize {
        let mut digits = 0;
        let mut before: Option<&Token> = None;
        for (n, token) in tokens.iter().take(12).enumerate() {
            let near = before.is_none_or(|before| {
                self.text.get(before.to..token.from).is_some_and(|gap| {
                    gap.len() <= 4
                        && gap.chars().all(|c| matches!(c, ' ' | '-' | '.' | '(' | ')' | '–' | '/'))
                })
            });
            if token.class != class::NUMBER || !near {
                return 0;
            }
            digits += token.to - token.from;
            before = Some(token);
            let more = tokens.get(n + 1).is_some_and(|next| {
                next.class == class::NUMBER
                    && self
                        .text
                        .get(token.to..next.from)
                        .is_some_and(|gap| gap == "-" || gap == ".")
            });
            if matches!(digits, 10 | 11) && !more {
                let one = tokens
                    .first()
                    .and_then(|first| self.text.get(first.from..first.to))
                    .is_some_and(|first| first.starts_with('1'));
                return if digits == 10 || one { n + 1 } else { 0 };
            }
            if digits > 11 {
                return 0;
            }
        }
        0
    }
}
