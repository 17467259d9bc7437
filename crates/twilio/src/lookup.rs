use std::{fmt, time::Duration};

use async_trait::async_trait;
use frontdesk::{CarrierLookup, LookupError, tendlc::Carrier, types::PhoneNumber};
use reqwest::{Client, Url};
use serde::Deserialize;

use crate::{
    Settings, SettingsError,
    client::{client, read},
};

/// How long Twilio may take: a text waits for it.
const TIME_OUT: Duration = Duration::from_secs(3);

/// Asks Twilio's Lookup (version 2, line type intelligence) whose network a consumer is on. Each question is billed; the engine asks
/// once a month and consumer.
pub struct Lookup {
    client: Client,
    base: Url,
    settings: Settings,
}

#[derive(Deserialize)]
struct Answer {
    line_type_intelligence: Option<Line>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: Option<String>,
    carrier_name: Option<String>,
}

impl Lookup {
    /// With an account's credentials; `base_url` is `https://lookups.twilio.com`, or a stand-in. Nothing is asked yet.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let base = format!("{}/v2/PhoneNumbers/", settings.base_url.trim_end_matches('/'));
        let base = base.parse().map_err(|_| SettingsError::Url(settings.base_url.clone()))?;
        settings.check_token()?;
        Ok(Self { client: client(TIME_OUT)?, base, settings })
    }
}

impl Line {
    /// The carrier, where its limits are known to hold. Of a name that is none of the three it is not known on whose network it
    /// runs: brands without a network of their own use one of them.
    fn carrier(&self) -> Option<Carrier> {
        if self.kind.as_deref().is_some_and(|kind| kind != "mobile") {
            return Some(Carrier::Other);
        }
        let name = self.carrier_name.as_deref()?.to_lowercase();
        let starts = |names: &[&str]| names.iter().any(|known| name.starts_with(known));
        if starts(&["at&t", "cingular", "cricket", "firstnet"]) {
            Some(Carrier::Att)
        } else if starts(&["t-mobile", "metropcs", "metro by t-mobile", "sprint"]) {
            Some(Carrier::TMobile)
        } else if starts(&["verizon", "cellco", "tracfone", "visible"]) {
            Some(Carrier::Verizon)
        } else {
            None
        }
    }
}

fn failed(reason: impl fmt::Display) -> LookupError {
    LookupError { reason: reason.to_string() }
}

#[async_trait]
impl CarrierLookup for Lookup {
    async fn carrier(&self, consumer: PhoneNumber) -> Result<Option<Carrier>, LookupError> {
        // The number stands in the path: no error of the client may tell it.
        let mut url = self.base.join(&consumer.to_string()).map_err(|_| failed("no URL"))?;
        url.set_query(Some("Fields=line_type_intelligence"));
        let request = self
            .client
            .get(url)
            .basic_auth(&self.settings.account_sid, Some(&self.settings.auth_token));
        let response = request.send().await.map_err(|error| {
            failed(if error.is_timeout() { "no answer in time" } else { "not reachable" })
        })?;
        if !response.status().is_success() {
            return Err(failed(response.status().as_u16()));
        }
        let answer = read::<Answer>(response).await;
        let answer = answer.ok_or_else(|| failed("an answer of no sense"))?;
        Ok(answer.line_type_intelligence.and_then(|line| line.carrier()))
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup").field("settings", &self.settings).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names as Twilio's documentation and its users show them.
    #[test]
    fn carriers_are_known_by_their_names() {
        let table = [
            (r#"{"type":"mobile","carrier_name":"T-Mobile USA, Inc."}"#, Some(Carrier::TMobile)),
            (r#"{"type":"mobile","carrier_name":"Sprint Spectrum, L.P."}"#, Some(Carrier::TMobile)),
            (r#"{"type":"mobile","carrier_name":"AT&T Wireless"}"#, Some(Carrier::Att)),
            (r#"{"type":"mobile","carrier_name":"Cingular Wireless/2"}"#, Some(Carrier::Att)),
            (r#"{"type":"mobile","carrier_name":"Verizon Wireless"}"#, Some(Carrier::Verizon)),
            (r#"{"type":"mobile","carrier_name":"Consumer Cellular"}"#, None),
            (r#"{"type":"mobile","carrier_name":null,"error_code":60600}"#, None),
            (
                r#"{"type":"nonFixedVoip","carrier_name":"Bandwidth/13 - Bandwidth.com - SVR"}"#,
                Some(Carrier::Other),
            ),
            (r#"{"type":"landline","carrier_name":"AT&T Southwest"}"#, Some(Carrier::Other)),
            (r#"{"type":null,"carrier_name":null}"#, None),
        ];
        for (line, expected) in table {
            let answer = format!(r#"{{"valid":true,"line_type_intelligence":{line}}}"#);
            let answer: Answer = serde_json::from_str(&answer).unwrap();
            assert_eq!(answer.line_type_intelligence.unwrap().carrier(), expected, "{line}");
        }
        let basic: Answer =
            serde_json::from_str(r#"{"valid":true,"line_type_intelligence":null}"#).unwrap();
        assert!(basic.line_type_intelligence.is_none());
    }
}
