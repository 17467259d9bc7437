//! The salts of the ledger's entries (DLC-3).

use std::sync::atomic::{AtomicU64, Ordering};

use frontdesk_tendlc::Salt;
use sha2::{Digest, Sha256};

use crate::store::StoreError;

/// Salts that nobody can foretell: a random key of this process, hashed with a counter.
pub(super) struct Salts {
    key: [u8; 32],
    next: AtomicU64,
}

impl Salts {
    /// With a key from the system.
    pub(super) fn open() -> Result<Self, StoreError> {
        let mut key = [0; 32];
        let failed = |error: getrandom::Error| StoreError::backend(std::io::Error::from(error));
        getrandom::fill(&mut key).map_err(failed)?;
        Ok(Self { key, next: AtomicU64::new(0) })
    }

    /// One that was not given before.
    pub(super) fn next(&self) -> Salt {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let hash = Sha256::new().chain_update(self.key).chain_update(next.to_be_bytes()).finalize();
        let mut salt = [0; 16];
        salt.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
        Salt::from(salt)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_salt_is_given_twice() {
        let (one, other) = (Salts::open().unwrap(), Salts::open().unwrap());
        let salts: HashSet<Salt> = (0..1_000).flat_map(|_| [one.next(), other.next()]).collect();
        assert_eq!(salts.len(), 2_000);
    }
}
