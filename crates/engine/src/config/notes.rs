//! Notes about a configuration: texts that cost more than one segment, texts whose variable may have no value, and decisions that
//! are due.

use chrono::{NaiveDate, TimeDelta};
use frontdesk_sms::MessageKind;
use frontdesk_tendlc::RevocationScope;
use frontdesk_types::{Instant, Language, QueueId, Template, Variable};

use super::{Center, Problem, Severity};

/// A message as the configuration says it, in one language.
struct Said<'a> {
    /// The queue; `None` is the whole center.
    place: Option<&'a QueueId>,
    language: Language,
    kind: MessageKind,
    template: &'a Template,
}

impl Said<'_> {
    /// A problem at the place of this message.
    fn problem(&self, center: &Center, message: String) -> Problem {
        let queue = self.place.map_or_else(String::new, |id| path_of(center, id));
        let path = format!("{queue}messages.{}.{}", self.language, self.kind.key());
        Problem { path, message }
    }
}

/// Every message of the center, and those of its queues that differ from it.
fn said(center: &Center) -> impl Iterator<Item = Said<'_>> {
    let places = std::iter::once(None).chain(center.tree.ids().map(Some));
    let keys = places.flat_map(move |place| {
        center.languages.iter().flat_map(move |language| {
            MessageKind::ALL.into_iter().map(move |kind| (place, *language, kind))
        })
    });
    keys.filter_map(|(place, language, kind)| {
        let template = center.sms.template(place, kind, language)?;
        let inherited =
            place.is_some() && center.sms.template(None, kind, language) == Some(template);
        (!inherited).then_some(Said { place, language, kind, template })
    })
}

/// Messages that would have a hole where a value is unknown, by their path: they need an alternative after `@{ELSE}`.
pub(super) fn texts_with_holes(center: &Center) -> Vec<Problem> {
    let mut holes = Vec::new();
    for said in said(center) {
        for variable in [Variable::EstimatedWaitTime, Variable::NextReopenHour] {
            if said.template.needs(variable) {
                let message =
                    format!("{variable} may be unknown: write after @{{ELSE}} what is said then");
                holes.push(said.problem(center, message));
            }
        }
    }
    holes
}

/// Messages of more than one segment, by their path.
pub(super) fn long_messages(center: &Center) -> Vec<Problem> {
    let mut long = Vec::new();
    for said in said(center) {
        let cost = said.kind.typical_cost(said.template, &center.company, said.language);
        if cost.segments > 1 {
            let message = format!(
                "takes {} segments ({}, {} units) with usual values",
                cost.segments, cost.encoding, cost.units
            );
            long.push(said.problem(center, message));
        }
    }
    long
}

/// How long before a law's date a decision is asked for as a warning.
const REMINDED: TimeDelta = TimeDelta::days(90);

/// Campaigns without a decision about what a revocation takes back, where a rule with a later date says `all`: a note, and a
/// warning in the last months before that day and after it.
pub(super) fn revocation_undecided(center: &Center, now: Instant) -> Option<(Severity, Problem)> {
    let rules = center.gate_rules(None)?;
    if rules.revocation_scope.is_some() || center.compliance.campaigns().next().is_none() {
        return None;
    }
    let scope = |day: NaiveDate| rules.facts().on(day).revocation().map(|rule| rule.scope);
    let due = rules.facts().first_day(|edition| {
        edition.revocation().is_some_and(|rule| rule.scope == RevocationScope::All)
    })?;
    let today = now.date_naive();
    let near = scope(today) == Some(RevocationScope::All) || today + REMINDED >= due;
    let message = format!(
        "say what a STOP takes back, \"programme\" or \"all\": from {due} a rule of the FCC says \"all\" (47 CFR 64.1200(a)(10)), which it has \
         said it will change (notice of 2025-10-28); without a decision it stays \"programme\""
    );
    let severity = if near { Severity::Warning } else { Severity::Note };
    Some((severity, Problem { path: "compliance.revocation".into(), message }))
}

/// The beginning of the path of a queue's settings.
fn path_of(center: &Center, id: &QueueId) -> String {
    let queues = &center.document.queues;
    let place = queues.iter().position(|queue| queue.id == id.as_str());
    place.map_or_else(String::new, |place| format!("queues[{place}]."))
}
