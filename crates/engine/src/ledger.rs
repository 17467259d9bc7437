//! The consent ledger as a whole: whether it is what was entered, by its seal and by those who have its heads (DLC-3).

mod kept;
mod logged;
mod places;
mod proof;
mod report;
mod verify;

pub(crate) use kept::kept_heads;
pub(crate) use proof::sealed_proof;
pub use report::{AnchorReport, Coverage, HeadReport, LedgerProblem, LedgerReport, MOST_PROBLEMS};
pub use verify::verify_ledger;
