//! A conversation per id of product.md, section 1.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod leaving;
#[path = "../support/mod.rs"]
mod support;

use frontdesk_sms::{MessageKind, Messages, Node, Opening, Outreach, Refusal, Session, Text};
use frontdesk_types::{Fact, Purpose, SessionType};
use support::{Desk, acme, converse, language, opening, queue, start_instant};

const WELCOME: &str = "< Welcome to Acme. Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.";
const MAIN: &str =
    "< How can we help? Reply with a number:\\n1. Support\\n2. Sales\\n3. Español\\n4. Night desk";
const SUPPORT: &str = "< How can we help? Reply with a number:\\n1. Tech help\\n2. Billing";
const BILLING: &str =
    "* queued billing\n< We're assigning a representative to help you with Billing.";
const GIVEN_UP: &str = "< Sorry, we could not find out what you need. Text us again to start over.";
const SALES: &str = "* queued sales\n< We're assigning a representative to help you with Sales.";

fn open(script: &str) {
    converse(&acme(), &Desk::default(), "main", script);
}

#[test]
fn sms_2_and_5_from_greeting_to_answer() {
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        consumer: 1\n* menu support by Number\n{SUPPORT}
        consumer: 2\n* menu billing by Number\n{BILLING}
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.
        ana: What is it about?\n< What is it about?
        consumer: My bill
        ana: All good.\n< All good.
        ana ends it\n* ended finished by agent at 15:00:00
        consumer: Thanks\n! Ended"
    ));
}

#[test]
fn sms_3_a_reply_is_a_number_a_name_or_a_keyword() {
    for (reply, by) in [
        ("1", "Number"),
        ("1.", "Number"),
        ("１", "Number"),
        ("१", "Number"),
        ("১", "Number"),
        ("١", "Number"),
        ("①", "Number"),
        ("1️⃣", "Number"),
        ("support", "Name"),
        ("“Support!”", "Name"),
        ("ayuda tecnica", "Name"),
    ] {
        open(&format!(
            "consumer: Hello\n{WELCOME}\n{MAIN}\nconsumer: {reply}\n* menu support by {by}\n{SUPPORT}"
        ));
    }
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}\nconsumer: pay\n* menu billing by Keyword\n{BILLING}"
    ));
}

#[test]
fn sms_3_two_numbers_and_a_minus_choose_nothing() {
    for reply in ["1 2", "-1", "1.5", "1/2", "5"] {
        open(&format!(
            "consumer: Hello\n{WELCOME}\n{MAIN}\n+3s\nconsumer: {reply}
            * not understood 1\n< Sorry, we didn't understand that.\n{MAIN}"
        ));
    }
}

#[test]
fn sms_3_a_keyword_works_as_the_very_first_text() {
    open(&format!("consumer: PAY!\n{WELCOME}\n* menu billing by Keyword\n{BILLING}"));
    // A number or a name does not: there was no question yet.
    open(&format!("consumer: 2\n{WELCOME}\n{MAIN}"));
}

#[test]
fn sms_3_a_language_option_sets_the_language_from_there_on() {
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        consumer: español\n* language es
        * menu main by Name
        < ¿En qué podemos ayudarle? Responda con una cifra:\\n1. Ayuda técnica\\n2. Sales\\n3. Night desk
        consumer: 2\n* menu sales by Number\n* queued sales
        < Buscamos a un representante para ayudarle con Sales."
    ));
}

#[test]
fn rte_1_a_language_has_a_menu_of_its_own() {
    let mut config = acme();
    let invoices = Node::new(queue("facturas"), [(language("es"), "Facturas")]);
    let invoices = invoices.below(&queue("main")).with_keyword("factura").only_in(language("es"));
    config.add(invoices);
    let script = format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        +3s
        consumer: factura
        * not understood 1
        < Sorry, we didn't understand that.
        {MAIN}
        consumer: español\n* language es
        * menu main by Name
        < ¿En qué podemos ayudarle? Responda con una cifra:\\n1. Ayuda técnica\\n2. Sales\\n3. Night desk\\n4. Facturas
        consumer: factura\n* menu facturas by Keyword\n* queued facturas
        < Buscamos a un representante para ayudarle con Facturas."
    );
    converse(&config, &Desk::default(), "main", &script);
}

#[test]
fn sms_9_and_10_messages_are_templates_in_the_sessions_language() {
    let mut config = acme();
    let waiting =
        "@{QUEUE}: @{QUEUE_SIZE} en espera, @{ESTIMATED_WAIT_TIME_IN_MINUTES}, @{END_USER}";
    let messages = ["en", "es"].map(|tag| {
        let mut messages = Messages::defaults(language(tag));
        if tag == "es" {
            messages.set(MessageKind::Waiting, waiting).unwrap();
        }
        (language(tag), messages)
    });
    config.set_messages(std::sync::Arc::new(messages.into_iter().collect()));
    let script = format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        consumer: español\n* language es
        * menu main by Name
        < ¿En qué podemos ayudarle? Responda con una cifra:\\n1. Ayuda técnica\\n2. Sales\\n3. Night desk
        consumer: 2\n* menu sales by Number\n* queued sales
        < Sales: 3 en espera, 1 minuto, Customer
        ana takes it\n* assigned ana in sales
        < Ana le ayuda ahora con Sales."
    );
    converse(&config, &Desk::default(), "main", &script);
}

#[test]
fn sms_3_a_branch_with_one_child_is_walked_through_silently() {
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        consumer: 4\n* menu night by Number\n* menu owls by OnlyChild\n* queued owls
        < We're assigning a representative to help you with Owls."
    ));
}

#[test]
fn sms_4_three_tries_then_the_fallback_queue() {
    let again = |n| format!("* not understood {n}\n< Sorry, we didn't understand that.\n{MAIN}");
    let (one, two, three) = (again(1), again(2), again(3));
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        +3s
consumer: 9\n{one}\n+3s
consumer: what?\n{two}\n+3s
consumer: 🙂\n{three}
        +3s
consumer: dunno\n* menu sales by Fallback\n{SALES}"
    ));
}

#[test]
fn sms_4_without_a_fallback_the_session_ends() {
    let mut config = acme();
    config.fallback = None;
    config.tries = 0;
    let script = format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}\n+5s\nconsumer: 9\n{GIVEN_UP}\n* ended failed at 15:00:05"
    );
    converse(&config, &Desk::default(), "main", &script);
}

#[test]
fn sms_4_the_last_text_says_that_nobody_was_found() {
    let mut config = acme();
    config.fallback = None;
    config.tries = 1;
    let again = format!("* not understood 1\n< Sorry, we didn't understand that.\n{MAIN}");
    let script = format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        +3s\nconsumer: 9\n{again}
        +3s\nconsumer: 9\n{GIVEN_UP}\n* ended failed at 15:00:06"
    );
    converse(&config, &Desk::default(), "main", &script);
}

#[test]
fn sms_4_texts_that_follow_each_other_at_once_are_one_try() {
    let again = |n| format!("* not understood {n}\n< Sorry, we didn't understand that.\n{MAIN}");
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        consumer: I have a question
        +2s\nconsumer: about my bill
        +1s\nconsumer: from May
        +3s\nconsumer: anybody?\n{}
        consumer: ???
        +2s\nconsumer: !!!
        +3s\nconsumer: hello\n{}
        +1s\nconsumer: 2\n* menu sales by Number\n{SALES}",
        again(1),
        again(2)
    ));
}

#[test]
fn sms_4_a_fallback_that_is_a_menu_is_not_asked_for_ever() {
    let mut config = acme();
    config.fallback = Some(queue("support"));
    config.tries = 1;
    let again =
        |menu: &str| format!("* not understood 1\n< Sorry, we didn't understand that.\n{menu}");
    let script = format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        +3s\nconsumer: hm\n{}
        +3s\nconsumer: hm\n* menu support by Fallback\n{SUPPORT}
        +3s\nconsumer: hm\n{}
        +3s\nconsumer: hm\n{GIVEN_UP}\n* ended failed at 15:00:12",
        again(MAIN),
        again(SUPPORT)
    );
    converse(&config, &Desk::default(), "main", &script);
}

#[test]
fn sms_16_what_a_phone_writes_by_itself_is_kept_and_answered_nowhere() {
    let driving = "phone: I'm driving with Driving Focus turned on.";
    // It is no try of the menu, restarts no timeout, and brings no dismissed chat back.
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        +5s\n{driving}
        +5s\nphone: Liked “How can we help?”
        +5s\nconsumer: pay\n* menu billing by Keyword\n{BILLING}
        {driving}
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.
        consumer: My bill
        ana: All good?\n< All good?
        +30m\n{driving}
        ana dismisses it\n* ana left\n* dismissed by Agent
        +10m\n{driving}
        +19m
        +1m\n* ended end user stopped at 16:00:15"
    ));
}

#[test]
fn sms_13_help_in_a_chat_counts_for_timers_and_changes_no_state() {
    let again = "consumer: My bill\nana: All good?\n< All good?";
    open(&format!(
        "consumer: Hello\n{WELCOME}\n{MAIN}
        HELP: help
        consumer: pay\n* menu billing by Keyword\n{BILLING}
        HELP: info
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.
        {again}
        +59m\nHELP: info
        +59m
        +1m\n* ended timeout agent stopped at 16:59:00"
    ));
    // A dismissed chat stays so.
    open(&format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.
        {again}
        ana dismisses it\n* ana left\n* dismissed by Agent
        HELP: help
        consumer: Hello\n* resumed by Consumer\n* queued billing
        < Welcome back! We're assigning a representative to help you with Billing."
    ));
}

#[test]
fn sms_3_a_menu_too_long_for_one_text_goes_out_in_several() {
    let mut config = acme();
    for number in 1..=40 {
        let id = queue(&format!("q{number}"));
        let name = format!("Option {number:02} {}", "x".repeat(40));
        config.add(Node::new(id, [(language("en"), name.as_str())]).below(&queue("main")));
    }
    let desk = Desk::default();
    let (_, events) = Session::start(
        &config,
        &desk,
        opening("main", false),
        Text::new("SM1", "Hello"),
        start_instant(),
    );
    let prompts: Vec<&str> = events
        .iter()
        .filter_map(|event| match &event.fact {
            Fact::OutboundMessage { purpose: Purpose::Prompt, body, .. } => Some(body.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(prompts.len(), 2);
    assert!(prompts.iter().all(|text| text.chars().count() <= 1_600));
    let lines: Vec<&str> = prompts.iter().flat_map(|text| text.lines()).collect();
    assert_eq!(lines.len(), 1 + 44);
    for (number, line) in lines.iter().skip(1).enumerate() {
        assert!(line.starts_with(&format!("{}. ", number + 1)), "{line}");
    }
}

#[test]
fn sms_33_a_message_that_the_opt_in_text_makes_too_long_is_refused() {
    let config = acme();
    let begin = |length: usize, due: bool| {
        let opening = Opening { session_type: SessionType::OutboundApi, ..opening("main", due) };
        let outreach = Outreach { agent: None, body: "x".repeat(length) };
        Session::start_outbound(&config, &Desk::default(), opening, outreach, start_instant())
    };
    assert!(begin(1_600, false).is_ok() && begin(1_400, true).is_ok());
    let refused = begin(1_600, true).unwrap_err();
    assert!(matches!(refused, Refusal::TooLong { found: 1_601.., max: 1_600 }), "{refused}");
}

#[test]
fn sms_6_and_20_texts_while_waiting_change_nothing_and_are_kept() {
    open(&format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}
        consumer: Anyone?
        consumer: 2
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing."
    ));
}
