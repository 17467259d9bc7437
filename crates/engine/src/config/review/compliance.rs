//! Exceptions and quiet hours that are allowed and reach further than meant, or no longer (DLC-4, DLC-5).

use serde_json::Value;

use super::Review;
use crate::config::ExceptionSection;

/// A phrase of fewer letters and digits stands in words of many texts.
const LEAST_LETTERS: usize = 4;
/// The category of which no text is sent by mistake.
const PHISHING: &str = "phishing";

/// Hours of a day without a night.
const ALL_DAY: &str = "00:00-24:00";

impl Review<'_> {
    pub(super) fn compliance(&mut self) {
        let section = &self.document.compliance;
        self.exceptions("compliance.content.exceptions", &section.content.exceptions);
        for (i, campaign) in section.campaigns.iter().enumerate() {
            let path = format!("compliance.campaigns[{i}].exceptions");
            self.exceptions(&path, &campaign.exceptions);
        }
        self.quiet_hours(&section.facts);
    }

    fn exceptions(&mut self, path: &str, exceptions: &[ExceptionSection]) {
        for (i, exception) in exceptions.iter().enumerate() {
            let path = format!("{path}[{i}]");
            let phrase = exception.phrase.as_deref().map(str::trim).unwrap_or_default();
            let letters = phrase.chars().filter(|c| c.is_alphanumeric()).count();
            if !phrase.is_empty() && letters < LEAST_LETTERS {
                let message = format!(
                    "`{phrase}` has {letters} letters: it covers every finding whose words have them; write at least {LEAST_LETTERS}"
                );
                self.warn("exception-broad", format!("{path}.phrase"), message);
            }
            if phrase.is_empty() && exception.category.as_deref() == Some(PHISHING) {
                let message = "lets every text leave that asks for codes, data or money in somebody's name; name a phrase";
                self.warn("exception-broad", format!("{path}.category"), message);
            }
            let until = exception.until.as_deref().and_then(|until| until.parse().ok());
            let until = until.filter(|until: &chrono::NaiveDate| *until < self.now.date_naive());
            if let Some(until) = until {
                let message = format!("was over on {until}: it covers nothing; take it out");
                self.note("exception-over", format!("{path}.until"), message);
            }
        }
    }

    /// Rows that let nothing leave, or everything at any hour.
    fn quiet_hours(&mut self, facts: &Value) {
        let rows = facts.get("quiet_hours").and_then(Value::as_array);
        for (i, row) in rows.into_iter().flatten().enumerate() {
            let Some(open) = row.get("open").and_then(Value::as_array) else { continue };
            let place = row.get("place").and_then(Value::as_str).unwrap_or_default();
            let path = format!("compliance.facts.quiet_hours[{i}].open");
            if open.is_empty() {
                let message = format!("nothing that waits for these hours leaves to {place}, ever");
                self.note("quiet-hours-never-open", path, message);
                continue;
            }
            let lines: Vec<&str> = open.iter().filter_map(Value::as_str).collect();
            if let Some(line) = lines.iter().find(|line| line.ends_with(ALL_DAY)) {
                let message = format!("`{line}` has no night: texts leave to {place} at any hour");
                self.note("quiet-hours-always-open", path, message);
            }
        }
    }
}
