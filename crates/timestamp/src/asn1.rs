//! A reader of DER that keeps the bytes as they came: signatures and digests are over those.

use std::fmt::Write as _;

use der::{Decode, Encode as _, Header, Reader as _, SliceReader, Tag, TagNumber};

/// One value with its header.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: Tag,
    /// The header and the content.
    pub(crate) raw: &'a [u8],
    pub(crate) content: &'a [u8],
}

/// `[number]` around other values, or in the place of the tag of a SEQUENCE or SET.
pub(crate) const fn context(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// `[number]` in the place of the tag of a simple value.
pub(crate) const fn context_simple(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: false, number: TagNumber(number) }
}

/// Reads the values of a SEQUENCE or SET, one after the other.
pub(crate) struct Cursor<'a>(SliceReader<'a>);

impl<'a> Cursor<'a> {
    /// Over content without its header.
    pub(crate) fn new(content: &'a [u8]) -> der::Result<Self> {
        SliceReader::new(content).map(Self)
    }

    /// Over the content of one SEQUENCE, which is all that there is.
    pub(crate) fn sequence(raw: &'a [u8]) -> der::Result<Self> {
        Self::new(only(raw, Tag::Sequence)?.content)
    }

    pub(crate) fn next(&mut self) -> der::Result<Element<'a>> {
        let header = Header::peek(&self.0)?;
        let raw = self.0.tlv_bytes()?;
        let content = raw.get(usize::try_from(header.encoded_len()?)?..).unwrap_or_default();
        Ok(Element { tag: header.tag(), raw, content })
    }

    pub(crate) fn expect(&mut self, tag: Tag) -> der::Result<Element<'a>> {
        let element = self.next()?;
        element.tag.assert_eq(tag)?;
        Ok(element)
    }

    /// The next value if it has this tag; otherwise nothing is read.
    pub(crate) fn optional(&mut self, tag: Tag) -> der::Result<Option<Element<'a>>> {
        if self.0.is_finished() || Tag::peek(&self.0)? != tag {
            return Ok(None);
        }
        self.next().map(Some)
    }

    pub(crate) fn decode<T: Decode<'a, Error = der::Error>>(&mut self) -> der::Result<T> {
        self.0.decode()
    }

    /// All values that are left.
    pub(crate) fn rest(mut self) -> der::Result<Vec<Element<'a>>> {
        let mut elements = Vec::new();
        while !self.0.is_finished() {
            elements.push(self.next()?);
        }
        Ok(elements)
    }

    /// Refuses values that are left.
    pub(crate) fn finish(self) -> der::Result<()> {
        self.0.finish()
    }
}

/// The only value in these bytes.
pub(crate) fn only(raw: &[u8], tag: Tag) -> der::Result<Element<'_>> {
    let mut cursor = Cursor::new(raw)?;
    let element = cursor.expect(tag)?;
    cursor.finish()?;
    Ok(element)
}

/// Lower-case hexadecimal digits, two a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_one_by_one_with_their_bytes() {
        let mut cursor = Cursor::sequence(&[0x30, 6, 2, 1, 7, 0xa0, 1, 9]).unwrap();
        assert!(cursor.optional(Tag::Null).unwrap().is_none());
        assert_eq!(cursor.decode::<u8>(), Ok(7));
        let element = cursor.optional(context(0)).unwrap().unwrap();
        assert_eq!((element.raw, element.content), (&[0xa0, 1, 9][..], &[9][..]));
        assert!(cursor.optional(context(0)).unwrap().is_none());
        cursor.finish().unwrap();
    }

    #[test]
    fn no_byte_is_left_over_or_missing() {
        assert!(only(&[2, 1, 7, 0], Tag::Integer).is_err());
        assert!(only(&[2, 2, 7], Tag::Integer).is_err());
        assert!(only(&[2, 1, 7], Tag::Null).is_err());
        assert!(Cursor::new(&[2, 1]).unwrap().rest().is_err());
        // A length that DER writes in one byte.
        assert!(only(&[2, 0x81, 1, 7], Tag::Integer).is_err());
    }
}
