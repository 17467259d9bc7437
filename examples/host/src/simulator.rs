//! The simulated carrier: every text arrives at once, on the phone in the console.

use async_trait::async_trait;
use frontdesk::{OutgoingText, Transport, TransportError};

/// Takes every text. What has arrived on a phone is read from the log, so that it is still there after a
/// restart, and costs no memory.
#[derive(Debug)]
pub(crate) struct Simulator;

#[async_trait]
impl Transport for Simulator {
    async fn send(&self, text: &OutgoingText) -> Result<String, TransportError> {
        Ok(format!("simulated-{}", text.id))
    }
}
