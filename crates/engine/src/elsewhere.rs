//! A revocation to one programme that takes back all, where a host has set it so (DLC-7): what holds is told as the gate decides.

use frontdesk_tendlc::{ConsumerLedger, GateRules, LedgerKey, Programme, Proof, RevokedBy};
use frontdesk_types::{Instant, PhoneNumber};

use crate::{
    Center,
    store::{Store, StoreError},
};

/// A proof with the revocation to another programme, if one takes this consent back.
pub(crate) async fn with_revocation_elsewhere(
    store: &dyn Store,
    center: &Center,
    ledger: &ConsumerLedger,
    proof: Proof,
) -> Result<Proof, StoreError> {
    let membership = center.compliance.membership_named(&proof.programme);
    let campaign = center.compliance.has_campaign(&membership.programme);
    let campaign = campaign.then(|| membership.programme.as_str());
    if !center.gate_rules(campaign).is_some_and(GateRules::takes_back_all) {
        return Ok(proof);
    }
    let Some((programme, at)) = ledger.revoked_by(&membership.programme, &membership.joined) else {
        return Ok(proof);
    };
    let holds = ledger.consent(&membership.programme, &membership.joined);
    if holds.is_opted_out() || holds.outlives(at) {
        return Ok(proof);
    }
    let by = revocation(store, center, (proof.consumer, programme.clone()), at).await?;
    Ok(proof.taken_back(by))
}

/// The last revocation of a programme's history.
async fn revocation(
    store: &dyn Store,
    center: &Center,
    (consumer, programme): (PhoneNumber, Programme),
    at: Instant,
) -> Result<RevokedBy, StoreError> {
    let key = LedgerKey { consumer, programme };
    let history = store.history(center.id(), &key).await?.map(|(_, history)| history);
    let first = history.as_ref().map_or(0, |history| history.before.entries) + 1;
    let links = history.iter().flat_map(|history| &history.links);
    let last = (first..).zip(links).filter(|(_, link)| link.entry.act.revokes()).last();
    let last = last.map(|(number, link)| (number, link.entry.in_words()));
    let (entry, how) = last.unzip();
    Ok(RevokedBy { programme: key.programme, at, entry, how })
}
