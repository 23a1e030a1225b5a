//! What the tool knows, offline: the pages of the rules, and the documentation of fields.

use crate::rules::Rule;

/// A section of a rule's page (`What`, `Why`, `Example`, `Fix`), without its heading.
#[must_use]
pub fn section(rule: &Rule, heading: &str) -> &'static str {
    let mark = format!("\n## {heading}\n");
    let body = rule.page.split_once(&mark).map_or("", |(_, rest)| rest);
    body.split_once("\n## ")
        .map_or(body, |(section, _)| section)
        .trim()
}
