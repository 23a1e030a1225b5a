//! For programs.

use crate::diff::report::Report;

/// The report as JSON; `schemas/diff.v1.json` describes it.
#[must_use]
pub fn json(report: &Report) -> String {
    // The report holds only maps with text keys, so this cannot fail.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
