//! The choices that controllers made for a service.

use crate::controllers::Decision;
use crate::engine::Plan;
use crate::inventory::ObjectKey;

/// The decisions behind a given object, its own first, then those behind what was made from it, by key.
#[must_use]
pub fn decisions<'a>(plan: &'a Plan, root: &ObjectKey) -> Vec<(&'a ObjectKey, &'a Decision)> {
    let of_root = |key: &ObjectKey| key == root || plan.root(key) == *root;
    let mut found: Vec<(&ObjectKey, &Decision)> = plan
        .decisions
        .iter()
        .filter(|((key, _), _)| of_root(key))
        .flat_map(|((key, _), decisions)| decisions.iter().map(move |decision| (key, decision)))
        .collect();
    found.sort_by_key(|(key, _)| (*key != root, *key));
    found
}
