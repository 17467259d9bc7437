use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use crate::{OutgoingText, Transport, TransportError};

/// A carrier that goes nowhere: keeps the texts, for tests and simulated phones.
#[derive(Default)]
pub struct Loopback {
    texts: Mutex<Vec<OutgoingText>>,
}

/// Not what was sent: that is not for logs.
impl fmt::Debug for Loopback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loopback").finish_non_exhaustive()
    }
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
