//! A queue's waiting sessions in their order, so that a place in it is found without counting everybody before.

use super::pool::Order;

/// A run is divided when it is longer.
const RUN: usize = 512;

/// Sorted runs, none of them empty, one after the other.
#[derive(Debug, Default)]
pub(super) struct Line {
    runs: Vec<Vec<Order>>,
    len: usize,
}

impl Line {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The run that has an order, or into which it belongs.
    fn run_of(&self, order: Order) -> usize {
        let before = self.runs.partition_point(|run| run.last().is_some_and(|last| *last < order));
        before.min(self.runs.len().saturating_sub(1))
    }

    pub(super) fn insert(&mut self, order: Order) {
        let ix = self.run_of(order);
        let Some(run) = self.runs.get_mut(ix) else {
            self.runs.push(vec![order]);
            self.len = 1;
            return;
        };
        let Err(place) = run.binary_search(&order) else { return };
        run.insert(place, order);
        self.len += 1;
        if run.len() > RUN {
            let after = run.split_off(RUN / 2);
            self.runs.insert(ix + 1, after);
        }
    }

    pub(super) fn remove(&mut self, order: Order) {
        let ix = self.run_of(order);
        let Some(run) = self.runs.get_mut(ix) else { return };
        let Ok(place) = run.binary_search(&order) else { return };
        run.remove(place);
        self.len -= 1;
        let left = run.len();
        if left == 0 {
            self.runs.remove(ix);
        } else if self.runs.get(ix + 1).is_some_and(|next| left + next.len() <= RUN / 2) {
            let next = self.runs.remove(ix + 1);
            if let Some(run) = self.runs.get_mut(ix) {
                run.extend(next);
            }
        }
    }

    pub(super) fn first(&self) -> Option<Order> {
        self.runs.first().and_then(|run| run.first()).copied()
    }

    /// The first that comes after an order, which may have left the line.
    pub(super) fn after(&self, order: Order) -> Option<Order> {
        let ix = self.runs.partition_point(|run| run.last().is_some_and(|last| *last <= order));
        let run = self.runs.get(ix)?;
        run.get(run.partition_point(|other| *other <= order)).copied()
    }

    /// How many come before an order, and how many runs and halvings that took.
    pub(super) fn before(&self, order: Order) -> (usize, u64) {
        let ix = self.run_of(order);
        let whole: usize = self.runs.iter().take(ix).map(Vec::len).sum();
        let inside = self.runs.get(ix).map_or(0, |run| run.partition_point(|other| *other < order));
        (whole + inside, (ix + 10) as u64)
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_types::SessionId;

    use super::*;

    #[test]
    fn rte_15_places_are_those_of_a_sorted_list() {
        let (mut line, mut sorted) = (Line::default(), Vec::new());
        let mut seed = 1_u64;
        for step in 0..40_000_u64 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let order = (i64::try_from(seed >> 52).unwrap_or(0), SessionId(seed >> 40 & 7));
            // First more come than go, then more go.
            let (grows, chance) = (step < 20_000, seed >> 33 & 7);
            let comes = if grows { chance > 1 } else { chance < 2 };
            match (sorted.binary_search(&order), comes) {
                (Err(place), true) => {
                    sorted.insert(place, order);
                    line.insert(order);
                }
                (Ok(place), false) => {
                    sorted.remove(place);
                    line.remove(order);
                }
                (Ok(_), true) => line.insert(order),
                (Err(_), false) => line.remove(order),
            }
            assert_eq!(line.len(), sorted.len());
            assert_eq!(line.before(order).0, sorted.partition_point(|other| *other < order));
            let after = sorted.partition_point(|other| *other <= order);
            assert_eq!(line.after(order), sorted.get(after).copied());
            assert_eq!(line.first(), sorted.first().copied());
            assert!(line.runs.iter().all(|run| (1..=RUN).contains(&run.len())));
            assert!(line.runs.len() <= 2 + sorted.len() / (RUN / 8), "{} runs", line.runs.len());
        }
    }
}
