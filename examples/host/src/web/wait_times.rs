//! How long consumers wait, for programs (RTE-12).

use axum::{Json, extract::State};
use frontdesk::{
    WaitView,
    types::{Channel, Language, QueueId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{App, access::Program, error::MessageError};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// A node of the menu: the answer is for it and what is below it. Everything without.
    queue: Option<String>,
    /// `sms` or `Messaging (SMS)`, the channel there is.
    channel: Option<String>,
    /// One of the center's languages, the default one without: the queues of its menu.
    lang: Option<String>,
}

/// The wait in a queue.
#[derive(Serialize, ToSchema)]
pub(super) struct WaitJson {
    #[schema(value_type = String)]
    queue: QueueId,
    name: String,
    channel: &'static str,
    #[schema(value_type = String)]
    lang: Language,
    /// Seconds; null when nobody knows: too few chats were handled yet, or nobody is there.
    estimated_wait_time: Option<i64>,
    /// In seconds. The range from here to `at_most` should hold five waits of six.
    at_least: Option<i64>,
    /// In seconds, as `at_least`.
    at_most: Option<i64>,
    /// How many wait.
    waiting: usize,
    agents_logged_in: usize,
    /// How many could take a chat now.
    agents_available: usize,
}

/// How long a consumer waits who comes now, for each queue of a part of the menu.
#[utoipa::path(
    get, path = "/wait_times", tag = "outbound", security(("basic" = [])), params(Which),
    responses(
        (status = 200, body = Vec<WaitJson>), (status = 400, body = MessageError),
        (status = 401, body = MessageError), (status = 429, body = MessageError)
    )
)]
pub(super) async fn wait_times(
    State(app): State<App>,
    _: Program,
    which: Result<axum::extract::Query<Which>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Vec<WaitJson>>, MessageError> {
    let axum::extract::Query(which) =
        which.map_err(|error| MessageError::bad(error.body_text()))?;
    let center = app.engine.center();
    if let Some(channel) = &which.channel
        && !["sms", "messaging (sms)"].contains(&channel.to_lowercase().as_str())
    {
        let message = format!("channel `{channel}` has no queues here; there is sms");
        return Err(MessageError::bad(message));
    }
    let lang = match &which.lang {
        None => center.default_language(),
        Some(text) => {
            let known = text.parse().ok().filter(|lang| center.languages().contains(lang));
            let all = || {
                center.languages().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            };
            known.ok_or_else(|| {
                MessageError::bad(format!("lang `{text}` is not spoken here; there are {}", all()))
            })?
        }
    };
    let below = match &which.queue {
        None => None,
        Some(text) => {
            let known = text.parse().ok().filter(|id| center.tree().node(id).is_some());
            let unknown = || MessageError::bad(format!("there is no queue `{text}`"));
            Some(known.ok_or_else(unknown)?)
        }
    };
    let json = |view: WaitView| WaitJson {
        queue: view.queue.id,
        name: view.queue.name,
        channel: "sms",
        lang,
        estimated_wait_time: view.wait.map(|wait| wait.likely.num_seconds()),
        at_least: view.wait.map(|wait| wait.at_least.num_seconds()),
        at_most: view.wait.map(|wait| wait.at_most.num_seconds()),
        waiting: view.queue.waiting,
        agents_logged_in: view.queue.logged_in,
        agents_available: view.queue.free,
    };
    let menu = center.menu(Channel::Sms, lang);
    let in_menu = |view: &WaitView| menu.is_some_and(|menu| menu.node(&view.queue.id).is_some());
    let waits = app.engine.wait_times(below.as_ref()).into_iter();
    Ok(Json(waits.filter(in_menu).map(json).collect()))
}
