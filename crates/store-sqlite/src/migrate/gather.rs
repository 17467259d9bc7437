//! Version 9: places that had a row each are gathered in stretches.

use frontdesk::store::StoreError;
use rusqlite::{Connection, Row, params};

use super::{Progress, TOLD_EVERY};
use crate::{
    database::{execute, failed},
    seals,
};

/// Places of a stretch, as many as the sealer gives in one commit.
const PLACES: i64 = 1_000;
/// Places, what stands there, and the rows of their entries.
const PLACES_OF_8: &str =
    "SELECT seals_8.consumer, seals_8.programme, seals_8.number, seals_8.digest,
            seals_8.center, seals_8.sequence, entries.rowid
     FROM seals_8 LEFT JOIN entries INDEXED BY entry_keys
       ON entries.center = seals_8.center AND entries.consumer = seals_8.consumer
      AND entries.programme = seals_8.programme AND entries.number = seals_8.number
     ORDER BY seals_8.center, seals_8.sequence";

struct Stretch {
    center: i64,
    first: i64,
    places: i64,
    /// The lowest and the highest row, as far as retention has left the entries.
    rows: Option<(i64, i64)>,
    leaves: Vec<u8>,
}

impl Stretch {
    fn new(center: i64, first: i64) -> Self {
        Self { center, first, places: 0, rows: None, leaves: Vec::new() }
    }

    fn goes_on_with(&self, center: i64, place: i64) -> bool {
        self.center == center && self.first + self.places == place && self.places < PLACES
    }

    fn put(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        seals::leaves::put(&mut self.leaves, &seals::entry(row, 0)?)?;
        self.places += 1;
        if let Some(row) = row.get::<_, Option<i64>>(6).map_err(failed)? {
            let (low, high) = self.rows.unwrap_or((row, row));
            self.rows = Some((low.min(row), high.max(row)));
        }
        Ok(())
    }

    fn write(&self, connection: &Connection) -> Result<(), StoreError> {
        let Self { center, first, rows, leaves, .. } = self;
        let (low, high) = rows.unwrap_or_default();
        let sql = "INSERT INTO seals (center, first, row_from, row_to, leaves) VALUES (?1, ?2, ?3, ?4, ?5)";
        execute(connection, sql, params![center, first, low, high, leaves]).map(drop)
    }
}

pub(super) fn places(
    connection: &Connection,
    tell: &mut dyn FnMut(Progress),
) -> Result<(), StoreError> {
    let sql = "SELECT count(*) FROM seals_8";
    let total: i64 = connection.query_row(sql, [], |row| row.get(0)).map_err(failed)?;
    let mut statement = connection.prepare(PLACES_OF_8).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let (mut stretch, mut done) = (Stretch::new(0, 0), 0);
    while let Some(row) = rows.next().map_err(failed)? {
        if done % TOLD_EVERY == 0 {
            tell(Progress { step: "seals", done, total: total.unsigned_abs() });
        }
        done += 1;
        let (center, place) = (row.get(4).map_err(failed)?, row.get(5).map_err(failed)?);
        if !stretch.goes_on_with(center, place) {
            if stretch.places > 0 {
                stretch.write(connection)?;
            }
            stretch = Stretch::new(center, place);
        }
        stretch.put(row)?;
    }
    if stretch.places > 0 {
        stretch.write(connection)?;
    }
    connection.execute_batch("DROP TABLE seals_8").map_err(failed)
}
