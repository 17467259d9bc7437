//! The stored form of version 1: before dismissal, transfers and sessions that the center begins.

use frontdesk_types::{
    AgentId, EndReason, Instant, Language, PhoneNumber, QueueId, SessionId, SessionType,
    SupportNumber,
};
use serde::Deserialize;

use crate::session::{Chat, Held, Stage};

#[derive(Deserialize)]
pub(super) struct Session {
    id: SessionId,
    consumer: PhoneNumber,
    support_number: SupportNumber,
    home: QueueId,
    language: Language,
    #[serde(with = "super::millis")]
    seen: Instant,
    #[serde(with = "super::millis")]
    started: Instant,
    sent: u32,
    stage: StageV1,
}

#[derive(Deserialize)]
enum StageV1 {
    Selecting {
        node: QueueId,
        tries: u8,
        #[serde(with = "super::millis")]
        deadline: Instant,
    },
    Queued {
        queue: QueueId,
        #[serde(with = "super::millis")]
        since: Instant,
        #[serde(with = "super::optional_millis")]
        deadline: Option<Instant>,
        chat: Option<Chat>,
    },
    Assigned {
        queue: QueueId,
        #[serde(with = "super::millis")]
        since: Instant,
        agent: AgentId,
        #[serde(with = "super::optional_millis")]
        deadline: Option<Instant>,
        chat: Chat,
    },
    Ended {
        reason: EndReason,
    },
}

impl From<Session> for crate::Session {
    fn from(old: Session) -> Self {
        let connected =
            matches!(old.stage, StageV1::Assigned { .. } | StageV1::Queued { chat: Some(_), .. });
        let stage = match old.stage {
            StageV1::Selecting { node, tries, deadline } => {
                Stage::Selecting { node, tries, deadline }
            }
            StageV1::Queued { queue, since, deadline, chat } => {
                Stage::Queued { queue, since, deadline, chat }
            }
            StageV1::Assigned { queue, since, agent, deadline, chat } => Stage::Assigned(Held {
                queue,
                since,
                agent,
                chat,
                timeout: deadline,
                dismissal: None,
                warning: None,
                response: None,
                open: false,
                choices: Vec::new(),
            }),
            StageV1::Ended { reason } => Stage::Ended { reason },
        };
        Self {
            id: old.id,
            consumer: old.consumer,
            support_number: old.support_number,
            kind: SessionType::Inbound,
            home: old.home,
            language: old.language,
            seen: old.seen,
            started: old.started,
            sent: old.sent,
            transfers: 0,
            connected,
            wrote_since_dismissal: true,
            stage,
            needs: None,
            behind: chrono::TimeDelta::zero(),
        }
    }
}
