//! The menus of the channels, in each language (RTE-1): the default language's is the template of the others.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_routing::{Menus, Tree, TreeError, TreeNode, Variant};
use frontdesk_types::{Channel, Language, QueueId};

use super::{Document, QueueSection, check::Context, problem::listed, structure::join};

/// A node of a channel's menu.
#[derive(Debug, Clone)]
pub(super) struct MenuNode {
    /// Where it stands in the document.
    pub(super) path: String,
    pub(super) node: TreeNode,
    /// The languages that have it, with everything below; every one, if empty.
    pub(super) languages: Vec<Language>,
}

/// The languages of a section.
pub(super) fn languages(path: &str, tags: &[String], context: &mut Context) -> Vec<Language> {
    let read = tags.iter().enumerate();
    read.filter_map(|(i, tag)| context.language(&format!("{path}.languages[{i}]"), tag)).collect()
}

/// The tree, without what is wrong in it, so that the rest can be checked too. What is taken out is taken out of
/// the nodes too.
pub(super) fn tree(nodes: &mut Vec<MenuNode>, context: &mut Context) -> Tree {
    loop {
        let plain: Vec<TreeNode> = nodes.iter().map(|node| node.node.clone()).collect();
        let errors = match Tree::new(plain) {
            Ok(tree) => return tree,
            Err(errors) => errors,
        };
        for error in &errors {
            tell(error, nodes, context);
        }
        leave_out(&errors, nodes);
    }
}

fn tell(error: &TreeError, nodes: &[MenuNode], context: &mut Context) {
    let (field, allowed) = match error {
        TreeError::Cycle { .. } => ("parent", String::new()),
        TreeError::DuplicateId { .. } => ("id", String::new()),
        TreeError::DuplicateNumber { .. } => ("numbers", String::new()),
        TreeError::UnknownParent { .. } => {
            let parent = nodes.get(error.node()).and_then(|node| node.node.parent.as_ref());
            let parent = parent.map(QueueId::as_str).unwrap_or_default();
            let all = listed(parent, nodes.iter().map(|node| node.node.id.as_str()));
            ("parent", all.map(|all| format!("; the queues are {all}")).unwrap_or_default())
        }
        _ => ("", String::new()),
    };
    let path = nodes.get(error.node()).map(|node| node.path.as_str()).unwrap_or_default();
    context.problems.add(join(path, field), format!("{error}{allowed}"));
}

/// Takes out at least one thing per error, so that the next look finds fewer.
fn leave_out(errors: &[TreeError], nodes: &mut Vec<MenuNode>) {
    let mut unwanted = BTreeSet::new();
    for error in errors {
        match (error, nodes.get_mut(error.node()).map(|node| &mut node.node)) {
            (TreeError::Cycle { .. } | TreeError::UnknownParent { .. }, Some(node)) => {
                node.parent = None;
            }
            (TreeError::DuplicateNumber { number, .. }, Some(node)) => {
                node.numbers.retain(|known| known != number);
            }
            _ => {
                unwanted.insert(error.node());
            }
        }
    }
    for place in unwanted.into_iter().rev() {
        nodes.remove(place);
    }
}

/// Gives a channel its menus. The nodes make a tree.
pub(super) fn add(menus: &mut Menus, channel: Channel, nodes: &[MenuNode], context: &mut Context) {
    let by_id: BTreeMap<&QueueId, &MenuNode> =
        nodes.iter().map(|node| (&node.node.id, node)).collect();
    let mut below: BTreeMap<&QueueId, Vec<&MenuNode>> = BTreeMap::new();
    for node in nodes {
        if let Some(parent) = &node.node.parent {
            below.entry(parent).or_default().push(node);
        }
    }
    let mut told = Vec::new();
    let all = context.languages.clone();
    for node in nodes {
        let above = node.node.parent.as_ref().and_then(|parent| by_id.get(parent));
        for language in &node.languages {
            if let Some(above) = above.filter(|above| !is_in(above, *language, &by_id)) {
                let message = format!("the menu above, `{}`, is not in {language}", above.node.id);
                told.push((format!("{}.languages", node.path), message));
            }
        }
        let Some(below) = below.get(&node.node.id) else { continue };
        for language in all.iter().filter(|language| is_in(node, **language, &by_id)) {
            if !below.iter().any(|below| is_in(below, *language, &by_id)) {
                let message = format!("is a menu that has nothing in {language}");
                told.push((join(&node.path, "languages"), message));
            }
        }
    }
    for (path, message) in told {
        context.problems.add(path, message);
    }
    let default = context.default_language();
    let (template, more): (Vec<&MenuNode>, Vec<&MenuNode>) =
        nodes.iter().partition(|node| is_in(node, default, &by_id));
    let plain = |nodes: &[&MenuNode]| nodes.iter().map(|node| node.node.clone()).collect();
    let mut problems = menus.set(channel, plain(&template)).err().unwrap_or_default();
    for language in all.into_iter().skip(1) {
        let is_in = |node: &&&MenuNode| is_in(node, language, &by_id);
        let without = template.iter().filter(|node| !is_in(node)).map(|node| node.node.id.clone());
        let more: Vec<&MenuNode> = more.iter().filter(is_in).copied().collect();
        let variant =
            Variant { without: without.collect(), more: plain(&more), ..Variant::default() };
        if variant != Variant::default() && problems.is_empty() {
            problems.0.extend(menus.vary(channel, language, variant).err().unwrap_or_default());
        }
    }
    let path = if channel == Channel::Ivr { "calls.queues" } else { "queues" };
    for problem in problems {
        context.problems.add(path, problem);
    }
}

/// Whether a language's menu has the node: it, and what is above it, is in that language.
fn is_in(node: &MenuNode, language: Language, all: &BTreeMap<&QueueId, &MenuNode>) -> bool {
    let mut at = Some(node);
    // No deeper than there are nodes: a circle ends, too.
    for _ in 0..=all.len() {
        let Some(node) = at else { return true };
        if !node.languages.is_empty() && !node.languages.contains(&language) {
            return false;
        }
        at = node.node.parent.as_ref().and_then(|parent| all.get(parent)).copied();
    }
    true
}

/// The nodes of the texts' menu under other ids, for another channel: without numbers, agents' own queues, and
/// switches of language.
pub(super) fn copied(
    nodes: &[MenuNode],
    prefix: &str,
    document: &Document,
    context: &mut Context,
) -> Vec<MenuNode> {
    let sections: BTreeMap<&str, &QueueSection> =
        document.queues.iter().map(|queue| (queue.id.as_str(), queue)).collect();
    let menus: BTreeSet<&QueueId> =
        nodes.iter().filter_map(|node| node.node.parent.as_ref()).collect();
    let wanted = |node: &&MenuNode| {
        let section = sections.get(node.node.id.as_str());
        let switch = section.is_some_and(|section| section.language.is_some());
        let own = section.is_some_and(|section| section.direct);
        !own && (!switch || menus.contains(&node.node.id))
    };
    let mut copies = Vec::new();
    let known: BTreeSet<&QueueId> = nodes.iter().map(|node| &node.node.id).collect();
    for MenuNode { node, languages, .. } in nodes.iter().filter(wanted) {
        let renamed = |id: &QueueId| format!("{prefix}{id}").parse::<QueueId>();
        let Some(id) = context.problems.check("calls.copy.prefix", renamed(&node.id)) else {
            return Vec::new();
        };
        if known.contains(&id) {
            let message = format!("`{id}` is a queue of texts: copies need ids of their own");
            context.problems.add("calls.copy.prefix", message);
            return Vec::new();
        }
        let parent = node.parent.as_ref().and_then(|parent| renamed(parent).ok());
        let node = TreeNode { id, parent, hidden: node.hidden, numbers: Vec::new() };
        let (path, languages) = ("calls.copy".to_owned(), languages.clone());
        copies.push(MenuNode { path, node, languages });
    }
    copies
}
