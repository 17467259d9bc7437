//! One commit, on the writer's connection and inside its transaction.

use frontdesk::{
    store::{
        AgentState, Commit, Committed, InboxMark, ItemWrite, MemoryWrite, SessionWrite, SlotChange,
        SlotWrite, StoreError, Subject,
    },
    types::{AgentId, EVENT_VERSION, QueueId},
};
use rusqlite::{Connection, params};

use crate::{
    claims,
    codec::{integer, json, line_columns, millis, to_word, unreadable},
    database::{execute, failed},
    lanes, ledger, seals,
    store::Key,
};

/// Whether a commit enters that a consumer has revoked consent.
pub(crate) fn revokes(commit: &Commit) -> bool {
    let mut entries = commit.consumers.iter().flat_map(|write| &write.entries);
    entries.any(|appended| appended.link.entry.act.revokes())
}

/// A commit, with what it stores as text spelled out already: the writer's time is everybody's.
pub(crate) struct Prepared {
    commit: Commit,
    memory: String,
    consumers: Vec<ledger::Prepared>,
    /// Of the entries that are sealed.
    leaves: Vec<u8>,
    tasks: Vec<String>,
    events: Option<String>,
}

impl Prepared {
    pub(crate) fn new(mut commit: Commit) -> Result<Self, StoreError> {
        let memory = match &commit.memory {
            Some(write) => json("memory", &write.memory)?,
            None => String::new(),
        };
        let consumers = std::mem::take(&mut commit.consumers).into_iter();
        let consumers = consumers.map(ledger::Prepared::new).collect::<Result<_, _>>()?;
        let leaves = commit.seals.as_ref().map(seals::leaves).transpose()?.unwrap_or_default();
        let tasks = commit.work.iter().map(|work| json("task", &work.task));
        let tasks = tasks.collect::<Result<_, _>>()?;
        let events = match &commit.record {
            Some((_, events)) if !events.is_empty() => Some(json("events", events)?),
            _ => None,
        };
        Ok(Self { commit, memory, consumers, leaves, tasks, events })
    }
}

pub(crate) fn commit(
    connection: &Connection,
    center: i64,
    prepared: &Prepared,
) -> Result<Committed, StoreError> {
    let commit = &prepared.commit;
    if let Some(mark) = &commit.inbox
        && !mark_taken(connection, center, mark)?
    {
        return Ok(Committed::Duplicate);
    }
    if let Some(write) = &commit.session {
        write_session(connection, center, write)?;
    }
    if let Some(write) = &commit.memory {
        write_memory(connection, center, write, &prepared.memory)?;
    }
    for write in &prepared.consumers {
        ledger::write(connection, center, write)?;
    }
    if let Some(write) = &commit.seals {
        seals::write(connection, center, write, &prepared.leaves)?;
    }
    if let Some((id, lease, outcome)) = &commit.finished {
        lanes::finish(connection, center, *id, *lease, outcome)?;
    }
    if let Some((duty, fence)) = &commit.duty
        && claims::fence(connection, center, duty)? != Some(integer(*fence))
    {
        return Err(StoreError::LeaseLost);
    }
    for (agent, AgentState { status, wrap_up }) in &commit.statuses {
        let sql = "INSERT INTO statuses (center, agent, status, wrap_up) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO UPDATE SET status = excluded.status, wrap_up = excluded.wrap_up";
        let wrap_up = wrap_up.map(millis);
        execute(connection, sql, params![center, agent.as_str(), status.to_string(), wrap_up])?;
    }
    for write in &commit.items {
        write_item(connection, center, write)?;
    }
    for write in &commit.slots {
        write_slot(connection, center, write)?;
    }
    for lane in &commit.recheck {
        execute(connection, claims::RECHECK, params![center, lane])?;
    }
    for (work, task) in commit.work.iter().zip(&prepared.tasks) {
        lanes::put_in(connection, center, work, task)?;
    }
    let position = match (&commit.record, &prepared.events) {
        (Some((subject, _)), Some(events)) => append(connection, center, *subject, events)?,
        _ => 0,
    };
    Ok(Committed::Done { position })
}

fn mark_taken(connection: &Connection, center: i64, mark: &InboxMark) -> Result<bool, StoreError> {
    let sql = "INSERT INTO inbox (center, provider, id, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    let source = mark.source.column();
    Ok(execute(connection, sql, params![center, source, mark.id, millis(mark.at)])? == 1)
}

fn write_session(
    connection: &Connection,
    center: i64,
    write: &SessionWrite,
) -> Result<(), StoreError> {
    if write.state.is_empty() {
        return Err(unreadable("state", "an empty state is never stored"));
    }
    let row = &write.row;
    let (ended, reason) = match &row.ended {
        Some((at, reason)) => (Some(millis(*at)), Some(to_word(reason)?)),
        None => (None, None),
    };
    let queue = row.queue.as_ref().map(QueueId::as_str);
    let agent = row.agent.as_ref().map(AgentId::as_str);
    let language = row.language.to_string();
    let needs = row.needs.as_ref().map(|needs| json("needs", needs)).transpose()?;
    let (since, deadline) = (row.waiting_since.map(millis), row.deadline.map(millis));
    let written = if write.expected == 0 {
        let sql = "INSERT INTO sessions (center, id, version, consumer, number, status, queue, agent, language,
                       started, waiting_since, ended, end_reason, deadline, state, needs)
                   VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
                   ON CONFLICT DO NOTHING";
        let (consumer, number) = line_columns(row.line);
        let params = params![
            center,
            integer(row.id.0),
            consumer,
            number,
            row.status,
            queue,
            agent,
            language,
            millis(row.started),
            since,
            ended,
            reason,
            deadline,
            write.state,
            needs
        ];
        execute(connection, sql, params)?
    } else {
        let sql = "UPDATE sessions SET version = version + 1, status = ?4, queue = ?5, agent = ?6, language = ?7,
                       waiting_since = ?8, ended = ?9, end_reason = ?10, deadline = ?11, state = ?12, needs = ?13,
                       claimed_until = 0
                   WHERE center = ?1 AND id = ?2 AND version = ?3
                     AND (?9 IS NOT NULL OR ended IS NULL OR NOT EXISTS (
                         SELECT 1 FROM sessions AS other INDEXED BY open_sessions
                         WHERE other.center = ?1 AND other.consumer = sessions.consumer
                           AND other.number = sessions.number AND other.ended IS NULL))";
        let params = params![
            center,
            integer(row.id.0),
            integer(write.expected),
            row.status,
            queue,
            agent,
            language,
            since,
            ended,
            reason,
            deadline,
            write.state,
            needs
        ];
        execute(connection, sql, params)?
    };
    if written == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

fn write_memory(
    connection: &Connection,
    center: i64,
    write: &MemoryWrite,
    memory: &str,
) -> Result<(), StoreError> {
    let (consumer, number) = line_columns(write.line);
    let written = if write.expected == 0 {
        let sql = "INSERT INTO memories (center, consumer, number, version, memory) VALUES (?1, ?2, ?3, 1, ?4)
                   ON CONFLICT DO NOTHING";
        execute(connection, sql, params![center, consumer, number, memory])?
    } else {
        let sql = "UPDATE memories SET version = version + 1, memory = ?5
                   WHERE center = ?1 AND consumer = ?2 AND number = ?3 AND version = ?4";
        execute(
            connection,
            sql,
            params![center, consumer, number, integer(write.expected), memory],
        )?
    };
    if written == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

fn write_item(connection: &Connection, center: i64, write: &ItemWrite) -> Result<(), StoreError> {
    let (kind, key, expected) = (write.kind, &write.key, integer(write.expected));
    let written = match &write.value {
        // What is taken away was there, or was not to be there.
        None if write.expected == 0 => {
            let sql = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM items WHERE center = ?1 AND kind = ?2 AND key = ?3)";
            let mut statement = connection.prepare_cached(sql).map_err(failed)?;
            usize::from(statement.exists(params![center, kind, key]).map_err(failed)?)
        }
        None => {
            let sql =
                "DELETE FROM items WHERE center = ?1 AND kind = ?2 AND key = ?3 AND version = ?4";
            execute(connection, sql, params![center, kind, key, expected])?
        }
        Some(value) if write.expected == 0 => {
            let sql =
                "INSERT INTO items (center, kind, key, version, value) VALUES (?1, ?2, ?3, 1, ?4)
                       ON CONFLICT DO NOTHING";
            execute(connection, sql, params![center, kind, key, value])?
        }
        Some(value) => {
            let sql = "UPDATE items SET version = version + 1, value = ?5
                       WHERE center = ?1 AND kind = ?2 AND key = ?3 AND version = ?4";
            execute(connection, sql, params![center, kind, key, expected, value])?
        }
    };
    if written == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

fn write_slot(connection: &Connection, center: i64, write: &SlotWrite) -> Result<(), StoreError> {
    let SlotWrite { queue, from, session, change } = write;
    let (queue, at, session) = (queue.as_str(), millis(*from), integer(session.0));
    let SlotChange::Taken { places } = change else {
        let sql = "DELETE FROM slots WHERE center = ?1 AND queue = ?2 AND at = ?3 AND session = ?4";
        return execute(connection, sql, params![center, queue, at, session]).map(drop);
    };
    // The writer is alone: what it counts stays so until it is through.
    let sql = "INSERT INTO slots (center, queue, at, session) SELECT ?1, ?2, ?3, ?4
               WHERE (SELECT count(*) FROM slots
                      WHERE center = ?1 AND queue = ?2 AND at = ?3 AND session <> ?4) < ?5
               ON CONFLICT DO NOTHING";
    if execute(connection, sql, params![center, queue, at, session, places])? == 1 {
        return Ok(());
    }
    let sql = "SELECT 1 FROM slots WHERE center = ?1 AND queue = ?2 AND at = ?3 AND session = ?4";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let has_one = statement.exists(params![center, queue, at, session]).map_err(failed)?;
    if has_one { Ok(()) } else { Err(StoreError::SlotFull { from: *from }) }
}

fn append(
    connection: &Connection,
    center: i64,
    subject: Subject,
    events: &str,
) -> Result<u64, StoreError> {
    let sql = "INSERT INTO log (center, session, consumer, number, version, events)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let session = subject.session.map(|session| integer(session.0));
    let (consumer, number) = subject.line.map(line_columns).unzip();
    execute(connection, sql, params![center, session, consumer, number, EVENT_VERSION, events])?;
    Ok(connection.last_insert_rowid().cast_unsigned())
}

/// The key of a center, in a file that is only read. Nothing belongs to a center that is not there.
pub(crate) fn known_center(connection: &Connection, id: &str) -> Result<Key, StoreError> {
    let sql = "SELECT key, last_lease FROM centers WHERE id = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query([id]).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else {
        return Ok(Key { center: NO_CENTER, old_leases: 0 });
    };
    Ok(Key { center: row.get(0).map_err(failed)?, old_leases: row.get(1).map_err(failed)? })
}

/// A key that no center has.
const NO_CENTER: i64 = -1;

/// The center's key, made on first use.
pub(crate) fn center_key(connection: &Connection, id: &str) -> Result<Key, StoreError> {
    execute(connection, "INSERT INTO centers (id) VALUES (?1) ON CONFLICT DO NOTHING", [id])?;
    connection
        .query_row("SELECT key, last_lease FROM centers WHERE id = ?1", [id], |row| {
            Ok(Key { center: row.get(0)?, old_leases: row.get(1)? })
        })
        .map_err(failed)
}
