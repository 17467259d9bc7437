use std::collections::{BTreeMap, BTreeSet};

use frontdesk_types::{Channel, Language, QueueId};

use crate::{Reasons, Tree, TreeError, TreeNode};

/// The menus of a center: a tree of queues for each channel, in each language (RTE-1).
///
/// The tree of the default language is the template: the other languages have it too, but for what they
/// leave out, hide or add. Queues keep their ids in every language and over every edit, so that open sessions
/// survive a new configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menus {
    default: Language,
    templates: BTreeMap<Channel, Tree>,
    variants: BTreeMap<(Channel, Language), (Variant, Tree)>,
}

/// How a language's tree differs from the template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variant {
    /// Queues that this language does not have, with everything below.
    pub without: BTreeSet<QueueId>,
    /// Queues whose menus do not show them in this language; their numbers, transfers and deflections still
    /// reach them (RTE-3).
    pub hidden: BTreeSet<QueueId>,
    /// Queues that only this language has, below those of the template.
    pub more: Vec<TreeNode>,
}

/// What is wrong with a channel's or language's tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MenuError {
    /// The queue is in the tree of another channel: each has its own.
    #[error("the queue `{queue}` is one of the channel {channel:?} already")]
    OtherChannel {
        /// Which queue.
        queue: QueueId,
        /// Whose it is.
        channel: Channel,
    },
    /// The channel to copy from, or to vary, has no tree.
    #[error("the channel {channel:?} has no queues")]
    NoTemplate {
        /// Which.
        channel: Channel,
    },
    /// The channel to copy to has a tree.
    #[error("the channel {channel:?} has queues already: a copy would replace them")]
    Taken {
        /// Which.
        channel: Channel,
    },
    /// The default language is the template; it does not differ from itself.
    #[error("{language} is the default language: change the queues themselves")]
    Template {
        /// Which.
        language: Language,
    },
    /// The tree cannot be.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The template has no such queue.
    #[error("there is no queue `{queue}` to leave out or hide")]
    UnknownQueue {
        /// Which.
        queue: QueueId,
    },
}

impl Menus {
    /// Without queues.
    pub fn new(default: Language) -> Self {
        Self { default, templates: BTreeMap::new(), variants: BTreeMap::new() }
    }

    /// A channel's queues in the default language: the template of the others. Variants of before stay, as far
    /// as they fit; otherwise nothing changes.
    pub fn set(
        &mut self,
        channel: Channel,
        nodes: Vec<TreeNode>,
    ) -> Result<(), Reasons<MenuError>> {
        let tree = Tree::new(nodes).map_err(all)?;
        self.own(channel, tree.ids())?;
        let of = |key: &(Channel, Language)| key.0 == channel;
        let mut varied = Vec::new();
        for (key, (variant, _)) in self.variants.iter().filter(|(key, _)| of(key)) {
            varied.push((*key, (variant.clone(), vary(&tree, variant)?)));
        }
        self.variants.extend(varied);
        self.templates.insert(channel, tree);
        Ok(())
    }

    /// How a language differs on a channel.
    pub fn vary(
        &mut self,
        channel: Channel,
        language: Language,
        variant: Variant,
    ) -> Result<(), Reasons<MenuError>> {
        if language == self.default {
            return Err(vec![MenuError::Template { language }].into());
        }
        let template = self.templates.get(&channel);
        let template = template.ok_or_else(|| vec![MenuError::NoTemplate { channel }])?;
        let tree = vary(template, &variant)?;
        self.own(channel, tree.ids())?;
        self.variants.insert((channel, language), (variant, tree));
        Ok(())
    }

    /// Gives a channel the structure of another: the same queues under other ids, in every language, without
    /// the numbers, which are one queue's only.
    pub fn copy(
        &mut self,
        from: Channel,
        to: Channel,
        rename: impl Fn(&QueueId) -> QueueId,
    ) -> Result<(), Reasons<MenuError>> {
        if self.templates.contains_key(&to) {
            return Err(vec![MenuError::Taken { channel: to }].into());
        }
        let template = self.templates.get(&from);
        let template = template.ok_or_else(|| vec![MenuError::NoTemplate { channel: from }])?;
        let copied = |node: &TreeNode| TreeNode {
            id: rename(&node.id),
            parent: node.parent.as_ref().map(&rename),
            hidden: node.hidden,
            numbers: Vec::new(),
        };
        let nodes = nodes(template).map(copied).collect();
        let variants: Vec<(Language, Variant)> = self
            .variants
            .iter()
            .filter(|((channel, _), _)| *channel == from)
            .map(|((_, language), (variant, _))| {
                let renamed = |ids: &BTreeSet<QueueId>| ids.iter().map(&rename).collect();
                let (without, hidden) = (renamed(&variant.without), renamed(&variant.hidden));
                let more = variant.more.iter().map(copied).collect();
                (*language, Variant { without, hidden, more })
            })
            .collect();
        let mut copy = self.clone();
        copy.set(to, nodes)?;
        for (language, variant) in variants {
            copy.vary(to, language, variant)?;
        }
        *self = copy;
        Ok(())
    }

    /// The tree of a channel in a language: its own if it differs, or the template.
    pub fn tree(&self, channel: Channel, language: Language) -> Option<&Tree> {
        let own = self.variants.get(&(channel, language)).map(|(_, tree)| tree);
        own.or_else(|| self.templates.get(&channel))
    }

    /// The channel that a queue belongs to.
    pub fn channel_of(&self, queue: &QueueId) -> Option<Channel> {
        let varied = self.variants.iter().map(|((channel, _), (_, tree))| (channel, tree));
        let mut all = self.templates.iter().chain(varied);
        all.find(|(_, tree)| tree.node(queue).is_some()).map(|(channel, _)| *channel)
    }

    /// Queues of these menus that are not in others: sessions that wait there need another.
    pub fn gone<'a>(&'a self, newer: &'a Self) -> impl Iterator<Item = &'a QueueId> {
        let varied = self.variants.values().map(|(_, tree)| tree);
        let all: BTreeSet<&QueueId> =
            self.templates.values().chain(varied).flat_map(Tree::ids).collect();
        all.into_iter().filter(|queue| newer.channel_of(queue).is_none())
    }

    /// Queues of one channel are no other's.
    fn own<'a>(
        &self,
        channel: Channel,
        ids: impl Iterator<Item = &'a QueueId>,
    ) -> Result<(), Reasons<MenuError>> {
        let other = |queue: &QueueId| {
            let of = self.channel_of(queue).filter(|of| *of != channel)?;
            Some(MenuError::OtherChannel { queue: queue.clone(), channel: of })
        };
        let errors: Vec<MenuError> = ids.filter_map(other).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
    }
}

fn nodes(tree: &Tree) -> impl Iterator<Item = &TreeNode> {
    tree.ids().filter_map(|id| tree.node(id))
}

fn all(errors: Reasons<TreeError>) -> Reasons<MenuError> {
    Reasons(errors.into_iter().map(MenuError::from).collect())
}

fn vary(template: &Tree, variant: &Variant) -> Result<Tree, Reasons<MenuError>> {
    let named = variant.without.iter().chain(&variant.hidden);
    let unknown = named.filter(|queue| template.node(queue).is_none());
    let errors: Vec<MenuError> =
        unknown.map(|queue| MenuError::UnknownQueue { queue: queue.clone() }).collect();
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let stays =
        |node: &&TreeNode| !template.upwards(&node.id).any(|id| variant.without.contains(id));
    let shown = |node: &TreeNode| TreeNode {
        hidden: node.hidden || variant.hidden.contains(&node.id),
        ..node.clone()
    };
    let nodes = nodes(template).filter(stays).map(shown).chain(variant.more.iter().cloned());
    Tree::new(nodes.collect()).map_err(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> QueueId {
        text.parse().unwrap()
    }

    fn language(tag: &str) -> Language {
        tag.parse().unwrap()
    }

    fn node(text: &str, parent: &str) -> TreeNode {
        let parent = (!parent.is_empty()).then(|| id(parent));
        TreeNode { id: id(text), parent, hidden: false, numbers: Vec::new() }
    }

    fn sms() -> Vec<TreeNode> {
        let mut main = node("main", "");
        main.numbers = vec!["12345".parse().unwrap()];
        vec![main, node("support", "main"), node("tech", "support"), node("sales", "main")]
    }

    fn menus() -> Menus {
        let mut menus = Menus::new(Language::ENGLISH);
        menus.set(Channel::Sms, sms()).unwrap();
        menus
    }

    fn ids(menus: &Menus, channel: Channel, tag: &str) -> Vec<String> {
        let tree = menus.tree(channel, language(tag)).unwrap();
        let name = |id: &QueueId| {
            let hidden = tree.node(id).is_some_and(|node| node.hidden);
            if hidden { format!("({id})") } else { id.to_string() }
        };
        tree.ids().map(name).collect()
    }

    #[test]
    fn rte_1_the_default_languages_tree_is_the_template_of_the_others() {
        let mut menus = menus();
        assert_eq!(ids(&menus, Channel::Sms, "es"), ["main", "support", "tech", "sales"]);
        let variant = Variant {
            without: [id("support")].into(),
            hidden: [id("sales")].into(),
            more: vec![node("ayuda", "main")],
        };
        menus.vary(Channel::Sms, language("es"), variant).unwrap();
        assert_eq!(ids(&menus, Channel::Sms, "es"), ["main", "(sales)", "ayuda"]);
        assert_eq!(ids(&menus, Channel::Sms, "en"), ["main", "support", "tech", "sales"]);
        // What the template gets, the languages get; their ids stay.
        let mut more = sms();
        more.push(node("orders", "main"));
        menus.set(Channel::Sms, more).unwrap();
        assert_eq!(ids(&menus, Channel::Sms, "es"), ["main", "(sales)", "orders", "ayuda"]);
        assert_eq!(menus.channel_of(&id("ayuda")), Some(Channel::Sms));
        assert_eq!(menus.tree(Channel::Web, Language::ENGLISH), None);
    }

    #[test]
    fn rte_1_a_channel_can_be_copied_from_another_in_every_language() {
        let mut menus = menus();
        let variant = Variant { without: [id("sales")].into(), ..Variant::default() };
        menus.vary(Channel::Sms, language("es"), variant).unwrap();
        let rename = |queue: &QueueId| id(&format!("web.{queue}"));
        menus.copy(Channel::Sms, Channel::Web, rename).unwrap();
        assert_eq!(ids(&menus, Channel::Web, "es"), ["web.main", "web.support", "web.tech"]);
        let web = menus.tree(Channel::Web, Language::ENGLISH).unwrap();
        assert_eq!(web.upwards(&id("web.tech")).nth(1), Some(&id("web.support")));
        assert_eq!(web.by_number("12345".parse().unwrap()), None, "a number is one queue's");
        let again = menus.copy(Channel::Sms, Channel::Web, rename).unwrap_err();
        assert_eq!(again[..], [MenuError::Taken { channel: Channel::Web }]);
        let nothing = menus.copy(Channel::Ivr, Channel::Mobile, rename).unwrap_err();
        assert_eq!(nothing[..], [MenuError::NoTemplate { channel: Channel::Ivr }]);
        // A copy that cannot be leaves nothing.
        let before = menus.clone();
        assert!(menus.copy(Channel::Sms, Channel::Mobile, |_| id("same")).is_err());
        assert_eq!(menus, before);
    }

    #[test]
    fn rte_1_what_does_not_fit_is_refused_and_changes_nothing() {
        let mut menus = menus();
        let before = menus.clone();
        let unknown = Variant { hidden: [id("nowhere")].into(), ..Variant::default() };
        let said =
            |errors: Reasons<MenuError>| errors.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            said(menus.vary(Channel::Sms, language("es"), unknown).unwrap_err()),
            ["there is no queue `nowhere` to leave out or hide"]
        );
        assert_eq!(
            said(menus.vary(Channel::Sms, Language::ENGLISH, Variant::default()).unwrap_err()),
            ["en is the default language: change the queues themselves"]
        );
        assert_eq!(
            said(menus.set(Channel::Web, vec![node("sales", "")]).unwrap_err()),
            ["the queue `sales` is one of the channel Sms already"]
        );
        assert!(menus.set(Channel::Web, vec![node("a", "b"), node("b", "a")]).is_err());
        assert_eq!(menus, before);
        // A new template that a language's variant does not fit changes nothing either.
        let variant = Variant { without: [id("sales")].into(), ..Variant::default() };
        menus.vary(Channel::Sms, language("es"), variant).unwrap();
        let before = menus.clone();
        assert!(menus.set(Channel::Sms, vec![node("main", "")]).is_err());
        assert_eq!(menus, before);
    }

    #[test]
    fn queues_that_are_gone_are_known() {
        let menus = menus();
        let mut newer = Menus::new(Language::ENGLISH);
        newer.set(Channel::Sms, vec![node("main", ""), node("tech", "main")]).unwrap();
        let gone: Vec<String> = menus.gone(&newer).map(ToString::to_string).collect();
        assert_eq!(gone, ["sales", "support"]);
    }
}
