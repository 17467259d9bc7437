//! The consumers with an entry of a period.

use std::ops::Range;

use frontdesk_tendlc::Programme;
use frontdesk_types::{Instant, PhoneNumber};

use crate::{
    Center, EngineError,
    store::{ConsumerHistories, HistoryQuery, Store},
};

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
    let is_in = |histories: &ConsumerHistories| {
        let names = histories.known.ledger.accounts().map(|(name, _)| name);
        let asked = names.filter(|name| is_asked_for(name));
        let mut links = asked.filter_map(|name| histories.links.get(name)).flatten();
        links.any(|link| period.contains(&link.entry.at))
    };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let query = HistoryQuery::After { consumer: after, limit: PAGE };
        if let Ok(page) = store.histories(center.id(), query).await {
            let Some(last) = page.last() else { return Ok(found) };
            after = Some(last.consumer);
            found.extend(page.iter().filter(|of| is_in(of)).map(|histories| histories.consumer));
            continue;
        }
        // Somebody of the page cannot be read: whoever asks for the proof is told why.
        let page = store.consumer_numbers(center.id(), after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = Some(*last);
        for consumer in page {
            match store.histories(center.id(), HistoryQuery::Of(vec![consumer])).await {
                Ok(histories) => found.extend(histories.iter().any(&is_in).then_some(consumer)),
                Err(_) => found.push(consumer),
            }
        }
    }
}

/// Consumers that are read at a time.
const PAGE: usize = 500;
