//! Brands that impersonators claim to be, and the sites that belong to them.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::lexicon::{Lexicon, LexiconError, MAX_TAGS, Tag};

/// Tags of organisations begin here: they are no tags of sentences.
pub(super) const FIRST: Tag = MAX_TAGS;

/// An organisation that impersonators claim to be.
#[derive(Debug)]
pub(super) struct Organisation {
    /// Its name in a host: `paypal`.
    pub(super) name: Box<str>,
    /// Its name is an ordinary word as well.
    pub(super) word: bool,
}

/// All organisations, by their sites and by their names in hosts.
#[derive(Debug, Default)]
pub(super) struct Organisations {
    all: Vec<Organisation>,
    /// Domains, each with the place of whose it is.
    sites: FxHashMap<Box<str>, usize>,
    names: FxHashMap<Box<str>, usize>,
    /// Names as they look.
    looks: FxHashMap<Box<str>, usize>,
}

/// The organisations of a file; their names are added to a vocabulary.
pub(super) fn organisations(
    file: &str,
    lexicon: &mut Lexicon,
) -> Result<Organisations, LexiconError> {
    let mut known = Organisations::default();
    for (n, line) in file.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let failed = |problem: String| LexiconError { line: n + 1, problem };
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [name, phrases, sites, rest @ ..] = fields.as_slice() else {
            return Err(failed("name | phrases | sites are expected".to_owned()));
        };
        let place = known.all.len();
        let tag = Tag::try_from(place).ok().and_then(|at| at.checked_add(FIRST));
        let tag = tag.ok_or_else(|| failed("too many organisations".to_owned()))?;
        known.names.insert((*name).into(), place);
        if name.len() >= 5 {
            known.looks.entry(look(name).into()).or_insert(place);
        }
        for phrase in phrases.split(',').map(str::trim) {
            lexicon.add(phrase, tag).map_err(failed)?;
            let together: String = phrase.chars().filter(char::is_ascii_alphanumeric).collect();
            if together.len() >= 4 {
                known.names.entry(together.into()).or_insert(place);
            }
        }
        known.sites.extend(sites.split_whitespace().map(|site| (site.into(), place)));
        known.all.push(Organisation { name: (*name).into(), word: rest.contains(&"word") });
    }
    Ok(known)
}

impl Organisations {
    pub(super) fn get(&self, place: usize) -> Option<&Organisation> {
        self.all.get(place)
    }

    /// The brand that a host belongs to. Pages that anybody makes at it are not the brand's.
    pub(super) fn owner(&self, host: &str) -> Option<usize> {
        if is_anybodys(host) {
            return None;
        }
        let below = host.match_indices('.').filter_map(|(at, _)| host.get(at + 1..));
        std::iter::once(host).chain(below).find_map(|site| self.sites.get(site).copied())
    }

    /// The organisation whose name stands in a host that is not its own.
    pub(super) fn imitated(&self, host: &str) -> Option<&Organisation> {
        if is_official(host) {
            return None;
        }
        let alone = psl::domain_str(host).and_then(|site| site.split('.').next());
        let (bait, risky) = (is_bait(host), is_risky(host));
        let parts = host.split(['.', '-']).filter(|part| part.len() >= 3);
        let place = parts.filter_map(|part| {
            if let Some(place) = self.names.get(part) {
                // An ordinary word stands in many names; beside an invitation it is the organisation's.
                let meant = self.all.get(*place).is_some_and(|it| !it.word || bait || risky);
                return Some(*place).filter(|_| meant && (alone != Some(part) || risky));
            }
            self.looks.get(look(part).as_str()).copied().or_else(|| self.invites(part))
        });
        let owner = self.owner(host);
        place.filter(|place| Some(*place) != owner).find_map(|place| self.all.get(place))
    }

    /// The organisation to whose name an invitation is written: `paypalsecurity`.
    fn invites(&self, part: &str) -> Option<usize> {
        let invites = |name: &str, rest: &str| {
            let place = self.names.get(name).copied().filter(|_| BAITS.contains(rest))?;
            self.all.get(place).filter(|known| *known.name == *name).map(|_| place)
        };
        let mut splits = (3..part.len()).filter_map(|at| part.split_at_checked(at));
        splits.find_map(|(start, end)| {
            let first = (start.len() >= 6).then(|| invites(start, end)).flatten();
            first.or_else(|| (end.len() >= 6).then(|| invites(end, start)).flatten())
        })
    }
}

/// Sites of large brands on which anybody publishes forms and pages.
const ANYBODYS: [&str; 6] = [
    "docs.google.com",
    "forms.gle",
    "forms.office.com",
    "sites.google.com",
    "1drv.ms",
    "onedrive.live.com",
];

/// Whether anybody publishes forms and pages on a site.
pub(super) fn is_anybodys(host: &str) -> bool {
    ANYBODYS.contains(&host)
}

/// Words in host names that bait: they stand in made-up names like `harborbank-secure-login`.
const BAIT: [&str; 83] = [
    "secure",
    "secured",
    "security",
    "unlock",
    "unlocked",
    "verify",
    "verified",
    "verification",
    "login",
    "signin",
    "logon",
    "account",
    "accounts",
    "alert",
    "alerts",
    "update",
    "updates",
    "confirm",
    "billing",
    "refund",
    "refunds",
    "recovery",
    "restore",
    "resolution",
    "resolve",
    "claim",
    "claims",
    "payment",
    "payments",
    "pay",
    "paytoll",
    "toll",
    "tolls",
    "tollbalance",
    "balance",
    "support",
    "help",
    "helpdesk",
    "case",
    "review",
    "redeliver",
    "redelivery",
    "delivery",
    "parcel",
    "package",
    "pkg",
    "track",
    "tracking",
    "trackpkg",
    "trk",
    "customs",
    "release",
    "hold",
    "renew",
    "renewal",
    "membership",
    "card",
    "reward",
    "rewards",
    "prize",
    "gift",
    "winner",
    "bonus",
    "points",
    "redeem",
    "canje",
    "verificar",
    "entregas",
    "entrega",
    "validar",
    "fix",
    "stoppay",
    "inbox",
    "notice",
    "viewer",
    "portal",
    "desk",
    "auth",
    "access",
    "check",
    "validate",
    "unsub",
    "safe",
];

static BAITS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| BAIT.into_iter().collect());

/// Endings that are cheap or free, and that most texts with them are fraud (Interisle's phishing landscape 2024 and 2025; Spamhaus).
const RISKY: [&str; 48] = [
    "top", "xyz", "icu", "vip", "click", "sbs", "cfd", "cc", "lol", "life", "buzz", "club", "live",
    "online", "site", "support", "help", "win", "bid", "loan", "rest", "fun", "today", "store",
    "shop", "info", "work", "world", "link", "bond", "cyou", "monster", "quest", "pw", "tk", "ml",
    "ga", "cf", "gq", "ru", "cn", "su", "ws", "biz", "digital", "network", "finance", "us",
];

/// Whether words of a host's name invite to something.
pub(super) fn is_bait(host: &str) -> bool {
    let name = host.rsplit_once('.').map_or(host, |(name, _)| name);
    let apart = name.split(['.', '-']).filter(|part| !part.is_empty());
    let many = name.contains('-');
    // A bait word beside another name, or at its end.
    let ends_with_bait = |part: &str| {
        let ends = (1..part.len().saturating_sub(5)).filter_map(|at| part.get(at..));
        ends.into_iter().any(|end| BAITS.contains(end))
    };
    apart.into_iter().any(|part| many && BAITS.contains(part) || ends_with_bait(part))
}

/// Whether a host's ending is a cheap one.
pub(super) fn is_risky(host: &str) -> bool {
    host.rsplit('.').next().is_some_and(|top| RISKY.contains(&top))
}

/// Whether a site is a government's, a school's or the military's.
pub(super) fn is_official(host: &str) -> bool {
    host.rsplit('.').next().is_some_and(|top| matches!(top, "gov" | "mil" | "edu"))
}

/// A part of a host with letters for what looks like them: `arnazon` and `paypa1` look like `amazon` and `paypal`.
fn look(part: &str) -> String {
    let mut read = String::with_capacity(part.len());
    let mut letters = part.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('r', Some('n')) => {
                letters.next();
                read.push('m');
            }
            ('v', Some('v')) => {
                letters.next();
                read.push('w');
            }
            ('0', _) => read.push('o'),
            ('1' | 'i', _) => read.push('l'),
            ('5', _) => read.push('s'),
            ('3', _) => read.push('e'),
            (letter, _) => read.push(letter),
        }
    }
    read
}

/// Whether a host's name goes with a name: `harborfirst.com` with Harbor First Bank.
pub(super) fn goes_with(host: &str, name: &str) -> bool {
    let label = psl::domain_str(host).unwrap_or(host).split('.').next().unwrap_or_default();
    let label: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .map(|word| {
            word.chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_ascii_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect();
    let initials: String = words.iter().filter_map(|word| word.chars().next()).collect();
    let first = words
        .iter()
        .find(|word| word.len() >= 4 && !matches!(word.as_str(), "your" | "hello" | "from"));
    first.is_some_and(|first| label.contains(first.as_str()))
        || words.len() >= 2
            && label.starts_with(
                &words.iter().take(2).flat_map(|word| word.chars()).collect::<String>(),
            )
        || initials.len() >= 3 && label.starts_with(&initials)
}

/// A part of a host's name that tells what its site is about.
#[derive(Debug)]
pub(super) enum HostPart {
    /// The ending.
    Top(Box<str>),
    /// A word of the name.
    Word(Box<str>),
}

/// The parts of a file, each with the tag `host.` and its category.
pub(super) fn host_parts(file: &str, lexicon: &mut Lexicon) -> Option<Vec<(HostPart, Tag)>> {
    let mut all = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(category) = words.next() else { continue };
        let tag = lexicon.tag(&format!("host.{category}"))?;
        all.extend(words.map(|word| match word.strip_prefix('.') {
            Some(top) => (HostPart::Top(top.into()), tag),
            None => (HostPart::Word(word.into()), tag),
        }));
    }
    Some(all)
}

impl HostPart {
    /// Whether it stands in a host, which is given by its ending and the words of its name.
    pub(super) fn is_in(&self, ending: &str, words: &[&str]) -> bool {
        match self {
            Self::Top(top) => ending == &**top,
            Self::Word(word) => words.iter().any(|part| {
                let long = word.len() >= 4 || part.len() <= word.len() + 6;
                part == &&**word || long && (part.starts_with(&**word) || part.ends_with(&**word))
            }),
        }
    }
}

/// The ending of a host, and the words of its name.
pub(super) fn words(host: &str) -> (&str, SmallVec<[&str; 8]>) {
    let (name, ending) = host.rsplit_once('.').unwrap_or(("", host));
    (ending, name.split(['.', '-']).filter(|word| !word.is_empty()).collect())
}
