use std::{fmt, sync::Arc};

use chrono::TimeDelta;
use compact_str::CompactString;
use frontdesk_types::{
    Alternative, Instant, Language, Localized, QueueId, SupportNumber, Template,
};
use rustc_hash::FxHashMap;

use crate::{
    MessageKind, Messages,
    services::{PreSessionDeflection, Threshold, WaitTime},
};

/// What holds for texts beside calls (SMS-29 to SMS-31, SMS-35).
#[derive(Debug, Clone)]
pub struct CallConfig {
    /// How long a caller has to press a key; 15 s by default.
    pub answer: TimeDelta,
    /// How long the text that takes a caller into a chat may be on its way; 60 s by default.
    pub delivery: TimeDelta,
    /// The link of the app (SMS-35); `@{SESSION_ID}` in it becomes the call's session.
    pub app_link: Option<Template>,
    /// The queues of the phone menu.
    pub queues: FxHashMap<QueueId, CallQueue>,
    /// The company's name.
    pub company: CompactString,
    /// The language for what is not there in the call's.
    pub default_language: Language,
    /// The messages of the center.
    pub messages: Arc<Localized<Messages>>,
}

/// A leaf of the phone menu.
#[derive(Debug, Clone, Default)]
pub struct CallQueue {
    /// Its name per language.
    pub names: Localized<CompactString>,
    /// From when on too many wait, and what is offered then.
    pub over_capacity: Option<Arc<dyn Capacity>>,
    /// Whether, and from which wait on, callers are asked about texts while they wait (SMS-29).
    pub wait_time: Option<Threshold<WaitTime>>,
    /// Whether and to where callers can go on by text (SMS-31).
    pub deflection: Option<DeflectionRule>,
    /// Its own messages; `None` for the center's.
    pub messages: Option<Arc<Localized<Messages>>>,
}

/// When too many wait in a queue, and what callers are offered then (RTE-13): rules that the host brings. The same
/// question must have the same answer: timers are made from it.
pub trait Capacity: fmt::Debug + Send + Sync {
    /// What the caller is to be asked next, as things stand: now, if its instant is not after `at`; never before
    /// `at`. `None` when not too many wait.
    fn next(&self, caller: &WaitingCaller, at: Instant) -> Option<CapacityOffer>;
}

/// A caller who waits, as far as [`Capacity`] looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingCaller {
    /// Since when.
    pub since: Instant,
    /// The estimated wait in minutes, where it is known.
    pub estimate: Option<u32>,
    /// The band in which they were asked last: only those after it count.
    pub asked_in: Option<u32>,
    /// They have left a voice message that nobody has heard yet.
    pub has_voicemail: bool,
}

/// What a caller is to be asked, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapacityOffer {
    /// From when on.
    pub at: Instant,
    /// The band of the rules, counted from 0; above the one in which they were asked last.
    pub band: u32,
    /// What is offered beside waiting, eight things at most: keys 2 to 9. To go on by text is offered only while
    /// a chat can begin.
    pub alternatives: Vec<Alternative>,
}

/// To where callers can go on by text (SMS-31).
#[derive(Debug, Clone)]
pub struct DeflectionRule {
    /// The queue of the SMS channel in which the chat waits.
    pub to: QueueId,
    /// That queue's name per language.
    pub names: Localized<CompactString>,
    /// The number of the chat.
    pub number: SupportNumber,
    /// From which estimated wait on.
    pub threshold: Threshold<PreSessionDeflection>,
}

impl CallConfig {
    /// Without queues, with the default messages in the language.
    pub fn new(company: &str, default_language: Language) -> Self {
        let messages = [(default_language, Messages::defaults(default_language))];
        Self {
            answer: TimeDelta::seconds(15),
            delivery: TimeDelta::seconds(60),
            app_link: None,
            queues: FxHashMap::default(),
            company: company.into(),
            default_language,
            messages: Arc::new(messages.into_iter().collect()),
        }
    }

    pub(super) fn template(
        &self,
        queue: Option<&QueueId>,
        kind: MessageKind,
        language: Language,
    ) -> Option<&Template> {
        let own =
            queue.and_then(|id| self.queues.get(id)).and_then(|queue| queue.messages.as_ref());
        let messages = own.unwrap_or(&self.messages);
        messages.get(language, self.default_language).map(|messages| messages.get(kind))
    }

    /// A queue's name in the best language there is.
    pub fn name(&self, queue: &QueueId, language: Language) -> CompactString {
        let names = self.queues.get(queue).map(|queue| &queue.names);
        names
            .map_or_else(|| queue.as_str().into(), |names| self.in_language(names, queue, language))
    }

    pub(super) fn in_language(
        &self,
        names: &Localized<CompactString>,
        queue: &QueueId,
        language: Language,
    ) -> CompactString {
        let name = names.get(language, self.default_language);
        name.cloned().unwrap_or_else(|| queue.as_str().into())
    }
}
