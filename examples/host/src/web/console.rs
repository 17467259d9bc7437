//! The console: plain files, embedded in the binary.

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::App;

/// The page may talk to this host and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:; connect-src 'self'; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

macro_rules! asset {
    ($name:literal, $kind:literal) => {
        get(|| async { serve($kind, include_bytes!(concat!("../../console/", $name))) })
    };
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", asset!("index.html", "text/html; charset=utf-8"))
        .route("/console.css", asset!("console.css", "text/css; charset=utf-8"))
        .route("/console.js", asset!("console.js", "text/javascript; charset=utf-8"))
        .route("/api.js", asset!("api.js", "text/javascript; charset=utf-8"))
        .route("/call.js", asset!("call.js", "text/javascript; charset=utf-8"))
        .route("/compliance.js", asset!("compliance.js", "text/javascript; charset=utf-8"))
        .route("/desk.js", asset!("desk.js", "text/javascript; charset=utf-8"))
        .route("/media.js", asset!("media.js", "text/javascript; charset=utf-8"))
        .route("/phone.js", asset!("phone.js", "text/javascript; charset=utf-8"))
        .route("/sessions.js", asset!("sessions.js", "text/javascript; charset=utf-8"))
        .route("/transcript.js", asset!("transcript.js", "text/javascript; charset=utf-8"))
        .route("/icon.svg", asset!("icon.svg", "image/svg+xml"))
}

fn serve(kind: &'static str, bytes: &'static [u8]) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (headers, bytes).into_response()
}
