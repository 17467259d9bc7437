//! How fast texts may leave: what carriers take of a campaign, a brand, a number (DLC-6). Counted in segments.

mod counter;

use std::{collections::HashMap, sync::LazyLock};

use chrono_tz::America::Los_Angeles;
use compact_str::CompactString;
use frontdesk_types::{Instant, SupportNumber, Zone, Zones};
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{BrandRank, Carrier, ContentType, Counts, Edition, UseCase, place::PlaceZones};

pub use counter::{CountedTime, Counter};

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meter {
    /// Texts of a campaign to AT&T.
    AttCampaign(CompactString),
    /// Messages with media of a campaign to AT&T.
    AttCampaignMedia(CompactString),
    /// Texts of a number to AT&T, in classes that count by number.
    AttNumber(SupportNumber),
    /// Messages with media of a number to AT&T.
    AttNumberMedia(SupportNumber),
    /// Texts of a number to a carrier that counts by number.
    CarrierNumber(Carrier, SupportNumber),
    /// Messages with media of a number to a carrier that counts by number.
    CarrierNumberMedia(Carrier, SupportNumber),
    /// Texts of a number to whomever: the provider's limit, or the host's own (SMS-8).
    Number(SupportNumber),
    /// Everything of a brand to T-Mobile.
    TMobileBrand(CompactString),
    /// Everything of a campaign to T-Mobile, where its use case has a cap beside the brand's.
    TMobileCampaign(CompactString),
}

/// For how long is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Any sixty seconds.
    Minute,
    /// From midnight to midnight of the Pacific.
    PacificDay,
}

/// So many, in so long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Of what.
    pub meter: Meter,
    /// How many.
    pub most: u32,
    /// In which time.
    pub span: Span,
    /// The zone of its days; the Pacific's of the bundled data without.
    #[serde(skip)]
    pub pacific: Option<Zone>,
}

impl Limit {
    fn time(&self) -> CountedTime<'_> {
        match self.span {
            Span::Minute => CountedTime::Minute,
            Span::PacificDay => CountedTime::Day(self.pacific.as_ref().unwrap_or(&PACIFIC)),
        }
    }
}

static PACIFIC: LazyLock<Zone> = LazyLock::new(|| pacific(Zones::bundled()));

/// The zone in which T-Mobile's days begin.
pub fn pacific(zones: &Zones) -> Zone {
    PlaceZones::of(zones).zone(Los_Angeles).clone()
}

/// How fast texts of one campaign may leave.
///
/// ```
/// use frontdesk_tendlc::{BrandRank, Facts, Rates, UseCase};
///
/// let facts = Facts::standard().on("2026-11-21".parse()?);
/// let rates = Rates::of(facts, "Harbor Books", "offers", UseCase::Marketing, BrandRank::Scored(60));
/// assert_eq!((rates.att_per_minute, rates.t_mobile_per_day), (Some(2400), Some(40_000)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// The brand: T-Mobile counts all of its campaigns together.
    pub brand: CompactString,
    /// The campaign.
    pub campaign: CompactString,
    /// Segments a minute to AT&T; `None` is no limit.
    pub att_per_minute: Option<u32>,
    /// Messages with media a minute to AT&T.
    pub att_media_per_minute: Option<u32>,
    /// What AT&T counts.
    pub att_counts: Counts,
    /// Segments a day to T-Mobile; `None` is no limit, as for a verified government.
    pub t_mobile_per_day: Option<u32>,
    /// Segments a day of the campaign to T-Mobile, where its use case has a cap beside the brand's.
    pub t_mobile_campaign_per_day: Option<u32>,
    /// Segments a minute of one number to Verizon.
    pub verizon_per_minute: Option<u32>,
    /// Messages with media a minute of one number to Verizon.
    pub verizon_media_per_minute: Option<u32>,
    /// Segments a minute of one number to whomever.
    pub number_per_minute: Option<u32>,
    /// How much of each limit, in percent, is kept for the answers of conversations.
    pub reserve: u8,
    /// The Pacific's time zone; that of the bundled data without.
    #[serde(skip)]
    pub pacific: Option<Zone>,
}

/// Percent of every limit that notifications leave to conversations.
const RESERVE: u8 = 10;

impl Rates {
    /// Those of a campaign, by the tables. What the registry answers for a campaign (`tpm`, `brandTier`) may be set after it.
    pub fn of(
        facts: &Edition,
        brand: &str,
        campaign: &str,
        use_case: UseCase,
        rank: BrandRank,
    ) -> Self {
        let class = facts.att_class(use_case, rank);
        Self {
            brand: brand.into(),
            campaign: campaign.into(),
            att_per_minute: class.map(|class| class.sms_per_minute),
            att_media_per_minute: class.and_then(|class| class.mms_per_minute),
            att_counts: class.map_or(Counts::Campaign, |class| class.counts),
            t_mobile_per_day: facts.t_mobile_tier_of(use_case, rank).and_then(|tier| tier.per_day),
            t_mobile_campaign_per_day: facts.t_mobile_per_campaign(use_case),
            verizon_per_minute: facts.per_number(Carrier::Verizon),
            verizon_media_per_minute: facts.media_per_number(Carrier::Verizon),
            number_per_minute: None,
            reserve: RESERVE,
            pacific: Some(facts.zones().zone(Los_Angeles).clone()),
        }
    }

    /// No limit but one of each number: for what leaves by no campaign.
    pub fn of_number(per_minute: Option<u32>) -> Self {
        Self {
            brand: CompactString::default(),
            campaign: CompactString::default(),
            att_per_minute: None,
            att_media_per_minute: None,
            att_counts: Counts::Campaign,
            t_mobile_per_day: None,
            t_mobile_campaign_per_day: None,
            verizon_per_minute: None,
            verizon_media_per_minute: None,
            number_per_minute: per_minute,
            reserve: RESERVE,
            pacific: None,
        }
    }

    /// Every limit that counts a message. A consumer whose carrier is not known may be anybody's.
    pub fn limits(
        &self,
        number: SupportNumber,
        carrier: Option<Carrier>,
        media: bool,
    ) -> SmallVec<[Limit; 4]> {
        let may_be = |of| carrier.is_none_or(|carrier| carrier == of);
        let mut limits = SmallVec::new();
        let mut add = |meter: Meter, most: Option<u32>, span| {
            let pacific = self.pacific.as_ref().filter(|_| span == Span::PacificDay);
            limits.extend(most.map(|most| Limit { meter, most, span, pacific: pacific.cloned() }));
        };
        if may_be(Carrier::Att) {
            let campaign = self.att_counts == Counts::Campaign;
            let (meter, most) = match (media, campaign) {
                (false, true) => (Meter::AttCampaign(self.campaign.clone()), self.att_per_minute),
                (false, false) => (Meter::AttNumber(number), self.att_per_minute),
                (true, true) => {
                    (Meter::AttCampaignMedia(self.campaign.clone()), self.att_media_per_minute)
                }
                (true, false) => (Meter::AttNumberMedia(number), self.att_media_per_minute),
            };
            add(meter, most, Span::Minute);
        }
        if may_be(Carrier::TMobile) {
            add(Meter::TMobileBrand(self.brand.clone()), self.t_mobile_per_day, Span::PacificDay);
            let of_campaign = Meter::TMobileCampaign(self.campaign.clone());
            add(of_campaign, self.t_mobile_campaign_per_day, Span::PacificDay);
        }
        if may_be(Carrier::Verizon) {
            let (meter, most) = if media {
                let meter = Meter::CarrierNumberMedia(Carrier::Verizon, number);
                (meter, self.verizon_media_per_minute)
            } else {
                (Meter::CarrierNumber(Carrier::Verizon, number), self.verizon_per_minute)
            };
            add(meter, most, Span::Minute);
        }
        add(Meter::Number(number), self.number_per_minute, Span::Minute);
        limits
    }

    /// What one kind of messages may use of a limit.
    fn share(&self, most: u32, kind: ContentType) -> u32 {
        match kind {
            ContentType::Conversational => most,
            ContentType::Informational | ContentType::Promotional => {
                let kept = u64::from(most) * u64::from(self.reserve.min(100)) / 100;
                most - u32::try_from(kept).unwrap_or(most)
            }
        }
    }
}

/// Whether there is room for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Room {
    /// There is.
    Now,
    /// From an instant on, if nothing else leaves before.
    From {
        /// When.
        at: Instant,
        /// The limit that is used up longest.
        limit: Limit,
    },
    /// Never: it has more segments than may leave in the whole time of a limit.
    Never {
        /// Of which.
        limit: Limit,
    },
}

/// How much has left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters(HashMap<Meter, Counter, FxBuildHasher>);

impl Counters {
    /// When there is room for a message of so many segments.
    pub fn room(
        &self,
        rates: &Rates,
        limits: &[Limit],
        kind: ContentType,
        segments: u32,
        at: Instant,
    ) -> Room {
        let mut room = Room::Now;
        let mut latest = at;
        for limit in limits {
            let most = rates.share(limit.most, kind).max(1);
            // A host's own limit only spreads: what is longer leaves by itself.
            let own = matches!(limit.meter, Meter::Number(_));
            if segments > most && !own {
                return Room::Never { limit: limit.clone() };
            }
            let Some(counter) = self.0.get(&limit.meter) else { continue };
            let free = counter.free(&limit.time(), most, segments.min(most), at);
            if free > latest {
                latest = free;
                room = Room::From { at: free, limit: limit.clone() };
            }
        }
        room
    }

    /// Corrects what a clock that was ahead has counted, of everything that limits count.
    pub fn correct(&mut self, limits: &[Limit], at: Instant) {
        for limit in limits {
            if let Some(counter) = self.0.get_mut(&limit.meter) {
                counter.correct(&limit.time(), at);
            }
        }
    }

    /// Counts a message that leaves.
    pub fn count(&mut self, limits: &[Limit], segments: u32, at: Instant) {
        for limit in limits {
            self.0.entry(limit.meter.clone()).or_default().count(&limit.time(), segments, at);
        }
    }

    /// How much has left of what a limit counts, at an instant.
    pub fn used(&self, limit: &Limit, at: Instant) -> u32 {
        self.0.get(&limit.meter).map_or(0, |counter| counter.used(&limit.time(), at))
    }

    /// One counter, as a store keeps it.
    pub fn get(&self, meter: &Meter) -> Option<&Counter> {
        self.0.get(meter)
    }

    /// Puts one back as a store has it.
    pub fn set(&mut self, meter: Meter, counter: Counter) {
        self.0.insert(meter, counter);
    }
}

#[cfg(test)]
mod tests;
