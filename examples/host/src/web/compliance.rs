//! How campaigns do, and what the gate has stopped (DLC-5, DLC-6).

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use frontdesk::{
    Activation, CampaignHealth, StoppedText,
    tendlc::{Day, Limit, Meter, Route, Span},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{App, access::Caller, error::ApiError, views::Ends};

/// How a campaign does, or a number that belongs to none.
#[derive(Serialize, ToSchema)]
pub(super) struct CampaignJson {
    /// The campaign's id, or the number.
    programme: String,
    /// `active`, `pending`, `rejected`, `suspended`, `expired`.
    status: String,
    /// What it sends from.
    numbers: Vec<String>,
    /// What of its limits is used now.
    usage: Vec<UsageJson>,
    /// Day by day of the Pacific, oldest first; only days on which something happened.
    days: Vec<DayJson>,
}

/// A limit, and how much of it is used.
#[derive(Serialize, ToSchema)]
pub(super) struct UsageJson {
    /// Who counts: `AT&T, campaign`, `T-Mobile, brand` and the like.
    of: String,
    /// Segments that left.
    used: u32,
    /// Segments that may.
    most: u32,
    /// In which time: `minute`, or `pacific_day`.
    #[schema(value_type = String)]
    span: Span,
}

/// A day of a campaign.
#[derive(Serialize, ToSchema)]
pub(super) struct DayJson {
    /// Which.
    date: String,
    sent: u64,
    delivered: u64,
    failed: u64,
    held: u64,
    opted_out: u64,
    opted_in: u64,
    /// Of a thousand texts that left; nothing where fewer than 100 did.
    opt_outs_per_thousand: Option<f64>,
    /// Refused by the gate, or when they were asked for, by rule.
    refused: BTreeMap<String, u64>,
    /// Left with a remark, by category.
    remarked: BTreeMap<String, u64>,
}

/// A text that is held, or was refused.
#[derive(Serialize, ToSchema)]
pub(super) struct StoppedJson {
    /// The message; nothing where the text was refused when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The agent or credential whose request was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(flatten)]
    ends: Ends,
    /// When that was decided.
    at: String,
    /// Until when it is held; nothing where it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// Every reason, in words.
    reasons: Vec<String>,
}

impl From<(Limit, u32)> for UsageJson {
    fn from((limit, used): (Limit, u32)) -> Self {
        let of = match &limit.meter {
            Meter::AttCampaign(_) => "AT&T, campaign".to_owned(),
            Meter::AttCampaignMedia(_) => "AT&T, pictures of the campaign".to_owned(),
            Meter::AttNumber(number) => format!("AT&T, {number}"),
            Meter::AttNumberMedia(number) => format!("AT&T, pictures of {number}"),
            Meter::CarrierNumber(carrier, number) => format!("{}, {number}", carrier.name()),
            Meter::CarrierNumberMedia(carrier, number) => {
                format!("{}, pictures of {number}", carrier.name())
            }
            Meter::Number(number) => number.to_string(),
            Meter::TMobileBrand(_) => "T-Mobile, brand".to_owned(),
            Meter::TMobileCampaign(_) => "T-Mobile, campaign".to_owned(),
        };
        Self { of, used, most: limit.most, span: limit.span }
    }
}

impl DayJson {
    fn of(date: impl ToString, day: &Day) -> Self {
        Self {
            date: date.to_string(),
            sent: day.sent,
            delivered: day.delivered,
            failed: day.failed,
            held: day.held,
            opted_out: day.opted_out,
            opted_in: day.opted_in,
            opt_outs_per_thousand: day.opt_outs_per_thousand(),
            refused: day.refused.clone(),
            remarked: day.remarked.clone(),
        }
    }
}

impl From<CampaignHealth> for CampaignJson {
    fn from(campaign: CampaignHealth) -> Self {
        Self {
            programme: campaign.programme.to_string(),
            status: campaign.status.to_string(),
            numbers: campaign.numbers.iter().map(ToString::to_string).collect(),
            usage: campaign.usage.into_iter().map(UsageJson::from).collect(),
            days: campaign.health.days().map(|(date, day)| DayJson::of(date, day)).collect(),
        }
    }
}

/// How every campaign does, and every number by itself that has sent something: its limits and what of them is used, and its last 92 days
/// (supervisors).
#[utoipa::path(
    get, path = "/compliance/campaigns", tag = "compliance",
    responses((status = 200, body = Vec<CampaignJson>), (status = 403, body = ApiError))
)]
pub(super) async fn campaigns(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<CampaignJson>>, ApiError> {
    caller.supervises()?;
    let all = app.engine.campaign_health().await?;
    Ok(Json(all.into_iter().map(CampaignJson::from).collect()))
}

/// Whether texts of a number are enabled, and by what (DLC-8).
#[derive(Serialize, ToSchema)]
pub(super) struct ActivationJson {
    number: String,
    /// `ten_dlc`, `toll_free`, `short_code`, `sms_only`; nothing where it cannot be enabled.
    #[schema(value_type = Option<String>)]
    route: Option<Route>,
    /// Why it cannot be enabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The campaign that it sends for.
    campaign: Option<String>,
    /// `active`, `pending`, `rejected`, `suspended`, `expired`.
    status: String,
}

/// Every number of the center: by what texts of it are enabled, and where that stands (supervisors).
#[utoipa::path(
    get, path = "/compliance/numbers", tag = "compliance",
    responses((status = 200, body = Vec<ActivationJson>), (status = 403, body = ApiError))
)]
pub(super) async fn numbers(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<ActivationJson>>, ApiError> {
    caller.supervises()?;
    let show = |one: Activation| ActivationJson {
        number: one.number.to_string(),
        route: one.route.ok(),
        reason: one.route.err().map(|why| why.to_string()),
        campaign: one.campaign.map(|campaign| campaign.to_string()),
        status: one.status.to_string(),
    };
    Ok(Json(app.engine.activations().into_iter().map(show).collect()))
}

/// Texts that the gate holds back, and those that it refused lately, or that were refused when an agent or program asked for them
/// (`by`), newest first, at most 200 (supervisors).
#[utoipa::path(
    get, path = "/compliance/stopped", tag = "compliance",
    responses((status = 200, body = Vec<StoppedJson>), (status = 403, body = ApiError))
)]
pub(super) async fn stopped(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<StoppedJson>>, ApiError> {
    caller.supervises()?;
    let instant =
        |at: frontdesk::types::Instant| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let show = |text: StoppedText| StoppedJson {
        id: text.id.map(|id| id.to_string()),
        by: text.by,
        ends: Ends::of(text.line, caller.sees_numbers),
        at: instant(text.at),
        until: text.until.map(instant),
        reasons: text.reasons,
    };
    Ok(Json(app.engine.stopped_texts().await?.into_iter().map(show).collect()))
}
