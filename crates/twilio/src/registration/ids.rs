//! Twilio's ids: two letters and 32 hexadecimal digits.

use frontdesk::RegistrationIds;

use super::Registrations;

/// The letters of brands, messaging services and campaigns.
pub(super) const BRAND: &str = "BN";
pub(super) const SERVICE: &str = "MG";
pub(super) const CAMPAIGN: &str = "QE";

/// An id that is none of Twilio's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct RegistrationIdError {
    /// Which of the ids: `brand`, `service` or `campaign`.
    pub field: &'static str,
    /// The value that was found, and the form that is expected.
    pub message: String,
}

pub(super) fn is_sid(sid: &str, prefix: &str) -> bool {
    let digits = sid.strip_prefix(prefix).filter(|digits| digits.len() == 32);
    digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

pub(super) fn wrong(sid: &str, prefix: &str) -> String {
    format!("`{sid}` is no such id of Twilio: {prefix} and 32 hexadecimal digits are expected")
}

impl Registrations {
    /// Every id of a registration that Twilio cannot have: the brand's is `BN`, the messaging service's `MG`, the campaign's `QE`,
    /// each with 32 hexadecimal digits.
    ///
    /// ```
    /// use frontdesk::RegistrationIds;
    /// use frontdesk_twilio::Registrations;
    ///
    /// let digits = "0123456789abcdef0123456789abcdef";
    /// let (brand, service) = (format!("BN{digits}"), format!("MG{digits}"));
    /// let ids = RegistrationIds { brand, service, campaign: "CEXAMPL".into() };
    /// let wrong = Registrations::check_ids(&ids);
    /// assert_eq!(wrong.len(), 1);
    /// assert_eq!(wrong[0].field, "campaign");
    /// ```
    pub fn check_ids(ids: &RegistrationIds) -> Vec<RegistrationIdError> {
        let RegistrationIds { brand, service, campaign } = ids;
        let all = [
            ("brand", brand, BRAND),
            ("service", service, SERVICE),
            ("campaign", campaign, CAMPAIGN),
        ];
        let check = |(field, sid, prefix): (&'static str, &String, &str)| {
            let message = wrong(sid, prefix);
            (!is_sid(sid, prefix)).then_some(RegistrationIdError { field, message })
        };
        all.into_iter().filter_map(check).collect()
    }
}
