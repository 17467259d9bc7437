use frontdesk_types::EndReason;

/// Where a session stands (SMS-18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// An agent has it.
    Assigned,
    /// It is put aside until the consumer writes again (SMS-21).
    Dismissed {
        /// A virtual agent had it.
        by_virtual: bool,
    },
    /// It is over, and why.
    Ended(EndReason),
    /// It waits in a queue.
    Queued,
    /// The consumer chooses from a menu, or has yet to answer a text that the center began with.
    Selecting,
    /// An agent has it and has asked for another to take it (SMS-27).
    Transferring,
}

impl Status {
    /// The word of the API (SMS-18).
    pub fn word(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Dismissed { by_virtual: false } => "dismissed",
            Self::Dismissed { by_virtual: true } => "va_dismissed",
            Self::Ended(reason) if reason.fail_code() == 0 => "finished",
            Self::Ended(_) => "failed",
            Self::Queued => "queued",
            Self::Selecting => "selecting",
            Self::Transferring => "switching",
        }
    }
}
