//! The registry: one table of codes. A code is never reused for something else.

mod fixes;
mod registry;

pub use fixes::{fix, mends};
pub use registry::*;

use crate::diag::{Level, Moment, Refuser};

/// One rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Letter and number; the letter tells who is not satisfied.
    pub code: &'static str,
    /// The same in words, for command lines and configuration.
    pub name: &'static str,
    /// Level unless configured otherwise.
    pub level: Level,
    /// Who refuses or disappoints.
    pub refuser: Refuser,
    /// When.
    pub moment: Moment,
    /// What is wrong, in one line.
    pub title: &'static str,
    /// Its page, Markdown: what, why, an example, the fix.
    pub page: &'static str,
}

impl Rule {
    /// Whether a text is its code, in any case, or its name.
    #[must_use]
    pub fn is(&self, code_or_name: &str) -> bool {
        self.code.eq_ignore_ascii_case(code_or_name) || self.name == code_or_name
    }
}

/// The rule of that code or name.
#[must_use]
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.is(code_or_name))
}
