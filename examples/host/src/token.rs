//! `frontdesk token`: new tokens, with the sections of the configuration to go with them.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use frontdesk::{Clock as _, SystemClock, types::Instant};

use crate::{
    inputs, output,
    settings::{self, HostError, Role},
};

pub(crate) fn print(
    role: Role,
    agents: &[String],
    name: Option<&str>,
    expires: Option<&str>,
) -> Result<(), HostError> {
    if role == Role::Agent && agents.is_empty() {
        return Err(HostError::Refused("an agent's token needs --agent".into()));
    }
    let expires = expires.map(|text| instant(text, SystemClock.now())).transpose()?;
    if agents.is_empty() {
        return one(role, None, name, expires);
    }
    agents.iter().try_for_each(|agent| one(role, Some(agent), name, expires))
}

fn one(
    role: Role,
    agent: Option<&str>,
    name: Option<&str>,
    expires: Option<Instant>,
) -> Result<(), HostError> {
    let (token, hash) = settings::new_token()?;
    let mut text =
        format!("{token}\n\nIt is shown once. In the configuration:\n\n[[host.tokens]]\n");
    let _ = writeln!(text, "role = \"{}\"", format!("{role:?}").to_lowercase());
    if let Some(agent) = agent {
        let _ = writeln!(text, "agent = {}", toml::Value::from(agent));
    }
    if let Some(name) = name {
        let _ = writeln!(text, "name = {}", toml::Value::from(name));
    }
    if let Some(expires) = expires {
        let _ = writeln!(text, "expires = \"{}\"", expires.to_rfc3339());
    }
    output::line(format_args!("{text}sha256 = \"{hash}\"\n"))
}

/// A day's end, or an instant, in the future.
fn instant(text: &str, now: Instant) -> Result<Instant, HostError> {
    let wrong = |why: &str| HostError::Refused(format!("--expires `{text}`: {why}"));
    let day = text.parse::<NaiveDate>().ok();
    let end = day.and_then(|day| day.checked_add_signed(TimeDelta::days(1)));
    let at = match end {
        Some(end) => end.and_time(NaiveTime::MIN).and_utc(),
        None => text.parse::<Instant>().map_err(|_| {
            wrong("a day (2027-01-31) or an instant (2027-01-31T18:00:00Z) is expected")
        })?,
    };
    let at = inputs::in_range(at).map_err(|why| wrong(&why))?;
    if at <= now { Err(wrong("it is over")) } else { Ok(at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_until_the_end_of_a_day_or_an_instant() {
        let now = "2026-11-26T10:00:00Z".parse().unwrap();
        let read = |text| instant(text, now).map(|at| at.to_rfc3339()).ok();
        assert_eq!(read("2026-11-26").as_deref(), Some("2026-11-27T00:00:00+00:00"));
        assert_eq!(read("2027-01-31T18:00:00Z").as_deref(), Some("2027-01-31T18:00:00+00:00"));
        for wrong in ["", "tomorrow", "2026-11-25", "2026-02-30", "+262143-01-01", "9999-01-01"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
