//! HTTP: webhooks, the API under `/api/v1`, its OpenAPI document, health, metrics, and the console.
#![expect(unused_qualifications, reason = "utoipa's macro spells the types of arguments again")]

mod access;
mod blocklist;
mod body_time;
mod calls;
mod chats;
mod compliance;
mod consent;
mod console;
mod contacts;
mod desk;
mod document;
mod error;
mod hours;
mod keys;
mod ledger;
mod lines;
mod lists;
mod live;
mod media;
mod menus;
mod names;
mod new_revocation;
mod operations;
mod outbound;
mod outbox;
mod pages;
mod registrations;
mod remarks;
mod revocations;
mod scrubs;
mod sessions;
mod simulator;
mod suspected;
mod views;
mod wait_times;
mod webhooks;

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request},
    http::header,
    middleware::Next,
    response::Response,
    routing::get,
};
use frontdesk::Engine;
use frontdesk_store_sqlite::ContactBook;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{net::TcpListener, sync::watch};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

pub(crate) use access::{Pace, Tokens, pace};
pub(crate) use operations::{Health, watch_what_waits};
pub(crate) use webhooks::Webhooks;

use crate::{
    connections::{self, Limits},
    live::Live,
    simulator::PhoneMedia,
    zones::CurrentZones,
};

/// The largest body that is taken, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// The largest body of a simulated text: a picture somewhat above the usual limit, in base64.
const MAX_PICTURE: usize = 8 * 1024 * 1024;

/// The largest list of consent: as many rows as are taken at once, with room for their wording.
const MAX_LIST: usize = 16 * 1024 * 1024;

/// The largest list of results of checks: a million rows.
const MAX_SCRUBS: usize = 80 * 1024 * 1024;

/// What every handler works with.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) engine: Arc<Engine>,
    pub(crate) contacts: ContactBook,
    pub(crate) health: Health,
    /// The names that this host is reached by, in lower case.
    pub(crate) names: Vec<String>,
    pub(crate) tokens: Tokens,
    /// How fast programs ask.
    pub(crate) pace: Pace,
    /// `None` without the auth token: then no webhook is taken.
    pub(crate) webhooks: Option<Webhooks>,
    pub(crate) live: Arc<Live>,
    pub(crate) metrics: PrometheusHandle,
    /// The time zones that were read with the configuration.
    pub(crate) zones: CurrentZones,
    /// The simulated phone, where texts go to it: what it has sent.
    pub(crate) phone: Option<Arc<PhoneMedia>>,
    /// How long a body may take, besides a second for every 8 KiB.
    pub(crate) body_time: Duration,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl App {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "frontdesk",
        description = "Agents, sessions and live updates of a contact center. Roles: an agent's token \
                       reaches that agent's own desk, a supervisor's sees everything and ends sessions, \
                       an admin's also acts for every agent."
    ),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Basic).build();
        components.add_security_scheme("basic", SecurityScheme::Http(scheme));
    }
}

/// Does what was asked to its end, also when the client has hung up meanwhile: a handler that is dropped
/// half-way would leave agents untold.
async fn to_its_end(request: Request, next: Next) -> Response {
    tokio::spawn(next.run(request)).await.unwrap_or_else(|_| error::panicked(Box::new(())))
}

/// The API's routes, and the document that describes them.
fn described() -> (Router<App>, utoipa::openapi::OpenApi) {
    let api = OpenApiRouter::new()
        .routes(routes!(desk::me))
        .routes(routes!(desk::agents))
        .routes(routes!(desk::set_status))
        .routes(routes!(desk::offers))
        .routes(routes!(desk::queues))
        .routes(routes!(desk::settings))
        .routes(routes!(hours::hours))
        .routes(routes!(hours::slots))
        .routes(routes!(menus::menu))
        .routes(routes!(blocklist::list))
        .routes(routes!(blocklist::block, blocklist::unblock))
        .routes(routes!(compliance::campaigns))
        .routes(routes!(compliance::stopped))
        .routes(routes!(compliance::numbers))
        .routes(routes!(remarks::list))
        .routes(routes!(suspected::list))
        .routes(routes!(ledger::head))
        .routes(routes!(ledger::make_head))
        .routes(routes!(ledger::report))
        .routes(routes!(ledger::erase))
        .routes(routes!(registrations::list))
        .routes(routes!(registrations::ask))
        .routes(routes!(consent::proofs))
        .routes(routes!(consent::import).layer(DefaultBodyLimit::max(MAX_LIST)))
        .routes(routes!(consent::profile, consent::set_profile))
        .routes(routes!(revocations::revoke, revocations::revocations))
        .routes(routes!(revocations::late))
        .routes(routes!(scrubs::import).layer(DefaultBodyLimit::max(MAX_SCRUBS)))
        .routes(routes!(scrubs::scrubs))
        .routes(routes!(calls::begin))
        .routes(routes!(calls::one))
        .routes(routes!(calls::happens))
        .routes(routes!(calls::app_link))
        .routes(routes!(sessions::list, sessions::begin))
        .routes(routes!(sessions::one))
        .routes(routes!(sessions::transcript))
        .routes(routes!(media::one))
        .routes(routes!(sessions::accept))
        .routes(routes!(sessions::acknowledge))
        .routes(routes!(sessions::decline))
        .routes(routes!(sessions::send))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::give_back))
        .routes(routes!(sessions::set_needs))
        .routes(routes!(chats::dismiss))
        .routes(routes!(chats::resume))
        .routes(routes!(chats::shown))
        .routes(routes!(chats::targets, chats::transfer))
        .routes(routes!(chats::end_transfer))
        .routes(routes!(chats::shortcuts))
        .routes(routes!(contacts::candidates))
        .routes(routes!(contacts::choose))
        .routes(routes!(contacts::add))
        .routes(routes!(operations::events))
        .routes(routes!(operations::dead_letters))
        .routes(routes!(outbox::list))
        .routes(routes!(lines::list))
        .routes(routes!(lines::outside))
        .routes(routes!(operations::retry))
        .routes(routes!(live::live))
        .routes(routes!(simulator::texts))
        .routes(routes!(simulator::text_in).layer(DefaultBodyLimit::max(MAX_PICTURE)));
    let hooks =
        OpenApiRouter::new().routes(routes!(webhooks::messages)).routes(routes!(webhooks::status));
    let programs = OpenApiRouter::new()
        .routes(routes!(outbound::sms))
        .routes(routes!(outbound::notification))
        .routes(routes!(outbound::resume))
        .routes(routes!(wait_times::wait_times));
    let outside = OpenApiRouter::new()
        .routes(routes!(operations::health))
        .routes(routes!(operations::metrics));
    let (router, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .nest("/api/v1", api)
        .nest("/apps/api/v1", programs)
        .nest("/webhooks/twilio", hooks)
        .merge(outside)
        .split_for_parts();
    document::complete(&mut document);
    (router, document)
}

/// The pages for an operator's own network, without a token.
fn operations_routes(app: App) -> Router {
    let (_, document) = described();
    let router = Router::new()
        .route("/health", get(operations::health))
        .route("/metrics", get(operations::rendered))
        .route("/openapi.json", get(|| async { Json(document) }));
    finished(router, app)
}

/// Every route.
fn routes(app: App) -> Router {
    let (router, document) = described();
    let router = router
        .route("/openapi.json", get(|_: access::Anybody| async { Json(document) }))
        .merge(console::routes());
    finished(router, app)
}

/// Serves every route, and the operator's pages where they have a listener of their own, until the host stops.
pub(crate) async fn serve(
    app: App,
    listener: TcpListener,
    operations: Option<TcpListener>,
    limits: Limits,
) {
    let stopping = app.stopping.clone();
    let inside = async {
        if let Some(listener) = operations {
            let routes = operations_routes(app.clone());
            connections::serve(listener, routes, limits, stopping.clone()).await;
        }
    };
    let public = connections::serve(listener, routes(app.clone()), limits, stopping.clone());
    tokio::join!(public, inside);
}

/// What holds for every route.
fn finished(router: Router<App>, app: App) -> Router {
    router
        .fallback(error::no_such_path)
        .method_not_allowed_fallback(error::no_such_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(axum::middleware::from_fn_with_state(app.clone(), body_time::limit))
        .layer(axum::middleware::from_fn_with_state(app.clone(), names::check))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(axum::middleware::from_fn(to_its_end))
        .layer(SetResponseHeaderLayer::overriding(
            header::X_CONTENT_TYPE_OPTIONS,
            header::HeaderValue::from_static("nosniff"),
        ))
        // Answers hold what consumers wrote: no cache keeps them.
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            header::HeaderValue::from_static("no-store"),
        ))
        .with_state(app)
}
