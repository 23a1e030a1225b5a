//! Fixes as edits of the text: comments, order and layout stay, only what is meant changes.

mod block;
mod flow;
mod style;

use std::ops::Range;

use serde_json::Value;

use super::{FieldPath, Fix, Locator, Place, Segment, Site, Target};
use crate::source::{FileId, TextRange};
use style::{Style, inline};

/// One replacement of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub site: Site,
    /// The new text.
    pub text: String,
}

/// A fix as edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edits {
    /// What they do, in a few words.
    pub title: String,
    /// The replacements, in order; they do not overlap.
    pub edits: Vec<Edit>,
    /// The YAML that is added, when it is more than a word.
    pub preview: Option<String>,
}

/// A fix as edits of the text; `None` when it cannot be made there: the field comes from an anchor or a merge key, or
/// the place is not in the text.
pub fn edits(fix: &Fix, locator: &mut Locator<'_>) -> Option<Edits> {
    if let Fix::All(fixes) = fix {
        let parts = fixes
            .iter()
            .map(|fix| edits(fix, locator))
            .collect::<Option<Vec<Edits>>>()?;
        let titles: Vec<String> = parts.iter().map(|part| part.title.clone()).collect();
        let preview = parts.iter().find_map(|part| part.preview.clone());
        let mut edits: Vec<Edit> = parts.into_iter().flat_map(|part| part.edits).collect();
        edits.sort_by_key(|edit| edit.site.range);
        let apart = edits
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.site.range.end <= b.site.range.start));
        return apart.then(|| Edits {
            title: titles.join(", "),
            edits,
            preview,
        });
    }
    let place = fix.place()?;
    locator.turn_to(place.document);
    let document = locator.value()?;
    let (range, text) = {
        let text = Text::of(place, &document, locator)?;
        match fix {
            Fix::RenameKey { to, .. } => text.rename(to),
            Fix::Replace { value, .. } => text.replace(value),
            Fix::Insert { key, value, .. } => text.insert(key, value),
            Fix::Append { value, .. } => text.append(value),
            Fix::Quote { .. } => text.quote(),
            Fix::Remove { .. } => text.remove(),
            Fix::All(_) => None,
        }?
    };
    let document = locator.sources.document(place.document?)?;
    let (file, index) = (document.file, document.index);
    let range = TextRange {
        file,
        start: range.start,
        end: range.end,
    };
    let site = locator.positions(range, Some(index))?;
    Some(Edits {
        title: title(fix),
        edits: vec![Edit { site, text }],
        preview: preview(fix),
    })
}

/// The text of a file with edits made. An edit that overlaps an earlier one is left out; the next round makes it.
#[must_use]
pub fn apply(text: &str, file: FileId, edits: &[&Edit]) -> String {
    let mut edits: Vec<&&Edit> = edits
        .iter()
        .filter(|edit| edit.site.range.file == file)
        .collect();
    edits.sort_by_key(|edit| (edit.site.range, &edit.text));
    edits.dedup();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut last_insertion = None;
    for edit in edits {
        let Range { start, end } = edit.site.range.start..edit.site.range.end;
        if start < done || last_insertion == Some(start) {
            continue;
        }
        out.push_str(text.get(done..start).unwrap_or_default());
        out.push_str(&edit.text);
        done = end;
        last_insertion = (start == end).then_some(start);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

fn title(fix: &Fix) -> String {
    let last = |place: &Place| match place.path.0.last() {
        Some(Segment::Key(key)) => format!("`{key}`"),
        _ => format!("`{}`", place.path),
    };
    match fix {
        Fix::RenameKey { place, to } => format!("rename {} to `{to}`", last(place)),
        Fix::Replace { place, value } => format!("set {} to `{}`", last(place), inline(value)),
        Fix::Insert { key, .. } => format!("add `{key}`"),
        Fix::Append { place, value } => format!("add `{}` to {}", inline(value), last(place)),
        Fix::Quote { place } => format!("put {} in quotes", last(place)),
        Fix::Remove { place } => format!("remove {}", last(place)),
        Fix::All(_) => String::new(),
    }
}

fn preview(fix: &Fix) -> Option<String> {
    match fix {
        Fix::Insert { key, value, .. } if value.is_object() || value.is_array() => {
            let style = Style {
                newline: "\n",
                ..Style::default()
            };
            Some(block::entry(key, value, 0, style).trim_end().to_owned())
        }
        _ => None,
    }
}

impl Fix {
    /// Where it is made; of several, the first.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        Some(match self {
            Self::RenameKey { place, .. }
            | Self::Replace { place, .. }
            | Self::Insert { place, .. }
            | Self::Append { place, .. }
            | Self::Quote { place }
            | Self::Remove { place } => place,
            Self::All(fixes) => return fixes.first().and_then(Self::place),
        })
    }
}

/// The surroundings of one place.
struct Text<'a, 'b> {
    text: &'a str,
    place: &'b Place,
    value: &'b Value,
    locator: &'b Locator<'a>,
    style: Style,
}

/// An entry of a map or an item of a list, in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Child {
    /// The key, or the item itself.
    head: Range<usize>,
    /// All of it.
    whole: Range<usize>,
}

impl<'a, 'b> Text<'a, 'b> {
    fn of(place: &'b Place, value: &'b Value, locator: &'b Locator<'a>) -> Option<Self> {
        let document = locator.sources.document(place.document?)?;
        let text = locator.sources.file(document.file)?.text.as_str();
        let style = Style::of(text.get(document.range.clone())?);
        Some(Self {
            text,
            place,
            value,
            locator,
            style,
        })
    }

    /// The bytes of a field that is there.
    fn span(&self, path: &FieldPath, target: Target) -> Option<Range<usize>> {
        self.value(path)?;
        let place = Place {
            path: path.clone(),
            target,
            range: None,
            ..self.place.clone()
        };
        let range = self.locator.span(&place)?;
        if target == Target::Value && self.place_of_key(&place) == Some(range) {
            // Nothing is written behind the key.
            return None;
        }
        Some(range.start..range.end)
    }

    fn place_of_key(&self, place: &Place) -> Option<TextRange> {
        matches!(place.path.0.last(), Some(Segment::Key(_))).then_some(())?;
        self.locator.span(&place.clone().target(Target::Key))
    }

    fn slice(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn value(&self, path: &FieldPath) -> Option<&'b Value> {
        self.value.pointer(&path.pointer())
    }

    /// Whether a value is written between brackets, or inside of such a one.
    fn in_flow(&self, path: &FieldPath) -> bool {
        let mut path = Some(path.clone());
        while let Some(here) = path {
            if self
                .span(&here, Target::Value)
                .is_some_and(|range| self.slice(&range).starts_with(['{', '[']))
            {
                return true;
            }
            path = here.parent();
        }
        false
    }

    /// The children of a map or list that are written in it, in the order of the text. What a merge key or an alias
    /// brings in is written elsewhere.
    fn children(&self, path: &FieldPath) -> Vec<Child> {
        let Some(within) = self.span(path, Target::Value) else {
            return Vec::new();
        };
        let paths: Vec<(FieldPath, Target)> = match self.value(path) {
            Some(Value::Object(map)) => {
                map.keys().map(|key| (path.key(key), Target::Key)).collect()
            }
            Some(Value::Array(list)) => (0..list.len())
                .map(|index| (path.index(index), Target::Value))
                .collect(),
            _ => Vec::new(),
        };
        let mut children: Vec<Child> = paths
            .iter()
            .filter_map(|(path, head)| {
                Some(Child {
                    head: self.span(path, *head)?,
                    whole: self.span(path, Target::Entry)?,
                })
            })
            .filter(|child| within.start <= child.head.start && child.whole.end <= within.end)
            .collect();
        children.sort_by_key(|child| child.head.start);
        children
    }

    fn rename(&self, to: &str) -> Option<(Range<usize>, String)> {
        let holder = self.value(&self.place.path.parent()?)?;
        if holder.get(to).is_some() {
            // The key would stand twice.
            return None;
        }
        let range = self.span(&self.place.path, Target::Key)?;
        let new = self.style.like(self.slice(&range), &Value::from(to));
        Some((range, new))
    }

    fn replace(&self, value: &Value) -> Option<(Range<usize>, String)> {
        let path = &self.place.path;
        let range = self
            .span(path, Target::Value)
            .filter(|range| !range.is_empty());
        let Some(range) = range else {
            let at = self.after_colon(path)?;
            return Some((at..at, format!(" {}", self.style.scalar_or_flow(value))));
        };
        let old = self.slice(&range);
        let block = matches!(self.value(path)?, Value::Object(_) | Value::Array(_))
            && !old.starts_with(['{', '[']);
        (!block).then(|| (range, self.style.like(old, value)))
    }

    /// A plain scalar on one line gets quotes around it.
    fn quote(&self) -> Option<(Range<usize>, String)> {
        let path = &self.place.path;
        let range = self
            .span(path, Target::Value)
            .filter(|range| !range.is_empty())?;
        let old = self.slice(&range);
        let plain = !old.starts_with(['"', '\'', '|', '>', '&', '*', '!', '{', '['])
            && !old.contains(['"', '\\', '\n', '\r']);
        plain.then(|| (range, format!("\"{old}\"")))
    }

    /// Behind the colon of an entry that has no value.
    fn after_colon(&self, path: &FieldPath) -> Option<usize> {
        let key = self.span(path, Target::Key)?;
        let rest = self.text.get(key.end..)?;
        let colon = rest.find(':')?;
        rest.get(..colon)?
            .trim()
            .is_empty()
            .then_some(key.end + colon + 1)
    }

    fn insert(&self, key: &str, value: &Value) -> Option<(Range<usize>, String)> {
        let path = &self.place.path;
        let children = self.children(path);
        let empty = match self.value(path)? {
            Value::Object(map) => map.is_empty(),
            Value::Null => true,
            _ => return None,
        };
        if children.is_empty() && !empty {
            // Its entries are written elsewhere.
            return None;
        }
        if self.in_flow_without_own_empty(path) {
            return flow::add(self, path, &children, Some(key), value);
        }
        block::insert(self, path, &children, key, value)
    }

    fn append(&self, value: &Value) -> Option<(Range<usize>, String)> {
        let path = &self.place.path;
        let children = self.children(path);
        if self.in_flow(path) {
            return flow::add(self, path, &children, None, value);
        }
        block::append(self, &children, value)
    }

    /// An empty `{}` in block style becomes a block.
    fn in_flow_without_own_empty(&self, path: &FieldPath) -> bool {
        let empty = matches!(self.value(path), Some(Value::Object(map)) if map.is_empty());
        match path.parent().filter(|_| empty) {
            Some(parent) => self.in_flow(&parent),
            None => self.in_flow(path),
        }
    }

    fn remove(&self) -> Option<(Range<usize>, String)> {
        let parent = self.place.path.parent()?;
        let own = self.span(&self.place.path, Target::Entry)?;
        let children = self.children(&parent);
        let at = children.iter().position(|child| child.whole == own)?;
        if self.in_flow(&parent) {
            flow::remove(&children, at)
        } else {
            block::remove(self, &parent, &children, at)
        }
    }
}
