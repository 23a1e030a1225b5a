//! What the tool knows, offline: the pages of the rules, and the documentation of fields.

use crate::rules::Rule;

/// The page of a rule, Markdown.
#[must_use]
pub fn page(rule: &Rule) -> &'static str {
    let _ = rule;
    ""
}
