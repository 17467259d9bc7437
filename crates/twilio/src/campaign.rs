use frontdesk::tendlc::{Edition, Finding, Registration, Severity, lint};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// The request that registers a campaign with Twilio: the form fields of `POST /v1/Services/{sid}/Compliance/Usa2p`, in order; those
/// that are lists stand there once for each of theirs.
///
/// ```
/// use frontdesk::tendlc::{Facts, Registration};
/// use frontdesk_twilio::{CampaignRequest, CampaignError};
///
/// let registration: Registration = serde_json::from_str(r#"{
///     "brand": { "entity_type": "NON_PROFIT" }, "campaign": { "use_case": "CHARITY" }
/// }"#)?;
/// let facts = Facts::standard().on("2026-11-21".parse()?);
/// let refused = CampaignRequest::new(&registration, "BN0123456789abcdef0123456789abcdef", facts);
/// assert!(matches!(refused, Err(CampaignError::Findings(_))), "what would be turned down is not exported");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignRequest {
    fields: Vec<(&'static str, String)>,
}

/// Why a campaign is not exported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CampaignError {
    /// It is no id of a brand at Twilio.
    #[error("`{0}` is no brand at Twilio: BN and 32 hexadecimal digits")]
    Brand(String),
    /// It would be turned down: the errors that the linter finds.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Findings(Vec<Finding>),
}

impl CampaignRequest {
    /// Of a registration in which the linter finds no error, for a brand that is registered.
    pub fn new(
        registration: &Registration,
        brand: &str,
        facts: &Edition,
    ) -> Result<Self, CampaignError> {
        let hexadecimal = |digits: &str| {
            digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        };
        if !brand.strip_prefix("BN").is_some_and(hexadecimal) {
            return Err(CampaignError::Brand(brand.to_owned()));
        }
        let mut errors = lint(registration, facts);
        errors.retain(|finding| finding.severity == Severity::Error);
        if !errors.is_empty() {
            return Err(CampaignError::Findings(errors));
        }
        let campaign = &registration.campaign;
        let mut request = Self { fields: Vec::new() };
        request.text("BrandRegistrationSid", brand);
        request.text("Description", &campaign.description);
        request.text("MessageFlow", &campaign.message_flow);
        for sample in &campaign.samples {
            request.text("MessageSamples", sample);
        }
        request.text("UsAppToPersonUsecase", campaign.use_case.code());
        request.flag("HasEmbeddedLinks", campaign.embedded_link);
        request.flag("HasEmbeddedPhone", campaign.embedded_phone);
        request.text("OptInMessage", &campaign.optin_message);
        request.text("OptOutMessage", &campaign.optout_message);
        request.text("HelpMessage", &campaign.help_message);
        request.keywords("OptInKeywords", &campaign.optin_keywords);
        request.keywords("OptOutKeywords", &campaign.optout_keywords);
        request.keywords("HelpKeywords", &campaign.help_keywords);
        request.flag("SubscriberOptIn", campaign.subscriber_optin);
        request.flag("AgeGated", campaign.age_gated);
        request.flag("DirectLending", campaign.direct_lending);
        request.text("PrivacyPolicyUrl", &campaign.privacy_policy_link);
        request.text("TermsAndConditionsUrl", &campaign.terms_and_conditions_link);
        Ok(request)
    }

    /// Every field with its value.
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }

    /// As the body of a form (`application/x-www-form-urlencoded`).
    pub fn form(&self) -> String {
        let field = |(name, value): &(&str, String)| {
            format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
        };
        self.fields.iter().map(field).collect::<Vec<_>>().join("&")
    }

    fn text(&mut self, name: &'static str, value: &str) {
        if !value.trim().is_empty() {
            self.fields.push((name, value.to_owned()));
        }
    }

    fn flag(&mut self, name: &'static str, value: bool) {
        self.fields.push((name, value.to_string()));
    }

    fn keywords(&mut self, name: &'static str, keywords: &str) {
        keywords.split(',').for_each(|word| self.text(name, word.trim()));
    }
}
