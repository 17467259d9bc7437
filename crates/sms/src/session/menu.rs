//! Choosing a queue: greeting, prompts, replies (SMS-2 to SMS-5), and the queue itself.

use frontdesk_types::{Author, EndReason, Fact, MenuStep, Purpose, QueueId};

use super::{Context, Session, Stage, render};
use crate::{Hours, MessageKind, Text, config::Node, normal};

impl Session {
    /// The first text: greeting, then the menu, or straight to a queue by its keyword.
    pub(super) fn begin(&mut self, context: &mut Context<'_>, text: Text, opt_in_text_due: bool) {
        let mut buffer = [0; normal::MAX_LEN];
        let word = normal::into_buffer(&text.body, &mut buffer);
        Self::keep(context, text);
        self.greet(context, opt_in_text_due);
        match word.and_then(|word| context.config.by_keyword(&self.home, word)) {
            Some(node) => self.go_to(context, node.id.clone(), Some(MenuStep::Keyword)),
            None => self.go_to(context, self.home.clone(), None),
        }
    }

    fn greet(&mut self, context: &mut Context<'_>, opt_in_text_due: bool) {
        let home = self.home.clone();
        // Who was told already that the queue is closed is not greeted for every further text: two
        // automatic answerers would greet each other for ever.
        let told =
            matches!(context.view.hours(&home, self.language), Hours::Closed { told: true, .. });
        let mut body = String::new();
        if !told {
            body = render(context, self, &home, MessageKind::Greeting, (None, None));
        }
        if opt_in_text_due {
            if !body.is_empty() {
                body.push(' ');
            }
            body.push_str(&render(context, self, &home, MessageKind::OptInText, (None, None)));
        }
        self.send(context, Purpose::Greeting, Author::System, body);
    }

    /// To a node: its menu, or its queue if it is a leaf. Branches with one visible child are walked
    /// through silently (SMS-3).
    fn go_to(&mut self, context: &mut Context<'_>, to: QueueId, by: Option<MenuStep>) {
        let (mut id, mut by) = (to, by);
        // Deeper than any menu; ends even if the configuration is a circle.
        for _ in 0..64 {
            let Some(node) = context.config.node(&id) else { break };
            if let Some(language) = node.language
                && language != self.language
            {
                self.language = language;
                context.emit(Fact::LanguageChanged { language });
            }
            if node.is_language_switch() {
                let Some(parent) = node.parent.clone() else { break };
                id = parent;
                continue;
            }
            if let Some(by) = by {
                context.emit(Fact::MenuEntered { node: id.clone(), by });
            }
            let options = self.options(context, node);
            match options.as_slice() {
                [] => return self.queue_at(context, id),
                [only] => {
                    id = only.id.clone();
                    by = Some(MenuStep::OnlyChild);
                }
                _ => return self.prompt(context, id, 0),
            }
        }
        self.end(context, EndReason::Failed);
    }

    /// The visible options of a menu; the switch to the language that is spoken already is left out.
    fn options<'a>(&self, context: &Context<'a>, node: &Node) -> Vec<&'a Node> {
        let options = node.options.iter().filter_map(|id| context.config.node(id));
        options.filter(|o| !(o.is_language_switch() && o.language == Some(self.language))).collect()
    }

    fn prompt(&mut self, context: &mut Context<'_>, node: QueueId, tries: u8) {
        let mut body = render(context, self, &node, MessageKind::Prompt, (None, None));
        let options =
            context.config.node(&node).map(|node| self.options(context, node)).unwrap_or_default();
        for (number, option) in options.iter().enumerate() {
            // A language is offered in its own name, whatever language is spoken.
            let language = option.language.unwrap_or(self.language);
            let name = context.config.name(&option.id, language);
            body.push_str(&format!("\n{}. {name}", number + 1));
        }
        let deadline = context.at + context.config.timers(&node).menu_expiration;
        self.stage = Stage::Selecting { node, tries, deadline };
        self.send(context, Purpose::Prompt, Author::System, body);
    }

    /// A reply to the prompt: the option's number, its text, or a keyword.
    pub(super) fn choose(&mut self, context: &mut Context<'_>, word: Option<&str>) {
        let Stage::Selecting { node, tries, .. } = &self.stage else { return };
        let (at, tries) = (node.clone(), *tries);
        match self.option_for(context, &at, word) {
            Some((option, by)) => self.go_to(context, option, Some(by)),
            None if tries < context.config.tries => {
                context.emit(Fact::NotUnderstood { attempt: tries + 1 });
                let body = render(context, self, &at, MessageKind::NotUnderstood, (None, None));
                self.send(context, Purpose::NotUnderstood, Author::System, body);
                // In a configuration that changed meanwhile the node may be gone: from the top, then.
                if context.config.node(&at).is_some() {
                    self.prompt(context, at, tries + 1);
                } else {
                    self.go_to(context, self.home.clone(), None);
                }
            }
            None => match context.config.fallback.clone() {
                Some(fallback) => self.go_to(context, fallback, Some(MenuStep::Fallback)),
                None => self.end(context, EndReason::Failed),
            },
        }
    }

    fn option_for(
        &self,
        context: &Context<'_>,
        at: &QueueId,
        word: Option<&str>,
    ) -> Option<(QueueId, MenuStep)> {
        let word = word?;
        let options = self.options(context, context.config.node(at)?);
        if let Ok(number) = word.parse::<usize>()
            && let Some(option) = number.checked_sub(1).and_then(|i| options.get(i))
        {
            return Some((option.id.clone(), MenuStep::Number));
        }
        let named = |node: &&&Node| {
            node.names.0.values().any(|name| normal::normalise(name).as_deref() == Some(word))
        };
        if let Some(option) = options.iter().find(named) {
            return Some((option.id.clone(), MenuStep::Name));
        }
        let node = context.config.by_keyword(&self.home, word)?;
        Some((node.id.clone(), MenuStep::Keyword))
    }

    /// BACK: the menu one level up that has a choice, never above the number's own (SMS-14).
    pub(super) fn back(&mut self, context: &mut Context<'_>) {
        let mut at = match &self.stage {
            Stage::Selecting { node, .. } => node.clone(),
            Stage::Queued { queue, .. } => queue.clone(),
            Stage::Assigned { .. } | Stage::Ended { .. } => return,
        };
        let queued = matches!(self.stage, Stage::Queued { .. });
        for _ in 0..64 {
            let node = context.config.node(&at);
            let up = if at == self.home { None } else { node.and_then(|node| node.parent.clone()) };
            let Some(up) = up else { break };
            at = up;
            let parent = context.config.node(&at);
            if parent.is_some_and(|parent| self.options(context, parent).len() > 1) {
                context.emit(Fact::MenuEntered { node: at.clone(), by: MenuStep::Back });
                return self.prompt(context, at, 0);
            }
        }
        // Nothing above to choose from: a waiting consumer goes on waiting, a choosing one sees the
        // menu again.
        if !queued && let Stage::Selecting { node, tries, .. } = &self.stage {
            let (node, tries) = (node.clone(), *tries);
            self.prompt(context, node, tries);
        }
    }

    /// At a leaf: into the queue if it is open (SMS-5), else the after-hours message (HRS-9).
    fn queue_at(&mut self, context: &mut Context<'_>, queue: QueueId) {
        match context.view.hours(&queue, self.language) {
            Hours::Open => {
                let deadline = Some(context.at + context.config.timers(&queue).expiration);
                let body = render(context, self, &queue, MessageKind::Waiting, (None, None));
                context.emit(Fact::Queued { queue: queue.clone() });
                self.stage = Stage::Queued { queue, since: context.at, deadline, chat: None };
                self.send(context, Purpose::Waiting, Author::System, body);
            }
            Hours::Closed { reopens, told } => {
                if !told {
                    let extra = (None, reopens.as_deref());
                    let body = render(context, self, &queue, MessageKind::AfterHours, extra);
                    self.send(context, Purpose::AfterHours, Author::System, body);
                }
                self.end(context, EndReason::AfterHours);
            }
        }
    }
}
