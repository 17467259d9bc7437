//! Inputs as JSON, for `replay` and `chat`.

use chrono::{Datelike, Timelike};
use frontdesk::{
    Engine, EngineError, Inbound,
    types::{AgentId, AgentStatus, Instant, Media, PhoneNumber, SessionId, SupportNumber},
};
use serde::{Deserialize, Deserializer, de::Error as _};

/// The years that instants from outside lie in, the last one not included: calendars, zones and sums of durations hold for them.
const YEARS: std::ops::Range<i32> = 1970..2200;

/// An instant from outside, if calendars can work with it.
pub(crate) fn in_range(at: Instant) -> Result<Instant, String> {
    if at.nanosecond() >= 1_000_000_000 {
        Err("no minute has a second 60 here".to_owned())
    } else if YEARS.contains(&at.year()) {
        Ok(at)
    } else {
        Err(format!("allowed are instants of the years {} to {}", YEARS.start, YEARS.end - 1))
    }
}

/// Reads an instant from outside.
pub(crate) fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
    in_range(Instant::deserialize(from)?).map_err(D::Error::custom)
}

/// Reads an instant from outside, if there is one.
pub(crate) fn some_instant<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Instant>, D::Error> {
    let at = Option::<Instant>::deserialize(from)?;
    at.map(in_range).transpose().map_err(D::Error::custom)
}

/// Something that happens at an instant.
///
/// ```json
/// {"at":"2026-11-21T15:00:00Z","input":"text","id":"SM1","from":"+12025550123","to":"+12025550100","body":"Hello"}
/// {"at":"2026-11-21T15:00:01Z","input":"status","agent":"ana","status":"available"}
/// {"at":"2026-11-21T15:00:02Z","input":"accept","agent":"ana","session":1}
/// {"at":"2026-11-21T15:00:02Z","input":"decline","agent":"ana","session":1}
/// {"at":"2026-11-21T15:00:02Z","input":"acknowledge","agent":"ana","session":1}
/// {"at":"2026-11-21T15:00:03Z","input":"send","agent":"ana","session":1,"body":"Hi"}
/// {"at":"2026-11-21T15:00:04Z","input":"end","agent":"ana","session":1}
/// {"at":"2026-11-21T16:00:00Z","input":"time"}
/// ```
#[derive(Debug, Deserialize)]
pub(crate) struct Timed {
    #[serde(deserialize_with = "instant")]
    pub(crate) at: Instant,
    #[serde(flatten)]
    pub(crate) input: Act,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
pub(crate) enum Act {
    Accept { agent: AgentId, session: SessionId },
    Acknowledge { agent: AgentId, session: SessionId },
    Decline { agent: AgentId, session: SessionId },
    End { agent: AgentId, session: SessionId },
    Return { agent: AgentId, session: SessionId },
    Send { agent: AgentId, session: SessionId, body: String },
    Status { agent: AgentId, status: AgentStatus },
    Text(TextAct),
    Time,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TextAct {
    id: String,
    from: PhoneNumber,
    to: SupportNumber,
    #[serde(default)]
    body: String,
    #[serde(default)]
    media: Vec<Media>,
}

/// Does it, and everything that follows from it now.
pub(crate) async fn apply(engine: &Engine, act: Act) -> Result<(), EngineError> {
    // What was due before comes first, as a host with a prompt loop would have done.
    engine.settle().await?;
    match act {
        Act::Accept { agent, session } => engine.accept(session, &agent).await?,
        Act::Acknowledge { agent, session } => engine.acknowledge(session, &agent).await?,
        Act::Decline { agent, session } => engine.decline(session, &agent).await?,
        Act::End { agent, session } => engine.end(session, &agent).await?,
        Act::Return { agent, session } => engine.give_back(session, &agent).await?,
        Act::Send { agent, session, body } => engine.send(session, &agent, body).await?,
        Act::Status { agent, status } => engine.set_status(&agent, status).await?,
        Act::Text(TextAct { id, from, to, body, media }) => {
            let inbound = Inbound {
                provider: "replay".into(),
                id,
                from,
                to,
                body,
                media,
                answered_by_provider: false,
            };
            engine.receive(inbound).await?;
        }
        Act::Time => {}
    }
    engine.settle().await
}
