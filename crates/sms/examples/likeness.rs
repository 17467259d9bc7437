//! Makes the weights of `src/revocation/likeness/` from the labelled texts of `tests/data/revocation/`, and says how well they do:
//!
//! ```sh
//! cargo run --release -p frontdesk-sms --features training --example likeness
//! ```
//!
//! A linear model for each language, a support vector machine without a kernel. A few texts of other languages that are written
//! in the same way are learned as no revocations of this one. The bars (the likeness that a level needs) are chosen on texts that no
//! rule was made with, each weighed by a model that has not seen what its writer wrote.
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
    training::{FEATURES, LANGUAGES, Seen, see},
};

/// Of texts of other languages one in so many is learned from.
const OF_OTHERS: usize = 20;
/// An example of the documents counts as so many texts.
const OF_EXAMPLES: f64 = 4.0;
/// A text of chat counts as so many.
const OF_CHAT: f64 = 0.5;
/// Where rules say nothing, one text of chat in so many may be taken at all, or one; at likely one of all, if there are so many.
/// None at all would let one odd text of some hundred decide how many revocations are found.
const CHAT: usize = 400;
const CHAT_FOR_ONE: usize = 600;
/// The distance of a bar from the chat below it.
const DISTANCE: f64 = 0.1;
/// The cost of an error in learning, against that of large weights.
const COST: f64 = 3.0;
/// Rounds over all texts.
const ROUNDS: usize = 60;
/// Of 75 look-alikes so many may be taken at likely, and at all.
const LIKELY: f64 = 1.0;
const POSSIBLE: f64 = 3.0;

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
    features: &'a [u16],
    revokes: bool,
    /// The cost of an error.
    cost: f64,
}

struct Model {
    weights: Vec<f64>,
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
                features: &text.seen.features,
                revokes,
                cost: text.weight * cost(if revokes { revoking } else { all - revoking }),
            })
            .collect();
        Self::fit(&examples)
    }

    /// Dual coordinate descent with a squared hinge (Hsieh and others, "A dual coordinate descent method for large-scale linear
    /// SVM", 2008), in an order that is the same every time.
    fn fit(examples: &[Example<'_>]) -> Self {
        let mut model = Self { weights: vec![0.0; FEATURES], base: 0.0 };
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
                let gradient = side * model.of(example.features) - 1.0 + softness * alphas[at];
                // The features of a text have length 1 together, and the base is one more.
                let alpha = (alphas[at] - gradient / (2.0 + softness)).max(0.0);
                let change = (alpha - alphas[at]) * side;
                alphas[at] = alpha;
                let each = change / (example.features.len().max(1) as f64).sqrt();
                for feature in example.features {
                    model.weights[usize::from(*feature)] += each;
                }
                model.base += change;
            }
        }
        model
    }

    fn of(&self, features: &[u16]) -> f64 {
        let sum: f64 = features.iter().map(|feature| self.weights[usize::from(*feature)]).sum();
        self.base + sum / (features.len().max(1) as f64).sqrt()
    }

    /// A byte for each weight, and the unit that they are in. The few largest weights are cut.
    fn quantised(&self) -> (Vec<u8>, f64) {
        let mut sizes: Vec<f64> = self.weights.iter().map(|weight| weight.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let unit = sizes[sizes.len() - 1 - sizes.len() / 2000] / 127.0;
        let byte = |weight: &f64| (weight / unit).round().clamp(-127.0, 127.0) as i8;
        (self.weights.iter().map(|weight| byte(weight).cast_unsigned()).collect(), unit)
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
            theirs.map(move |text| Self { text, likeness: model.of(&text.seen.features) })
        };
        writers.into_iter().flat_map(of_writer).collect()
    }

    /// The place of what rules say in [`Bars`].
    fn by_rules(&self) -> usize {
        match self.text.seen.by_rules {
            None => 0,
            Some(Level::Possible) => 1,
            Some(Level::Likely | Level::Certain) => 2,
        }
    }
}

/// The likeness that a level needs where rules say nothing, possible, and likely.
struct Bars {
    recall: f64,
    bars: [f64; 3],
}

impl Bars {
    /// Those that find as many revocations as they can and let at most so many of 75 look-alikes pass.
    fn choose(judged: &[Judged<'_>], with_open: bool, of_75: f64) -> Self {
        let steps = || (0..=24).map(|step| f64::from(step) * 0.125);
        let offsets = steps().flat_map(|possible| {
            steps()
                .filter(move |likely| *likely >= possible)
                .map(move |likely| [0.0, possible, likely])
        });
        let candidates = offsets.map(|offsets| Self::with(judged, with_open, of_75, offsets));
        candidates.max_by(|one, other| one.recall.total_cmp(&other.recall)).unwrap()
    }

    fn with(judged: &[Judged<'_>], with_open: bool, of_75: f64, offsets: [f64; 3]) -> Self {
        let of = |revokes: bool| {
            judged.iter().filter(move |one| one.text.revokes == revokes && !one.text.is_chat)
        };
        let level = if with_open { 1 } else { 2 };
        let by_rules = |revokes: bool| {
            of(revokes).filter(|one| !one.text.seen.is_weighed && one.by_rules() >= level).count()
        };
        let scores = |revokes: bool| {
            let weighed = of(revokes).filter(|one| one.text.seen.is_weighed);
            let weighed = weighed.filter(|one| with_open || !one.text.seen.is_open);
            weighed.map(|one| one.likeness + offsets[one.by_rules()])
        };
        let mut against: Vec<f64> = scores(false).collect();
        against.sort_by(|one, other| other.total_cmp(one));
        let may_pass = (of_75 * of(false).count() as f64 / 75.0).floor() as usize;
        let place = may_pass.saturating_sub(by_rules(false));
        let bar = against.get(place).copied().unwrap_or(-9.0) + 1e-6;
        let mut bars = offsets.map(|offset| bar - offset);
        bars[0] = bars[0].max(Self::above_chat(judged, with_open));
        let passes = |one: &&Judged<'_>| one.likeness >= bars[one.by_rules()];
        let weighed = of(true).filter(|one| one.text.seen.is_weighed);
        let found = weighed.filter(|one| with_open || !one.text.seen.is_open).filter(passes);
        let recall = (found.count() + by_rules(true)) as f64 / of(true).count() as f64;
        Self { recall, bars }
    }

    /// A bar that chat does not pass of which rules say nothing.
    fn above_chat(judged: &[Judged<'_>], with_open: bool) -> f64 {
        let chat = || judged.iter().filter(|one| one.text.is_chat);
        let weighed = chat().filter(|one| one.text.seen.is_weighed && one.by_rules() == 0);
        let mut likeness: Vec<f64> = weighed.map(|one| one.likeness).collect();
        likeness.sort_by(|one, other| other.total_cmp(one));
        let count = chat().count();
        let may_pass =
            if with_open { (count / CHAT).max(1) } else { usize::from(count >= CHAT_FOR_ONE) };
        likeness.get(may_pass).map_or(f64::MIN, |likeness| likeness + DISTANCE)
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
        let others: Vec<&Text> = others.flat_map(|at| all[at].iter().step_by(OF_OTHERS)).collect();
        let judged = Judged::all(texts, &others);
        let possible = Bars::choose(&judged, true, POSSIBLE);
        let likely = Bars::choose(&judged, false, LIKELY);
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
        for (level, Bars { bars: [nothing, by_possible, by_likely], .. }) in
            [("possible", possible), ("likely", likely)]
        {
            writeln!(
                table,
                "        {level}: Bars {{ nothing: {nothing:.3}, possible: {by_possible:.3}, likely: {by_likely:.3} }},"
            )
            .unwrap();
        }
        table.push_str("    },\n");
    }
    table.push_str("];\n");
    std::fs::write(folder.join("learned.rs"), table).unwrap();
}
