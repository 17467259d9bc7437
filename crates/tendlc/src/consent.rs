//! Who agreed to what, when, and how that is known (DLC-3).

mod chain;
mod confirmation;
mod digest;
mod document;
mod entry;
mod erasure;
mod evidence;
mod given;
mod import;
mod ledger;
mod moment;
mod personal;
mod proof;
mod revocation;
mod standing;
mod standings;
mod words;

pub use chain::{BrokenChain, Head, History, Link, Retention};
pub use confirmation::{Confirmation, ConfirmationFate};
pub use digest::{Digest, Salt};
pub use document::{ProofDocument, ProofSection};
pub use entry::{Act, ConsentLevel, Entry, LedgerKey, Method, Programme, RevocationChannel};
pub use erasure::{Erasure, ErasureError};
pub use evidence::{DoubleOptIn, Evidence, EvidenceDetails, ListSource};
pub use given::{GivenConsent, GivenConsentError};
pub(crate) use import::instant;
pub use import::{ImportError, Imported, ListReader, RowProblem, import_csv};
pub use ledger::{Account, Appended, ConsumerLedger};
pub use moment::{GivenMoment, LocalTimes};
pub use personal::{Personal, PersonalDigests};
pub use proof::{Proof, ProvenEntry, RevokedBy, Sender};
pub use revocation::{GivenRevocation, GivenRevocationError, RevocationClock};
pub use standing::{Consent, Standing};
pub use standings::Standings;

#[cfg(test)]
mod tests;
