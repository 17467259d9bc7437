//! Numbers besides those of the menu: agents' own, those that the center begins with, those of notices (SMS-8,
//! SMS-32 to SMS-37).

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_routing::Tree;
use frontdesk_types::{PhoneError, PhoneNumber, Region, SupportNumber, edit_distance};

use super::{
    AgentSection, Document, OWN_QUEUE, Outbound, Problems, QueueSection, RoutingSection, Text,
    TimersSection, check::Context, problem::NOT_OURS, queues::named_queue,
};

/// Adds the queues of agents' own numbers to the document: hidden, with one agent.
pub(super) fn add_own_queues(document: &mut Document) {
    for (_, agent) in with_numbers(&document.agents) {
        document.queues.push(QueueSection {
            id: format!("{OWN_QUEUE}{}", agent.id),
            name: Text::Default(agent.name.clone()),
            parent: None,
            numbers: agent.numbers.clone(),
            keywords: Vec::new(),
            hidden: true,
            languages: Vec::new(),
            closed_to_transfers: true,
            direct: true,
            language: None,
            agents: vec![agent.id.clone().into()],
            virtual_agent: None,
            teams: Vec::new(),
            groups: Vec::new(),
            // Texts to them go straight to this agent.
            routing: RoutingSection { auto_answer: Some(true), ..RoutingSection::default() },
            after_hours: None,
            hours: agent.hours.clone(),
            timers: TimersSection::default(),
            messages: agent.messages.clone(),
        });
    }
}

/// The agents with numbers of their own, and their places. An id that an earlier agent has is told of the agent alone, and makes no
/// queue.
fn with_numbers(agents: &[AgentSection]) -> impl Iterator<Item = (usize, &AgentSection)> {
    let mut taken = BTreeSet::new();
    let mut first = move |agent: &AgentSection| taken.insert(agent.id.clone());
    agents.iter().enumerate().filter(move |(_, agent)| first(agent) && !agent.numbers.is_empty())
}

/// Problems of the queues that were added are those of their agents.
pub(super) fn tell_own_queues(problems: &mut Problems, queues: usize, document: &Document) {
    let owners: Vec<usize> = with_numbers(&document.agents).map(|(i, _)| i).collect();
    for problem in &mut problems.0 {
        for (added, owner) in owners.iter().enumerate() {
            let path = format!("queues[{}]", queues + added);
            if let Some(rest) = problem.path.strip_prefix(&path) {
                problem.path = format!("agents[{owner}]{rest}");
                break;
            }
        }
    }
}

pub(super) fn outbound(document: &Document, tree: &Tree, context: &mut Context) -> Outbound {
    let section = &document.outbound;
    let mut numbers = BTreeMap::new();
    for (i, entry) in section.numbers.iter().enumerate() {
        let path = format!("outbound.numbers[{i}]");
        let number = number(&format!("{path}.number"), &entry.number, context);
        let named = named_queue(&format!("{path}.queue"), entry.queue.as_ref(), tree, context);
        let Some(number) = number else { continue };
        let own = tree.by_number(number);
        let queue = if entry.queue.is_some() { named } else { own.cloned() };
        match queue {
            Some(queue) if own.is_some_and(|own| *own != queue) => {
                let message = "consumers text this number, and their texts lead to another queue";
                context.problems.add(format!("{path}.queue"), message);
            }
            Some(queue) => {
                if numbers.insert(number, queue).is_some() {
                    context.problems.add(format!("{path}.number"), "stands there twice");
                }
            }
            None if entry.queue.is_some() => {}
            None => {
                let message = "a queue is needed whose menu the answers enter";
                context.problems.add(format!("{path}.queue"), message);
            }
        }
    }
    if section.enabled && section.numbers.is_empty() {
        context.problems.add("outbound.numbers", "is empty; texts need a number to come from");
    }
    let mut countries = Vec::new();
    let default = [String::from("US")];
    for (i, text) in section.countries.as_deref().unwrap_or(&default).iter().enumerate() {
        let path = format!("outbound.countries[{i}]");
        countries.extend(context.problems.check(&path, text.parse::<Region>()));
    }
    let daily_limit = section
        .daily_limit
        .map(|limit| context.within("outbound.daily_limit", Some(limit), 1..=1_000_000, 1));
    Outbound { enabled: section.enabled, numbers, countries, daily_limit }
}

pub(super) fn notifications(
    document: &Document,
    tree: &Tree,
    outbound: &Outbound,
    context: &mut Context,
) -> BTreeSet<SupportNumber> {
    let mut numbers = BTreeSet::new();
    for (i, text) in document.notifications.numbers.iter().enumerate() {
        let path = format!("notifications.numbers[{i}]");
        let Some(number) = number(&path, text, context) else { continue };
        if tree.by_number(number).is_some() || outbound.numbers.contains_key(&number) {
            let message = "is a number of chats too; replies to notices reach nobody";
            context.problems.add(path, message);
        } else {
            numbers.insert(number);
        }
    }
    numbers
}

/// Texts to the number of calls go to the call, and to nobody without one: it serves nothing else (SMS-8).
pub(super) fn of_calls_alone(
    number: SupportNumber,
    tree: &Tree,
    outbound: &Outbound,
    notifications: &BTreeSet<SupportNumber>,
    context: &mut Context,
) {
    let chats = tree.by_number(number).is_some() || outbound.numbers.contains_key(&number);
    if chats || notifications.contains(&number) {
        let message =
            "is a number of chats or notices too; texts beside calls have one of their own";
        context.problems.add("calls.number", message);
    }
}

/// How many texts may leave in a minute (SMS-8).
pub(super) fn sending(
    document: &Document,
    ours: impl Fn(SupportNumber) -> bool,
    context: &mut Context,
) -> (Option<u32>, BTreeMap<SupportNumber, u32>) {
    let limit = |path: &str, found: u32, context: &mut Context| {
        context.within(path, Some(found), 1..=60_000, 1)
    };
    let section = &document.sending;
    let all = section.per_minute.map(|found| limit("sending.per_minute", found, context));
    let mut numbers = BTreeMap::new();
    for (text, found) in &section.numbers {
        let path = format!("sending.numbers.{text}");
        let found = limit(&path, *found, context);
        match number(&path, text, context) {
            Some(number) if ours(number) => {
                numbers.insert(number, found);
            }
            Some(_) => context.problems.add(path, NOT_OURS),
            None => {}
        }
    }
    (all, numbers)
}

/// Numbers that cannot be read, each of which is told at its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Unread(Vec<String>);

impl Unread {
    /// The most that are kept.
    const MOST: usize = 100;
    /// Digits by which one may differ from the number that is meant.
    const MISTYPED: usize = 2;
    /// The most digits of a number.
    const LONGEST: usize = 15;

    fn add(&mut self, text: &str) {
        let digits = Self::digits(text);
        // With too few of them anything could be meant.
        if self.0.len() < Self::MOST && digits.len() > 2 * Self::MISTYPED {
            self.0.push(digits);
        }
    }

    /// Whether one of them may be meant by a number.
    pub(super) fn may_be(&self, number: SupportNumber) -> bool {
        let number = Self::digits(&number.to_string());
        self.0.iter().any(|unread| {
            // Without the country's code, too.
            let end = number.get(number.len().saturating_sub(unread.len())..).unwrap_or_default();
            [number.as_str(), end].iter().any(|it| edit_distance(unread, it) <= Self::MISTYPED)
        })
    }

    fn digits(text: &str) -> String {
        text.chars().filter(char::is_ascii_digit).take(Self::LONGEST + 1).collect()
    }
}

/// A support number that can exist.
pub(super) fn number(path: &str, text: &str, context: &mut Context) -> Option<SupportNumber> {
    let parsed = text.parse::<SupportNumber>();
    let meant =
        PhoneNumber::parse(text, Some(context.region)).ok().filter(|meant| meant.is_valid());
    if let (Err(_), Some(meant)) = (&parsed, meant) {
        context.problems.add(path, format!("numbers are written in E.164: write {meant}"));
        context.unread.add(text);
        return None;
    }
    let error = match parsed {
        Ok(SupportNumber::Phone(number)) if !number.is_valid() => {
            "this number cannot exist in its country's numbering plan".to_owned()
        }
        Ok(number) => return Some(number),
        // An ambiguous number is to be written with its country code, and this one has it: the error names another reason.
        Err(PhoneError::Ambiguous) if text.trim_start().starts_with('+') => {
            format!(
                "`{text}` is no possible number: its country's numbers have other digits, or more or fewer of them"
            )
        }
        Err(error) => error.to_string(),
    };
    context.problems.add(path, error);
    context.unread.add(text);
    None
}
