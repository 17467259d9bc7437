//! Remarks of the gate about texts that left all the same (DLC-5).

use axum::{Json, extract::State};
use chrono::SecondsFormat;
use frontdesk::{RemarkedText, types::Remark};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App,
    access::Caller,
    error::ApiError,
    pages::Page,
    views::{Ends, Query},
};

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
    /// The remarks.
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
