use compact_str::CompactString;
use frontdesk_sms::{Keyword, Level, find_revocation, normalise};
use frontdesk_types::SupportNumber;

use crate::{Center, config::PossibleRevocation};

/// What a text means for consent, whoever wrote it and in which state.
pub(super) enum Meaning {
    /// The whole text is a command word, normalised (SMS-11 to SMS-13).
    Command(Keyword, CompactString),
    /// Nothing.
    None,
    /// A revocation in the consumer's own words, by the rule that says so (SMS-16).
    Revocation(CompactString),
    /// Perhaps a revocation.
    Suspicion { rule: CompactString, phrase: String },
}

impl Meaning {
    pub(super) fn of(center: &Center, number: SupportNumber, body: &str) -> Self {
        if let Some((keyword, word)) = center.commands(number).recognise(body) {
            return Self::Command(keyword, word);
        }
        let languages = center.revocation_languages;
        let Some(found) = find_revocation(body, languages, center.commands(number)) else {
            return Self::None;
        };
        // What the menu asks for is an answer to the menu.
        if center.sms.names_an_option(body) {
            return Self::None;
        }
        let certain = found.level >= Level::Likely
            || center.possible_revocation == PossibleRevocation::OptOut;
        if certain {
            return Self::Revocation(found.rule.into());
        }
        let phrase = body.get(found.phrase).unwrap_or(body).to_owned();
        Self::Suspicion { rule: found.rule.into(), phrase }
    }

    /// What a text means to whom `choices` are offered: a choice is an answer, whatever its words say. A command stays a
    /// command, since no choice can be one (SMS-17).
    pub(super) fn unless_chosen(&self, choices: &[CompactString], body: &str) -> &Self {
        let is_chosen = || {
            let normal = normalise(body);
            normal.is_some() && choices.iter().any(|choice| normalise(choice) == normal)
        };
        match self {
            Self::Revocation(_) | Self::Suspicion { .. } if is_chosen() => &Self::None,
            meaning => meaning,
        }
    }
}
