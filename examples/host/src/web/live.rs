//! Live updates, as server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt};
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use super::{
    App,
    access::{Anybody, Caller, until_lost},
};
use crate::live::Notice;

/// How often a stream says that it is alive; readers take one that is silent for much longer for dead.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// Notices as server-sent events, as things happen: `change` with a notice as data, or `resync` for a
/// reader that was too slow and must read everything again. Nothing that anybody wrote is in them. A stream ends with
/// its token.
#[utoipa::path(
    get, path = "/live", tag = "desk",
    responses((status = 200, body = Notice, content_type = "text/event-stream"))
)]
pub(super) async fn live(
    State(app): State<App>,
    _: Caller,
    Anybody(token): Anybody,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut stopping = app.stopping.clone();
    let lost = until_lost(app.clone(), token);
    let stopped = async move {
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => {}
            () = lost => {}
        }
    };
    let notices = BroadcastStream::new(app.live.subscribe())
        .map(|notice| {
            Ok(match notice {
                Ok(notice) => {
                    Event::default().event("change").json_data(notice).unwrap_or_default()
                }
                Err(BroadcastStreamRecvError::Lagged(_)) => {
                    Event::default().event("resync").data("")
                }
            })
        })
        .take_until(Box::pin(stopped));
    // Said at once, so that a reader knows that it misses nothing from here on.
    let hello = futures::stream::once(async { Ok(Event::default().event("resync").data("")) });
    Sse::new(hello.chain(notices)).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE))
}
