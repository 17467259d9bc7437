//! Phrases as a tree of words.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{MAX_PHRASE, Tag, UNKNOWN, Word, class};

const ROOT: u32 = 0;

/// A tree that grows by phrases, and is asked once it is [`Tree::finish`]ed.
#[derive(Debug)]
pub(super) struct Tree {
    /// The node after a node and a word, while the tree grows.
    next: FxHashMap<(u32, Word), u32>,
    /// The tags of the phrases that end at a node, while the tree grows.
    growing: Vec<SmallVec<[Tag; 2]>>,
    nodes: Vec<Node>,
    /// The words after each node, in order, with the nodes that they lead to.
    edges: Vec<(Word, u32)>,
    ends: Vec<Tag>,
    /// The node after the first word of a phrase, by the word; [`ROOT`] where no phrase begins with it.
    first: Vec<u32>,
}

/// A node of a finished tree.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    /// Its part of the edges.
    edges: (u32, u32),
    /// Its part of the tags.
    ends: (u32, u32),
    /// Something goes on from it with [`class::ANY`].
    any: bool,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            next: FxHashMap::default(),
            growing: vec![SmallVec::new()],
            nodes: Vec::new(),
            edges: Vec::new(),
            ends: Vec::new(),
            first: Vec::new(),
        }
    }
}

impl Tree {
    /// Adds a phrase with its tag.
    pub(super) fn grow(&mut self, words: &[Word], tag: Tag) {
        let mut node = ROOT;
        for word in words {
            let new = u32::try_from(self.growing.len()).unwrap_or(u32::MAX);
            let next = *self.next.entry((node, *word)).or_insert(new);
            if next == new {
                self.growing.push(SmallVec::new());
            }
            node = next;
        }
        if let Some(ends) = self.growing.get_mut(node as usize)
            && !ends.contains(&tag)
        {
            ends.push(tag);
        }
    }

    /// Lays the nodes out so that they can be asked.
    pub(super) fn finish(&mut self) {
        let mut all: Vec<(u32, Word, u32)> =
            self.next.iter().map(|((node, word), next)| (*node, *word, *next)).collect();
        all.sort_unstable();
        let place = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let (mut nodes, mut edges, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        let mut rest = all.as_slice();
        for (number, tags) in (0_u32..).zip(&self.growing) {
            let count = rest.iter().take_while(|(node, ..)| *node == number).count();
            let (own, others) = rest.split_at(count);
            let from = (place(edges.len()), place(ends.len()));
            edges.extend(own.iter().map(|(_, word, next)| (*word, *next)));
            ends.extend(tags.iter().copied());
            nodes.push(Node {
                edges: (from.0, place(edges.len())),
                ends: (from.1, place(ends.len())),
                any: own.iter().any(|(_, word, _)| *word == class::ANY),
            });
            if number == ROOT {
                let most = own.last().map_or(0, |(_, word, _)| *word as usize + 1);
                self.first = vec![ROOT; most];
                for (_, word, next) in own {
                    if let Some(first) = self.first.get_mut(*word as usize) {
                        *first = *next;
                    }
                }
            }
            rest = others;
        }
        (self.nodes, self.edges, self.ends) = (nodes, edges, ends);
    }

    fn node(&self, node: u32) -> Node {
        self.nodes.get(node as usize).copied().unwrap_or_default()
    }

    fn ends(&self, node: &Node) -> &[Tag] {
        self.ends.get(node.ends.0 as usize..node.ends.1 as usize).unwrap_or_default()
    }

    /// The node after a node and a word.
    fn after(&self, node: &Node, word: Word) -> Option<u32> {
        let edges = self.edges.get(node.edges.0 as usize..node.edges.1 as usize)?;
        if edges.len() <= 8 {
            return edges.iter().find(|(label, _)| *label == word).map(|(_, next)| *next);
        }
        let at = edges.binary_search_by_key(&word, |(label, _)| *label).ok()?;
        edges.get(at).map(|(_, next)| *next)
    }

    /// The node after the first word of a phrase. Most words begin none.
    fn after_first(&self, word: Word) -> Option<u32> {
        self.first.get(word as usize).copied().filter(|next| *next != ROOT)
    }

    /// Tells every phrase that begins at a token, with how many tokens it has; the answer is how many steps it took.
    pub(super) fn beginning(
        &self,
        tokens: &[[Word; 3]],
        tell: &mut impl FnMut(usize, Tag),
    ) -> usize {
        let Some(([word, also, class], rest)) = tokens.split_first() else { return 0 };
        let mut states: SmallVec<[u32; 16]> = SmallVec::new();
        let any = if self.begins_with_any() { class::ANY } else { UNKNOWN };
        for label in [*word, *also, *class, any] {
            if label != UNKNOWN {
                states.extend(self.after_first(label));
            }
        }
        let mut steps = 3;
        let mut length = 1;
        let mut rest = rest.iter();
        while !states.is_empty() {
            let mut after: SmallVec<[u32; 16]> = SmallVec::new();
            let next = if length < MAX_PHRASE { rest.next() } else { None };
            for state in &states {
                let node = self.node(*state);
                for tag in self.ends(&node) {
                    tell(length, *tag);
                }
                let Some([word, also, class]) = next else { continue };
                if node.edges.0 == node.edges.1 {
                    continue;
                }
                let any = if node.any { class::ANY } else { UNKNOWN };
                for label in [*word, *also, *class, any] {
                    if label != UNKNOWN {
                        steps += 1;
                        after.extend(self.after(&node, label));
                    }
                }
            }
            states = after;
            length += 1;
        }
        steps
    }

    /// Whether a word by itself has a tag.
    pub(super) fn has_tag(&self, word: Word, tag: Tag) -> bool {
        self.after_first(word).is_some_and(|node| self.ends(&self.node(node)).contains(&tag))
    }

    /// Whether a phrase begins with any token.
    pub(super) fn begins_with_any(&self) -> bool {
        self.node(ROOT).any
    }
}
