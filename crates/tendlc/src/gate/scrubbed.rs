//! The gate's rules about lists that consumers are checked against.

use frontdesk_types::{Instant, Purpose};

use super::{ContentType, Outgoing, Question, Reason, Recipient};
use crate::{ConsentLevel, Scrub, ScrubResult};

impl Question<'_> {
    /// Adds what speaks against the message by the results of checks, and by checks that are missing.
    pub(super) fn scrubs(&self, at: Instant, reasons: &mut Vec<Reason>) {
        let Recipient { scrubs, scrub_again, .. } = self.recipient;
        let promotes = self.message.kind == ContentType::Promotional;
        for scrub in scrubs.iter() {
            let (list, since) = (scrub.list, scrub.effective());
            if scrub.result == ScrubResult::Listed && promotes && !self.lifts(scrub) {
                reasons.push(Reason::OnList { list, since });
            } else if scrub.result.ends_number() && self.is_for_the_holder_before(since) {
                reasons.push(Reason::NumberChanged { list, result: scrub.result, since });
            }
        }
        if promotes {
            let rules = &self.rules.scrub;
            reasons.extend(scrubs.due(rules, at).map(|list| {
                let scrub = scrubs.of(list).filter(|scrub| scrub.result != ScrubResult::Unknown);
                let checked = scrub.map(|scrub| scrub.checked);
                Reason::NotScrubbed { list, checked, days: rules.days, until: *scrub_again }
            }));
        }
    }

    /// Whether written consent lifts a listing: permission in writing (47 CFR 64.1200(c)(2)(ii)).
    fn lifts(&self, scrub: &Scrub) -> bool {
        let consent = self.recipient.consent;
        let is_later = || consent.since().is_some_and(|given| given > scrub.effective());
        consent.level() == Some(ConsentLevel::Written)
            && (scrub.list.lifted_by_earlier_consent() || is_later())
    }

    /// Whether the message rests on consent of somebody who had the number before an instant, and answers nobody who has it now.
    fn is_for_the_holder_before(&self, since: Instant) -> bool {
        let Outgoing { purpose, kind, answers, last_word, .. } = self.message;
        let has_written = last_word.is_some_and(|word| word > since);
        let answers = *answers
            || matches!(purpose, Purpose::Help | Purpose::OptInConfirmation)
            || (*kind == ContentType::Conversational && has_written);
        !answers && self.recipient.consent.since().is_none_or(|given| given <= since)
    }
}
