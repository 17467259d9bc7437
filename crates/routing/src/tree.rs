use std::collections::{BTreeMap, BTreeSet};

use frontdesk_types::{QueueId, SupportNumber};

use crate::Reasons;

/// A node as configuration has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeNode {
    /// Its id, unique in the tree.
    pub id: QueueId,
    /// The node above; `None` at the top.
    pub parent: Option<QueueId>,
    /// Not shown in menus, but still reached by its own number, transfers and deflection (RTE-3).
    pub hidden: bool,
    /// The numbers that lead here (SMS-8).
    pub numbers: Vec<SupportNumber>,
}

/// What is wrong with a tree. `node` and `number` are places in the list that it was built from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// A node is its own ancestor.
    #[error("the queue is below itself: {}", .cycle.iter().map(QueueId::as_str).collect::<Vec<_>>().join(" → "))]
    Cycle {
        /// Which node.
        node: usize,
        /// The way round.
        cycle: Vec<QueueId>,
    },
    /// Two nodes have one id.
    #[error("the id `{id}` is taken by an earlier queue")]
    DuplicateId {
        /// The later node.
        node: usize,
        /// The id.
        id: QueueId,
    },
    /// A number leads to two queues.
    #[error(
        "the number {number} belongs to queue `{taken_by}` already; a number belongs to exactly one"
    )]
    DuplicateNumber {
        /// The later node.
        node: usize,
        /// The number.
        number: SupportNumber,
        /// The earlier queue.
        taken_by: QueueId,
    },
    /// No such parent.
    #[error("there is no queue `{parent}`")]
    UnknownParent {
        /// Which node.
        node: usize,
        /// The parent asked for.
        parent: QueueId,
    },
}

impl TreeError {
    /// The place in the list of the node that is wrong.
    pub fn node(&self) -> usize {
        match self {
            Self::Cycle { node, .. }
            | Self::DuplicateId { node, .. }
            | Self::DuplicateNumber { node, .. }
            | Self::UnknownParent { node, .. } => *node,
        }
    }
}

/// The circle of these nodes, from the one on that is configured first.
fn circle(way: &[&QueueId], places: &BTreeMap<&QueueId, usize>) -> Option<TreeError> {
    let place_of = |id: &QueueId| places.get(id).copied();
    let first = (0..way.len()).min_by_key(|step| way.get(*step).and_then(|id| place_of(id)))?;
    let (before, from) = way.split_at_checked(first)?;
    let id = *from.first()?;
    let cycle = from.iter().chain(before).copied().chain([id]).cloned().collect();
    Some(TreeError::Cycle { node: place_of(id)?, cycle })
}

/// A tree of queues for one channel and language (RTE-1), to any depth, in the order of configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    nodes: BTreeMap<QueueId, TreeNode>,
    children: BTreeMap<QueueId, Vec<QueueId>>,
    order: Vec<QueueId>,
    numbers: BTreeMap<SupportNumber, QueueId>,
}

impl Tree {
    /// Builds the tree, or says everything that is wrong with it.
    pub fn new(nodes: Vec<TreeNode>) -> Result<Self, Reasons<TreeError>> {
        let mut tree = Self::default();
        let mut errors = Vec::new();
        for (place, node) in nodes.iter().enumerate() {
            tree.add(place, node, &mut errors);
        }
        errors.extend(tree.cycles(&nodes));
        for (place, node) in nodes.iter().enumerate() {
            if let Some(parent) = &node.parent
                && !tree.nodes.contains_key(parent)
            {
                errors.push(TreeError::UnknownParent { node: place, parent: parent.clone() });
            }
        }
        if errors.is_empty() { Ok(tree) } else { Err(errors.into()) }
    }

    fn add(&mut self, place: usize, node: &TreeNode, errors: &mut Vec<TreeError>) {
        if self.nodes.contains_key(&node.id) {
            errors.push(TreeError::DuplicateId { node: place, id: node.id.clone() });
            return;
        }
        for number in &node.numbers {
            if let Some(taken_by) = self.numbers.get(number).cloned() {
                errors.push(TreeError::DuplicateNumber { node: place, number: *number, taken_by });
            } else {
                self.numbers.insert(*number, node.id.clone());
            }
        }
        if let Some(parent) = &node.parent {
            self.children.entry(parent.clone()).or_default().push(node.id.clone());
        }
        self.order.push(node.id.clone());
        self.nodes.insert(node.id.clone(), node.clone());
    }

    /// Each circle once, at its first node. Every node is passed once.
    fn cycles(&self, nodes: &[TreeNode]) -> Vec<TreeError> {
        let places: BTreeMap<&QueueId, usize> =
            nodes.iter().enumerate().rev().map(|(place, node)| (&node.id, place)).collect();
        let (mut found, mut done) = (Vec::new(), BTreeSet::new());
        for node in nodes {
            let (mut way, mut steps) = (Vec::new(), BTreeMap::new());
            let mut at = Some(&node.id);
            while let Some(id) = at.filter(|id| !done.contains(id)) {
                if let Some(step) = steps.insert(id, way.len()) {
                    found.extend(circle(way.get(step..).unwrap_or_default(), &places));
                    break;
                }
                way.push(id);
                at = self.nodes.get(id).and_then(|node| node.parent.as_ref());
            }
            done.extend(way);
        }
        found
    }

    /// Every node's id, in the order of configuration.
    pub fn ids(&self) -> impl Iterator<Item = &QueueId> {
        self.order.iter()
    }

    /// The node with this id.
    pub fn node(&self, id: &QueueId) -> Option<&TreeNode> {
        self.nodes.get(id)
    }

    /// The nodes directly below, hidden ones too.
    pub fn children(&self, id: &QueueId) -> &[QueueId] {
        self.children.get(id).map_or(&[], Vec::as_slice)
    }

    /// The nodes directly below that a menu shows.
    pub fn options(&self, id: &QueueId) -> impl Iterator<Item = &QueueId> {
        let hidden = |id: &QueueId| self.node(id).is_some_and(|node| node.hidden);
        self.children(id).iter().filter(move |id| !hidden(id))
    }

    /// A queue with no queues below it: where sessions wait.
    pub fn is_leaf(&self, id: &QueueId) -> bool {
        self.children(id).is_empty()
    }

    /// The queue that a number belongs to (SMS-8).
    pub fn by_number(&self, number: SupportNumber) -> Option<&QueueId> {
        self.numbers.get(&number)
    }

    /// A setting that is inherited down the tree: the nearest node's at or above `id` that has one, and
    /// which node that is (RTE-2).
    pub fn inherited<'a, T>(
        &'a self,
        id: &'a QueueId,
        own: impl Fn(&'a QueueId) -> Option<T>,
    ) -> Option<(T, &'a QueueId)> {
        self.upwards(id).find_map(|id| Some((own(id)?, id)))
    }

    /// Every node, each after the one above it.
    pub fn downwards(&self) -> impl Iterator<Item = &QueueId> {
        let top = |id: &&QueueId| self.node(id).is_some_and(|node| node.parent.is_none());
        let mut next: std::collections::VecDeque<&QueueId> = self.ids().filter(top).collect();
        std::iter::from_fn(move || {
            let id = next.pop_front()?;
            next.extend(self.children(id));
            Some(id)
        })
    }

    /// A node, the one above it, and so on to the top.
    pub fn upwards<'a>(&'a self, id: &'a QueueId) -> impl Iterator<Item = &'a QueueId> {
        std::iter::successors(Some(id), |id| self.node(id)?.parent.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> QueueId {
        text.parse().unwrap()
    }

    fn node(text: &str, parent: &str) -> TreeNode {
        let parent = (!parent.is_empty()).then(|| id(parent));
        TreeNode { id: id(text), parent, hidden: false, numbers: Vec::new() }
    }

    #[test]
    fn rte_2_and_3_settings_go_down_and_hidden_queues_are_not_shown() {
        let mut secret = node("secret", "support");
        secret.hidden = true;
        secret.numbers = vec!["12345".parse().unwrap()];
        let nodes =
            vec![node("main", ""), node("support", "main"), secret, node("tech", "support")];
        let tree = Tree::new(nodes).unwrap();
        assert_eq!(tree.options(&id("support")).collect::<Vec<_>>(), [&id("tech")]);
        assert_eq!(tree.by_number("12345".parse().unwrap()), Some(&id("secret")));
        assert!(tree.is_leaf(&id("tech")) && !tree.is_leaf(&id("support")));
        let own = |id: &QueueId| match id.as_str() {
            "main" => Some(1),
            "support" => Some(2),
            _ => None,
        };
        assert_eq!(tree.inherited(&id("tech"), own), Some((2, &id("support"))));
        assert_eq!(tree.inherited(&id("main"), own), Some((1, &id("main"))));
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let mut twice = node("b", "a");
        twice.numbers = vec!["12345".parse().unwrap()];
        let mut again = node("e", "");
        again.numbers = twice.numbers.clone();
        let nodes = vec![node("a", "b"), twice, node("a", ""), node("d", "nowhere"), again];
        let errors: Vec<String> =
            Tree::new(nodes).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                "the id `a` is taken by an earlier queue",
                "the number 12345 belongs to queue `b` already; a number belongs to exactly one",
                "the queue is below itself: a → b → a",
                "there is no queue `nowhere`",
            ]
        );
    }
    /// Nodes that lead into a circle are none of it, and a long way is walked once.
    #[test]
    fn each_circle_is_told_once_however_deep_the_tree() {
        let mut nodes: Vec<TreeNode> = (1..20_000)
            .map(|i| node(&format!("q{i}"), &format!("q{}", i - 1)))
            .chain([node("q0", "")])
            .collect();
        assert!(Tree::new(nodes.clone()).is_ok());
        for (below, above) in [("q0", "q2"), ("q10000", "q10001")] {
            let closed = nodes.iter_mut().find(|node| node.id == id(below)).unwrap();
            closed.parent = Some(id(above));
        }
        let errors = Tree::new(nodes).unwrap_err();
        let told: Vec<(usize, String)> =
            errors.iter().map(|error| (error.node(), error.to_string())).collect();
        let expected = [
            (0, "the queue is below itself: q1 → q0 → q2 → q1".to_owned()),
            (9_999, "the queue is below itself: q10000 → q10001 → q10000".to_owned()),
        ];
        assert_eq!(told, expected);
    }
}
