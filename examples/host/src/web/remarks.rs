//! What the gate remarked of texts that left all the same (DLC-5).

use axum::{Json, extract::State};
use chrono::SecondsFormat;
use frontdesk::{RemarkedText, types::Remark};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::Caller,
    error::ApiError,
    views::{Ends, Query},
};

/// Maximum rows of a page.
const LIMIT: usize = 200;

/// Which page is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// `next` of the page before; without it, the newest.
    after: Option<String>,
    /// Maximum number of texts: 50 without, 200 at the most.
    limit: Option<usize>,
}

impl Page {
    /// The number of rows that are asked for.
    pub(super) fn limit(&self) -> Result<usize, ApiError> {
        let limit = self.limit.unwrap_or(50);
        if (1..=LIMIT).contains(&limit) {
            return Ok(limit);
        }
        let message = format!("found {limit}, allowed are 1 to {LIMIT}");
        Err(ApiError::field("limit", message))
    }

    /// The key that the page follows.
    pub(super) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The rows of a page, and the key of the last if there are more.
    pub(super) fn cut<T>(mut found: Vec<(String, T)>, limit: usize) -> (Vec<T>, Option<String>) {
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(key, _)| key.clone());
        (found.into_iter().map(|(_, row)| row).collect(), next)
    }
}

/// A page of texts that left with remarks.
#[derive(Serialize, ToSchema)]
pub(super) struct RemarkedPage {
    /// The texts, newest first.
    texts: Vec<RemarkedJson>,
    /// `after` of the next page; nothing where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A text that left although the gate remarked something of it.
#[derive(Serialize, ToSchema)]
pub(super) struct RemarkedJson {
    /// The message; the event `outbound_message` of this id has its words.
    id: String,
    #[serde(flatten)]
    ends: Ends,
    /// When the provider took it.
    at: String,
    /// What was remarked.
    remarks: Vec<RemarkJson>,
}

/// A remark of the gate.
#[derive(Serialize, ToSchema)]
pub(super) struct RemarkJson {
    /// The id of the rule.
    rule: String,
    /// The category, as exceptions name it; of a rule without categories, its id.
    category: String,
    /// In words, without those of the text.
    reason: String,
    /// The words of the text that show it.
    words: Vec<String>,
}

impl From<Remark> for RemarkJson {
    fn from(Remark { rule, category, reason, words }: Remark) -> Self {
        Self { rule, category, reason, words }
    }
}

/// Texts of the last 92 days that left although the gate remarked something of them: probable findings of content, and advertising
/// that was sent as something else. Newest first (supervisors).
#[utoipa::path(
    get, path = "/compliance/remarks", tag = "compliance", params(Page),
    responses((status = 200, body = RemarkedPage), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<Json<RemarkedPage>, ApiError> {
    caller.supervises()?;
    let limit = page.limit()?;
    let found = app.engine.remarked_texts(page.after(), limit + 1).await?;
    let (found, next) = Page::cut(found, limit);
    let show = |text: RemarkedText| RemarkedJson {
        id: text.id.to_string(),
        ends: Ends::of(text.line, caller.sees_numbers),
        at: text.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        remarks: text.remarks.into_iter().map(RemarkJson::from).collect(),
    };
    Ok(Json(RemarkedPage { texts: found.into_iter().map(show).collect(), next }))
}
