//! Revocations that consumers give elsewhere than in a text (DLC-3).

use axum::{Json, extract::State};
use chrono::SecondsFormat;
use frontdesk::{
    EnteredRevocation, LateRevocation,
    tendlc::{Evidence, GivenRevocation, Programme, RevocationChannel, Standing},
    types::Instant,
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    App,
    access::{Caller, entered_through},
    error::ApiError,
    new_revocation::{self, Asked},
    views::{Body, Path, consumer},
};

/// Maximum rows of the list of late revocations.
const LATE: usize = 200;

/// A revocation that reached the sender by mail, by phone or in another way.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read field by field; this is for the document")]
pub(super) struct NewRevocation {
    /// A campaign or number of the center; without it, every programme.
    programme: Option<String>,
    /// `email`, `in_person`, `list`, `mail`, `phone` or `web`.
    #[schema(value_type = String)]
    channel: RevocationChannel,
    /// When it reached the sender: an instant, or a date, which is its first instant in UTC. Not in the future.
    #[schema(value_type = String)]
    given: Instant,
    /// The consumer's own words, where they are known, up to 4,096 characters.
    wording: Option<String>,
    /// The proof of it: a text, like a letter's number, or an object of `reference`, `form`, `entered_by` (the ledger adds the
    /// holder of the token) and the like.
    #[schema(value_type = Object)]
    evidence: Evidence,
}

/// A revocation, as the ledger has it.
#[derive(Serialize, ToSchema)]
pub(super) struct RevocationJson {
    /// The programme that consent to is taken back.
    programme: String,
    /// `email`, `in_person`, `list`, `mail`, `phone` or `web`.
    channel: &'static str,
    /// When it was given.
    given: String,
    /// When it was entered: from then on nothing leaves, unless consent was given after it.
    entered: String,
    /// The last day on which it may take effect: ten business days after it was given (47 CFR 64.1200(a)(10)). Missing for days
    /// before there was such a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    /// Whether it was entered by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_time: Option<bool>,
    /// Calendar days after that day; 0 in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    days_late: Option<u32>,
    /// Whether this request has entered it; false where it was there already.
    new: bool,
    /// The standing now: `opted_out`, or for example `agreed`, where consent was given after it.
    #[schema(value_type = String)]
    standing: Standing,
}

fn instant(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl From<EnteredRevocation> for RevocationJson {
    fn from(revocation: EnteredRevocation) -> Self {
        let EnteredRevocation { programme, channel, given, entered, clock, is_new, standing } =
            revocation;
        Self {
            programme: programme.to_string(),
            channel: channel.word(),
            given: instant(given),
            entered: instant(entered),
            due: clock.map(|clock| clock.due.to_string()),
            in_time: clock.map(|clock| !clock.is_late()),
            days_late: clock.map(|clock| clock.days_late),
            new: is_new,
            standing,
        }
    }
}

/// Enters a revocation that a consumer gave elsewhere than in a text (supervisors): nothing leaves any more from now on. The answer
/// tells for each programme by when it had to be honoured, and whether it was entered by then. The same revocation, by channel,
/// date, wording and reference of evidence, is entered once. Everything that is wrong is told at once, a line for each mistake.
#[utoipa::path(
    post, path = "/consumers/{number}/revocations", tag = "compliance", params(("number" = String, Path)), request_body = NewRevocation,
    responses((status = 200, body = Vec<RevocationJson>), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 503, body = ApiError))
)]
pub(super) async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
    Body(revocation): Body<Map<String, Value>>,
) -> Result<Json<Vec<RevocationJson>>, ApiError> {
    caller.supervises()?;
    let consumer = consumer(&app, "number", &number)?;
    let asked = new_revocation::read(&revocation, app.engine.now())?;
    let Asked { programme, channel, given, wording, evidence } = asked;
    let programme = programme.as_deref().map(Programme::from);
    let evidence = entered_through(evidence, caller.name());
    let given = GivenRevocation { channel, given, wording, evidence };
    let entered = app.engine.revoke(consumer, programme.as_ref(), &given).await?;
    Ok(Json(entered.into_iter().map(RevocationJson::from).collect()))
}

/// Every revocation that a consumer gave elsewhere than in a text, with its clock (supervisors).
#[utoipa::path(
    get, path = "/consumers/{number}/revocations", tag = "compliance", params(("number" = String, Path)),
    responses((status = 200, body = Vec<RevocationJson>), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn revocations(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
) -> Result<Json<Vec<RevocationJson>>, ApiError> {
    caller.supervises()?;
    let all = app.engine.revocations(consumer(&app, "number", &number)?).await?;
    Ok(Json(all.into_iter().map(RevocationJson::from).collect()))
}

/// A revocation that was entered too late.
#[derive(Serialize, ToSchema)]
pub(super) struct LateJson {
    /// The consumer's number; all but its last four digits are hidden from those who may not see it.
    consumer: String,
    /// The programme that consent to is taken back.
    programme: String,
    /// `email`, `in_person`, `list`, `mail`, `phone` or `web`.
    channel: &'static str,
    /// When it was given.
    given: String,
    /// When it was entered.
    entered: String,
    /// The last day on which it had to be honoured.
    due: String,
    /// Calendar days after that day.
    days_late: u32,
}

/// Revocations that were entered more than ten business days after they were given, newest first, at most 200 (supervisors). Rows
/// of imported lists are not among them.
#[utoipa::path(
    get, path = "/compliance/late-revocations", tag = "compliance",
    responses((status = 200, body = Vec<LateJson>), (status = 403, body = ApiError))
)]
pub(super) async fn late(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<LateJson>>, ApiError> {
    caller.supervises()?;
    let show = |late: LateRevocation| LateJson {
        consumer: if caller.sees_numbers {
            late.consumer.to_string()
        } else {
            late.consumer.masked()
        },
        programme: late.programme.to_string(),
        channel: late.channel.word(),
        given: instant(late.given),
        entered: instant(late.entered),
        due: late.clock.due.to_string(),
        days_late: late.clock.days_late,
    };
    Ok(Json(app.engine.late_revocations(LATE).await?.into_iter().map(show).collect()))
}
