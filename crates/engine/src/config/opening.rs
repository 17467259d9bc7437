//! Whether queues are open, for whom, and what those find who come outside of hours (HRS-2 to HRS-10).

use std::{borrow::Cow, collections::BTreeMap};

use chrono::TimeDelta;
use frontdesk_hours::{
    Answer, CustomHours, Deflection, Medium, MenuHours, Schedule, Slot, SlotRules, Visit, answer,
};
use frontdesk_sms::MessageKind;
use frontdesk_types::{AgentId, Channel, Instant, Language, QueueId};
use serde::Serialize;

use super::{Center, HolidayMessages};

/// What consumers of a closed queue are told, by language; variables as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldWhenClosed {
    /// Those who text.
    pub text: BTreeMap<String, String>,
    /// Those who call, where a holiday says something.
    pub voice: BTreeMap<String, String>,
}

/// Who gets a voice message that is left outside of hours (HRS-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoicemailFor {
    /// The queue's agents, when it opens; `None` if it never does.
    Agents(Option<Instant>),
    /// Nobody is assigned: the CRM.
    Crm,
}

/// The menus of a center as somebody finds them who comes at an instant.
pub(crate) struct Visited<'a> {
    center: &'a Center,
    visit: Visit,
    at: Instant,
}

impl<'a> Visited<'a> {
    /// The queues below a menu, or the queue itself.
    fn queues<'q>(&self, node: &'q QueueId) -> impl Iterator<Item = &'q QueueId>
    where
        'a: 'q,
    {
        let mut leaves = self.leaves(node).map(|leaf| -> &'q QueueId { leaf }).peekable();
        let itself = leaves.peek().is_none().then_some(node);
        itself.into_iter().chain(leaves)
    }
}

impl<'a> MenuHours<'a> for Visited<'a> {
    fn is_open(&self, queue: &QueueId) -> bool {
        let Self { center, visit, at } = *self;
        center.is_open(queue, visit, at)
            || (visit.medium == Medium::Chat && center.is_always_answered(queue))
    }

    fn own(&self, node: &QueueId) -> Option<&'a Deflection> {
        self.center.after_hours.own(node, (self.visit.medium, self.visit.entry_point))
    }

    fn center(&self) -> Option<&'a Deflection> {
        self.center.after_hours.center.get(&(self.visit.medium, self.visit.entry_point))
    }

    fn leaves(&self, node: &QueueId) -> Box<dyn Iterator<Item = &'a QueueId> + 'a> {
        let center = self.center;
        let channel = center.channel_of(node);
        let Some(tree) = channel.and_then(|channel| center.menu(channel, self.visit.language))
        else {
            return Box::new(std::iter::empty());
        };
        let mut below: Vec<&QueueId> = tree.options(node).collect();
        below.reverse();
        Box::new(std::iter::from_fn(move || {
            loop {
                let node = below.pop()?;
                if !tree.is_leaf(node) {
                    let first = below.len();
                    below.extend(tree.options(node));
                    below.get_mut(first..).unwrap_or_default().reverse();
                } else if !center.is_language_switch(node) {
                    return Some(node);
                }
            }
        }))
    }
}

impl Center {
    /// Who comes to a queue when nothing else is said: somebody who texts, or calls, in the default language.
    pub fn usual_visit(&self, queue: &QueueId) -> Visit {
        match self.channel_of(queue) {
            Some(Channel::Ivr) => Visit::by_phone(self.default_language()),
            _ => Visit::by_text(self.default_language()),
        }
    }

    /// The hours that hold in a queue for somebody, and whose they are; `None` is always open (HRS-2).
    pub fn opening_hours(&self, queue: &QueueId, visit: Visit) -> Option<&CustomHours> {
        self.hours.get(queue)?.for_visit(visit)
    }

    /// Every hours that can hold in a queue, the nearest and most specific first.
    pub fn all_hours(&self, queue: &QueueId) -> impl Iterator<Item = &CustomHours> {
        self.hours.get(queue).into_iter().flat_map(|hours| hours.all())
    }

    /// When a queue is open for somebody; `None` is always.
    pub fn hours(&self, queue: &QueueId, visit: Visit) -> Option<&Schedule> {
        self.opening_hours(queue, visit).map(|hours| &*hours.schedule)
    }

    /// Whether a queue is open for somebody at an instant.
    pub fn is_open(&self, queue: &QueueId, visit: Visit, at: Instant) -> bool {
        self.hours(queue, visit).is_none_or(|hours| hours.is_open(at))
    }

    /// The name of the holiday that a queue observes at an instant (HRS-3).
    pub fn holiday(&self, queue: &QueueId, visit: Visit, at: Instant) -> Option<&str> {
        self.hours(queue, visit)?.holiday(at).map(frontdesk_hours::Holiday::name)
    }

    /// What a holiday says that a queue observes at an instant.
    pub(crate) fn holiday_says(
        &self,
        queue: &QueueId,
        visit: Visit,
        at: Instant,
    ) -> Option<&HolidayMessages> {
        self.holiday_messages.get(self.holiday(queue, visit, at)?)
    }

    /// What somebody finds who comes to a node of the menu at an instant (HRS-5).
    pub fn answer(&self, node: &QueueId, visit: Visit, at: Instant) -> Answer<'_> {
        answer(&self.visited(visit, at), node)
    }

    fn visited(&self, visit: Visit, at: Instant) -> Visited<'_> {
        Visited { center: self, visit, at }
    }

    /// What is offered to somebody while a node is closed: its own, or the center's.
    pub fn deflection(&self, node: &QueueId, visit: Visit) -> Option<&Deflection> {
        self.after_hours.deflection(node, (visit.medium, visit.entry_point))
    }

    /// When a closed queue opens again, or the first of those below a menu; with the hours that say so.
    pub fn reopening(
        &self,
        node: &QueueId,
        visit: Visit,
        at: Instant,
    ) -> Option<(Instant, &Schedule)> {
        let visited = self.visited(visit, at);
        let opens = visited.queues(node).filter_map(|queue| {
            let hours = self.hours(queue, visit)?;
            Some((hours.next_opening(at)?, hours))
        });
        opens.min_by_key(|(opens, _)| *opens)
    }

    /// Whether consumers can wait in a queue now, or in one below a menu.
    pub(crate) fn takes_consumers(&self, node: &QueueId, visit: Visit, at: Instant) -> bool {
        let visited = self.visited(visit, at);
        visited.queues(node).any(|queue| visited.is_open(queue))
    }

    /// Whether a virtual agent takes the chats of a queue at any time (HRS-11).
    pub(crate) fn is_always_answered(&self, queue: &QueueId) -> bool {
        !self.bots.is_empty()
            && self.agents_of(queue).any(|id| self.bots.get(id).is_some_and(|bot| bot.always))
    }

    fn is_language_switch(&self, node: &QueueId) -> bool {
        self.sms.node(node).is_some_and(frontdesk_sms::Node::is_language_switch)
    }

    /// Who gets a voice message that is left in a queue while it is closed (HRS-6).
    pub fn voicemail_for(&self, queue: &QueueId, visit: Visit, at: Instant) -> VoicemailFor {
        match self.call_agents(queue) {
            [] => VoicemailFor::Crm,
            _ => VoicemailFor::Agents(self.reopening(queue, visit, at).map(|(opens, _)| opens)),
        }
    }

    /// Who takes the calls of a queue of the phone menu.
    pub fn call_agents(&self, queue: &QueueId) -> &[AgentId] {
        self.after_hours.call_agents.get(queue).map_or(&[], Vec::as_slice)
    }

    /// The address of the support center that is offered outside of hours (HRS-7, HRS-8).
    pub fn support_email(&self) -> Option<&str> {
        self.after_hours.email.as_deref()
    }

    /// When calls can be scheduled.
    pub fn slot_rules(&self) -> &SlotRules {
        &self.after_hours.slots
    }

    /// How many calls one slot of a queue takes; none where nobody is assigned.
    pub fn slot_places(&self, queue: &QueueId) -> u32 {
        self.after_hours.slots.places(self.call_agents(queue).len())
    }

    /// The slots that calls of a queue can be scheduled in by somebody who would wait so long now (HRS-10).
    pub fn slots(&self, queue: &QueueId, visit: Visit, now: Instant, wait: TimeDelta) -> Vec<Slot> {
        if self.slot_places(queue) == 0 {
            return Vec::new();
        }
        self.after_hours.slots.slots(&self.slot_hours(queue, visit), now, wait).collect()
    }

    /// The slot that begins at an instant, if it is one of those.
    pub fn slot(
        &self,
        queue: &QueueId,
        visit: Visit,
        from: Instant,
        now: Instant,
        wait: TimeDelta,
    ) -> Option<Slot> {
        self.after_hours.slots.slot(&self.slot_hours(queue, visit), from, now, wait)
    }

    fn slot_hours(&self, queue: &QueueId, visit: Visit) -> Cow<'_, Schedule> {
        let always = || Cow::Owned(Schedule::always(frontdesk_hours::Zone::utc()));
        self.hours(queue, visit).map_or_else(always, Cow::Borrowed)
    }

    /// What consumers of a closed queue are told at an instant, by language: what a holiday says, or the after-hours
    /// message (HRS-3, HRS-9).
    pub fn told_when_closed(&self, queue: &QueueId, visit: Visit, at: Instant) -> ToldWhenClosed {
        let said = |language| self.holiday_says(queue, Visit { language, ..visit }, at);
        let after_hours = |language: Language| {
            let template = self.sms.template(Some(queue), MessageKind::AfterHours, language);
            template.map(ToString::to_string)
        };
        let in_each = |of: &dyn Fn(Language) -> Option<String>| {
            let texts = self.languages.iter().filter_map(|it| Some((it.to_string(), of(*it)?)));
            texts.collect::<BTreeMap<String, String>>()
        };
        let default = self.default_language();
        let text = |language| {
            let own = said(language).and_then(|said| said.text.get(language, default));
            own.map(ToString::to_string).or_else(|| after_hours(language))
        };
        let voice =
            |language| said(language).and_then(|said| said.voice.get(language, default)).cloned();
        ToldWhenClosed { text: in_each(&text), voice: in_each(&voice) }
    }
}
