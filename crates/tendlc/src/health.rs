use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use frontdesk_types::{Delivery, Event, Fact, Zone};
use serde::{Deserialize, Serialize};

/// What became of a programme's texts day by day, of the days that T-Mobile counts (midnight of the Pacific): the fold of the events of its
/// numbers. Reviewers of carriers look at how many opt out.
///
/// ```
/// use frontdesk_tendlc::{Health, pacific};
/// use frontdesk_types::{Delivery, Event, Fact, Zones};
///
/// let mut health = Health::default();
/// let at = "2026-11-21T15:00:00Z".parse()?;
/// let accepted = Delivery::Accepted { provider_id: "SM1".into(), remarks: Vec::new() };
/// let pacific = pacific(Zones::bundled());
/// health.apply(&Event { at, fact: Fact::Delivery { id: "1042-1".into(), delivery: accepted } }, &pacific);
/// health.apply(&Event { at, fact: Fact::OptedOut { word: "stop".into() } }, &pacific);
/// let (_, day) = health.days().next().unwrap();
/// assert_eq!((day.sent, day.opted_out), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Health {
    days: BTreeMap<NaiveDate, Day>,
}

/// A day of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Day {
    /// Texts that the provider took.
    pub sent: u64,
    /// Those that were told to have arrived.
    pub delivered: u64,
    /// Those that did not.
    pub failed: u64,
    /// Times that a text was held back for a while.
    pub held: u64,
    /// Consumers who opted out.
    pub opted_out: u64,
    /// Consumers who opted in.
    pub opted_in: u64,
    /// Texts that the gate refused, or that were refused when they were asked for, by the rules that spoke against them: one may
    /// have several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<String, u64>,
    /// Texts that left although the gate remarked something of them, by category: one may have several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub remarked: BTreeMap<String, u64>,
}

/// So many days are kept.
const KEPT: Days = Days::new(92);

impl Health {
    /// Whether an event says something of it.
    pub fn counts(event: &Event) -> bool {
        matches!(
            event.fact,
            Fact::Delivery { .. }
                | Fact::OptedIn { .. }
                | Fact::OptedOut { .. }
                | Fact::OutboundRefused { .. }
        )
    }

    /// Adds an event of one of the programme's numbers. Events come in the order of the log; `pacific` is the zone
    /// of its days.
    pub fn apply(&mut self, event: &Event, pacific: &Zone) {
        if !Self::counts(event) {
            return;
        }
        let date = pacific.local(event.at).date();
        let day = self.days.entry(date).or_default();
        match &event.fact {
            Fact::OptedIn { .. } => day.opted_in += 1,
            Fact::OptedOut { .. } => day.opted_out += 1,
            Fact::Delivery { delivery, .. } => match delivery {
                Delivery::Accepted { remarks, .. } => {
                    day.sent += 1;
                    let categories: BTreeSet<&str> =
                        remarks.iter().map(|remark| remark.category.as_str()).collect();
                    for category in categories {
                        *day.remarked.entry(category.to_owned()).or_insert(0) += 1;
                    }
                }
                Delivery::Delayed { .. } => {}
                Delivery::Delivered => day.delivered += 1,
                Delivery::Failed { .. } => day.failed += 1,
                Delivery::Held { .. } => day.held += 1,
                Delivery::Refused { rules, .. } => day.refuse(rules),
                _ => {}
            },
            Fact::OutboundRefused { rules, .. } => day.refuse(rules),
            _ => {}
        }
        if let Some(oldest) = date.checked_sub_days(KEPT) {
            self.days.retain(|day, _| *day >= oldest);
        }
    }

    /// The days on which something happened, oldest first.
    pub fn days(&self) -> impl Iterator<Item = (NaiveDate, &Day)> {
        self.days.iter().map(|(date, day)| (*date, day))
    }
}

impl Day {
    /// The fewest texts of a day that a rate is made of.
    pub const FEWEST: u64 = 100;

    fn refuse(&mut self, rules: &[String]) {
        for rule in rules {
            *self.refused.entry(rule.clone()).or_insert(0) += 1;
        }
    }

    /// How many opted out of a thousand texts that left; `None` where fewer than [`Day::FEWEST`] did: a rate of few texts tells nothing.
    pub fn opt_outs_per_thousand(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a rate for a display")]
        let rate = |sent: u64| self.opted_out as f64 * 1000.0 / sent as f64;
        (self.sent >= Self::FEWEST).then(|| rate(self.sent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pacific() -> Zone {
        crate::pacific(frontdesk_types::Zones::bundled())
    }

    fn event(at: &str, fact: Fact) -> Event {
        Event { at: at.parse().unwrap(), fact }
    }

    fn delivery(delivery: Delivery) -> Fact {
        Fact::Delivery { id: "1".into(), delivery }
    }

    fn accepted(id: &str) -> Fact {
        delivery(Delivery::Accepted { provider_id: id.into(), remarks: Vec::new() })
    }

    #[test]
    fn days_are_those_of_the_pacific_and_refusals_count_by_rule() {
        let mut health = Health::default();
        let rules = vec!["do_not_contact".to_owned(), "prohibited".to_owned()];
        let reasons = vec!["do not contact".to_owned()];
        let until = "2026-11-21T14:00:00Z".parse().unwrap();
        for (at, fact) in [
            ("2026-11-21T07:59:59Z", accepted("SM1")),
            ("2026-11-21T07:59:59Z", Fact::Queued { queue: "billing".parse().unwrap() }),
            ("2026-11-21T08:00:00Z", accepted("SM2")),
            ("2026-11-21T08:00:01Z", delivery(Delivery::Delivered)),
            ("2026-11-21T08:00:01Z", delivery(Delivery::Failed { reason: "30007".into() })),
            ("2026-11-21T08:00:02Z", Fact::OptedOut { word: "stop".into() }),
            ("2026-11-21T08:00:03Z", Fact::OptedIn { word: "start".into() }),
            (
                "2026-11-21T08:00:03Z",
                delivery(Delivery::Held { until, reasons: reasons.clone(), rules: rules.clone() }),
            ),
            ("2026-11-21T08:00:04Z", delivery(Delivery::Refused { reasons, rules })),
        ] {
            health.apply(&event(at, fact), &pacific());
        }
        let days: Vec<_> = health.days().collect();
        assert_eq!(days.len(), 2);
        assert_eq!((days[0].1.sent, days[0].1.opted_out), (1, 0));
        let today = days[1].1;
        let counts = (
            today.sent,
            today.delivered,
            today.failed,
            today.held,
            today.opted_out,
            today.opted_in,
        );
        assert_eq!(counts, (1, 1, 1, 1, 1, 1));
        assert_eq!(today.refused.len(), 2);
        assert_eq!(today.opt_outs_per_thousand(), None, "of one text there is no rate");
        let many = Day { sent: 200, opted_out: 1, ..Day::default() };
        assert_eq!(many.opt_outs_per_thousand(), Some(5.0));
        assert_eq!(Day::default().opt_outs_per_thousand(), None);
        // What is old goes when something new comes.
        health.apply(
            &event("2027-06-01T12:00:00Z", Fact::OptedOut { word: "stop".into() }),
            &pacific(),
        );
        assert_eq!(health.days().count(), 1);
    }
}
