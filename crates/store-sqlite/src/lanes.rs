//! Work goes into lanes and leaves them. `head` marks the first of each lane that is not dead: it alone may be claimed. Whoever
//! changes a lane sees to the mark in the same transaction.

use frontdesk::{
    store::{Lease, NewWork, Outcome, StoreError, WorkId},
    types::Instant,
};
use rusqlite::{Connection, OptionalExtension, Params, params};

use crate::{
    claims,
    codec::{integer, millis},
    database::{execute, failed},
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
        "INSERT INTO work (center, lane, key, task, not_before, urgency, head)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ",
        first_of_lane!(),
        " IS NULL) ON CONFLICT DO NOTHING"
    );
    let (due, urgency) = (millis(work.not_before), claims::urgency_column(work.urgency));
    execute(connection, sql, params![center, work.lane, work.key, task, due, urgency]).map(drop)
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

/// The work stays, and its place in the lane with it.
fn keep(
    connection: &Connection,
    (center, id, lease): (i64, i64, i64),
    outcome: &Outcome,
) -> Result<(), StoreError> {
    let kept = match outcome {
        Outcome::Postponed { until } => {
            let sql = "UPDATE work SET not_before = ?4, lease = 0, leased_until = 0
                       WHERE center = ?1 AND id = ?2 AND lease = ?3";
            execute(connection, sql, params![center, id, lease, millis(*until)])?
        }
        Outcome::Retry { at, error } => {
            let sql =
                "UPDATE work SET not_before = ?4, error = ?5, attempts = attempts + 1, lease = 0, leased_until = 0
                       WHERE center = ?1 AND id = ?2 AND lease = ?3";
            execute(connection, sql, params![center, id, lease, millis(*at), error])?
        }
        Outcome::Held | Outcome::Done | Outcome::Dead { .. } => {
            let sql = "UPDATE work SET state = 1, error = NULL, attempts = attempts + 1, lease = 0, leased_until = 0
                       WHERE center = ?1 AND id = ?2 AND lease = ?3";
            execute(connection, sql, params![center, id, lease])?
        }
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
    let sql = "UPDATE work SET state = 0, attempts = 0, not_before = ?3
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
