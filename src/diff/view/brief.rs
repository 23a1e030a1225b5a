//! One line an object.

use std::fmt::Write as _;

use super::name;
use crate::diff::report::Report;

/// What is refused, then every object: `~ Deployment team-a/chat-predictor rolls pods`, sorted as the report is.
#[must_use]
pub fn brief(report: &Report) -> String {
    let mut out = String::new();
    for group in &report.groups {
        if group.mark == '!' {
            let _ = writeln!(
                out,
                "! {} {}/{} {}",
                group.kind, group.namespace, group.name, group.headline
            );
        }
    }
    for object in report.groups.iter().flat_map(|group| &group.objects) {
        let slash = if object.namespace.is_empty() { "" } else { "/" };
        let _ = writeln!(
            out,
            "{} {} {}{slash}{} {}",
            object.mark,
            object.kind,
            object.namespace,
            name(&object.name),
            object.effect
        );
    }
    out
}
