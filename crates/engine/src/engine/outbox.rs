//! Work leaves: texts through the gate to the carrier, posts to the CRM. At least once, in order per lane,
//! each with its idempotency key.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use frontdesk_tendlc::{Act, ContentType, Decision, Reason, Verdict, Weight};
use frontdesk_types::{Delivery, Event, Fact, Instant, MessageId, Purpose, TextId};
use futures::{StreamExt, stream};

use super::{Engine, EngineError, draft::Draft, media::InboundKey, retried};
use crate::{
    OutgoingText, TransportError,
    store::{Commit, InboxMark, Line, Outcome, Source, StoreError, Subject, Task, Work},
};

/// How long a piece of work is left to its claimer; longer than any call may take.
const WORK_LEASE: TimeDelta = TimeDelta::seconds(120);
/// How many pieces are claimed at a time.
const WORK_BATCH: usize = 64;
/// How many of them are done at the same time.
const CONCURRENCY: usize = 16;
/// After so many attempts (about a day and a half) a piece of work is given up.
const MAX_ATTEMPTS: u32 = 40;
/// The longest pause between two attempts, in seconds.
const MAX_BACK_OFF: i64 = 3_600;

/// A text that is held for longer than this is told of.
const TOLD_FROM: TimeDelta = TimeDelta::minutes(2);

/// What a provider reports of a text that it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    /// The message.
    pub id: MessageId,
    /// From the number, to the consumer.
    pub line: Line,
    /// How far it has come.
    pub delivery: Delivery,
    /// The text failed because the consumer has opted out with the carrier: recorded in the ledger.
    pub opted_out: bool,
}

/// What doing a piece of work led to.
pub(super) struct Done {
    pub(super) outcome: Outcome,
    pub(super) events: Vec<Event>,
    pub(super) subject: Subject,
}

impl Engine {
    /// Does the work whose time has come; the answer is how many pieces that were. Safe to call often and
    /// from many hosts: work is leased.
    pub async fn dispatch(&self) -> Result<usize, EngineError> {
        let now = self.now();
        let claimed =
            self.parts.store.claim_work(&self.id, now, now + WORK_LEASE, WORK_BATCH).await?;
        let count = claimed.len();
        let mut outcomes =
            stream::iter(claimed).map(|work| self.do_work(work)).buffer_unordered(CONCURRENCY);
        let mut failed = None;
        while let Some(outcome) = outcomes.next().await {
            match outcome {
                // Another host has it now.
                Ok(()) | Err(EngineError::Store(StoreError::LeaseLost)) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(count), Err)
    }

    /// Runs timers and work until nothing is due any more: for virtual time and tests.
    pub async fn settle(&self) -> Result<(), EngineError> {
        while self.tick().await? + self.dispatch().await? > 0 {}
        Ok(())
    }

    async fn do_work(&self, work: Work) -> Result<(), EngineError> {
        let done = match &work.work.task {
            Task::SendText { id, line, purpose, body, kind } => {
                let text = OutgoingText {
                    id: TextId { center: self.id.clone(), message: id.clone() },
                    line: *line,
                    purpose: *purpose,
                    body: body.clone(),
                };
                self.send_text(&work, text, kind.unwrap_or_else(|| ContentType::of(*purpose)))
                    .await?
            }
            Task::FetchMedia { session, line, message, provider, media } => {
                let message = InboundKey { provider: provider.as_ref(), id: message };
                return self.fetch_media(&work, *session, *line, message, media).await;
            }
            Task::BeginDeflected { .. } => return self.begin_deflected(&work).await,
            Task::VirtualTurn { session, text, provider } => {
                let text = text.as_deref().map(|text| (text, provider.as_ref()));
                return self.virtual_turn(&work, *session, text).await;
            }
            Task::MatchContact { session } => return self.match_contact(&work, *session).await,
            Task::PostConnected { session } | Task::PostEnded { session } => {
                let posted = self.post(*session, &work.work).await?;
                self.crm_done(&work, *session, posted.map(|()| (Outcome::Done, Vec::new())))
            }
        };
        if self.call_waits_for(&work, &done).await? {
            return Ok(());
        }
        self.finish(work, done).await
    }

    /// The text that takes a caller into a chat will never arrive (SMS-31): the call is told, with the end of
    /// the work.
    async fn call_waits_for(&self, work: &Work, done: &Done) -> Result<bool, EngineError> {
        let Task::SendText { id, line, purpose: Purpose::Deflection, .. } = &work.work.task else {
            return Ok(false);
        };
        let Some(Event { fact: Fact::Delivery { delivery, .. }, .. }) = done.events.first() else {
            return Ok(false);
        };
        if !matches!(delivery, Delivery::Failed { .. } | Delivery::Refused { .. }) {
            return Ok(false);
        }
        let delivery = delivery.clone();
        let report = DeliveryReport { id: id.clone(), line: *line, delivery, opted_out: false };
        let finished = Some((work.id, work.lease, done.outcome.clone()));
        self.delivery_in_call(&report, finished, None).await
    }

    pub(super) async fn finish(&self, work: Work, mut done: Done) -> Result<(), EngineError> {
        done.events.extend(self.dead_letter(&work, &done.outcome));
        let Done { outcome, events, subject } = done;
        let finished = Some((work.id, work.lease, outcome));
        self.record(subject, events, Commit { finished, ..Commit::default() }).await
    }

    /// Work that is given up is told.
    pub(super) fn dead_letter(&self, work: &Work, outcome: &Outcome) -> Option<Event> {
        let Outcome::Dead { error } = outcome else { return None };
        let (work, attempts) = (work.work.key.clone(), work.attempts + 1);
        let fact = Fact::DeadLettered { work, attempts, error: error.clone() };
        Some(Event { at: self.now(), fact })
    }

    /// The gate is asked now, not when the text was written; while it is leaving, a revocation waits.
    async fn send_text(
        &self,
        work: &Work,
        text: OutgoingText,
        kind: ContentType,
    ) -> Result<Done, EngineError> {
        let (id, line) = (&text.id.message, text.line);
        self.ask_carrier(line).await?;
        let _leaving = self.gates[Self::slot(line.consumer)].read().await;
        let (decision, solicited) = self.decide_to_send(&text, kind).await?;
        let Decision { verdict, reasons } = decision;
        // What decided it; what is only remarked did not.
        let told = |decided: fn(&Weight) -> bool| {
            let deciding = reasons.iter().filter(|reason| decided(&reason.weight()));
            let rules: BTreeSet<&str> = deciding.map(Reason::rule).collect();
            let rules: Vec<String> = rules.into_iter().map(ToOwned::to_owned).collect();
            (reasons.iter().map(ToString::to_string).collect(), rules)
        };
        let sent = match verdict {
            Verdict::Send => self.parts.transport.send(&text).await,
            Verdict::Refuse => {
                let (reasons, rules) = told(|weight| *weight == Weight::Refuse);
                let refused = Delivery::Refused { reasons, rules };
                return Ok(self.delivery(Outcome::Done, id, line, refused));
            }
            Verdict::Hold { until } => {
                let (reasons, rules) = told(|weight| matches!(weight, Weight::Hold(_)));
                let held = Delivery::Held { until, reasons, rules };
                let mut held = self.delivery(Outcome::Postponed { until }, id, line, held);
                // What waits for its turn alone is not worth telling.
                held.events.retain(|_| until > self.now() + TOLD_FROM);
                return Ok(held);
            }
        };
        if let (Err(_), Some(at)) = (&sent, solicited) {
            self.forget_solicitation(line.consumer, at).await?;
        }
        Ok(match sent {
            Ok(provider_id) => {
                self.delivery(Outcome::Done, id, line, Delivery::Accepted { provider_id })
            }
            Err(TransportError::Rejected { code }) => {
                self.delivery(Outcome::Done, id, line, Delivery::Failed { reason: code })
            }
            Err(TransportError::OptedOut { code }) => {
                self.record_carrier_opt_out(line, id).await?;
                self.delivery(Outcome::Done, id, line, Delivery::Failed { reason: code })
            }
            Err(TransportError::Temporary { reason, retry_after }) => Done {
                outcome: self.again(work, &reason, retry_after),
                events: Vec::new(),
                subject: subject(id, line),
            },
        })
    }

    /// Asks the gate. That a solicitation leaves is remembered before it does, so that no two at once go by the same cap.
    async fn decide_to_send(
        &self,
        text: &OutgoingText,
        kind: ContentType,
    ) -> Result<(Decision, Option<Instant>), EngineError> {
        let line = text.line;
        retried(|| async move {
            let found = self.parts.store.find(&self.id, line).await?;
            let decision = self.decide(text, kind, &found).await?;
            if decision.verdict != Verdict::Send || kind != ContentType::Promotional {
                return Ok((decision, None));
            }
            let at = self.remember_solicitation(line.consumer, found.known.consumer).await?;
            Ok((decision, Some(at)))
        })
        .await
    }

    fn delivery(&self, outcome: Outcome, id: &MessageId, line: Line, delivery: Delivery) -> Done {
        let fact = Fact::Delivery { id: id.clone(), delivery };
        Done { outcome, events: vec![Event { at: self.now(), fact }], subject: subject(id, line) }
    }

    /// The carrier knows of an opt-out that we do not (citizenlab PR 14473): now we do.
    async fn record_carrier_opt_out(&self, line: Line, id: &MessageId) -> Result<(), EngineError> {
        let center = &self.center();
        retried(|| async move {
            let known = self.parts.store.find(&self.id, line).await?.known;
            let mut draft = Draft::new(center, line, self.now(), known, None);
            draft.subject = id.session();
            if draft.consent().is_opted_out() {
                return Ok(());
            }
            draft.enter(Act::CarrierOptedOut, "", id.as_str());
            draft.emit(Fact::OptedOut { word: "carrier".into() });
            self.store_draft(draft, None).await.map(drop)
        })
        .await
    }

    /// The provider says how far a text has come. The same report again changes nothing.
    pub async fn delivery_status(&self, report: DeliveryReport) -> Result<(), EngineError> {
        self.check_report(&report).await?;
        if report.opted_out {
            self.record_carrier_opt_out(report.line, &report.id).await?;
        }
        let now = self.now();
        let word = if report.delivery == Delivery::Delivered { "delivered" } else { "failed" };
        let id = format!("{} {word}", report.id);
        let inbox = Some(InboxMark { source: Source::Delivery, id, at: now });
        if self.delivery_in_call(&report, None, inbox.clone()).await? {
            return Ok(());
        }
        let DeliveryReport { id, line, delivery, .. } = report;
        let fact = Fact::Delivery { id: id.clone(), delivery };
        self.record(
            subject(&id, line),
            vec![Event { at: now, fact }],
            Commit { inbox, ..Commit::default() },
        )
        .await
    }

    /// Commits events, beside what else is in the commit.
    pub(super) async fn record(
        &self,
        subject: Subject,
        events: Vec<Event>,
        commit: Commit,
    ) -> Result<(), EngineError> {
        let commit = Commit { record: Some((subject, events)), ..commit };
        // A duplicate has been told before.
        self.commit(commit).await.map(|_| ()).map_err(EngineError::from)
    }

    /// When to try again: doubling pauses with a jitter that depends on the work alone, so that a replay
    /// gives the same.
    pub(super) fn again(&self, work: &Work, error: &str, retry_after: Option<u32>) -> Outcome {
        if work.attempts + 1 >= MAX_ATTEMPTS {
            return Outcome::Dead { error: error.to_owned() };
        }
        let pause = (1_i64 << work.attempts.min(12)).min(MAX_BACK_OFF);
        let jitter = i64::try_from(work.id.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32).unwrap_or(0);
        let millis = pause * 1000 + jitter % (pause * 250);
        let asked = i64::from(retry_after.unwrap_or(0)) * 1000;
        Outcome::Retry {
            at: self.now() + TimeDelta::milliseconds(millis.max(asked)),
            error: error.to_owned(),
        }
    }
}

fn subject(id: &MessageId, line: Line) -> Subject {
    Subject { session: id.session(), line: Some(line) }
}
