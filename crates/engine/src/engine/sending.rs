//! A text leaves: through the gate to the carrier.

use std::{collections::BTreeSet, sync::Arc};

use chrono::TimeDelta;
use frontdesk_tendlc::{ContentType, Decision, Reason, Verdict, Weight};
use frontdesk_types::{Delivery, Event, Fact, Instant, MessageId, Remark};

use super::{
    Engine, EngineError,
    counting::{Counted, Counts, INTERRUPTED},
    outbox::{Done, subject},
    retried,
};
use crate::{
    Departure, OutgoingText, TransportError,
    store::{AutomaticText, Line, Outcome, StoreError, Urgency, Work},
};

/// A text that is held for longer than this is told of.
const TOLD_FROM: TimeDelta = TimeDelta::minutes(2);
/// The end of a text of which at most one leaves, and whose request got no answer.
const MAY_HAVE_LEFT: &str = "it may have left: the provider gave no answer";
/// How long a provider is left alone that cannot be used with these settings, in seconds: somebody must mend them.
const MISCONFIGURED_PAUSE: u32 = 60;

/// Whether a text leaves.
enum Leaves {
    /// It does, and counts so; with what the gate remarks.
    Now(Counts, Vec<Remark>),
    /// The gate refuses it, or holds it.
    KeptBack(Decision),
    /// A limit is reached, or it may have left before.
    Withheld(Delivery),
}

impl Engine {
    /// The gate is asked now, not when the text was written. A revocation that arrives before the request to the provider
    /// begins stops the text.
    pub(super) async fn send_text(
        &self,
        work: &Work,
        text: &OutgoingText,
        (kind, automatic): (ContentType, Option<AutomaticText>),
        early: bool,
    ) -> Result<Done, EngineError> {
        let (id, line) = (&text.id.message, text.line);
        if work.interrupted && work.work.urgency == Urgency::Confirmation {
            let reason = INTERRUPTED.to_owned();
            return Ok(self.delivery(Outcome::Done, id, line, Delivery::Failed { reason }));
        }
        self.ask_carrier(line).await?;
        let scrub_again = self.ask_scrubber(line, kind).await?;
        if !self.still_leased(work).await? {
            return Err(StoreError::LeaseLost.into());
        }
        let departure = Departure::by(Arc::clone(&self.parts.clock));
        let preparing = self.departures.prepare(Self::slot(line.consumer), departure).await;
        let departure = preparing.departure();
        let (counts, remarks) =
            match self.decide_to_send(text, (kind, automatic), (departure, scrub_again)).await? {
                Leaves::Now(counts, remarks) => (counts, remarks),
                Leaves::KeptBack(decision) => {
                    if decision.verdict == Verdict::Refuse {
                        self.stays_behind(text).await?;
                    }
                    return Ok(self.kept_back(id, line, &decision));
                }
                Leaves::Withheld(delivery) => {
                    self.stays_behind(text).await?;
                    return Ok(self.delivery(Outcome::Done, id, line, delivery));
                }
            };
        let began = self.now();
        let sent = self.parts.transport.depart(text, departure).await;
        if !matches!(sent, Ok(_) | Err(TransportError::Unknown { .. })) {
            let for_good = matches!(
                sent,
                Err(TransportError::Rejected { .. } | TransportError::OptedOut { .. })
            );
            self.forget_text(text, counts, for_good).await?;
        }
        let is_late = departure.is_late();
        drop(preparing);
        self.carrier_answered(work, began, &sent);
        let once = work.work.urgency == Urgency::Confirmation || counts.help_answer;
        let mut done = self.sent(work, text, (sent, remarks), (once, is_late)).await?;
        if let (true, Outcome::Retry { at, .. }) = (early, &done.outcome) {
            done.outcome = Outcome::Early { at: *at };
        }
        Ok(done)
    }

    /// The gate refuses it, or holds it.
    fn kept_back(&self, id: &MessageId, line: Line, decision: &Decision) -> Done {
        // What decided it; what is only remarked did not.
        let told = |decided: fn(&Weight) -> bool| {
            let deciding = decision.reasons.iter().filter(|reason| decided(&reason.weight()));
            let rules: BTreeSet<&str> = deciding.map(Reason::rule).collect();
            let rules: Vec<String> = rules.into_iter().map(ToOwned::to_owned).collect();
            (decision.reasons.iter().map(ToString::to_string).collect(), rules)
        };
        let Verdict::Hold { until } = decision.verdict else {
            let (reasons, rules) = told(|weight| *weight == Weight::Refuse);
            let refused = Delivery::Refused { reasons, rules };
            return self.delivery(Outcome::Done, id, line, refused);
        };
        let (reasons, rules) = told(|weight| matches!(weight, Weight::Hold(_)));
        let held = Delivery::Held { until, reasons, rules };
        let mut held = self.delivery(Outcome::Postponed { until }, id, line, held);
        // What waits for its turn alone is not worth telling.
        held.events.retain(|_| until > self.now() + TOLD_FROM);
        held
    }

    /// Keeps account of whether the carrier answers.
    fn carrier_answered(&self, work: &Work, began: Instant, sent: &Result<String, TransportError>) {
        let now = self.now();
        match sent {
            Err(TransportError::NotBegun) => {}
            Err(TransportError::Temporary { retry_after, .. }) => {
                self.carrier.failed(now, began, *retry_after);
            }
            Err(TransportError::Misconfigured { .. }) => {
                self.carrier.failed(now, began, Some(MISCONFIGURED_PAUSE));
            }
            Err(TransportError::Unknown { .. }) => self.carrier.failed(now, began, None),
            Ok(_) | Err(TransportError::OptedOut { .. } | TransportError::Rejected { .. }) => {
                self.service_answered(work, began);
            }
        }
    }

    /// The end of a text by the carrier's answer; `remarks` are the gate's. `once`: at most one of it may leave, so that a text that may have left is not sent again.
    async fn sent(
        &self,
        work: &Work,
        text: &OutgoingText,
        (sent, remarks): (Result<String, TransportError>, Vec<Remark>),
        (once, is_late): (bool, bool),
    ) -> Result<Done, EngineError> {
        let (id, line) = (&text.id.message, text.line);
        let silently = |outcome| Done { outcome, events: Vec::new(), subject: subject(id, line) };
        let misconfigured = matches!(sent, Err(TransportError::Misconfigured { .. }));
        Ok(match sent {
            Ok(provider_id) => {
                self.delivery(Outcome::Done, id, line, Delivery::Accepted { provider_id, remarks })
            }
            // Given up, and kept for an operator.
            Err(TransportError::Rejected { code }) => {
                let dead = Outcome::Dead { error: code.clone() };
                self.delivery(dead, id, line, Delivery::Failed { reason: code })
            }
            Err(TransportError::OptedOut { code }) => {
                self.record_carrier_opt_out(line, id).await?;
                self.delivery(Outcome::Done, id, line, Delivery::Failed { reason: code })
            }
            // A revocation was faster: the gate is asked again.
            Err(TransportError::NotBegun) if !is_late => {
                silently(Outcome::Postponed { until: self.now() })
            }
            Err(error @ TransportError::NotBegun) => {
                silently(self.again(work, &error.to_string(), None))
            }
            Err(TransportError::Temporary { reason, retry_after }) => {
                self.attempt_failed(work, &reason, misconfigured);
                let again = self.again(work, &reason, retry_after);
                // While the carrier is down, its next answer ends every pause.
                let asked = retry_after.is_some() && !self.carrier.is_down();
                silently(if asked { Self::as_asked(again) } else { again })
            }
            Err(TransportError::Unknown { reason }) => {
                self.attempt_failed(work, &reason, misconfigured);
                if once {
                    let reason = MAY_HAVE_LEFT.to_owned();
                    return Ok(self.delivery(Outcome::Done, id, line, Delivery::Failed { reason }));
                }
                silently(self.in_doubt(work, &reason))
            }
            Err(TransportError::Misconfigured { reason }) => {
                self.attempt_failed(work, &reason, misconfigured);
                let again = self.again(work, &reason, Some(MISCONFIGURED_PAUSE));
                let mut delayed = self.delivery(again, id, line, Delivery::Delayed { reason });
                // Once a text: an operator mends it for all.
                delayed.events.retain(|_| work.attempts == 0);
                delayed
            }
        })
    }

    /// Asks the gate, and the limits by which a text counts.
    async fn decide_to_send(
        &self,
        text: &OutgoingText,
        (kind, automatic): (ContentType, Option<AutomaticText>),
        (departure, scrub_again): (&Departure, Option<Instant>),
    ) -> Result<Leaves, EngineError> {
        let line = text.line;
        retried(|| async move {
            departure.decide(self.now());
            let found = self.parts.store.find(&self.id, line).await?;
            let decision = self.decide(text, kind, &found, scrub_again).await?;
            if decision.verdict != Verdict::Send {
                return Ok(Leaves::KeptBack(decision));
            }
            Ok(match self.count_text(text, (kind, automatic), found.known).await? {
                Counted::As(counts) => {
                    Leaves::Now(counts, decision.reasons.iter().map(Remark::from).collect())
                }
                Counted::Withheld(told) => Leaves::Withheld(told),
            })
        })
        .await
    }

    fn delivery(&self, outcome: Outcome, id: &MessageId, line: Line, delivery: Delivery) -> Done {
        let fact = Fact::Delivery { id: id.clone(), delivery };
        Done { outcome, events: vec![Event { at: self.now(), fact }], subject: subject(id, line) }
    }
}
