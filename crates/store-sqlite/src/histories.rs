//! Histories of the consent ledger, one or many at once (DLC-3).

use std::collections::BTreeMap;

use frontdesk::{
    store::{Consumer, ConsumerHistories, HistoryQuery, StoreError},
    tendlc::{Digest, Head, History, LedgerKey, Link, Personal, Programme, Salt},
    types::PhoneNumber,
};
use rusqlite::{Connection, Row, params};

use crate::{
    codec::{consumer, from_json, integer, unreadable},
    database::failed,
    ledger,
};

/// The entries of one programme.
pub(crate) const HISTORY: &str =
    "SELECT entry, digest, salt, digests FROM entries INDEXED BY entry_keys
     WHERE center = ?1 AND consumer = ?2 AND programme = ?3 ORDER BY number";
/// The entries of consumers whose numbers are between two.
pub(crate) const HISTORIES: &str =
    "SELECT entry, digest, salt, digests, consumer, programme FROM entries INDEXED BY entry_keys
     WHERE center = ?1 AND consumer BETWEEN ?2 AND ?3 ORDER BY consumer, programme, number";

fn personal(row: &Row<'_>, at: usize) -> Result<Personal, StoreError> {
    let salt: Option<[u8; 16]> = row.get(at).map_err(|error| unreadable("salt", error))?;
    let digests = row.get_ref(at + 1).map_err(failed)?;
    let digests = digests.as_str_or_null().map_err(|error| unreadable("digests", error))?;
    let digests = digests.map(|text| from_json("digests", text)).transpose()?;
    Ok(Personal::of_stored(salt.map(Salt::from), digests))
}

/// Reads entry, digest, salt and digests.
fn link(row: &Row<'_>) -> Result<Link, StoreError> {
    let text = row.get_ref(0).map_err(failed)?;
    let entry = text.as_str().map_err(|error| unreadable("entry", error))?;
    let digest: [u8; 32] = row.get(1).map_err(|error| unreadable("digest", error))?;
    let (entry, personal) = (from_json("entry", entry)?, personal(row, 2)?);
    Ok(Link { entry, personal, digest: Digest::from(digest) })
}

pub(crate) fn history(
    connection: &Connection,
    center: i64,
    key: LedgerKey,
) -> Result<Option<(Head, History)>, StoreError> {
    // A read transaction, so that both statements see the same moment.
    let transaction = connection.unchecked_transaction().map_err(failed)?;
    let (_, known) = ledger::read(&transaction, center, key.consumer)?;
    let Some(account) = known.ledger.account(&key.programme) else { return Ok(None) };
    let mut statement = transaction.prepare_cached(HISTORY).map_err(failed)?;
    let of = params![center, integer(key.consumer.digits()), key.programme.as_str()];
    let mut rows = statement.query(of).map_err(failed)?;
    let mut links = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        links.push(link(row)?);
    }
    Ok(Some((account.head, account.history(key, links))))
}

pub(crate) fn histories(
    connection: &Connection,
    center: i64,
    query: HistoryQuery,
) -> Result<Vec<ConsumerHistories>, StoreError> {
    // A read transaction, so that all statements see the same moment.
    let transaction = connection.unchecked_transaction().map_err(failed)?;
    match query {
        HistoryQuery::After { consumer, limit } => {
            let page = ledger::list(&transaction, center, consumer, limit)?;
            with_links(&transaction, center, page, limit)
        }
        HistoryQuery::Of(consumers) => {
            let mut all = Vec::new();
            for consumer in consumers {
                let (version, known) = ledger::read(&transaction, center, consumer)?;
                if version > 0 {
                    let one = vec![(consumer, known)];
                    all.extend(with_links(&transaction, center, one, usize::MAX)?);
                }
            }
            Ok(all)
        }
    }
}

/// Consumers with their entries, in the order of their numbers, until they have so many entries.
fn with_links(
    connection: &Connection,
    center: i64,
    page: Vec<(PhoneNumber, Consumer)>,
    limit: usize,
) -> Result<Vec<ConsumerHistories>, StoreError> {
    let (Some((first, _)), Some((last, _))) = (page.first(), page.last()) else {
        return Ok(Vec::new());
    };
    let between = params![center, integer(first.digits()), integer(last.digits())];
    let mut statement = connection.prepare_cached(HISTORIES).map_err(failed)?;
    let mut rows = statement.query(between).map_err(failed)?;
    let with = |(consumer, known)| ConsumerHistories { consumer, known, links: BTreeMap::new() };
    let mut page: Vec<ConsumerHistories> = page.into_iter().map(with).collect();
    let (mut at, mut count) = (0, 0);
    while let Some(row) = rows.next().map_err(failed)? {
        // An entry whose consumer is no number, or one nothing else is known of, belongs to nobody's history.
        let Ok(of) = consumer(row.get(4).map_err(failed)?) else { continue };
        while page.get(at).is_some_and(|histories| histories.consumer < of) {
            at += 1;
            if count >= limit {
                page.truncate(at);
            }
        }
        let Some(histories) = page.get_mut(at) else { break };
        if histories.consumer == of {
            let programme = row.get_ref(5).map_err(failed)?;
            let programme = programme.as_str().map_err(|error| unreadable("programme", error))?;
            histories.links.entry(Programme::from(programme)).or_default().push(link(row)?);
            count += 1;
        }
    }
    Ok(page)
}
