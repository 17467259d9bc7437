//! Texts beside phone calls (SMS-29 to SMS-31, SMS-35): the phone's queues, as far as texts are concerned.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use frontdesk_routing::Tree;
use frontdesk_sms::{CallConfig, CallQueue, DeflectionRule, Messages, services::Threshold};
use frontdesk_types::{Localized, QueueId, SupportNumber, Template, Variable};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Center, Document, MessagesSection, OverCapacitySection, Text,
    bots::localized,
    capacity::{capacity, offered_queues},
    check::{Context, override_messages},
    numbers::number,
    queues::{Built, named_leaf},
};

/// Texts beside phone calls. The telephony is the host's; it tells what happens to calls.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallsSection {
    /// Texts beside calls come from this number and go to it; no other texts do (SMS-8).
    pub number: String,
    /// The link of the app, `https://…`; `@{SESSION_ID}` in it becomes the call's (SMS-35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_link: Option<String>,
    /// How long a caller has to press a key, in seconds, 5 to 120; 15 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_seconds: Option<u32>,
    /// How long the text that takes a caller into a chat may be on its way, in seconds, 10 to 600; 60 by
    /// default (SMS-31).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_seconds: Option<u32>,
    /// The leaves of the phone menu.
    #[serde(default)]
    pub queues: Vec<CallQueueSection>,
}

/// A leaf of the phone menu.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallQueueSection {
    /// Its id; queues of texts have others.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// From when on too many wait: callers are asked whether they keep waiting, or want something else (RTE-13).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over_capacity: Vec<OverCapacitySection>,
    /// Who has left a voice message that nobody has heard is not offered another.
    #[serde(default)]
    pub once_per_number: bool,
    /// Callers who keep waiting are asked about texts while they wait (SMS-29).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_time: Option<ThresholdSection>,
    /// Callers are asked whether they would rather text (SMS-31).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deflection: Option<DeflectionSection>,
    /// Its own messages per language: `wait_time`, `deflection_greeting`, `app_link`.
    #[serde(default)]
    pub messages: BTreeMap<String, MessagesSection>,
}

/// From which estimated wait on something is offered.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdSection {
    /// In minutes, 0 to 300; 0 is always, which is the default.
    #[serde(default)]
    pub from: u32,
}

/// To where callers can go on by text.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeflectionSection {
    /// The queue in which the chat waits.
    pub to: String,
    /// The number of the chat, one whose menu has that queue; the nearest by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// From which estimated wait on, in minutes, 0 to 300; 0 is always, which is the default.
    #[serde(default)]
    pub from: u32,
}

/// What holds for texts beside calls.
#[derive(Debug, Clone)]
pub(crate) struct Calls {
    pub(crate) number: SupportNumber,
    pub(crate) config: CallConfig,
}

/// The longest wait that is told (SMS-9).
const LONGEST_WAIT: u32 = 300;

pub(super) fn calls(
    document: &Document,
    built: &Built,
    messages: &Localized<Messages>,
    context: &mut Context,
) -> Option<Calls> {
    let section = document.calls.as_ref()?;
    let mut config = CallConfig::new(&document.center.company, context.default_language());
    config.messages = Arc::new(messages.clone());
    let seconds = |path: &str, value, range, default, context: &mut Context| {
        TimeDelta::seconds(context.within(path, value, range, default).into())
    };
    config.answer = seconds("calls.answer_seconds", section.answer_seconds, 5..=120, 15, context);
    config.delivery =
        seconds("calls.delivery_seconds", section.delivery_seconds, 10..=600, 60, context);
    config.app_link = app_link(section, context);
    for (i, section) in section.queues.iter().enumerate() {
        let path = format!("calls.queues[{i}]");
        let id = context.problems.check(&format!("{path}.id"), section.id.parse::<QueueId>());
        let queue = call_queue(&path, section, built, messages, context);
        let Some(id) = id else { continue };
        let taken = built.tree.node(&id).is_some();
        if taken || config.queues.insert(id.clone(), queue).is_some() {
            let message = format!("the id `{id}` is taken by another queue");
            context.problems.add(format!("{path}.id"), message);
        }
    }
    offered_queues(&section.queues, context);
    let number = number("calls.number", &section.number, context)?;
    Some(Calls { number, config })
}

fn app_link(section: &CallsSection, context: &mut Context) -> Option<Template> {
    let link = section.app_link.as_ref()?;
    let path = "calls.app_link";
    if !link.starts_with("https://") || link.contains(char::is_whitespace) {
        context.problems.add(path, format!("`{link}` is not a link: https://… is expected"));
    }
    context.problems.check(path, Template::parse(link, &[Variable::SessionId]))
}

fn call_queue(
    path: &str,
    section: &CallQueueSection,
    built: &Built,
    messages: &Localized<Messages>,
    context: &mut Context,
) -> CallQueue {
    let names = localized(&format!("{path}.name"), Some(&section.name), context);
    let wait_time = section.wait_time.as_ref().map(|section| {
        Threshold::from_minutes(minutes(&format!("{path}.wait_time.from"), section.from, context))
    });
    if wait_time.is_some() && section.over_capacity.is_empty() {
        let message = "is offered to those who keep waiting; over_capacity says from when on";
        context.problems.add(format!("{path}.wait_time"), message);
    }
    let deflection = section
        .deflection
        .as_ref()
        .and_then(|section| deflection(&format!("{path}.deflection"), section, built, context));
    let over_capacity = capacity(path, section, deflection.as_ref(), context);
    let mut own = messages.clone();
    override_messages(&format!("{path}.messages"), &section.messages, &mut own, context);
    CallQueue {
        names: names.0.into_iter().map(|(language, name)| (language, name.into())).collect(),
        over_capacity,
        wait_time,
        deflection,
        messages: (!section.messages.is_empty()).then(|| Arc::new(own)),
    }
}

pub(super) fn minutes(path: &str, found: u32, context: &mut Context) -> u32 {
    context.within(path, Some(found), 0..=LONGEST_WAIT, 0)
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

impl Center {
    /// Whether nobody reads texts to a number: that of notices (SMS-34), and that of calls outside of a call
    /// (SMS-8).
    pub(crate) fn reaches_nobody(&self, number: SupportNumber) -> bool {
        self.notifications.contains(&number) || self.call_number() == Some(number)
    }

    /// What holds for calls; for those that are open still when calls are no longer configured, the least.
    pub(crate) fn call_config(&self) -> Cow<'_, CallConfig> {
        match &self.calls {
            Some(calls) => Cow::Borrowed(&calls.config),
            None => Cow::Owned(CallConfig::new(&self.company, self.default_language())),
        }
    }

    /// The leaves of the phone menu, as far as texts are concerned.
    pub fn call_queues(&self) -> impl Iterator<Item = (&QueueId, String)> {
        let calls = self.calls.as_ref().map(|calls| &calls.config);
        let language = self.default_language();
        let named = move |config: &'_ CallConfig, id: &QueueId| config.name(id, language).into();
        let mut all: Vec<(&QueueId, String)> = calls
            .iter()
            .flat_map(|config| config.queues.keys().map(|id| (id, named(config, id))))
            .collect();
        all.sort();
        all.into_iter()
    }

    /// The number of texts beside calls.
    pub fn call_number(&self) -> Option<SupportNumber> {
        self.calls.as_ref().map(|calls| calls.number)
    }
}
