//! Campaigns that are registered with a provider, by the provider's ids (DLC-8).

use frontdesk_tendlc::{Programme, Registered};
use frontdesk_types::SupportNumber;

use super::{Campaign, Compliance};
use crate::{Problems, RegistrationIds};

/// Maximum length of a provider's id, in bytes.
const LONGEST_ID: usize = 100;

/// A campaign, as far as its registration goes.
#[derive(Debug)]
pub(crate) struct Enrolment<'a> {
    pub(crate) campaign: &'a Programme,
    /// The configuration's word.
    pub(crate) status: Registered,
    /// The provider's ids of it.
    pub(crate) ids: Option<&'a RegistrationIds>,
    /// The numbers that it sends from.
    pub(crate) numbers: Vec<SupportNumber>,
}

impl Campaign {
    fn enrolment(&self) -> Enrolment<'_> {
        let membership = &*self.membership;
        let numbers = membership.joined.iter().filter_map(|number| number.as_str().parse().ok());
        Enrolment {
            campaign: &membership.programme,
            status: self.status,
            ids: self.provider.as_ref(),
            numbers: numbers.collect(),
        }
    }
}

impl Compliance {
    /// Every campaign, in the order of the document.
    pub(crate) fn enrolments(&self) -> impl Iterator<Item = Enrolment<'_>> {
        self.campaigns.iter().map(Campaign::enrolment)
    }

    /// The campaign of a number and its ids at the provider, where it has some.
    pub(crate) fn at_provider(
        &self,
        number: SupportNumber,
    ) -> Option<(&Programme, &RegistrationIds)> {
        let campaign = self.of_number(number)?;
        Some((&campaign.membership.programme, campaign.provider.as_ref()?))
    }
}

/// The ids of a campaign, if each can be one. The host checks the provider's own form.
pub(super) fn ids(
    ids: Option<&RegistrationIds>,
    path: &str,
    problems: &mut Problems,
) -> Option<RegistrationIds> {
    let ids = ids?;
    let RegistrationIds { brand, service, campaign } = ids;
    for (name, id) in [("brand", brand), ("service", service), ("campaign", campaign)] {
        let is_id =
            (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
        if !is_id {
            let message = format!(
                "`{id}` is no id of a provider: 1 to {LONGEST_ID} ASCII characters without spaces are expected"
            );
            problems.add(format!("{path}.provider.{name}"), message);
        }
    }
    Some(ids.clone())
}
