//! Vocabulary, rules and organisations, read from the files of `knowledge`.

use std::sync::OnceLock;

use super::{
    lexicon::{Lexicon, Tag, Tags},
    rules::{Rule, rules},
    senders::{self, HostPart, Organisations},
};

const FILES: [&str; 18] = [
    include_str!("knowledge/approaches.txt"),
    include_str!("knowledge/common.txt"),
    include_str!("knowledge/finance.txt"),
    include_str!("knowledge/gambling.txt"),
    include_str!("knowledge/goods.txt"),
    include_str!("knowledge/hate.txt"),
    include_str!("knowledge/impostors.txt"),
    include_str!("knowledge/leads.txt"),
    include_str!("knowledge/money.txt"),
    include_str!("knowledge/movements.txt"),
    include_str!("knowledge/parts.txt"),
    include_str!("knowledge/phishing.txt"),
    include_str!("knowledge/senses.txt"),
    include_str!("knowledge/smoke.txt"),
    include_str!("knowledge/sure.txt"),
    include_str!("knowledge/threats.txt"),
    include_str!("knowledge/trades.txt"),
    include_str!("knowledge/wares.txt"),
];
const PRIZE: &str = include_str!("knowledge/prize.txt");
const RULES: [&str; 12] = [
    include_str!("knowledge/rules/phishing.toml"),
    include_str!("knowledge/rules/deceptive_links.toml"),
    include_str!("knowledge/rules/prize.toml"),
    include_str!("knowledge/rules/adult.toml"),
    include_str!("knowledge/rules/cannabis.toml"),
    include_str!("knowledge/rules/firearms.toml"),
    include_str!("knowledge/rules/gambling.toml"),
    include_str!("knowledge/rules/alcohol.toml"),
    include_str!("knowledge/rules/tobacco.toml"),
    include_str!("knowledge/rules/high_risk_finance.toml"),
    include_str!("knowledge/rules/lead_generation.toml"),
    include_str!("knowledge/rules/hate.toml"),
];
const ORGANISATIONS: &str = include_str!("knowledge/organisations.txt");
const ALIASES: &str = include_str!("knowledge/aliases.txt");
const HOSTS: &str = include_str!("knowledge/hosts.txt");

/// Vocabulary, rules and organisations.
#[derive(Debug, Default)]
pub(super) struct Knowledge {
    pub(super) lexicon: Lexicon,
    pub(super) rules: Vec<Rule>,
    pub(super) organisations: Organisations,
    /// Parts of host names, each with the tag that it gives.
    pub(super) hosts: Vec<(HostPart, Tag)>,
    /// Tags that speak for a text: harmless phrases give them, too.
    pub(super) shields: Tags,
    pub(super) tags: Derived,
}

/// Tags that no phrase gives.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Derived {
    pub(super) nothing: Tag,
    pub(super) link: Tag,
    pub(super) bait: Tag,
    pub(super) risky: Tag,
    pub(super) unknown: Tag,
    pub(super) imitates: Tag,
    pub(super) trick: Tag,
    pub(super) official: Tag,
    pub(super) real: Tag,
    pub(super) phone: Tag,
    pub(super) money: Tag,
    pub(super) org: Tag,
    pub(super) org_first: Tag,
    pub(super) org_own: Tag,
    pub(super) known: Tag,
    pub(super) after_name: Tag,
}

impl Knowledge {
    /// The knowledge that comes with this crate; a test reads all of it.
    pub(super) fn standard() -> &'static Self {
        static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
        KNOWLEDGE.get_or_init(|| Self::read().unwrap_or_default())
    }

    /// Reads all files.
    pub(super) fn read() -> Result<Self, String> {
        let files: Vec<&str> = FILES.into_iter().chain([PRIZE]).collect();
        let mut lexicon = Lexicon::of(&files).map_err(|error| format!("{error:?}"))?;
        lexicon.add_aliases(ALIASES);
        let organisations = senders::organisations(ORGANISATIONS, &mut lexicon)
            .map_err(|error| format!("organisations: {error:?}"))?;
        let tags = Derived::of(&mut lexicon).ok_or("too many tags")?;
        let hosts = senders::host_parts(HOSTS, &mut lexicon).ok_or("too many tags")?;
        let rules = rules(&RULES, &lexicon)?;
        let shields = lexicon.shields();
        lexicon.finish();
        Ok(Self { lexicon, rules, organisations, hosts, shields, tags })
    }
}

impl Derived {
    fn of(lexicon: &mut Lexicon) -> Option<Self> {
        Some(Self {
            nothing: lexicon.tag("nothing")?,
            link: lexicon.tag("link")?,
            bait: lexicon.tag("link.bait")?,
            risky: lexicon.tag("link.risky")?,
            unknown: lexicon.tag("link.unknown")?,
            imitates: lexicon.tag("link.imitates")?,
            trick: lexicon.tag("link.trick")?,
            official: lexicon.tag("link.official")?,
            real: lexicon.tag("link.real")?,
            phone: lexicon.tag("phone")?,
            money: lexicon.tag("money")?,
            org: lexicon.tag("org")?,
            org_first: lexicon.tag("org.first")?,
            org_own: lexicon.tag("org.own")?,
            known: lexicon.tag("sender.known")?,
            after_name: lexicon.tag("org.after")?,
        })
    }
}
