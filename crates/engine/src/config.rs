//! One document describes a contact center. [`Center::load`] gives a value that the engine can trust, or
//! every problem with its path.

mod after_hours;
mod bots;
mod calls;
mod check;
mod compliance;
mod custom_hours;
mod document;
mod forwards;
mod hours;
mod ids;
mod load;
mod mend;
mod menus;
mod names;
mod notes;
mod numbers;
mod offers;
mod opening;
mod paths;
mod problem;
mod queues;
mod review;
mod routing;
mod scheduled;
mod settings;
mod shortcuts;
mod staff;
mod structure;
mod syntax;
mod timers;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use frontdesk_hours::{OpeningHours, Schedule};
use frontdesk_routing::{Menus, Staff, Tree, Wait};
use frontdesk_sms::{Commands, MessageKind};
use frontdesk_tendlc::{Consent, Facts, GateRules, Programme, Retention};
use frontdesk_types::{
    AgentId, AgentStatus, CenterId, Channel, Instant, Language, Localized, Needs, PhoneNumber,
    QueueId, Region, SkillId, StatusId, SupportNumber, Template, Zone, Zones,
};

use crate::store::Known;

pub(crate) use after_hours::AfterHours;
pub use after_hours::{AfterHoursSection, EntryPointsSection, NodeAfterHours, OffersSection};
pub(crate) use calls::Calls;
pub use calls::{
    CallQueueSection, CallsSection, CopiedChannel, CopySection, DeflectionSection,
    OverCapacitySection, ThresholdSection,
};
pub use compliance::{
    Activation, CampaignSection, CampaignWords, ComplianceSection, ContentSection,
    ExceptionSection, NumberSection, ScrubSection,
};
pub(crate) use compliance::{Enrolment, Membership};
pub use custom_hours::{CustomHoursSection, EntryPointName, MediumName};
pub use document::{
    AgentSection, AutomaticSection, BotRuleSection, CenterSection, Document, MediaSection,
    MenuSection, MessagesSection, NotificationsSection, OutboundNumber, OutboundSection,
    PossibleRevocation, QueueSection, RevocationSection, SendingSection, ShortcutSection,
    SupportSection, TeamSection, Text, TimersSection, TransfersSection, VirtualAgentHours,
    VirtualAgentSection, WordsSection,
};
pub(crate) use hours::HolidayMessages;
pub use hours::{HolidaySection, HoursSection, SpecialHoursSection};
pub use opening::{ToldWhenClosed, VoicemailFor};
pub use scheduled::ScheduledCallsSection;
pub use schemars::JsonSchema;
use serde::de::DeserializeOwned;

pub use problem::{Plain, Problem, Problems};
pub use review::{Checked, Finding, Severity};
pub use settings::Setting;

pub use routing::{Assigned, AssignmentName, GroupSection, RoutingSection, StaffSection};

/// Limits of automatic texts to one consumer on one number in any hour (SMS-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AutomaticLimits {
    pub(crate) texts_per_hour: usize,
    pub(crate) virtual_texts_per_hour: usize,
}

/// A contact center, validated: what the engine runs.
#[derive(Debug, Clone)]
pub struct Center {
    pub(crate) id: CenterId,
    pub(crate) company: String,
    pub(crate) languages: Vec<Language>,
    pub(crate) region: Region,
    pub(crate) tree: Tree,
    /// The menus of every channel that has some, in each language (RTE-1).
    pub(crate) menus: Menus,
    pub(crate) sms: frontdesk_sms::Config,
    pub(crate) commands: Commands,
    /// When each node of the menus is open, for whom (HRS-2).
    pub(crate) hours: BTreeMap<QueueId, Arc<OpeningHours>>,
    /// What is offered outside of that (HRS-5).
    pub(crate) after_hours: AfterHours,
    /// What is told on a holiday, by its name.
    pub(crate) holiday_messages: BTreeMap<String, HolidayMessages>,
    pub(crate) staff: Staff,
    /// As it was written, but for the host's section.
    document: Arc<Document>,
    /// When agents are there, of those who have shifts (RTE-12).
    pub(crate) shifts: BTreeMap<AgentId, Arc<Schedule>>,
    /// What the sessions of each queue ask for (RTE-18).
    pub(crate) asks: BTreeMap<QueueId, routing::Asks>,
    /// Statuses of the center's own (RTE-10).
    pub(crate) statuses: BTreeSet<StatusId>,
    pub(crate) agents: BTreeMap<AgentId, String>,
    pub(crate) queue_names: BTreeMap<QueueId, String>,
    pub(crate) possible_revocation: PossibleRevocation,
    /// The languages whose revocation rules apply (SMS-16).
    pub(crate) revocation_languages: frontdesk_sms::Languages,
    pub(crate) automatic: AutomaticLimits,
    pub(crate) shortcuts: Vec<Shortcut>,
    pub(crate) bots: BTreeMap<AgentId, bots::Bot>,
    pub(crate) calls: Option<Calls>,
    /// How large a picture or video may be, in bytes (SMS-7).
    pub(crate) media_limit: usize,
    /// How many texts may leave in a minute (SMS-8): from each number, and from some.
    pub(crate) sending: (Option<u32>, BTreeMap<SupportNumber, u32>),
    /// By what texts of each number leave (DLC-4).
    pub(crate) compliance: compliance::Compliance,
    pub(crate) emails: BTreeMap<String, AgentId>,
    pub(crate) outbound: Outbound,
    pub(crate) notifications: BTreeSet<SupportNumber>,
    /// Whether sessions may be transferred to queues outside of their hours (HRS-11).
    pub(crate) transfers_outside_hours: bool,
    /// The nodes whose numbers are their own (SMS-37).
    pub(crate) direct: BTreeSet<QueueId>,
    pub(crate) host: serde_json::Value,
    pub(crate) zones: Zones,
}

/// What the ids of queues begin with that are one agent's own.
pub(crate) const OWN_QUEUE: &str = "own.";

/// What holds for texts that the center begins with (SMS-32, SMS-33).
#[derive(Debug, Clone, Default)]
pub struct Outbound {
    /// Whether there are any.
    pub enabled: bool,
    /// The numbers they come from, and the node whose menu the answers enter.
    pub numbers: BTreeMap<SupportNumber, QueueId>,
    /// The countries that may be texted.
    pub countries: Vec<Region>,
    /// So many chats may begin from each number in a day.
    pub daily_limit: Option<u32>,
}

/// A ready-made text of agents (SMS-25), in the languages it is written in.
#[derive(Debug, Clone)]
pub struct Shortcut {
    /// Shortcuts of one category stand together.
    pub category: String,
    /// What an agent types to find it.
    pub keyword: String,
    /// What it says.
    pub message: Localized<Template>,
}

impl Center {
    /// The JSON Schema of the document, for editors.
    pub fn schema() -> serde_json::Value {
        structure::schema::<Document>()
    }

    /// Its id: what everything in the store belongs to.
    pub fn id(&self) -> &CenterId {
        &self.id
    }

    /// The time zones by which hours, quiet hours and the Pacific's days go (HRS-4).
    pub fn zones(&self) -> &Zones {
        &self.zones
    }

    /// The zone of the center's opening hours; `None` where it has none.
    pub fn zone(&self) -> Option<Zone> {
        let hours = self.document.hours.as_ref()?;
        self.zones.named(&hours.zone).ok()
    }

    /// The company's name.
    pub fn company(&self) -> &str {
        &self.company
    }

    /// The languages, the default first.
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// The setting that chats run in; a replay needs it.
    pub fn session_config(&self) -> &frontdesk_sms::Config {
        &self.sms
    }

    /// The language in which sessions begin.
    pub fn default_language(&self) -> Language {
        self.languages.first().copied().unwrap_or(Language::ENGLISH)
    }

    /// Where numbers without a country code are read.
    pub fn region(&self) -> Region {
        self.region
    }

    /// The agents and their display names.
    pub fn agents(&self) -> &BTreeMap<AgentId, String> {
        &self.agents
    }

    /// Statuses of the center's own, which agents may choose (RTE-10).
    pub fn statuses(&self) -> impl Iterator<Item = AgentStatus> {
        self.statuses.iter().cloned().map(AgentStatus::Custom)
    }

    /// Who works where, and how sessions come to them.
    pub fn staff(&self) -> &Staff {
        &self.staff
    }

    /// The menu of a channel in a language; `None` where the channel has none (RTE-1).
    pub fn menu(&self, channel: Channel, language: Language) -> Option<&Tree> {
        self.menus.tree(channel, language)
    }

    /// The channel whose queue it is.
    pub fn channel_of(&self, queue: &QueueId) -> Option<Channel> {
        self.menus.channel_of(queue)
    }

    /// The menu tree of texts, with what is in any language.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// A queue's name in the default language.
    pub fn queue_name(&self, queue: &QueueId) -> Option<&str> {
        self.queue_names.get(queue).map(String::as_str)
    }

    /// A queue's name in a language, or in the best there is.
    pub fn queue_name_in(&self, queue: &QueueId, language: Language) -> Option<&str> {
        let of_texts = || self.sms.node(queue).map(|node| &node.names);
        let of_calls = || self.calls.as_ref()?.names.get(queue);
        let names = of_texts().or_else(of_calls);
        let name = names.and_then(|names| names.get(language, self.default_language()));
        name.map(AsRef::as_ref).or_else(|| self.queue_name(queue))
    }

    /// The agents of a queue.
    pub fn agents_of(&self, queue: &QueueId) -> impl Iterator<Item = &AgentId> {
        self.staff.agents_of(queue)
    }

    /// What a session asks for that waits in a queue (RTE-18).
    pub(crate) fn wait(
        &self,
        queue: &QueueId,
        language: Language,
        needs: Option<&Needs>,
        since: Instant,
    ) -> Wait {
        let mut wait = Wait::chat(queue.clone(), since);
        if let Some(asks) = self.asks.get(queue) {
            let language = asks.language.then(|| language.to_string().to_lowercase().parse().ok());
            wait.skills = asks.skills.iter().cloned().chain(language.flatten()).collect();
            wait.priority = asks.priority;
        }
        if let Some(needs) = needs {
            wait.priority = needs.priority.unwrap_or(wait.priority);
            let more = needs.skills.iter().filter(|skill| !wait.skills.contains(skill)).cloned();
            wait.skills.extend(more.collect::<Vec<_>>());
        }
        wait
    }

    /// The skills that an agent of the center has.
    pub fn skills(&self) -> BTreeSet<&SkillId> {
        self.staff.agents().flat_map(|(_, rules)| &rules.skills).collect()
    }

    /// How consumers know an agent, a person or a program.
    pub fn agent_name(&self, agent: &AgentId) -> Option<&str> {
        let bot = || self.bots.get(agent).map(|bot| bot.name.as_str());
        self.agents.get(agent).map(String::as_str).or_else(bot)
    }

    /// The programs that take part in chats (SMS-28).
    pub fn virtual_agents(&self) -> impl Iterator<Item = &AgentId> {
        self.bots.keys()
    }

    /// The agent with an email address, whatever its case (SMS-33).
    pub fn agent_by_email(&self, email: &str) -> Option<&AgentId> {
        self.emails.get(&email.trim().to_lowercase())
    }

    /// What holds for texts that the center begins with (SMS-32, SMS-33).
    pub fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// Where the texts to a number lead: a node of the menu, also for numbers that only the center begins
    /// with.
    pub(crate) fn home(&self, number: SupportNumber) -> Option<&QueueId> {
        self.tree.by_number(number).or_else(|| self.outbound.numbers.get(&number))
    }

    /// Whether a number is one of the center's own: what comes from there nobody reads.
    pub(crate) fn is_own(&self, number: PhoneNumber) -> bool {
        let number = SupportNumber::Phone(number);
        self.home(number).is_some() || self.reaches_nobody(number)
    }

    /// The command words that texts to a number may be (DLC-7).
    pub(crate) fn commands(&self, number: SupportNumber) -> &Commands {
        self.compliance.commands(number).unwrap_or(&self.commands)
    }

    /// A reply to a command word, as registered with the number's campaign (DLC-7).
    pub(crate) fn reply(
        &self,
        number: SupportNumber,
        kind: MessageKind,
        language: Language,
    ) -> Option<&Template> {
        let registered = self.compliance.messages(number);
        match registered.and_then(|messages| messages.get(language, self.default_language())) {
            Some(messages) => Some(messages.get(kind)),
            None => self.sms.template(None, kind, language),
        }
    }

    /// What texts of a number are part of: what consumers agree to, and revoke (DLC-3).
    pub(crate) fn membership(&self, number: SupportNumber) -> Arc<Membership> {
        self.compliance.membership(number)
    }

    /// What holds for a consumer and what texts of a number are part of (DLC-3).
    pub(crate) fn consent(&self, number: SupportNumber, known: &Known) -> Consent {
        self.membership(number).consent(&known.consumer.1)
    }

    /// How long the ledger keeps what no longer tells what holds (DLC-3).
    pub fn retention(&self) -> Retention {
        self.compliance.retention
    }

    /// Whether consumers can agree to it: a campaign, or a number of this center.
    pub(crate) fn is_programme(&self, programme: &Programme) -> bool {
        let number = || programme.as_str().parse().is_ok_and(|number| self.has_number(number));
        self.compliance.has_campaign(programme) || number()
    }

    /// Whether texts of the center's numbers are enabled, and by what (DLC-8). Slow: for pages about them.
    pub fn activations(&self) -> Vec<Activation> {
        self.every_number().into_iter().map(|number| self.compliance.activation(number)).collect()
    }

    /// The facts that texts and revocations are judged by.
    pub fn facts(&self) -> &Facts {
        self.compliance.facts()
    }

    /// The gate's rules for texts of a campaign; without a campaign, for texts of numbers that belong to none. `None`: there is no such
    /// campaign.
    pub fn gate_rules(&self, campaign: Option<&str>) -> Option<&GateRules> {
        self.compliance.rules(campaign)
    }

    /// The ids of the campaigns.
    pub fn campaigns(&self) -> impl Iterator<Item = &str> {
        self.compliance.campaigns().map(Programme::as_str)
    }

    /// Every number that consumers can have texted with: those of queues, of calls, of notices, and of what the center begins.
    pub fn every_number(&self) -> BTreeSet<SupportNumber> {
        let menus = self.numbers().map(|(number, _)| number);
        let others = self.outbound.numbers.keys().chain(&self.notifications).copied();
        let calls = self.calls.iter().map(|calls| calls.number);
        menus.chain(others).chain(calls).collect()
    }

    /// Whether a number is one of this center's.
    fn has_number(&self, number: SupportNumber) -> bool {
        self.home(number).is_some()
            || self.notifications.contains(&number)
            || self.calls.as_ref().is_some_and(|calls| calls.number == number)
    }

    /// By what a text of a number leaves at an instant (DLC-4), and how many may in a minute (SMS-8).
    pub(crate) fn sending(&self, number: SupportNumber, at: Instant) -> compliance::Sending<'_> {
        let (all, own) = &self.sending;
        let limit = own.get(&number).copied().or(*all);
        self.compliance.sending(number, at, limit)
    }

    /// The ready-made texts of agents (SMS-25).
    pub fn shortcuts(&self) -> &[Shortcut] {
        &self.shortcuts
    }

    /// Messages that take more than one segment with usual values in them, by their path: worth a look,
    /// since each segment is billed.
    pub fn long_messages(&self) -> Vec<Problem> {
        notes::long_messages(self)
    }

    /// Messages that would have a hole where a value is unknown (SMS-9): notes, not mistakes.
    pub fn texts_with_holes(&self) -> Vec<Problem> {
        notes::texts_with_holes(self)
    }

    /// Every number that leads to a queue.
    pub fn numbers(&self) -> impl Iterator<Item = (SupportNumber, &QueueId)> {
        let of = |id| self.tree.node(id).map(|node| node.numbers.as_slice()).unwrap_or_default();
        self.tree.ids().flat_map(move |id| of(id).iter().map(move |number| (*number, id)))
    }

    /// The `[host]` section, which the engine does not read: as the host's own type, with every problem
    /// of its shape. A section that is not there is an empty one.
    pub fn host<T: DeserializeOwned + JsonSchema>(&self) -> Result<T, Problems> {
        match structure::host(&self.host) {
            (Some(host), problems) if problems.0.is_empty() => Ok(host),
            (_, problems) => Err(problems),
        }
    }

    /// The JSON Schema of the document with that of the host's own section in it.
    pub fn schema_with_host<T: JsonSchema>() -> serde_json::Value {
        let mut schema = Self::schema();
        schema["properties"]["host"] = structure::schema::<T>();
        schema
    }
}
