//! Timers, inherited and checked (SMS-19 to SMS-24).

use chrono::TimeDelta;
use frontdesk_sms::Timers;

use super::{TimersSection, check::Context};

/// The timers of a section; what it does not set is as above it.
pub(super) fn timers(
    path: &str,
    section: &TimersSection,
    above: Timers,
    context: &mut Context,
) -> Timers {
    // A timer in units of so many seconds; `None` is off.
    let mut read = |name: &str, value: Option<u32>, range, unit, above: Option<TimeDelta>| {
        let above = above.map_or(0, |above| above.num_seconds() / unit);
        let above = u32::try_from(above).unwrap_or(0);
        let value = context.within(&format!("{path}.{name}"), value, range, above);
        let delta = TimeDelta::seconds(i64::from(value) * unit);
        (delta > TimeDelta::zero()).then_some(delta)
    };
    let (minutes, seconds) = (60, 1);
    let (month, week, day) = (43_200, 10_080, 86_400);
    let menu_expiration = Some(above.menu_expiration);
    let menu_expiration =
        read("menu_expiration", section.menu_expiration, 1..=month, minutes, menu_expiration);
    let expiration = Some(above.expiration);
    let expiration = read("expiration", section.expiration, 1..=month, minutes, expiration);
    let transfer = Some(above.transfer);
    let transfer = read("transfer_seconds", section.transfer_seconds, 10..=day, seconds, transfer);
    let mut minutes =
        |name: &str, value, longest, above| read(name, value, 0..=longest, minutes, above);
    let chat_timeout = minutes("chat_timeout", section.chat_timeout, month, above.chat_timeout);
    let dismissal = minutes("dismissal", section.dismissal, week, above.dismissal);
    let warning = section.dismissal_warning;
    let dismissal_warning = minutes("dismissal_warning", warning, week, above.dismissal_warning);
    let virtual_dismissal = section.virtual_dismissal;
    let virtual_dismissal =
        minutes("virtual_dismissal", virtual_dismissal, week, above.virtual_dismissal);
    let target = section.response_target_seconds;
    let response_target =
        read("response_target_seconds", target, 0..=day, seconds, above.response_target);
    let timers = Timers {
        menu_expiration: menu_expiration.unwrap_or(above.menu_expiration),
        expiration: expiration.unwrap_or(above.expiration),
        chat_timeout,
        dismissal,
        dismissal_warning,
        virtual_dismissal,
        response_target,
        transfer: transfer.unwrap_or(above.transfer),
    };
    consistent(path, timers, context);
    timers
}

/// Timers that contradict each other (SMS-21, SMS-22).
fn consistent(path: &str, timers: Timers, context: &mut Context) {
    for (name, dismissal) in
        [("dismissal", timers.dismissal), ("virtual_dismissal", timers.virtual_dismissal)]
    {
        let Some(dismissal) = dismissal else { continue };
        if let Some(timeout) = timers.chat_timeout.filter(|timeout| dismissal > *timeout) {
            let (found, allowed) = (dismissal.num_minutes(), timeout.num_minutes());
            let message = format!("found {found}, but chats end after {allowed} (chat_timeout)");
            context.problems.add(format!("{path}.{name}"), message);
        }
    }
    if let (Some(warning), Some(dismissal)) = (timers.dismissal_warning, timers.dismissal)
        && warning >= dismissal
    {
        let (found, allowed) = (warning.num_minutes(), dismissal.num_minutes());
        let message = format!("found {found}, but chats are dismissed after {allowed} (dismissal)");
        context.problems.add(format!("{path}.dismissal_warning"), message);
    }
}
