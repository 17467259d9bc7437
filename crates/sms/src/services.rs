//! Who may do what in each SMS service (product.md, "SMS services"), as types: what the table does not allow does
//! not compile.
//!
//! ```
//! use frontdesk_sms::services::{Threshold, WaitTime};
//!
//! // Wait-time SMS has a setting for the estimated wait …
//! let minutes = Threshold::<WaitTime>::from_minutes(5);
//! assert!(minutes.is_reached(Some(7)));
//! ```
//!
//! ```compile_fail
//! use frontdesk_sms::services::{InCall, Threshold};
//!
//! // … and in-call SMS has none.
//! let minutes = Threshold::<InCall>::from_minutes(5);
//! ```

use std::{fmt, marker::PhantomData};

use frontdesk_types::{AgentId, Author};

/// An answer of the table.
pub trait Answer: sealed::Sealed {
    /// The answer as a value.
    const YES: bool;
}

/// It does.
#[derive(Debug, Clone, Copy)]
pub struct Yes;

/// It does not.
#[derive(Debug, Clone, Copy)]
pub struct No;

impl Answer for Yes {
    const YES: bool = true;
}

impl Answer for No {
    const YES: bool = false;
}

/// A service, with its row of the table.
pub trait Service: sealed::Sealed {
    /// As the table names it.
    const NAME: &'static str;
    /// The platform sends predefined messages. (The greeting and menu of a chat are part of the chat.)
    type PlatformSendsPredefined: Answer;
    /// Agents send messages of their own.
    type AgentSendsCustom: Answer;
    /// Agents send predefined messages.
    type AgentSendsPredefined: Answer;
    /// It needs an active call of the phone menu.
    type NeedsCall: Answer;
    /// It starts in the phone menu and switches to SMS.
    type SwitchesToSms: Answer;
    /// It has a setting for the estimated wait from which on it is offered.
    type HasThreshold: Answer;
    /// It has an active session.
    type HasSession: Answer;
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for super::Yes {}
    impl Sealed for super::No {}
}

macro_rules! services {
    ($($(#[$doc:meta])* $service:ident $name:literal:
        $predefined:ident $custom:ident $agents:ident $call:ident $switches:ident $threshold:ident $session:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $service;

            impl sealed::Sealed for $service {}

            impl Service for $service {
                const NAME: &'static str = $name;
                type PlatformSendsPredefined = $predefined;
                type AgentSendsCustom = $custom;
                type AgentSendsPredefined = $agents;
                type NeedsCall = $call;
                type SwitchesToSms = $switches;
                type HasThreshold = $threshold;
                type HasSession = $session;
            }
        )*

        /// Every service and its row, for documents.
        pub const TABLE: &[(&str, [bool; 7])] = &[$(($name, row::<$service>()),)*];
    };
}

services! {
    // Columns: platform predefined, agent custom, agent predefined, needs call, switches, threshold, session.
    /// Texts while a caller waits (SMS-29).
    WaitTime "wait-time SMS": Yes No No Yes No Yes Yes;
    /// Texts beside a connected call (SMS-30).
    InCall "in-call SMS": No Yes Yes Yes No No Yes;
    /// Chats by text.
    Channel "SMS channel": No Yes Yes No No No Yes;
    /// From the phone menu to a chat (SMS-31).
    PreSessionDeflection "pre-session deflection": Yes No No No Yes Yes Yes;
    /// Chats that programs begin (SMS-33).
    OutboundApi "Outbound SMS API": Yes No No No No No Yes;
    /// Notices (SMS-34).
    Notice "session-less SMS API": Yes No No No No No No;
}

/// The questions of the table, in the order of each row's answers.
pub const QUESTIONS: [&str; 7] = [
    "platform sends predefined messages",
    "agent sends custom messages",
    "agent sends predefined messages",
    "needs an active IVR call",
    "starts as IVR, switches to SMS",
    "EWT threshold setting",
    "has an active session",
];

const fn row<S: Service>() -> [bool; 7] {
    [
        <S::PlatformSendsPredefined as Answer>::YES,
        <S::AgentSendsCustom as Answer>::YES,
        <S::AgentSendsPredefined as Answer>::YES,
        <S::NeedsCall as Answer>::YES,
        <S::SwitchesToSms as Answer>::YES,
        <S::HasThreshold as Answer>::YES,
        <S::HasSession as Answer>::YES,
    ]
}

/// The platform as the author of a predefined message, where the service has such messages.
pub fn platform<S: Service<PlatformSendsPredefined = Yes>>(_: S) -> Author {
    Author::System
}

/// An agent as the author, where agents write in the service.
pub fn agent<S>(_: S, agent: AgentId) -> Author
where
    S: Service<AgentSendsCustom = Yes, AgentSendsPredefined = Yes>,
{
    Author::Agent(agent)
}

/// The estimated wait from which on a service is offered, in minutes; 0 is always.
pub struct Threshold<S: Service<HasThreshold = Yes>> {
    minutes: u32,
    service: PhantomData<S>,
}

impl<S: Service<HasThreshold = Yes>> Threshold<S> {
    /// From so many minutes on.
    pub const fn from_minutes(minutes: u32) -> Self {
        Self { minutes, service: PhantomData }
    }

    /// Whatever the wait is.
    pub const fn always() -> Self {
        Self::from_minutes(0)
    }

    /// Whether a wait is long enough; one that is not known only where any is.
    pub fn is_reached(self, wait: Option<u32>) -> bool {
        self.minutes == 0 || wait.is_some_and(|wait| wait >= self.minutes)
    }
}

impl<S: Service<HasThreshold = Yes>> Clone for Threshold<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Service<HasThreshold = Yes>> Copy for Threshold<S> {}

impl<S: Service<HasThreshold = Yes>> fmt::Debug for Threshold<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {} min", S::NAME, self.minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of product.md, word for word.
    const PRODUCT: &str = "\
| | wait-time SMS | in-call SMS | SMS channel | pre-session deflection | Outbound SMS API | session-less SMS API |
|---|---|---|---|---|---|---|
| platform sends predefined messages | yes | | | yes | yes | yes |
| agent sends custom messages | | yes | yes | | | |
| agent sends predefined messages | | yes | yes | | | |
| needs an active IVR call | yes | yes | | | | |
| starts as IVR, switches to SMS | | | | yes | | |
| EWT threshold setting | yes | | | yes | | |
| has an active session | yes | yes | yes | yes | yes | |
";

    #[test]
    fn the_services_do_what_the_table_says() {
        let mut table = String::from("| |");
        for (name, _) in TABLE {
            table += &format!(" {name} |");
        }
        table += &format!("\n|{}\n", "---|".repeat(TABLE.len() + 1));
        for (column, question) in QUESTIONS.iter().enumerate() {
            table += &format!("| {question} |");
            for (_, row) in TABLE {
                table += if row[column] { " yes |" } else { " |" };
            }
            table += "\n";
        }
        print!("{table}");
        assert_eq!(table, PRODUCT);
    }

    #[test]
    fn a_threshold_is_reached_by_what_is_known() {
        let five = Threshold::<WaitTime>::from_minutes(5);
        assert!(five.is_reached(Some(5)) && !five.is_reached(Some(4)) && !five.is_reached(None));
        assert!(Threshold::<PreSessionDeflection>::always().is_reached(None));
    }
}
