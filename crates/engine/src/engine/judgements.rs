//! What texts of the configuration say (DLC-5): a prompt that goes to everybody is judged once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::NaiveDate;
use frontdesk_tendlc::{ContentType, GateRules, TextJudgement};
use frontdesk_types::{Instant, Purpose};

/// Judgements that are remembered; with one more all are forgotten.
const REMEMBERED: usize = 1_024;

/// Judgements of texts, by text, purpose, the campaign's rules, and day.
#[derive(Debug, Default)]
pub(super) struct Judgements(Mutex<HashMap<Key, Arc<TextJudgement>>>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    text: String,
    purpose: Purpose,
    /// Where the rules lie. They stay there until the center is configured again.
    rules: usize,
    day: NaiveDate,
}

impl Judgements {
    /// What a text says. Those of persons and programs are judged each time.
    pub(super) fn of(
        &self,
        (text, purpose, kind): (&str, Purpose, ContentType),
        first: bool,
        at: Instant,
        rules: &GateRules,
    ) -> Arc<TextJudgement> {
        let judge = || Arc::new(TextJudgement::of((text, purpose, kind), first, at, rules));
        let own =
            matches!(purpose, Purpose::AgentReply | Purpose::Notification | Purpose::Outreach);
        if own || kind != ContentType::Conversational {
            return judge();
        }
        let rules = std::ptr::from_ref(rules).addr();
        let key = Key { text: text.to_owned(), purpose, rules, day: at.date_naive() };
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

    /// Other rules hold from now on.
    pub(super) fn forget(&self) {
        self.lock().clear();
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
            judgements.of((text, purpose, ContentType::Conversational), false, at, &rules)
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
        judgements.forget();
        assert!(!Arc::ptr_eq(&prompt, &of("1. Books", Purpose::Prompt, at)));
    }
}
