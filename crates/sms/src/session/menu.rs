//! Choosing a queue: greeting, prompts, replies (SMS-2 to SMS-5), and the queue itself.

use frontdesk_types::{Author, EndReason, Fact, MenuStep, Purpose, QueueId};

use super::{
    Stage,
    stage::Tries,
    turn::{Extra, Turn},
};
use crate::{Arrival, Hours, MessageKind, Text, config::Node, normal};

impl<'a> Turn<'a> {
    /// The first text: greeting, then the menu, or straight to a queue by its keyword.
    pub(super) fn begin(&mut self, text: Text, opt_in_text_due: bool) {
        let mut buffer = [0; normal::MAX_LEN];
        let word = normal::into_buffer(&text.body, &mut buffer);
        self.keep(text);
        self.greet(opt_in_text_due);
        self.enter(word);
    }

    /// Into the menu of the number, or straight to a queue by its keyword.
    pub(super) fn enter(&mut self, word: Option<&str>) {
        let home = self.session.home.clone();
        match word.and_then(|word| self.config.by_keyword(&home, word, self.session.language)) {
            Some(node) => self.go_to(node.id.clone(), Some(MenuStep::Keyword)),
            None => self.go_to(home, None),
        }
    }

    fn greet(&mut self, opt_in_text_due: bool) {
        let home = self.session.home.clone();
        // Who was told already that the queue is closed is not greeted for every further text: two
        // automatic answerers would greet each other for ever.
        let hours = self.view.hours(&home, self.session.language);
        let mut body = String::new();
        if !matches!(hours, Hours::Closed { told: true, .. }) {
            body = self.render(&home, MessageKind::Greeting, &Extra::default());
        }
        if opt_in_text_due {
            if !body.is_empty() {
                body.push(' ');
            }
            body.push_str(&self.render(&home, MessageKind::OptInText, &Extra::default()));
        }
        self.send(Purpose::Greeting, Author::System, body);
    }

    /// To a node: its menu, or its queue if it is a leaf. Branches with one visible child are walked
    /// through silently (SMS-3).
    fn go_to(&mut self, to: QueueId, by: Option<MenuStep>) {
        let (mut id, mut by) = (to, by);
        // Deeper than any menu; ends even if the configuration is a circle.
        for _ in 0..64 {
            let Some(node) = self.config.node(&id) else { break };
            if let Some(language) = node.language
                && language != self.session.language
            {
                self.emit(Fact::LanguageChanged { language });
            }
            if node.is_language_switch() {
                let Some(parent) = node.parent.clone() else { break };
                id = parent;
                by = by.or(Some(MenuStep::Back));
                continue;
            }
            if let Some(by) = by {
                self.emit(Fact::MenuEntered { node: id.clone(), by });
            }
            let options = self.options(node);
            match options.as_slice() {
                [only] => {
                    id = only.id.clone();
                    by = Some(MenuStep::OnlyChild);
                }
                _ => return self.arrive(id),
            }
        }
        self.end(EndReason::Failed);
    }

    /// The visible options of a menu in the language that is spoken (RTE-1); the switch to that is left out.
    fn options(&self, node: &Node) -> Vec<&'a Node> {
        let config = self.config;
        let language = self.session.language;
        let options = node.options.iter().filter_map(|id| config.node(id));
        let here = |o: &&Node| o.language == Some(language) && o.is_language_switch();
        options.filter(|o| o.is_in(language) && !here(o)).collect()
    }

    fn prompt(&mut self, node: &QueueId) {
        let mut body = self.render(node, MessageKind::Prompt, &Extra::default());
        let options = self.config.node(node).map(|node| self.options(node)).unwrap_or_default();
        for (number, option) in options.iter().enumerate() {
            // A language is offered in its own name, whatever language is spoken.
            let language = option.language.unwrap_or(self.session.language);
            let name = self.config.name(&option.id, language);
            body.push_str(&format!("\n{}. {name}", number + 1));
        }
        self.send(Purpose::Prompt, Author::System, body);
    }

    /// A reply to the prompt: the option's number, its text, or a keyword.
    pub(super) fn choose(&mut self, word: Option<&str>, number: Option<usize>, in_burst: bool) {
        let Stage::Selecting { node, tries, .. } = &self.session.stage else { return };
        let (at, tries) = (node.clone(), Tries(*tries));
        match self.option_for(&at, word, number) {
            Some((option, by)) => self.go_to(option, Some(by)),
            // They were writing before they could read what they were asked: one try.
            None if in_burst => {}
            None if tries.made() < self.config.tries => {
                self.emit(Fact::NotUnderstood { attempt: tries.made() + 1 });
                self.say(&at, MessageKind::NotUnderstood, &Extra::default());
                // In a configuration that changed meanwhile the node may be gone: from the top, then.
                if self.config.node(&at).is_some() {
                    self.prompt(&at);
                } else {
                    self.go_to(self.session.home.clone(), Some(MenuStep::Back));
                }
            }
            None => self.fall_back(&at, tries),
        }
    }

    /// After too many tries: the fallback, once, since a fallback that is a menu would be asked for ever; then the end, which
    /// is told.
    fn fall_back(&mut self, at: &QueueId, tries: Tries) {
        if let Some(fallback) = self.config.fallback.clone().filter(|_| !tries.fell_back()) {
            self.go_to(fallback, Some(MenuStep::Fallback));
        } else {
            self.say(at, MessageKind::GivenUp, &Extra::default());
            self.end(EndReason::Failed);
        }
    }

    fn option_for(
        &self,
        at: &QueueId,
        word: Option<&str>,
        number: Option<usize>,
    ) -> Option<(QueueId, MenuStep)> {
        let options = self.options(self.config.node(at)?);
        if let Some(option) = number.and_then(|n| n.checked_sub(1)).and_then(|i| options.get(i)) {
            return Some((option.id.clone(), MenuStep::Number));
        }
        let word = word?;
        let named = |node: &&&Node| {
            node.names.0.values().any(|name| normal::normalise(name).as_deref() == Some(word))
        };
        if let Some(option) = options.iter().find(named) {
            return Some((option.id.clone(), MenuStep::Name));
        }
        let node = self.config.by_keyword(&self.session.home, word, self.session.language)?;
        Some((node.id.clone(), MenuStep::Keyword))
    }

    /// BACK: the menu one level up that has a choice, never above the number's own (SMS-14).
    pub(super) fn back(&mut self) {
        let mut at = match &self.session.stage {
            Stage::Selecting { node, .. } => node.clone(),
            Stage::Queued { queue, .. } => queue.clone(),
            _ => return,
        };
        for _ in 0..64 {
            let node = self.config.node(&at);
            let top = at == self.session.home;
            let Some(up) = node.and_then(|node| node.parent.clone()).filter(|_| !top) else {
                break;
            };
            at = up;
            let parent = self.config.node(&at);
            if parent.is_some_and(|parent| self.options(parent).len() > 1) {
                self.emit(Fact::MenuEntered { node: at.clone(), by: MenuStep::Back });
                return self.prompt(&at);
            }
        }
        // Nothing above to choose from: a waiting consumer goes on waiting, a choosing one sees the
        // menu again.
        if let Stage::Selecting { node, .. } = &self.session.stage {
            self.prompt(&node.clone());
        }
    }

    /// At a menu or a queue, as its hours are: the prompt, or into the queue (SMS-5), or the one that it sends consumers on
    /// to; else the after-hours message (HRS-5, HRS-9).
    pub(super) fn arrive(&mut self, at: QueueId) {
        let queue = match self.view.arrival(&at, self.session.language) {
            Arrival::Closed => {
                let hours = self.view.hours(&at, self.session.language);
                self.tell_closed(&at, &hours);
                return self.end(EndReason::AfterHours);
            }
            Arrival::Elsewhere(to) => {
                let reason = EndReason::AfterHours;
                self.emit(Fact::Forwarded { from: at, to: to.clone(), reason });
                to
            }
            Arrival::Here => {
                let node = self.config.node(&at);
                if node.is_some_and(|node| !self.options(node).is_empty()) {
                    return self.prompt(&at);
                }
                at
            }
        };
        let body = self.render(&queue, MessageKind::Waiting, &Extra::default());
        self.emit(Fact::Queued { queue });
        self.send(Purpose::Waiting, Author::System, body);
    }
}
