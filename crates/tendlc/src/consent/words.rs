//! Entries in words, for people.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use super::{Act, ConsentLevel, Entry, Evidence, Method, RevocationChannel};

/// The act of a revocation that was recognised by a rule. The rule's id is for the JSON form.
const OWN_WORDS: &str = "opted out in their own words";

impl Entry {
    /// The act in words, without its moment: ``opted out with `stop` ``. A revocation whose text is more than a command word is
    /// told as one in the consumer's own words.
    pub fn in_words(&self) -> String {
        match &self.act {
            Act::OptedOut { word, .. }
                if !self.wording.is_empty() && !is_word(&self.wording, word) =>
            {
                OWN_WORDS.into()
            }
            act => act.to_string(),
        }
    }

    /// The evidence in words: `message SM1` where the entry rests on a text, `call CA1` where it rests on a call.
    pub(super) fn evidence_in_words(&self) -> String {
        let Evidence { reference, details } = &self.evidence;
        let kind = match &self.act {
            Act::CarrierOptedOut
            | Act::OptInTextShown
            | Act::OptedIn { .. }
            | Act::OptedOut { .. }
            | Act::WroteFirst => "message ",
            Act::AgreedInCall => "call ",
            Act::Agreed { .. } | Act::Erased { .. } | Act::Revoked { .. } => "",
        };
        match details {
            None if !reference.is_empty() => format!("{kind}{reference}"),
            _ => self.evidence.to_string(),
        }
    }
}

/// Whether a text is a command word and nothing else, in whichever case, with accents, spaces and signs.
fn is_word(text: &str, word: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.nfkd().flat_map(char::to_lowercase);
        letters
            .filter(|char| !matches!(char, '\u{300}'..='\u{36f}') && char.is_alphanumeric())
            .nfd()
            .collect()
    };
    letters(text) == letters(word) && !word.contains('-')
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agent => "to an agent",
            Self::Keyword => "by text",
            Self::Paper => "on paper",
            Self::Program => "as the sender's program says",
            Self::Voice => "in recorded words",
            Self::WebForm => "in a form",
        })
    }
}

impl fmt::Display for RevocationChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Email => "by email",
            Self::InPerson => "in person",
            Self::List => "as a list says",
            Self::Mail => "by letter",
            Self::Phone => "by phone",
            Self::Web => "in a form",
        })
    }
}

impl fmt::Display for ConsentLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Implied => "implied",
            Self::Express => "express",
            Self::Written => "written",
        })
    }
}

/// The act in words, without its moment: `agreed in a form: express consent`.
impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agreed { method, level, .. } => {
                let level = (*level).min(method.highest_level());
                write!(f, "agreed {method}: {level} consent")
            }
            Self::AgreedInCall => f.write_str("agreed in a call to the texts of that exchange"),
            Self::CarrierOptedOut => f.write_str("opted out, as the carrier says"),
            Self::Erased { through } => {
                write!(f, "wording and evidence were erased up to entry {through}")
            }
            Self::OptInTextShown => f.write_str("was shown the opt-in text"),
            Self::OptedIn { word, asked: true, .. } => {
                write!(f, "opted in with `{word}`, as asked: written consent")
            }
            Self::OptedIn { word, .. } => write!(f, "opted in with `{word}`"),
            Self::OptedOut { word, .. } if word.contains('-') => f.write_str(OWN_WORDS),
            Self::OptedOut { word, .. } => write!(f, "opted out with `{word}`"),
            Self::Revoked { channel, .. } => write!(f, "revoked {channel}"),
            Self::WroteFirst => f.write_str("wrote first: implied consent to that exchange"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dlc_3_a_command_word_is_named_and_anything_more_is_the_consumers_own_words() {
        let told = |word: &str, wording: &str| {
            let act = Act::OptedOut { word: word.into(), confirmation: None };
            let at = "2026-11-21T15:00:00Z".parse().unwrap();
            Entry { at, act, wording: wording.into(), evidence: "SM1".into() }.in_words()
        };
        for (word, wording) in
            [("stop", "STOP!"), ("arret", "Arrêt"), ("optout", "Opt-Out"), ("stop", "")]
        {
            assert_eq!(told(word, wording), format!("opted out with `{word}`"), "{wording}");
        }
        for (word, wording) in
            [("do-not-text", "Do not text"), ("do-not-text", ""), ("threat", "I will sue you")]
        {
            assert_eq!(told(word, wording), OWN_WORDS, "{word}, {wording}");
        }
    }
}
