//! Where everything of one document stands: the second walk, made only when a place is asked for.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

use super::scalar::{self, Tag};
use super::yaml;
use crate::diag::{FieldPath, Segment, Target};

/// The nodes of one document with their bytes, relative to the document.
#[derive(Debug, Default)]
pub(super) struct Layout {
    nodes: Vec<Node>,
    root: Option<usize>,
    /// The document's comments.
    pub(super) comments: Vec<Range<usize>>,
}

#[derive(Debug)]
struct Node {
    /// Its bytes; empty for a value that is left out.
    range: Range<usize>,
    content: Content,
    /// It is a plain scalar that is read as something else than it looks.
    surprising: bool,
}

#[derive(Debug)]
enum Content {
    Scalar,
    List(Vec<usize>),
    Map(Vec<Entry>),
    Alias(usize),
}

#[derive(Debug)]
struct Entry {
    key: String,
    key_node: usize,
    value: usize,
    merge: bool,
}

/// A key that stands twice in a map.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    /// The map.
    pub(super) map: FieldPath,
    /// The key.
    pub(super) key: String,
    /// The bytes of the key that is lost.
    pub(super) lost: Range<usize>,
    /// The bytes of the key that comes after it.
    pub(super) kept: Range<usize>,
}

/// A plain scalar that is read as something else than it looks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Surprise {
    /// The field, or the field whose key it is.
    pub(super) path: FieldPath,
    /// It is the key.
    pub(super) key: bool,
    /// Its bytes.
    pub(super) range: Range<usize>,
}

enum Frame {
    List {
        node: usize,
        items: Vec<usize>,
    },
    Map {
        node: usize,
        entries: Vec<Entry>,
        key: Option<Key>,
    },
}

struct Key {
    text: String,
    node: usize,
    merge: bool,
}

/// A node, and that of its key where it has one.
type Found = (usize, Option<usize>);

impl Layout {
    /// Walks a document that was read before; one that has an error ends where the error is.
    pub(super) fn new(text: &str) -> Self {
        let text = yaml::old_line_breaks(text);
        let mut walk = Walk {
            text: &text,
            layout: Self::default(),
            stack: Vec::new(),
            anchors: BTreeMap::new(),
            before: 0,
        };
        let parser = Parser::new_from_str_with_options(&text, yaml::options(true));
        for event in parser {
            let Ok((event, span)) = event else { break };
            let range = yaml::offset(span.start)..yaml::offset(span.end);
            match event {
                Event::Comment(..) => walk.layout.comments.push(range),
                Event::DocumentEnd => {}
                // What follows the document's node is not read, but its comments belong to it.
                _ if walk.layout.root.is_some() => {}
                event => {
                    let end = range.end;
                    walk.event(event, range);
                    walk.before = end;
                }
            }
        }
        walk.layout
    }

    /// The bytes of a field; when there is no such field, those of the nearest that holds it.
    pub(super) fn find(&self, path: &FieldPath, target: Target) -> Option<Range<usize>> {
        match self.node(path)? {
            Ok((node, key)) => self.place(node, key, target),
            Err((node, key)) => self.nearest(node, key),
        }
    }

    /// Whether there is such a field.
    pub(super) fn has(&self, path: &FieldPath) -> bool {
        matches!(self.node(path), Some(Ok(_)))
    }

    /// The node of a field, with that of its key; as error those of the nearest field that would hold it.
    fn node(&self, path: &FieldPath) -> Option<Result<Found, Found>> {
        let mut node = self.root?;
        let mut key = None;
        for segment in &path.0 {
            let next = match segment {
                Segment::Key(name) => self
                    .entry(node, name, 0)
                    .map(|entry| (entry.value, Some(entry.key_node))),
                Segment::Index(index) => match self.content(node) {
                    Some(Content::List(items)) => items.get(*index).map(|item| (*item, None)),
                    _ => None,
                },
            };
            let Some((value, name)) = next else {
                return Some(Err((node, key)));
            };
            (node, key) = (value, name);
        }
        Some(Ok((node, key)))
    }

    /// What stands for a field that does not exist: the key of the nearest field that would hold it, or the first entry
    /// of a map without key.
    fn nearest(&self, node: usize, key: Option<usize>) -> Option<Range<usize>> {
        match (key, self.content(node)) {
            (None, Some(Content::Map(entries))) if !entries.is_empty() => {
                let first = entries.first()?;
                self.place(first.value, Some(first.key_node), Target::Entry)
            }
            _ => self.place(node, key, Target::Key),
        }
    }

    fn place(&self, node: usize, key: Option<usize>, target: Target) -> Option<Range<usize>> {
        let value = self.nodes.get(node)?.range.clone();
        let Some(key) = key.and_then(|key| self.nodes.get(key)) else {
            return Some(value);
        };
        Some(match target {
            Target::Key => key.range.clone(),
            Target::Value if value.is_empty() => key.range.clone(),
            Target::Value => value,
            Target::Entry if value.start >= key.range.end => key.range.start..value.end,
            // The value stands elsewhere: the field is an alias or merged in.
            Target::Entry => key.range.clone(),
        })
    }

    /// What a node holds, aliases followed.
    fn content(&self, node: usize) -> Option<&Content> {
        let mut node = node;
        loop {
            match &self.nodes.get(node)?.content {
                // An alias stands after its anchor, so this ends.
                Content::Alias(target) if *target < node => node = *target,
                content => return Some(content),
            }
        }
    }

    /// The entry of a map that counts: the last one, or the one merged in.
    fn entry(&self, node: usize, name: &str, depth: usize) -> Option<&Entry> {
        let Content::Map(entries) = self.content(node)? else {
            return None;
        };
        entries.iter().rev().find_map(|entry| {
            if !entry.merge {
                return (entry.key == name).then_some(entry);
            }
            if depth > yaml::MAX_DEPTH {
                return None;
            }
            match self.content(entry.value)? {
                Content::List(maps) => maps
                    .iter()
                    .find_map(|map| self.entry(*map, name, depth + 1)),
                _ => self.entry(entry.value, name, depth + 1),
            }
        })
    }

    /// The keys that stand twice.
    pub(super) fn repeats(&self) -> Vec<Repeat> {
        let mut found = Vec::new();
        self.visit(&mut |path, node| {
            let Content::Map(entries) = &node.content else {
                return;
            };
            let mut seen: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
            for entry in entries.iter().filter(|entry| !entry.merge) {
                let Some(key) = self.nodes.get(entry.key_node) else {
                    continue;
                };
                if let Some(lost) = seen.insert(&entry.key, &key.range) {
                    found.push(Repeat {
                        map: path.clone(),
                        key: entry.key.clone(),
                        lost: lost.clone(),
                        kept: key.range.clone(),
                    });
                }
            }
        });
        found
    }

    /// The plain scalars that are read as something else than they look.
    pub(super) fn surprises(&self) -> Vec<Surprise> {
        let mut found = Vec::new();
        self.visit(&mut |path, node| {
            if node.surprising {
                found.push(Surprise {
                    path: path.clone(),
                    key: false,
                    range: node.range.clone(),
                });
            }
            let Content::Map(entries) = &node.content else {
                return;
            };
            for entry in entries {
                if let Some(key) = self.nodes.get(entry.key_node).filter(|key| key.surprising) {
                    found.push(Surprise {
                        path: path.key(&entry.key),
                        key: true,
                        range: key.range.clone(),
                    });
                }
            }
        });
        found
    }

    /// Calls `see` for each node in the order of the text, aliases not followed.
    fn visit(&self, see: &mut dyn FnMut(&FieldPath, &Node)) {
        let mut todo: Vec<(FieldPath, usize)> = self
            .root
            .map(|root| (FieldPath::root(), root))
            .into_iter()
            .collect();
        while let Some((path, index)) = todo.pop() {
            let Some(node) = self.nodes.get(index) else {
                continue;
            };
            see(&path, node);
            match &node.content {
                Content::List(items) => {
                    todo.extend(
                        items
                            .iter()
                            .enumerate()
                            .rev()
                            .map(|(at, item)| (path.index(at), *item)),
                    );
                }
                Content::Map(entries) => {
                    todo.extend(
                        entries
                            .iter()
                            .rev()
                            .map(|entry| (path.key(&entry.key), entry.value)),
                    );
                }
                Content::Scalar | Content::Alias(_) => {}
            }
        }
    }

    /// The bytes of the largest node that begins on a line: an entry with its key, an item of a list, or the document.
    ///
    /// `line` are the line's bytes.
    pub(super) fn beginning_on(&self, line: &Range<usize>) -> Option<Range<usize>> {
        let mut best: Option<Range<usize>> = None;
        let mut offer = |range: Range<usize>| {
            if line.contains(&range.start) && best.as_ref().is_none_or(|best| range.end > best.end)
            {
                best = Some(range);
            }
        };
        self.visit(&mut |_, node| match &node.content {
            Content::Map(entries) => {
                for entry in entries {
                    if let (Some(key), Some(value)) =
                        (self.nodes.get(entry.key_node), self.nodes.get(entry.value))
                    {
                        offer(key.range.start..value.range.end.max(key.range.end));
                    }
                }
            }
            Content::List(items) => {
                for item in items.iter().filter_map(|item| self.nodes.get(*item)) {
                    offer(item.range.clone());
                }
            }
            Content::Scalar | Content::Alias(_) => {}
        });
        best
    }

    /// The bytes of the document's content.
    pub(super) fn root(&self) -> Option<Range<usize>> {
        self.nodes.get(self.root?).map(|root| root.range.clone())
    }
}

struct Walk<'t> {
    text: &'t str,
    layout: Layout,
    stack: Vec<Frame>,
    anchors: BTreeMap<usize, usize>,
    /// Where the event before ended.
    before: usize,
}

impl Walk<'_> {
    /// The start of a list that stands under a key: the parser names the byte after the first dash when the dash is
    /// not indented. A dash before it on its line can only be its own.
    fn own_dash(&self, range: Range<usize>) -> Range<usize> {
        let before = self.text.get(..range.start).unwrap_or_default();
        let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        match before.get(line..).and_then(|line| line.rfind('-')) {
            Some(dash) => line + dash..range.end.max(line + dash),
            None => range,
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let range = match style {
                    ScalarStyle::Literal | ScalarStyle::Folded => self.whole_block(range),
                    _ => range,
                };
                let surprising = plain && tag.is_none() && scalar::is_surprising(&text);
                let node = self.add(range, Content::Scalar, anchor);
                let core = tag
                    .as_deref()
                    .map_or(Tag::None, |tag| Tag::of(tag.handle(), tag.suffix()));
                let merge = text == "<<" && yaml::is_merge(!plain, tag.as_deref());
                let is_key = matches!(self.stack.last(), Some(Frame::Map { key: None, .. }));
                let key = is_key.then(|| {
                    scalar::value(&text, !plain, core)
                        .ok()
                        .and_then(|value| scalar::key(value).ok())
                        .unwrap_or_else(|| text.clone().into_owned())
                });
                // As a key, only a change of the text surprises: `1: a` and `true: a` do not.
                let surprising = surprising && key.as_deref() != Some(&*text);
                if let Some(node) = self.layout.nodes.get_mut(node) {
                    node.surprising = surprising;
                }
                self.put(node, key, merge);
            }
            Event::SequenceStart(style, anchor, _) => {
                let range = match (style, self.stack.last()) {
                    (StructureStyle::Block, Some(Frame::Map { .. })) => self.own_dash(range),
                    _ => range,
                };
                let node = self.add(range, Content::List(Vec::new()), anchor);
                self.stack.push(Frame::List {
                    node,
                    items: Vec::new(),
                });
            }
            Event::MappingStart(_, anchor, _) => {
                let node = self.add(range, Content::Map(Vec::new()), anchor);
                self.stack.push(Frame::Map {
                    node,
                    entries: Vec::new(),
                    key: None,
                });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(&range),
            Event::Alias(id) => {
                let target = self.anchors.get(&id).copied().unwrap_or(usize::MAX);
                let key = self.text.get(range.clone()).map(str::to_owned);
                let node = self.add(range, Content::Alias(target), 0);
                self.put(node, key, false);
            }
            Event::UnresolvedAlias(_) => {
                let node = self.add(range, Content::Scalar, 0);
                self.put(node, None, false);
            }
            _ => {}
        }
    }

    fn add(&mut self, range: Range<usize>, content: Content, anchor: usize) -> usize {
        let index = self.layout.nodes.len();
        self.layout.nodes.push(Node {
            range,
            content,
            surprising: false,
        });
        if anchor != 0 {
            self.anchors.insert(anchor, index);
        }
        index
    }

    /// Puts a finished node into the collection that is open.
    fn put(&mut self, node: usize, text: Option<String>, merge: bool) {
        match self.stack.last_mut() {
            None => self.layout.root = Some(node),
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map { entries, key, .. }) => match key.take() {
                None => {
                    *key = Some(Key {
                        text: text.unwrap_or_default(),
                        node,
                        merge,
                    });
                }
                Some(Key {
                    text,
                    node: key_node,
                    merge,
                }) => entries.push(Entry {
                    key: text,
                    key_node,
                    value: node,
                    merge,
                }),
            },
        }
    }

    fn close(&mut self, end: &Range<usize>) {
        let (node, content, last) = match self.stack.pop() {
            Some(Frame::List { node, items }) => {
                let last = items.last().copied();
                (node, Content::List(items), last)
            }
            Some(Frame::Map { node, entries, .. }) => {
                let last = entries.last().map(|entry| (entry.value, entry.key_node));
                // A value that is left out ends where its key ends.
                let last = last.map(|(value, key)| if self.is_empty(value) { key } else { value });
                (node, Content::Map(entries), last)
            }
            None => return,
        };
        // A block collection ends with its last node, not where the next token is found.
        let last = last
            .and_then(|last| self.layout.nodes.get(last))
            .map(|last| last.range.end);
        let end = if end.is_empty() {
            last.unwrap_or(end.end)
        } else {
            end.end
        };
        if let Some(node) = self.layout.nodes.get_mut(node) {
            node.content = content;
            node.range.end = end.max(node.range.start);
        }
        self.put(node, None, false);
    }

    fn is_empty(&self, node: usize) -> bool {
        self.layout
            .nodes
            .get(node)
            .is_none_or(|node| node.range.is_empty())
    }

    /// A block scalar with its header (`|-`), and without the line breaks after it.
    fn whole_block(&self, range: Range<usize>) -> Range<usize> {
        let content = self.text.get(range.clone()).unwrap_or_default();
        let end = range.start + content.trim_end().len();
        let head = self.text.get(self.before..range.start).unwrap_or_default();
        let header = head
            .match_indices(['|', '>'])
            .find(|(at, _)| {
                head.get(..*at)
                    .is_some_and(|before| before.ends_with([' ', '\t', ':', '-']))
            })
            .map_or(range.start, |(at, _)| self.before + at);
        let end = if content.trim().is_empty() {
            header + 1
        } else {
            end
        };
        header..end
    }
}
