//! How sessions come to agents: what holds for all of them, for a queue and what is below it, and who is in
//! which group (RTE-4 to RTE-11, RTE-17, RTE-18).

mod sections;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use frontdesk_routing::{
    Assignment, Deltacast, Groups, LAST_PRIORITY, Member, QueueRules, RulesError, Staff,
    StaffRules, Sticky, TimeOf, WrapUp,
};
use frontdesk_types::{AgentId, QueueId, SkillId, StatusId, TeamId};

use super::{
    QueueSection,
    check::Context,
    problem::no_such,
    staff::{Agents, Teams, known_agent},
    structure::join,
};

pub use sections::{Assigned, AssignmentName, GroupSection, RoutingSection, StaffSection};

/// A queue's routing, with what it inherits.
#[derive(Debug, Clone)]
pub(crate) struct Routing {
    rules: QueueRules,
    cascade: Groups,
    allocation: Option<TimeDelta>,
    deltacast: Deltacast,
    sticky: Sticky,
    wrap_up: WrapUp,
    /// What sessions here ask for.
    pub(crate) asks: Asks,
}

/// What a queue's sessions ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asks {
    pub(crate) priority: u8,
    pub(crate) skills: Vec<SkillId>,
    pub(crate) language: bool,
}

impl Default for Routing {
    fn default() -> Self {
        let seconds = TimeDelta::seconds;
        Self {
            rules: QueueRules::default(),
            cascade: Groups::Cascade { timer: seconds(30), skip_empty: true },
            allocation: Some(seconds(60)),
            deltacast: Deltacast::default(),
            sticky: Sticky { within: TimeDelta::zero(), timeout: seconds(10) },
            wrap_up: WrapUp { time: TimeDelta::zero(), fixed: false },
            asks: Asks::default(),
        }
    }
}

const WEEK: u32 = 604_800;

/// The routing of a section; what it does not set is as above it.
pub(super) fn routing(
    path: &str,
    section: &RoutingSection,
    above: &Routing,
    context: &mut Context,
) -> Routing {
    let mut routing = above.clone();
    let mut time = |name: &str, value: Option<u32>, least: u32, unit: i64, to: &mut TimeDelta| {
        let Some(value) = value else { return };
        let most = WEEK / u32::try_from(unit).unwrap_or(1);
        let value = context.within(&format!("{path}.{name}"), Some(value), least..=most, least);
        *to = TimeDelta::seconds(i64::from(value) * unit);
    };
    time("deltacast_seconds", section.deltacast_seconds, 1, 1, &mut routing.deltacast.timeout);
    time("wrap_up_seconds", section.wrap_up_seconds, 0, 1, &mut routing.wrap_up.time);
    time("sticky_minutes", section.sticky_minutes, 0, 60, &mut routing.sticky.within);
    time("sticky_seconds", section.sticky_seconds, 1, 1, &mut routing.sticky.timeout);
    time("head_start_minutes", section.head_start_minutes, 1, 60, &mut routing.rules.head_start);
    let mut skills_for = routing.rules.skills_for.unwrap_or_default();
    time("skills_for_seconds", section.skills_for_seconds, 0, 1, &mut skills_for);
    routing.rules.skills_for = Some(skills_for).filter(|time| !time.is_zero());
    let mut allocation = routing.allocation.unwrap_or_default();
    time("allocation_seconds", section.allocation_seconds, 0, 1, &mut allocation);
    routing.allocation = Some(allocation).filter(|time| !time.is_zero());
    if let Groups::Cascade { timer, skip_empty } = &mut routing.cascade {
        time("cascade_seconds", section.cascade_seconds, 1, 1, timer);
        *skip_empty = section.skip_empty_groups.unwrap_or(*skip_empty);
    }
    routing.wrap_up.fixed = section.wrap_up_fixed.unwrap_or(routing.wrap_up.fixed);
    routing.deltacast.then_multicast =
        section.then_multicast.unwrap_or(routing.deltacast.then_multicast);
    if let Some(attempts) = section.attempts {
        let attempts = context.within(&format!("{path}.attempts"), Some(attempts), 1..=100, 3);
        routing.deltacast.attempts = u8::try_from(attempts).unwrap_or(3);
    }
    routing.rules.auto_answer = section.auto_answer.unwrap_or(routing.rules.auto_answer);
    match section.assignment {
        Some(AssignmentName::Deltacast) => {
            routing.rules.assignment = Assignment::Deltacast(routing.deltacast.clone());
        }
        Some(AssignmentName::Multicast) => routing.rules.assignment = Assignment::Multicast,
        None => {
            if let Assignment::Deltacast(rules) = &mut routing.rules.assignment {
                rules.clone_from(&routing.deltacast);
            }
        }
    }
    if let Some(priority) = section.priority {
        let priority = context.within(&format!("{path}.priority"), Some(priority), 0..=10, 0);
        routing.asks.priority = u8::try_from(priority).unwrap_or(0);
    }
    if let Some(skills) = &section.skills {
        routing.asks.skills = ids(&format!("{path}.skills"), skills, context);
    }
    routing.asks.language = section.language_skill.unwrap_or(routing.asks.language);
    routing
}

/// Ids of a list, each once.
pub(super) fn ids<T>(path: &str, texts: &[String], context: &mut Context) -> Vec<T>
where
    T: std::str::FromStr<Err = frontdesk_types::IdError> + PartialEq,
{
    let mut ids = Vec::new();
    for (i, text) in texts.iter().enumerate() {
        let path = format!("{path}[{i}]");
        match context.problems.check(&path, text.parse::<T>()) {
            Some(id) if ids.contains(&id) => {
                context.problems.add(path, format!("`{text}` stands there twice"));
            }
            Some(id) => ids.push(id),
            None => {}
        }
    }
    ids
}

/// What holds for every agent, the limit of chats, and the center's own statuses.
pub(super) fn staff_rules(
    section: &StaffSection,
    context: &mut Context,
) -> (StaffRules, u32, BTreeSet<StatusId>) {
    let default = StaffRules::default();
    let mut within = |name: &str, value, range, default| {
        context.within(&format!("staff.{name}"), value, range, default)
    };
    let chats = within("chats", section.chats, 1..=100, 3);
    let rules = StaffRules {
        call_weight: within("call_weight", section.call_weight, 1..=100, default.call_weight),
        calls_while_in_chat: section.calls_while_in_chat,
        chats_while_in_call: section.chats_while_in_call,
        missed_calls: within("missed_calls", section.missed_calls, 0..=100, default.missed_calls),
        missed_chats: within("missed_chats", section.missed_chats, 0..=100, default.missed_chats),
        skipped: within("skipped", section.skipped, 0..=100, default.skipped),
        offers_at_once: default.offers_at_once,
    };
    let statuses = ids("staff.statuses", &section.statuses, context).into_iter().collect();
    (rules, chats, statuses)
}

/// Who is known, for queues.
pub(super) struct People<'a> {
    pub(super) agents: &'a Agents,
    pub(super) teams: &'a Teams,
}

/// The agents of a queue, and where each stands in the document.
pub(super) fn members(
    path: &str,
    section: &QueueSection,
    people: &People<'_>,
    context: &mut Context,
) -> Vec<(Member, String)> {
    let mut members = Vec::new();
    add_members(path, 0, (&section.agents, &section.teams), people, &mut members, context);
    let named = !section.agents.is_empty() || !section.teams.is_empty();
    if named && !section.groups.is_empty() {
        let message = "there are groups: every agent and team belongs to one of them";
        context.problems.add(join(path, "agents"), message);
    }
    for (i, group) in section.groups.iter().enumerate() {
        let path = format!("{path}.groups[{i}]");
        let number = u8::try_from(i).unwrap_or(u8::MAX);
        add_members(&path, number, (&group.agents, &group.teams), people, &mut members, context);
    }
    members
}

/// The agents of these and of these teams, each once.
pub(super) fn members_of(
    path: &str,
    named: (&[Assigned], &[Assigned]),
    people: &People<'_>,
    context: &mut Context,
) -> Vec<AgentId> {
    let mut members = Vec::new();
    add_members(path, 0, named, people, &mut members, context);
    members.into_iter().map(|(member, _)| member.agent).collect()
}

fn add_members(
    path: &str,
    group: u8,
    (agents, teams): (&[Assigned], &[Assigned]),
    people: &People<'_>,
    members: &mut Vec<(Member, String)>,
    context: &mut Context,
) {
    let mut add = |agent: AgentId, priority, path: String, named: bool, context: &mut Context| {
        if !(1..=LAST_PRIORITY).contains(&priority) {
            let message = format!("found priority {priority}, allowed are 1 (first) to 8 (last)");
            context.problems.add(&path, message);
            return;
        }
        match members.iter().find(|(member, _)| member.agent == agent) {
            // An agent may be named beside a team, and be in several teams: the first entry holds, which is that of
            // the lowest group. To be named in two places is a mistake.
            Some(_) if named => {
                let message = format!("agent `{agent}` is assigned twice");
                context.problems.add(path, message);
            }
            Some(_) => {}
            None => members.push((Member { agent, priority, group }, path)),
        }
    };
    for (j, entry) in agents.iter().enumerate() {
        let (text, priority) = entry.parts();
        let path = format!("{path}.agents[{j}]");
        if let Some(agent) = known_agent(&path, text, people.agents, context) {
            add(agent, priority, path, true, context);
        }
    }
    for (j, entry) in teams.iter().enumerate() {
        let (text, priority) = entry.parts();
        let path = format!("{path}.teams[{j}]");
        let team = text.parse::<TeamId>().ok();
        if let Some(team) = team.and_then(|team| people.teams.get(&team)) {
            for agent in team {
                add(agent.clone(), priority, path.clone(), false, context);
            }
        } else {
            let message = no_such("team", text, people.teams.keys().map(TeamId::as_str));
            context.problems.add(path, message);
        }
    }
}

impl Routing {
    /// The rules of a queue with these groups.
    fn rules(&self, path: &str, groups: &[GroupSection], context: &mut Context) -> QueueRules {
        let mut rules = self.rules.clone();
        rules.sticky = (!self.sticky.within.is_zero()).then_some(self.sticky);
        rules.wrap_up = (!self.wrap_up.time.is_zero()).then_some(self.wrap_up);
        let shares: Vec<u8> = groups.iter().filter_map(|group| group.percent).collect();
        rules.groups = if groups.is_empty() {
            Groups::All
        } else if shares.is_empty() {
            self.cascade.clone()
        } else {
            if shares.len() < groups.len() {
                let message = "with a share in one group, every group needs a percent";
                context.problems.add(join(path, "groups"), message);
            }
            Groups::Percent { shares, timer: self.allocation }
        };
        if groups.len() > 100 {
            context.problems.add(
                join(path, "groups"),
                format!("found {} groups, allowed are up to 100", groups.len()),
            );
        }
        rules
    }
}

/// Adds a queue to the staff; what contradicts itself is told at its place in the document.
pub(super) fn add_queue(
    path: &str,
    id: QueueId,
    section: &QueueSection,
    (routing, members): (&Routing, Vec<(Member, String)>),
    staff: &mut Staff,
    context: &mut Context,
) {
    let before = context.problems.0.len();
    let rules = routing.rules(path, &section.groups, context);
    let places: BTreeMap<AgentId, String> =
        members.iter().map(|(member, path)| (member.agent.clone(), path.clone())).collect();
    let members = members.into_iter().map(|(member, _)| member);
    let Err(errors) = staff.queue(id, rules, members) else { return };
    if context.problems.0.len() > before {
        // Its shares are wrong already.
        return;
    }
    for error in errors {
        let place = match &error {
            RulesError::Priority { agent, .. }
            | RulesError::AssignedTwice { agent }
            | RulesError::UnknownAgent { agent }
            | RulesError::UnknownGroup { agent, .. } => places.get(agent).cloned(),
            RulesError::Shares { .. } => Some(join(path, "groups")),
            RulesError::Attempts { .. } => Some(join(path, "routing.attempts")),
            RulesError::Time { what, .. } | RulesError::NotAboveTimeout { what, .. } => {
                Some(format!("{path}.routing.{}", setting(*what)))
            }
            _ => None,
        };
        context.problems.add(place.unwrap_or_else(|| path.to_owned()), error);
    }
}

/// What a time is called in the document.
fn setting(what: TimeOf) -> &'static str {
    match what {
        TimeOf::CascadeTimer => "cascade_seconds",
        TimeOf::DeltacastTimeout => "deltacast_seconds",
        TimeOf::HeadStart => "head_start_minutes",
        TimeOf::PercentTimer => "allocation_seconds",
        TimeOf::SkillsFor => "skills_for_seconds",
        TimeOf::StickyTimeout => "sticky_seconds",
        TimeOf::StickyWithin => "sticky_minutes",
        TimeOf::WrapUp => "wrap_up_seconds",
        _ => "assignment",
    }
}
