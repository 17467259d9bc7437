//! Frames as automata that are in all their positions at once, 64 positions to a block.

use super::{
    lexicon::Tags,
    reading::Break,
    ruleset::{Kind, Token},
};

/// Positions of a block.
const POSITIONS: usize = 64;

/// A part of a frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// A token fits that has one of these tags,
    pub(super) any: Tags,
    /// and none of these.
    pub(super) none: Tags,
    pub(super) optional: bool,
    pub(super) repeated: bool,
    pub(super) is_act: bool,
}

impl Item {
    fn fits(&self, tags: Tags) -> bool {
        tags & self.any != 0 && tags & self.none == 0
    }
}

/// Frames of one kind, side by side. The first position of a frame means that it has begun, each further one that an item
/// has been read.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// A text without any of these tags is not looked at.
    pub(super) acts: Tags,
    items: Vec<(usize, Item)>,
    used: usize,
    /// Positions at the beginning, skipped optional items included.
    starts: u64,
    finals: Vec<(usize, u16)>,
    is_final: u64,
    /// For each set of tags: the items that a token with it fits, and the repeated ones among them.
    steps: Vec<(u64, u64)>,
    /// Optional positions, and runs of 2, 4, 8, 16, 32 of them that end at a position.
    optional: [u64; 6],
}

impl Block {
    pub(super) fn new(kind: Kind) -> Self {
        let (items, finals, steps) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            kind,
            acts: 0,
            items,
            used: 0,
            starts: 0,
            finals,
            is_final: 0,
            steps,
            optional: [0; 6],
        }
    }

    /// Adds a frame; false if the block has no room for it.
    pub(super) fn add(&mut self, frame: u16, acts: Tags, items: &[Item]) -> bool {
        if items.is_empty() || self.used + items.len() + 1 > POSITIONS {
            return false;
        }
        self.starts |= 1 << self.used;
        self.items.extend(items.iter().enumerate().map(|(at, item)| (self.used + 1 + at, *item)));
        self.used += items.len() + 1;
        self.finals.push((self.used - 1, frame));
        self.is_final |= 1 << (self.used - 1);
        self.acts |= acts;
        true
    }

    /// Makes the tables for the sets of tags that tokens can have.
    pub(super) fn finish(&mut self, sets: &[Tags]) {
        let mask = |wanted: &dyn Fn(&Item) -> bool| {
            let bits =
                self.items.iter().filter(|(_, item)| wanted(item)).map(|(at, _)| 1_u64 << at);
            bits.fold(0, |all, bit| all | bit)
        };
        let step = |tags: &Tags| {
            let fits = mask(&|item| item.fits(*tags));
            (fits, mask(&|item| item.repeated && item.fits(*tags)))
        };
        let steps = sets.iter().map(step).collect();
        let mut run = mask(&|item| item.optional);
        for (at, place) in self.optional.iter_mut().enumerate() {
            *place = run;
            run &= run << (1 << at);
        }
        self.steps = steps;
        self.starts = self.skip(self.starts);
    }

    /// With optional items skipped.
    fn skip(&self, mut state: u64) -> u64 {
        for (at, run) in self.optional.iter().enumerate() {
            state |= run & (state << (1 << at));
        }
        state
    }

    fn step(&self, state: u64, token: &Token) -> u64 {
        let (fits, repeats) = self.steps.get(usize::from(token.set)).copied().unwrap_or((0, 0));
        let stays = if token.is_skipped { u64::MAX } else { repeats };
        self.skip(((state << 1) & fits) | (state & stays))
    }

    /// Reads the tokens once, and tells of each frame that fits: its number, and the tokens of the clause.
    pub(super) fn read(
        &self,
        tokens: &[Token],
        steps: &mut usize,
        mut found: impl FnMut(u16, &[Token]),
    ) {
        let (mut state, mut from) = (0, 0);
        let mut before: Option<&Token> = None;
        // Whether what stands before, but for words that may stand anywhere, leaves room for a new clause.
        let mut is_free = true;
        for (at, token) in tokens.iter().enumerate() {
            let parted = before.is_none_or(|before| self.kind.is_hard(before.after));
            let begins = parted && (self.kind != Kind::First || at == 0);
            if parted {
                (state, from, is_free) = (0, at, true);
            }
            let opens = before.is_some_and(|before| before.is_open_to(token));
            if begins || self.kind.is_soft() && opens || self.kind == Kind::Free && is_free {
                state |= self.starts;
            }
            *steps += 1;
            state = self.step(state, token);
            if !token.is_skipped {
                is_free = !token.is_gate;
            }
            before = Some(token);
            if state & self.is_final == 0 {
                continue;
            }
            let next = tokens.get(at + 1);
            let hard = next.is_none() || self.kind.is_hard(token.after);
            if hard || self.kind.is_soft() && next.is_some_and(|next| token.may_end_before(next)) {
                for (_, frame) in self.finals.iter().filter(|(bit, _)| state & (1 << bit) != 0) {
                    found(*frame, tokens.get(from..=at).unwrap_or_default());
                }
            }
        }
    }
}

impl Kind {
    /// Whether a frame of this kind may begin and end without punctuation.
    fn is_soft(self) -> bool {
        matches!(self, Self::Clause | Self::Free)
    }

    /// Whether a frame of this kind begins and ends at such a break.
    fn is_hard(self, after: Break) -> bool {
        match self {
            Self::Clause | Self::Free | Self::Whole => after >= Break::Clause,
            Self::Sentence | Self::First => after >= Break::Question,
            Self::Message => false,
        }
    }
}
