//! What is offered outside of hours (HRS-5 to HRS-9).

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_hours::{Deflection, Medium, SlotRules};
use frontdesk_routing::Tree;
use frontdesk_types::{AgentId, Alternative, Channel, QueueId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, check::Context, offers::alternative, routing::People, scheduled};

/// What is offered outside of hours where a queue or menu has nothing of its own.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AfterHoursSection {
    /// To those who call.
    #[serde(default)]
    pub call: EntryPointsSection,
    /// To those who chat.
    #[serde(default)]
    pub chat: EntryPointsSection,
}

/// What is offered to those who come through each entry point.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryPointsSection {
    /// The phone menu: `queue:…`, `number:…`, `voicemail` or `message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ivr: Option<OffersSection>,
    /// An app. For calls any of `scheduled_call`, `email`, `number:…` and `voicemail`, or `queue:…`; for chats `email` or
    /// `message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<OffersSection>,
    /// Texts: `message` or `queue:…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<OffersSection>,
    /// A page. For calls any of `scheduled_call` and `email`, or `queue:…`; for chats `email` or `message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<OffersSection>,
}

/// One thing, or several.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OffersSection {
    /// One.
    One(String),
    /// Several, in this order.
    Several(Vec<String>),
}

/// What a node offers: through the usual entry point (texts, or the phone menu), or through each.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum NodeAfterHours {
    /// Through the usual one.
    Usual(OffersSection),
    /// Through each.
    PerEntryPoint(EntryPointsSection),
}

/// What is offered, by what those come for, and where.
pub(crate) type Deflections = BTreeMap<(Medium, Channel), Deflection>;

/// What is offered outside of hours in a center.
#[derive(Debug, Clone, Default)]
pub(crate) struct AfterHours {
    pub(crate) center: Deflections,
    pub(crate) own: BTreeMap<QueueId, Deflections>,
    /// The address of the support center.
    pub(crate) email: Option<String>,
    /// When calls can be scheduled (HRS-10).
    pub(crate) slots: SlotRules,
    /// Who takes the calls of each queue of the phone menu.
    pub(crate) call_agents: BTreeMap<QueueId, Vec<AgentId>>,
}

/// A node that may have something of its own.
pub(super) struct Place<'a> {
    pub(super) path: String,
    pub(super) id: &'a str,
    pub(super) medium: Medium,
    section: Option<&'a NodeAfterHours>,
    /// It says in its own words that it is closed (HRS-9).
    speaks: bool,
}

/// Reads what is offered; `texts` and `phone` are the menus.
pub(super) fn after_hours(
    document: &Document,
    (texts, phone): (&Tree, Option<&Tree>),
    people: &People<'_>,
    context: &mut Context,
) -> AfterHours {
    let trees = |medium| if medium == Medium::Chat { Some(texts) } else { phone };
    let switches = document.queues.iter().filter(|queue| queue.language.is_some());
    let reader = Reader {
        email: document.support.as_ref().is_some_and(|it| it.email.is_some()),
        switches: switches.map(|queue| queue.id.as_str()).collect(),
    };
    let mut all = AfterHours {
        email: document.support.as_ref().and_then(|support| support.email.clone()),
        slots: scheduled::rules(&document.scheduled_calls, context),
        ..AfterHours::default()
    };
    if let Some(phone) = phone {
        all.call_agents = scheduled::agents(document, people, phone, context);
    }
    let AfterHoursSection { call, chat } = &document.after_hours;
    for (path, medium, section) in
        [("after_hours.call", Medium::Call, call), ("after_hours.chat", Medium::Chat, chat)]
    {
        all.center.extend(reader.entry_points(path, medium, section, trees(medium), context));
    }
    let mut paths: BTreeMap<QueueId, String> = BTreeMap::new();
    for Place { path, id, medium, section, speaks } in places(document) {
        let Ok(id) = id.parse::<QueueId>() else { continue };
        let tree = trees(medium);
        let path = format!("{path}.after_hours");
        let mut own = match section {
            None => Deflections::new(),
            Some(NodeAfterHours::PerEntryPoint(section)) => {
                reader.entry_points(&path, medium, section, tree, context)
            }
            Some(NodeAfterHours::Usual(offers)) => {
                let usual = if medium == Medium::Chat { Channel::Sms } else { Channel::Ivr };
                let read = reader.offers(&path, (medium, usual), offers, tree, context);
                read.map(|deflection| ((medium, usual), deflection)).into_iter().collect()
            }
        };
        if speaks
            && let Ok(message) = Deflection::new(medium, Channel::Sms, vec![Alternative::Message])
        {
            own.entry((medium, Channel::Sms)).or_insert(message);
        }
        if !own.is_empty() {
            paths.insert(id.clone(), path);
            all.own.insert(id, own);
        }
    }
    all.refuse_circles(&paths, [Some(texts), phone].into_iter().flatten(), context);
    all
}

/// Every queue and menu of the document, of texts and of calls.
pub(super) fn places(document: &Document) -> impl Iterator<Item = Place<'_>> {
    let texts = document.queues.iter().enumerate().map(|(i, queue)| Place {
        path: format!("queues[{i}]"),
        id: &queue.id,
        medium: Medium::Chat,
        section: queue.after_hours.as_ref(),
        speaks: queue.messages.values().any(|messages| messages.contains_key("after_hours")),
    });
    let calls = document.calls.iter().flat_map(|calls| calls.queues.iter().enumerate());
    texts.chain(calls.map(|(i, queue)| Place {
        path: format!("calls.queues[{i}]"),
        id: &queue.id,
        medium: Medium::Call,
        section: queue.after_hours.as_ref(),
        speaks: false,
    }))
}

struct Reader<'a> {
    /// The support center has an address.
    email: bool,
    /// Choosing these only changes the language.
    switches: BTreeSet<&'a str>,
}

impl Reader<'_> {
    fn entry_points(
        &self,
        path: &str,
        medium: Medium,
        section: &EntryPointsSection,
        tree: Option<&Tree>,
        context: &mut Context,
    ) -> Deflections {
        let EntryPointsSection { ivr, mobile, sms, web } = section;
        let each = [
            ("ivr", Channel::Ivr, ivr),
            ("mobile", Channel::Mobile, mobile),
            ("sms", Channel::Sms, sms),
            ("web", Channel::Web, web),
        ];
        let mut all = Deflections::new();
        for (name, entry_point, offers) in each {
            let Some(offers) = offers else { continue };
            let (path, key) = (format!("{path}.{name}"), (medium, entry_point));
            all.extend(self.offers(&path, key, offers, tree, context).map(|it| (key, it)));
        }
        all
    }

    fn offers(
        &self,
        path: &str,
        (medium, entry_point): (Medium, Channel),
        section: &OffersSection,
        tree: Option<&Tree>,
        context: &mut Context,
    ) -> Option<Deflection> {
        let words = match section {
            OffersSection::One(word) => std::slice::from_ref(word),
            OffersSection::Several(words) => words,
        };
        let waits = |id: &QueueId| {
            let leaf = |tree: &Tree| tree.node(id).is_some() && tree.is_leaf(id);
            tree.is_some_and(leaf) && !self.switches.contains(id.as_str())
        };
        let mut offers = Vec::new();
        for (i, word) in words.iter().enumerate() {
            let path = if words.len() > 1 { format!("{path}[{i}]") } else { path.to_owned() };
            let allowed = "message, voicemail, email, scheduled_call, queue:… and number:…";
            offers.push(context.problems.check(&path, alternative(word, waits, allowed))?);
        }
        if offers.contains(&Alternative::Email) && !self.email {
            let message = "`email` needs an address: support.email";
            context.problems.add(path, message);
        }
        context.problems.check(path, Deflection::new(medium, entry_point, offers))
    }
}

impl AfterHours {
    /// A node's own.
    pub(crate) fn own(&self, node: &QueueId, key: (Medium, Channel)) -> Option<&Deflection> {
        self.own.get(node)?.get(&key)
    }

    /// A node's own, or the center's.
    pub(crate) fn deflection(&self, node: &QueueId, key: (Medium, Channel)) -> Option<&Deflection> {
        self.own(node, key).or_else(|| self.center.get(&key))
    }

    /// The queue that a closed one leads to: its own, or the center's, but never itself.
    fn next(&self, at: &QueueId, key: (Medium, Channel)) -> Option<&QueueId> {
        let to = self.deflection(at, key)?.queue()?;
        (to != at || self.own(at, key).is_some()).then_some(to)
    }

    /// Queues that lead to others do not lead round in a circle, whichever way consumers come.
    fn refuse_circles<'a>(
        &self,
        paths: &BTreeMap<QueueId, String>,
        trees: impl Iterator<Item = &'a Tree>,
        context: &mut Context,
    ) {
        let nodes: Vec<&QueueId> = trees.flat_map(Tree::ids).collect();
        let keys: BTreeSet<&(Medium, Channel)> =
            self.center.keys().chain(self.own.values().flat_map(BTreeMap::keys)).collect();
        for key in keys {
            for id in &nodes {
                let first = self.next(id, *key);
                let way: Vec<&QueueId> =
                    std::iter::successors(first, |at| self.next(at, *key).filter(|_| at != id))
                        .take(nodes.len() + 1)
                        .collect();
                // Each circle once, at the queue whose id is the first of it.
                if way.last() == Some(id) && way.iter().all(|other| id <= other) {
                    let round = way.iter().map(|at| at.as_str()).collect::<Vec<_>>().join(" → ");
                    let message =
                        format!("the queues send consumers round in a circle: {id} → {round}");
                    let path = paths.get(*id).cloned().unwrap_or_else(|| "after_hours".into());
                    context.problems.add(path, message);
                }
            }
        }
    }
}
