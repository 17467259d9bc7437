use compact_str::CompactString;
use rustc_hash::FxHashMap;

use crate::normal::{MAX_LEN, into_buffer, normalise};

/// What a command word asks for. These concern consent, so they are decided before a session sees the
/// text, and whether there is a session or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// Contact information is wanted (SMS-13).
    Help,
    /// Messages are welcome again (SMS-12).
    OptIn,
    /// As [`Keyword::OptIn`], but only of somebody who has opted out or was asked; from anybody else it
    /// is a word for the agent: YES (SMS-12).
    OptInIfAsked,
    /// No more messages (SMS-11).
    OptOut,
}

/// The command words: the fixed ones, which nothing turns off, and those configured for other languages.
#[derive(Debug, Clone)]
pub struct Commands {
    words: FxHashMap<CompactString, Keyword>,
}

/// SMS-11 to SMS-13; the FCC's list is 47 CFR 64.1200(a)(10).
const FIXED: &[(&str, Keyword)] = &[
    ("STOP", Keyword::OptOut),
    ("STOPALL", Keyword::OptOut),
    ("UNSUBSCRIBE", Keyword::OptOut),
    ("CANCEL", Keyword::OptOut),
    ("END", Keyword::OptOut),
    ("QUIT", Keyword::OptOut),
    ("REVOKE", Keyword::OptOut),
    ("OPTOUT", Keyword::OptOut),
    ("START", Keyword::OptIn),
    ("UNSTOP", Keyword::OptIn),
    ("YES", Keyword::OptInIfAsked),
    ("HELP", Keyword::Help),
    ("INFO", Keyword::Help),
];

impl Default for Commands {
    fn default() -> Self {
        Self { words: FIXED.iter().filter_map(|(word, k)| Some((normalise(word)?, *k))).collect() }
    }
}

impl Commands {
    /// Adds a word of another language (`ALTO`, `ARRET`, `停止`), which then behaves like the fixed ones.
    /// A fixed word keeps its meaning. False when nothing of the word is left to recognise.
    pub fn add(&mut self, word: &str, keyword: Keyword) -> bool {
        let Some(normal) = normalise(word) else { return false };
        self.words.entry(normal).or_insert(keyword);
        true
    }

    /// The command that the whole message is, and the word, normalised.
    pub fn recognise(&self, text: &str) -> Option<(Keyword, CompactString)> {
        let mut buffer = [0; MAX_LEN];
        let normal = into_buffer(text, &mut buffer)?;
        self.words.get(normal).map(|keyword| (*keyword, CompactString::from(normal)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_the_whole_message_however_it_is_written() {
        let mut commands = Commands::default();
        for word in ["ALTO", "ARRET", "停止", "중지"] {
            assert!(commands.add(word, Keyword::OptOut));
        }
        for text in [
            "STOP",
            "stop",
            "Stop.",
            " stop ",
            "\"STOP\"",
            "“Stop!”",
            "STOP 🛑",
            "stop\u{200d}",
            "ＳＴＯＰ",
            "STOP ALL",
            "Opt-Out",
            "OPT OUT",
            "revoke",
            "End",
            "quit",
            "Cancel",
            "unsubscribe\n",
            "alto",
            "Arrêt",
            "停止",
            "중지",
        ] {
            let found = commands.recognise(text).map(|(keyword, _)| keyword);
            assert_eq!(found, Some(Keyword::OptOut), "{text}");
        }
        for (text, keyword) in [
            ("Start", Keyword::OptIn),
            ("unstop", Keyword::OptIn),
            ("Yes!", Keyword::OptInIfAsked),
            ("help?", Keyword::Help),
            ("INFO", Keyword::Help),
        ] {
            assert_eq!(commands.recognise(text).map(|(k, _)| k), Some(keyword), "{text}");
        }
        for text in
            ["I'll stop by the store", "stop it", "the end", "yes please", "", "🙂", "help me"]
        {
            assert_eq!(commands.recognise(text), None, "{text}");
        }
    }

    #[test]
    fn a_fixed_word_cannot_be_given_another_meaning() {
        let mut commands = Commands::default();
        commands.add("Stop", Keyword::Help);
        assert_eq!(commands.recognise("stop").map(|(k, _)| k), Some(Keyword::OptOut));
        assert!(!commands.add("🙂", Keyword::Help));
    }
}
