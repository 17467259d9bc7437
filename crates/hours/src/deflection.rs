//! What those find who come outside of hours (HRS-5 to HRS-9).

use frontdesk_types::{Alternative, Channel, QueueId};

use crate::Medium;

/// What is offered instead of waiting, outside of hours: never nothing, and only what there is for a call or a chat at
/// its entry point.
///
/// | | |
/// |---|---|
/// | calls, IVR (HRS-6) | one of: queue, phone number, voicemail, message |
/// | calls, mobile (HRS-7) | any of: scheduled call, email, phone number, voicemail; or a queue |
/// | calls, web (HRS-7) | any of: scheduled call, email; or a queue |
/// | chats, mobile and web (HRS-8) | email or message |
/// | chats, SMS (HRS-9) | message, or a queue |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deflection(Vec<Alternative>);

/// What is wrong with a deflection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeflectionError {
    /// It excludes what stands beside it.
    #[error("{alternative} stands alone: nothing else can be offered beside it")]
    Alone {
        /// What.
        alternative: Alternative,
    },
    /// Nothing is offered.
    #[error("offers nothing")]
    Empty,
    /// It is not for those who come so.
    #[error("{alternative} is not for {medium} through {entry_point:?}")]
    NotFor {
        /// What.
        alternative: Alternative,
        /// For whom.
        medium: Medium,
        /// Coming through.
        entry_point: Channel,
    },
    /// The same is offered twice.
    #[error("offers {alternative} twice")]
    Twice {
        /// What.
        alternative: Alternative,
    },
}

impl Deflection {
    /// What is offered to those who come for a medium through an entry point, in this order.
    pub fn new(
        medium: Medium,
        entry_point: Channel,
        offers: Vec<Alternative>,
    ) -> Result<Self, DeflectionError> {
        use Alternative::{Email, Message, PhoneNumber, Queue, ScheduledCall, Voicemail};
        let single =
            matches!((medium, entry_point), (Medium::Chat, _) | (Medium::Call, Channel::Ivr));
        for (place, offer) in offers.iter().enumerate() {
            let fits = match (medium, entry_point) {
                (Medium::Call, Channel::Ivr) => {
                    matches!(offer, Queue(_) | PhoneNumber(_) | Voicemail | Message)
                }
                (Medium::Call, Channel::Mobile) => {
                    matches!(offer, ScheduledCall | Email | PhoneNumber(_) | Voicemail | Queue(_))
                }
                (Medium::Call, Channel::Web) => matches!(offer, ScheduledCall | Email | Queue(_)),
                (Medium::Chat, Channel::Mobile | Channel::Web) => matches!(offer, Email | Message),
                (Medium::Chat, Channel::Sms) => matches!(offer, Message | Queue(_)),
                _ => false,
            };
            let alternative = offer.clone();
            if !fits {
                return Err(DeflectionError::NotFor { alternative, medium, entry_point });
            }
            if offers.iter().take(place).any(|before| before == offer) {
                return Err(DeflectionError::Twice { alternative });
            }
            if offers.len() > 1 && (single || matches!(offer, Queue(_))) {
                return Err(DeflectionError::Alone { alternative });
            }
        }
        if offers.is_empty() { Err(DeflectionError::Empty) } else { Ok(Self(offers)) }
    }

    /// What is offered; one thing at least.
    pub fn offers(&self) -> &[Alternative] {
        &self.0
    }

    /// The queue in which the consumer waits instead.
    pub fn queue(&self) -> Option<&QueueId> {
        match self.0.as_slice() {
            [Alternative::Queue(queue)] => Some(queue),
            _ => None,
        }
    }
}

/// The menu as those see it who come now, one way: what [`answer`] needs to know.
pub trait MenuHours<'a> {
    /// Whether consumers can wait in a queue now.
    fn is_open(&self, queue: &QueueId) -> bool;

    /// A node's own after-hours deflection; not what is above it.
    fn own(&self, node: &QueueId) -> Option<&'a Deflection>;

    /// The center's, for queues and menus without their own.
    fn center(&self) -> Option<&'a Deflection>;

    /// The queues below a menu that it leads to, at any depth; none for a queue.
    fn leaves(&self, node: &QueueId) -> Box<dyn Iterator<Item = &'a QueueId> + 'a>;
}

/// What those find who come to a node of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<'a> {
    /// It is closed, and nothing is offered: they are told so.
    Closed,
    /// It is closed, and this is offered instead.
    Deflected {
        /// The queue or menu that is closed.
        node: QueueId,
        /// Whether the deflection is its own: else it is the center's.
        own: bool,
        /// What is offered; never a queue.
        deflection: &'a Deflection,
    },
    /// The menu is offered.
    Menu,
    /// They wait in a queue.
    Open {
        /// Which: the one they chose, or the one that it led to.
        queue: QueueId,
    },
}

/// What those find who come to a node of the menu (HRS-5).
///
/// A menu is offered when any queue below it is open, or has an after-hours deflection of its own. With all of them closed
/// and none of their own, the menu's own deflection holds, or else the center's; what the menu's hours are does not
/// matter. A closed queue that is chosen has its own deflection, or else the center's. A deflection to a queue goes on
/// until one is open, or offers something else; who is sent round in a circle, which configuration refuses, is told that
/// it is closed.
pub fn answer<'a>(menu: &dyn MenuHours<'a>, node: &QueueId) -> Answer<'a> {
    let mut leaves = menu.leaves(node).peekable();
    if leaves.peek().is_some() {
        if leaves.any(|leaf| menu.is_open(leaf) || menu.own(leaf).is_some()) {
            return Answer::Menu;
        }
    } else if menu.is_open(node) {
        return Answer::Open { queue: node.clone() };
    }
    let mut seen: Vec<&QueueId> = Vec::new();
    let mut node = node;
    loop {
        let own = menu.own(node);
        let Some(deflection) = own.or_else(|| menu.center()) else {
            return Answer::Closed;
        };
        let Some(next) = deflection.queue() else {
            return Answer::Deflected { node: node.clone(), own: own.is_some(), deflection };
        };
        if menu.is_open(next) {
            return Answer::Open { queue: next.clone() };
        }
        if seen.contains(&next) {
            return Answer::Closed;
        }
        seen.push(next);
        node = next;
    }
}

#[cfg(test)]
mod tests;
