use std::sync::Arc;

use async_trait::async_trait;
use frontdesk::{
    crm::{Contact, Crm, CrmError, Post, numbers_match},
    store::StoreError,
    types::{ContactId, PhoneNumber, Region},
};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    codec::{from_json, json},
    database::{Database, failed},
};

/// The default CRM: contacts and what was posted to them, in the store's file.
#[derive(Debug, Clone)]
pub struct ContactBook {
    database: Arc<Database>,
    region: Region,
}

/// How many digits at the end of a number find its candidates, however it is spelled.
const TAIL: usize = 7;

fn tail(number: &str) -> String {
    // An extension's digits would hide the number's own.
    let number = number.split(['x', 'X', 'e', 'E', '#', ';', ',']).next().unwrap_or_default();
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(TAIL)..].iter().collect()
}

fn unavailable(error: StoreError) -> CrmError {
    CrmError::Unavailable { source: Box::new(error), retry_after: None }
}

fn contact(row: &Row<'_>) -> rusqlite::Result<Contact> {
    Ok(Contact {
        id: ContactId(format!("c-{}", row.get::<_, i64>(0)?)),
        name: row.get(1)?,
        number: row.get(2)?,
    })
}

fn key(id: &ContactId) -> Result<i64, CrmError> {
    let key = id.0.strip_prefix("c-").and_then(|key| key.parse().ok());
    key.ok_or_else(|| CrmError::NoContact { id: id.clone() })
}

impl ContactBook {
    pub(crate) fn new(database: Arc<Database>, region: Region) -> Self {
        Self { database, region }
    }

    /// Adds a contact, its number spelled in any way.
    pub async fn add(&self, name: &str, number: &str) -> Result<Contact, CrmError> {
        self.insert(name.to_owned(), number.to_owned(), None).await
    }

    /// Adds a contact; with the same `created_by` again, gives the one that was added then.
    async fn insert(
        &self,
        name: String,
        number: String,
        created_by: Option<String>,
    ) -> Result<Contact, CrmError> {
        self.database
            .write(move |connection| {
                let sql = "INSERT INTO contacts (name, number, digits, created_by) VALUES (?1, ?2, ?3, ?4)
                           ON CONFLICT (created_by) DO UPDATE SET name = name RETURNING id, name, number";
                connection
                    .query_row(sql, params![name, number, tail(&number), created_by], contact)
                    .map_err(failed)
            })
            .await
            .map_err(unavailable)
    }
}

#[async_trait]
impl Crm for ContactBook {
    async fn find_by_number(&self, number: PhoneNumber) -> Result<Vec<Contact>, CrmError> {
        let digits = tail(&number.to_string());
        let candidates = self
            .database
            .read(move |connection| {
                let sql = "SELECT id, name, number FROM contacts WHERE digits = ?1 ORDER BY id";
                let mut statement = connection.prepare_cached(sql).map_err(failed)?;
                let rows = statement.query_map([digits], contact).map_err(failed)?;
                rows.collect::<rusqlite::Result<Vec<_>>>().map_err(failed)
            })
            .await
            .map_err(unavailable)?;
        Ok(candidates
            .into_iter()
            .filter(|c| numbers_match(&c.number, number, self.region))
            .collect())
    }

    async fn create(&self, number: PhoneNumber, key: &str) -> Result<Contact, CrmError> {
        self.insert("Customer".into(), number.to_string(), Some(key.to_owned())).await
    }

    async fn post(&self, contact: &ContactId, post: &Post) -> Result<(), CrmError> {
        let (id, post) = (key(contact)?, post.clone());
        let known = self
            .database
            .write(move |connection| {
                let known: Option<i64> = connection
                    .query_row("SELECT id FROM contacts WHERE id = ?1", [id], |row| row.get(0))
                    .optional()
                    .map_err(failed)?;
                if known.is_some() {
                    let sql = "INSERT INTO posts (key, contact, post) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
                    connection.execute(sql, params![post.key, id, json("post", &post)?]).map_err(failed)?;
                }
                Ok(known.is_some())
            })
            .await
            .map_err(unavailable)?;
        if known { Ok(()) } else { Err(CrmError::NoContact { id: contact.clone() }) }
    }

    async fn posts(&self, contact: &ContactId) -> Result<Vec<Post>, CrmError> {
        let id = key(contact)?;
        self.database
            .read(move |connection| {
                let sql = "SELECT post FROM posts WHERE contact = ?1 ORDER BY rowid";
                let mut statement = connection.prepare_cached(sql).map_err(failed)?;
                let rows =
                    statement.query_map([id], |row| row.get::<_, String>(0)).map_err(failed)?;
                let posts = rows.collect::<rusqlite::Result<Vec<_>>>().map_err(failed)?;
                posts.iter().map(|post| from_json("post", post)).collect()
            })
            .await
            .map_err(unavailable)
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::SqliteStore;

    #[test]
    fn contacts_are_found_however_their_number_is_spelled() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("book.sqlite")).unwrap();
        let book = store.contact_book(Region::US);
        for spelled in ["(202) 555-0123 x12", "+1 202 555 0123", "2025550124", "+442025550123"] {
            block_on(book.add("A", spelled)).unwrap();
        }
        let number: PhoneNumber = "+12025550123".parse().unwrap();
        let found = block_on(book.find_by_number(number)).unwrap();
        assert_eq!(found.iter().map(|c| c.id.0.as_str()).collect::<Vec<_>>(), ["c-1", "c-2"]);
        let made = block_on(book.create("+12025550199".parse().unwrap(), "k")).unwrap();
        assert_eq!(block_on(book.create("+12025550199".parse().unwrap(), "k")).unwrap(), made);
    }
}
