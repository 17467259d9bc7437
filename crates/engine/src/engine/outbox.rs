//! Work is done: texts go through the gate to the carrier, posts to the CRM. At least once, in order per lane, each with its
//! idempotency key.

use chrono::TimeDelta;
use frontdesk_tendlc::ContentType;
use frontdesk_types::{Delivery, Event, Fact, Instant, MessageId, Purpose, TextId};

use super::{Engine, EngineError, TRIES, dispatch::Claimed, media::InboundKey, provider::Provider};
use crate::{
    FailedAttempt, OutgoingText,
    store::{
        Commit, InboxMark, LONGEST_PAUSE, Line, Outcome, Source, StoreError, Subject, Task, Work,
        WorkId, WorkKind,
    },
};

/// After so many attempts a piece of work is given up.
const MAX_ATTEMPTS: u32 = 40;
/// After so many attempts work is given up whose last attempt may have succeeded.
const MAX_DOUBTFUL: u32 = 5;
/// The longest pause between two attempts, in seconds, without its jitter of a quarter.
const MAX_BACK_OFF: i64 = 2_160;
/// The shortest pause after an attempt that may have succeeded, in seconds.
const DOUBT_PAUSE: i64 = 600;
/// The longest time that an outside service is left alone because it asked for it.
pub(super) const LONGEST_ASKED: TimeDelta = TimeDelta::minutes(15);

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

impl Done {
    /// Whether the carrier took the text.
    fn has_left(&self) -> bool {
        let taken = |event: &Event| {
            matches!(event.fact, Fact::Delivery { delivery: Delivery::Accepted { .. }, .. })
        };
        self.events.iter().any(taken)
    }
}

impl Engine {
    /// Does a piece of work. An error of the store is told; the work is tried again after a pause.
    pub async fn perform(&self, claimed: Claimed) -> Result<(), EngineError> {
        let Claimed { work, early, place } = claimed;
        let done = match self.act(&work, early).await {
            // Another host has it now.
            Ok(()) | Err(EngineError::Store(StoreError::LeaseLost)) => Ok(()),
            Err(error) => {
                if !self.under_way.is_untold(work.id) {
                    // No numbers and no texts: errors have none.
                    let outcome = self.again(&work, &error.to_string(), None);
                    let finished = Some((work.id, work.lease, outcome));
                    // It waits for the store with this end.
                    let _ = self.end_work(&work, Commit { finished, ..Commit::default() }).await;
                }
                Err(error)
            }
        };
        drop(place);
        done
    }

    async fn act(&self, work: &Work, early: bool) -> Result<(), EngineError> {
        let done = match &work.work.task {
            Task::SendText { id, line, purpose, body, kind, automatic, opt_in_text } => {
                let text = OutgoingText {
                    id: TextId { center: self.id.clone(), message: id.clone() },
                    line: *line,
                    purpose: *purpose,
                    body: body.clone(),
                };
                let kind = kind.unwrap_or_else(|| ContentType::of(*purpose));
                let done = self.send_text(work, &text, (kind, *automatic), early).await?;
                if *opt_in_text && done.has_left() {
                    return self.finish_first(work, &text, done).await;
                }
                done
            }
            Task::FetchMedia { session, line, message, provider, media } => {
                let message = InboundKey { provider: provider.as_ref(), id: message };
                return self.fetch_media(work, *session, *line, message, media).await;
            }
            Task::AnchorHead { size, anchor } => {
                return self.anchor_head(work, *size, anchor).await;
            }
            Task::BeginDeflected { .. } => return self.begin_deflected(work).await,
            Task::VirtualTurn { session, text, provider } => {
                let text = text.as_deref().map(|text| (text, provider.as_ref()));
                return self.virtual_turn(work, *session, text).await;
            }
            Task::MatchContact { session } => return self.match_contact(work, *session).await,
            Task::PostConnected { session } | Task::PostEnded { session } => {
                let posted = self.post(*session, &work.work).await?;
                self.crm_done(work, *session, posted.map(|()| (Outcome::Done, Vec::new())))
            }
        };
        if self.call_waits_for(work, &done).await? {
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
        // The call goes on without it: nothing is left to an operator.
        let finished = Some((work.id, work.lease, Outcome::Done));
        self.delivery_in_call(&report, finished, None).await
    }

    pub(super) async fn finish(&self, work: &Work, done: Done) -> Result<(), EngineError> {
        self.end_work(work, self.end_of(work, done)).await
    }

    /// The end of a piece of work, with what is told of it.
    fn end_of(&self, work: &Work, mut done: Done) -> Commit {
        done.events.extend(self.dead_letter(work, &done.outcome));
        let Done { outcome, events, subject } = done;
        let (finished, record) = (Some((work.id, work.lease, outcome)), Some((subject, events)));
        Commit { record, finished, ..Commit::default() }
    }

    /// The end of a text with the opt-in text: the ledger gets in the same commit that it was shown. If that cannot be, it is
    /// shown again with the next greeting.
    async fn finish_first(
        &self,
        work: &Work,
        text: &OutgoingText,
        done: Done,
    ) -> Result<(), EngineError> {
        let commit = self.end_of(work, done);
        for _ in 0..TRIES {
            let Ok(shown @ Some(_)) = self.opt_in_text_shown(text).await else { break };
            let commit = Commit { consumers: shown.into_iter().collect(), ..commit.clone() };
            match self.end_work(work, commit).await {
                Err(EngineError::Store(StoreError::Conflict)) => {}
                ended => return ended,
            }
        }
        self.end_work(work, commit).await
    }

    /// Work that is given up is told.
    pub(super) fn dead_letter(&self, work: &Work, outcome: &Outcome) -> Option<Event> {
        let Outcome::Dead { error } = outcome else { return None };
        let (work, attempts) = (work.work.key.clone(), work.attempts + 1);
        let fact = Fact::DeadLettered { work, attempts, error: error.clone() };
        Some(Event { at: self.now(), fact })
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
        let asked = TimeDelta::seconds(retry_after.unwrap_or(0).into()).min(LONGEST_ASKED);
        let pause = TimeDelta::milliseconds(pause(work.id, work.attempts)).max(asked);
        Outcome::Retry { at: self.now() + pause, error: error.to_owned() }
    }

    /// A service that works has asked for a pause: what others are answered does not end it.
    pub(super) fn as_asked(again: Outcome) -> Outcome {
        match again {
            Outcome::Retry { at, error } => Outcome::Pause { at, error },
            other => other,
        }
    }

    /// The attempt may have succeeded: it is repeated rarely, and a few times.
    pub(super) fn in_doubt(&self, work: &Work, error: &str) -> Outcome {
        let error = error.to_owned();
        if work.attempts + 1 >= MAX_DOUBTFUL {
            return Outcome::Dead { error };
        }
        let factor = 1_i64 << work.attempts.min(4);
        let pause = TimeDelta::seconds((DOUBT_PAUSE * factor).min(LONGEST_PAUSE.num_seconds()));
        Outcome::Pause { at: self.now() + pause, error }
    }

    /// Tells that an attempt failed.
    pub(super) fn attempt_failed(&self, work: &Work, reason: &str, misconfigured: bool) {
        let (kind, attempts) = (work.work.task.kind(), work.attempts + 1);
        let reason = reason.to_owned();
        let attempt = FailedAttempt { kind, reason, misconfigured, attempts };
        self.parts.observer.attempt_failed(&attempt);
    }

    /// The service has answered to a request that began then: what waits for it is woken, if it was down or its requests hung.
    pub(super) fn service_answered(&self, work: &Work, began: Instant) {
        let kind = work.work.task.kind();
        let Some(provider) = self.provider(kind) else { return };
        let was_down = provider.answered(began);
        if was_down {
            self.under_way.recovered(kind);
        }
        let hung = self.under_way.answered(work.id, self.now());
        if hung {
            provider.wake_more();
        }
        if was_down || hung {
            self.waiting.notify(kind);
        }
    }

    /// The service that work of a kind goes to, where one service takes all of it.
    pub(super) fn provider(&self, kind: WorkKind) -> Option<&Provider> {
        match kind {
            WorkKind::Text => Some(&self.carrier),
            WorkKind::Crm => Some(&self.crm),
            WorkKind::Anchor | WorkKind::Call | WorkKind::Media | WorkKind::VirtualAgent => None,
        }
    }
}

/// The pause after a number of attempts, in milliseconds.
pub(super) fn pause(id: WorkId, attempts: u32) -> i64 {
    let pause = (1_i64 << attempts.min(12)).min(MAX_BACK_OFF);
    let jitter = i64::try_from(id.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32).unwrap_or(0);
    pause * 1000 + jitter % (pause * 250)
}

pub(super) fn subject(id: &MessageId, line: Line) -> Subject {
    Subject { session: id.session(), line: Some(line) }
}
