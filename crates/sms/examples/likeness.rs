//! Makes the weights of `src/revocation/likeness/` from the labelled texts of `tests/data/revocation/`, and says how well they do:
//!
//! ```sh
//! cargo run --release -p frontdesk-sms --features training --example likeness
//! ```
//!
//! A linear model for each language, a support vector machine without a kernel. The level that the rules found is a feature too. A few
//! texts of other languages that are written in the same way are learned as no revocations of this one. The bars (the likeness that a
//! level needs) are chosen on texts that no rule was made with, each weighed by a model that has not seen what its writer wrote.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    reason = "a tool for developers, over some thousands of texts, fails aloud"
)]

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use frontdesk_sms::{
    Level,
    training::{FEATURES, LANGUAGES, Seen, digest_of_rules, see},
};

/// Of texts of other languages one in so many is learned from, and of chat.
const OF_OTHERS: usize = 20;
const OF_OTHERS_CHAT: usize = 4;
/// An example of the documents counts as so many texts.
const OF_EXAMPLES: f64 = 4.0;
/// A text of chat counts as so many.
const OF_CHAT: f64 = 0.5;
/// One text of chat in so many may be taken at likely, and at all.
const CHAT_LIKELY: usize = 120;
const CHAT_POSSIBLE: usize = 40;
/// The cost of an error in learning, against that of large weights.
const COST: f64 = 4.0;
/// The level that the rules found counts as so much of a view.
const OF_RULES: f64 = 0.3;
/// Rounds over all texts.
const ROUNDS: usize = 60;
/// Of 75 look-alikes so many may be taken at likely, and at all.
const LIKELY: f64 = 1.0;
const POSSIBLE: f64 = 4.0;

struct Text {
    seen: Seen,
    revokes: bool,
    /// Its writer; `None` if rules were made with it.
    writer: Option<String>,
    /// It counts as so many.
    weight: f64,
    /// It is no answer to a business: people among themselves.
    is_chat: bool,
}

impl Text {
    fn new(label: &str, text: &str, language: &str) -> Self {
        let text = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\");
        let revokes = !matches!(label, "lookalike" | "no");
        Self {
            seen: see(&text, language).unwrap(),
            revokes,
            writer: None,
            weight: 1.0,
            is_chat: false,
        }
    }

    /// From a line of label, kind and text; the kind begins with the writer where no rule was made with the text.
    fn read(line: &str, language: &str, set: &str) -> Self {
        let (label, kind, text) = fields(line);
        let writer = (set == "weighing").then(|| kind.split_once('-').unwrap().0.to_owned());
        Self { writer, ..Self::new(label, text, language) }
    }

    /// Chat is judged by models that have seen half of it.
    fn chat(place: usize, text: &str, language: &str) -> Self {
        let writer = Some(if place.is_multiple_of(2) { "chat-1" } else { "chat-2" }.to_owned());
        Self { writer, is_chat: true, weight: OF_CHAT, ..Self::new("no", text, language) }
    }

    fn read_all(language: &str) -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let mut texts: Vec<Self> = Vec::new();
        for set in ["making", "weighing"] {
            let lines = read(&format!("revocation/{language}.{set}.tsv"));
            texts.extend(lines.lines().map(|line| Self::read(line, language, set)));
        }
        texts.extend(
            read("chat.tsv")
                .lines()
                .map(fields)
                .filter(|(_, of, _)| *of == language)
                .enumerate()
                .map(|(place, (_, _, text))| Self::chat(place, text, language)),
        );
        if language == "en" {
            let collection = read("../../../../tests/data/sms-spam-collection.tsv");
            let people =
                collection.lines().filter_map(|line| line.strip_prefix("ham\t")).enumerate();
            let people = people.map(|(place, text)| Self::chat(place, text, language));
            // What rules find among them is what it says: a wrong number, "please don't text me anymore".
            texts.extend(people.filter(|text| text.seen.by_rules.is_none()));
        }
        // The examples of the documents are few, and to be kept.
        let examples = read("revocations.tsv");
        let examples = examples.lines().map(fields).filter(|(_, of, _)| *of == language);
        texts.extend(examples.map(|(label, _, text)| Self {
            weight: OF_EXAMPLES,
            ..Self::new(label, text, language)
        }));
        texts
    }
}

fn fields(line: &str) -> (&str, &str, &str) {
    let mut fields = line.splitn(3, '\t');
    let [first, second, third] = std::array::from_fn(|_| fields.next().unwrap());
    (first, second, third)
}

struct Example<'a> {
    seen: &'a Seen,
    revokes: bool,
    /// The cost of an error.
    cost: f64,
    /// The square of its length, the base too.
    square: f64,
}

/// The square of the length of a text, without the base: a feature counts as often as it is there.
fn square(seen: &Seen) -> f64 {
    let of_view = |view: &Vec<u32>| {
        let mut sorted = view.clone();
        sorted.sort_unstable();
        let counts = sorted.chunk_by(|one, other| one == other).map(|same| same.len().pow(2));
        counts.sum::<usize>() as f64 / view.len().max(1) as f64
    };
    let of_rules = rules(seen).iter().filter(|holds| **holds).count() as f64;
    seen.views.iter().map(of_view).sum::<f64>() + of_rules * OF_RULES * OF_RULES
}

/// The finding of the rules: nothing, possible, likely; and whether the text is to be possible.
fn rules(seen: &Seen) -> [bool; 4] {
    let level = seen.by_rules;
    let is_possible = level == Some(Level::Possible);
    [level.is_none(), is_possible, level > Some(Level::Possible), seen.is_open]
}

struct Model {
    weights: Vec<f64>,
    /// Of the finding of the rules.
    rules: [f64; 4],
    base: f64,
}

impl Model {
    /// Of a language, with some of others. Revocations weigh as much as all that are none.
    fn learn(own: &[&Text], others: &[&Text]) -> Self {
        let (all, revoking) = (own.len(), own.iter().filter(|text| text.revokes).count());
        let cost = |of: usize| COST * all as f64 / 2.0 / of as f64;
        let own = own.iter().map(|text| (*text, text.revokes));
        let examples: Vec<Example<'_>> = own
            .chain(others.iter().map(|text| (*text, false)))
            .map(|(text, revokes)| Example {
                seen: &text.seen,
                revokes,
                cost: text.weight * cost(if revokes { revoking } else { all - revoking }),
                square: 1.0 + square(&text.seen),
            })
            .collect();
        Self::fit(&examples)
    }

    /// Dual coordinate descent with a squared hinge (Hsieh and others, "A dual coordinate descent method for large-scale linear
    /// SVM", 2008), in an order that is the same every time.
    fn fit(examples: &[Example<'_>]) -> Self {
        let mut model = Self { weights: vec![0.0; FEATURES], rules: [0.0; 4], base: 0.0 };
        let mut alphas = vec![0.0_f64; examples.len()];
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..ROUNDS {
            for last in (1..order.len()).rev() {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                order.swap(last, (random % (last as u64 + 1)) as usize);
            }
            for &at in &order {
                let example = &examples[at];
                let side = if example.revokes { 1.0 } else { -1.0 };
                let softness = 0.5 / example.cost;
                let gradient = side * model.of(example.seen) - 1.0 + softness * alphas[at];
                let alpha = (alphas[at] - gradient / (example.square + softness)).max(0.0);
                let change = (alpha - alphas[at]) * side;
                if change != 0.0 {
                    alphas[at] = alpha;
                    model.move_by(example.seen, change);
                }
            }
        }
        model
    }

    fn move_by(&mut self, seen: &Seen, change: f64) {
        for view in &seen.views {
            let each = change / (view.len().max(1) as f64).sqrt();
            for feature in view {
                self.weights[*feature as usize] += each;
            }
        }
        for (weight, holds) in self.rules.iter_mut().zip(rules(seen)) {
            *weight += if holds { change * OF_RULES } else { 0.0 };
        }
        self.base += change;
    }

    fn of(&self, seen: &Seen) -> f64 {
        let of_view = |view: &Vec<u32>| {
            let sum: f64 = view.iter().map(|feature| self.weights[*feature as usize]).sum();
            sum / (view.len().max(1) as f64).sqrt()
        };
        let views: f64 = seen.views.iter().map(of_view).sum();
        self.base + views + self.of_rules(rules(seen))
    }

    fn of_rules(&self, rules: [bool; 4]) -> f64 {
        let holding = self.rules.iter().zip(rules).filter(|(_, holds)| *holds);
        holding.map(|(weight, _)| weight * OF_RULES).sum()
    }

    /// A byte for each weight, and the unit that they are in. The few largest weights are cut.
    fn quantised(&self) -> (Vec<u8>, f64) {
        let mut sizes: Vec<f64> = self.weights.iter().map(|weight| weight.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let unit = sizes[sizes.len() - 1 - sizes.len() / 8000] / 127.0;
        let byte = |weight: &f64| (weight / unit).round().clamp(-127.0, 127.0) as i8;
        (self.weights.iter().map(|weight| byte(weight).cast_unsigned()).collect(), unit)
    }

    /// The bar for each thing that rules may say, by a likeness without what they say.
    fn bars(&self, bar: f64) -> String {
        let of = [
            ("nothing", [true, false, false, false]),
            ("open", [false, true, false, true]),
            ("possible", [false, true, false, false]),
            ("likely", [false, false, true, false]),
        ];
        let bars = of.map(|(name, rules)| format!("{name}: {:.3}", bar - self.of_rules(rules)));
        format!("Bars {{ {} }}", bars.join(", "))
    }
}

/// A text, and its likeness by a model that has not learned from its writer.
struct Judged<'a> {
    text: &'a Text,
    likeness: f64,
}

impl<'a> Judged<'a> {
    fn all(texts: &'a [Text], others: &[&Text]) -> Vec<Self> {
        let writers: BTreeSet<&String> =
            texts.iter().filter_map(|text| text.writer.as_ref()).collect();
        let of_writer = |writer: &'a String| {
            let is_theirs = |text: &&Text| text.writer.as_ref() == Some(writer);
            let rest: Vec<&Text> = texts.iter().filter(|text| !is_theirs(text)).collect();
            let model = Model::learn(&rest, others);
            let theirs = texts.iter().filter(is_theirs);
            theirs.map(move |text| Self { text, likeness: model.of(&text.seen) })
        };
        writers.into_iter().flat_map(of_writer).collect()
    }

    /// Whether it is taken at a bar. What is not weighed is what the rules say.
    fn passes(&self, bar: f64, with_open: bool) -> bool {
        let Seen { is_weighed, is_open, by_rules, .. } = self.text.seen;
        if is_weighed {
            return (with_open || !is_open) && self.likeness > bar;
        }
        by_rules >= Some(if with_open { Level::Possible } else { Level::Likely })
    }
}

/// The likeness that a level needs, and how many revocations it finds.
struct Bar {
    likeness: f64,
    recall: f64,
}

impl Bar {
    /// The lowest that lets at most so many of 75 look-alikes pass, and of chat no more than one of so many.
    fn choose(judged: &[Judged<'_>], with_open: bool, of_75: f64, of_chat: usize) -> Self {
        let all = |revokes: bool, is_chat: bool| {
            let is_one =
                move |one: &&Judged<'_>| one.text.revokes == revokes && one.text.is_chat == is_chat;
            judged.iter().filter(is_one)
        };
        let above = |is_chat: bool, may_pass: usize| {
            // A finding of rules in chat is right: a wrong number.
            let of =
                || all(false, is_chat).filter(|one| !is_chat || one.text.seen.by_rules.is_none());
            let pass = |bar: f64| of().filter(|one| one.passes(bar, with_open)).count() <= may_pass;
            let mut bars: Vec<f64> = of().map(|one| one.likeness).collect();
            bars.sort_by(f64::total_cmp);
            let first = bars.partition_point(|bar| !pass(*bar));
            bars.get(first).copied().unwrap_or(f64::MIN)
        };
        let look_alikes = (of_75 * all(false, false).count() as f64 / 75.0).floor() as usize;
        let chat = all(false, true).count() / of_chat;
        let likeness = above(false, look_alikes).max(above(true, chat)) + 1e-6;
        let found = all(true, false).filter(|one| one.passes(likeness, with_open)).count();
        Self { likeness, recall: found as f64 / all(true, false).count() as f64 }
    }
}

fn main() {
    let all: Vec<Vec<Text>> = LANGUAGES.iter().map(|language| Text::read_all(language)).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/revocation/likeness");
    let mut table = String::from(
        "//! The weights and bars of each language. Made by examples/likeness.rs; not to be edited.\n#![allow(clippy::unreadable_literal, reason = \"numbers that nobody reads\")]\n\nuse super::{Bars, Likeness, Weights};\n\n\
         /// By the places of the languages.\npub(super) static LEARNED: &[Likeness] = &[\n",
    );
    for (place, (language, texts)) in LANGUAGES.iter().zip(&all).enumerate() {
        let is_other =
            |at: usize| at != place && all[at][0].seen.has_words == texts[0].seen.has_words;
        let others = (0..all.len()).filter(|at| is_other(*at));
        let of = |at: usize, is_chat: bool, step: usize| {
            all[at].iter().filter(move |text| text.is_chat == is_chat).step_by(step)
        };
        let others =
            others.flat_map(|at| of(at, false, OF_OTHERS).chain(of(at, true, OF_OTHERS_CHAT)));
        let others: Vec<&Text> = others.collect();
        let judged = Judged::all(texts, &others);
        let possible = Bar::choose(&judged, true, POSSIBLE, CHAT_POSSIBLE);
        let likely = Bar::choose(&judged, false, LIKELY, CHAT_LIKELY);
        println!(
            "{language}: {} texts, {} judged: recall {:.3} at {POSSIBLE} of 75, {:.3} at {LIKELY} of 75 at likely",
            texts.len(),
            judged.len(),
            possible.recall,
            likely.recall,
        );
        let model = Model::learn(&texts.iter().collect::<Vec<_>>(), &others);
        let (bytes, unit) = model.quantised();
        std::fs::write(folder.join(format!("{language}.weights")), bytes).unwrap();
        let base = model.base;
        write!(
            table,
            "    Likeness {{\n        weights: Weights {{ table: include_bytes!(\"{language}.weights\"), unit: {unit:.6}, base: {base:.4} }},\n",
        )
        .unwrap();
        for (level, bar) in [("possible", possible), ("likely", likely)] {
            writeln!(table, "        {level}: {},", model.bars(bar.likeness)).unwrap();
        }
        table.push_str("    },\n");
    }
    table.push_str("];\n\n");
    writeln!(
        table,
        "/// A digest of the rules that they were made with.\n#[cfg(test)]\npub(super) const RULES: u32 = {};",
        digest_of_rules()
    )
    .unwrap();
    std::fs::write(folder.join("learned.rs"), table).unwrap();
}
