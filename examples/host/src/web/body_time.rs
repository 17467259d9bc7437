//! How long a body may take: a sender that is slower than that is answered with 408.

use std::time::Duration;

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use super::App;

/// Bytes a second that a body arrives with at least, once its first time is over.
const BYTES_A_SECOND: u64 = 8 * 1024;

/// The body did not arrive in time.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
struct TooSlow;

/// Whether a body could not be read because it came too slowly.
pub(super) fn is_over(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(<dyn std::error::Error + 'static>::is::<TooSlow>)
}

/// Ends bodies that come too slowly.
pub(super) async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    next.run(request.map(|body| within(body, app.body_time))).await
}

fn within(body: Body, time: Duration) -> Body {
    let begun = Instant::now();
    let pieces = stream::unfold((body.into_data_stream(), 0), move |(mut rest, read)| async move {
        let until = begun + time + Duration::from_secs(read / BYTES_A_SECOND);
        let piece = match timeout_at(until, rest.next()).await {
            Ok(piece) => piece?,
            Err(_) => Err(axum::Error::new(TooSlow)),
        };
        let length = piece.as_ref().map_or(0, bytes_of);
        Some((piece, (rest, read + length)))
    });
    Body::from_stream(pieces)
}

fn bytes_of(piece: &axum::body::Bytes) -> u64 {
    u64::try_from(piece.len()).unwrap_or(u64::MAX)
}
