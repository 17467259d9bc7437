//! The menu tree: queues with what they inherit, checked and made into what the crates work with.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use compact_str::CompactString;
use frontdesk_hours::OpeningHours;
use frontdesk_routing::{Menus, Staff, Tree, TreeNode};
use frontdesk_sms::{Config, Messages, Node, Timers, TransferRules, normalise};
use frontdesk_types::{AgentId, Channel, Language, Localized, QueueId};

use super::{
    Document, QueueSection,
    check::{Context, override_messages},
    custom_hours::of_node,
    menus::{self, MenuNode},
    numbers::number,
    problem::{NO_NUMBER, no_such},
    routing::{self, People, Routing, routing},
    shortcuts::texts,
    staff::Teams,
    timers::timers,
};

/// What queues inherit from the center.
pub(super) struct Inherited<'a> {
    pub(super) messages: &'a Localized<Messages>,
    pub(super) hours: Option<Arc<OpeningHours>>,
    pub(super) agents: &'a BTreeMap<AgentId, String>,
    pub(super) teams: &'a Teams,
}

/// The finished menu.
pub(super) struct Built {
    pub(super) tree: Tree,
    pub(super) sms: Config,
    pub(super) hours: BTreeMap<QueueId, Arc<OpeningHours>>,
    pub(super) names: BTreeMap<QueueId, String>,
    pub(super) routing: BTreeMap<QueueId, Routing>,
    /// The nodes of the tree, for channels that have a copy of it.
    pub(super) nodes: Vec<MenuNode>,
    pub(super) menus: Menus,
}

pub(super) fn build(
    document: &Document,
    inherited: Inherited<'_>,
    staff: &mut Staff,
    context: &mut Context,
) -> Built {
    for (path, message) in context.words.clashes() {
        context.problems.add(path, message);
    }
    let mut nodes = nodes(document, context);
    let tree = menus::tree(&mut nodes, context);
    let mut menus = Menus::new(context.default_language());
    menus::add(&mut menus, Channel::Sms, &nodes, context);
    let sections: BTreeMap<QueueId, (usize, &QueueSection)> = document
        .queues
        .iter()
        .enumerate()
        .filter_map(|(i, section)| Some((section.id.parse().ok()?, (i, section))))
        .collect();
    let mut sms = Config::new(&document.center.company, context.default_language());
    sms.words = context.words.session.clone();
    sms.tries =
        u8::try_from(context.within("menu.tries", document.menu.tries, 0..=20, 3)).unwrap_or(3);
    sms.set_messages(Arc::new(inherited.messages.clone()));
    sms.default_timers = timers("timers", &document.timers, Timers::default(), context);
    // A menu would be asked for, not understood, and asked for again (SMS-4).
    sms.fallback = named_leaf("menu.fallback", document.menu.fallback.as_ref(), &tree, context);
    sms.transfers = transfer_rules(document, &tree, context);

    let center_routing = routing("routing", &document.routing, &Routing::default(), context);
    let mut built = Built {
        tree,
        sms,
        hours: BTreeMap::new(),
        names: BTreeMap::new(),
        routing: BTreeMap::new(),
        nodes,
        menus,
    };
    let languages: BTreeMap<QueueId, Vec<Language>> =
        built.nodes.iter().map(|node| (node.node.id.clone(), node.languages.clone())).collect();
    // Each after what it inherits from.
    let order: Vec<QueueId> = built.tree.downwards().cloned().collect();
    for id in order {
        let Some((i, section)) = sections.get(&id) else { continue };
        let languages = languages.get(&id).cloned().unwrap_or_default();
        built.add(&id, (*i, section, languages), &inherited, context);
        let parent = built.tree.node(&id).and_then(|node| node.parent.as_ref());
        let above = parent.and_then(|parent| built.routing.get(parent));
        let path = format!("queues[{i}].routing");
        let own = routing(&path, &section.routing, above.unwrap_or(&center_routing), context);
        assign(&built.tree, (&id, *i, section), &own, &inherited, staff, context);
        built.routing.insert(id, own);
    }
    unambiguous(&built, &sections, context);
    if !document.queues.is_empty() && document.queues.iter().all(|queue| queue.numbers.is_empty()) {
        context.problems.add("queues", NO_NUMBER);
    }
    built
}

/// The nodes of the texts' menu, as far as they can be read.
fn nodes(document: &Document, context: &mut Context) -> Vec<MenuNode> {
    if document.queues.is_empty() {
        context.problems.add("queues", "is empty; at least one queue is needed");
    }
    let mut nodes = Vec::new();
    for (i, section) in document.queues.iter().enumerate() {
        let path = format!("queues[{i}]");
        let id = context.problems.check(&format!("{path}.id"), section.id.parse::<QueueId>());
        let parent = section
            .parent
            .as_deref()
            .map(|text| context.problems.check(&format!("{path}.parent"), text.parse()));
        let numbers = section
            .numbers
            .iter()
            .enumerate()
            .filter_map(|(j, text)| number(&format!("{path}.numbers[{j}]"), text, context));
        let numbers = numbers.collect();
        let languages = menus::languages(&path, &section.languages, context);
        let Some(id) = id else { continue };
        let node = TreeNode { id, parent: parent.flatten(), hidden: section.hidden, numbers };
        nodes.push(MenuNode { path, node, languages });
    }
    nodes
}

/// A queue that a setting names, if it is there.
pub(super) fn named_queue(
    path: &str,
    text: Option<&String>,
    tree: &Tree,
    context: &mut Context,
) -> Option<QueueId> {
    let text = text?;
    let queue = text.parse().ok().filter(|id| tree.node(id).is_some());
    if queue.is_none() {
        let message = no_such("queue", text, tree.ids().map(QueueId::as_str));
        context.problems.add(path, message);
    }
    queue
}

/// A queue that a setting names and that consumers wait in.
pub(super) fn named_leaf(
    path: &str,
    text: Option<&String>,
    tree: &Tree,
    context: &mut Context,
) -> Option<QueueId> {
    let queue = named_queue(path, text, tree, context)?;
    if !tree.is_leaf(&queue) {
        let message = "is a menu; a queue that consumers wait in is needed";
        context.problems.add(path, message);
    }
    Some(queue)
}

fn transfer_rules(document: &Document, tree: &Tree, context: &mut Context) -> TransferRules {
    let section = &document.transfers;
    let limit = section.limit.map(|limit| {
        u8::try_from(context.within("transfers.limit", Some(limit), 0..=100, 0)).unwrap_or(100)
    });
    let last_to = named_leaf("transfers.last_to", section.last_to.as_ref(), tree, context);
    if last_to.is_some() && limit.is_none() {
        context.problems.add("transfers.last_to", "has no meaning without transfers.limit");
    }
    TransferRules {
        limit,
        last_to,
        count_virtual: section.count_virtual.unwrap_or(true),
        dismissal_resets: section.dismissal_resets,
    }
}

impl Built {
    fn add(
        &mut self,
        id: &QueueId,
        (i, section, languages): (usize, &QueueSection, Vec<Language>),
        inherited: &Inherited<'_>,
        context: &mut Context,
    ) {
        let path = format!("queues[{i}]");
        let parent = self.tree.node(id).and_then(|node| node.parent.clone());
        let above = parent.as_ref().and_then(|parent| self.sms.node(parent));
        let (timers_above, messages_above) = above
            .map_or((self.sms.default_timers, None), |node| (node.timers, node.messages.clone()));

        let mut node = Node::new(id.clone(), []);
        node.names = names(&path, section, context);
        node.keywords = keywords(&path, section, context);
        node.language = section
            .language
            .as_deref()
            .and_then(|text| context.language(&format!("{path}.language"), text));
        node.languages = languages;
        node.closed_to_transfers = section.closed_to_transfers;
        node.timers = timers(&format!("{path}.timers"), &section.timers, timers_above, context);
        node.messages = messages_above;
        if !section.messages.is_empty() {
            let base = node.messages.as_deref().unwrap_or(inherited.messages);
            let mut own = base.clone();
            override_messages(&format!("{path}.messages"), &section.messages, &mut own, context);
            node.messages = Some(Arc::new(own));
        }
        let default = context.default_language();
        let name = node.names.get(default, default).map(ToString::to_string);
        self.names.insert(id.clone(), name.unwrap_or_else(|| id.to_string()));

        let above =
            parent.as_ref().and_then(|parent| self.hours.get(parent)).or(inherited.hours.as_ref());
        let path = format!("{path}.hours");
        let hours = of_node(&path, Some(id), section.hours.as_ref(), above.cloned(), context);
        self.hours.extend(hours.map(|hours| (id.clone(), hours)));
        node.parent = parent;
        if section.hidden { self.sms.add_hidden(node) } else { self.sms.add(node) }
    }
}

fn names(path: &str, section: &QueueSection, context: &mut Context) -> Localized<CompactString> {
    let texts = texts(&format!("{path}.name"), &section.name, context);
    let mut names = Localized::default();
    for (path, language, text) in texts {
        if let Some(why) = context.words.refuse(text) {
            context.problems.add(path, why);
        }
        if let Some(language) = language {
            names.0.insert(language, text.into());
        }
    }
    names
}

fn keywords(path: &str, section: &QueueSection, context: &mut Context) -> Vec<CompactString> {
    let mut keywords = Vec::new();
    for (i, text) in section.keywords.iter().enumerate() {
        match context.words.refuse(text) {
            Some(why) => context.problems.add(format!("{path}.keywords[{i}]"), why),
            None => keywords.extend(normalise(text)),
        }
    }
    keywords
}

/// Agents and teams belong to leaves, where sessions wait (RTE-4).
fn assign(
    tree: &Tree,
    (id, i, section): (&QueueId, usize, &QueueSection),
    own: &Routing,
    inherited: &Inherited<'_>,
    staff: &mut Staff,
    context: &mut Context,
) {
    let path = format!("queues[{i}]");
    let people = People { agents: inherited.agents, teams: inherited.teams };
    let members = routing::members(&path, section, &people, context);
    let switch = section.language.is_some() && tree.is_leaf(id);
    if !members.is_empty() && (!tree.is_leaf(id) || switch) {
        context.problems.add(
            path,
            "only a queue that consumers wait in can have agents: not a menu, not a language",
        );
    } else if tree.is_leaf(id) && !switch {
        routing::add_queue(&path, id.clone(), section, (own, members), staff, context);
    }
}

/// Within one menu every option must be told apart; below one number every keyword.
fn unambiguous(
    built: &Built,
    sections: &BTreeMap<QueueId, (usize, &QueueSection)>,
    context: &mut Context,
) {
    let place = |id: &QueueId| sections.get(id).map_or(0, |(i, _)| *i);
    for parent in built.tree.ids() {
        let mut taken: BTreeMap<CompactString, &QueueId> = BTreeMap::new();
        for id in built.tree.options(parent) {
            let Some(node) = built.sms.node(id) else { continue };
            let names: BTreeSet<CompactString> =
                node.names.0.values().filter_map(|name| normalise(name)).collect();
            for name in names {
                if let Some(other) = taken.insert(name, id) {
                    let message = format!(
                        "its name cannot be told from that of queue `{other}` in the same menu"
                    );
                    context.problems.add(format!("queues[{}].name", place(id)), message);
                }
            }
        }
    }
    let mut taken: BTreeMap<&CompactString, &QueueId> = BTreeMap::new();
    for id in built.tree.ids() {
        let Some(node) = built.sms.node(id) else { continue };
        for keyword in &node.keywords {
            if let Some(other) = taken.insert(keyword, id) {
                let message = format!("`{keyword}` leads to queue `{other}` already");
                context.problems.add(format!("queues[{}].keywords", place(id)), message);
            }
        }
    }
    // A reply is looked for among the names of a menu's options and among all keywords.
    for id in built.tree.ids() {
        let Some(node) = built.sms.node(id) else { continue };
        for (language, name) in &node.names.0 {
            let Some(normal) = normalise(name) else { continue };
            if let Some(other) = taken.get(&normal).filter(|other| **other != id) {
                let message = format!(
                    "`{name}` in {language} is a keyword of queue `{other}`: it would mean both"
                );
                context.problems.add(format!("queues[{}].name", place(id)), message);
            }
        }
    }
}
