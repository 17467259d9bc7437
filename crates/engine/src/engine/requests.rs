//! Requests that happen once, however often they are made: whoever asks gives a key, and keys of others are theirs. What was
//! asked is kept as a digest, so that a key that is used for something else is refused.

use std::fmt::Write as _;

use frontdesk_types::{Instant, id_part, to_millis};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Engine, EngineError};
use crate::store::ItemWrite;

/// The kind of the items that requests are kept as.
const REQUESTS: &str = "request";

/// Makes a request happen once: a key, and whose key it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    by: String,
    key: String,
}

/// Why a text is no idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "an idempotency key has 1 to {} printable ASCII characters, found {found}",
    RequestKey::LONGEST
)]
pub struct RequestKeyError {
    found: String,
}

impl RequestKey {
    /// The longest key.
    pub const LONGEST: usize = 64;

    /// `by` is whoever makes the request: an agent, a credential. The key is theirs alone, 1 to 64 printable ASCII
    /// characters.
    ///
    /// ```
    /// use frontdesk::RequestKey;
    /// assert!(RequestKey::new("shop", "order-17").is_ok());
    /// assert!(RequestKey::new("shop", "").is_err());
    /// ```
    pub fn new(by: impl Into<String>, key: impl Into<String>) -> Result<Self, RequestKeyError> {
        let (by, key) = (by.into(), key.into());
        let printable = |c: char| c.is_ascii_graphic() || c == ' ';
        if let Some(other) = key.chars().find(|c| !printable(*c)) {
            return Err(RequestKeyError { found: format!("the character {other:?}") });
        }
        if !(1..=Self::LONGEST).contains(&key.len()) {
            return Err(RequestKeyError { found: format!("{} characters", key.len()) });
        }
        Ok(Self { by, key })
    }

    /// Whose key it is.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A request that happens once.
#[derive(Debug, Clone)]
pub(super) struct Once {
    item: String,
    digest: String,
}

/// A request that was carried out, as it is kept.
#[derive(Serialize, Deserialize)]
struct CarriedOut {
    /// Of what was asked; `None` for requests that versions before this one have carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    /// What was answered.
    #[serde(default)]
    answer: String,
    /// When, in milliseconds since the epoch: retention goes by it.
    #[serde(default)]
    at: i64,
}

impl Once {
    /// `what` is the kind of the request, and `asked` everything that makes it what it is.
    pub(super) fn new(what: &'static str, key: &RequestKey, asked: &[&str]) -> Self {
        let mut digest = Sha256::new();
        for part in asked {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
        let digest = digest.finalize().iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        Self { item: format!("{what} {} {}", id_part(&key.by), key.key), digest }
    }

    /// Keeps what was answered, with what the request changes.
    pub(super) fn answered(&self, answer: String, at: Instant) -> Result<ItemWrite, EngineError> {
        let done = CarriedOut { digest: Some(self.digest.clone()), answer, at: to_millis(at) };
        Ok(ItemWrite::json(REQUESTS, self.item.clone(), 0, &done)?)
    }
}

impl Engine {
    /// What was answered when the request was made before; `None` if it is new. The key of another request is refused.
    pub(super) async fn answer_of_before(
        &self,
        once: &Once,
    ) -> Result<Option<String>, EngineError> {
        let Some(done) = self.carried_out(&once.item).await? else { return Ok(None) };
        if done.digest.as_ref() == Some(&once.digest) {
            Ok(Some(done.answer))
        } else {
            Err(EngineError::KeyOfAnother)
        }
    }

    /// Whether a version before this one has taken a notice with this key. It kept whose key that was as little as what
    /// was asked.
    pub(super) async fn is_old_notice(&self, key: &RequestKey) -> Result<bool, EngineError> {
        Ok(self.carried_out(&format!("notice  {}", key.key)).await?.is_some())
    }

    async fn carried_out(&self, key: &str) -> Result<Option<CarriedOut>, EngineError> {
        let item = self.parts.store.item(&self.id, REQUESTS, key).await?;
        Ok(item.map(|item| item.read()).transpose()?)
    }
}
