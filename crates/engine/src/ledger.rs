//! The consent ledger as a whole: whether it is what was entered, by its seal and by those who have its heads (DLC-3).

mod kept;
mod logged;
mod places;
mod proof;
mod report;
mod sealer;
mod verify;

pub(crate) use kept::kept_heads;
pub use kept::newest_head;
pub use proof::{consent_proofs, consumers_entered};
pub use report::{AnchorReport, Coverage, HeadReport, LedgerProblem, LedgerReport, MOST_PROBLEMS};
pub use sealer::anchor_ledger;
pub(crate) use sealer::{BATCH, HeadStep, LastHead, Sealer};
pub use verify::verify_ledger;
