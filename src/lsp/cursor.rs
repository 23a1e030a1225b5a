//! Where in a document a position is, told from lines and indentation alone.

use super::block::{Line, document, kind, lines, parents, siblings};
use crate::diag::FieldPath;
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
