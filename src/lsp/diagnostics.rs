//! Findings as the editor shows them.

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Uri,
};

use super::range;
use crate::diag::{Level, Located, Report, secret};
use crate::source::FileId;

/// The file of that name in a report.
#[must_use]
pub fn file_of(report: &Report<'_>, name: &str) -> Option<FileId> {
    let files = &report.sources.files;
    files.iter().position(|file| file.name == name).map(FileId)
}

/// The findings in a file. `uri` tells the address of a file by its name.
#[must_use]
pub fn diagnostics(
    report: &Report<'_>,
    file: FileId,
    uri: &dyn Fn(&str) -> Option<Uri>,
) -> Vec<Diagnostic> {
    report
        .findings
        .iter()
        .filter_map(|located| diagnostic(report, located, file, uri))
        .collect()
}

fn diagnostic(
    report: &Report<'_>,
    located: &Located,
    file: FileId,
    uri: &dyn Fn(&str) -> Option<Uri>,
) -> Option<Diagnostic> {
    let site = located.site.filter(|site| site.range.file == file)?;
    let text = &report.sources.file(file)?.text;
    let finding = &located.finding;
    let mut message = finding.message.clone();
    for (word, more) in [("then", &finding.consequence), ("fix", &finding.help)] {
        if let Some(more) = more {
            message.push_str(&format!("\n{word}: {more}"));
        }
    }
    let related = finding.related.iter().zip(&located.related);
    let related: Vec<DiagnosticRelatedInformation> = related
        .filter_map(|(related, site)| {
            let site = (*site)?;
            let file = report.sources.file(site.range.file)?;
            Some(DiagnosticRelatedInformation {
                location: Location {
                    uri: uri(&file.name)?,
                    range: range(&file.text, site.range.start..site.range.end),
                },
                message: secret::mask(&related.label).into_owned(),
            })
        })
        .collect();
    Some(Diagnostic {
        range: range(text, site.range.start..site.range.end),
        severity: Some(match finding.level {
            Level::Error => DiagnosticSeverity::ERROR,
            Level::Warning => DiagnosticSeverity::WARNING,
            Level::Note => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(finding.rule.code.to_owned())),
        source: Some("aimctl".to_owned()),
        message: secret::mask(&message).into_owned(),
        related_information: Some(related).filter(|related| !related.is_empty()),
        ..Diagnostic::default()
    })
}
