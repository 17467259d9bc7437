//! Judgements of the configuration's own texts (DLC-5): a prompt that goes to everybody is judged once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::NaiveDate;
use frontdesk_tendlc::{ContentType, GateRules, TextJudgement};
use frontdesk_types::{Instant, Purpose};

/// Judgements that are remembered; with one more all are forgotten.
const REMEMBERED: usize = 1_024;

/// Judgements of texts, by text, purpose, campaign, and day. They hold as long as the configuration that they belong to.
#[derive(Debug, Default)]
pub(super) struct Judgements(Mutex<HashMap<Key, Arc<TextJudgement>>>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    text: String,
    purpose: Purpose,
    /// The campaign's place in the configuration; `None`: numbers of no campaign.
    campaign: Option<usize>,
    day: NaiveDate,
}

impl Judgements {
    /// The judgement of a text by a campaign's rules. Texts of persons and programs are judged each time.
    pub(super) fn of(
        &self,
        (text, purpose, kind): (&str, Purpose, ContentType),
        first: bool,
        at: Instant,
        (campaign, rules): (Option<usize>, &GateRules),
    ) -> Arc<TextJudgement> {
        let judge = || Arc::new(TextJudgement::of((text, purpose, kind), first, at, rules));
        let own =
            matches!(purpose, Purpose::AgentReply | Purpose::Notification | Purpose::Outreach);
        if own || kind != ContentType::Conversational {
            return judge();
        }
        let key = Key { text: text.to_owned(), purpose, campaign, day: at.date_naive() };
        if let Some(known) = self.lock().get(&key) {
            return Arc::clone(known);
        }
        let judged = judge();
        let mut known = self.lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, Arc::clone(&judged));
        judged
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Arc<TextJudgement>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dlc_5_a_text_of_the_configuration_is_judged_once_and_an_agents_each_time() {
        let (judgements, rules) = (Judgements::default(), GateRules::default());
        let at: Instant = "2026-11-27T12:00:00Z".parse().unwrap();
        let of = |text: &str, purpose, at| {
            judgements.of((text, purpose, ContentType::Conversational), false, at, (None, &rules))
        };
        let prompt = of("1. Books", Purpose::Prompt, at);
        assert!(Arc::ptr_eq(&prompt, &of("1. Books", Purpose::Prompt, at)));
        let tomorrow = at + chrono::TimeDelta::days(1);
        assert!(!Arc::ptr_eq(&prompt, &of("1. Books", Purpose::Prompt, tomorrow)));
        let (one, other) = (of("Hi", Purpose::AgentReply, at), of("Hi", Purpose::AgentReply, at));
        assert!(!Arc::ptr_eq(&one, &other));
        for n in 0..3 * REMEMBERED {
            let _ = of(&n.to_string(), Purpose::Prompt, at);
        }
        assert!(judgements.lock().len() <= REMEMBERED);
    }

    #[test]
    fn dlc_5_each_campaign_and_each_configuration_judges_by_its_own_rules() {
        let (judgements, next) = (Judgements::default(), Judgements::default());
        let rules = GateRules::default();
        let at: Instant = "2026-11-27T12:00:00Z".parse().unwrap();
        let of = |judgements: &Judgements, campaign| {
            let prompt = ("1. Books", Purpose::Prompt, ContentType::Conversational);
            judgements.of(prompt, false, at, (campaign, &rules))
        };
        let prompt = of(&judgements, None);
        assert!(Arc::ptr_eq(&prompt, &of(&judgements, None)));
        assert!(!Arc::ptr_eq(&prompt, &of(&judgements, Some(0))));
        assert!(!Arc::ptr_eq(&of(&judgements, Some(0)), &of(&judgements, Some(1))));
        assert!(!Arc::ptr_eq(&prompt, &of(&next, None)));
    }
}
