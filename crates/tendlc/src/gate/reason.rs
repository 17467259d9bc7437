use std::fmt;

use frontdesk_types::{Instant, Remark};
use serde::Serialize;
use smallvec::SmallVec;

use super::Registered;
use crate::{
    ConsentLevel, ContentFinding, Limit, Meter, ScrubList, ScrubResult, Span, State, utc::utc,
};

/// What speaks against a message, or is remarked of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// It advertises, but is not sent as a promotion.
    Advertises {
        /// By these words.
        words: String,
    },
    /// The consumer is on the center's list of those who are not texted (SMS-38).
    Blocked,
    /// The campaign may not send.
    CampaignNotActive {
        /// Where it stands.
        status: Registered,
    },
    /// So many solicitations were sent to the consumer.
    Cap {
        /// How many may be …
        count: u32,
        /// … in so many hours.
        hours: u32,
        /// Whose law it is; `None` is the sender's own promise, or the whole country's.
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<State>,
        /// When the next may be.
        until: Instant,
    },
    /// A confirmation of an opt-out that is not the one that is due: one was sent already, the provider
    /// sends its own, or the consumer is not opted out.
    ConfirmationNotDue,
    /// The confirmation of an opt-out leaves later than it should, since something failed in between: it is told.
    ConfirmationLate {
        /// Until when it should have left.
        due: Instant,
    },
    /// The confirmation of an opt-out comes too late to leave at all.
    ConfirmationTooLate {
        /// Until when it might leave.
        due: Instant,
    },
    /// Something in the text.
    Content {
        /// What.
        #[serde(flatten)]
        finding: ContentFinding,
        /// Whether it is refused for it, or it is only told.
        refused: bool,
    },
    /// The consumer is on the do-not-contact list for this programme.
    DoNotContact,
    /// Consent is missing, or does not go far enough.
    NoConsent {
        /// What messages of this kind need.
        needed: ConsentLevel,
        /// What is on record.
        held: Option<ConsentLevel>,
        /// Since when.
        #[serde(skip_serializing_if = "Option::is_none")]
        since: Option<Instant>,
    },
    /// A promotion to a consumer whom nobody has checked against a list, or not lately (47 CFR 64.1200(c)(2)(i)(D)).
    NotScrubbed {
        /// The list.
        list: ScrubList,
        /// The last check; `None` where there was none, or none that could tell.
        #[serde(skip_serializing_if = "Option::is_none")]
        checked: Option<Instant>,
        /// The greatest age of a check, in days.
        days: u32,
        /// When somebody is asked again. `None`: nobody can be asked.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
    },
    /// The consumer's number was disconnected or reassigned after consent was given (47 CFR 64.1200(m)).
    NumberChanged {
        /// The list that says so.
        list: ScrubList,
        /// Which of both.
        result: ScrubResult,
        /// Up to when consent counts for nothing.
        since: Instant,
    },
    /// The number may not send.
    NumberNotActive {
        /// Where it stands.
        status: Registered,
    },
    /// A promotion to a number on a list of those who want none (47 CFR 64.1200(c)(2)).
    OnList {
        /// The list.
        list: ScrubList,
        /// Since when, as far as it is known.
        since: Instant,
    },
    /// A solicitation in quiet hours.
    QuietHours {
        /// When they are over; `None` is never.
        until: Option<Instant>,
        /// Whose hours: `None` is the whole country's. Empty where nobody knows the consumer's place.
        by: SmallVec<[Option<State>; 2]>,
    },
    /// The consumer revoked consent to another programme, which takes back all.
    RevokedElsewhere {
        /// When.
        since: Instant,
    },
    /// The consumer revoked consent after the message was written, and agreed again since: that is consent to later messages.
    RevokedSince {
        /// When they revoked it.
        since: Instant,
    },
    /// As much has left as a carrier takes.
    Throughput {
        /// Which limit is reached.
        limit: Limit,
        /// When there is room again.
        until: Instant,
    },
    /// The message has more segments than may leave in the whole time of a limit.
    TooManySegments {
        /// How many it has.
        segments: u32,
        /// Of which limit.
        limit: Limit,
    },
}

/// How grave a reason is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It is told.
    Remark,
    /// The message waits until then.
    Hold(Instant),
    /// The message does not leave.
    Refuse,
}

impl Reason {
    /// How grave it is.
    pub fn weight(&self) -> Weight {
        match self {
            Self::Cap { until, .. }
            | Self::Throughput { until, .. }
            | Self::NotScrubbed { until: Some(until), .. }
            | Self::QuietHours { until: Some(until), .. } => Weight::Hold(*until),
            Self::Advertises { .. }
            | Self::ConfirmationLate { .. }
            | Self::Content { refused: false, .. } => Weight::Remark,
            Self::Blocked
            | Self::CampaignNotActive { .. }
            | Self::ConfirmationNotDue
            | Self::ConfirmationTooLate { .. }
            | Self::Content { refused: true, .. }
            | Self::DoNotContact
            | Self::NoConsent { .. }
            | Self::NotScrubbed { until: None, .. }
            | Self::NumberChanged { .. }
            | Self::NumberNotActive { .. }
            | Self::OnList { .. }
            | Self::QuietHours { until: None, .. }
            | Self::RevokedElsewhere { .. }
            | Self::RevokedSince { .. }
            | Self::TooManySegments { .. } => Weight::Refuse,
        }
    }

    /// The id of its rule, as health pages count it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Advertises { .. } => "advertises",
            Self::Blocked => "blocked",
            Self::CampaignNotActive { .. } => "campaign_not_active",
            Self::Cap { .. } => "cap",
            Self::ConfirmationNotDue => "confirmation_not_due",
            Self::ConfirmationLate { .. } => "confirmation_late",
            Self::ConfirmationTooLate { .. } => "confirmation_too_late",
            Self::Content { finding, .. } => finding.rule(),
            Self::DoNotContact => "do_not_contact",
            Self::NoConsent { .. } => "no_consent",
            Self::NotScrubbed { .. } => "not_scrubbed",
            Self::NumberChanged { .. } => "number_changed",
            Self::NumberNotActive { .. } => "number_not_active",
            Self::OnList { .. } => "on_list",
            Self::QuietHours { .. } => "quiet_hours",
            Self::RevokedElsewhere { .. } => "revoked_elsewhere",
            Self::RevokedSince { .. } => "revoked_since",
            Self::Throughput { .. } => "throughput",
            Self::TooManySegments { .. } => "too_many_segments",
        }
    }
}

/// As it is told of a text that left all the same.
impl From<&Reason> for Remark {
    fn from(reason: &Reason) -> Self {
        let rule = reason.rule().to_owned();
        let (category, why, words) = match reason {
            Reason::Content { finding, .. } => {
                let words = finding.words().into_iter().map(str::to_owned).collect();
                (finding.category().to_owned(), finding.why(), words)
            }
            Reason::Advertises { words } => (rule.clone(), reason.to_string(), vec![words.clone()]),
            other => (rule.clone(), other.to_string(), Vec::new()),
        };
        Self { rule, category, reason: why, words }
    }
}

impl fmt::Display for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Pending => "pending",
            Self::Rejected => "rejected",
            Self::Suspended => "suspended",
        })
    }
}

/// `4500 segments a minute to AT&T`
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = match self.span {
            Span::Minute => "minute",
            Span::PacificDay => "day",
        };
        let of = match &self.meter {
            Meter::AttCampaign(_) => "segments a {} of the campaign to AT&T",
            Meter::AttCampaignMedia(_) => "messages with media a {} of the campaign to AT&T",
            Meter::AttNumber(_) => "segments a {} of the number to AT&T",
            Meter::AttNumberMedia(_) => "messages with media a {} of the number to AT&T",
            Meter::CarrierNumber(carrier, _) => {
                return write!(f, "{} segments a {span} of the number to {carrier}", self.most);
            }
            Meter::CarrierNumberMedia(carrier, _) => {
                let most = self.most;
                return write!(f, "{most} messages with media a {span} of the number to {carrier}");
            }
            Meter::Number(_) => "segments a {} of the number",
            Meter::TMobileBrand(_) => "segments a {} of the brand to T-Mobile",
            Meter::TMobileCampaign(_) => "segments a {} of the campaign to T-Mobile",
        };
        write!(f, "{} {}", self.most, of.replace("{}", span))
    }
}

/// In words, without the text and without numbers.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Advertises { .. } => f.write_str("advertises, but is not sent as a promotion"),
            Self::Blocked => f.write_str("blocked"),
            Self::CampaignNotActive { status } => write!(f, "the campaign is {status}"),
            Self::Cap { count, hours, state, until } => {
                let whose = state.map_or_else(String::new, |state| format!(" ({state})"));
                write!(f, "{count} messages in {hours} hours{whose}, the next from {}", utc(*until))
            }
            Self::ConfirmationNotDue => f.write_str("confirmation not due"),
            Self::ConfirmationLate { due } | Self::ConfirmationTooLate { due } => {
                write!(f, "confirmation was due until {}", utc(*due))
            }
            Self::Content { finding, .. } => finding.fmt(f),
            Self::DoNotContact => f.write_str("do not contact"),
            Self::NoConsent { needed, held: None, .. } => {
                write!(f, "no consent: {needed} consent is needed, none is on record")
            }
            Self::NoConsent { needed, held: Some(held), since } => {
                write!(f, "no consent: {needed} consent is needed, {held} is on record")?;
                since.map_or(Ok(()), |since| write!(f, " since {}", since.date_naive()))
            }
            Self::NotScrubbed { list, checked, days, until } => {
                match checked {
                    None => write!(f, "not checked against the {}", list.name())?,
                    Some(checked) => {
                        let last = utc(*checked);
                        write!(
                            f,
                            "last checked against the {} on {last}, {days} days are allowed",
                            list.name()
                        )?;
                    }
                }
                until.map_or(Ok(()), |until| write!(f, "; asked again from {}", utc(until)))
            }
            Self::NumberChanged { list, result, since } => {
                let (result, list) = (result.word(), list.name());
                write!(
                    f,
                    "the number was {result} since consent was given: {list}, {}",
                    utc(*since)
                )
            }
            Self::NumberNotActive { status } => write!(f, "the number is {status}"),
            Self::OnList { list, since } => {
                write!(f, "on the {} since {}", list.name(), utc(*since))
            }
            Self::QuietHours { until, by } => {
                let by: Vec<&str> =
                    by.iter().map(|state| state.map_or("US", State::code)).collect();
                let whose = if by.is_empty() {
                    "everywhere, since the place is unknown".into()
                } else {
                    by.join(", ")
                };
                match until {
                    Some(until) => write!(f, "quiet hours of {whose} until {}", utc(*until)),
                    None => write!(f, "quiet hours of {whose} never end"),
                }
            }
            Self::RevokedElsewhere { since } => {
                write!(f, "consent to all programmes was revoked on {}", utc(*since))
            }
            Self::RevokedSince { since } => {
                write!(f, "written before consent was revoked on {}", utc(*since))
            }
            Self::Throughput { limit, until } => {
                write!(f, "{limit} have left, the next from {}", utc(*until))
            }
            Self::TooManySegments { segments, limit } => {
                write!(f, "{segments} segments, and {limit} may leave")
            }
        }
    }
}
