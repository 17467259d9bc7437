//! Texts that are missing in a language (EXT-2).

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_sms::{MessageKind, Messages};
use frontdesk_types::Language;

use super::Review;
use crate::config::{MessagesSection, Text};

impl Review<'_> {
    pub(super) fn texts(&mut self) {
        let document = self.document;
        let all = &document.center.languages;
        self.messages("messages", &document.messages);
        for (i, queue) in document.queues.iter().enumerate() {
            let path = format!("queues[{i}]");
            self.messages(&format!("{path}.messages"), &queue.messages);
            // The name of a menu that is nobody's option is not shown, and that of a language is written in it.
            if queue.parent.is_some() && queue.language.is_none() {
                let shown = if queue.languages.is_empty() { all } else { &queue.languages };
                self.text(&format!("{path}.name"), &queue.name, shown);
            }
        }
        for (i, agent) in document.agents.iter().enumerate() {
            self.messages(&format!("agents[{i}].messages"), &agent.messages);
        }
        for (i, shortcut) in document.shortcuts.iter().enumerate() {
            self.text(&format!("shortcuts[{i}].message"), &shortcut.message, all);
        }
        for (i, holiday) in document.holidays.iter().enumerate() {
            let said = [("text", &holiday.text), ("voice", &holiday.voice)];
            for (name, text) in said {
                self.optional(&format!("holidays[{i}].{name}"), text.as_ref(), all);
            }
            self.literal(&format!("holidays[{i}].voice"), holiday.voice.as_ref());
        }
        for (i, agent) in document.virtual_agents.iter().enumerate() {
            let path = format!("virtual_agents[{i}]");
            let said = [("greeting", &agent.greeting), ("unknown", &agent.unknown)];
            let said = said.map(|(name, text)| (format!("{path}.{name}"), text));
            let answers = agent.rules.iter().enumerate();
            let answers =
                answers.map(|(j, rule)| (format!("{path}.rules[{j}].answer"), &rule.answer));
            for (path, text) in said.into_iter().chain(answers) {
                self.optional(&path, text.as_ref(), all);
                self.literal(&path, text.as_ref());
            }
        }
        let calls = document.calls.iter().flat_map(|calls| calls.queues.iter().enumerate());
        for (i, queue) in calls {
            let path = format!("calls.queues[{i}]");
            let shown = if queue.languages.is_empty() { all } else { &queue.languages };
            self.optional(&format!("{path}.name"), queue.name.as_ref(), shown);
            self.messages(&format!("{path}.messages"), &queue.messages);
        }
        self.defaults();
    }

    fn optional(&mut self, path: &str, text: Option<&Text>, languages: &[String]) {
        if let Some(text) = text {
            self.text(path, text, languages);
        }
    }

    /// A text without variables: what looks like one would be read by consumers as it stands.
    fn literal(&mut self, path: &str, text: Option<&Text>) {
        let texts = match text {
            None => Vec::new(),
            Some(Text::Default(text)) => vec![(path.to_owned(), text)],
            Some(Text::PerLanguage(texts)) => {
                texts.iter().map(|(tag, text)| (format!("{path}.{tag}"), text)).collect()
            }
        };
        for (path, _) in texts.into_iter().filter(|(_, text)| text.contains("@{")) {
            let message = "`@{` is sent as it stands: there are no variables in this text";
            self.warn("variable-literal", path, message);
        }
    }

    /// A text is written in each of these languages.
    fn text(&mut self, path: &str, text: &Text, languages: &[String]) {
        let default = self.document.center.languages.first();
        let has = |tag: &&String| match text {
            Text::Default(_) => Some(*tag) == default,
            Text::PerLanguage(texts) => covers(texts.keys(), tag),
        };
        let missing: Vec<&str> =
            languages.iter().filter(|tag| !has(tag)).map(String::as_str).collect();
        if !missing.is_empty() {
            self.warn("text-missing", path, format!("is not written in {}", missing.join(", ")));
        }
    }

    /// A message that is set in one language is set in the others too: else some read the center's words, and others
    /// those that come with frontdesk.
    fn messages(&mut self, path: &str, sections: &BTreeMap<String, MessagesSection>) {
        let kinds: BTreeSet<&String> = sections.values().flat_map(BTreeMap::keys).collect();
        for kind in kinds {
            let with = || {
                sections
                    .iter()
                    .filter(|(_, section)| section.contains_key(kind))
                    .map(|(tag, _)| tag)
            };
            let missing = self.document.center.languages.iter().filter(|tag| !covers(with(), tag));
            let missing: Vec<&str> = missing.map(String::as_str).collect();
            let first = with().next();
            if let Some(first) = first.filter(|_| !missing.is_empty()) {
                self.warn(
                    "text-missing",
                    format!("{path}.{first}.{kind}"),
                    format!("is not written in {}", missing.join(", ")),
                );
            }
        }
    }

    /// Languages in which frontdesk has no messages need the center's own.
    fn defaults(&mut self) {
        let document = self.document;
        let english = Messages::defaults(Language::ENGLISH);
        for (i, tag) in document.center.languages.iter().enumerate() {
            let Ok(language) = tag.parse::<Language>() else { continue };
            let is_english = tag == "en" || tag.starts_with("en-");
            if is_english || Messages::defaults(language) != english {
                continue;
            }
            let own = document.messages.get(tag);
            let missing = MessageKind::ALL
                .iter()
                .filter(|kind| !own.is_some_and(|own| own.contains_key(kind.key())));
            let missing = missing.count();
            if missing > 0 {
                self.warn("text-missing", format!("center.languages[{i}]"), format!("there are no messages in `{tag}`: {missing} kinds are sent in English; write them in [messages.{tag}]"));
            }
        }
    }
}

/// Whether a text in one of these languages is read by those who speak another: `fr` by `fr-CA`.
fn covers<'a>(mut written: impl Iterator<Item = &'a String>, tag: &str) -> bool {
    let base = tag.split('-').next().unwrap_or(tag);
    written.any(|written| written == tag || written == base)
}
