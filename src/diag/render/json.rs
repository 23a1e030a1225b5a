//! The JSON report, `report.aimctl.dev/v1`. Its types are its schema: `schemas/report.v1.json` is made from them.
//!
//! Within v1 fields are only added. There are no timestamps, so equal input gives equal bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::safe;
use crate::diag::{Level, Located, Moment, Place, Refuser, Report, Site, Summary, fix, secret};

/// The report's version.
pub const API_VERSION: &str = "report.aimctl.dev/v1";

/// What `aimctl validate --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "aimctl report v1")]
pub struct ReportDocument {
    /// Always `report.aimctl.dev/v1`.
    pub api_version: &'static str,
    /// Always `Report`.
    pub kind: &'static str,
    /// The program that made the report.
    pub tool: Tool,
    /// The versions of the programs whose behaviour is reproduced.
    pub stack: StackInfo,
    /// How much was read and found.
    pub summary: SummaryInfo,
    /// The findings, ordered by file and place; those without a place in a file come last.
    pub results: Vec<ReportResult>,
}

/// The program that made the report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tool {
    /// Always `aimctl`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Tool {
    /// This program.
    #[must_use]
    pub fn this() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// The versions of the programs whose behaviour is reproduced.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StackInfo {
    /// The name of the set, as `--stack` takes it.
    pub version: &'static str,
    /// Version by product.
    pub components: BTreeMap<&'static str, &'static str>,
}

/// How much was read and found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SummaryInfo {
    /// Files read.
    pub files: usize,
    /// AIMServices in them.
    pub services: usize,
    /// Findings of level error.
    pub errors: usize,
    /// Findings of level warning.
    pub warnings: usize,
    /// Findings of level note.
    pub notes: usize,
    /// Findings that `--fix` mends.
    pub fixable: usize,
}

impl From<Summary> for SummaryInfo {
    fn from(summary: Summary) -> Self {
        Self {
            files: summary.files,
            services: summary.services,
            errors: summary.errors,
            warnings: summary.warnings,
            notes: summary.notes,
            fixable: summary.fixable,
        }
    }
}

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportResult {
    /// The rule's code, `D301`. Codes are never reused; `aimctl explain CODE` prints the rule's page.
    pub code: &'static str,
    /// The rule's name, `autoscaling-without-metric`.
    pub name: &'static str,
    /// How bad it is, after `--deny`, `--warn`, `--allow` and the configuration.
    pub level: Level,
    /// Who refuses it, or whose behaviour it is.
    pub refuser: Refuser,
    /// When that happens.
    pub moment: Moment,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What was being done when it was refused, as a clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occasion: Option<String>,
    /// The refuser's own text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// What happens in the cluster then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequence: Option<String>,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where it is.
    #[serde(flatten)]
    pub place: PlaceInfo,
    /// Other places that belong to it.
    pub related: Vec<RelatedInfo>,
    /// The edit that mends it, when there is exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<FixInfo>,
}

/// A place: an object and a field of it, and where that stands in a file.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct PlaceInfo {
    /// The object, when it is one that can be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectInfo>,
    /// The field in the object, a JSON Pointer (RFC 6901); empty for the object itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The file, as it was named on the command line or found below a directory named there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Which document of the file, from 0. Empty documents count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
    /// Where in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<RangeInfo>,
}

/// What identifies an object.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObjectInfo {
    /// `aim.eai.amd.com/v1alpha1`.
    pub api_version: String,
    /// `AIMService`.
    pub kind: &'static str,
    /// Absent for cluster-scoped kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

/// A range of a file; the end is the position after the last character.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RangeInfo {
    /// Its first character.
    pub start: PositionInfo,
    /// The position after its last character.
    pub end: PositionInfo,
}

/// A position in a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PositionInfo {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// Bytes before it, without a byte order mark at the file's beginning.
    pub offset: usize,
}

/// Another place that belongs to a finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RelatedInfo {
    /// What is there.
    pub message: String,
    /// Where it is.
    #[serde(flatten)]
    pub place: PlaceInfo,
}

/// An edit that certainly mends a finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FixInfo {
    /// What it does, in a few words.
    pub title: String,
    /// The replacements; they do not overlap.
    pub edits: Vec<EditInfo>,
}

/// One replacement of text.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EditInfo {
    /// The file.
    pub file: String,
    /// What is replaced; empty for an insertion.
    pub range: RangeInfo,
    /// The new text.
    pub text: String,
}

impl ReportResult {
    /// A finding as a result.
    #[must_use]
    pub fn new(report: &Report<'_>, located: &Located) -> Self {
        let finding = &located.finding;
        let text = |text: &String| secret::mask(text).into_owned();
        Self {
            code: finding.rule.code,
            name: finding.rule.name,
            level: finding.level,
            refuser: finding.refuser,
            moment: finding.moment,
            message: text(&finding.message),
            occasion: finding.occasion.as_ref().map(text),
            refusal: finding.refusal.as_ref().map(text),
            consequence: finding.consequence.as_ref().map(text),
            help: finding.help.as_ref().map(text),
            place: PlaceInfo::new(report, &finding.place, located.site),
            related: finding
                .related
                .iter()
                .zip(&located.related)
                .map(|(related, site)| RelatedInfo {
                    message: text(&related.label),
                    place: PlaceInfo::new(report, &related.place, *site),
                })
                .collect(),
            fix: located.fix.as_ref().map(|fix| FixInfo {
                title: fix.title.clone(),
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| EditInfo::new(report, edit))
                    .collect(),
            }),
        }
    }
}

impl PlaceInfo {
    fn new(report: &Report<'_>, place: &Place, site: Option<Site>) -> Self {
        Self {
            object: place.object.as_ref().map(|key| ObjectInfo {
                api_version: key.kind.api_version(),
                kind: key.kind.as_str(),
                namespace: Some(key.namespace.clone()).filter(|namespace| !namespace.is_empty()),
                name: key.name.clone(),
            }),
            path: (place.range.is_none() && (place.object.is_some() || place.document.is_some()))
                .then(|| place.path.pointer()),
            file: site.map(|site| report.file_name(site.range.file).to_owned()),
            document: site.and_then(|site| site.document),
            range: site.map(RangeInfo::from),
        }
    }
}

impl From<Site> for RangeInfo {
    fn from(site: Site) -> Self {
        let position = |position: crate::diag::Position, offset| PositionInfo {
            line: position.line,
            column: position.column,
            offset,
        };
        Self {
            start: position(site.start, site.range.start),
            end: position(site.end, site.range.end),
        }
    }
}

impl EditInfo {
    fn new(report: &Report<'_>, edit: &fix::Edit) -> Self {
        Self {
            file: report.file_name(edit.site.range.file).to_owned(),
            range: edit.site.into(),
            text: edit.text.clone(),
        }
    }
}

/// JSON text in which characters that a terminal obeys, or that reorder text, are written as escapes. They can stand
/// in strings only, so the values stay the same.
pub(super) fn harmless(json: &str) -> Cow<'_, str> {
    let ordinary = |c: char| c == '\n' || safe::character(c) == c;
    if json.chars().all(ordinary) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if ordinary(c) {
            out.push(c);
        } else {
            // All of them are in the basic plane. Writing to a String cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
    }
    Cow::Owned(out)
}

/// Writes the document, its results one by one.
pub(super) fn render(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let head = ReportDocument {
        api_version: API_VERSION,
        kind: "Report",
        tool: Tool::this(),
        stack: StackInfo {
            version: report.stack.version,
            components: report
                .stack
                .components
                .iter()
                .map(|component| (component.name, component.version))
                .collect(),
        },
        summary: report.summary.into(),
        results: Vec::new(),
    };
    let head = serde_json::to_string_pretty(&head)?;
    // The empty list is the head's last member, so the results can be written in its place.
    let open = head.trim_end_matches(['}', '\n', ' ', ']']);
    out.write_all(open.as_bytes())?;
    for (index, located) in report.findings.iter().enumerate() {
        let result = serde_json::to_string_pretty(&ReportResult::new(report, located))?;
        out.write_all(if index == 0 { b"\n    " } else { b",\n    " })?;
        out.write_all(harmless(&result).replace('\n', "\n    ").as_bytes())?;
    }
    out.write_all(if report.findings.is_empty() {
        b"]\n}\n"
    } else {
        b"\n  ]\n}\n"
    })
}
