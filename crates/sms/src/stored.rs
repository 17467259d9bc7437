//! The stored form of a session: a version byte, then its fields in `postcard`'s compact encoding. It is
//! written and read for every text, so it is made for speed; a session is also `Serialize`, for people.

mod call_v1;
mod v1;

use crate::{Call, Session};

/// Rises when the fields change; a reader for every older version stays.
const VERSION: u8 = 4;
/// As `VERSION`, for calls: they count from here, so that neither is read as the other.
const CALL_VERSION: u8 = 0xC4;
const FIRST_CALL_VERSION: u8 = 0xC1;

/// A stored session cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoredFormError {
    /// It is damaged.
    #[error("the stored session is damaged: {0}")]
    Damaged(#[from] postcard::Error),
    /// There is nothing.
    #[error("the stored session is empty")]
    Empty,
    /// It is a call where a chat was expected, or a chat where a call was.
    #[error("the stored session is not of the expected kind (version {found})")]
    OtherKind {
        /// The version found.
        found: u8,
    },
    /// It cannot be written. Nothing is stored then, least of all an empty state.
    #[error("the session cannot be stored: {0}")]
    Unwritten(#[source] postcard::Error),
    /// A newer program wrote it.
    #[error(
        "the stored session has version {found}, this program reads up to {VERSION} and {CALL_VERSION}"
    )]
    Newer {
        /// The version found.
        found: u8,
    },
}

impl Session {
    /// The stored form. Reading it back gives an equal session.
    pub fn to_stored(&self) -> Result<Vec<u8>, StoredFormError> {
        let mut stored = Vec::with_capacity(128);
        stored.push(VERSION);
        postcard::to_extend(self, stored).map_err(StoredFormError::Unwritten)
    }

    /// Reads the stored form.
    pub fn from_stored(stored: &[u8]) -> Result<Self, StoredFormError> {
        match stored {
            [] => Err(StoredFormError::Empty),
            [VERSION, fields @ ..] => Ok(postcard::from_bytes(fields)?),
            // Version 3 has all but the last field: the clock is right.
            [3, fields @ ..] => Ok(postcard::from_bytes(&[fields, &[0]].concat())?),
            // Version 2 has all but the last two: nothing was set for one session alone.
            [2, fields @ ..] => Ok(postcard::from_bytes(&[fields, &[0, 0]].concat())?),
            [1, fields @ ..] => Ok(postcard::from_bytes::<v1::Session>(fields)?.into()),
            [found @ FIRST_CALL_VERSION..=CALL_VERSION, ..] => {
                Err(StoredFormError::OtherKind { found: *found })
            }
            [found, ..] => Err(StoredFormError::Newer { found: *found }),
        }
    }
}

impl Call {
    /// The stored form. Reading it back gives an equal call.
    pub fn to_stored(&self) -> Result<Vec<u8>, StoredFormError> {
        postcard::to_extend(self, vec![CALL_VERSION]).map_err(StoredFormError::Unwritten)
    }

    /// Reads the stored form.
    pub fn from_stored(stored: &[u8]) -> Result<Self, StoredFormError> {
        match stored {
            [] => Err(StoredFormError::Empty),
            [CALL_VERSION, fields @ ..] => Ok(postcard::from_bytes(fields)?),
            // Version 3 has all but the last field: the clock is right.
            [0xC3, fields @ ..] => Ok(postcard::from_bytes(&[fields, &[0]].concat())?),
            // Version 2 has all but the last fields: through the phone menu, nothing instead, no slot.
            [0xC2, fields @ ..] => Ok(postcard::from_bytes(&[fields, &[0, 0, 0, 0]].concat())?),
            [FIRST_CALL_VERSION, fields @ ..] => {
                Ok(postcard::from_bytes::<call_v1::Call>(fields)?.into())
            }
            [found @ 1..=VERSION, ..] => Err(StoredFormError::OtherKind { found: *found }),
            [found, ..] => Err(StoredFormError::Newer { found: *found }),
        }
    }

    /// Whether a stored session is a call.
    pub fn is_stored(stored: &[u8]) -> bool {
        stored.first().is_some_and(|version| *version >= FIRST_CALL_VERSION)
    }
}

pub(crate) mod millis {
    use frontdesk_types::{Instant, from_millis, to_millis};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(at: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(to_millis(*at))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Instant, D::Error> {
        i64::deserialize(deserializer).map(from_millis)
    }
}

pub(crate) mod span_millis {
    use chrono::TimeDelta;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::own_time::span;

    pub(crate) fn serialize<S: Serializer>(
        length: &TimeDelta,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(length.num_milliseconds())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<TimeDelta, D::Error> {
        i64::deserialize(deserializer).map(span)
    }
}

pub(crate) mod optional_millis {
    use frontdesk_types::{Instant, from_millis, to_millis};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(crate) fn serialize<S: Serializer>(
        at: &Option<Instant>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        at.map(to_millis).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Instant>, D::Error> {
        Option::<i64>::deserialize(deserializer).map(|at| at.map(from_millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_says_why() {
        assert!(matches!(Session::from_stored(&[]), Err(StoredFormError::Empty)));
        assert!(matches!(Session::from_stored(&[9, 1]), Err(StoredFormError::Newer { found: 9 })));
        assert!(matches!(Session::from_stored(&[VERSION, 1]), Err(StoredFormError::Damaged(_))));
        assert!(matches!(Call::from_stored(&[]), Err(StoredFormError::Empty)));
        assert!(matches!(Call::from_stored(&[CALL_VERSION]), Err(StoredFormError::Damaged(_))));
        for (one, other) in [(VERSION, CALL_VERSION), (CALL_VERSION, VERSION)] {
            let of_call =
                matches!(Call::from_stored(&[one, 1]), Err(StoredFormError::OtherKind { .. }));
            let of_chat =
                matches!(Session::from_stored(&[other, 1]), Err(StoredFormError::OtherKind { .. }));
            assert_eq!((of_call, of_chat), (one == VERSION, other == CALL_VERSION));
        }
    }
}
