//! What hosts show: sessions, transcripts, offers, queues, agents.

use frontdesk_crm::Contact;
use frontdesk_hours::{Medium, QueueHours, TransferQueue, VirtualHours};
use frontdesk_routing::{Kind, Position, Router, WaitTime};
use frontdesk_sms::Refusal;
use frontdesk_types::{AgentId, AgentStatus, Fact, Instant, QueueId, SessionId, Variable};

use super::{Engine, EngineError};
use crate::store::{EventQuery, Line, Record, SessionQuery, SessionRow, WorkRow, WorkState};
use crate::{Center, config::Shortcut};

/// A session, with its place in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// What lists show.
    pub row: SessionRow,
    /// Its place, while it waits.
    pub position: Option<Position>,
    /// How many groups of its queue's agents are asked, while it waits and there are groups (RTE-7).
    pub groups_asked: Option<u8>,
}

/// A session that an agent may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferView {
    /// The session.
    pub session: SessionId,
    /// Where it waits.
    pub queue: QueueId,
    /// The queue's name.
    pub queue_name: String,
    /// Since when.
    pub since: Instant,
    /// Until when it is this agent's alone (RTE-6), who can then decline it; `None` when others see it too.
    pub until: Option<Instant>,
}

/// An agent as a supervisor sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentView {
    /// Who.
    pub id: AgentId,
    /// The display name.
    pub name: String,
    /// The status.
    pub status: AgentStatus,
    /// The end of a wrap-up (RTE-11).
    pub wrap_up_until: Option<Instant>,
    /// The sessions they have.
    pub sessions: Vec<SessionId>,
}

/// A ready-made text, as it would be sent (SMS-25).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortcutView {
    /// Shortcuts of one category stand together.
    pub category: String,
    /// What an agent types to find it.
    pub keyword: String,
    /// The text, its attributes filled in.
    pub message: String,
}

/// To whom a session can be transferred, with their names (SMS-27).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferTargets {
    /// Queues.
    pub queues: Vec<(QueueId, String)>,
    /// Agents.
    pub agents: Vec<(AgentId, String)>,
}

/// A queue as a supervisor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueView {
    /// Which.
    pub id: QueueId,
    /// Its name.
    pub name: String,
    /// How many wait.
    pub waiting: usize,
    /// Who is assigned.
    pub agents: Vec<AgentId>,
    /// How many of them are logged in.
    pub logged_in: usize,
    /// How many of them could take a session now.
    pub free: usize,
    /// Whether it is open now.
    pub open: bool,
}

/// A queue, and how long a consumer waits who comes now (RTE-12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitView {
    /// The queue.
    pub queue: QueueView,
    /// `None` when nobody knows.
    pub wait: Option<WaitTime>,
}

impl Engine {
    /// One session.
    pub async fn session(&self, id: SessionId) -> Result<SessionView, EngineError> {
        let next = SessionId(id.0.saturating_add(1));
        let query = SessionQuery { before: Some(next), limit: 1, ..SessionQuery::default() };
        let rows = self.parts.store.sessions(&self.id, query).await?;
        let row =
            rows.into_iter().find(|row| row.id == id).ok_or(EngineError::UnknownSession(id))?;
        Ok(self.view(row))
    }

    /// By when the consumer of a session should have an answer (SMS-24); `None` when none is due, or it is
    /// late already.
    pub async fn response_due(&self, id: SessionId) -> Result<Option<Instant>, EngineError> {
        match self.load(id).await {
            Ok(session) => Ok(session.response_due()),
            // On the phone the answer is spoken.
            Err(EngineError::Refused(Refusal::NotAChat)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The sessions that match, newest first.
    pub async fn sessions(&self, query: SessionQuery) -> Result<Vec<SessionView>, EngineError> {
        let rows = self.parts.store.sessions(&self.id, query).await?;
        Ok(rows.into_iter().map(|row| self.view(row)).collect())
    }

    fn view(&self, row: SessionRow) -> SessionView {
        if &*row.status != "queued" {
            return SessionView { row, position: None, groups_asked: None };
        }
        let router = self.router();
        let (position, groups_asked) = (router.position(row.id), router.groups_asked(row.id));
        SessionView { row, position, groups_asked }
    }

    /// Everything that happened in a session, in order.
    pub async fn transcript(&self, id: SessionId) -> Result<Vec<Record>, EngineError> {
        let records = self.parts.store.events(&self.id, EventQuery::OfSession(id)).await?;
        if records.is_empty() { Err(EngineError::UnknownSession(id)) } else { Ok(records) }
    }

    /// What a consumer wrote and got outside of sessions.
    pub async fn outside_of_sessions(&self, line: Line) -> Result<Vec<Record>, EngineError> {
        Ok(self.parts.store.events(&self.id, EventQuery::OfLine(line)).await?)
    }

    /// The ready-made texts of agents, with the attributes of a session in them, in its language (SMS-25).
    pub async fn shortcuts(&self, session: SessionId) -> Result<Vec<ShortcutView>, EngineError> {
        let row = self.session(session).await?.row;
        let center = self.center();
        let language = row.language;
        let value = |variable| match variable {
            Variable::Agent => {
                let agent = row.agent.as_ref()?;
                Some(center.agent_name(agent).unwrap_or(agent.as_str()).into())
            }
            Variable::CompanyName => Some(center.company.as_str().into()),
            Variable::EndUser => Some("Customer".into()),
            Variable::Queue | Variable::QueueName => {
                row.queue.as_ref().and_then(|queue| center.queue_name(queue)).map(Into::into)
            }
            Variable::SessionId => Some(session.to_string().into()),
            _ => None,
        };
        let view = |shortcut: &Shortcut| {
            let template = shortcut.message.get(language, center.default_language())?;
            Some(ShortcutView {
                category: shortcut.category.clone(),
                keyword: shortcut.keyword.clone(),
                message: template.render(value),
            })
        };
        Ok(center.shortcuts.iter().filter_map(view).collect())
    }

    /// To whom a session can be transferred now: queues that take transfers, as their hours allow (HRS-11), and
    /// agents who take sessions (SMS-27).
    pub async fn transfer_targets(
        &self,
        session: SessionId,
    ) -> Result<TransferTargets, EngineError> {
        let holder = self.load(session).await?.agent().cloned();
        let center = self.center();
        let takes =
            |id: &QueueId| center.sms.node(id).is_some_and(|node| !node.closed_to_transfers);
        let shown =
            |queue: &QueueView| takes(&queue.id) && self.is_transfer_target(&center, &queue.id);
        let queues = self.queues().into_iter().filter(shown);
        let agents = self
            .agents()
            .into_iter()
            .filter(|agent| agent.status.takes_sessions() && Some(&agent.id) != holder.as_ref());
        Ok(TransferTargets {
            queues: queues.map(|queue| (queue.id, queue.name)).collect(),
            agents: agents.map(|agent| (agent.id, agent.name)).collect(),
        })
    }

    /// Whether a chat may be transferred to a queue, as far as its hours go (HRS-11).
    pub(super) fn is_transfer_target(&self, center: &Center, queue: &QueueId) -> bool {
        let (now, router) = (self.now(), self.router());
        let there =
            |agent: &&AgentId| router.status(agent).is_ok_and(|status| status.keeps_sessions());
        let (people, programs): (Vec<&AgentId>, Vec<&AgentId>) =
            center.agents_of(queue).partition(|agent| !center.bots.contains_key(*agent));
        let visit = center.usual_visit(queue);
        let virtual_agent = match programs.is_empty() {
            true => VirtualHours::None,
            false if center.is_always_answered(queue) => VirtualHours::Always,
            false => VirtualHours::OfQueue,
        };
        let hours = match center.deflection(queue, visit) {
            _ if center.is_open(queue, visit, now) => QueueHours::Open,
            // Being told that it is closed leads nowhere (HRS-9).
            Some(deflection) if deflection.queue().is_some() => QueueHours::Deflects,
            _ => QueueHours::Closed,
        };
        let situation = TransferQueue {
            medium: Medium::Chat,
            outside_hours: center.transfers_outside_hours,
            hours,
            logged_in: people.iter().any(there),
            virtual_agent,
        };
        situation.is_shown()
    }

    /// What an agent may take now: first from the queues that are first for them, in each the oldest first.
    pub fn offers(&self, agent: &AgentId) -> Result<Vec<OfferView>, EngineError> {
        self.known_agent(agent)?;
        let center = self.center();
        let offers = self.router().offers(agent);
        Ok(offers
            .into_iter()
            .map(|offer| OfferView {
                session: offer.session,
                queue_name: center.queue_name(&offer.queue).unwrap_or_default().to_owned(),
                queue: offer.queue,
                since: offer.since,
                until: offer.until,
            })
            .collect())
    }

    /// Everybody who is configured.
    pub fn agents(&self) -> Vec<AgentView> {
        let center = self.center();
        let router = self.router();
        let view = |(id, name): (&AgentId, &String)| AgentView {
            id: id.clone(),
            name: name.clone(),
            status: router.status(id).unwrap_or_default(),
            wrap_up_until: router.wrap_up(id),
            sessions: router.sessions_of(id),
        };
        center.agents.iter().map(view).collect()
    }

    /// Every leaf of the menu that consumers wait in.
    pub fn queues(&self) -> Vec<QueueView> {
        let (center, now, router) = (self.center(), self.now(), self.router());
        let waits = |id: &&QueueId| {
            let node = center.sms.node(id);
            center.tree.is_leaf(id) && !node.is_some_and(frontdesk_sms::Node::is_language_switch)
        };
        let view = |id: &QueueId| queue_view(id, &center, &router, now);
        center.tree.ids().filter(waits).map(view).collect()
    }

    /// How long consumers wait who come now, for every queue, or those at and below a node of the menu
    /// (RTE-12).
    pub fn wait_times(&self, below: Option<&QueueId>) -> Vec<WaitView> {
        let (center, now) = (self.center(), self.now());
        let within =
            |id: &QueueId| below.is_none_or(|top| center.tree.upwards(id).any(|at| at == top));
        let queues: Vec<QueueView> =
            self.queues().into_iter().filter(|queue| within(&queue.id)).collect();
        let language = center.default_language();
        let ask = |queue: &QueueView| center.wait(&queue.id, language, None, now);
        let asked: Vec<_> = queues.iter().map(ask).collect();
        let waits = self.router().wait_times(&asked, now);
        queues
            .into_iter()
            .zip(waits)
            .map(|(queue, wait)| WaitView { queue, wait: wait.ok() })
            .collect()
    }

    /// The contacts that the agent of a session must choose from (CRM-1); empty when there is nothing to
    /// choose.
    pub async fn contact_candidates(&self, id: SessionId) -> Result<Vec<Contact>, EngineError> {
        let (mut consumer, mut open) = (None, false);
        for event in self.transcript(id).await?.into_iter().flat_map(|record| record.events) {
            match event.fact {
                Fact::SessionStarted { consumer: by, .. } => consumer = Some(by),
                Fact::ContactAmbiguous { .. } => open = true,
                Fact::ContactLinked { .. } => open = false,
                _ => {}
            }
        }
        let Some(consumer) = consumer.filter(|_| open) else { return Ok(Vec::new()) };
        let found = self.parts.crm.find_by_number(consumer).await;
        Ok(found.map_err(crate::store::StoreError::backend)?)
    }

    /// Work that was given up, oldest first.
    pub async fn dead_letters(&self, limit: usize) -> Result<Vec<WorkRow>, EngineError> {
        Ok(self.parts.store.work(&self.id, WorkState::Dead, limit).await?)
    }

    /// Tries dead work again. False if there is no such work.
    pub async fn retry_dead_letter(&self, work: u64) -> Result<bool, EngineError> {
        let revived = self.parts.store.revive(&self.id, work, self.now()).await?;
        if revived {
            self.parts.observer.work_waiting();
        }
        Ok(revived)
    }
}

fn queue_view(id: &QueueId, center: &Center, router: &Router, now: Instant) -> QueueView {
    let (free, logged_in) = router.agents_free(id, Kind::Chat);
    QueueView {
        id: id.clone(),
        name: center.queue_name(id).unwrap_or_default().to_owned(),
        waiting: router.waiting(id),
        agents: center.agents_of(id).cloned().collect(),
        logged_in,
        free,
        open: center.is_open(id, center.usual_visit(id), now),
    }
}
