//! The document of a center's proofs.

use frontdesk_tendlc::{LocalTimes, ProofDocument};
use frontdesk_types::Instant;

use crate::Center;

impl Center {
    /// A document of proofs without sections. It names the sender, and tells moments on the clock of the center's hours.
    pub fn proof_document(&self, title: impl Into<String>, made: Instant) -> ProofDocument {
        let times = LocalTimes { zones: self.zones().clone(), center: self.zone() };
        let sender = self.compliance.brand();
        ProofDocument { sender, times, ..ProofDocument::new(title, made) }
    }
}
