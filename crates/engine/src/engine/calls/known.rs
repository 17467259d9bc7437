//! Calls that the telephony tells of again.

use frontdesk_sms::Call;
use frontdesk_types::{CallId, SessionId};

use crate::{
    engine::{Engine, EngineError},
    store::{Line, SessionQuery},
};

/// The most sessions of a line that are looked through.
const LAST_SESSIONS: usize = 16;

impl Engine {
    /// The session of a call, if it is one of the line's last.
    pub(super) async fn told_before(
        &self,
        line: Line,
        call: &CallId,
    ) -> Result<Option<SessionId>, EngineError> {
        let query = SessionQuery { line: Some(line), limit: LAST_SESSIONS, ..Default::default() };
        for row in self.parts.store.sessions(&self.id, query).await? {
            let Some((_, _, stored)) = self.parts.store.load(&self.id, row.id).await? else {
                continue;
            };
            if Call::from_stored(&stored.state).is_ok_and(|told| told.telephony_id() == call) {
                return Ok(Some(row.id));
            }
        }
        Ok(None)
    }
}
