//! Rows that are found by small indices of their own type.

use std::{
    marker::PhantomData,
    num::NonZeroU32,
    ops::{Index, IndexMut},
};

/// The place of a row. One that is optional takes no more room.
pub(super) trait Ix: Copy {
    fn new(place: NonZeroU32) -> Self;
    fn place(self) -> NonZeroU32;
}

macro_rules! ix {
    ($($(#[$doc:meta])* $name:ident),+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) struct $name(NonZeroU32);

        impl Ix for $name {
            fn new(place: NonZeroU32) -> Self {
                Self(place)
            }

            fn place(self) -> NonZeroU32 {
                self.0
            }
        }
    )+};
}

ix! {
    /// An agent, in the order in which they became known. Ranks have the order of ids.
    AgentIx,
    /// A pool.
    PoolIx,
    /// A queue, in the order in which they became known.
    QueueIx,
    /// Agents who see the same.
    SeatIx,
    /// A skill.
    SkillIx,
    /// A set of skills.
    SkillSetIx
}

impl SkillIx {
    /// The index of the skill that became known after so many.
    pub(super) fn numbered(before: usize) -> Self {
        Self(place(before + 1))
    }
}

/// Rows that are never removed, so that an index that was given out stays good.
#[derive(Debug)]
pub(super) struct Table<I, T> {
    rows: Vec<T>,
    ix: PhantomData<I>,
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Self { rows: Vec::new(), ix: PhantomData }
    }
}

impl<I: Ix, T> Table<I, T> {
    pub(super) fn push(&mut self, row: T) -> I {
        self.rows.push(row);
        I::new(place(self.rows.len()))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        self.rows.iter().enumerate().map(|(i, row)| (I::new(place(i + 1)), row))
    }

    pub(super) fn indices(&self) -> impl Iterator<Item = I> + use<I, T> {
        (1..=self.rows.len()).map(|count| I::new(place(count)))
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// The index of the row that makes so many.
fn place(count: usize) -> NonZeroU32 {
    let place = u32::try_from(count).ok().and_then(NonZeroU32::new);
    place.unwrap_or(NonZeroU32::MAX)
}

impl<I: Ix, T> Index<I> for Table<I, T> {
    type Output = T;

    /// Cannot fail: indices come from this table's own `push`, and no row is ever removed.
    fn index(&self, ix: I) -> &T {
        &self.rows[ix.place().get() as usize - 1]
    }
}

impl<I: Ix, T> IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, ix: I) -> &mut T {
        &mut self.rows[ix.place().get() as usize - 1]
    }
}
