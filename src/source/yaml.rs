//! One YAML document to a value, in one pass over the parser's events.
//!
//! The only file, beside `layout`, that knows the parser. Nothing is kept but the value: places are found by a second
//! walk, and only for documents with something to say.

use std::borrow::Cow;
use std::collections::BTreeMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span, StructureStyle};
use serde_json::{Map, Value};

use super::error::ReadError;
use super::scalar::{self, Tag};
use super::tabs;

/// How deep collections may nest. kubectl goes to 10,000; nothing real comes near, and everything after the reader
/// walks values recursively.
pub(super) const MAX_DEPTH: usize = 200;

/// How many bytes of text aliases may repeat.
const MAX_ALIAS_BYTES: usize = 64 << 20;

/// A document, and whether a second walk would find something to say about its text.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The value.
    pub(super) value: Value,
    /// The byte after the document's last node.
    pub(super) end: usize,
    /// A key may stand twice.
    pub(super) repeats: bool,
    /// A plain scalar may be read as something else than it looks.
    pub(super) surprises: bool,
}

/// The parser's options for reading as libyaml does.
pub(super) fn options(comments: bool) -> granit_parser::Options {
    granit_parser::options! {
        emit_comments: comments,
        max_buffered_comment_events: usize::MAX,
        bom_inside_document_as_content: true,
        block_scalar_eof_without_line_feed: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}

/// Reads the first document of a text; what follows is left alone, as kubectl does.
pub(super) fn parse(text: &str) -> Result<Parsed, ReadError> {
    match parse_once(text) {
        // To libyaml a line that begins with `%` ends the document.
        Err(Failure::Directive(at)) => {
            let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
            if !["%YAML ", "%TAG "]
                .iter()
                .any(|name| rest.starts_with(name))
            {
                return Err(ReadError::unknown_directive(at));
            }
            let mut parsed = parse_once(before).map_err(Failure::into_error)?;
            parsed.end = at;
            Ok(parsed)
        }
        // libyaml needs no space before a comment: without it the text reads the same.
        Err(Failure::Comment(at)) => parse(&without_comment(text, at)),
        result => result.map_err(Failure::into_error),
    }
}

/// The text with a comment as spaces.
fn without_comment(text: &str, at: usize) -> String {
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let (comment, after) = rest.split_at(rest.find(['\n', '\r']).unwrap_or(rest.len()));
    format!("{before}{}{after}", " ".repeat(comment.len()))
}

enum Failure {
    Read(ReadError),
    Directive(usize),
    Comment(usize),
}

impl Failure {
    fn into_error(self) -> ReadError {
        match self {
            Self::Read(error) => error,
            Self::Directive(at) | Self::Comment(at) => ReadError::directive(at),
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

fn parse_once(text: &str) -> Result<Parsed, Failure> {
    let mut builder = Builder {
        text,
        stack: Vec::new(),
        anchors: BTreeMap::new(),
        nodes: 0,
        alias_nodes: 0,
        alias_bytes: 0,
        repeats: false,
        surprises: false,
    };
    let mut parser = Parser::new_from_str_with_options(text, options(false));
    let mut root = None;
    let mut end = text.len();
    loop {
        let (event, span) = match parser.next_event() {
            Some(Ok(next)) => next,
            Some(Err(error)) => {
                let at = offset(*error.marker());
                return Err(match error.kind() {
                    ErrorKind::MissingDocumentEndBeforeDirective => Failure::Directive(at),
                    ErrorKind::CommentNotSeparated
                        if text.get(at..).is_some_and(|rest| rest.starts_with('#')) =>
                    {
                        Failure::Comment(at)
                    }
                    kind => Failure::Read(ReadError::syntax(text, at, kind)),
                });
            }
            None => break,
        };
        if matches!(event, Event::DocumentEnd) {
            end = offset(span.start);
            break;
        }
        if let Some(value) = builder.event(event, &span)? {
            root = Some(value);
        }
    }
    if text.contains('\t')
        && let Some(at) = tabs::misplaced(text)
    {
        return Err(ReadError::tab(at).into());
    }
    Ok(builder.finish(root.unwrap_or_default(), end))
}

/// The text with the line breaks that YAML 1.2 dropped (NEL, LS, PS) as ones that both know, of the same length.
///
/// LS and PS stay as they are in quoted scalars: there libyaml keeps them as text.
pub(super) fn old_line_breaks(text: &str) -> Cow<'_, str> {
    if !text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        return Cow::Borrowed(text);
    }
    let quoted: Vec<_> = Parser::new_from_str_with_options(text, options(false))
        .map_while(Result::ok)
        .filter(|(event, _)| {
            matches!(
                event,
                Event::Scalar(_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, ..)
            )
        })
        .map(|(_, span)| offset(span.start)..offset(span.end))
        .collect();
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            '\u{85}' => out.push_str("\r\n"),
            '\u{2028}' | '\u{2029}' if !quoted.iter().any(|range| range.contains(&at)) => {
                out.push_str(" \r\n")
            }
            _ => out.push(character),
        }
    }
    Cow::Owned(out)
}

/// The byte offset of a mark. The parser gives offsets for text in memory, always.
pub(super) fn offset(mark: granit_parser::Marker) -> usize {
    mark.byte_offset().unwrap_or_default()
}

enum Frame {
    List {
        items: Vec<Value>,
        anchor: usize,
        flow: bool,
    },
    Map {
        map: Map<String, Value>,
        next: Next,
        anchor: usize,
        flow: bool,
    },
}

/// What a map waits for.
enum Next {
    Key,
    Value(String),
    Merge,
}

enum Anchor {
    /// Its node is not finished yet.
    Open,
    Done {
        value: Value,
        nodes: usize,
        bytes: usize,
    },
}

struct Builder<'t> {
    text: &'t str,
    stack: Vec<Frame>,
    anchors: BTreeMap<usize, Anchor>,
    nodes: usize,
    alias_nodes: usize,
    alias_bytes: usize,
    repeats: bool,
    surprises: bool,
}

impl<'t> Builder<'t> {
    fn finish(self, value: Value, end: usize) -> Parsed {
        Parsed {
            value,
            end,
            repeats: self.repeats,
            surprises: self.surprises,
        }
    }

    /// Takes an event; gives the document's value once it is complete.
    fn event(&mut self, event: Event<'t>, span: &Span) -> Result<Option<Value>, ReadError> {
        let at = offset(span.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if style == ScalarStyle::DoubleQuoted
                    && let Some(found) = span.slice(self.text).and_then(json_escape)
                {
                    return Err(ReadError::escape(at + found));
                }
                self.tag(tag.is_some(), span)?;
                let text = self.in_flow(text, style, span)?;
                self.scalar(text, style, anchor, tag.as_deref(), at)
            }
            Event::MappingStart(style, anchor, tag) => {
                let frame = Frame::Map {
                    map: Map::new(),
                    next: Next::Key,
                    anchor,
                    flow: style == StructureStyle::Flow,
                };
                self.tag(tag.is_some(), span)?;
                self.open(frame, anchor, at)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.tag(tag.is_some(), span)?;
                let frame = Frame::List {
                    items: Vec::new(),
                    anchor,
                    flow: style == StructureStyle::Flow,
                };
                self.open(frame, anchor, at)
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(at),
            Event::Anchor(_, name) => self.name(&name, span).map(|()| None),
            Event::Alias(id) => {
                let name = span.slice(self.text).unwrap_or_default();
                self.name(name.trim_start_matches('*'), span)?;
                let value = self.alias(id, span)?;
                self.node(value, true, at)
            }
            Event::UnresolvedAlias(name) => Err(ReadError::unknown_anchor(&name, at)),
            Event::DocumentStart(_, Some(version)) if (version.major, version.minor) != (1, 1) => {
                Err(ReadError::yaml_version(at))
            }
            _ => Ok(None),
        }
    }

    /// libyaml's names of anchors: letters, digits, `_` and `-`, and few characters may follow.
    fn name(&self, name: &str, span: &Span) -> Result<(), ReadError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let next = self
            .text
            .get(offset(span.end)..)
            .and_then(|rest| rest.chars().next());
        let ends = |c: char| c.is_whitespace() || "?:,]}%@`".contains(c);
        if name.chars().all(plain) && next.is_none_or(ends) {
            Ok(())
        } else {
            Err(ReadError::anchor_name(offset(span.start)))
        }
    }

    /// A tag ends with white space.
    fn tag(&self, tagged: bool, span: &Span) -> Result<(), ReadError> {
        let Some(tag) = span.tag_span().filter(|_| tagged) else {
            return Ok(());
        };
        match self
            .text
            .get(offset(tag.end)..)
            .and_then(|rest| rest.chars().next())
        {
            Some(next) if !next.is_whitespace() => Err(ReadError::tag_end(offset(tag.start))),
            _ => Ok(()),
        }
    }

    /// A scalar in brackets or braces as libyaml sees it: in plain text `?` ends it, and `:` is part of it unless white
    /// space follows; a key stands on one line with its `:`.
    fn in_flow(
        &self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        span: &Span,
    ) -> Result<Cow<'t, str>, ReadError> {
        let plain = style == ScalarStyle::Plain;
        let (start, end) = (offset(span.start), offset(span.end));
        let is_key = match self.stack.last() {
            Some(Frame::Map {
                next, flow: true, ..
            }) => matches!(next, Next::Key),
            Some(Frame::List { flow: true, .. }) => false,
            _ => return Ok(text),
        };
        if plain && text.contains('?') {
            return Err(ReadError::question_mark(start));
        }
        let rest = self.text.get(end..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let Some(after) = rest.trim_start().strip_prefix(':').filter(|_| is_key) else {
            return Ok(text);
        };
        let before = self.text.get(..start).unwrap_or_default();
        let over_lines = self
            .text
            .get(start..end + blank)
            .is_some_and(|key| key.contains(['\n', '\r']));
        if over_lines && !before.trim_end().ends_with('?') {
            return Err(ReadError::key_over_lines(start));
        }
        match after.chars().next() {
            Some('[' | '{') if plain && blank == 0 => Err(ReadError::no_space_after_key(start)),
            Some(',' | '}' | ']') if plain && blank == 0 => Ok(Cow::Owned(format!("{text}:"))),
            _ => Ok(text),
        }
    }

    fn open(&mut self, frame: Frame, anchor: usize, at: usize) -> Result<Option<Value>, ReadError> {
        self.nodes += 1;
        if self.stack.len() >= MAX_DEPTH {
            return Err(ReadError::too_deep(at));
        }
        if let Some(Frame::Map {
            next: Next::Key, ..
        }) = self.stack.last()
        {
            return Err(ReadError::collection_as_key(at));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor::Open);
        }
        self.stack.push(frame);
        Ok(None)
    }

    fn close(&mut self, at: usize) -> Result<Option<Value>, ReadError> {
        let (value, anchor) = match self.stack.pop() {
            Some(Frame::List { items, anchor, .. }) => (Value::Array(items), anchor),
            Some(Frame::Map { map, anchor, .. }) => (Value::Object(map), anchor),
            None => return Ok(None),
        };
        self.remember(anchor, &value);
        self.node(value, false, at)
    }

    fn scalar(
        &mut self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        at: usize,
    ) -> Result<Option<Value>, ReadError> {
        self.nodes += 1;
        let quoted = style != ScalarStyle::Plain;
        if let Some(Frame::Map { next, .. }) = self.stack.last_mut()
            && matches!(next, Next::Key)
            && text == "<<"
            && is_merge(quoted, tag)
        {
            *next = Next::Merge;
            return Ok(None);
        }
        let tag = tag.map_or(Tag::None, |tag| Tag::of(tag.handle(), tag.suffix()));
        let value = if tag == Tag::None && (quoted || !scalar::may_be_typed(&text)) {
            Value::String(text.into_owned())
        } else {
            let value = scalar::value(&text, quoted, tag)
                .map_err(|error| ReadError::scalar(&error, &text, at))?;
            self.surprises = self.surprises
                || (tag == Tag::None
                    && !quoted
                    && !value.is_string()
                    && scalar::is_surprising(&text));
            value
        };
        self.remember(anchor, &value);
        self.node(value, false, at)
    }

    /// Puts a finished node where it belongs.
    fn node(&mut self, value: Value, alias: bool, at: usize) -> Result<Option<Value>, ReadError> {
        match self.stack.last_mut() {
            None => return Ok(Some(value)),
            Some(Frame::List { items, .. }) => items.push(value),
            Some(Frame::Map { map, next, .. }) => match std::mem::replace(next, Next::Key) {
                Next::Key => {
                    let key = scalar::key(value).map_err(|kind| ReadError::key(kind, at))?;
                    *next = Next::Value(key);
                }
                Next::Value(key) => self.repeats |= map.insert(key, value).is_some(),
                Next::Merge => merge(map, value, alias).ok_or_else(|| ReadError::merge(at))?,
            },
        }
        Ok(None)
    }

    fn remember(&mut self, anchor: usize, value: &Value) {
        if anchor != 0 {
            let (nodes, bytes) = size(value);
            let done = Anchor::Done {
                value: value.clone(),
                nodes,
                bytes,
            };
            self.anchors.insert(anchor, done);
        }
    }

    /// The anchor's value again, as long as that stays reasonable.
    fn alias(&mut self, id: usize, span: &Span) -> Result<Value, ReadError> {
        let at = offset(span.start);
        match self.anchors.get(&id) {
            Some(Anchor::Done {
                value,
                nodes,
                bytes,
            }) => {
                self.nodes += nodes + 1;
                self.alias_nodes += nodes;
                self.alias_bytes += bytes;
                if excessive(self.nodes, self.alias_nodes) || self.alias_bytes > MAX_ALIAS_BYTES {
                    return Err(ReadError::excessive_aliasing(at));
                }
                Ok(value.clone())
            }
            Some(Anchor::Open) | None => {
                let name = span.slice(self.text).unwrap_or_default();
                Err(ReadError::self_containing(name.trim_start_matches('*'), at))
            }
        }
    }
}

/// An escape that JSON and YAML 1.2 know and libyaml does not: `\/`, and half of a surrogate pair.
fn json_escape(quoted: &str) -> Option<usize> {
    let bytes = quoted.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..)?.iter().position(|byte| *byte == b'\\') {
        at += found;
        match bytes.get(at + 1..)? {
            [b'/', ..] => return Some(at),
            [
                b'u',
                b'd' | b'D',
                b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F',
                ..,
            ] => return Some(at),
            _ => at += 2,
        }
    }
    None
}

/// `<<` as a key merges unless it is quoted or has a tag of its own (`!` alone leaves it as it is).
pub(super) fn is_merge(quoted: bool, tag: Option<&granit_parser::Tag>) -> bool {
    match tag {
        None => !quoted,
        Some(tag) => {
            Tag::of(tag.handle(), tag.suffix()) == Tag::Merge
                || (tag.handle().is_empty() && tag.suffix() == "!")
        }
    }
}

/// Puts the entries of a map, or of a list of maps, over those that stand already; of a list the first wins.
fn merge(into: &mut Map<String, Value>, value: Value, alias: bool) -> Option<()> {
    match value {
        Value::Object(entries) => into.extend(entries),
        Value::Array(maps) if !alias => {
            for map in maps.into_iter().rev() {
                let Value::Object(entries) = map else {
                    return None;
                };
                into.extend(entries);
            }
        }
        _ => return None,
    }
    Some(())
}

/// How many nodes, keys included, and how many bytes of text a value has.
fn size(value: &Value) -> (usize, usize) {
    match value {
        Value::String(text) => (1, text.len()),
        Value::Array(items) => items.iter().map(size).fold((1, 0), add),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| add((1, key.len()), size(value)))
            .fold((1, 0), add),
        _ => (1, 0),
    }
}

fn add(a: (usize, usize), b: (usize, usize)) -> (usize, usize) {
    (a.0 + b.0, a.1 + b.1)
}

/// Go's limit: of the nodes of a document, 99 % may come from aliases up to 400,000 nodes, 10 % from 4,000,000 on.
fn excessive(nodes: usize, alias_nodes: usize) -> bool {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    if alias_nodes <= 100 || nodes <= 1000 {
        return false;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let (nodes, alias_nodes) = (nodes as f64, alias_nodes as f64);
    let allowed = 0.99 - 0.89 * ((nodes - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
    alias_nodes / nodes > allowed
}
