use base64::{Engine as _, engine::general_purpose::STANDARD};
use frontdesk_types::Instant;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Inclusion, SignedHead};

/// Longest answer of an anchor that is kept, in bytes.
pub const LONGEST_RECEIPT: usize = 64 * 1024;

/// The answer of an anchor to a head: with both anybody can ask it again, or check its signature.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipt {
    /// The request, where the answer can only be checked with it: a request for a time-stamp.
    #[serde(default, skip_serializing_if = "Base64::is_empty")]
    pub request: Base64,
    /// The answer.
    #[serde(default, skip_serializing_if = "Base64::is_empty")]
    pub answer: Base64,
}

/// Bytes that are written in Base64 (RFC 4648, section 4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Base64(Vec<u8>);

/// A head that was given to an anchor, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchored {
    /// The anchor's name.
    pub anchor: String,
    /// When the answer came, by the clock of the host.
    pub answered: Instant,
    /// The moment by which the anchor had the head, where it says one that can be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// The answer.
    pub receipt: Receipt,
}

/// A head with those who had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnchoredHead {
    /// The head.
    pub head: SignedHead,
    /// The anchors that have it.
    pub anchors: Vec<Anchored>,
}

/// The place of an entry in the center's sequence, proven by a head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntrySeal {
    /// The place, from 1. `sequence` of the way is the same place, from 0, as the tree counts.
    pub place: u64,
    /// The way from the entry's leaf to the root of a head of that size.
    pub inclusion: Inclusion,
    /// The size of the newest anchored head before the entry, if there is one: the entry was put in after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
}

impl EntrySeal {
    /// The place that a way to the root proves.
    pub fn new(inclusion: Inclusion, after: Option<u64>) -> Self {
        Self { place: inclusion.sequence.saturating_add(1), inclusion, after }
    }
}

impl Base64 {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(de::Error::custom)
    }
}
