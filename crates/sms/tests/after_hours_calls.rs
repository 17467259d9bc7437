//! Conversations of callers who come outside of hours (HRS-5 to HRS-7), and of scheduled calls (HRS-10).
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chrono::TimeDelta;
use frontdesk_sms::{Call, CallInput, Refusal};
use frontdesk_types::Alternative;
use support::{
    calls::{Desk, config, converse, input, opening, slot},
    queue, start_instant,
};

#[test]
fn hrs_6_a_caller_outside_of_hours_is_told_what_there_is() {
    for (closed, end) in [
        ("sales takes messages", "* phone-sales is closed: voicemail instead"),
        ("sales closes", "* phone-sales is closed: nothing instead"),
    ] {
        converse(
            &Desk::new(),
            &format!(
                "{closed}\ncall phone-sales\n{end}\n* ended deflected (after hours) at 15:00:00\npress 1\n! Ended"
            ),
        );
    }
    let desk = Desk::new();
    desk.closed.replace(vec![(queue("phone-sales"), vec![Alternative::Voicemail])]);
    let (mut call, _) = Call::start(opening(true), start_instant());
    let _ = call.handle(&config(), &desk, input(&call, "call phone-sales"), start_instant());
    assert_eq!(call.chosen(), Some(&Alternative::Voicemail), "one thing is what happens");
    // An app asks its user, which may be several things.
    let offers = vec![Alternative::ScheduledCall, Alternative::Email];
    desk.closed.replace(vec![(queue("phone-sales"), offers.clone())]);
    let (mut call, _) = Call::start(opening(true), start_instant());
    let _ = call.handle(&config(), &desk, input(&call, "call phone-sales"), start_instant());
    assert_eq!((call.chosen(), call.instead()), (None, &*offers));
}

#[test]
fn hrs_6_a_closed_queue_leads_to_another() {
    converse(
        &Desk::new(),
        "call phone-night
        * phone-night is closed: forwarded to phone-sales
        * waits in phone-sales
        * Deflection: 1 for yes, 2 for no?
        call phone-sales
        caller hangs up
        * Deflection declined without a key
        * ended abandoned at 15:00:00",
    );
    // So does one that callers choose when too many wait; an agent's transfer is theirs to decide (HRS-11).
    converse(
        &Desk::new(),
        "sales closes
        call phone-billing
        * waits in phone-billing
        connect ana
        call phone-sales
        * waits in phone-sales
        * Deflection: 1 for yes, 2 for no?",
    );
    converse(
        &Desk::new(),
        "the queue closes
        call phone-orders
        * waits in phone-orders
        wait 40
        +181s
        * phone-orders is over capacity: 1 to keep waiting, 2 for voicemail?
        * keeps waiting without a key
        * phone-orders is over capacity: 1 to keep waiting, 2 for callback, 3 for voicemail, 4 for the number +12025550177, 5 for the queue phone-sales?
        sales takes messages
        press 5
        * chooses the queue phone-sales
        * phone-sales is closed: voicemail instead
        * ended deflected (after hours) at 15:03:01",
    );
}

const BOOKED: &str = "schedule phone-sales\n* scheduled in phone-sales at Sat 09:00:00";

#[test]
fn hrs_10_a_scheduled_call_is_announced_made_and_ended() {
    converse(
        &Desk::new(),
        &format!(
            "{BOOKED}
        schedule phone-sales
        ! NotScheduled
        caller hangs up
        wait 5
        ! NotWaiting
        +17h
        +55m
        * the scheduled call is near
        +5m
        * waits in phone-sales
        wait 60
        caller hangs up
        connect ana
        cancel
        ! NotScheduled
        +23h
        agent hangs up
        * ended finished by agent at 08:00:00"
        ),
    );
}

#[test]
fn hrs_10_a_call_that_nobody_makes_is_given_up() {
    converse(
        &Desk::new(),
        &format!(
            "{BOOKED}
        +18h
        * the scheduled call is near
        * waits in phone-sales
        +14m
        +1m
        * ended expired at 09:15:00"
        ),
    );
}

#[test]
fn hrs_10_a_scheduled_call_can_be_cancelled_until_it_is_made() {
    let cancelled = "cancel\n* ended cancelled at";
    converse(&Desk::new(), &format!("{BOOKED}\n+1h\n{cancelled} 16:00:00\ncancel\n! Ended"));
    let begun = "+18h\n* the scheduled call is near\n* waits in phone-sales";
    converse(&Desk::new(), &format!("{BOOKED}\n{begun}\n{cancelled} 09:00:00"));
    converse(
        &Desk::new(),
        "call phone-sales\n* waits in phone-sales\n* Deflection: 1 for yes, 2 for no?\ncancel\n! NotScheduled\nschedule phone-sales\n! NotScheduled",
    );
}

#[test]
fn hrs_10_who_calls_before_their_time() {
    // The queue is open: they are there now, and wait like everybody.
    converse(
        &Desk::new(),
        &format!(
            "{BOOKED}
        +1h
        call phone-sales
        * waits in phone-sales
        caller calls again
        * calls again as CA-78
        * Deflection: 1 for yes, 2 for no?
        press 2
        * Deflection declined
        +20h
        caller hangs up
        * ended abandoned at 12:00:00"
        ),
    );
    // It is closed: nothing is lost.
    converse(
        &Desk::new(),
        &format!(
            "{BOOKED}
        sales takes messages
        +1h
        call phone-sales
        caller calls again
        ! NotWaiting
        sales opens
        +17h
        * the scheduled call is near
        * waits in phone-sales"
        ),
    );
}

/// A day is counted from the slot: a call that was scheduled long before is not over when it begins.
#[test]
fn hrs_10_a_call_scheduled_days_ahead_lasts_as_long_as_any() {
    let (config, desk) = (config(), Desk::new());
    let (mut call, _) = Call::start(opening(true), start_instant());
    let mut later = slot();
    for at in [&mut later.from, &mut later.announced, &mut later.expires] {
        *at += TimeDelta::days(5);
    }
    let step = call.handle(
        &config,
        &desk,
        CallInput::Scheduled { queue: queue("phone-sales"), slot: later },
        start_instant(),
    );
    assert_eq!(step.refused, None);
    let _ = call.handle(&config, &desk, CallInput::TimePassed, later.from);
    let _ = call.handle(&config, &desk, input(&call, "connect ana"), later.from);
    let step =
        call.handle(&config, &desk, CallInput::TimePassed, later.from + TimeDelta::hours(23));
    assert!(step.events.is_empty(), "{:?}", step.events);
    let again = call.handle(&config, &desk, CallInput::Cancelled, later.from);
    assert_eq!(again.refused, Some(Refusal::NotScheduled));
}
