//! What stands in the log of a session and is not its own doing.

use frontdesk_types::{Fact, SessionId};

/// Whether a fact is recorded beside a session or call: what became of a text or picture, an answer to a command, what the
/// router or the CRM did. Such facts change nothing in it, not even its time, so that replaying the log gives the stored
/// session.
pub(crate) fn is_beside(session: SessionId, fact: &Fact) -> bool {
    match fact {
        Fact::OutboundMessage { id, .. } => id.number_in(session).is_none(),
        Fact::AgentStatusChanged { .. }
        | Fact::BlocklistChanged { .. }
        | Fact::ContactAmbiguous { .. }
        | Fact::ContactLinked { .. }
        | Fact::ContinuedFromCall { .. }
        | Fact::DeadLettered { .. }
        | Fact::Delivery { .. }
        | Fact::GroupAllocated { .. }
        | Fact::GroupsAsked { .. }
        | Fact::HelpAsked { .. }
        | Fact::Ignored { .. }
        | Fact::MediaRefused { .. }
        | Fact::MediaStored { .. }
        | Fact::OfferDeclined { .. }
        | Fact::OfferMissed { .. }
        | Fact::OfferWithdrawn { .. }
        | Fact::Offered { .. }
        | Fact::OptedIn { .. }
        | Fact::OptedOut { .. }
        | Fact::RegistrationChanged { .. }
        | Fact::RevocationSuspected { .. }
        | Fact::UnanswerableMessage { .. }
        | Fact::UnroutedMessage { .. } => true,
        _ => false,
    }
}
