//! The consumers with an entry of a period.

use std::ops::Range;

use frontdesk_tendlc::{LedgerKey, Programme};
use frontdesk_types::{Instant, PhoneNumber};

use crate::{Center, EngineError, store::Store};

/// The consumers with an entry of a period, its end not included, in the order of their numbers. With a programme only entries
/// count that tell what holds for it.
///
/// # Errors
///
/// [`EngineError::Store`] where the store cannot be read.
pub async fn consumers_entered(
    store: &dyn Store,
    center: &Center,
    period: Range<Instant>,
    programme: Option<&Programme>,
) -> Result<Vec<PhoneNumber>, EngineError> {
    let membership = programme.map(|name| center.compliance.membership_named(name));
    let is_asked_for = |name: &Programme| match (programme, &membership) {
        (Some(asked), Some(membership)) => name == asked || membership.joined.contains(name),
        _ => true,
    };
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = store.consumers(center.id(), after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        after = Some(*last);
        for (consumer, known) in page {
            let mut is_in = false;
            let names = known.ledger.accounts().map(|(name, _)| name);
            for name in names.filter(|name| is_asked_for(name)) {
                let key = LedgerKey { consumer, programme: name.clone() };
                let Ok(history) = store.history(center.id(), &key).await else {
                    // Whoever asks for the proof is told why it cannot be read.
                    is_in = true;
                    continue;
                };
                let links = history.iter().flat_map(|(_, history)| &history.links);
                is_in |= links.map(|link| link.entry.at).any(|at| period.contains(&at));
            }
            if is_in {
                found.push(consumer);
            }
        }
    }
}

/// Consumers that are read at a time.
const PAGE: usize = 500;
