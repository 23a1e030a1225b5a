//! Lines and columns.

/// The offset, or that of the nearest character before when it is inside one or beyond the end.
pub(super) fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The line and column, both from 1, of a byte offset. Columns count characters; `\r\n`, `\n` and `\r` end a line.
///
/// An offset beyond the end, or inside a character, is taken back to the nearest character before.
#[must_use]
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..boundary(text, offset)).unwrap_or_default();
    let mut lines = 0;
    let mut start = 0;
    let mut bytes = before.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        let ends =
            byte == b'\n' || (byte == b'\r' && bytes.peek().is_none_or(|(_, next)| *next != b'\n'));
        // A `\r` at the very end may be the first half of `\r\n`.
        let half = byte == b'\r' && text.as_bytes().get(at + 1) == Some(&b'\n');
        if ends && !half {
            lines += 1;
            start = at + 1;
        }
    }
    let column = before.get(start..).unwrap_or_default().chars().count();
    (lines + 1, column + 1)
}

/// The beginnings of a text's lines, for many questions about one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// The lines of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        Self { starts }
    }

    /// The same as [`line_column`]; `text` is the text that the index was made of.
    #[must_use]
    pub fn line_column(&self, text: &str, offset: usize) -> (usize, usize) {
        let offset = boundary(text, offset);
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|index| self.starts.get(index))
            .copied()
            .unwrap_or_default();
        let column = text.get(start..offset).unwrap_or_default().chars().count();
        (line, column + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, line_column};

    #[test]
    fn an_index_says_the_same() {
        for text in ["", "a\nbc", "a\r\nbc\r\n", "a\rbc\r", "é\n=1\n\n"] {
            let index = LineIndex::new(text);
            for offset in 0..text.len() + 2 {
                assert_eq!(
                    index.line_column(text, offset),
                    line_column(text, offset),
                    "{text:?} at {offset}"
                );
            }
        }
    }

    #[test]
    fn counts_characters_and_every_kind_of_line_end() {
        assert_eq!(line_column("a\nbc", 3), (2, 2));
        assert_eq!(line_column("a\r\nbc", 3), (2, 1));
        assert_eq!(line_column("a\r\nbc", 2), (1, 3));
        assert_eq!(line_column("a\rbc", 2), (2, 1));
        assert_eq!(line_column("é=1", 2), (1, 2));
        assert_eq!(line_column("é=1", 1), (1, 1));
        assert_eq!(line_column("", 9), (1, 1));
    }
}
