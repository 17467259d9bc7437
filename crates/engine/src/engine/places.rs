//! The places of a kind of work and of a number, and requests that hang: they do not keep a service that answers again from
//! being used.

use chrono::TimeDelta;
use frontdesk_types::{Instant, SupportNumber};

use super::under_way::{Pieces, UnderWay};
use crate::store::{LONGEST_PAUSE, Urgency, Work, WorkId, WorkKind};

/// The answer time of a number that was never asked, in milliseconds.
const FIRST_GUESS: i64 = 50;
/// A request that has had no answer for so long hangs, if one that began after it was answered sooner.
const HUNG: TimeDelta = TimeDelta::seconds(5);
/// Where all places are taken and nothing has begun for so long, one more piece begins, to see whether the service answers.
const PROBE: TimeDelta = TimeDelta::seconds(2);
/// A confirmation is the probe only if nothing else was for so long: it leaves once, and may be lost so.
const LAST_PROBE: TimeDelta = TimeDelta::seconds(4);
/// The longest step between two looks at confirmations that wait for a place.
const CONFIRMATION_STEP: TimeDelta = TimeDelta::milliseconds(10);

/// How many pieces of a kind are under way at the same time, without those that hang and the probes.
pub(super) fn places(kind: WorkKind) -> usize {
    match kind {
        WorkKind::Text => 256,
        WorkKind::VirtualAgent => 64,
        WorkKind::Anchor | WorkKind::Call | WorkKind::Media | WorkKind::Crm => 16,
    }
}

/// How many probes of a kind are under way at the same time.
fn probes(kind: WorkKind) -> usize {
    places(kind) / 4
}

/// The place that a piece has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// One of the places of its kind and number.
    Counted,
    /// It hangs: requests that began later were answered.
    Aside,
    /// One more than there are places.
    Probe,
}

/// The pieces of a kind, or the texts of a number.
#[derive(Debug, Default)]
pub(super) struct Group {
    counted: usize,
    aside: usize,
    probing: usize,
    /// When the last one began.
    newest: Option<Instant>,
    /// How long an answer takes, smoothed, in milliseconds.
    answer: Option<i64>,
    /// When the last one that found no place is looked at again.
    planned: Option<Instant>,
    /// The same of confirmations.
    confirmed: Option<Instant>,
}

impl Group {
    fn count(&mut self, stand: Stand) -> &mut usize {
        match stand {
            Stand::Counted => &mut self.counted,
            Stand::Aside => &mut self.aside,
            Stand::Probe => &mut self.probing,
        }
    }

    fn enter(&mut self, stand: Stand, now: Instant) {
        *self.count(stand) += 1;
        self.newest = Some(now);
    }

    pub(super) fn leave(&mut self, stand: Stand, took: TimeDelta) {
        let count = self.count(stand);
        *count = count.saturating_sub(1);
        if stand != Stand::Aside {
            let took = took.num_milliseconds().max(1);
            self.answer = Some((self.answer.unwrap_or(took) * 7 + took) / 8);
        }
    }

    fn set_aside(&mut self, from: Stand) {
        let count = self.count(from);
        *count = count.saturating_sub(1);
        self.aside += 1;
    }

    /// Whether nothing has begun for a time.
    fn is_stuck(&self, now: Instant, patience: TimeDelta) -> bool {
        let ago = self.newest.map(|newest| now.signed_duration_since(newest));
        ago.is_some_and(|ago| ago >= patience || ago < TimeDelta::zero())
    }

    /// What is known of the time before does not hold any more.
    fn recover(&mut self) {
        (self.answer, self.planned, self.confirmed) = (None, None, None);
    }

    /// When a text that found no place is looked at again: not all at the same instant.
    fn plan(&mut self, now: Instant, oldest: Instant, urgency: Urgency) -> Instant {
        // The one that has been under way for longest may take longer than those before.
        let so_far = now.signed_duration_since(oldest).num_milliseconds();
        let answer = self.answer.unwrap_or(FIRST_GUESS).max(so_far);
        let counted = i64::try_from(self.counted).unwrap_or(1).max(1);
        let step = TimeDelta::milliseconds((answer / counted).clamp(1, 1_000));
        let (planned, step) = match urgency {
            Urgency::Confirmation => (&mut self.confirmed, step.min(CONFIRMATION_STEP)),
            Urgency::Answer | Urgency::Notice => (&mut self.planned, step),
        };
        let last = planned.filter(|planned| *planned > now && *planned < now + LONGEST_PAUSE);
        let next = last.unwrap_or(now) + step;
        *planned = Some(next);
        next
    }
}

impl UnderWay {
    /// How many more of a kind may be claimed.
    pub(super) fn room(&self, kind: WorkKind, now: Instant) -> usize {
        let pieces = self.lock();
        let stuck = pieces
            .by_kind
            .get(&kind)
            .is_some_and(|of| of.is_stuck(now, PROBE) && of.probing < probes(kind));
        pieces.free(kind).max(usize::from(stuck))
    }

    /// The service has answered to a piece. What began before it and still has no answer hangs, and holds no place any more.
    /// True if what waits for a place is to be woken.
    pub(super) fn answered(&self, id: WorkId, now: Instant) -> bool {
        self.lock().answered(id, now).unwrap_or(false)
    }

    /// A service that was down answers again.
    pub(super) fn recovered(&self, kind: WorkKind) {
        let mut pieces = self.lock();
        if kind == WorkKind::Text {
            pieces.by_number.values_mut().for_each(Group::recover);
        }
        pieces.by_kind.entry(kind).or_default().recover();
    }
}

impl Pieces {
    pub(super) fn free(&self, kind: WorkKind) -> usize {
        places(kind).saturating_sub(self.by_kind.get(&kind).map_or(0, |of| of.counted))
    }

    /// The place that there is for a piece, or when it is looked at again.
    pub(super) fn place_for(
        &mut self,
        work: &Work,
        number: Option<SupportNumber>,
        now: Instant,
    ) -> Result<Stand, Instant> {
        let (kind, urgency) = (work.work.task.kind(), work.work.urgency);
        let free = self.free(kind);
        let probing = self.by_kind.entry(kind).or_default().probing;
        let group = self.group(kind, number);
        // So a slow number never has all: there are always as many places for others as for it.
        let most = if number.is_some() { free.max(1) } else { free.saturating_add(group.counted) };
        let patience = if urgency == Urgency::Confirmation { LAST_PROBE } else { PROBE };
        let stand = match (group.counted >= most, group.is_stuck(now, patience)) {
            (false, _) => Stand::Counted,
            (true, true) if probing < probes(kind) => Stand::Probe,
            (true, _) if number.is_none() => Stand::Counted,
            (true, _) => {
                let counted = self.claimed.values().filter(|piece| {
                    piece.number == number && !piece.left && piece.stand == Stand::Counted
                });
                let oldest = counted.map(|piece| piece.began).min().unwrap_or(now);
                return Err(self.group(kind, number).plan(now, oldest, urgency));
            }
        };
        for group in self.groups(kind, number) {
            group.enter(stand, now);
        }
        Ok(stand)
    }

    fn group(&mut self, kind: WorkKind, number: Option<SupportNumber>) -> &mut Group {
        match number {
            Some(number) => self.by_number.entry(number).or_default(),
            None => self.by_kind.entry(kind).or_default(),
        }
    }

    pub(super) fn groups(
        &mut self,
        kind: WorkKind,
        number: Option<SupportNumber>,
    ) -> impl Iterator<Item = &mut Group> {
        let of_number = number.map(|number| self.by_number.entry(number).or_default());
        std::iter::once(self.by_kind.entry(kind).or_default()).chain(of_number)
    }

    fn answered(&mut self, id: WorkId, now: Instant) -> Option<bool> {
        let piece = self.claimed.get(&id).filter(|piece| !piece.left)?;
        let (kind, number, began, stand) = (piece.kind, piece.number, piece.began, piece.stand);
        let took = now.signed_duration_since(began);
        if took > HUNG {
            return Some(false);
        }
        let aside = self.by_kind.get(&kind).map_or(0, |of| of.aside);
        let hangs = |piece: &(&WorkId, &super::under_way::Piece)| {
            let piece = piece.1;
            piece.kind == kind
                && piece.number == number
                && !piece.left
                && piece.stand != Stand::Aside
                && piece.began < began
                && now.signed_duration_since(piece.began) >= HUNG.max(took * 2)
        };
        let hung = self.claimed.iter().filter(hangs).map(|(id, _)| *id);
        let hung: Vec<WorkId> = hung.take(places(kind).saturating_sub(aside)).collect();
        let group = self.group(kind, number);
        let waited = group.planned.or(group.confirmed).is_some() || number.is_none();
        let most = group.counted + group.probing <= hung.len() * 2;
        for id in &hung {
            let Some(piece) = self.claimed.get_mut(id) else { continue };
            let from = std::mem::replace(&mut piece.stand, Stand::Aside);
            self.groups(kind, number).for_each(|group| group.set_aside(from));
        }
        let recovered = !hung.is_empty() && (stand == Stand::Probe || waited && most);
        if recovered {
            self.group(kind, number).recover();
        }
        Some(recovered)
    }
}
