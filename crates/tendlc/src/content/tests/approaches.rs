//! Frauds that begin like any talk between persons: each is known by its second half.

use super::{kinds::told_apart, *};

#[test]
fn dlc_5_a_relative_with_another_number_is_known_before_money_is_asked_for() {
    told_apart(
        "phishing",
        ContentType::Conversational,
        &[
            "Hi Mum, I dropped my phone down the loo. WhatsApp me on +447700900123",
            "hey dad my phone got smashed, this is my temporary number, text me back asap",
            "Hola mama, se me rompio el celular, guarda este numero",
        ],
        &[
            "Hi new phone, it's Ana who cleans on Thursdays :) old number still works too. See you at 9",
            "Hi mom, I am at the station, pick me up at 6?",
            "Your phone screen is fixed. Come by before 6",
        ],
    );
}

#[test]
fn dlc_5_a_code_that_went_astray_is_a_demand() {
    told_apart(
        "phishing",
        ContentType::Conversational,
        &[
            "We sent you a 6 digit code by accident, can you text it back",
            "Hi, I typed your number by mistake, you'll get an SMS code, send it to me please",
            "A code was sent to your phone in error. Forward it to us",
        ],
        &[
            "Your code is 482913. We never ask for it.",
            "I sent the invoice to your old number by mistake, here it is again",
        ],
    );
}

#[test]
fn dlc_5_a_buyer_who_pays_in_odd_ways_is_told() {
    told_apart(
        "phishing",
        ContentType::Conversational,
        &[
            "Is the couch still available? I sent the payment, Zelle says upgrade to a business account to receive the money",
            "I'm interested in your listing, I'll mail a cashiers check with $300 extra, my mover will come and pick up",
        ],
        &[
            "Is the couch still available? Yes, come by Saturday",
            "The table is ready, our driver will pick up the old one at 3",
        ],
    );
}

#[test]
fn dlc_5_a_superior_who_cannot_talk_and_has_a_small_wish_is_told() {
    told_apart(
        "phishing",
        ContentType::Conversational,
        &[
            "Are you at your desk? I'm stuck in a board meeting and need a favor done discreetly. -Pastor Williams",
            "Principal Harris here. Don't tell the team, I'm buying cards for staff appreciation. How many can you get?",
        ],
        &[
            "Hi, it's your manager Kim. Can you cover 2-8 today?",
            "The board meeting moved to 6. Reply Y if you can come",
            "The principal is in a meeting, can I help?",
        ],
    );
}

#[test]
fn dlc_5_a_stranger_who_moves_the_talk_elsewhere_is_told() {
    told_apart(
        "phishing",
        ContentType::Conversational,
        &[
            "Sorry, wrong number! You seem kind. You can add me on Telegram",
            "Hello Mr Chen, this is Lily, the assistant from the horse club. Your number was on my list",
        ],
        &[
            "Hi Mr Chen, wrong number sorry! Was trying to reach the Chen on Ash St about a mower. Have a good one.",
            "Sorry, wrong number",
        ],
    );
}
