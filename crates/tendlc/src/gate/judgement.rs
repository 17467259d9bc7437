use frontdesk_types::{Instant, Purpose};

use super::{ContentType, GateRules, Reason};
use crate::{Effect, Judged, advertises, check_content_on};

/// A text's judgement by itself. It depends on nobody who gets it, so that a text of the configuration is judged once, and not
/// with every decision about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextJudgement {
    /// The words by which it advertises, although it is sent as something else.
    advertising: Option<String>,
    /// Reasons to refuse or remark its content.
    content: Vec<Reason>,
}

impl TextJudgement {
    /// Judges a text by the rules and facts of an instant. `first`: it is the first message of a programme to a consumer.
    pub fn of(
        (text, purpose, kind): (&str, Purpose, ContentType),
        first: bool,
        at: Instant,
        rules: &GateRules,
    ) -> Self {
        if purpose == Purpose::OptOutConfirmation {
            return Self::default();
        }
        let told_as_such = kind == ContentType::Promotional || purpose == Purpose::Help;
        let advertising = if told_as_such { None } else { advertises(text, kind) };
        let found = check_content_on(
            at.date_naive(),
            text,
            kind,
            first,
            &rules.content,
            rules.facts().at(at),
        );
        let told = found.into_iter().filter(|judged| judged.effect > Effect::Ignore);
        let content = told.map(|Judged { finding, effect, .. }| Reason::Content {
            finding,
            refused: effect == Effect::Refuse,
        });
        Self { advertising: advertising.map(str::to_owned), content: content.collect() }
    }

    /// Whether it advertises, although it is sent as something else.
    pub fn advertises(&self) -> bool {
        self.advertising.is_some()
    }

    /// Reasons against the text, and remarks.
    pub(super) fn reasons(&self) -> impl Iterator<Item = Reason> + '_ {
        let advertises = self.advertising.iter();
        let advertises = advertises.map(|words| Reason::Advertises { words: words.clone() });
        advertises.chain(self.content.iter().cloned())
    }
}
