//! The picture of the lines that a finding is about, drawn by miette.
//!
//! miette draws; what it draws is a window cut for it: only the lines around the labels, made harmless, secrets
//! covered, long lines shortened around the label. So a finding costs the same in a file of a thousand documents.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};

use super::safe;
use super::text::TextStyle;
use crate::diag::{Level, Site, secret};

/// Lines shown before a label, and after it.
const BEFORE: usize = 2;
const AFTER: usize = 1;
/// What stands beside the text: line number, rule, margin.
const GUTTER: usize = 10;

/// One label of a picture.
pub(super) struct Label<'a> {
    /// Where.
    pub(super) site: Site,
    /// What is said there.
    pub(super) text: Option<&'a str>,
    /// It is what the finding is about.
    pub(super) primary: bool,
}

/// Draws the lines of one file around labels, the file's name on top. `labels` may not be empty.
pub(super) fn draw(
    name: &str,
    text: &str,
    labels: &[Label<'_>],
    level: Level,
    style: TextStyle,
) -> String {
    let picture = Picture::new(name, text, labels, level, style);
    let mut theme = match (style.unicode, style.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    let own = match level {
        Level::Error => theme.styles.error,
        Level::Warning => theme.styles.warning,
        Level::Note => theme.styles.advice,
    };
    theme.styles.highlights = picture
        .labels
        .iter()
        .map(|label| {
            if label.primary() {
                own
            } else {
                theme.styles.help
            }
        })
        .collect();
    theme.styles.link = theme.styles.linum;
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_context_lines(BEFORE)
        .without_primary_span_start()
        .without_syntax_highlighting()
        .tab_width(4);
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, &picture).is_err() {
        return String::new();
    }
    // The head with the message is ours to write; miette's is its first line, since our message is empty.
    drawn
        .split_once('\n')
        .map_or_else(String::new, |(_, rest)| rest.to_owned())
}

/// A line of the window.
struct WindowLine {
    number: usize,
    /// Where it begins in the window's text.
    start: usize,
}

/// What miette is asked to draw.
struct Picture {
    name: String,
    level: Level,
    text: String,
    lines: Vec<WindowLine>,
    /// In the order of the text, as miette counts them.
    labels: Vec<LabeledSpan>,
    /// Line and column in the file of each label, by its place in the window.
    positions: BTreeMap<usize, (usize, usize)>,
}

impl Picture {
    fn new(name: &str, text: &str, labels: &[Label<'_>], level: Level, style: TextStyle) -> Self {
        let mut ranges: BTreeMap<usize, Range<usize>> = BTreeMap::new();
        for label in labels {
            around(text, label.site, &mut ranges);
        }
        let wanted = merge(text, labels);
        let mut picture = Self {
            name: safe::line(name).into_owned(),
            level,
            text: String::new(),
            lines: Vec::new(),
            labels: Vec::new(),
            positions: BTreeMap::new(),
        };
        let room = style.width.saturating_sub(GUTTER).max(20);
        for (number, range) in ranges {
            let start = picture.text.len();
            picture.lines.push(WindowLine { number, start });
            let marks: Vec<&Mark> = wanted
                .iter()
                .filter(|mark| mark.position.0 == number)
                .collect();
            let focus = marks.first().map(|mark| mark.range.start);
            let line = ShownLine::new(text, range, focus, room, style.unicode);
            for mark in marks {
                let from = start + line.offset(mark.range.start);
                let to = start + line.offset(mark.range.end);
                picture.positions.insert(from, mark.position);
                let span = (from, to.saturating_sub(from));
                let said = (!mark.text.is_empty()).then(|| mark.text.clone());
                picture.labels.push(if mark.primary {
                    LabeledSpan::new_primary_with_span(said, span)
                } else {
                    LabeledSpan::new_with_span(said, span)
                });
            }
            picture.text.push_str(&line.text);
            picture.text.push('\n');
        }
        picture.labels.sort_by_key(LabeledSpan::offset);
        picture
    }

    fn line_at(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|line| line.start <= offset)
            .saturating_sub(1)
    }
}

/// A label on one line, its text with it.
struct Mark {
    range: Range<usize>,
    position: (usize, usize),
    text: String,
    primary: bool,
}

/// Labels cut to their first lines; those on the same characters become one.
fn merge(text: &str, labels: &[Label<'_>]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for label in labels {
        let start = label.site.range.start;
        let end = label.site.range.end.min(line_end(text, start)).max(start);
        let shown = text.get(start..end).unwrap_or_default().trim_end();
        let range = start..start + shown.len();
        let said = label.text.map(safe::line).unwrap_or_default();
        if let Some(same) = marks.iter_mut().find(|mark| mark.range == range) {
            if !same.text.is_empty() && !said.is_empty() {
                same.text.push_str("; ");
            }
            same.text.push_str(&said);
            same.primary |= label.primary;
            continue;
        }
        marks.push(Mark {
            range,
            position: (label.site.start.line, label.site.start.column),
            text: said.into_owned(),
            primary: label.primary,
        });
    }
    marks
}

/// The lines around a label, by number. A document's separator ends the context.
fn around(text: &str, site: Site, into: &mut BTreeMap<usize, Range<usize>>) {
    let start = line_start(text, site.range.start);
    let end = line_end(text, site.range.start);
    into.insert(site.start.line, start..end);
    let mut begin = start;
    for step in 1..=BEFORE {
        let Some(range) = line_before(text, begin) else {
            break;
        };
        if text
            .get(range.clone())
            .is_some_and(|line| line.starts_with("---"))
        {
            break;
        }
        begin = range.start;
        into.insert(site.start.line.saturating_sub(step), range);
    }
    let mut last = end;
    for step in 1..=AFTER {
        let Some(range) = line_after(text, last) else {
            break;
        };
        let line = text.get(range.clone()).unwrap_or_default();
        if line.starts_with("---") || line.trim().is_empty() {
            break;
        }
        last = range.end;
        into.insert(site.start.line + step, range);
    }
}

const ENDS: [char; 2] = ['\n', '\r'];

fn line_start(text: &str, offset: usize) -> usize {
    text.get(..offset)
        .and_then(|head| head.rfind(ENDS))
        .map_or(0, |at| at + 1)
}

fn line_end(text: &str, offset: usize) -> usize {
    text.get(offset..)
        .and_then(|tail| tail.find(ENDS))
        .map_or(text.len(), |at| offset + at)
}

fn line_before(text: &str, start: usize) -> Option<Range<usize>> {
    let head = text.get(..start)?;
    let end = head
        .strip_suffix("\r\n")
        .or_else(|| head.strip_suffix(ENDS))?
        .len();
    Some(line_start(text, end)..end)
}

fn line_after(text: &str, end: usize) -> Option<Range<usize>> {
    let tail = text.get(end..)?;
    let rest = tail
        .strip_prefix("\r\n")
        .or_else(|| tail.strip_prefix(ENDS))?;
    let start = text.len() - rest.len();
    (!rest.is_empty()).then(|| start..line_end(text, start))
}

/// A line as it is shown.
struct ShownLine {
    text: String,
    /// For each character kept: where it was in the file, where it is in the line.
    map: Vec<(usize, usize)>,
}

impl ShownLine {
    fn new(
        text: &str,
        range: Range<usize>,
        focus: Option<usize>,
        room: usize,
        unicode: bool,
    ) -> Self {
        let line = text.get(range.clone()).unwrap_or_default();
        let covered = secret::cover(line, secret::in_yaml(text, range.clone()));
        // Stars are as many as characters, so the places of the uncovered line hold.
        let characters: Vec<(usize, char)> = line
            .char_indices()
            .zip(covered.chars())
            .map(|((at, _), c)| (range.start + at, safe::character(c)))
            .collect();
        let focus = focus
            .and_then(|focus| characters.iter().position(|(at, _)| *at >= focus))
            .unwrap_or(0);
        let (from, to) = shortened(characters.len(), focus, room);
        let more = if unicode { "…" } else { "..." };
        let mut shown = String::new();
        let mut map = Vec::with_capacity(to - from);
        if from > 0 {
            shown.push_str(more);
        }
        for (at, c) in characters.iter().take(to).skip(from) {
            map.push((*at, shown.len()));
            shown.push(*c);
        }
        map.push((
            characters.get(to).map_or(range.end, |(at, _)| *at),
            shown.len(),
        ));
        if to < characters.len() {
            shown.push_str(more);
        }
        Self { text: shown, map }
    }

    /// Where a byte of the file is in the shown line; what was cut off is at the nearest end.
    fn offset(&self, byte: usize) -> usize {
        let at = self.map.partition_point(|(original, _)| *original < byte);
        self.map
            .get(at)
            .or(self.map.last())
            .map_or(0, |(_, shown)| *shown)
    }
}

/// Which characters of a line to keep so that it fits, with the focus in view.
fn shortened(length: usize, focus: usize, room: usize) -> (usize, usize) {
    if length <= room {
        return (0, length);
    }
    let from = if focus < room * 2 / 3 {
        0
    } else {
        focus.saturating_sub(room / 3).min(length - room)
    };
    (from, (from + room).min(length))
}

impl SourceCode for Picture {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let mut first = self.line_at(span.offset());
        let mut last = self.line_at((span.offset() + span.len().max(1)) - 1);
        let number = |index: usize| self.lines.get(index).map_or(0, |line| line.number);
        for _ in 0..before {
            if first > 0 && number(first - 1) + 1 == number(first) {
                first -= 1;
            }
        }
        for _ in 0..after.min(AFTER) {
            if last + 1 < self.lines.len() && number(last) + 1 == number(last + 1) {
                last += 1;
            }
        }
        let start = self.lines.get(first).map_or(0, |line| line.start);
        let end = self
            .lines
            .get(last + 1)
            .map_or(self.text.len(), |line| line.start);
        let data = self
            .text
            .get(start..end)
            .ok_or(MietteError::OutOfBounds)?
            .as_bytes();
        let (line, column) = self
            .positions
            .get(&span.offset())
            .copied()
            .unwrap_or((number(first), 1));
        Ok(Box::new(MietteSpanContents::new_named(
            format!("{}:{line}:{column}", self.name),
            data,
            (start, end - start).into(),
            number(first).saturating_sub(1),
            0,
            last - first + 1,
        )))
    }
}

impl Diagnostic for Picture {
    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note => Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture").field("name", &self.name).finish()
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Picture {}
