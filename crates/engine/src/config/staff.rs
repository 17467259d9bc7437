//! Agents, teams, their shifts and addresses.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use frontdesk_hours::Schedule;
use frontdesk_routing::{AgentRules, Staff};
use frontdesk_types::{AgentId, StatusId, TeamId};

use super::{Document, Problems, check::Context, hours::schedule, problem::no_such, routing};

pub(super) type Agents = BTreeMap<AgentId, String>;
pub(super) type Teams = BTreeMap<TeamId, Vec<AgentId>>;

pub(super) fn staff(
    document: &Document,
    context: &mut Context,
) -> (Agents, Teams, Staff, BTreeSet<StatusId>) {
    let (mut agents, mut teams, mut staff) = (Agents::new(), Teams::new(), Staff::default());
    let (rules, chats, statuses) = routing::staff_rules(&document.staff, context);
    staff.rules = rules;
    for (i, section) in document.agents.iter().enumerate() {
        let path = format!("agents[{i}]");
        let limit = context.within(&format!("{path}.chats"), section.chats, 1..=100, chats);
        if section.name.trim().is_empty() {
            context.problems.add(format!("{path}.name"), "is empty; consumers see it");
        }
        let Some(id) = context.problems.check(&format!("{path}.id"), section.id.parse::<AgentId>())
        else {
            continue;
        };
        if agents.insert(id.clone(), section.name.clone()).is_some() {
            context
                .problems
                .add(format!("{path}.id"), format!("the id `{id}` is taken by an earlier agent"));
        }
        let skills = routing::ids(&format!("{path}.skills"), &section.skills, context);
        let (skills, auto_answer) = (skills.into_iter().collect(), section.auto_answer);
        staff.agent(id, AgentRules { chats: limit, skills, auto_answer });
    }
    for (i, section) in document.teams.iter().enumerate() {
        let path = format!("teams[{i}]");
        let members = known_agents(&format!("{path}.agents"), &section.agents, &agents, context);
        let Some(id) = context.problems.check(&format!("{path}.id"), section.id.parse::<TeamId>())
        else {
            continue;
        };
        if teams.insert(id.clone(), members).is_some() {
            context
                .problems
                .add(format!("{path}.id"), format!("the id `{id}` is taken by an earlier team"));
        }
    }
    (agents, teams, staff, statuses)
}

/// When agents are there: by their own shift, or the first of their teams'.
pub(super) fn shifts(
    document: &Document,
    teams: &Teams,
    context: &mut Context,
) -> BTreeMap<AgentId, Arc<Schedule>> {
    let mut shifts = BTreeMap::new();
    for (i, section) in document.agents.iter().enumerate() {
        let Some(shift) = &section.shift else { continue };
        let shift = schedule(&format!("agents[{i}].shift"), shift, context);
        if let (Ok(id), Some(shift)) = (section.id.parse::<AgentId>(), shift) {
            shifts.insert(id, shift);
        }
    }
    for (i, section) in document.teams.iter().enumerate() {
        let Some(shift) = &section.shift else { continue };
        let Some(shift) = schedule(&format!("teams[{i}].shift"), shift, context) else { continue };
        let members = section.id.parse::<TeamId>().ok().and_then(|team| teams.get(&team));
        for agent in members.into_iter().flatten() {
            shifts.entry(agent.clone()).or_insert_with(|| Arc::clone(&shift));
        }
    }
    shifts
}

/// Agents by their email addresses, in lower case.
pub(super) fn emails(document: &Document, problems: &mut Problems) -> BTreeMap<String, AgentId> {
    let mut emails = BTreeMap::new();
    for (i, section) in document.agents.iter().enumerate() {
        let (Some(email), Ok(id)) = (&section.email, section.id.parse::<AgentId>()) else {
            continue;
        };
        let path = format!("agents[{i}].email");
        if !email.contains('@') {
            problems.add(&path, format!("`{email}` is no email address"));
        }
        if emails.insert(email.trim().to_lowercase(), id).is_some() {
            problems.add(path, format!("`{email}` is that of an earlier agent"));
        }
    }
    emails
}

/// The agents of a list, each of whom must exist and stand there once.
pub(super) fn known_agents(
    path: &str,
    texts: &[String],
    agents: &Agents,
    context: &mut Context,
) -> Vec<AgentId> {
    let mut known = Vec::new();
    for (i, text) in texts.iter().enumerate() {
        let path = format!("{path}[{i}]");
        match known_agent(&path, text, agents, context) {
            Some(id) if known.contains(&id) => {
                context.problems.add(path, format!("`{text}` stands there twice"));
            }
            Some(id) => known.push(id),
            None => {}
        }
    }
    known
}

/// An agent that the document has.
pub(super) fn known_agent(
    path: &str,
    text: &str,
    agents: &Agents,
    context: &mut Context,
) -> Option<AgentId> {
    let known = text.parse().ok().filter(|id| agents.contains_key(id));
    if known.is_none() {
        let message = no_such("agent", text, agents.keys().map(AgentId::as_str));
        context.problems.add(path, message);
    }
    known
}
