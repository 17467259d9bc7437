//! Brands and campaigns at the provider (DLC-8): asked every few minutes, and shown.

use std::{sync::Arc, time::Duration};

use chrono::SecondsFormat;
use frontdesk::{
    Engine, EngineError, RegistrationError, RegistrationIds, RegistrationStatus, RegistrationView,
    types::{Instant, RegistrationState, RegistrationWord},
};
use serde::Serialize;
use tokio::sync::{Notify, watch};
use tracing::error;
use utoipa::ToSchema;

use crate::{serve::pause, telling::Telling};

/// How soon a campaign is asked for again that could not be asked for.
const AGAIN: Duration = Duration::from_mins(1);

/// A campaign's registration.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegistrationJson {
    /// The campaign's id.
    campaign: String,
    /// The worse of the configuration's word and the provider's, by which the gate goes: `active`, `pending`, `rejected`, `suspended`,
    /// `expired`.
    pub(crate) status: String,
    /// The configuration's word.
    configured: String,
    /// The provider's ids; nothing where nobody is asked.
    provider: Option<ProviderIdsJson>,
    /// The provider's last answer.
    answer: Option<AnswerJson>,
    /// Why it gave none, or an incomplete one, when this process asked last.
    failure: Option<String>,
    /// Numbers of the campaign that the provider does not have in it: carriers block their texts.
    unregistered: Vec<String>,
}

/// The ids of a campaign's registration at the provider.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProviderIdsJson {
    brand: String,
    service: String,
    campaign: String,
}

/// An answer of the provider about a campaign.
#[derive(Serialize, ToSchema)]
pub(crate) struct AnswerJson {
    /// When it was asked for.
    at: String,
    /// The worse of the campaign's state and the brand's: `active`, `pending`, `unknown`, `failed`, `expired`, `suspended`.
    #[schema(value_type = String)]
    state: RegistrationState,
    campaign: WordJson,
    /// Nothing while the provider has not answered for it.
    brand: Option<WordJson>,
    /// `SELF_DECLARED`, `UNVERIFIED`, `VERIFIED`, `VETTED_VERIFIED`.
    identity: Option<String>,
    /// The brand's score, 0 to 100.
    score: Option<u8>,
    /// The campaign's class with AT&T.
    att_class: Option<String>,
    /// The brand's tier with T-Mobile.
    t_mobile_tier: Option<String>,
    /// Brand or campaign exist for tests alone.
    mock: bool,
    /// The registry's id of the campaign.
    registry_campaign: Option<String>,
    /// The registry's id of the brand.
    registry_brand: Option<String>,
    /// Why it is not active, in the provider's words.
    reasons: Vec<String>,
    /// The numbers that send for it; nothing while the provider has not answered for them.
    numbers: Option<Vec<String>>,
}

/// A word of the provider, and its meaning.
#[derive(Serialize, ToSchema)]
pub(crate) struct WordJson {
    /// `active`, `pending`, `unknown`, `failed`, `expired`, `suspended`.
    #[schema(value_type = String)]
    state: RegistrationState,
    /// As the provider writes it.
    word: String,
}

impl From<&RegistrationWord> for WordJson {
    fn from(word: &RegistrationWord) -> Self {
        Self { state: word.state, word: word.word.to_string() }
    }
}

impl From<RegistrationIds> for ProviderIdsJson {
    fn from(ids: RegistrationIds) -> Self {
        let RegistrationIds { brand, service, campaign } = ids;
        Self { brand, service, campaign }
    }
}

impl From<(Instant, RegistrationStatus)> for AnswerJson {
    fn from((at, status): (Instant, RegistrationStatus)) -> Self {
        let standing = &status.standing;
        let text = |word: &Option<_>| word.as_ref().map(ToString::to_string);
        let numbers = status.numbers.as_ref();
        Self {
            at: at.to_rfc3339_opts(SecondsFormat::Secs, true),
            state: standing.state(),
            campaign: WordJson::from(&standing.campaign),
            brand: standing.brand.as_ref().map(WordJson::from),
            identity: text(&standing.identity),
            score: standing.score,
            att_class: text(&standing.att_class),
            t_mobile_tier: text(&standing.t_mobile_tier),
            mock: standing.mock,
            registry_campaign: text(&status.registry_campaign),
            registry_brand: text(&status.registry_brand),
            numbers: numbers.map(|numbers| numbers.iter().map(ToString::to_string).collect()),
            reasons: status.reasons,
        }
    }
}

impl From<RegistrationView> for RegistrationJson {
    fn from(view: RegistrationView) -> Self {
        Self {
            campaign: view.campaign.to_string(),
            status: view.status.to_string(),
            configured: view.configured.to_string(),
            provider: view.ids.map(ProviderIdsJson::from),
            answer: view.answer.map(AnswerJson::from),
            failure: view.failure.map(|failure| failure.to_string()),
            unregistered: view.unregistered.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Asks the provider, and tells the operator where it gave no answer.
pub(crate) async fn refresh(
    engine: &Engine,
    telling: &Telling,
) -> Result<Vec<RegistrationView>, EngineError> {
    let views = engine.refresh_registrations().await?;
    for view in &views {
        if let Some(failure) = &view.failure {
            telling.registration_failed(view.campaign.as_str(), failure);
        }
    }
    Ok(views)
}

/// How long until the next round: sooner where a campaign could not be asked for, but not before the provider wants.
fn until_next(views: &[RegistrationView], every: Duration) -> Duration {
    let failures = views.iter().filter_map(|view| view.failure.as_ref());
    let asked = failures.map(|failure| match failure {
        RegistrationError::Unavailable { retry_after: Some(seconds), .. } => {
            Duration::from_secs((*seconds).into()).max(AGAIN)
        }
        _ => AGAIN,
    });
    asked.max().map_or(every, |pause| pause.min(every))
}

/// Asks at the start, every so many minutes, and when `reloaded` tells that the configuration is another one. 0 minutes: never.
pub(crate) async fn poll(
    engine: Arc<Engine>,
    telling: Arc<Telling>,
    minutes: u16,
    reloaded: Arc<Notify>,
    mut stopping: watch::Receiver<bool>,
) {
    if minutes == 0 {
        // It ends with the host, like every loop.
        let _ = stopping.wait_for(|stop| *stop).await;
        return;
    }
    let every = Duration::from_mins(minutes.into());
    loop {
        let mut stopped = stopping.clone();
        let refreshed = tokio::select! {
            refreshed = refresh(&engine, &telling) => refreshed,
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        let next = match refreshed {
            Ok(views) => until_next(&views, every),
            Err(error) => {
                error!(%error, "where campaigns stand was not written down; trying again soon");
                AGAIN.min(every)
            }
        };
        if !pause(next, reloaded.notified(), &mut stopping).await {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use frontdesk::tendlc::Registered;

    use super::*;

    #[test]
    fn dlc_8_a_campaign_that_could_not_be_asked_for_is_asked_for_sooner() {
        let view = |failure| RegistrationView {
            campaign: "offers".into(),
            configured: Registered::Active,
            status: Registered::Active,
            ids: None,
            answer: None,
            failure,
            unregistered: Vec::new(),
        };
        let later = |retry_after| {
            Some(RegistrationError::Unavailable { reason: "503".into(), retry_after })
        };
        let every = Duration::from_mins(15);
        for (failures, minutes) in [
            (vec![], 15),
            (vec![None, None], 15),
            (vec![None, later(None)], 1),
            (vec![later(Some(5))], 1),
            (vec![later(Some(300)), later(None)], 5),
            (vec![later(Some(86_400))], 15),
        ] {
            let views: Vec<RegistrationView> = failures.into_iter().map(view).collect();
            assert_eq!(until_next(&views, every), Duration::from_mins(minutes), "{views:?}");
        }
    }
}
