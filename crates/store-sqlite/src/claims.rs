//! Timers and the outbox: what is due is given out with a lease.

use frontdesk::{
    store::{
        Lease, NewWork, StoreError, Urgency, Waits, Work, WorkId, WorkKind, WorkRow, WorkState,
    },
    types::{Instant, SessionId, from_millis},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    codec::{from_json, integer, millis, session_id},
    database::failed,
};

pub(crate) fn claim_due(
    connection: &Connection,
    center: i64,
    now: Instant,
    until: Instant,
    limit: usize,
) -> Result<Vec<SessionId>, StoreError> {
    let sql = "SELECT id FROM sessions
               WHERE center = ?1 AND deadline <= ?2 AND (claimed_until <= ?2 OR claimed_until > ?4)
               ORDER BY deadline, id LIMIT ?3";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
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

/// The columns that [`work_of`] reads.
const WORK_COLUMNS: &str = "id, key, lane, task, not_before, attempts, urgency";

/// How many places of the column `urgency` the reasons to wait are apart.
pub(crate) const REASON: i64 = 16;
/// How many urgencies there are.
const URGENCIES: i64 = 3;

/// The latest end of a lease that a right clock gives ([`lease_is_over`](frontdesk::store::lease_is_over)).
fn longest_lease(now: Instant, until: Instant) -> i64 {
    millis(until).saturating_add(millis(until) - millis(now))
}

/// Kind and urgency, as the column `urgency` has them for work that nobody has tried. Texts came first: theirs are 0 and 1, as
/// in files of before there were kinds.
pub(crate) fn urgency_column(kind: WorkKind, urgency: Urgency) -> i64 {
    let kind = match kind {
        WorkKind::Text => 0,
        WorkKind::Media => 1,
        WorkKind::Crm => 2,
        WorkKind::VirtualAgent => 3,
        WorkKind::Call => 4,
    };
    let urgency = match urgency {
        Urgency::Answer => 0,
        Urgency::Notice => 1,
        Urgency::Confirmation => 2,
    };
    kind * URGENCIES + urgency
}

fn urgency_of(column: i64) -> Urgency {
    match column % REASON % URGENCIES {
        0 => Urgency::Answer,
        1 => Urgency::Notice,
        _ => Urgency::Confirmation,
    }
}

/// What is added to the column `urgency` while work waits for a reason.
pub(crate) fn reason_column(waits: Waits) -> i64 {
    REASON
        * match waits {
            Waits::Start => 0,
            Waits::Failure => 1,
            Waits::Doubt => 2,
            Waits::Gate => 3,
        }
}

/// The urgencies, first the most urgent.
const BY_URGENCY: [Urgency; 3] = [Urgency::Confirmation, Urgency::Answer, Urgency::Notice];

pub(crate) fn claim_work(
    connection: &Connection,
    center: i64,
    kind: WorkKind,
    (now, until): (Instant, Instant),
    limit: usize,
) -> Result<Vec<Work>, StoreError> {
    let mut found = Vec::new();
    for urgency in BY_URGENCY {
        let column = urgency_column(kind, urgency);
        let mut due = Vec::new();
        for waits in Waits::ALL {
            let column = column + reason_column(waits);
            let left = limit.saturating_sub(found.len());
            due.extend(due_work(connection, center, (column, waits), (now, until), left)?);
        }
        due.sort_by_key(|(id, work, _)| (work.not_before, *id));
        due.truncate(limit.saturating_sub(found.len()));
        found.extend(due);
    }
    lease(connection, center, until, found)
}

/// The heads of lanes that are due, of one kind and urgency, that wait for the same reason.
fn due_work(
    connection: &Connection,
    center: i64,
    (column, waits): (i64, Waits),
    (now, until): (Instant, Instant),
    limit: usize,
) -> Result<Vec<(WorkId, NewWork, u32)>, StoreError> {
    // Only the head of each lane: whatever it waits for, the rest of the lane does too.
    let sql = format!(
        "SELECT {WORK_COLUMNS} FROM work
         WHERE center = ?1 AND state = 0 AND urgency = ?4 AND not_before BETWEEN ?5 AND ?6
           AND (leased_until <= ?2 OR leased_until > ?7)
           AND NOT EXISTS (SELECT 1 FROM work AS earlier
                           WHERE earlier.center = ?1 AND earlier.lane = work.lane AND earlier.state < 2
                             AND earlier.id < work.id)
         ORDER BY not_before, id LIMIT ?3"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    let (limit, longest) = (limit_of(limit), longest_lease(now, until));
    let latest = millis(now).saturating_add(waits.longest().num_milliseconds());
    let mut found = Vec::new();
    // What has come, and what no right clock has written.
    for (from, to) in [(i64::MIN, millis(now)), (latest.saturating_add(1), i64::MAX)] {
        let of = params![center, millis(now), limit, column, from, to, longest];
        let mut rows = statement.query(of).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            found.push(work_of(row)?);
        }
    }
    Ok(found)
}

/// Gives out what was found.
fn lease(
    connection: &Connection,
    center: i64,
    until: Instant,
    found: Vec<(WorkId, NewWork, u32)>,
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
        .map(|(lease, (id, work, attempts))| {
            claim.execute(params![integer(id), lease, millis(until)]).map_err(failed)?;
            Ok(Work { id, lease: lease.cast_unsigned(), attempts, work })
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

pub(crate) fn wake_work(
    connection: &Connection,
    center: i64,
    kind: WorkKind,
    now: Instant,
    limit: usize,
) -> Result<usize, StoreError> {
    let sql = "UPDATE work SET not_before = 0 WHERE id IN
                   (SELECT id FROM work WHERE center = ?1 AND state = 0 AND urgency = ?2 AND not_before > ?3
                    ORDER BY id LIMIT ?4)";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut woken = 0;
    for urgency in BY_URGENCY {
        let column = urgency_column(kind, urgency) + reason_column(Waits::Failure);
        let left = limit_of(limit.saturating_sub(woken));
        woken += statement.execute(params![center, column, millis(now), left]).map_err(failed)?;
    }
    Ok(woken)
}

fn work_of(row: &Row<'_>) -> Result<(WorkId, NewWork, u32), StoreError> {
    let text = |i| row.get::<_, String>(i).map_err(failed);
    let work = NewWork {
        key: text(1)?,
        lane: text(2)?,
        task: from_json("task", &text(3)?)?,
        not_before: from_millis(row.get(4).map_err(failed)?),
        urgency: urgency_of(row.get(6).map_err(failed)?),
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

pub(crate) fn list(
    connection: &Connection,
    center: i64,
    state: WorkState,
    limit: usize,
) -> Result<Vec<WorkRow>, StoreError> {
    let sql = format!(
        "SELECT {WORK_COLUMNS}, error FROM work WHERE center = ?1 AND state = ?2 ORDER BY id LIMIT ?3"
    );
    let code = match state {
        WorkState::Pending => 0,
        WorkState::Held => 1,
        WorkState::Dead => 2,
    };
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    let mut rows = statement.query(params![center, code, limit_of(limit)]).map_err(failed)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let (id, work, attempts) = work_of(row)?;
        list.push(WorkRow { id, work, state, attempts, error: row.get(7).map_err(failed)? });
    }
    Ok(list)
}

pub(crate) fn revive(
    connection: &Connection,
    center: i64,
    id: WorkId,
    now: Instant,
) -> Result<bool, StoreError> {
    let sql = "UPDATE work SET state = 0, attempts = 0, not_before = ?3, urgency = urgency % ?4
               WHERE center = ?1 AND id = ?2 AND state <> 0";
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| {
            statement.execute(params![center, integer(id), millis(now), REASON])
        })
        .map(|changed| changed == 1)
        .map_err(failed)
}

pub(crate) fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
