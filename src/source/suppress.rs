//! Comments that keep findings back: `# aimctl:ignore CODE[,CODE] -- reason`, `# aimctl:ignore-file CODE -- reason`.

use std::ops::Range;

use super::document::{FileId, Sources, TextRange};
use super::layout::Layout;
use super::stream::Parts;

const MARK: &str = "aimctl:ignore";

/// A comment that keeps findings back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Codes or names of rules, as written. Empty when none is named: then it keeps nothing back.
    pub rules: Vec<String>,
    /// The text after `--`.
    pub reason: Option<String>,
    /// The comment.
    pub comment: TextRange,
    /// What it covers: a finding whose place begins there is kept back.
    pub covers: TextRange,
}

impl Sources {
    /// The suppressions of a file, in the order of the text.
    ///
    /// A comment at the end of a line covers the largest node that begins on that line (an entry with its key, an
    /// item of a list); one on a line of its own covers the node below it, and the whole document above its first
    /// node.
    #[must_use]
    pub fn suppressions(&self, file: FileId) -> Vec<Suppression> {
        let Some(text) = self.file(file).map(|file| file.text.as_str()) else {
            return Vec::new();
        };
        if !text.contains(MARK) {
            return Vec::new();
        }
        let range = |bytes: Range<usize>| TextRange {
            file,
            start: bytes.start,
            end: bytes.end,
        };
        let mut found: Vec<Suppression> = Vec::new();
        let mut waiting: Vec<usize> = Vec::new();
        for part in Parts::new(text, 0).map_while(Result::ok) {
            let piece = text.get(part.clone()).unwrap_or_default();
            let layout = Layout::new(piece);
            let root = layout.root().filter(|root| !root.is_empty());
            for comment in &layout.comments {
                let Some(parsed) = piece.get(comment.clone()).and_then(parse) else {
                    continue;
                };
                let at = part.start;
                let covers = if parsed.whole_file {
                    Some(0..text.len())
                } else {
                    covered(piece, &layout, comment).map(|bytes| bytes.start + at..bytes.end + at)
                };
                let nothing = comment.end + at..comment.end + at;
                let suppression = Suppression {
                    rules: parsed.rules,
                    reason: parsed.reason,
                    comment: range(comment.start + at..comment.end + at),
                    covers: range(covers.clone().unwrap_or(nothing)),
                };
                if covers.is_none() && root.is_none() {
                    waiting.push(found.len());
                }
                found.push(suppression);
            }
            // Comments that stand alone before a `---` are above the document after it.
            if let Some(root) = root {
                for index in waiting.drain(..) {
                    if let Some(suppression) = found.get_mut(index) {
                        suppression.covers = range(root.start + part.start..root.end + part.start);
                    }
                }
            }
        }
        found
    }
}

struct Parsed {
    rules: Vec<String>,
    reason: Option<String>,
    whole_file: bool,
}

fn parse(comment: &str) -> Option<Parsed> {
    let rest = comment
        .trim_start_matches('#')
        .trim_start()
        .strip_prefix(MARK)?;
    let (whole_file, rest) = match rest.strip_prefix("-file") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if !(rest.is_empty() || rest.starts_with(char::is_whitespace)) {
        return None;
    }
    let (names, reason) = match rest.split_once("--") {
        Some((names, reason)) => (names, Some(reason.trim())),
        None => (rest, None),
    };
    Some(Parsed {
        rules: names
            .split([',', ' ', '\t'])
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        reason: reason
            .filter(|reason| !reason.is_empty())
            .map(str::to_owned),
        whole_file,
    })
}

/// What a comment covers, in bytes of its piece.
fn covered(piece: &str, layout: &Layout, comment: &Range<usize>) -> Option<Range<usize>> {
    let before = piece.get(..comment.start)?;
    let start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let beside = piece.get(start..comment.start)?;
    if !(beside.trim().is_empty() || beside.trim() == "---") {
        return layout.beginning_on(&(start..comment.start));
    }
    let mut at = comment.end;
    for line in piece.get(comment.end..)?.split_inclusive(['\n', '\r']) {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') || content == "---" {
            at += line.len();
            continue;
        }
        let line = at..at + line.len();
        let root = layout.root()?;
        return if line.contains(&root.start) {
            Some(root)
        } else {
            layout.beginning_on(&line)
        };
    }
    None
}
