//! The OpenAPI document, completed: what every operation of a kind can answer is added in one place.

use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    path::{Operation, ParameterIn},
};

use super::names::PROTECTED;

/// An error of the API, and of the Outbound SMS API.
const API_ERROR: &str = "ApiError";
const MESSAGE_ERROR: &str = "MessageError";

/// Adds the answers that follow from what an operation takes, where the operation does not describe them itself.
pub(super) fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let operations =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            let schema = if path.starts_with("/apps/") { MESSAGE_ERROR } else { API_ERROR };
            for (status, description) in answers(path, operation) {
                let responses = &mut operation.responses.responses;
                responses
                    .entry(status.to_owned())
                    .or_insert_with(|| described(description, schema));
            }
        }
    }
}

/// The statuses that an operation can answer because of what it takes.
fn answers(path: &str, operation: &Operation) -> Vec<(&'static str, &'static str)> {
    let open = operation.security.as_ref().is_some_and(|all| all.iter().all(is_nothing));
    let takes = |place: ParameterIn| {
        let mut parameters = operation.parameters.iter().flatten();
        parameters.any(|one| matches!(one, RefOr::T(one) if one.parameter_in == place))
    };
    let (takes_path, takes_query) = (takes(ParameterIn::Path), takes(ParameterIn::Query));
    let mut answers = vec![("503", "Nothing was changed; try again later")];
    if !open {
        answers.push(("401", "The token or credential is missing, wrong, or has expired"));
        if !path.starts_with("/apps/") {
            answers.push(("403", "The token is of a role that may not do this"));
        }
    }
    if takes_path {
        answers.push(("404", "There is no such thing"));
    }
    if takes_path || takes_query {
        answers.push(("400", "A field is missing or malformed"));
    }
    if operation.request_body.is_some() {
        answers.push(("400", "A field is missing or malformed"));
        answers.push(("408", "The body came too slowly"));
        answers.push(("413", "The body is too large"));
        answers.push(("415", "The body is of another type"));
    }
    if !PROTECTED.iter().any(|start| path.starts_with(start)) {
        answers.push(("421", "This host has another name"));
    }
    answers
}

/// Whether a requirement asks for nothing.
fn is_nothing(requirement: &utoipa::openapi::security::SecurityRequirement) -> bool {
    serde_json::to_value(requirement).is_ok_and(|value| value == serde_json::json!({}))
}

fn described(description: &str, schema: &str) -> RefOr<Response> {
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name(schema))));
    let response = ResponseBuilder::new().description(description);
    RefOr::T(response.content("application/json", content).build())
}
