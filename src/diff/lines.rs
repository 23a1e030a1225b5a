//! Two texts as a unified diff.

use std::fmt::Write as _;

use similar::{DiffableStr, TextDiff};

use crate::diag::secret;

/// The unified diff of two texts of YAML with three lines of context, nothing when they are equal; with `covered` no line
/// shows a secret.
#[must_use]
pub fn unified_lines(old: &str, new: &str, from: &str, to: &str, covered: bool) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut unified = diff.unified_diff();
    unified.context_radius(3).header(from, to);
    if !covered {
        return unified.to_string();
    }
    // What covers a value stands in lines beside it, which the context may lack.
    let (old, new) = (secret::cover_yaml(old), secret::cover_yaml(new));
    let (old, new) = (old.tokenize_lines(), new.tokenize_lines());
    let mut out = String::new();
    for hunk in unified.iter_hunks() {
        if out.is_empty() {
            let _ = writeln!(out, "--- {from}\n+++ {to}");
        }
        let _ = writeln!(out, "{}", hunk.header());
        for change in hunk.iter_changes() {
            let line = match (change.old_index(), change.new_index()) {
                (_, Some(index)) => new.get(index),
                (Some(index), None) => old.get(index),
                (None, None) => None,
            };
            let _ = write!(out, "{}{}", change.tag(), line.copied().unwrap_or_default());
            if change.missing_newline() {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unified_lines;

    const OLD: &str = "- name: DB_PASSWORD\n  value: correct-horse\n- a\n- b\n- c\n- d";

    #[test]
    fn both_forms_are_the_same_where_nothing_is_secret() {
        let new = OLD.replace("- b", "- x");
        let plain = unified_lines(OLD, &new, "a", "b", false);
        let covered = unified_lines(OLD, &new, "a", "b", true);
        assert_eq!(covered, plain.replace("correct-horse", "*************"));
        assert!(plain.contains("\\ No newline at end of file"));
    }

    #[test]
    fn a_value_is_covered_where_its_name_is_out_of_sight() {
        let diff = unified_lines(OLD, &OLD.replace("- c", "- x"), "a", "b", true);
        assert!(!diff.contains("name:") && !diff.contains("horse"), "{diff}");
        let diff = unified_lines(OLD, &OLD.replace("horse", "mouse"), "a", "b", true);
        assert!(
            diff.contains("-  value: *************\n+  value: *************\n"),
            "{diff}"
        );
    }
}
