//! Ready-made texts of agents (SMS-25).

use std::collections::BTreeMap;

use frontdesk_sms::normalise;
use frontdesk_types::{Language, Localized, Template, Variable};

use super::{Document, Shortcut, Text, check::Context};

/// What may stand in a shortcut: attributes of the consumer, the agent and the session.
const VARIABLES: &[Variable] = &[
    Variable::Agent,
    Variable::CompanyName,
    Variable::EndUser,
    Variable::Queue,
    Variable::QueueName,
    Variable::SessionId,
];

pub(super) fn shortcuts(document: &Document, context: &mut Context) -> Vec<Shortcut> {
    let mut taken = BTreeMap::new();
    let mut shortcuts = Vec::new();
    for (i, section) in document.shortcuts.iter().enumerate() {
        let path = format!("shortcuts[{i}]");
        match normalise(&section.keyword) {
            None => {
                let message = format!("`{}` has no letter or digit, or too many", section.keyword);
                context.problems.add(format!("{path}.keyword"), message);
            }
            Some(normal) => {
                if let Some(other) = taken.insert(normal, i) {
                    let message = format!("`{}` is that of shortcuts[{other}]", section.keyword);
                    context.problems.add(format!("{path}.keyword"), message);
                }
            }
        }
        let mut message: Localized<Template> = Localized::default();
        for (path, language, text) in texts(&format!("{path}.message"), &section.message, context) {
            let template = context.problems.check(&path, Template::parse(text, VARIABLES));
            if let (Some(language), Some(template)) = (language, template) {
                context.fits(&path, &template, language);
                message.0.insert(language, template);
            }
        }
        shortcuts.push(Shortcut {
            category: section.category.clone(),
            keyword: section.keyword.clone(),
            message,
        });
    }
    shortcuts
}

/// A text's languages with their paths.
pub(super) fn texts<'a>(
    path: &str,
    text: &'a Text,
    context: &mut Context,
) -> Vec<(String, Option<Language>, &'a str)> {
    match text {
        Text::Default(text) => vec![(path.to_owned(), Some(context.default_language()), text)],
        Text::PerLanguage(texts) => texts
            .iter()
            .map(|(tag, text)| {
                let path = format!("{path}.{tag}");
                (path.clone(), context.language(&path, tag), text.as_str())
            })
            .collect(),
    }
}
