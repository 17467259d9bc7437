//! What a CRM adapter implements.

use async_trait::async_trait;
use frontdesk_types::{ContactId, PhoneNumber};

use crate::{Contact, Post};

/// What goes wrong with a CRM, by what the caller does about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrmError {
    /// No such contact: it was deleted or merged. The session is matched anew.
    #[error("the CRM has no contact {id}")]
    NoContact {
        /// The contact asked for.
        id: ContactId,
    },
    /// It will not work as it is, however often it is tried.
    #[error("the CRM refused: {reason}")]
    Refused {
        /// The CRM's reason, without personal data.
        reason: String,
    },
    /// It may work later.
    #[error("the CRM cannot be reached: {source}")]
    Unavailable {
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
        /// How long the CRM asked to be left alone, in seconds.
        retry_after: Option<u32>,
    },
}

/// A CRM. Object-safe; used as `Arc<dyn Crm>`. Work comes from an outbox: in order per session, at least
/// once, so every call that changes something is idempotent by the key that it carries.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Crm: std::fmt::Debug + Send + Sync {
    /// Every contact whose number is the consumer's, however it is stored (CRM-7).
    async fn find_by_number(&self, number: PhoneNumber) -> Result<Vec<Contact>, CrmError>;

    /// Makes a contact for an unknown number. The same `key` again gives the contact that was made the
    /// first time.
    async fn create(&self, number: PhoneNumber, key: &str) -> Result<Contact, CrmError>;

    /// Posts to a contact's record (CRM-2). The same `post.key` again changes nothing.
    async fn post(&self, contact: &ContactId, post: &Post) -> Result<(), CrmError>;

    /// Whether there is a ticket with this id (SMS-33). A CRM that cannot tell takes every one.
    async fn has_ticket(&self, ticket: &str) -> Result<bool, CrmError> {
        let _ = ticket;
        Ok(true)
    }

    /// What was posted to a contact's record, oldest first, for the desk.
    async fn posts(&self, contact: &ContactId) -> Result<Vec<Post>, CrmError>;
}
