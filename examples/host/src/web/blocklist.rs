//! The blocklist: numbers whose texts are not handled (SMS-38).

use axum::{Json, extract::State, http::StatusCode};

use super::{
    App,
    access::Caller,
    error::ApiError,
    views::{Done, Path, consumer},
};

/// The numbers on the blocklist (supervisors).
#[utoipa::path(
    get, path = "/blocklist", tag = "operations",
    responses((status = 200, body = Vec<String>), (status = 403, body = ApiError))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<String>>, ApiError> {
    caller.supervises()?;
    Ok(Json(app.engine.blocklist().iter().map(ToString::to_string).collect()))
}

async fn set(app: &App, caller: &Caller, number: &str, blocked: bool) -> Done {
    caller.supervises()?;
    let number = consumer(app, "number", number)?;
    if app.engine.set_blocked(number, blocked).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        let message =
            if blocked { "is on the blocklist already" } else { "is not on the blocklist" };
        Err(ApiError::new(StatusCode::CONFLICT, "conflict", format!("the number {message}")))
    }
}

/// Puts a number on the blocklist. One that is there already is refused.
#[utoipa::path(
    put, path = "/blocklist/{number}", tag = "operations", params(("number" = String, Path)),
    responses((status = 204), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn block(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
) -> Done {
    set(&app, &caller, &number, true).await
}

/// Takes a number off the blocklist.
#[utoipa::path(
    delete, path = "/blocklist/{number}", tag = "operations", params(("number" = String, Path)),
    responses((status = 204), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn unblock(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
) -> Done {
    set(&app, &caller, &number, false).await
}
