//! The findings of a run, each with its place in the text, in order.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use serde_json::Value;

use super::{FieldPath, Finding, Level, Place, fix};
use crate::inventory::Stack;
use crate::rules;
use crate::source::{DocumentId, FileId, LineIndex, Places, Sources, TextRange};

/// A line and a column, both from 1. Columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// A place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// The bytes.
    pub range: TextRange,
    /// Where they begin.
    pub start: Position,
    /// The position after the last character.
    pub end: Position,
    /// Which document of the file, from 0, when it is a place in a document.
    pub document: Option<usize>,
}

/// A finding and where its places are.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// The finding.
    pub finding: Finding,
    /// Where it is; `None` when nothing in the input can be pointed at.
    pub site: Option<Site>,
    /// Where the related places are, in their order.
    pub related: Vec<Option<Site>>,
    /// The finding's fix as edits of the text, when it can be made there.
    pub fix: Option<fix::Edits>,
}

/// How many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files read.
    pub files: usize,
    /// AIMServices in them.
    pub services: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are notes.
    pub notes: usize,
    /// Findings with one certain fix.
    pub fixable: usize,
}

/// `12 files, 30 services: 2 errors, 1 warning, 2 fixable`.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |count: usize, what: &str| {
            let end = if count == 1 { "" } else { "s" };
            format!("{count} {what}{end}")
        };
        let mut found: Vec<String> = [
            (self.errors, "error"),
            (self.warnings, "warning"),
            (self.notes, "note"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| counted(count, what))
        .collect();
        if found.is_empty() {
            found.push("nothing to complain about".to_owned());
        }
        if self.fixable > 0 {
            found.push(format!("{} fixable", self.fixable));
        }
        write!(
            f,
            "{}, {}: {}",
            counted(self.files, "file"),
            counted(self.services, "service"),
            found.join(", ")
        )
    }
}

/// The findings of a run, ordered by place, each once.
#[derive(Debug)]
pub struct Report<'a> {
    /// What was read.
    pub sources: &'a Sources,
    /// The versions that are reproduced.
    pub stack: &'static Stack,
    /// The findings: by file, then by place in it; those without a place come last.
    pub findings: Vec<Located>,
    /// How many there are.
    pub summary: Summary,
}

impl<'a> Report<'a> {
    /// Puts findings in order and leaves out what was said already.
    #[must_use]
    pub fn new(
        sources: &'a Sources,
        stack: &'static Stack,
        services: usize,
        mut findings: Vec<Located>,
    ) -> Self {
        findings.sort_by(|a, b| order(a).cmp(&order(b)));
        findings.dedup_by(|b, a| {
            a.site == b.site
                && a.finding.rule.code == b.finding.rule.code
                && a.finding.message == b.finding.message
                && (a.site.is_some() || a.finding.place == b.finding.place)
        });
        let mut summary = Summary {
            files: sources.files.len(),
            services,
            ..Summary::default()
        };
        for located in &findings {
            match located.finding.level {
                Level::Error => summary.errors += 1,
                Level::Warning => summary.warnings += 1,
                Level::Note => summary.notes += 1,
            }
            summary.fixable += usize::from(located.fix.is_some());
        }
        Self {
            sources,
            stack,
            findings,
            summary,
        }
    }

    /// The name of the file of a place as forges want it: they take `./a` for another file than `a`.
    #[must_use]
    pub fn plain_file_name(&self, file: FileId) -> &'a str {
        self.file_name(file).trim_start_matches("./")
    }

    /// The name of the file of a place.
    #[must_use]
    pub fn file_name(&self, file: FileId) -> &'a str {
        self.sources.file(file).map_or("", |file| &file.name)
    }
}

/// By place; at one place errors first, then by code and text.
fn order(located: &Located) -> impl Ord + '_ {
    let finding = &located.finding;
    (
        located.site.is_none(),
        located.site.map(|site| (site.range.file, site.range.start)),
        std::cmp::Reverse(finding.level),
        finding.rule.code,
        &finding.place.object,
        &finding.message,
    )
}

/// Turns places into positions in the text. It keeps the line starts of the files, and the layout of the document, that
/// it was asked about last: findings come document by document.
#[derive(Debug)]
pub struct Locator<'a> {
    /// What was read.
    pub sources: &'a Sources,
    lines: BTreeMap<FileId, LineIndex>,
    places: Places<'a>,
    document: Option<DocumentId>,
    value: Option<Rc<Value>>,
}

impl<'a> Locator<'a> {
    /// A locator for these sources.
    #[must_use]
    pub fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            lines: BTreeMap::new(),
            places: Places::new(sources),
            document: None,
            value: None,
        }
    }

    /// A finding with its places and, when it brings no fix, the one that its rule knows.
    pub fn locate(&mut self, mut finding: Finding) -> Located {
        self.turn_to(finding.place.document);
        self.point_at_text(&mut finding);
        if finding.fix.is_none() && rules::mends(finding.rule) {
            finding.fix = self
                .value()
                .and_then(|document| rules::fix(&finding, &document));
        }
        let site = self.site(&finding.place);
        let related = finding
            .related
            .iter()
            .map(|related| self.site(&related.place))
            .collect();
        let fix = finding.fix.as_ref().and_then(|fix| fix::edits(fix, self));
        Located {
            finding,
            site,
            related,
            fix,
        }
    }

    /// A finding about a field that nobody wrote is shown at the first related field that somebody did.
    fn point_at_text(&mut self, finding: &mut Finding) {
        if finding.related.is_empty() || finding.place.range.is_some() {
            return;
        }
        let Some(document) = self.value() else {
            return;
        };
        let written = |place: &Place| {
            place.document == finding.place.document
                && !place.path.0.is_empty()
                && document.pointer(&place.path.pointer()).is_some()
        };
        if written(&finding.place) {
            return;
        }
        if let Some(at) = finding
            .related
            .iter()
            .position(|related| written(&related.place))
        {
            let related = finding.related.remove(at);
            finding.place = related.place;
            finding.label = Some(related.label);
        }
        finding
            .related
            .retain(|related| related.place.document.is_none() || !related.place.path.0.is_empty());
    }

    /// Makes a document the one that is asked about.
    pub(super) fn turn_to(&mut self, document: Option<DocumentId>) {
        if document != self.document {
            self.document = document;
            self.places = Places::new(self.sources);
            self.value = None;
        }
    }

    /// The value of the document that was turned to last.
    pub(super) fn value(&mut self) -> Option<Rc<Value>> {
        if self.value.is_none() {
            self.value = self.sources.reread(self.document?).map(Rc::new);
        }
        self.value.clone()
    }

    /// Where a place is.
    pub fn site(&mut self, place: &Place) -> Option<Site> {
        let range = self.named(place).or_else(|| self.span(place))?;
        let document = place
            .document
            .and_then(|id| self.sources.document(id))
            .map(|document| document.index);
        self.positions(range, document)
    }

    /// An object as a whole is shown by its name.
    fn named(&self, place: &Place) -> Option<TextRange> {
        if place.object.is_none() || place.range.is_some() || !place.path.0.is_empty() {
            return None;
        }
        let path = FieldPath::parse("metadata.name");
        self.places.range(&Place {
            path,
            ..place.clone()
        })
    }

    /// The bytes of a place.
    #[must_use]
    pub fn span(&self, place: &Place) -> Option<TextRange> {
        self.places.range(place).or_else(|| {
            let document = self.sources.document(place.document?)?;
            Some(TextRange {
                file: document.file,
                start: document.range.start,
                end: document.range.end,
            })
        })
    }

    /// The position of bytes of a file.
    pub fn positions(&mut self, range: TextRange, document: Option<usize>) -> Option<Site> {
        let text = &self.sources.file(range.file)?.text;
        let lines = self
            .lines
            .entry(range.file)
            .or_insert_with(|| LineIndex::new(text));
        let position = |offset| {
            let (line, column) = lines.line_column(text, offset);
            Position { line, column }
        };
        Some(Site {
            range,
            start: position(range.start),
            end: position(range.end),
            document,
        })
    }
}
