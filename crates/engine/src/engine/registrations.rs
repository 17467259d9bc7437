//! The state of campaigns at their provider (DLC-8): asked when the host says so, remembered in the store, and worse than the
//! configuration's word it stops texts.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{PoisonError, RwLock},
};

use frontdesk_tendlc::{Programme, Registered};
use frontdesk_types::{Event, Fact, Instant, RegistrationChange, RegistrationState, SupportNumber};
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::{Engine, EngineError, retried};
use crate::{
    Activation, Center, RegistrationAnswer, RegistrationError, RegistrationIds, RegistrationStatus,
    config::Enrolment,
    store::{Commit, ItemWrite, Subject},
};

/// The kind of the items that the last answers are; the key is the campaign.
const REGISTRATION: &str = "registration";
/// Campaigns that are asked for at the same time.
const AT_ONCE: usize = 4;

/// Where a campaign stands by the configuration, by its provider, and by both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationView {
    /// The campaign's id in the configuration.
    pub campaign: Programme,
    /// The configuration's word.
    pub configured: Registered,
    /// The worse of the configuration's word and the provider's: the gate goes by it.
    pub status: Registered,
    /// The provider's ids; `None` where nobody is asked.
    pub ids: Option<RegistrationIds>,
    /// The last answer, and when it was asked for.
    pub answer: Option<(Instant, RegistrationStatus)>,
    /// The reason why the provider gave no answer, or an incomplete one, when it was asked last. Each process has its own.
    pub failure: Option<RegistrationError>,
    /// Numbers of the campaign in the configuration that the provider does not have in it. Carriers block their texts.
    pub unregistered: Vec<SupportNumber>,
}

/// The last answer about a campaign, as the store has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    /// Which registration was asked for: the configuration may name another one since.
    ids: RegistrationIds,
    /// When it was asked for.
    at: Instant,
    status: RegistrationStatus,
}

/// The last answers about campaigns, and the last failures.
#[derive(Debug, Default)]
pub(super) struct Registrations {
    answers: RwLock<BTreeMap<Programme, Remembered>>,
    failures: RwLock<BTreeMap<Programme, RegistrationError>>,
}

impl Registrations {
    /// The last answer about a campaign, if it is about this registration of it.
    fn of(&self, campaign: &Programme, ids: &RegistrationIds) -> Option<Remembered> {
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        answers.get(campaign).filter(|answer| answer.ids == *ids).cloned()
    }

    fn state(&self, campaign: &Programme, ids: &RegistrationIds) -> Option<RegistrationState> {
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        let answer = answers.get(campaign).filter(|answer| answer.ids == *ids);
        answer.map(|answer| answer.status.standing.state())
    }

    fn set(&self, campaign: Programme, answer: Remembered) {
        self.answers.write().unwrap_or_else(PoisonError::into_inner).insert(campaign, answer);
    }

    fn failure(&self, campaign: &Programme) -> Option<RegistrationError> {
        self.failures.read().unwrap_or_else(PoisonError::into_inner).get(campaign).cloned()
    }

    fn set_failure(&self, campaign: &Programme, failure: Option<RegistrationError>) {
        let mut failures = self.failures.write().unwrap_or_else(PoisonError::into_inner);
        match failure {
            Some(failure) => failures.insert(campaign.clone(), failure),
            None => failures.remove(campaign),
        };
    }
}

/// The gate's word for a provider's state. A state that nobody knows is not approved.
fn registered(state: RegistrationState) -> Registered {
    match state {
        RegistrationState::Active => Registered::Active,
        RegistrationState::Pending | RegistrationState::Unknown => Registered::Pending,
        RegistrationState::Failed => Registered::Rejected,
        RegistrationState::Expired => Registered::Expired,
        RegistrationState::Suspended => Registered::Suspended,
    }
}

/// The worse of two. `Suspended` is the worst: it alone stops texts to other countries, too.
fn worse(one: Registered, other: Registered) -> Registered {
    let rank = |status| match status {
        Registered::Active => 0,
        Registered::Pending => 1,
        Registered::Rejected => 2,
        Registered::Expired => 3,
        Registered::Suspended => 4,
    };
    if rank(other) > rank(one) { other } else { one }
}

impl Engine {
    /// Asks the provider about every campaign that has ids there, remembers the answers, and writes an event for each that has
    /// changed. Where it gives no answer, the last one holds, and the view tells why; so it does without
    /// [`Parts::registrations`](crate::Parts::registrations).
    pub async fn refresh_registrations(&self) -> Result<Vec<RegistrationView>, EngineError> {
        let center = self.center();
        let asked = center.compliance.enrolments().filter_map(|enrolment| {
            let Enrolment { campaign, ids, .. } = enrolment;
            Some((campaign.clone(), ids?.clone()))
        });
        let asked: Vec<(Programme, RegistrationIds)> = asked.collect();
        let Some(lookup) = &self.parts.registrations else {
            let reason = "nobody is set up to be asked".to_owned();
            let failure = Some(RegistrationError::Misconfigured { reason });
            for (campaign, _) in asked {
                self.registrations.set_failure(&campaign, failure.clone());
            }
            return Ok(self.registrations());
        };
        let ask = |(campaign, ids): (Programme, RegistrationIds)| async move {
            let at = self.now();
            let answer = lookup.registration(&ids).await;
            (campaign, ids, at, answer)
        };
        let mut answers = stream::iter(asked).map(ask).buffer_unordered(AT_ONCE);
        let mut failed = None;
        while let Some((campaign, ids, at, answer)) = answers.next().await {
            let status = match answer {
                Err(failure) => {
                    self.registrations.set_failure(&campaign, Some(failure));
                    continue;
                }
                Ok(RegistrationAnswer { status, incomplete }) => {
                    self.registrations.set_failure(&campaign, incomplete);
                    status
                }
            };
            let answer = Remembered { ids, at, status };
            failed = self.remember(&campaign, answer).await.err().or(failed);
        }
        failed.map_or_else(|| Ok(self.registrations()), Err)
    }

    /// Where every campaign stands, in the order of the configuration: what is known without asking.
    pub fn registrations(&self) -> Vec<RegistrationView> {
        let center = self.center();
        center.compliance.enrolments().map(|enrolment| self.registration_view(enrolment)).collect()
    }

    /// Whether texts of the center's numbers are enabled, and by what, with the provider's word about their campaigns (DLC-8). Slow: for
    /// pages about them.
    pub fn activations(&self) -> Vec<Activation> {
        let center = self.center();
        let mut all = center.activations();
        for one in &mut all {
            one.status = self.registered(&center, one.number, one.status);
        }
        all
    }

    fn registration_view(&self, enrolment: Enrolment<'_>) -> RegistrationView {
        let Enrolment { campaign, status: configured, ids, numbers } = enrolment;
        let answer = ids.and_then(|ids| self.registrations.of(campaign, ids));
        let answer = answer.map(|answer| (answer.at, answer.status));
        let state = answer.as_ref().map(|(_, status)| status.standing.state());
        let known = answer.as_ref().and_then(|(_, status)| status.numbers.as_ref());
        let unregistered = numbers
            .into_iter()
            .filter(|number| known.is_some_and(|known| !known.contains(number)))
            .collect();
        RegistrationView {
            campaign: campaign.clone(),
            configured,
            status: state.map_or(configured, |state| worse(configured, registered(state))),
            ids: ids.cloned(),
            failure: ids.and_then(|_| self.registrations.failure(campaign)),
            answer,
            unregistered,
        }
    }

    /// The worse of what the configuration says of a number or its campaign, and what the provider says of the campaign. An
    /// approval lifts nothing.
    pub(super) fn registered(
        &self,
        center: &Center,
        number: SupportNumber,
        configured: Registered,
    ) -> Registered {
        let state = center
            .compliance
            .at_provider(number)
            .and_then(|(campaign, ids)| self.registrations.state(campaign, ids));
        state.map_or(configured, |state| worse(configured, registered(state)))
    }

    /// Remembers an answer. It holds from now on, also where the store fails.
    async fn remember(&self, campaign: &Programme, answer: Remembered) -> Result<(), EngineError> {
        let written = retried(|| self.write_registration(campaign, &answer)).await;
        if written.is_err() {
            let earlier = self.registrations.of(campaign, &answer.ids);
            let answer = match &earlier {
                Some(earlier) => completed(answer, earlier),
                None => answer,
            };
            self.registrations.set(campaign.clone(), answer);
        }
        written
    }

    async fn write_registration(
        &self,
        campaign: &Programme,
        answer: &Remembered,
    ) -> Result<(), EngineError> {
        let key = campaign.as_str().to_owned();
        let item = self.parts.store.item(&self.id, REGISTRATION, &key).await?;
        let expected = item.as_ref().map_or(0, |item| item.version);
        let stored = item.map(|item| item.read::<Remembered>()).transpose()?;
        let earlier = stored.filter(|stored| stored.ids == answer.ids);
        // Another host has asked later. A time ahead of the clock is that of a clock that was wrong.
        if let Some(later) = earlier.as_ref().filter(|it| it.at > answer.at && it.at <= self.now())
        {
            self.registrations.set(campaign.clone(), later.clone());
            return Ok(());
        }
        let answer = match &earlier {
            Some(earlier) => completed(answer.clone(), earlier),
            None => answer.clone(),
        };
        let events = changed(campaign, earlier.as_ref(), &answer, self.now()).into_iter().collect();
        let items = vec![ItemWrite::json(REGISTRATION, key, expected, &answer)?];
        // It stops texts before anybody is told of it.
        self.registrations.set(campaign.clone(), answer);
        self.record(Subject::default(), events, Commit { items, ..Commit::default() }).await
    }

    /// Reads the last answers from the store.
    pub(super) async fn read_registrations(&self) -> Result<(), EngineError> {
        let items = self.parts.store.items(&self.id, REGISTRATION, None, usize::MAX).await?;
        for item in items {
            self.registrations.set(item.key.as_str().into(), item.read()?);
        }
        Ok(())
    }
}

fn completed(answer: Remembered, earlier: &Remembered) -> Remembered {
    Remembered { status: answer.status.completed_by(&earlier.status), ..answer }
}

/// The event of a change; `None` if nothing has changed that texts depend on.
fn changed(
    campaign: &Programme,
    earlier: Option<&Remembered>,
    answer: &Remembered,
    now: Instant,
) -> Option<Event> {
    let from = earlier.map(|earlier| earlier.status.standing.clone());
    let to = answer.status.standing.clone();
    let none = BTreeSet::new();
    let numbers = |answer: &'_ Remembered| answer.status.numbers.clone();
    let before = earlier.and_then(numbers).unwrap_or_default();
    let after = answer.status.numbers.as_ref().unwrap_or(&none);
    if from.as_ref() == Some(&to) && before == *after {
        return None;
    }
    let change = RegistrationChange {
        from,
        to,
        reasons: answer.status.reasons.clone(),
        numbers_added: after.difference(&before).copied().collect(),
        numbers_removed: before.difference(after).copied().collect(),
    };
    let (campaign, change) = (campaign.as_str().into(), Box::new(change));
    Some(Event { at: now, fact: Fact::RegistrationChanged { campaign, change } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dlc_8_an_answer_is_read_and_written() {
        let stored = r#"{"ids":{"brand":"BN1","service":"MG1","campaign":"QE1"},"at":"2026-11-20T17:00:00Z","status":{"standing":{"campaign":{"state":"suspended","word":"SUSPENDED"},"brand":{"state":"active","word":"APPROVED"},"identity":"VERIFIED","score":75,"att_class":"C","t_mobile_tier":"HIGH_MID","mock":true},"registry_campaign":"CEXAMPL","registry_brand":"BEXAMPL","reasons":["30990 suspended"],"numbers":["+12025550120"]}}"#;
        let read: Remembered = serde_json::from_str(stored).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), stored);
    }

    #[test]
    fn dlc_8_an_approval_lifts_nothing() {
        use Registered::{Active, Expired, Pending, Rejected, Suspended};
        for configured in [Active, Pending, Rejected, Expired, Suspended] {
            assert_eq!(worse(configured, registered(RegistrationState::Active)), configured);
            let stopped = worse(configured, registered(RegistrationState::Suspended));
            assert_eq!(stopped, Suspended);
        }
        assert_eq!(worse(Active, registered(RegistrationState::Unknown)), Pending);
        assert_eq!(worse(Pending, registered(RegistrationState::Failed)), Rejected);
        assert_eq!(worse(Rejected, registered(RegistrationState::Expired)), Expired);
    }
}
