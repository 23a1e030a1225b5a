//! Text of the input made harmless before it is shown: no terminal escapes, no reordering of characters, no secrets.

use std::borrow::Cow;

use crate::diag::secret;

/// The character as it may be shown: control characters as their pictures, invisible ones that reorder or hide text
/// as U+FFFD. Tabs stay.
#[must_use]
pub(super) fn character(c: char) -> char {
    match c {
        '\t' => c,
        '\u{7f}' => '\u{2421}',
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{80}'..='\u{9f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        _ => c,
    }
}

/// A text of one line: harmless, and line breaks and tabs as blanks.
#[must_use]
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    let masked = secret::mask(text);
    if masked.chars().all(|c| c != '\t' && character(c) == c) {
        return masked;
    }
    let joined = masked.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
    Cow::Owned(joined.chars().map(character).collect())
}

/// A text of several lines: harmless, line breaks kept.
#[must_use]
pub(super) fn text(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text.lines().map(line).collect();
    lines.join("\n")
}
