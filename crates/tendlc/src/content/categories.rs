//! Words by which categories of content are known.

use std::sync::{Arc, OnceLock};

use smallvec::SmallVec;

use super::{
    look::Look,
    phrases::{Phrase, Phrasebook},
};
use crate::{Basis, Unless};

/// A kind of content that carriers do not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// What a campaign may have registered that lets it send this.
    pub unless: Option<Unless>,
    /// One of these is enough.
    pub phrases: Vec<String>,
    /// One of these is enough in what is registered; in a text, two of these or of the next.
    pub in_registration: Vec<String>,
    /// Two of these, or of those before.
    pub together: Vec<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// Every category, and what finds their words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Categories(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    categories: Vec<Category>,
    phrasebook: OnceLock<Phrasebook>,
}

impl PartialEq for Categories {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.categories == other.0.categories
    }
}

impl Categories {
    pub(crate) fn of(categories: Vec<Category>) -> Self {
        Self(Arc::new(Inner { categories, phrasebook: OnceLock::new() }))
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Category> {
        self.0.categories.iter().find(|category| category.name == name)
    }

    /// Every phrase, with its category.
    #[cfg(test)]
    pub(super) fn phrases(&self) -> impl Iterator<Item = (&str, &Category)> {
        let of = |category| words(category).map(move |(word, _)| (word, category));
        self.0.categories.iter().flat_map(of)
    }

    /// Looks at a text: what may be in it, and where phrases may begin.
    pub(super) fn look(&self, text: &[u8]) -> Look {
        Look::at(text, self.phrasebook())
    }

    fn phrasebook(&self) -> &Phrasebook {
        self.0.phrasebook.get_or_init(|| {
            let of = |(i, category)| words(category).map(move |(word, enough)| (word, enough, i));
            Phrasebook::of(self.0.categories.iter().enumerate().flat_map(of))
        })
    }

    /// Tells each category of which enough stands in a text with single spaces, with the words.
    pub(super) fn find<'a>(
        &'a self,
        text: &[u8],
        look: &Look,
        mut tell: impl FnMut(&'a Category, SmallVec<[&'a str; 2]>),
    ) {
        let mut found: SmallVec<[&Phrase; 8]> = SmallVec::new();
        for start in &look.starts {
            found.extend(self.phrasebook().beginning(text, *start));
        }
        if found.is_empty() {
            return;
        }
        for (i, category) in self.0.categories.iter().enumerate() {
            let mut of_category = found.iter().filter(|phrase| phrase.category == i);
            let word = |phrase: &Phrase| words(category).nth(phrase.place).map(|(word, _)| word);
            if let Some(enough) = of_category.clone().find(|phrase| phrase.enough) {
                tell(category, word(enough).into_iter().collect());
            } else if let Some(first) = of_category.next()
                && let Some(second) = of_category.find(|phrase| phrase.place != first.place)
            {
                tell(category, [word(first), word(second)].into_iter().flatten().collect());
            }
        }
    }
}

/// The words of a category, and whether each is enough.
fn words(category: &Category) -> impl Iterator<Item = (&str, bool)> {
    let enough = category.phrases.iter().map(|phrase| (phrase.as_str(), true));
    let others = category.in_registration.iter().chain(&category.together);
    enough.chain(others.map(|phrase| (phrase.as_str(), false)))
}
