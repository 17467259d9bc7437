//! An opt-out word with something added (SMS-15): "STOP - John Smith", "Stop. I told you already", "Reply STOP", "STOP2END".

use super::{
    Level, Revocation,
    reading::{Break, Reading, Word},
    typos::is_one_error,
};
use crate::{Commands, Keyword};

/// Words that ask for an opt-out word or say what it does, in the languages that have rules.
const ASKING: &[&str] = &[
    // English
    "reply",
    "replying",
    "replied",
    "text",
    "texting",
    "txt",
    "send",
    "sending",
    "sent",
    "type",
    "typing",
    "respond",
    "answer",
    "msg",
    "to",
    "2",
    "for",
    // Spanish, Portuguese
    "envie",
    "envía",
    "envia",
    "enviar",
    "envíe",
    "responda",
    "responde",
    "responder",
    "mande",
    "manda",
    "mandar",
    "para",
    "escriba",
    "escribe",
    "digite",
    "escreva",
    // French
    "répondez",
    "repondez",
    "réponds",
    "répondre",
    "envoyez",
    "envoyer",
    "envoie",
    "tapez",
    "pour",
    // German
    "antworten",
    "antworte",
    "antwort",
    "senden",
    "sende",
    "schicken",
    "schicke",
    "zum",
    "um",
    // Indonesian
    "balas",
    "ketik",
    "kirim",
    "untuk",
];
/// Words that stand beside those and mean nothing by themselves.
const BESIDE: &[&str] = &[
    "please",
    "pls",
    "the",
    "word",
    "with",
    "end",
    "opt",
    "out",
    "optout",
    "all",
    "quit",
    "cancel",
    "unsubscribe",
    "unsub",
    "con",
    "com",
    "palabra",
    "palavra",
    "mot",
    "avec",
    "mit",
    "wort",
    "dengan",
    "kata",
    "por",
    "favor",
];
/// An instruction has no more words than this, and the first sentence of a text that may be a command neither.
const MAX_WORDS: usize = 8;
const MAX_FIRST: usize = 4;

/// Whether the words of a text can make one; a text of many words without an early end cannot.
pub(super) fn may_be(text: &str, reading: &Reading) -> bool {
    let words = &reading.words;
    words.len() <= MAX_WORDS || words.iter().take(MAX_FIRST).any(|word| ends(text, word))
}

pub(super) fn find(text: &str, reading: &Reading, commands: &Commands) -> Option<Revocation> {
    first_sentence(text, reading, commands)
        .or_else(|| instruction(text, reading, commands))
        .or_else(|| misspelled(text, reading))
}

/// The first sentence or line is an opt-out word. What follows does not count, unless it is about an address or asks:
/// then it is only possible.
fn first_sentence(text: &str, reading: &Reading, commands: &Commands) -> Option<Revocation> {
    let words = &reading.words;
    let count = words.iter().take(MAX_FIRST).position(|word| ends(text, word))? + 1;
    let (first, last) = (words.first()?, words.get(count - 1)?);
    let phrase = first.start as usize..last.end as usize;
    if last.after == Break::Question || !is_opt_out(text.get(phrase.clone())?, commands) {
        return None;
    }
    let next = words.get(count).and_then(|word| spelled(text, word));
    let address = next.is_some_and(|next| next.bytes().all(|byte| byte.is_ascii_digit()));
    let level = if address { Level::Possible } else { Level::Likely };
    Some(Revocation { level, rule: "command-first", phrase })
}

/// A comma ends no sentence; a dash with spaces and a bracket do.
fn ends(text: &str, word: &Word) -> bool {
    match word.after {
        Break::Nothing | Break::Space => false,
        Break::Clause => {
            let rest = text.get(word.end as usize..).unwrap_or_default();
            let sign = rest.chars().find(|c| !c.is_whitespace());
            !sign.is_some_and(|sign| matches!(sign, ',' | ';' | ':' | '，' | '、' | '：' | '；'))
        }
        Break::Question | Break::Sentence | Break::End => true,
    }
}

/// Nothing but an opt-out word and words of an instruction.
fn instruction(text: &str, reading: &Reading, commands: &Commands) -> Option<Revocation> {
    let words = &reading.words;
    if words.is_empty() || words.len() > MAX_WORDS {
        return None;
    }
    let (mut found, mut asked) = (false, false);
    for word in words {
        let spelled = spelled(text, word)?;
        // "Send STOP to 40404"; but "stop 5 on the route", "stop 10023".
        if asked && spelled.len() >= 5 && spelled.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let is_command = is_opt_out(spelled, commands) || is_glued(spelled, commands);
        let found_before = found;
        found |= is_command;
        let lower = spelled.to_lowercase();
        let asks = ASKING.contains(&lower.as_str());
        if !is_command && !asks && !BESIDE.contains(&lower.as_str()) {
            return None;
        }
        asked |= asks || (is_command && found_before) || is_glued(spelled, commands);
    }
    let phrase = words.first()?.start as usize..words.last()?.end as usize;
    (found && asked).then_some(Revocation {
        level: Level::Likely,
        rule: "command-instruction",
        phrase,
    })
}

/// Fixed opt-out words that people mistype, and the words that somebody may mean who writes almost the same.
const MISTYPED: &[(&[u8], &[&str])] = &[
    (
        b"stop",
        &[
            "shop", "step", "stoop", "stomp", "strop", "slop", "atop", "top", "sop", "swop",
            "stow", "stops", "spot", "stoep", "store", "sto", "stock", "drop", "crop", "prop",
            "stoup", "stoep", "estop", "story", "snap", "stoc",
        ],
    ),
    (
        b"quit",
        &[
            "suit", "quite", "quid", "quiz", "quilt", "quip", "unit", "quoit", "quits", "quiet",
            "quint",
        ],
    ),
    (b"cancel", &["cancer", "cancels", "chancel"]),
    (b"unsubscribe", &[]),
    (b"revoke", &["evoke", "revoked", "revokes", "provoke"]),
    (b"stopall", &[]),
    (b"optout", &[]),
];

/// A text of one word that is an opt-out word with one typing error.
fn misspelled(text: &str, reading: &Reading) -> Option<Revocation> {
    let [word] = reading.words.as_slice() else { return None };
    let phrase = word.start as usize..word.end as usize;
    let lower = text.get(phrase.clone())?.to_lowercase();
    let meant = |(command, others): &(&[u8], &[&str])| {
        is_one_error(lower.as_bytes(), command) && !others.contains(&lower.as_str())
    };
    let found = lower.len() >= 4 && MISTYPED.iter().any(meant);
    found.then_some(Revocation { level: Level::Likely, rule: "command-mistyped", phrase })
}

/// "STOP2END", "stop4all": an opt-out word on both sides of the digit.
fn is_glued(word: &str, commands: &Commands) -> bool {
    let parts = word.split_once(['2', '4']);
    parts.is_some_and(|(first, second)| is_opt_out(first, commands) && is_opt_out(second, commands))
}

fn is_opt_out(text: &str, commands: &Commands) -> bool {
    matches!(commands.recognise(text), Some((Keyword::OptOut, _)))
}

fn spelled<'a>(text: &'a str, word: &Word) -> Option<&'a str> {
    text.get(word.start as usize..word.end as usize)
}
