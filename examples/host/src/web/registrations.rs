//! Brands and campaigns at the provider (DLC-8).

use axum::{Json, extract::State};

use super::{App, access::Caller, error::ApiError};
use crate::registrations::{RegistrationJson, refresh};

/// Where every campaign stands by the configuration and by the provider's last answer (supervisors).
#[utoipa::path(
    get, path = "/compliance/registrations", tag = "compliance",
    responses((status = 200, body = Vec<RegistrationJson>), (status = 403, body = ApiError))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<RegistrationJson>>, ApiError> {
    caller.supervises()?;
    Ok(Json(app.engine.registrations().into_iter().map(RegistrationJson::from).collect()))
}

/// Asks the provider now, and answers as the list does (supervisors). Where the provider gives no answer, the last one stands there,
/// with `failure`.
#[utoipa::path(
    post, path = "/compliance/registrations/refresh", tag = "compliance",
    responses((status = 200, body = Vec<RegistrationJson>), (status = 403, body = ApiError))
)]
pub(super) async fn ask(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<RegistrationJson>>, ApiError> {
    caller.supervises()?;
    let views = refresh(&app.engine, &app.live.telling).await?;
    Ok(Json(views.into_iter().map(RegistrationJson::from).collect()))
}
