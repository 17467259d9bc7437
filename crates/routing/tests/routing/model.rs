//! The router as one would write it with all the time in the world: lists, and a walk through all of them
//! for every question. Property tests compare every decision of the real one with it, over long histories.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_routing::{
    Assignment, Groups, Input, Kind, Member, Place, QueueRules, RouterEvent, SetBy, Staff, Wait,
};
use frontdesk_types::{AgentId, AgentStatus, Instant, QueueId, SessionId, SkillId, TransferTarget};

/// Who sees which session: alone until an instant, or with others.
pub(crate) type Sights = BTreeSet<(AgentId, SessionId, Option<Instant>)>;

#[derive(Debug, Clone)]
struct Agent {
    status: AgentStatus,
    wrap_up: Option<(Instant, bool)>,
    chat_ended: Option<Instant>,
    chat_received: Option<Instant>,
    call_ended: Option<Instant>,
    missed: BTreeMap<Kind, u32>,
    skipped: u32,
}

impl Default for Agent {
    fn default() -> Self {
        Self {
            status: AgentStatus::LoggedOut,
            wrap_up: None,
            chat_ended: None,
            chat_received: None,
            call_ended: None,
            missed: BTreeMap::new(),
            skipped: 0,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Phase {
    Fresh,
    Open,
    Ringing { agent: AgentId, until: Instant, seen: bool, auto: bool },
}

#[derive(Debug, Clone)]
struct Session {
    wait: Wait,
    holder: Option<AgentId>,
    to: Option<TransferTarget>,
    phase: Phase,
    group: u8,
    everybody: bool,
    widens: Option<Instant>,
    relaxed: bool,
    attempts: u8,
    tried: Vec<AgentId>,
}

impl Session {
    fn waits_in(&self) -> Option<&QueueId> {
        match (&self.holder, &self.to) {
            (None, _) => Some(&self.wait.queue),
            (Some(_), Some(TransferTarget::Queue(queue))) => Some(queue),
            (Some(_), _) => None,
        }
    }
}

pub(crate) struct Model {
    now: Instant,
    staff: Staff,
    agents: BTreeMap<AgentId, Agent>,
    sessions: BTreeMap<SessionId, Session>,
    asked: BTreeSet<(AgentId, SessionId)>,
    /// Sessions that look for an agent at the end of the step.
    looking: BTreeSet<SessionId>,
    /// Which groups the real router chose: that shares are exact is tested elsewhere.
    allocated: BTreeMap<SessionId, u8>,
}

impl Model {
    pub(crate) fn new(staff: Staff) -> Self {
        Self {
            now: Instant::MIN_UTC,
            staff,
            agents: BTreeMap::new(),
            sessions: BTreeMap::new(),
            asked: BTreeSet::new(),
            looking: BTreeSet::new(),
            allocated: BTreeMap::new(),
        }
    }

    /// The same input as the real router had, and what that answered, for the groups of shares. Whether it
    /// is refused.
    pub(crate) fn handle(&mut self, input: Input, at: Instant, events: &[RouterEvent]) -> bool {
        for event in events {
            if let RouterEvent::Allocated { session, group, .. } = event {
                self.allocated.insert(*session, *group);
            }
        }
        self.advance(at);
        let taken = self.take(input);
        self.settle();
        !taken
    }

    pub(crate) fn configure(&mut self, staff: Staff, at: Instant) {
        self.advance(at);
        let gone: Vec<AgentId> =
            self.agents.keys().filter(|id| staff.agent_rules(id).is_none()).cloned().collect();
        for id in &gone {
            self.agents.get_mut(id).unwrap().status = AgentStatus::LoggedOut;
        }
        let before = std::mem::replace(&mut self.staff, staff);
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            let Some(queue) = self.sessions[&id].waits_in().cloned() else { continue };
            let rules = |staff: &Staff| staff.rules_of(&queue).cloned().unwrap_or_default().groups;
            let (was, is) = (rules(&before), rules(&self.staff));
            if std::mem::discriminant(&was) != std::mem::discriminant(&is) {
                self.begin(id);
            } else if let Groups::Cascade { .. } = is {
                // Timers that run go on; fewer groups are all asked.
                let (last, now) = (self.last_group(&queue), self.now);
                let session = self.sessions.get_mut(&id).unwrap();
                session.group = session.group.min(last);
                if session.group == last {
                    session.widens = None;
                } else if session.widens.is_none() {
                    self.cascade_from(id, now);
                }
            }
            if self.relaxes(&self.sessions[&id], &queue).is_some_and(|at| at <= self.now) {
                self.sessions.get_mut(&id).unwrap().relaxed = true;
            }
            if let Phase::Ringing { agent, .. } = &self.sessions[&id].phase
                && !self.may_take(agent, id)
            {
                self.sessions.get_mut(&id).unwrap().phase = Phase::Open;
            }
            if !matches!(self.sessions[&id].phase, Phase::Ringing { .. }) {
                self.look(id);
            }
        }
        self.asked.retain(|(agent, _)| !gone.contains(agent));
        self.settle();
    }

    fn rules(&self, queue: &QueueId) -> QueueRules {
        self.staff.rules_of(queue).cloned().unwrap_or_default()
    }

    fn member(&self, agent: &AgentId, queue: &QueueId) -> Option<&Member> {
        self.staff.members_of(queue).iter().find(|member| member.agent == *agent)
    }

    // --- what agents have and may have ---

    fn count(&self, agent: &AgentId, kind: Kind) -> u32 {
        let has = |session: &&Session| {
            session.holder.as_ref() == Some(agent) && session.wait.kind == kind
        };
        u32::try_from(self.sessions.values().filter(has).count()).unwrap()
    }

    pub(crate) fn status(&self, agent: &AgentId) -> AgentStatus {
        let Some(state) = self.agents.get(agent) else { return AgentStatus::LoggedOut };
        if state.status != AgentStatus::Available {
            state.status.clone()
        } else if state.wrap_up.is_some() {
            AgentStatus::WrapUp
        } else if self.count(agent, Kind::Call) > 0 {
            AgentStatus::InCall
        } else if self.count(agent, Kind::Chat) > 0 {
            AgentStatus::InChat
        } else {
            AgentStatus::Available
        }
    }

    fn load(&self, agent: &AgentId) -> u32 {
        self.count(agent, Kind::Chat) + self.count(agent, Kind::Call) * self.staff.rules.call_weight
    }

    fn has_room(&self, agent: &AgentId, kind: Kind) -> bool {
        let rules = &self.staff.rules;
        let limit = self.staff.agent_rules(agent).unwrap().chats;
        let (chats, calls) = (self.count(agent, Kind::Chat), self.count(agent, Kind::Call));
        match kind {
            Kind::Chat if calls > 0 && !rules.chats_while_in_call => false,
            Kind::Chat => self.load(agent) < limit,
            Kind::Call if calls > 0 => false,
            Kind::Call if chats == 0 => true,
            Kind::Call => rules.calls_while_in_chat && chats + rules.call_weight <= limit,
        }
    }

    fn eligible(&self, agent: &AgentId, kind: Kind) -> bool {
        self.status(agent).takes_sessions() && self.has_room(agent, kind)
    }

    fn ringing(&self, agent: &AgentId) -> bool {
        self.sessions.values().any(
            |session| matches!(&session.phase, Phase::Ringing { agent: by, .. } if by == agent),
        )
    }

    fn has_skills(&self, agent: &AgentId, skills: &[SkillId]) -> bool {
        let known = &self.staff.agent_rules(agent).unwrap().skills;
        skills.iter().all(|skill| known.contains(skill))
    }

    fn skills_of(&self, id: SessionId) -> Vec<SkillId> {
        let session = &self.sessions[&id];
        let mut skills = session.wait.skills.clone();
        skills.sort();
        if session.relaxed { Vec::new() } else { skills }
    }

    fn reaches(&self, id: SessionId, group: u8) -> bool {
        let session = &self.sessions[&id];
        let queue = session.waits_in().unwrap();
        match self.rules(queue).groups {
            Groups::All => true,
            _ if session.everybody => true,
            Groups::Cascade { .. } => group <= session.group,
            Groups::Percent { .. } => group == session.group,
        }
    }

    /// Whether the agent could be asked for the session now.
    pub(crate) fn may_take(&self, agent: &AgentId, id: SessionId) -> bool {
        let session = &self.sessions[&id];
        let queue = session.waits_in().unwrap();
        self.staff.agent_rules(agent).is_some()
            && session.holder.as_ref() != Some(agent)
            && self.member(agent, queue).is_some_and(|member| self.reaches(id, member.group))
            && self.has_skills(agent, &self.skills_of(id))
            && self.eligible(agent, session.wait.kind)
    }

    fn all_agents(&self) -> Vec<AgentId> {
        self.staff.agents().map(|(id, _)| id.clone()).collect()
    }

    // --- the order ---

    fn order(&self, id: SessionId) -> (Instant, SessionId) {
        let session = &self.sessions[&id];
        let rules = self.rules(session.waits_in().unwrap());
        (session.wait.since - rules.head_start * i32::from(session.wait.priority), id)
    }

    /// The sessions that the same agents may take.
    fn peers(&self, id: SessionId) -> Vec<SessionId> {
        let key = |id: SessionId| {
            let session = &self.sessions[&id];
            let reach: Vec<bool> = (0..=20).map(|group| self.reaches(id, group)).collect();
            let (queue, kind) = (session.waits_in().cloned(), session.wait.kind);
            (queue, kind, self.skills_of(id), reach, session.holder.clone())
        };
        let open = |other: &SessionId| {
            let session = &self.sessions[other];
            session.waits_in().is_some() && session.phase == Phase::Open
        };
        let mut peers: Vec<SessionId> = self
            .sessions
            .keys()
            .copied()
            .filter(open)
            .filter(|other| key(*other) == key(id))
            .collect();
        peers.sort_by_key(|id| self.order(*id));
        peers
    }

    /// Who sees what.
    pub(crate) fn sights(&self) -> Sights {
        let mut sights = Sights::new();
        for (id, session) in &self.sessions {
            if session.waits_in().is_none() {
                continue;
            }
            match &session.phase {
                Phase::Fresh => {}
                Phase::Ringing { agent, until, .. } => {
                    sights.insert((agent.clone(), *id, Some(*until)));
                }
                Phase::Open => {
                    let agents: Vec<AgentId> = self
                        .all_agents()
                        .into_iter()
                        .filter(|agent| self.may_take(agent, *id))
                        .collect();
                    let before = self.peers(*id).iter().position(|other| other == id).unwrap();
                    if before < agents.len() {
                        sights.extend(agents.into_iter().map(|agent| (agent, *id, None)));
                    }
                }
            }
        }
        for (agent, id) in &self.asked {
            if self.eligible(agent, self.sessions[id].wait.kind) {
                sights.insert((agent.clone(), *id, None));
            }
        }
        sights
    }

    // --- time ---

    fn deadlines(&self) -> Vec<(Instant, u8, String, u64)> {
        let mut all = Vec::new();
        for (id, agent) in &self.agents {
            if let Some((until, _)) = agent.wrap_up {
                all.push((until, 0, id.to_string(), 0));
            }
        }
        for (id, session) in &self.sessions {
            let Some(queue) = session.waits_in() else { continue };
            let mut times: Vec<Instant> = session.widens.into_iter().collect();
            if let Phase::Ringing { until, .. } = session.phase {
                times.push(until);
            }
            times.extend(self.relaxes(session, queue));
            all.extend(times.into_iter().map(|at| (at, 1, String::new(), id.0)));
        }
        all.sort();
        all
    }

    fn relaxes(&self, session: &Session, queue: &QueueId) -> Option<Instant> {
        let time = self.rules(queue).skills_for?;
        let matters = !session.relaxed && !session.wait.skills.is_empty();
        matters.then(|| session.wait.since + time)
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.deadlines().first().map(|(at, ..)| *at)
    }

    fn advance(&mut self, at: Instant) {
        while let Some((due, _, agent, id)) =
            self.deadlines().first().filter(|d| d.0 <= at).cloned()
        {
            self.now = self.now.max(due);
            if agent.is_empty() {
                self.session_timer(SessionId(id));
            } else {
                self.agents.get_mut(&agent.parse().unwrap()).unwrap().wrap_up = None;
            }
            self.settle();
        }
        self.now = self.now.max(at);
    }

    fn session_timer(&mut self, id: SessionId) {
        if let Phase::Ringing { agent, until, seen, auto } = self.sessions[&id].phase.clone()
            && until <= self.now
        {
            self.tried(id, &agent);
            if !auto {
                self.count_missed(id, &agent, seen);
            }
        }
        let (queue, now) = (self.sessions[&id].waits_in().unwrap().clone(), self.now);
        let cascade = matches!(self.rules(&queue).groups, Groups::Cascade { .. });
        let relaxes = self.relaxes(&self.sessions[&id], &queue).is_some_and(|at| at <= now);
        let session = self.sessions.get_mut(&id).unwrap();
        let widens = session.widens.filter(|at| *at <= now);
        session.relaxed |= relaxes;
        if let Some(at) = widens {
            session.widens = None;
            if cascade {
                session.group += 1;
                self.cascade_from(id, at);
            } else {
                session.everybody = true;
            }
        }
        if relaxes || widens.is_some() {
            self.looking.insert(id);
        }
    }

    fn count_missed(&mut self, id: SessionId, agent: &AgentId, seen: bool) {
        let kind = self.sessions[&id].wait.kind;
        let available = self.status(agent) == AgentStatus::Available;
        let rules = self.staff.rules.clone();
        let state = self.agents.get_mut(agent).unwrap();
        let (count, limit, status) = match (seen, kind) {
            (false, _) => (&mut state.skipped, rules.skipped, AgentStatus::Unresponsive),
            (true, Kind::Call) => {
                (state.missed.entry(kind).or_default(), rules.missed_calls, AgentStatus::MissedCall)
            }
            (true, Kind::Chat) => {
                (state.missed.entry(kind).or_default(), rules.missed_chats, AgentStatus::MissedChat)
            }
        };
        *count += 1;
        if limit > 0 && *count >= limit && available {
            self.choose(agent, status);
        }
    }

    fn choose(&mut self, agent: &AgentId, status: AgentStatus) {
        let state = self.agents.entry(agent.clone()).or_default();
        state.missed.clear();
        state.skipped = 0;
        state.status = status.clone();
        if !status.takes_sessions() {
            self.asked.retain(|(asked, _)| asked != agent);
        }
    }

    // --- inputs ---

    fn take(&mut self, input: Input) -> bool {
        match input {
            Input::TimePassed => true,
            Input::Place { session, place } => {
                self.place(session, place);
                true
            }
            Input::SetStatus { agent, status, by } => self.set_status(&agent, status, by),
            Input::Accept { session, agent } => self.accept(session, &agent),
            Input::Acknowledge { session, agent } => {
                let offered = self.offered(session, &agent);
                if let Some(Phase::Ringing { agent: by, seen, .. }) =
                    self.sessions.get_mut(&session).map(|session| &mut session.phase)
                    && *by == agent
                {
                    *seen = true;
                    self.agents.get_mut(&agent).unwrap().skipped = 0;
                }
                offered
            }
            Input::Decline { session, agent } => self.decline(session, &agent),
            other => panic!("{other:?}"),
        }
    }

    fn set_status(&mut self, agent: &AgentId, status: AgentStatus, by: SetBy) -> bool {
        let by_agent = by == SetBy::Agent;
        if !status.is_chosen() || (status == AgentStatus::SpecialTask && by_agent) {
            return false;
        }
        if self.staff.agent_rules(agent).is_none() {
            return false;
        }
        let state = self.agents.entry(agent.clone()).or_default();
        if status == AgentStatus::Available && state.status == status {
            if by_agent && state.wrap_up.is_some_and(|(_, fixed)| fixed) {
                return false;
            }
            state.wrap_up = None;
        }
        self.choose(agent, status);
        true
    }

    fn offered(&self, id: SessionId, agent: &AgentId) -> bool {
        self.sights().iter().any(|(by, session, _)| (by, *session) == (agent, id))
            || self.asked.contains(&(agent.clone(), id))
    }

    fn accept(&mut self, id: SessionId, agent: &AgentId) -> bool {
        let Some(session) = self.sessions.get(&id).cloned() else { return false };
        let known = self.staff.agent_rules(agent).is_some();
        if !known || !self.eligible(agent, session.wait.kind) || !self.offered(id, agent) {
            return false;
        }
        if matches!(session.phase, Phase::Ringing { .. }) && session.waits_in().is_some() {
            let state = self.agents.get_mut(agent).unwrap();
            state.skipped = 0;
            state.missed.insert(session.wait.kind, 0);
        }
        let queue = session.waits_in().unwrap_or(&session.wait.queue).clone();
        let (since, kind) = (session.wait.since, session.wait.kind);
        self.place(id, Place::With { agent: agent.clone(), queue, since, kind });
        true
    }

    fn decline(&mut self, id: SessionId, agent: &AgentId) -> bool {
        if self.asked.remove(&(agent.clone(), id)) {
            return true;
        }
        let Some(session) = self.sessions.get(&id) else { return false };
        let kind = session.wait.kind;
        if !matches!(&session.phase, Phase::Ringing { agent: by, .. } if by == agent) {
            return false;
        }
        let state = self.agents.get_mut(agent).unwrap();
        state.skipped = 0;
        state.missed.insert(kind, 0);
        self.tried(id, agent);
        true
    }

    /// One was asked alone and did not take it.
    fn tried(&mut self, id: SessionId, agent: &AgentId) {
        let assignment = self.rules(self.sessions[&id].waits_in().unwrap()).assignment;
        let session = self.sessions.get_mut(&id).unwrap();
        session.tried.push(agent.clone());
        session.attempts += 1;
        let (round, then_all) = match assignment {
            Assignment::Deltacast(rules) => (rules.attempts, rules.then_multicast),
            Assignment::Multicast => (3, false),
        };
        if session.attempts >= round && !then_all {
            session.attempts = 0;
            session.tried.clear();
        }
        self.look(id);
    }

    /// Has no agent, and looks for one.
    fn look(&mut self, id: SessionId) {
        let rules = self.rules(self.sessions[&id].waits_in().unwrap());
        let session = self.sessions.get_mut(&id).unwrap();
        session.phase = match rules.assignment {
            _ if rules.auto_answer => Phase::Fresh,
            Assignment::Deltacast(rules)
                if !rules.then_multicast || session.attempts < rules.attempts =>
            {
                Phase::Fresh
            }
            _ => Phase::Open,
        };
        self.looking.insert(id);
    }

    // --- places ---

    fn place(&mut self, id: SessionId, place: Place) {
        let over = place == Place::Gone;
        let (wait, holder, to, last_agent) = match place {
            Place::Gone | Place::Dismissed => {
                let holder = self.sessions.get(&id).and_then(|session| session.holder.clone());
                let queue = self.sessions.get(&id).map(|session| session.wait.queue.clone());
                self.remove(id, None);
                if let (true, Some(holder), Some(queue)) = (over, holder, queue) {
                    self.wrap_up(&holder, &queue);
                }
                return;
            }
            Place::Waiting(wait) => {
                let last_agent = wait.last_agent.clone();
                (wait, None, None, last_agent)
            }
            Place::With { agent, queue, since, kind } => {
                (Wait { kind, ..Wait::chat(queue, since) }, Some(agent), None, None)
            }
            Place::Transferring { agent, to, wait } => (wait, Some(agent), Some(to), None),
        };
        let mut group = None;
        let mut tried = Vec::new();
        if let Some(before) = self.sessions.get(&id) {
            let same_wait =
                before.wait.priority == wait.priority && before.wait.skills == wait.skills;
            let waits = before.waits_in().is_some();
            if (&before.holder, &before.to) == (&holder, &to)
                && before.wait.queue == wait.queue
                && (before.wait.since, before.wait.kind) == (wait.since, wait.kind)
                && (!waits || same_wait)
            {
                return;
            }
            if holder.is_none() {
                tried.extend(before.holder.clone());
            }
            group = before.waits_in().cloned().zip(Some(before.group));
        }
        self.remove(id, holder.as_ref());
        if let Some(holder) = &holder {
            let takes = self.sessions.get(&id).is_none_or(|before| before.holder.is_none());
            if takes && wait.kind == Kind::Chat && !self.kept(id, holder) {
                self.agents.entry(holder.clone()).or_default().chat_received = Some(self.now);
            }
        }
        self.sessions.remove(&id);
        let session = Session {
            wait,
            holder,
            to,
            phase: Phase::Open,
            group: 0,
            everybody: false,
            widens: None,
            relaxed: false,
            attempts: 0,
            tried,
        };
        self.sessions.insert(id, session);
        if let (Some(_), Some(TransferTarget::Agent(asked))) =
            (&self.sessions[&id].holder, self.sessions[&id].to.clone())
        {
            if self.eligible(&asked, self.sessions[&id].wait.kind) {
                self.asked.insert((asked, id));
            }
            return;
        }
        let Some(queue) = self.sessions[&id].waits_in().cloned() else { return };
        if let Some((_, group)) = group.filter(|(before, _)| *before == queue) {
            self.allocated.insert(id, group);
        }
        self.begin(id);
        if self.relaxes(&self.sessions[&id], &queue).is_some_and(|at| at <= self.now) {
            self.sessions.get_mut(&id).unwrap().relaxed = true;
        }
        self.look(id);
        self.ask_last_agent(id, &queue, last_agent);
    }

    /// Whether the agent has it before and after.
    fn kept(&self, id: SessionId, holder: &AgentId) -> bool {
        self.sessions.get(&id).is_some_and(|session| session.holder.as_ref() == Some(holder))
    }

    fn ask_last_agent(&mut self, id: SessionId, queue: &QueueId, agent: Option<AgentId>) {
        let (Some(agent), Some(sticky)) = (agent, self.rules(queue).sticky) else { return };
        let session = &self.sessions[&id];
        if self.staff.agent_rules(&agent).is_some()
            && self.member(&agent, queue).is_some()
            && self.has_skills(&agent, &self.skills_of(id))
            && self.eligible(&agent, session.wait.kind)
            && !self.ringing(&agent)
            && !session.tried.contains(&agent)
        {
            self.ring(id, &agent, self.now + sticky.timeout);
        }
    }

    fn remove(&mut self, id: SessionId, next: Option<&AgentId>) {
        self.asked.retain(|(_, session)| *session != id);
        self.looking.remove(&id);
        let Some(session) = self.sessions.get(&id).cloned() else { return };
        let Some(holder) = session.holder.filter(|holder| Some(holder) != next) else {
            if next.is_none() {
                self.sessions.remove(&id);
            }
            return;
        };
        self.sessions.remove(&id);
        let state = self.agents.entry(holder.clone()).or_default();
        match session.wait.kind {
            Kind::Call => state.call_ended = Some(self.now),
            Kind::Chat => state.chat_ended = Some(self.now),
        }
        if next.is_some() {
            self.wrap_up(&holder, &session.wait.queue);
        }
    }

    fn wrap_up(&mut self, agent: &AgentId, queue: &QueueId) {
        let Some(rules) = self.rules(queue).wrap_up else { return };
        let until = self.now + rules.time;
        let state = self.agents.entry(agent.clone()).or_default();
        let (before, fixed) = state.wrap_up.unwrap_or((until, false));
        state.wrap_up = Some((until.max(before), fixed || rules.fixed));
    }

    /// Which groups are asked first.
    fn begin(&mut self, id: SessionId) {
        let queue = self.sessions[&id].waits_in().unwrap().clone();
        let last = self.last_group(&queue);
        let (now, groups) = (self.now, self.rules(&queue).groups);
        let allocated = self.allocated.get(&id).copied();
        let session = self.sessions.get_mut(&id).unwrap();
        (session.group, session.everybody, session.widens) = (0, false, None);
        match groups {
            Groups::All => {}
            Groups::Cascade { timer, .. } => {
                let mut from = session.wait.since;
                while session.group < last && from + timer <= now {
                    session.group += 1;
                    from += timer;
                }
                self.cascade_from(id, from);
            }
            Groups::Percent { timer, .. } => {
                session.group = allocated.unwrap();
                match timer.map(|timer| session.wait.since + timer) {
                    Some(ends) if ends <= now => session.everybody = true,
                    ends => session.widens = ends,
                }
            }
        }
    }

    fn last_group(&self, queue: &QueueId) -> u8 {
        self.staff.members_of(queue).iter().map(|member| member.group).max().unwrap_or(0)
    }

    fn cascade_from(&mut self, id: SessionId, at: Instant) {
        let queue = self.sessions[&id].waits_in().unwrap().clone();
        let Groups::Cascade { timer, .. } = self.rules(&queue).groups else { return };
        let last = self.last_group(&queue);
        let session = self.sessions.get_mut(&id).unwrap();
        session.widens = (session.group < last).then(|| at + timer);
    }

    // --- who finds whom ---

    fn settle(&mut self) {
        // Nobody is asked who may not take it any more.
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            let Some(session) = self.sessions.get(&id).filter(|s| s.waits_in().is_some()) else {
                continue;
            };
            if let Phase::Ringing { agent, .. } = &session.phase
                && !self.eligible(agent, session.wait.kind)
            {
                self.look(id);
            }
        }
        while self.skip_one_group() {}
        let mut looking: Vec<SessionId> = std::mem::take(&mut self.looking).into_iter().collect();
        looking.retain(|id| self.sessions.get(id).is_some_and(|s| s.waits_in().is_some()));
        looking.sort_by_key(|id| self.order(*id));
        for id in looking {
            let found = self
                .free_agents(id)
                .into_iter()
                .find(|agent| !self.sessions[&id].tried.contains(agent));
            if let Some(agent) = found {
                self.ring(id, &agent, self.now + self.answer_time(id));
            }
        }
        for agent in self.all_agents() {
            while self.find_session(&agent) {}
        }
    }

    fn answer_time(&self, id: SessionId) -> chrono::TimeDelta {
        self.rules(self.sessions[&id].waits_in().unwrap()).answer_time()
    }

    /// Who can be asked alone now, in order.
    fn free_agents(&self, id: SessionId) -> Vec<AgentId> {
        let session = &self.sessions[&id];
        let queue = session.waits_in().unwrap();
        let kind = session.wait.kind;
        let by_all = match session.phase {
            Phase::Fresh => false,
            Phase::Open => true,
            Phase::Ringing { .. } => return Vec::new(),
        };
        let mut free: Vec<AgentId> = self
            .all_agents()
            .into_iter()
            .filter(|agent| self.may_take(agent, id) && !self.ringing(agent))
            .filter(|agent| !by_all || self.staff.agent_rules(agent).unwrap().auto_answer)
            .collect();
        free.sort_by_key(|agent| {
            let (member, state) = (self.member(agent, queue).unwrap(), &self.agents[agent]);
            let load = self.load(agent);
            let since = match kind {
                Kind::Call => state.call_ended,
                Kind::Chat if load == 0 => state.chat_ended,
                Kind::Chat => state.chat_received,
            };
            (member.group, member.priority, load, since, state.chat_received, agent.clone())
        });
        free
    }

    /// Whether the session went to somebody else, so that there may be another for the agent.
    fn find_session(&mut self, agent: &AgentId) -> bool {
        let mut best = None;
        for (id, session) in &self.sessions {
            let Some(queue) = session.waits_in() else { continue };
            if self.free_agents(*id).contains(agent) {
                let priority = self.member(agent, queue).unwrap().priority;
                let candidate = (session.tried.contains(agent), priority, self.order(*id));
                best = best.into_iter().chain([candidate]).min();
            }
        }
        let Some((tried, _, (_, id))) = best else { return false };
        let mut who = agent.clone();
        if tried {
            let last =
                |agent: &AgentId| self.sessions[&id].tried.iter().rposition(|tried| tried == agent);
            who = self.free_agents(id).into_iter().min_by_key(last).unwrap();
        }
        self.ring(id, &who, self.now + self.answer_time(id));
        who != *agent
    }

    fn ring(&mut self, id: SessionId, agent: &AgentId, until: Instant) {
        let queue = self.sessions[&id].waits_in().unwrap();
        let auto =
            self.rules(queue).auto_answer || self.staff.agent_rules(agent).unwrap().auto_answer;
        let agent = agent.clone();
        self.sessions.get_mut(&id).unwrap().phase =
            Phase::Ringing { agent, until, seen: false, auto };
    }

    fn skip_one_group(&mut self) -> bool {
        for (id, session) in &self.sessions {
            let Some(queue) = session.waits_in().cloned() else { continue };
            let Groups::Cascade { skip_empty, .. } = self.rules(&queue).groups else { continue };
            let (id, group) = (*id, session.group);
            let members = self.staff.members_of(&queue);
            let mut in_group = members.iter().filter(|member| member.group == group).peekable();
            let skips = skip_empty || in_group.peek().is_none();
            if group < self.last_group(&queue)
                && skips
                && !in_group.any(|member| self.may_take(&member.agent, id))
            {
                self.sessions.get_mut(&id).unwrap().group += 1;
                self.cascade_from(id, self.now);
                self.looking.insert(id);
                return true;
            }
        }
        false
    }

    /// Who has a session.
    pub(crate) fn holder(&self, id: SessionId) -> Option<AgentId> {
        self.sessions.get(&id)?.holder.clone()
    }

    pub(crate) fn wait(&self, id: SessionId) -> Option<Wait> {
        Some(self.sessions.get(&id)?.wait.clone())
    }

    /// Whether somebody is asked alone for a session.
    pub(crate) fn is_ringing(&self, id: SessionId) -> bool {
        matches!(self.sessions[&id].phase, Phase::Ringing { .. })
    }

    pub(crate) fn waiting(&self) -> impl Iterator<Item = SessionId> {
        let waits = |(_, session): &(&SessionId, &Session)| session.waits_in().is_some();
        self.sessions.iter().filter(waits).map(|(id, _)| *id)
    }
}
