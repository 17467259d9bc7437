//! Acts that are asked about and denied at once: "Unsubscribe? No way". Their writer wants the texts, or mocks.

use compact_str::CompactString;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{
    Level, Revocation,
    reading::{Break, Reading, Word},
};

/// A question that repeats an act has at most so many words.
const QUESTION: usize = 8;
/// Words that may stand before a denial: at most so many.
const BEFORE: usize = 3;

/// Words that a question of somebody who wants something begins with, in each language: what follows is no denial of it. Without
/// accents, in lower case.
const REQUESTS: &[&str] = &[
    "can", "could", "cud", "will", "would", "wud", "may", "might", "please", "pls", "plz",
    "kindly", "how", "why", "what", "when", "where", "who", "puede", "puedes", "pueden", "podria",
    "podrias", "podrian", "por", "como", "cuando", "pouvez", "peux", "peut", "pourriez",
    "pourrais", "est", "comment", "quand", "konnen", "konnt", "kannst", "konnten", "konntest",
    "konntet", "bitte", "wie", "wann", "pode", "podem", "poderia", "poderiam", "quando", "bisa",
    "bisakah", "tolong", "mohon", "gimana", "kapan",
];
/// Words that may stand before a denial.
const INTERJECTIONS: &[&str] = &[
    "ah",
    "oh",
    "god",
    "hell",
    "heck",
    "haha",
    "hahaha",
    "lol",
    "omg",
    "um",
    "gottes",
    "willen",
    "dios",
    "mio",
    "mon",
    "dieu",
    "nossa",
    "please",
    "pls",
    "plz",
    "por",
    "favor",
    "bitte",
    "absolutely",
    "definitely",
    "of",
    "course",
    "pues",
    "claro",
    "que",
    "mais",
    "surtout",
    "certainement",
    "auf",
    "keinen",
    "wah",
];
/// Words that deny what was asked.
const DENIALS: &[&str] = &[
    "no", "nope", "nah", "naw", "never", "dont", "not", "non", "pas", "jamais", "nunca", "jamas",
    "nein", "nee", "niemals", "nie", "fall", "nao", "tidak", "ga", "gak", "ngga", "nggak",
    "enggak", "jangan",
];
/// Words that make a demand of a denial: "no more", "never again".
const DEMANDS: &[&str] = &[
    "more", "further", "again", "mas", "plus", "mais", "mehr", "text", "texts", "message",
    "messages", "contact", "send", "lagi",
];

/// What is left of a finding in a text that asks about the act and denies it: somebody should look at it, at most.
pub(super) fn heed(text: &str, reading: &Reading, found: Revocation) -> Option<Revocation> {
    let Some(question_ends) = denied_question(text, reading) else { return Some(found) };
    if found.phrase.start >= question_ends {
        return Some(found);
    }
    (found.level == Level::Likely).then_some(Revocation { level: Level::Possible, ..found })
}

/// The end of the question that a text begins with, if its answer is a denial.
fn denied_question(text: &str, reading: &Reading) -> Option<usize> {
    let beginning = reading.words.iter().take(QUESTION);
    let last = beginning.clone().position(|word| word.after >= Break::Question)?;
    let question_ends = reading.words.get(last).filter(|word| word.after == Break::Question)?.end;
    let said = |word: &Word| plain(text, word);
    if reading.words.first().is_some_and(|word| REQUESTS.contains(&&*said(word))) {
        return None;
    }
    let mut answer = reading.words.iter().skip(last + 1).take(BEFORE + 2).map(said).peekable();
    for _ in 0..BEFORE {
        let word = answer.next()?;
        if DENIALS.contains(&&*word) {
            let is_demand = answer.peek().is_some_and(|next| DEMANDS.contains(&&**next));
            return (!is_demand).then(|| usize::try_from(question_ends).unwrap_or(usize::MAX));
        }
        if !INTERJECTIONS.contains(&&*word) {
            return None;
        }
    }
    None
}

/// A word without accents, apostrophes and capitals.
fn plain(text: &str, word: &Word) -> CompactString {
    let place = usize::try_from(word.start).unwrap_or(0)..usize::try_from(word.end).unwrap_or(0);
    let word = text.get(place).unwrap_or_default();
    let letters =
        word.nfd().filter(|letter| letter.is_alphanumeric() && !is_combining_mark(*letter));
    letters.flat_map(char::to_lowercase).take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Commands, find_revocation};

    fn level(text: &str) -> Option<Level> {
        find_revocation(text, "all".parse().unwrap(), &Commands::default()).map(|found| found.level)
    }

    #[test]
    fn sms_16_an_act_that_is_asked_about_and_denied_is_no_revocation() {
        for text in [
            "unsubscribe? no!",
            "Unsubscribe me? No way, I like these",
            "stop texting me? God no",
            "Opt out? Nope, not today",
            "quit texting me?? please don't",
            "take me off your list? never",
            "sair da lista? jamais",
            "darme de baja? no, gracias",
            "me désabonner ? ah non",
            "abmelden? nein danke",
        ] {
            assert_ne!(level(text), Some(Level::Likely), "{text}");
        }
        for text in [
            "Can you stop texting me? No more",
            "could you take me off your list? no I dont want coupons",
            "stop texting me? no more texts",
            "Who is this? No. Stop texting me",
            "what? no, take me off your list",
            "stop texting me. no really",
        ] {
            assert_eq!(level(text), Some(Level::Likely), "{text}");
        }
    }
}
