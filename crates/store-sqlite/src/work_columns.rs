//! The columns of a piece of work.

use frontdesk::{
    store::{NewWork, StoreError, Urgency, Waits, WorkId, WorkKind},
    types::from_millis,
};
use rusqlite::Row;

use crate::{
    codec::{from_json, unreadable},
    database::failed,
};

/// The columns that [`work_of`] reads.
pub(crate) const WORK_COLUMNS: &str = "id, key, lane, task, not_before, attempts, urgency";

/// The urgencies, first the most urgent.
pub(crate) const BY_URGENCY: [Urgency; 3] =
    [Urgency::Confirmation, Urgency::Answer, Urgency::Notice];

/// A kind as the column `kind` has it. Texts came first.
pub(crate) fn kind_column(kind: WorkKind) -> i64 {
    match kind {
        WorkKind::Text => 0,
        WorkKind::Media => 1,
        WorkKind::Crm => 2,
        WorkKind::VirtualAgent => 3,
        WorkKind::Call => 4,
        WorkKind::Anchor => 5,
    }
}

/// An urgency as the column `urgency` has it.
pub(crate) fn urgency_column(urgency: Urgency) -> i64 {
    match urgency {
        Urgency::Answer => 0,
        Urgency::Notice => 1,
        Urgency::Confirmation => 2,
    }
}

fn urgency_of(column: i64) -> Result<Urgency, StoreError> {
    let of = |urgency: &Urgency| urgency_column(*urgency) == column;
    let unknown = || unreadable("urgency", format!("found {column}, allowed are 0 to 2"));
    BY_URGENCY.into_iter().find(of).ok_or_else(unknown)
}

/// A reason to wait as the column `waits` has it.
pub(crate) fn waits_column(waits: Waits) -> i64 {
    match waits {
        Waits::Start => 0,
        Waits::Failure => 1,
        Waits::Pause => 2,
        Waits::Gate => 3,
    }
}

/// Reads [`WORK_COLUMNS`]. The last number says how often it was tried.
pub(crate) fn work_of(row: &Row<'_>) -> Result<(WorkId, NewWork, u32), StoreError> {
    let text = |i| row.get::<_, String>(i).map_err(failed);
    let work = NewWork {
        key: text(1)?,
        lane: text(2)?,
        task: from_json("task", &text(3)?)?,
        not_before: from_millis(row.get(4).map_err(failed)?),
        urgency: urgency_of(row.get(6).map_err(failed)?)?,
    };
    let id: i64 = row.get(0).map_err(failed)?;
    Ok((id.cast_unsigned(), work, row.get(5).map_err(failed)?))
}
