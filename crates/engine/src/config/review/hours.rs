//! Hours that can be read and are hardly meant: never open, closed for the last minute of a day, without clock changes;
//! holidays that are over or that nobody observes (EXT-2).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use frontdesk_hours::{Schedule, SpecialHours, TimeRange, days};
use serde_json::Value;

use super::Review;
use crate::config::HoursSection;

/// Names of universal time: those who write them mean a clock without changes.
const UNIVERSAL: [&str; 8] =
    ["UTC", "UCT", "Universal", "Zulu", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu"];

const ENDS_EARLY: &str = "ends at 23:59: it is closed for the last minute of the day; write 24:00";
const OVER: &str = "is over, and does not come again";

impl Review<'_> {
    pub(super) fn hours(&mut self) {
        let written = serde_json::to_value(self.document).unwrap_or_default();
        let mut sections = Vec::new();
        sections_of(&written, "", &mut sections);
        for (path, section) in &sections {
            self.zone(path, section);
            self.ranges(path, section);
            self.special(path, section);
        }
        self.without_holidays(&sections);
        self.holidays(&sections);
    }

    /// `EST` and `Etc/GMT+5` have no summer time; a zone of a place that has none is meant so.
    fn zone(&mut self, path: &str, section: &HoursSection) {
        let name = section.zone.as_str();
        let place = name.contains('/') && !name.starts_with("Etc/");
        let Ok(zone) = self.zones.named(name) else { return };
        if place || zone.changes_within_a_year(self.now) {
            return;
        }
        let path = format!("{path}.zone");
        if UNIVERSAL.contains(&name) {
            self.note("zone-without-changes", path, "is universal time, without summer time");
        } else {
            self.warn(
                "zone-without-changes",
                path,
                format!(
                    "`{name}` has no summer time: name the zone of a place, like America/New_York"
                ),
            );
        }
    }

    fn ranges(&mut self, path: &str, section: &HoursSection) {
        let (mut all, mut readable) = (Vec::new(), true);
        for (names, ranges) in &section.open {
            let (Ok(days), Ok(ranges)) = (days(names), TimeRange::list(ranges)) else {
                readable = false;
                continue;
            };
            if ranges.iter().any(|range| range.to == 23 * 60 + 59) {
                self.warn("hours-end-at-23-59", format!("{path}.open.{names}"), ENDS_EARLY);
            }
            for day in days {
                all.extend(ranges.iter().map(|range| (day, *range)));
            }
        }
        let Ok(zone) = self.zones.named(&section.zone) else { return };
        let Ok(schedule) = Schedule::new(zone, all) else { return };
        let special: Vec<SpecialHours> =
            section.special.iter().filter_map(|special| special.read().ok()).collect();
        let schedule = schedule.with_special(special);
        if readable && schedule.next_opening(self.now).is_none() {
            self.warn("hours-never-open", format!("{path}.open"), "it is never open");
        }
    }

    fn special(&mut self, path: &str, section: &HoursSection) {
        for (i, special) in section.special.iter().enumerate() {
            let path = format!("{path}.special[{i}]");
            let Ok(read) = special.read() else { continue };
            if read.hours().iter().any(|range| range.to == 23 * 60 + 59) {
                self.warn("hours-end-at-23-59", format!("{path}.open"), ENDS_EARLY);
            }
            if self.is_over(&special.dates) {
                self.note("special-hours-over", format!("{path}.dates"), OVER);
            }
        }
    }

    /// Whether dates are all of the past, and do not come again.
    fn is_over(&self, dates: &str) -> bool {
        let last = dates
            .split(',')
            .map(|dates| dates.rsplit(" to ").next().unwrap_or(dates).trim().parse::<NaiveDate>());
        let last: Result<Vec<NaiveDate>, _> = last.collect();
        last.is_ok_and(|last| last.iter().all(|date| *date < self.now.date_naive()))
    }

    /// Hours of a queue stand instead of the center's as a whole: their holidays do not come along.
    fn without_holidays(&mut self, sections: &[(String, HoursSection)]) {
        let closes =
            |section: &HoursSection| !(section.holidays.is_empty() && section.special.is_empty());
        let of_center = sections.iter().find(|(path, _)| path == "hours");
        if !of_center.is_some_and(|(_, section)| closes(section)) {
            return;
        }
        for (path, section) in sections {
            let is_of_queue =
                matches!(path.rsplit_once('.'), Some((of, "hours")) if of.contains("queues["));
            if is_of_queue && !closes(section) {
                let message = "has no holidays and no special hours; those of the center's hours do not hold here: repeat the ones that are meant";
                self.note("hours-without-holidays", path.clone(), message);
            }
        }
    }

    fn holidays(&mut self, sections: &[(String, HoursSection)]) {
        let document = self.document;
        let observed: BTreeSet<&str> = sections
            .iter()
            .flat_map(|(_, section)| &section.holidays)
            .map(String::as_str)
            .collect();
        for (i, holiday) in document.holidays.iter().enumerate() {
            let names = [Some("*"), Some(holiday.name.as_str()), holiday.folder.as_deref()];
            if !names.into_iter().flatten().any(|name| observed.contains(name)) {
                self.note("holiday-unobserved", format!("holidays[{i}]"), "no hours observe it");
            }
            if self.is_over(&holiday.dates) {
                self.note("holiday-over", format!("holidays[{i}].dates"), OVER);
            }
        }
    }
}

/// Every section of hours with its path.
fn sections_of(value: &Value, path: &str, found: &mut Vec<(String, HoursSection)>) {
    match value {
        Value::Object(settings) => {
            if settings.contains_key("zone") && settings.contains_key("open") {
                if let Ok(section) = serde_json::from_value(value.clone()) {
                    found.push((path.to_owned(), section));
                }
                return;
            }
            for (name, value) in settings {
                sections_of(value, &crate::config::structure::join(path, name), found);
            }
        }
        Value::Array(values) => {
            for (i, value) in values.iter().enumerate() {
                sections_of(value, &format!("{path}[{i}]"), found);
            }
        }
        _ => {}
    }
}
