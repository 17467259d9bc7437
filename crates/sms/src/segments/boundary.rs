//! Where parts end.

use unicode_segmentation::GraphemeCursor;

use super::{Part, ShiftTables, SplitAt, alphabet::Width};

/// The parts of a text: each as long as fits, no character split.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    text: &'a str,
    /// Where the next part begins; `None` at the end.
    next: Option<usize>,
    width: Width,
    capacity: u32,
    split_at: SplitAt,
}

impl<'a> Parts<'a> {
    /// Septets are never held together by clusters: an escape pair is one character already.
    pub(super) fn of_septets(text: &'a str, tables: ShiftTables, capacity: u32) -> Self {
        let width = Width::Septets(tables);
        Self { text, next: Some(0), width, capacity, split_at: SplitAt::CodePoints }
    }

    pub(super) fn of_utf16(text: &'a str, capacity: u32, split_at: SplitAt) -> Self {
        Self { text, next: Some(0), width: Width::Utf16, capacity, split_at }
    }

    /// The furthest code point boundary that fits.
    fn furthest(&self, rest: &str) -> usize {
        let mut used = 0;
        for (at, character) in rest.char_indices() {
            used += self.width.of(character);
            if used > self.capacity {
                return at;
            }
        }
        rest.len()
    }

    /// The last grapheme boundary after `start` and not after `end`; `end` if there is none.
    fn between_graphemes(&self, start: usize, end: usize) -> usize {
        let text = self.text;
        // CR LF is one cluster, but two characters to a carrier.
        let lines = text.as_bytes().get(end.saturating_sub(1)..=end) == Some(b"\r\n");
        let mut cursor = GraphemeCursor::new(end, text.len(), true);
        if lines || cursor.is_boundary(text, 0) == Ok(true) {
            return end;
        }
        match cursor.prev_boundary(text, 0) {
            Ok(Some(boundary)) if boundary > start => boundary,
            _ => end,
        }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let start = self.next?;
        let rest = self.text.get(start..)?;
        let mut end = start + self.furthest(rest);
        if end < self.text.len() && self.split_at == SplitAt::Graphemes {
            end = self.between_graphemes(start, end);
        }
        self.next = (end < self.text.len()).then_some(end);
        let text = self.text.get(start..end)?;
        let units = text.chars().map(|character| self.width.of(character)).sum();
        Some(Part { text, units })
    }
}
