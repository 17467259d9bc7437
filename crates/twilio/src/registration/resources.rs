//! The resources as Twilio gives them, as far as frontdesk reads them.

use serde::Deserialize;
use serde_json::Value;

/// The most reasons that are kept of a registration, and the longest of them in characters.
pub(super) const REASONS: usize = 20;
const LONGEST_REASON: usize = 300;

/// A brand's registration (`messaging.v1.brand_registrations`). Fields that are not read here are left out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct BrandRegistration {
    /// Its id, `BN…`.
    pub sid: String,
    /// `PENDING`, `APPROVED`, `FAILED`, `IN_REVIEW`, `DELETION_PENDING`, `DELETION_FAILED`, `SUSPENDED`, or a word that is newer.
    pub status: Option<String>,
    /// `SELF_DECLARED`, `UNVERIFIED`, `VERIFIED`, `VETTED_VERIFIED`, or a word that is newer.
    pub identity_status: Option<String>,
    /// The brand's score, 0 to 100: the secondary vetting's if there was one, else the registry's.
    pub brand_score: Option<u8>,
    /// The registry's id of the brand, once it is registered.
    pub tcr_id: Option<String>,
    /// The reason of a failure in words; Twilio's document calls it deprecated.
    pub failure_reason: Option<String>,
    /// The errors; Twilio's document leaves the form of each open.
    pub errors: Option<Vec<Value>>,
    /// Facts that would better the score: `TAX_ID`, `STOCK_SYMBOL`, `NONPROFIT`, `GOVERNMENT_ENTITY`, `OTHERS`.
    pub brand_feedback: Option<Vec<String>>,
    /// It exists for tests alone.
    pub mock: Option<bool>,
}

/// A campaign (`messaging.v1.service.us_app_to_person`, and its version 2). Fields that are not read here are left out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct UsAppToPerson {
    /// Its id, `QE…`.
    pub sid: String,
    /// The brand that it belongs to, `BN…`.
    pub brand_registration_sid: String,
    /// The messaging service whose numbers send for it, `MG…`.
    pub messaging_service_sid: String,
    /// `IN_PROGRESS`, `VERIFIED`, `FAILED` and the like: Twilio's document has no complete list.
    pub campaign_status: Option<String>,
    /// The registry's id of the campaign, once it is registered.
    pub campaign_id: Option<String>,
    /// The code of its use case with the registry.
    pub us_app_to_person_usecase: Option<String>,
    /// Limits and classes by carrier; Twilio's document leaves their form open. [`UsAppToPerson::rates`] reads them.
    pub rate_limits: Option<Value>,
    /// Why it was turned down; Twilio's document leaves the form of each open.
    pub errors: Option<Vec<Value>>,
    /// It exists for tests alone.
    pub mock: Option<bool>,
}

/// The rates that carriers allow a campaign, as far as they are told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CarrierRates {
    /// The class with AT&T (`att.msg_class`).
    pub att_class: Option<String>,
    /// AT&T's limit (`att.mps`), in the unit that Twilio uses; its name says messages a second.
    pub att_rate: Option<u64>,
    /// The tier of the brand with T-Mobile (`tmobile.brand_tier`).
    pub t_mobile_tier: Option<String>,
}

impl UsAppToPerson {
    /// The rates that carriers allow it. A rate of another form than today's is left out.
    pub fn rates(&self) -> CarrierRates {
        let at = |path| self.rate_limits.as_ref().and_then(|limits: &Value| limits.pointer(path));
        let word = |path| at(path).and_then(Value::as_str).map(str::to_owned);
        CarrierRates {
            att_class: word("/att/msg_class"),
            att_rate: at("/att/mps").and_then(Value::as_u64),
            t_mobile_tier: word("/tmobile/brand_tier"),
        }
    }

    /// Why it was turned down, in Twilio's words: `30897 MESSAGE_FLOW: The campaign submission …`. At most 20 of 300 characters.
    pub fn reasons(&self) -> Vec<String> {
        reasons(self.errors.as_deref().unwrap_or_default())
    }

    pub(super) fn is_mock(&self) -> bool {
        self.mock == Some(true)
    }
}

impl BrandRegistration {
    /// Why it was turned down, or what would better its score, in Twilio's words. At most 20 of 300 characters.
    pub fn reasons(&self) -> Vec<String> {
        let mut all = reasons(self.errors.as_deref().unwrap_or_default());
        let failed = self.failure_reason.as_deref().filter(|reason| !reason.is_empty());
        all.extend(failed.map(cut));
        all.extend(self.brand_feedback.iter().flatten().map(|word| cut(word)));
        all.truncate(REASONS);
        all
    }

    pub(super) fn is_mock(&self) -> bool {
        self.mock == Some(true)
    }
}

fn cut(reason: &str) -> String {
    reason.chars().take(LONGEST_REASON).collect()
}

fn reasons(errors: &[Value]) -> Vec<String> {
    errors.iter().take(REASONS).map(|error| cut(&reason(error))).collect()
}

/// An error as Twilio's examples have it; in another form as it is.
fn reason(error: &Value) -> String {
    let Some(description) = error["description"].as_str() else { return error.to_string() };
    let code = &error["error_code"];
    let code = code.as_str().map(str::to_owned).or_else(|| Some(code.as_u64()?.to_string()));
    let fields = error["fields"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let fields: Vec<&str> = fields.collect();
    let before: Vec<&str> = code.as_deref().into_iter().chain(fields).collect();
    if before.is_empty() {
        description.to_owned()
    } else {
        format!("{}: {description}", before.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dlc_8_errors_are_told_in_twilios_words_and_bounded() {
        let errors = serde_json::json!([
            { "error_code": 30897, "fields": ["MESSAGE_FLOW"], "description": "Disallowed content." },
            { "description": "Only words." },
            "a bare word",
            { "code": 1 },
        ]);
        let told = reasons(errors.as_array().unwrap());
        assert_eq!(
            told,
            [
                "30897 MESSAGE_FLOW: Disallowed content.",
                "Only words.",
                "\"a bare word\"",
                "{\"code\":1}"
            ]
        );
        let many = vec![Value::from("x".repeat(10_000)); 500];
        let told = reasons(&many);
        assert_eq!((told.len(), told[0].len()), (REASONS, LONGEST_REASON));
    }
}
