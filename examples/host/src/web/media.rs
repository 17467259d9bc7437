//! Pictures and videos of sessions (SMS-7), for those who may see them (SMS-26).

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use frontdesk::types::{Provider, SessionId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    App,
    access::Caller,
    error::ApiError,
    views::{Path, Query},
};

/// What consumers send is shown, never run: also if a browser should take it for a page.
const POLICY: &str = "default-src 'none'; sandbox";

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Of {
    /// The provider of the message: two providers may give the same id.
    #[param(value_type = Option<String>)]
    provider: Option<Provider>,
}

/// A picture or video of a session, by the message's id and its place there (`media_stored` in the transcript). The
/// content type is what it is, not what it said it is.
#[utoipa::path(
    get, path = "/sessions/{session}/media/{message}/{index}", tag = "sessions",
    params(("session" = u64, Path), ("message" = String, Path), ("index" = u8, Path), Of),
    responses(
        (status = 200, content_type = "image/*", body = Vec<u8>),
        (status = 403, body = ApiError), (status = 404, body = ApiError)
    )
)]
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Path((session, message, index)): Path<(SessionId, String, u8)>,
    Query(of): Query<Of>,
) -> Result<Response, ApiError> {
    caller.sees(&app, session).await?;
    if !caller.sees_media {
        return Err(ApiError::forbidden("this token shows no pictures and videos"));
    }
    let media = app.engine.media(session, of.provider.as_ref(), &message, index).await?;
    let media = media.ok_or_else(|| ApiError::not_found("there is no such picture or video"))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media.kind.content_type())),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    Ok((headers, media.content).into_response())
}
