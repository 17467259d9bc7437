use async_trait::async_trait;
use frontdesk_types::{Language, Localized, QueueId};

use crate::{
    AfterReply, Speaker, VirtualAgent, VirtualAgentError, VirtualMessage, VirtualReply,
    VirtualTurn, normalise,
};

/// How many texts in a row may match nothing before people go on.
const TRIES: usize = 2;

/// The virtual agent that comes along: rules of words and answers (SMS-28). An example of the trait, and enough
/// for opening hours and order numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleBot {
    /// What it begins with, per language, and the buttons below it.
    pub greeting: Localized<String>,
    /// The choices that it begins with.
    pub buttons: Vec<String>,
    /// What it says when no rule matches.
    pub unknown: Localized<String>,
    /// Its rules; the first that matches answers.
    pub rules: Vec<BotRule>,
    /// Where people go on when it does not understand.
    pub fallback: Option<QueueId>,
}

/// A rule: words, and what happens when one of them is in the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BotRule {
    /// Words or phrases, compared without case, accents and punctuation; whole words.
    pub words: Vec<String>,
    /// What it says, per language.
    pub answer: Localized<String>,
    /// The choices below it.
    pub buttons: Vec<String>,
    /// People go on in this queue.
    pub queue: Option<QueueId>,
    /// The session is over.
    pub end: bool,
}

impl BotRule {
    fn matches(&self, text: &str) -> bool {
        let words: Vec<_> = text.split_whitespace().filter_map(normalise).collect();
        self.words.iter().any(|phrase| {
            let phrase: Vec<_> = phrase.split_whitespace().filter_map(normalise).collect();
            !phrase.is_empty() && words.windows(phrase.len()).any(|part| part == phrase)
        })
    }

    fn then(&self) -> AfterReply {
        match &self.queue {
            Some(queue) => AfterReply::HandOver { queue: queue.clone() },
            None if self.end => AfterReply::End,
            None => AfterReply::Wait,
        }
    }
}

impl RuleBot {
    /// The answer: a pure function of the turn.
    pub fn answer(&self, turn: &VirtualTurn, default: Language) -> VirtualReply {
        let say = |text: &Localized<String>, buttons: &[String]| {
            let text = text.get(turn.language, default).filter(|text| !text.trim().is_empty());
            text.map(|text| VirtualMessage { text: text.clone(), buttons: buttons.to_vec() })
        };
        let reply = |message: Option<VirtualMessage>, then| VirtualReply {
            messages: message.into_iter().collect(),
            then,
        };
        let Some(text) = &turn.text else {
            return reply(say(&self.greeting, &self.buttons), AfterReply::Wait);
        };
        if let Some(rule) = self.rules.iter().find(|rule| rule.matches(text)) {
            return reply(say(&rule.answer, &rule.buttons), rule.then());
        }
        let unknown = say(&self.unknown, &[]);
        let said = turn.said.iter().rev().filter(|(by, _)| *by == Speaker::VirtualAgent);
        let tries = said.take_while(|(_, said)| unknown.as_ref().is_some_and(|u| u.text == *said));
        match &self.fallback {
            Some(queue) if unknown.is_none() || tries.count() >= TRIES => {
                reply(None, AfterReply::HandOver { queue: queue.clone() })
            }
            _ => reply(unknown, AfterReply::Wait),
        }
    }
}

/// A bot with the language that its texts fall back to.
#[derive(Debug, Clone)]
pub struct RuleBotIn {
    /// The bot.
    pub bot: RuleBot,
    /// The language of texts that are not there in the session's.
    pub default: Language,
}

#[async_trait]
impl VirtualAgent for RuleBotIn {
    async fn reply(&self, turn: VirtualTurn) -> Result<VirtualReply, VirtualAgentError> {
        Ok(self.bot.answer(&turn, self.default))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Localized<String> {
        [(Language::ENGLISH, text.to_owned())].into_iter().collect()
    }

    fn bot() -> RuleBot {
        let rule = |words: &[&str], answer: &str| BotRule {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            answer: texts(answer),
            ..BotRule::default()
        };
        RuleBot {
            greeting: texts("Hi, what is it?"),
            buttons: vec!["Opening hours".into(), "A person".into()],
            unknown: texts("I did not get that."),
            rules: vec![
                rule(&["hours", "open today"], "9 to 5."),
                BotRule { queue: Some("sales".parse().unwrap()), ..rule(&["person", "agent"], "") },
                BotRule { end: true, ..rule(&["bye"], "Bye!") },
            ],
            fallback: Some("billing".parse().unwrap()),
        }
    }

    fn turn(text: Option<&str>, before: &[&str]) -> VirtualTurn {
        VirtualTurn {
            session: frontdesk_types::SessionId(1),
            queue: "bots".parse().unwrap(),
            language: Language::SPANISH,
            said: before.iter().map(|text| (Speaker::VirtualAgent, (*text).to_owned())).collect(),
            text: text.map(str::to_owned),
        }
    }

    #[test]
    fn it_answers_by_whole_words_and_hands_over_when_it_does_not_understand() {
        let hand_over = |queue: &str| AfterReply::HandOver { queue: queue.parse().unwrap() };
        let unknown = "I did not get that.";
        let table = [
            (None, &[][..], "Hi, what is it?", AfterReply::Wait),
            (Some("Your HOURS?"), &[], "9 to 5.", AfterReply::Wait),
            (Some("are you open, today!"), &[], "9 to 5.", AfterReply::Wait),
            (Some("hourss"), &[], unknown, AfterReply::Wait),
            (Some("hm"), &[unknown], unknown, AfterReply::Wait),
            (Some("hm"), &[unknown, unknown], "", hand_over("billing")),
            (Some("hm"), &[unknown, unknown, "9 to 5."], unknown, AfterReply::Wait),
            (Some("A person"), &[], "", hand_over("sales")),
            (Some("bye"), &[], "Bye!", AfterReply::End),
        ];
        for (text, before, said, then) in table {
            let reply = bot().answer(&turn(text, before), Language::ENGLISH);
            let words = reply.messages.first().map_or("", |message| message.text.as_str());
            assert_eq!((words, &reply.then), (said, &then), "{text:?} after {before:?}");
        }
        assert_eq!(bot().answer(&turn(None, &[]), Language::ENGLISH).messages[0].buttons.len(), 2);
    }
}
