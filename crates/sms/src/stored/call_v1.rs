//! The stored form of calls of version 1: before callers could choose something else than to wait (RTE-13).

use frontdesk_types::{
    AgentId, Alternative, CallId, Channel, EndReason, Instant, Language, PhoneNumber, QueueId,
    SessionId, SupportNumber,
};
use serde::Deserialize;

use crate::{App, Asked, Deflection, Question, WaitTime, call::CallStage};

#[derive(Deserialize)]
pub(super) struct Call {
    id: SessionId,
    telephony_id: CallId,
    consumer: PhoneNumber,
    number: SupportNumber,
    language: Language,
    takes_texts: bool,
    #[serde(with = "super::millis")]
    seen: Instant,
    #[serde(with = "super::millis")]
    started: Instant,
    sent: u32,
    stage: StageV1,
    asked: Option<AskedV1>,
    deflection: Deflection,
    wait_time: WaitTime,
    app: App,
}

#[derive(Deserialize)]
enum StageV1 {
    Menu,
    Waiting {
        queue: QueueId,
        #[serde(with = "super::millis")]
        since: Instant,
        wait: Option<u32>,
        over_capacity: bool,
    },
    Connected {
        queue: Option<QueueId>,
        agent: AgentId,
    },
    Left {
        queue: QueueId,
    },
    Ended {
        reason: EndReason,
        queue: Option<QueueId>,
        agent: Option<AgentId>,
    },
}

#[derive(Deserialize)]
struct AskedV1 {
    question: Question,
    two: bool,
    #[serde(with = "super::millis")]
    until: Instant,
}

impl From<Call> for crate::Call {
    fn from(old: Call) -> Self {
        let stage = match old.stage {
            StageV1::Menu => CallStage::Menu,
            StageV1::Waiting { queue, since, wait, over_capacity } => {
                let asked_in = over_capacity.then_some(0);
                CallStage::Waiting { queue, since, wait, asked_in, callback: false }
            }
            StageV1::Connected { queue, agent } => CallStage::Connected { queue, agent },
            StageV1::Left { queue } => CallStage::Left { queue },
            StageV1::Ended { reason, queue, agent } => CallStage::Ended { reason, queue, agent },
        };
        let asked = old.asked.map(|AskedV1 { question, two, until }| {
            // Where the chat would wait was not stored; the rules of the call's queue say it when the key is pressed.
            let by_text = stage.queue().filter(|_| two && question == Question::KeepWaiting);
            let offers = by_text.cloned().map(Alternative::PreSessionSms).into_iter().collect();
            Asked { question, offers, until }
        });
        Self {
            id: old.id,
            telephony_id: old.telephony_id,
            consumer: old.consumer,
            number: old.number,
            language: old.language,
            takes_texts: old.takes_texts,
            has_voicemail: false,
            seen: old.seen,
            started: old.started,
            sent: old.sent,
            stage,
            asked,
            chosen: None,
            deflection: old.deflection,
            wait_time: old.wait_time,
            app: old.app,
            entry_point: Channel::Ivr,
            instead: Vec::new(),
            slot: None,
            behind: chrono::TimeDelta::zero(),
        }
    }
}
