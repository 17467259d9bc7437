//! The end of the host: it is told to stop, finishes what is short, and is gone within ten seconds.

use std::time::Duration;

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinSet,
};
use tracing::{info, warn};

use crate::settings::HostError;

/// How long requests that are under way may take when the host stops.
const REQUESTS: Duration = Duration::from_secs(5);
/// How long the background loops may take after that. Work of theirs that takes longer, such as a text that a
/// provider does not answer, is left to its lease.
const LOOPS: Duration = Duration::from_secs(3);
/// How long threads that wait for files or names may take at the very end.
pub(crate) const RUNTIME: Duration = Duration::from_secs(1);

/// Serves until the process is told to stop (SIGTERM, SIGINT), and then until requests are done or their time is over.
pub(crate) async fn until_told(
    served: impl Future<Output = ()>,
    stop: watch::Sender<bool>,
) -> Result<(), HostError> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(HostError::io("signals"))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(HostError::io("signals"))?;
    let mut served = std::pin::pin!(served);
    tokio::select! {
        () = served.as_mut() => return Ok(()),
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    info!("stopping");
    stop.send_replace(true);
    if tokio::time::timeout(REQUESTS, served).await.is_err() {
        warn!("some requests were still under way");
    }
    Ok(())
}

/// Waits for the loops, and ends those that take too long.
pub(crate) async fn finish(mut loops: JoinSet<()>) {
    let all = async { while loops.join_next().await.is_some() {} };
    if tokio::time::timeout(LOOPS, all).await.is_err() {
        let left = loops.len();
        warn!(left, "work was still under way; it is done again after the next start");
        loops.shutdown().await;
    }
}
