//! Texts from senders that are no telephone: short codes ("68849") and names ("GOVUK"), and from numbers of the center itself.
//! Nobody can answer them.

use compact_str::CompactString;
use frontdesk_types::{Event, Fact, Media, Provider, SupportNumber};

use super::{Engine, EngineError, Inbound, Receipt, inbound::check_id};
use crate::store::{Commit, Committed, InboxMark, Source, Subject};

/// The longest name or code of a sender.
const LONGEST: usize = 32;

/// A text from a sender that is no telephone, as a provider hands it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderText {
    /// The provider; its ids are unique within it.
    pub provider: Provider,
    /// The provider's id of the message.
    pub id: String,
    /// The short code or name.
    pub sender: String,
    /// To which number.
    pub to: SupportNumber,
    /// What it says.
    pub body: String,
    /// Pictures and videos.
    pub media: Vec<Media>,
}

/// A text from a number that nobody reads.
impl From<Inbound> for SenderText {
    fn from(inbound: Inbound) -> Self {
        let Inbound { provider, id, from, to, body, media, answered_by_provider: _ } = inbound;
        Self { provider, id, sender: from.to_string(), to, body, media }
    }
}

impl Engine {
    /// Records a text that nobody can answer. Nothing else happens, and once however often it is delivered.
    pub async fn note(&self, text: SenderText) -> Result<Receipt, EngineError> {
        let now = self.now();
        check_id(&text.provider, &text.id)?;
        let SenderText { provider, id, sender, to: number, body, media } = text;
        let sender: CompactString = sender.chars().take(LONGEST).collect();
        let (provider_id, source) = (id.as_str().into(), Source::Provider(provider.clone()));
        let provider = Some(provider);
        let fact = Fact::UnanswerableMessage { provider_id, provider, sender, number, body, media };
        let inbox = Some(InboxMark { source, id, at: now });
        let record = Some((Subject::default(), vec![Event { at: now, fact }]));
        Ok(match self.commit(Commit { inbox, record, ..Commit::default() }).await? {
            Committed::Done { .. } => Receipt::Noted,
            Committed::Duplicate => Receipt::Duplicate,
        })
    }
}
