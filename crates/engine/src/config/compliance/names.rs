//! Names of the section: the brand's, its domains, the campaigns' (DLC-5, DLC-8).

use frontdesk_types::SupportNumber;

use crate::{Problems, config::Plain};

/// Maximum length of a host name and of a part between its dots, in bytes (RFC 1035).
const LONGEST_HOST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Tells of names of the brand that are empty: every text would name it.
pub(super) fn check_brand(brand: &[String], problems: &mut Problems) {
    for (i, name) in brand.iter().enumerate() {
        if name.trim().is_empty() {
            let message = "is empty; a name of the brand is needed, or no row";
            problems.add(format!("compliance.brand[{i}]"), message);
        }
    }
}

/// The domains of the brand in lower case, each of which must be a host name.
pub(super) fn domains(domains: &[String], problems: &mut Problems) -> Vec<String> {
    for (i, domain) in domains.iter().enumerate() {
        if !is_host(domain) {
            let message = format!(
                "`{domain}` is no host name; allowed is one like harborbooks.example, without https:// and without a path"
            );
            problems.add(format!("compliance.domains[{i}]"), message);
        }
    }
    domains.iter().map(|domain| domain.to_lowercase()).collect()
}

/// Whether a text is a host name of two labels or more, in ASCII or in letters of any language.
fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= LONGEST_HOST
        && text.contains('.')
        && text.split('.').all(is_label)
        // An IP address is nobody's domain.
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// Why a text cannot be the id of a campaign, if it cannot. A number of the center is a programme by itself: consent to it would
/// be consent to the campaign.
pub(super) fn no_campaign_id(
    id: &str,
    is_ours: &dyn Fn(SupportNumber) -> bool,
) -> Option<&'static str> {
    if id.trim().is_empty() {
        return Some("is empty");
    }
    if Plain(id).to_string() != id {
        return Some("has a control character; allowed are letters, digits and signs");
    }
    let is_number = id.trim().parse::<SupportNumber>().is_ok_and(is_ours);
    is_number.then_some("is a number of this center, which is a programme by itself; give a name")
}
