//! Hours for some consumers only (HRS-2).

use std::{collections::BTreeMap, sync::Arc};

use frontdesk_hours::{Audience, CustomHours, Medium, OpeningHours};
use frontdesk_routing::Tree;
use frontdesk_types::{Channel, QueueId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, HoursSection, check::Context, hours::schedule};

/// Hours that hold instead of others for those who are named: `[hours]` is for everybody. Of several that hold for
/// somebody the most specific counts: the nearest node of the menu, then what names entry points, then languages, then
/// calls or chats.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomHoursSection {
    /// What they are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The queues and menus, of texts and of the phone, with everything below; all of them, without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<String>,
    /// Only those who come for these: `call`, `chat`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<MediumName>,
    /// Only those who come through these: `ivr`, `mobile`, `sms`, `web`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry_points: Vec<EntryPointName>,
    /// Only those who speak these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The hours.
    pub hours: HoursSection,
}

/// What consumers come for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediumName {
    /// A call.
    Call,
    /// A chat.
    Chat,
}

/// Where consumers come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryPointName {
    /// The phone menu.
    Ivr,
    /// An app.
    Mobile,
    /// Texts.
    Sms,
    /// A page.
    Web,
}

impl From<MediumName> for Medium {
    fn from(name: MediumName) -> Self {
        match name {
            MediumName::Call => Self::Call,
            MediumName::Chat => Self::Chat,
        }
    }
}

impl From<EntryPointName> for Channel {
    fn from(name: EntryPointName) -> Self {
        match name {
            EntryPointName::Ivr => Self::Ivr,
            EntryPointName::Mobile => Self::Mobile,
            EntryPointName::Sms => Self::Sms,
            EntryPointName::Web => Self::Web,
        }
    }
}

/// The hours for some consumers, by the node that they hold in; `None` is the center. Each with its place in the document.
pub(super) type ByNode = BTreeMap<Option<QueueId>, Vec<(String, CustomHours)>>;

pub(super) fn custom_hours(document: &Document, context: &mut Context) -> ByNode {
    let mut by_node = ByNode::new();
    for (i, section) in document.custom_hours.iter().enumerate() {
        let path = format!("custom_hours[{i}]");
        let languages = section
            .languages
            .iter()
            .enumerate()
            .filter_map(|(j, text)| context.language(&format!("{path}.languages[{j}]"), text));
        let audience = Audience {
            languages: languages.collect(),
            media: section.channels.iter().map(|name| (*name).into()).collect(),
            entry_points: section.entry_points.iter().map(|name| (*name).into()).collect(),
        };
        if audience.is_nobody() {
            let message = "chats do not come through `ivr`, and calls not through `sms`: they would hold for nobody";
            context.problems.add(format!("{path}.entry_points"), message);
        }
        if audience.is_everybody() && section.queues.is_empty() {
            let message = "names nobody: queues, channels, entry_points or languages; [hours] is for everybody";
            context.problems.add(&path, message);
        }
        let schedule = schedule(&format!("{path}.hours"), &section.hours, context);
        let queues: Vec<(String, QueueId)> = section
            .queues
            .iter()
            .enumerate()
            .filter_map(|(j, queue)| {
                let path = format!("{path}.queues[{j}]");
                Some((path.clone(), context.problems.check(&path, queue.parse())?))
            })
            .collect();
        let Some(schedule) = schedule else { continue };
        let name = section.name.as_deref().map(Arc::from);
        let hours = CustomHours { of: None, name, audience, schedule };
        if section.queues.is_empty() {
            by_node.entry(None).or_default().push((path.clone(), hours.clone()));
        }
        for (path, id) in queues {
            let own = CustomHours { of: Some(id.clone()), ..hours.clone() };
            by_node.entry(Some(id)).or_default().push((path, own));
        }
    }
    by_node
}

/// The hours of a node: its own for everybody, those for some, and what is above.
pub(super) fn of_node(
    path: &str,
    id: Option<&QueueId>,
    section: Option<&HoursSection>,
    above: Option<Arc<OpeningHours>>,
    context: &mut Context,
) -> Option<Arc<OpeningHours>> {
    let (mut paths, mut own) = (Vec::new(), Vec::new());
    if let Some(schedule) = section.and_then(|section| schedule(path, section, context)) {
        let (of, audience) = (id.cloned(), Audience::default());
        paths.push(path.to_owned());
        own.push(CustomHours { of, name: None, audience, schedule });
    }
    for (path, hours) in context.custom_hours.remove(&id.cloned()).unwrap_or_default() {
        paths.push(path);
        own.push(hours);
    }
    if own.is_empty() {
        return above;
    }
    match OpeningHours::new(own, above) {
        Ok(hours) => Some(Arc::new(hours)),
        Err(tie) => {
            let place = |n: usize| paths.get(n).map(String::as_str).unwrap_or_default();
            let first = place(tie.first);
            let message =
                format!("holds for the same consumers as {first}, and neither says more of them");
            context.problems.add(place(tie.second), message);
            None
        }
    }
}

/// Hours name nodes that are there, also where the hours themselves cannot be read; what holds for nobody of a node's menu is a
/// mistake.
pub(super) fn refuse_unknown(
    document: &Document,
    (texts, phone): (&Tree, Option<&Tree>),
    context: &mut Context,
) {
    for (i, section) in document.custom_hours.iter().enumerate() {
        for (j, queue) in section.queues.iter().enumerate() {
            let path = format!("custom_hours[{i}].queues[{j}]");
            // An id that is none has been told.
            let Ok(id) = queue.parse::<QueueId>() else { continue };
            let is_in = |tree: &Tree| tree.node(&id).is_some();
            let (medium, kind) = match (is_in(texts), phone.is_some_and(is_in)) {
                (true, _) => (MediumName::Chat, "texts"),
                (_, true) => (MediumName::Call, "the phone"),
                _ => {
                    let message = format!("there is no queue `{id}`, of texts or of the phone");
                    context.problems.add(path, message);
                    continue;
                }
            };
            if !section.channels.is_empty() && !section.channels.contains(&medium) {
                let message = format!("`{queue}` is a queue of {kind}: they would hold for nobody");
                context.problems.add(path, message);
            }
        }
    }
}
