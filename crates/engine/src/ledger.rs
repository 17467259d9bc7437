//! The consent ledger as a whole: whether it is what was entered, by its seal and by those who have its heads (DLC-3).

mod checks;
mod confirmations;
mod document;
mod entered;
mod kept;
mod logged;
mod places;
mod proof;
mod report;
mod sealer;
mod verify;

pub use entered::consumers_entered;
pub(crate) use kept::kept_heads;
pub use kept::newest_head;
pub use proof::ConsentProofs;
pub use report::{
    AnchorReport, AnchorState, Coverage, HeadReport, LedgerNote, LedgerProblem, LedgerReport,
    MOST_PROBLEMS, WitnessProblem,
};
pub use sealer::anchor_ledger;
pub(crate) use sealer::{BATCH, HeadStep, LastHead, Sealer};
pub use verify::{Comparison, compare_ledger, verify_ledger};
