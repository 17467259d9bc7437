//! Conversations through the whole engine, one per id of product.md that is more than a session's matter: consent,
//! numbers, messages, pictures, notices. Written as conversations, in virtual time.
//! How they are written stands in `stage.rs`.

use crate::stage::{center, converse};

const WELCOME: &str = "< Welcome to Acme. Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.";
const BILLING: &str = "< We're assigning a representative to help you with Billing.";
const PAY: &str = "consumer: pay
* Messaging Inbound (SMS) in main
* menu billing by Keyword
* queued billing";
const MENU: &str =
    "< How can we help? Reply with a number:\\n1. Billing\\n2. Sales\\n3. Night desk";
const HELP: &str = "< Acme: reply here to chat with us. Msg & data rates may apply. Reply STOP to opt out. Call +1 202 555 0100.";
const OUT: &str =
    "< Acme: you are opted out and will receive no more messages. Reply START to opt in again.";
const IN: &str = "< Acme: you will receive messages from us. Msg frequency varies. Msg & data rates may apply. Reply HELP for help, STOP to opt out.";

/// From the first text to Ana's desk.
fn with_ana() -> String {
    format!(
        "ana available\n{PAY}\n{WELCOME}\n{BILLING}\nana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.\n"
    )
}

#[test]
fn sms_1_a_text_goes_to_the_open_session_of_consumer_and_number() {
    converse(
        &center(),
        &format!(
            "{PAY}
            {WELCOME}
            {BILLING}
            consumer: are you there?
            other: pay
            * Messaging Inbound (SMS) in main
            * menu billing by Keyword
            * queued billing
            {WELCOME}
            {BILLING}"
        ),
    );
}

/// Ana has the chat, and then this.
fn chat(script: &str) {
    converse(&center(), &(with_ana() + script));
}

/// The consumer waits in Billing, and then this.
fn waiting(script: &str) {
    converse(&center(), &format!("{PAY}\n{WELCOME}\n{BILLING}\n{script}"));
}

#[test]
fn sms_7_pictures_are_judged_by_what_they_are() {
    chat(
        "
        consumer sends gif, page: Look at these
        * picture 0 kept: Gif
        * picture 1 refused: Unsupported
        < Sorry, we cannot take this file. Pictures (JPEG, PNG, GIF, WebP) and videos (MP4, 3GP, MOV) up to 5 MB are fine.
        consumer sends gif: This one, then
        * picture 0 kept: Gif
        ana: Thank you, I see it.
        < Thank you, I see it.
        ",
    );
}

#[test]
fn sms_8_each_number_has_its_own_business() {
    converse(
        &center(),
        &format!(
            "consumer to +12025550101: Hello
            * Messaging Inbound (SMS) in shop
            * queued shop
            < (+12025550101) {}
            < (+12025550101) We're assigning a representative to help you with Shop.
            consumer: Hello
            * Messaging Inbound (SMS) in main
            {WELCOME}
            {MENU}
            consumer to +12025550199: Hello
            * a text to a number of nobody",
            &WELCOME[2..]
        ),
    );
}

#[test]
fn sms_11_stop_ends_it_is_confirmed_once_and_nothing_follows() {
    waiting(&format!(
        "consumer: stop
        * ended: opted out
        * opted out: stop
        {OUT}
        consumer: Are you there?
        * ignored
        consumer: help
        * asked for help: help
        {HELP}
        consumer: INFO
        * asked for help: info
        consumer: STOP
        * opted out: stop
        +24h
        consumer: INFO
        * asked for help: info
        {HELP}
        program to consumer: Your order is ready.
        ! the end user has opted out: do not contact
        ana available
        ana to consumer: Your order is ready.
        ! the end user has opted out: do not contact"
    ));
}

#[test]
fn sms_12_start_lets_them_back_in_and_yes_means_it_only_then() {
    chat(&format!(
        "consumer: yes
        ana: Good.
        < Good.
        consumer: cancel
        * ended: opted out
        * opted out: cancel
        {OUT}
        consumer: yes
        * opted in: yes
        {IN}
        {PAY}
        {WELCOME}
        {BILLING}
        consumer: start
        * opted in: start
        {IN}"
    ));
}

#[test]
fn sms_13_help_is_answered_anywhere_and_changes_nothing() {
    converse(
        &center(),
        &format!(
            "consumer: help
            * asked for help: help
            {HELP}
            {PAY}
            {WELCOME}
            {BILLING}
            consumer: INFO
            * asked for help: info
            {HELP}
            ana available
            ana takes it
            * assigned ana in billing
            < Ana will chat with you about Billing.
            consumer: Help!
            * asked for help: help
            {HELP}"
        ),
    );
}

#[test]
fn sms_13_help_in_a_chat_is_a_text_of_the_consumer_for_every_timer() {
    let hasty = center().replacen(
        "name = \"Billing\"\n",
        "name = \"Billing\"\ntimers = { dismissal = 5, chat_timeout = 20 }\n",
        1,
    );
    for (word, told) in [
        ("Info", format!("* asked for help: info\n{HELP}")),
        ("Start", format!("* opted in: start\n{IN}")),
    ] {
        converse(
            &hasty,
            &(with_ana()
                + &format!(
                    "ana: Would you like the info, or shall we start?
                    < Would you like the info, or shall we start?
                    +4m
                    consumer: {word}
                    {told}
                    +19m
                    ana: Here it is.
                    < Here it is."
                )),
        );
    }
}

#[test]
fn sms_12_yes_to_an_opt_in_message_is_an_opt_in() {
    let opt_in = "Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.";
    let begun = |who: &str, assigned: &str| {
        format!(
            "ana available
            {who} to consumer: Shall we text you about your orders? Reply YES.
            * Messaging Outbound (SMS{}) in main{assigned}
            < Shall we text you about your orders? Reply YES. {opt_in}",
            if assigned.is_empty() { " via API" } else { "" }
        )
    };
    let yes = format!("consumer: Yes!\n* opted in: yes\n{IN}");
    // Without an agent it is no reply to a menu; the next text is.
    let menu = format!("consumer: Hello\n{MENU}");
    converse(&center(), &format!("{}\n{yes}\n{menu}", begun("program", "")));
    let with_ana = begun("ana", "\n* assigned ana in main");
    converse(&center(), &format!("{with_ana}\n{yes}\nana: Thanks!\n< Thanks!"));
    // What has not left is no message in between: nothing else may leave before they have answered.
    let refused = "ana: Is the 4th all right?
        * Delivery { id: MessageId(\"1-2\"), delivery: Refused { reasons: [\"no consent: implied consent is needed, none is on record\"], rules: [\"no_consent\"] } }";
    converse(&center(), &format!("{with_ana}\n{refused}\n{yes}"));
    // After another answer YES is a word for the agent again; what a phone writes by itself is no answer.
    converse(&center(), &format!("{with_ana}\nconsumer: About what?\nconsumer: yes"));
    converse(&center(), &format!("{with_ana}\nconsumer: 👍\n{yes}"));
}

#[test]
fn sms_15_a_command_is_the_whole_message_however_it_is_written() {
    for (written, word) in [("« Ｓｔｏｐ. » 🙏", "stop"), ("ALTO!", "alto"), ("opt-out", "optout")]
    {
        waiting(&format!("consumer: {written}\n* ended: opted out\n* opted out: {word}\n{OUT}"));
    }
    chat("consumer: Don't stop now\nana: I will not.\n< I will not.");
}

#[test]
fn sms_16_a_revocation_in_ones_own_words_is_one() {
    chat(&format!(
        "consumer: I'll stop by the store
        consumer: You have the wrong number
        * may be a revocation: wrong-number
        consumer: please stop texting me
        * ended: opted out
        * opted out: stop-texting
        {OUT}
        ana: Sorry
        ! the session has ended"
    ));
}

#[test]
fn sms_23_a_queues_own_timer_wins() {
    let patient = center().replacen(
        "name = \"Billing\"\n",
        "name = \"Billing\"\ntimers = { chat_timeout = 90 }\n",
        1,
    );
    let shop = "consumer to +12025550101: Hello
        * Messaging Inbound (SMS) in shop
        * queued shop
        < (+12025550101) Welcome to Acme. Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.
        < (+12025550101) We're assigning a representative to help you with Shop.
        ana takes it
        * assigned ana in shop
        < (+12025550101) Ana will chat with you about Shop.
        +60m
        * ended: timeout agent no message
        +30m
        * ended: timeout agent no message";
    converse(&patient, &(with_ana() + shop));
}

#[test]
fn sms_25_a_ready_made_text_has_the_attributes_of_the_session() {
    chat("ana uses form\n< Customer, the form for Billing is at acme.example/form. Ana");
}

#[test]
fn sms_32_and_33_the_center_begins_with_an_opt_in_message() {
    let opt_in = "Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.";
    converse(
        &center(),
        &format!(
            "ana available
            ana to consumer: Your order is ready.
            * Messaging Outbound (SMS) in main
            * assigned ana in main
            < Your order is ready. {opt_in}
            program to consumer: Shall we deliver it?
            ! the end user is already in an active SMS session
            consumer: Thanks!
            ana: You are welcome.
            < You are welcome.
            ana ends it
            * ended: finished by agent
            program to consumer: Shall we deliver it?
            * Messaging Outbound (SMS via API) in main
            < Shall we deliver it?
            consumer: Hm
            {MENU}"
        ),
    );
}

#[test]
fn sms_34_a_notice_has_no_session_and_its_reply_reaches_nobody() {
    converse(
        &center(),
        &format!(
            "notice: Your parcel arrives today.
            < (+12025550120) Your parcel arrives today.
            consumer to +12025550120: Which one?
            < (+12025550120) Acme: nobody reads replies to this number. Reply STOP to opt out.
            consumer to +12025550120: stop
            * opted out: stop
            < (+12025550120) {}
            notice: And another one
            ! the end user has opted out: do not contact",
            &OUT[2..]
        ),
    );
}

#[test]
fn sms_37_texts_to_an_agents_own_number_go_straight_to_that_agent() {
    converse(
        &center(),
        &format!(
            "ana available
            consumer to own number: Hi Ana
            * Messaging Inbound (SMS Direct) in own.ana
            * queued own.ana
            * assigned ana in own.ana
            < (+12025550130) {}
            < (+12025550130) We're assigning a representative to help you with Ana.
            < (+12025550130) Ana will chat with you about Ana.
            ana: Hello
            < (+12025550130) Hello
            ana ends it
            * ended: finished by agent
            ana away
            consumer to own number: One more thing
            * Messaging Inbound (SMS Direct) in own.ana
            * queued own.ana
            < (+12025550130) Welcome to Acme.
            < (+12025550130) We're assigning a representative to help you with Ana.
            ana available
            * assigned ana in own.ana
            < (+12025550130) Ana will chat with you about Ana.",
            &WELCOME[2..]
        ),
    );
}

#[test]
fn sms_38_a_blocked_number_is_not_handled() {
    converse(
        &center(),
        &format!(
            "block consumer
            consumer: Hello
            * ignored
            consumer: help
            * ignored
            program to consumer: Your order is ready.
            ! the end user number is on the blocklist
            unblock consumer
            {PAY}
            {WELCOME}
            {BILLING}"
        ),
    );
}
