use std::fmt;

use async_trait::async_trait;
use frontdesk::{
    Anchor, AnchorError,
    tendlc::{Receipt, SignedHead},
    types::Instant,
};

use crate::{SettingsError, http::Peer};

/// A service of somebody else that gets every head by HTTP POST, as text. An answer of success is the receipt.
pub struct Webhook {
    name: String,
    peer: Peer,
    token: Option<String>,
}

impl Webhook {
    /// The service at an address; with a token it gets `Authorization: Bearer` and the token.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Url`] if the address is none.
    pub fn new(name: &str, url: &str, token: Option<String>) -> Result<Self, SettingsError> {
        Ok(Self { name: name.to_owned(), peer: Peer::new(url)?, token })
    }
}

/// Its name: address and token may be secret.
impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("name", &self.name).finish_non_exhaustive()
    }
}

#[async_trait]
impl Anchor for Webhook {
    fn name(&self) -> &str {
        &self.name
    }

    async fn anchor(&self, head: &SignedHead) -> Result<Receipt, AnchorError> {
        let body = head.to_string().into_bytes();
        let kind = "text/plain; charset=utf-8";
        let answer = self.peer.post(kind, body, self.token.as_deref()).await?;
        Ok(Receipt { answer: answer.into(), ..Receipt::default() })
    }

    /// The answer says nothing that could be checked here: the service has to be asked.
    async fn check(&self, _: &SignedHead, _: &Receipt) -> Result<Option<Instant>, AnchorError> {
        Ok(None)
    }
}
