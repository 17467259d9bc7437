//! Who agreed to what, when, and how that is known (DLC-3).

mod chain;
mod entry;
mod import;
mod ledger;
mod proof;
mod standing;
mod standings;

pub use chain::{BrokenChain, Digest, Head, History, Link, Retention};
pub use entry::{Act, ConsentLevel, Entry, LedgerKey, Method, Programme};
pub use import::{ImportError, Imported, RowProblem, import_csv};
pub use ledger::{Account, Appended, ConsumerLedger};
pub use proof::{Proof, ProvenEntry, Sender};
pub use standing::{Consent, Standing};
pub use standings::Standings;

#[cfg(test)]
mod tests;
