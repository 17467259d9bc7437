use std::sync::Arc;

use chrono::TimeDelta;
use compact_str::CompactString;
use frontdesk_types::{AgentId, Language, Localized, QueueId, Template};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{MessageKind, Messages, normalise};

/// What the session machine knows of a contact center: the menu as a consumer sees it, words, timers and
/// messages, everything already inherited and resolved. Whoever builds it has validated it; where it
/// contradicts itself all the same (an option that is not there), a session skips what is missing.
#[derive(Debug, Clone)]
pub struct Config {
    /// The company's name, for `@{COMPANY_NAME}`.
    pub company: CompactString,
    /// The last language of every fallback chain (SMS-10).
    pub default_language: Language,
    /// BACK and EXIT (SMS-14).
    pub words: SessionWords,
    /// How often a reply may match nothing before the fallback; 3 by default (SMS-4).
    pub tries: u8,
    /// Where a session goes after too many tries; `None` ends it (SMS-4).
    pub fallback: Option<QueueId>,
    /// For a queue that is no longer in the configuration.
    pub default_timers: Timers,
    /// How often a session may be transferred.
    pub transfers: TransferRules,
    /// The agents that are programs (SMS-28).
    pub virtual_agents: FxHashSet<AgentId>,
    default_messages: Arc<Localized<Messages>>,
    nodes: FxHashMap<QueueId, Node>,
}

/// The words that steer a session, normalised. Their matching is that of commands (SMS-15).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionWords {
    /// One level up in the menu.
    pub back: Vec<CompactString>,
    /// Ends the chat.
    pub exit: Vec<CompactString>,
}

impl SessionWords {
    /// The length of the longest word, in bytes.
    pub(crate) fn longest(&self) -> usize {
        let words = self.back.iter().chain(&self.exit);
        words.map(CompactString::len).max().unwrap_or(0).min(crate::normal::MAX_LEN)
    }
}

impl Default for SessionWords {
    fn default() -> Self {
        Self { back: vec!["back".into()], exit: vec!["exit".into()] }
    }
}

/// How long things may take (SMS-19 to SMS-24).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timers {
    /// From the last prompt to the end of a session whose menu is left unanswered; 24 h by default.
    pub menu_expiration: TimeDelta,
    /// From queueing to the end of a session that nobody took; 24 h by default (SMS-19).
    pub expiration: TimeDelta,
    /// From the assignment, and again from each consumer message, to the end; 60 min by default, `None`
    /// is off (SMS-20).
    pub chat_timeout: Option<TimeDelta>,
    /// From an agent's last message to the dismissal of a chat in which nobody writes; off by default,
    /// else 1 to 10080 minutes and never longer than the chat timeout (SMS-21).
    pub dismissal: Option<TimeDelta>,
    /// So long before a dismissal the consumer is warned; off by default (SMS-22).
    pub dismissal_warning: Option<TimeDelta>,
    /// As `dismissal`, after a virtual agent's message; off by default.
    pub virtual_dismissal: Option<TimeDelta>,
    /// How soon a consumer should have an answer; off by default (SMS-24).
    pub response_target: Option<TimeDelta>,
    /// How long somebody has to take a session that is transferred to them; 2 min by default (SMS-27).
    pub transfer: TimeDelta,
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            menu_expiration: TimeDelta::hours(24),
            expiration: TimeDelta::hours(24),
            chat_timeout: Some(TimeDelta::minutes(60)),
            dismissal: None,
            dismissal_warning: None,
            virtual_dismissal: None,
            response_target: None,
            transfer: TimeDelta::minutes(2),
        }
    }
}

/// How often a session may be transferred (SMS-27).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferRules {
    /// So many transfers; `None` is no limit, which is the default.
    pub limit: Option<u8>,
    /// At the limit, one last transfer may go to this queue.
    pub last_to: Option<QueueId>,
    /// Whether a virtual agent's handing over counts; it does by default.
    pub count_virtual: bool,
    /// Whether counting begins anew after a dismissal; it does not by default.
    pub dismissal_resets: bool,
}

impl Default for TransferRules {
    fn default() -> Self {
        Self { limit: None, last_to: None, count_virtual: true, dismissal_resets: false }
    }
}

/// A node of the menu: a queue, a menu of queues, or the choice of a language.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its id.
    pub id: QueueId,
    /// The menu above it.
    pub parent: Option<QueueId>,
    /// Its name per language, as the consumer sees it.
    pub names: Localized<CompactString>,
    /// Words that lead straight here (SMS-3), normalised.
    pub keywords: Vec<CompactString>,
    /// The visible nodes below, in menu order; empty for a leaf.
    pub options: Vec<QueueId>,
    /// Choosing this node sets the language. A leaf with a language is a switch: the menu it stands in is
    /// shown again.
    pub language: Option<Language>,
    /// The languages whose menus have it, with everything below (RTE-1); every one, if empty.
    pub languages: Vec<Language>,
    /// Sessions cannot be transferred here (RTE-3).
    pub closed_to_transfers: bool,
    /// The timers that hold here.
    pub timers: Timers,
    /// The messages that hold here; `None` for the center's.
    pub messages: Option<Arc<Localized<Messages>>>,
}

impl Node {
    /// A leaf at the top, with a name per language and the default timers.
    pub fn new<'a>(id: QueueId, names: impl IntoIterator<Item = (Language, &'a str)>) -> Self {
        Self {
            id,
            parent: None,
            names: names.into_iter().map(|(language, name)| (language, name.into())).collect(),
            keywords: Vec::new(),
            options: Vec::new(),
            language: None,
            languages: Vec::new(),
            closed_to_transfers: false,
            timers: Timers::default(),
            messages: None,
        }
    }

    /// Below another node.
    pub fn below(mut self, parent: &QueueId) -> Self {
        self.parent = Some(parent.clone());
        self
    }

    /// With a keyword that leads here.
    pub fn with_keyword(mut self, word: &str) -> Self {
        self.keywords.extend(normalise(word));
        self
    }

    /// With a language that choosing it sets.
    pub fn with_language(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }

    /// Only in the menus of these languages, besides those it is in already.
    pub fn only_in(mut self, language: Language) -> Self {
        self.languages.push(language);
        self
    }

    /// Whether a language's menu has it, as far as it is its own to say.
    pub(crate) fn is_in(&self, language: Language) -> bool {
        self.languages.is_empty() || self.languages.contains(&language)
    }

    /// Whether choosing it only changes the language.
    pub fn is_language_switch(&self) -> bool {
        self.language.is_some() && self.options.is_empty()
    }
}

impl Config {
    /// A center without queues, with the default messages in the language.
    pub fn new(company: &str, default_language: Language) -> Self {
        let messages = [(default_language, Messages::defaults(default_language))];
        Self {
            company: company.into(),
            default_language,
            words: SessionWords::default(),
            tries: 3,
            fallback: None,
            default_timers: Timers::default(),
            transfers: TransferRules::default(),
            virtual_agents: FxHashSet::default(),
            default_messages: Arc::new(messages.into_iter().collect()),
            nodes: FxHashMap::default(),
        }
    }

    /// Sets the center's messages, per language.
    pub fn set_messages(&mut self, messages: Arc<Localized<Messages>>) {
        self.default_messages = messages;
    }

    /// Adds a node, and makes it an option of its parent, which must be there already.
    pub fn add(&mut self, node: Node) {
        if let Some(parent) = node.parent.as_ref().and_then(|parent| self.nodes.get_mut(parent)) {
            parent.options.push(node.id.clone());
        }
        self.nodes.insert(node.id.clone(), node);
    }

    /// Adds a node that no menu shows (RTE-3).
    pub fn add_hidden(&mut self, node: Node) {
        self.nodes.insert(node.id.clone(), node);
    }

    /// Changes the timers of nodes, and those for queues that are no longer there.
    pub fn update_timers(
        &mut self,
        nodes: impl IntoIterator<Item = QueueId>,
        change: impl Fn(&mut Timers),
    ) {
        change(&mut self.default_timers);
        for id in nodes {
            if let Some(node) = self.nodes.get_mut(&id) {
                change(&mut node.timers);
            }
        }
    }

    /// The node with this id.
    pub fn node(&self, id: &QueueId) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// Whether an agent is a program (SMS-28).
    pub(crate) fn is_virtual(&self, agent: &AgentId) -> bool {
        !self.virtual_agents.is_empty() && self.virtual_agents.contains(agent)
    }

    /// The timers that hold in a queue.
    pub(crate) fn timers(&self, queue: &QueueId) -> Timers {
        self.node(queue).map_or(self.default_timers, |node| node.timers)
    }

    /// The template of a message at a node, in the best language there is.
    pub fn template(
        &self,
        at: Option<&QueueId>,
        kind: MessageKind,
        language: Language,
    ) -> Option<&Template> {
        let own = at.and_then(|id| self.node(id)).and_then(|node| node.messages.as_ref());
        let messages = own.unwrap_or(&self.default_messages);
        messages.get(language, self.default_language).map(|messages| messages.get(kind))
    }

    /// The name of a node in the best language there is.
    pub(crate) fn name(&self, id: &QueueId, language: Language) -> CompactString {
        let name = self.node(id).and_then(|node| node.names.get(language, self.default_language));
        name.cloned().unwrap_or_else(|| id.as_str().into())
    }

    /// Whether a text is the name or keyword of something in the menu, for whoever reads more into texts
    /// than commands.
    pub fn names_an_option(&self, text: &str) -> bool {
        let Some(normal) = normalise(text) else { return false };
        self.nodes.values().any(|node| {
            node.keywords.contains(&normal)
                || node.names.0.values().any(|name| normalise(name).as_ref() == Some(&normal))
        })
    }

    /// The node below `home` that the keyword leads to, in the order of the language's menu.
    pub(crate) fn by_keyword(
        &self,
        home: &QueueId,
        normal: &str,
        language: Language,
    ) -> Option<&Node> {
        let mut below: Vec<&QueueId> = vec![home];
        // A tree has no cycles, but this must end even if the configuration has.
        for _ in 0..=self.nodes.len() {
            let Some(id) = below.pop() else { break };
            let Some(node) = self.nodes.get(id) else { continue };
            if id != home && !node.is_in(language) {
                continue;
            }
            if node.keywords.iter().any(|keyword| keyword == normal) {
                return Some(node);
            }
            below.extend(node.options.iter().rev());
        }
        None
    }
}
