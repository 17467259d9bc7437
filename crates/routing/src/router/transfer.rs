//! Sessions that an agent has, and somebody else is asked to take (SMS-27).

use frontdesk_types::{Instant, SessionId, TransferTarget};

use super::{Place, Router, RouterEvent};

impl Router {
    /// Asks whom a session is transferred to: the agents of a queue like for any that waits there, or one
    /// agent, who must be there.
    pub(super) fn ask(&mut self, session: SessionId, place: &Place, events: &mut Vec<RouterEvent>) {
        let Place::Transferring { queue, to, since, .. } = place else { return };
        match to {
            TransferTarget::Queue(to) => {
                self.queues.entry(to.clone()).or_default().waiting.insert((*since, session));
                self.refresh(to, events);
            }
            TransferTarget::Agent(to) => match self.agents.get_mut(to) {
                Some(state) if state.is_eligible() => {
                    state.asked.insert((*since, session), queue.clone());
                    let agents = vec![to.clone()];
                    events.push(RouterEvent::Offered { session, queue: queue.clone(), agents });
                }
                _ => events.push(RouterEvent::Unreachable { session }),
            },
        }
    }

    pub(super) fn ask_no_longer(
        &mut self,
        session: SessionId,
        to: &TransferTarget,
        since: Instant,
        events: &mut Vec<RouterEvent>,
    ) {
        match to {
            TransferTarget::Queue(to) => {
                if let Some(state) = self.queues.get_mut(to) {
                    state.waiting.remove(&(since, session));
                }
                self.refresh(to, events);
            }
            TransferTarget::Agent(to) => {
                let asked = self.agents.get_mut(to).map(|state| &mut state.asked);
                if asked.is_some_and(|asked| asked.remove(&(since, session)).is_some()) {
                    events.push(RouterEvent::Withdrawn { session, agents: vec![to.clone()] });
                }
            }
        }
    }
}
