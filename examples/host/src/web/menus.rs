//! The menus, for telephonies and pages that show them (RTE-1).

use axum::{Json, extract::State};
use frontdesk::{
    Center,
    routing::Tree,
    types::{Channel, Language, QueueId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::Anybody,
    error::ApiError,
    views::{Path, Query},
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// One of the center's languages, the default one without.
    #[param(value_type = Option<String>)]
    lang: Option<Language>,
}

/// A node of a menu.
#[derive(Serialize, ToSchema)]
pub(super) struct NodeJson {
    #[schema(value_type = String)]
    id: QueueId,
    /// In the language asked for, or the best there is.
    name: String,
    /// Not told; its number, transfers and deflections reach it.
    hidden: bool,
    /// What is below it, in order; nothing where consumers wait.
    #[schema(no_recursion)]
    options: Vec<Self>,
}

/// The menu of a channel, `sms` or `ivr`, in a language.
#[utoipa::path(
    get, path = "/menus/{channel}", tag = "desk", params(("channel" = String, Path), Which),
    responses((status = 200, body = Vec<NodeJson>), (status = 400, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn menu(
    State(app): State<App>,
    _: Anybody,
    Path(channel): Path<Channel>,
    Query(Which { lang }): Query<Which>,
) -> Result<Json<Vec<NodeJson>>, ApiError> {
    let center = app.engine.center();
    let language = lang.unwrap_or_else(|| center.default_language());
    if !center.languages().contains(&language) {
        return Err(ApiError::field("lang", format!("`{language}` is not spoken here")));
    }
    let Some(tree) = center.menu(channel, language) else {
        return Err(ApiError::not_found("the channel has no menu here"));
    };
    let top = tree.ids().filter(|id| tree.node(id).is_some_and(|node| node.parent.is_none()));
    Ok(Json(top.map(|id| node(&center, tree, id, language)).collect()))
}

fn node(center: &Center, tree: &Tree, id: &QueueId, language: Language) -> NodeJson {
    NodeJson {
        id: id.clone(),
        name: center.queue_name_in(id, language).unwrap_or(id.as_str()).to_owned(),
        hidden: tree.node(id).is_some_and(|node| node.hidden),
        options: tree.children(id).iter().map(|id| node(center, tree, id, language)).collect(),
    }
}
