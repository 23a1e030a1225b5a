//! Lines and columns.

/// The line and column, both from 1, of a byte offset. Columns count characters; `\r\n`, `\n` and `\r` end a line.
///
/// An offset beyond the end, or inside a character, is taken back to the nearest character before.
#[must_use]
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = text.get(..offset).unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::line_column;

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
