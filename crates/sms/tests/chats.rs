//! Conversations about what happens to a chat: dismissal, response targets, transfers, virtual agents, and
//! chats that the center begins. One per id of product.md, section 1.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chrono::TimeDelta;
use frontdesk_sms::Config;
use support::{Desk, acme, converse, queue};

const WELCOME: &str = "< Welcome to Acme. Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.";
const BILLING: &str =
    "* queued billing\n< We're assigning a representative to help you with Billing.";
const ANA: &str = "* assigned ana in billing\n< Ana will chat with you about Billing.";

/// Dismissal after 30 minutes with a warning 5 minutes before, a response target of one minute, two
/// transfers and a last one to sales; "bot" is a program.
fn busy() -> Config {
    let mut config = acme();
    config.update_timers(["billing", "sales", "tech"].map(queue), |timers| {
        timers.dismissal = Some(TimeDelta::minutes(30));
        timers.dismissal_warning = Some(TimeDelta::minutes(5));
        timers.virtual_dismissal = Some(TimeDelta::minutes(10));
    });
    config.transfers.limit = Some(2);
    config.transfers.last_to = Some(queue("sales"));
    config.virtual_agents.insert("bot".parse().unwrap());
    config
}

/// From the first text to Ana's desk.
fn with_ana() -> String {
    format!("consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}\nana takes it\n{ANA}\n")
}

fn busy_chat(script: &str) {
    converse(&busy(), &Desk::default(), "main", &(with_ana() + script));
}

#[test]
fn sms_21_and_22_an_inactive_chat_is_dismissed_after_a_warning_and_comes_back() {
    busy_chat(
        "consumer: My bill is wrong
        ana: Which one?\n< Which one?
        +25m\n< Are you still there? Without an answer, this chat pauses in 5 minutes.
        +5m\n* ana left\n* dismissed by Inactivity
        consumer: The one of May
        * resumed by Consumer\n* queued billing
        < Welcome back! We're assigning a representative to help you with Billing.
        ben takes it\n* assigned ben in billing\n< Ben will chat with you about Billing.
        ben: I see\n< I see
        +25m\n< Are you still there? Without an answer, this chat pauses in 5 minutes.
        +5m\n* ben left\n* dismissed by Inactivity
        +29m
        +1m\n* ended timeout end user no message at 16:30:00",
    );
}

#[test]
fn sms_21_a_text_of_the_consumer_takes_the_dismissal_back() {
    busy_chat(
        "ana: Which one?\n< Which one?
        +20m
        consumer: Wait
        +59m
        +1m\n* ended timeout agent stopped at 16:20:00",
    );
    // The other way round: the timeout is not reached while both write.
    busy_chat(
        "ana: Which one?\n< Which one?
        consumer: Wait
        +20m
        ana: Sure\n< Sure
        +25m\n< Are you still there? Without an answer, this chat pauses in 5 minutes.
        consumer: May
        +59m
        +1m\n* ended timeout agent stopped at 16:45:00",
    );
}

#[test]
fn sms_21_a_chat_that_the_agent_has_open_is_not_dismissed_by_itself() {
    busy_chat(
        "ana opens it\n* opened by ana
        ana opens it
        ana: Which one?\n< Which one?
        +40m
        ana closes it\n* closed by ana
        +0s\n< Are you still there? Without an answer, this chat pauses in 0 minutes.\n* ana left\n* dismissed by Inactivity
        ben closes it\n! NotAssigned",
    );
}

#[test]
fn sms_21_an_agent_dismisses_only_after_both_wrote_and_only_once_until_the_consumer_writes() {
    busy_chat(
        "ana dismisses it\n! NotDismissible { why: AgentSilent }
        ben dismisses it\n! NotYours { assigned: AgentId(ana) }
        ana: Hello\n< Hello
        ana dismisses it\n* ana left\n* dismissed by Agent
        ana: More\n! NotAssigned
        ana takes it\n! NotQueued
        resume\n* resumed by Api\n* queued billing
        < Welcome back! We're assigning a representative to help you with Billing.
        resume\n! NotDismissed
        ana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.
        ana: Hello again\n< Hello again
        ana dismisses it\n! NotDismissible { why: ConsumerSilent }
        +35m
        consumer: Yes
        ana: Good\n< Good
        ana dismisses it\n* ana left\n* dismissed by Agent",
    );
}

#[test]
fn sms_21_a_dismissed_chat_of_a_closed_queue_is_told_so_and_stays() {
    let closed = Desk { closed: vec!["billing"], told: false, ..Desk::default() };
    let mut config = busy();
    config.fallback = None;
    // Open when it began: the desk of this test is closed for billing only.
    let script = format!(
        "consumer: hello\n{WELCOME}
        < How can we help? Reply with a number:\\n1. Support\\n2. Sales\\n3. Español\\n4. Night desk
        consumer: 2\n* menu sales by Number\n* queued sales
        < We're assigning a representative to help you with Sales.
        ana takes it\n* assigned ana in sales\n< Ana will chat with you about Sales.
        ana: Hello\n< Hello
        ana -> queue billing\n* transfer from ana to Queue(QueueId(billing))
        ben takes it\n* transfer from ana done\n* assigned ben in billing\n< Ben will chat with you about Billing.
        ben: Hi\n< Hi
        ben dismisses it\n* ben left\n* dismissed by Agent
        consumer: Are you there?\n< We are closed right now. We open again Monday 8:00 AM.
        resume\n! OutOfHours\n< We are closed right now. We open again Monday 8:00 AM.
        +61m\n* ended end user stopped at 16:00:00"
    );
    // The chat timeout runs from the consumer's text in the dismissed chat.
    let script = script.replace("end user stopped", "timeout agent stopped");
    converse(&config, &closed, "main", &script);
}

#[test]
fn sms_21_where_dismissal_and_chat_timeout_meet_the_chat_ends() {
    let mut config = busy();
    config.update_timers([queue("billing")], |timers| {
        timers.dismissal = timers.chat_timeout;
    });
    let script = with_ana()
        + "ana: Which one?\n< Which one?
        +55m\n< Are you still there? Without an answer, this chat pauses in 5 minutes.
        +5m\n* ended timeout end user no message at 16:00:00";
    converse(&config, &Desk::default(), "main", &script);
}

#[test]
fn sms_24_an_answer_that_is_late_is_told_and_ends_nothing() {
    let mut config = busy();
    config.update_timers([queue("billing")], |timers| {
        timers.response_target = Some(TimeDelta::seconds(60));
    });
    let script = with_ana()
        + "+59s
        +1s\n* ana overdue at 15:01:00
        ana: Sorry to keep you\n< Sorry to keep you
        consumer: My bill
        consumer: It is wrong
        +30s
        ana: Which one?\n< Which one?
        +10m
        consumer: May
        +40s
        consumer: Hello?
        +20s\n* ana overdue at 15:12:30
        consumer: Hello?!
        +2m";
    converse(&config, &Desk::default(), "main", &script);
}

#[test]
fn sms_27_a_transfer_is_finished_by_whoever_takes_it() {
    busy_chat(
        "ana -> queue tech\n* transfer from ana to Queue(QueueId(tech))
        ana -> queue sales\n! AlreadyTransferring
        consumer: Hello?
        ana: One moment\n< One moment
        ben takes it\n* transfer from ana done\n* assigned ben in tech\n< Ben will chat with you about Tech help.
        ana: Bye\n! NotYours { assigned: AgentId(ben) }
        ben -> agent eve\n* transfer from ben to Agent(AgentId(eve))
        ana takes it\n! AlreadyAssigned { by: AgentId(eve) }
        eve takes it\n* transfer from ben done\n* assigned eve in tech\n< Eve will chat with you about Tech help.
        eve -> queue tech\n! TransferLimit { limit: 2, last_to: Some(QueueId(sales)) }
        eve -> queue sales\n* transfer from eve to Queue(QueueId(sales))
        ana takes it\n* transfer from eve done\n* assigned ana in sales\n< Ana will chat with you about Sales.
        ana -> queue sales\n! TransferLimit { limit: 2, last_to: None }",
    );
}

#[test]
fn sms_27_a_failed_transfer_leaves_the_chat_with_the_agent_who_had_it() {
    busy_chat(
        "ana -> agent ana\n! AlreadyAssigned { by: AgentId(ana) }
        ana -> queue support\n! NoSuchQueue { queue: QueueId(support) }
        ana -> queue es\n! NoSuchQueue { queue: QueueId(es) }
        transfer fails\n! NotTransferring
        ana -> agent ben\n* transfer from ana to Agent(AgentId(ben))
        transfer fails\n* transfer failed Declined, ana has it
        ana -> queue tech\n* transfer from ana to Queue(QueueId(tech))
        ana dismisses it\n! NotDismissible { why: Transferring }
        +119s
        +1s\n* transfer failed TimedOut, ana has it
        ana -> queue tech\n* transfer from ana to Queue(QueueId(tech))
        ana leaves\n* returned to tech LoggedOut
        ben takes it\n* assigned ben in tech\n< Ben will chat with you about Tech help.",
    );
}

#[test]
fn sms_28_a_virtual_agent_offers_choices_and_hands_over_or_ends() {
    let desk = Desk::default();
    let begin = format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}
        bot takes it\n* assigned bot in billing\n< Bot will chat with you about Billing.
        bot says: What is it? [My bill|A refund]\n< What is it?\\n1. My bill\\n2. A refund\n* choices My bill|A refund
        consumer: 2\n"
    );
    let handed = begin.clone()
        + "bot hands over to sales: A colleague takes over.
        < A colleague takes over.\n* no choices\n* bot hands over to sales\n* queued sales
        < We're assigning a representative to help you with Sales.
        bot says: More\n! NotAssigned
        +24h\n* ended expired at 15:00:00";
    converse(&busy(), &desk, "main", &handed);
    let done = begin.clone()
        + "bot says good-bye: Done.\n< Done.\n* no choices\n* ended finished by agent at 15:00:00";
    converse(&busy(), &desk, "main", &done);
    // Its own timing.
    let quiet = begin
        + "bot says: Still there?\n< Still there?\n* no choices\n+10m
        < Are you still there? Without an answer, this chat pauses in 5 minutes.\n* bot left\n* dismissed by Inactivity";
    converse(&busy(), &desk, "main", &quiet);
    busy_chat("ana says: I am no robot\n! NotVirtual { agent: AgentId(ana) }");
}

#[test]
fn sms_28_handing_over_counts_as_a_transfer_unless_set_otherwise() {
    let mut config = busy();
    config.transfers.limit = Some(0);
    config.transfers.last_to = None;
    let script = format!(
        "consumer: pay\n{WELCOME}\n* menu billing by Keyword\n{BILLING}
        bot takes it\n* assigned bot in billing\n< Bot will chat with you about Billing.\n"
    );
    let refused =
        script.clone() + "bot hands over to sales: Bye\n< Bye\n* transfer failed Limit, bot has it";
    converse(&config, &Desk::default(), "main", &refused);
    let handed = "bot hands over to sales: Bye\n< Bye\n* bot hands over to sales\n* queued sales
        < We're assigning a representative to help you with Sales.
        ana takes it\n* assigned ana in sales\n< Ana will chat with you about Sales.\n";
    config.transfers.limit = Some(1);
    let spent =
        script.clone() + handed + "ana -> queue tech\n! TransferLimit { limit: 1, last_to: None }";
    converse(&config, &Desk::default(), "main", &spent);
    config.transfers.count_virtual = false;
    let free = script + handed + "ana -> queue tech\n* transfer from ana to Queue(QueueId(tech))";
    converse(&config, &Desk::default(), "main", &free);
}

#[test]
fn sms_32_an_agent_begins_with_an_opt_in_message() {
    converse(
        &busy(),
        &Desk::default(),
        "billing",
        "ana outreach: Your invoice is ready.
        * assigned ana in billing
        < Your invoice is ready. Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.
        ana dismisses it\n! NotDismissible { why: Outbound }
        consumer: Thanks
        ana: You're welcome\n< You're welcome
        +59m
        +1m\n* ended end user stopped at 16:00:00",
    );
}

#[test]
fn sms_33_without_an_agent_the_answer_enters_the_menu() {
    let outreach = "outreach: Hi from Acme.
        < Hi from Acme. Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.\n";
    let menu = "< How can we help? Reply with a number:\\n1. Support\\n2. Sales\\n3. Español\\n4. Night desk\n";
    let desk = Desk::default();
    let chosen = format!(
        "{outreach}consumer: Hello?\n{menu}consumer: 2\n* menu sales by Number\n* queued sales\n< We're assigning a representative to help you with Sales."
    );
    converse(&busy(), &desk, "main", &chosen);
    let keyword = format!("{outreach}consumer: pay\n* menu billing by Keyword\n{BILLING}");
    converse(&busy(), &desk, "main", &keyword);
    let silent = format!("{outreach}+24h\n* ended menu left unanswered at 15:00:00");
    converse(&busy(), &desk, "main", &silent);
}
