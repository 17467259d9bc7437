//! The document's meaning: from texts to what the engine can trust.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use frontdesk_sms::{
    Commands, Keyword, MAX_TEXT, MessageKind, Messages, Origin, SessionWords, longest, normalise,
};
use frontdesk_types::{
    CenterId, Language, Localized, QueueId, Region, SupportNumber, Template, Zones,
};

use super::{
    AutomaticLimits, AutomaticSection, Center, CenterSection, Document, MessagesSection, Problems,
    SupportSection, WordsSection, after_hours,
    bots::bots,
    calls, compliance, custom_hours,
    hours::{self, Holidays},
    names::Words,
    numbers, queues,
    routing::People,
    shortcuts::shortcuts,
    staff::{emails, shifts, staff},
};

/// What the sections have in common while they are checked.
pub(super) struct Context {
    pub(super) problems: Problems,
    /// Where numbers without a country code are; what is wrong with it is told elsewhere.
    pub(super) region: Region,
    pub(super) languages: Vec<Language>,
    pub(super) words: Words,
    pub(super) holidays: Holidays,
    pub(super) zones: Zones,
    /// Hours for some, until their nodes have taken them.
    pub(super) custom_hours: custom_hours::ByNode,
    /// The company's name, as it stands in texts.
    pub(super) company: String,
    pub(super) unread: numbers::Unread,
}

impl Context {
    fn new(document: &Document, zones: &Zones, mut problems: Problems) -> Self {
        let languages = languages(&document.center.languages, &mut problems);
        let words = Words::new(
            commands(
                "words",
                Commands::default(),
                [&document.words.opt_out, &document.words.opt_in, &document.words.help],
                &mut problems,
            ),
            session_words(&document.words, &mut problems),
        );
        let (holidays, custom_hours) = (Holidays::default(), custom_hours::ByNode::new());
        let region = document.center.region.parse().unwrap_or(Region::US);
        let zones = zones.clone();
        let company = document.center.company.clone();
        let unread = numbers::Unread::default();
        Self { problems, region, languages, words, holidays, zones, custom_hours, company, unread }
    }

    /// Tells of a text that cannot leave as one: providers refuse it, and the consumer would hear nothing.
    pub(super) fn fits(&mut self, path: &str, template: &Template, language: Language) {
        let found = longest(template, &self.company, language);
        self.fits_in(path, found, "");
    }

    fn fits_in(&mut self, path: &str, found: usize, with: &str) {
        if found > MAX_TEXT {
            let message =
                format!("takes up to {found} characters{with}, at most {MAX_TEXT} are allowed");
            self.problems.add(path, message);
        }
    }

    pub(super) fn default_language(&self) -> Language {
        self.languages.first().copied().unwrap_or(Language::ENGLISH)
    }

    /// A language that the center speaks, or one that it falls back to: `fr` of `fr-CA`.
    fn language_of_chain(&mut self, path: &str, text: &str) -> Option<Language> {
        let parsed = text.parse::<Language>().ok();
        let base = parsed.filter(|tag| self.languages.iter().any(|l| l.fallback() == Some(*tag)));
        base.or_else(|| self.language(path, text))
    }

    /// A language that the center speaks.
    pub(super) fn language(&mut self, path: &str, text: &str) -> Option<Language> {
        let language = self.problems.check(path, text.parse::<Language>())?;
        if self.languages.contains(&language) {
            return Some(language);
        }
        let enabled = self.languages.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        self.problems
            .add(path, format!("`{text}` is not one of the center's languages: {enabled}"));
        None
    }

    /// A number within a range, or a default.
    pub(super) fn within(
        &mut self,
        path: &str,
        value: Option<u32>,
        range: std::ops::RangeInclusive<u32>,
        default: u32,
    ) -> u32 {
        let value = value.unwrap_or(default);
        if !range.contains(&value) {
            let (low, high) = range.into_inner();
            self.problems.add(path, format!("found {value}, allowed are {low} to {high}"));
            // Told once: what reads it further has one that is allowed.
            return default.clamp(low, high);
        }
        value
    }
}

/// The id of a center whose own cannot be read.
const UNNAMED: &str = "unnamed";

/// The document's meaning, and everything that is wrong with it. Where something is, the center is as the rest says: it is there to look
/// at its texts and hours, and must not start.
pub(super) fn center(mut document: Document, zones: &Zones) -> (Option<Center>, Problems) {
    let queues = document.queues.len();
    numbers::add_own_queues(&mut document);
    let mut problems = Problems::default();
    let id = identity(&document.center, &mut problems);
    let mut context = Context::new(&document, zones, problems);

    let messages = messages(&document, &mut context);
    let holiday_messages = hours::holidays(&document, &mut context);
    let (agents, teams, mut staff, statuses) = staff(&document, &mut context);
    let shifts = shifts(&document, &teams, &mut context);
    context.custom_hours = custom_hours::custom_hours(&document, &mut context);
    let hours = custom_hours::of_node("hours", None, document.hours.as_ref(), None, &mut context);
    let mut built = queues::build(
        &document,
        queues::Inherited {
            messages: &messages,
            hours: hours.clone(),
            agents: &agents,
            teams: &teams,
        },
        &mut staff,
        &mut context,
    );
    let shortcuts = shortcuts(&document, &mut context);
    let bots = bots(&document, &agents, &built.tree, &mut staff, &mut context);
    built.sms.virtual_agents = bots.keys().cloned().collect();
    let emails = emails(&document, &mut context.problems);
    let outbound = numbers::outbound(&document, &built.tree, &mut context);
    let notifications = numbers::notifications(&document, &built.tree, &outbound, &mut context);
    let (calls, phone) =
        calls::calls(&document, &mut built, &messages, hours.as_ref(), &mut context);
    let menus = (&built.tree, phone.as_ref());
    custom_hours::refuse_unknown(&document, menus, &mut context);
    let people = People { agents: &agents, teams: &teams };
    let after_hours = after_hours::after_hours(&document, menus, &people, &mut context);
    if let Some(calls) = &calls {
        numbers::of_calls_alone(calls.number, &built.tree, &outbound, &notifications, &mut context);
    }
    // A number that is mistyped where it is given is told there, and not wherever it is meant.
    let unread = context.unread.clone();
    let ours = |number: SupportNumber| {
        unread.may_be(number)
            || built.tree.by_number(number).is_some()
            || outbound.numbers.contains_key(&number)
            || notifications.contains(&number)
            || calls.as_ref().is_some_and(|calls| calls.number == number)
    };
    let sending = numbers::sending(&document, ours, &mut context);
    let given = compliance::Given {
        ours: &ours,
        messages: &messages,
        is_option: &|word| built.sms.names_an_option(word),
    };
    let compliance = compliance::compliance(&document, &given, &mut context);
    let media_limit = media_limit(&document, &mut context);
    let direct = direct_queues(&document);
    let automatic = automatic_limits(&document.automatic, &mut context);
    let Context { mut problems, languages, words, region, .. } = context;
    numbers::tell_own_queues(&mut problems, queues, &document);
    let host = std::mem::take(&mut document.host);
    let center = id.map(|id| Center {
        id,
        company: document.center.company.clone(),
        revocation_languages: languages.iter().copied().collect(),
        languages,
        region,
        tree: built.tree,
        menus: built.menus,
        sms: built.sms,
        commands: words.commands,
        hours: built.hours,
        after_hours,
        holiday_messages,
        staff,
        shifts,
        asks: built.routing.into_iter().map(|(id, routing)| (id, routing.asks)).collect(),
        statuses,
        agents,
        queue_names: built.names,
        possible_revocation: document.revocation.possible,
        automatic,
        shortcuts,
        bots,
        calls,
        media_limit,
        sending,
        compliance,
        emails,
        outbound,
        notifications,
        direct,
        zones: zones.clone(),
        transfers_outside_hours: document.transfers.outside_hours,
        host,
        document: Arc::new(document),
    });
    (center, problems)
}

/// The center's id, company and place.
fn identity(section: &CenterSection, problems: &mut Problems) -> Option<CenterId> {
    let id = problems.check("center.id", section.id.parse());
    if section.company.trim().is_empty() {
        problems.add("center.company", "is empty; it stands in every greeting");
    }
    problems.check("center.region", section.region.parse::<Region>());
    id.or_else(|| UNNAMED.parse().ok())
}

/// The largest picture or video that is taken, in bytes (SMS-7).
fn media_limit(document: &Document, context: &mut Context) -> usize {
    let megabytes = context.within("media.limit_mb", document.media.limit_mb, 1..=50, 5);
    usize::try_from(megabytes).unwrap_or(5) * 1024 * 1024
}

/// The queues whose numbers are direct numbers (SMS-37).
fn direct_queues(document: &Document) -> BTreeSet<QueueId> {
    let direct = document.queues.iter().filter(|queue| queue.direct);
    direct.filter_map(|queue| queue.id.parse().ok()).collect()
}

fn automatic_limits(section: &AutomaticSection, context: &mut Context) -> AutomaticLimits {
    let AutomaticSection { texts_per_hour, virtual_texts_per_hour } = section;
    let mut limit = |name: &str, found: &Option<u32>, default| {
        let found = context.within(&format!("automatic.{name}"), *found, 1..=1_000, default);
        usize::try_from(found).unwrap_or(usize::MAX)
    };
    AutomaticLimits {
        texts_per_hour: limit("texts_per_hour", texts_per_hour, 20),
        virtual_texts_per_hour: limit("virtual_texts_per_hour", virtual_texts_per_hour, 60),
    }
}

fn languages(texts: &[String], problems: &mut Problems) -> Vec<Language> {
    if texts.is_empty() {
        problems.add("center.languages", "is empty; at least one language is needed");
    }
    let mut languages = Vec::new();
    for (i, text) in texts.iter().enumerate() {
        let path = format!("center.languages[{i}]");
        match problems.check(&path, text.parse::<Language>()) {
            Some(language) if languages.contains(&language) => {
                problems.add(path, format!("`{text}` stands there twice"));
            }
            Some(language) => languages.push(language),
            None => {}
        }
    }
    languages
}

/// The words of a section, `opt_out`, `opt_in` and `help`, beside those that there are.
pub(super) fn commands(
    path: &str,
    mut commands: Commands,
    words: [&Vec<String>; 3],
    problems: &mut Problems,
) -> Commands {
    let kinds = [("opt_out", Keyword::OptOut), ("opt_in", Keyword::OptIn), ("help", Keyword::Help)];
    for ((name, keyword), texts) in kinds.into_iter().zip(words) {
        for (i, text) in texts.iter().enumerate() {
            let path = format!("{path}.{name}[{i}]");
            match commands.recognise(text) {
                Some((known, _)) if known != keyword => {
                    problems.add(
                        path,
                        format!("`{text}` is a command word with another meaning already"),
                    );
                }
                _ if !commands.add(text, keyword) => {
                    problems.add(
                        path,
                        format!("`{text}` has no letter or digit to recognise, or too many"),
                    );
                }
                _ => {}
            }
        }
    }
    commands
}

fn session_words(words: &WordsSection, problems: &mut Problems) -> SessionWords {
    let mut read = |name: &str, texts: &Option<Vec<String>>, default: &str| {
        let default = [default.to_owned()];
        let texts = texts.as_deref().unwrap_or(&default);
        let mut normals = Vec::new();
        for (i, text) in texts.iter().enumerate() {
            match normalise(text) {
                Some(normal) => normals.push(normal),
                None => problems.add(
                    format!("words.{name}[{i}]"),
                    format!("`{text}` has nothing to recognise, or too much"),
                ),
            }
        }
        normals
    };
    SessionWords {
        back: read("back", &words.back, "BACK"),
        exit: read("exit", &words.exit, "EXIT"),
    }
}

/// The center's messages in every language, all kinds: the defaults, the document's own, the help contact.
fn messages(document: &Document, context: &mut Context) -> Localized<Messages> {
    let defaults = |language: &Language| (*language, Messages::defaults(*language));
    let mut messages: Localized<Messages> = context.languages.iter().map(defaults).collect();
    if let Some(SupportSection { contact, email }) = &document.support {
        if let Some(email) = email.as_ref().filter(|email| !email.contains('@')) {
            context.problems.add("support.email", format!("`{email}` is no email address"));
        }
        if contact.trim().is_empty() {
            context.problems.add("support.contact", "is empty");
        }
        for messages in messages.0.values_mut() {
            let help = format!("{} {contact}", messages.get(MessageKind::Help));
            let set = messages.set_from(MessageKind::Help, &help, Origin::BuiltIn);
            context.problems.check("support.contact", set);
            let found = help.chars().count();
            context.fits_in("support.contact", found, " in the answer to HELP");
        }
    }
    override_messages("messages", &document.messages, &mut messages, context);
    messages
}

/// Replaces what the sections of a document set. A text of its own goes before one that comes along, also where it is in
/// another language of the fallback chain: fr-CA, fr, the default language (SMS-10).
pub(super) fn override_messages(
    path: &str,
    sections: &BTreeMap<String, MessagesSection>,
    messages: &mut Localized<Messages>,
    context: &mut Context,
) {
    for (tag, section) in sections {
        let path = format!("{path}.{tag}");
        let Some(language) = context.language_of_chain(&path, tag) else { continue };
        for (key, text) in section {
            let path = format!("{path}.{key}");
            if let Some(kind) = MessageKind::ALL.into_iter().find(|kind| kind.key() == key) {
                let default = context.default_language();
                let template = Template::parse(text, kind.variables());
                let Some(template) = context.problems.check(&path, template) else { continue };
                context.fits(&path, &template, language);
                for (spoken, messages) in &mut messages.0 {
                    if let Some(origin) = Origin::of(language, *spoken, default) {
                        context.problems.check(&path, messages.set_from(kind, text, origin));
                    }
                }
            } else {
                let kinds = MessageKind::ALL.map(MessageKind::key).join(", ");
                context
                    .problems
                    .add(path, format!("there is no such message; allowed are {kinds}"));
            }
        }
        greeting_fits(&path, section, (language, messages), context);
    }
}

/// The greeting of a first contact carries the opt-in text (SMS-2).
fn greeting_fits(
    path: &str,
    section: &MessagesSection,
    (language, messages): (Language, &Localized<Messages>),
    context: &mut Context,
) {
    let Some(messages) = messages.0.get(&language) else { return };
    let changed = [MessageKind::Greeting, MessageKind::OptInText];
    let Some(kind) = changed.into_iter().find(|kind| section.contains_key(kind.key())) else {
        return;
    };
    let [greeting, opt_in] =
        changed.map(|kind| longest(messages.get(kind), &context.company, language));
    // Each of them that is too long by itself has been told.
    if greeting.max(opt_in) <= MAX_TEXT {
        let with = " with the opt-in text of a first greeting";
        context.fits_in(&format!("{path}.{}", kind.key()), greeting + 1 + opt_in, with);
    }
}
