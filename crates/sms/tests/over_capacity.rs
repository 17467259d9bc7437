//! Conversations of callers for whom too many wait (RTE-13).
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chrono::TimeDelta;
use frontdesk_sms::Call;
use support::{
    calls::{Desk, GREETING, config, converse, input, opening},
    start_instant,
};

#[test]
fn rte_13_a_caller_chooses_something_else_than_to_wait() {
    let asked = "
        call phone-orders
        * waits in phone-orders
        wait 6
        +121s
        * phone-orders is over capacity: 1 to keep waiting, 2 for voicemail?
        press 3
        ! NoSuchKey { key: Key('3'), allowed: \"1, 2\" }
        press 1
        * keeps waiting
    ";
    let longer = format!(
        "{asked}
        +2m
        wait 31
        * phone-orders is over capacity: 1 to keep waiting, 2 for a chat by text in billing, 3 for callback, 4 for voicemail, 5 for the number +12025550177, 6 for the queue phone-sales?
    "
    );
    let ends = [
        "press 4\n* chooses voicemail\n* ended deflected (over capacity) at 15:04:01\npress 1\n! Ended",
        "press 5\n* chooses the number +12025550177\n* ended deflected (over capacity) at 15:04:01",
        // Another queue has rules of its own.
        "press 6\n* chooses the queue phone-sales\n* waits in phone-sales\nwait 60\n+2m\n+1s\n* phone-sales is over capacity: 1 to keep waiting?",
        // Who has been asked in every band is not asked again.
        "+15s\n* keeps waiting without a key\nwait 90\n+10m\ncaller hangs up\n* ended abandoned at 15:14:16",
        "connect ana\n* keeps waiting without a key\npress 3\n! NothingAsked",
    ];
    for end in ends {
        converse(&Desk::new(), &format!("{longer}\n{end}"));
    }
    converse(&Desk::new(), &format!("{longer}\npress 2\n* Deflection accepted\n{GREETING}"));
    converse(
        &Desk::new(),
        &format!("the queue closes\n{}", longer.replace("2 for a chat by text in billing, 3 for callback, 4 for voicemail, 5 for the number +12025550177, 6 for", "2 for callback, 3 for voicemail, 4 for the number +12025550177, 5 for")),
    );
}

#[test]
fn rte_13_who_is_called_back_keeps_their_place() {
    let called_back = "
        the queue closes
        call phone-orders
        * waits in phone-orders
        wait 31
        +121s
        * phone-orders is over capacity: 1 to keep waiting, 2 for voicemail?
        +60s
        * keeps waiting without a key
        * phone-orders is over capacity: 1 to keep waiting, 2 for callback, 3 for voicemail, 4 for the number +12025550177, 5 for the queue phone-sales?
        press 2
        * chooses callback
        caller hangs up
        wait 90
        +1h
        line lost
        press 1
        ! NothingAsked
    ";
    for end in [
        "connect ana\nagent hangs up\n* ended finished by agent at 16:03:01",
        "supervisor ends\n* ended ended by supervisor at 16:03:01",
        "+24h\n* ended expired at 15:00:00",
        // The telephony may move it; it is still the caller's place, and nobody is on the line.
        "call phone-sales\n* waits in phone-sales\nwait 60\n+1h\ncaller hangs up\nconnect ana",
    ] {
        converse(&Desk::new(), &format!("{called_back}\n{end}"));
    }
    converse(
        &Desk::new(),
        &format!(
            "{called_back}
            caller calls again
            * calls again as CA-78
            caller calls again
            ! NotWaiting
            wait 12
            caller hangs up
            * ended abandoned at 16:03:01"
        ),
    );
    // The place is the one of before.
    let (config, desk) = (config(), Desk::new());
    desk.open.set(false);
    let (mut call, _) = Call::start(opening(true), start_instant());
    let after = |seconds| start_instant() + TimeDelta::seconds(seconds);
    let steps = [
        ("call phone-orders", 0),
        ("wait 40", 0),
        ("+", 121),
        ("press 1", 122),
        ("+", 190),
        ("press 2", 191),
        ("caller calls again", 900),
    ];
    for (raw, at) in steps {
        let step = call.handle(&config, &desk, input(&call, raw), after(at));
        assert_eq!(step.refused, None, "{raw}");
    }
    assert_eq!(call.waiting_since(), Some(after(0)));
    assert_eq!((call.telephony_id().to_string().as_str(), call.chosen()), ("CA-78", None));
}
