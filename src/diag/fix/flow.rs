//! Edits of maps and lists between brackets, JSON among them.

use std::ops::Range;

use serde_json::Value;

use super::style::text;
use super::{Child, Text};
use crate::diag::{FieldPath, Target};

/// Adds an entry (with a key) or an item, after the last one.
pub(super) fn add(
    around: &Text<'_, '_>,
    path: &FieldPath,
    children: &[Child],
    key: Option<&str>,
    value: &Value,
) -> Option<(Range<usize>, String)> {
    let style = around.style;
    let mut new = String::new();
    if let Some(key) = key {
        new = if style.json {
            format!("{}: ", Value::from(key))
        } else {
            format!("{}: ", text(key, true))
        };
    }
    new.push_str(&style.scalar_or_flow(value));
    let Some(last) = children.last() else {
        let range = around.span(path, Target::Value)?;
        let inner = range.start + 1..range.end.checked_sub(1)?;
        return around
            .slice(&inner)
            .trim()
            .is_empty()
            .then_some((inner, new));
    };
    // A map over several lines gets a line more, as the one before.
    let before = around.text.get(..last.head.start)?;
    let lead: String = before
        .rsplit('\n')
        .next()
        .filter(|line| before.contains('\n') && line.trim().is_empty())
        .map_or_else(|| " ".to_owned(), |line| format!("{}{line}", style.newline));
    let at = last.whole.end;
    Some((at..at, format!(",{lead}{new}")))
}

/// Removes a child and the comma that belongs to it.
pub(super) fn remove(children: &[Child], at: usize) -> Option<(Range<usize>, String)> {
    let child = children.get(at)?;
    let range = match (
        at.checked_sub(1).and_then(|at| children.get(at)),
        children.get(at + 1),
    ) {
        (_, Some(next)) => child.whole.start..next.whole.start,
        (Some(before), None) => before.whole.end..child.whole.end,
        (None, None) => child.whole.clone(),
    };
    Some((range, String::new()))
}
