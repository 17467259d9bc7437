//! How chats end, and the ways past closed queues.

use super::{
    BILLING, MAIN, SUPPORT, WELCOME, open,
    support::{Desk, acme, converse},
};

#[test]
fn sms_11_opting_out_ends_the_session_in_any_state() {
    let ended = "STOP: Stop!\n* ended opted out at 15:00:00";
    let queued = format!("consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}");
    let assigned = format!(
        "{queued}\nana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing."
    );
    for before in [format!("consumer: Hi\n{WELCOME}\n{MAIN}"), queued, assigned] {
        open(&format!("{before}\n{ended}\nana: Wait!\n! Ended"));
    }
}

#[test]
fn sms_14_back_goes_up_and_exit_ends() {
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        consumer: 1\n* menu support by Number\n{SUPPORT}
        consumer: Back\n* menu main by Back\n{MAIN}
        consumer: back\n{MAIN}
        consumer: pay\n* menu billing by Keyword\n{BILLING}
        consumer: back.\n* menu support by Back\n{SUPPORT}
        consumer: EXIT\n* ended finished by consumer at 15:00:00"
    ));
}

#[test]
fn sms_14_in_a_chat_back_is_a_word_for_the_agent_and_exit_ends() {
    open(&format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.
        consumer: back
        ana: Yes?\n< Yes?
        consumer: exit\n* ended finished by consumer at 15:00:00"
    ));
}

#[test]
fn sms_18_a_menu_left_unanswered_ends() {
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}\n+23h\n+1h\n* ended menu left unanswered at 15:00:00"
    ));
}

#[test]
fn sms_19_a_chat_that_nobody_takes_expires() {
    open(&format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}
        +12h\nconsumer: Still there?
        +12h\n* ended expired at 15:00:00"
    ));
}

#[test]
fn sms_20_the_chat_timeout_and_its_four_reasons() {
    let taken = format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing."
    );
    for (chat, reason) in [
        ("consumer: Hello?", "timeout agent no message"),
        ("ana: Hi\n< Hi", "timeout end user no message"),
        ("ana: Hi\n< Hi\nconsumer: Help", "timeout agent stopped"),
        ("consumer: Help\nana: Hi\n< Hi", "end user stopped"),
    ] {
        open(&format!("{taken}\n{chat}\n+59m\n+2m\n* ended {reason} at 16:00:00"));
    }
    // Only the consumer's messages restart it.
    open(&format!(
        "{taken}\n+30m\nana: Hi\n< Hi\n+29m\nconsumer: Hello\n+59m\nana: So?\n< So?\n+1m\n* ended end user stopped at 16:59:00"
    ));
}

#[test]
fn a_text_after_an_unpolled_deadline_is_too_late() {
    open(&format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.
        ana: Hi\n< Hi
        +61m\n* ended timeout end user no message at 16:00:00
        consumer: I'm back\n! Ended"
    ));
}

#[test]
fn rte_16_a_lost_agent_returns_the_session_with_its_place() {
    open(&format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}
        ben takes it\n* assigned ben in billing\n< Ben will chat with you about Billing.
        ben leaves\n* returned to billing LoggedOut
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.
        ben: Me!\n! NotYours {{ assigned: AgentId(ana) }}
        ben takes it\n! AlreadyAssigned {{ by: AgentId(ana) }}
        supervisor ends it\n* ended ended by supervisor at 15:00:00"
    ));
}

#[test]
fn hrs_9_a_closed_queue_says_when_it_opens_and_ends() {
    let closed = Desk { closed: vec!["billing"], told: false, ..Desk::default() };
    let script = format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword
        < We are closed right now. We open again Monday 8:00 AM.
        * ended deflected (after hours) at 15:00:00"
    );
    converse(&acme(), &closed, "main", &script);
}

#[test]
fn hrs_9_a_closed_queue_sends_on_to_one_that_is_open() {
    let closed = || vec!["billing", "main"];
    let desk = Desk { closed: closed(), instead: vec![("billing", "sales")], ..Desk::default() };
    let script = format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword
        * billing is closed: forwarded to sales
        * queued sales
        < We're assigning a representative to help you with Sales."
    );
    converse(&acme(), &desk, "main", &script);
    // A menu, too, can lead elsewhere.
    let desk = Desk { closed: closed(), instead: vec![("main", "sales")], ..Desk::default() };
    let script = format!(
        "consumer: Hello\n{WELCOME}
        * main is closed: forwarded to sales
        * queued sales
        < We're assigning a representative to help you with Sales."
    );
    converse(&acme(), &desk, "main", &script);
}

#[test]
fn hrs_5_a_menu_with_nothing_open_below_is_not_offered() {
    let desk = Desk { closed: vec!["main"], ..Desk::default() };
    let script = format!(
        "consumer: Hello\n{WELCOME}
        < We are closed right now. We open again Monday 8:00 AM.
        * ended deflected (after hours) at 15:00:00"
    );
    converse(&acme(), &desk, "main", &script);
    // Its keywords lead past it: what is chosen is closed or not by itself.
    let script = format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword
        * queued billing
        < We're assigning a representative to help you with Billing."
    );
    converse(&acme(), &desk, "main", &script);
    let desk = Desk { closed: vec!["support"], ..Desk::default() };
    let script = format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        consumer: 1\n* menu support by Number
        < We are closed right now. We open again Monday 8:00 AM.
        * ended deflected (after hours) at 15:00:00"
    );
    converse(&acme(), &desk, "main", &script);
}

#[test]
fn hrs_9_who_was_told_is_not_told_again() {
    // whatomate PR 509, rapidpro #1575: a notice for every text; two answerers for ever.
    let told = Desk { closed: vec!["sales"], told: true, ..Desk::default() };
    let mut config = acme();
    config.words.exit.clear();
    let script = "consumer: Hello?\n< Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.\n* ended deflected (after hours) at 15:00:00";
    converse(&config, &told, "sales", script);
}

#[test]
fn mistakes_change_nothing_and_say_why() {
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        ana takes it\n! NotQueued
        ana: Hi\n! NotAssigned
        ana ends it\n! NotAssigned
        ana leaves\n! NotAssigned
        consumer: pay\n* menu billing by Keyword\n{BILLING}
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.
        ana: (nothing)\n! EmptyMessage
        ana: Fine.\n< Fine."
    ));
}
