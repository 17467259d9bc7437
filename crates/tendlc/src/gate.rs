//! What every outgoing message passes (DLC-4).

mod judgement;
mod reason;
mod rules;
mod scrubbed;

use std::fmt;

use chrono::{Months, TimeDelta};
use frontdesk_types::{Instant, MessageId, Purpose, SupportNumber};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{
    Carrier, Consent, ConsentLevel, Counters, Edition, Limit, MessageCap, Meter, Place, Rates,
    Room, Scrubs, Standing,
};

pub use judgement::TextJudgement;
pub use reason::{Reason, Weight};
pub use rules::{Cap, GateRules};

/// What kind of message it is (CTIA 2023, 5.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContentType {
    /// An answer, or what goes with a conversation.
    Conversational,
    /// It tells what the consumer agreed to be told.
    Informational,
    /// It advertises: a solicitation.
    Promotional,
}

impl fmt::Display for ContentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Conversational => "conversational",
            Self::Informational => "informational",
            Self::Promotional => "promotional",
        })
    }
}

impl ContentType {
    /// What messages of a purpose are, unless the host says otherwise.
    pub fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Notification => Self::Informational,
            _ => Self::Conversational,
        }
    }

    /// The consent that it needs.
    pub fn needs(self) -> ConsentLevel {
        match self {
            Self::Conversational => ConsentLevel::Implied,
            Self::Informational => ConsentLevel::Express,
            Self::Promotional => ConsentLevel::Written,
        }
    }
}

/// A confirmation of an opt-out that something has kept may leave so long after the opt-out.
const LATEST_CONFIRMATION: TimeDelta = TimeDelta::hours(1);

/// An offer in a conversation is an answer for so long after the consumer's last word.
const ANSWERED_FOR: TimeDelta = TimeDelta::hours(24);

/// A message that is about to leave.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Its id.
    pub id: &'a MessageId,
    /// What it is for.
    pub purpose: Purpose,
    /// What kind it is.
    pub kind: ContentType,
    /// What it says.
    pub body: &'a str,
    /// How many segments it has.
    pub segments: u32,
    /// Whether it has media.
    pub media: bool,
    /// Whether the consumer opened the conversation that it belongs to: then it waits for no quiet hours, unless it advertises
    /// long after their last word.
    pub answers: bool,
    /// When the consumer last wrote in it.
    pub last_word: Option<Instant>,
    /// From which number.
    pub number: SupportNumber,
    /// The judgement of the text, if it was judged before; `None`: the gate judges it.
    pub judged: Option<&'a TextJudgement>,
}

/// To whom.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'a> {
    /// What holds for them by the ledger.
    pub consent: &'a Consent,
    /// The last time that they revoked consent to another programme of the sender.
    pub revoked_elsewhere: Option<Instant>,
    /// The last time that they revoked consent after the message was written: it does not leave, whatever they agreed to since.
    pub revoked_since: Option<Instant>,
    /// They are on the center's own list of those who are not texted (SMS-38).
    pub blocked: bool,
    /// The answer to a HELP that they sent after they had opted out: it may leave all the same (SMS-13).
    pub help_answer: Option<&'a MessageId>,
    /// Where they are.
    pub place: &'a Place,
    /// Whose network they are on, where it is known.
    pub carrier: Option<Carrier>,
    /// When solicitations were sent to them lately, oldest first.
    pub solicited: &'a [Instant],
    /// When they last bought something.
    pub purchased: Option<Instant>,
    /// The results of checks against lists; [`Scrubs::NONE`] where nobody was ever asked.
    pub scrubs: &'a Scrubs,
    /// When a service that checks numbers, and cannot be reached now, is asked again: a promotion without a fresh check waits
    /// for it. `None`: it is refused.
    pub scrub_again: Option<Instant>,
}

/// Whether a campaign or number may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Registered {
    /// It may.
    #[default]
    Active,
    /// Its registration is over.
    Expired,
    /// It is not through yet.
    Pending,
    /// It was turned down.
    Rejected,
    /// A carrier or the registry has stopped it.
    Suspended,
}

/// By what it leaves.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// Where the campaign stands.
    pub campaign: Registered,
    /// Where the number stands (DLC-8).
    pub number: Registered,
    /// How fast texts of the campaign may leave.
    pub rates: &'a Rates,
    /// How much has left.
    pub counters: &'a Counters,
}

/// What the gate says of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It may not leave before an instant; it is asked again then.
    Hold {
        /// The first instant at which nothing that is known now speaks against it.
        until: Instant,
    },
    /// It never leaves.
    Refuse,
    /// It may leave now.
    Send,
}

/// A verdict, with everything that speaks against the message, or is remarked of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// What becomes of it.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Every reason, the gravest first; of a message that may leave, remarks.
    pub reasons: Vec<Reason>,
}

/// Whether a message may leave at an instant. Asked when the outbox is about to send, with what holds then: what was written
/// before a revocation stays behind it (design invariant 2), and quiet hours are those at delivery.
///
/// ```
/// use frontdesk_tendlc::{Consent, ContentType, Counters, GateRules, Outgoing, Place, Rates, Recipient, Registered, Scrubs, Sending, Verdict, gate};
/// use frontdesk_types::Purpose;
///
/// let (consent, place) = (Consent::default(), Place::of("+12125550123".parse()?, None));
/// let message = Outgoing {
///     id: &"1042-1".into(), purpose: Purpose::Notification, kind: ContentType::Promotional, body: "Everything must go: 20 % off!",
///     segments: 1, media: false, answers: false, last_word: None, number: "+12025550100".parse()?, judged: None,
/// };
/// let recipient = Recipient {
///     consent: &consent, revoked_elsewhere: None, revoked_since: None, blocked: false, help_answer: None, place: &place, carrier: None, solicited: &[], purchased: None,
///     scrubs: Scrubs::NONE, scrub_again: None,
/// };
/// let (rates, counters) = (Rates::of_number(None), Counters::default());
/// let sending = Sending { campaign: Registered::Active, number: Registered::Suspended, rates: &rates, counters: &counters };
/// let decision = gate(&message, &recipient, &sending, "2026-11-24T03:00:00Z".parse()?, &GateRules::default());
/// assert_eq!(decision.verdict, Verdict::Refuse);
/// let told: Vec<_> = decision.reasons.iter().map(ToString::to_string).collect();
/// assert_eq!(told, [
///     "no consent: written consent is needed, none is on record",
///     "the number is suspended",
///     "quiet hours of US until 2026-11-24 13:00:00 UTC",
///     "a first message that does not tell how to stop",
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gate(
    message: &Outgoing<'_>,
    recipient: &Recipient<'_>,
    sending: &Sending<'_>,
    at: Instant,
    rules: &GateRules,
) -> Decision {
    let mut limits = limits(message, recipient, sending.rates);
    if message.purpose == Purpose::OptOutConfirmation {
        // It waits for carriers, but for no limit of the host's own.
        limits.retain(|limit| !matches!(limit.meter, Meter::Number(_)));
    }
    let facts = rules.facts().at(at);
    let judge = || {
        let first = is_first(message.kind, recipient.consent);
        TextJudgement::of((message.body, message.purpose, message.kind), first, at, rules)
    };
    let own = message.judged.is_none().then(judge).unwrap_or_default();
    let text = message.judged.unwrap_or(&own);
    let question = Question { message, text, recipient, sending, limits, rules, facts };
    let mut reasons = Vec::new();
    if message.purpose == Purpose::OptOutConfirmation {
        question.confirmation(at, &mut reasons);
    } else {
        question.consent(&mut reasons);
        question.scrubs(at, &mut reasons);
        reasons.extend(text.reasons());
    }
    question.registration(&mut reasons);
    question.holds(at, None, &mut reasons);
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.weight()));
    let verdict = match reasons.first().map(Reason::weight) {
        Some(Weight::Refuse) => Verdict::Refuse,
        Some(Weight::Hold(_)) => question.held(at, &mut reasons),
        Some(Weight::Remark) | None => Verdict::Send,
    };
    Decision { verdict, reasons }
}

/// Whether a message of a kind is the first of a programme to a consumer.
pub fn is_first(kind: ContentType, consent: &Consent) -> bool {
    kind != ContentType::Conversational && consent.opt_in_text_due()
}

/// Every limit that counts a message: who sends it counts it with them ([`Counters::count`]).
pub fn limits(
    message: &Outgoing<'_>,
    recipient: &Recipient<'_>,
    rates: &Rates,
) -> SmallVec<[Limit; 4]> {
    let carrier = match recipient.place {
        // The carriers of the United States do not carry it.
        Place::Abroad => Some(Carrier::Other),
        Place::Known { .. } | Place::Unknown => recipient.carrier,
    };
    rates.limits(message.number, carrier, message.media)
}

/// Everything that a decision is about.
struct Question<'a> {
    message: &'a Outgoing<'a>,
    text: &'a TextJudgement,
    recipient: &'a Recipient<'a>,
    sending: &'a Sending<'a>,
    /// Those that the message waits for.
    limits: SmallVec<[Limit; 4]>,
    rules: &'a GateRules,
    facts: &'a Edition,
}

impl Question<'_> {
    /// The one message that passes the gate that an opt-out has closed: exactly once, and in time (47 CFR 64.1200(a)(12)). Within
    /// some minutes it is presumed to be covered by the consent of before; later the sender must show that the delay was reasonable.
    /// Nothing but a failure keeps a confirmation so long: a provider that is down. So it may leave for an hour, and that it is late is told.
    fn confirmation(&self, at: Instant, reasons: &mut Vec<Reason>) {
        let consent = self.recipient.consent;
        if consent.confirmation() != Some(self.message.id) || !consent.is_opted_out() {
            reasons.push(Reason::ConfirmationNotDue);
        }
        let minutes = self.facts.revocation().map(|rule| rule.confirm_within_minutes);
        let Some((since, minutes)) = consent.since().zip(minutes) else { return };
        let (due, latest) =
            (since + TimeDelta::minutes(minutes.into()), since + LATEST_CONFIRMATION);
        if at > latest.max(due) {
            reasons.push(Reason::ConfirmationTooLate { due: latest });
        } else if at > due {
            reasons.push(Reason::ConfirmationLate { due });
        }
    }

    fn consent(&self, reasons: &mut Vec<Reason>) {
        let Recipient { consent, revoked_elsewhere, revoked_since, blocked, help_answer, .. } =
            self.recipient;
        let own_question =
            self.message.purpose == Purpose::Help && *help_answer == Some(self.message.id);
        if consent.is_opted_out() && !own_question {
            reasons.push(Reason::DoNotContact);
        }
        if *blocked {
            reasons.push(Reason::Blocked);
        }
        if let Some(since) =
            revoked_elsewhere.filter(|_| !own_question).filter(|_| self.rules.takes_back_all())
        {
            // Consent that was given after it holds.
            if !consent.outlives(since) {
                reasons.push(Reason::RevokedElsewhere { since });
            }
        }
        if let Some(since) = revoked_since.filter(|_| !consent.is_opted_out() && !own_question) {
            reasons.push(Reason::RevokedSince { since });
        }
        let (needed, held) = (self.message.kind.needs(), consent.level());
        // The first text of a chat that the center begins (SMS-32). CTIA 5.1 and the carriers want consent before it: the
        // opt-in text in it is none.
        let begins = self.message.purpose == Purpose::Outreach;
        let asks = begins
            && consent.standing() == Standing::Unknown
            && self.rules.outreach_without_consent.is_some();
        if !asks && !consent.is_opted_out() && held.is_none_or(|held| held < needed) {
            let since = held.and(consent.since());
            reasons.push(Reason::NoConsent { needed, held, since });
        }
    }

    fn registration(&self, reasons: &mut Vec<Reason>) {
        let abroad = *self.recipient.place == Place::Abroad;
        for (status, number) in [(self.sending.campaign, false), (self.sending.number, true)] {
            // The registration is for the United States; what a carrier or the registry has stopped sends nowhere.
            if status != Registered::Active && (!abroad || status == Registered::Suspended) {
                reasons.push(if number {
                    Reason::NumberNotActive { status }
                } else {
                    Reason::CampaignNotActive { status }
                });
            }
        }
    }

    /// What speaks against it at an instant, but not for good. When quiet hours end needs not be asked where it is known.
    fn holds(&self, at: Instant, opens: Option<Instant>, reasons: &mut Vec<Reason>) {
        if self.message.purpose != Purpose::OptOutConfirmation {
            if opens != Some(at) {
                self.quiet_hours(at, reasons);
            }
            self.caps(at, reasons);
        }
        self.throughput(at, reasons);
    }

    fn quiet_hours(&self, at: Instant, reasons: &mut Vec<Reason>) {
        if !self.waits_for_quiet_hours(at) {
            return;
        }
        let lifts = self.rules.consent_lifts_hours;
        let consent = self.recipient.consent.level().filter(|_| lifts);
        if let Some(quiet) = self.rules.facts().quiet_with(self.recipient.place, at, consent) {
            let by = quiet.by.iter().map(|hours| hours.state).collect();
            reasons.push(Reason::QuietHours { until: quiet.until, by });
        }
    }

    /// Whether quiet hours hold for it: by its kind, because it begins a chat, or because it advertises, where that is set so.
    fn waits_for_quiet_hours(&self, at: Instant) -> bool {
        let Outgoing { purpose, kind, answers, last_word, .. } = self.message;
        let hold_promotions = self.rules.quiet_hours.contains(&ContentType::Promotional);
        if self.text.advertises() && self.rules.hold_advertising && hold_promotions {
            // A word of the consumer is answered also with an offer, for a day.
            return !(*answers && last_word.is_some_and(|word| at - word < ANSWERED_FOR));
        }
        if *purpose == Purpose::Outreach {
            return hold_promotions;
        }
        !answers && self.rules.quiet_hours.contains(kind)
    }

    fn caps(&self, at: Instant, reasons: &mut Vec<Reason>) {
        let solicited = self.recipient.solicited;
        if solicited.is_empty()
            || self.message.kind != ContentType::Promotional
            || self.message.answers
        {
            return;
        }
        let mut capped = |count: u32, hours: u32, state| {
            let span = TimeDelta::hours(hours.into());
            let latest = solicited.len().checked_sub(count.try_into().unwrap_or(usize::MAX));
            let until = latest.and_then(|first| solicited.get(first)).map(|first| *first + span);
            if let Some(until) = until.filter(|until| *until > at) {
                reasons.push(Reason::Cap { count, hours, state, until });
            }
        };
        for cap in &self.rules.caps {
            capped(cap.count, cap.hours, None);
        }
        let holds = |cap: &MessageCap| match self.recipient.place {
            Place::Abroad => false,
            // Of those of all states the strictest.
            Place::Unknown => true,
            Place::Known { states, .. } => {
                cap.state.is_none_or(|state| states.contains(state)) && !self.lifted(cap, at)
            }
        };
        for cap in self.facts.message_caps() {
            if Edition::is_enforced(&cap.basis) && holds(cap) {
                capped(cap.count, cap.hours, cap.state);
            }
        }
    }

    /// Whether a cap is not for somebody who has bought something lately.
    fn lifted(&self, cap: &MessageCap, at: Instant) -> bool {
        let months = Months::new(cap.lifted_by_purchase_months);
        let since = at.checked_sub_months(months).unwrap_or(at);
        cap.lifted_by_purchase_months > 0
            && self.recipient.purchased.is_some_and(|purchased| purchased >= since)
    }

    fn throughput(&self, at: Instant, reasons: &mut Vec<Reason>) {
        let Sending { rates, counters, .. } = self.sending;
        let Outgoing { kind, segments, media, .. } = self.message;
        let segments = if *media { 1 } else { *segments };
        match counters.room(rates, &self.limits, *kind, segments, at) {
            Room::Now => {}
            Room::From { at: until, limit } => reasons.push(Reason::Throughput { limit, until }),
            Room::Never { limit } => reasons.push(Reason::TooManySegments { segments, limit }),
        }
    }

    /// The first instant at which nothing speaks against it; with the reasons that do now.
    fn held(&self, at: Instant, reasons: &mut Vec<Reason>) -> Verdict {
        let latest = |reasons: &[Reason]| {
            reasons
                .iter()
                .filter_map(|reason| match reason.weight() {
                    Weight::Hold(until) => Some(until),
                    Weight::Refuse | Weight::Remark => None,
                })
                .max()
        };
        let opens = |reasons: &[Reason]| {
            reasons.iter().find_map(|reason| match reason {
                Reason::QuietHours { until, .. } => *until,
                _ => None,
            })
        };
        let Some(mut until) = latest(reasons) else { return Verdict::Send };
        let mut open = opens(reasons);
        // What ends late may end in the hours of another: each time it is asked again at the end.
        for _ in 0..ROUNDS {
            let mut then = Vec::new();
            self.holds(until, open, &mut then);
            if then.iter().any(|reason| reason.weight() == Weight::Refuse) {
                reasons.extend(then.into_iter().filter(|reason| reason.weight() == Weight::Refuse));
                reasons.sort_by_key(|reason| std::cmp::Reverse(reason.weight()));
                return Verdict::Refuse;
            }
            match latest(&then).filter(|later| *later > until) {
                None => break,
                Some(later) => (until, open) = (later, opens(&then)),
            }
        }
        Verdict::Hold { until: until.max(at) }
    }
}

/// How often the end of a hold is looked for: quiet hours, caps and limits meet within a few.
const ROUNDS: usize = 16;

#[cfg(test)]
mod tests;
