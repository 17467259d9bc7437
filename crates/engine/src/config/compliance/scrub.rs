//! The lists that consumers are checked against before a promotion (DLC-4).

use frontdesk_tendlc::{SCRUB_DAYS, ScrubList, ScrubRules};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::check::Context;

/// Checks of consumers against do-not-call lists, and lists of numbers that changed hands, before a promotion leaves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScrubSection {
    /// The lists that a consumer must have been checked against; none by default.
    pub lists: Vec<ScrubList>,
    /// The greatest age of a check in days, 1 to 31; 31 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

impl ScrubSection {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The lists that consumers are checked against, each once.
pub(super) fn rules(section: &ScrubSection, context: &mut Context) -> ScrubRules {
    let path = "compliance.scrub";
    let mut lists: Vec<ScrubList> = Vec::new();
    for (i, list) in section.lists.iter().enumerate() {
        if lists.contains(list) {
            context.problems.add(format!("{path}.lists[{i}]"), "stands there twice");
        } else {
            lists.push(*list);
        }
    }
    let days = context.within(&format!("{path}.days"), section.days, 1..=SCRUB_DAYS, SCRUB_DAYS);
    ScrubRules { lists, days }
}
