//! Texts beside phone calls (SMS-29 to SMS-31, SMS-35): the phone's queues, as far as texts are concerned.

mod capacity;
mod queues;

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use compact_str::CompactString;
use frontdesk_hours::OpeningHours;
use frontdesk_routing::Tree;
use frontdesk_sms::{CallConfig, Messages};
use frontdesk_types::{Localized, QueueId, SupportNumber, Template, Variable};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Assigned, Center, Document, HoursSection, MessagesSection, NodeAfterHours, Text,
    check::Context, numbers::number, queues::Built,
};

pub use capacity::OverCapacitySection;

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
    /// The phone menu has the structure of another channel's (RTE-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<CopySection>,
    /// The nodes of the phone menu, and what is set for those that are copied.
    #[serde(default)]
    pub queues: Vec<CallQueueSection>,
}

/// Whose structure a channel has.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CopySection {
    /// Whose.
    pub from: CopiedChannel,
    /// What the ids of the copies begin with, before those of the originals: `phone-`.
    pub prefix: String,
}

/// The channels whose menus can be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CopiedChannel {
    /// That of texts.
    Sms,
}

/// A node of the phone menu; what it does not set is as above it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallQueueSection {
    /// Its id; queues of texts have others.
    pub id: String,
    /// Its name; that of the original without, where it is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// The node above it in the phone menu; a copy's is the copy of what is above the original.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Not told in the menu.
    #[serde(default)]
    pub hidden: bool,
    /// The languages whose menus have it, with everything below it; every one, without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// From when on too many wait: callers are asked whether they keep waiting, or want something else (RTE-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_capacity: Option<Vec<OverCapacitySection>>,
    /// Who has left a voice message that nobody has heard is not offered another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once_per_number: Option<bool>,
    /// Callers who keep waiting are asked about texts while they wait (SMS-29).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_time: Option<ThresholdSection>,
    /// Its own hours, inherited down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursSection>,
    /// What callers are offered while it is closed; not inherited (HRS-5 to HRS-7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_hours: Option<NodeAfterHours>,
    /// Who takes its calls: scheduled calls have places for so many (HRS-10), and voice messages are theirs (HRS-6).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<Assigned>,
    /// The teams who do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<Assigned>,
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
    /// The phone menu, with what no language leaves out.
    pub(crate) tree: Tree,
    /// The names of its nodes.
    pub(crate) names: BTreeMap<QueueId, Localized<CompactString>>,
}

/// The longest wait that is told (SMS-9).
const LONGEST_WAIT: u32 = 300;

/// The settings of calls and the phone menu. The settings are `None` where the calls' number cannot be read;
/// other sections name the menu also then.
pub(super) fn calls(
    document: &Document,
    built: &mut Built,
    messages: &Localized<Messages>,
    hours: Option<&Arc<OpeningHours>>,
    context: &mut Context,
) -> (Option<Calls>, Option<Tree>) {
    let Some(section) = &document.calls else { return (None, None) };
    let mut config = CallConfig::new(&document.center.company, context.default_language());
    config.messages = Arc::new(messages.clone());
    let seconds = |path: &str, value, range, default, context: &mut Context| {
        TimeDelta::seconds(context.within(path, value, range, default).into())
    };
    config.answer = seconds("calls.answer_seconds", section.answer_seconds, 5..=120, 15, context);
    config.delivery =
        seconds("calls.delivery_seconds", section.delivery_seconds, 10..=600, 60, context);
    config.app_link = app_link(section, context);
    let menu = queues::phone_menu(document, section, built, (messages, hours), context);
    config.queues = menu.queues;
    let default = context.default_language();
    let name = |(id, names): (&QueueId, &Localized<CompactString>)| {
        let name = names.get(default, default);
        (id.clone(), name.map_or_else(|| id.to_string(), ToString::to_string))
    };
    built.names.extend(menu.names.iter().map(name));
    let number = number("calls.number", &section.number, context);
    let phone = menu.tree.clone();
    (number.map(|number| Calls { number, config, tree: menu.tree, names: menu.names }), Some(phone))
}

fn app_link(section: &CallsSection, context: &mut Context) -> Option<Template> {
    let link = section.app_link.as_ref()?;
    let path = "calls.app_link";
    if !link.starts_with("https://") || link.contains(char::is_whitespace) {
        context.problems.add(path, format!("`{link}` is not a link: https://… is expected"));
    }
    context.problems.check(path, Template::parse(link, &[Variable::SessionId]))
}

fn minutes(path: &str, found: u32, context: &mut Context) -> u32 {
    context.within(path, Some(found), 0..=LONGEST_WAIT, 0)
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
