//! Conversations beside phone calls: wait-time SMS, in-call SMS, deflection, the link of the app (SMS-29, 30, 31, 35).
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use chrono::TimeDelta;
use frontdesk_sms::{Call, CallInput, Question, Refusal, TextConsent};
use frontdesk_types::Key;
use support::{
    calls::{Desk, GREETING, config, converse, input, opening},
    start_instant,
};

const PRESET: &str = "< Acme: thanks for holding. Text us here what it is about, and your agent will see it. Msg & data rates may apply. Reply STOP to opt out.";

#[test]
fn sms_29_who_keeps_waiting_is_asked_once_and_texts_the_agent_ahead() {
    converse(
        &Desk::new(),
        &format!(
            "
            call phone-billing
            * waits in phone-billing
            wait 9
            +2m
            +1s
            * phone-billing is over capacity: 1 to keep waiting?
            press 5
            ! NoSuchKey {{ key: Key('5'), allowed: \"1\" }}
            press 1
            * keeps waiting
            * WaitTime: 1 for yes, 2 for no?
            press 1
            * WaitTime accepted
            {PRESET}
            caller: My order 4711 never came
            wait 12
            connect ana
            caller: a picture
            agent hangs up
            * ended finished by agent at 15:02:01
            caller: thanks
            ! Ended
        "
        ),
    );
}

#[test]
fn sms_29_who_says_no_or_nothing_is_not_asked_again() {
    let asked = "
        call phone-billing
        * waits in phone-billing
        wait 9
        +121s
        * phone-billing is over capacity: 1 to keep waiting?
        +15s
        * keeps waiting without a key
        * WaitTime: 1 for yes, 2 for no?
    ";
    converse(
        &Desk::new(),
        &format!(
            "{asked}\npress 2\n* WaitTime declined\nwait 30\n+10m\ncaller hangs up\n* ended abandoned at 15:12:16"
        ),
    );
    converse(
        &Desk::new(),
        &format!("{asked}\n+15s\n* WaitTime declined without a key\nwait 30\n+1h"),
    );
    // Connected in the middle of the question.
    converse(
        &Desk::new(),
        &format!(
            "{asked}\nconnect ana\n* WaitTime declined without a key\npress 1\n! NothingAsked"
        ),
    );
}

#[test]
fn sms_29_a_late_key_does_not_answer_the_next_question() {
    let (config, desk) = (config(), Desk::new());
    let (mut call, _) = Call::start(opening(true), start_instant());
    let after = |seconds| start_instant() + TimeDelta::seconds(seconds);
    for (raw, at) in [("call phone-billing", after(0)), ("wait 9", after(0)), ("+", after(121))] {
        let step = call.handle(&config, &desk, input(&call, raw), at);
        assert!(step.refused.is_none());
    }
    let heard = call.asked().unwrap().question;
    let late = CallInput::KeyPressed { question: heard, key: Key::ONE };
    let step = call.handle(&config, &desk, late, after(137));
    assert_eq!(step.refused, Some(Refusal::NothingAsked));
    let now = call.asked().map(|asked| asked.question);
    assert_eq!((heard, now), (Question::KeepWaiting, Some(Question::WaitTime)));
}

#[test]
fn sms_29_a_queue_is_over_capacity_when_both_have_been_reached() {
    // A long wait of which less is left; then the estimate rises; then it is above the service's own threshold.
    converse(
        &Desk::new(),
        "
        call phone-billing
        * waits in phone-billing
        wait 5
        +10m
        wait ?
        wait 6
        * phone-billing is over capacity: 1 to keep waiting?
        press 1
        * keeps waiting
        +1m
        wait 8
        * WaitTime: 1 for yes, 2 for no?
        call phone-other
        * WaitTime declined without a key
        * waits in phone-other
        wait 60
        +1h
        ",
    );
    let out = TextConsent { opted_out: true, given: false, opt_in_text_due: false };
    converse(
        &Desk::with(out),
        "
        call phone-billing
        * waits in phone-billing
        wait 20
        +121s
        * phone-billing is over capacity: 1 to keep waiting?
        press 1
        * keeps waiting
        +10m
        ",
    );
}

#[test]
fn sms_30_an_agent_texts_the_caller_and_gets_texts() {
    let new = TextConsent { opted_out: false, given: false, opt_in_text_due: true };
    converse(
        &Desk::with(new),
        "
        call phone-billing
        * waits in phone-billing
        ana: Hello
        ! NotConnected
        connect ana
        ana: Here is your form
        ! ConsentNeeded
        ben, agreed: Here is your form
        ! NotYours { assigned: AgentId(ana) }
        ana, agreed: (
        < ( Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.
        caller: got it
        connect ben
        ana, agreed: Bye
        ! NotYours { assigned: AgentId(ben) }
        caller hangs up
        * ended finished by consumer at 15:00:00
        ben, agreed: Bye
        ! Ended
        ",
    );
    let known = TextConsent { opted_out: false, given: true, opt_in_text_due: false };
    converse(
        &Desk::with(known),
        "connect ana\nana: Here is your form\n< Here is your form\nline lost\n* ended failed at 15:00:00",
    );
    let out = TextConsent { opted_out: true, given: false, opt_in_text_due: false };
    converse(&Desk::with(out), "connect ana\nana, agreed: Here is your form\n! OptedOut");
}

#[test]
fn sms_30_a_caller_whose_telephone_takes_no_texts_gets_none() {
    let config = config();
    let (mut call, _) = Call::start(opening(false), start_instant());
    for raw in ["call phone-sales", "wait 60", "connect ana"] {
        assert_eq!(
            call.handle(&config, &Desk::new(), input(&call, raw), start_instant()).events.len(),
            1
        );
    }
    let step = call.handle(&config, &Desk::new(), input(&call, "ana, agreed: Hi"), start_instant());
    assert_eq!(step.refused, Some(Refusal::NoTexts));
    // Nor are they asked about texts while they wait.
    let (mut call, _) = Call::start(opening(false), start_instant());
    let late = start_instant() + TimeDelta::seconds(121);
    for (raw, at) in
        [("call phone-billing", start_instant()), ("wait 60", start_instant()), ("press 1", late)]
    {
        let step = call.handle(&config, &Desk::new(), CallInput::TimePassed, at);
        assert!(step.refused.is_none());
        let step = call.handle(&config, &Desk::new(), input(&call, raw), at);
        assert_eq!(step.refused, None, "{raw}");
    }
    assert_eq!(call.asked(), None);
}

#[test]
fn sms_31_a_caller_goes_on_by_text_once_the_greeting_has_arrived() {
    converse(
        &Desk::new(),
        &format!(
            "
            call phone-sales
            * waits in phone-sales
            * Deflection: 1 for yes, 2 for no?
            press 1
            * Deflection accepted
            {GREETING}
            +20s
            delivered 2
            delivered 1
            * goes on by text in billing as 1043
            * ended deflected (to text) at 15:00:20
            caller hangs up
            ! Ended
        "
        ),
    );
}

#[test]
fn sms_31_until_it_arrives_the_call_keeps_its_place() {
    let accepted = format!(
        "
        call phone-sales
        * waits in phone-sales
        * Deflection: 1 for yes, 2 for no?
        press 1
        * Deflection accepted
        {GREETING}
    "
    );
    // It never arrives; nobody says so; the queue has closed.
    converse(
        &Desk::new(),
        &format!("{accepted}\nlost 1\n* Deflection failed\ndelivered 1\npress 1\n! NothingAsked"),
    );
    converse(&Desk::new(), &format!("{accepted}\n+60s\n* Deflection failed\nconnect ana"));
    // Somebody takes the call before: it goes on.
    converse(&Desk::new(), &format!("{accepted}\nconnect ana\ndelivered 1\n* Deflection failed"));
    // Who hangs up after having agreed is not forgotten.
    converse(
        &Desk::new(),
        &format!(
            "{accepted}\ncaller hangs up\n* the caller has left\nconnect ana\n! HungUp\ncall phone-sales\n! HungUp
            delivered 1\n* goes on by text in billing as 1043\n* ended deflected (to text) at 15:00:00"
        ),
    );
    converse(
        &Desk::new(),
        &format!(
            "{accepted}\ncaller hangs up\n* the caller has left\n+60s\n* Deflection failed\n* ended abandoned at 15:01:00"
        ),
    );
}

#[test]
fn sms_31_who_answers_the_greeting_has_received_it() {
    let accepted = format!(
        "
        call phone-sales
        * waits in phone-sales
        * Deflection: 1 for yes, 2 for no?
        press 1
        * Deflection accepted
        {GREETING}
    "
    );
    let goes_on = "* goes on by text in billing as 1043\n* ended deflected (to text) at 15:00:00";
    // Before any report, after a false one, and after having hung up.
    for before in ["", "lost 1\n* Deflection failed\n", "caller hangs up\n* the caller has left\n"]
    {
        let script = format!("{accepted}\n{before}answered\n{goes_on}\ndelivered 1\n! Ended");
        converse(&Desk::new(), &script);
    }
    // The call goes on where an agent has it: the caller has somebody to talk to.
    converse(&Desk::new(), &format!("{accepted}\nconnect ana\nanswered\nana, agreed: Hi\n< Hi"));
}

#[test]
fn sms_31_it_is_offered_when_the_wait_is_long_and_somebody_is_there_to_answer() {
    converse(
        &Desk::new(),
        "
        call phone-support
        * waits in phone-support
        wait 9
        the queue closes
        wait 10
        the queue opens
        wait 11
        * Deflection: 1 for yes, 2 for no?
        press 2
        * Deflection declined
        +121s
        * phone-support is over capacity: 1 to keep waiting?
        press 2
        ! NoSuchKey { key: Key('2'), allowed: \"1\" }
        ",
    );
    // Both at once: one question.
    converse(
        &Desk::new(),
        &format!(
            "
            call phone-support
            * waits in phone-support
            wait 9
            +121s
            * phone-support is over capacity: 1 to keep waiting?
            wait 20
            press 1
            * keeps waiting
            * Deflection: 1 for yes, 2 for no?
            the queue closes
            press 1
            * Deflection accepted
            * Deflection failed
            * WaitTime: 1 for yes, 2 for no?
            press 1
            * WaitTime accepted
            {PRESET}
        "
        ),
    );
    converse(
        &Desk::new(),
        &format!(
            "
            call phone-support
            * waits in phone-support
            +5m
            wait 20
            * phone-support is over capacity: 1 to keep waiting, 2 for a chat by text in billing?
            press 2
            * Deflection accepted
            {GREETING}
        "
        ),
    );
}

#[test]
fn sms_35_the_agent_sends_the_app_and_its_actions_become_available() {
    converse(
        &Desk::new(),
        "
        call phone-billing
        * waits in phone-billing
        app opened
        ! NoAppLink
        connect ana
        ana links
        ! ConsentNeeded
        ana, agreed, links
        < Acme: here is our app: https://app.acme.example/?c=77
        app opened
        * the app is open
        app opened
        agent hangs up
        * ended finished by agent at 15:00:00
        app opened
        ! Ended
        ",
    );
}
