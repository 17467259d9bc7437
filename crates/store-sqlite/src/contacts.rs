use async_trait::async_trait;
use frontdesk::{
    crm::{Contact, Crm, CrmError, Post, numbers_match},
    store::StoreError,
    types::{CenterId, ContactId, PhoneNumber, Region},
};
use rusqlite::{Row, params};

use crate::{
    codec::{from_json, json},
    database::failed,
    store::SqliteStore,
};

/// The default CRM: a center's contacts and what was posted to them, in the store's file.
#[derive(Debug, Clone)]
pub struct ContactBook {
    store: SqliteStore,
    center: CenterId,
    region: Region,
}

/// Has the contacts of files with several centers, of before each had its own: nobody can tell any more whose they are.
const OF_ALL: i64 = 0;

/// How many digits at the end of a number find its candidates, however it is spelled.
const TAIL: usize = 7;

/// The contacts whose number ends so.
pub(crate) const BY_DIGITS: &str = "SELECT id, name, number FROM contacts INDEXED BY contact_digits
     WHERE center IN (?1, ?2) AND digits = ?3 ORDER BY id";
/// Whether a contact is a center's.
pub(crate) const OWN: &str = "SELECT 1 FROM contacts WHERE id = ?1 AND center IN (?2, ?3)";
/// What a center has posted to a contact.
pub(crate) const POSTS: &str = "SELECT post FROM posts INDEXED BY contact_posts
     WHERE contact = ?1 AND center IN (?2, ?3) ORDER BY rowid";

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
    pub(crate) fn new(store: SqliteStore, center: CenterId, region: Region) -> Self {
        Self { store, center, region }
    }

    async fn key(&self) -> Result<i64, CrmError> {
        self.store.center(&self.center).await.map_err(unavailable)
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
        let center = self.key().await?;
        self.store
            .database()
            .write(move |connection| {
                let sql = "INSERT INTO contacts (center, name, number, digits, created_by) VALUES (?1, ?2, ?3, ?4, ?5)
                           ON CONFLICT (center, created_by) DO UPDATE SET name = name RETURNING id, name, number";
                let params = params![center, name, number, tail(&number), created_by];
                connection
                    .query_row(sql, params, contact)
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
        let center = self.key().await?;
        let candidates = self
            .store
            .database()
            .list(move |connection| {
                let mut statement = connection.prepare_cached(BY_DIGITS).map_err(failed)?;
                let of = params![center, OF_ALL, digits];
                let rows = statement.query_map(of, contact).map_err(failed)?;
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
        let center = self.key().await?;
        let known = self
            .store
            .database()
            .write(move |connection| {
                let mut known = connection.prepare_cached(OWN).map_err(failed)?;
                let known = known.exists(params![id, center, OF_ALL]).map_err(failed)?;
                if known {
                    let sql =
                        "INSERT INTO posts (center, key, contact, post) VALUES (?1, ?2, ?3, ?4)
                               ON CONFLICT DO NOTHING";
                    let params = params![center, post.key, id, json("post", &post)?];
                    connection.execute(sql, params).map_err(failed)?;
                }
                Ok(known)
            })
            .await
            .map_err(unavailable)?;
        if known { Ok(()) } else { Err(CrmError::NoContact { id: contact.clone() }) }
    }

    async fn posts(&self, contact: &ContactId) -> Result<Vec<Post>, CrmError> {
        let id = key(contact)?;
        let center = self.key().await?;
        self.store
            .database()
            .list(move |connection| {
                let mut statement = connection.prepare_cached(POSTS).map_err(failed)?;
                let of = params![id, center, OF_ALL];
                let rows =
                    statement.query_map(of, |row| row.get::<_, String>(0)).map_err(failed)?;
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

    #[test]
    fn contacts_are_found_however_their_number_is_spelled() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("book.sqlite")).unwrap();
        let book = store.contact_book(&"acme".parse().unwrap(), Region::US);
        for spelled in ["(202) 555-0123 x12", "+1 202 555 0123", "2025550124", "+442025550123"] {
            block_on(book.add("A", spelled)).unwrap();
        }
        let number: PhoneNumber = "+12025550123".parse().unwrap();
        let found = block_on(book.find_by_number(number)).unwrap();
        assert_eq!(found.iter().map(|c| c.id.0.as_str()).collect::<Vec<_>>(), ["c-1", "c-2"]);
        let made = block_on(book.create("+12025550199".parse().unwrap(), "k")).unwrap();
        assert_eq!(block_on(book.create("+12025550199".parse().unwrap(), "k")).unwrap(), made);
    }

    /// Two centers in one file: neither sees, links or posts to what is the other's.
    #[test]
    fn crm_1_each_center_has_its_own_contacts() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("book.sqlite")).unwrap();
        let book = |center: &str| store.contact_book(&center.parse().unwrap(), Region::US);
        let (acme, other) = (book("acme"), book("other"));
        let number: PhoneNumber = "+12025550123".parse().unwrap();
        let kim = block_on(acme.add("Kim", "+12025550123")).unwrap();
        assert!(block_on(other.find_by_number(number)).unwrap().is_empty());
        let made = [&acme, &other].map(|book| block_on(book.create(number, "7")).unwrap());
        assert_ne!(made[0].id, made[1].id, "the same key is another center's");
        let post = Post {
            key: "7-crm-connected".into(),
            session: frontdesk::types::SessionId(7),
            at: "2026-11-21T15:00:00Z".parse().unwrap(),
            kind: frontdesk::crm::PostKind::Connected {
                language: frontdesk::types::Language::ENGLISH,
                queue: "billing".parse().unwrap(),
            },
        };
        let posted = block_on(other.post(&kim.id, &post));
        assert!(matches!(posted, Err(CrmError::NoContact { .. })), "{posted:?}");
        block_on(acme.post(&kim.id, &post)).unwrap();
        block_on(other.post(&made[1].id, &post)).unwrap();
        assert_eq!(block_on(acme.posts(&kim.id)).unwrap(), [post]);
        assert!(block_on(other.posts(&kim.id)).unwrap().is_empty());
    }
}
