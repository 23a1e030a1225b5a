//! The manifests of both sides as a unified diff, for patch viewers.

use std::collections::BTreeMap;

use crate::diff::lines::unified_lines;
use crate::diff::normal;
use crate::diff::objects::{Change, Comparison};
use crate::engine::Plan;
use crate::inventory::ObjectKey;
use crate::render::yaml;

/// Every object that differs, each as if it were a file of its own; with `covered` no line shows a secret.
#[must_use]
pub fn unified(comparison: &Comparison, old: &Plan, new: &Plan, covered: bool) -> String {
    let mut out = String::new();
    let text = |plan: &Plan, key: &ObjectKey| {
        let object = plan.world.object(key)?;
        Some(yaml::document(&normal(key.kind, object.to_value())))
    };
    let changes: BTreeMap<_, _> = comparison
        .objects
        .iter()
        .map(|change| (&change.key, &change.change))
        .collect();
    for (key, change) in changes {
        let before = text(old, key)
            .filter(|_| *change != Change::Created)
            .unwrap_or_default();
        let now = text(new, key)
            .filter(|_| *change != Change::Deleted)
            .unwrap_or_default();
        let name = if key.namespace.is_empty() {
            format!("{}/{}", key.kind, key.name)
        } else {
            format!("{}/{}/{}", key.namespace, key.kind, key.name)
        };
        let (from, to) = (format!("a/{name}"), format!("b/{name}"));
        let from = if before.is_empty() {
            "/dev/null"
        } else {
            &from
        };
        let to = if now.is_empty() { "/dev/null" } else { &to };
        out.push_str(&unified_lines(&before, &now, from, to, covered));
    }
    out
}
