//! Where in a document a position is, told from lines and indentation alone.

use crate::diag::{FieldPath, Segment};
use crate::inventory::Kind;

/// What stands at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// A key, or the place for one.
    Key,
    /// A value, or the place for one.
    Value,
}

/// A position in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The kind of the document, when it says one that is known.
    pub kind: Option<Kind>,
    /// The map that holds the key, or the field (or list item) that holds the value. A list's items count from 0.
    pub path: FieldPath,
    /// What is there.
    pub spot: Spot,
    /// The word around the position: the whole key, or the whole value on this line.
    pub word: String,
    /// The bytes of the word, and those of it before the position.
    pub start: usize,
    /// The byte after the word.
    pub end: usize,
    /// The column at which the line's keys begin, for texts of several lines.
    pub indent: usize,
    /// Whether it is inside braces or brackets.
    pub flow: bool,
    /// Keys that the map has already.
    pub siblings: Vec<String>,
}

/// A line of a block: its items' dashes, its key.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    /// Byte of its beginning in the text.
    at: usize,
    text: &'a str,
    /// Column of its first character that is no blank.
    indent: usize,
    /// How many `- ` it begins with, and the column after each.
    dashes: usize,
    /// Column of the key or scalar.
    column: usize,
    key: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn new(at: usize, text: &'a str) -> Option<Self> {
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
    fn value(&self) -> (usize, &'a str) {
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

impl Cursor {
    /// What is at a byte of a text; `None` in comments and between documents.
    #[must_use]
    pub fn at(text: &str, offset: usize) -> Option<Self> {
        let offset = offset.min(text.len());
        let (document, from) = document(text, offset);
        let lines: Vec<(usize, &str)> = lines(document, from);
        let here = lines.iter().rposition(|(at, _)| *at <= offset)?;
        let (at, raw) = *lines.get(here)?;
        let column = offset - at;
        let before = raw.get(..column)?;
        if raw.starts_with("---") || before.trim_start().starts_with('#') || before.contains(" #") {
            return None;
        }
        let parsed: Vec<Line<'_>> = lines
            .iter()
            .filter_map(|(at, text)| Line::new(*at, text))
            .collect();
        let kind = kind(&parsed);
        let line = Line::new(at, raw).unwrap_or(Line {
            at,
            text: raw,
            indent: raw.len() - raw.trim_start_matches(' ').len(),
            dashes: 0,
            // An empty line belongs where the position is.
            column,
            key: None,
        });
        let above: Vec<Line<'_>> = parsed
            .iter()
            .copied()
            .filter(|other| other.at < at)
            .collect();
        let below: Vec<Line<'_>> = parsed
            .iter()
            .copied()
            .filter(|other| other.at > at)
            .collect();
        let (path, item) = parents(&line, &above);
        let mut cursor = Self {
            kind,
            path,
            spot: Spot::Key,
            word: String::new(),
            start: offset,
            end: offset,
            indent: line.column,
            flow: false,
            siblings: Vec::new(),
        };
        let (value_at, value) = line.value();
        match line.key {
            Some(key) if column <= line.column + key.len() => {
                cursor.word(at + line.column, key);
                cursor.siblings = siblings(&line, &above, &below);
            }
            Some(key) => {
                cursor.path = cursor.path.key(key);
                cursor.value(at, value_at, value, column);
            }
            // A scalar item of a list, or a key whose colon is not typed yet.
            None if value.starts_with(['{', '[', '"', '\'']) => {
                cursor.value(at, value_at, value, column);
            }
            None => {
                cursor.word(at + value_at.min(raw.len()), value);
                cursor.siblings = siblings(&line, &above, &below);
                // Whether an item is a scalar or a map, its schema says.
                if item && line.dashes > 0 {
                    cursor.spot = Spot::Key;
                }
            }
        }
        Some(cursor)
    }

    fn word(&mut self, start: usize, word: &str) {
        self.word = word.to_owned();
        self.start = start;
        self.end = start + word.len();
    }

    /// Inside the value of a line: into braces and brackets.
    fn value(&mut self, at: usize, value_at: usize, value: &str, column: usize) {
        self.spot = Spot::Value;
        let value = value.split(" #").next().unwrap_or_default().trim_end();
        if !value.starts_with(['{', '[']) {
            let quoted = value.len() >= 2 && value.starts_with(['"', '\'']);
            let bare = value.trim_matches(|c| c == '"' || c == '\'');
            self.word(at + value_at + usize::from(quoted), bare);
            return;
        }
        self.flow = true;
        let inside = column.saturating_sub(value_at).min(value.len());
        let mut open: Vec<(char, Option<String>, usize, Vec<String>)> = Vec::new();
        let mut token = 0;
        for (index, c) in value.char_indices() {
            if index >= inside {
                break;
            }
            match c {
                '{' | '[' => {
                    open.push((c, None, 0, Vec::new()));
                    token = index + 1;
                }
                '}' | ']' => {
                    open.pop();
                    token = index + 1;
                }
                ',' => {
                    if let Some((_, key, item, _)) = open.last_mut() {
                        *key = None;
                        *item += 1;
                    }
                    token = index + 1;
                }
                ':' if value
                    .get(index + 1..)
                    .is_some_and(|rest| rest.starts_with([' ', ',']))
                    || index + 1 == inside =>
                {
                    let word = value.get(token..index).unwrap_or_default().trim();
                    let word = word.trim_matches(|c| c == '"' || c == '\'').to_owned();
                    if let Some(('{', key, _, keys)) = open.last_mut() {
                        keys.push(word.clone());
                        *key = Some(word);
                        token = index + 1;
                    }
                }
                _ => {}
            }
        }
        let last = open.len().saturating_sub(1);
        for (depth, (bracket, key, item, keys)) in open.into_iter().enumerate() {
            match (bracket, key) {
                ('[', _) => self.path = self.path.index(item),
                (_, Some(key)) => self.path = self.path.key(&key),
                (_, None) if depth == last => {
                    self.spot = Spot::Key;
                    self.siblings = keys;
                }
                (_, None) => {}
            }
        }
        let rest = value.get(token..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let word = rest.trim_start();
        let end = match self.spot {
            Spot::Key => word.find([',', '}', ']', ':']),
            Spot::Value => word.find([',', '}', ']']),
        };
        let word = word
            .get(..end.unwrap_or(word.len()))
            .unwrap_or_default()
            .trim_end();
        let quoted = usize::from(word.starts_with(['"', '\'']));
        let bare = word.trim_matches(|c| c == '"' || c == '\'');
        self.word(at + value_at + token + blank + quoted, bare);
        if self.start > at + column {
            self.start = at + column;
            self.end = self.start;
        }
    }
}

/// The document around a byte, and where it begins.
fn document(text: &str, offset: usize) -> (&str, usize) {
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

fn lines(document: &str, from: usize) -> Vec<(usize, &str)> {
    let mut at = from;
    let mut lines = Vec::new();
    for line in document.split('\n') {
        lines.push((at, line.trim_end_matches('\r')));
        at += line.len() + 1;
    }
    lines
}

/// The kind that the lines at the left margin say.
fn kind(lines: &[Line<'_>]) -> Option<Kind> {
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
fn parents(line: &Line<'_>, above: &[Line<'_>]) -> (FieldPath, bool) {
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
fn siblings(line: &Line<'_>, above: &[Line<'_>], below: &[Line<'_>]) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The cursor where `|` stands.
    fn cursor(text: &str) -> Option<Cursor> {
        let at = text.find('|')?;
        Cursor::at(&text.replacen('|', "", 1), at)
    }

    fn found(text: &str) -> Option<(String, Spot, String)> {
        cursor(text).map(|cursor| (cursor.path.to_string(), cursor.spot, cursor.word))
    }

    #[test]
    fn keys_and_values_of_maps_and_lists() {
        let cases = [
            ("spec:\n  mo|del:\n", "spec", Spot::Key, "model"),
            ("spec:\n  model:\n    im|\n", "spec.model", Spot::Key, "im"),
            (
                "spec:\n  model:\n    image: a/b:1|\n",
                "spec.model.image",
                Spot::Value,
                "a/b:1",
            ),
            (
                "spec:\n  model:\n    image: |\n",
                "spec.model.image",
                Spot::Value,
                "",
            ),
            (
                "spec:\n  model:\n    image: x\n  |\n",
                "spec",
                Spot::Key,
                "",
            ),
            ("a:\n  - b: 1\n    c|\n", "a[0]", Spot::Key, "c"),
            ("a:\n- b: 1\n- c: 2\n  d|\n", "a[1]", Spot::Key, "d"),
            ("a:\n  - x\n  - y|\n", "a[1]", Spot::Key, "y"),
            ("a:\n  - b:\n      - c: |\n", "a[0].b[0].c", Spot::Value, ""),
            ("a: {b: {c: x|}, d: y}\n", "a.b.c", Spot::Value, "x"),
            ("a: {b: [p, q|]}\n", "a.b[1]", Spot::Value, "q"),
            ("a: {b: 1, c|}\n", "a", Spot::Key, "c"),
            ("|", "", Spot::Key, ""),
        ];
        for (text, path, spot, word) in cases {
            assert_eq!(
                found(text),
                Some((path.to_owned(), spot, word.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn the_document_around_says_the_kind_and_comments_are_nothing() {
        let text = "kind: Node\n---\napiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMService\nspec:\n  |\n---\nkind: Pod\n";
        assert_eq!(cursor(text).and_then(|c| c.kind), Some(Kind::AimService));
        assert_eq!(cursor("a: b # c|\n"), None);
        let siblings = cursor("s:\n  a: 1\n  |\n  b:\n    c: 1\nt: 1\n").map(|c| c.siblings);
        assert_eq!(siblings, Some(vec!["a".to_owned(), "b".to_owned()]));
    }
}
