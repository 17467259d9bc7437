//! Lists that are imported: CSV, in UTF-8.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};

use super::{App, error::ApiError};

/// The text of a list.
pub(super) struct List(pub(super) String);

impl FromRequest<App> for List {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        if !kind.and_then(|kind| kind.to_str().ok()).is_some_and(is_csv) {
            let told = "a list is CSV in UTF-8: send it with `Content-Type: text/csv`";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_type", told));
        }
        let list = Bytes::from_request(request, app).await?;
        let text = String::from_utf8(Vec::from(list)).map_err(|error| {
            let place = error.utf8_error().valid_up_to() + 1;
            ApiError::field("list", format!("byte {place} is no UTF-8: save the file in UTF-8"))
        })?;
        Ok(Self(text))
    }
}

/// Whether a content type is that of a CSV in UTF-8.
fn is_csv(kind: &str) -> bool {
    let mut parts = kind.split(';').map(str::trim);
    let is_csv = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/csv"));
    let charset = parts.filter_map(|part| part.split_once('=')).find_map(|(name, value)| {
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    });
    let is_utf_8 = |charset: &str| {
        ["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known))
    };
    is_csv && charset.is_none_or(is_utf_8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dlc_3_a_list_is_csv_in_utf_8() {
        for good in ["text/csv", "Text/CSV; header=present", "text/csv;charset=\"UTF-8\""] {
            assert!(is_csv(good), "{good}");
        }
        for wrong in ["", "text/plain", "application/json", "text/csv; charset=utf-16"] {
            assert!(!is_csv(wrong), "{wrong}");
        }
    }
}
