//! Two networks that take every text, and remember what they took.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use async_trait::async_trait;
use frontdesk::{
    CarrierLookup, LookupError, OutgoingText, Transport, TransportError, tendlc, types::PhoneNumber,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    Att,
    TMobile,
}

impl Network {
    /// Of a consumer: every other number is with T-Mobile.
    pub(crate) fn of(consumer: PhoneNumber) -> Self {
        if consumer.digits().is_multiple_of(2) { Self::Att } else { Self::TMobile }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Carrier {
    /// Since they were last looked at.
    taken: Mutex<Vec<OutgoingText>>,
    /// The process is about to die: what leaves now never arrives, and nobody answers.
    is_dying: AtomicBool,
    /// So many were on their way then.
    interrupted: AtomicU64,
}

impl Carrier {
    pub(crate) fn taken(&self) -> Vec<OutgoingText> {
        std::mem::take(&mut *self.taken.lock().unwrap())
    }

    pub(crate) fn dies(&self, dies: bool) {
        self.is_dying.store(dies, Ordering::SeqCst);
    }

    pub(crate) fn interrupted(&self) -> u64 {
        self.interrupted.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Transport for Carrier {
    async fn send(&self, text: &OutgoingText) -> Result<String, TransportError> {
        if self.is_dying.load(Ordering::SeqCst) {
            self.interrupted.fetch_add(1, Ordering::SeqCst);
            std::future::pending::<()>().await;
        }
        self.taken.lock().unwrap().push(text.clone());
        Ok(format!("carrier-{}", text.id))
    }
}

#[async_trait]
impl CarrierLookup for Carrier {
    async fn carrier(&self, consumer: PhoneNumber) -> Result<Option<tendlc::Carrier>, LookupError> {
        Ok(Some(match Network::of(consumer) {
            Network::Att => tendlc::Carrier::Att,
            Network::TMobile => tendlc::Carrier::TMobile,
        }))
    }
}
