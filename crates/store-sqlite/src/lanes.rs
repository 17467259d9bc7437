//! Work goes into lanes and leaves them. `head` marks the first of each lane that is not dead: it alone may be claimed. Whoever
//! changes a lane sees to the mark in the same transaction.

use frontdesk::{
    store::{Lease, NewWork, Outcome, StoreError, WorkId},
    types::Instant,
};
use rusqlite::{Connection, OptionalExtension, Params, params};

use crate::{
    codec::{integer, millis},
    database::{execute, failed},
    work_columns::{kind_column, urgency_column, waits_column},
};

/// The first of a lane that is not dead.
macro_rules! first_of_lane {
    () => {
        "(SELECT id FROM work INDEXED BY work_lanes
          WHERE center = ?1 AND lane = ?2 AND state < 2 ORDER BY id LIMIT 1)"
    };
}

/// A key that is there already is left as it is.
pub(crate) fn put_in(
    connection: &Connection,
    center: i64,
    work: &NewWork,
    task: &str,
) -> Result<(), StoreError> {
    // What is put in is the last of its lane.
    let sql = concat!(
        "INSERT INTO work (center, lane, key, task, not_before, kind, urgency, head)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ",
        first_of_lane!(),
        " IS NULL) ON CONFLICT DO NOTHING"
    );
    let (due, kind) = (millis(work.not_before), kind_column(work.task.kind()));
    let urgency = urgency_column(work.urgency);
    execute(connection, sql, params![center, work.lane, work.key, task, due, kind, urgency])
        .map(drop)
}

/// What became of a piece of work, by whoever has its lease.
pub(crate) fn finish(
    connection: &Connection,
    center: i64,
    id: WorkId,
    lease: Lease,
    outcome: &Outcome,
) -> Result<(), StoreError> {
    let (id, lease) = (integer(id), integer(lease));
    let lane = match outcome {
        Outcome::Done => {
            let sql =
                "DELETE FROM work WHERE center = ?1 AND id = ?2 AND lease = ?3 RETURNING lane";
            lane_of(connection, sql, params![center, id, lease])?
        }
        Outcome::Dead { error } => {
            let sql = "UPDATE work SET state = 2, head = 0, error = ?4, attempts = attempts + 1, lease = 0, leased_until = 0
                       WHERE center = ?1 AND id = ?2 AND lease = ?3 RETURNING lane";
            lane_of(connection, sql, params![center, id, lease, error])?
        }
        stays => return keep(connection, (center, id, lease), stays),
    };
    let lane = lane.ok_or(StoreError::LeaseLost)?;
    // The next of the lane, if there is one and it is not the first already.
    let sql = concat!("UPDATE work SET head = 1 WHERE head = 0 AND id = ", first_of_lane!());
    execute(connection, sql, params![center, lane]).map(drop)
}

/// The work waits, for a time or for somebody's decision. It keeps its place in the lane.
fn keep(
    connection: &Connection,
    (center, id, lease): (i64, i64, i64),
    outcome: &Outcome,
) -> Result<(), StoreError> {
    let kept = if let Some((waits, due)) = outcome.waits() {
        let (error, attempt) = match outcome {
            Outcome::Pause { error, .. } | Outcome::Retry { error, .. } => (Some(error), 1),
            _ => (None, 0),
        };
        let sql = "UPDATE work SET not_before = ?4, waits = ?5, error = coalesce(?6, error), attempts = attempts + ?7,
                       lease = 0, leased_until = 0
                   WHERE center = ?1 AND id = ?2 AND lease = ?3";
        let (due, waits) = (millis(due), waits_column(waits));
        execute(connection, sql, params![center, id, lease, due, waits, error, attempt])?
    } else {
        let sql = "UPDATE work SET state = 1, error = NULL, attempts = attempts + 1, lease = 0, leased_until = 0
                   WHERE center = ?1 AND id = ?2 AND lease = ?3";
        execute(connection, sql, params![center, id, lease])?
    };
    if kept == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
}

/// Dead work takes its old place again, before what has come since.
pub(crate) fn revive(
    connection: &Connection,
    center: i64,
    id: WorkId,
    now: Instant,
) -> Result<bool, StoreError> {
    let sql = "UPDATE work SET state = 0, attempts = 0, not_before = ?3, waits = 0
               WHERE center = ?1 AND id = ?2 AND state <> 0 RETURNING lane";
    let lane = lane_of(connection, sql, params![center, integer(id), millis(now)])?;
    let Some(lane) = lane else { return Ok(false) };
    let sql = concat!(
        "UPDATE work SET head = (id = ",
        first_of_lane!(),
        ") WHERE center = ?1 AND lane = ?2 AND state < 2 AND (head = 1 OR id = ",
        first_of_lane!(),
        ")"
    );
    execute(connection, sql, params![center, lane])?;
    Ok(true)
}

/// The lane of the row that a statement changes, if it changes one.
fn lane_of(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.query_row(params, |row| row.get(0)).optional().map_err(failed)
}

#[cfg(test)]
mod tests;
