mod defaults;

use compact_str::CompactString;
use frontdesk_types::{Language, Purpose, Template, TemplateError, Variable};

use crate::segments::{Count, Segmenter};
use defaults::Defaults;

/// The predefined messages (SMS-9): each a template per language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MessageKind {
    /// The queue is closed (HRS-9).
    AfterHours,
    /// Stands before the link of the app (SMS-35).
    AppLink,
    /// An agent has taken the session (SMS-5).
    Assigned,
    /// A caller has chosen to go on by text (SMS-31).
    DeflectionGreeting,
    /// The chat is dismissed soon (SMS-22).
    DismissalWarning,
    /// A dismissed chat goes on (SMS-21).
    DismissedResponse,
    /// The session ends, since no reply was understood (SMS-4).
    GivenUp,
    /// First contact (SMS-2).
    Greeting,
    /// The answer to HELP (SMS-13).
    Help,
    /// The answer to a text that answers a notice (SMS-34).
    NotificationReply,
    /// A reply matched nothing (SMS-4).
    NotUnderstood,
    /// The answer to START (SMS-12).
    OptInConfirmation,
    /// Follows the greeting once per consumer and number (SMS-2).
    OptInText,
    /// The one answer to STOP (SMS-11).
    OptOutConfirmation,
    /// Asks whether a text was meant as an opt-out (SMS-16).
    OptOutQuestion,
    /// Stands above the numbered options (SMS-3).
    Prompt,
    /// A picture or video is of a kind or size that is not taken (SMS-7).
    UnsupportedMedia,
    /// To a caller who waits and wants texts (SMS-29).
    WaitTime,
    /// An agent is being looked for (SMS-5).
    Waiting,
}

const KINDS: usize = 19;

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; KINDS] = [
        Self::AfterHours,
        Self::AppLink,
        Self::Assigned,
        Self::DeflectionGreeting,
        Self::DismissalWarning,
        Self::DismissedResponse,
        Self::GivenUp,
        Self::Greeting,
        Self::Help,
        Self::NotificationReply,
        Self::NotUnderstood,
        Self::OptInConfirmation,
        Self::OptInText,
        Self::OptOutConfirmation,
        Self::OptOutQuestion,
        Self::Prompt,
        Self::UnsupportedMedia,
        Self::WaitTime,
        Self::Waiting,
    ];

    /// The name in configuration.
    pub fn key(self) -> &'static str {
        match self {
            Self::AfterHours => "after_hours",
            Self::AppLink => "app_link",
            Self::Assigned => "assigned",
            Self::DeflectionGreeting => "deflection_greeting",
            Self::DismissalWarning => "dismissal_warning",
            Self::DismissedResponse => "dismissed_response",
            Self::GivenUp => "given_up",
            Self::Greeting => "greeting",
            Self::Help => "help",
            Self::NotificationReply => "notification_reply",
            Self::NotUnderstood => "not_understood",
            Self::OptInConfirmation => "opt_in_confirmation",
            Self::OptInText => "opt_in_text",
            Self::OptOutConfirmation => "opt_out_confirmation",
            Self::OptOutQuestion => "opt_out_question",
            Self::Prompt => "prompt",
            Self::UnsupportedMedia => "unsupported_media",
            Self::WaitTime => "wait_time",
            Self::Waiting => "waiting",
        }
    }

    /// The variables that have a meaning in it (SMS-9): another one is a configuration error.
    pub fn variables(self) -> &'static [Variable] {
        use Variable::{
            Agent, CompanyName, EndUser, EstimatedWaitTime, NextReopenHour, Queue, QueueName,
            QueueSize, TimeUntilDismissal,
        };
        match self {
            Self::AfterHours => &[CompanyName, EndUser, Queue, QueueName, NextReopenHour],
            Self::Assigned => &[CompanyName, EndUser, Agent, Queue, QueueName],
            Self::DismissalWarning => {
                &[CompanyName, EndUser, Agent, Queue, QueueName, TimeUntilDismissal]
            }
            Self::DeflectionGreeting => &[CompanyName, EndUser, Queue, QueueName],
            Self::DismissedResponse | Self::Greeting | Self::Waiting => {
                &[CompanyName, EndUser, Queue, QueueName, QueueSize, EstimatedWaitTime]
            }
            Self::AppLink
            | Self::Help
            | Self::NotificationReply
            | Self::OptInConfirmation
            | Self::OptInText
            | Self::OptOutConfirmation
            | Self::OptOutQuestion => &[CompanyName],
            Self::WaitTime => &[CompanyName, EndUser, Queue, QueueName, EstimatedWaitTime],
            Self::GivenUp | Self::NotUnderstood | Self::Prompt | Self::UnsupportedMedia => {
                &[CompanyName, EndUser]
            }
        }
    }

    /// What a message of this kind is for, as the compliance gate sees it.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::AfterHours => Purpose::AfterHours,
            Self::AppLink => Purpose::AppLink,
            Self::Assigned => Purpose::Assigned,
            Self::DeflectionGreeting => Purpose::Deflection,
            Self::DismissalWarning => Purpose::DismissalWarning,
            Self::DismissedResponse => Purpose::DismissedResponse,
            Self::GivenUp => Purpose::NotUnderstood,
            Self::Greeting => Purpose::Greeting,
            Self::Help => Purpose::Help,
            Self::NotificationReply => Purpose::NotificationReply,
            Self::NotUnderstood => Purpose::NotUnderstood,
            Self::OptInConfirmation => Purpose::OptInConfirmation,
            Self::OptInText => Purpose::Greeting,
            Self::OptOutConfirmation => Purpose::OptOutConfirmation,
            Self::OptOutQuestion => Purpose::OptOutQuestion,
            Self::Prompt => Purpose::Prompt,
            Self::UnsupportedMedia => Purpose::UnsupportedMedia,
            Self::WaitTime => Purpose::WaitTime,
            Self::Waiting => Purpose::Waiting,
        }
    }

    /// What a message of this kind costs with usual values in the place of its variables: names of 15
    /// characters, and the largest numbers.
    pub fn typical_cost(self, template: &Template, company: &str, language: Language) -> Count {
        let text = template.render(|variable| {
            Some(match variable {
                Variable::CompanyName => company.into(),
                Variable::EstimatedWaitTime | Variable::TimeUntilDismissal => {
                    minutes(300, language)
                }
                Variable::QueueSize => "100".into(),
                _ => "Alex Washington".into(),
            })
        });
        Segmenter::default().count(&text)
    }

    fn index(self) -> usize {
        self as usize
    }
}

/// The longest name that a text is reckoned with: of a consumer, an agent or a queue.
const LONGEST_NAME: usize = 64;

/// The characters that a template takes with the longest usual values.
pub fn longest(template: &Template, company: &str, language: Language) -> usize {
    let name = "x".repeat(LONGEST_NAME);
    let text = template.render(|variable| {
        Some(match variable {
            Variable::CompanyName => company.into(),
            Variable::EstimatedWaitTime | Variable::TimeUntilDismissal => minutes(300, language),
            Variable::QueueSize => "100000".into(),
            _ => name.as_str().into(),
        })
    });
    text.chars().count()
}

/// Where a text of one language comes from; the later ones go before the earlier (SMS-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It comes along.
    BuiltIn,
    /// The center's own, in its default language.
    DefaultLanguage,
    /// The center's own, in the language without the region: `fr` for `fr-CA`.
    BaseLanguage,
    /// The center's own, in the language itself.
    OwnLanguage,
}

impl Origin {
    /// What a text in a language is to those who speak another; `None` if it is not in their chain.
    pub fn of(text: Language, spoken: Language, default: Language) -> Option<Self> {
        if text == spoken {
            Some(Self::OwnLanguage)
        } else if spoken.fallback() == Some(text) {
            Some(Self::BaseLanguage)
        } else {
            (text == default).then_some(Self::DefaultLanguage)
        }
    }
}

/// One language's messages, all of them there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messages {
    templates: [Template; KINDS],
    origins: [Origin; KINDS],
}

impl Messages {
    /// The messages that come along, in English, Spanish, French, German, Korean, Indonesian, Japanese,
    /// Portuguese and Chinese; English for any other language.
    pub fn defaults(language: Language) -> Self {
        let texts = &Defaults::of(language).texts;
        let templates = MessageKind::ALL.map(|kind| {
            let text = texts[kind.index()];
            Template::parse(text, kind.variables()).unwrap_or_else(|_| Template::literal(text))
        });
        Self { templates, origins: [Origin::BuiltIn; KINDS] }
    }

    /// The template of a kind.
    pub fn get(&self, kind: MessageKind) -> &Template {
        &self.templates[kind.index()]
    }

    /// Replaces the template of a kind.
    pub fn set(&mut self, kind: MessageKind, text: &str) -> Result<(), TemplateError> {
        self.set_from(kind, text, Origin::OwnLanguage)
    }

    /// Replaces the template of a kind, unless the one that there is goes before it.
    pub fn set_from(
        &mut self,
        kind: MessageKind,
        text: &str,
        origin: Origin,
    ) -> Result<(), TemplateError> {
        let template = Template::parse(text, kind.variables())?;
        if origin >= self.origins[kind.index()] {
            self.templates[kind.index()] = template;
            self.origins[kind.index()] = origin;
        }
        Ok(())
    }
}

/// So many minutes, number and word, at most 300 (SMS-9), in the singular or plural of the language.
///
/// ```
/// use frontdesk_sms::minutes;
///
/// assert_eq!(minutes(1, "en".parse()?), "1 minute");
/// assert_eq!(minutes(0, "fr-CA".parse()?), "0 minute");
/// assert_eq!(minutes(12, "ja".parse()?), "12分");
/// # Ok::<(), frontdesk_types::LanguageError>(())
/// ```
pub fn minutes(minutes: u32, language: Language) -> CompactString {
    Defaults::of(language).minutes(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_valid_template() {
        for defaults in &defaults::ALL {
            for kind in MessageKind::ALL {
                Template::parse(defaults.texts[kind.index()], kind.variables()).unwrap();
            }
        }
        let es = Messages::defaults("es-MX".parse().unwrap());
        assert!(es.get(MessageKind::Greeting).to_string().starts_with("Bienvenido"));
    }

    #[test]
    fn the_order_of_the_kinds_is_that_of_the_texts() {
        for (place, kind) in MessageKind::ALL.into_iter().enumerate() {
            assert_eq!(kind.index(), place);
        }
        for language in LANGUAGES {
            let messages = Messages::defaults(language.parse().unwrap());
            for (kind, variable) in [
                (MessageKind::AfterHours, Variable::NextReopenHour),
                (MessageKind::Assigned, Variable::Agent),
                (MessageKind::DismissalWarning, Variable::TimeUntilDismissal),
                (MessageKind::Waiting, Variable::Queue),
            ] {
                assert!(messages.get(kind).uses(variable), "{language} {kind:?}");
            }
        }
    }

    const LANGUAGES: [&str; 9] = ["en", "es", "fr", "de", "ko", "id", "ja", "pt", "zh"];

    #[test]
    fn every_default_fits_one_segment() {
        for language in LANGUAGES {
            let messages = Messages::defaults(language.parse().unwrap());
            for kind in MessageKind::ALL {
                let tag = language.parse().unwrap();
                let cost = kind.typical_cost(messages.get(kind), "Acme Appliances", tag);
                assert_eq!(cost.segments, 1, "{language} {kind:?}: {cost:?}");
            }
        }
    }

    #[test]
    fn what_carriers_ask_for_is_in_every_language() {
        for language in LANGUAGES {
            let messages = Messages::defaults(language.parse().unwrap());
            for (kind, parts) in [
                (MessageKind::OptInText, &["@{COMPANY_NAME}", "HELP", "STOP"][..]),
                (MessageKind::OptInConfirmation, &["@{COMPANY_NAME}", "HELP", "STOP"]),
                (MessageKind::OptOutConfirmation, &["@{COMPANY_NAME}", "START"]),
                (MessageKind::Help, &["@{COMPANY_NAME}", "STOP"]),
                (MessageKind::WaitTime, &["@{COMPANY_NAME}", "STOP"]),
                (MessageKind::DeflectionGreeting, &["@{COMPANY_NAME}", "STOP"]),
            ] {
                let text = messages.get(kind).to_string();
                assert!(parts.iter().all(|part| text.contains(part)), "{language}: {text}");
            }
        }
    }

    #[test]
    fn the_opt_in_text_holds_what_carriers_ask_for() {
        let text = Messages::defaults(Language::ENGLISH).get(MessageKind::OptInText).to_string();
        for part in
            ["@{COMPANY_NAME}", "recurring messages", "Msg & data rates may apply", "HELP", "STOP"]
        {
            assert!(text.contains(part), "{part}");
        }
    }
}
