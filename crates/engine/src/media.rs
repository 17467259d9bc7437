//! Pictures and videos (SMS-7): where they come from, and where they are kept.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use compact_str::CompactString;
use frontdesk_types::{CenterId, Media, Provider, id_part};

use crate::store::StoreError;

/// A picture or video of a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MediaKey {
    /// The center that it was sent to.
    pub center: CenterId,
    /// The provider of the message; `None` for what was kept before providers were named.
    pub provider: Option<Provider>,
    /// The provider's id of the message.
    pub message: CompactString,
    /// Its place in the message, from 0.
    pub index: u8,
}

/// As a path of plain characters and short names, in which nothing of an id can lead elsewhere.
impl fmt::Display for MediaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.center)?;
        let Some(provider) = &self.provider else {
            // A lone `_` is never an escaped id: what is kept by provider lies beside what was kept without.
            plain(f, &self.message)?;
            return write!(f, "/{}", self.index);
        };
        f.write_str("_/")?;
        plain(f, &id_part(provider.as_str()))?;
        f.write_str("/")?;
        plain(f, &id_part(&self.message))?;
        write!(f, "/{}", self.index)
    }
}

fn plain(f: &mut fmt::Formatter<'_>, id: &str) -> fmt::Result {
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            write!(f, "{}", char::from(byte))?;
        } else {
            write!(f, "_{byte:02x}")?;
        }
    }
    Ok(())
}

/// Why a picture or video was not fetched, by what is done about it. Reasons name no numbers and no texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// It may work later.
    #[error("the media cannot be fetched now: {reason}")]
    Temporary {
        /// Why.
        reason: String,
    },
    /// It has more bytes than allowed.
    #[error("the media is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// It is of a kind that is not taken.
    #[error("the media is of a kind that is not taken")]
    Unsupported,
    /// It is not there any more, or where nothing is fetched from.
    #[error("the media cannot be fetched: {reason}")]
    Unavailable {
        /// Why.
        reason: String,
    },
}

/// Where pictures and videos of a provider are fetched. What it says of their kind and size is a claim: an
/// implementation stops at the limit, ends in time, and reaches into no private network.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MediaSource: fmt::Debug + Send + Sync {
    /// The content, up to `limit` bytes; at most some 30 seconds.
    async fn fetch(&self, media: &Media, limit: usize) -> Result<Vec<u8>, MediaError>;
}

/// Where pictures and videos are kept.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MediaStore: fmt::Debug + Send + Sync {
    /// Keeps one; the same again changes nothing.
    async fn put(&self, key: &MediaKey, content: Vec<u8>) -> Result<(), StoreError>;

    /// One that was kept.
    async fn get(&self, key: &MediaKey) -> Result<Option<Vec<u8>>, StoreError>;

    /// Forgets one; one that is not there is forgotten already.
    async fn delete(&self, key: &MediaKey) -> Result<(), StoreError>;
}

/// For hosts without pictures: there are none, and none are kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMedia;

#[async_trait]
impl MediaSource for NoMedia {
    async fn fetch(&self, _: &Media, _: usize) -> Result<Vec<u8>, MediaError> {
        Err(MediaError::Unavailable { reason: "this host takes no media".into() })
    }
}

#[async_trait]
impl MediaStore for NoMedia {
    async fn put(&self, _: &MediaKey, _: Vec<u8>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn get(&self, _: &MediaKey) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    async fn delete(&self, _: &MediaKey) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Keeps pictures and videos in memory: for tests and virtual time.
#[derive(Default)]
pub struct MemoryMedia(Mutex<BTreeMap<MediaKey, Vec<u8>>>);

impl MemoryMedia {
    /// Without any.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<MediaKey, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Not what is kept: that is not for logs.
impl fmt::Debug for MemoryMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryMedia").finish_non_exhaustive()
    }
}

#[async_trait]
impl MediaStore for MemoryMedia {
    async fn put(&self, key: &MediaKey, content: Vec<u8>) -> Result<(), StoreError> {
        self.lock().insert(key.clone(), content);
        Ok(())
    }

    async fn get(&self, key: &MediaKey) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.lock().get(key).cloned())
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), StoreError> {
        self.lock().remove(key);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_leads_out_of_its_folder() {
        let key = |provider: Option<&str>, message: &str| {
            let (center, message) = ("acme".parse().unwrap(), message.into());
            MediaKey { center, provider: provider.map(Provider::from), message, index: 3 }
        };
        let path = |message: &str| key(None, message).to_string();
        assert_eq!(path("SM12-a"), "acme/SM12-a/3");
        assert_eq!(path("../../etc"), "acme/_2e_2e_2f_2e_2e_2fetc/3");
        assert_eq!(path("a_b"), "acme/a_5fb/3");
        assert_eq!(path("é"), "acme/_c3_a9/3");
        let of = |provider: &str, message: &str| key(Some(provider), message).to_string();
        assert_eq!(of("twilio", "SM12-a"), "acme/_/twilio/SM12-a/3");
        assert_eq!(of("..", "../é"), "acme/_/_2e_2e/_2e_2e_252F_25C3_25A9/3");
        // File systems take names of up to 255 bytes.
        let long = of(&"ü".repeat(64), &"/".repeat(1_024));
        assert!(long.split('/').all(|name| name.len() <= 255), "{long}");
    }
}
