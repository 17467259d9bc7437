//! A month of a sender with three campaigns over two carriers, in virtual time, with revocations, holds, caps and a crash a day: nothing
//! reaches a consumer who has revoked but the one confirmation, nothing is over a limit, no advertising comes in the night, and nothing is
//! lost. What may leave is told here by hand, and not by the tables of the gate.
//!
//! `FRONTDESK_MONTH_TEXTS` says how many texts a program wants to send; 50,000 without it.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod carrier;
mod sender;

use carrier::{Carrier, Network};
use sender::{CAMPAIGNS, Sender};

/// As many texts a month as one run of all tests has time for.
const TEXTS: u64 = 50_000;

#[test]
fn dlc_6_a_month_of_three_campaigns_over_two_carriers() {
    let texts = std::env::var("FRONTDESK_MONTH_TEXTS");
    let texts = texts.map_or(TEXTS, |texts| texts.parse().unwrap());
    let mut sender = Sender::new(texts);
    sender.month();
    sender.drain();
    let told = sender.told();
    println!("{told}");
    assert_eq!(sender.wrong, Vec::<String>::new());
    assert_eq!(sender.lost(), Vec::<u64>::new());
    // The month had everything in it that it is about.
    assert!(sender.stops > texts / 1_000, "{told}");
    assert_eq!(sender.confirmed, sender.stops, "{told}");
    assert!(sender.crashes >= 30 && sender.put_back > 0, "{told}");
    assert!(sender.refused > 0 && sender.held_for_the_night > 0, "{told}");
    assert!(sender.capped_days > 0 && sender.full_minutes > 0, "{told}");
    assert!(CAMPAIGNS.iter().all(|campaign| sender.delays(campaign, None).len() > 100), "{told}");
}
