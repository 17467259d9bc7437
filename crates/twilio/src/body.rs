//! The body of a request that says when it begins to leave.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use frontdesk::Departure;
use http_body::{Body, Frame, SizeHint};

/// Asked for its bytes once a connection stands: then the request begins, if it still may.
#[derive(Debug)]
pub(crate) struct DepartingBody {
    bytes: Option<Bytes>,
    departure: Departure,
    progress: Progress,
}

/// How far a request has come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress(Arc<[AtomicBool; 2]>);

impl Progress {
    fn set(&self, stopped: bool) {
        self.0[usize::from(stopped)].store(true, Ordering::SeqCst);
    }

    /// Its bytes were handed to the connection: the other side may have them.
    pub(crate) fn has_begun(&self) -> bool {
        self.0[0].load(Ordering::SeqCst)
    }

    /// It was too late: none of its bytes were handed out.
    pub(crate) fn was_stopped(&self) -> bool {
        self.0[1].load(Ordering::SeqCst)
    }
}

impl DepartingBody {
    pub(crate) fn of(body: Option<&reqwest::Body>, departure: &Departure) -> (Self, Progress) {
        let bytes = body.and_then(reqwest::Body::as_bytes).map(Bytes::copy_from_slice);
        let progress = Progress::default();
        let departing = Self { bytes, departure: departure.clone(), progress: progress.clone() };
        (departing, progress)
    }
}

impl Body for DepartingBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Some(bytes) = self.bytes.take() else { return Poll::Ready(None) };
        if self.departure.begin().is_err() {
            self.progress.set(true);
            return Poll::Ready(Some(Err(io::Error::other("the request began too late"))));
        }
        self.progress.set(false);
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
