//! How campaigns do: what of their limits is used, what became of their texts by day, what was held or refused lately (DLC-5, DLC-6).

use std::collections::{BTreeMap, VecDeque};

use frontdesk_tendlc::{Health, Limit, Programme, Registered};
use frontdesk_types::{Delivery, Event, Fact, Instant, MessageId, SupportNumber};
use serde::{Deserialize, Serialize};

use super::{Engine, EngineError, retried};
use crate::{
    Center,
    store::{Commit, EventQuery, ItemWrite, Line, Record},
};

/// The kind, and the key, of the item that the fold of the log is kept as.
const HEALTH: &str = "health";
const FOLDED: &str = "folded";
/// So many records are folded at a time.
const RECORDS: usize = 1_000;
/// So many texts that were held or refused are remembered.
const STOPPED: usize = 200;

/// How a campaign does, or a number that belongs to none.
#[derive(Debug, Clone, PartialEq)]
pub struct CampaignHealth {
    /// The campaign's id, or the number.
    pub programme: Programme,
    /// Where the campaign stands.
    pub status: Registered,
    /// What it sends from.
    pub numbers: Vec<SupportNumber>,
    /// Its limits, and how much of each is used now.
    pub usage: Vec<(Limit, u32)>,
    /// Day by day.
    pub health: Health,
}

/// A text that the gate holds back or has refused, or that was refused when it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoppedText {
    /// The message; `None` where the text was refused when it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MessageId>,
    /// The agent or credential whose request was refused at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// From the number, to the consumer.
    pub line: Line,
    /// When that was decided.
    pub at: Instant,
    /// Until when it is held; `None` is that it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// Why, in words.
    pub reasons: Vec<String>,
}

/// The log up to a position.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Folded {
    position: u64,
    programmes: BTreeMap<Programme, Health>,
    /// Newest last.
    stopped: VecDeque<StoppedText>,
}

impl Engine {
    /// How every campaign does, and every number by itself that has sent something.
    pub async fn campaign_health(&self) -> Result<Vec<CampaignHealth>, EngineError> {
        let mut folded = self.folded().await?;
        let center = self.center();
        let mut programmes: Vec<Programme> = center.compliance.campaigns().cloned().collect();
        let others = folded.programmes.keys().filter(|programme| {
            !center.compliance.has_campaign(programme) && center.is_programme(programme)
        });
        programmes.extend(others.cloned().collect::<Vec<_>>());
        let mut all = Vec::new();
        for programme in programmes {
            let numbers = center.compliance.sender(&programme).numbers;
            let now = self.now();
            let mut usage: Vec<(Limit, u32)> = Vec::new();
            let mut status = Registered::Active;
            for number in &numbers {
                let sending = center.sending(*number, now);
                status = self.registered(&center, *number, sending.campaign);
                for limit in sending.rates.limits(*number, None, false) {
                    if usage.iter().all(|(known, _)| *known != limit) {
                        let used = self.pace.used((self.store(), &self.id), &limit, now).await?;
                        usage.push((limit, used));
                    }
                }
            }
            let health = folded.programmes.remove(&programme).unwrap_or_default();
            all.push(CampaignHealth { programme, status, numbers, usage, health });
        }
        Ok(all)
    }

    /// Texts that are held, or were refused lately, also when they were asked for, newest first.
    pub async fn stopped_texts(&self) -> Result<Vec<StoppedText>, EngineError> {
        Ok(self.folded().await?.stopped.into_iter().rev().collect())
    }

    /// The log, as far as it goes now. What is folded is kept, so that nobody folds it again.
    async fn folded(&self) -> Result<Folded, EngineError> {
        loop {
            let (folded, more) = retried(|| self.fold_once()).await?;
            if !more {
                return Ok(folded);
            }
        }
    }

    /// Folds what was logged since the last time, so that a page about it comes at once: hosts call it now and then. The answer is where the
    /// log stands.
    pub async fn fold_log(&self) -> Result<u64, EngineError> {
        Ok(self.folded().await?.position)
    }

    async fn fold_once(&self) -> Result<(Folded, bool), EngineError> {
        let item = self.parts.store.item(&self.id, HEALTH, FOLDED).await?;
        let (expected, mut folded) = match item {
            None => (0, Folded::default()),
            Some(item) => (item.version, item.read()?),
        };
        let query = EventQuery::After { position: folded.position, limit: RECORDS };
        let records = self.parts.store.events(&self.id, query).await?;
        if records.is_empty() {
            return Ok((folded, false));
        }
        let center = self.center();
        for record in &records {
            folded.apply(&center, record);
        }
        let mut items = self.list_texts(&records).await?;
        items.push(ItemWrite::json(HEALTH, FOLDED.into(), expected, &folded)?);
        // Without an inbound message there is no duplicate.
        let _ = self.commit(Commit { items, ..Commit::default() }).await?;
        Ok((folded, records.len() == RECORDS))
    }
}

impl Folded {
    fn apply(&mut self, center: &Center, record: &Record) {
        self.position = record.position;
        let Some(line) = record.subject.line else { return };
        let mut told = record.events.iter().filter(|event| Health::counts(event)).peekable();
        if told.peek().is_none() {
            return;
        }
        let programme = center.membership(line.number).programme.clone();
        let pacific = frontdesk_tendlc::pacific(center.zones());
        for event in told {
            self.stop(line, event);
            self.programmes.entry(programme.clone()).or_default().apply(event, &pacific);
        }
    }

    /// Notes what the gate stops, and that what was held has gone its way.
    fn stop(&mut self, line: Line, event: &Event) {
        let stopped = |reasons: &[String]| StoppedText {
            id: None,
            by: None,
            line,
            at: event.at,
            until: None,
            reasons: reasons.to_vec(),
        };
        let stopped = match &event.fact {
            Fact::OutboundRefused { by, reasons, .. } => {
                StoppedText { by: Some(by.clone()), ..stopped(reasons) }
            }
            Fact::Delivery { id, delivery } => {
                self.stopped.retain(|stopped| stopped.id.as_ref() != Some(id));
                let id = Some(id.clone());
                match delivery {
                    Delivery::Held { until, reasons, .. } => {
                        StoppedText { id, until: Some(*until), ..stopped(reasons) }
                    }
                    Delivery::Refused { reasons, .. } => StoppedText { id, ..stopped(reasons) },
                    _ => return,
                }
            }
            _ => return,
        };
        self.stopped.push_back(stopped);
        if self.stopped.len() > STOPPED {
            self.stopped.pop_front();
        }
    }
}
