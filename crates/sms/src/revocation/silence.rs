//! Complaints that the center does not write: "you never texted me", "why don't you text me?", "no more texts?".
//!
//! Their words are those of an order ("don't text me", "no more texts"), but they state a fact about the center, or ask about it.
//! Their writer waits for a text. The clauses are found by rules of their own, in the form of the other rules, with words and tags
//! of their own. What a frame means is said by its name:
//!
//! - `complaint`: the clause is put aside, and the rest of the text is read without it.
//! - `complaint-asked`: the same, if a question mark follows.
//! - `unclear`: the clause is put aside; the text is possible, if nothing else makes it likely.
//! - `unclear-asked`: the same, if a question mark follows.
//! - `wish`: no clause in it is put aside ("I'd prefer it if, from today, you never text me").
//!
//! The level of the frames says nothing. A frame is a `whole`: an open gap does not hold a word of an order or a wish, so that a
//! clause that has one is left to the other rules ("you never text me back so take me off").

use std::{ops::Range, sync::LazyLock};

use smallvec::SmallVec;

use super::{
    Languages, Level, Revocation, added,
    book::{Book, Steps},
    reading::Reading,
};

/// Code and rules of each language.
pub(super) const RULES: &[(&str, &[&str])] = &[
    ("en", &[include_str!("rules/silence/en.txt")]),
    ("es", &[include_str!("rules/silence/es.txt")]),
    ("pt", &[include_str!("rules/silence/pt.txt")]),
    ("fr", &[include_str!("rules/silence/fr.txt")]),
    ("de", &[include_str!("rules/silence/de.txt")]),
    ("id", &[include_str!("rules/silence/id.txt")]),
    ("ko", &[include_str!("rules/silence/ko.txt")]),
    ("ja", &[include_str!("rules/silence/ja.txt")]),
    ("zh", &[include_str!("rules/silence/zh.txt")]),
];

/// The rules of all languages, read once.
pub(super) static SILENCE: LazyLock<Book> = LazyLock::new(|| Book::read(RULES));

/// The name of the rule for a text that may complain.
const RULE: &str = "silence";
/// The stand-in for a clause that is put aside: a word that no rule knows, so that the text has as many clauses as before.
const PLACEHOLDER: &str = "zq";
/// So many signs behind a clause are searched for a question mark.
const SIGNS: usize = 4;

/// A text without the clauses that complain.
#[derive(Debug)]
pub(super) struct Heard {
    /// Each byte stands where it stood.
    pub(super) rest: String,
    /// The first clause that may be an order.
    pub(super) unclear: Option<Range<usize>>,
}

/// The text without the clauses that complain of silence; `None` if there are none.
pub(super) fn hear(text: &str, languages: Languages, steps: &mut Steps) -> Option<Heard> {
    let mut reading = Reading::of(text, &SILENCE.vocabulary, languages);
    let worth = SILENCE.worth_reading(&reading, languages);
    if worth.is_none() {
        return None;
    }
    added::drop_added(text, &mut reading);
    let mut clauses = SmallVec::<[(Range<usize>, bool); 4]>::new();
    let mut wishes = SmallVec::<[Range<usize>; 2]>::new();
    SILENCE.each_clause(text, &mut reading, worth, &mut steps.silence, |name, clause| {
        if name == "wish" {
            return wishes.push(clause);
        }
        let (name, is_asked) =
            name.strip_suffix("-asked").map_or((name, false), |name| (name, true));
        if is_asked && !is_question(text, clause.end) {
            return;
        }
        let is_unclear = name == "unclear";
        match clauses.iter_mut().find(|(known, _)| *known == clause) {
            // A frame that is sure of a complaint wins.
            Some((_, known)) => *known &= is_unclear,
            None => clauses.push((clause, is_unclear)),
        }
    });
    clauses.retain(|(clause, _)| {
        wishes.iter().all(|wish| wish.end <= clause.start || clause.end <= wish.start)
    });
    if clauses.is_empty() {
        return None;
    }
    let unclear = clauses.iter().find(|(_, is_unclear)| *is_unclear);
    let unclear = unclear.map(|(clause, _)| clause.clone());
    clauses.sort_unstable_by_key(|(clause, _)| clause.start);
    Some(Heard { rest: without(text, clauses.iter().map(|(clause, _)| clause)), unclear })
}

/// The part of a finding that is left, by the findings in the rest of the text and in the clause that may be an order. The rest of a text
/// says no more than all of it.
pub(super) fn left_of(
    found: Revocation,
    in_rest: Option<Revocation>,
    unclear: Option<Range<usize>>,
) -> Option<Revocation> {
    let unclear = unclear.map(|phrase| Revocation { level: Level::Possible, rule: RULE, phrase });
    let left = in_rest.or(unclear)?;
    Some(if left.level > found.level { found } else { left })
}

/// Whether a question mark is among the signs behind a place.
fn is_question(text: &str, place: usize) -> bool {
    let behind = text.get(place..).unwrap_or_default().chars();
    let mut signs = behind.take_while(|sign| !sign.is_alphanumeric()).take(SIGNS);
    signs.any(|sign| matches!(sign, '?' | '？'))
}

/// The text with a placeholder and spaces for each clause. The clauses are in order.
fn without<'a>(text: &str, clauses: impl Iterator<Item = &'a Range<usize>>) -> String {
    let (mut rest, mut done) = (String::with_capacity(text.len()), 0);
    for clause in clauses {
        // Clauses of two languages may overlap.
        let start = clause.start.max(done);
        if start >= clause.end {
            continue;
        }
        rest.push_str(text.get(done..start).unwrap_or_default());
        let count = clause.end - start;
        rest.push_str(PLACEHOLDER.get(..count).unwrap_or(PLACEHOLDER));
        rest.extend(std::iter::repeat_n(' ', count.saturating_sub(PLACEHOLDER.len())));
        done = clause.end;
    }
    rest.push_str(text.get(done..).unwrap_or_default());
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Commands, find_revocation};

    fn level(text: &str) -> Option<Level> {
        find_revocation(text, "all".parse().unwrap(), &Commands::default()).map(|found| found.level)
    }

    #[test]
    fn every_line_of_the_rules_of_silence_is_read() {
        let errors: Vec<&String> = SILENCE.sets.iter().flat_map(|set| &set.errors).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert_eq!(SILENCE.sets.len(), RULES.len());
        let names = SILENCE.sets.iter().flat_map(|set| &set.frames).map(|frame| frame.name);
        for name in names {
            let known = ["complaint", "complaint-asked", "unclear", "unclear-asked", "wish"];
            assert!(known.contains(&name), "{name}");
        }
    }

    #[test]
    fn sms_16_a_complaint_of_silence_is_put_aside_and_the_rest_is_read() {
        let heard = |text: &str| hear(text, Languages::ALL, &mut Steps::default()).unwrap().rest;
        assert_eq!(
            heard("You never texted me. Stop texting me"),
            format!("zq{}. Stop texting me", " ".repeat(17))
        );
        assert_eq!(level("You never texted me about my order"), None);
        assert_eq!(level("You don't contact me anymore"), Some(Level::Possible));
        // A text that is no revocation is none without the complaint.
        assert_eq!(level("我又没取消短信服务，怎么通知没了"), None);
        for text in [
            "You never texted me about my order. Now stop texting me",
            "you never text me back, so take me off your list",
            "you never text me back so take me off your list",
            "you never text me so remove me",
            "you never text me so unsubscribe me",
            "no more texts? no more texts!",
            "ihr habt mir nie geschrieben, löscht mich aus dem Verteiler",
        ] {
            assert_eq!(level(text), Some(Level::Likely), "{text}");
        }
    }

    #[test]
    fn sms_16_the_rest_of_a_text_says_no_more_than_all_of_it() {
        let of = |level| Revocation { level, rule: "of", phrase: 0..2 };
        let (likely, possible) = (of(Level::Likely), of(Level::Possible));
        let left = |found: &Revocation, rest: Option<&Revocation>, unclear| {
            left_of(found.clone(), rest.cloned(), unclear)
        };
        assert_eq!(left(&likely, Some(&likely), None), Some(likely.clone()));
        assert_eq!(left(&likely, Some(&possible), None), Some(possible.clone()));
        assert_eq!(left(&possible, Some(&likely), None), Some(possible));
        assert_eq!(left(&likely, None, None), None);
        let unclear = left(&likely, None, Some(1..2)).map(|left| (left.level, left.rule));
        assert_eq!(unclear, Some((Level::Possible, RULE)));
    }

    /// Found by an attacker, and others of the kind.
    #[test]
    fn sms_16_a_complaint_of_silence_is_at_most_possible() {
        for (code, texts) in [
            (
                "en",
                &["why don't you text me", "you never text me back", "no more texts from you?"][..],
            ),
            ("es", &["no me han escrito más", "ya no me contactan", "¿No me van a escribir más?"]),
            ("pt", &["vocês não me contatam mais", "nunca me escrevem"]),
            ("fr", &["vous ne m'écrivez plus", "vous ne m'écrivez jamais"]),
            ("de", &["ihr schreibt mir nicht mehr", "Sie haben mir nicht mehr geschrieben"]),
            ("id", &["kenapa tidak kirim sms lagi", "tidak hubungi saya lagi?"]),
            ("ko", &["왜 연락 안 하세요", "연락 준다더니 왜 연락 안 하세요"]),
            ("ja", &["もうメッセージ送ってくれないんですか", "なんで送ってこないの"]),
            ("zh", &["不再给我发短信了吗", "你们都不联系我"]),
        ] {
            for text in texts {
                for languages in [code, "all"] {
                    let languages = languages.parse().unwrap();
                    let found = find_revocation(text, languages, &Commands::default());
                    assert!(found.is_none_or(|found| found.level == Level::Possible), "{text}");
                }
                let heard = hear(text, Languages::ALL, &mut Steps::default());
                assert!(heard.is_some_and(|heard| heard.rest.contains(PLACEHOLDER)), "{text}");
            }
        }
    }

    #[test]
    fn sms_16_an_order_that_looks_like_a_complaint_of_silence_stays() {
        for text in [
            "you don't need to text me any more",
            "you don't text me, got it?",
            "ne m'écrivez plus",
            "no me escriban más",
            "Mir wäre lieber, Sie schreiben mir nicht mehr",
            "não me mandem mais mensagens",
            "schreibt mir nicht mehr",
            "연락하지 마세요",
            "why won't you stop texting me",
            "you never took me off your list",
        ] {
            assert_eq!(level(text), Some(Level::Likely), "{text}");
        }
        // No more than possible for the other rules, and not put aside.
        for text in ["why do you keep texting me", "you never stop texting me"] {
            assert!(hear(text, Languages::ALL, &mut Steps::default()).is_none(), "{text}");
            assert_eq!(level(text), Some(Level::Possible), "{text}");
        }
    }
}
