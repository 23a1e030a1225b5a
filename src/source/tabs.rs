//! Tabs that libyaml refuses and YAML 1.2 does not: where a key could begin, and as indentation of plain text.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

use super::yaml;

/// What of a document matters for tabs, in the order of the text.
#[derive(Default)]
struct Outline {
    /// Quoted scalars and comments: what they hold is theirs.
    opaque: Vec<Range<usize>>,
    /// Literal and folded scalars from their first character on, with its column.
    blocks: Vec<(Range<usize>, usize)>,
    /// Plain scalars, with the column that text going on must reach.
    plain: Vec<(Range<usize>, usize)>,
    /// Flow collections.
    flow: Vec<Range<usize>>,
}

/// The first tab of a well-formed document that libyaml refuses.
pub(super) fn misplaced(text: &str) -> Option<usize> {
    let outline = Outline::new(text);
    text.match_indices('\t')
        .map(|(at, _)| at)
        .find(|at| outline.refuses(text, *at))
}

impl Outline {
    fn new(text: &str) -> Self {
        let mut outline = Self::default();
        // Columns of the open collections; the empty document's is before the first column.
        let mut indents: Vec<usize> = vec![0];
        let mut flow_starts = Vec::new();
        let parser = Parser::new_from_str_with_options(text, yaml::options(true));
        for (event, span) in parser.map_while(Result::ok) {
            let range = yaml::offset(span.start)..yaml::offset(span.end);
            let indent = indents.last().copied().unwrap_or_default();
            match event {
                Event::Comment(..) => outline.opaque.push(range),
                Event::Scalar(_, ScalarStyle::Plain, ..) => outline.plain.push((range, indent)),
                Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => {
                    outline.blocks.push((range, span.start.col()));
                }
                Event::Scalar(..) => outline.opaque.push(range),
                Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                    let column = span.start.col() + 1;
                    if style == StructureStyle::Flow {
                        flow_starts.push(range.start);
                        indents.push(indent);
                    } else {
                        indents.push(indent.max(column));
                    }
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    indents.pop();
                    // The end of a block collection has no bytes of its own.
                    if !range.is_empty()
                        && let Some(start) = flow_starts.pop()
                    {
                        outline.flow.push(start..range.end);
                    }
                }
                Event::DocumentEnd => break,
                _ => {}
            }
        }
        outline.plain.retain(|(range, _)| !range.is_empty());
        outline
    }

    fn refuses(&self, text: &str, at: usize) -> bool {
        if self.opaque.iter().any(|range| range.contains(&at)) {
            return false;
        }
        let start = text
            .get(..at)
            .and_then(|before| before.rfind(['\n', '\r']))
            .map_or(0, |end| end + 1);
        let before = text.get(start..at).unwrap_or_default();
        // libyaml takes the blanks that a block begins with for its indentation, and no tab may be among them.
        if let Some((range, column)) = self.blocks.iter().find(|(range, _)| range.contains(&at)) {
            let blank = before.bytes().all(|byte| byte == b' ');
            return blank && (at - start < *column || at == range.start);
        }
        // Plain text goes on over blank lines, as far as libyaml is concerned.
        let plain = self.plain.iter().rev().find(|(range, _)| range.start < at);
        if let Some((range, indent)) = plain
            && text
                .get(range.end.min(at)..at)
                .is_some_and(|gap| gap.trim().is_empty())
            && start > range.start
        {
            return before.trim().is_empty() && at - start < *indent;
        }
        let in_flow = self.flow.iter().any(|range| range.contains(&at));
        !in_flow
            && before
                .chars()
                .all(|c| matches!(c, ' ' | '\t' | '-' | '?' | ':'))
    }
}
