//! `frontdesk content`: whether texts may be sent, as a filter of JSON lines (DLC-5).

use std::path::PathBuf;

use chrono::NaiveDate;
use frontdesk::{
    Clock, SystemClock,
    tendlc::{ContentRules, ContentType, Effect, Facts, GateRules, Judged, check_content_on},
};
use serde::{Deserialize, Serialize};

use crate::{
    json_lines,
    settings::{self, HostError},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The configuration of a center, whose brand, domains, settings and exceptions hold; without, what comes with frontdesk.
    #[arg(long)]
    config: Option<PathBuf>,
    /// The campaign that the texts are sent for: what it is registered for holds, and its exceptions.
    #[arg(long, requires = "config")]
    campaign: Option<String>,
    /// The day on which the texts are sent (UTC): its facts and exceptions hold. Today without.
    #[arg(long)]
    date: Option<NaiveDate>,
}

/// A line of input.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    kind: ContentType,
    body: String,
    /// It is the first text of a programme to a consumer: it names the brand, and tells how to stop.
    #[serde(default)]
    first: bool,
}

impl json_lines::Line for Text {
    const EXPECTED: (&'static str, &'static str) =
        ("JSON object", " like {\"kind\": \"promotional\", \"body\": \"20% off\"}");
}

/// A line of output.
#[derive(Serialize)]
struct Answer {
    verdict: &'static str,
    findings: Vec<Found>,
}

#[derive(Serialize)]
struct Found {
    category: String,
    why: String,
    words: Vec<String>,
    effect: Effect,
    /// The reason of the exception that covers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    excepted: Option<String>,
}

/// Reads every line. A line that is no such object is answered with an error in its place; the exit code then says so, too.
pub(crate) fn run(options: &Options) -> Result<(), HostError> {
    let center = match &options.config {
        Some(path) => Some(settings::load(Some(path))?.0),
        None => None,
    };
    let alone = GateRules::default();
    let rules = match (&center, &options.campaign) {
        (None, _) => &alone,
        (Some(center), campaign) => {
            let campaign = campaign.as_deref();
            center.gate_rules(campaign).ok_or_else(|| unknown(center, campaign))?
        }
    };
    let day = options.date.unwrap_or_else(|| SystemClock.now().date_naive());
    let (content, facts) = (&rules.content, rules.facts());
    json_lines::answer_each(|text: Text, output| {
        json_lines::write(output, &answer(&text, day, content, facts))
    })
}

fn unknown(center: &frontdesk::Center, campaign: Option<&str>) -> HostError {
    let known: Vec<&str> = center.campaigns().collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let campaign = campaign.unwrap_or_default();
    HostError::Refused(format!(
        "--campaign: `{campaign}` is no campaign of this configuration; it has {known}"
    ))
}

fn answer(text: &Text, day: NaiveDate, rules: &ContentRules, facts: &Facts) -> Answer {
    let found = check_content_on(day, &text.body, text.kind, text.first, rules, facts.on(day));
    let worst = found.iter().map(|judged| judged.effect).max().unwrap_or(Effect::Ignore);
    let verdict = match worst {
        Effect::Ignore => "send",
        Effect::Remark => "remark",
        Effect::Refuse => "refuse",
    };
    let tell = |Judged { finding, effect, excepted }: Judged<'_>| Found {
        category: finding.category().to_owned(),
        why: finding.why(),
        words: finding.words().into_iter().map(str::to_owned).collect(),
        effect,
        excepted: excepted.map(|exception| exception.reason.clone()),
    };
    Answer { verdict, findings: found.into_iter().map(tell).collect() }
}
