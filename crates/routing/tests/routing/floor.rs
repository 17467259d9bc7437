//! A contact center's floor, played line by line.

use std::collections::BTreeMap;

use frontdesk_routing::{
    AgentRules, Input, Kind, Member, Place, QueueRules, Router, RouterEvent, SetBy, Staff, Wait,
};
use frontdesk_types::{
    AgentId, AgentStatus, Instant, QueueId, SessionId, TransferTarget, from_millis,
};

pub(crate) fn agent(name: &str) -> AgentId {
    name.parse().unwrap()
}

pub(crate) fn queue(name: &str) -> QueueId {
    name.parse().unwrap()
}

/// An instant so many seconds after the beginning.
pub(crate) fn at(seconds: f64) -> Instant {
    #[expect(clippy::cast_possible_truncation, reason = "tests last minutes")]
    from_millis((seconds * 1000.0) as i64)
}

/// Agents, each with two chats at a time.
pub(crate) fn staff_of(agents: &[&str]) -> Staff {
    let mut staff = Staff::default();
    for name in agents {
        staff.agent(agent(name), AgentRules::with_chats(2));
    }
    staff
}

/// `ana`, `ana/2` (group 2), `ana!3` (priority 3).
pub(crate) fn member(text: &str) -> Member {
    let (text, priority) = text.split_once('!').unwrap_or((text, "1"));
    let (name, group) = text.split_once('/').unwrap_or((text, "1"));
    let group = group.parse::<u8>().unwrap() - 1;
    Member { agent: agent(name), priority: priority.parse().unwrap(), group }
}

/// One queue, `billing`.
pub(crate) fn billing(rules: QueueRules, members: &[&str]) -> Staff {
    let names: Vec<&str> =
        members.iter().map(|text| text.split(['/', '!']).next().unwrap()).collect();
    let mut staff = staff_of(&names);
    staff.queue(queue("billing"), rules, members.iter().map(|text| member(text))).unwrap();
    staff
}

/// Plays a story: each line is `second | what happens | what the router says`, several things apart by `;`.
///
/// What happens: `ana available`, `boss: ana special_task`, `#1 waits in billing` (`call`, `priority 2`,
/// `skills es,vip`, `last ana`, `since 3`), `ana takes #1`, `ana declines #1`, `ana sees #1`,
/// `ana begins #1 in billing`, `#1 ends`, `#1 is dismissed`, `#1 returns`, `#1 goes from ana to ben`,
/// `#1 goes from ana to queue sales`, `#1 is back with ana`, `time passes`.
pub(crate) fn play(staff: Staff, story: &str) {
    let mut floor = Floor::new(staff);
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut parts = line.split('|').map(str::trim);
        let (second, act, expected) =
            (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap_or(""));
        let said = floor.act(at(second.parse().unwrap()), act);
        assert_eq!(said.join("; "), expected, "at {line}");
    }
}

pub(crate) struct Floor {
    pub(crate) router: Router,
    /// Where sessions were put last, and when they came.
    waits: BTreeMap<u64, Wait>,
    statuses: BTreeMap<AgentId, AgentStatus>,
}

impl Floor {
    pub(crate) fn new(staff: Staff) -> Self {
        Self { router: Router::new(staff), waits: BTreeMap::new(), statuses: BTreeMap::new() }
    }

    pub(crate) fn act(&mut self, now: Instant, act: &str) -> Vec<String> {
        let words: Vec<&str> = act.split_whitespace().collect();
        let input = self.input(&words, now);
        let step = self.router.handle(input.clone(), now);
        let mut said: Vec<String> =
            step.events.iter().filter_map(|event| self.say(event)).collect();
        said.extend(step.refused.map(|refused| format!("refused: {refused}")));
        // Told again, nothing changes.
        if matches!(input, Input::Place { .. })
            && !said.iter().any(|said| said.contains("back from"))
        {
            assert_eq!(self.router.handle(input, now).events, [], "told again: {act}");
        }
        said
    }

    fn input(&mut self, words: &[&str], now: Instant) -> Input {
        match *words {
            ["time", "passes"] => Input::TimePassed,
            ["boss:", name, status] => {
                let (agent, status) = (agent(name), status.parse().unwrap());
                Input::SetStatus { agent, status, by: SetBy::Supervisor }
            }
            [name, "takes", id] => Input::Accept { session: session(id), agent: agent(name) },
            [name, "declines", id] => Input::Decline { session: session(id), agent: agent(name) },
            [name, "sees", id] => Input::Acknowledge { session: session(id), agent: agent(name) },
            [name, "begins", id, "in", to] => {
                Input::Begin { session: session(id), agent: agent(name), queue: queue(to) }
            }
            [id, "waits", "in", to, ref rest @ ..] => {
                let mut wait = Wait::chat(queue(to), now);
                let mut rest = rest.iter();
                while let Some(word) = rest.next() {
                    match *word {
                        "call" => wait.kind = Kind::Call,
                        "priority" => wait.priority = rest.next().unwrap().parse().unwrap(),
                        "skills" => {
                            let skills = rest.next().unwrap().split(',');
                            wait.skills = skills.map(|skill| skill.parse().unwrap()).collect();
                        }
                        "last" => wait.last_agent = Some(agent(rest.next().unwrap())),
                        "since" => wait.since = at(rest.next().unwrap().parse().unwrap()),
                        other => panic!("{other}?"),
                    }
                }
                self.waits.insert(session(id).0, wait.clone());
                place(id, Place::Waiting(wait))
            }
            [id, "returns"] => place(id, Place::Waiting(self.waits[&session(id).0].clone())),
            [id, "ends"] => place(id, Place::Gone),
            [id, "is", "dismissed"] => place(id, Place::Dismissed),
            [id, "is", "back", "with", name] => {
                let wait = &self.waits[&session(id).0];
                let Wait { queue, since, kind, .. } = wait.clone();
                place(id, Place::With { agent: agent(name), queue, since, kind })
            }
            [id, "goes", "from", name, "to", "queue", to] => {
                self.transfer(id, name, TransferTarget::Queue(queue(to)))
            }
            [id, "goes", "from", name, "to", to] => {
                self.transfer(id, name, TransferTarget::Agent(agent(to)))
            }
            [name, status] => {
                let (agent, status) = (agent(name), status.parse().unwrap());
                Input::SetStatus { agent, status, by: SetBy::Agent }
            }
            _ => panic!("{words:?}?"),
        }
    }

    fn transfer(&self, id: &str, from: &str, to: TransferTarget) -> Input {
        let wait = self.waits[&session(id).0].clone();
        place(id, Place::Transferring { agent: agent(from), to, wait })
    }

    fn say(&mut self, event: &RouterEvent) -> Option<String> {
        let names =
            |agents: &[AgentId]| agents.iter().map(AgentId::as_str).collect::<Vec<_>>().join(", ");
        Some(match event {
            RouterEvent::Allocated { session, group, .. } => {
                format!("#{session} is of group {}", group + 1)
            }
            RouterEvent::Cascaded { session, groups, .. } => {
                format!("#{session} asks {groups} groups")
            }
            RouterEvent::Connect { session, agent, .. } => {
                format!("#{session} connects to {agent}")
            }
            RouterEvent::Declined { session, agent } => format!("{agent} declined #{session}"),
            RouterEvent::Missed { session, agent, seen: true } => {
                format!("{agent} missed #{session}")
            }
            RouterEvent::Missed { session, agent, .. } => format!("{agent} skipped #{session}"),
            RouterEvent::Offered { session, agents, until: None, .. } => {
                format!("#{session} to {}", names(agents))
            }
            RouterEvent::Offered { session, agents, until: Some(until), .. } => {
                #[expect(clippy::cast_precision_loss, reason = "tests last minutes")]
                let until = until.timestamp_millis() as f64 / 1000.0;
                format!("#{session} to {} until {until}", names(agents))
            }
            RouterEvent::Return { session, agent, reason } => {
                format!("#{session} back from {agent} ({reason:?})")
            }
            RouterEvent::StatusChanged { agent, status, .. } => {
                let before = self.statuses.insert(agent.clone(), status.clone());
                // What was chosen, and what follows from a session, is plain to see.
                let plain = |status: &AgentStatus| {
                    status.is_chosen()
                        || matches!(status, AgentStatus::InCall | AgentStatus::InChat)
                };
                if plain(status) && before.as_ref().is_none_or(plain) {
                    return None;
                }
                format!("{agent} is {status}")
            }
            RouterEvent::Unreachable { session } => format!("#{session} reaches nobody"),
            RouterEvent::Withdrawn { session, agents } => {
                format!("#{session} from {}", names(agents))
            }
            other => panic!("{other:?}?"),
        })
    }
}

fn session(text: &str) -> SessionId {
    SessionId(text.trim_start_matches('#').parse().unwrap())
}

fn place(id: &str, place: Place) -> Input {
    Input::Place { session: session(id), place }
}
