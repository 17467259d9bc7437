//! How SQLite goes about what this crate asks: nothing is read that walks over history.

use frontdesk::{
    store::{EventQuery, Line, SessionQuery, WorkState},
    types::SessionId,
};
use rusqlite::Connection;

use crate::{SqliteStore, claims, contacts, histories, ledger, open, reads, seals};

fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    // The plan is the same whatever is asked for.
    for place in 1..=statement.parameter_count() {
        statement.raw_bind_parameter(place, 1).unwrap();
    }
    let mut rows = statement.raw_query();
    let mut plan = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        plan.push(row.get::<_, String>(3).unwrap());
    }
    plan
}

fn line() -> Line {
    Line { consumer: "+12025550123".parse().unwrap(), number: "+12025550100".parse().unwrap() }
}

/// Every list of sessions, and the steps of its plan.
fn lists() -> Vec<(SessionQuery, &'static str)> {
    let mut lists = Vec::new();
    for (agent, line, open, steps) in [
        (false, false, None, "sessions USING PRIMARY KEY (center=?"),
        (false, false, Some(false), "sessions USING PRIMARY KEY (center=?"),
        (false, false, Some(true), "sessions USING INDEX open_by_id (center=?"),
        (true, false, None, "sessions USING INDEX agent_sessions (center=? AND agent=?"),
        (true, false, Some(false), "sessions USING INDEX agent_sessions (center=? AND agent=?"),
        (true, false, Some(true), "sessions USING INDEX open_of_agent (center=? AND agent=?"),
        (
            false,
            true,
            None,
            "sessions USING INDEX line_sessions (center=? AND consumer=? AND number=?",
        ),
        (
            true,
            true,
            Some(false),
            "sessions USING INDEX line_sessions (center=? AND consumer=? AND number=?",
        ),
    ] {
        for before in [None, Some(SessionId(9))] {
            let query = SessionQuery {
                open,
                agent: agent.then(|| "ana".parse().unwrap()),
                line: line.then(self::line),
                before,
                limit: 50,
            };
            lists.push((query, steps));
        }
    }
    lists
}

/// E10a: whoever adds a list adds its plan here. A step that scans, or sorts what it has found, is a list that grows with
/// the center's history.
#[test]
fn no_list_walks_over_what_it_does_not_show() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    drop(SqliteStore::open(&path).unwrap());
    let connection = Connection::open(&path).unwrap();
    let mut asked: Vec<(String, &str)> = lists()
        .into_iter()
        .map(|(query, steps)| (reads::list_of_sessions(&query).0, steps))
        .collect();
    let events = |query| reads::list_of_events(query).0;
    asked.extend([
        (
            events(EventQuery::After { position: 0, limit: 9 }),
            "log USING INTEGER PRIMARY KEY (rowid>?)",
        ),
        (
            events(EventQuery::OfLine(line())),
            "log USING INDEX line_log (center=? AND consumer=? AND number=?)",
        ),
        (
            events(EventQuery::OfSession(SessionId(1))),
            "log USING INDEX session_log (center=? AND session=?)",
        ),
        (claims::DUE.to_owned(), "sessions USING INDEX due_sessions (center=? AND deadline<?)"),
        (
            claims::claimable(),
            "work USING INDEX work_heads (center=? AND kind=? AND urgency=? AND waits=? AND not_before>? AND not_before<?)",
        ),
        (claims::of_state(WorkState::Held), "work USING INDEX work_kept (center=? AND state=?)"),
        (claims::of_state(WorkState::Dead), "work USING INDEX work_kept (center=? AND state=?)"),
        (open::FREE_TIMERS.to_owned(), "sessions USING INDEX claimed_sessions (claimed_until>?)"),
        (reads::EVERY_ITEM.to_owned(), "items USING PRIMARY KEY (center=? AND kind=? AND key>?)"),
        (reads::ITEMS_AFTER.to_owned(), "items USING PRIMARY KEY (center=? AND kind=? AND key>?)"),
        (
            reads::TAKEN.to_owned(),
            "slots USING PRIMARY KEY (center=? AND queue=? AND at>? AND at<?)",
        ),
        (
            histories::HISTORY.to_owned(),
            "entries USING INDEX entry_keys (center=? AND consumer=? AND programme=?)",
        ),
        (
            histories::HISTORIES.to_owned(),
            "entries USING INDEX entry_keys (center=? AND consumer>? AND consumer<?)",
        ),
        (
            ledger::CONSUMERS.to_owned(),
            "consumers USING INDEX consumer_keys (center=? AND consumer>?)",
        ),
        (contacts::OWN.to_owned(), "contacts USING INTEGER PRIMARY KEY (rowid=?)"),
        (
            seals::ENTRY.to_owned(),
            "entries USING INDEX entry_keys (center=? AND consumer=? AND programme=? AND number=?)",
        ),
        (
            seals::ROWS.to_owned(),
            "entries USING COVERING INDEX entry_keys (center=? AND consumer=? AND programme=?)",
        ),
        (seals::DIGESTS.to_owned(), "entries USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
    ]);
    for (sql, expected) in asked {
        let plan = plan(&connection, &sql);
        assert_eq!(plan.len(), 1, "{sql}: {plan:?}");
        assert!(plan[0].starts_with(&format!("SEARCH {expected}")), "{sql}: {plan:?}");
    }
    // A handful of rows each, in the order of their ids.
    for (sql, index) in
        [(contacts::BY_DIGITS, "contact_digits"), (contacts::POSTS, "contact_posts")]
    {
        let plan = plan(&connection, sql);
        assert!(plan[0].starts_with("SEARCH") && plan[0].contains(index), "{sql}: {plan:?}");
    }
    for (sql, index) in [
        (seals::UNSEALED, "SEARCH entries USING INTEGER PRIMARY KEY (rowid>?)"),
        (seals::COUNT_UNSEALED, "SEARCH entries USING INTEGER PRIMARY KEY (rowid>?)"),
        (seals::STRETCHES, "SEARCH seals USING INDEX seal_places (center=? AND first>?)"),
        (seals::STRETCHES_OF_ROW, "SEARCH seals USING INDEX seal_rows (center=? AND row_to>?)"),
    ] {
        let plan = plan(&connection, sql);
        assert_eq!(plan[0], index, "{sql}: {plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{sql}: {plan:?}");
    }
    let rechecked = plan(&connection, claims::RECHECK);
    let lane = "SEARCH work USING INDEX work_lanes (center=? AND lane=?)";
    assert_eq!(rechecked, [lane], "{rechecked:?}");
    let woken = plan(&connection, claims::WAKE);
    assert_eq!(woken[0], "SEARCH work USING INTEGER PRIMARY KEY (rowid=?)", "{woken:?}");
    let asleep = "SEARCH work USING INDEX work_asleep (center=? AND kind=? AND urgency=?)";
    assert!(woken.iter().any(|step| step.starts_with(asleep)), "{woken:?}");
    assert!(!woken.iter().any(|step| step.contains("TEMP B-TREE")), "{woken:?}");
    let found = plan(&connection, reads::FOUND);
    for step in [
        "m USING PRIMARY KEY (center=? AND consumer=? AND number=?)",
        "c USING INDEX consumer_keys (center=? AND consumer=?)",
        "s USING INDEX open_sessions (center=? AND consumer=? AND number=?)",
    ] {
        assert!(found.iter().any(|told| told.contains(step)), "{step}: {found:?}");
    }
}
