use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Digest, Entry, Evidence, Salt};

/// How the personal fields of an entry, wording and evidence, hang on the chain. Salted digests stand for them there, so that they
/// can be erased and the chain stays whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Personal {
    /// The fields were erased, and the salt is forgotten.
    Erased {
        /// The digests that stood for them.
        digests: PersonalDigests,
    },
    /// The fields themselves are part of the chain, as in entries of before version 8 of the store. They cannot be erased.
    #[default]
    Plain,
    /// Their digests are.
    Salted {
        /// The salt that is hashed before them.
        salt: Salt,
        /// The digests.
        digests: PersonalDigests,
    },
}

/// Salted digests: the SHA-256 of the salt, the name of the field, a line feed, and the field as JSON without spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalDigests {
    /// Of the wording.
    pub wording: Digest,
    /// Of the evidence.
    pub evidence: Digest,
}

impl PersonalDigests {
    fn of(entry: &Entry, salt: &Salt) -> Self {
        Self {
            wording: salted(salt, "wording", &entry.wording),
            evidence: salted(salt, "evidence", &entry.evidence),
        }
    }
}

fn salted(salt: &Salt, name: &str, value: &impl Serialize) -> Digest {
    let mut hash = Sha256::new();
    hash.update(salt.as_bytes());
    hash.update(name);
    hash.update(b"\n");
    // Texts and evidence have nothing that JSON could not write.
    hash.update(serde_json::to_vec(value).unwrap_or_default());
    Digest::from(<[u8; 32]>::from(hash.finalize()))
}

impl Personal {
    /// Hangs an entry on the chain by salted digests.
    pub fn salted(entry: &Entry, salt: Salt) -> Self {
        Self::Salted { salt, digests: PersonalDigests::of(entry, &salt) }
    }

    /// From what a store keeps of it.
    pub fn of_stored(salt: Option<Salt>, digests: Option<PersonalDigests>) -> Self {
        match (salt, digests) {
            (_, None) => Self::Plain,
            (None, Some(digests)) => Self::Erased { digests },
            (Some(salt), Some(digests)) => Self::Salted { salt, digests },
        }
    }

    /// The digests, where they stand for the fields.
    pub fn digests(&self) -> Option<&PersonalDigests> {
        match self {
            Self::Plain => None,
            Self::Erased { digests } | Self::Salted { digests, .. } => Some(digests),
        }
    }

    /// The salt, unless it is forgotten.
    pub fn salt(&self) -> Option<&Salt> {
        match self {
            Self::Plain | Self::Erased { .. } => None,
            Self::Salted { salt, .. } => Some(salt),
        }
    }

    /// Whether the fields of an entry are those that the digests were made of; after an erasure, whether they are blank.
    pub(super) fn is_of(&self, entry: &Entry) -> bool {
        match self {
            Self::Plain => true,
            Self::Erased { .. } => entry.wording.is_empty() && entry.evidence.is_empty(),
            Self::Salted { salt, digests } => PersonalDigests::of(entry, salt) == *digests,
        }
    }

    /// The entry as the chain has it.
    pub(super) fn hide<'a>(&self, entry: &'a Entry) -> Cow<'a, Entry> {
        let Some(PersonalDigests { wording, evidence }) = self.digests() else {
            return Cow::Borrowed(entry);
        };
        let evidence = Evidence { reference: evidence.to_string(), details: None };
        Cow::Owned(Entry {
            at: entry.at,
            act: entry.act.clone(),
            wording: wording.to_string(),
            evidence,
        })
    }
}
