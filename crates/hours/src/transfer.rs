//! To which queues an agent may transfer outside of their hours (HRS-11, RTE-14).

use std::fmt;

use serde::{Deserialize, Serialize};

/// When a queue's virtual agent answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VirtualHours {
    /// The queue has none.
    None,
    /// In the queue's hours.
    OfQueue,
    /// At any time.
    Always,
}

/// What a consumer comes for: HRS-2 calls it a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// A call.
    Call,
    /// A chat.
    Chat,
}

/// `calls`, `chats`.
impl fmt::Display for Medium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Call => "calls",
            Self::Chat => "chats",
        })
    }
}

/// What holds in a queue now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueueHours {
    /// It is out of its hours, and nothing is offered instead.
    Closed,
    /// It is out of its hours, and after-hours deflection is enabled for it.
    Deflects,
    /// It is in its hours.
    Open,
}

/// How a queue stands when an agent looks for somewhere to transfer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TransferQueue {
    /// What is transferred.
    pub medium: Medium,
    /// The switch "allow transfers to queues outside of operation".
    pub outside_hours: bool,
    /// What holds in the queue.
    pub hours: QueueHours,
    /// Somebody of it is logged in.
    pub logged_in: bool,
    /// When its virtual agent answers.
    pub virtual_agent: VirtualHours,
}

impl TransferQueue {
    /// Whether the agent is shown the queue: those in hours; with the switch also those out of hours that deflect
    /// (calls only: for chats the switch is where nothing is deflected), where somebody is logged in, or where a
    /// virtual agent answers at any time.
    ///
    /// ```
    /// use frontdesk_hours::{Medium, QueueHours, TransferQueue, VirtualHours};
    ///
    /// let closed = TransferQueue {
    ///     medium: Medium::Chat,
    ///     outside_hours: true,
    ///     hours: QueueHours::Closed,
    ///     logged_in: false,
    ///     virtual_agent: VirtualHours::OfQueue,
    /// };
    /// assert!(!closed.is_shown());
    /// assert!(TransferQueue { logged_in: true, ..closed }.is_shown());
    /// ```
    pub fn is_shown(self) -> bool {
        match self.hours {
            QueueHours::Open => true,
            _ if !self.outside_hours => false,
            QueueHours::Deflects => self.medium == Medium::Call,
            QueueHours::Closed => self.logged_in || self.virtual_agent == VirtualHours::Always,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: TransferQueue = TransferQueue {
        medium: Medium::Call,
        outside_hours: true,
        hours: QueueHours::Closed,
        logged_in: false,
        virtual_agent: VirtualHours::None,
    };

    /// The sentences of the product, each by itself.
    #[test]
    fn hrs_11_the_queues_that_are_shown() {
        use QueueHours::{Deflects, Open};
        use VirtualHours::{Always, OfQueue};
        let table = [
            (TransferQueue { hours: Open, outside_hours: false, ..CLOSED }, true, "in hours"),
            (TransferQueue { hours: Deflects, ..CLOSED }, true, "out of hours with deflection"),
            (TransferQueue { logged_in: true, ..CLOSED }, true, "without, with a logged-in agent"),
            (TransferQueue { virtual_agent: Always, ..CLOSED }, true, "a virtual agent, 24 hours"),
            (TransferQueue { virtual_agent: OfQueue, ..CLOSED }, false, "limited to its hours"),
            (CLOSED, false, "nobody there"),
            (
                TransferQueue { outside_hours: false, logged_in: true, hours: Deflects, ..CLOSED },
                false,
                "the switch is off",
            ),
            (
                TransferQueue { medium: Medium::Chat, hours: Deflects, logged_in: true, ..CLOSED },
                false,
                "for chats the switch is where nothing is deflected",
            ),
        ];
        for (queue, shown, why) in table {
            assert_eq!(queue.is_shown(), shown, "{why}");
        }
    }
}
