//! Checks of numbers against lists, as the engine asks for them (DLC-4).

use std::{
    collections::BTreeMap,
    fmt,
    sync::{PoisonError, RwLock},
};

use async_trait::async_trait;
use frontdesk_tendlc::{Scrub, ScrubList, ScrubResult};
use frontdesk_types::{Instant, PhoneNumber};

/// A question about one consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScrubQuestion {
    /// The consumer.
    pub consumer: PhoneNumber,
    /// The lists that no fresh result is on record of. Not empty.
    pub lists: Vec<ScrubList>,
    /// The oldest consent that holds for any programme. The reassigned numbers database is asked whether the number was
    /// disconnected since then (47 CFR 64.1200(m)). `None` without any consent.
    pub consented: Option<Instant>,
}

/// Why nobody could check a number: without numbers, for logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("numbers cannot be checked now: {reason}")]
pub struct ScrubberError {
    /// A short reason.
    pub reason: String,
}

/// Checks numbers against do-not-call lists and lists of numbers that changed hands (DLC-4). The engine asks before a promotion
/// leaves to a consumer whose last check is too old, and remembers the answer.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Scrubber: fmt::Debug + Send + Sync {
    /// The results for a consumer. A list without a result counts as one that cannot tell: it is asked again after a day.
    /// Results of other lists are remembered, too. [`Scrub::checked`] is the day of the list's version, or now where a service
    /// answers. While this fails, promotions wait. It must answer soon.
    async fn scrub(&self, question: &ScrubQuestion) -> Result<Vec<Scrub>, ScrubberError>;
}

/// Lists in memory: for tests, and for senders who have whole lists at hand.
///
/// ```
/// use frontdesk::MemoryScrubber;
/// use frontdesk::tendlc::ScrubList;
///
/// let registry = MemoryScrubber::default();
/// let version = "2026-11-20T00:00:00Z".parse()?;
/// registry.set_whole(ScrubList::NationalDoNotCall, version, "registry of November", ["+12025550123".parse()?]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct MemoryScrubber(RwLock<BTreeMap<ScrubList, Whole>>);

/// A list that is whole.
struct Whole {
    checked: Instant,
    source: String,
    /// Sorted.
    numbers: Vec<PhoneNumber>,
}

/// Only which lists there are: the numbers are not for logs.
impl fmt::Debug for MemoryScrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = self.0.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_list().entries(lists.keys()).finish()
    }
}

impl MemoryScrubber {
    /// Sets a list, which takes the place of its version of before. It must be whole: a number that is not in it is clear by it.
    /// A download of a few area codes is not. `checked` is the day of the version.
    pub fn set_whole(
        &self,
        list: ScrubList,
        checked: Instant,
        source: &str,
        numbers: impl IntoIterator<Item = PhoneNumber>,
    ) {
        let mut numbers: Vec<PhoneNumber> = numbers.into_iter().collect();
        numbers.sort_unstable();
        let whole = Whole { checked, source: source.to_owned(), numbers };
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(list, whole);
    }
}

#[async_trait]
impl Scrubber for MemoryScrubber {
    async fn scrub(&self, question: &ScrubQuestion) -> Result<Vec<Scrub>, ScrubberError> {
        let lists = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let result = |list: &ScrubList| {
            let Whole { checked, source, numbers } = lists.get(list)?;
            let found = numbers.binary_search(&question.consumer).is_ok();
            let result = match (found, list.is_of_changed_numbers()) {
                (false, _) => ScrubResult::Clear,
                (true, true) => ScrubResult::Disconnected,
                (true, false) => ScrubResult::Listed,
            };
            Some(Scrub::new(*list, result, *checked, source))
        };
        Ok(question.lists.iter().filter_map(result).collect())
    }
}
