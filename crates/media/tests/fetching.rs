//! Fetching over HTTP from servers that mean it well, and from others.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use frontdesk::{MediaError, MediaSource, types::Media};
use frontdesk_media::{HttpMedia, Provider};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand so on";
const LIMIT: usize = 100_000;

/// A body without an end, in pieces.
fn endless() -> Body {
    let piece = Ok::<_, std::io::Error>(Bytes::from(vec![0; 16_384]));
    Body::from_stream(futures::stream::repeat_with(move || {
        piece.as_ref().map(Bytes::clone).map_err(|_| std::io::Error::other("never"))
    }))
}

/// Says its size, and sends less.
fn breaks_off() -> Response {
    let pieces = [Ok(Bytes::from_static(PNG)), Err(std::io::Error::other("gone"))];
    Body::from_stream(futures::stream::iter(pieces)).into_response()
}

async fn authorised(headers: HeaderMap) -> Response {
    // AC1:secret
    match headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes) {
        Some(b"Basic QUMxOnNlY3JldA==") => PNG.into_response(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// A server on loopback; the answer is its origin.
async fn server(other: &str) -> String {
    let to = |path: &str| {
        let url = path.to_owned();
        get(move || async move { Redirect::temporary(&url) })
    };
    let routes = Router::new()
        .route("/ok", get(|| async { PNG }))
        .route("/authorised", get(authorised))
        .route("/endless", get(|| async { endless() }))
        .route("/breaks-off", get(|| async { breaks_off() }))
        .route("/silent", get(std::future::pending::<()>))
        .route("/gone", get(|| async { StatusCode::NOT_FOUND }))
        .route("/busy", get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .route("/says-large", get(|| async { vec![0; LIMIT + 1] }))
        .route("/at-limit", get(|| async { vec![0; LIMIT] }))
        .route("/to-own", to("/ok"))
        .route("/round", to("/round"))
        .route("/to-other", to(&format!("{other}/ok")))
        .route("/to-metadata", to("https://169.254.169.254/latest/meta-data/"))
        .route("/to-localhost", to("https://localhost/"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    origin
}

async fn fetch(source: &HttpMedia, url: &str) -> Result<Vec<u8>, MediaError> {
    let media = Media { url: url.into(), content_type: "image/png".into() };
    source.fetch(&media, LIMIT).await
}

fn provider(origin: &str) -> Provider {
    let credentials = Some(("AC1".into(), "secret".into()));
    Provider { origin: origin.into(), credentials }
}

#[tokio::test]
async fn the_providers_media_are_fetched_with_its_credentials() {
    let origin = server("http://unused.example").await;
    let source = HttpMedia::new(Some(provider(&origin))).unwrap();
    for path in ["/ok", "/authorised", "/to-own"] {
        assert_eq!(fetch(&source, &format!("{origin}{path}")).await.unwrap(), PNG, "{path}");
    }
    assert_eq!(fetch(&source, &format!("{origin}/at-limit")).await.unwrap().len(), LIMIT);
}

#[tokio::test]
async fn what_is_too_large_or_never_ends_is_left_at_the_limit() {
    let origin = server("http://unused.example").await;
    let source = HttpMedia::new(Some(provider(&origin))).unwrap();
    for path in ["/endless", "/says-large"] {
        let fetched = fetch(&source, &format!("{origin}{path}")).await;
        assert_eq!(fetched, Err(MediaError::TooLarge { limit: LIMIT }), "{path}");
    }
    let hasty =
        HttpMedia::with_timeout(Some(provider(&origin)), Duration::from_millis(200)).unwrap();
    let fetched = fetch(&hasty, &format!("{origin}/silent")).await;
    assert!(matches!(fetched, Err(MediaError::Temporary { .. })), "{fetched:?}");
}

#[tokio::test]
async fn nothing_leads_into_a_private_network() {
    let other = server("http://unused.example").await;
    let origin = server(&other).await;
    let source = HttpMedia::new(Some(provider(&origin))).unwrap();
    let of_nobody = HttpMedia::new(None).unwrap();
    for (source, url) in [
        (&source, format!("{other}/ok")),
        (&source, format!("{origin}/to-other")),
        (&source, format!("{origin}/to-metadata")),
        (&source, format!("{origin}/round")),
        (&of_nobody, format!("{origin}/ok")),
        (&of_nobody, "https://[::1]/".into()),
        (&of_nobody, "not a url".into()),
        // By name: nothing is connected to, whatever the name resolves to.
        (&source, "https://localhost/".into()),
        (&source, format!("{origin}/to-localhost")),
    ] {
        let fetched = fetch(source, &url).await;
        assert!(matches!(fetched, Err(MediaError::Unavailable { .. })), "{url}: {fetched:?}");
    }
}

#[tokio::test]
async fn what_may_come_yet_is_told_from_what_will_not() {
    let origin = server("http://unused.example").await;
    let source = HttpMedia::new(None).unwrap();
    assert!(fetch(&source, "https://name.invalid/").await.is_err());
    let source =
        HttpMedia::new(Some(Provider { origin: origin.clone(), credentials: None })).unwrap();
    for (path, temporary) in
        [("/gone", false), ("/busy", true), ("/authorised", true), ("/breaks-off", true)]
    {
        let fetched = fetch(&source, &format!("{origin}{path}")).await;
        let found = matches!(fetched, Err(MediaError::Temporary { .. }));
        assert!(fetched.is_err() && found == temporary, "{path}: {fetched:?}");
    }
}
