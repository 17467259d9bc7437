//! What providers report of texts: a report counts only for a text that left, on the line that it names.

use frontdesk_sms::Call;
use frontdesk_types::{Event, Fact, MessageId, SessionId};

use super::{DeliveryReport, Engine, EngineError, chat};
use crate::store::{EventQuery, Line, Record, SessionQuery};

/// A reply outside of a session's own messages is looked for in so many of the line's last sessions.
const SESSIONS: usize = 20;

impl Engine {
    /// Whether there is such a text on that line.
    pub(super) async fn check_report(&self, report: &DeliveryReport) -> Result<(), EngineError> {
        let DeliveryReport { id, line, .. } = report;
        let is_there = match id.session() {
            Some(session) => self.is_of_session(session, id, *line).await?,
            None => self.is_on_line(id, *line).await?,
        };
        if is_there { Ok(()) } else { Err(EngineError::UnknownText(id.clone())) }
    }

    async fn is_of_session(
        &self,
        session: SessionId,
        id: &MessageId,
        line: Line,
    ) -> Result<bool, EngineError> {
        let Some((own, _, stored)) = self.parts.store.load(&self.id, session).await? else {
            return Ok(false);
        };
        if own.consumer != line.consumer {
            return Ok(false);
        }
        if Call::is_stored(&stored.state) {
            // Beside a call, texts leave from several numbers: the log knows which.
            return self.was_sent(EventQuery::OfSession(session), id, line).await;
        }
        let sent = chat(&stored.state)?.sent();
        Ok(own == line && id.number_in(session).is_some_and(|number| (1..=sent).contains(&number)))
    }

    async fn is_on_line(&self, id: &MessageId, line: Line) -> Result<bool, EngineError> {
        if self.was_sent(EventQuery::OfLine(line), id, line).await? {
            return Ok(true);
        }
        // HELP during a session is answered there.
        let query = SessionQuery { line: Some(line), limit: SESSIONS, ..SessionQuery::default() };
        for row in self.parts.store.sessions(&self.id, query).await? {
            if self.was_sent(EventQuery::OfSession(row.id), id, line).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn was_sent(
        &self,
        query: EventQuery,
        id: &MessageId,
        line: Line,
    ) -> Result<bool, EngineError> {
        let records = self.parts.store.events(&self.id, query).await?;
        let is_it = |event: &Event| matches!(&event.fact, Fact::OutboundMessage { id: sent, .. } if sent == id);
        let of_line = |record: &&Record| record.subject.line == Some(line);
        Ok(records.iter().filter(of_line).flat_map(|record| &record.events).any(is_it))
    }
}
