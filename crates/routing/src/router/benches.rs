//! A queue's agents as its sessions look for them, and its pools as its agents look for sessions.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::{
    Kind,
    agents::{Agent, Membership, Turn},
    pool::{Order, PoolKey, Reach},
    table::{AgentIx, PoolIx, SkillIx},
};
use crate::StaffRules;

/// Agents of one group who have a skill, or any.
#[derive(Debug, Default)]
pub(super) struct Bench {
    /// Who may take a session now.
    pub(super) eligible: BTreeSet<AgentIx>,
    /// Those of them who can be given a session alone, in the order in which they are asked.
    pub(super) free: BTreeSet<(Turn, AgentIx)>,
}

/// Pools whose sessions ask for a skill, or for none, by their first session.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// Fresh sessions, and open ones.
    pub(super) first: [BTreeSet<(Order, PoolIx)>; 2],
}

/// What is indexed by a kind, and a skill if there is one.
pub(super) type By = (Kind, Option<SkillIx>);

/// How many agents have each skill.
pub(super) type Skilled = FxHashMap<SkillIx, usize>;

#[derive(Debug, Default)]
pub(super) struct Benches {
    /// Kinds of which sessions have come: others are not looked for.
    kinds: [bool; 2],
    /// Groups that agents are in.
    groups: BTreeSet<u8>,
    rows: FxHashMap<(u8, Kind, Option<SkillIx>), Bench>,
    heads: FxHashMap<By, Heads>,
    /// Pools that have sessions which were offered to somebody alone before.
    pub(super) again: BTreeSet<PoolIx>,
    /// Pools with more than one open session: how many of those are shown depends on how many agents there are.
    pub(super) long: BTreeSet<PoolIx>,
    /// How many of the queue's agents have each skill.
    pub(super) skilled: Skilled,
}

fn place(kind: Kind) -> usize {
    match kind {
        Kind::Call => 0,
        Kind::Chat => 1,
    }
}

/// Which of [`Heads::first`] fresh sessions are in, and which open ones.
pub(super) const FRESH: usize = 0;
pub(super) const OPEN: usize = 1;

impl Benches {
    pub(super) fn knows(&self, kind: Kind) -> bool {
        self.kinds.get(place(kind)).copied().unwrap_or(false)
    }

    /// Sessions of a kind come from now on.
    pub(super) fn learn(&mut self, kind: Kind) {
        if let Some(known) = self.kinds.get_mut(place(kind)) {
            *known = true;
        }
    }

    /// The skill of a set that the fewest agents have.
    pub(super) fn rarest(&self, skills: &[SkillIx]) -> Option<SkillIx> {
        let count = |skill: &SkillIx| self.skilled.get(skill).copied().unwrap_or(0);
        skills.iter().copied().min_by_key(count)
    }

    /// An agent's place in all benches, or in none.
    pub(super) fn seat(&mut self, seat: &Seating<'_>, put: bool) {
        let Seating { ix, agent, member, kind, free, rules } = *seat;
        let turn = (agent.turn(kind, member, rules), ix);
        let skills = agent.skills.iter().map(|skill| Some(*skill));
        for skill in std::iter::once(None).chain(skills) {
            let bench = self.rows.entry((member.group, kind, skill)).or_default();
            if put {
                bench.eligible.insert(ix);
                if free {
                    bench.free.insert(turn);
                }
            } else {
                bench.eligible.remove(&ix);
                bench.free.remove(&turn);
            }
        }
        if put {
            self.groups.insert(member.group);
        }
    }

    /// Whether an agent can be given a session alone.
    pub(super) fn is_free(&self, kind: Kind, group: u8, turn: &(Turn, AgentIx)) -> bool {
        let bench = self.rows.get(&(group, kind, None));
        bench.is_some_and(|bench| bench.free.contains(turn))
    }

    /// Whether anybody of a group may take a session now.
    pub(super) fn anybody(&self, group: u8, kind: Kind) -> bool {
        self.rows.get(&(group, kind, None)).is_some_and(|bench| !bench.eligible.is_empty())
    }

    /// The benches on which a pool's agents sit, the first groups first.
    pub(super) fn of(
        &self,
        key: &PoolKey,
        rarest: Option<SkillIx>,
    ) -> impl Iterator<Item = &Bench> {
        let (reach, kind) = (key.reach, key.kind);
        let groups = match reach {
            Reach::All => 0..=u8::MAX,
            Reach::Only(only) => only..=only,
            Reach::UpTo(last) => 0..=last,
        };
        let groups = self.groups.range(groups);
        groups.filter_map(move |group| self.rows.get(&(*group, kind, rarest)))
    }

    /// Benches on which somebody can be given a session alone.
    pub(super) fn with_free(&self) -> impl Iterator<Item = (By, &Bench)> {
        let rows = self.rows.iter().filter(|(_, bench)| !bench.free.is_empty());
        rows.map(|((_, kind, skill), bench)| ((*kind, *skill), bench))
    }

    /// The pools that an agent's skill leads to, by their first session.
    pub(super) fn heads(&self, kind: Kind, skill: Option<SkillIx>) -> Option<&Heads> {
        self.heads.get(&(kind, skill))
    }

    /// A pool's first session has changed.
    pub(super) fn set_head(
        &mut self,
        by: By,
        line: usize,
        pool: PoolIx,
        [before, now]: [Option<Order>; 2],
    ) {
        let heads = self.heads.entry(by).or_default();
        let Some(first) = heads.first.get_mut(line) else { return };
        if let Some(before) = before {
            first.remove(&(before, pool));
        }
        if let Some(now) = now {
            first.insert((now, pool));
        } else if heads.first.iter().all(BTreeSet::is_empty) {
            self.heads.remove(&by);
        }
    }
}

/// An agent who is put on the benches or taken from them.
#[derive(Clone, Copy)]
pub(super) struct Seating<'a> {
    pub(super) ix: AgentIx,
    pub(super) agent: &'a Agent,
    pub(super) member: Membership,
    pub(super) kind: Kind,
    /// Whether a session can be given to this agent alone.
    pub(super) free: bool,
    pub(super) rules: &'a StaffRules,
}
