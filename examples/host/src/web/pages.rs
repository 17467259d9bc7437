//! Pages of lists, and how many rows a request may ask for.

use serde::Deserialize;
use utoipa::IntoParams;

use super::error::ApiError;

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
        limited(self.limit, 50, LIMIT)
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

/// The number of rows that a request asks for, from 1 to `most`.
pub(super) fn limited(asked: Option<usize>, usual: usize, most: usize) -> Result<usize, ApiError> {
    let limit = asked.unwrap_or(usual);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(ApiError::field("limit", format!("found {limit}, allowed are 1 to {most}")))
}
