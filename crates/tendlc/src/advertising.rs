//! Texts that advertise, whatever their sender calls them (DLC-4).

use std::{collections::HashMap, sync::LazyLock};

use crate::ContentType;

/// A wording: words in order, each with what may stand for it.
type Wording = Vec<Vec<Word>>;

/// A word of a wording.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    /// `$20`, `20€`.
    Amount,
    /// Letters in capitals: `SAVE20`.
    Code,
    /// `2`.
    Number,
    /// `20%`.
    Percentage,
    /// Itself.
    Is(&'static str),
}

static WORDINGS: LazyLock<Wordings> = LazyLock::new(|| {
    let lines = include_str!("facts/advertising.txt").lines();
    let lines = lines.filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut wordings = Wordings::default();
    for wording in lines.map(read) {
        for first in wording.first().into_iter().flatten() {
            let of_first = match first {
                Word::Is(word) => wordings.by_word.entry(word).or_default(),
                _ => &mut wordings.by_kind,
            };
            of_first.push(wording.clone());
        }
    }
    wordings
});

/// Wordings by their first word.
#[derive(Default)]
struct Wordings {
    by_word: HashMap<&'static str, Vec<Wording>>,
    /// Those that begin with an amount, a code, a number or a percentage.
    by_kind: Vec<Wording>,
}

impl Wordings {
    fn beginning(&self, word: &str) -> impl Iterator<Item = &Wording> {
        self.by_word.get(word).into_iter().flatten().chain(&self.by_kind)
    }
}

fn read(line: &'static str) -> Wording {
    let word = |word| match word {
        "$N" => Word::Amount,
        "CODE" => Word::Code,
        "N" => Word::Number,
        "N%" => Word::Percentage,
        word => Word::Is(word),
    };
    line.split(' ').map(|place| place.split('|').map(word).collect()).collect()
}

/// Words of a business with one consumer: an amount beside them is a bill, and no price.
const OF_AN_ACCOUNT: &[&str] = &[
    "account",
    "amount",
    "appointment",
    "appt",
    "autopay",
    "awards",
    "balance",
    "bill",
    "billed",
    "buyback",
    "cancel",
    "card",
    "cargo",
    "charge",
    "charged",
    "check",
    "checks",
    "cita",
    "citation",
    "claim",
    "closing",
    "copay",
    "credit",
    "cuenta",
    "cuota",
    "debit",
    "deductible",
    "delivered",
    "deposit",
    "deposited",
    "dispatch",
    "donation",
    "due",
    "dues",
    "ending",
    "escrow",
    "estimate",
    "factura",
    "fee",
    "fees",
    "fine",
    "fines",
    "fraud",
    "garage",
    "gift",
    "insurance",
    "interview",
    "invoice",
    "labor",
    "late",
    "layaway",
    "lease",
    "load",
    "loan",
    "minimum",
    "monthly",
    "mortgage",
    "net",
    "order",
    "owe",
    "owed",
    "pago",
    "paid",
    "parking",
    "past-due",
    "pay",
    "payment",
    "payments",
    "paystub",
    "pedido",
    "plan",
    "policy",
    "premium",
    "prescription",
    "purchase",
    "quote",
    "raised",
    "rebate",
    "receipt",
    "refund",
    "renewal",
    "renews",
    "rent",
    "saldo",
    "scam",
    "scammers",
    "servicer",
    "session",
    "settlement",
    "shipped",
    "subtotal",
    "surcharge",
    "survey",
    "tarjeta",
    "tarjetas",
    "tax",
    "terminada",
    "toll",
    "total",
    "transaction",
    "transfer",
    "tuition",
    "verification",
    "wages",
    "wire",
    "withdrawal",
];

/// Words that are looked at, so that a check of the longest text stays short.
const MOST_WORDS: usize = 400;

/// The words by which a text advertises: the commercial availability or quality of goods and services (47 CFR 64.1200(f)(1)). `None` where
/// it does not. The steps are at most 400 words times the wordings.
///
/// ```
/// use frontdesk_tendlc::{ContentType::Informational, advertises};
///
/// assert_eq!(advertises("Harbor Books: 20% off today, use code SAVE20", Informational), Some("20% off"));
/// assert_eq!(advertises("Harbor Books: your order 4711 is ready. Your total is $20.", Informational), None);
/// ```
pub fn advertises(text: &str, kind: ContentType) -> Option<&str> {
    let words: Vec<(usize, usize, String)> = words(text).take(MOST_WORDS).collect();
    let begins = |first: usize| {
        let word = words.get(first).map_or("", |(_, _, word)| word);
        let wordings = WORDINGS.beginning(word);
        let found = wordings.filter(|wording| stands_at(wording, &words, first, text));
        found.map(Vec::len).max().map(|length| (first, length))
    };
    let Some((first, length)) = (0..words.len()).find_map(begins) else {
        // In a conversation a price answers a question.
        return price(&words, text).filter(|_| kind != ContentType::Conversational);
    };
    let (from, to) = (words.get(first)?.0, words.get(first + length - 1)?.1);
    text.get(from..to)
}

/// A price in a text that is about nobody's own business.
fn price<'a>(words: &[(usize, usize, String)], text: &'a str) -> Option<&'a str> {
    if words.iter().any(|(_, _, word)| OF_AN_ACCOUNT.contains(&word.as_str())) {
        return None;
    }
    let (from, to, _) = words.iter().find(|(_, _, word)| Word::Amount.is(word, word))?;
    text.get(*from..*to)
}

fn stands_at(
    wording: &Wording,
    words: &[(usize, usize, String)],
    first: usize,
    text: &str,
) -> bool {
    let Some(found) = words.get(first..first + wording.len()) else { return false };
    found.iter().zip(wording).all(|((from, to, word), places)| {
        let written = text.get(*from..*to).unwrap_or_default();
        places.iter().any(|place| place.is(word, written))
    })
}

impl Word {
    fn is(&self, word: &str, written: &str) -> bool {
        let number = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
        };
        match self {
            Self::Amount => {
                let bare = word.trim_start_matches(['$', '€', '£']).trim_end_matches(['€', '£']);
                bare.len() < word.len() && number(bare)
            }
            Self::Code => {
                written.len() >= 3
                    && written.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                    && written.bytes().any(|b| b.is_ascii_uppercase())
            }
            Self::Number => number(word),
            Self::Percentage => word.strip_suffix('%').is_some_and(number),
            Self::Is(own) => word == *own,
        }
    }
}

/// The words of a text with their places, in lower case. Signs between words end a sentence or a word alike, except those of amounts.
fn words(text: &str) -> impl Iterator<Item = (usize, usize, String)> + '_ {
    let is_part = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '$' | '%' | '€' | '£' | '\'' | '’' | '-' | '.' | ',' | '@')
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let from = at + rest.find(|c: char| c.is_alphanumeric() || matches!(c, '$' | '€' | '£'))?;
        let rest = text.get(from..)?;
        let length = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        at = from + length;
        let word = rest.get(..length)?.trim_end_matches(['.', ',', '-', '\'', '’']);
        // `20 %` is written with a space, too.
        let percent = rest.get(length..).and_then(|rest| rest.strip_prefix(" %"));
        if percent.is_some() && word.bytes().all(|byte| byte.is_ascii_digit()) {
            at += " %".len();
            return Some((from, at, format!("{word}%")));
        }
        let lower = word.to_lowercase().replace('’', "'");
        Some((from, from + word.len(), unmasked(&lower).unwrap_or(lower)))
    })
}

/// A word whose letters are written as digits and signs: `b0g0`, `s@le`, `$ave`. `None` for every other word.
fn unmasked(word: &str) -> Option<String> {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let begins = word.trim_start_matches('$').starts_with(|c: char| c.is_ascii_alphabetic());
    if !begins || letters == word.len() || letters * 2 < word.len() {
        return None;
    }
    let letter = |c: char| match c {
        '0' => Some('o'),
        '1' => Some('i'),
        '3' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' => Some('t'),
        c => c.is_ascii_alphabetic().then_some(c),
    };
    word.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dlc_4_a_text_that_advertises_is_known_whatever_it_is_called() {
        for (text, found) in [
            ("20% off, buy now, code SAVE20", Some("20% off")),
            ("Now through Sunday: BUY ONE, GET one free", Some("BUY ONE, GET")),
            ("Save up to $50 on tires", Some("Save up to $50")),
            ("Use code BOOKS15 at checkout", Some("Use code BOOKS15")),
            ("Hoy 2x1 en tacos", Some("2x1")),
            ("Harbor Books: 20 % off today", Some("20 % off")),
            ("Your order ships today. Order number 20", None),
            ("Card ending 4471: $20.00 at Harbor Books. Not you? Reply NO", None),
            ("Your appointment is at 2 PM. Reply C to confirm", None),
            ("B0G0 on all p4perbacks, s@le ends Sunday", Some("B0G0")),
            ("$ave big this week", Some("$ave big")),
            ("Members save big this week", Some("Members save big")),
            ("It is our biggest event of the year", Some("our biggest event")),
            ("Write to sam@acme.example about room B10", None),
            ("You saved your seat, thank you", None),
            ("Tacos all day, $3", Some("$3")),
            ("The bridge is 50% complete", None),
            ("", None),
        ] {
            assert_eq!(advertises(text, ContentType::Informational), found, "{text}");
        }
    }

    #[test]
    fn every_wording_is_read_and_the_longest_text_is_cut() {
        assert!(WORDINGS.by_word.len() > 50 && !WORDINGS.by_kind.is_empty());
        let long = "x ".repeat(100_000) + "20% off";
        assert_eq!(advertises(&long, ContentType::Informational), None);
    }
}
