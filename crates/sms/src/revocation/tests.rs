use super::*;

#[test]
fn every_line_of_the_rules_is_read() {
    let text = include_str!("rules.txt");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rules = lines.filter(|line| !line.starts_with("set ")).count();
    assert_eq!(RULES.count(), rules);
}

#[test]
fn it_says_which_words_and_why() {
    let table = [
        ("You have the wrong number, STOP texting me!", "stop-texting", "STOP texting me"),
        ("wrong number", "wrong-number", "wrong number"),
        ("Stop. Thank you", "stop-alone", "Stop. Thank you"),
        ("请不要再发短信给我", "zh-stop", "请不要再发短信给我"),
    ];
    for (text, rule, phrase) in table {
        let found = find_revocation(text).unwrap();
        assert_eq!((found.rule, &text[found.phrase]), (rule, phrase));
    }
}

#[test]
fn what_nobody_would_write_takes_no_time_and_breaks_nothing() {
    for text in [
        "",
        "🙂",
        "\u{301}",
        "stop ".repeat(2_000).as_str(),
        "please ".repeat(47).as_str(),
        "stop,".repeat(2_000).as_str(),
        "ｓｔｏｐ ｔｅｘｔｉｎｇ ｍｅ",
    ] {
        let _ = find_revocation(text);
    }
    assert!(find_revocation("ｓｔｏｐ ｔｅｘｔｉｎｇ ｍｅ").is_some());
    assert!(find_revocation("st\u{200b}op texting me").is_some());
}
