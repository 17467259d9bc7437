//! What is registered before texts may be sent in the US: a brand and its campaign (DLC-1, DLC-2).

use serde::{
    Deserialize, Serialize,
    de::{
        IntoDeserializer,
        value::{Error, StrDeserializer},
    },
};

use crate::{facts::Unless, gate::Registered};

/// A brand with one campaign, as it will be submitted. Names are those of The Campaign Registry in snake case.
///
/// ```
/// use frontdesk_tendlc::{Registration, UseCase};
///
/// let registration: Registration = serde_json::from_str(r#"{
///     "brand": { "entity_type": "NON_PROFIT", "display_name": "Food Bank" },
///     "campaign": { "use_case": "LOW_VOLUME_MIXED", "samples": ["Food Bank: doors open at 9."] }
/// }"#)?;
/// assert_eq!(registration.campaign.use_case, UseCase::LowVolume);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Who sends.
    pub brand: Brand,
    /// What for.
    pub campaign: Campaign,
    /// The numbers to enable, where they are known already (DLC-8).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<NumberRequest>,
    /// What support asks for, where a form is filled in (DLC-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<SupportRequest>,
    /// The texts that the links of the campaign lead to, where they are at hand.
    #[serde(default)]
    pub policies: Policies,
}

/// Who sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// What kind of organisation it is.
    pub entity_type: EntityType,
    /// The name that consumers know.
    #[serde(default)]
    pub display_name: String,
    /// The legal name.
    #[serde(default)]
    pub company_name: String,
    /// The tax id: nine digits.
    #[serde(default)]
    pub ein: String,
    /// Of a sole proprietor.
    #[serde(default)]
    pub first_name: String,
    /// Of a sole proprietor.
    #[serde(default)]
    pub last_name: String,
    /// Of a sole proprietor: gets the code that proves it.
    #[serde(default)]
    pub mobile_phone: String,
    /// In E.164.
    #[serde(default)]
    pub phone: String,
    /// Of the business.
    #[serde(default)]
    pub email: String,
    /// Street and number.
    #[serde(default)]
    pub street: String,
    /// City.
    #[serde(default)]
    pub city: String,
    /// Two letters.
    #[serde(default)]
    pub state: String,
    /// ZIP.
    #[serde(default)]
    pub postal_code: String,
    /// Two letters.
    #[serde(default)]
    pub country: String,
    /// `https://…`
    #[serde(default)]
    pub website: String,
    /// The trade: one of the registry's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vertical: Option<Vertical>,
    /// How large an account it is with the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand_relationship: Option<BrandRelationship>,
    /// Of a company whose shares are traded.
    #[serde(default)]
    pub stock_symbol: String,
    /// Where they are.
    #[serde(default)]
    pub stock_exchange: String,
    /// What the registry says of it, once it has looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_status: Option<IdentityStatus>,
}

/// What is sent, to whom, and how they agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the registry's own form")]
pub struct Campaign {
    /// What for.
    pub use_case: UseCase,
    /// Of a campaign of several kinds, which.
    #[serde(default)]
    pub sub_use_cases: Vec<UseCase>,
    /// Who sends what to whom.
    #[serde(default)]
    pub description: String,
    /// How consumers agree: every way, with the words that they see.
    #[serde(default)]
    pub message_flow: String,
    /// What will be sent.
    #[serde(default)]
    pub samples: Vec<String>,
    /// There will be links.
    #[serde(default)]
    pub embedded_link: bool,
    /// There will be phone numbers.
    #[serde(default)]
    pub embedded_phone: bool,
    /// It is for adults, who prove it.
    #[serde(default)]
    pub age_gated: bool,
    /// It is about loans of the brand's own.
    #[serde(default)]
    pub direct_lending: bool,
    /// It is for other firms.
    #[serde(default)]
    pub affiliate_marketing: bool,
    /// A pool of 50 numbers or more is approved.
    #[serde(default)]
    pub number_pool: bool,
    /// How many numbers send.
    #[serde(default)]
    pub numbers: u32,
    /// Consumers agree before they get texts.
    #[serde(default)]
    pub subscriber_optin: bool,
    /// They can stop them.
    #[serde(default)]
    pub subscriber_optout: bool,
    /// They get help.
    #[serde(default)]
    pub subscriber_help: bool,
    /// With commas.
    #[serde(default)]
    pub optin_keywords: String,
    /// What answers those.
    #[serde(default)]
    pub optin_message: String,
    /// With commas.
    #[serde(default)]
    pub optout_keywords: String,
    /// What answers those.
    #[serde(default)]
    pub optout_message: String,
    /// With commas.
    #[serde(default)]
    pub help_keywords: String,
    /// What answers those.
    #[serde(default)]
    pub help_message: String,
    /// `https://…`
    #[serde(default)]
    pub privacy_policy_link: String,
    /// `https://…`
    #[serde(default)]
    pub terms_and_conditions_link: String,
}

impl Campaign {
    /// Whether it has registered what lets it send a kind of content.
    pub fn has(&self, unless: Unless) -> bool {
        match unless {
            Unless::AgeGated => self.age_gated,
            Unless::DirectLending => self.direct_lending,
        }
    }
}

/// A number that is to send (DLC-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberRequest {
    /// In E.164, or a short code.
    pub number: String,
    /// It takes no calls: asked of numbers outside of the United States.
    #[serde(default)]
    pub sms_only: bool,
    /// Where it stands.
    #[serde(default = "pending")]
    pub status: Registered,
}

fn pending() -> Registered {
    Registered::Pending
}

/// What support asks for before it enables numbers, beside the business of [`Brand`] and the privacy policy (DLC-2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportRequest {
    /// What the numbers are for.
    #[serde(default)]
    pub purpose: String,
    /// How they will be used: who writes to whom, and what about.
    #[serde(default)]
    pub usage: String,
    /// About how many texts a month.
    #[serde(default)]
    pub monthly_texts: u32,
    /// Whom to ask.
    #[serde(default)]
    pub contact_name: String,
    /// How to reach them.
    #[serde(default)]
    pub contact_email: String,
}

/// Texts that a reviewer reads; what is empty is not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policies {
    /// The privacy policy.
    #[serde(default)]
    pub privacy: String,
    /// The terms and conditions.
    #[serde(default)]
    pub terms: String,
}

/// What kind of organisation a brand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the registry's own codes")]
pub enum EntityType {
    Government,
    NonProfit,
    PrivateProfit,
    PublicProfit,
    SoleProprietor,
}

/// What the registry says of a brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the registry's own codes")]
pub enum IdentityStatus {
    SelfDeclared,
    Unverified,
    Verified,
    VettedVerified,
}

/// How large an account a brand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the registry's own codes")]
pub enum BrandRelationship {
    BasicAccount,
    KeyAccount,
    LargeAccount,
    MediumAccount,
    SmallAccount,
}

/// A brand's trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the registry's own codes")]
pub enum Vertical {
    Agriculture,
    Communication,
    Construction,
    Education,
    Energy,
    Entertainment,
    Financial,
    Gambling,
    Government,
    Healthcare,
    Hospitality,
    HumanResources,
    Insurance,
    Legal,
    Manufacturing,
    Ngo,
    Political,
    Postal,
    Professional,
    RealEstate,
    Retail,
    Technology,
    Transportation,
}

/// What a campaign is for. Other spellings of providers are read, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the registry's own codes")]
pub enum UseCase {
    #[serde(rename = "2FA")]
    TwoFactor,
    AccountNotification,
    AgentsFranchises,
    CarrierExempt,
    Charity,
    CustomerCare,
    DeliveryNotification,
    Emergency,
    FraudAlert,
    HigherEducation,
    #[serde(rename = "K12_EDUCATION")]
    K12Education,
    #[serde(alias = "LOW_VOLUME_MIXED")]
    LowVolume,
    M2m,
    Marketing,
    Mixed,
    Political,
    #[serde(rename = "POLITICAL_SECTION_527")]
    PoliticalSection527,
    PollingVoting,
    Proxy,
    PublicSafetyRestricted,
    PublicServiceAnnouncement,
    SecurityAlert,
    Social,
    SoleProprietor,
    Sweepstake,
    Trial,
    #[serde(alias = "UCAAS_HIGH_VOLUME", alias = "UCaaS_HIGH")]
    UcaasHigh,
    #[serde(alias = "UCAAS_LOW_VOLUME", alias = "UCaaS_LOW")]
    UcaasLow,
}

impl UseCase {
    /// Every use case of the registry.
    pub const ALL: [Self; 28] = [
        Self::TwoFactor,
        Self::AccountNotification,
        Self::AgentsFranchises,
        Self::CarrierExempt,
        Self::Charity,
        Self::CustomerCare,
        Self::DeliveryNotification,
        Self::Emergency,
        Self::FraudAlert,
        Self::HigherEducation,
        Self::K12Education,
        Self::LowVolume,
        Self::M2m,
        Self::Marketing,
        Self::Mixed,
        Self::Political,
        Self::PoliticalSection527,
        Self::PollingVoting,
        Self::Proxy,
        Self::PublicSafetyRestricted,
        Self::PublicServiceAnnouncement,
        Self::SecurityAlert,
        Self::Social,
        Self::SoleProprietor,
        Self::Sweepstake,
        Self::Trial,
        Self::UcaasHigh,
        Self::UcaasLow,
    ];

    /// The use case of a code, in any spelling that providers have.
    pub fn named(code: &str) -> Option<Self> {
        let code: StrDeserializer<'_, Error> = code.into_deserializer();
        Self::deserialize(code).ok()
    }

    /// The registry's code.
    pub fn code(self) -> &'static str {
        match self {
            Self::TwoFactor => "2FA",
            Self::AccountNotification => "ACCOUNT_NOTIFICATION",
            Self::AgentsFranchises => "AGENTS_FRANCHISES",
            Self::CarrierExempt => "CARRIER_EXEMPT",
            Self::Charity => "CHARITY",
            Self::CustomerCare => "CUSTOMER_CARE",
            Self::DeliveryNotification => "DELIVERY_NOTIFICATION",
            Self::Emergency => "EMERGENCY",
            Self::FraudAlert => "FRAUD_ALERT",
            Self::HigherEducation => "HIGHER_EDUCATION",
            Self::K12Education => "K12_EDUCATION",
            Self::LowVolume => "LOW_VOLUME",
            Self::M2m => "M2M",
            Self::Marketing => "MARKETING",
            Self::Mixed => "MIXED",
            Self::Political => "POLITICAL",
            Self::PoliticalSection527 => "POLITICAL_SECTION_527",
            Self::PollingVoting => "POLLING_VOTING",
            Self::Proxy => "PROXY",
            Self::PublicSafetyRestricted => "PUBLIC_SAFETY_RESTRICTED",
            Self::PublicServiceAnnouncement => "PUBLIC_SERVICE_ANNOUNCEMENT",
            Self::SecurityAlert => "SECURITY_ALERT",
            Self::Social => "SOCIAL",
            Self::SoleProprietor => "SOLE_PROPRIETOR",
            Self::Sweepstake => "SWEEPSTAKE",
            Self::Trial => "TRIAL",
            Self::UcaasHigh => "UCAAS_HIGH",
            Self::UcaasLow => "UCAAS_LOW",
        }
    }

    /// Whether it can be one of several of a campaign.
    pub fn can_be_sub_use_case(self) -> bool {
        matches!(
            self,
            Self::TwoFactor
                | Self::AccountNotification
                | Self::CustomerCare
                | Self::DeliveryNotification
                | Self::FraudAlert
                | Self::HigherEducation
                | Self::Marketing
                | Self::PollingVoting
                | Self::PublicServiceAnnouncement
                | Self::SecurityAlert
        )
    }

    /// Whether it is one that the registry gives on terms of its own (compliance-facts 1.3).
    pub fn is_special(self) -> bool {
        !self.can_be_sub_use_case() && !matches!(self, Self::LowVolume | Self::Mixed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_that_are_read_and_written() {
        for code in [
            "2FA",
            "K12_EDUCATION",
            "LOW_VOLUME",
            "POLITICAL_SECTION_527",
            "M2M",
            "UCAAS_HIGH",
            "CUSTOMER_CARE",
        ] {
            let use_case = UseCase::named(code).unwrap();
            assert_eq!(use_case.code(), code);
            assert_eq!(serde_json::to_value(use_case).unwrap(), code);
        }
    }
}
