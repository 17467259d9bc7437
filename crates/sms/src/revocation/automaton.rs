//! Frames as automata that are in all their positions at once, 64 positions to a block.

use super::{
    hints::Least,
    lexicon::Tags,
    reading::Break,
    ruleset::{Frame, KINDS, Kind, Token},
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

/// Frames side by side. The first position of a frame means that it has begun, each further one that an item has been
/// read.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// A text that does not meet one of these is not looked at.
    pub(super) needs: Least,
    items: Vec<(usize, Item)>,
    used: usize,
    /// Positions at the beginning, skipped optional items included.
    starts: u64,
    finals: Vec<(usize, u16, Kind)>,
    /// The positions of the frames of each kind, and those where a frame of it has been read.
    of_kind: [u64; KINDS],
    finals_of: [u64; KINDS],
    /// For each set of tags: the items that a token with it fits, and the repeated ones among them.
    steps: Vec<(u64, u64)>,
    /// Optional positions, and runs of 2, 4, 8, 16, 32 of them that end at a position.
    optional: [u64; 6],
}

/// Positions, by what parts the clauses of their frames.
#[derive(Debug, Clone, Copy)]
struct Parts {
    /// A sign between clauses does.
    clauses: u64,
    /// The end of a sentence does.
    sentences: u64,
    /// Nothing does.
    whole: u64,
}

impl Block {
    /// Adds a frame; false if the block has no room for it.
    pub(super) fn add(&mut self, frame: u16, kind: Kind, items: &[Item]) -> bool {
        if items.is_empty() || self.used + items.len() + 1 > POSITIONS {
            return false;
        }
        let first = self.used;
        self.starts |= 1 << first;
        self.items.extend(items.iter().enumerate().map(|(at, item)| (first + 1 + at, *item)));
        self.used += items.len() + 1;
        self.finals.push((self.used - 1, frame, kind));
        if let Some(positions) = self.of_kind.get_mut(kind as usize) {
            *positions |= (first..self.used).fold(0, |all, bit| all | 1 << bit);
        }
        if let Some(finals) = self.finals_of.get_mut(kind as usize) {
            *finals |= 1 << (self.used - 1);
        }
        true
    }

    /// Makes the tables for the sets of tags that tokens can have.
    pub(super) fn finish(&mut self, sets: &[Tags], frames: &[Frame]) {
        let own = self.finals.iter().filter_map(|(_, frame, _)| frames.get(usize::from(*frame)));
        self.needs = Least::of(own.map(|frame| &frame.needs));
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

    fn parts(masks: [u64; KINDS]) -> Parts {
        let [clause, free, whole, sentence, first, message] = masks;
        Parts { clauses: clause | free | whole, sentences: sentence | first, whole: message }
    }

    /// Reads the tokens once, and tells of each frame that fits: its number, and the tokens of the clause.
    pub(super) fn read(
        &self,
        tokens: &[Token],
        steps: &mut usize,
        mut found: impl FnMut(u16, &[Token]),
    ) {
        let [clause, free, _, _, first, _] = self.of_kind;
        let (positions, finals) = (Self::parts(self.of_kind), Self::parts(self.finals_of));
        let [soft_clause, soft_free, ..] = self.finals_of;
        let (mut state, mut from) = (0, From::default());
        let mut before: Option<&Token> = None;
        // Whether what stands before, but for words that may stand anywhere, leaves room for a new clause.
        let mut is_free = true;
        for (at, token) in tokens.iter().enumerate() {
            let parted = before.map_or(Break::End, |before| before.after);
            let gone = positions.parted_by(parted);
            if gone != 0 {
                state &= !gone;
            }
            let mut begin = if at == 0 { gone } else { gone & !first };
            if parted >= Break::Clause {
                (from.clause, is_free) = (at, true);
            }
            if parted >= Break::Question {
                from.sentence = at;
            }
            if before.is_some_and(|before| before.is_open_to(token)) {
                begin |= clause | free;
            }
            if is_free {
                begin |= free;
            }
            state |= self.starts & begin;
            *steps += 1;
            state = self.step(state, token);
            if !token.is_skipped {
                is_free = !token.is_gate;
            }
            before = Some(token);
            let next = tokens.get(at + 1);
            let ends = finals.parted_by(if next.is_none() { Break::End } else { token.after });
            let soft = next.is_some_and(|next| token.may_end_before(next));
            let read = state & if soft { ends | soft_clause | soft_free } else { ends };
            if read == 0 {
                continue;
            }
            for (_, frame, kind) in self.finals.iter().filter(|(bit, ..)| read & (1 << bit) != 0) {
                found(*frame, tokens.get(from.of(*kind)..=at).unwrap_or_default());
            }
        }
    }
}

impl Parts {
    /// The positions whose clauses such a break parts.
    fn parted_by(self, by: Break) -> u64 {
        match by {
            Break::Nothing | Break::Space => 0,
            Break::Clause => self.clauses,
            Break::Question | Break::Sentence => self.clauses | self.sentences,
            Break::End => self.clauses | self.sentences | self.whole,
        }
    }
}

/// Where the clause and the sentence that are being read began.
#[derive(Debug, Default, Clone, Copy)]
struct From {
    clause: usize,
    sentence: usize,
}

impl From {
    fn of(self, kind: Kind) -> usize {
        match kind {
            Kind::Clause | Kind::Free | Kind::Whole => self.clause,
            Kind::Sentence | Kind::First => self.sentence,
            Kind::Message => 0,
        }
    }
}
