//! `frontdesk revocation`: whether texts revoke consent, as a filter of JSON lines (SMS-16).

use frontdesk::sms::{Commands, Keyword, Languages, Revocation, find_revocation};
use serde::Serialize;

use crate::{json_lines, settings::HostError};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The languages whose rules apply: codes with commas between them (`en,ko`), or `all`. English always applies.
    #[arg(long, default_value_t = Languages::ALL)]
    languages: Languages,
    /// An opt-out word besides the fixed ones (`ALTO`); may be given several times.
    #[arg(long = "word")]
    words: Vec<String>,
}

/// A line of output.
#[derive(Serialize)]
struct Answer<'a> {
    level: Option<&'static str>,
    rule: Option<&'static str>,
    phrase: Option<&'a str>,
}

/// Reads every line. A line that is not a JSON string is answered with an error in its place; the exit code then says so, too.
pub(crate) fn run(options: &Options) -> Result<(), HostError> {
    let mut commands = Commands::default();
    for word in &options.words {
        if !commands.add(word, Keyword::OptOut) {
            let message = format!("--word: `{word}` has no letter or digit");
            return Err(HostError::Refused(message));
        }
    }
    json_lines::answer(|text, output| {
        let found = find_revocation(text, options.languages, &commands);
        json_lines::write(output, &answer(text, found))
    })
}

fn answer(text: &str, found: Option<Revocation>) -> Answer<'_> {
    let phrase = found.as_ref().and_then(|found| text.get(found.phrase.clone()));
    let (level, rule) = found.map(|found| (found.level.word(), found.rule)).unzip();
    Answer { level, rule, phrase }
}
