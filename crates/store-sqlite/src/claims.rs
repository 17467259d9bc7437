//! Timers and the outbox: what is due is given out with a lease.

use frontdesk::{
    store::{Lease, StoreError, Urgency, Waits, Work, WorkId, WorkKind, WorkRow, WorkState},
    types::{Instant, SessionId},
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    codec::{integer, millis, session_id},
    database::failed,
    store::Key,
    work_columns::{BY_URGENCY, WORK_COLUMNS, kind_column, urgency_column, waits_column, work_of},
};

/// Sessions whose deadline has come.
pub(crate) const DUE: &str = "SELECT id FROM sessions INDEXED BY due_sessions
     WHERE center = ?1 AND deadline <= ?2 AND (claimed_until <= ?2 OR claimed_until > ?4)
     ORDER BY deadline, id LIMIT ?3";

/// The latest end of a lease that a right clock gives ([`lease_is_over`](frontdesk::store::lease_is_over)).
fn longest_lease(now: Instant, until: Instant) -> i64 {
    millis(until).saturating_add(millis(until) - millis(now))
}

pub(crate) fn claim_due(
    connection: &Connection,
    center: i64,
    now: Instant,
    until: Instant,
    limit: usize,
) -> Result<Vec<SessionId>, StoreError> {
    let mut statement = connection.prepare_cached(DUE).map_err(failed)?;
    let of = params![center, millis(now), limit_of(limit), longest_lease(now, until)];
    let ids = statement
        .query_map(of, |row| row.get::<_, i64>(0))
        .and_then(Iterator::collect::<rusqlite::Result<Vec<i64>>>)
        .map_err(failed)?;
    let claim = "UPDATE sessions SET claimed_until = ?3 WHERE center = ?1 AND id = ?2";
    let mut claim = connection.prepare_cached(claim).map_err(failed)?;
    for id in &ids {
        claim.execute(params![center, id, millis(until)]).map_err(failed)?;
    }
    Ok(ids.into_iter().map(session_id).collect())
}

/// Work of one kind and urgency that waits for the same reason and may be claimed: the heads of lanes alone, so that nothing is
/// looked at that waits behind another. A lease that another process gave out is void: that process is gone.
pub(crate) fn claimable() -> String {
    format!(
        "SELECT {WORK_COLUMNS}, lease > 0 FROM work INDEXED BY work_heads
         WHERE center = ?1 AND state = 0 AND head = 1 AND kind = ?4 AND urgency = ?5 AND waits = ?6
           AND not_before BETWEEN ?7 AND ?8 AND (leased_until <= ?2 OR leased_until > ?9 OR lease <= ?10)
         ORDER BY not_before, id LIMIT ?3"
    )
}

/// One kind of work at one instant.
#[derive(Clone, Copy)]
pub(crate) struct Claim {
    pub(crate) key: Key,
    pub(crate) kind: WorkKind,
    pub(crate) now: Instant,
    pub(crate) until: Instant,
}

pub(crate) fn claim_work(
    connection: &Connection,
    claim: Claim,
    limit: usize,
) -> Result<Vec<Work>, StoreError> {
    let mut found = Vec::new();
    for urgency in BY_URGENCY {
        let left = limit.saturating_sub(found.len());
        if left == 0 {
            break;
        }
        let mut due = Vec::new();
        for waits in Waits::ALL {
            due.extend(due_work(connection, claim, (urgency, waits), left)?);
        }
        due.sort_by_key(|work| (work.work.not_before, work.id));
        due.truncate(left);
        found.extend(due);
    }
    lease(connection, claim.key.center, claim.until, found)
}

/// The heads of lanes that are due, of one urgency, that wait for the same reason.
fn due_work(
    connection: &Connection,
    claim: Claim,
    (urgency, waits): (Urgency, Waits),
    limit: usize,
) -> Result<Vec<Work>, StoreError> {
    let Claim { key: Key { center, old_leases }, kind, now, until } = claim;
    let mut statement = connection.prepare_cached(&claimable()).map_err(failed)?;
    let (limit, longest) = (limit_of(limit), longest_lease(now, until));
    let latest = millis(now).saturating_add(waits.longest().num_milliseconds());
    let (kind, urgency, waits) = (kind_column(kind), urgency_column(urgency), waits_column(waits));
    let mut found = Vec::new();
    // What has come, and what no right clock has written.
    for (from, to) in [(i64::MIN, millis(now)), (latest.saturating_add(1), i64::MAX)] {
        let of = params![
            center,
            millis(now),
            limit,
            kind,
            urgency,
            waits,
            from,
            to,
            longest,
            old_leases
        ];
        let mut rows = statement.query(of).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let (id, work, attempts) = work_of(row)?;
            // Each end of work takes the lease off.
            let interrupted = row.get(7).map_err(failed)?;
            found.push(Work { id, lease: 0, attempts, interrupted, work });
        }
    }
    Ok(found)
}

/// Gives out what was found.
fn lease(
    connection: &Connection,
    center: i64,
    until: Instant,
    found: Vec<Work>,
) -> Result<Vec<Work>, StoreError> {
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
        .map(|(lease, work)| {
            claim.execute(params![integer(work.id), lease, millis(until)]).map_err(failed)?;
            Ok(Work { lease: lease.cast_unsigned(), ..work })
        })
        .collect()
}

pub(crate) fn renew_work(
    connection: &Connection,
    center: i64,
    claimed: &[(WorkId, Lease)],
    until: Instant,
) -> Result<Vec<WorkId>, StoreError> {
    let sql = "UPDATE work SET leased_until = ?4 WHERE center = ?1 AND id = ?2 AND lease = ?3";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut renewed = Vec::new();
    for (id, lease) in claimed {
        let of = params![center, integer(*id), integer(*lease), millis(until)];
        if statement.execute(of).map_err(failed)? == 1 {
            renewed.push(*id);
        }
    }
    Ok(renewed)
}

/// Wakes what waits after a failure, oldest first. What is woken is out of the index, so that the next call does not walk over it.
pub(crate) const WAKE: &str = "UPDATE work SET not_before = 0 WHERE id IN
     (SELECT id FROM work INDEXED BY work_asleep
      WHERE center = ?1 AND kind = ?2 AND urgency = ?3 AND state = 0 AND waits = 1 AND not_before > 0 AND not_before > ?4
      ORDER BY id LIMIT ?5)";

pub(crate) fn wake_work(
    connection: &Connection,
    center: i64,
    kind: WorkKind,
    now: Instant,
    limit: usize,
) -> Result<usize, StoreError> {
    let mut statement = connection.prepare_cached(WAKE).map_err(failed)?;
    let mut woken = 0;
    for urgency in BY_URGENCY {
        let left = limit_of(limit.saturating_sub(woken));
        let of = params![center, kind_column(kind), urgency_column(urgency), millis(now), left];
        woken += statement.execute(of).map_err(failed)?;
    }
    Ok(woken)
}

/// Work that the gate holds in a lane is due. The index is of what is not dead: the planner must be told that this is.
pub(crate) const RECHECK: &str = "UPDATE work SET not_before = 0
     WHERE center = ?1 AND lane = ?2 AND state < 2 AND state = 0 AND waits = 3 AND not_before > 0";

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
