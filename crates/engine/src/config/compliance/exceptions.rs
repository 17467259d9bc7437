//! Exceptions of the content check: findings that somebody answers for (DLC-5).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use frontdesk_tendlc::{ContentException, Facts, exception_categories};

use super::{super::check::Context, ExceptionSection};

/// Most exceptions of a center or a campaign: each is asked of every finding.
const MAX_EXCEPTIONS: usize = 100;

/// The exceptions of a section, checked.
pub(super) fn exceptions(
    sections: &[ExceptionSection],
    path: &str,
    facts: &Facts,
    context: &mut Context,
) -> Vec<ContentException> {
    if sections.len() > MAX_EXCEPTIONS {
        let message = format!("has {} rows; allowed are {MAX_EXCEPTIONS}", sections.len());
        context.problems.add(path, message);
    }
    let read = |(i, section)| exception(section, &format!("{path}[{i}]"), facts, context);
    sections.iter().take(MAX_EXCEPTIONS).enumerate().filter_map(read).collect()
}

fn exception(
    section: &ExceptionSection,
    path: &str,
    facts: &Facts,
    context: &mut Context,
) -> Option<ContentException> {
    let empty = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    if empty(&section.category) && empty(&section.phrase) {
        context.problems.add(path, "names neither a category nor a phrase; one of them is needed");
    }
    if section.reason.trim().is_empty() {
        let message = "is empty; why it may be sent is needed, and who says so";
        context.problems.add(format!("{path}.reason"), message);
    }
    let since = day(&section.since, &format!("{path}.since"), context)?;
    let until = match &section.until {
        Some(until) => Some(day(until, &format!("{path}.until"), context)?),
        None => None,
    };
    if let Some(until) = until.filter(|until| *until < since) {
        let message = format!("{until} is before {since}, on which it begins");
        context.problems.add(format!("{path}.until"), message);
    }
    if let Some(category) = &section.category {
        let allowed: BTreeSet<&str> =
            exception_categories(facts.on(NaiveDate::MAX)).into_iter().collect();
        if !allowed.contains(category.as_str()) {
            let allowed = allowed.into_iter().collect::<Vec<_>>().join(", ");
            let message = format!("`{category}` is no category of findings; allowed are {allowed}");
            context.problems.add(format!("{path}.category"), message);
        }
    }
    Some(ContentException {
        category: section.category.clone().filter(|text| !text.trim().is_empty()),
        phrase: section.phrase.clone().filter(|text| !text.trim().is_empty()),
        reason: section.reason.clone(),
        since,
        until,
    })
}

fn day(text: &str, path: &str, context: &mut Context) -> Option<NaiveDate> {
    let day = text.parse();
    if day.is_err() {
        context.problems.add(path, format!("`{text}` is no day, like 2026-11-27"));
    }
    day.ok()
}
