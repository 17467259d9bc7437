//! Words that mean something: no option, keyword or queue name may be a command (SMS-17).

use frontdesk_sms::{Commands, Keyword, MAX_WORD_LEN, SessionWords, normalise, option_number};

/// Every word with a meaning of its own.
pub(super) struct Words {
    pub(super) commands: Commands,
    pub(super) session: SessionWords,
}

impl Words {
    pub(super) fn new(commands: Commands, session: SessionWords) -> Self {
        Self { commands, session }
    }

    /// Words of both lists: BACK that is a command, EXIT that is BACK.
    pub(super) fn clashes(&self) -> Vec<(&'static str, String)> {
        let SessionWords { back, exit } = &self.session;
        let mut clashes = Vec::new();
        for (name, words) in [("words.back", back), ("words.exit", exit)] {
            for word in words {
                if self.commands.recognise(word).is_some() {
                    clashes.push((name, format!("`{word}` is a command word")));
                }
            }
        }
        for word in exit.iter().filter(|word| back.contains(word)) {
            clashes.push(("words.exit", format!("`{word}` goes back already")));
        }
        clashes
    }

    /// Why a virtual agent cannot offer the text as a choice: whoever texts it would not choose. YES is a choice while
    /// nothing else was asked.
    pub(super) fn refuse_choice(&self, text: &str) -> Option<String> {
        let (keyword, word) = self.commands.recognise(text)?;
        let word = word.to_uppercase();
        (keyword != Keyword::OptInIfAsked).then(|| {
            format!("`{text}` is the command word {word}; texting it would never be a choice")
        })
    }

    /// Why the text cannot name an option or lead to a queue.
    pub(super) fn refuse(&self, text: &str) -> Option<String> {
        let Some(normal) = normalise(text) else {
            return Some(format!(
                "`{text}` has no letter or digit to recognise, or more than {MAX_WORD_LEN}"
            ));
        };
        if let Some((_, word)) = self.commands.recognise(text) {
            return Some(format!(
                "`{text}` is the command word {}; texting it would never reach the menu",
                word.to_uppercase()
            ));
        }
        if self.session.back.contains(&normal) || self.session.exit.contains(&normal) {
            return Some(format!("`{text}` is the word for going back or ending the chat"));
        }
        if option_number(text).is_some() {
            return Some(format!("`{text}` would be taken for the number of an option"));
        }
        None
    }
}
