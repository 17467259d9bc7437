use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use frontdesk_types::{ContactId, PhoneNumber, Region};

use crate::{Contact, Crm, CrmError, Post, numbers_match};

/// A contact book in memory: for tests and for trying things out.
pub struct ContactBook {
    region: Region,
    pages: Mutex<Pages>,
}

/// Not who is in it: that is not for logs.
impl fmt::Debug for ContactBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactBook").field("region", &self.region).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Pages {
    contacts: Vec<Contact>,
    created: BTreeMap<String, ContactId>,
    posts: BTreeMap<ContactId, Vec<Post>>,
}

impl ContactBook {
    /// An empty book; numbers without a country code are read in `region`.
    pub fn new(region: Region) -> Self {
        Self { region, pages: Mutex::default() }
    }

    /// Adds a contact, its number spelled in any way.
    pub fn add(&self, name: &str, number: &str) -> ContactId {
        let mut pages = self.pages();
        let id = ContactId(format!("c-{}", pages.contacts.len() + 1));
        pages.contacts.push(Contact { id: id.clone(), name: name.into(), number: number.into() });
        id
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        // Nothing below panics while it holds the lock, so that the data is whole even if poisoned.
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Crm for ContactBook {
    async fn find_by_number(&self, number: PhoneNumber) -> Result<Vec<Contact>, CrmError> {
        let matches = |contact: &&Contact| numbers_match(&contact.number, number, self.region);
        Ok(self.pages().contacts.iter().filter(matches).cloned().collect())
    }

    async fn create(&self, number: PhoneNumber, key: &str) -> Result<Contact, CrmError> {
        let known = self.pages().created.get(key).cloned();
        let id = known.unwrap_or_else(|| self.add("Customer", &number.to_string()));
        let mut pages = self.pages();
        pages.created.insert(key.to_owned(), id.clone());
        let contact = pages.contacts.iter().find(|contact| contact.id == id).cloned();
        contact.ok_or(CrmError::NoContact { id })
    }

    async fn post(&self, contact: &ContactId, post: &Post) -> Result<(), CrmError> {
        let mut pages = self.pages();
        if !pages.contacts.iter().any(|known| known.id == *contact) {
            return Err(CrmError::NoContact { id: contact.clone() });
        }
        let posts = pages.posts.entry(contact.clone()).or_default();
        if !posts.iter().any(|known| known.key == post.key) {
            posts.push(post.clone());
        }
        Ok(())
    }

    async fn posts(&self, contact: &ContactId) -> Result<Vec<Post>, CrmError> {
        Ok(self.pages().posts.get(contact).cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_types::SessionId;
    use futures::executor::block_on;

    use super::*;
    use crate::PostKind;

    #[test]
    fn creating_and_posting_twice_is_once() {
        let book = ContactBook::new(Region::US);
        let number = "+12025550123".parse().unwrap();
        let first = block_on(book.create(number, "k")).unwrap();
        assert_eq!(block_on(book.create(number, "k")).unwrap(), first);
        assert_eq!(block_on(book.find_by_number(number)).unwrap(), std::slice::from_ref(&first));
        let post = Post {
            key: "1-crm-1".into(),
            session: SessionId(1),
            at: "2026-11-21T15:00:00Z".parse().unwrap(),
            kind: PostKind::Connected {
                language: "en".parse().unwrap(),
                queue: "q".parse().unwrap(),
            },
        };
        block_on(book.post(&first.id, &post)).unwrap();
        block_on(book.post(&first.id, &post)).unwrap();
        assert_eq!(block_on(book.posts(&first.id)).unwrap(), std::slice::from_ref(&post));
        let missing = ContactId("c-9".into());
        assert!(matches!(block_on(book.post(&missing, &post)), Err(CrmError::NoContact { .. })));
    }
}
