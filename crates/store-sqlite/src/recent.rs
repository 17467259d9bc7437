//! What was read or written last, so that a text on a line that is known costs no read of the file. This
//! process alone writes the file (it holds the lock), so what is here is what is there.

use std::{
    hash::BuildHasher,
    sync::{Mutex, MutexGuard, PoisonError},
};

use frontdesk::store::{Commit, Found, Line, Memory, StoredSession, Version};
use quick_cache::unsync::Cache;
use rustc_hash::FxBuildHasher;

/// How many lines are kept: some 30 MB.
const LINES: usize = 1 << 16;
/// How many counts of changes the lines share.
const COUNTS: u64 = 1 << 10;

/// A line of a center.
type Key = (i64, Line);

#[derive(Debug)]
pub(crate) struct Recent(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    found: Cache<Key, Found>,
    /// How often lines were changed: a read that a change has overtaken is not kept.
    changes: Box<[u64]>,
}

/// What a reader must show to keep what it has read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket(u64);

/// What a commit changes of a line.
#[derive(Debug)]
pub(crate) struct Change {
    key: Key,
    session: Option<(Version, Option<Vec<u8>>)>,
    memory: Option<(Version, Memory)>,
}

fn slot(key: &Key) -> usize {
    usize::try_from(FxBuildHasher.hash_one(key) % COUNTS).unwrap_or(0)
}

impl Recent {
    pub(crate) fn new() -> Self {
        let changes = (0..COUNTS).map(|_| 0).collect();
        Self(Mutex::new(Inner { found: Cache::new(LINES), changes }))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a line, or a ticket for [`Recent::keep`].
    pub(crate) fn find(&self, key: &Key) -> Result<Found, Ticket> {
        let inner = self.lock();
        match inner.found.get(key) {
            Some(found) => Ok(found.clone()),
            None => Err(Ticket(inner.changes.get(slot(key)).copied().unwrap_or(0))),
        }
    }

    /// Keeps what was read after the ticket was given, unless the line may have changed since.
    pub(crate) fn keep(&self, key: Key, found: Found, ticket: Ticket) {
        let mut inner = self.lock();
        if inner.changes.get(slot(&key)) == Some(&ticket.0) {
            inner.found.insert(key, found);
        }
    }

    /// Takes over what was committed. Must come before the commit is acknowledged.
    pub(crate) fn apply(&self, change: Change) {
        let mut inner = self.lock();
        if let Some(count) = inner.changes.get_mut(slot(&change.key)) {
            *count += 1;
        }
        let known = inner.found.remove(&change.key).map(|(_, found)| found);
        if let Some(found) = after(known, &change) {
            inner.found.insert(change.key, found);
        }
    }

    /// Forgets a line.
    pub(crate) fn forget(&self, change: &Change) {
        self.lock().found.remove(&change.key);
    }
}

/// What is known of a line after a change; `None` if that cannot be told.
fn after(known: Option<Found>, change: &Change) -> Option<Found> {
    let new = |version: Version| version == 0;
    let mut found = match known {
        Some(found) => found,
        // A first text writes both, so that nothing else can be there.
        None => match (&change.session, &change.memory) {
            (Some((session, _)), Some((memory, _))) if new(*session) && new(*memory) => {
                Found::default()
            }
            _ => return None,
        },
    };
    if let Some((expected, state)) = &change.session {
        let version = found.session.as_ref().map_or(0, |session| session.version);
        if version != *expected {
            return None;
        }
        let stored =
            |state: &Vec<u8>| StoredSession { version: expected + 1, state: state.clone() };
        found.session = state.as_ref().map(stored);
    }
    if let Some((expected, memory)) = &change.memory {
        if found.memory.0 != *expected {
            return None;
        }
        found.memory = (expected + 1, memory.clone());
    }
    Some(found)
}

impl Change {
    /// What a commit would change: of one line, or of a session's and, beside it, of a consumer's memory on
    /// another.
    pub(crate) fn of(center: i64, commit: &Commit) -> [Option<Self>; 2] {
        let mut session = commit.session.as_ref().map(|write| {
            let open = write.row.ended.is_none().then(|| write.state.clone());
            let session = Some((write.expected, open));
            Self { key: (center, write.row.line), session, memory: None }
        });
        let memory = commit.memory.as_ref().map(|write| {
            let memory = Some((write.expected, write.memory.clone()));
            Self { key: (center, write.line), session: None, memory }
        });
        match (&mut session, memory) {
            (Some(both), Some(memory)) if both.key == memory.key => {
                both.memory = memory.memory;
                [session, None]
            }
            (_, memory) => [session, memory],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        let line = Line {
            consumer: "+12025550123".parse().unwrap(),
            number: "+12025550100".parse().unwrap(),
        };
        (1, line)
    }

    fn session(expected: Version, state: Option<u8>) -> Change {
        let session = Some((expected, state.map(|byte| vec![byte])));
        Change { key: key(), session, memory: None }
    }

    fn first_text() -> Change {
        Change { memory: Some((0, Memory::default())), ..session(0, Some(1)) }
    }

    fn version(recent: &Recent) -> Option<Version> {
        recent.find(&key()).ok().map(|found| found.session.map_or(0, |session| session.version))
    }

    #[test]
    fn what_was_committed_is_known() {
        let recent = Recent::new();
        recent.apply(first_text());
        assert_eq!(version(&recent), Some(1));
        recent.apply(session(1, Some(2)));
        assert_eq!(version(&recent), Some(2));
        recent.apply(session(2, None));
        assert_eq!(recent.find(&key()).unwrap().session, None);
    }

    #[test]
    fn what_does_not_fit_is_forgotten() {
        let recent = Recent::new();
        recent.apply(session(3, Some(4)));
        assert_eq!(version(&recent), None, "only part of the line is known");
        recent.apply(first_text());
        recent.apply(session(7, Some(8)));
        assert_eq!(version(&recent), None);
    }

    #[test]
    fn a_read_that_was_overtaken_is_not_kept() {
        let recent = Recent::new();
        let ticket = recent.find(&key()).unwrap_err();
        recent.apply(session(3, Some(4)));
        recent.keep(key(), Found::default(), ticket);
        assert_eq!(version(&recent), None);
        let ticket = recent.find(&key()).unwrap_err();
        recent.keep(key(), Found::default(), ticket);
        assert_eq!(version(&recent), Some(0));
    }
}
