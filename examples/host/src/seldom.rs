//! Log lines that tell of a cause once a minute, however often it comes.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long after a line of a cause the next one is written.
const PAUSE: Duration = Duration::from_mins(1);
/// Causes that are kept apart. All beyond that share one.
const CAUSES: usize = 256;
/// The cause that all beyond [`CAUSES`] share.
const OTHERS: &str = "others";

/// When each cause was last told, and how often it came since.
#[derive(Debug, Default)]
pub(crate) struct Seldom(Mutex<HashMap<String, (Instant, u64)>>);

impl Seldom {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Whether a cause is to be told now: the number of times that it was kept quiet since the last line.
    pub(crate) fn now(&self, cause: &str) -> Option<u64> {
        self.at(cause, Instant::now())
    }

    fn at(&self, cause: &str, now: Instant) -> Option<u64> {
        let mut causes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = causes.len() < CAUSES || causes.contains_key(cause);
        let cause = if known { cause } else { OTHERS };
        let Some((told, quiet)) = causes.get_mut(cause) else {
            causes.insert(cause.to_owned(), (now, 0));
            return Some(0);
        };
        if now.saturating_duration_since(*told) < PAUSE {
            *quiet += 1;
            return None;
        }
        *told = now;
        Some(std::mem::take(quiet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once_a_minute_with_how_often_it_came() {
        let seldom = Seldom::new();
        let begun = Instant::now();
        let second = |n| begun + Duration::from_secs(n);
        assert_eq!(seldom.at("a", second(0)), Some(0));
        assert_eq!((seldom.at("a", second(1)), seldom.at("a", second(59))), (None, None));
        assert_eq!(seldom.at("b", second(59)), Some(0), "another cause is told at once");
        assert_eq!(seldom.at("a", second(60)), Some(2));
        assert_eq!(seldom.at("a", second(120)), Some(0));
    }

    #[test]
    fn any_number_of_causes_takes_no_more_room() {
        let seldom = Seldom::new();
        let now = Instant::now();
        let told = (0..10 * CAUSES).filter(|n| seldom.at(&n.to_string(), now).is_some()).count();
        assert_eq!(told, CAUSES + 1);
        assert_eq!(seldom.0.lock().unwrap().len(), CAUSES + 1);
    }
}
