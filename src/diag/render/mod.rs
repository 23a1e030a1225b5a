//! A report in the form that its reader wants, one file a format.
//!
//! Every renderer takes the same [`Report`] and writes finding after finding, so that ten thousand of them need no
//! more memory than the report itself.

mod concise;
mod github;
mod gitlab;
pub mod json;
mod junit;
mod ndjson;
mod safe;
mod sarif;
mod snippet;
mod text;
mod wrap;

use std::io::{self, Write};

pub(crate) use safe::line as safe_line;
pub use text::TextStyle;
pub(crate) use wrap::wrap;

use super::Report;

/// A form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people: each finding with a picture of its lines, the refuser's words, the consequence and the fix.
    Text,
    /// One line a finding.
    Concise,
    /// One JSON document; its schema is `schemas/report.v1.json`.
    Json,
    /// One JSON line a finding, each a result of the JSON report.
    Ndjson,
    /// Workflow commands of GitHub Actions: annotations on the changed files.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit XML: a test suite a file, a failed test case an error.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
}

impl Format {
    /// Every format, with the name that `--format` gives it.
    pub const ALL: &[(Self, &'static str)] = &[
        (Self::Text, "text"),
        (Self::Concise, "concise"),
        (Self::Json, "json"),
        (Self::Ndjson, "ndjson"),
        (Self::Github, "github"),
        (Self::Gitlab, "gitlab"),
        (Self::Junit, "junit"),
        (Self::Sarif, "sarif"),
    ];

    /// The format of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(format, _)| *format)
    }
}

/// Writes a report. `style` matters for [`Format::Text`] only.
///
/// # Errors
/// What `out` cannot take.
pub fn render(
    report: &Report<'_>,
    format: Format,
    style: TextStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::render(report, style, out),
        Format::Concise => concise::render(report, out),
        Format::Json => json::render(report, out),
        Format::Ndjson => ndjson::render(report, out),
        Format::Github => github::render(report, out),
        Format::Gitlab => gitlab::render(report, out),
        Format::Junit => junit::render(report, out),
        Format::Sarif => sarif::render(report, out),
    }
}
