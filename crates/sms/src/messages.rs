use frontdesk_types::{Language, Purpose, Template, TemplateError, Variable};

/// The predefined messages (SMS-9): each a template per language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MessageKind {
    /// The queue is closed (HRS-9).
    AfterHours,
    /// An agent has taken the session (SMS-5).
    Assigned,
    /// First contact (SMS-2).
    Greeting,
    /// The answer to HELP (SMS-13).
    Help,
    /// A reply matched nothing (SMS-4).
    NotUnderstood,
    /// The answer to START (SMS-12).
    OptInConfirmation,
    /// Follows the greeting once per consumer and number (SMS-2).
    OptInText,
    /// The one answer to STOP (SMS-11).
    OptOutConfirmation,
    /// Stands above the numbered options (SMS-3).
    Prompt,
    /// An agent is being looked for (SMS-5).
    Waiting,
}

const KINDS: usize = 10;

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; KINDS] = [
        Self::AfterHours,
        Self::Assigned,
        Self::Greeting,
        Self::Help,
        Self::NotUnderstood,
        Self::OptInConfirmation,
        Self::OptInText,
        Self::OptOutConfirmation,
        Self::Prompt,
        Self::Waiting,
    ];

    /// The name in configuration.
    pub fn key(self) -> &'static str {
        match self {
            Self::AfterHours => "after_hours",
            Self::Assigned => "assigned",
            Self::Greeting => "greeting",
            Self::Help => "help",
            Self::NotUnderstood => "not_understood",
            Self::OptInConfirmation => "opt_in_confirmation",
            Self::OptInText => "opt_in_text",
            Self::OptOutConfirmation => "opt_out_confirmation",
            Self::Prompt => "prompt",
            Self::Waiting => "waiting",
        }
    }

    /// The variables that have a meaning in it (SMS-9): another one is a configuration error.
    pub fn variables(self) -> &'static [Variable] {
        use Variable::{
            Agent, CompanyName, EndUser, EstimatedWaitTime, NextReopenHour, Queue, QueueName,
            QueueSize,
        };
        match self {
            Self::AfterHours => &[CompanyName, EndUser, Queue, QueueName, NextReopenHour],
            Self::Assigned => &[CompanyName, EndUser, Agent, Queue, QueueName],
            Self::Greeting => {
                &[CompanyName, EndUser, Queue, QueueName, QueueSize, EstimatedWaitTime]
            }
            Self::Help | Self::OptInConfirmation | Self::OptInText | Self::OptOutConfirmation => {
                &[CompanyName]
            }
            Self::NotUnderstood | Self::Prompt => &[CompanyName, EndUser],
            Self::Waiting => {
                &[CompanyName, EndUser, Queue, QueueName, QueueSize, EstimatedWaitTime]
            }
        }
    }

    /// What a message of this kind is for, as the compliance gate sees it.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::AfterHours => Purpose::AfterHours,
            Self::Assigned => Purpose::Assigned,
            Self::Greeting | Self::OptInText => Purpose::Greeting,
            Self::Help => Purpose::Help,
            Self::NotUnderstood => Purpose::NotUnderstood,
            Self::OptInConfirmation => Purpose::OptInConfirmation,
            Self::OptOutConfirmation => Purpose::OptOutConfirmation,
            Self::Prompt => Purpose::Prompt,
            Self::Waiting => Purpose::Waiting,
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}

/// One language's messages, all of them there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messages([Template; KINDS]);

impl Messages {
    /// The messages that come along in English and Spanish; English for any other language. Replies to
    /// keywords hold what carriers ask for (compliance-facts 1.7: brand, what happens, contact).
    pub fn defaults(language: Language) -> Self {
        let spanish =
            language == Language::SPANISH || language.fallback() == Some(Language::SPANISH);
        let texts = if spanish { &DEFAULTS_ES } else { &DEFAULTS_EN };
        Self(MessageKind::ALL.map(|kind| {
            let text = texts[kind.index()];
            Template::parse(text, kind.variables()).unwrap_or_else(|_| Template::literal(text))
        }))
    }

    /// The template of a kind.
    pub fn get(&self, kind: MessageKind) -> &Template {
        &self.0[kind.index()]
    }

    /// Replaces the template of a kind.
    pub fn set(&mut self, kind: MessageKind, text: &str) -> Result<(), TemplateError> {
        self.0[kind.index()] = Template::parse(text, kind.variables())?;
        Ok(())
    }
}

// In the order of `MessageKind`.
const DEFAULTS_EN: [&str; KINDS] = [
    "We are closed right now. We open again @{NEXT_REOPEN_HOUR}.",
    "@{AGENT} will chat with you about @{QUEUE}.",
    "Welcome to @{COMPANY_NAME}.",
    "@{COMPANY_NAME}: reply here to chat with us. Msg & data rates may apply. Reply STOP to opt out.",
    "Sorry, we didn't understand that.",
    "@{COMPANY_NAME}: you will receive messages again. Msg frequency varies. Msg & data rates may apply. Reply HELP for help, STOP to opt out.",
    "@{COMPANY_NAME}: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.",
    "@{COMPANY_NAME}: you are opted out and will receive no more messages. Reply START to opt in again.",
    "How can we help? Reply with a number:",
    "We're assigning a representative to help you with @{QUEUE}.",
];

const DEFAULTS_ES: [&str; KINDS] = [
    "Ahora estamos cerrados. Abrimos de nuevo: @{NEXT_REOPEN_HOUR}.",
    "@{AGENT} le atenderá sobre @{QUEUE}.",
    "Bienvenido a @{COMPANY_NAME}.",
    "@{COMPANY_NAME}: responda aquí para chatear. Pueden aplicarse cargos. Responda STOP para no recibir más.",
    "Lo sentimos, no le hemos entendido.",
    "@{COMPANY_NAME}: volverá a recibir mensajes. La frecuencia varía. Pueden aplicarse cargos. HELP para ayuda, STOP para salir.",
    "@{COMPANY_NAME}: mensajes recurrentes. Pueden aplicarse cargos. Responda HELP para ayuda, STOP para salir.",
    "@{COMPANY_NAME}: ya no recibirá más mensajes. Responda START para volver.",
    "¿Cómo podemos ayudarle? Responda con un número:",
    "Buscamos a un representante para ayudarle con @{QUEUE}.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_valid_template() {
        for texts in [&DEFAULTS_EN, &DEFAULTS_ES] {
            for kind in MessageKind::ALL {
                Template::parse(texts[kind.index()], kind.variables()).unwrap();
            }
        }
        let es = Messages::defaults("es-MX".parse().unwrap());
        assert!(es.get(MessageKind::Greeting).to_string().starts_with("Bienvenido"));
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
