//! Workflow commands of GitHub Actions: each finding becomes an annotation on its line.

use std::io::{self, Write};

use super::safe;
use crate::diag::{Level, Report};

pub(super) fn render(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for located in &report.findings {
        let finding = &located.finding;
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let mut properties = String::new();
        if let Some(site) = located.site {
            properties = format!(
                "file={},line={},endLine={},",
                property(report.plain_file_name(site.range.file)),
                site.start.line,
                site.end.line
            );
            // Columns are only read for an annotation on one line.
            if site.start.line == site.end.line {
                properties.push_str(&format!(
                    "col={},endColumn={},",
                    site.start.column,
                    site.end.column.max(site.start.column + 1)
                ));
            }
        }
        let mut text = finding.message.clone();
        if let Some(refusal) = &finding.refusal {
            text.push_str(&format!("\n{} says: {refusal}", finding.refuser.as_str()));
        }
        if let Some(consequence) = &finding.consequence {
            text.push_str(&format!("\nthen: {consequence}"));
        }
        if let Some(help) = &finding.help {
            text.push_str(&format!("\nfix: {help}"));
        }
        let title = format!("{} {}", finding.rule.code, finding.rule.name);
        writeln!(
            out,
            "::{command} {properties}title={}::{}",
            property(&title),
            data(&text)
        )?;
    }
    Ok(())
}

/// A command's data: one line, `%` and line ends escaped.
fn data(text: &str) -> String {
    safe::text(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A command's property: data without the characters that end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
