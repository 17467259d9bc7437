//! Scheduled calls (HRS-10): their slots, and who makes them.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use frontdesk_hours::SlotRules;
use frontdesk_routing::Tree;
use frontdesk_types::{AgentId, QueueId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Document,
    check::Context,
    routing::{People, members_of},
};

/// When consumers can be called who choose a time.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduledCallsSection {
    /// How long a slot is, in minutes: 5, 10, 15, 20, 30 or 60; 15 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// How many places a slot has for a hundred agents of its queue, 1 to 1000; 50 by default. One at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u32>,
    /// How far ahead, in days, 1 to 90; 7 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon_days: Option<u32>,
    /// How long before it a call is announced, in minutes, 0 to 60; 5 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countdown_minutes: Option<u32>,
    /// How long after the beginning of its slot a call that nobody made is given up, in minutes, 1 to 1440; 15 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_minutes: Option<u32>,
}

/// The lengths of slots: they begin at multiples of it on the clock.
const LENGTHS: [u32; 6] = [5, 10, 15, 20, 30, 60];

pub(super) fn rules(section: &ScheduledCallsSection, context: &mut Context) -> SlotRules {
    let mut within = |name: &str, value, range, default| {
        context.within(&format!("scheduled_calls.{name}"), value, range, default)
    };
    let rules = SlotRules {
        minutes: section.minutes.unwrap_or(15),
        percent: within("percent", section.percent, 1..=1000, 50),
        horizon: TimeDelta::days(within("horizon_days", section.horizon_days, 1..=90, 7).into()),
        countdown: TimeDelta::minutes(
            within("countdown_minutes", section.countdown_minutes, 0..=60, 5).into(),
        ),
        expiry: TimeDelta::minutes(
            within("expiry_minutes", section.expiry_minutes, 1..=1440, 15).into(),
        ),
    };
    if !LENGTHS.contains(&rules.minutes) {
        let message = format!("found {}, allowed are 5, 10, 15, 20, 30 and 60", rules.minutes);
        context.problems.add("scheduled_calls.minutes", message);
    }
    rules
}

/// Who takes the calls of each queue of the phone menu.
pub(super) fn agents(
    document: &Document,
    people: &People<'_>,
    tree: &Tree,
    context: &mut Context,
) -> BTreeMap<QueueId, Vec<AgentId>> {
    let mut all = BTreeMap::new();
    let sections = document.calls.iter().flat_map(|calls| calls.queues.iter().enumerate());
    for (i, section) in sections {
        let path = format!("calls.queues[{i}]");
        let agents = members_of(&path, (&section.agents, &section.teams), people, context);
        let Ok(id) = section.id.parse::<QueueId>() else { continue };
        if !agents.is_empty() && !tree.is_leaf(&id) {
            context.problems.add(&path, "only a queue that callers wait in can have agents");
        }
        all.insert(id, agents);
    }
    all
}
