//! Who asks, and what they may do.

use std::{
    sync::{PoisonError, RwLock},
    time::Duration,
};

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use frontdesk::{
    tendlc::{Evidence, EvidenceDetails, GivenConsent},
    types::{AgentId, Instant, SessionId},
};
use subtle::ConstantTimeEq;
use tokio::sync::watch;

use super::{
    App,
    error::{ApiError, MessageError},
};
use crate::settings::{self, Role, Token};

/// How long at most an open stream goes on with a token before it is looked at again: clocks jump.
const LOOKED_AT: Duration = Duration::from_secs(30);

/// The tokens that are good, by their hashes.
pub(crate) struct Tokens {
    known: RwLock<Vec<Token>>,
    /// The one that was made at the start, which is good while none are configured.
    made: Option<Token>,
    changed: watch::Sender<()>,
}

impl Tokens {
    /// Those of the configuration, and one for when there are none.
    pub(crate) fn new(configured: Vec<Token>, made: Option<Token>) -> Self {
        let tokens = Self { known: RwLock::default(), made, changed: watch::Sender::new(()) };
        tokens.set(configured);
        tokens
    }

    /// Other tokens are good from now on; those that are not among them open nothing any more.
    pub(crate) fn set(&self, configured: Vec<Token>) {
        let mut tokens =
            if configured.is_empty() { self.made.iter().cloned().collect() } else { configured };
        for token in &mut tokens {
            token.sha256.make_ascii_lowercase();
        }
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = tokens;
        self.changed.send_replace(());
    }

    /// Whether nobody can have one.
    pub(crate) fn are_none(&self) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn find(&self, token: &str, now: Instant) -> Option<Token> {
        self.with_hash(&settings::hash(token), now)
    }

    fn with_hash(&self, hash: &str, now: Instant) -> Option<Token> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .iter()
            .find(|known| known.sha256.as_bytes().ct_eq(hash.as_bytes()).into())
            .filter(|known| known.expires.is_none_or(|expires| now < expires))
            .cloned()
    }
}

/// Waits until a token is no longer what it was: taken out, changed, or expired.
pub(super) async fn until_lost(app: App, token: Token) {
    let mut changed = app.tokens.changed.subscribe();
    loop {
        let now = app.engine.now();
        if app.tokens.with_hash(&token.sha256, now).as_ref() != Some(&token) {
            return;
        }
        let left = token.expires.map(|expires| (expires - now).to_std().unwrap_or_default());
        let pause = left.map_or(LOOKED_AT, |left| left.min(LOOKED_AT));
        tokio::select! {
            _ = changed.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// So many requests a second may be made with one credential (SMS-33).
const REQUESTS_A_SECOND: std::num::NonZeroU32 = std::num::NonZeroU32::new(10).unwrap();

/// Counts requests per credential.
pub(crate) type Pace = governor::DefaultKeyedRateLimiter<String>;

pub(crate) fn pace() -> Pace {
    Pace::keyed(governor::Quota::per_second(REQUESTS_A_SECOND))
}

/// A program with an API credential: Basic auth with the center's id and the credential (SMS-33).
pub(super) struct Program {
    name: String,
    holder: String,
}

impl Program {
    /// Tells credentials apart, without being one.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The program as evidence names it: `Clinic's calendar (credential 0123456789abcdef)`.
    pub(super) fn holder(&self) -> &str {
        &self.holder
    }
}

impl FromRequestParts<App> for Program {
    type Rejection = MessageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, MessageError> {
        let missing =
            || MessageError::new(StatusCode::UNAUTHORIZED, "missing or wrong credentials");
        let header = parts.headers.get(header::AUTHORIZATION).ok_or_else(missing)?;
        let basic = header.to_str().ok().and_then(|value| {
            let (scheme, value) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("basic").then_some(value.trim())
        });
        let decoded = BASE64.decode(basic.ok_or_else(missing)?).map_err(|_| missing())?;
        let text = String::from_utf8(decoded).map_err(|_| missing())?;
        let (center, credential) = text.split_once(':').ok_or_else(missing)?;
        let known = app.tokens.find(credential, app.engine.now());
        let known = known.filter(|known| known.role == Role::Api).ok_or_else(missing)?;
        if center != app.engine.center().id().to_string() {
            return Err(missing());
        }
        if app.pace.check_key(&known.sha256).is_err() {
            let message = format!("too many requests: {REQUESTS_A_SECOND} a second are allowed");
            return Err(MessageError::new(StatusCode::TOO_MANY_REQUESTS, message));
        }
        Ok(Self { name: name_of(&known), holder: holder_of(&known) })
    }
}

/// The token's holder as the consent ledger names them: the name in the configuration, or the agent, and the short digest of the
/// token. The ledger keeps this text, so that it stays true when the token is taken out of the configuration.
fn holder_of(known: &Token) -> String {
    let agent = known.agent.as_ref().map(|agent| format!("agent {agent}"));
    match known.name.clone().or(agent) {
        Some(name) => format!("{} ({})", name.trim(), name_of(known)),
        None => name_of(known),
    }
}

/// Evidence with the holder of the token through which it came.
pub(super) fn entered_through(evidence: Evidence, holder: &str) -> Evidence {
    let Evidence { reference, details } = evidence;
    let mut details = details.map(|details| *details).unwrap_or_default();
    let entered_by = match details.entered_by.take() {
        Some(person) => format!("{person}, through {holder}"),
        None => holder.to_owned(),
    };
    Evidence::of(reference, EvidenceDetails { entered_by: Some(entered_by), ..details })
}

/// A consent that somebody tells, with the holder of their token.
pub(super) fn told_by(consent: GivenConsent, holder: &str) -> GivenConsent {
    GivenConsent { evidence: entered_through(consent.evidence, holder), ..consent }
}

/// A name that tells tokens apart, without being one: the first 16 digits of its SHA-256.
fn name_of(known: &Token) -> String {
    format!("credential {}", known.sha256.chars().take(16).collect::<String>())
}

/// Who asks.
pub(super) struct Caller {
    pub(super) role: Role,
    pub(super) agent: Option<AgentId>,
    /// Whether consumers' numbers are shown whole (SMS-26).
    pub(super) sees_numbers: bool,
    /// Whether pictures and videos are shown.
    pub(super) sees_media: bool,
    /// The holder of the token, for the ledger.
    holder: String,
}

impl Caller {
    /// The caller as evidence names them: `Jo Diaz (credential 0123456789abcdef)`.
    pub(super) fn name(&self) -> &str {
        &self.holder
    }

    /// Only for supervisors and admins.
    pub(super) fn supervises(&self) -> Result<(), ApiError> {
        if self.role >= Role::Supervisor {
            Ok(())
        } else {
            Err(ApiError::forbidden("this takes a supervisor"))
        }
    }

    /// Only for admins.
    pub(super) fn administers(&self) -> Result<(), ApiError> {
        if self.role >= Role::Admin {
            Ok(())
        } else {
            Err(ApiError::forbidden("this takes an admin"))
        }
    }

    /// The agent that the caller acts as: themselves, or for an admin anybody, by name.
    pub(super) fn acts_as(&self, asked: Option<AgentId>) -> Result<AgentId, ApiError> {
        match (&self.agent, asked) {
            (Some(own), None) => Ok(own.clone()),
            (Some(own), Some(asked)) if *own == asked => Ok(asked),
            (_, Some(asked)) if self.role == Role::Admin => Ok(asked),
            (None, None) if self.role == Role::Admin => {
                Err(ApiError::field("agent", "is missing: an admin says which agent acts"))
            }
            _ => Err(ApiError::forbidden("this token does not act for that agent")),
        }
    }

    /// An agent sees the sessions they have or had, and those they are offered.
    pub(super) async fn sees(&self, app: &App, session: SessionId) -> Result<(), ApiError> {
        if self.role >= Role::Supervisor {
            return Ok(());
        }
        let own = self.acts_as(None)?;
        let offered = || {
            Ok::<_, ApiError>(app.engine.offers(&own)?.iter().any(|offer| offer.session == session))
        };
        if app.engine.session(session).await?.row.agent.as_ref() == Some(&own) || offered()? {
            Ok(())
        } else {
            Err(ApiError::forbidden("this session is not yours"))
        }
    }
}

/// The token that a request brings.
fn bearer(parts: &Parts, app: &App) -> Result<Token, ApiError> {
    let unauthorized = |message| ApiError::new(StatusCode::UNAUTHORIZED, "bad_token", message);
    let token = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token)
        .ok_or_else(|| unauthorized("a bearer token is needed: `Authorization: Bearer …`"))?;
    let known = app.tokens.find(token.trim(), app.engine.now());
    known.ok_or_else(|| unauthorized("this token is unknown or has expired"))
}

/// The program that connects the telephony: an API credential as a bearer token, or an admin.
pub(super) struct Telephony;

impl FromRequestParts<App> for Telephony {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        match bearer(parts, app)?.role {
            Role::Api | Role::Admin => Ok(Self),
            Role::Agent | Role::Supervisor => {
                Err(ApiError::forbidden("this takes an API credential or an admin"))
            }
        }
    }
}

/// Anybody with a token: a person, a program.
pub(super) struct Anybody(pub(super) Token);

impl FromRequestParts<App> for Anybody {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        bearer(parts, app).map(Self)
    }
}

/// Who may look at how the host does: supervisors, admins, and programs with an API credential.
pub(super) struct Operates;

impl FromRequestParts<App> for Operates {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        Prioritises::from_request_parts(parts, app).await.map(|_| Self)
    }
}

/// Who may say how urgent a session is: supervisors, admins, and programs with an API credential.
pub(super) struct Prioritises;

impl FromRequestParts<App> for Prioritises {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        match bearer(parts, app)?.role {
            Role::Api | Role::Supervisor | Role::Admin => Ok(Self),
            Role::Agent => Err(ApiError::forbidden("this takes a supervisor or an API credential")),
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let known = bearer(parts, app)?;
        if known.role == Role::Api {
            let message = "an API credential is for the Outbound SMS API, the telephony, `/metrics` and `/openapi.json`";
            return Err(ApiError::forbidden(message));
        }
        let sees_numbers = known.numbers || known.role >= Role::Supervisor;
        let sees_media = known.media.unwrap_or(true);
        let holder = holder_of(&known);
        Ok(Self { role: known.role, agent: known.agent, sees_numbers, sees_media, holder })
    }
}
