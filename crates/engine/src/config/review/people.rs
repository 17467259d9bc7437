//! Who serves what: queues without agents, skills that nobody has, agents without queues (EXT-2).

use std::collections::BTreeSet;

use frontdesk_tendlc::Registered;

use super::Review;
use crate::config::{Assigned, QueueSection, RoutingSection};

impl<'a> Review<'a> {
    pub(super) fn people(&mut self) {
        self.queues();
        self.agents();
        self.registrations();
    }

    fn queues(&mut self) {
        let document = self.document;
        for (i, queue) in document.queues.iter().enumerate() {
            let path = format!("queues[{i}]");
            if !self.is_waited_in(queue) {
                continue;
            }
            let members = self.members(queue);
            if members.is_empty() && queue.virtual_agent.is_none() {
                self.warn("queue-unserved", &path, "nobody serves it: its sessions wait until they expire; name agents, teams or groups");
            } else if !members.is_empty() {
                self.skills(&path, queue, &members);
            }
            let shares = queue.groups.iter().any(|group| group.percent.is_some());
            if shares && self.inherited(queue, |it| it.allocation_seconds) == Some(0) {
                self.warn("percent-without-timer", format!("{path}.groups"), "groups have shares, and allocation_seconds is 0: while nobody of a group is there, its share waits for ever");
            }
        }
    }

    /// Each skill that its sessions ask for is one of an agent's, and all of them together too.
    fn skills(&mut self, path: &str, queue: &'a QueueSection, members: &BTreeSet<&str>) {
        let document = self.document;
        let asked = self.inherited(queue, |it| it.skills.clone()).unwrap_or_default();
        let asks_language = self.inherited(queue, |it| it.language_skill) == Some(true);
        if asked.is_empty() && !asks_language {
            return;
        }
        let agents = document.agents.iter().filter(|agent| members.contains(agent.id.as_str()));
        let skills = agents.map(|agent| agent.skills.iter().map(String::as_str).collect());
        let have: Vec<BTreeSet<&str>> = skills.collect();
        let limited = self.inherited(queue, |it| it.skills_for_seconds).is_some_and(|it| it > 0);
        let mut missing: Vec<String> = Vec::new();
        for skill in &asked {
            if !have.iter().any(|have| have.contains(skill.as_str())) {
                missing.push(format!("none of its agents has the skill `{skill}`"));
            }
        }
        if missing.is_empty()
            && !have.iter().any(|have| asked.iter().all(|it| have.contains(it.as_str())))
        {
            missing.push(format!("none of its agents has all of {}", asked.join(", ")));
        }
        if asks_language {
            let spoken = if queue.languages.is_empty() {
                &document.center.languages
            } else {
                &queue.languages
            };
            let nobody = |tag: &&String| !have.iter().any(|have| have.contains(tag.as_str()));
            missing.extend(spoken.iter().filter(nobody).map(|tag| {
                format!("language_skill asks for `{tag}`, which is a skill of none of its agents")
            }));
        }
        for what in missing {
            if limited {
                self.note(
                    "skill-missing",
                    path,
                    format!(
                        "{what}: its sessions wait for skills_for_seconds, and then come to anybody"
                    ),
                );
            } else {
                self.warn(
                    "skill-missing",
                    path,
                    format!("{what}: its sessions wait until they expire"),
                );
            }
        }
    }

    fn agents(&mut self) {
        let document = self.document;
        let of_queues = document.queues.iter().flat_map(|queue| self.members(queue));
        let calls = document.calls.iter().flat_map(|calls| &calls.queues);
        let of_calls = calls.clone().flat_map(|queue| self.named(&queue.agents, &queue.teams));
        let busy: BTreeSet<&str> = of_queues.chain(of_calls).collect();
        for (i, agent) in document.agents.iter().enumerate() {
            if !busy.contains(agent.id.as_str()) && agent.numbers.is_empty() {
                self.warn(
                    "agent-unassigned",
                    format!("agents[{i}]"),
                    "is in no queue, and has no number: no session comes to them",
                );
            }
        }
        let groups = document
            .queues
            .iter()
            .flat_map(|queue| queue.groups.iter().flat_map(|group| &group.teams));
        let teams = document.queues.iter().flat_map(|queue| &queue.teams).chain(groups);
        let teams = teams.chain(calls.flat_map(|queue| &queue.teams));
        let used: BTreeSet<&str> = teams.map(|team| team.parts().0).collect();
        for (i, team) in document.teams.iter().enumerate() {
            if team.agents.is_empty() {
                self.warn("team-empty", format!("teams[{i}].agents"), "nobody is in it");
            }
            if !used.contains(team.id.as_str()) {
                self.note("team-unused", format!("teams[{i}]"), "is in no queue");
            }
        }
        let answering: BTreeSet<&str> =
            document.queues.iter().filter_map(|queue| queue.virtual_agent.as_deref()).collect();
        for (i, agent) in document.virtual_agents.iter().enumerate() {
            let named = busy.contains(agent.id.as_str()) || answering.contains(agent.id.as_str());
            if !named {
                self.warn(
                    "agent-unassigned",
                    format!("virtual_agents[{i}]"),
                    "is in no queue: no session comes to it",
                );
            }
        }
    }

    fn registrations(&mut self) {
        let compliance = &self.document.compliance;
        for (i, campaign) in compliance.campaigns.iter().enumerate() {
            if campaign.status != Registered::Active {
                self.warn(
                    "campaign-inactive",
                    format!("compliance.campaigns[{i}].status"),
                    format!("is {}: no text of its numbers leaves", campaign.status),
                );
            }
        }
        for (i, number) in compliance.numbers.iter().enumerate() {
            if number.status != Registered::Active {
                self.warn(
                    "number-inactive",
                    format!("compliance.numbers[{i}].status"),
                    format!("is {}: no text leaves from it", number.status),
                );
            }
        }
    }

    /// Whether consumers wait in it: it is no menu, and no choice of a language.
    fn is_waited_in(&self, queue: &QueueSection) -> bool {
        queue.language.is_none() && !self.menus.contains(queue.id.as_str())
    }

    fn members(&self, queue: &'a QueueSection) -> BTreeSet<&'a str> {
        let groups = queue.groups.iter().flat_map(|group| self.named(&group.agents, &group.teams));
        self.named(&queue.agents, &queue.teams).into_iter().chain(groups).collect()
    }

    fn named(&self, agents: &'a [Assigned], teams: &'a [Assigned]) -> Vec<&'a str> {
        let of_team = |team: &'a Assigned| {
            let known = self.teams.get(team.parts().0).copied();
            known.into_iter().flat_map(|team| team.agents.iter().map(String::as_str))
        };
        agents.iter().map(|agent| agent.parts().0).chain(teams.iter().flat_map(of_team)).collect()
    }

    /// A setting of routing, of the queue or the nearest above it.
    fn inherited<T>(
        &self,
        queue: &QueueSection,
        of: impl Fn(&RoutingSection) -> Option<T>,
    ) -> Option<T> {
        let mut at = Some(queue);
        // No higher than there are queues: a circle ends, too.
        for _ in 0..=self.document.queues.len() {
            let Some(queue) = at else { break };
            if let Some(value) = of(&queue.routing) {
                return Some(value);
            }
            at = queue.parent.as_deref().and_then(|parent| self.queues.get(parent).copied());
        }
        of(&self.document.routing)
    }
}
