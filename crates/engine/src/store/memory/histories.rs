//! Histories of consumers in memory.

use std::ops::Bound;

use frontdesk_tendlc::{LedgerKey, Programme};
use frontdesk_types::PhoneNumber;

use super::tables::Tables;
use crate::store::{Consumer, ConsumerHistories, HistoryQuery};

impl Tables {
    pub(super) fn histories(&self, query: HistoryQuery) -> Vec<ConsumerHistories> {
        match query {
            HistoryQuery::Of(consumers) => {
                let known = |consumer| Some((consumer, &self.consumers.get(&consumer)?.1));
                let known = consumers.into_iter().filter_map(known);
                known.map(|(consumer, known)| self.of(consumer, known)).collect()
            }
            HistoryQuery::After { consumer, limit } => {
                let from = consumer.map_or(Bound::Unbounded, Bound::Excluded);
                let mut left = limit;
                let known = self.consumers.range((from, Bound::Unbounded)).take(limit);
                let mut page = Vec::new();
                for (consumer, (_, known)) in known {
                    let histories = self.of(*consumer, known);
                    let links: usize = histories.links.values().map(Vec::len).sum();
                    page.push(histories);
                    left = left.saturating_sub(links);
                    if left == 0 {
                        break;
                    }
                }
                page
            }
        }
    }

    fn of(&self, consumer: PhoneNumber, known: &Consumer) -> ConsumerHistories {
        let first = LedgerKey { consumer, programme: Programme::from("") };
        let histories = self.ledger.range(first..).take_while(|(key, _)| key.consumer == consumer);
        let links = histories
            .filter(|(_, links)| !links.is_empty())
            .map(|(key, links)| (key.programme.clone(), links.values().cloned().collect()))
            .collect();
        ConsumerHistories { consumer, known: known.clone(), links }
    }
}
