//! What a phone or a mail program adds to what a person wrote.

use std::{borrow::Cow, ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use smallvec::{SmallVec, smallvec};

use super::reading::Reading;

/// Beginnings of signatures, lower case.
const SIGNATURES: &[&str] = &[
    "sent from my",
    "sent from outlook",
    "sent via",
    "sent with",
    "sent using",
    "sent by my",
    "get outlook for",
    "enviado desde mi",
    "enviado desde el",
    "enviado con mi",
    "enviado do meu",
    "enviado via",
    "enviado pelo",
    "enviado a partir",
    "envoyé de mon",
    "envoye de mon",
    "envoyé depuis",
    "envoye depuis",
    "envoyé à partir",
    "gesendet von mein",
    "von meinem iphone",
    "von meinem ipad",
    "von meinem handy",
    "von meinem smartphone",
    "von meinem samsung",
    "von meinem galaxy",
    "von meinem huawei",
    "von meinem xiaomi",
    "von meinem pixel",
    "von meinem android",
    "von meinem mobiltelefon",
    "gesendet mit",
    "gesendet via",
    "diese nachricht wurde von mein",
    "dikirim dari",
    "dikirim melalui",
    "나의 iphone",
    "내 iphone",
    "내 갤럭시",
    "나의 갤럭시",
    "iphone에서 보냄",
    "갤럭시에서 보냄",
    "아이폰에서 보냄",
    "휴대폰에서 보냄",
    "나의 아이폰",
    "내 아이폰",
    "에서 보냄",
    "iphoneから送信",
    "ipadから送信",
    "スマートフォンから送信",
    "androidから送信",
    "galaxyから送信",
    "xperiaから送信",
    "pixelから送信",
    "aquosから送信",
    "スマホから送信",
    "携帯から送信",
    "携帯電話から送信",
    "发自我的",
    "發自我的",
    "从我的iphone",
    "從我的iphone",
    "来自我的",
    "來自我的",
    "发送自",
    "發送自",
    "從我的 android",
    "从我的 android",
    "從我的手機",
    "从我的手机",
    "用我的 iphone",
    "透過我的",
    "傳送自",
    "从我的 iphone",
    "從我的 iphone",
];
/// Beginnings of lines after which only somebody else's text comes.
const FORWARDED: &[&str] =
    &["-----original message", "---------- forwarded", "----- original message"];
/// A signature is no longer than this, in characters.
const LONGEST: usize = 60;

/// The parts of a text that its writer wrote.
pub(super) type Kept = SmallVec<[Range<usize>; 2]>;

/// The parts of a text without signatures and quoted lines. A signature stands in a line of its own, or ends the text.
pub(super) fn kept(text: &str) -> Kept {
    if !text.contains(['\n', '>']) && !ends_with_signature(text) {
        return smallvec![0..text.len()];
    }
    let mut kept = Kept::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let (from, end) = (start, start + line.len());
        start = end;
        let lower = line.trim().to_lowercase();
        if FORWARDED.iter().any(|begin| lower.starts_with(begin)) {
            break;
        }
        if lower.starts_with('>') {
            continue;
        }
        let until = signature(line).map_or(end, |at| from + at);
        match kept.last_mut() {
            Some(last) if last.end == from => last.end = until,
            _ => kept.push(from..until),
        }
    }
    // A text that is nothing but a signature is what somebody wrote.
    if kept.iter().all(|part| text.get(part.clone()).is_none_or(|text| text.trim().is_empty())) {
        return smallvec![0..text.len()];
    }
    kept
}

fn ends_with_signature(text: &str) -> bool {
    signature(text).is_some()
}

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let builder = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(SIGNATURES);
    builder.ok()
});

/// Where a signature begins that reaches to the end of a line.
fn signature(line: &str) -> Option<usize> {
    let from = line.char_indices().rev().take(LONGEST).last().map_or(0, |(at, _)| at);
    let end = line.get(from..)?;
    let lower = if end.is_ascii() { Cow::Borrowed(end) } else { Cow::Owned(end.to_lowercase()) };
    // Where lower case has another length, places differ; such letters stand in no signature that is known.
    if lower.len() != end.len() {
        return None;
    }
    let is_start = |at: &usize| {
        let before = line.get(..from + at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric())
    };
    let places = FINDER.as_ref()?.find_overlapping_iter(lower.as_ref()).map(|found| found.start());
    places.filter(is_start).min().map(|at| from + at)
}

/// Drops the words that the writer did not write; what is before them ends a sentence.
pub(super) fn drop_added(text: &str, reading: &mut Reading) -> Kept {
    let kept = kept(text);
    if kept.len() == 1 && kept.first().is_some_and(|part| part.len() == text.len()) {
        return kept;
    }
    // Words and parts are both in order: each is passed once.
    let words = std::mem::take(&mut reading.words);
    let mut parts = kept.iter().peekable();
    for word in words {
        let at = word.start as usize;
        while parts.next_if(|part| part.end <= at).is_some() {
            reading.end_sentence();
        }
        if parts.peek().is_some_and(|part| part.contains(&at)) {
            reading.words.push(word);
        }
    }
    reading.end_sentence();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sms_15_signatures_and_quoted_lines_are_not_the_writers() {
        for (text, own) in [
            ("STOP\n\nSent from my iPhone", "STOP\n\n"),
            ("STOP Sent from my iPhone", "STOP "),
            ("Stop. Get Outlook for iOS", "Stop. "),
            ("Who is this?\n> Reply STOP to end", "Who is this?\n"),
            ("STOP\nEnvoyé de mon iPhone", "STOP\n"),
            ("중지\n나의 iPhone에서 보냄", "중지\n"),
            ("停止\n发自我的iPhone", "停止\n"),
            ("Sent from my iPhone", "Sent from my iPhone"),
            (
                "I sent from my phone a long text and nobody answered it, so I am writing once more now",
                "",
            ),
        ] {
            let kept = kept(text);
            let found: String = kept.iter().filter_map(|part| text.get(part.clone())).collect();
            assert_eq!(found, if own.is_empty() { text } else { own }, "{text}");
        }
    }
}
