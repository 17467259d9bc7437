use frontdesk_types::{EndReason, Instant, Language, Media, QueueId, SessionId};
use serde::{Deserialize, Serialize};

/// Something to write on a contact's record (CRM-2).
///
/// ```json
/// {"key":"1042-crm-1","session":1042,"at":"2026-11-21T15:00:00Z","kind":"connected","language":"en","queue":"billing"}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The idempotency key: the same key is the same post.
    pub key: String,
    /// The session.
    pub session: SessionId,
    /// When it happened.
    pub at: Instant,
    /// What happened.
    #[serde(flatten)]
    pub kind: PostKind,
}

/// The kinds of posts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum PostKind {
    /// An agent was connected.
    Connected {
        /// The session's language.
        language: Language,
        /// The queue it waited in.
        queue: QueueId,
    },
    /// The session ended.
    Ended {
        /// Why.
        reason: EndReason,
        /// Every message from consumer, agent and system, as text.
        transcript: String,
        /// The consumer's pictures and videos.
        media: Vec<Media>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_are_read_and_written() {
        let json = r#"{"key":"1042-crm-1","session":1042,"at":"2026-11-21T15:00:00Z","kind":"connected","language":"en","queue":"billing"}"#;
        let post: Post = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&post).unwrap(), json);
    }
}
