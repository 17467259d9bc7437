//! A value that cannot be read is told, and the look goes on.

use frontdesk_types::PhoneNumber;

use super::{Look, PAGE};
use crate::{EngineError, LedgerProblem, LedgerReport, store::Consumer};

impl Look<'_> {
    /// The next consumers. Where one of them cannot be read it is told, and stands there as one of whom nothing is known.
    pub(super) async fn consumers(
        &mut self,
        after: Option<PhoneNumber>,
    ) -> Result<Vec<(PhoneNumber, Consumer)>, EngineError> {
        let failed = match self.store.consumers(self.center, after, PAGE).await {
            Ok(page) => return Ok(page),
            Err(error) => error,
        };
        let numbers = self.store.consumer_numbers(self.center, after, PAGE).await?;
        let (mut page, mut told) = (Vec::new(), false);
        for consumer in numbers {
            let known = match self.store.consumer(self.center, consumer).await {
                Ok((_, known)) => known,
                Err(error) => {
                    let what = format!("what is kept of {consumer}: {error}");
                    self.report.add(LedgerProblem::Unreadable { what });
                    told = true;
                    Consumer::default()
                }
            };
            page.push((consumer, known));
        }
        if !told {
            self.report.add(LedgerProblem::Unreadable { what: format!("consumers: {failed}") });
        }
        Ok(page)
    }

    /// Whether something could not be read since a report.
    pub(super) fn has_unread(&self, before: &LedgerReport) -> bool {
        let since = self.report.problems.iter().skip(before.problems.len());
        since.into_iter().any(|problem| matches!(problem, LedgerProblem::Unreadable { .. }))
    }
}
