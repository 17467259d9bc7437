//! The confirmations of revocations by text, as the event log has them.

use std::collections::BTreeMap;

use frontdesk_tendlc::{Act, Confirmation, ConfirmationFate, Proof};
use frontdesk_types::{Delivery, Fact, Instant, MessageId};

use crate::{
    Center,
    store::{EventQuery, Line, Store, StoreError},
};

/// The last news of each confirmation that was due, by the number of the revocation's entry.
pub(super) async fn confirmations(
    store: &dyn Store,
    center: &Center,
    proof: &Proof,
) -> Result<BTreeMap<u64, Confirmation>, StoreError> {
    let mut all = BTreeMap::new();
    for proven in &proof.history {
        let Act::OptedOut { confirmation: Some(message), .. } = &proven.entry.act else { continue };
        let news = news(store, center, proof, message).await?;
        let (fate, at) = news.unwrap_or((ConfirmationFate::Unknown, None));
        all.insert(proven.number, Confirmation { message: message.clone(), fate, at });
    }
    Ok(all)
}

type News = (ConfirmationFate, Option<Instant>);

/// The last news of a text, in its session or on the lines of the programme.
async fn news(
    store: &dyn Store,
    center: &Center,
    proof: &Proof,
    message: &MessageId,
) -> Result<Option<News>, StoreError> {
    let on_line = |number| EventQuery::OfLine(Line { consumer: proof.consumer, number });
    let queries: Vec<EventQuery> = match message.session() {
        Some(session) => vec![EventQuery::OfSession(session)],
        None => proof.sender.numbers.iter().copied().map(on_line).collect(),
    };
    let mut last = None;
    for query in queries {
        let records = store.events(center.id(), query).await?;
        for event in records.iter().flat_map(|record| &record.events) {
            if let Fact::Delivery { id, delivery } = &event.fact
                && id == message
                && let Some(fate) = fate(delivery)
            {
                last = Some((fate, Some(event.at)));
            }
        }
    }
    Ok(last)
}

/// The news in a delivery; none where the text still waits.
fn fate(delivery: &Delivery) -> Option<ConfirmationFate> {
    match delivery {
        Delivery::Accepted { .. } => Some(ConfirmationFate::Sent),
        Delivery::Delivered => Some(ConfirmationFate::Delivered),
        Delivery::Failed { reason } => Some(ConfirmationFate::Failed { reason: reason.clone() }),
        Delivery::Refused { reasons, .. } => {
            Some(ConfirmationFate::Refused { reasons: reasons.clone() })
        }
        _ => None,
    }
}
