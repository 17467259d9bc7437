//! A revocation as a request tells it, with everything that is wrong with it in one answer.

use chrono::{Datelike, NaiveDate};
use frontdesk::{
    tendlc::{Evidence, RevocationChannel},
    types::Instant,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::ApiError;
use crate::inputs;

const FIELDS: [&str; 5] = ["programme", "channel", "given", "wording", "evidence"];
const CHANNELS: [RevocationChannel; 6] = [
    RevocationChannel::Email,
    RevocationChannel::InPerson,
    RevocationChannel::List,
    RevocationChannel::Mail,
    RevocationChannel::Phone,
    RevocationChannel::Web,
];
/// The year of the Telephone Consumer Protection Act (47 U.S.C. 227).
const FIRST_YEAR: i32 = 1991;
const PROVES: &str = "it says what proves the revocation, like a letter's number";

/// The contents of a request.
pub(super) struct Asked {
    pub(super) programme: Option<String>,
    pub(super) channel: RevocationChannel,
    pub(super) given: Instant,
    pub(super) wording: String,
    pub(super) evidence: Evidence,
}

/// Reads a revocation. The error has a line for each mistake, and the field of the first.
pub(super) fn read(body: &Map<String, Value>, now: Instant) -> Result<Asked, ApiError> {
    let mut reading = Reading { body, problems: Vec::new() };
    for field in body.keys().filter(|field| !FIELDS.contains(&field.as_str())) {
        let known = FIELDS.join(", ");
        reading.wrong(field, format!("there is no such field; there are {known}"));
    }
    let (programme, wording) = (reading.text("programme"), reading.text("wording"));
    let (channel, given) = (reading.channel(), reading.given(now));
    let evidence = reading.evidence();
    match (channel, given, evidence, reading.problems) {
        (Some(channel), Some(given), Some(evidence), problems) if problems.is_empty() => {
            let wording = wording.unwrap_or_default();
            Ok(Asked { programme, channel, given, wording, evidence })
        }
        (.., problems) => {
            let first = problems.first().map_or("body", |(field, _)| field.as_str());
            let lines: Vec<String> =
                problems.iter().map(|(field, told)| format!("{field}: {told}")).collect();
            Err(ApiError::field(first, lines.join("\n")))
        }
    }
}

struct Reading<'a> {
    body: &'a Map<String, Value>,
    problems: Vec<(String, String)>,
}

impl Reading<'_> {
    fn wrong(&mut self, field: &str, told: String) {
        self.problems.push((field.to_owned(), told));
    }

    /// A text; `None` where there is none.
    fn text(&mut self, field: &str) -> Option<String> {
        match self.body.get(field) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.wrong(field, "is no text".to_owned());
                None
            }
        }
    }

    /// A text that must be there: an empty one is found, but not told as missing.
    fn needed(&mut self, field: &str, missing: &str) -> Option<String> {
        let before = self.problems.len();
        let text = self.text(field);
        if text.is_none() && self.problems.len() == before {
            self.wrong(field, format!("is missing; {missing}"));
        }
        text
    }

    fn channel(&mut self) -> Option<RevocationChannel> {
        let allowed = format!("allowed are {}", CHANNELS.map(RevocationChannel::word).join(", "));
        let word = self.needed("channel", &allowed)?;
        let channel = CHANNELS.into_iter().find(|channel| channel.word() == word);
        if channel.is_none() {
            self.wrong("channel", format!("`{word}`; {allowed}"));
        }
        channel
    }

    fn given(&mut self, now: Instant) -> Option<Instant> {
        let allowed = "allowed is a date or an instant, like 2026-03-01T10:00:00Z";
        let text = self.needed("given", allowed)?;
        let date = || Some(text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc());
        let Some(given) = text.parse::<Instant>().ok().or_else(date) else {
            self.wrong("given", format!("`{text}`; {allowed}"));
            return None;
        };
        if given > now {
            self.wrong("given", format!("`{text}` has not been yet"));
        } else if given.year() < FIRST_YEAR {
            let told = format!("`{text}`; there is no consent to texts from before {FIRST_YEAR}");
            self.wrong("given", told);
        } else if let Err(told) = inputs::in_range(given) {
            self.wrong("given", told);
        }
        Some(given)
    }

    fn evidence(&mut self) -> Option<Evidence> {
        let Some(value) = self.body.get("evidence").filter(|value| !value.is_null()) else {
            self.wrong("evidence", format!("is missing; {PROVES}"));
            return None;
        };
        match Evidence::deserialize(value) {
            Ok(evidence) => {
                if evidence.reference.trim().is_empty() {
                    self.wrong("evidence", format!("is empty; {PROVES}"));
                }
                Some(evidence)
            }
            Err(error) => {
                self.wrong("evidence", error.to_string());
                None
            }
        }
    }
}
