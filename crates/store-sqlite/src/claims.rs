//! Timers and the outbox: what is due is given out with a lease.

use frontdesk::{
    store::{NewWork, StoreError, Urgency, Work, WorkId, WorkRow, WorkState},
    types::{Instant, SessionId, from_millis},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    codec::{from_json, integer, millis, session_id},
    database::failed,
    store::Key,
};

/// Sessions whose deadline has come.
pub(crate) const DUE: &str = "SELECT id FROM sessions INDEXED BY due_sessions
     WHERE center = ?1 AND deadline <= ?2 AND claimed_until <= ?2 ORDER BY deadline, id LIMIT ?3";

pub(crate) fn claim_due(
    connection: &Connection,
    center: i64,
    now: Instant,
    until: Instant,
    limit: usize,
) -> Result<Vec<SessionId>, StoreError> {
    let mut statement = connection.prepare_cached(DUE).map_err(failed)?;
    let ids = statement
        .query_map(params![center, millis(now), limit_of(limit)], |row| row.get::<_, i64>(0))
        .and_then(Iterator::collect::<rusqlite::Result<Vec<i64>>>)
        .map_err(failed)?;
    let claim = "UPDATE sessions SET claimed_until = ?3 WHERE center = ?1 AND id = ?2";
    let mut claim = connection.prepare_cached(claim).map_err(failed)?;
    for id in &ids {
        claim.execute(params![center, id, millis(until)]).map_err(failed)?;
    }
    Ok(ids.into_iter().map(session_id).collect())
}

/// The columns that [`work_of`] reads.
const WORK_COLUMNS: &str = "id, key, lane, task, not_before, attempts, urgency";

/// What is done first, as its column has it: the smaller before.
pub(crate) fn urgency_column(urgency: Urgency) -> i64 {
    match urgency {
        Urgency::Answer => 0,
        Urgency::Notice => 1,
    }
}

/// Work of one urgency that may be claimed: the heads of lanes alone, so that nothing is looked at that waits behind another.
/// A lease that another process gave out is void: that process is gone.
pub(crate) fn claimable() -> String {
    format!(
        "SELECT {WORK_COLUMNS} FROM work INDEXED BY work_heads
         WHERE center = ?1 AND state = 0 AND head = 1 AND urgency = ?4 AND not_before <= ?2
           AND (leased_until <= ?2 OR lease <= ?5)
         ORDER BY not_before, id LIMIT ?3"
    )
}

pub(crate) fn claim_work(
    connection: &Connection,
    Key { center, old_leases }: Key,
    now: Instant,
    until: Instant,
    limit: usize,
) -> Result<Vec<Work>, StoreError> {
    let mut statement = connection.prepare_cached(&claimable()).map_err(failed)?;
    let mut found = Vec::new();
    for urgency in [Urgency::Answer, Urgency::Notice].map(urgency_column) {
        let left = limit_of(limit.saturating_sub(found.len()));
        let of = params![center, millis(now), left, urgency, old_leases];
        let mut rows = statement.query(of).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            found.push(work_of(row)?);
        }
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let last: i64 = connection
        .prepare_cached(
            "UPDATE centers SET last_lease = last_lease + ?2 WHERE key = ?1 RETURNING last_lease",
        )
        .and_then(|mut statement| statement.query_row(params![center, count], |row| row.get(0)))
        .map_err(failed)?;
    let claim = "UPDATE work SET lease = ?2, leased_until = ?3 WHERE id = ?1";
    let mut claim = connection.prepare_cached(claim).map_err(failed)?;
    (last - count + 1..)
        .zip(found)
        .map(|(lease, (id, work, attempts))| {
            claim.execute(params![integer(id), lease, millis(until)]).map_err(failed)?;
            Ok(Work { id, lease: lease.cast_unsigned(), attempts, work })
        })
        .collect()
}

fn work_of(row: &Row<'_>) -> Result<(WorkId, NewWork, u32), StoreError> {
    let text = |i| row.get::<_, String>(i).map_err(failed);
    let work = NewWork {
        key: text(1)?,
        lane: text(2)?,
        task: from_json("task", &text(3)?)?,
        not_before: from_millis(row.get(4).map_err(failed)?),
        urgency: match row.get(6).map_err(failed)? {
            0_i64 => Urgency::Answer,
            _ => Urgency::Notice,
        },
    };
    let id: i64 = row.get(0).map_err(failed)?;
    Ok((id.cast_unsigned(), work, row.get(5).map_err(failed)?))
}

/// The fence of a duty.
pub(crate) fn fence(
    connection: &Connection,
    center: i64,
    duty: &str,
) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT fence FROM duties WHERE center = ?1 AND name = ?2";
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| {
            statement.query_row(params![center, duty], |row| row.get(0)).optional()
        })
        .map_err(failed)
}

pub(crate) fn take_duty(
    connection: &Connection,
    center: i64,
    (duty, host): (&str, &str),
    now: Instant,
    until: Instant,
) -> Result<Option<u64>, StoreError> {
    // Nothing is written, and nothing returned, while it is another's.
    let sql = "INSERT INTO duties (center, name, host, fence, until) VALUES (?1, ?2, ?3, 1, ?5)
               ON CONFLICT DO UPDATE SET host = ?3, until = ?5, fence = fence + (host <> ?3)
               WHERE host = ?3 OR until <= ?4 RETURNING fence";
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| {
            let params = params![center, duty, host, millis(now), millis(until)];
            statement.query_row(params, |row| row.get::<_, i64>(0)).optional()
        })
        .map(|fence| fence.map(i64::cast_unsigned))
        .map_err(failed)
}

/// The work in a state, oldest first. What is pending leaves soon, so that the table itself is the list of it.
pub(crate) fn of_state(state: WorkState) -> String {
    let (index, code) = match state {
        WorkState::Pending => ("NOT INDEXED", "0"),
        // The index is of what is kept: the planner must be told that this is.
        WorkState::Held => ("INDEXED BY work_kept", "1 AND state > 0"),
        WorkState::Dead => ("INDEXED BY work_kept", "2 AND state > 0"),
    };
    format!(
        "SELECT {WORK_COLUMNS}, error FROM work {index}
         WHERE center = ?1 AND state = {code} ORDER BY id LIMIT ?2"
    )
}

pub(crate) fn list(
    connection: &Connection,
    center: i64,
    state: WorkState,
    limit: usize,
) -> Result<Vec<WorkRow>, StoreError> {
    let mut statement = connection.prepare_cached(&of_state(state)).map_err(failed)?;
    let mut rows = statement.query(params![center, limit_of(limit)]).map_err(failed)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let (id, work, attempts) = work_of(row)?;
        list.push(WorkRow { id, work, state, attempts, error: row.get(7).map_err(failed)? });
    }
    Ok(list)
}

pub(crate) fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
