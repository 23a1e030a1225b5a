//! Lines of block style: keys, items of lists, and what they stand in, told from indentation.

use crate::diag::{FieldPath, Segment};
use crate::inventory::Kind;

/// A line of a block: its items' dashes, its key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Byte of its beginning in the text.
    pub(super) at: usize,
    pub(super) text: &'a str,
    /// Column of its first character that is no blank.
    pub(super) indent: usize,
    /// How many `- ` it begins with, and the column after each.
    pub(super) dashes: usize,
    /// Column of the key or scalar.
    pub(super) column: usize,
    pub(super) key: Option<&'a str>,
}

impl<'a> Line<'a> {
    pub(super) fn new(at: usize, text: &'a str) -> Option<Self> {
        let trimmed = text.trim_start_matches(' ');
        let indent = text.len() - trimmed.len();
        let mut rest = trimmed;
        let mut dashes = 0;
        while let Some(after) = rest
            .strip_prefix('-')
            .filter(|after| after.is_empty() || after.starts_with(' '))
        {
            dashes += 1;
            rest = after.trim_start_matches(' ');
        }
        if rest.trim().is_empty() && dashes == 0 || rest.starts_with('#') {
            return None;
        }
        Some(Self {
            at,
            text,
            indent,
            dashes,
            column: text.len() - rest.len(),
            key: key(rest),
        })
    }

    /// The text behind `key:`, with its column; the whole scalar when there is no key.
    pub(super) fn value(&self) -> (usize, &'a str) {
        let start = match self.key {
            Some(key) => {
                let quoted = self
                    .text
                    .get(self.column..)
                    .is_some_and(|rest| rest.starts_with(['"', '\'']));
                self.column + key.len() + usize::from(quoted) * 2 + 1
            }
            None => self.column,
        };
        let rest = self.text.get(start..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        (start + blank, rest.trim())
    }
}

/// The key that a text begins with: `key:` followed by a blank or nothing.
fn key(text: &str) -> Option<&str> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inner = text.get(1..)?;
        let end = inner.find(quote)?;
        let after = inner.get(end + 1..)?;
        let follows = after.strip_prefix(':')?;
        return (follows.is_empty() || follows.starts_with(' ')).then(|| inner.get(..end))?;
    }
    if text.starts_with(['{', '[', '#']) {
        return None;
    }
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find(':')?;
        let after = text.get(at + 1..)?;
        if after.is_empty() || after.starts_with([' ', '\t', '\r']) {
            return text.get(..at);
        }
        from = at + 1;
    }
}

/// The document around a byte, and where it begins.
pub(super) fn document(text: &str, offset: usize) -> (&str, usize) {
    let mut start = 0;
    let mut end = text.len();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            if at + line.len() <= offset {
                start = at + line.len();
            } else if at > offset || at > start {
                end = at;
                if at >= offset {
                    break;
                }
            }
        }
        at += line.len();
    }
    let end = end.max(start);
    (text.get(start..end).unwrap_or_default(), start)
}

pub(super) fn lines(document: &str, from: usize) -> Vec<(usize, &str)> {
    let mut at = from;
    let mut lines = Vec::new();
    for line in document.split('\n') {
        lines.push((at, line.trim_end_matches('\r')));
        at += line.len() + 1;
    }
    lines
}

/// The kind that the lines at the left margin say.
pub(super) fn kind(lines: &[Line<'_>]) -> Option<Kind> {
    let says = |word: &str| {
        lines
            .iter()
            .find(|line| line.indent == 0 && line.key == Some(word))
            .map(|line| line.value().1)
            .map(|value| value.split(" #").next().unwrap_or_default())
            .map(|value| value.trim().trim_matches(|c| c == '"' || c == '\''))
    };
    let kind = says("kind")?;
    match says("apiVersion") {
        Some(version) => Kind::of(version, kind),
        None => Kind::ALL
            .iter()
            .copied()
            .find(|known| known.as_str() == kind),
    }
}

/// The map or list item that a line stands in, and whether the line is an item itself.
pub(super) fn parents(line: &Line<'_>, above: &[Line<'_>]) -> (FieldPath, bool) {
    let mut path: Vec<Segment> = Vec::new();
    let mut column = line.column;
    let mut item = false;
    let mut index = 0;
    if line.dashes > 0 {
        column = line.indent;
        item = true;
    }
    for other in above.iter().rev() {
        if item {
            if other.indent == column && other.dashes > 0 {
                index += 1;
                continue;
            }
            // The list's key may stand in the column of its dashes.
            if other.column <= column && other.key.is_some() && other.dashes == 0
                || other.dashes > 0 && other.column <= column && other.indent < column
            {
                path.push(Segment::Index(index));
                path.extend(other.key.map(|key| Segment::Key(key.to_owned())));
                (item, index) = (false, 0);
                column = other.column;
            } else {
                continue;
            }
        } else if other.column < column {
            if let Some(key) = other.key {
                path.push(Segment::Key(key.to_owned()));
            }
            column = other.column;
        } else if !(other.column == column && other.dashes > 0) {
            continue;
        }
        if other.dashes > 0 {
            item = true;
            column = other.indent;
        }
    }
    if item {
        path.push(Segment::Index(index));
    }
    path.reverse();
    (FieldPath(path), line.dashes > 0)
}

/// The keys beside a line's, in the same map.
pub(super) fn siblings(line: &Line<'_>, above: &[Line<'_>], below: &[Line<'_>]) -> Vec<String> {
    let mut keys = Vec::new();
    if line.dashes == 0 {
        for other in above.iter().rev() {
            if other.column < line.column {
                break;
            }
            if other.column == line.column {
                keys.extend(other.key.map(str::to_owned));
                if other.dashes > 0 {
                    break;
                }
            }
        }
    }
    for other in below {
        if other.column < line.column || other.column == line.column && other.dashes > 0 {
            break;
        }
        if other.column == line.column {
            keys.extend(other.key.map(str::to_owned));
        }
    }
    keys
}
