//! The labelled sentences, and how well they are told apart (SMS-16).
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use frontdesk_sms::{Commands, Languages, Level, find_revocation};

/// The languages that have rules.
const LANGUAGES: [&str; 9] = ["en", "es", "pt", "fr", "de", "id", "ko", "ja", "zh"];

/// What was found in a set of sentences.
#[derive(Default)]
struct Figures {
    revocations: u32,
    /// Of these, the ones that the writer of the set did not call possible (a wrong number, "leave me alone", "how do I stop").
    clear: u32,
    clear_likely: u32,
    likely: u32,
    possible: u32,
    look_alikes: u32,
    taken_likely: u32,
    taken_possible: u32,
}

impl Figures {
    fn recall_likely(&self) -> f64 {
        f64::from(self.likely) / f64::from(self.revocations)
    }

    /// Of the revocations that a business must act on at once.
    fn recall_clear(&self) -> f64 {
        f64::from(self.clear_likely) / f64::from(self.clear)
    }

    fn recall(&self) -> f64 {
        f64::from(self.likely + self.possible) / f64::from(self.revocations)
    }

    /// At most `of_75` in 75 look-alikes.
    fn at_most(&self, taken: u32, of_75: u32) -> bool {
        taken * 75 <= of_75 * self.look_alikes
    }
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r").replace("\\\\", "\\")
}

/// Lines of label, kind and text. Those of the sets that only judge are never printed.
fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path);
    std::fs::read_to_string(path).unwrap()
}

/// The three fields of a line.
fn fields(line: &str) -> [&str; 3] {
    let fields: Vec<&str> = line.splitn(3, '\t').collect();
    fields.try_into().unwrap()
}

/// Counts; with `show`, prints each sentence that is read wrongly.
fn judge(language: &str, half: &str, show: bool) -> Figures {
    let file = read(&format!("revocation/{language}.{half}.tsv"));
    judge_lines(language, half, show, file.lines())
}

fn judge_lines<'a>(
    language: &str,
    half: &str,
    show: bool,
    lines: impl Iterator<Item = &'a str>,
) -> Figures {
    let (mut figures, commands) = (Figures::default(), Commands::default());
    let languages: Languages = language.parse().unwrap();
    for [label, kind, text] in lines.map(fields) {
        let text = unescaped(text);
        let found = find_revocation(&text, languages, &commands);
        let level = found.as_ref().map(|found| found.level);
        let wrong = match (label, level) {
            ("revocation", level) => {
                figures.revocations += 1;
                figures.likely += u32::from(level >= Some(Level::Likely));
                if !kind.contains("possible") {
                    figures.clear += 1;
                    figures.clear_likely += u32::from(level >= Some(Level::Likely));
                }
                figures.possible += u32::from(level == Some(Level::Possible));
                level < Some(Level::Likely)
            }
            ("lookalike", level) => {
                figures.look_alikes += 1;
                figures.taken_likely += u32::from(level >= Some(Level::Likely));
                figures.taken_possible += u32::from(level.is_some());
                level.is_some()
            }
            _ => unreachable!("a label {label}"),
        };
        if wrong && show {
            let rule = found.map_or("", |found| found.rule);
            println!(
                "  {label} ({kind}) read as {} {rule}: {text}",
                level.map_or("nothing", Level::word)
            );
        }
    }
    println!(
        "{language} {half}: {} revocations, recall {:.3} at likely ({:.3} of {} that are clear), {:.3} at likely or possible; {} look-alikes, {} taken at likely, {} at likely or possible",
        figures.revocations,
        figures.recall_likely(),
        figures.recall_clear(),
        figures.clear,
        figures.recall(),
        figures.look_alikes,
        figures.taken_likely,
        figures.taken_possible,
    );
    figures
}

/// Recall at likely or possible, at likely, and at likely of the revocations that are clear; and look-alikes of 75 that are taken at likely and at likely or possible.
struct Bounds {
    recall: f64,
    recall_likely: f64,
    recall_clear: f64,
    likely_of_75: u32,
    possible_of_75: u32,
}

/// The goals. The sentences that were read while rules were made keep them.
const GOALS: Bounds = Bounds {
    recall: 0.92,
    recall_likely: 0.85,
    recall_clear: 0.85,
    likely_of_75: 1,
    possible_of_75: 4,
};
/// The bounds that sentences that only judge keep, a third of which was written to be odd. docs/revocation.md has the figures.
const REACHED: Bounds = Bounds {
    recall: 0.91,
    recall_likely: 0.75,
    recall_clear: 0.75,
    likely_of_75: 2,
    possible_of_75: 6,
};
/// The bounds of sentences that were written when the rules were done. One in six is possible by its own label, so that 0.85 at
/// likely is more than there is in some languages.
const REACHED_LATER: Bounds =
    Bounds { recall: 0.94, recall_likely: 0.81, recall_clear: 0.92, ..GOALS };
/// The bounds of sentences of which a third is as odd as its writer could make it: jokes, riddles, figures of speech.
const ODD: Bounds = Bounds { recall: 0.71, recall_likely: 0.57, recall_clear: 0.61, ..GOALS };
/// The bounds of sentences that were written to deceive: negations, thanks, questions and other objects beside the same wishes.
const NEGATIONS: Bounds = Bounds {
    recall: 0.84,
    recall_likely: 0.76,
    recall_clear: 0.76,
    likely_of_75: 5,
    possible_of_75: 14,
};
/// The sets of a language, whether their sentences may be printed, and their bounds.
const SETS: [(&str, bool, Bounds); 6] = [
    ("making", true, GOALS),
    ("judging", false, REACHED),
    ("judging-2", false, REACHED_LATER),
    ("judging-3", false, REACHED_LATER),
    ("judging-4", false, ODD),
    ("negation", false, NEGATIONS),
];

#[test]
fn sms_16_each_language_keeps_its_goals_on_labelled_sentences() {
    let mut failed = Vec::new();
    for language in LANGUAGES {
        for (half, show, bounds) in SETS {
            let figures = judge(language, half, show);
            let recalled = figures.recall() >= bounds.recall
                && figures.recall_likely() >= bounds.recall_likely
                && figures.recall_clear() >= bounds.recall_clear;
            let precise = figures.at_most(figures.taken_likely, bounds.likely_of_75)
                && figures.at_most(figures.taken_possible, bounds.possible_of_75);
            if !(recalled && precise) {
                failed.push(format!("{language} {half}"));
            }
        }
    }
    assert!(failed.is_empty(), "the bounds are missed in {failed:?}");
}

/// Wishes that are told indirectly ("you never took me off"), and denials of them ("unsubscribe? no way").
#[test]
fn sms_16_indirect_wishes_and_denials_are_told_apart() {
    let figures = ["en", "es", "fr", "de", "pt"].map(|language| judge(language, "indirect", false));
    let sum = |count: fn(&Figures) -> u32| figures.iter().map(count).sum::<u32>();
    let (of, look_alikes) = (sum(|it| it.revocations), sum(|it| it.look_alikes));
    assert_eq!((of, look_alikes), (150, 150));
    let (likely, possible) = (sum(|it| it.likely), sum(|it| it.possible));
    assert!(likely >= 105 && likely + possible >= 135, "{likely} and {possible} of {of}");
    let (taken, at_all) = (sum(|it| it.taken_likely), sum(|it| it.taken_possible));
    assert!(taken <= 3 && at_all <= 9, "{taken} and {at_all} of {look_alikes}");
}

/// Complaints that the center does not write ("you never text me back"), and orders that look like them. The first line of a set
/// and each second one after it are for making, the others only judge.
#[test]
fn sms_16_a_complaint_of_silence_is_no_revocation() {
    for (half, show) in [("silence, making", true), ("silence, judging", false)] {
        let figures = LANGUAGES.map(|language| {
            let file = read(&format!("revocation/{language}.silence.tsv"));
            let lines = file.lines().skip(usize::from(!show)).step_by(2);
            judge_lines(language, half, show, lines)
        });
        let sum = |count: fn(&Figures) -> u32| figures.iter().map(count).sum::<u32>();
        let (of, look_alikes) = (sum(|it| it.revocations), sum(|it| it.look_alikes));
        let (likely, possible) = (sum(|it| it.likely), sum(|it| it.possible));
        let (taken, at_all) = (sum(|it| it.taken_likely), sum(|it| it.taken_possible));
        println!("{half}: {likely} and {possible} of {of}; {taken} and {at_all} of {look_alikes}");
        assert!(likely >= 38 && likely + possible >= 44, "{likely} and {possible} of {of}");
        assert!(taken <= 2 && at_all <= 9, "{taken} and {at_all} of {look_alikes}");
    }
}

/// Sentences of earlier versions: label (likely, possible, no), language, text. A language that has a few only counts with the
/// others.
#[test]
fn sms_16_sentences_of_earlier_versions_are_still_told_apart() {
    for (file, at_least) in [("revocations.tsv", 0.95), ("revocations-held-out.tsv", 0.9)] {
        let counted = LANGUAGES.map(|language| (language, as_labelled(file, language)));
        let all =
            counted.iter().fold((0, 0), |(right, all), (_, one)| (right + one.0, all + one.1));
        for (language, (right, count)) in counted.into_iter().chain([("all", all)]) {
            println!("{file}, {language}: {right} of {count} as labelled");
            let is_enough = f64::from(right) >= at_least * f64::from(count);
            assert!(is_enough || count < 10, "{file}, {language}");
        }
    }
}

/// How many sentences of a language are read as they are labelled, and how many there are.
fn as_labelled(file: &str, language: &str) -> (u32, u32) {
    let (commands, mut right, mut count) = (Commands::default(), 0, 0);
    let file = read(file);
    for [label, _, text] in file.lines().map(fields).filter(|[_, of, _]| *of == language) {
        let found = find_revocation(text, language.parse().unwrap(), &commands);
        let word = found.as_ref().map_or("no", |found| found.level.word());
        count += 1;
        if word == label || (word == "certain" && label == "likely") {
            right += 1;
        } else {
            println!("  {label} read as {word}: {text}");
        }
    }
    (right, count)
}

/// Texts that people write to one another, and to businesses on any day. They were written when rules and weights were done; nothing was made with
/// it. What is taken is not printed.
#[test]
fn sms_16_chat_is_no_revocation() {
    let (file, commands) = (read("chat.judging.tsv"), Commands::default());
    for language in LANGUAGES {
        let (mut figures, languages) = (Figures::default(), language.parse().unwrap());
        for [_, _, text] in file.lines().map(fields).filter(|[_, of, _]| *of == language) {
            let found = find_revocation(&unescaped(text), languages, &commands);
            figures.look_alikes += 1;
            figures.taken_likely +=
                u32::from(found.as_ref().is_some_and(|f| f.level >= Level::Likely));
            figures.taken_possible += u32::from(found.is_some());
        }
        let Figures { look_alikes, taken_likely, taken_possible, .. } = figures;
        println!(
            "{language} chat: {taken_likely} of {look_alikes} at likely, {taken_possible} at all"
        );
        assert!(look_alikes >= 150 && figures.at_most(taken_likely, 1), "{language}");
        assert!(figures.at_most(taken_possible, 3), "{language}");
    }
}

/// C3: rules that matched anywhere opted out whoever wrote one of these.
#[test]
fn sms_16_service_sentences_in_scripts_without_spaces_revoke_nothing() {
    let commands = Commands::default();
    for text in [
        "종이 청구서 말고 이메일로 보내주세요",
        "옛날 주소로 보내지 마세요",
        "넷플릭스 구독 어떻게 해지하나요",
        "차단 좀 풀어주세요",
        "헬스장 그만두고 싶어요",
        "저 탈퇴 안 해요",
        "수신거부 취소해 주세요",
        "호텔 예약 취소해 주세요",
        "삭제한 사진 복원해 주세요",
        "수신거부 안 했는데 왜 아무것도 안 오죠",
        "紙の請求書はいりません、メールでお願いします",
        "前の住所には送らないでください",
        "Netflixの解約方法を教えてください",
        "ブロックを解除してください",
        "ジムをやめたいです",
        "退会しません",
        "配信停止を取り消してください",
        "ホテルの予約をキャンセルしてください",
        "消した写真を復元してください",
        "配信停止していないのに何も届きません",
        "不要纸质账单，发邮件就好",
        "不要寄到我的旧地址",
        "怎么取消我的Netflix订阅",
        "请解除对我的屏蔽",
        "我想退出健身房",
        "我没有要退出",
        "撤销停止",
        "請取消我的飯店訂房",
        "恢复我删除的照片",
        "我没有退订，为什么什么都收不到",
        "号码打错了，不好意思",
    ] {
        assert_eq!(find_revocation(text, Languages::ALL, &commands), None, "{text}");
    }
}

/// C3: the rules of a language work where the center uses it.
#[test]
fn sms_16_rules_of_a_language_work_where_it_is_used() {
    let commands = Commands::default();
    for (code, text) in [
        ("es", "Ya no me manden mensajes"),
        ("pt", "Parem de me enviar mensagens"),
        ("ko", "문자 그만 보내세요"),
        ("ja", "もうメッセージを送らないでください"),
        ("zh", "请不要再给我发短信"),
        ("zh", "請不要再傳簡訊給我"),
        ("zh", "唔好再send短訊俾我"),
        ("zh", "TD"),
        ("id", "jangan kirim pesan lagi"),
        ("id", "tak payah hantar mesej dah"),
        ("ja", "haishin teishi onegaishimasu"),
    ] {
        let find = |languages| find_revocation(text, languages, &commands);
        assert_eq!(find(Languages::ENGLISH), None, "{text}");
        let found = find(code.parse().unwrap()).unwrap();
        assert_eq!((found.level, &text[found.phrase]), (Level::Likely, text), "{text}");
    }
}

/// What a person adds to an opt-out word of their language changes nothing; a second sentence of another matter does.
#[test]
fn sms_15_first_sentences_in_scripts_without_spaces() {
    let find = |text| find_revocation(text, Languages::ALL, &Commands::default());
    for text in [
        "중지 - 김민수",
        "수신거부\n010-2345-6789",
        "중지\n나의 iPhone에서 보냄",
        "停止\n田中より",
        "配信停止(3回目です)",
        "停止 Galaxyから送信",
        "停止发送\n张伟\n13800001234",
        "退訂 - 王小明",
    ] {
        assert_eq!(find(text).map(|found| found.level), Some(Level::Likely), "{text}");
    }
    for text in [
        "그만 기다릴게요",
        "네, 두 번째 주문 중지",
        "はい、注文を停止",
        "停止续租",
        "先停止那笔转账",
        "‘수신거부’가 무슨 뜻이에요?",
        "カードを盗まれました。すぐ止めてください",
    ] {
        assert_eq!(find(text), None, "{text}");
    }
    // A later sentence that is an opt-out word may be about what came before.
    assert_eq!(find("물이 새요. 중지").map(|found| found.level), Some(Level::Possible));
}

/// Found by an attacker: the act is there, and denied.
#[test]
fn sms_16_an_act_that_is_denied_is_no_revocation() {
    let commands = Commands::default();
    for (language, texts) in [
        (
            "en",
            &[
                "please do not take me off your list",
                "I don't want you to take me off your list",
                "please do not stop sending me texts",
                "I'd rather you didn't remove me",
                "nobody asked you to unsubscribe me",
                "I'm not asking you to remove me",
                "I did not say remove my number",
                "under no circumstances unsubscribe me from these texts",
                "I did not revoke my consent",
                "my consent has not been revoked",
                "I no longer receive your messages",
            ][..],
        ),
        ("es", &["no eliminen mi número de la lista", "no revoco mi consentimiento"]),
        ("pt", &["nunca parem de me mandar sms", "não revogo meu consentimento"]),
        ("fr", &["inutile de me désabonner", "merci de ne pas supprimer mon numéro"]),
        ("de", &["stellen Sie die Nachrichten nicht ein", "löscht meine Nummer bitte nicht"]),
        ("id", &["jangan unsubscribe saya", "saya tidak mencabut persetujuan saya"]),
        ("ko", &["수신 동의 철회하지 않습니다", "수신거부할 필요 없어요", "문자 중단하지 마세요"]),
        ("ja", &["同意を撤回しません", "配信停止は希望していません", "配信を停止しないでください"]),
        ("zh", &["我不撤回同意", "请别退订我", "请别停止给我发消息"]),
    ] {
        for text in texts {
            let found = find_revocation(text, language.parse().unwrap(), &commands);
            assert_eq!(found.map(|found| found.level), None, "{text}");
        }
    }
    // Questions may mean it; a short text that a rule accounts for is not weighed.
    for (text, level) in [
        ("did you opt me out?", Level::Possible),
        ("why did you take me off this list?", Level::Possible),
        ("do not text me", Level::Likely),
        ("I revoke my consent", Level::Likely),
        ("take me off your list", Level::Likely),
        ("STOP thanks", Level::Likely),
        ("omg stop", Level::Likely),
    ] {
        let found = find_revocation(text, "en".parse().unwrap(), &commands);
        assert_eq!(found.map(|found| found.level), Some(level), "{text}");
    }
}
