//! What an operator is told when nothing happens: a log line with the reason and what to do, once a minute for each cause,
//! and a counter. Nothing personal stands in either.

use std::{collections::BTreeSet, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use frontdesk::{
    Departure, FailedAttempt, OutgoingText, RegistrationError, Transport, TransportError,
    store::{Record, WorkKind},
    types::{Delivery, Fact, QueueId, RegistrationChange, RegistrationState, Remark},
};
use metrics::counter;
use tracing::{error, info, warn};

use crate::seldom::Seldom;

/// Tells the operator.
#[derive(Debug, Default)]
pub(crate) struct Telling {
    seldom: Seldom,
}

impl Telling {
    /// What the log of events says of texts that did not arrive, or led nowhere.
    pub(crate) fn heard(&self, record: &Record) {
        for event in &record.events {
            match &event.fact {
                Fact::Delivery { delivery, .. } => self.delivery(delivery),
                Fact::DeadLettered { error, attempts, .. } => self.dead_letter(error, *attempts),
                Fact::OutboundRefused { rules, .. } => self.refused_at_once(rules),
                Fact::UnroutedMessage { .. } => self.unrouted(),
                Fact::RegistrationChanged { campaign, change } => registration(campaign, change),
                _ => {}
            }
        }
    }

    fn delivery(&self, delivery: &Delivery) {
        let outcome = match delivery {
            Delivery::Accepted { remarks, .. } => {
                remarked(remarks);
                "accepted"
            }
            Delivery::Delivered => "delivered",
            Delivery::Failed { reason } => {
                self.failed(reason);
                "failed"
            }
            Delivery::Held { .. } => "held",
            Delivery::Refused { rules, .. } => {
                self.refused(rules);
                "refused"
            }
            _ => "other",
        };
        counter!("frontdesk_texts_total", "outcome" => outcome).increment(1);
    }

    fn failed(&self, reason: &str) {
        if let Some(more) = self.seldom.now(&format!("failed {reason}")) {
            warn!(
                reason,
                more,
                "a text will not arrive. Look the code up at the provider; the session's transcript \
                 shows the text"
            );
        }
    }

    fn refused(&self, rules: &[String]) {
        let rules = rules.join(", ");
        if let Some(more) = self.seldom.now(&format!("refused {rules}")) {
            warn!(
                rules,
                more,
                "the compliance gate refused a text. GET /api/v1/compliance/stopped tells the reasons"
            );
        }
    }

    /// A request for a text was refused.
    fn refused_at_once(&self, rules: &[String]) {
        for rule in rules {
            counter!("frontdesk_refused_requests_total", "rule" => rule.clone()).increment(1);
        }
        let rules = rules.join(", ");
        if let Some(more) = self.seldom.now(&format!("refused at once {rules}")) {
            warn!(
                rules,
                more,
                "a program or an agent asked for a text that may not be sent. GET /api/v1/compliance/stopped tells the reasons, \
                 and who asked"
            );
        }
    }

    fn dead_letter(&self, error: &str, attempts: u32) {
        if let Some(more) = self.seldom.now(&format!("dead {error}")) {
            warn!(
                reason = error,
                attempts,
                more,
                "work was given up. GET /api/v1/dead-letters shows it; mend the cause, then \
                 POST /api/v1/dead-letters/{{id}}/retry"
            );
        }
    }

    fn unrouted(&self) {
        if let Some(more) = self.seldom.now("unrouted") {
            warn!(
                more,
                "a text came to a number that belongs to no queue: it got no answer. GET /api/v1/events \
                 shows the number (`unrouted_message`); add it to `numbers` of a queue, or change what \
                 the provider forwards"
            );
        }
    }

    /// A webhook was not taken. `url` is what the host believes it was called by.
    pub(crate) fn webhook_refused(&self, why: Unsigned, url: &str) {
        let (reason, advice) = (why.word(), why.advice());
        counter!("frontdesk_webhooks_refused_total", "reason" => reason).increment(1);
        if let Some(more) = self.seldom.now(&format!("webhook {reason}")) {
            warn!(
                reason,
                url, more, "a webhook was refused with 403: its text was not taken. {advice}"
            );
        }
    }

    /// Consumers wait in a queue that is open, and none of its agents is logged in.
    pub(crate) fn unserved(&self, queue: &QueueId, waiting: usize) {
        if let Some(more) = self.seldom.now(&format!("unserved {queue}")) {
            warn!(
                %queue,
                waiting,
                more,
                "consumers wait, and no agent of the queue is logged in. GET /api/v1/queues shows the queue, and \
                 GET /api/v1/agents who is there"
            );
        }
    }

    /// The provider gave no answer about a campaign, or an incomplete one: the last one holds.
    pub(crate) fn registration_failed(&self, campaign: &str, why: &RegistrationError) {
        let misconfigured = matches!(why, RegistrationError::Misconfigured { .. });
        let labels = [("misconfigured", misconfigured.to_string())];
        counter!("frontdesk_registration_failures_total", &labels).increment(1);
        let Some(more) = self.seldom.now(&format!("registration {campaign} {why}")) else { return };
        let advice = if misconfigured {
            "Compare `provider` of the campaign and `host.twilio` with the provider's console"
        } else {
            "It is asked again soon"
        };
        warn!(
            campaign,
            reason = %why,
            more,
            "the provider does not say where a campaign stands: its last answer holds. GET \
             /api/v1/compliance/registrations shows it. {advice}"
        );
    }

    /// Texts wait for longer than they should.
    pub(crate) fn waiting(&self, oldest: Duration, count: usize) {
        if let Some(more) = self.seldom.now("waiting") {
            let seconds = oldest.as_secs();
            warn!(
                seconds,
                count,
                more,
                "texts wait and do not leave: the oldest for so many seconds. GET /api/v1/outbox shows \
                 what waits, and why"
            );
        }
    }

    /// An anchor has a head that is not of the entries of this ledger.
    pub(crate) fn ledger_differs(&self, anchor: &str, size: u64) {
        counter!("frontdesk_ledger_differences_total", "anchor" => anchor.to_owned()).increment(1);
        let Some(more) = self.seldom.now(&format!("ledger {anchor}")) else { return };
        error!(
            anchor,
            size,
            more,
            "an anchor has a head of so many entries of the consent ledger that is not of the entries in this database: they were \
             changed, or an older copy goes on. Run `frontdesk ledger verify`. If it is a copy, say so in `host.ledger.known`"
        );
    }

    /// An attempt of outgoing work failed, and is repeated.
    pub(crate) fn attempt_failed(&self, attempt: &FailedAttempt) {
        let FailedAttempt { kind, reason, misconfigured, attempts } = attempt;
        let labels = [("kind", format!("{kind:?}")), ("misconfigured", misconfigured.to_string())];
        counter!("frontdesk_failed_attempts_total", &labels).increment(1);
        let Some(more) = self.seldom.now(&format!("attempt {kind:?} {reason}")) else { return };
        if *kind == WorkKind::Anchor {
            warn!(
                reason,
                attempts,
                more,
                "an anchor does not have a head of the consent ledger: it is given again later, and nothing waits for it. Look at \
                 `host.ledger`, and at `frontdesk ledger verify`"
            );
        } else if *misconfigured {
            warn!(
                ?kind,
                reason,
                attempts,
                more,
                "the provider cannot be used as it is set up: texts wait until `host.twilio` and the \
                 auth token are mended. GET /api/v1/outbox shows what waits"
            );
        } else if *kind == WorkKind::Text {
            warn!(
                reason,
                attempts,
                more,
                "the provider does not take a text now: it is sent again later. GET /api/v1/outbox shows \
                 what waits. Look at the provider's status page, at `host.twilio` and at the way out \
                 (name server, firewall)"
            );
        } else {
            warn!(
                ?kind,
                reason,
                attempts,
                more,
                "an attempt failed: it is repeated later. GET /api/v1/outbox shows what waits"
            );
        }
    }
}

/// Counts what the gate remarked of a text that left, once for each category.
fn remarked(remarks: &[Remark]) {
    let categories: BTreeSet<&str> =
        remarks.iter().map(|remark| remark.category.as_str()).collect();
    for category in categories {
        counter!("frontdesk_remarks_total", "category" => category.to_owned()).increment(1);
    }
}

/// The provider says something else of a campaign than before.
fn registration(campaign: &str, change: &RegistrationChange) {
    let state = change.to.state();
    counter!("frontdesk_registration_changes_total", "state" => state.word()).increment(1);
    let brand = change.to.brand.as_ref().map_or("", |brand| brand.word.as_str());
    let (state, word) = (state.word(), change.to.campaign.word.as_str());
    if change.to.state() == RegistrationState::Active {
        info!(campaign, state, word, brand, "the provider says where a campaign stands");
    } else {
        warn!(
            campaign,
            state,
            word,
            brand,
            "the provider says that a campaign may not send: the gate refuses its texts. GET \
             /api/v1/compliance/registrations tells why; mend it at the provider"
        );
    }
}

/// Why a webhook is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsigned {
    /// No signature can be checked.
    NoAuthToken,
    /// It has no signature.
    NoSignature,
    /// The signature is of another URL, form or token.
    WrongSignature,
}

impl Unsigned {
    fn word(self) -> &'static str {
        match self {
            Self::NoAuthToken => "no_auth_token",
            Self::NoSignature => "unsigned",
            Self::WrongSignature => "wrong_signature",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::NoAuthToken => {
                "Set FRONTDESK_TWILIO_AUTH_TOKEN, or put the token into a file as `frontdesk sample unit` does"
            }
            Self::NoSignature => {
                "Somebody else than the provider calls, or a proxy drops the header X-Twilio-Signature"
            }
            Self::WrongSignature => {
                "Compare `host.public_url` with the URL that the provider calls, and the auth token with that of the \
                 account; behind a proxy the path must arrive as it was sent"
            }
        }
    }
}

/// Counts a request to the provider by its outcome.
fn count_attempt(sent: &Result<String, TransportError>) {
    let outcome = match sent {
        Ok(_) => "accepted",
        Err(TransportError::OptedOut { .. }) => "opted_out",
        Err(TransportError::Rejected { .. }) => "rejected",
        Err(TransportError::Temporary { .. }) => "later",
        Err(TransportError::Misconfigured { .. }) => "misconfigured",
        Err(TransportError::NotBegun) => "stopped",
        Err(TransportError::Unknown { .. }) => "unknown",
        Err(_) => "other",
    };
    counter!("frontdesk_send_attempts_total", "outcome" => outcome).increment(1);
}

/// A transport whose requests are counted.
pub(crate) struct Watched {
    inner: Arc<dyn Transport>,
}

impl Watched {
    pub(crate) fn new(inner: Arc<dyn Transport>) -> Self {
        Self { inner }
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

#[async_trait]
impl Transport for Watched {
    async fn send(&self, text: &OutgoingText) -> Result<String, TransportError> {
        let sent = self.inner.send(text).await;
        count_attempt(&sent);
        sent
    }

    async fn depart(
        &self,
        text: &OutgoingText,
        departure: &Departure,
    ) -> Result<String, TransportError> {
        let sent = self.inner.depart(text, departure).await;
        count_attempt(&sent);
        sent
    }
}
