//! Words by which categories of content are known.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::look::{Begins, Look, is_letter, three_of};
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

    /// Looks at a text: what may be in it, and where phrases may begin.
    pub(super) fn look(&self, text: &[u8]) -> Look {
        Look::at(text, &self.phrasebook().begins)
    }

    fn phrasebook(&self) -> &Phrasebook {
        self.0.phrasebook.get_or_init(|| Phrasebook::of(&self.0.categories))
    }

    /// Tells each category of which enough stands in a text with single spaces, with the words.
    pub(super) fn find<'a>(
        &'a self,
        text: &[u8],
        look: &Look,
        mut tell: impl FnMut(&'a Category, SmallVec<[&'a str; 2]>),
    ) {
        let mut found: SmallVec<[&Phrase; 8]> = SmallVec::new();
        for (before, rest) in look.starts.iter().filter_map(|start| text.split_at_checked(*start)) {
            let in_word = before.last().is_some_and(|last| is_letter(*last));
            let inside = in_word && rest.first().is_some_and(u8::is_ascii_alphanumeric);
            if !inside {
                found.extend(self.phrasebook().beginning(rest));
            }
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

/// All phrases, in the order of their first letters.
#[derive(Debug)]
struct Phrasebook {
    phrases: Vec<Phrase>,
    /// Those that begin with the same three letters: from which on, up to which.
    pages: HashMap<u32, (usize, usize), FxBuildHasher>,
    begins: Begins,
}

#[derive(Debug)]
struct Phrase {
    bytes: Box<[u8]>,
    /// It ends where a word does.
    ends_word: bool,
    /// By itself.
    enough: bool,
    /// Which category.
    category: usize,
    /// Which of its words.
    place: usize,
}

impl Phrase {
    fn of((word, enough): (&str, bool), category: usize, place: usize) -> Self {
        let ends_word = word.bytes().last().is_some_and(|last| last.is_ascii_alphanumeric());
        Self { bytes: word.as_bytes().into(), ends_word, enough, category, place }
    }

    fn begins(&self, text: &[u8]) -> bool {
        let Some((start, rest)) = text.split_at_checked(self.bytes.len()) else { return false };
        start.eq_ignore_ascii_case(&self.bytes)
            && !(self.ends_word && rest.first().is_some_and(|next| is_letter(*next)))
    }
}

impl Phrasebook {
    fn of(categories: &[Category]) -> Self {
        let of_category = |(category, of): (usize, &Category)| {
            let phrase = |(place, word)| Phrase::of(word, category, place);
            words(of).enumerate().map(phrase).collect::<Vec<_>>()
        };
        let mut phrases: Vec<Phrase> =
            categories.iter().enumerate().flat_map(of_category).collect();
        phrases.sort_by_key(|phrase| three_of(&phrase.bytes));
        let mut pages: HashMap<_, (usize, usize), _> = HashMap::default();
        for (i, phrase) in phrases.iter().enumerate() {
            pages.entry(three_of(&phrase.bytes)).or_insert((i, i)).1 = i + 1;
        }
        let begins = Begins::of(phrases.iter().map(|phrase| &*phrase.bytes));
        Self { phrases, pages, begins }
    }

    /// Those with which a text begins.
    fn beginning<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = &'a Phrase> {
        let page = self.pages.get(&three_of(text)).map(|(from, to)| *from..*to);
        let page = self.phrases.get(page.unwrap_or_default()).unwrap_or_default();
        page.iter().filter(|phrase| phrase.begins(text))
    }
}
