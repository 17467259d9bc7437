use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::{OutgoingText, Transport, TransportError};

/// A carrier that goes nowhere: keeps the texts, for tests and simulated phones.
#[derive(Debug, Default)]
pub struct Loopback {
    texts: Mutex<Vec<OutgoingText>>,
}

impl Loopback {
    /// A carrier without texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that was sent, in order.
    pub fn texts(&self) -> Vec<OutgoingText> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<OutgoingText>> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Transport for Loopback {
    async fn send(&self, text: &OutgoingText) -> Result<String, TransportError> {
        self.lock().push(text.clone());
        Ok(format!("loopback-{}", text.id))
    }
}
