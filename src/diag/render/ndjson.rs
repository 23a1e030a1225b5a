//! One JSON line a finding.

use std::io::{self, Write};

use super::json::{ReportResult, harmless};
use crate::diag::Report;

pub(super) fn render(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for located in &report.findings {
        let result = serde_json::to_string(&ReportResult::new(report, located))?;
        writeln!(out, "{}", harmless(&result))?;
    }
    Ok(())
}
