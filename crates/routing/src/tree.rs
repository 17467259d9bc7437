use std::collections::BTreeMap;

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
        for (place, node) in nodes.iter().enumerate() {
            match &node.parent {
                Some(parent) if !tree.nodes.contains_key(parent) => {
                    errors.push(TreeError::UnknownParent { node: place, parent: parent.clone() });
                }
                _ => errors.extend(tree.cycle(place, node)),
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

    fn cycle(&self, place: usize, node: &TreeNode) -> Option<TreeError> {
        let mut way = vec![node.id.clone()];
        let mut at = node.parent.as_ref();
        while let Some(id) = at {
            let round = *id == node.id;
            if round || !way.contains(id) {
                way.push(id.clone());
            } else {
                return None; // a circle further up, reported there
            }
            if round {
                return Some(TreeError::Cycle { node: place, cycle: way });
            }
            at = self.nodes.get(id).and_then(|node| node.parent.as_ref());
        }
        None
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
                "the queue is below itself: b → a → b",
                "there is no queue `nowhere`",
            ]
        );
    }
}
