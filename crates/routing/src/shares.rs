/// Splits what comes between groups by percent, exactly over time (RTE-8): after any number of sessions no
/// group is off its share by one or more.
///
/// The method is Tijdeman's for the chairman assignment problem (Discrete Mathematics 32, 1980, 323–330): of
/// the groups that are due, the one whose deadline is nearest. A plain "largest deficit first" is off by
/// more than one with many groups. All in whole numbers; the pattern repeats after 100 sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shares {
    percent: Vec<u8>,
    counts: Vec<u8>,
    sessions: u8,
}

impl Shares {
    /// Shares that add up to 100, none of them 0.
    pub(crate) fn new(percent: Vec<u8>) -> Self {
        Self { counts: vec![0; percent.len()], percent, sessions: 0 }
    }

    pub(crate) fn percent(&self) -> &[u8] {
        &self.percent
    }

    /// The group of the next session.
    pub(crate) fn next(&mut self) -> u8 {
        let groups = i64::try_from(self.percent.len()).unwrap_or(i64::MAX);
        // 1/slack is how far behind its share a group must at least be to be due.
        let slack = (2 * groups - 2).max(1);
        let sessions = i64::from(self.sessions) + 1;
        let mut best: Option<(usize, i64, i64)> = None;
        for (group, (percent, count)) in self.percent.iter().zip(&self.counts).enumerate() {
            let percent = i64::from(*percent);
            // A hundredth of a session is the unit.
            let behind = percent * sessions - 100 * i64::from(*count);
            if behind * slack < 100 {
                continue;
            }
            // Until it would be too far behind, times slack · percent: what falls due first.
            let left = 100 * (slack - 1) - slack * behind;
            if best.is_none_or(|(_, other, share)| left * share < other * percent) {
                best = Some((group, left, percent));
            }
        }
        let group = best.map_or(0, |(group, ..)| group);
        if let Some(count) = self.counts.get_mut(group) {
            *count += 1;
        }
        self.sessions += 1;
        if self.sessions == 100 {
            // Everybody has exactly their share.
            self.sessions = 0;
            self.counts.fill(0);
        }
        u8::try_from(group).unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn off_by_less_than_one(percent: &[u8]) {
        let mut shares = Shares::new(percent.to_vec());
        let mut counts = vec![0_i64; percent.len()];
        for n in 1..=300_i64 {
            counts[usize::from(shares.next())] += 1;
            for (percent, count) in percent.iter().zip(&counts) {
                let off = (i64::from(*percent) * n - 100 * count).abs();
                assert!(off < 100, "after {n} of {percent} %: {counts:?}");
            }
        }
    }

    #[test]
    fn rte_8_percent_allocation_is_exact_over_time() {
        for percent in
            [&[100][..], &[60, 40], &[33, 33, 34], &[1, 99], &[50, 25, 13, 7, 5], &[1; 100]]
        {
            off_by_less_than_one(percent);
        }
        let mut shares = Shares::new(vec![60, 40]);
        let second: u8 = (0..10).map(|_| shares.next()).sum();
        assert_eq!(second, 4, "four of ten are of the second group");
    }

    proptest! {
        #[test]
        fn no_group_is_off_its_share_by_one(cuts in proptest::collection::btree_set(1_u8..100, 0..40)) {
            let cuts: Vec<u8> = std::iter::once(0).chain(cuts).chain([100]).collect();
            off_by_less_than_one(&cuts.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>());
        }
    }
}
