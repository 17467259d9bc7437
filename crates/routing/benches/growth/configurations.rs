//! Other configurations while everybody waits.

use chrono::TimeDelta;
use frontdesk_routing::{AgentRules, Groups, QueueRules, Staff, Wait, WrapUp};
use frontdesk_types::{AgentId, AgentStatus, SkillId};

use crate::{Floor, deltacast, id, name, one_chat, queue};

/// A staff of 1,000 agents who share queues, with something that another configuration changes.
#[derive(Clone, Default)]
struct Center {
    queues: usize,
    rules: QueueRules,
    /// An agent who is new, in the middle of the others.
    new: bool,
    limit: u32,
    skilled: bool,
    /// So many of the last agents are gone.
    without: usize,
    call_weight: u32,
}

impl Center {
    fn staff(&self) -> Staff {
        let mut staff = Staff::default();
        let new: Option<AgentId> = self.new.then(|| id("a000500b"));
        for agent in new.iter().cloned() {
            staff.agent(agent, one_chat(0));
        }
        staff.rules.call_weight += self.call_weight;
        let agents = 1000 - self.without;
        for n in 0..agents {
            let mut rules = AgentRules::with_chats(1 + if n == 500 { self.limit } else { 0 });
            rules.skills.extend((n % 3 == 0).then(|| id::<SkillId>("es")));
            rules.skills.extend((self.skilled && n == 500).then(|| id::<SkillId>("vip")));
            staff.agent(name(n), rules);
        }
        for q in 0..self.queues {
            let serves = |n: usize| self.queues == 1 || (n % self.queues) / 3 == q / 3;
            let mut members: Vec<AgentId> = (0..agents).filter(|n| serves(*n)).map(name).collect();
            members.extend(new.clone().filter(|_| serves(500)));
            let _ = staff.queue(queue(q), self.rules.clone(), members);
        }
        staff
    }
}

/// A change that another configuration makes.
type Change = Box<dyn Fn(&mut Center)>;

fn changes() -> Vec<(&'static str, Change)> {
    let deltacast = deltacast().assignment;
    let cascade = Groups::Cascade { timer: TimeDelta::days(1), skip_empty: false };
    let wrap_up = WrapUp { time: TimeDelta::seconds(9), fixed: false };
    let (head_start, skills_for) = (TimeDelta::seconds(1), TimeDelta::days(2));
    vec![
        ("another agent", Box::new(|center| center.new = true)),
        ("another limit", Box::new(|center| center.limit = 1)),
        ("another skill", Box::new(|center| center.skilled = true)),
        ("another rule for all agents", Box::new(|center| center.call_weight = 2)),
        ("another wrap-up", Box::new(move |center| center.rules.wrap_up = Some(wrap_up))),
        ("another head start", Box::new(move |center| center.rules.head_start = head_start)),
        ("a time for skills", Box::new(move |center| center.rules.skills_for = Some(skills_for))),
        ("a cascade", Box::new(move |center| center.rules.groups = cascade.clone())),
        ("deltacast", Box::new(move |center| center.rules.assignment = deltacast.clone())),
        // Those who come back are logged out.
        ("200 agents less", Box::new(|center| center.without = 200)),
    ]
}

/// Other configurations, with everybody in line: agents are there, and most are busy. Each step is measured until the
/// configuration is taken on.
pub(crate) fn configurations(size: usize) {
    for queues in [1, 300] {
        let center = Center { queues, ..Center::default() };
        let mut floor = Floor::new(center.staff());
        for n in 0..size {
            let skills = if n % 2 == 0 { vec![id("es")] } else { Vec::new() };
            let priority = u8::from(n % 4 > 1);
            floor.waits(n, |wait| Wait { queue: queue(n % queues), skills, priority, ..wait });
        }
        (0..1000).for_each(|n| floor.status(n, AgentStatus::Available));
        (0..990).for_each(|n| floor.takes(n));
        for (what, change) in changes() {
            floor.begin();
            let mut other = center.clone();
            change(&mut other);
            floor.configure(other.staff());
            // And back.
            floor.configure(center.staff());
            floor.row(&format!("a configuration with {what}, {queues} queues"), size);
        }
    }
}
