//! Opening hours asked from outside: schedules and instants as JSON lines on standard input, answers on standard
//! output, ours and those of the crate `opening-hours`. For tests/hours_oracle.py.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a test's program ends by panicking")]

use std::{
    io::{BufRead, Write},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use frontdesk_hours::{Holiday, HolidayDates, Schedule, Zones};
use opening_hours::{Context, OpeningHours, localization::TzLocation};
use serde_json::{Value, json};

fn main() {
    let stdin = std::io::stdin().lock();
    let mut stdout = std::io::stdout().lock();
    for line in stdin.lines() {
        let asked: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        if asked == json!("version") {
            writeln!(stdout, "{}", json!(Zones::bundled().release().to_string())).expect("written");
            continue;
        }
        let instants: Vec<DateTime<Utc>> = asked["instants"]
            .as_array()
            .expect("instants")
            .iter()
            .map(|second| {
                DateTime::from_timestamp(second.as_i64().expect("a second"), 0).expect("an instant")
            })
            .collect();
        let answer =
            json!({ "ours": ours(&asked, &instants), "theirs": theirs(&asked, &instants) });
        writeln!(stdout, "{answer}").expect("written");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn ours(asked: &Value, instants: &[DateTime<Utc>]) -> Vec<(bool, Option<i64>)> {
    let hours = asked["hours"].as_object().expect("hours");
    let hours = hours.iter().map(|(days, ranges)| (days.as_str(), text(ranges)));
    let schedule = Schedule::parse(text(&asked["zone"]), hours).expect("a schedule");
    let holiday = |asked: &Value| {
        let dates = HolidayDates::list(text(&asked[0])).expect("dates");
        let holiday = Holiday::new("a holiday", dates).expect("a name");
        match asked[1].as_str() {
            Some(time) => holiday.at(time.parse().expect("a time")),
            None => holiday,
        }
    };
    let holidays: Arc<[Holiday]> =
        asked["holidays"].as_array().expect("holidays").iter().map(holiday).collect();
    let schedule = schedule.observing(holidays);
    let answer = |at: &DateTime<Utc>| {
        let change = schedule.next_change(*at);
        (schedule.is_open(*at), change.map(|change| change.timestamp()))
    };
    instants.iter().map(answer).collect()
}

/// `null` where the schedule cannot be said in their syntax.
fn theirs(asked: &Value, instants: &[DateTime<Utc>]) -> Option<Vec<(bool, Option<i64>)>> {
    // Their time zones are those of `chrono-tz`, and of its release.
    let zone: chrono_tz::Tz = text(&asked["zone"]).parse().expect("a zone");
    let hours = asked["expression"].as_str()?.parse::<OpeningHours>().expect("an expression");
    let hours = hours.with_context(Context::default().with_locale(TzLocation::new(zone)));
    let answer = |at: &DateTime<Utc>| {
        let local = at.with_timezone(&zone);
        let change = hours.next_change(local);
        (hours.is_open(local), change.map(|change| change.timestamp()))
    };
    Some(instants.iter().map(answer).collect())
}
