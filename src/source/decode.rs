//! Bytes to text, as kubectl's file visitor does it: the byte order mark decides, UTF-8 otherwise.

/// Text, and where it had to be mended.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// The text without byte order mark.
    pub(super) text: String,
    /// The offsets in the text of the U+FFFD that stand for invalid bytes.
    pub(super) replaced: Vec<usize>,
}

/// Decodes bytes.
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    match bytes.as_slice() {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest.to_vec()),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: Vec<u8>) -> Decoded {
    match String::from_utf8(bytes) {
        Ok(text) => Decoded {
            text,
            replaced: Vec::new(),
        },
        Err(error) => mend(error.as_bytes()),
    }
}

/// Each beginning of a character that is not completed, and each byte that begins none, becomes one U+FFFD.
fn mend(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            replaced.push(text.len());
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    Decoded { text, replaced }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = Vec::new();
    let units = pairs.iter().copied().map(unit);
    // A byte too many is one more invalid character.
    let decoded = char::decode_utf16(units)
        .map(Result::ok)
        .chain(odd.iter().map(|_| None));
    for character in decoded {
        if character.is_none() {
            replaced.push(text.len());
        }
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    Decoded { text, replaced }
}

/// Whether a text is ASCII without control characters: then there is nothing to look at character by character.
pub(super) fn is_simple(text: &str) -> bool {
    // Whole blocks without a branch: that is one instruction for many bytes.
    text.as_bytes().chunks(64).all(|block| {
        let special = |byte: &u8| {
            (*byte < 0x20) & (*byte != b'\n') & (*byte != b'\r') & (*byte != b'\t')
                | (*byte >= 0x7F)
        };
        !block
            .iter()
            .fold(false, |found, byte| found | special(byte))
    })
}

/// The first character that libyaml refuses, with its offset.
pub(super) fn control_character(text: &str) -> Option<(usize, char)> {
    // Bytes that begin something to look at more closely: C0 controls, DEL, and the lead bytes of U+0080..U+00BF and
    // U+F000..U+FFFF.
    let mut from = 0;
    while let Some(at) = text
        .as_bytes()
        .get(from..)?
        .iter()
        .position(|byte| matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 0x7F | 0xC2 | 0xEF))
    {
        let at = from + at;
        let character = text.get(at..)?.chars().next()?;
        let refused = match character {
            '\u{85}' => false,
            '\u{FFFE}' | '\u{FFFF}' => true,
            _ => character.is_control(),
        };
        if refused {
            return Some((at, character));
        }
        from = at + character.len_utf8();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{control_character, decode, is_simple};

    #[test]
    fn byte_order_marks_and_invalid_bytes() {
        assert_eq!(decode(b"\xEF\xBB\xBFa".to_vec()).text, "a");
        assert_eq!(decode(b"\xFF\xFEa\0".to_vec()).text, "a");
        assert_eq!(decode(b"\xFE\xFF\0a".to_vec()).text, "a");
        let mended = decode(b"caf\xE9\n".to_vec());
        assert_eq!(
            (mended.text.as_str(), mended.replaced),
            ("caf\u{FFFD}\n", vec![3])
        );
    }

    #[test]
    fn control_characters_but_not_nel_and_not_letters() {
        assert_eq!(control_character("a\tb\r\n\u{85}é\u{FFFD}ﬀ"), None);
        assert!(is_simple("a\tb\r\n ~"));
        assert!(!is_simple("é") && !is_simple("\u{7F}") && !is_simple("\u{1}"));
        assert_eq!(control_character("é\u{1}"), Some((2, '\u{1}')));
        assert_eq!(control_character("\u{FFFE}"), Some((0, '\u{FFFE}')));
        assert_eq!(control_character("\u{9B}"), Some((0, '\u{9B}')));
    }
}
