//! One request and its answer, bounded.

use std::time::Duration;

use frontdesk::{AnchorError, tendlc::LONGEST_RECEIPT};
use reqwest::{Client, StatusCode, Url, header, redirect};

use crate::SettingsError;

/// How long an answer may take, and a connection.
const TIME_OUT: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(10);

/// Somebody who is asked by HTTP.
#[derive(Debug)]
pub(crate) struct Peer {
    client: Client,
    url: Url,
}

impl Peer {
    pub(crate) fn new(url: &str) -> Result<Self, SettingsError> {
        let wrong = || SettingsError::Url { found: url.to_owned() };
        let url: Url = url.parse().map_err(|_| wrong())?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(wrong());
        }
        // The process may have chosen a provider of cryptography already: then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A redirection would take secrets of the address along.
        let client = Client::builder()
            .timeout(TIME_OUT)
            .connect_timeout(CONNECT)
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self { client, url })
    }

    /// Posts a body; the answer's body, if it is one of success.
    pub(crate) async fn post(
        &self,
        content_type: &str,
        body: Vec<u8>,
        bearer: Option<&str>,
    ) -> Result<Vec<u8>, AnchorError> {
        let request = self.client.post(self.url.clone()).header(header::CONTENT_TYPE, content_type);
        let request = match bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let mut answer = request.body(body).send().await.map_err(|error| unavailable(&error))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(refused(status, &answer));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| unavailable(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST_RECEIPT {
                let reason = format!("its answer has more than {LONGEST_RECEIPT} bytes");
                return Err(AnchorError::Misconfigured { reason });
            }
        }
        Ok(bytes)
    }
}

/// The failure, without the address: that may be as good as a password.
fn unavailable(error: &reqwest::Error) -> AnchorError {
    let reason = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "not reachable"
    } else {
        "the connection broke off"
    };
    AnchorError::Unavailable { reason: reason.into(), retry_after: None }
}

fn refused(status: StatusCode, answer: &reqwest::Response) -> AnchorError {
    let reason = format!("it answered with {}", status.as_u16());
    let later = status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
    if !later {
        return AnchorError::Misconfigured { reason };
    }
    let retry_after = answer.headers().get(header::RETRY_AFTER);
    let retry_after = retry_after.and_then(|seconds| seconds.to_str().ok()?.parse().ok());
    AnchorError::Unavailable { reason, retry_after }
}
