//! Pages of histories. A value that cannot be read is told, and the look goes on.

use frontdesk_tendlc::LedgerKey;
use frontdesk_types::PhoneNumber;

use super::{Look, PAGE};
use crate::{
    EngineError, LedgerProblem, LedgerReport,
    store::{ConsumerHistories, HistoryQuery, StoreError},
};

impl<'a> Look<'a> {
    /// The next consumers with their histories; nobody behind the last one.
    pub(super) fn page(
        &self,
        consumer: Option<PhoneNumber>,
    ) -> impl Future<Output = Result<Vec<ConsumerHistories>, StoreError>> + use<'a> {
        self.store.histories(self.center, HistoryQuery::After { consumer, limit: PAGE })
    }

    /// The next consumers one by one, where they cannot be read together: what cannot be read of them is told. The last number,
    /// also of somebody who cannot be read; `None` behind the last one.
    pub(super) async fn one_by_one(
        &mut self,
        after: Option<PhoneNumber>,
        failed: &StoreError,
    ) -> Result<Option<PhoneNumber>, EngineError> {
        let numbers = self.store.consumer_numbers(self.center, after, PAGE).await?;
        let told = self.report.problems.len();
        for consumer in &numbers {
            let of = HistoryQuery::Of(vec![*consumer]);
            match self.store.histories(self.center, of).await {
                Ok(found) => {
                    for histories in found {
                        self.consumer(histories);
                    }
                }
                Err(error) => self.unread(*consumer, &error).await,
            }
        }
        if told == self.report.problems.len() {
            self.report.add(LedgerProblem::Unreadable { what: format!("consumers: {failed}") });
        }
        Ok(numbers.last().copied())
    }

    /// Tells what cannot be read of a consumer, and looks at the rest.
    async fn unread(&mut self, consumer: PhoneNumber, failed: &StoreError) {
        let known = match self.store.consumer(self.center, consumer).await {
            Ok((_, known)) => known,
            Err(error) => {
                let what = format!("what is kept of {consumer}: {error}");
                self.report.add(LedgerProblem::Unreadable { what });
                return;
            }
        };
        let told = self.report.problems.len();
        for (programme, account) in known.ledger.accounts() {
            let key = LedgerKey { consumer, programme: programme.clone() };
            match self.store.history(self.center, &key).await {
                Ok(found) => {
                    let links = found.map(|(_, history)| history.links).unwrap_or_default();
                    self.history(key, account, links);
                }
                Err(error) => {
                    let what = format!("consent of {consumer} to {programme}: {error}");
                    self.report.add(LedgerProblem::Unreadable { what });
                }
            }
        }
        self.report.consumers += u64::from(known.ledger.accounts().next().is_some());
        if told == self.report.problems.len() {
            let what = format!("consent of {consumer}: {failed}");
            self.report.add(LedgerProblem::Unreadable { what });
        }
    }

    /// Whether something could not be read since a report.
    pub(super) fn has_unread(&self, before: &LedgerReport) -> bool {
        let since = self.report.problems.iter().skip(before.problems.len());
        since.into_iter().any(|problem| matches!(problem, LedgerProblem::Unreadable { .. }))
    }
}
