//! The leaves of a stretch of the sequence, in the bytes of one column: SQLite needs a hundred times as long for a row each.
//!
//! Each leaf is the consumer's number and the number of the entry in its history (8 bytes each, the most significant first), the
//! entry's digest (32 bytes), and the name of the programme after its length (2 bytes).

use frontdesk::{
    store::{EntryMark, StoreError},
    tendlc::{Digest, LedgerKey, Programme},
};

use crate::codec::{consumer, integer, unreadable};

/// Bytes of a leaf before the name of its programme.
const FIXED: usize = 8 + 8 + 32 + 2;

/// Adds a leaf at the end.
pub(crate) fn put(bytes: &mut Vec<u8>, entry: &EntryMark) -> Result<(), StoreError> {
    let EntryMark { key, number, digest } = entry;
    let name = key.programme.as_str().as_bytes();
    let length = u16::try_from(name.len()).map_err(|error| unreadable("programme", error))?;
    bytes.extend(key.consumer.digits().to_be_bytes());
    bytes.extend(number.to_be_bytes());
    bytes.extend(digest.as_bytes());
    bytes.extend(length.to_be_bytes());
    bytes.extend(name);
    Ok(())
}

/// The leaves in their order. Bytes that are no leaf are the last that is given: an error.
pub(super) fn read(bytes: &[u8]) -> impl Iterator<Item = Result<EntryMark, StoreError>> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest.take().filter(|bytes| !bytes.is_empty())?;
        Some(first(bytes).map(|(entry, behind)| {
            rest = Some(behind);
            entry
        }))
    })
}

/// The first leaf, and what is behind it.
fn first(bytes: &[u8]) -> Result<(EntryMark, &[u8]), StoreError> {
    let cut = || unreadable("leaves", format!("{} bytes at the end are no leaf", bytes.len()));
    let (fixed, rest) = bytes.split_first_chunk::<FIXED>().ok_or_else(cut)?;
    let (of, fixed) = fixed.split_first_chunk().ok_or_else(cut)?;
    let (number, fixed) = fixed.split_first_chunk().ok_or_else(cut)?;
    let (digest, length) = fixed.split_first_chunk::<32>().ok_or_else(cut)?;
    let length = length.first_chunk().ok_or_else(cut)?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (name, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
    let name = std::str::from_utf8(name).map_err(|error| unreadable("leaves", error))?;
    let consumer = consumer(integer(u64::from_be_bytes(*of)))?;
    let key = LedgerKey { consumer, programme: Programme::from(name) };
    let digest = Digest::from(*digest);
    Ok((EntryMark { key, number: u64::from_be_bytes(*number), digest }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: u8, programme: &str) -> EntryMark {
        let consumer = format!("+120255501{n:02}").parse().unwrap();
        let key = LedgerKey { consumer, programme: Programme::from(programme) };
        EntryMark { key, number: u64::from(n), digest: Digest::from([n; 32]) }
    }

    #[test]
    fn leaves_are_read_as_they_were_put() {
        let entries =
            [entry(1, "offers"), entry(2, ""), entry(3, "Grüße"), entry(4, "+12025550100")];
        let mut bytes = Vec::new();
        for entry in &entries {
            put(&mut bytes, entry).unwrap();
        }
        let found: Vec<EntryMark> = read(&bytes).map(Result::unwrap).collect();
        assert_eq!(found, entries);
        assert_eq!(read(&[]).count(), 0);
    }

    #[test]
    fn bytes_that_are_no_leaf_are_an_error_and_the_last() {
        let mut bytes = Vec::new();
        put(&mut bytes, &entry(1, "offers")).unwrap();
        for length in 1..bytes.len() {
            let found: Vec<_> = read(&bytes[..length]).collect();
            assert_eq!(found.len(), 1, "{length}");
            let error = found[0].as_ref().unwrap_err().to_string();
            assert!(error.contains("the column leaves"), "{error}");
        }
        bytes.push(0);
        let found: Vec<bool> = read(&bytes).map(|leaf| leaf.is_ok()).collect();
        assert_eq!(found, [true, false]);
    }

    #[test]
    fn a_name_that_is_too_long_for_a_leaf_is_told() {
        let entry = entry(1, &"x".repeat(65_536));
        assert!(put(&mut Vec::new(), &entry).is_err());
    }
}
