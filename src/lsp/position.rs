//! Positions of the protocol: line and column from 0, columns in UTF-16 units.

use std::ops::Range;

use lsp_types::Position;

/// The position of a byte; one inside a character is moved to its beginning.
#[must_use]
pub fn position(text: &str, offset: usize) -> Position {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = text.get(..offset).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let units = before
        .get(start..)
        .unwrap_or_default()
        .chars()
        .map(char::len_utf16)
        .sum::<usize>();
    Position {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        character: u32::try_from(units).unwrap_or(u32::MAX),
    }
}

/// The range of bytes.
#[must_use]
pub fn range(text: &str, bytes: Range<usize>) -> lsp_types::Range {
    lsp_types::Range {
        start: position(text, bytes.start),
        end: position(text, bytes.end),
    }
}

/// The byte of a position; beyond the end of a line is its end.
#[must_use]
pub fn offset(text: &str, position: Position) -> usize {
    let mut start = 0;
    for _ in 0..position.line {
        match text.get(start..).and_then(|rest| rest.find('\n')) {
            Some(at) => start += at + 1,
            None => return text.len(),
        }
    }
    let line = text.get(start..).unwrap_or_default();
    let line = line.split('\n').next().unwrap_or_default();
    let mut units = 0;
    for (at, c) in line.char_indices() {
        if units >= position.character as usize {
            return start + at;
        }
        units += c.len_utf16();
    }
    start + line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let text = "a: 𝒳y\r\né: z\n";
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            assert_eq!(offset(text, position(text, at)), at, "{at}");
        }
        // The letter of two units counts two.
        let y = text.find('y').unwrap_or_default();
        assert_eq!(position(text, y).character, 5);
        let end = Position {
            line: 9,
            character: 9,
        };
        assert_eq!(offset(text, end), text.len());
    }
}
