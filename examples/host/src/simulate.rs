//! `frontdesk simulate`: what a center's queues, rules and agents come to in a day, in virtual time.

mod chart;
mod report;

use std::{collections::BTreeMap, path::PathBuf};

use chrono::{NaiveTime, TimeDelta};
use frontdesk::{
    Center,
    routing::{AgentRules, Member, Staff},
    types::{AgentId, Instant, QueueId},
};
use frontdesk_routing::simulation::{self, Day};

use crate::{
    output,
    settings::{self, HostError},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The configuration (TOML); the demo center without one.
    config: Option<PathBuf>,
    /// How many chats come in the day: a number, spread over the queues evenly, or by queue:
    /// `billing=1200,sales=300`.
    #[arg(long, value_parser = arrivals)]
    arrivals: Arrivals,
    /// So many agents instead of the configured ones, shared among the queues as the chats are.
    #[arg(long)]
    agents: Option<u32>,
    /// How many chats each of those has at a time.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    chats: u32,
    /// When agents are there, one shift after the other among them: `08:00-16:00,12:00-20:00`. All day
    /// without.
    #[arg(long, value_delimiter = ',', value_parser = shift)]
    shifts: Vec<(TimeDelta, TimeDelta)>,
    /// Chats come evenly over the day. Without, mostly in the day, with peaks at 10 and 15 o'clock.
    #[arg(long)]
    even: bool,
    /// How long a chat takes, in seconds, on average.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    handle: u32,
    /// After how many seconds consumers give up, on average; 0 is never.
    #[arg(long, default_value_t = 600)]
    patience: u32,
    /// How many seconds agents take to accept, on average.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=3600))]
    answer: u32,
    /// Who waits at most so many seconds is within the service level.
    #[arg(long, default_value_t = 60)]
    threshold: u32,
    /// Another number is another day of the same kind.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// As JSON, not as a table.
    #[arg(long)]
    json: bool,
    /// Also draws the day, hour by hour, into this file (SVG).
    #[arg(long)]
    svg: Option<PathBuf>,
}

#[derive(Debug, Clone)]
enum Arrivals {
    InAll(u32),
    ByQueue(Vec<(String, u32)>),
}

fn arrivals(text: &str) -> Result<Arrivals, String> {
    if let Ok(all) = text.parse() {
        return Ok(Arrivals::InAll(all));
    }
    let one = |part: &str| {
        let (queue, chats) = part.split_once('=').ok_or(())?;
        Ok((queue.trim().to_owned(), chats.trim().parse().map_err(|_| ())?))
    };
    let all: Result<Vec<_>, ()> = text.split(',').map(one).collect();
    let allowed = "a number of chats, or queues with theirs, like billing=1200,sales=300";
    all.map(Arrivals::ByQueue).map_err(|()| format!("`{text}` is not {allowed}"))
}

fn shift(text: &str) -> Result<(TimeDelta, TimeDelta), String> {
    let wrong = || format!("`{text}` is not a shift like 08:00-16:00");
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let time = |text: &str| -> Result<TimeDelta, String> {
        if text.trim() == "24:00" {
            return Ok(TimeDelta::days(1));
        }
        let time = NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_| wrong())?;
        Ok(time.signed_duration_since(NaiveTime::MIN))
    };
    let (from, to) = (time(from)?, time(to)?);
    if from < to { Ok((from, to)) } else { Err(format!("{}: it ends before it begins", wrong())) }
}

/// How many of a day's chats come in each hour, in thousandths: a center's usual day.
const USUAL: [u32; 24] =
    [6, 4, 3, 3, 4, 8, 18, 38, 62, 82, 88, 80, 70, 72, 80, 86, 78, 62, 48, 36, 28, 20, 14, 10];

pub(crate) fn run(options: &Options) -> Result<(), HostError> {
    let (center, _) = settings::load(options.config.as_deref())?;
    let day = day(options, &center)?;
    let report = simulation::run(&day);
    let seconds = options.threshold;
    if options.json {
        output::line(format_args!("{:#}", report::json(&report, seconds)))?;
    } else {
        output::write(format_args!("{}", report::table(&report, seconds)))?;
    }
    if let Some(path) = &options.svg {
        let svg = chart::svg(&report).map_err(HostError::Chart)?;
        std::fs::write(path, svg).map_err(HostError::io(path.display().to_string()))?;
    }
    Ok(())
}

fn day(options: &Options, center: &Center) -> Result<Day, HostError> {
    let totals = totals(&options.arrivals, center)?;
    let staff = match options.agents {
        None => center.staff().clone(),
        Some(agents) => hired(agents, options.chats, &totals, center.staff()),
    };
    let hour = |of: u32, hour: usize| {
        let all = USUAL.iter().sum::<u32>();
        let usual = USUAL.get(hour).map_or(0.0, |part| f64::from(*part) / f64::from(all));
        f64::from(of) * if options.even { 1.0 / 24.0 } else { usual }
    };
    let arrivals = totals
        .into_iter()
        .map(|(queue, of)| (queue, std::array::from_fn(|at| hour(of, at))))
        .collect();
    let mut shifts = BTreeMap::new();
    for ((id, _), shift) in staff.agents().zip(options.shifts.iter().cycle()) {
        shifts.insert(id.clone(), *shift);
    }
    let seconds = |of: u32| TimeDelta::seconds(i64::from(of));
    Ok(Day {
        staff,
        arrivals,
        shifts,
        handle: seconds(options.handle),
        patience: (options.patience > 0).then(|| seconds(options.patience)),
        answer: seconds(options.answer),
        threshold: seconds(options.threshold),
        begins: Instant::UNIX_EPOCH,
        seed: options.seed,
    })
}

/// How many chats come to each queue.
fn totals(arrivals: &Arrivals, center: &Center) -> Result<BTreeMap<QueueId, u32>, HostError> {
    let leaves: Vec<QueueId> =
        center.tree().ids().filter(|id| center.staff().rules_of(id).is_some()).cloned().collect();
    let wrong = |reason: String| HostError::Arrivals { reason };
    match arrivals {
        Arrivals::InAll(all) => {
            let queues = u32::try_from(leaves.len()).unwrap_or(1).max(1);
            let one = |(i, id)| (id, all / queues + u32::from(i < all % queues));
            Ok((0..).zip(leaves).map(one).collect())
        }
        Arrivals::ByQueue(named) => named
            .iter()
            .map(|(name, chats)| {
                let queue = leaves.iter().find(|id| id.as_str() == name);
                let all = || leaves.iter().map(QueueId::as_str).collect::<Vec<_>>().join(", ");
                let unknown =
                    || wrong(format!("consumers do not wait in `{name}`, but in {}", all()));
                Ok((queue.cloned().ok_or_else(unknown)?, *chats))
            })
            .collect(),
    }
}

/// So many agents, shared among the queues as their chats are, with the queues' rules; each in one, and in
/// its groups one after the other.
fn hired(agents: u32, chats: u32, totals: &BTreeMap<QueueId, u32>, staff: &Staff) -> Staff {
    let mut hired = Staff::default();
    hired.rules.clone_from(&staff.rules);
    let all = totals.values().map(|of| u64::from(*of)).sum::<u64>().max(1);
    let (mut so_far, mut next) = (0_u64, 0_u64);
    for (queue, of) in totals {
        so_far += u64::from(*of);
        let rules = staff.rules_of(queue).cloned().unwrap_or_default();
        let groups = match &rules.groups {
            frontdesk::routing::Groups::All => 1,
            frontdesk::routing::Groups::Cascade { .. } => {
                let last = staff.members_of(queue).iter().map(|member| member.group).max();
                u64::from(last.unwrap_or(0)) + 1
            }
            frontdesk::routing::Groups::Percent { shares, .. } => shares.len() as u64,
        };
        let mut members = Vec::new();
        while next < u64::from(agents) * so_far / all {
            next += 1;
            let Ok(id) = format!("agent-{next:05}").parse::<AgentId>() else { continue };
            hired.agent(id.clone(), AgentRules::with_chats(chats));
            let group = u8::try_from(next % groups).unwrap_or(0);
            members.push(Member { agent: id, priority: 1, group });
        }
        // The rules were good before, and the members are new: nothing contradicts.
        let _ = hired.queue(queue.clone(), rules, members);
    }
    hired
}
