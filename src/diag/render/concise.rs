//! One line a finding: `file:line:column: level[CODE] message`, as compilers and editors expect it.

use std::io::{self, Write};

use super::safe;
use crate::diag::{Located, Report};

pub(super) fn render(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for located in &report.findings {
        writeln!(out, "{}", line(report, located))?;
    }
    Ok(())
}

/// The finding in one line.
pub(super) fn line(report: &Report<'_>, located: &Located) -> String {
    let finding = &located.finding;
    let place = match (located.site, &finding.place.object) {
        (Some(site), _) => format!(
            "{}:{}:{}: ",
            safe::line(report.file_name(site.range.file)),
            site.start.line,
            site.start.column
        ),
        (None, Some(object)) => format!("{}: ", safe::line(&object.to_string())),
        (None, None) => String::new(),
    };
    format!(
        "{place}{}[{}] {}",
        finding.level.as_str(),
        finding.rule.code,
        safe::line(&finding.message)
    )
}
