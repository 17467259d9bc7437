//! The phone menu: a tree of its own, or a copy of the texts' one, with what its nodes inherit (RTE-1, RTE-2).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use compact_str::CompactString;
use frontdesk_hours::OpeningHours;
use frontdesk_routing::{CapacityRules, Tree, TreeNode, circles};
use frontdesk_sms::{
    CallQueue, DeflectionRule, Messages,
    services::{Threshold, WaitTime},
};
use frontdesk_types::{Channel, Localized, QueueId, SupportNumber};
use rustc_hash::FxHashMap;

use super::{
    super::{
        Document,
        bots::localized,
        check::{Context, override_messages},
        custom_hours::of_node,
        menus::{self, MenuNode},
        numbers::number,
        queues::{Built, named_leaf},
    },
    CallQueueSection, CallsSection, DeflectionSection,
    capacity::{Bands, bands},
    minutes,
};

/// The finished phone menu.
pub(super) struct PhoneMenu {
    pub(super) tree: Tree,
    /// The leaves.
    pub(super) queues: FxHashMap<QueueId, CallQueue>,
    /// Of leaves and menus.
    pub(super) names: BTreeMap<QueueId, Localized<CompactString>>,
}

/// What a node hands down.
#[derive(Clone, Default)]
struct Rules {
    bands: Bands,
    once_per_number: bool,
    wait_time: Option<Threshold<WaitTime>>,
    deflection: Option<DeflectionRule>,
    messages: Option<Arc<Localized<Messages>>>,
}

pub(super) fn phone_menu(
    document: &Document,
    section: &CallsSection,
    built: &mut Built,
    (messages, hours): (&Localized<Messages>, Option<&Arc<OpeningHours>>),
    context: &mut Context,
) -> PhoneMenu {
    let mut nodes = nodes(document, section, built, context);
    let tree = menus::tree(&mut nodes, context);
    menus::add(&mut built.menus, Channel::Ivr, &nodes, context);
    let paths: BTreeMap<&QueueId, &str> =
        nodes.iter().map(|node| (&node.node.id, node.path.as_str())).collect();
    let sections: BTreeMap<&str, &CallQueueSection> =
        section.queues.iter().map(|queue| (queue.id.as_str(), queue)).collect();
    let leaves: BTreeSet<&QueueId> = tree.ids().filter(|id| tree.is_leaf(id)).collect();

    let mut above: BTreeMap<QueueId, Rules> = BTreeMap::new();
    let mut capacity: BTreeMap<QueueId, CapacityRules> = BTreeMap::new();
    let (mut queues, mut all_names) = (FxHashMap::default(), BTreeMap::new());
    for id in tree.downwards() {
        let path = paths.get(id).copied().unwrap_or_default();
        let own = sections.get(id.as_str()).copied();
        let parent = tree.node(id).and_then(|node| node.parent.as_ref());
        let mut rules = parent.and_then(|parent| above.get(parent)).cloned().unwrap_or_default();
        if let Some(own) = own {
            rules.set(path, own, built, messages, &leaves, context);
        }
        let above_it = parent.and_then(|parent| built.hours.get(parent)).or(hours).cloned();
        let own_hours = own.and_then(|own| own.hours.as_ref());
        let hours = of_node(&format!("{path}.hours"), Some(id), own_hours, above_it, context);
        built.hours.extend(hours.map(|hours| (id.clone(), hours)));
        let names = names(path, id, own, section, built, context);
        all_names.insert(id.clone(), names.clone());
        if leaves.contains(id) {
            let (queue, rules) = rules.clone().queue(path, id, names, context);
            capacity.insert(id.clone(), rules);
            queues.insert(id.clone(), queue);
        }
        above.insert(id.clone(), rules);
    }
    for circle in circles(&capacity) {
        context.problems.add("calls.queues", circle);
    }
    PhoneMenu { tree, queues, names: all_names }
}

/// The nodes that are copied and those that are the menu's own.
fn nodes(
    document: &Document,
    section: &CallsSection,
    built: &Built,
    context: &mut Context,
) -> Vec<MenuNode> {
    let mut nodes = match &section.copy {
        Some(copy) => menus::copied(&built.nodes, &copy.prefix, document, context),
        None => Vec::new(),
    };
    let copies: BTreeMap<QueueId, usize> =
        nodes.iter().enumerate().map(|(i, node)| (node.node.id.clone(), i)).collect();
    let mut seen = BTreeSet::new();
    for (i, section) in section.queues.iter().enumerate() {
        let path = format!("calls.queues[{i}]");
        let id = context.problems.check(&format!("{path}.id"), section.id.parse::<QueueId>());
        let parent = section
            .parent
            .as_deref()
            .map(|text| context.problems.check(&format!("{path}.parent"), text.parse::<QueueId>()));
        let languages = menus::languages(&path, &section.languages, context);
        let Some(id) = id else { continue };
        if built.tree.node(&id).is_some() {
            let message = format!("the id `{id}` is taken by another queue");
            context.problems.add(format!("{path}.id"), message);
            continue;
        }
        let copy = copies.get(&id).filter(|_| seen.insert(id.clone()));
        if let Some(node) = copy.and_then(|i| nodes.get_mut(*i)) {
            if parent.is_some() {
                let message = "is a copy: it stands where its original does";
                context.problems.add(format!("{path}.parent"), message);
            }
            node.path = path;
            node.node.hidden |= section.hidden;
            if !languages.is_empty() {
                node.languages = languages;
            }
            continue;
        }
        if section.name.is_none() {
            context.problems.add(format!("{path}.name"), "is missing");
        }
        let (parent, hidden) = (parent.flatten(), section.hidden);
        let node = TreeNode { id, parent, hidden, numbers: Vec::new() };
        nodes.push(MenuNode { path, node, languages });
    }
    nodes
}

/// A node's own name, or that of what it is a copy of.
fn names(
    path: &str,
    id: &QueueId,
    own: Option<&CallQueueSection>,
    section: &CallsSection,
    built: &Built,
    context: &mut Context,
) -> Localized<CompactString> {
    if let Some(name) = own.and_then(|own| own.name.as_ref()) {
        let names = localized(&format!("{path}.name"), Some(name), context);
        return names.0.into_iter().map(|(language, name)| (language, name.into())).collect();
    }
    let prefix = section.copy.as_ref().map_or("", |copy| copy.prefix.as_str());
    let original = id.as_str().strip_prefix(prefix).and_then(|id| id.parse().ok());
    let original = original.and_then(|id: QueueId| built.sms.node(&id));
    original.map(|node| node.names.clone()).unwrap_or_default()
}

impl Rules {
    /// What a section sets stands instead of what is above it; messages one by one.
    fn set(
        &mut self,
        path: &str,
        own: &CallQueueSection,
        built: &Built,
        messages: &Localized<Messages>,
        leaves: &BTreeSet<&QueueId>,
        context: &mut Context,
    ) {
        if let Some(sections) = &own.over_capacity {
            self.bands = bands(&format!("{path}.over_capacity"), sections, leaves, context);
        }
        self.once_per_number = own.once_per_number.unwrap_or(self.once_per_number);
        if let Some(section) = &own.wait_time {
            let from = minutes(&format!("{path}.wait_time.from"), section.from, context);
            self.wait_time = Some(Threshold::from_minutes(from));
        }
        if let Some(section) = &own.deflection {
            let path = format!("{path}.deflection");
            self.deflection = deflection(&path, section, built, context).or(self.deflection.take());
        }
        if !own.messages.is_empty() {
            let mut all = self.messages.as_deref().unwrap_or(messages).clone();
            override_messages(&format!("{path}.messages"), &own.messages, &mut all, context);
            self.messages = Some(Arc::new(all));
        }
    }

    /// What holds at a leaf.
    fn queue(
        self,
        path: &str,
        id: &QueueId,
        names: Localized<CompactString>,
        context: &mut Context,
    ) -> (CallQueue, CapacityRules) {
        let Self { bands, once_per_number, wait_time, deflection, messages } = self;
        if wait_time.is_some() && bands.is_empty() {
            let message = "is offered to those who keep waiting; over_capacity says from when on";
            context.problems.add(format!("{path}.wait_time"), message);
        }
        let rules = bands.rules(id, once_per_number, deflection.as_ref(), context);
        let over_capacity = (!bands.is_empty()).then(|| bands.capacity(rules.clone()));
        (CallQueue { names, over_capacity, wait_time, deflection, messages }, rules)
    }
}

fn deflection(
    path: &str,
    section: &DeflectionSection,
    built: &Built,
    context: &mut Context,
) -> Option<DeflectionRule> {
    let from = minutes(&format!("{path}.from"), section.from, context);
    let to = named_leaf(&format!("{path}.to"), Some(&section.to), &built.tree, context)?;
    let near = numbers_above(&built.tree, &to);
    let path = format!("{path}.number");
    let number = match &section.number {
        Some(text) => {
            let number = number(&path, text, context)?;
            near.contains(&number).then_some(number)
        }
        None => near.first().copied(),
    };
    if number.is_none() {
        let message = format!("no number of this kind leads to a menu with `{to}` in it");
        context.problems.add(path, message);
    }
    let names = built.sms.node(&to).map(|node| node.names.clone()).unwrap_or_default();
    Some(DeflectionRule { to, names, number: number?, threshold: Threshold::from_minutes(from) })
}

/// The numbers that lead to a queue or to a menu above it, the nearest first.
fn numbers_above(tree: &Tree, queue: &QueueId) -> Vec<SupportNumber> {
    let mut numbers = Vec::new();
    let mut at = tree.node(queue);
    while let Some(node) = at {
        numbers.extend(&node.numbers);
        at = node.parent.as_ref().and_then(|parent| tree.node(parent));
    }
    numbers
}
