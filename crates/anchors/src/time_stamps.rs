use async_trait::async_trait;
use frontdesk::{
    Anchor, AnchorError, AnchorEvidence,
    tendlc::{Receipt, SignedHead},
    types::{Instant, whole_millis},
};
use frontdesk_timestamp::{Authority, REQUEST_MEDIA_TYPE, Request, StampError, verify};

use crate::{SettingsError, http::Peer};

/// A time-stamp authority (RFC 3161), asked by HTTP (section 3.4). The receipt is the request and its answer: both together prove
/// the time by the authority's certificates alone, whether it still exists or not.
///
/// The text of the signed head is stamped, so that the answer is checked with
/// `openssl ts -verify -data head.txt -in answer.tsr -CAfile roots.pem`.
#[derive(Debug)]
pub struct TimeStamps {
    name: String,
    peer: Peer,
    authority: Authority,
}

impl TimeStamps {
    /// The authority at an address, with the certificates that are trusted.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Url`] if the address is none.
    pub fn new(name: &str, url: &str, authority: Authority) -> Result<Self, SettingsError> {
        Ok(Self { name: name.to_owned(), peer: Peer::new(url)?, authority })
    }
}

fn wrong(error: &StampError) -> AnchorError {
    AnchorError::Mismatch { reason: error.to_string() }
}

#[async_trait]
impl Anchor for TimeStamps {
    fn name(&self) -> &str {
        &self.name
    }

    async fn anchor(&self, head: &SignedHead) -> Result<Receipt, AnchorError> {
        let nonce = getrandom::u64().map_err(|error| AnchorError::Unavailable {
            reason: format!("no random numbers can be had: {error}"),
            retry_after: None,
        })?;
        let request = Request::new(head.to_string().as_bytes(), nonce);
        let asked = request.as_bytes().to_vec();
        let answer = self.peer.post(REQUEST_MEDIA_TYPE, asked.clone(), None).await?;
        Ok(Receipt { request: asked.into(), answer: answer.into() })
    }

    async fn check(
        &self,
        head: &SignedHead,
        receipt: &Receipt,
    ) -> Result<Option<Instant>, AnchorError> {
        let (request, answer) = (receipt.request.as_bytes(), receipt.answer.as_bytes());
        let stamp = verify(request, answer, head.to_string().as_bytes(), &self.authority);
        let stamp = stamp.map_err(|error| wrong(&error))?;
        Ok(Some(whole_millis(stamp.at)))
    }

    fn evidence(&self) -> AnchorEvidence {
        AnchorEvidence::Receipt
    }
}
