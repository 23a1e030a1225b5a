//! A stream to documents: apimachinery 0.34.4, `util/yaml/decoder.go`.
//!
//! A stream that begins with `{` is read as JSON values one after another. When the first or second is no JSON, the
//! rest is YAML for good. YAML is cut at lines that begin with `---`; of each piece the first document is taken.

use std::borrow::Cow;
use std::ops::Range;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::Value;

use super::error::ReadError;
use super::{decode, json, yaml};

/// Tells from the text of a YAML document, or of a whole file, whether it needs to be read.
pub type Concerns<'a> = dyn Fn(&str) -> bool + Sync + 'a;

/// How far kubectl looks for the first `{`.
const JSON_LOOKAHEAD: usize = 4096;

/// A stream of so many bytes is read by several threads.
pub const WORTH_THREADS: usize = 256 << 10;

/// One document of a stream.
#[derive(Debug)]
pub(super) struct Piece {
    /// Its bytes in the text.
    pub(super) range: Range<usize>,
    /// Its value; null when there is none.
    pub(super) value: Value,
    /// Where text begins that kubectl does not read.
    pub(super) ignored: Option<usize>,
    /// A key may stand twice.
    pub(super) repeats: bool,
    /// A plain scalar may be read as something else than it looks.
    pub(super) surprises: bool,
}

/// The documents of a text before the first that cannot be read, and that one's bytes and error.
///
/// `concerns` is asked for each piece of YAML; what does not concern us comes as null, unread.
pub(super) fn read(
    text: &str,
    concerns: &Concerns<'_>,
) -> (Vec<Piece>, Option<(Range<usize>, ReadError)>) {
    let mut pieces = Vec::new();
    let mut from = 0;
    let blank = text.len() - text.trim_start().len();
    if blank < JSON_LOOKAHEAD && text.get(blank..).is_some_and(|rest| rest.starts_with('{')) {
        loop {
            match json::parse(text.get(from..).unwrap_or_default()) {
                None => return (pieces, None),
                Some(Ok(parsed)) => {
                    let end = from + parsed.end;
                    pieces.push(Piece {
                        range: from..end,
                        value: parsed.value,
                        ignored: None,
                        repeats: parsed.repeats,
                        surprises: false,
                    });
                    from = end;
                }
                Some(Err(error)) => {
                    let rest = text.get(from..).unwrap_or_default();
                    match eaten(rest).filter(|_| pieces.len() < 2) {
                        Some(blank) => from += blank,
                        None => {
                            let at = from + rest.len() - rest.trim_start().len();
                            let error = ReadError::json(&error.to_string(), at);
                            return (pieces, Some((from..text.len(), error)));
                        }
                    }
                    break;
                }
            }
        }
    }
    let read = |part: Result<Range<usize>, ReadError>| match part {
        Ok(range) => piece(text, range.clone(), concerns).map_err(|error| (range, error)),
        Err(error) => Err((error.at..text.len(), error)),
    };
    if text.len() < WORTH_THREADS {
        for part in Parts::new(text, from) {
            match read(part) {
                Ok(piece) => pieces.push(piece),
                Err(error) => return (pieces, Some(error)),
            }
        }
        return (pieces, None);
    }
    let parts: Vec<_> = Parts::new(text, from).collect();
    let done: Vec<_> = parts.into_par_iter().map(read).collect();
    for part in done {
        match part {
            Ok(piece) => pieces.push(piece),
            Err(error) => return (pieces, Some(error)),
        }
    }
    (pieces, None)
}

/// The white space that kubectl takes away when it gives up on JSON, to the first line break; `None` when it gives up
/// on YAML as well, since it asks for four bytes at a time.
fn eaten(rest: &str) -> Option<usize> {
    let mut end = 0;
    for character in rest.chars() {
        if rest.len() - end < 4 {
            return None;
        }
        if !character.is_whitespace() {
            return Some(end);
        }
        end += character.len_utf8();
        if character == '\n' {
            return Some(end);
        }
    }
    None
}

fn piece(text: &str, range: Range<usize>, concerns: &Concerns<'_>) -> Result<Piece, ReadError> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start;
    if !concerns(part) {
        return Ok(Piece {
            range,
            value: Value::Null,
            ignored: None,
            repeats: false,
            surprises: false,
        });
    }
    let part = if decode::is_simple(part) {
        Cow::Borrowed(part)
    } else {
        if let Some((at, character)) = decode::control_character(part) {
            return Err(match part.find('\0') {
                Some(nul) => ReadError::binary(start + nul),
                None => ReadError::control_character(character, start + at),
            });
        }
        yaml::old_line_breaks(part)
    };
    if let Some(error) = bad_beginning(&part) {
        return Err(error.moved(start));
    }
    let parsed = yaml::parse(&part).map_err(|error| error.moved(start))?;
    Ok(Piece {
        range,
        value: parsed.value,
        ignored: rest(&part, parsed.end).map(|at| start + at),
        repeats: parsed.repeats,
        surprises: parsed.surprises,
    })
}

/// Directives without a `---` after them in the piece, or `...` before anything else.
fn bad_beginning(part: &str) -> Option<ReadError> {
    let mut directive = None;
    let mut at = 0;
    for line in part.split_inclusive('\n') {
        if line.starts_with('%') {
            directive = directive.or(Some(at));
        } else if !is_blank_or_comment(line) {
            break;
        }
        at += line.len();
    }
    let rest = part.get(at..).unwrap_or_default();
    let is_marker = |marker| {
        rest.strip_prefix(marker)
            .is_some_and(|rest: &str| rest.is_empty() || rest.starts_with(char::is_whitespace))
    };
    match directive {
        Some(directive) if !is_marker("---") => Some(ReadError::directive(directive)),
        None if is_marker("...") => Some(ReadError::nothing_before_end(at)),
        _ => None,
    }
}

fn is_blank_or_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// Where something else than comments and `...` follows the document.
fn rest(part: &str, end: usize) -> Option<usize> {
    let mut at = end;
    // The document's last line may still have a comment.
    for line in part.get(end..)?.split_inclusive(['\n', '\r']) {
        let blank = line.len() - line.trim_start().len();
        let content = line.trim();
        if !(content.is_empty() || content.starts_with('#') || content == "...") {
            return Some(at + blank);
        }
        at += line.len();
    }
    None
}

/// Cuts a stream at its `---` lines. A piece begins with its `---` when nothing stands before that.
pub(super) struct Parts<'t> {
    text: &'t str,
    at: usize,
    failed: bool,
}

impl<'t> Parts<'t> {
    /// The pieces from an offset on.
    pub(super) fn new(text: &'t str, from: usize) -> Self {
        Self {
            text,
            at: from,
            failed: false,
        }
    }
}

impl Iterator for Parts<'_> {
    type Item = Result<Range<usize>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        if self.failed || start >= self.text.len() {
            return None;
        }
        let mut line = start;
        loop {
            let rest = self.text.get(line..).unwrap_or_default();
            let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
            if let Some(after) = rest.get(..length).and_then(|line| line.strip_prefix("---")) {
                let after = after.trim();
                if !after.is_empty() && !after.starts_with('#') {
                    self.failed = true;
                    return Some(Err(ReadError::separator(after, line)));
                }
                if line > start {
                    self.at = line + length;
                    return Some(Ok(start..line));
                }
            }
            line += length;
            // The next line that may be a separator.
            let rest = self.text.get(line..).unwrap_or_default();
            if rest.is_empty() {
                self.at = self.text.len();
                return Some(Ok(start..self.text.len()));
            }
            if !rest.starts_with("---") {
                line += rest.find("\n---").map_or(rest.len(), |end| end + 1);
                if line >= self.text.len() {
                    self.at = self.text.len();
                    return Some(Ok(start..self.text.len()));
                }
            }
        }
    }
}
