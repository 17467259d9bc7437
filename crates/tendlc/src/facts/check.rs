//! What is wrong with tables of facts: everything, with its place.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{
    Confidence, FactProblem, Week, build,
    closed::Weekdays,
    document::{BasisRow, Document, Row, RuleSeverity},
    edition::TextField,
};
use crate::{BrandListing, State, UseCase};

/// Those of each row, and of rows of one key that leave a gap or overlap.
pub(super) fn problems(document: &Document) -> Vec<FactProblem> {
    let mut found = Problems(Vec::new());
    for (i, row) in document.quiet_hours.iter().enumerate() {
        found.place_or_us(&at(row, i, "place"), &row.place);
        if let Err(problem) = Week::parse(&row.open) {
            found.add(at(row, i, "open"), problem);
        }
        if let Some(Err(problem)) = row.holiday_weekdays.as_deref().map(Weekdays::parse) {
            found.add(at(row, i, "holiday_weekdays"), problem);
        }
        if row.holidays.count_the_states() && row.place.eq_ignore_ascii_case("US") {
            let told =
                "counts the holidays of a state, but `US` is none; allowed are federal, none";
            found.add(at(row, i, "holidays"), told);
        }
    }
    for (i, row) in document.state_holidays.iter().enumerate() {
        if let Err(problem) = row.place.parse::<State>() {
            found.add(at(row, i, "place"), problem.to_string());
        }
        for (n, day) in row.days.iter().enumerate().filter(|(_, day)| day.date.year() != row.year) {
            let told = format!("`{}` is not in the year {}", day.date, row.year);
            found.add(format!("{}.days[{n}].date", at(row, i, "x").trim_end_matches(".x")), told);
        }
    }
    for (i, row) in document.message_caps.iter().enumerate() {
        found.place_or_us(&at(row, i, "place"), &row.place);
        found.positive(&at(row, i, "count"), row.count);
        found.positive(&at(row, i, "hours"), row.hours);
    }
    for (i, row) in document.revocation.iter().enumerate() {
        found.positive(&at(row, i, "confirm_within_minutes"), row.confirm_within_minutes);
    }
    for (i, row) in document.honour_opt_out.iter().enumerate() {
        found.place_or_us(&at(row, i, "place"), &row.place);
        found.positive(&at(row, i, "years"), row.years);
    }
    throughput(document, &mut found);
    registration(document, &mut found);
    rules(document, &mut found);
    document.each_table(&mut found);
    found.0
}

/// Those of classes, tiers and limits.
fn throughput(document: &Document, found: &mut Problems) {
    for (i, row) in document.att_classes.iter().enumerate() {
        if row.class.len() != 1 || !row.class.bytes().all(|letter| letter.is_ascii_alphabetic()) {
            found.add(at(row, i, "class"), format!("`{}`; allowed is a letter, like A", row.class));
        }
        found.whom(row, i, (row.score, &row.brands), &row.use_cases);
        if row.score.is_some() != row.mixed.is_some() {
            found.add(
                at(row, i, "mixed"),
                "a class by score says whether it is for mixed campaigns, others do not",
            );
        }
        found.positive(&at(row, i, "sms_per_minute"), row.sms_per_minute);
    }
    for (i, row) in document.t_mobile_tiers.iter().enumerate() {
        found.whom(row, i, (row.score, &row.brands), &row.use_cases);
        if let Some(per_day) = row.per_day {
            found.positive(&at(row, i, "per_day"), per_day);
        }
    }
    for (i, row) in document.number_limits.iter().enumerate() {
        if crate::Carrier::named(&row.carrier).is_none() {
            found.add(
                at(row, i, "carrier"),
                format!("`{}`; allowed are {}", row.carrier, crate::Carrier::names()),
            );
        }
        found.positive(&at(row, i, "sms_per_minute"), row.sms_per_minute);
    }
}

/// Those of what is registered.
fn registration(document: &Document, found: &mut Problems) {
    for (i, row) in document.text_lengths.iter().enumerate() {
        if TextField::named(&row.field).is_none() {
            found.add(
                at(row, i, "field"),
                format!("`{}`; allowed are {}", row.field, TextField::names()),
            );
        }
        found.bounds(&at(row, i, "to"), row.from, row.to);
    }
    for (i, row) in document.samples.iter().enumerate() {
        found.bounds(&at(row, i, "to"), row.from, row.to);
    }
    for (i, row) in document.sub_use_cases.iter().enumerate() {
        found.use_case(at(row, i, "use_case"), &row.use_case);
        found.bounds(&at(row, i, "to"), row.from, row.to);
    }
    for (i, row) in document.shorteners.iter().enumerate() {
        for (j, domain) in row.domains.iter().enumerate() {
            if !domain.contains('.') || domain.contains('/') || domain.contains(char::is_whitespace)
            {
                found.add(
                    at(row, i, &format!("domains[{j}]")),
                    format!("`{domain}`; allowed is a domain, like bit.ly"),
                );
            }
        }
    }
}

/// Those of the linter's rules and of words.
fn rules(document: &Document, found: &mut Problems) {
    for (i, row) in document.lint_rules.iter().enumerate() {
        if !crate::rules().any(|rule| rule.id == row.rule) {
            found.add(at(row, i, "rule"), format!("`{}` is no rule of the linter", row.rule));
        }
        if row.basis.confidence == Some(Confidence::Low) && row.severity == RuleSeverity::Error {
            found.add(
                at(row, i, "severity"),
                "error; what is of low confidence is a note or a warning",
            );
        }
    }
    for (i, row) in document.content.iter().enumerate() {
        for (j, phrase) in row.phrases.iter().enumerate() {
            let words =
                phrase.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let count = words.count();
            if phrase.trim().len() < 3
                || count == 0
                || count > 8
                || *phrase != phrase.to_lowercase()
            {
                found.add(
                    at(row, i, &format!("phrases[{j}]")),
                    format!("`{phrase}`; allowed are one to eight words of three letters or more, in lower case"),
                );
            }
        }
    }
}

fn at<R: Row>(_: &R, i: usize, field: &str) -> String {
    format!("{}[{i}].{field}", R::TABLE)
}

/// What is found so far.
pub(super) struct Problems(Vec<FactProblem>);

impl Problems {
    fn add(&mut self, path: String, problem: impl Into<String>) {
        self.0.push(FactProblem { path, problem: problem.into() });
    }

    fn place_or_us(&mut self, path: &str, place: &str) {
        if !place.eq_ignore_ascii_case("US") && place.parse::<State>().is_err() {
            self.add(path.to_owned(), format!("`{place}`; allowed are US and the states, like FL"));
        }
    }

    fn positive(&mut self, path: &str, count: u32) {
        if count == 0 {
            self.add(path.to_owned(), "0; allowed is 1 or more");
        }
    }

    fn bounds(&mut self, path: &str, from: usize, to: usize) {
        if to < from {
            self.add(path.to_owned(), format!("{to}; allowed is `from`, {from}, or more"));
        }
    }

    fn use_case(&mut self, path: String, code: &str) {
        if UseCase::named(code).is_none() {
            self.add(
                path,
                format!("`{code}`; allowed are use cases of the registry, like MARKETING"),
            );
        }
    }

    /// A class or tier is for scores, for brands that are listed, for use cases, or for several of these.
    fn whom<R: Row>(
        &mut self,
        row: &R,
        i: usize,
        (score, brands): (Option<(u8, u8)>, &[BrandListing]),
        use_cases: &[String],
    ) {
        for (j, code) in use_cases.iter().enumerate() {
            self.use_case(at(row, i, &format!("use_cases[{j}]")), code);
        }
        match score {
            None if use_cases.is_empty() && brands.is_empty() => {
                let allowed = "missing; allowed are two scores, `brands`, or `use_cases`";
                self.add(at(row, i, "score"), allowed);
            }
            Some((from, to)) if from > to || to > 100 => {
                self.add(
                    at(row, i, "score"),
                    format!(
                        "[{from}, {to}]; allowed are two scores from 0 to 100, the lower first"
                    ),
                );
            }
            _ => {}
        }
    }

    /// Each row says what it rests on, and those of a key follow one another without gap and overlap.
    pub(super) fn table<R: Row>(&mut self, rows: &[R]) {
        let mut by_key: BTreeMap<String, Vec<(usize, NaiveDate, Option<NaiveDate>)>> =
            BTreeMap::new();
        for (i, row) in rows.iter().enumerate() {
            let BasisRow { source, since, until, confidence, .. } = row.basis();
            if source.trim().is_empty() {
                self.add(at(row, i, "basis.source"), "missing; say who says so");
            }
            if confidence.is_none() {
                self.add(at(row, i, "basis.confidence"), "missing; allowed are high, medium, low");
            }
            let Some(since) = since else {
                self.add(
                    at(row, i, "basis.since"),
                    "missing; allowed is a date, like \"2026-01-01\"",
                );
                continue;
            };
            if until.is_some_and(|until| until <= *since) {
                self.add(at(row, i, "basis.until"), format!("not after `since`, {since}"));
            }
            by_key.entry(row.key()).or_default().push((i, *since, *until));
        }
        for mut dated in by_key.into_values() {
            dated.sort_by_key(|(_, since, _)| *since);
            for pair in dated.windows(2) {
                let [(_, _, until), (later, since, _)] = pair else { continue };
                let path = || format!("{}[{later}].basis.since", R::TABLE);
                match until {
                    Some(until) if until < since => {
                        self.add(
                            path(),
                            format!("{since}; the row before it ends on {until}: a gap"),
                        );
                    }
                    Some(until) if until > since => {
                        self.add(
                            path(),
                            format!("{since}; the row before it ends on {until}: they overlap"),
                        );
                    }
                    None => self.add(
                        path(),
                        format!("{since}; the row before it has no `until`: they overlap"),
                    ),
                    Some(_) => {}
                }
            }
        }
    }
}

/// Bands of scores that leave a score out, or have one twice, at any time.
pub(super) fn bands(document: &Document) -> Vec<FactProblem> {
    let mut found = Problems(Vec::new());
    for date in document.dates() {
        for mixed in [false, true] {
            let bands =
                document.att_classes.iter().enumerate().filter(|(_, row)| row.mixed == Some(mixed));
            found.whole(date, bands.map(|(i, row)| (at(row, i, "score"), row.basis(), row.score)));
        }
        let bands = document.t_mobile_tiers.iter().enumerate();
        found.whole(date, bands.map(|(i, row)| (at(row, i, "score"), row.basis(), row.score)));
    }
    found.0.sort_by(|a, b| (&a.path, &a.problem).cmp(&(&b.path, &b.problem)));
    found.0.dedup();
    found.0
}

impl Problems {
    fn whole<'a>(
        &mut self,
        date: NaiveDate,
        rows: impl Iterator<Item = (String, &'a BasisRow, Option<(u8, u8)>)>,
    ) {
        let mut bands: Vec<_> = rows
            .filter(|(_, basis, _)| build::holds(basis, date))
            .filter_map(|(path, _, score)| Some((score?, path)))
            .collect();
        bands.sort_unstable();
        let Some(((_, last), path)) = bands.last() else { return };
        if *last < 100 {
            self.add(path.clone(), format!("ends with {last}: scores up to 100 are nobody's"));
        }
        let mut next = 0;
        for ((from, to), path) in bands {
            if from > next {
                self.add(
                    path,
                    format!("begins with {from}: scores from {next} on are nobody's, a gap"),
                );
            } else if from < next {
                self.add(
                    path,
                    format!(
                        "begins with {from}: the one before it goes up to {}, they overlap",
                        next - 1
                    ),
                );
            }
            next = to + 1;
        }
    }
}
