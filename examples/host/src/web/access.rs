//! Who asks, and what they may do.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use frontdesk::types::{AgentId, Instant, SessionId};
use subtle::ConstantTimeEq;

use super::{App, error::ApiError};
use crate::settings::{self, Role, Token};

/// The tokens that are good, by their hashes.
pub(crate) struct Tokens(Vec<Token>);

impl Tokens {
    pub(crate) fn new(mut tokens: Vec<Token>) -> Self {
        for token in &mut tokens {
            token.sha256.make_ascii_lowercase();
        }
        Self(tokens)
    }

    fn find(&self, token: &str, now: Instant) -> Option<&Token> {
        let hash = settings::hash(token);
        self.0
            .iter()
            .find(|known| known.sha256.as_bytes().ct_eq(hash.as_bytes()).into())
            .filter(|known| known.expires.is_none_or(|expires| now < expires))
    }
}

/// Who asks.
pub(super) struct Caller {
    pub(super) role: Role,
    pub(super) agent: Option<AgentId>,
}

impl Caller {
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

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let unauthorized = |message| ApiError::new(StatusCode::UNAUTHORIZED, "bad_token", message);
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .ok_or_else(|| unauthorized("a bearer token is needed: `Authorization: Bearer …`"))?;
        let known = app.tokens.find(token.trim(), app.engine.now());
        let known = known.ok_or_else(|| unauthorized("this token is unknown or has expired"))?;
        Ok(Self { role: known.role, agent: known.agent.clone() })
    }
}
