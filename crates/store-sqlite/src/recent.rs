//! What was read or written last, so that a text on a line that is known costs no read of the file. This
//! process alone writes the file (it holds the lock), so what is here is what is there.

use std::{
    hash::BuildHasher,
    sync::{Mutex, MutexGuard, PoisonError},
};

use frontdesk::{
    store::{Commit, Consumer, Found, Known, Line, Memory, StoredSession, Version},
    types::PhoneNumber,
};
use quick_cache::unsync::Cache;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

/// How many lines and consumers are kept: some 50 MB.
const LINES: usize = 1 << 16;
/// How many counts of changes the consumers share.
const COUNTS: u64 = 1 << 10;

/// A consumer of a center.
type Key = (i64, PhoneNumber);

#[derive(Debug)]
pub(crate) struct Recent(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    lines: Cache<(i64, Line), OfLine>,
    consumers: Cache<Key, (Version, Consumer)>,
    /// How often consumers and their lines were changed: a read that a change has overtaken is not kept.
    changes: Box<[u64]>,
}

/// What belongs to a line alone.
#[derive(Debug, Clone, Default)]
struct OfLine {
    memory: (Version, Memory),
    session: Option<StoredSession>,
}

/// What a reader must show to keep what it has read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket(u64);

/// What a commit changes.
#[derive(Debug)]
pub(crate) enum Change {
    Consumer(Key, Version, Consumer),
    Line((i64, Line), LineChange),
}

/// What a commit changes of a line.
#[derive(Debug, Default)]
pub(crate) struct LineChange {
    session: Option<(Version, Option<Vec<u8>>)>,
    memory: Option<(Version, Memory)>,
}

fn slot(key: Key) -> usize {
    usize::try_from(FxBuildHasher.hash_one(key) % COUNTS).unwrap_or(0)
}

impl Recent {
    pub(crate) fn new() -> Self {
        let changes = (0..COUNTS).map(|_| 0).collect();
        let (lines, consumers) = (Cache::new(LINES), Cache::new(LINES));
        Self(Mutex::new(Inner { lines, consumers, changes }))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a line, or a ticket for [`Recent::keep`].
    pub(crate) fn find(&self, center: i64, line: Line) -> Result<Found, Ticket> {
        let inner = self.lock();
        let key = (center, line.consumer);
        match (inner.lines.get(&(center, line)), inner.consumers.get(&key)) {
            (Some(OfLine { memory, session }), Some(consumer)) => Ok(Found {
                known: Known { consumer: consumer.clone(), memory: memory.clone() },
                session: session.clone(),
            }),
            _ => Err(Ticket(inner.changes.get(slot(key)).copied().unwrap_or(0))),
        }
    }

    /// Keeps what was read after the ticket was given, unless it may have changed since.
    pub(crate) fn keep(&self, center: i64, line: Line, found: Found, ticket: Ticket) {
        let mut inner = self.lock();
        let key = (center, line.consumer);
        if inner.changes.get(slot(key)) == Some(&ticket.0) {
            let Found { known: Known { consumer, memory }, session } = found;
            inner.consumers.insert(key, consumer);
            inner.lines.insert((center, line), OfLine { memory, session });
        }
    }

    /// Takes over what was committed. Must come before the commit is acknowledged.
    pub(crate) fn apply(&self, change: Change) {
        let mut inner = self.lock();
        if let Some(count) = inner.changes.get_mut(slot(change.key())) {
            *count += 1;
        }
        match change {
            Change::Consumer(key, expected, value) => {
                let known = inner.consumers.remove(&key).map_or(0, |(_, (version, _))| version);
                if known == expected {
                    inner.consumers.insert(key, (expected + 1, value));
                }
            }
            Change::Line(key, change) => {
                let known = inner.lines.remove(&key).map(|(_, of_line)| of_line);
                if let Some(of_line) = after(known, &change) {
                    inner.lines.insert(key, of_line);
                }
            }
        }
    }

    /// Forgets what a commit would have changed.
    pub(crate) fn forget(&self, change: &Change) {
        let mut inner = self.lock();
        match change {
            Change::Consumer(key, ..) => drop(inner.consumers.remove(key)),
            Change::Line(key, _) => drop(inner.lines.remove(key)),
        }
    }
}

/// What is known of a line after a change; `None` if that cannot be told.
fn after(known: Option<OfLine>, change: &LineChange) -> Option<OfLine> {
    let new = |version: Version| version == 0;
    let mut of_line = match known {
        Some(of_line) => of_line,
        // A first text writes both, so that nothing else can be there.
        None => match (&change.session, &change.memory) {
            (Some((session, _)), Some((memory, _))) if new(*session) && new(*memory) => {
                OfLine::default()
            }
            _ => return None,
        },
    };
    if let Some((expected, state)) = &change.session {
        let version = of_line.session.as_ref().map_or(0, |session| session.version);
        if version != *expected {
            return None;
        }
        let stored =
            |state: &Vec<u8>| StoredSession { version: expected + 1, state: state.clone() };
        of_line.session = state.as_ref().map(stored);
    }
    if let Some((expected, memory)) = &change.memory {
        if of_line.memory.0 != *expected {
            return None;
        }
        of_line.memory = (expected + 1, memory.clone());
    }
    Some(of_line)
}

impl Change {
    /// What a commit would change: of one line, or of a session's and, beside it, of a consumer's memory on
    /// another; and of consumers.
    pub(crate) fn of(center: i64, commit: &Commit) -> Vec<Self> {
        let mut lines: SmallVec<[(Line, LineChange); 2]> = SmallVec::new();
        if let Some(write) = &commit.session {
            let open = write.row.ended.is_none().then(|| write.state.clone());
            let session = Some((write.expected, open));
            lines.push((write.row.line, LineChange { session, memory: None }));
        }
        if let Some(write) = &commit.memory {
            let memory = Some((write.expected, write.memory.clone()));
            match lines.first_mut().filter(|(line, _)| *line == write.line) {
                Some((_, both)) => both.memory = memory,
                None => lines.push((write.line, LineChange { session: None, memory })),
            }
        }
        let lines = lines.into_iter().map(|(line, change)| Self::Line((center, line), change));
        let consumers = commit.consumers.iter().map(|write| {
            Self::Consumer((center, write.consumer), write.expected, write.value.clone())
        });
        lines.chain(consumers).collect()
    }

    fn key(&self) -> Key {
        match self {
            Self::Consumer(key, ..) => *key,
            Self::Line((center, line), _) => (*center, line.consumer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line { consumer: "+12025550123".parse().unwrap(), number: "+12025550100".parse().unwrap() }
    }

    fn session(expected: Version, state: Option<u8>) -> Change {
        let session = Some((expected, state.map(|byte| vec![byte])));
        Change::Line((1, line()), LineChange { session, memory: None })
    }

    fn first_text(recent: &Recent) {
        let (session, memory) = (Some((0, Some(vec![1]))), Some((0, Memory::default())));
        recent.apply(Change::Line((1, line()), LineChange { session, memory }));
        recent.apply(consumer(0));
    }

    fn consumer(expected: Version) -> Change {
        Change::Consumer((1, line().consumer), expected, Consumer::default())
    }

    fn find(recent: &Recent) -> Result<Found, Ticket> {
        recent.find(1, line())
    }

    fn version(recent: &Recent) -> Option<Version> {
        find(recent).ok().map(|found| found.session.map_or(0, |session| session.version))
    }

    #[test]
    fn what_was_committed_is_known() {
        let recent = Recent::new();
        first_text(&recent);
        assert_eq!(version(&recent), Some(1));
        recent.apply(session(1, Some(2)));
        assert_eq!(version(&recent), Some(2));
        recent.apply(consumer(1));
        assert_eq!(find(&recent).unwrap().known.consumer.0, 2);
        recent.apply(session(2, None));
        assert_eq!(find(&recent).unwrap().session, None);
    }

    #[test]
    fn what_does_not_fit_is_forgotten() {
        let recent = Recent::new();
        recent.apply(session(3, Some(4)));
        assert_eq!(version(&recent), None, "only part of the line is known");
        first_text(&recent);
        recent.apply(session(7, Some(8)));
        assert_eq!(version(&recent), None);
        let recent = Recent::new();
        first_text(&recent);
        recent.apply(consumer(7));
        assert_eq!(version(&recent), None, "somebody else has written the consumer");
    }

    #[test]
    fn a_read_that_was_overtaken_is_not_kept() {
        for change in [session(3, Some(4)), consumer(3)] {
            let recent = Recent::new();
            let ticket = find(&recent).unwrap_err();
            recent.apply(change);
            recent.keep(1, line(), Found::default(), ticket);
            assert_eq!(version(&recent), None);
            let ticket = find(&recent).unwrap_err();
            recent.keep(1, line(), Found::default(), ticket);
            assert_eq!(version(&recent), Some(0));
        }
    }
}
