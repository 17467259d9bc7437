//! `frontdesk status`: where brands and campaigns stand at the provider (DLC-8).

use std::{path::PathBuf, process::ExitCode};

use frontdesk::{Engine, Parts, RegistrationView, config::Plain, tendlc::Registered};
use tokio::runtime;

use crate::{
    output, providers,
    registrations::RegistrationJson,
    settings::{self, HostError},
};

/// The exit code where a campaign may not send, or nobody knows.
const INACTIVE: u8 = 1;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The configuration; the demo center without one. Twilio's auth token comes from the environment, as for `frontdesk serve`.
    config: Option<PathBuf>,
    /// One JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, HostError> {
    let (center, host) = settings::load(options.config.as_deref())?;
    let secret = settings::twilio_auth_token(&host)?;
    let registrations = providers::registrations(&host, secret.as_deref())?;
    let can_ask = registrations.is_some();
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let views = runtime.map_err(HostError::io("the runtime"))?.block_on(async {
        // Nothing of what a running host has is read or written.
        let parts = Parts { registrations, ..Parts::in_memory(&center) };
        Engine::open(center, parts).await?.refresh_registrations().await
    })?;
    let good = views.iter().all(is_known_to_send);
    let ids = views.iter().any(|view| view.ids.is_some());
    let told =
        if options.json { json(views) } else { output::write(format_args!("{}", table(&views))) };
    output::or_enough(told)?;
    if ids && !can_ask {
        output::aside(format_args!("{}", settings::NO_PROVIDER));
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::from(INACTIVE) })
}

/// Whether a campaign may send, by the configuration and by the provider. Where the provider was not heard, nobody knows.
fn is_known_to_send(view: &RegistrationView) -> bool {
    view.status == Registered::Active && view.answer.is_some()
}

/// The gate's decision, in words: `unconfirmed` where it goes by the configuration's word alone.
fn gate(view: &RegistrationView) -> String {
    match view.status {
        Registered::Active if view.answer.is_none() => "unconfirmed".to_owned(),
        status => status.to_string(),
    }
}

fn json(views: Vec<RegistrationView>) -> Result<(), HostError> {
    let views: Vec<RegistrationJson> = views.into_iter().map(RegistrationJson::from).collect();
    output::json(&views)
}

/// The columns' names.
const HEAD: [&str; 8] =
    ["CAMPAIGN", "CONFIGURED", "PROVIDER", "GATE", "BRAND", "IDENTITY", "SCORE", "NUMBERS"];

/// A line for each campaign, and below it what is to be told beside.
fn table(views: &[RegistrationView]) -> String {
    if views.is_empty() {
        return "no campaign is configured\n".into();
    }
    let rows: Vec<[String; 8]> = views.iter().map(row).collect();
    let head = HEAD.map(str::to_owned);
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|i| {
            let cells = rows.iter().chain([&head]).filter_map(|row| row.get(i));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let mut text = line(&head, &widths);
    for (view, row) in views.iter().zip(&rows) {
        text.push_str(&line(row, &widths));
        for beside in beside(view) {
            text.push_str(&format!("    {}\n", Plain(&beside)));
        }
    }
    text
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
}

fn row(view: &RegistrationView) -> [String; 8] {
    let none = || "-".to_owned();
    let plain = |text: &str| if text.is_empty() { none() } else { Plain(text).to_string() };
    let standing = view.answer.as_ref().map(|(_, status)| &status.standing);
    let brand = standing.and_then(|standing| standing.brand.as_ref());
    let numbers = view.answer.as_ref().and_then(|(_, status)| status.numbers.as_ref());
    [
        plain(view.campaign.as_str()),
        view.configured.to_string(),
        standing.map_or_else(none, |standing| plain(&standing.campaign.word)),
        gate(view),
        brand.map_or_else(none, |brand| plain(&brand.word)),
        standing.and_then(|it| it.identity.as_deref()).map_or_else(none, plain),
        standing.and_then(|it| it.score).map_or_else(none, |score| score.to_string()),
        numbers.map_or_else(none, |numbers| numbers.len().to_string()),
    ]
}

/// Further lines about a campaign.
fn beside(view: &RegistrationView) -> Vec<String> {
    let mut beside = Vec::new();
    if view.ids.is_none() {
        beside.push("the provider is not asked: the campaign has no `provider`".into());
    }
    beside.extend(view.failure.as_ref().map(ToString::to_string));
    if let Some((_, status)) = &view.answer {
        if status.standing.mock {
            beside.push("it exists for tests alone: carriers block its texts".into());
        }
        beside.extend(status.reasons.iter().cloned());
    }
    let unregistered = view.unregistered.iter();
    beside.extend(
        unregistered.map(|number| format!("{number} does not belong to it at the provider")),
    );
    beside
}

#[cfg(test)]
mod tests {
    use frontdesk::{RegistrationIds, RegistrationStatus};

    use super::*;

    fn view() -> RegistrationView {
        let status = r#"{"standing":{"campaign":{"state":"suspended","word":"SUSPENDED"},"brand":{"state":"active","word":"APPROVED"},"identity":"VERIFIED","score":75},"reasons":["30990: too many\ncomplaints"],"numbers":["+12025550120","+12025550121"]}"#;
        let status: RegistrationStatus = serde_json::from_str(status).unwrap();
        RegistrationView {
            campaign: "offers".into(),
            configured: Registered::Active,
            status: Registered::Suspended,
            ids: Some(RegistrationIds {
                brand: "BN".into(),
                service: "MG".into(),
                campaign: "QE".into(),
            }),
            answer: Some(("2026-11-27T12:00:00Z".parse().unwrap(), status)),
            failure: None,
            unregistered: vec!["+12025550122".parse().unwrap()],
        }
    }

    #[test]
    fn dlc_8_campaigns_stand_in_a_table() {
        let other = RegistrationView {
            campaign: "care".into(),
            status: Registered::Active,
            ids: None,
            answer: None,
            unregistered: Vec::new(),
            ..view()
        };
        let expected = "\
CAMPAIGN  CONFIGURED  PROVIDER   GATE         BRAND     IDENTITY  SCORE  NUMBERS
offers    active      SUSPENDED  suspended    APPROVED  VERIFIED  75     2
    30990: too many\\ncomplaints
    +12025550122 does not belong to it at the provider
care      active      -          unconfirmed  -         -         -      -
    the provider is not asked: the campaign has no `provider`
";
        assert_eq!(table(&[view(), other]), expected);
        assert_eq!(table(&[]), "no campaign is configured\n");
    }

    #[test]
    fn dlc_8_a_campaign_is_good_where_everybody_asked_says_so() {
        let active = RegistrationView { status: Registered::Active, ..view() };
        assert!(is_known_to_send(&active) && !is_known_to_send(&view()));
        let silent = RegistrationView { answer: None, ..active };
        assert!(!is_known_to_send(&silent), "nobody knows");
        let unasked = RegistrationView { ids: None, ..silent };
        assert!(!is_known_to_send(&unasked), "the configuration's word alone");
        assert_eq!((gate(&unasked), gate(&view())), ("unconfirmed".into(), "suspended".into()));
    }
}
