//! The simulated carrier: every text arrives at once, on the phone in the console.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use frontdesk::{
    DeliveryReport, MediaError, MediaSource, OutgoingText, Transport, TransportError,
    types::{Delivery, Media, Purpose},
};
use tokio::sync::mpsc::UnboundedSender;

/// How many pictures wait to be fetched.
const PICTURES: usize = 32;
/// Where the simulated phone keeps its pictures.
const SCHEME: &str = "simulator:";

/// The pictures that the simulated phone has sent, until they are fetched.
#[derive(Debug, Default)]
pub(crate) struct PhoneMedia(Mutex<VecDeque<(String, Vec<u8>)>>);

impl PhoneMedia {
    fn lock(&self) -> MutexGuard<'_, VecDeque<(String, Vec<u8>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one; the answer is where it can be fetched.
    pub(crate) fn send(&self, id: &str, content: Vec<u8>) -> String {
        let url = format!("{SCHEME}{id}");
        let mut pictures = self.lock();
        pictures.push_back((url.clone(), content));
        if pictures.len() > PICTURES {
            pictures.pop_front();
        }
        url
    }
}

#[async_trait]
impl MediaSource for PhoneMedia {
    async fn fetch(&self, media: &Media, limit: usize) -> Result<Vec<u8>, MediaError> {
        let pictures = self.lock();
        match pictures.iter().find(|(url, _)| *url == media.url) {
            Some((_, content)) if content.len() > limit => Err(MediaError::TooLarge { limit }),
            Some((_, content)) => Ok(content.clone()),
            None => Err(MediaError::Unavailable { reason: "the phone has it no longer".into() }),
        }
    }
}

/// Takes every text. What has arrived on a phone is read from the log, so that it is still there after a
/// restart, and costs no memory.
#[derive(Debug)]
pub(crate) struct Simulator {
    /// Where it reports the texts that somebody waits for.
    pub(crate) reports: UnboundedSender<DeliveryReport>,
}

#[async_trait]
impl Transport for Simulator {
    async fn send(&self, text: &OutgoingText) -> Result<String, TransportError> {
        if text.purpose == Purpose::Deflection {
            let delivery = Delivery::Delivered;
            let (id, line) = (text.id.message.clone(), text.line);
            // Nobody listens any more when the host stops.
            let _ = self.reports.send(DeliveryReport { id, line, delivery, opted_out: false });
        }
        Ok(format!("simulated-{}", text.id))
    }
}
