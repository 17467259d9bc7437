//! Programs that take part in chats (SMS-28).

use std::collections::BTreeMap;

use frontdesk_routing::{AgentRules, Groups, Member, Staff, Tree};
use frontdesk_sms::{BotRule, RuleBot};
use frontdesk_types::{AgentId, Localized, QueueId, Template};

use super::{
    BotRuleSection, Document, Text, VirtualAgentHours, VirtualAgentSection, check::Context,
    problem::no_such, queues::named_leaf, shortcuts::texts,
};

/// A virtual agent as configured.
#[derive(Debug, Clone)]
pub(crate) struct Bot {
    pub(crate) name: String,
    pub(crate) rules: RuleBot,
    /// It answers outside of its queues' hours, too (HRS-11).
    pub(crate) always: bool,
}

/// The virtual agents, and the queues that each takes first.
pub(super) fn bots(
    document: &Document,
    people: &BTreeMap<AgentId, String>,
    tree: &Tree,
    staff: &mut Staff,
    context: &mut Context,
) -> BTreeMap<AgentId, Bot> {
    let mut bots = BTreeMap::new();
    let served: Vec<&str> = document
        .queues
        .iter()
        .filter(|queue| queue.virtual_agent.is_some())
        .map(|queue| queue.id.as_str())
        .collect();
    for (i, section) in document.virtual_agents.iter().enumerate() {
        let path = format!("virtual_agents[{i}]");
        let Some(id) = context.problems.check(&format!("{path}.id"), section.id.parse::<AgentId>())
        else {
            continue;
        };
        if people.contains_key(&id) || bots.contains_key(&id) {
            let message = format!("the id `{id}` is taken by an earlier agent");
            context.problems.add(format!("{path}.id"), message);
        }
        if section.name.trim().is_empty() {
            context.problems.add(format!("{path}.name"), "is empty; consumers see it");
        }
        let rules = rule_bot(&path, section, tree, &served, context);
        // Programs answer by themselves, and as many as come.
        let answers = AgentRules { auto_answer: true, ..AgentRules::with_chats(u32::MAX) };
        staff.agent(id.clone(), answers);
        bots.insert(
            id,
            Bot {
                name: section.name.clone(),
                rules,
                always: section.hours == VirtualAgentHours::Always,
            },
        );
    }
    for (i, section) in document.queues.iter().enumerate() {
        let Some(text) = &section.virtual_agent else { continue };
        let path = format!("queues[{i}].virtual_agent");
        let (Ok(queue), Some(bot)) = (
            section.id.parse::<QueueId>(),
            text.parse::<AgentId>().ok().filter(|id| bots.contains_key(id)),
        ) else {
            let message = no_such("virtual agent", text, bots.keys().map(AgentId::as_str));
            context.problems.add(path, message);
            continue;
        };
        if !tree.is_leaf(&queue) || section.language.is_some() {
            context.problems.add(path, "only a queue that consumers wait in can have one");
            continue;
        }
        let rules = staff.rules_of(&queue).cloned().unwrap_or_default();
        if matches!(rules.groups, Groups::Percent { .. }) {
            let message = "takes every session first: there are no shares beside it";
            context.problems.add(path, message);
            continue;
        }
        // Before everybody else.
        let first = Member { agent: bot, priority: 0, group: 0 };
        let members: Vec<Member> =
            staff.members_of(&queue).iter().cloned().chain([first]).collect();
        if let Err(errors) = staff.queue(queue, rules, members) {
            for error in errors {
                context.problems.add(path.clone(), error);
            }
        }
    }
    bots
}

fn rule_bot(
    path: &str,
    section: &VirtualAgentSection,
    tree: &Tree,
    served: &[&str],
    context: &mut Context,
) -> RuleBot {
    refuse_commands(path, &section.buttons, context);
    let mut rules = Vec::new();
    for (i, rule) in section.rules.iter().enumerate() {
        let path = format!("{path}.rules[{i}]");
        rules.push(bot_rule(&path, rule, tree, served, context));
    }
    let fallback = format!("{path}.fallback");
    RuleBot {
        greeting: localized(&format!("{path}.greeting"), section.greeting.as_ref(), context),
        buttons: section.buttons.clone(),
        unknown: localized(&format!("{path}.unknown"), section.unknown.as_ref(), context),
        rules,
        fallback: people_queue(&fallback, Some(&section.fallback), tree, served, context),
    }
}

fn bot_rule(
    path: &str,
    rule: &BotRuleSection,
    tree: &Tree,
    served: &[&str],
    context: &mut Context,
) -> BotRule {
    if rule.words.is_empty() {
        context.problems.add(format!("{path}.words"), "is empty; the rule would never match");
    }
    if rule.answer.is_none() && rule.queue.is_none() && !rule.end {
        context.problems.add(path, "does nothing: an answer, a queue or end is needed");
    }
    refuse_commands(path, &rule.buttons, context);
    BotRule {
        words: rule.words.clone(),
        answer: localized(&format!("{path}.answer"), rule.answer.as_ref(), context),
        buttons: rule.buttons.clone(),
        queue: people_queue(&format!("{path}.queue"), rule.queue.as_ref(), tree, served, context),
        end: rule.end,
    }
}

/// No choice may be a command word (SMS-17).
fn refuse_commands(path: &str, buttons: &[String], context: &mut Context) {
    for (i, button) in buttons.iter().enumerate() {
        if let Some(why) = context.words.refuse_choice(button) {
            context.problems.add(format!("{path}.buttons[{i}]"), why);
        }
    }
}

/// A queue in which people go on: none of those that a virtual agent takes first, or it would come back.
fn people_queue(
    path: &str,
    text: Option<&String>,
    tree: &Tree,
    served: &[&str],
    context: &mut Context,
) -> Option<QueueId> {
    let queue = named_leaf(path, text, tree, context)?;
    if served.contains(&queue.as_str()) {
        context.problems.add(path, "a virtual agent takes the sessions of this queue first");
    }
    Some(queue)
}

pub(super) fn localized(
    path: &str,
    text: Option<&Text>,
    context: &mut Context,
) -> Localized<String> {
    let Some(text) = text else { return Localized::default() };
    let mut localized = Localized::default();
    for (path, language, text) in texts(path, text, context) {
        if let Some(language) = language {
            context.fits(&path, &Template::literal(text), language);
            localized.0.insert(language, text.to_owned());
        }
    }
    localized
}
