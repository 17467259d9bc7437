//! Contacts of the embedded book, and the choice between several (CRM-1).

use axum::{Json, extract::State, http::StatusCode};
use frontdesk::{
    ContactChoice,
    crm::Contact,
    types::{ContactId, SessionId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App,
    access::Caller,
    error::ApiError,
    views::{Body, Done, Path},
};

/// A contact.
#[derive(Serialize, ToSchema)]
pub(super) struct ContactJson {
    #[schema(value_type = String)]
    id: ContactId,
    name: String,
}

impl From<Contact> for ContactJson {
    fn from(contact: Contact) -> Self {
        Self { id: contact.id, name: contact.name }
    }
}

/// The contacts that the agent of a session must choose from; empty when there is nothing to choose.
#[utoipa::path(
    get, path = "/sessions/{session}/contacts", tag = "contacts", params(("session" = u64, Path)),
    responses((status = 200, body = Vec<ContactJson>), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn candidates(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
) -> Result<Json<Vec<ContactJson>>, ApiError> {
    caller.sees(&app, session).await?;
    let found = app.engine.contact_candidates(session).await?;
    Ok(Json(found.into_iter().map(ContactJson::from).collect()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    /// One of the candidates; `null` makes a new contact.
    #[schema(value_type = Option<String>)]
    contact: Option<ContactId>,
}

/// Chooses the contact of a session.
#[utoipa::path(
    put, path = "/sessions/{session}/contact", tag = "contacts", request_body = Choice,
    params(("session" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn choose(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    Body(choice): Body<Choice>,
) -> Done {
    caller.sees(&app, session).await?;
    let choice = choice.contact.map_or(ContactChoice::New, ContactChoice::Existing);
    app.engine.choose_contact(session, choice).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewContact {
    name: String,
    /// In any spelling.
    number: String,
}

/// Adds a contact to the embedded book (admin).
#[utoipa::path(
    post, path = "/contacts", tag = "contacts", request_body = NewContact,
    responses((status = 201, body = ContactJson), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Body(new): Body<NewContact>,
) -> Result<(StatusCode, Json<ContactJson>), ApiError> {
    caller.administers()?;
    for (field, value) in [("name", &new.name), ("number", &new.number)] {
        if value.trim().is_empty() || value.len() > 200 {
            return Err(ApiError::field(field, "allowed are 1 to 200 bytes"));
        }
    }
    let contact = app.contacts.add(&new.name, &new.number).await?;
    Ok((StatusCode::CREATED, Json(contact.into())))
}
