use std::{fmt, time::Duration};

use async_trait::async_trait;
use frontdesk::{Departure, OutgoingText, Transport, TransportError, types::TextId};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Body, Client, Response, StatusCode, Url, header, redirect};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    body::DepartingBody,
    signature::{BlankToken, is_blank},
};

/// How long Twilio may take for an answer. Giving up earlier would send texts twice that are merely slow.
const TIME_OUT: Duration = Duration::from_mins(1);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How much of an answer is read, in bytes. Twilio's own have a few hundred.
const ANSWER: usize = 64 * 1024;

/// What stands in a query otherwise than as it is: everything but RFC 3986's unreserved characters.
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How to reach Twilio.
#[derive(Clone)]
pub struct Settings {
    /// The account, `AC…`.
    pub account_sid: String,
    /// The account's auth token.
    pub auth_token: String,
    /// `https://api.twilio.com`, or a stand-in.
    pub base_url: String,
    /// Where Twilio reports what became of a text; `?text=` and its id are added.
    pub status_callback: Option<String>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("account_sid", &self.account_sid)
            .field("auth_token", &"…")
            .field("base_url", &self.base_url)
            .field("status_callback", &self.status_callback)
            .finish()
    }
}

impl Settings {
    /// Whether an account SID is one: `AC` and 32 hexadecimal digits.
    pub fn check_account_sid(account_sid: &str) -> Result<(), SettingsError> {
        let hex = account_sid.strip_prefix("AC").filter(|rest| rest.len() == 32);
        if hex.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit())) {
            return Ok(());
        }
        Err(SettingsError::AccountSid(account_sid.into()))
    }

    /// A blank token would be sent as an empty password.
    pub(crate) fn check_token(&self) -> Result<(), BlankToken> {
        if is_blank(&self.auth_token) { Err(BlankToken) } else { Ok(()) }
    }
}

/// Why Twilio cannot be reached with these settings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// Not `AC` and 32 hexadecimal digits.
    #[error("the account SID must be AC and 32 hexadecimal digits, found `{0}`")]
    AccountSid(String),
    /// The auth token is blank.
    #[error(transparent)]
    AuthToken(#[from] BlankToken),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made: {0}")]
    Client(#[from] reqwest::Error),
    /// Not a URL.
    #[error("`{0}` is not a URL: https://… is expected")]
    Url(String),
}

/// Sends texts through Twilio's `Messages.json` (API version 2010-04-01).
///
/// Twilio has no idempotency key. A text is sent again only when Twilio did not accept it, or when its
/// answer was lost on the way; in the latter case it may arrive twice, which is better than not at all.
pub struct Twilio {
    client: Client,
    url: Url,
    settings: Settings,
}

#[derive(Deserialize)]
struct Accepted {
    sid: String,
}

/// Twilio's error body.
#[derive(Deserialize)]
pub(crate) struct Refused {
    pub(crate) code: Option<u32>,
}

impl Twilio {
    /// Checks the settings; nothing is sent yet.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let sid = &settings.account_sid;
        Settings::check_account_sid(sid)?;
        settings.check_token()?;
        let base = settings.base_url.trim_end_matches('/');
        let url = format!("{base}/2010-04-01/Accounts/{sid}/Messages.json");
        let url = url.parse().map_err(|_| SettingsError::Url(settings.base_url.clone()))?;
        Ok(Self { client: client(TIME_OUT)?, url, settings })
    }

    async fn answer(response: Response) -> Result<String, TransportError> {
        let status = response.status();
        let retry_after = retry_after(&response);
        if status.is_success() {
            // Accepted, whatever the body says: sending it again would be a second text.
            let accepted = read::<Accepted>(response).await;
            return Ok(accepted.map_or_else(|| "unknown".into(), |accepted| accepted.sid));
        }
        let code = read::<Refused>(response).await.and_then(|refused| refused.code);
        Err(classify(status, code, retry_after))
    }
}

/// How many seconds an answer asks to be left alone.
pub(crate) fn retry_after(response: &Response) -> Option<u32> {
    let value = response.headers().get(header::RETRY_AFTER)?;
    value.to_str().ok()?.parse().ok()
}

/// Reads an answer of JSON, up to a bound: some never end. `None` if it is too long, broken off, or no such JSON.
pub(crate) async fn read<T: DeserializeOwned>(response: Response) -> Option<T> {
    read_within(response, ANSWER).await
}

/// As [`read`], with a bound of its own in bytes.
pub(crate) async fn read_within<T: DeserializeOwned>(
    mut response: Response,
    longest: usize,
) -> Option<T> {
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if answer.len() + chunk.len() > longest {
            return None;
        }
        answer.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&answer).ok()
}

/// A client that follows no redirections: they would take the credentials along.
pub(crate) fn client(time_out: Duration) -> reqwest::Result<Client> {
    // The process may have chosen a provider of cryptography already: then that one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .timeout(time_out)
        .connect_timeout(CONNECT)
        .redirect(redirect::Policy::none())
        .build()
}

/// Where Twilio reports what became of a text: the id is escaped, so that it is read back as it is.
fn reports_to(callback: &str, id: &TextId) -> String {
    let id = id.to_string();
    let id = utf8_percent_encode(&id, IN_QUERY);
    let separator = if callback.contains('?') { '&' } else { '?' };
    format!("{callback}{separator}text={id}")
}

/// What to do about an error (Twilio's error dictionary).
fn classify(status: StatusCode, code: Option<u32>, retry_after: Option<u32>) -> TransportError {
    let label = code.map_or_else(|| status.as_u16().to_string(), |code| code.to_string());
    match (status, code) {
        (_, Some(21610)) => TransportError::OptedOut { code: label },
        // Too many requests, a full queue: it is only a matter of time.
        (StatusCode::TOO_MANY_REQUESTS, _) | (_, Some(20429 | 21611 | 14107)) => {
            TransportError::Temporary { reason: label, retry_after }
        }
        // A gateway on the way heard nothing in time: Twilio may have taken it.
        (StatusCode::GATEWAY_TIMEOUT, _) => TransportError::Unknown { reason: label },
        (StatusCode::REQUEST_TIMEOUT, _) => {
            TransportError::Temporary { reason: label, retry_after }
        }
        (status, _) if status.is_server_error() => {
            TransportError::Temporary { reason: label, retry_after }
        }
        // About the text, and final.
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND, Some(code))
            if (21211..=21799).contains(&code) =>
        {
            TransportError::Rejected { code: label }
        }
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => {
            TransportError::Misconfigured { reason: format!("not authorised ({label})") }
        }
        (StatusCode::NOT_FOUND, _) => {
            TransportError::Misconfigured { reason: format!("no such address ({label})") }
        }
        (status, Some(_)) if status.is_client_error() => TransportError::Rejected { code: label },
        // Twilio gives its refusals a code. This is a redirection, a proxy, or somebody else's server.
        _ => TransportError::Misconfigured { reason: format!("not Twilio's answer ({label})") },
    }
}

#[async_trait]
impl Transport for Twilio {
    async fn send(&self, text: &OutgoingText) -> Result<String, TransportError> {
        self.depart(text, &Departure::at_any_time()).await
    }

    async fn depart(
        &self,
        text: &OutgoingText,
        departure: &Departure,
    ) -> Result<String, TransportError> {
        let mut form = vec![
            ("To", text.line.consumer.to_string()),
            ("From", text.line.number.to_string()),
            ("Body", text.body.clone()),
        ];
        if let Some(callback) = &self.settings.status_callback {
            form.push(("StatusCallback", reports_to(callback, &text.id)));
        }
        let request = self
            .client
            .post(self.url.clone())
            .basic_auth(&self.settings.account_sid, Some(&self.settings.auth_token))
            .form(&form);
        let unreachable =
            || TransportError::Temporary { reason: "not reachable".into(), retry_after: None };
        let mut request = request.build().map_err(|_| unreachable())?;
        let (body, progress) = DepartingBody::of(request.body(), departure);
        *request.body_mut() = Some(Body::wrap(body));
        match self.client.execute(request).await {
            Ok(response) => Self::answer(response).await,
            Err(_) if progress.was_stopped() => Err(TransportError::NotBegun),
            // The error's own text may name the URL, but never the form.
            Err(error) if progress.has_begun() => {
                let reason = if error.is_timeout() { "no answer in time" } else { "cut off" };
                Err(TransportError::Unknown { reason: reason.into() })
            }
            Err(_) => Err(unreachable()),
        }
    }
}

impl fmt::Debug for Twilio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Twilio").field("settings", &self.settings).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_its_class() {
        let temporary = |reason: &str, retry_after| TransportError::Temporary {
            reason: reason.into(),
            retry_after,
        };
        let misconfigured = |reason: &str| TransportError::Misconfigured { reason: reason.into() };
        let rejected = |code: &str| TransportError::Rejected { code: code.into() };
        let table = [
            (400, Some(21610), None, TransportError::OptedOut { code: "21610".into() }),
            (400, Some(21211), None, rejected("21211")),
            (400, Some(21617), None, rejected("21617")),
            (400, None, None, misconfigured("not Twilio's answer (400)")),
            (301, None, None, misconfigured("not Twilio's answer (301)")),
            (302, None, Some(4), misconfigured("not Twilio's answer (302)")),
            (307, None, None, misconfigured("not Twilio's answer (307)")),
            (308, None, None, misconfigured("not Twilio's answer (308)")),
            (404, None, None, misconfigured("no such address (404)")),
            (404, Some(20404), None, misconfigured("no such address (20404)")),
            (405, None, None, misconfigured("not Twilio's answer (405)")),
            (410, None, None, misconfigured("not Twilio's answer (410)")),
            (413, None, None, misconfigured("not Twilio's answer (413)")),
            (431, None, None, misconfigured("not Twilio's answer (431)")),
            (408, None, None, temporary("408", None)),
            (502, None, None, temporary("502", None)),
            (504, None, None, TransportError::Unknown { reason: "504".into() }),
            (400, Some(21611), None, temporary("21611", None)),
            (429, Some(20429), Some(7), temporary("20429", Some(7))),
            (401, Some(20003), None, misconfigured("not authorised (20003)")),
            (403, Some(21408), None, rejected("21408")),
            (500, None, None, temporary("500", None)),
            (503, Some(20503), Some(3), temporary("20503", Some(3))),
        ];
        for (status, code, retry_after, expected) in table {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(classify(status, code, retry_after), expected);
        }
    }

    /// An id that a consumer's provider or a program made reaches Twilio and comes back as it was.
    #[test]
    fn sms_34_the_id_of_a_text_stands_escaped_in_the_callback() {
        let center: frontdesk::types::CenterId = "acme".parse().unwrap();
        for message in
            ["1042-7", "reply/smpp/a%20b", "notice/x/ab%2Bcd", "a&text=zz#rc=5? ü%", "+ +"]
        {
            let id = TextId { center: center.clone(), message: message.into() };
            for callback in ["https://a.example/status", "https://a.example/status?tenant=7"] {
                let url = reports_to(callback, &id);
                assert!(url.parse::<Url>().unwrap().fragment().is_none(), "{url}");
                let query = url.split_once('?').unwrap().1;
                let form = crate::Form::parse(query.as_bytes()).unwrap();
                assert_eq!(form.get("text").unwrap().parse(), Ok(id.clone()), "{url}");
            }
        }
    }

    #[test]
    fn settings_are_checked_and_the_token_is_not_shown() {
        let settings = Settings {
            account_sid: format!("AC{}", "0".repeat(32)),
            auth_token: "secret".into(),
            base_url: "https://api.twilio.com/".into(),
            status_callback: None,
        };
        let twilio = Twilio::new(settings.clone()).unwrap();
        assert!(!format!("{twilio:?}").contains("secret"));
        assert!(
            twilio.url.as_str().ends_with(
                "com/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json"
            )
        );
        let wrong = Settings { account_sid: "AC1".into(), ..settings.clone() };
        assert!(matches!(Twilio::new(wrong), Err(SettingsError::AccountSid(_))));
        let wrong = Settings { auth_token: " \n".into(), ..settings.clone() };
        assert!(matches!(Twilio::new(wrong), Err(SettingsError::AuthToken(_))));
        let wrong = Settings { base_url: "api.twilio.com".into(), ..settings };
        assert!(matches!(Twilio::new(wrong), Err(SettingsError::Url(_))));
    }
}
