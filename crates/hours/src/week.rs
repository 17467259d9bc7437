use chrono::Weekday;

use crate::range::{DAY, HoursError, TimeRange};

/// Minutes in a week.
pub(crate) const WEEK: u16 = 7 * DAY;

/// The hours of a week on the wall clock, in minutes since Monday 00:00.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Week {
    /// `[start, end)`: sorted, apart from each other, none over the end of the week (one that goes on over it is
    /// in two parts).
    spans: Box<[(u16, u16)]>,
    /// Where it changes.
    edges: Box<[u16]>,
    /// To which minute of each day, from Monday, the hours of the day before go on.
    tails: [u16; 7],
}

impl Week {
    /// A range over midnight belongs to the day on which it starts.
    pub(crate) fn new(
        hours: impl IntoIterator<Item = (Weekday, TimeRange)>,
    ) -> Result<Self, HoursError> {
        let mut spans: Vec<(u16, u16)> = Vec::new();
        let mut tails = [0; 7];
        for (day, range) in hours {
            let monday = u16::try_from(day.num_days_from_monday()).unwrap_or(0);
            let start = monday * DAY + range.from;
            let end = start + range.minutes();
            let goes_on = end.saturating_sub((monday + 1) * DAY);
            if let Some(tail) = tails.get_mut(usize::from(monday + 1) % 7) {
                *tail = goes_on.max(*tail);
            }
            spans.push((start, end.min(WEEK)));
            if end > WEEK {
                spans.push((0, end - WEEK));
            }
        }
        spans.sort_unstable();
        let mut apart: Vec<(u16, u16)> = Vec::with_capacity(spans.len());
        for (start, end) in spans {
            match apart.last_mut() {
                Some((_, last)) if start < *last => return Err(overlap(start)),
                Some((_, last)) if start == *last => *last = end,
                _ => apart.push((start, end)),
            }
        }
        Ok(Self { tails, ..Self::of(apart) })
    }

    /// Open without a pause.
    pub(crate) fn always() -> Self {
        Self::of(vec![(0, WEEK)])
    }

    fn of(spans: Vec<(u16, u16)>) -> Self {
        let joined = spans.first().is_some_and(|(start, _)| *start == 0)
            && spans.last().is_some_and(|(_, end)| *end == WEEK);
        let edges = spans.iter().flat_map(|(start, end)| [*start, *end]);
        // What goes on over the end of the week does not change there.
        let edges = edges.filter(|edge| !(joined && (*edge == 0 || *edge == WEEK)));
        let mut edges: Vec<u16> = edges.map(|edge| edge % WEEK).collect();
        edges.sort_unstable();
        Self { spans: spans.into(), edges: edges.into(), tails: [0; 7] }
    }

    pub(crate) fn is_open(&self, minute: u16) -> bool {
        let after = self.spans.partition_point(|(start, _)| *start <= minute);
        after.checked_sub(1).and_then(|i| self.spans.get(i)).is_some_and(|(_, end)| minute < *end)
    }

    /// To which minute of its day the hours of the day before go on, by a minute of the week.
    pub(crate) fn tail(&self, minute: u16) -> u16 {
        self.tails.get(usize::from(minute / DAY)).copied().unwrap_or(0)
    }

    /// How many minutes after this one it changes next, 1 to a week; `None` if it never does.
    pub(crate) fn next_edge(&self, minute: u16) -> Option<u16> {
        let after = self.edges.partition_point(|edge| *edge <= minute);
        let next = self.edges.get(after).copied();
        let next = next.or_else(|| self.edges.first().map(|first| first + WEEK))?;
        Some(next - minute)
    }

    /// What it takes in memory, beside itself.
    pub(crate) fn heap(&self) -> usize {
        size_of_val(&*self.spans) + size_of_val(&*self.edges)
    }
}

fn overlap(minute: u16) -> HoursError {
    let day = Weekday::try_from(u8::try_from(minute / DAY).unwrap_or(0)).unwrap_or(Weekday::Mon);
    HoursError::Overlap { day, time: format!("{:02}:{:02}", minute % DAY / 60, minute % 60) }
}
