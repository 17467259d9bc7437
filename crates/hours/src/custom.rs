//! Which of several hours hold for whom (HRS-2).

use std::{collections::BTreeSet, sync::Arc};

use frontdesk_types::{Channel, Language, QueueId};

use crate::{Medium, Schedule};

/// Who asks whether a queue is open: what they come for, how, and what they speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Visit {
    /// A call or a chat.
    pub medium: Medium,
    /// Through the phone menu, an app, a page, or by text.
    pub entry_point: Channel,
    /// What they speak.
    pub language: Language,
}

impl Visit {
    /// Somebody who texts.
    pub fn by_text(language: Language) -> Self {
        Self { medium: Medium::Chat, entry_point: Channel::Sms, language }
    }

    /// Somebody who calls, through the phone menu.
    pub fn by_phone(language: Language) -> Self {
        Self { medium: Medium::Call, entry_point: Channel::Ivr, language }
    }
}

impl Medium {
    /// Whether it can come through an entry point: the phone menu has calls, texts are chats, and apps and pages have
    /// both.
    pub fn comes_through(self, entry_point: Channel) -> bool {
        match entry_point {
            Channel::Ivr => self == Self::Call,
            Channel::Sms => self == Self::Chat,
            _ => true,
        }
    }
}

/// For whom hours hold; what names nothing holds for everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// Only those who come for these.
    pub media: BTreeSet<Medium>,
    /// Only those who come through these.
    pub entry_points: BTreeSet<Channel>,
    /// Only those who speak these.
    pub languages: BTreeSet<Language>,
}

/// Which of two that hold is the more specific: the greater one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    entry_points: bool,
    languages: bool,
    media: bool,
}

impl Audience {
    /// Whether it is everybody.
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// Whether somebody belongs to it.
    pub fn has(&self, visit: Visit) -> bool {
        (self.media.is_empty() || self.media.contains(&visit.medium))
            && (self.entry_points.is_empty() || self.entry_points.contains(&visit.entry_point))
            && (self.languages.is_empty() || self.languages.contains(&visit.language))
    }

    /// Whether nobody can belong to it: chats do not come through the phone menu.
    pub fn is_nobody(&self) -> bool {
        let reached =
            |medium: &Medium| self.entry_points.iter().any(|it| medium.comes_through(*it));
        !self.media.is_empty() && !self.entry_points.is_empty() && !self.media.iter().any(reached)
    }

    fn rank(&self) -> Rank {
        Rank {
            entry_points: !self.entry_points.is_empty(),
            languages: !self.languages.is_empty(),
            media: !self.media.is_empty(),
        }
    }

    /// Neither is the more specific, and somebody belongs to both.
    fn ties_with(&self, other: &Self) -> bool {
        fn meet<T: Ord>(some: &BTreeSet<T>, others: &BTreeSet<T>) -> bool {
            some.is_empty() || !some.is_disjoint(others)
        }
        self.rank() == other.rank()
            && meet(&self.media, &other.media)
            && meet(&self.entry_points, &other.entry_points)
            && meet(&self.languages, &other.languages)
    }
}

/// Hours for some, at a place of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomHours {
    /// The node of the menu that has them; `None` is the center.
    pub of: Option<QueueId>,
    /// What they are called, if anything.
    pub name: Option<Arc<str>>,
    /// For whom they hold.
    pub audience: Audience,
    /// When.
    pub schedule: Arc<Schedule>,
}

/// Two hours that hold for the same people, neither more specific than the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("hours {first} and {second} hold for the same consumers, and neither says more")]
pub struct Tie {
    /// The one that was given first, counted from 0.
    pub first: usize,
    /// The other.
    pub second: usize,
}

/// All hours that can hold in a queue. Of those that hold for somebody the most specific counts:
///
/// 1. those of the queue itself, then of the node above it, and so on; those of the center last;
/// 2. of one node, those that name entry points before those that do not;
/// 3. of these, those that name languages;
/// 4. of these, those that name calls or chats.
///
/// ```
/// use std::sync::Arc;
/// use frontdesk_hours::{Audience, CustomHours, OpeningHours, Schedule, Visit};
///
/// let hours = |open| Ok::<_, frontdesk_hours::HoursError>(Arc::new(Schedule::parse("UTC", [("mon-fri", open)])?));
/// let spanish = Audience { languages: ["es".parse()?].into(), ..Audience::default() };
/// let center = OpeningHours::new(
///     vec![
///         CustomHours { of: None, name: None, audience: Audience::default(), schedule: hours("08:00-20:00")? },
///         CustomHours { of: None, name: Some("Spanish".into()), audience: spanish, schedule: hours("09:00-12:00")? },
///     ],
///     None,
/// )?;
/// let found = center.for_visit(Visit::by_text("es".parse()?));
/// assert_eq!(found.and_then(|hours| hours.name.as_deref()), Some("Spanish"));
/// assert_eq!(center.for_visit(Visit::by_text("en".parse()?)).and_then(|hours| hours.name.as_deref()), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningHours {
    /// The most specific first.
    own: Box<[CustomHours]>,
    above: Option<Arc<Self>>,
}

impl OpeningHours {
    /// A node's own hours, and those above it. Where it is open to chance which of two holds, they are refused.
    pub fn new(own: Vec<CustomHours>, above: Option<Arc<Self>>) -> Result<Self, Tie> {
        for (second, hours) in own.iter().enumerate() {
            let mut before = own.iter().take(second);
            if let Some(first) = before.position(|it| it.audience.ties_with(&hours.audience)) {
                return Err(Tie { first, second });
            }
        }
        let mut own = own.into_boxed_slice();
        own.sort_by_key(|hours| std::cmp::Reverse(hours.audience.rank()));
        Ok(Self { own, above })
    }

    /// The hours that hold for somebody; `None` is always open.
    pub fn for_visit(&self, visit: Visit) -> Option<&CustomHours> {
        let mut node = Some(self);
        while let Some(hours) = node {
            if let Some(found) = hours.own.iter().find(|it| it.audience.has(visit)) {
                return Some(found);
            }
            node = hours.above.as_deref();
        }
        None
    }

    /// Every hours that can hold, the nearest and most specific first.
    pub fn all(&self) -> impl Iterator<Item = &CustomHours> {
        std::iter::successors(Some(self), |hours| hours.above.as_deref())
            .flat_map(|hours| hours.own.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(tag: &str) -> Language {
        tag.parse().unwrap()
    }

    /// `es`, `web`, `call` … together; everything else is its name.
    fn audience(words: &str) -> Audience {
        let mut audience = Audience::default();
        for word in words.split_whitespace() {
            match word {
                "call" => drop(audience.media.insert(Medium::Call)),
                "chat" => drop(audience.media.insert(Medium::Chat)),
                "ivr" => drop(audience.entry_points.insert(Channel::Ivr)),
                "sms" => drop(audience.entry_points.insert(Channel::Sms)),
                "web" => drop(audience.entry_points.insert(Channel::Web)),
                "mobile" => drop(audience.entry_points.insert(Channel::Mobile)),
                tag => drop(audience.languages.insert(language(tag))),
            }
        }
        audience
    }

    fn custom(words: &str) -> CustomHours {
        let schedule = Arc::new(Schedule::always(frontdesk_types::Zone::utc()));
        CustomHours { of: None, name: Some(words.into()), audience: audience(words), schedule }
    }

    fn hours(all: &[&str], above: Option<Arc<OpeningHours>>) -> Result<OpeningHours, Tie> {
        OpeningHours::new(all.iter().map(|words| custom(words)).collect(), above)
    }

    #[test]
    fn hrs_2_the_most_specific_hours_hold() {
        use Channel::{Ivr, Mobile, Sms, Web};
        use Medium::{Call, Chat};
        let center = hours(&["", "es", "call", "web", "chat es", "web es"], None).unwrap();
        let queue = hours(&["mobile", "fr"], Some(Arc::new(center))).unwrap();
        let visit =
            |medium, entry_point, tag| Visit { medium, entry_point, language: language(tag) };
        for (who, expected) in [
            (visit(Chat, Sms, "en"), ""),
            (visit(Call, Ivr, "en"), "call"),
            (visit(Chat, Sms, "es"), "chat es"),
            // A language says more than call or chat.
            (visit(Call, Ivr, "es"), "es"),
            // An entry point says more than a language.
            (visit(Chat, Web, "en"), "web"),
            (visit(Chat, Web, "es"), "web es"),
            // The queue's own before all of the center's.
            (visit(Chat, Mobile, "es"), "mobile"),
            (visit(Chat, Mobile, "fr"), "mobile"),
            (visit(Call, Web, "fr"), "fr"),
        ] {
            let found = queue.for_visit(who).and_then(|hours| hours.name.as_deref());
            assert_eq!(found, Some(expected), "{who:?}");
        }
        // Rocket.Chat PR 24288: the default schedule does not override the department's.
        let department = hours(&[""], Some(Arc::new(queue))).unwrap();
        assert_eq!(department.all().count(), 9);
        assert_eq!(
            department.for_visit(Visit::by_text(language("es"))).unwrap().name.as_deref(),
            Some("")
        );
    }

    #[test]
    fn hrs_2_ties_are_refused() {
        for (all, tie) in [
            (vec!["", ""], Some((0, 1))),
            (vec!["es", "fr"], None),
            (vec!["es", "en", "fr es"], Some((0, 2))),
            (vec!["es", "es chat"], None),
            (vec!["web es", "web fr", "mobile es"], None),
            (vec!["web mobile", "mobile ivr"], Some((0, 1))),
            // Nobody has to guess: an entry point says more than a language.
            (vec!["web", "es"], None),
        ] {
            let found = hours(&all, None).err().map(|tie| (tie.first, tie.second));
            assert_eq!(found, tie, "{all:?}");
        }
    }

    #[test]
    fn hrs_2_hours_for_nobody_are_known() {
        for (words, nobody) in [
            ("chat ivr", true),
            ("call sms", true),
            ("call sms ivr", false),
            ("chat web", false),
            ("", false),
        ] {
            assert_eq!(audience(words).is_nobody(), nobody, "{words}");
        }
    }
}
