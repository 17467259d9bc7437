//! A center in virtual time, for judging estimated waits: JSON lines in and out. The router decides who is asked
//! for what; agents take what they are offered at once, and what a session takes is in the line of its consumer.
//!
//! The first line is the staff:
//! ```json
//! {"staff":{"agents":[{"id":"a","chats":2,"skills":["es"]}],"queues":[{"id":"q","members":[["a",1]],
//!  "wrap_up":120,"fixed":true}],"call_weight":1,"chats_while_in_call":false,"calls_while_in_chat":false}}
//! ```
//! Then what comes from outside, in order of time (`at`, in seconds):
//! ```json
//! {"at":0,"agent":"a","roster":[[3600,false],[7200,true]]}
//! {"at":0,"agent":"a","status":"available"}
//! {"at":5,"came":1,"queue":"q","kind":"chat","takes":310.5,"patience":95.0,"silent":false,"priority":0,
//!  "skills":[],"wrap":30.0,"ask":true}
//! {"at":9,"restart":true}
//! ```
//! `patience` and `wrap` (when the agent ends a wrap-up that may be ended) can be `null`. A silent consumer who has
//! gone does not answer the agent. After a restart the router knows what the store would have kept.
//!
//! Out comes what happens: `came` (with `asked`: at least, likely, at most, in seconds, or null with `why`; agents
//! there and free), `began`, `ended`, `gave_up`.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
    io::{BufRead, Write, stdin, stdout},
};

use chrono::TimeDelta;
use frontdesk_routing::{
    AgentRules, Input, Kind, Member, Place, QueueRules, Router, RouterEvent, SetBy, Staff,
    StaffRules, Wait, WaitHistory, WrapUp,
};
use frontdesk_types::{
    AgentId, AgentStatus, Instant, QueueId, SessionId, SkillId, from_millis, to_millis,
};
use serde::Deserialize;
use serde_json::json;

type Failure = Box<dyn std::error::Error>;

#[derive(Deserialize)]
struct StaffLine {
    agents: Vec<AgentLine>,
    queues: Vec<QueueLine>,
    call_weight: Option<u32>,
    chats_while_in_call: Option<bool>,
    calls_while_in_chat: Option<bool>,
}

#[derive(Deserialize)]
struct AgentLine {
    id: AgentId,
    chats: u32,
    skills: BTreeSet<SkillId>,
}

#[derive(Deserialize)]
struct QueueLine {
    id: QueueId,
    members: Vec<(AgentId, u8)>,
    wrap_up: Option<f64>,
    #[serde(default)]
    fixed: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum What {
    Staff { staff: StaffLine },
    Roster { agent: AgentId, roster: Vec<(f64, bool)> },
    Status { agent: AgentId, status: AgentStatus },
    Came(Consumer),
    Restart { restart: bool },
}

#[derive(Deserialize)]
struct LineIn {
    #[serde(default)]
    at: f64,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize, Clone)]
struct Consumer {
    came: u64,
    queue: QueueId,
    kind: String,
    takes: f64,
    patience: Option<f64>,
    silent: bool,
    priority: u8,
    skills: Vec<SkillId>,
    wrap: Option<f64>,
    ask: bool,
}

impl Consumer {
    fn wait(&self, since: Instant) -> Wait {
        let kind = if self.kind == "call" { Kind::Call } else { Kind::Chat };
        let (priority, skills) = (self.priority, self.skills.clone());
        Wait { kind, priority, skills, ..Wait::chat(self.queue.clone(), since) }
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Later {
    Ends(u64),
    GivesUp(u64),
    WrappedUp(AgentId),
}

/// Where a consumer is.
struct Known {
    consumer: Consumer,
    came: Instant,
    agent: Option<AgentId>,
}

struct Floor<W: Write> {
    staff: Staff,
    router: Router,
    queues: Vec<QueueId>,
    statuses: BTreeMap<AgentId, AgentStatus>,
    rosters: BTreeMap<AgentId, Vec<(Instant, bool)>>,
    known: BTreeMap<u64, Known>,
    later: BinaryHeap<Reverse<(i64, u64, Later)>>,
    number: u64,
    now: Instant,
    out: W,
}

#[expect(clippy::cast_possible_truncation, reason = "days in milliseconds")]
fn at(seconds: f64) -> Instant {
    from_millis((seconds * 1000.0) as i64)
}

fn seconds(at: Instant) -> f64 {
    (at - at_zero()).as_seconds_f64()
}

fn at_zero() -> Instant {
    from_millis(0)
}

fn staff(line: StaffLine) -> Result<(Staff, Vec<QueueId>), Failure> {
    let mut staff = Staff::default();
    staff.rules = StaffRules {
        call_weight: line.call_weight.unwrap_or(1),
        chats_while_in_call: line.chats_while_in_call.unwrap_or(false),
        calls_while_in_chat: line.calls_while_in_chat.unwrap_or(false),
        ..StaffRules::default()
    };
    for AgentLine { id, chats, skills } in line.agents {
        staff.agent(id, AgentRules { skills, ..AgentRules::with_chats(chats) });
    }
    let mut queues = Vec::new();
    for queue in line.queues {
        let time = |time| TimeDelta::milliseconds(to_millis(at(time)));
        let wrap_up = queue.wrap_up.map(|of| WrapUp { time: time(of), fixed: queue.fixed });
        let member = |(agent, priority)| Member { agent, priority, group: 0 };
        let rules = QueueRules { wrap_up, ..QueueRules::default() };
        let members = queue.members.into_iter().map(member);
        staff.queue(queue.id.clone(), rules, members).map_err(|errors| format!("{errors:?}"))?;
        queues.push(queue.id);
    }
    Ok((staff, queues))
}

impl<W: Write> Floor<W> {
    fn new(line: StaffLine, out: W) -> Result<Self, Failure> {
        let (staff, queues) = staff(line)?;
        Ok(Self {
            router: Router::new(staff.clone()),
            staff,
            queues,
            statuses: BTreeMap::new(),
            rosters: BTreeMap::new(),
            known: BTreeMap::new(),
            later: BinaryHeap::new(),
            number: 0,
            now: at_zero(),
            out,
        })
    }

    fn say(&mut self, mut what: serde_json::Value) -> Result<(), Failure> {
        what["at"] = json!(seconds(self.now));
        writeln!(self.out, "{what}")?;
        Ok(())
    }

    fn later(&mut self, after: f64, what: Later) {
        self.number += 1;
        self.later.push(Reverse((to_millis(self.now) + to_millis(at(after)), self.number, what)));
    }

    /// Lets happen what happens by itself until an instant.
    fn advance(&mut self, until: Instant) -> Result<(), Failure> {
        loop {
            let next = self.later.peek().map(|Reverse((at, ..))| from_millis(*at));
            let timer = self.router.next_deadline();
            let Some(next) = next.into_iter().chain(timer).min().filter(|next| *next <= until)
            else {
                break;
            };
            self.now = next;
            if timer.is_some_and(|timer| timer <= next) {
                self.tell(Input::TimePassed)?;
            } else if let Some(Reverse((.., what))) = self.later.pop() {
                self.happen(what)?;
            }
        }
        self.now = until;
        Ok(())
    }

    fn happen(&mut self, what: Later) -> Result<(), Failure> {
        match what {
            Later::Ends(id) => {
                let known = self.known.remove(&id);
                self.say(json!({ "ended": id }))?;
                self.tell(Input::Place { session: SessionId(id), place: Place::Gone })?;
                if let Some((agent, wrap)) =
                    known.and_then(|known| known.agent.zip(known.consumer.wrap))
                {
                    self.later(wrap, Later::WrappedUp(agent));
                }
            }
            Later::GivesUp(id) => {
                let waits = |known: &Known| known.agent.is_none() && !known.consumer.silent;
                if self.known.get(&id).is_some_and(waits) {
                    self.known.remove(&id);
                    self.say(json!({ "gave_up": id }))?;
                    self.tell(Input::Place { session: SessionId(id), place: Place::Gone })?;
                }
            }
            Later::WrappedUp(agent) => {
                if self.router.wrap_up(&agent).is_some() {
                    let (status, by) = (AgentStatus::Available, SetBy::Agent);
                    self.tell(Input::SetStatus { agent, status, by })?;
                }
            }
        }
        Ok(())
    }

    /// Tells the router, and lets agents take what they are offered.
    fn tell(&mut self, input: Input) -> Result<(), Failure> {
        let step = self.router.handle(input, self.now);
        let mut asked: BTreeSet<AgentId> = offered(&step.events);
        while let Some(agent) = asked.pop_first() {
            while let Some(offer) = self.router.offers(&agent).into_iter().next() {
                let accept = Input::Accept { session: offer.session, agent: agent.clone() };
                let step = self.router.handle(accept, self.now);
                if let Some(refused) = step.refused {
                    return Err(refused.into());
                }
                asked.extend(offered(&step.events));
                self.begin(offer.session.0, &agent)?;
            }
        }
        Ok(())
    }

    fn begin(&mut self, id: u64, agent: &AgentId) -> Result<(), Failure> {
        let Some(known) = self.known.get_mut(&id) else { return Ok(()) };
        known.agent = Some(agent.clone());
        let waited = (self.now - known.came).as_seconds_f64();
        let gone = known.consumer.silent && known.consumer.patience.is_some_and(|p| waited > p);
        let takes = if gone { 0.0 } else { known.consumer.takes };
        self.say(json!({ "began": id, "agent": agent, "gone": gone }))?;
        self.later(takes, Later::Ends(id));
        Ok(())
    }

    fn comes(&mut self, consumer: Consumer) -> Result<(), Failure> {
        let id = consumer.came;
        let wait = consumer.wait(self.now);
        let (free, there) = self.router.agents_free(&consumer.queue, wait.kind);
        let waiting = self.router.waiting(&consumer.queue);
        let mut said = json!({ "came": id, "queue": consumer.queue, "free": free, "there": there, "waiting": waiting });
        if consumer.ask {
            match self.router.wait_time(&wait, self.now) {
                Ok(time) => {
                    let times = [time.at_least, time.likely, time.at_most];
                    said["asked"] = json!(times.map(TimeDelta::as_seconds_f64));
                }
                Err(unknown) => said["why"] = json!(unknown.to_string()),
            }
        }
        self.say(said)?;
        if let Some(patience) = consumer.patience {
            self.later(patience, Later::GivesUp(id));
        }
        self.known.insert(id, Known { consumer, came: self.now, agent: None });
        self.tell(Input::Place { session: SessionId(id), place: Place::Waiting(wait) })
    }

    fn set_status(&mut self, agent: AgentId, status: AgentStatus) -> Result<(), Failure> {
        self.statuses.insert(agent.clone(), status.clone());
        self.tell(Input::SetStatus { agent, status, by: SetBy::Supervisor })
    }

    /// The router begins anew, with what the store kept: histories, statuses, where sessions stand.
    fn restart(&mut self) -> Result<(), Failure> {
        let stored: Vec<(QueueId, String)> = self
            .queues
            .iter()
            .filter_map(|id| Some((id.clone(), self.router.wait_history(id)?)))
            .map(|(id, history)| Ok((id, serde_json::to_string(&history)?)))
            .collect::<Result<_, serde_json::Error>>()?;
        let wrap_ups: Vec<_> = self
            .statuses
            .iter()
            .map(|(id, status)| (id.clone(), status.clone(), self.router.wrap_up(id)))
            .collect();
        self.router = Router::new(self.staff.clone());
        for (queue, history) in stored {
            let history: WaitHistory = serde_json::from_str(&history)?;
            self.router.restore_wait_history(&queue, history);
        }
        for (agent, changes) in &self.rosters {
            self.router.expect(agent, changes)?;
        }
        for (agent, status, wrap_up) in wrap_ups {
            let _ = self.router.handle(Input::Restore { agent, status, wrap_up }, self.now);
        }
        for (id, known) in &self.known {
            let wait = known.consumer.wait(known.came);
            let place = match &known.agent {
                None => Place::Waiting(wait),
                Some(agent) => {
                    let Wait { queue, since, kind, .. } = wait;
                    Place::With { agent: agent.clone(), queue, since, kind }
                }
            };
            let session = SessionId(*id);
            let _ = self.router.handle(Input::Place { session, place }, self.now);
        }
        self.tell(Input::TimePassed)
    }

    fn outside(&mut self, what: What) -> Result<(), Failure> {
        match what {
            What::Staff { .. } => Err("a second staff".into()),
            What::Roster { agent, roster } => {
                let changes: Vec<_> = roster.into_iter().map(|(s, comes)| (at(s), comes)).collect();
                self.router.expect(&agent, &changes)?;
                self.rosters.insert(agent, changes);
                Ok(())
            }
            What::Status { agent, status } => self.set_status(agent, status),
            What::Came(consumer) => self.comes(consumer),
            What::Restart { restart } => {
                if restart {
                    self.restart()?;
                }
                Ok(())
            }
        }
    }
}

fn offered(events: &[RouterEvent]) -> BTreeSet<AgentId> {
    let agents = |event: &RouterEvent| match event {
        RouterEvent::Offered { agents, .. } => agents.first().cloned(),
        _ => None,
    };
    events.iter().filter_map(agents).collect()
}

fn main() -> Result<(), Failure> {
    let mut floor = None;
    for line in stdin().lock().lines() {
        let LineIn { at: second, what } = serde_json::from_str(&line?)?;
        match (&mut floor, what) {
            (None, What::Staff { staff }) => {
                let out = std::io::BufWriter::new(stdout().lock());
                floor = Some(Floor::new(staff, out)?);
            }
            (None, _) => return Err("the first line must be the staff".into()),
            (Some(floor), what) => {
                floor.advance(at(second))?;
                floor.outside(what)?;
            }
        }
    }
    if let Some(floor) = &mut floor {
        floor.advance(floor.now + TimeDelta::days(2))?;
        floor.out.flush()?;
    }
    Ok(())
}
