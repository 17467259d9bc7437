//! The labelled business texts of `tests/data/content`: whether they are what its README says, and what the rules make of them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test reads its files, and fails by panicking"
)]

use std::{collections::BTreeSet, fmt, ops::AddAssign};

use frontdesk_tendlc::{ContentRules, ContentType, Effect, Facts, advertises, check_content};

const CATEGORIES: [&str; 12] = [
    "adult",
    "alcohol",
    "cannabis",
    "deceptive_links",
    "firearms",
    "gambling",
    "hate",
    "high_risk_finance",
    "lead_generation",
    "phishing",
    "prize",
    "tobacco",
];

/// A labelled text.
struct Labelled {
    is_bad: bool,
    kind: ContentType,
    /// Name and trade, or `unknown`.
    sender: String,
    text: String,
}

/// The texts of a category that may be read while rules are made, or those that only judge.
fn read(category: &str, half: &str) -> Vec<Labelled> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/content");
    let file = std::fs::read_to_string(format!("{folder}/{category}.{half}.tsv")).unwrap();
    labelled(&file, category)
}

/// The texts of a file.
fn labelled(file: &str, category: &str) -> Vec<Labelled> {
    let labelled = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [label, kind, sender, text] = fields[..] else {
            panic!("{category}: a line has four fields: {line}")
        };
        assert!(sender == "unknown" || sender.contains('('), "{category}: {sender}");
        let is_bad = match label {
            "bad" => true,
            "fine" => false,
            other => panic!("{category}: the label `{other}`"),
        };
        let kind = match kind {
            "informational" => ContentType::Informational,
            "promotional" => ContentType::Promotional,
            "conversational" => ContentType::Conversational,
            other => panic!("{category}: the kind `{other}`"),
        };
        Labelled { is_bad, kind, sender: sender.to_owned(), text: text.replace("\\n", "\n") }
    };
    file.lines().map(labelled).collect()
}

#[test]
fn dlc_5_the_labelled_business_texts_are_whole() {
    let mut seen = BTreeSet::new();
    for category in CATEGORIES {
        let (making, judging) = (read(category, "making"), read(category, "judging"));
        let all = || making.iter().chain(&judging);
        let bad = all().filter(|it| it.is_bad).count();
        let fine = all().count() - bad;
        assert!(bad >= 40 && fine >= 60, "{category}: {bad} bad, {fine} fine");
        let share = judging.len() * 100 / (bad + fine);
        assert!((25..=42).contains(&share), "{category}: {share} % only judge");
        for Labelled { text, .. } in all() {
            assert!((5..=1600).contains(&text.chars().count()), "{category}: {text}");
            assert!(seen.insert(text.to_lowercase()), "{category}: twice: {text}");
        }
    }
}

/// The rules of a sender: its name, where it is known, and its trade, which a registration would tell. The check works without a trade.
fn rules(sender: &str, with_trade: bool) -> ContentRules {
    let (name, trade) = sender.rsplit_once(" (").unwrap_or((sender, ""));
    if sender == "unknown" {
        return ContentRules::default();
    }
    let trade = trade.trim_end_matches(')').to_owned();
    ContentRules {
        brand: vec![name.to_owned()],
        trade: with_trade.then_some(trade),
        ..ContentRules::default()
    }
}

/// How many texts of a label were refused, remarked and let through.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    refused: usize,
    remarked: usize,
    all: usize,
}

impl Counts {
    fn add(&mut self, effect: Effect) {
        self.all += 1;
        self.refused += usize::from(effect == Effect::Refuse);
        self.remarked += usize::from(effect == Effect::Remark);
    }

    fn found(self) -> usize {
        self.refused + self.remarked
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.refused += other.refused;
        self.remarked += other.remarked;
        self.all += other.all;
    }
}

/// The counts of bad and of fine texts.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    bad: Counts,
    fine: Counts,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.bad += other.bad;
        self.fine += other.fine;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bad, fine } = self;
        write!(f, "bad {} of {} found ({} refused), ", bad.found(), bad.all, bad.refused)?;
        write!(f, "fine {} refused and {} remarked of {}", fine.refused, fine.remarked, fine.all)
    }
}

fn effect(text: &Labelled, with_trade: bool) -> Effect {
    let facts = Facts::standard().on("2026-11-27".parse().unwrap());
    let rules = rules(&text.sender, with_trade);
    let found = check_content(&text.text, text.kind, false, &rules, facts);
    found.iter().map(|(_, effect)| *effect).max().unwrap_or(Effect::Ignore)
}

/// The texts of a category and half.
fn counted(category: &str, half: &str, with_trade: bool) -> Tally {
    let mut tally = Tally::default();
    for text in read(category, half) {
        let counts = if text.is_bad { &mut tally.bad } else { &mut tally.fine };
        counts.add(effect(&text, with_trade));
    }
    tally
}

/// Prints by category and half how many bad texts are found and how many fine ones are taken: `-- --nocapture`. The making half judges no
/// rule, but shows whether one of them has broken.
#[test]
fn dlc_5_content_rules_on_business_texts() {
    for (half, with_trade) in
        [("making", false), ("making", true), ("judging", false), ("judging", true)]
    {
        println!("{half}, {} the sender's trade:", if with_trade { "with" } else { "without" });
        let mut all = Tally::default();
        for category in CATEGORIES {
            let tally = counted(category, half, with_trade);
            println!("  {category}: {tally}");
            all += tally;
        }
        println!("  all: {all}");
        let Tally { bad, fine } = all;
        // The goals are 75 % found, 2 % refused and 5 % remarked: what is reached may not be lost again.
        assert!(bad.found() * 100 >= bad.all * 75, "{half}: {bad:?}");
        assert!(fine.refused * 100 <= fine.all * 2, "{half}: {fine:?}");
        assert!(fine.remarked * 100 <= fine.all * 5, "{half}: {fine:?}");
    }
}

/// Prints by half how many promotional texts are known to advertise when they are sent as information, and how many others are taken for it.
#[test]
fn dlc_4_advertising_in_business_texts() {
    for half in ["making", "judging"] {
        let (mut known, mut taken) = ((0, 0), (0, 0));
        for text in CATEGORIES.iter().flat_map(|category| read(category, half)) {
            if text.is_bad {
                continue;
            }
            let (kind, counts) = match text.kind {
                ContentType::Promotional => (ContentType::Informational, &mut known),
                other => (other, &mut taken),
            };
            counts.0 += usize::from(advertises(&text.text, kind).is_some());
            counts.1 += 1;
        }
        println!(
            "{half}: {} of {} promotional texts known, {} of {} others taken",
            known.0, known.1, taken.0, taken.1
        );
        // The figures that were reached hold.
        assert!(known.0 * 100 >= known.1 * 50, "{half}: {known:?}");
        assert!(taken.0 * 100 <= taken.1 * 6, "{half}: {taken:?}");
    }
}

/// Texts between people, which nobody may refuse.
#[test]
fn dlc_5_chatter_is_let_through() {
    let facts = Facts::standard().on("2026-11-27".parse().unwrap());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/sms-spam-collection.tsv");
    let file = std::fs::read_to_string(path).unwrap();
    let ham: Vec<&str> = file.lines().filter_map(|line| line.strip_prefix("ham\t")).collect();
    for kind in [ContentType::Conversational, ContentType::Promotional] {
        let mut taken = 0;
        for text in &ham {
            let found = check_content(text, kind, false, &ContentRules::default(), facts);
            if !found.is_empty() {
                taken += 1;
                println!("{kind:?} {text:?}: {found:?}");
            }
        }
        println!("chatter as {kind:?}: {taken} of {} taken", ham.len());
        assert!(taken * 1000 <= ham.len(), "{taken} of {}", ham.len());
    }
}
