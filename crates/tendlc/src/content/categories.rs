//! Kinds of content that carriers do not take.

use std::sync::{Arc, OnceLock};

use smallvec::SmallVec;

use super::lexicon::Lexicon;
use crate::{Basis, Unless};

/// A kind of content that carriers do not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// What a campaign may have registered that lets it send this.
    pub unless: Option<Unless>,
    /// Phrases of a host's own: one of them is enough, wherever it stands.
    pub phrases: Vec<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// Every category.
#[derive(Debug, Clone, Default)]
pub(crate) struct Categories(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    categories: Vec<Category>,
    /// The phrases of the host's own; the tag is the place of the category.
    own: OnceLock<Lexicon>,
}

impl PartialEq for Categories {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.categories == other.0.categories
    }
}

impl Categories {
    pub(crate) fn of(categories: Vec<Category>) -> Self {
        Self(Arc::new(Inner { categories, own: OnceLock::new() }))
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Category> {
        self.0.categories.iter().find(|category| category.name == name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.categories.iter().map(|category| category.name.as_str())
    }

    /// Tells each category of which a phrase of the host's own stands in a text, with the phrase.
    pub(super) fn own_phrases<'a>(
        &'a self,
        text: &str,
        mut tell: impl FnMut(&'a Category, SmallVec<[String; 4]>),
    ) {
        if self.0.categories.iter().all(|category| category.phrases.is_empty()) {
            return;
        }
        let lexicon = self.0.own.get_or_init(|| {
            let mut lexicon = Lexicon::of(&[]).unwrap_or_default();
            for (category, tag) in self.0.categories.iter().zip(0..) {
                for phrase in &category.phrases {
                    // The document's check has told what is no phrase.
                    let _ = lexicon.add(&plain(phrase), tag);
                }
            }
            lexicon.finish();
            lexicon
        });
        let reading = super::read::read(text, lexicon);
        let words: Vec<_> =
            reading.tokens.iter().map(|token| [token.word, token.also, token.class]).collect();
        let mut told: SmallVec<[u16; 4]> = SmallVec::new();
        for (at, token) in reading.tokens.iter().enumerate() {
            lexicon.beginning(words.get(at..).unwrap_or_default(), &mut |length, tag| {
                let category = self.0.categories.get(usize::from(tag));
                let end = reading.tokens.get(at + length - 1).map_or(token.to, |last| last.to);
                if let Some(category) = category.filter(|_| !told.contains(&tag)) {
                    told.push(tag);
                    tell(
                        category,
                        text.get(token.from..end).map(str::to_owned).into_iter().collect(),
                    );
                }
            });
        }
    }
}

/// A phrase as a vocabulary has it: in lower case, without signs.
fn plain(phrase: &str) -> String {
    let letter = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    let bare: String = phrase.chars().filter(|c| !matches!(c, '\'' | '’')).map(letter).collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}
