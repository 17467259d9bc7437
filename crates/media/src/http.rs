use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use frontdesk::{MediaError, MediaSource, types::Media};
use reqwest::{
    Client, Response, StatusCode, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header, redirect,
};

use crate::is_public;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long everything may take, to the last byte.
const TOTAL: Duration = Duration::from_secs(25);
/// How often a provider may lead elsewhere: to its storage, and from there.
const REDIRECTS: usize = 3;

/// The provider whose media are fetched.
#[derive(Clone)]
pub struct Provider {
    /// Scheme, host and port of its API: `https://api.twilio.com`. The operator names it, so that it may be in a
    /// private network, and without TLS.
    pub origin: String,
    /// User and password, sent to this origin alone.
    pub credentials: Option<(String, String)>,
}

/// Without the password.
impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// Why nothing can be fetched with these settings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made: {0}")]
    Client(#[from] reqwest::Error),
    /// Not an origin.
    #[error("`{0}` is not an origin: https://host is expected")]
    Origin(String),
}

/// Fetches over HTTP, from public addresses and the provider's own origin.
pub struct HttpMedia {
    client: Client,
    provider: Option<Url>,
    credentials: Option<(String, String)>,
}

impl fmt::Debug for HttpMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpMedia")
            .field("provider", &self.provider.as_ref().map(Url::as_str))
            .finish_non_exhaustive()
    }
}

/// Names of the provider's own host resolve to whatever they do; all others to public addresses.
struct PublicNames {
    provider: Option<String>,
}

/// A name that leads to nothing public.
#[derive(Debug, thiserror::Error)]
#[error("the name has no public address")]
struct NoPublicAddress;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        let own = self.provider.as_deref() == Some(name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let addresses: Vec<SocketAddr> =
                found.filter(|address| own || is_public(address.ip())).collect();
            if addresses.is_empty() {
                return Err(NoPublicAddress.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Why a URL is not gone to.
fn refused(url: &Url, provider: Option<&Url>) -> Option<&'static str> {
    if provider.is_some_and(|provider| provider.origin() == url.origin()) {
        return None;
    }
    // Its name may resolve to a private address: another port of it is another server.
    if provider.is_some_and(|provider| provider.host() == url.host()) {
        return Some("another port of the provider's");
    }
    if url.scheme() != "https" {
        return Some("only https is fetched");
    }
    // Names are looked at when they are resolved.
    let literal = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    match literal.parse() {
        Ok(address) if !is_public(address) => Some("not a public address"),
        _ => None,
    }
}

impl HttpMedia {
    /// With a provider, whose origin is trusted; without one, public addresses alone.
    pub fn new(provider: Option<Provider>) -> Result<Self, SourceError> {
        Self::with_timeout(provider, TOTAL)
    }

    /// As [`HttpMedia::new`], with another time for everything, to the last byte; 25 seconds otherwise. Longer
    /// than half a minute is longer than the engine leaves it.
    pub fn with_timeout(provider: Option<Provider>, total: Duration) -> Result<Self, SourceError> {
        let (provider, credentials) = match provider {
            None => (None, None),
            Some(Provider { origin, credentials }) => {
                let url = origin.parse::<Url>().ok().filter(Url::has_host);
                (Some(url.ok_or(SourceError::Origin(origin))?), credentials)
            }
        };
        // The process may have chosen a provider of cryptography already: then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let own = provider.clone();
        let policy = redirect::Policy::custom(move |attempt| {
            if attempt.previous().len() > REDIRECTS {
                return attempt.error("too many redirects");
            }
            match refused(attempt.url(), own.as_ref()) {
                Some(why) => attempt.error(why),
                None => attempt.follow(),
            }
        });
        let names = provider.as_ref().and_then(Url::host_str).map(str::to_owned);
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(total)
            .redirect(policy)
            // A proxy would resolve names by itself, and reach where we must not.
            .no_proxy()
            .dns_resolver(Arc::new(PublicNames { provider: names }))
            .build()?;
        Ok(Self { client, provider, credentials })
    }

    async fn get(&self, url: Url) -> Result<Response, MediaError> {
        let own = self.provider.as_ref().is_some_and(|own| own.origin() == url.origin());
        let mut request = self.client.get(url);
        if let Some((user, password)) = self.credentials.as_ref().filter(|_| own) {
            request = request.basic_auth(user, Some(password));
        }
        request.send().await.map_err(|error| reason(&error))
    }
}

/// What went wrong, without the URL: that may be as good as a password.
fn reason(error: &reqwest::Error) -> MediaError {
    let unavailable = |why: &str| MediaError::Unavailable { reason: why.into() };
    let temporary = |why: &str| MediaError::Temporary { reason: why.into() };
    if error.is_redirect() {
        unavailable("it leads to where nothing is fetched from")
    } else if has_no_public_address(error) {
        unavailable("the name has no public address")
    } else if error.is_timeout() {
        temporary("no answer in time")
    } else if error.is_connect() {
        temporary("not reachable")
    } else {
        temporary("the connection broke off")
    }
}

fn has_no_public_address(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(<dyn std::error::Error + 'static>::is::<NoPublicAddress>)
}

#[async_trait]
impl MediaSource for HttpMedia {
    async fn fetch(&self, media: &Media, limit: usize) -> Result<Vec<u8>, MediaError> {
        let unavailable = |why: &str| MediaError::Unavailable { reason: why.into() };
        let url = media.url.parse::<Url>().map_err(|_| unavailable("not a URL"))?;
        if let Some(why) = refused(&url, self.provider.as_ref()) {
            return Err(unavailable(why));
        }
        let mut response = self.get(url).await?;
        let status = response.status();
        if !status.is_success() {
            let why = format!("answered with {}", status.as_u16());
            // It may appear yet, or we may not be let in just now.
            let later = status.is_server_error()
                || matches!(
                    status,
                    StatusCode::TOO_MANY_REQUESTS
                        | StatusCode::REQUEST_TIMEOUT
                        | StatusCode::UNAUTHORIZED
                        | StatusCode::FORBIDDEN
                );
            return Err(if later {
                MediaError::Temporary { reason: why }
            } else {
                MediaError::Unavailable { reason: why }
            });
        }
        let told = response.headers().get(header::CONTENT_LENGTH);
        let told = told.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if told.is_some_and(|length| length > limit) {
            return Err(MediaError::TooLarge { limit });
        }
        let mut content = Vec::with_capacity(told.unwrap_or(0));
        while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
            if content.len() + chunk.len() > limit {
                return Err(MediaError::TooLarge { limit });
            }
            content.extend_from_slice(&chunk);
        }
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_places_and_the_providers_own_are_gone_to() {
        let provider: Url = "http://127.0.0.1:4010".parse().unwrap();
        let own = Some(&provider);
        for (url, goes) in [
            ("https://media.example/1", true),
            ("https://93.184.215.14/1", true),
            ("http://127.0.0.1:4010/2010-04-01/Media/ME1", true),
            ("http://media.example/1", false),
            ("http://127.0.0.1:8080/", false),
            ("https://127.0.0.1:4010/", false),
            ("https://169.254.169.254/latest/meta-data/", false),
            ("https://[::1]/", false),
            ("https://[::ffff:10.0.0.1]/", false),
            ("https://0x7f.1/", false),
            ("https://2130706433/", false),
            ("https://017700000001/", false),
            ("file:///etc/passwd", false),
            ("ftp://media.example/1", false),
        ] {
            let found = refused(&url.parse().unwrap(), own);
            assert_eq!(found.is_none(), goes, "{url}: {found:?}");
        }
        assert!(refused(&provider, None).is_some(), "trusted only as the provider");
        let named: Url = "http://provider.internal:4010".parse().unwrap();
        for (url, goes) in [
            ("http://provider.internal:4010/1", true),
            ("https://provider.internal/1", false),
            ("https://provider.internal:4010/1", false),
            ("https://PROVIDER.internal:8443/1", false),
            ("https://media.example/1", true),
        ] {
            let found = refused(&url.parse().unwrap(), Some(&named));
            assert_eq!(found.is_none(), goes, "{url}: {found:?}");
        }
    }

    #[test]
    fn settings_are_checked_and_the_password_is_not_shown() {
        let provider = |origin: &str| Provider {
            origin: origin.into(),
            credentials: Some(("AC1".into(), "secret".into())),
        };
        assert!(matches!(HttpMedia::new(Some(provider("api"))), Err(SourceError::Origin(_))));
        let source = HttpMedia::new(Some(provider("https://api.twilio.com"))).unwrap();
        assert!(!format!("{source:?} {:?}", provider("https://a.example")).contains("secret"));
    }
}
