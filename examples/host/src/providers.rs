//! What the host's own settings bring: the database, and where texts, pictures and carriers come from.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use frontdesk::{CarrierLookup, DeliveryReport, RegistrationLookup, Transport, store::StoreError};
use frontdesk_media::{ObjectMedia, Provider};
use frontdesk_store_sqlite::SqliteStore;
use frontdesk_twilio::{Lookup, Registrations, Settings, SettingsError, Twilio, Validator};
use tokio::sync::mpsc::UnboundedSender;
use tracing::info;

use crate::{
    secrets,
    settings::{self, Carrier, Host, HostError, TwilioSection},
    simulator::Simulator,
    web::Webhooks,
};

/// How often it is told how far the upgrade of a database is.
const UPGRADE_TOLD_EVERY: Duration = Duration::from_secs(1);

/// The database. While one of an older version is brought up to date, the log tells how far that is.
pub(crate) fn store(database: &Path) -> Result<SqliteStore, HostError> {
    let mut told: Option<Instant> = None;
    let store = SqliteStore::open_telling(database, |progress| {
        if told.is_none_or(|then| then.elapsed() >= UPGRADE_TOLD_EVERY) {
            told = Some(Instant::now());
            info!(%progress, "the database is brought up to date");
        }
    })?;
    Ok(store)
}

/// Pictures and videos, beside the database unless set otherwise.
pub(crate) fn media_store(host: &Host, database: &Path) -> Result<ObjectMedia, HostError> {
    match &host.media {
        Some(url) if is_url(url) => object_store(url),
        Some(folder) => ObjectMedia::files(Path::new(folder)),
        None => ObjectMedia::files(&database.with_extension("media")),
    }
    .map_err(HostError::Media)
}

/// Whether pictures and videos are kept elsewhere than in a folder of this machine.
pub(crate) fn is_url(media: &str) -> bool {
    media.contains("://")
}

/// The object store of a URL. It is not asked for anything yet.
pub(crate) fn object_store(url: &str) -> Result<ObjectMedia, StoreError> {
    // A blank variable is one that was not set: it must not stand for a key.
    let known = |(name, value): (String, String)| {
        secrets::set(value).map(|value| (name.to_lowercase(), value))
    };
    ObjectMedia::at(url, std::env::vars().filter_map(known))
}

/// The provider whose pictures are fetched, with the account's credentials.
pub(crate) fn provider(host: &Host, secret: Option<&str>) -> Option<Provider> {
    let twilio = host.twilio.as_ref()?;
    let credentials = secret.map(|secret| (twilio.account_sid.clone(), secret.to_owned()));
    Some(Provider { origin: twilio.api_base.clone(), credentials })
}

pub(crate) fn transport(
    host: &Host,
    url: &str,
    secret: Option<&str>,
    reports: UnboundedSender<DeliveryReport>,
) -> Result<Arc<dyn Transport>, HostError> {
    let (Carrier::Twilio, Some(section)) = (host.carrier, &host.twilio) else {
        return Ok(Arc::new(Simulator { reports }));
    };
    let status_callback = Some(format!("{url}/webhooks/twilio/status"));
    let settings = twilio(section, secret, &section.api_base)?;
    Ok(Arc::new(Twilio::new(Settings { status_callback, ..settings })?))
}

/// How webhooks are checked; without a secret none is taken.
pub(crate) fn webhooks(url: &str, secret: Option<&str>) -> Result<Option<Webhooks>, HostError> {
    let Some(secret) = secret else { return Ok(None) };
    let validator = Validator::new(secret).map_err(SettingsError::from)?;
    Ok(Some(Webhooks { validator, public_url: url.into() }))
}

/// An account at one of Twilio's services.
fn twilio(
    section: &TwilioSection,
    secret: Option<&str>,
    base: &str,
) -> Result<Settings, HostError> {
    Ok(Settings {
        account_sid: section.account_sid.clone(),
        auth_token: secret.ok_or_else(settings::needs_twilio_auth_token)?.to_owned(),
        base_url: base.to_owned(),
        status_callback: None,
    })
}

/// The provider's services that are asked and send nothing.
pub(crate) struct Lookups {
    /// On whose networks consumers are.
    pub(crate) carriers: Option<Arc<dyn CarrierLookup>>,
    /// Where campaigns stand.
    pub(crate) registrations: Option<Arc<dyn RegistrationLookup>>,
}

pub(crate) fn lookups(host: &Host, secret: Option<&str>) -> Result<Lookups, HostError> {
    Ok(Lookups { carriers: carriers(host, secret)?, registrations: registrations(host, secret)? })
}

/// Where campaigns stand at Twilio; nobody is asked without an account and its auth token.
pub(crate) fn registrations(
    host: &Host,
    secret: Option<&str>,
) -> Result<Option<Arc<dyn RegistrationLookup>>, HostError> {
    let (Some(section), Some(_)) = (&host.twilio, secret) else { return Ok(None) };
    let settings = twilio(section, secret, &section.messaging_base)?;
    Ok(Some(Arc::new(Registrations::new(settings)?)))
}

/// Who knows on whose networks consumers are.
fn carriers(
    host: &Host,
    secret: Option<&str>,
) -> Result<Option<Arc<dyn CarrierLookup>>, HostError> {
    let Some(section) = &host.twilio else { return Ok(None) };
    let Some(base) = &section.lookup_base else { return Ok(None) };
    Ok(Some(Arc::new(Lookup::new(twilio(section, secret, base)?)?)))
}
