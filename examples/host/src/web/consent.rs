//! The consent ledger, and what else is known of consumers (DLC-3, DLC-4).

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use frontdesk::{
    ImportReceipt, Profile,
    tendlc::{Address, Programme, ProofSection},
    types::Instant,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::Caller,
    error::ApiError,
    lists::List,
    views::{Body, Done, Path, Query, consumer},
};
use crate::inputs;

/// What of a consumer's consent is asked for, and how.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Only what tells what holds for this campaign or number.
    programme: Option<String>,
    /// `json`, `text` for people, or `html`: a page to print.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    Html,
    #[default]
    Json,
    Text,
}

/// What a consumer agreed to and revoked, with wording, evidence and digests: a proof for each programme (supervisors). Nothing is told
/// of a history that is not what was entered.
#[utoipa::path(
    get, path = "/consumers/{number}/consent", tag = "compliance", params(("number" = String, Path), Asked),
    responses((status = 200, description = "The proofs", content_type = "application/json", body = Vec<Object>), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 500, body = ApiError))
)]
pub(super) async fn proofs(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    caller.supervises()?;
    let programme = asked.programme.as_deref().map(Programme::from);
    let consumer = consumer(&app, "number", &number)?;
    let proofs = app.engine.consent_proofs(consumer, programme.as_ref()).await?;
    if asked.format == Format::Json {
        return Ok(Json(proofs).into_response());
    }
    let center = app.engine.center();
    let title = format!("Consent of {consumer}");
    let mut document = center.proof_document(title, app.engine.now());
    if proofs.is_empty() {
        document.sections.push(ProofSection::nothing(consumer, programme.as_ref()));
    }
    let sections = proofs.into_iter().map(|proof| ProofSection::Proof(Box::new(proof)));
    document.sections.extend(sections);
    let (kind, body) = match asked.format {
        Format::Html => ("text/html; charset=utf-8", document.page().to_string()),
        Format::Json | Format::Text => ("text/plain; charset=utf-8", document.to_string()),
    };
    Ok(([(header::CONTENT_TYPE, kind)], body).into_response())
}

/// What became of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct Imported {
    /// So many rows were entered.
    entered: usize,
    /// So many were there already.
    known: usize,
}

/// The list that is imported.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportedFile {
    /// The name of the file, for the evidence: up to 200 characters.
    #[serde(default)]
    file: String,
}

/// The longest name of an imported file, in characters.
const LONGEST_FILE: usize = 200;

impl ImportedFile {
    /// The name, if it is not too long.
    pub(super) fn name(self) -> Result<String, ApiError> {
        let length = self.file.chars().count();
        if length > LONGEST_FILE {
            let told = format!("{length} characters; allowed are {LONGEST_FILE}");
            return Err(ApiError::field("file", told));
        }
        Ok(self.file)
    }
}

/// Takes in a list of consent as CSV (admins): `consumer`, `programme`, `consent`, `method`, `given`, `wording`, `evidence`, and if they
/// are known `form`, `ip`, `user_agent`, `entered_by`. Each entry keeps the name of the file (`?file=`), its SHA-256, its line, and the
/// token that brought it. One wrong row, and nothing of it is taken: every wrong row is told with its line. A consumer may stand there
/// with consent and revocations of different dates.
#[utoipa::path(
    post, path = "/consent", tag = "compliance", params(ImportedFile), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Imported), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 415, body = ApiError), (status = 503, body = ApiError))
)]
pub(super) async fn import(
    State(app): State<App>,
    caller: Caller,
    Query(file): Query<ImportedFile>,
    List(list): List,
) -> Result<Json<Imported>, ApiError> {
    caller.administers()?;
    let file = file.name()?;
    let ImportReceipt { entered, known } =
        app.engine.import_consent(&list, (&file, caller.name())).await?;
    Ok(Json(Imported { entered, known }))
}

/// What the gate is told of a consumer.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileJson {
    /// The state that they live in, and their zone where it is known: `{"state":"TX","zone":"America/Chicago"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    address: Option<Address>,
    /// When they last bought something.
    #[serde(
        default,
        deserialize_with = "inputs::some_instant",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    purchased: Option<Instant>,
}

/// What the gate was told of a consumer (supervisors).
#[utoipa::path(
    get, path = "/consumers/{number}", tag = "compliance", params(("number" = String, Path)),
    responses((status = 200, body = ProfileJson), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn profile(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
) -> Result<Json<ProfileJson>, ApiError> {
    caller.supervises()?;
    let Profile { address, purchased } =
        app.engine.profile(consumer(&app, "number", &number)?).await?;
    Ok(Json(ProfileJson { address, purchased }))
}

/// Tells the gate where a consumer lives and when they last bought something: quiet hours and caps go by it (supervisors).
#[utoipa::path(
    put, path = "/consumers/{number}", tag = "compliance", params(("number" = String, Path)), request_body = ProfileJson,
    responses((status = 204), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn set_profile(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
    Body(profile): Body<ProfileJson>,
) -> Done {
    caller.supervises()?;
    let ProfileJson { address, purchased } = profile;
    let profile = Profile { address, purchased };
    app.engine.set_profile(consumer(&app, "number", &number)?, profile).await?;
    Ok(StatusCode::NO_CONTENT)
}
