//! The registrations of brands and campaigns: `BrandRegistrations`, `Usa2p`, and the numbers of a messaging service.

use std::{collections::BTreeSet, fmt, time::Duration};

use async_trait::async_trait;
use frontdesk::{
    RegistrationAnswer, RegistrationError, RegistrationIds, RegistrationLookup, RegistrationStatus,
    types::{RegistrationStanding, RegistrationState, SupportNumber},
};
use reqwest::{Client, Response, StatusCode, Url};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    Settings, SettingsError,
    client::{Refused, client, read, read_within, retry_after},
};

mod ids;
mod resources;
mod words;

pub use ids::RegistrationIdError;
pub use resources::{BrandRegistration, CarrierRates, UsAppToPerson};

use ids::{BRAND, CAMPAIGN, SERVICE, is_sid};

/// How long Twilio may take for one answer.
const TIME_OUT: Duration = Duration::from_secs(10);
/// Maximum length of an answer, in bytes. A campaign's own texts have up to 14,000 characters, each of which JSON may escape.
const ANSWER: usize = 256 * 1024;
/// Numbers per page, and the most pages that are read. A campaign has 400 numbers at most.
const PAGE_SIZE: usize = 100;
const PAGES: usize = 20;

/// Asks Twilio where brands and campaigns stand: `/v1/a2p/BrandRegistrations`, `/v1/Services/{sid}/Compliance/Usa2p`,
/// `/v1/Services/{sid}/PhoneNumbers`. The questions cost nothing.
///
/// Only ids of the right form are asked for, an answer about another id is none, and no redirection and no page of another host is
/// followed. Words that Twilio may add one day are taken as they are, and count as not approved.
pub struct Registrations {
    client: Client,
    base: Url,
    settings: Settings,
}

/// A page of numbers.
#[derive(Deserialize)]
struct Page {
    phone_numbers: Vec<Number>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    next_page_url: Option<String>,
}

#[derive(Deserialize)]
struct Number {
    phone_number: Option<String>,
}

impl Registrations {
    /// With an account's credentials; `base_url` is `https://messaging.twilio.com`, or a stand-in. Nothing is asked yet.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        settings.check_token()?;
        let base = format!("{}/v1/", settings.base_url.trim_end_matches('/'));
        let base = base.parse().map_err(|_| SettingsError::Url(settings.base_url.clone()))?;
        Ok(Self { client: client(TIME_OUT)?, base, settings })
    }

    /// A brand's registration, by its id, `BN…`.
    pub async fn brand(&self, sid: &str) -> Result<BrandRegistration, RegistrationError> {
        let path = format!("a2p/BrandRegistrations/{}", checked(sid, BRAND)?);
        let brand: BrandRegistration = self.ask(&path, &[], ("brand", sid)).await?;
        same(&brand.sid, sid)?;
        Ok(brand)
    }

    /// A campaign, by the id of its messaging service, `MG…`, and its own, `QE…`.
    pub async fn campaign(
        &self,
        service: &str,
        sid: &str,
    ) -> Result<UsAppToPerson, RegistrationError> {
        let (service, sid) = (checked(service, SERVICE)?, checked(sid, CAMPAIGN)?);
        let path = format!("Services/{service}/Compliance/Usa2p/{sid}");
        let campaign: UsAppToPerson = self.ask(&path, &[], ("campaign", sid)).await?;
        same(&campaign.sid, sid)?;
        same(&campaign.messaging_service_sid, service)?;
        Ok(campaign)
    }

    /// The numbers of a messaging service, `MG…`, at most 2,000. Those of no form that is known here are left out.
    pub async fn numbers(
        &self,
        service: &str,
    ) -> Result<BTreeSet<SupportNumber>, RegistrationError> {
        let path = format!("Services/{}/PhoneNumbers", checked(service, SERVICE)?);
        let mut numbers = BTreeSet::new();
        let mut query = vec![("PageSize".to_owned(), PAGE_SIZE.to_string())];
        for _ in 0..PAGES {
            let page: Page = self.ask(&path, &query, ("messaging service", service)).await?;
            let read = page.phone_numbers.into_iter().filter_map(|number| number.phone_number);
            numbers.extend(read.filter_map(|number| number.parse::<SupportNumber>().ok()));
            let Some(next) = page.meta.next_page_url else { return Ok(numbers) };
            // Its place alone is taken from it: the credentials go to no address that an answer names.
            let next: Url = next.parse().map_err(|_| unreadable("the next page has no URL"))?;
            query = next.query_pairs().into_owned().collect();
        }
        Err(unreadable(&format!("the numbers do not end after {PAGES} pages")))
    }

    /// A resource as it stands now.
    async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(String, String)],
        (what, sid): (&str, &str),
    ) -> Result<T, RegistrationError> {
        let mut url = self.base.join(path).map_err(|_| misconfigured("no URL".into()))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self
            .client
            .get(url)
            .basic_auth(&self.settings.account_sid, Some(&self.settings.auth_token));
        let response = request.send().await.map_err(|error| {
            let reason = if error.is_timeout() { "no answer in time" } else { "not reachable" };
            unavailable(reason.into(), None)
        })?;
        if response.status() == StatusCode::OK {
            let answer = read_within(response, ANSWER).await;
            return answer.ok_or_else(|| unreadable(&format!("no {what} of Twilio's")));
        }
        Err(refused(response, what, sid).await)
    }
}

fn checked<'a>(sid: &'a str, prefix: &str) -> Result<&'a str, RegistrationError> {
    if is_sid(sid, prefix) { Ok(sid) } else { Err(misconfigured(ids::wrong(sid, prefix))) }
}

/// An answer is about what was asked.
fn same(answered: &str, asked: &str) -> Result<(), RegistrationError> {
    if answered.eq_ignore_ascii_case(asked) {
        return Ok(());
    }
    Err(unreadable("it is about another one"))
}

fn misconfigured(reason: String) -> RegistrationError {
    RegistrationError::Misconfigured { reason }
}

fn unavailable(reason: String, retry_after: Option<u32>) -> RegistrationError {
    RegistrationError::Unavailable { reason, retry_after }
}

fn unreadable(reason: &str) -> RegistrationError {
    RegistrationError::Unreadable { reason: reason.to_owned() }
}

/// The way to deal with a refusal, with Twilio's code where it has one.
async fn refused(response: Response, what: &str, sid: &str) -> RegistrationError {
    let (status, retry_after) = (response.status(), retry_after(&response));
    let code = read::<Refused>(response).await.and_then(|refused| refused.code);
    let label = code.unwrap_or_else(|| u32::from(status.as_u16()));
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            misconfigured(format!("not authorised ({label})"))
        }
        StatusCode::NOT_FOUND => {
            misconfigured(format!("there is no {what} `{sid}` in the account ({label})"))
        }
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            unavailable(label.to_string(), retry_after)
        }
        status if status.is_server_error() => unavailable(label.to_string(), retry_after),
        status if status.is_client_error() && code.is_some() => {
            misconfigured(format!("Twilio refuses the question ({label})"))
        }
        _ => misconfigured(format!("not Twilio's answer ({label})")),
    }
}

#[async_trait]
impl RegistrationLookup for Registrations {
    async fn registration(
        &self,
        ids: &RegistrationIds,
    ) -> Result<RegistrationAnswer, RegistrationError> {
        let campaign = self.campaign(&ids.service, &ids.campaign).await?;
        if !campaign.brand_registration_sid.eq_ignore_ascii_case(&ids.brand) {
            let reason = format!("the campaign belongs to another brand than `{}`", ids.brand);
            return Err(misconfigured(reason));
        }
        let (brand, numbers) = (self.brand(&ids.brand).await, self.numbers(&ids.service).await);
        let incomplete = brand.as_ref().err().or(numbers.as_ref().err()).cloned();
        let status = status(campaign, brand.ok(), numbers.ok());
        Ok(RegistrationAnswer { status, incomplete })
    }
}

/// The answers in one.
fn status(
    campaign: UsAppToPerson,
    brand: Option<BrandRegistration>,
    numbers: Option<BTreeSet<SupportNumber>>,
) -> RegistrationStatus {
    let rates = campaign.rates();
    let of_brand = brand.as_ref();
    let standing = RegistrationStanding {
        campaign: words::campaign(campaign.campaign_status.as_deref()),
        brand: of_brand.map(|brand| words::brand(brand.status.as_deref())),
        identity: of_brand.and_then(|brand| brand.identity_status.as_deref().map(words::short)),
        score: of_brand.and_then(|brand| brand.brand_score),
        att_class: rates.att_class.as_deref().map(words::short),
        t_mobile_tier: rates.t_mobile_tier.as_deref().map(words::short),
        mock: campaign.is_mock() || of_brand.is_some_and(BrandRegistration::is_mock),
    };
    let mut reasons = Vec::new();
    if standing.campaign.state != RegistrationState::Active {
        reasons.extend(campaign.reasons());
    }
    if standing.brand.as_ref().is_some_and(|brand| brand.state != RegistrationState::Active) {
        reasons.extend(of_brand.map(BrandRegistration::reasons).unwrap_or_default());
    }
    reasons.truncate(resources::REASONS);
    RegistrationStatus {
        standing,
        registry_campaign: campaign.campaign_id.as_deref().map(words::short),
        registry_brand: of_brand.and_then(|brand| brand.tcr_id.as_deref().map(words::short)),
        reasons,
        numbers,
    }
}

impl fmt::Debug for Registrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registrations").field("settings", &self.settings).finish_non_exhaustive()
    }
}
