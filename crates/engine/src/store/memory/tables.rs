//! What a center has in memory, and how a commit changes it.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_tendlc::{LedgerKey, Link};
use frontdesk_types::{AgentId, Instant, PhoneNumber, QueueId, SessionId};

use crate::store::{
    AgentState, Commit, Committed, Consumer, ConsumerWrite, EntryMark, Fence, Found, Known, Line,
    Memory, Record, SessionRow, SlotChange, SlotWrite, Source, StoreError, StoredSession, Subject,
    Version,
};

use super::{outbox::Outbox, sealing::Sealing};

#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) sessions: BTreeMap<SessionId, Stored>,
    pub(super) open: BTreeMap<Line, SessionId>,
    pub(super) memories: BTreeMap<Line, (Version, Memory)>,
    pub(super) consumers: BTreeMap<PhoneNumber, (Version, Consumer)>,
    /// By their numbers.
    pub(super) ledger: BTreeMap<LedgerKey, BTreeMap<u64, Link>>,
    pub(super) sealing: Sealing,
    pub(super) log: Vec<Record>,
    pub(super) inbox: BTreeSet<(Source, String)>,
    pub(super) outbox: Outbox,
    pub(super) statuses: BTreeMap<AgentId, AgentState>,
    pub(super) duties: BTreeMap<String, Held>,
    pub(super) items: BTreeMap<(&'static str, String), (Version, Vec<u8>)>,
    /// Queue, slot, and who has a place in it.
    pub(super) slots: BTreeSet<(QueueId, Instant, SessionId)>,
    pub(super) last_session: u64,
}

#[derive(Debug)]
pub(super) struct Stored {
    pub(super) session: StoredSession,
    pub(super) row: SessionRow,
    pub(super) claimed_until: Option<Instant>,
}

/// Who has a duty.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) host: String,
    pub(super) fence: Fence,
    pub(super) until: Instant,
}

impl Tables {
    pub(super) fn found(&self, line: Line) -> Found {
        let session = self.open.get(&line).and_then(|id| self.sessions.get(id));
        Found {
            known: Known {
                consumer: self.consumers.get(&line.consumer).cloned().unwrap_or_default(),
                memory: self.memories.get(&line).cloned().unwrap_or_default(),
            },
            session: session.map(|stored| stored.session.clone()),
        }
    }

    pub(super) fn check(&self, commit: &Commit) -> Result<(), StoreError> {
        if let Some(write) = &commit.session {
            if write.state.is_empty() {
                return Err(StoreError::Backend("an empty state is never stored".into()));
            }
            let version =
                self.sessions.get(&write.row.id).map_or(0, |stored| stored.session.version);
            let other = self.open.get(&write.row.line).is_some_and(|open| *open != write.row.id);
            if version != write.expected || (write.row.ended.is_none() && other) {
                return Err(StoreError::Conflict);
            }
        }
        if let Some(write) = &commit.memory {
            let version = self.memories.get(&write.line).map_or(0, |(version, _)| *version);
            if version != write.expected {
                return Err(StoreError::Conflict);
            }
        }
        for write in &commit.consumers {
            self.check_consumer(write)?;
        }
        if let Some(write) = &commit.seals
            && !self.sealing.allows(write)
        {
            return Err(StoreError::Conflict);
        }
        if let Some((id, lease, _)) = &commit.finished
            && !self.outbox.has_lease(*id, *lease)
        {
            return Err(StoreError::LeaseLost);
        }
        if let Some((duty, fence)) = &commit.duty
            && self.duties.get(duty).map(|held| held.fence) != Some(*fence)
        {
            return Err(StoreError::LeaseLost);
        }
        for write in &commit.items {
            let key = (write.kind, write.key.clone());
            let version = self.items.get(&key).map_or(0, |(version, _)| *version);
            if version != write.expected {
                return Err(StoreError::Conflict);
            }
        }
        for SlotWrite { queue, from, session, change } in &commit.slots {
            let in_slot = |(of, at, _): &&(QueueId, Instant, SessionId)| of == queue && at == from;
            let taken = self.slots.iter().filter(in_slot).count();
            let has_one = self.slots.contains(&(queue.clone(), *from, *session));
            if let SlotChange::Taken { places } = change
                && !has_one
                && taken >= usize::try_from(*places).unwrap_or(usize::MAX)
            {
                return Err(StoreError::SlotFull { from: *from });
            }
        }
        Ok(())
    }

    fn check_consumer(&self, write: &ConsumerWrite) -> Result<(), StoreError> {
        let version = self.consumers.get(&write.consumer).map_or(0, |(version, _)| *version);
        let is_there = write.entries.iter().any(|entry| {
            let key = LedgerKey { consumer: write.consumer, programme: entry.programme.clone() };
            self.ledger.get(&key).is_some_and(|links| links.contains_key(&entry.number))
        });
        if version != write.expected || is_there { Err(StoreError::Conflict) } else { Ok(()) }
    }

    fn write_consumer(&mut self, write: ConsumerWrite) {
        let ConsumerWrite { consumer, expected, value, entries, dropped, erased } = write;
        self.consumers.insert(consumer, (expected + 1, value));
        for entry in entries {
            let key = LedgerKey { consumer, programme: entry.programme };
            self.sealing.entered(EntryMark {
                key: key.clone(),
                number: entry.number,
                digest: entry.link.digest,
            });
            self.ledger.entry(key).or_default().insert(entry.number, entry.link);
        }
        for entry in erased {
            let key = LedgerKey { consumer, programme: entry.programme };
            self.ledger.entry(key).or_default().insert(entry.number, entry.link);
        }
        for (programme, last) in dropped {
            let key = LedgerKey { consumer, programme };
            if let Some(links) = self.ledger.get_mut(&key) {
                links.retain(|number, _| *number > last);
            }
            self.sealing.dropped(&key, last);
        }
    }

    pub(super) fn write(&mut self, commit: Commit) -> Committed {
        if let Some(write) = commit.session {
            let (id, line) = (write.row.id, write.row.line);
            if write.row.ended.is_none() {
                self.open.insert(line, id);
            } else if self.open.get(&line) == Some(&id) {
                self.open.remove(&line);
            }
            let session = StoredSession { version: write.expected + 1, state: write.state };
            self.sessions.insert(id, Stored { session, row: write.row, claimed_until: None });
        }
        if let Some(write) = commit.memory {
            self.memories.insert(write.line, (write.expected + 1, write.memory));
        }
        for write in commit.consumers {
            self.write_consumer(write);
        }
        if let Some(write) = commit.seals {
            self.sealing.seal(write);
        }
        self.statuses.extend(commit.statuses);
        for write in commit.items {
            let key = (write.kind, write.key);
            match write.value {
                Some(value) => drop(self.items.insert(key, (write.expected + 1, value))),
                None => drop(self.items.remove(&key)),
            }
        }
        for SlotWrite { queue, from, session, change } in commit.slots {
            let place = (queue, from, session);
            match change {
                SlotChange::Freed => drop(self.slots.remove(&place)),
                SlotChange::Taken { .. } => drop(self.slots.insert(place)),
            }
        }
        if let Some((id, _, outcome)) = commit.finished {
            self.outbox.finish(id, outcome);
        }
        for lane in &commit.recheck {
            self.outbox.recheck(lane);
        }
        for work in commit.work {
            self.outbox.put_in(work);
        }
        let position = commit.record.map_or(0, |(subject, events)| self.append(subject, events));
        Committed::Done { position }
    }

    pub(super) fn append(&mut self, subject: Subject, events: Vec<frontdesk_types::Event>) -> u64 {
        if events.is_empty() {
            return 0;
        }
        let position = self.log.len() as u64 + 1;
        self.log.push(Record { position, subject, events });
        position
    }
}
